//! Errors. Each sentence says what the reader can do; wallets show it.

use frame_support::pallet_macros::pallet_section;

/// Errors, imported into the pallet.
#[pallet_section]
mod errors {
    /// Why a call is refused.
    #[pallet::error]
    pub enum Error<T> {
        /// No subnet has this netuid; list the existing ones and choose another.
        SubnetNotExists,
        /// The subnet has no mechanism with this number; see `MechanismCountCurrent`.
        MechanismDoesNotExist,
        /// The root network does not exist on this chain.
        RootNetworkDoesNotExist,
        /// The hotkey has no uid on this subnet; register it first.
        HotKeyNotRegisteredInSubNet,
        /// The hotkey has no uid on the subnet it wants to serve; register it first.
        HotKeyNotRegisteredInNetwork,
        /// Nobody owns this hotkey yet; register or associate it first.
        HotKeyAccountNotExists,
        /// The hotkey already has a uid on this subnet; there is nothing to do.
        HotKeyAlreadyRegisteredInSubNet,
        /// The signing coldkey does not own this hotkey; sign with its owner.
        NonAssociatedColdKey,
        /// Only the owner of the subnet may do this; sign with the owner's coldkey.
        NotSubnetOwner,
        /// The neuron has no validator permit; stake more and wait for the next epoch.
        NeuronNoValidatorPermit,
        /// This account belongs to the chain itself; use another one.
        CannotUseSystemAccount,
        /// The coldkey's free balance is less than the amount and the existential deposit; send it TAO or lower the amount.
        NotEnoughBalanceToStake,
        /// The stake weight of the hotkey is below the threshold for setting weights; stake more.
        NotEnoughStakeToSetWeights,
        /// The coldkey cannot pay what creating a subnet costs now; see `get_network_registration_cost`.
        CannotAffordLockCost,
        /// The root network is full and the hotkey's stake is not above that of its lowest member; stake more.
        StakeTooLowForRoot,
        /// The pool is too small for this trade; choose a smaller amount.
        InsufficientLiquidity,
        /// The price is beyond your limit; raise the tolerance or wait.
        SlippageTooHigh,
        /// The subnet has not been started; its owner has to send `start_call`.
        SubtokenDisabled,
        /// The subnet accepts no registrations now.
        SubNetRegistrationDisabled,
        /// The subnet takes weights by commit and reveal only; commit them instead.
        CommitRevealEnabled,
        /// The subnet takes plain weights only; set them instead.
        CommitRevealDisabled,
        /// This call waits for a part of the chain that is not there yet; use hash commits for weights.
        DisabledTemporarily,
        /// This call is gone; its replacement is named in its documentation.
        Deprecated,
        /// Epochs cannot be triggered while the subnet uses commit and reveal.
        DynamicTempoBlockedByCommitReveal,
        /// Weights were set less than `WeightsSetRateLimit` blocks ago; wait.
        SettingWeightsTooFast,
        /// Weights were committed less than `WeightsSetRateLimit` blocks ago; wait.
        CommittingWeightsTooFast,
        /// The root network takes no more registrations in this block; try the next one.
        TooManyRegistrationsThisBlock,
        /// The root network takes no more registrations in this interval; wait for the next one.
        TooManyRegistrationsThisInterval,
        /// A subnet was created less than `NetworkRateLimit` blocks ago; wait.
        NetworkTxRateLimitExceeded,
        /// This was done too recently; wait for the rate limit to pass.
        TxRateLimitExceeded,
        /// The endpoint was changed less than `ServingRateLimit` blocks ago; wait.
        ServingRateLimitExceeded,
        /// The subnet is too young to be started; wait for `StartCallDelay`.
        NeedWaitingMoreBlocksToStarCall,
        /// The commit can only be revealed in a later epoch; wait for `RevealPeriodEpochs`.
        RevealTooEarly,
        /// Hyperparameters are frozen shortly before an epoch; try again after it.
        AdminActionProhibitedDuringWeightsWindow,
        /// The epoch for revealing this commit is over; commit again.
        ExpiredWeightCommit,
        /// The round of the commit is already known, so it would hide nothing; choose a later one.
        InvalidRevealRound,
        /// The hotkey has no open commit on this mechanism; commit first.
        NoWeightsCommitFound,
        /// The subnet has been started already; there is nothing to do.
        FirstEmissionBlockNumberAlreadySet,
        /// Another subnet uses this symbol; choose another one.
        SymbolAlreadyInUse,
        /// The symbol is not in the catalogue; choose one that is.
        SymbolDoesNotExist,
        /// The amount is below the least; choose more.
        AmountTooLow,
        /// One weight is a greater part of the row than `MaxWeightsLimit` allows; spread them.
        MaxWeightExceeded,
        /// There are more weights than neurons; remove some.
        UidsLengthExceedUidsInSubNet,
        /// Ten commits are open already; reveal or wait until they expire.
        TooManyUnrevealedCommits,
        /// The subnet is full and every neuron is protected; wait until one leaves immunity.
        NoNeuronIdAvailable,
        /// There is no room for another subnet.
        SubnetLimitReached,
        /// Registering costs more than your limit; raise it or wait.
        RegistrationPriceLimitExceeded,
        /// Neurons times mechanisms would exceed the limit; lower one of them.
        TooManyUIDsPerMechanism,
        /// More than four fifths of the remaining neurons would be immune; trim less or wait.
        TrimmingWouldExceedMaxImmunePercentage,
        /// The address type is neither 4 nor 6.
        InvalidIpType,
        /// The address cannot be reached by others; give a public one.
        InvalidIpAddress,
        /// Port 0 cannot be served; give another one.
        InvalidPort,
        /// There are not as many weights as uids.
        WeightVecNotEqualSize,
        /// There are fewer weights than `MinAllowedWeights`; add some.
        WeightVecLengthIsLow,
        /// A uid appears twice; name each once.
        DuplicateUids,
        /// A uid is not on the subnet; read the metagraph again.
        UidVecContainInvalidOne,
        /// The version is older than `WeightsVersionKey`; update the validator's software.
        IncorrectWeightVersionKey,
        /// The root network takes no weights.
        CanNotSetRootNetworkWeights,
        /// This does not work on the root network; use `root_register` there.
        RegistrationNotPermittedOnRootSubnet,
        /// No open commit has the hash of what was revealed; check uids, values, salt and version.
        InvalidRevealCommitHashNotMatch,
        /// The lists of the call differ in length.
        InputLengthsUnequal,
        /// A field of the identity is too long; shorten it.
        InvalidIdentity,
        /// The value is outside of its range.
        InvalidValue,
        /// The reveal period is above 100 epochs; choose less.
        RevealPeriodTooLarge,
        /// The reveal period is 0; choose at least one epoch.
        RevealPeriodTooSmall,
        /// The higher rate is below 1638; choose more.
        AlphaHighTooLow,
        /// The lower rate is below 1638 or above the higher one; choose one between.
        AlphaLowOutOfRange,
        /// Liquid alpha is off; switch it on first.
        LiquidAlphaDisabled,
        /// The tempo is outside of 360 to 50400 blocks; choose one within.
        TempoOutOfBounds,
        /// The factor is outside of 1000 to 50000; choose one within.
        ActivityCutoffFactorMilliOutOfBounds,
        /// The cutoff is below 360 blocks; choose more.
        ActivityCutoffTooLow,
        /// An epoch has been triggered already; wait for it.
        EpochTriggerAlreadyPending,
        /// The next epoch is due anyway within the freeze window; wait for it.
        AutoEpochAlreadyImminent,
        /// The take of children is outside of its range; choose one within.
        InvalidChildkeyTake,
        /// An amount exceeds what the chain can count; choose less.
        Overflow,
        /// The position holds less than the amount; choose less.
        NotEnoughStake,
        /// The position holds less than the amount; choose less.
        NotEnoughStakeToWithdraw,
        /// The coldkey owns as many hotkeys as it may; use another coldkey.
        TooManyOwnedHotkeys,
        /// The coldkey stakes on as many hotkeys as it may; use another coldkey.
        TooManyStakingHotkeys,
        /// The salt is longer than 256 words; shorten it.
        SaltTooLong,
        /// The batch has more than 64 items; split it.
        BatchTooLong,
        /// Too many subnets are being cleaned up; try again later.
        CleanupQueueFull,
        /// The epoch of the subnet could not be computed; its amounts wait for the next one.
        EpochFailed,
        /// The certificate is empty or too long; give one of at most 65 bytes.
        InvalidCertificate,

        // ---- Stake, delegation, root dividends and key swaps ----
        /// The hotkey has too little stake to lend it.
        NotEnoughStakeToSetChildkeys,
        /// Origin and destination are the same position; name another hotkey, subnet or coldkey.
        SameNetuid,
        /// One of the subnets does not let stake change its owner.
        TransferDisallowed,
        /// Locked stake cannot leave.
        StakeUnavailable,
        /// Not even a part can be traded within your limit; raise the tolerance or wait.
        ZeroMaxAmount,
        /// The subnet has less alpha outside of its pool than that.
        NotEnoughAlphaOutToRecycle,
        /// Stake on root is TAO; it can be neither burned nor recycled.
        CannotBurnOrRecycleOnRootSubnet,
        /// The owner of the subnet has bought and burned within this tempo; wait for the next one.
        AddStakeBurnRateLimitExceeded,
        /// The take is below the least one; a rise has to raise it, and a fall to lower it by at least 65 of 65535.
        DelegateTakeTooLow,
        /// The take is above the greatest one.
        DelegateTakeTooHigh,
        /// The take was changed too recently to be raised; wait.
        DelegateTxRateLimitExceeded,
        /// A hotkey cannot be its own child.
        InvalidChild,
        /// A child is named twice.
        DuplicateChild,
        /// The proportions of the children sum to more than one.
        ProportionOverflow,
        /// A child is a parent of the hotkey, or has no place for another parent that lends so little.
        ChildParentInconsistency,
        /// A hotkey can have five children on a subnet.
        TooManyChildren,
        /// The take of the child was changed too recently to be raised; wait.
        TxChildkeyTakeRateLimitExceeded,
        /// That hotkey is the destination already.
        SameAutoStakeHotkeyAlreadySet,
        /// Name one to five subnets.
        InvalidSubnetNumber,
        /// At most 50 root stakers can be served in a block.
        InvalidNumRootClaim,
        /// The threshold is above the greatest one.
        InvalidRootClaimThreshold,
        /// There are too many hotkeys for that many subnets: claim of fewer subnets, or hotkey by hotkey.
        TooManyRootClaims,
        /// The coldkey cannot pay for the swap.
        NotEnoughBalanceToPaySwapHotKey,
        /// The coldkey cannot pay for the swap.
        NotEnoughBalanceToPaySwapColdKey,
        /// The new hotkey is the old one.
        NewHotKeyIsSameWithOld,
        /// The new hotkey holds stake on root or has root dividends of its own.
        NewHotKeyNotCleanForRootSwap,
        /// The new hotkey has children, parents or a take as a child of its own there; use a fresh one.
        NewHotKeyLends,
        /// A hotkey was swapped too recently.
        HotKeySetTxRateLimitExceeded,
        /// The hotkey was swapped on this subnet too recently.
        HotKeySwapOnSubnetIntervalNotPassed,
        /// The new coldkey is a hotkey.
        NewColdKeyIsHotkey,
        /// The new coldkey holds stake or hotkeys already.
        ColdKeyAlreadyAssociated,
        /// The swap of this coldkey is announced; until it is done or cleared, nothing else can be sent.
        ColdkeySwapAnnounced,
        /// The swap of this coldkey is disputed; only root can end that.
        ColdkeySwapDisputed,
        /// No swap of this coldkey is announced or disputed.
        ColdkeySwapAnnouncementNotFound,
        /// The announced swap cannot be executed yet.
        ColdkeySwapTooEarly,
        /// Another swap cannot be announced yet.
        ColdkeySwapReannouncedTooEarly,
        /// The hash of the new coldkey is not the announced one.
        AnnouncedColdkeyHashDoesNotMatch,
        /// The swap of this coldkey is disputed already.
        ColdkeySwapAlreadyDisputed,
        /// The announcement cannot be cleared yet.
        ColdkeySwapClearTooEarly,
        /// More positions would have to move than fit a block; swap the registration and keep the stake.
        TooManyPositionsToMove,
    }
}
