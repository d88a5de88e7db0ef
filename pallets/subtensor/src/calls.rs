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
                Endpoint {
                    version,
                    ip,
                    port,
                    ip_type,
                    protocol,
                    placeholder1,
                    placeholder2,
                },
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
                Endpoint {
                    version,
                    ip,
                    port,
                    ip_type,
                    protocol,
                    placeholder1,
                    placeholder2,
                },
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
    }
}
