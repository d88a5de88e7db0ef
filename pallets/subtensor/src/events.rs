//! Events. Those that clients know stay tuples; the others have named fields.

use frame_support::pallet_macros::pallet_section;

/// Events, imported into the pallet.
#[pallet_section]
mod events {
    /// What happened.
    #[pallet::event]
    #[pallet::generate_deposit(pub(crate) fn deposit_event)]
    pub enum Event<T: Config> {
        /// A subnet was created: netuid, kind of its pool.
        NetworkAdded(NetUid, u16),
        /// A subnet was dissolved; its holders are paid over the next blocks.
        NetworkRemoved(NetUid),
        /// A creation waits for room; never emitted, since none has to wait.
        NetworkRegistrationQueued {
            /// Who creates.
            coldkey: AccountId,
            /// The owner hotkey.
            hotkey: AccountId,
            /// Block of the call.
            registration_block: u64,
            /// What it costs.
            lock_amount: TaoBalance,
        },
        /// What a creation cost, and the pool that it opened.
        NetworkFunded {
            /// The subnet.
            netuid: NetUid,
            /// The owner.
            coldkey: AccountId,
            /// TAO paid by the owner, now the pool's reserve.
            tao: TaoBalance,
            /// Alpha in the pool.
            alpha: AlphaBalance,
        },
        /// A holder of a dissolved subnet was paid.
        HolderPaid {
            /// The subnet.
            netuid: NetUid,
            /// The hotkey staked on.
            hotkey: AccountId,
            /// The holder.
            coldkey: AccountId,
            /// Alpha given up.
            alpha: AlphaBalance,
            /// TAO received.
            tao: TaoBalance,
        },
        /// The clean-up of a dissolved subnet is done and its netuid is free.
        NetworkCleaned {
            /// The subnet.
            netuid: NetUid,
            /// TAO paid to holders.
            paid: TaoBalance,
            /// TAO recycled.
            recycled: TaoBalance,
        },
        /// A subnet was started: its first block of emission.
        FirstEmissionBlockNumberSet(NetUid, u64),
        /// An identity of a coldkey was set.
        ChainIdentitySet(AccountId),
        /// An identity of a subnet was set.
        SubnetIdentitySet(NetUid),
        /// An identity of a subnet was removed.
        SubnetIdentityRemoved(NetUid),
        /// A symbol was chosen.
        SymbolUpdated {
            /// The subnet.
            netuid: NetUid,
            /// The symbol, in UTF-8.
            symbol: alloc::vec::Vec<u8>,
        },
        /// A neuron was registered: subnet, uid, hotkey.
        NeuronRegistered(NetUid, u16, AccountId),
        /// A neuron lost its uid.
        NeuronRemoved {
            /// The subnet.
            netuid: NetUid,
            /// The uid it had.
            uid: u16,
            /// Its hotkey.
            hotkey: AccountId,
        },
        /// A registration was paid.
        RegistrationPaid {
            /// The subnet.
            netuid: NetUid,
            /// Who paid.
            coldkey: AccountId,
            /// For whom.
            hotkey: AccountId,
            /// TAO paid, the fee included.
            tao: TaoBalance,
            /// Part of it that the block author was paid.
            fee: TaoBalance,
            /// Alpha bought and recycled.
            alpha: AlphaBalance,
        },
        /// The uids of a subnet were compacted.
        NetworkTrimmed {
            /// The subnet.
            netuid: NetUid,
            /// Neurons removed.
            removed: u16,
            /// Neurons left.
            left: u16,
        },
        /// A hotkey became a coldkey's own.
        HotkeyAssociated {
            /// The owner.
            coldkey: AccountId,
            /// The hotkey.
            hotkey: AccountId,
        },
        /// A hotkey became a delegate with a take.
        DelegateAdded(AccountId, AccountId, u16),
        /// An endpoint was published.
        AxonServed(NetUid, AccountId),
        /// An endpoint for metrics was published.
        PrometheusServed(NetUid, AccountId),
        /// Weights were set: index of subnet and mechanism, uid.
        WeightsSet(NetUidIndex, u16),
        /// Weights were committed.
        WeightsCommitted(AccountId, NetUidIndex, H256),
        /// Weights were revealed.
        WeightsRevealed(AccountId, NetUidIndex, H256),
        /// Weights were committed for a round; waits for the beacon.
        TimelockedWeightsCommitted(AccountId, NetUidIndex, H256, u64),
        /// A timelocked commit was opened; waits for the beacon.
        TimelockedWeightsRevealed(NetUidIndex, AccountId),
        /// One item of a batch failed; the others were done.
        BatchWeightItemFailed {
            /// Position in the batch.
            index: u32,
            /// Why.
            error: DispatchError,
        },
        /// A batch was done.
        BatchCompleted {
            /// Items that succeeded.
            succeeded: u32,
            /// Items that failed.
            failed: u32,
        },
        /// A subnet's epoch ran.
        EpochRan {
            /// The subnet.
            netuid: NetUid,
            /// Number of the epoch.
            index: u64,
            /// What it divided.
            divided: AlphaBalance,
            /// What stays for the next epoch.
            residual: AlphaBalance,
        },
        /// What an epoch paid to miners, by uid.
        IncentiveAlphaEmittedToMiners {
            /// The subnet.
            netuid: NetUid,
            /// Amounts by uid.
            emissions: alloc::vec::Vec<AlphaBalance>,
        },
        /// An epoch waits for a later block, since this one has no room.
        EpochDeferred {
            /// The subnet.
            netuid: NetUid,
            /// Block since which it is due.
            since: u64,
        },
        /// An epoch could not run; its amounts wait for the next one.
        EpochSkipped {
            /// The subnet.
            netuid: NetUid,
            /// Why.
            error: DispatchError,
        },
        /// An epoch was triggered by hand.
        EpochTriggered {
            /// The subnet.
            netuid: NetUid,
            /// Who did.
            by: AccountId,
            /// Block from which it runs.
            fires_at: u64,
        },
        /// An epoch paid alpha to positions; the payments in their order.
        AlphaPaid {
            /// The subnet.
            netuid: NetUid,
            /// What for.
            reason: PaymentReason,
            /// To whom, and how much.
            payments: alloc::vec::Vec<Payment>,
        },
        /// The owner's miners earned, and the amount was withheld.
        MinerEmissionWithheld {
            /// The subnet.
            netuid: NetUid,
            /// The amount.
            alpha: AlphaBalance,
            /// Whether it was burned or recycled.
            how: RecycleOrBurnEnum,
        },
        /// Bonds toward a neuron were deleted on its own request.
        BondsReset {
            /// The subnet.
            netuid: NetUid,
            /// Its hotkey.
            hotkey: AccountId,
        },
        /// A tempo was set.
        TempoSet(NetUid, u16),
        /// Registration was allowed or forbidden.
        RegistrationAllowed(NetUid, bool),
        /// The price of registering changed by hand.
        BurnSet(NetUid, TaoBalance),
        /// A hyperparameter was set.
        HyperparameterSet {
            /// The subnet.
            netuid: NetUid,
            /// Which one, by its number in the table.
            parameter: u8,
        },
        /// A setting of the whole network was set.
        NetworkParameterSet {
            /// Which one, by its number in the table.
            parameter: u8,
        },
        /// The owner hotkey of a subnet was set.
        SubnetOwnerHotkeySet(NetUid, AccountId),
        /// A step of the block hook ran out of room and goes on in the next block.
        StepPostponed {
            /// The step.
            step: BlockStep,
        },

        // ---- Stake ----
        /// TAO became stake: coldkey, hotkey, TAO with the fee, alpha, subnet, fee in rao.
        StakeAdded(AccountId, AccountId, TaoBalance, AlphaBalance, NetUid, u64),
        /// Stake became TAO: coldkey, hotkey, TAO, alpha with the fee, subnet, fee in alpha.
        StakeRemoved(AccountId, AccountId, TaoBalance, AlphaBalance, NetUid, u64),
        /// Stake went to another hotkey or subnet; worth in TAO.
        StakeMoved(AccountId, AccountId, NetUid, AccountId, NetUid, TaoBalance),
        /// Stake went to another coldkey, or the TAO it was sold for; worth in TAO.
        StakeTransferred(AccountId, AccountId, AccountId, NetUid, NetUid, TaoBalance),
        /// Stake went to another subnet; worth in TAO.
        StakeSwapped(AccountId, AccountId, NetUid, NetUid, TaoBalance),
        /// Alpha went from one position of a subnet to another one, without a trade.
        AlphaMoved {
            /// The subnet.
            netuid: NetUid,
            /// Hotkey and coldkey it left.
            from: (AccountId, AccountId),
            /// Hotkey and coldkey it reached.
            to: (AccountId, AccountId),
            /// What left and what reached it.
            alpha: AlphaBalance,
        },
        /// A holder took alpha out of existence.
        AlphaRecycled(AccountId, AccountId, AlphaBalance, NetUid),
        /// A holder burned alpha; it stays counted as issued.
        AlphaBurned(AccountId, AccountId, AlphaBalance, NetUid),
        /// The owner of a subnet bought alpha and burned it.
        AddStakeBurn {
            /// The subnet.
            netuid: NetUid,
            /// The hotkey named in the call.
            hotkey: AccountId,
            /// TAO paid, the fee included.
            amount: TaoBalance,
            /// Alpha burned.
            alpha: AlphaBalance,
        },

        /// The fee of a transaction was paid in alpha, which was sold without a fee.
        FeePaidInAlpha {
            /// The signer.
            who: AccountId,
            /// The hotkey staked on.
            hotkey: AccountId,
            /// The subnet.
            netuid: NetUid,
            /// Alpha sold.
            alpha: AlphaBalance,
            /// TAO it was sold for: fee and tip, and what is the signer's again.
            tao: TaoBalance,
        },

        // ---- Delegation ----
        /// A delegate raised its take: coldkey, hotkey, take of 65535.
        TakeIncreased(AccountId, AccountId, u16),
        /// A delegate lowered its take: coldkey, hotkey, take of 65535.
        TakeDecreased(AccountId, AccountId, u16),
        /// Children were named; they count from the first epoch after the block on.
        SetChildrenScheduled(AccountId, NetUid, u64, alloc::vec::Vec<(u64, AccountId)>),
        /// Children count from now on.
        SetChildren(AccountId, NetUid, alloc::vec::Vec<(u64, AccountId)>),
        /// Children that were named cannot count; the old ones stay.
        ChildrenDropped {
            /// The parent.
            hotkey: AccountId,
            /// The subnet.
            netuid: NetUid,
            /// Why.
            error: DispatchError,
        },
        /// The part of dividends that `CKBurn` withholds from parents of other owners was recycled.
        DividendRecycled {
            /// The subnet.
            netuid: NetUid,
            /// The amount.
            alpha: AlphaBalance,
        },
        /// The take of a child was set, of 65535.
        ChildKeyTakeSet(AccountId, u16),
        /// A coldkey named the hotkey on which its miners' income is staked.
        AutoStakeDestinationSet {
            /// The coldkey.
            coldkey: AccountId,
            /// The subnet.
            netuid: NetUid,
            /// The hotkey.
            hotkey: AccountId,
        },
        /// Whether a hotkey becomes parent of the owner hotkeys of new subnets.
        AutoParentDelegationEnabledSet {
            /// The hotkey.
            hotkey: AccountId,
            /// Whether it does.
            enabled: bool,
        },

        // ---- Emission and root dividends ----
        /// TAO that the block issued: the pools that took it, and how much, injected and spent on alpha
        /// together. Their accounts hold it.
        TaoEmitted {
            /// Subnets in ascending order with their amounts, none of them zero.
            pools: alloc::vec::Vec<(NetUid, TaoBalance)>,
        },
        /// TAO that no subnet took, which was not issued.
        EmissionRecycled(TaoBalance),
        /// A root staker was paid the dividends of a subnet.
        RootClaimed {
            /// The subnet.
            netuid: NetUid,
            /// The hotkey.
            hotkey: AccountId,
            /// The root staker.
            coldkey: AccountId,
            /// Alpha claimed.
            alpha: AlphaBalance,
            /// TAO it was sold for, which became root stake; none if the alpha was kept as stake.
            tao: Option<TaoBalance>,
        },
        /// The root stakers of a hotkey can claim more of a subnet.
        RootDividendPaid {
            /// The subnet.
            netuid: NetUid,
            /// The hotkey.
            hotkey: AccountId,
            /// Alpha that entered the pot of root dividends.
            alpha: AlphaBalance,
        },
        /// Root dividends were not claimed, because they are below the threshold of the subnet.
        RootClaimBelowThreshold {
            /// The subnet.
            netuid: NetUid,
            /// The hotkey.
            hotkey: AccountId,
            /// The root staker.
            coldkey: AccountId,
            /// Alpha that can be claimed later.
            alpha: AlphaBalance,
        },
        /// Root dividends could not be claimed now; they are still owed.
        RootClaimFailed {
            /// The subnet.
            netuid: NetUid,
            /// The hotkey.
            hotkey: AccountId,
            /// The root staker.
            coldkey: AccountId,
            /// Alpha that can be claimed later.
            alpha: AlphaBalance,
            /// Why.
            error: DispatchError,
        },
        /// A call that claims had no room for all hotkeys of a coldkey; repeating it goes on.
        RootClaimsLeft {
            /// The root staker.
            coldkey: AccountId,
            /// Hotkeys that were not looked at.
            hotkeys: u32,
        },
        /// A coldkey said what becomes of its root dividends.
        RootClaimTypeSet {
            /// The coldkey.
            coldkey: AccountId,
            /// What becomes of them.
            root_claim_type: RootClaimTypeEnum,
        },

        // ---- Key swaps ----
        /// A hotkey took the place of another one on all subnets.
        HotkeySwapped {
            /// The coldkey of both.
            coldkey: AccountId,
            /// The former hotkey.
            old_hotkey: AccountId,
            /// The present hotkey.
            new_hotkey: AccountId,
        },
        /// A hotkey took the place of another one on one subnet.
        HotkeySwappedOnSubnet {
            /// The coldkey of both.
            coldkey: AccountId,
            /// The former hotkey.
            old_hotkey: AccountId,
            /// The present hotkey.
            new_hotkey: AccountId,
            /// The subnet.
            netuid: NetUid,
        },
        /// With a swap, all positions on a hotkey went to another one as they were.
        HotkeyStakeMoved {
            /// The subnet.
            netuid: NetUid,
            /// The former hotkey.
            old_hotkey: AccountId,
            /// The present hotkey.
            new_hotkey: AccountId,
        },
        /// With a swap, all positions on a hotkey were joined with those on another one; `AlphaMoved` says how much
        /// each was.
        HotkeyStakeMerged {
            /// The subnet.
            netuid: NetUid,
            /// The former hotkey.
            old_hotkey: AccountId,
            /// The present hotkey.
            new_hotkey: AccountId,
            /// What rounding left over, which belongs to all positions together.
            dust: AlphaBalance,
        },
        /// A coldkey announced that another one will take its place.
        ColdkeySwapAnnounced {
            /// The coldkey.
            who: AccountId,
            /// Hash of the new one.
            new_coldkey_hash: H256,
        },
        /// The announcement was withdrawn.
        ColdkeySwapCleared {
            /// The coldkey.
            who: AccountId,
        },
        /// A coldkey disputed its swap and is frozen.
        ColdkeySwapDisputed {
            /// The coldkey.
            coldkey: AccountId,
        },
        /// Root ended announcement and dispute.
        ColdkeySwapReset {
            /// The coldkey.
            who: AccountId,
        },
        /// A coldkey took the place of another one.
        ColdkeySwapped {
            /// The former coldkey.
            old_coldkey: AccountId,
            /// The present coldkey.
            new_coldkey: AccountId,
        },
    }
}
