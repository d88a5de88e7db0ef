//! Calls: their indices, arguments and weights; what they do stands in the modules of their nouns.
//!
//! A call that a hotkey signs carries no fee, since hotkeys own no TAO; the validity stage
//! (`extension.rs`) keeps those out of blocks that would fail.

use frame_support::pallet_macros::pallet_section;

/// Calls, imported into the pallet.
#[pallet_section]
mod calls {
    #[pallet::call]
    impl<T: Config> Pallet<T> {
        /// Sets the weights of the signing hotkey on a subnet that takes plain weights.
        #[pallet::call_index(0)]
        #[pallet::weight((T::WeightInfo::set_weights(dests.len() as u32), DispatchClass::Normal, Pays::No))]
        pub fn set_weights(
            origin: OriginFor<T>,
            netuid: NetUid,
            dests: Vec<u16>,
            weights: Vec<u16>,
            version_key: u64,
        ) -> DispatchResult {
            Self::do_set_weights(
                &Self::signer(origin)?,
                netuid,
                MechId::new(0),
                dests,
                weights,
                version_key,
            )
        }

        /// Publishes where the signing hotkey serves.
        #[pallet::call_index(4)]
        #[pallet::weight((T::WeightInfo::serve_axon(), DispatchClass::Normal, Pays::No))]
        pub fn serve_axon(
            origin: OriginFor<T>,
            netuid: NetUid,
            version: u32,
            ip: u128,
            port: u16,
            ip_type: u8,
            protocol: u8,
            placeholder1: u8,
            placeholder2: u8,
        ) -> DispatchResult {
            Self::do_serve_axon(
                &Self::signer(origin)?,
                netuid,
                Endpoint::new(
                    version,
                    ip,
                    port,
                    ip_type,
                    protocol,
                    [placeholder1, placeholder2],
                ),
                None,
            )
        }

        /// Publishes where the signing hotkey serves its metrics.
        #[pallet::call_index(5)]
        #[pallet::weight((T::WeightInfo::serve_prometheus(), DispatchClass::Normal, Pays::No))]
        pub fn serve_prometheus(
            origin: OriginFor<T>,
            netuid: NetUid,
            version: u32,
            ip: u128,
            port: u16,
            ip_type: u8,
        ) -> DispatchResult {
            Self::do_serve_prometheus(&Self::signer(origin)?, netuid, version, ip, port, ip_type)
        }

        /// Registers a hotkey at the present price, like `burned_register`; the work is not looked at. The price is paid by the signer.
        #[pallet::call_index(6)]
        #[pallet::weight(T::WeightInfo::burned_register())]
        pub fn register(
            origin: OriginFor<T>,
            netuid: NetUid,
            block_number: u64,
            nonce: u64,
            work: Vec<u8>,
            hotkey: AccountId,
            coldkey: AccountId,
        ) -> DispatchResult {
            let signer = Self::signer(origin)?;
            let _ = (block_number, nonce, work, coldkey);
            Self::do_register(&signer, netuid, &hotkey, None)
        }

        /// Registers a hotkey at the present price, which the signing coldkey pays.
        #[pallet::call_index(7)]
        #[pallet::weight(T::WeightInfo::burned_register())]
        pub fn burned_register(
            origin: OriginFor<T>,
            netuid: NetUid,
            hotkey: AccountId,
        ) -> DispatchResult {
            Self::do_register(&Self::signer(origin)?, netuid, &hotkey, None)
        }

        /// Publishes where the signing hotkey serves, with its certificate.
        #[pallet::call_index(40)]
        #[pallet::weight((T::WeightInfo::serve_axon_tls(), DispatchClass::Normal, Pays::No))]
        pub fn serve_axon_tls(
            origin: OriginFor<T>,
            netuid: NetUid,
            version: u32,
            ip: u128,
            port: u16,
            ip_type: u8,
            protocol: u8,
            placeholder1: u8,
            placeholder2: u8,
            certificate: Vec<u8>,
        ) -> DispatchResult {
            Self::do_serve_axon(
                &Self::signer(origin)?,
                netuid,
                Endpoint::new(
                    version,
                    ip,
                    port,
                    ip_type,
                    protocol,
                    [placeholder1, placeholder2],
                ),
                Some(certificate),
            )
        }

        /// Creates a subnet, owned by the signing coldkey; the hotkey becomes its uid 0.
        #[pallet::call_index(59)]
        #[pallet::weight(T::WeightInfo::register_network())]
        pub fn register_network(origin: OriginFor<T>, hotkey: AccountId) -> DispatchResult {
            Self::do_register_network(&Self::signer(origin)?, &hotkey, None)
        }

        /// Dissolves a subnet (root only). The coldkey has to be its owner, so that no other subnet is hit by mistake.
        #[pallet::call_index(61)]
        #[pallet::weight(T::WeightInfo::dissolve_network())]
        pub fn dissolve_network(
            origin: OriginFor<T>,
            coldkey: AccountId,
            netuid: NetUid,
        ) -> DispatchResult {
            ensure_root(origin)?;
            ensure!(
                SubnetOwner::<T>::get(netuid) == coldkey,
                Error::<T>::NotSubnetOwner
            );
            Self::do_dissolve(netuid)
        }

        /// Registers a hotkey on the root network, in a free seat or in that of the member with the least stake.
        #[pallet::call_index(62)]
        #[pallet::weight(T::WeightInfo::root_register())]
        pub fn root_register(origin: OriginFor<T>, hotkey: AccountId) -> DispatchResult {
            Self::do_root_register(&Self::signer(origin)?, &hotkey)
        }

        /// Says who the signing coldkey is.
        #[pallet::call_index(68)]
        #[pallet::weight(T::WeightInfo::set_identity())]
        pub fn set_identity(
            origin: OriginFor<T>,
            name: Vec<u8>,
            url: Vec<u8>,
            github_repo: Vec<u8>,
            image: Vec<u8>,
            discord: Vec<u8>,
            description: Vec<u8>,
            additional: Vec<u8>,
        ) -> DispatchResult {
            Self::do_set_identity(
                &Self::signer(origin)?,
                ChainIdentityV2 {
                    name,
                    url,
                    github_repo,
                    image,
                    discord,
                    description,
                    additional,
                },
            )
        }

        /// Says what a subnet is; signed by its owner.
        #[pallet::call_index(78)]
        #[pallet::weight(T::WeightInfo::set_subnet_identity())]
        pub fn set_subnet_identity(
            origin: OriginFor<T>,
            netuid: NetUid,
            subnet_name: Vec<u8>,
            github_repo: Vec<u8>,
            subnet_contact: Vec<u8>,
            subnet_url: Vec<u8>,
            discord: Vec<u8>,
            description: Vec<u8>,
            logo_url: Vec<u8>,
            additional: Vec<u8>,
        ) -> DispatchResult {
            Self::do_set_subnet_identity(
                &Self::signer(origin)?,
                netuid,
                SubnetIdentityV3 {
                    subnet_name,
                    github_repo,
                    subnet_contact,
                    subnet_url,
                    discord,
                    description,
                    logo_url,
                    additional,
                },
            )
        }

        /// Creates a subnet with an identity.
        #[pallet::call_index(79)]
        #[pallet::weight(T::WeightInfo::register_network())]
        pub fn register_network_with_identity(
            origin: OriginFor<T>,
            hotkey: AccountId,
            identity: Option<SubnetIdentityV3>,
        ) -> DispatchResult {
            Self::do_register_network(&Self::signer(origin)?, &hotkey, identity)
        }

        /// Sets weights on several subnets. An item that fails is reported by an event and does not undo the others.
        #[pallet::call_index(80)]
        #[pallet::weight((T::WeightInfo::batch_set_weights(weights.iter().fold(0, |sum: u32, row| sum.saturating_add(row.len() as u32)), netuids.len() as u32), DispatchClass::Normal, Pays::No))]
        pub fn batch_set_weights(
            origin: OriginFor<T>,
            netuids: Vec<codec::Compact<NetUid>>,
            weights: Vec<Vec<(codec::Compact<u16>, codec::Compact<u16>)>>,
            version_keys: Vec<codec::Compact<u64>>,
        ) -> DispatchResult {
            Self::do_batch_set_weights(&Self::signer(origin)?, netuids, weights, version_keys)
        }

        /// Makes a hotkey that nobody owns the signing coldkey's own; does nothing if it has an owner.
        #[pallet::call_index(91)]
        #[pallet::weight(T::WeightInfo::try_associate_hotkey())]
        pub fn try_associate_hotkey(origin: OriginFor<T>, hotkey: AccountId) -> DispatchResult {
            Self::do_associate(&Self::signer(origin)?, &hotkey)
        }

        /// Starts a subnet: its alpha can be staked and the next block emits to it. Signed by the owner.
        #[pallet::call_index(92)]
        #[pallet::weight(T::WeightInfo::start_call())]
        pub fn start_call(origin: OriginFor<T>, netuid: NetUid) -> DispatchResult {
            Self::do_start(&Self::signer(origin)?, netuid)
        }

        /// Commits the signing hotkey to weights that it reveals later.
        #[pallet::call_index(96)]
        #[pallet::weight((T::WeightInfo::commit_weights(), DispatchClass::Normal, Pays::No))]
        pub fn commit_weights(
            origin: OriginFor<T>,
            netuid: NetUid,
            commit_hash: H256,
        ) -> DispatchResult {
            Self::do_commit(&Self::signer(origin)?, netuid, MechId::new(0), commit_hash)
        }

        /// Reveals weights that were committed `RevealPeriodEpochs` epochs ago.
        #[pallet::call_index(97)]
        #[pallet::weight((T::WeightInfo::reveal_weights(uids.len() as u32), DispatchClass::Normal, Pays::No))]
        pub fn reveal_weights(
            origin: OriginFor<T>,
            netuid: NetUid,
            uids: Vec<u16>,
            values: Vec<u16>,
            salt: Vec<u16>,
            version_key: u64,
        ) -> DispatchResult {
            Self::do_reveal(
                &Self::signer(origin)?,
                netuid,
                MechId::new(0),
                Reveal {
                    uids,
                    values,
                    salt,
                    version_key,
                },
            )
        }

        /// Reveals several commits of the signing hotkey on a subnet, all or none.
        #[pallet::call_index(98)]
        #[pallet::weight((T::WeightInfo::batch_reveal_weights(uids_list.iter().fold(0, |sum: u32, row| sum.saturating_add(row.len() as u32)), uids_list.len() as u32), DispatchClass::Normal, Pays::No))]
        pub fn batch_reveal_weights(
            origin: OriginFor<T>,
            netuid: NetUid,
            uids_list: Vec<Vec<u16>>,
            values_list: Vec<Vec<u16>>,
            salts_list: Vec<Vec<u16>>,
            version_keys: Vec<u64>,
        ) -> DispatchResult {
            Self::do_batch_reveal(
                &Self::signer(origin)?,
                netuid,
                uids_list,
                values_list,
                salts_list,
                version_keys,
            )
        }

        /// Commits the signing hotkey to weights on several subnets. An item that fails is reported by an event and does not undo the others.
        #[pallet::call_index(100)]
        #[pallet::weight((T::WeightInfo::batch_commit_weights(netuids.len() as u32), DispatchClass::Normal, Pays::No))]
        pub fn batch_commit_weights(
            origin: OriginFor<T>,
            netuids: Vec<codec::Compact<NetUid>>,
            commit_hashes: Vec<H256>,
        ) -> DispatchResult {
            Self::do_batch_commit(&Self::signer(origin)?, netuids, commit_hashes)
        }

        /// Chooses another symbol of the catalogue for a subnet; signed by its owner.
        #[pallet::call_index(112)]
        #[pallet::weight(T::WeightInfo::update_symbol())]
        pub fn update_symbol(
            origin: OriginFor<T>,
            netuid: NetUid,
            symbol: Vec<u8>,
        ) -> DispatchResult {
            Self::do_update_symbol(origin, netuid, symbol)
        }

        /// Commits to weights that open by themselves; waits for the beacon and is refused until then.
        #[pallet::call_index(113)]
        #[pallet::weight((T::WeightInfo::refuse(), DispatchClass::Normal, Pays::No))]
        pub fn commit_timelocked_weights(
            origin: OriginFor<T>,
            netuid: NetUid,
            commit: BoundedVec<u8, ConstU32<MAX_TIMELOCKED_BYTES>>,
            reveal_round: u64,
            commit_reveal_version: u16,
        ) -> DispatchResult {
            let _ = (origin, netuid, commit, reveal_round, commit_reveal_version);
            Err(Error::<T>::DisabledTemporarily.into())
        }

        /// Commits the signing hotkey to weights of one mechanism.
        #[pallet::call_index(115)]
        #[pallet::weight((T::WeightInfo::commit_weights(), DispatchClass::Normal, Pays::No))]
        pub fn commit_mechanism_weights(
            origin: OriginFor<T>,
            netuid: NetUid,
            mecid: MechId,
            commit_hash: H256,
        ) -> DispatchResult {
            Self::do_commit(&Self::signer(origin)?, netuid, mecid, commit_hash)
        }

        /// Reveals weights of one mechanism.
        #[pallet::call_index(116)]
        #[pallet::weight((T::WeightInfo::reveal_weights(uids.len() as u32), DispatchClass::Normal, Pays::No))]
        pub fn reveal_mechanism_weights(
            origin: OriginFor<T>,
            netuid: NetUid,
            mecid: MechId,
            uids: Vec<u16>,
            values: Vec<u16>,
            salt: Vec<u16>,
            version_key: u64,
        ) -> DispatchResult {
            Self::do_reveal(
                &Self::signer(origin)?,
                netuid,
                mecid,
                Reveal {
                    uids,
                    values,
                    salt,
                    version_key,
                },
            )
        }

        /// Commits to weights of one mechanism that open by themselves; waits for the beacon and is refused until then.
        #[pallet::call_index(118)]
        #[pallet::weight((T::WeightInfo::refuse(), DispatchClass::Normal, Pays::No))]
        pub fn commit_timelocked_mechanism_weights(
            origin: OriginFor<T>,
            netuid: NetUid,
            mecid: MechId,
            commit: BoundedVec<u8, ConstU32<MAX_TIMELOCKED_BYTES>>,
            reveal_round: u64,
            commit_reveal_version: u16,
        ) -> DispatchResult {
            let _ = (
                origin,
                netuid,
                mecid,
                commit,
                reveal_round,
                commit_reveal_version,
            );
            Err(Error::<T>::DisabledTemporarily.into())
        }

        /// Sets the weights of the signing hotkey for one mechanism.
        #[pallet::call_index(119)]
        #[pallet::weight((T::WeightInfo::set_weights(dests.len() as u32), DispatchClass::Normal, Pays::No))]
        pub fn set_mechanism_weights(
            origin: OriginFor<T>,
            netuid: NetUid,
            mecid: MechId,
            dests: Vec<u16>,
            weights: Vec<u16>,
            version_key: u64,
        ) -> DispatchResult {
            Self::do_set_weights(
                &Self::signer(origin)?,
                netuid,
                mecid,
                dests,
                weights,
                version_key,
            )
        }

        /// Dissolves a subnet (root only).
        #[pallet::call_index(120)]
        #[pallet::weight(T::WeightInfo::dissolve_network())]
        pub fn root_dissolve_network(origin: OriginFor<T>, netuid: NetUid) -> DispatchResult {
            ensure_root(origin)?;
            Self::do_dissolve(netuid)
        }

        /// Registers a hotkey if the price is not above a limit in rao.
        #[pallet::call_index(134)]
        #[pallet::weight(T::WeightInfo::burned_register())]
        pub fn register_limit(
            origin: OriginFor<T>,
            netuid: NetUid,
            hotkey: AccountId,
            limit_price: u64,
        ) -> DispatchResult {
            Self::do_register(
                &Self::signer(origin)?,
                netuid,
                &hotkey,
                Some(TaoBalance::new(limit_price)),
            )
        }

        /// Sets the tempo of a subnet and begins a full new one; signed by its owner.
        #[pallet::call_index(139)]
        #[pallet::weight(T::WeightInfo::set_tempo())]
        pub fn set_tempo(origin: OriginFor<T>, netuid: NetUid, tempo: u16) -> DispatchResult {
            Self::do_set_tempo(origin, netuid, tempo)
        }

        /// Sets after how many thousandths of a tempo a silent validator is inactive; signed by the owner.
        #[pallet::call_index(140)]
        #[pallet::weight(T::WeightInfo::set_tempo())]
        pub fn set_activity_cutoff_factor(
            origin: OriginFor<T>,
            netuid: NetUid,
            factor_milli: u32,
        ) -> DispatchResult {
            Self::do_set_activity_cutoff_factor(origin, netuid, factor_milli)
        }

        /// Runs an epoch after the freeze window; signed by the owner.
        #[pallet::call_index(141)]
        #[pallet::weight(T::WeightInfo::trigger_epoch())]
        pub fn trigger_epoch(origin: OriginFor<T>, netuid: NetUid) -> DispatchResult {
            Self::do_trigger_epoch(&Self::signer(origin)?, netuid)
        }

        // ---- Stake ----

        /// Buys alpha for TAO of the signing coldkey and stakes it on a hotkey; on root TAO is staked as it is.
        #[pallet::call_index(2)]
        #[pallet::weight(T::WeightInfo::add_stake().saturating_add(Pallet::<T>::root_change_weight(&[*netuid])))]
        pub fn add_stake(
            origin: OriginFor<T>,
            hotkey: AccountId,
            netuid: NetUid,
            amount_staked: TaoBalance,
        ) -> DispatchResult {
            Self::do_add_stake(&Self::signer(origin)?, &hotkey, netuid, amount_staked, None)
        }

        /// Sells staked alpha; an amount above the position is all of it.
        #[pallet::call_index(3)]
        #[pallet::weight(T::WeightInfo::remove_stake().saturating_add(Pallet::<T>::root_change_weight(&[*netuid])))]
        pub fn remove_stake(
            origin: OriginFor<T>,
            hotkey: AccountId,
            netuid: NetUid,
            amount_unstaked: AlphaBalance,
        ) -> DispatchResult {
            Self::do_remove_stake(
                &Self::signer(origin)?,
                &hotkey,
                netuid,
                Some(amount_unstaked),
                None,
            )
        }

        /// Lowers the take of a delegate.
        #[pallet::call_index(65)]
        #[pallet::weight((T::WeightInfo::set_take(), DispatchClass::Normal, Pays::No))]
        pub fn decrease_take(origin: OriginFor<T>, hotkey: AccountId, take: u16) -> DispatchResult {
            Self::do_decrease_take(&Self::signer(origin)?, &hotkey, take)
        }

        /// Raises the take of a delegate.
        #[pallet::call_index(66)]
        #[pallet::weight((T::WeightInfo::set_take(), DispatchClass::Normal, Pays::No))]
        pub fn increase_take(origin: OriginFor<T>, hotkey: AccountId, take: u16) -> DispatchResult {
            Self::do_increase_take(&Self::signer(origin)?, &hotkey, take)
        }

        /// Names the hotkeys to which a hotkey lends its stake on a subnet, with proportions of 2^64−1.
        #[pallet::call_index(67)]
        #[pallet::weight(T::WeightInfo::set_children(children.len() as u32))]
        pub fn set_children(
            origin: OriginFor<T>,
            hotkey: AccountId,
            netuid: NetUid,
            children: Vec<(u64, AccountId)>,
        ) -> DispatchResult {
            Self::do_set_children(&Self::signer(origin)?, &hotkey, netuid, children)
        }

        /// Sets how many blocks lie between two rises of a child's take (root only).
        #[pallet::call_index(69)]
        #[pallet::weight(T::WeightInfo::set_network_value())]
        pub fn sudo_set_tx_childkey_take_rate_limit(
            origin: OriginFor<T>,
            tx_rate_limit: u64,
        ) -> DispatchResult {
            Self::do_set_childkey_take_rate_limit(origin, tx_rate_limit)
        }

        /// Puts another hotkey in the place of a hotkey, on one subnet or on all, with the stake on it.
        #[pallet::call_index(70)]
        #[pallet::weight(T::WeightInfo::swap_hotkey(MAX_MOVED_POSITIONS))]
        pub fn swap_hotkey(
            origin: OriginFor<T>,
            hotkey: AccountId,
            new_hotkey: AccountId,
            netuid: Option<NetUid>,
        ) -> DispatchResultWithPostInfo {
            Self::do_swap_hotkey(&Self::signer(origin)?, &hotkey, &new_hotkey, netuid, false)
        }

        /// Puts another coldkey in the place of a coldkey (root only).
        #[pallet::call_index(71)]
        #[pallet::weight(T::WeightInfo::swap_coldkey(MAX_MOVED_POSITIONS))]
        pub fn swap_coldkey(
            origin: OriginFor<T>,
            old_coldkey: AccountId,
            new_coldkey: AccountId,
            swap_cost: TaoBalance,
        ) -> DispatchResultWithPostInfo {
            ensure_root(origin)?;
            Self::do_swap_coldkey(&old_coldkey, &new_coldkey, swap_cost)
        }

        /// Puts another hotkey in the place of a hotkey; with `keep_stake` the stake stays where it is.
        #[pallet::call_index(72)]
        #[pallet::weight(T::WeightInfo::swap_hotkey(MAX_MOVED_POSITIONS))]
        pub fn swap_hotkey_v2(
            origin: OriginFor<T>,
            hotkey: AccountId,
            new_hotkey: AccountId,
            netuid: Option<NetUid>,
            keep_stake: bool,
        ) -> DispatchResultWithPostInfo {
            Self::do_swap_hotkey(
                &Self::signer(origin)?,
                &hotkey,
                &new_hotkey,
                netuid,
                keep_stake,
            )
        }

        /// Replaced by `announce_coldkey_swap`; refused.
        #[pallet::call_index(73)]
        #[pallet::weight(T::WeightInfo::refuse())]
        pub fn schedule_swap_coldkey(
            origin: OriginFor<T>,
            new_coldkey: AccountId,
        ) -> DispatchResult {
            let _ = (origin, new_coldkey);
            Err(Error::<T>::Deprecated.into())
        }

        /// Sets the take of a child from what its parents' stake earns on a subnet.
        #[pallet::call_index(75)]
        #[pallet::weight(T::WeightInfo::set_childkey_take())]
        pub fn set_childkey_take(
            origin: OriginFor<T>,
            hotkey: AccountId,
            netuid: NetUid,
            take: u16,
        ) -> DispatchResult {
            Self::do_set_childkey_take(&Self::signer(origin)?, &hotkey, netuid, take)
        }

        /// Sets the least take of a child (root only).
        #[pallet::call_index(76)]
        #[pallet::weight(T::WeightInfo::set_network_value())]
        pub fn sudo_set_min_childkey_take(origin: OriginFor<T>, take: u16) -> DispatchResult {
            Self::do_set_min_childkey_take(origin, take)
        }

        /// Sets the greatest take of a child (root only).
        #[pallet::call_index(77)]
        #[pallet::weight(T::WeightInfo::set_network_value())]
        pub fn sudo_set_max_childkey_take(origin: OriginFor<T>, take: u16) -> DispatchResult {
            Self::do_set_max_childkey_take(origin, take)
        }

        /// Sells everything the signing coldkey has staked on a hotkey, root included.
        #[pallet::call_index(83)]
        #[pallet::weight(T::WeightInfo::unstake_all(u32::from(TotalNetworks::<T>::get())).saturating_add(Pallet::<T>::root_change_weight(&[NetUid::ROOT])))]
        pub fn unstake_all(origin: OriginFor<T>, hotkey: AccountId) -> DispatchResult {
            Self::do_unstake_all(&Self::signer(origin)?, &hotkey)
        }

        /// Sells all alpha the signing coldkey has staked on a hotkey and stakes the TAO on root.
        #[pallet::call_index(84)]
        #[pallet::weight(T::WeightInfo::unstake_all_alpha(u32::from(TotalNetworks::<T>::get())).saturating_add(Pallet::<T>::root_change_weight(&[NetUid::ROOT])))]
        pub fn unstake_all_alpha(origin: OriginFor<T>, hotkey: AccountId) -> DispatchResult {
            Self::do_unstake_all_alpha(&Self::signer(origin)?, &hotkey)
        }

        /// Moves stake to another hotkey, another subnet, or both.
        #[pallet::call_index(85)]
        #[pallet::weight(T::WeightInfo::move_stake().saturating_add(Pallet::<T>::root_change_weight(&[*origin_netuid, *destination_netuid])))]
        pub fn move_stake(
            origin: OriginFor<T>,
            origin_hotkey: AccountId,
            destination_hotkey: AccountId,
            origin_netuid: NetUid,
            destination_netuid: NetUid,
            alpha_amount: AlphaBalance,
        ) -> DispatchResult {
            Self::do_move_stake(
                &Self::signer(origin)?,
                (&origin_hotkey, origin_netuid),
                (&destination_hotkey, destination_netuid),
                alpha_amount,
                None,
            )
        }

        /// Gives stake to another coldkey, on the same subnet or another one.
        #[pallet::call_index(86)]
        #[pallet::weight(T::WeightInfo::move_stake().saturating_add(Pallet::<T>::root_change_weight(&[*origin_netuid, *destination_netuid])))]
        pub fn transfer_stake(
            origin: OriginFor<T>,
            destination_coldkey: AccountId,
            hotkey: AccountId,
            origin_netuid: NetUid,
            destination_netuid: NetUid,
            alpha_amount: AlphaBalance,
        ) -> DispatchResult {
            Self::do_transfer_stake(
                &Self::signer(origin)?,
                &destination_coldkey,
                &hotkey,
                (origin_netuid, destination_netuid),
                alpha_amount,
            )
        }

        /// Sells stake on one subnet and buys on another one, on the same hotkey.
        #[pallet::call_index(87)]
        #[pallet::weight(T::WeightInfo::move_stake().saturating_add(Pallet::<T>::root_change_weight(&[*origin_netuid, *destination_netuid])))]
        pub fn swap_stake(
            origin: OriginFor<T>,
            hotkey: AccountId,
            origin_netuid: NetUid,
            destination_netuid: NetUid,
            alpha_amount: AlphaBalance,
        ) -> DispatchResult {
            Self::do_swap_stake(
                &Self::signer(origin)?,
                &hotkey,
                (origin_netuid, destination_netuid),
                alpha_amount,
                None,
            )
        }

        /// `add_stake` up to a price, in rao for a whole alpha.
        #[pallet::call_index(88)]
        #[pallet::weight(T::WeightInfo::add_stake().saturating_add(Pallet::<T>::root_change_weight(&[*netuid])))]
        pub fn add_stake_limit(
            origin: OriginFor<T>,
            hotkey: AccountId,
            netuid: NetUid,
            amount_staked: TaoBalance,
            limit_price: TaoBalance,
            allow_partial: bool,
        ) -> DispatchResult {
            Self::do_add_stake(
                &Self::signer(origin)?,
                &hotkey,
                netuid,
                amount_staked,
                Some(TradeLimit {
                    price: limit_price,
                    allow_partial,
                }),
            )
        }

        /// `remove_stake` down to a price, in rao for a whole alpha.
        #[pallet::call_index(89)]
        #[pallet::weight(T::WeightInfo::remove_stake().saturating_add(Pallet::<T>::root_change_weight(&[*netuid])))]
        pub fn remove_stake_limit(
            origin: OriginFor<T>,
            hotkey: AccountId,
            netuid: NetUid,
            amount_unstaked: AlphaBalance,
            limit_price: TaoBalance,
            allow_partial: bool,
        ) -> DispatchResult {
            Self::do_remove_stake(
                &Self::signer(origin)?,
                &hotkey,
                netuid,
                Some(amount_unstaked),
                Some(TradeLimit {
                    price: limit_price,
                    allow_partial,
                }),
            )
        }

        /// `swap_stake` down to a ratio: alpha bought per 10^9 of alpha sold.
        #[pallet::call_index(90)]
        #[pallet::weight(T::WeightInfo::move_stake().saturating_add(Pallet::<T>::root_change_weight(&[*origin_netuid, *destination_netuid])))]
        pub fn swap_stake_limit(
            origin: OriginFor<T>,
            hotkey: AccountId,
            origin_netuid: NetUid,
            destination_netuid: NetUid,
            alpha_amount: AlphaBalance,
            limit_price: TaoBalance,
            allow_partial: bool,
        ) -> DispatchResult {
            Self::do_swap_stake(
                &Self::signer(origin)?,
                &hotkey,
                (origin_netuid, destination_netuid),
                alpha_amount,
                Some(TradeLimit {
                    price: limit_price,
                    allow_partial,
                }),
            )
        }

        /// Takes own alpha out of existence; the subnet may issue it again.
        #[pallet::call_index(101)]
        #[pallet::weight(T::WeightInfo::discard_alpha())]
        pub fn recycle_alpha(
            origin: OriginFor<T>,
            hotkey: AccountId,
            amount: AlphaBalance,
            netuid: NetUid,
        ) -> DispatchResult {
            Self::do_recycle_alpha(&Self::signer(origin)?, &hotkey, amount, netuid)
        }

        /// Burns own alpha; it stays counted as issued.
        #[pallet::call_index(102)]
        #[pallet::weight(T::WeightInfo::discard_alpha())]
        pub fn burn_alpha(
            origin: OriginFor<T>,
            hotkey: AccountId,
            amount: AlphaBalance,
            netuid: NetUid,
        ) -> DispatchResult {
            Self::do_burn_alpha(&Self::signer(origin)?, &hotkey, amount, netuid)
        }

        /// Sells the whole position on a subnet, if that does not take the price below the limit.
        #[pallet::call_index(103)]
        #[pallet::weight(T::WeightInfo::remove_stake().saturating_add(Pallet::<T>::root_change_weight(&[*netuid])))]
        pub fn remove_stake_full_limit(
            origin: OriginFor<T>,
            hotkey: AccountId,
            netuid: NetUid,
            limit_price: Option<TaoBalance>,
        ) -> DispatchResult {
            Self::do_remove_stake(
                &Self::signer(origin)?,
                &hotkey,
                netuid,
                None,
                limit_price.map(|price| TradeLimit {
                    price,
                    allow_partial: false,
                }),
            )
        }

        /// Sets how many blocks children wait before they count (root only).
        #[pallet::call_index(109)]
        #[pallet::weight(T::WeightInfo::set_network_value())]
        pub fn set_pending_childkey_cooldown(
            origin: OriginFor<T>,
            cooldown: u64,
        ) -> DispatchResult {
            Self::do_set_childkey_cooldown(origin, cooldown)
        }

        /// Names the hotkey on which the income of the signing coldkey's miners is staked.
        #[pallet::call_index(114)]
        #[pallet::weight(T::WeightInfo::set_auto_stake())]
        pub fn set_coldkey_auto_stake_hotkey(
            origin: OriginFor<T>,
            netuid: NetUid,
            hotkey: AccountId,
        ) -> DispatchResult {
            Self::do_set_auto_stake(&Self::signer(origin)?, netuid, &hotkey)
        }

        /// Claims root dividends of one to five subnets, on all hotkeys of the signing coldkey's root stake.
        #[pallet::call_index(121)]
        #[pallet::weight(T::WeightInfo::claim_root(MAX_CLAIMS, MAX_REBASED))]
        pub fn claim_root(
            origin: OriginFor<T>,
            subnets: alloc::collections::BTreeSet<NetUid>,
        ) -> DispatchResultWithPostInfo {
            Self::do_claim_root(&Self::signer(origin)?, subnets)
        }

        /// Says what becomes of the signing coldkey's root dividends.
        #[pallet::call_index(122)]
        #[pallet::weight(T::WeightInfo::set_root_claim_type())]
        pub fn set_root_claim_type(
            origin: OriginFor<T>,
            new_root_claim_type: RootClaimTypeEnum,
        ) -> DispatchResult {
            Self::do_set_root_claim_type(&Self::signer(origin)?, new_root_claim_type)
        }

        /// Sets how many root stakers are served in each block (root only).
        #[pallet::call_index(123)]
        #[pallet::weight(T::WeightInfo::set_network_value())]
        pub fn sudo_set_num_root_claims(origin: OriginFor<T>, new_value: u64) -> DispatchResult {
            Self::do_set_num_root_claims(origin, new_value)
        }

        /// Sets the least alpha that is claimed on a subnet (its owner, or root).
        #[pallet::call_index(124)]
        #[pallet::weight(T::WeightInfo::set_network_value())]
        pub fn sudo_set_root_claim_threshold(
            origin: OriginFor<T>,
            netuid: NetUid,
            new_value: u64,
        ) -> DispatchResult {
            Self::do_set_root_claim_threshold(origin, netuid, new_value)
        }

        /// Announces that another coldkey, known by its hash, will take the place of the signing one.
        #[pallet::call_index(125)]
        #[pallet::weight(T::WeightInfo::coldkey_swap_notice())]
        pub fn announce_coldkey_swap(
            origin: OriginFor<T>,
            new_coldkey_hash: H256,
        ) -> DispatchResult {
            Self::do_announce_coldkey_swap(&Self::signer(origin)?, new_coldkey_hash)
        }

        /// Executes the announced swap.
        #[pallet::call_index(126)]
        #[pallet::weight(T::WeightInfo::swap_coldkey(MAX_MOVED_POSITIONS))]
        pub fn swap_coldkey_announced(
            origin: OriginFor<T>,
            new_coldkey: AccountId,
        ) -> DispatchResultWithPostInfo {
            Self::do_swap_coldkey_announced(&Self::signer(origin)?, &new_coldkey)
        }

        /// Freezes the signing coldkey until root decides about its announced swap.
        #[pallet::call_index(127)]
        #[pallet::weight(T::WeightInfo::coldkey_swap_notice())]
        pub fn dispute_coldkey_swap(origin: OriginFor<T>) -> DispatchResult {
            Self::do_dispute_coldkey_swap(&Self::signer(origin)?)
        }

        /// Ends announcement and dispute of a coldkey (root only).
        #[pallet::call_index(128)]
        #[pallet::weight(T::WeightInfo::coldkey_swap_notice())]
        pub fn reset_coldkey_swap(origin: OriginFor<T>, coldkey: AccountId) -> DispatchResult {
            ensure_root(origin)?;
            Self::do_reset_coldkey_swap(&coldkey)
        }

        /// Buys alpha of the own subnet and burns it; signed by the owner, once per tempo.
        #[pallet::call_index(132)]
        #[pallet::weight(T::WeightInfo::add_stake())]
        pub fn add_stake_burn(
            origin: OriginFor<T>,
            hotkey: AccountId,
            netuid: NetUid,
            amount: TaoBalance,
            limit: Option<TaoBalance>,
        ) -> DispatchResult {
            Self::do_add_stake_burn(&Self::signer(origin)?, &hotkey, netuid, amount, limit)
        }

        /// Withdraws the announcement of a coldkey swap.
        #[pallet::call_index(133)]
        #[pallet::weight(T::WeightInfo::coldkey_swap_notice())]
        pub fn clear_coldkey_swap_announcement(origin: OriginFor<T>) -> DispatchResult {
            Self::do_clear_coldkey_swap(&Self::signer(origin)?)
        }

        /// Says whether a hotkey becomes parent of the owner hotkeys of new subnets.
        #[pallet::call_index(135)]
        #[pallet::weight(T::WeightInfo::set_auto_stake())]
        pub fn set_auto_parent_delegation_enabled(
            origin: OriginFor<T>,
            hotkey: AccountId,
            enabled: bool,
        ) -> DispatchResult {
            Self::do_set_auto_parent_delegation(&Self::signer(origin)?, &hotkey, enabled)
        }

        /// `move_stake` down to a ratio: alpha bought per 10^9 of alpha sold.
        #[pallet::call_index(143)]
        #[pallet::weight(T::WeightInfo::move_stake().saturating_add(Pallet::<T>::root_change_weight(&[*origin_netuid, *destination_netuid])))]
        pub fn move_stake_limit(
            origin: OriginFor<T>,
            origin_hotkey: AccountId,
            destination_hotkey: AccountId,
            origin_netuid: NetUid,
            destination_netuid: NetUid,
            alpha_amount: AlphaBalance,
            limit_price: TaoBalance,
            allow_partial: bool,
        ) -> DispatchResult {
            Self::do_move_stake(
                &Self::signer(origin)?,
                (&origin_hotkey, origin_netuid),
                (&destination_hotkey, destination_netuid),
                alpha_amount,
                Some(TradeLimit {
                    price: limit_price,
                    allow_partial,
                }),
            )
        }

        /// Claims root dividends of all subnets on one hotkey.
        #[pallet::call_index(144)]
        #[pallet::weight(T::WeightInfo::claim_root(MAX_CLAIMS, MAX_REBASED))]
        pub fn claim_root_with_hotkey(
            origin: OriginFor<T>,
            hotkey: AccountId,
        ) -> DispatchResultWithPostInfo {
            Self::do_claim_root_with_hotkey(&Self::signer(origin)?, &hotkey)
        }
    }
}
