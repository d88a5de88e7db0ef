//! Calls: one for each setter of the interface, in its order (section C.2), then those of our own.
//!
//! The indices are fixed; the README lists them. Argument names and the spelling of their types are what clients
//! look for, and the value stands last. What a setter does follows from its row in the table of
//! `subnet-hyperparameters`.

use frame_support::pallet_macros::pallet_section;

/// Calls, imported into the pallet.
#[pallet_section]
mod calls {
    #[pallet::call]
    impl<T: Config> Pallet<T> {
        /// Sets the blocks between two changes of where a neuron serves (owner or root).
        #[pallet::call_index(0)]
        #[pallet::weight(T::WeightInfo::set_hyperparameter())]
        pub fn sudo_set_serving_rate_limit(
            origin: OriginFor<T>,
            netuid: NetUid,
            serving_rate_limit: u64,
        ) -> DispatchResult {
            Self::set(
                origin,
                netuid,
                Hyperparameter::ServingRateLimit,
                serving_rate_limit,
            )
        }

        /// Sets the least version that weights must name (owner or root).
        #[pallet::call_index(1)]
        #[pallet::weight(T::WeightInfo::set_hyperparameter())]
        pub fn sudo_set_weights_version_key(
            origin: OriginFor<T>,
            netuid: NetUid,
            weights_version_key: u64,
        ) -> DispatchResult {
            Self::set(
                origin,
                netuid,
                Hyperparameter::WeightsVersionKey,
                weights_version_key,
            )
        }

        /// Sets the blocks between two updates of a validator's weights (root only).
        #[pallet::call_index(2)]
        #[pallet::weight(T::WeightInfo::set_hyperparameter())]
        pub fn sudo_set_weights_set_rate_limit(
            origin: OriginFor<T>,
            netuid: NetUid,
            weights_set_rate_limit: u64,
        ) -> DispatchResult {
            Self::set(
                origin,
                netuid,
                Hyperparameter::WeightsSetRateLimit,
                weights_set_rate_limit,
            )
        }

        /// Sets a rate of an older price rule; nothing depends on it (owner or root).
        #[pallet::call_index(3)]
        #[pallet::weight(T::WeightInfo::set_hyperparameter())]
        pub fn sudo_set_adjustment_alpha(
            origin: OriginFor<T>,
            netuid: NetUid,
            adjustment_alpha: u64,
        ) -> DispatchResult {
            Self::set(
                origin,
                netuid,
                Hyperparameter::AdjustmentAlpha,
                adjustment_alpha,
            )
        }

        /// Sets the blocks in which a new neuron is not replaced (owner or root).
        #[pallet::call_index(4)]
        #[pallet::weight(T::WeightInfo::set_hyperparameter())]
        pub fn sudo_set_immunity_period(
            origin: OriginFor<T>,
            netuid: NetUid,
            immunity_period: u16,
        ) -> DispatchResult {
            Self::set(
                origin,
                netuid,
                Hyperparameter::ImmunityPeriod,
                immunity_period,
            )
        }

        /// Sets the fewest weights in a row (owner or root).
        #[pallet::call_index(5)]
        #[pallet::weight(T::WeightInfo::set_hyperparameter())]
        pub fn sudo_set_min_allowed_weights(
            origin: OriginFor<T>,
            netuid: NetUid,
            min_allowed_weights: u16,
        ) -> DispatchResult {
            Self::set(
                origin,
                netuid,
                Hyperparameter::MinAllowedWeights,
                min_allowed_weights,
            )
        }

        /// Sets the most neurons of a subnet (owner or root).
        #[pallet::call_index(6)]
        #[pallet::weight(T::WeightInfo::set_hyperparameter())]
        pub fn sudo_set_max_allowed_uids(
            origin: OriginFor<T>,
            netuid: NetUid,
            max_allowed_uids: u16,
        ) -> DispatchResult {
            Self::set(
                origin,
                netuid,
                Hyperparameter::MaxAllowedUids,
                max_allowed_uids,
            )
        }

        /// Sets what the most neurons cannot be set below (root only).
        #[pallet::call_index(7)]
        #[pallet::weight(T::WeightInfo::set_hyperparameter())]
        pub fn sudo_set_min_allowed_uids(
            origin: OriginFor<T>,
            netuid: NetUid,
            min_allowed_uids: u16,
        ) -> DispatchResult {
            Self::set(
                origin,
                netuid,
                Hyperparameter::MinAllowedUids,
                min_allowed_uids,
            )
        }

        /// Sets the part of the stake that must agree on a weight (root only).
        #[pallet::call_index(8)]
        #[pallet::weight(T::WeightInfo::set_hyperparameter())]
        pub fn sudo_set_kappa(origin: OriginFor<T>, netuid: NetUid, kappa: u16) -> DispatchResult {
            Self::set(origin, netuid, Hyperparameter::Kappa, kappa)
        }

        /// Sets a steepness of an older consensus; nothing depends on it (owner or root).
        #[pallet::call_index(9)]
        #[pallet::weight(T::WeightInfo::set_hyperparameter())]
        pub fn sudo_set_rho(origin: OriginFor<T>, netuid: NetUid, rho: u16) -> DispatchResult {
            Self::set(origin, netuid, Hyperparameter::Rho, rho)
        }

        /// Sets whether neurons may register (owner or root).
        #[pallet::call_index(10)]
        #[pallet::weight(T::WeightInfo::set_hyperparameter())]
        pub fn sudo_set_network_registration_allowed(
            origin: OriginFor<T>,
            netuid: NetUid,
            registration_allowed: bool,
        ) -> DispatchResult {
            Self::set(
                origin,
                netuid,
                Hyperparameter::NetworkRegistrationAllowed,
                registration_allowed,
            )
        }

        /// Sets a switch of registration by work; nothing depends on it (owner or root).
        #[pallet::call_index(11)]
        #[pallet::weight(T::WeightInfo::set_hyperparameter())]
        pub fn sudo_set_network_pow_registration_allowed(
            origin: OriginFor<T>,
            netuid: NetUid,
            registration_allowed: bool,
        ) -> DispatchResult {
            Self::set(
                origin,
                netuid,
                Hyperparameter::NetworkPowRegistrationAllowed,
                registration_allowed,
            )
        }

        /// Sets a third of the registrations that the root network admits in an interval (root only).
        #[pallet::call_index(12)]
        #[pallet::weight(T::WeightInfo::set_hyperparameter())]
        pub fn sudo_set_target_registrations_per_interval(
            origin: OriginFor<T>,
            netuid: NetUid,
            target_registrations_per_interval: u16,
        ) -> DispatchResult {
            Self::set(
                origin,
                netuid,
                Hyperparameter::TargetRegistrationsPerInterval,
                target_registrations_per_interval,
            )
        }

        /// Sets the most registrations of a block on the root network (root only).
        #[pallet::call_index(13)]
        #[pallet::weight(T::WeightInfo::set_hyperparameter())]
        pub fn sudo_set_max_registrations_per_block(
            origin: OriginFor<T>,
            netuid: NetUid,
            max_registrations_per_block: u16,
        ) -> DispatchResult {
            Self::set(
                origin,
                netuid,
                Hyperparameter::MaxRegistrationsPerBlock,
                max_registrations_per_block,
            )
        }

        /// Sets the lowest price of a registration, in rao (owner or root).
        #[pallet::call_index(14)]
        #[pallet::weight(T::WeightInfo::set_hyperparameter())]
        pub fn sudo_set_min_burn(
            origin: OriginFor<T>,
            netuid: NetUid,
            min_burn: TaoBalance,
        ) -> DispatchResult {
            Self::set(origin, netuid, Hyperparameter::MinBurn, min_burn)
        }

        /// Sets the highest price of a registration, in rao (owner or root).
        #[pallet::call_index(15)]
        #[pallet::weight(T::WeightInfo::set_hyperparameter())]
        pub fn sudo_set_max_burn(
            origin: OriginFor<T>,
            netuid: NetUid,
            max_burn: TaoBalance,
        ) -> DispatchResult {
            Self::set(origin, netuid, Hyperparameter::MaxBurn, max_burn)
        }

        /// Sets the blocks in which the price of a registration halves (owner or root).
        #[pallet::call_index(16)]
        #[pallet::weight(T::WeightInfo::set_hyperparameter())]
        pub fn sudo_set_burn_half_life(
            origin: OriginFor<T>,
            netuid: NetUid,
            burn_half_life: u16,
        ) -> DispatchResult {
            Self::set(origin, netuid, Hyperparameter::BurnHalfLife, burn_half_life)
        }

        /// Sets the factor by which a registration raises the price (owner or root).
        #[pallet::call_index(17)]
        #[pallet::weight(T::WeightInfo::set_hyperparameter())]
        pub fn sudo_set_burn_increase_mult(
            origin: OriginFor<T>,
            netuid: NetUid,
            burn_increase_mult: U64F64,
        ) -> DispatchResult {
            Self::set(
                origin,
                netuid,
                Hyperparameter::BurnIncreaseMult,
                burn_increase_mult,
            )
        }

        /// Sets the most neurons with a validator's permit (root only).
        #[pallet::call_index(18)]
        #[pallet::weight(T::WeightInfo::set_hyperparameter())]
        pub fn sudo_set_max_allowed_validators(
            origin: OriginFor<T>,
            netuid: NetUid,
            max_allowed_validators: u16,
        ) -> DispatchResult {
            Self::set(
                origin,
                netuid,
                Hyperparameter::MaxAllowedValidators,
                max_allowed_validators,
            )
        }

        /// Sets the part of the old bonds that an epoch keeps, in millionths (owner or root).
        #[pallet::call_index(19)]
        #[pallet::weight(T::WeightInfo::set_hyperparameter())]
        pub fn sudo_set_bonds_moving_average(
            origin: OriginFor<T>,
            netuid: NetUid,
            bonds_moving_average: u64,
        ) -> DispatchResult {
            Self::set(
                origin,
                netuid,
                Hyperparameter::BondsMovingAverage,
                bonds_moving_average,
            )
        }

        /// Sets how much bonds follow the clipped weights (owner or root).
        #[pallet::call_index(20)]
        #[pallet::weight(T::WeightInfo::set_hyperparameter())]
        pub fn sudo_set_bonds_penalty(
            origin: OriginFor<T>,
            netuid: NetUid,
            bonds_penalty: u16,
        ) -> DispatchResult {
            Self::set(origin, netuid, Hyperparameter::BondsPenalty, bonds_penalty)
        }

        /// Sets whether a commitment may reset the bonds toward its hotkey (owner or root).
        #[pallet::call_index(21)]
        #[pallet::weight(T::WeightInfo::set_hyperparameter())]
        pub fn sudo_set_bonds_reset_enabled(
            origin: OriginFor<T>,
            netuid: NetUid,
            enabled: bool,
        ) -> DispatchResult {
            Self::set(origin, netuid, Hyperparameter::BondsResetEnabled, enabled)
        }

        /// Sets the blocks between two epochs, and begins a full new cycle (owner or root).
        #[pallet::call_index(22)]
        #[pallet::weight(T::WeightInfo::set_hyperparameter())]
        pub fn sudo_set_tempo(origin: OriginFor<T>, netuid: NetUid, tempo: u16) -> DispatchResult {
            Self::set(origin, netuid, Hyperparameter::Tempo, tempo)
        }

        /// Sets the thousandths of a tempo after which a silent validator is inactive (owner or root).
        #[pallet::call_index(23)]
        #[pallet::weight(T::WeightInfo::set_hyperparameter())]
        pub fn sudo_set_activity_cutoff_factor(
            origin: OriginFor<T>,
            netuid: NetUid,
            factor_milli: u32,
        ) -> DispatchResult {
            Self::set(
                origin,
                netuid,
                Hyperparameter::ActivityCutoffFactor,
                factor_milli,
            )
        }

        /// Sets whether weights are committed first and revealed later (owner or root).
        #[pallet::call_index(24)]
        #[pallet::weight(T::WeightInfo::set_hyperparameter())]
        pub fn sudo_set_commit_reveal_weights_enabled(
            origin: OriginFor<T>,
            netuid: NetUid,
            enabled: bool,
        ) -> DispatchResult {
            Self::set(
                origin,
                netuid,
                Hyperparameter::CommitRevealWeightsEnabled,
                enabled,
            )
        }

        /// Sets the epochs from the commit of weights to their reveal (owner or root).
        #[pallet::call_index(25)]
        #[pallet::weight(T::WeightInfo::set_hyperparameter())]
        pub fn sudo_set_commit_reveal_weights_interval(
            origin: OriginFor<T>,
            netuid: NetUid,
            interval: u64,
        ) -> DispatchResult {
            Self::set(
                origin,
                netuid,
                Hyperparameter::CommitRevealWeightsInterval,
                interval,
            )
        }

        /// Sets whether the rate of bonds depends on agreement (owner or root).
        #[pallet::call_index(26)]
        #[pallet::weight(T::WeightInfo::set_hyperparameter())]
        pub fn sudo_set_liquid_alpha_enabled(
            origin: OriginFor<T>,
            netuid: NetUid,
            enabled: bool,
        ) -> DispatchResult {
            Self::set(origin, netuid, Hyperparameter::LiquidAlphaEnabled, enabled)
        }

        /// Sets the lowest and the highest rate of bonds under liquid alpha (owner or root).
        #[pallet::call_index(27)]
        #[pallet::weight(T::WeightInfo::set_hyperparameter())]
        pub fn sudo_set_alpha_values(
            origin: OriginFor<T>,
            netuid: NetUid,
            alpha_low: u16,
            alpha_high: u16,
        ) -> DispatchResult {
            Self::set(
                origin,
                netuid,
                Hyperparameter::AlphaValues,
                (alpha_low, alpha_high),
            )
        }

        /// Sets the steepness of that rate, in hundredths (owner or root).
        #[pallet::call_index(28)]
        #[pallet::weight(T::WeightInfo::set_hyperparameter())]
        pub fn sudo_set_alpha_sigmoid_steepness(
            origin: OriginFor<T>,
            netuid: NetUid,
            steepness: i16,
        ) -> DispatchResult {
            Self::set(
                origin,
                netuid,
                Hyperparameter::AlphaSigmoidSteepness,
                steepness,
            )
        }

        /// Sets whether bonds follow Yuma 3 instead of Yuma 2 (owner or root).
        #[pallet::call_index(29)]
        #[pallet::weight(T::WeightInfo::set_hyperparameter())]
        pub fn sudo_set_yuma3_enabled(
            origin: OriginFor<T>,
            netuid: NetUid,
            enabled: bool,
        ) -> DispatchResult {
            Self::set(origin, netuid, Hyperparameter::Yuma3Enabled, enabled)
        }

        /// Sets whether stake may change its coldkey (owner or root).
        #[pallet::call_index(30)]
        #[pallet::weight(T::WeightInfo::set_hyperparameter())]
        pub fn sudo_set_toggle_transfer(
            origin: OriginFor<T>,
            netuid: NetUid,
            toggle: bool,
        ) -> DispatchResult {
            Self::set(origin, netuid, Hyperparameter::ToggleTransfer, toggle)
        }

        /// Sets whether the owner is paid a part of the emission (owner or root).
        #[pallet::call_index(31)]
        #[pallet::weight(T::WeightInfo::set_hyperparameter())]
        pub fn sudo_set_owner_cut_enabled(
            origin: OriginFor<T>,
            netuid: NetUid,
            enabled: bool,
        ) -> DispatchResult {
            Self::set(origin, netuid, Hyperparameter::OwnerCutEnabled, enabled)
        }

        /// Sets whether that part is locked when it is paid (owner or root).
        #[pallet::call_index(32)]
        #[pallet::weight(T::WeightInfo::set_hyperparameter())]
        pub fn sudo_set_owner_cut_auto_lock_enabled(
            origin: OriginFor<T>,
            netuid: NetUid,
            enabled: bool,
        ) -> DispatchResult {
            Self::set(
                origin,
                netuid,
                Hyperparameter::OwnerCutAutoLockEnabled,
                enabled,
            )
        }

        /// Sets the lowest take that a child may ask of its parents (owner or root).
        #[pallet::call_index(33)]
        #[pallet::weight(T::WeightInfo::set_hyperparameter())]
        pub fn sudo_set_min_childkey_take_per_subnet(
            origin: OriginFor<T>,
            netuid: NetUid,
            take: u16,
        ) -> DispatchResult {
            Self::set(
                origin,
                netuid,
                Hyperparameter::MinChildkeyTakePerSubnet,
                take,
            )
        }

        /// Sets how many neurons of the owner are not replaced (owner or root).
        #[pallet::call_index(34)]
        #[pallet::weight(T::WeightInfo::set_hyperparameter())]
        pub fn sudo_set_owner_immune_neuron_limit(
            origin: OriginFor<T>,
            netuid: NetUid,
            immune_neurons: u16,
        ) -> DispatchResult {
            Self::set(
                origin,
                netuid,
                Hyperparameter::OwnerImmuneNeuronLimit,
                immune_neurons,
            )
        }

        /// Sets the owner hotkey of a subnet (owner or root).
        #[pallet::call_index(35)]
        #[pallet::weight(T::WeightInfo::set_owner_hotkey())]
        pub fn sudo_set_sn_owner_hotkey(
            origin: OriginFor<T>,
            netuid: NetUid,
            hotkey: AccountId,
        ) -> DispatchResult {
            Self::set(
                origin,
                netuid,
                Hyperparameter::OwnerHotkey,
                <[u8; 32]>::from(hotkey),
            )
        }

        /// Sets what becomes of the emission that the owner's miners earn (owner or root).
        #[pallet::call_index(36)]
        #[pallet::weight(T::WeightInfo::set_hyperparameter())]
        pub fn sudo_set_recycle_or_burn(
            origin: OriginFor<T>,
            netuid: NetUid,
            recycle_or_burn: RecycleOrBurnEnum,
        ) -> DispatchResult {
            Self::set(
                origin,
                netuid,
                Hyperparameter::RecycleOrBurn,
                recycle_or_burn,
            )
        }

        /// Sets the number of mechanisms (owner or root); those that go lose their data.
        #[pallet::call_index(37)]
        #[pallet::weight(T::WeightInfo::set_mechanism_count(MOST_UIDS.into()))]
        pub fn sudo_set_mechanism_count(
            origin: OriginFor<T>,
            netuid: NetUid,
            mechanism_count: MechId,
        ) -> DispatchResult {
            Self::set(
                origin,
                netuid,
                Hyperparameter::MechanismCount,
                mechanism_count,
            )
        }

        /// Sets the parts of the emission that the mechanisms divide; even without parts (owner or root).
        #[pallet::call_index(38)]
        #[pallet::weight(T::WeightInfo::set_hyperparameter())]
        pub fn sudo_set_mechanism_emission_split(
            origin: OriginFor<T>,
            netuid: NetUid,
            maybe_split: Option<Vec<u16>>,
        ) -> DispatchResult {
            Self::set(
                origin,
                netuid,
                Hyperparameter::MechanismEmissionSplit,
                maybe_split,
            )
        }

        /// Removes the neurons with the lowest emission and sets the most neurons (owner or root).
        #[pallet::call_index(39)]
        #[pallet::weight(T::WeightInfo::trim_to_max_allowed_uids(MOST_UIDS.into()))]
        pub fn sudo_trim_to_max_allowed_uids(
            origin: OriginFor<T>,
            netuid: NetUid,
            max_n: u16,
        ) -> DispatchResult {
            Self::set(origin, netuid, Hyperparameter::TrimToMaxAllowedUids, max_n)
        }

        /// Sets which consensus the epochs run (owner or root).
        #[pallet::call_index(40)]
        #[pallet::weight(T::WeightInfo::set_hyperparameter())]
        pub fn sudo_set_epoch_consensus(
            origin: OriginFor<T>,
            netuid: NetUid,
            mode: EpochConsensus,
        ) -> DispatchResult {
            Self::set(origin, netuid, Hyperparameter::EpochConsensus, mode)
        }

        /// Sets the part of a miner's income that is locked; nothing depends on it yet (owner or root).
        #[pallet::call_index(41)]
        #[pallet::weight(T::WeightInfo::set_hyperparameter())]
        pub fn sudo_set_collateral_lock_share(
            origin: OriginFor<T>,
            netuid: NetUid,
            lock_share: u16,
        ) -> DispatchResult {
            Self::set(
                origin,
                netuid,
                Hyperparameter::CollateralLockShare,
                lock_share,
            )
        }

        /// Sets how fast collateral drains; nothing depends on it yet (owner or root).
        #[pallet::call_index(42)]
        #[pallet::weight(T::WeightInfo::set_hyperparameter())]
        pub fn sudo_set_collateral_drain_ratio(
            origin: OriginFor<T>,
            netuid: NetUid,
            drain_ratio: U64F64,
        ) -> DispatchResult {
            Self::set(
                origin,
                netuid,
                Hyperparameter::CollateralDrainRatio,
                drain_ratio,
            )
        }

        /// Sets whether a subnet takes part in the emission of TAO (root only).
        #[pallet::call_index(43)]
        #[pallet::weight(T::WeightInfo::set_hyperparameter())]
        pub fn sudo_set_subnet_emission_enabled(
            origin: OriginFor<T>,
            netuid: NetUid,
            enabled: bool,
        ) -> DispatchResult {
            Self::set(
                origin,
                netuid,
                Hyperparameter::SubnetEmissionEnabled,
                enabled,
            )
        }

        /// Sets a bound of registration by work; nothing depends on it (owner or root).
        #[pallet::call_index(44)]
        #[pallet::weight(T::WeightInfo::set_hyperparameter())]
        pub fn sudo_set_max_difficulty(
            origin: OriginFor<T>,
            netuid: NetUid,
            max_difficulty: u64,
        ) -> DispatchResult {
            Self::set(
                origin,
                netuid,
                Hyperparameter::MaxDifficulty,
                max_difficulty,
            )
        }

        /// Sets a bound of registration by work; nothing depends on it (root only).
        #[pallet::call_index(45)]
        #[pallet::weight(T::WeightInfo::set_hyperparameter())]
        pub fn sudo_set_min_difficulty(
            origin: OriginFor<T>,
            netuid: NetUid,
            min_difficulty: u64,
        ) -> DispatchResult {
            Self::set(
                origin,
                netuid,
                Hyperparameter::MinDifficulty,
                min_difficulty,
            )
        }

        /// Sets the difficulty of registration by work; nothing depends on it (root only).
        #[pallet::call_index(46)]
        #[pallet::weight(T::WeightInfo::set_hyperparameter())]
        pub fn sudo_set_difficulty(
            origin: OriginFor<T>,
            netuid: NetUid,
            difficulty: u64,
        ) -> DispatchResult {
            Self::set(origin, netuid, Hyperparameter::Difficulty, difficulty)
        }

        /// Sets the blocks of an interval of registrations (root only).
        #[pallet::call_index(47)]
        #[pallet::weight(T::WeightInfo::set_hyperparameter())]
        pub fn sudo_set_adjustment_interval(
            origin: OriginFor<T>,
            netuid: NetUid,
            adjustment_interval: u16,
        ) -> DispatchResult {
            Self::set(
                origin,
                netuid,
                Hyperparameter::AdjustmentInterval,
                adjustment_interval,
            )
        }

        /// Sets an older form of the activity cutoff; nothing depends on it (owner or root).
        #[pallet::call_index(48)]
        #[pallet::weight(T::WeightInfo::set_hyperparameter())]
        pub fn sudo_set_activity_cutoff(
            origin: OriginFor<T>,
            netuid: NetUid,
            activity_cutoff: u16,
        ) -> DispatchResult {
            Self::set(
                origin,
                netuid,
                Hyperparameter::ActivityCutoff,
                activity_cutoff,
            )
        }

        /// Sets whether the alpha of a subnet can be staked (root only).
        #[pallet::call_index(49)]
        #[pallet::weight(T::WeightInfo::set_hyperparameter())]
        pub fn sudo_set_subtoken_enabled(
            origin: OriginFor<T>,
            netuid: NetUid,
            subtoken_enabled: bool,
        ) -> DispatchResult {
            Self::set(
                origin,
                netuid,
                Hyperparameter::SubtokenEnabled,
                subtoken_enabled,
            )
        }

        /// Sets the owner hotkey of a subnet, as `sudo_set_sn_owner_hotkey` (owner or root).
        #[pallet::call_index(50)]
        #[pallet::weight(T::WeightInfo::set_owner_hotkey())]
        pub fn sudo_set_subnet_owner_hotkey(
            origin: OriginFor<T>,
            netuid: NetUid,
            hotkey: AccountId,
        ) -> DispatchResult {
            Self::set(
                origin,
                netuid,
                Hyperparameter::OwnerHotkey,
                <[u8; 32]>::from(hotkey),
            )
        }

        /// Sets the blocks between two creations of subnets (root only).
        #[pallet::call_index(51)]
        #[pallet::weight(T::WeightInfo::set_network_parameter())]
        pub fn sudo_set_network_rate_limit(
            origin: OriginFor<T>,
            rate_limit: u64,
        ) -> DispatchResult {
            Self::set_network(origin, NetworkParameter::NetworkRateLimit, rate_limit)
        }

        /// Sets the blocks in which the cost of creating a subnet falls by the last one (root only).
        #[pallet::call_index(52)]
        #[pallet::weight(T::WeightInfo::set_network_parameter())]
        pub fn sudo_set_lock_reduction_interval(
            origin: OriginFor<T>,
            interval: u64,
        ) -> DispatchResult {
            Self::set_network(origin, NetworkParameter::LockReductionInterval, interval)
        }

        /// Sets the last blocks before an epoch in which hyperparameters are frozen (root only).
        #[pallet::call_index(53)]
        #[pallet::weight(T::WeightInfo::set_network_parameter())]
        pub fn sudo_set_admin_freeze_window(origin: OriginFor<T>, window: u16) -> DispatchResult {
            Self::set_network(origin, NetworkParameter::AdminFreezeWindow, window)
        }

        /// Sets the tempos between two changes of one hyperparameter by an owner (root only).
        #[pallet::call_index(54)]
        #[pallet::weight(T::WeightInfo::set_network_parameter())]
        pub fn sudo_set_owner_hparam_rate_limit(
            origin: OriginFor<T>,
            epochs: u16,
        ) -> DispatchResult {
            Self::set_network(origin, NetworkParameter::OwnerHyperparamRateLimit, epochs)
        }

        /// Sets the blocks between two key swaps of a coldkey (root only).
        #[pallet::call_index(55)]
        #[pallet::weight(T::WeightInfo::set_network_parameter())]
        pub fn sudo_set_tx_rate_limit(origin: OriginFor<T>, tx_rate_limit: u64) -> DispatchResult {
            Self::set_network(origin, NetworkParameter::TxRateLimit, tx_rate_limit)
        }

        /// Sets the blocks between two rises of a delegate's take (root only).
        #[pallet::call_index(56)]
        #[pallet::weight(T::WeightInfo::set_network_parameter())]
        pub fn sudo_set_tx_delegate_take_rate_limit(
            origin: OriginFor<T>,
            tx_rate_limit: u64,
        ) -> DispatchResult {
            Self::set_network(
                origin,
                NetworkParameter::TxDelegateTakeRateLimit,
                tx_rate_limit,
            )
        }

        /// Sets the stake weight below which a neuron counts as without stake (root only).
        #[pallet::call_index(57)]
        #[pallet::weight(T::WeightInfo::set_network_parameter())]
        pub fn sudo_set_stake_threshold(origin: OriginFor<T>, min_stake: u64) -> DispatchResult {
            Self::set_network(origin, NetworkParameter::StakeThreshold, min_stake)
        }

        /// Sets the least nomination, in millionths of the least stake (root only).
        #[pallet::call_index(58)]
        #[pallet::weight(T::WeightInfo::set_network_parameter())]
        pub fn sudo_set_nominator_min_required_stake(
            origin: OriginFor<T>,
            min_stake: u64,
        ) -> DispatchResult {
            Self::set_network(
                origin,
                NetworkParameter::NominatorMinRequiredStake,
                min_stake,
            )
        }

        /// Sets the blocks after its creation before a subnet can be started (root only).
        #[pallet::call_index(59)]
        #[pallet::weight(T::WeightInfo::set_network_parameter())]
        pub fn sudo_set_start_call_delay(origin: OriginFor<T>, delay: u64) -> DispatchResult {
            Self::set_network(origin, NetworkParameter::StartCallDelay, delay)
        }

        /// Sets the least cost of creating a subnet, in rao (root only).
        #[pallet::call_index(60)]
        #[pallet::weight(T::WeightInfo::set_network_parameter())]
        pub fn sudo_set_network_min_lock_cost(
            origin: OriginFor<T>,
            lock_cost: TaoBalance,
        ) -> DispatchResult {
            Self::set_network(origin, NetworkParameter::NetworkMinLockCost, lock_cost)
        }

        /// Sets the most subnets, root not counted (root only).
        #[pallet::call_index(61)]
        #[pallet::weight(T::WeightInfo::set_network_parameter())]
        pub fn sudo_set_subnet_limit(origin: OriginFor<T>, max_subnets: u16) -> DispatchResult {
            Self::set_network(origin, NetworkParameter::SubnetLimit, max_subnets)
        }

        /// Sets the take of a new delegate (root only).
        #[pallet::call_index(62)]
        #[pallet::weight(T::WeightInfo::set_network_parameter())]
        pub fn sudo_set_default_take(origin: OriginFor<T>, default_take: u16) -> DispatchResult {
            Self::set_network(origin, NetworkParameter::DefaultDelegateTake, default_take)
        }

        /// Sets the lowest take of a delegate (root only).
        #[pallet::call_index(63)]
        #[pallet::weight(T::WeightInfo::set_network_parameter())]
        pub fn sudo_set_min_delegate_take(origin: OriginFor<T>, take: u16) -> DispatchResult {
            Self::set_network(origin, NetworkParameter::MinDelegateTake, take)
        }

        /// Sets what a rao on root weighs against a unit of alpha (root only).
        #[pallet::call_index(64)]
        #[pallet::weight(T::WeightInfo::set_network_parameter())]
        pub fn sudo_set_tao_weight(origin: OriginFor<T>, tao_weight: u64) -> DispatchResult {
            Self::set_network(origin, NetworkParameter::TaoWeight, tao_weight)
        }

        /// Sets the most epochs that run in one block (root only).
        #[pallet::call_index(65)]
        #[pallet::weight(T::WeightInfo::set_network_parameter())]
        pub fn sudo_set_max_epochs_per_block(
            origin: OriginFor<T>,
            max_epochs: u8,
        ) -> DispatchResult {
            Self::set_network(origin, NetworkParameter::MaxEpochsPerBlock, max_epochs)
        }

        /// Sets the blocks in which a new subnet is not dissolved to make room (root only).
        #[pallet::call_index(66)]
        #[pallet::weight(T::WeightInfo::set_network_parameter())]
        pub fn sudo_set_network_immunity_period(
            origin: OriginFor<T>,
            immunity_period: u64,
        ) -> DispatchResult {
            Self::set_network(
                origin,
                NetworkParameter::NetworkImmunityPeriod,
                immunity_period,
            )
        }

        /// Sets the most mechanisms of a subnet (root only).
        #[pallet::call_index(67)]
        #[pallet::weight(T::WeightInfo::set_network_parameter())]
        pub fn sudo_set_max_mechanism_count(
            origin: OriginFor<T>,
            max_mechanism_count: MechId,
        ) -> DispatchResult {
            Self::set_network(
                origin,
                NetworkParameter::MaxMechanismCount,
                max_mechanism_count,
            )
        }

        /// Sets how many neurons outside of immunity a subnet keeps (root only).
        #[pallet::call_index(68)]
        #[pallet::weight(T::WeightInfo::set_network_parameter())]
        pub fn sudo_set_min_non_immune_uids(origin: OriginFor<T>, min: u16) -> DispatchResult {
            Self::set_network(origin, NetworkParameter::MinNonImmuneUids, min)
        }

        /// Sets the blocks from the announcement of a coldkey swap to its execution (root only).
        #[pallet::call_index(69)]
        #[pallet::weight(T::WeightInfo::set_network_parameter())]
        pub fn sudo_set_coldkey_swap_announcement_delay(
            origin: OriginFor<T>,
            duration: u32,
        ) -> DispatchResult {
            Self::set_network(
                origin,
                NetworkParameter::ColdkeySwapAnnouncementDelay,
                duration,
            )
        }

        /// Sets the blocks after that before another swap may be announced (root only).
        #[pallet::call_index(70)]
        #[pallet::weight(T::WeightInfo::set_network_parameter())]
        pub fn sudo_set_coldkey_swap_reannouncement_delay(
            origin: OriginFor<T>,
            duration: u32,
        ) -> DispatchResult {
            Self::set_network(
                origin,
                NetworkParameter::ColdkeySwapReannouncementDelay,
                duration,
            )
        }

        /// Sets the version that timelocked commits must name (root only).
        #[pallet::call_index(71)]
        #[pallet::weight(T::WeightInfo::set_network_parameter())]
        pub fn sudo_set_commit_reveal_version(
            origin: OriginFor<T>,
            version: u16,
        ) -> DispatchResult {
            Self::set_network(
                origin,
                NetworkParameter::CommitRevealWeightsVersion,
                version,
            )
        }

        /// Sets the part of the alpha emission that subnets' owners are paid, of 65535 (root only).
        #[pallet::call_index(72)]
        #[pallet::weight(T::WeightInfo::set_network_parameter())]
        pub fn sudo_set_subnet_owner_cut(
            origin: OriginFor<T>,
            subnet_owner_cut: u16,
        ) -> DispatchResult {
            Self::set_network(origin, NetworkParameter::SubnetOwnerCut, subnet_owner_cut)
        }

        /// Sets the part of what validators pass on to parents of other owners that is recycled, of 2^64−1
        /// (root only).
        #[pallet::call_index(73)]
        #[pallet::weight(T::WeightInfo::set_network_parameter())]
        pub fn sudo_set_ck_burn(origin: OriginFor<T>, burn: u64) -> DispatchResult {
            Self::set_network(origin, NetworkParameter::CKBurn, burn)
        }

        /// Sets how far a moving price goes towards the price in a block in the long run, of 2^32 (root only).
        #[pallet::call_index(74)]
        #[pallet::weight(T::WeightInfo::set_network_parameter())]
        pub fn sudo_set_subnet_moving_alpha(origin: OriginFor<T>, alpha: u64) -> DispatchResult {
            Self::set_network(origin, NetworkParameter::SubnetMovingAlpha, alpha)
        }

        /// Sets the blocks after its first emission at which a subnet's moving price goes half as far (root only).
        #[pallet::call_index(75)]
        #[pallet::weight(T::WeightInfo::set_network_parameter())]
        pub fn sudo_set_ema_price_halving_period(
            origin: OriginFor<T>,
            ema_halving: u64,
        ) -> DispatchResult {
            Self::set_network(origin, NetworkParameter::EMAPriceHalvingBlocks, ema_halving)
        }
    }
}
