//! Storage. Names, keys, hashers, types and defaults of everything but the items marked as own are
//! those that clients read (section D.1 of the interface).
//!
//! Hashers: `Identity` where the key is a small integer that the chain hands out, a concatenating hash
//! where an outsider chooses it. A map by subnet has at most 4096 entries, a map by neuron 4096 for each.

use frame_support::pallet_macros::pallet_section;

/// Storage items, imported into the pallet.
#[pallet_section]
mod storage {
    // ---- Network-wide ----

    /// Number of subnets, root included.
    #[pallet::storage]
    pub type TotalNetworks<T: Config> = StorageValue<_, u16, ValueQuery>;

    /// Existing subnets in ascending order, as `NetworksAdded` in one value. Own item.
    #[pallet::storage]
    pub type SubnetList<T: Config> =
        StorageValue<_, BoundedVec<NetUid, ConstU32<4_096>>, ValueQuery>;

    /// Symbols in use, in the order of their bytes. Own item.
    #[pallet::storage]
    pub type SymbolsInUse<T: Config> =
        StorageMap<_, Blake2_128Concat, BoundedVec<u8, ConstU32<8>>, NetUid, OptionQuery>;

    /// The most subnets, root not counted.
    #[pallet::storage]
    pub type SubnetLimit<T: Config> = StorageValue<_, u16, ValueQuery, ConstU16<128>>;

    /// What the last creation of a subnet cost.
    #[pallet::storage]
    pub type NetworkLastLockCost<T: Config> =
        StorageValue<_, TaoBalance, ValueQuery, ConstTao<1_000_000_000_000>>;

    /// The least that creating a subnet costs.
    #[pallet::storage]
    pub type NetworkMinLockCost<T: Config> =
        StorageValue<_, TaoBalance, ValueQuery, ConstTao<1_000_000_000_000>>;

    /// Block of the last creation of a subnet; none before the first.
    #[pallet::storage]
    pub type NetworkLastCreatedAt<T: Config> = StorageValue<_, u64, OptionQuery>;

    /// Blocks between two creations of subnets.
    #[pallet::storage]
    pub type NetworkRateLimit<T: Config> = StorageValue<_, u64, ValueQuery, ConstU64<7_200>>;

    /// Blocks after its creation in which a subnet is not dissolved to make room.
    #[pallet::storage]
    pub type NetworkImmunityPeriod<T: Config> =
        StorageValue<_, u64, ValueQuery, ConstU64<1_296_000>>;

    /// Blocks in which the cost of a creation falls by the last one, while a block emits 1 TAO.
    #[pallet::storage]
    pub type LockReductionInterval<T: Config> = StorageValue<_, u64, ValueQuery, ConstU64<100_800>>;

    /// All TAO, as at the end of the last block.
    #[pallet::storage]
    pub type TotalIssuance<T: Config> = StorageValue<_, TaoBalance, ValueQuery>;

    /// TAO in all pools, root included.
    #[pallet::storage]
    pub type TotalStake<T: Config> = StorageValue<_, TaoBalance, ValueQuery>;

    /// Blocks between two key swaps of a coldkey.
    #[pallet::storage]
    pub type TxRateLimit<T: Config> = StorageValue<_, u64, ValueQuery, ConstU64<1_000>>;

    /// Blocks between two rises of a delegate take.
    #[pallet::storage]
    pub type TxDelegateTakeRateLimit<T: Config> =
        StorageValue<_, u64, ValueQuery, ConstU64<216_000>>;

    /// Blocks between two rises of a child's take.
    #[pallet::storage]
    pub type TxChildkeyTakeRateLimit<T: Config> =
        StorageValue<_, u64, ValueQuery, ConstU64<216_000>>;

    /// Blocks before children take effect.
    #[pallet::storage]
    pub type PendingChildKeyCooldown<T: Config> = StorageValue<_, u64, ValueQuery, ConstU64<7_200>>;

    /// Part of what a child's owner passes on to parents of other owners that is recycled, of 2^64−1.
    #[pallet::storage]
    pub type CKBurn<T: Config> = StorageValue<_, u64, ValueQuery>;

    /// Part of a subnet's emission that its owner is paid, of 65535.
    #[pallet::storage]
    pub type SubnetOwnerCut<T: Config> = StorageValue<_, u16, ValueQuery, ConstU16<11_796>>;

    /// Part of the way to the price that a moving price goes in a block, in the long run.
    #[pallet::storage]
    pub type SubnetMovingAlpha<T: Config> = StorageValue<_, I96F32, ValueQuery, DefaultMovingAlpha>;

    /// Blocks after its first emission at which a subnet's moving price follows half as fast as it ever will.
    #[pallet::storage]
    pub type EMAPriceHalvingBlocks<T: Config> = StorageValue<_, u64, ValueQuery, ConstU64<201_600>>;

    /// Stake weight below which a neuron counts as without stake.
    #[pallet::storage]
    pub type StakeThreshold<T: Config> = StorageValue<_, u64, ValueQuery>;

    /// Least nomination, in millionths of the least stake.
    #[pallet::storage]
    pub type NominatorMinRequiredStake<T: Config> = StorageValue<_, u64, ValueQuery>;

    /// Last blocks of a tempo in which hyperparameters are frozen.
    #[pallet::storage]
    pub type AdminFreezeWindow<T: Config> = StorageValue<_, u16, ValueQuery, ConstU16<10>>;

    /// Tempos between two changes of one hyperparameter by an owner.
    #[pallet::storage]
    pub type OwnerHyperparamRateLimit<T: Config> = StorageValue<_, u16, ValueQuery, ConstU16<2>>;

    /// Block of the last use of an action that may not be repeated at once.
    #[pallet::storage]
    pub type LastRateLimitedBlock<T: Config> =
        StorageMap<_, Identity, RateLimitKey<AccountId>, u64, ValueQuery>;

    /// Blocks after its creation before a subnet can be started.
    #[pallet::storage]
    pub type StartCallDelay<T: Config> = StorageValue<_, u64, ValueQuery>;

    /// Take of a new delegate, of 65535.
    #[pallet::storage]
    pub type DefaultDelegateTake<T: Config> = StorageValue<_, u16, ValueQuery, ConstU16<11_796>>;

    /// Lowest delegate take, of 65535.
    #[pallet::storage]
    pub type MinDelegateTake<T: Config> = StorageValue<_, u16, ValueQuery>;

    /// Highest delegate take, of 65535.
    #[pallet::storage]
    pub type MaxDelegateTake<T: Config> = StorageValue<_, u16, ValueQuery, ConstU16<11_796>>;

    /// Lowest take of a child, of 65535.
    #[pallet::storage]
    pub type MinChildkeyTake<T: Config> = StorageValue<_, u16, ValueQuery>;

    /// Highest take of a child, of 65535.
    #[pallet::storage]
    pub type MaxChildkeyTake<T: Config> = StorageValue<_, u16, ValueQuery, ConstU16<11_796>>;

    /// What a rao on root weighs against a unit of alpha, of 2^64−1.
    #[pallet::storage]
    pub type TaoWeight<T: Config> =
        StorageValue<_, u64, ValueQuery, ConstU64<971_718_665_099_567_868>>;

    /// The most epochs that run in one block.
    #[pallet::storage]
    pub type MaxEpochsPerBlock<T: Config> = StorageValue<_, u8, ValueQuery, ConstU8<2>>;

    /// The most mechanisms of a subnet.
    #[pallet::storage]
    pub type MaxMechanismCount<T: Config> = StorageValue<_, u8, ValueQuery, ConstU8<2>>;

    /// Neurons outside of immunity that a subnet keeps.
    #[pallet::storage]
    pub type MinNonImmuneUids<T: Config> = StorageValue<_, u16, ValueQuery, ConstU16<10>>;

    /// Tempo of a new subnet.
    #[pallet::storage]
    pub type InitialTempo<T: Config> = StorageValue<_, u16, ValueQuery, ConstU16<360>>;

    /// Whether neurons may serve on loopback addresses; written by the genesis only.
    #[pallet::storage]
    pub type AllowsLoopback<T: Config> = StorageValue<_, bool, ValueQuery>;

    /// Blocks in which locked stake decays to 1/e.
    #[pallet::storage]
    pub type UnlockRate<T: Config> = StorageValue<_, u64, ValueQuery, ConstU64<934_866>>;

    /// Blocks in which conviction matures.
    #[pallet::storage]
    pub type MaturityRate<T: Config> = StorageValue<_, u64, ValueQuery, ConstU64<934_866>>;

    /// Blocks from the announcement of a coldkey swap to its execution.
    #[pallet::storage]
    pub type ColdkeySwapAnnouncementDelay<T: Config> =
        StorageValue<_, u32, ValueQuery, ConstU32<36_000>>;

    /// Blocks after that before another one may be announced.
    #[pallet::storage]
    pub type ColdkeySwapReannouncementDelay<T: Config> =
        StorageValue<_, u32, ValueQuery, ConstU32<7_200>>;

    /// Root stakers whose dividends are claimed automatically in each block.
    #[pallet::storage]
    pub type NumRootClaim<T: Config> = StorageValue<_, u64, ValueQuery, ConstU64<5>>;

    /// Blocks for which root stake stays locked; 0 for none.
    #[pallet::storage]
    pub type RootStakeUnlockInterval<T: Config> = StorageValue<_, u64, ValueQuery>;

    // ---- Keys, ownership and delegation ----

    /// Coldkey that owns a hotkey; the zero account for an unknown hotkey.
    #[pallet::storage]
    pub type Owner<T: Config> =
        StorageMap<_, Blake2_128Concat, AccountId, AccountId, ValueQuery, ZeroAccount>;

    /// Hotkeys that a coldkey owns, without duplicates.
    #[pallet::storage]
    pub type OwnedHotkeys<T: Config> = StorageMap<
        _,
        Blake2_128Concat,
        AccountId,
        BoundedVec<AccountId, ConstU32<MAX_OWNED_HOTKEYS>>,
        ValueQuery,
    >;

    /// Hotkeys on which a coldkey holds stake, without duplicates.
    #[pallet::storage]
    pub type StakingHotkeys<T: Config> = StorageMap<
        _,
        Blake2_128Concat,
        AccountId,
        BoundedVec<AccountId, ConstU32<MAX_STAKING_HOTKEYS>>,
        ValueQuery,
    >;

    /// Take of a delegate; an entry makes a hotkey a delegate.
    #[pallet::storage]
    pub type Delegates<T: Config> =
        StorageMap<_, Blake2_128Concat, AccountId, u16, ValueQuery, ConstU16<11_796>>;

    /// Take of a child from what its parents' stake earns.
    #[pallet::storage]
    pub type ChildkeyTake<T: Config> =
        StorageDoubleMap<_, Blake2_128Concat, AccountId, Identity, NetUid, u16, ValueQuery>;

    /// Lowest take of a child on a subnet.
    #[pallet::storage]
    pub type MinChildkeyTakePerSubnet<T: Config> = StorageMap<_, Identity, NetUid, u16, ValueQuery>;

    /// Hotkeys to which a hotkey lends its stake, with proportions of 2^64−1.
    #[pallet::storage]
    pub type ChildKeys<T: Config> = StorageDoubleMap<
        _,
        Blake2_128Concat,
        AccountId,
        Identity,
        NetUid,
        Edges<ConstU32<MAX_CHILDREN>>,
        ValueQuery,
    >;

    /// Hotkeys that lend their stake to a hotkey, with proportions of 2^64−1.
    #[pallet::storage]
    pub type ParentKeys<T: Config> = StorageDoubleMap<
        _,
        Blake2_128Concat,
        AccountId,
        Identity,
        NetUid,
        Edges<ConstU32<MAX_PARENTS>>,
        ValueQuery,
    >;

    /// Children that take effect at the first epoch from a block on.
    #[pallet::storage]
    pub type PendingChildKeys<T: Config> = StorageDoubleMap<
        _,
        Identity,
        NetUid,
        Blake2_128Concat,
        AccountId,
        (Edges<ConstU32<MAX_CHILDREN>>, u64),
        ValueQuery,
    >;

    /// Scheduled sets of children by the block from which they count, in big endian so that the oldest comes
    /// first, and by parent: an index of `PendingChildKeys`. Own item.
    #[pallet::storage]
    pub type ChildrenDue<T: Config> = StorageNMap<
        _,
        (
            NMapKey<Identity, NetUid>,
            NMapKey<Identity, [u8; 8]>,
            NMapKey<Blake2_128Concat, AccountId>,
        ),
        (),
        OptionQuery,
    >;

    /// Subnets with scheduled children that found no room before an epoch. Own item.
    #[pallet::storage]
    pub type ChildrenBacklog<T: Config> =
        StorageValue<_, BoundedVec<NetUid, ConstU32<4_096>>, ValueQuery>;

    /// Number of edges from parents to children on a subnet. Own item.
    #[pallet::storage]
    pub type LentEdges<T: Config> = StorageMap<_, Identity, NetUid, u32, ValueQuery>;

    /// Children with more than two parents, each as often as it has more, in no order. Own item.
    #[pallet::storage]
    pub type FurtherPlaces<T: Config> = StorageMap<
        _,
        Identity,
        NetUid,
        BoundedVec<AccountId, ConstU32<MAX_FURTHER_PARENTS>>,
        ValueQuery,
    >;

    /// Hotkeys with children, parents or a take of their own on a subnet. Own item.
    #[pallet::storage]
    pub type Lenders<T: Config> =
        StorageDoubleMap<_, Identity, NetUid, Blake2_128Concat, AccountId, (), OptionQuery>;

    /// Hotkeys that do not become parents of the owner hotkeys of new subnets. Own item.
    #[pallet::storage]
    pub type AutoParentDelegationOff<T: Config> =
        StorageMap<_, Blake2_128Concat, AccountId, (), OptionQuery>;

    /// What a coldkey says about itself.
    #[pallet::storage]
    pub type IdentitiesV2<T: Config> =
        StorageMap<_, Blake2_128Concat, AccountId, Stored<ChainIdentityV2>, OptionQuery>;

    /// Hotkey on which a coldkey's miner income is staked.
    #[pallet::storage]
    pub type AutoStakeDestination<T: Config> =
        StorageDoubleMap<_, Blake2_128Concat, AccountId, Identity, NetUid, AccountId, OptionQuery>;

    /// Coldkeys with a destination on a subnet. Own item.
    #[pallet::storage]
    pub type AutoStakers<T: Config> =
        StorageDoubleMap<_, Identity, NetUid, Blake2_128Concat, AccountId, (), OptionQuery>;

    /// Switches of an account.
    #[pallet::storage]
    pub type AccountFlags<T: Config> = StorageMap<_, Blake2_128Concat, AccountId, u128, ValueQuery>;

    /// Announced coldkey swaps: block of execution, hash of the new coldkey.
    #[pallet::storage]
    pub type ColdkeySwapAnnouncements<T: Config> =
        StorageMap<_, Twox64Concat, AccountId, (u32, H256), OptionQuery>;

    /// Coldkeys frozen by a dispute, since a block.
    #[pallet::storage]
    pub type ColdkeySwapDisputes<T: Config> =
        StorageMap<_, Twox64Concat, AccountId, u32, OptionQuery>;

    // ---- Subnet facts ----

    /// Whether a subnet exists.
    #[pallet::storage]
    pub type NetworksAdded<T: Config> = StorageMap<_, Identity, NetUid, bool, ValueQuery>;

    /// Number of neurons.
    #[pallet::storage]
    pub type SubnetworkN<T: Config> = StorageMap<_, Identity, NetUid, u16, ValueQuery>;

    /// The most neurons.
    #[pallet::storage]
    pub type MaxAllowedUids<T: Config> =
        StorageMap<_, Identity, NetUid, u16, ValueQuery, ConstU16<256>>;

    /// What the most neurons cannot be set below.
    #[pallet::storage]
    pub type MinAllowedUids<T: Config> =
        StorageMap<_, Identity, NetUid, u16, ValueQuery, ConstU16<64>>;

    /// Coldkey of the owner.
    #[pallet::storage]
    pub type SubnetOwner<T: Config> =
        StorageMap<_, Identity, NetUid, AccountId, ValueQuery, ZeroAccount>;

    /// Hotkey of the owner.
    #[pallet::storage]
    pub type SubnetOwnerHotkey<T: Config> =
        StorageMap<_, Identity, NetUid, AccountId, ValueQuery, ZeroAccount>;

    /// Block of the creation.
    #[pallet::storage]
    pub type NetworkRegisteredAt<T: Config> = StorageMap<_, Identity, NetUid, u64, ValueQuery>;

    /// First block that emits to the subnet; none until it is started.
    #[pallet::storage]
    pub type FirstEmissionBlockNumber<T: Config> =
        StorageMap<_, Identity, NetUid, u64, OptionQuery>;

    /// Whether the alpha of the subnet can be staked.
    #[pallet::storage]
    pub type SubtokenEnabled<T: Config> = StorageMap<_, Identity, NetUid, bool, ValueQuery>;

    /// What the creation cost.
    #[pallet::storage]
    pub type SubnetLocked<T: Config> = StorageMap<_, Identity, NetUid, TaoBalance, ValueQuery>;

    /// Symbol of the alpha: one character in UTF-8.
    #[pallet::storage]
    pub type TokenSymbol<T: Config> =
        StorageMap<_, Identity, NetUid, BoundedVec<u8, ConstU32<8>>, ValueQuery, RootSymbol>;

    /// What a subnet says about itself.
    #[pallet::storage]
    pub type SubnetIdentitiesV3<T: Config> =
        StorageMap<_, Blake2_128Concat, NetUid, Stored<SubnetIdentityV3>, OptionQuery>;

    /// 1 for a subnet with a pool, 0 for one where alpha is TAO.
    #[pallet::storage]
    pub type SubnetMechanism<T: Config> = StorageMap<_, Identity, NetUid, u16, ValueQuery>;

    /// Number of mechanisms.
    #[pallet::storage]
    pub type MechanismCountCurrent<T: Config> =
        StorageMap<_, Twox64Concat, NetUid, MechId, ValueQuery, OneMechanism>;

    /// Parts of 65535 that the mechanisms divide; even if none.
    #[pallet::storage]
    pub type MechanismEmissionSplit<T: Config> =
        StorageMap<_, Twox64Concat, NetUid, BoundedVec<u16, ConstU32<16>>, OptionQuery>;

    /// Averaged flow of TAO, with the block of the average; not computed.
    #[pallet::storage]
    pub type SubnetEmaTaoFlow<T: Config> =
        StorageMap<_, Identity, NetUid, (u64, I64F64), OptionQuery>;

    /// TAO put into the pool in the last block.
    #[pallet::storage]
    pub type SubnetTaoInEmission<T: Config> =
        StorageMap<_, Identity, NetUid, TaoBalance, ValueQuery>;

    /// Alpha put into the pool in the last block.
    #[pallet::storage]
    pub type SubnetAlphaInEmission<T: Config> =
        StorageMap<_, Identity, NetUid, AlphaBalance, ValueQuery>;

    /// Alpha issued to participants in the last block.
    #[pallet::storage]
    pub type SubnetAlphaOutEmission<T: Config> =
        StorageMap<_, Identity, NetUid, AlphaBalance, ValueQuery>;

    /// TAO in the pool.
    #[pallet::storage]
    pub type SubnetTAO<T: Config> = StorageMap<_, Identity, NetUid, TaoBalance, ValueQuery>;

    /// Alpha in the pool.
    #[pallet::storage]
    pub type SubnetAlphaIn<T: Config> = StorageMap<_, Identity, NetUid, AlphaBalance, ValueQuery>;

    /// Alpha outside of the pool.
    #[pallet::storage]
    pub type SubnetAlphaOut<T: Config> = StorageMap<_, Identity, NetUid, AlphaBalance, ValueQuery>;

    /// Alpha that the chain bought.
    #[pallet::storage]
    pub type SubnetProtocolAlpha<T: Config> =
        StorageMap<_, Identity, NetUid, AlphaBalance, ValueQuery>;

    /// Moving price of alpha.
    #[pallet::storage]
    pub type SubnetMovingPrice<T: Config> = StorageMap<_, Identity, NetUid, I96F32, ValueQuery>;

    /// The moving price with all its bits: 96 of them are fractional. Own item.
    #[pallet::storage]
    pub type MovingPriceBits<T: Config> = StorageMap<_, Identity, NetUid, u128, ValueQuery>;

    /// TAO traded since the creation.
    #[pallet::storage]
    pub type SubnetVolume<T: Config> = StorageMap<_, Identity, NetUid, u128, ValueQuery>;

    /// Whether the subnet takes part in the emission of TAO.
    #[pallet::storage]
    pub type SubnetEmissionEnabled<T: Config> =
        StorageMap<_, Identity, NetUid, bool, ValueQuery, ConstBool<true>>;

    /// Whether stake may change its coldkey.
    #[pallet::storage]
    pub type TransferToggle<T: Config> =
        StorageMap<_, Identity, NetUid, bool, ValueQuery, ConstBool<true>>;

    /// Whether the owner is paid a part of the emission.
    #[pallet::storage]
    pub type OwnerCutEnabled<T: Config> =
        StorageMap<_, Identity, NetUid, bool, ValueQuery, ConstBool<true>>;

    /// Whether that part is locked when it is paid.
    #[pallet::storage]
    pub type OwnerCutAutoLockEnabled<T: Config> = StorageMap<_, Identity, NetUid, bool, ValueQuery>;

    /// What is divided at the next epoch. Own item.
    #[pallet::storage]
    pub type PendingEmissions<T: Config> =
        StorageMap<_, Identity, NetUid, PendingEmission, ValueQuery>;

    /// Alpha that belongs to nobody yet: dust, and pots without claims. It joins the next epoch. Own item.
    #[pallet::storage]
    pub type SubnetResidual<T: Config> = StorageMap<_, Identity, NetUid, AlphaBalance, ValueQuery>;

    /// Alpha that root stakers can claim. Own item.
    #[pallet::storage]
    pub type RootDividendPot<T: Config> = StorageMap<_, Identity, NetUid, AlphaBalance, ValueQuery>;

    /// Alpha taken from its holders for good, still counted as issued. Own item.
    #[pallet::storage]
    pub type BurnedAlpha<T: Config> = StorageMap<_, Identity, NetUid, AlphaBalance, ValueQuery>;

    /// Part of the last epoch's miner emission that was withheld, of 2^64−1. Own item.
    #[pallet::storage]
    pub type MinerBurned<T: Config> = StorageMap<_, Identity, NetUid, u64, ValueQuery>;

    // ---- Registration ----

    /// Price of registering a neuron now.
    #[pallet::storage]
    pub type Burn<T: Config> =
        StorageMap<_, Identity, NetUid, TaoBalance, ValueQuery, ConstTao<100_000_000>>;

    /// Lowest price.
    #[pallet::storage]
    pub type MinBurn<T: Config> =
        StorageMap<_, Identity, NetUid, TaoBalance, ValueQuery, ConstTao<500_000>>;

    /// Highest price.
    #[pallet::storage]
    pub type MaxBurn<T: Config> =
        StorageMap<_, Identity, NetUid, TaoBalance, ValueQuery, ConstTao<100_000_000_000>>;

    /// Blocks in which the price halves.
    #[pallet::storage]
    pub type BurnHalfLife<T: Config> =
        StorageMap<_, Identity, NetUid, u16, ValueQuery, ConstU16<360>>;

    /// Factor by which a registration raises the price.
    #[pallet::storage]
    pub type BurnIncreaseMult<T: Config> =
        StorageMap<_, Identity, NetUid, U64F64, ValueQuery, DefaultRise>;

    /// Whether neurons may register.
    #[pallet::storage]
    pub type NetworkRegistrationAllowed<T: Config> =
        StorageMap<_, Identity, NetUid, bool, ValueQuery, ConstBool<true>>;

    /// Kept for clients; registration by proof of work is gone.
    #[pallet::storage]
    pub type NetworkPowRegistrationAllowed<T: Config> =
        StorageMap<_, Identity, NetUid, bool, ValueQuery, ConstBool<true>>;

    /// Registrations in an interval for which the root network is made; three times as many are allowed.
    #[pallet::storage]
    pub type TargetRegistrationsPerInterval<T: Config> =
        StorageMap<_, Identity, NetUid, u16, ValueQuery, ConstU16<2>>;

    /// Registrations in the running interval.
    #[pallet::storage]
    pub type RegistrationsThisInterval<T: Config> =
        StorageMap<_, Identity, NetUid, u16, ValueQuery>;

    /// The most registrations of a block on root.
    #[pallet::storage]
    pub type MaxRegistrationsPerBlock<T: Config> =
        StorageMap<_, Identity, NetUid, u16, ValueQuery, ConstU16<1>>;

    /// Subnets with registrations in this block, whose counters restart in the next one. Own item.
    #[pallet::storage]
    pub type RegisteredThisBlock<T: Config> =
        StorageValue<_, BoundedVec<NetUid, ConstU32<4_096>>, ValueQuery>;

    /// Registrations in this block.
    #[pallet::storage]
    pub type RegistrationsThisBlock<T: Config> = StorageMap<_, Identity, NetUid, u16, ValueQuery>;

    /// Block in which the running interval began.
    #[pallet::storage]
    pub type LastAdjustmentBlock<T: Config> = StorageMap<_, Identity, NetUid, u64, ValueQuery>;

    /// Blocks of an interval.
    #[pallet::storage]
    pub type AdjustmentInterval<T: Config> =
        StorageMap<_, Identity, NetUid, u16, ValueQuery, ConstU16<100>>;

    /// Kept for clients; unused.
    #[pallet::storage]
    pub type AdjustmentAlpha<T: Config> = StorageMap<_, Identity, NetUid, u64, ValueQuery>;

    /// Kept for clients; unused.
    #[pallet::storage]
    pub type Difficulty<T: Config> =
        StorageMap<_, Identity, NetUid, u64, ValueQuery, ConstU64<10_000_000>>;

    /// Kept for clients; unused.
    #[pallet::storage]
    pub type MinDifficulty<T: Config> =
        StorageMap<_, Identity, NetUid, u64, ValueQuery, ConstU64<10_000_000>>;

    /// Kept for clients; unused.
    #[pallet::storage]
    pub type MaxDifficulty<T: Config> =
        StorageMap<_, Identity, NetUid, u64, ValueQuery, ConstU64<4_611_686_018_427_387_903>>;

    // ---- Neurons ----

    /// Uid of a hotkey.
    #[pallet::storage]
    pub type Uids<T: Config> =
        StorageDoubleMap<_, Identity, NetUid, Blake2_128Concat, AccountId, u16, OptionQuery>;

    /// Hotkey of a uid.
    #[pallet::storage]
    pub type Keys<T: Config> =
        StorageDoubleMap<_, Identity, NetUid, Identity, u16, AccountId, ValueQuery, ZeroAccount>;

    /// Whether a hotkey has a uid on a subnet.
    #[pallet::storage]
    pub type IsNetworkMember<T: Config> =
        StorageDoubleMap<_, Blake2_128Concat, AccountId, Identity, NetUid, bool, ValueQuery>;

    /// Block in which the hotkey of a uid registered.
    #[pallet::storage]
    pub type BlockAtRegistration<T: Config> =
        StorageDoubleMap<_, Identity, NetUid, Identity, u16, u64, ValueQuery>;

    /// Hotkey, coldkey and block of registration of every neuron, by uid: what `Keys`, `Owner` and
    /// `BlockAtRegistration` say one by one, for those who need them all. Own item.
    #[pallet::storage]
    pub type UidHolders<T: Config> =
        StorageMap<_, Identity, NetUid, PerNeuron<UidHolder>, ValueQuery>;

    /// Block of the last weights or commit, or of the registration.
    #[pallet::storage]
    pub type LastUpdate<T: Config> =
        StorageMap<_, Identity, NetUidIndex, PerNeuron<u64>, ValueQuery>;

    /// Whether a neuron may set weights.
    #[pallet::storage]
    pub type ValidatorPermit<T: Config> =
        StorageMap<_, Identity, NetUid, PerNeuron<bool>, ValueQuery>;

    /// Whether a neuron updated its weights lately.
    #[pallet::storage]
    pub type Active<T: Config> = StorageMap<_, Identity, NetUid, PerNeuron<bool>, ValueQuery>;

    /// Consensus of the last epoch, of 65535.
    #[pallet::storage]
    pub type Consensus<T: Config> = StorageMap<_, Identity, NetUid, PerNeuron<u16>, ValueQuery>;

    /// Incentive of the last epoch, of 65535.
    #[pallet::storage]
    pub type Incentive<T: Config> =
        StorageMap<_, Identity, NetUidIndex, PerNeuron<u16>, ValueQuery>;

    /// Dividends of the last epoch, of 65535.
    #[pallet::storage]
    pub type Dividends<T: Config> = StorageMap<_, Identity, NetUid, PerNeuron<u16>, ValueQuery>;

    /// Alpha that the last epoch divided.
    #[pallet::storage]
    pub type Emission<T: Config> =
        StorageMap<_, Identity, NetUid, PerNeuron<AlphaBalance>, ValueQuery>;

    /// Validator trust of the last epoch, of 65535.
    #[pallet::storage]
    pub type ValidatorTrust<T: Config> =
        StorageMap<_, Identity, NetUid, PerNeuron<u16>, ValueQuery>;

    /// Normalised stake of the last epoch, of 65535.
    #[pallet::storage]
    pub type StakeWeight<T: Config> = StorageMap<_, Identity, NetUid, PerNeuron<u16>, ValueQuery>;

    /// Where a neuron serves.
    #[pallet::storage]
    pub type Axons<T: Config> =
        StorageDoubleMap<_, Identity, NetUid, Blake2_128Concat, AccountId, AxonInfo, OptionQuery>;

    /// Where a neuron serves its metrics.
    #[pallet::storage]
    pub type Prometheus<T: Config> = StorageDoubleMap<
        _,
        Identity,
        NetUid,
        Blake2_128Concat,
        AccountId,
        PrometheusInfo,
        OptionQuery,
    >;

    /// Certificate of a neuron's endpoint.
    #[pallet::storage]
    pub type NeuronCertificates<T: Config> = StorageDoubleMap<
        _,
        Identity,
        NetUid,
        Blake2_128Concat,
        AccountId,
        NeuronCertificate,
        OptionQuery,
    >;

    /// EVM address of a neuron, with the block of its association.
    #[pallet::storage]
    pub type AssociatedEvmAddress<T: Config> =
        StorageDoubleMap<_, Twox64Concat, NetUid, Twox64Concat, u16, (H160, u64), OptionQuery>;

    // ---- Epoch schedule ----

    /// Blocks between two epochs; 0 for never.
    #[pallet::storage]
    pub type Tempo<T: Config> = StorageMap<_, Identity, NetUid, u16, ValueQuery, ConstU16<360>>;

    /// Blocks since the last epoch that ran.
    #[pallet::storage]
    pub type BlocksSinceLastStep<T: Config> = StorageMap<_, Identity, NetUid, u64, ValueQuery>;

    /// Block of the last epoch, run or skipped.
    #[pallet::storage]
    pub type LastEpochBlock<T: Config> = StorageMap<_, Identity, NetUid, u64, ValueQuery>;

    /// Block from which an epoch must run; 0 for none.
    #[pallet::storage]
    pub type PendingEpochAt<T: Config> = StorageMap<_, Identity, NetUid, u64, ValueQuery>;

    /// Number of epochs so far; the clock of commit and reveal.
    #[pallet::storage]
    pub type SubnetEpochIndex<T: Config> = StorageMap<_, Identity, NetUid, u64, ValueQuery>;

    /// Block of the last epoch that ran. The spelling is what clients know.
    #[pallet::storage]
    pub type LastMechansimStepBlock<T: Config> = StorageMap<_, Identity, NetUid, u64, ValueQuery>;

    // ---- Weights and consensus ----

    /// Weights of a validator.
    #[pallet::storage]
    pub type Weights<T: Config> =
        StorageDoubleMap<_, Identity, NetUidIndex, Identity, u16, Row, ValueQuery>;

    /// Block whose knowledge a row of weights holds: when it was set, or committed. Own item.
    #[pallet::storage]
    pub type WeightsFrom<T: Config> =
        StorageMap<_, Identity, NetUidIndex, PerNeuron<u64>, ValueQuery>;

    /// Bonds of a validator.
    #[pallet::storage]
    pub type Bonds<T: Config> =
        StorageDoubleMap<_, Identity, NetUidIndex, Identity, u16, Row, ValueQuery>;

    /// Least version that weights must name; 0 for any.
    #[pallet::storage]
    pub type WeightsVersionKey<T: Config> = StorageMap<_, Identity, NetUid, u64, ValueQuery>;

    /// Blocks between two updates of weights.
    #[pallet::storage]
    pub type WeightsSetRateLimit<T: Config> =
        StorageMap<_, Identity, NetUid, u64, ValueQuery, ConstU64<100>>;

    /// Least number of weights in a row.
    #[pallet::storage]
    pub type MinAllowedWeights<T: Config> =
        StorageMap<_, Identity, NetUid, u16, ValueQuery, ConstU16<1_024>>;

    /// Greatest part of a row that one weight may be, of 65535.
    #[pallet::storage]
    pub type MaxWeightsLimit<T: Config> =
        StorageMap<_, Identity, NetUid, u16, ValueQuery, ConstU16<65_535>>;

    /// Whether weights are committed first and revealed later.
    #[pallet::storage]
    pub type CommitRevealWeightsEnabled<T: Config> =
        StorageMap<_, Identity, NetUid, bool, ValueQuery, ConstBool<true>>;

    /// Epochs from commit to reveal.
    #[pallet::storage]
    pub type RevealPeriodEpochs<T: Config> =
        StorageMap<_, Twox64Concat, NetUid, u64, ValueQuery, ConstU64<1>>;

    /// Version of timelocked commits.
    #[pallet::storage]
    pub type CommitRevealWeightsVersion<T: Config> = StorageValue<_, u16, ValueQuery, ConstU16<4>>;

    /// Open hash commits of a hotkey.
    #[pallet::storage]
    pub type WeightCommits<T: Config> = StorageDoubleMap<
        _,
        Twox64Concat,
        NetUidIndex,
        Twox64Concat,
        AccountId,
        HashCommits,
        OptionQuery,
    >;

    /// Timelocked commits by epoch; none are accepted until the beacon is there.
    #[pallet::storage]
    pub type TimelockedWeightCommits<T: Config> = StorageDoubleMap<
        _,
        Twox64Concat,
        NetUidIndex,
        Twox64Concat,
        u64,
        TimelockedCommits,
        ValueQuery,
    >;

    /// Kept for clients; unused.
    #[pallet::storage]
    pub type Rho<T: Config> = StorageMap<_, Identity, NetUid, u16, ValueQuery, ConstU16<10>>;

    /// Part of the stake that must agree, of 65535.
    #[pallet::storage]
    pub type Kappa<T: Config> = StorageMap<_, Identity, NetUid, u16, ValueQuery, ConstU16<32_767>>;

    /// Blocks after its registration in which a neuron is immune.
    #[pallet::storage]
    pub type ImmunityPeriod<T: Config> =
        StorageMap<_, Identity, NetUid, u16, ValueQuery, ConstU16<4_096>>;

    /// Kept for clients; see `ActivityCutoffFactorMilli`.
    #[pallet::storage]
    pub type ActivityCutoff<T: Config> =
        StorageMap<_, Identity, NetUid, u16, ValueQuery, ConstU16<5_000>>;

    /// Tempos, in thousandths, after which a silent validator is inactive.
    #[pallet::storage]
    pub type ActivityCutoffFactorMilli<T: Config> =
        StorageMap<_, Identity, NetUid, u32, ValueQuery, ConstU32<13_889>>;

    /// The most neurons with a permit.
    #[pallet::storage]
    pub type MaxAllowedValidators<T: Config> =
        StorageMap<_, Identity, NetUid, u16, ValueQuery, ConstU16<128>>;

    /// Part of the old bonds that stays, in millionths.
    #[pallet::storage]
    pub type BondsMovingAverage<T: Config> =
        StorageMap<_, Identity, NetUid, u64, ValueQuery, ConstU64<900_000>>;

    /// How much bonds follow the clipped weights, of 65535.
    #[pallet::storage]
    pub type BondsPenalty<T: Config> =
        StorageMap<_, Identity, NetUid, u16, ValueQuery, ConstU16<65_535>>;

    /// Whether a commitment may reset the bonds toward its hotkey.
    #[pallet::storage]
    pub type BondsResetOn<T: Config> = StorageMap<_, Identity, NetUid, bool, ValueQuery>;

    /// Whether the rate of bonds depends on agreement.
    #[pallet::storage]
    pub type LiquidAlphaOn<T: Config> = StorageMap<_, Blake2_128Concat, NetUid, bool, ValueQuery>;

    /// Lowest and highest rate of bonds under liquid alpha, of 65535.
    #[pallet::storage]
    pub type AlphaValues<T: Config> =
        StorageMap<_, Identity, NetUid, (u16, u16), ValueQuery, DefaultAlphaValues>;

    /// Steepness of that rate, in hundredths.
    #[pallet::storage]
    pub type AlphaSigmoidSteepness<T: Config> =
        StorageMap<_, Identity, NetUid, i16, ValueQuery, DefaultSteepness>;

    /// Whether bonds follow Yuma 3.
    #[pallet::storage]
    pub type Yuma3On<T: Config> = StorageMap<_, Blake2_128Concat, NetUid, bool, ValueQuery>;

    /// Which consensus the epochs run.
    #[pallet::storage]
    pub type SubnetEpochConsensus<T: Config> =
        StorageMap<_, Identity, NetUid, EpochConsensus, ValueQuery>;

    /// Blocks between two changes of an endpoint.
    #[pallet::storage]
    pub type ServingRateLimit<T: Config> =
        StorageMap<_, Identity, NetUid, u64, ValueQuery, ConstU64<50>>;

    /// Neurons of the owner that are not replaced.
    #[pallet::storage]
    pub type ImmuneOwnerUidsLimit<T: Config> =
        StorageMap<_, Identity, NetUid, u16, ValueQuery, ConstU16<1>>;

    /// What becomes of the emission of the owner's miners.
    #[pallet::storage]
    pub type RecycleOrBurn<T: Config> =
        StorageMap<_, Identity, NetUid, RecycleOrBurnEnum, ValueQuery>;

    // ---- Stake ----

    /// Alpha of all who stake on a hotkey; TAO on root.
    #[pallet::storage]
    pub type TotalHotkeyAlpha<T: Config> = StorageDoubleMap<
        _,
        Blake2_128Concat,
        AccountId,
        Identity,
        NetUid,
        AlphaBalance,
        ValueQuery,
    >;

    /// That pool with its shares. Own item.
    #[pallet::storage]
    pub type HotkeyPools<T: Config> =
        StorageDoubleMap<_, Blake2_128Concat, AccountId, Identity, NetUid, HotkeyPool, ValueQuery>;

    /// Shares by subnet, hotkey and coldkey. Own item.
    #[pallet::storage]
    pub type Positions<T: Config> = StorageNMap<
        _,
        (
            NMapKey<Identity, NetUid>,
            NMapKey<Blake2_128Concat, AccountId>,
            NMapKey<Blake2_128Concat, AccountId>,
        ),
        StoredPosition,
        ValueQuery,
    >;

    /// On how many subnets, dissolved ones that are not cleaned up included, a coldkey holds stake on a hotkey.
    /// Own item.
    #[pallet::storage]
    pub type PositionCounts<T: Config> = StorageDoubleMap<
        _,
        Blake2_128Concat,
        AccountId,
        Blake2_128Concat,
        AccountId,
        u16,
        ValueQuery,
    >;

    /// Sum of `TotalHotkeyAlpha` over all hotkeys.
    #[pallet::storage]
    pub type TotalAlphaStaked<T: Config> =
        StorageMap<_, Identity, NetUid, AlphaBalance, ValueQuery>;

    /// Alpha that a hotkey's stakers got at the last epoch.
    #[pallet::storage]
    pub type AlphaDividendsPerSubnet<T: Config> = StorageDoubleMap<
        _,
        Identity,
        NetUid,
        Blake2_128Concat,
        AccountId,
        AlphaBalance,
        ValueQuery,
    >;

    /// Locked stake: coldkey, subnet, hotkey.
    #[pallet::storage]
    pub type Lock<T: Config> = StorageNMap<
        _,
        (
            NMapKey<Blake2_128Concat, AccountId>,
            NMapKey<Identity, NetUid>,
            NMapKey<Blake2_128Concat, AccountId>,
        ),
        LockState,
        OptionQuery,
    >;

    /// Coldkeys with a lock on a hotkey.
    #[pallet::storage]
    pub type LockingColdkeys<T: Config> = StorageNMap<
        _,
        (
            NMapKey<Identity, NetUid>,
            NMapKey<Blake2_128Concat, AccountId>,
            NMapKey<Blake2_128Concat, AccountId>,
        ),
        (),
        OptionQuery,
    >;

    /// Perpetual locks on a hotkey.
    #[pallet::storage]
    pub type HotkeyLock<T: Config> =
        StorageDoubleMap<_, Identity, NetUid, Blake2_128Concat, AccountId, LockState, OptionQuery>;

    /// Decaying locks on a hotkey.
    #[pallet::storage]
    pub type DecayingHotkeyLock<T: Config> =
        StorageDoubleMap<_, Identity, NetUid, Blake2_128Concat, AccountId, LockState, OptionQuery>;

    /// Perpetual locks on the owner hotkey.
    #[pallet::storage]
    pub type OwnerLock<T: Config> = StorageMap<_, Identity, NetUid, LockState, OptionQuery>;

    /// Decaying locks on the owner hotkey.
    #[pallet::storage]
    pub type DecayingOwnerLock<T: Config> = StorageMap<_, Identity, NetUid, LockState, OptionQuery>;

    /// Whether a coldkey's lock decays.
    #[pallet::storage]
    pub type DecayingLock<T: Config> =
        StorageDoubleMap<_, Blake2_128Concat, AccountId, Identity, NetUid, bool, OptionQuery>;

    /// Alpha per rao of root stake that a hotkey's stakers may claim.
    #[pallet::storage]
    pub type RootClaimable<T: Config> = StorageMap<
        _,
        Blake2_128Concat,
        AccountId,
        BoundedBTreeMap<NetUid, I96F32, ConstU32<4_096>>,
        ValueQuery,
    >;

    /// What was claimed of it: subnet, hotkey, coldkey.
    #[pallet::storage]
    pub type RootClaimed<T: Config> = StorageNMap<
        _,
        (
            NMapKey<Identity, NetUid>,
            NMapKey<Blake2_128Concat, AccountId>,
            NMapKey<Blake2_128Concat, AccountId>,
        ),
        u128,
        ValueQuery,
    >;

    /// Alpha that payments to the root stakers of a hotkey left over; it joins the next one. An entry for each
    /// hotkey that was ever paid, by subnet. Own item.
    #[pallet::storage]
    pub type RootDividendRest<T: Config> = StorageDoubleMap<
        _,
        Identity,
        NetUid,
        Blake2_128Concat,
        AccountId,
        AlphaBalance,
        ValueQuery,
    >;

    /// Unclaimed alpha of root stake that was taken out: subnet, hotkey, coldkey. Own item.
    #[pallet::storage]
    pub type RootKept<T: Config> = StorageNMap<
        _,
        (
            NMapKey<Identity, NetUid>,
            NMapKey<Blake2_128Concat, AccountId>,
            NMapKey<Blake2_128Concat, AccountId>,
        ),
        AlphaBalance,
        ValueQuery,
    >;

    /// Hotkeys on which a coldkey has root stake, or dividends of root stake that was taken out. Own item.
    #[pallet::storage]
    pub type RootHoldings<T: Config> = StorageDoubleMap<
        _,
        Blake2_128Concat,
        AccountId,
        Blake2_128Concat,
        AccountId,
        RootHolding,
        ValueQuery,
    >;

    /// Coldkeys whose root dividends are claimed automatically, by number. Own item.
    #[pallet::storage]
    pub type RootStakers<T: Config> = StorageMap<_, Identity, u32, AccountId, OptionQuery>;

    /// The number of such a coldkey. Own item.
    #[pallet::storage]
    pub type RootStakerNumber<T: Config> =
        StorageMap<_, Blake2_128Concat, AccountId, u32, OptionQuery>;

    /// How many they are. Own item.
    #[pallet::storage]
    pub type RootStakerCount<T: Config> = StorageValue<_, u32, ValueQuery>;

    /// What automatic claims compare the price of a pool with. Own item.
    #[pallet::storage]
    pub type RootSalePrice<T: Config> = StorageMap<_, Identity, NetUid, SalePrice, OptionQuery>;

    /// What becomes of claimed root dividends.
    #[pallet::storage]
    pub type RootClaimType<T: Config> =
        StorageMap<_, Blake2_128Concat, AccountId, Stored<RootClaimTypeEnum>, ValueQuery>;

    /// Least alpha that is claimed.
    #[pallet::storage]
    pub type RootClaimableThreshold<T: Config> =
        StorageMap<_, Blake2_128Concat, NetUid, I96F32, ValueQuery, DefaultClaimThreshold>;

    /// Block in which a coldkey last staked on a hotkey.
    #[pallet::storage]
    pub type LastColdkeyHotkeyStakeBlock<T: Config> =
        StorageDoubleMap<_, Twox64Concat, AccountId, Twox64Concat, AccountId, u64, OptionQuery>;

    /// Part of a miner's income that is locked as collateral.
    #[pallet::storage]
    pub type CollateralLockShare<T: Config> = StorageMap<_, Identity, NetUid, u16, ValueQuery>;

    /// How fast collateral drains.
    #[pallet::storage]
    pub type CollateralDrainRatio<T: Config> =
        StorageMap<_, Identity, NetUid, U64F64, ValueQuery, OneFixed>;

    // ---- Clean-up ----

    /// Dissolved subnets whose state is still being removed.
    #[pallet::storage]
    pub type DissolveCleanupQueue<T: Config> =
        StorageValue<_, BoundedVec<NetUid, ConstU32<4_096>>, ValueQuery>;

    /// How far the clean-up of the first of them has come.
    #[pallet::storage]
    pub type CurrentDissolveCleanupStatus<T: Config> = StorageValue<_, Settlement, OptionQuery>;

    /// Creations that wait for a clean-up; always empty, since none has to wait.
    #[pallet::storage]
    pub type NetworkRegistrationQueue<T: Config> =
        StorageValue<_, BoundedVec<NetUid, ConstU32<1>>, ValueQuery>;
}
