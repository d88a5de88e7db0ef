//! Stored records of the pallet's own, and the bounds of what is stored.

mod row;

use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use dendra_primitives::{AlphaBalance, I96F32, MechId, NetUid, NetUidIndex, TaoBalance, U64F64};
use frame_support::{BoundedVec, pallet_prelude::ConstU32, traits::Get};
use scale_info::TypeInfo;
use share_ledger::{Position, SharePool};
use sp_core::H256;
use sp_runtime::AccountId32;

pub use row::Row;

/// Accounts of the chain. Clients decode this type only, so it is not a parameter.
pub type AccountId = AccountId32;

/// The most neurons that the storage of one subnet has room for.
///
/// Owners may ask for [`MAX_OWNER_UIDS`]; the room above serves measurements and later growth.
pub const MAX_UIDS: u32 = 4_096;
/// The most neurons of a subnet that hyperparameters allow, all mechanisms together.
pub const MAX_OWNER_UIDS: u16 = 256;
/// Seats of the root network.
pub const ROOT_SEATS: u16 = 64;
/// The most subnets, root included: each has an index for each of 16 mechanisms.
pub const MAX_NETUIDS: u16 = NetUidIndex::SUBNETS;
/// Subnets for which `integrity_test` proves that every block has room for its steps and the largest epoch: as many
/// as a limit may allow, and root.
pub const ROOMY_SUBNETS: u32 = subnet_hyperparameters::MAX_SUBNETS as u32 + 1;
/// Commits that one hotkey may have open on one mechanism.
pub const MAX_OPEN_COMMITS: u32 = 10;
/// Hotkeys that one coldkey may own.
pub const MAX_OWNED_HOTKEYS: u32 = 4_096;
/// Hotkeys on which one coldkey may hold stake.
pub const MAX_STAKING_HOTKEYS: u32 = 4_096;
/// Children of a hotkey on one subnet; a parent counts on the other side.
pub const MAX_CHILDREN: u32 = 5;
/// Parents of a hotkey on one subnet: the seats of root, and as many others.
pub const MAX_PARENTS: u32 = 128;
/// Parents that every hotkey can have, however many others have.
pub const FREE_PARENTS: u32 = 2;
/// Parents beyond those, of all hotkeys of a subnet together. With 256 neurons an epoch reads at most
/// `256·FREE_PARENTS + MAX_FURTHER_PARENTS` edges.
pub const MAX_FURTHER_PARENTS: u32 = 512;
/// Children that are drawn to give up such a place to a parent that lends more.
pub const DRAWN_CHILDREN: u32 = 2;
/// Blocks between two changes of a hotkey's children on a subnet.
pub const CHILDREN_PAUSE: u64 = 150;
/// Scheduled sets of children that begin to count before one epoch, if each finds a place at once.
pub const MAX_ACTIVATIONS: u32 = 32;
/// The least fall of a delegate's take that does not reach the lowest one, of 65535: a thousandth. Falls carry
/// no fee, so their number must be bounded.
pub const LEAST_FALL: u16 = 65;
/// Bytes of a timelocked commit.
pub const MAX_TIMELOCKED_BYTES: u32 = 5_000;
/// Items of a batch call.
pub const MAX_BATCH: u32 = 64;
/// Words of the salt of a hash commit.
pub const MAX_SALT: u32 = 256;

/// Positions and other entries that one swap of a key may move.
pub const MAX_MOVED_POSITIONS: u32 = 5_000;
/// Claims of root dividends in one call: pairs of hotkey and subnet.
pub const MAX_CLAIMS: u32 = 256;
/// Accounts of root dividends that the claims of one call may correct, because they add root stake.
pub const MAX_REBASED: u32 = 1_024;
/// Subnets that one call may name to claim from.
pub const MAX_CLAIM_SUBNETS: usize = 5;
/// Subnets from which root dividends of one staker are claimed automatically in one block.
pub const AUTOMATIC_CLAIMS: u32 = 16;
/// Hotkeys of a root staker among which automatic claims draw in one block.
pub const DRAWN_HOTKEYS: usize = 16;
/// Root stakers served automatically in one block.
pub const MAX_ROOT_CLAIMS: u64 = 50;
/// The least amount of a stake operation, in rao.
pub const MIN_STAKE: u64 = 2_000_000;

/// One value per neuron, by uid.
pub type PerNeuron<V> = BoundedVec<V, ConstU32<MAX_UIDS>>;
/// Who has a uid.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct UidHolder {
    /// The hotkey.
    pub hotkey: AccountId,
    /// The coldkey that owns it; the zero account if none.
    pub coldkey: AccountId,
    /// Block of the registration.
    pub registered_at: u64,
}

/// Children or parents of a hotkey: proportion of 2^64−1, and the other hotkey.
pub type Edges<Bound> = BoundedVec<(u64, AccountId), Bound>;
/// Children of a hotkey.
pub type Children = Edges<ConstU32<MAX_CHILDREN>>;
/// Open hash commits of a hotkey: hash, epoch of the commit, block of the commit, unused.
pub type HashCommits = BoundedVec<(H256, u64, u64, u64), ConstU32<MAX_OPEN_COMMITS>>;
/// Timelocked commits of one epoch: hotkey, block of the commit, ciphertext, round.
pub type TimelockedCommits = BoundedVec<
    (
        AccountId,
        u64,
        BoundedVec<u8, ConstU32<MAX_TIMELOCKED_BYTES>>,
        u64,
    ),
    ConstU32<{ MAX_UIDS * MAX_OPEN_COMMITS }>,
>;

/// An amount of TAO that is the default of a storage item, in rao.
pub struct ConstTao<const RAO: u64>;
impl<const RAO: u64> Get<TaoBalance> for ConstTao<RAO> {
    fn get() -> TaoBalance {
        TaoBalance::new(RAO)
    }
}

/// A hotkey's pool on one subnet, all positions together.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct HotkeyPool {
    /// What the shares are worth: the same as `TotalHotkeyAlpha`.
    pub value: AlphaBalance,
    /// All shares, in the present scale.
    pub shares: u128,
    /// How often shares were split.
    pub scale: u32,
}

/// Shares of one coldkey in a hotkey's pool on one subnet.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct StoredPosition {
    /// The shares, in the scale of when they were last touched.
    pub shares: u128,
    /// That scale.
    pub scale: u32,
}

impl From<Position> for StoredPosition {
    fn from(position: Position) -> Self {
        Self {
            shares: position.shares(),
            scale: position.scale(),
        }
    }
}

impl From<StoredPosition> for Position {
    fn from(stored: StoredPosition) -> Self {
        Self::from_parts(stored.shares, stored.scale)
    }
}

impl From<SharePool> for HotkeyPool {
    fn from(pool: SharePool) -> Self {
        Self {
            value: pool.value(),
            shares: pool.shares(),
            scale: pool.scale(),
        }
    }
}

/// What a coldkey has of root on one hotkey.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct RootHolding {
    /// Whether it is stake.
    pub stakes: bool,
    /// Subnets of which dividends are kept that the present stake did not earn.
    pub kept: u32,
}

impl RootHolding {
    /// Whether it is nothing.
    pub fn is_empty(&self) -> bool {
        !self.stakes && self.kept == 0
    }
}

/// The price of a pool when automatic claims last looked at it; or what it may have fallen to, if it was lower.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct SalePrice {
    /// The price; 64 bits are fractional.
    pub price: u128,
    /// The block.
    pub block: u64,
}

impl SalePrice {
    /// What the price may have fallen to by a later block: by 1/300 of it in each block, an hour for all of it,
    /// but by no more than a half from one look to the next.
    pub fn least_in(&self, block: u64) -> u128 {
        let elapsed = u128::from(block.saturating_sub(self.block));
        let step = self.price.checked_div(300).unwrap_or(0);
        let half = self.price.checked_div(2).unwrap_or(0);
        let fall = step.saturating_mul(elapsed).min(half);
        self.price.saturating_sub(fall)
    }
}

/// The worst price of a trade that its sender accepts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TradeLimit {
    /// Rao for a whole alpha; between two subnets the alpha bought per 10^9 of alpha sold.
    pub price: TaoBalance,
    /// Whether to trade what is possible when not all is.
    pub allow_partial: bool,
}

/// The most edges from parents to so many children, of which so many are beyond the first [`FREE_PARENTS`] of
/// each.
pub const fn edges_toward(children: u32, further: u32) -> u32 {
    children
        .saturating_mul(FREE_PARENTS)
        .saturating_add(further)
}

/// What a subnet has been given and has not divided yet. All of it is part of `SubnetAlphaOut`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct PendingEmission {
    /// For miners.
    pub server: AlphaBalance,
    /// For validators and their stakers.
    pub validator: AlphaBalance,
    /// For root stakers.
    pub root: AlphaBalance,
    /// For the owner.
    pub owner: AlphaBalance,
}

impl PendingEmission {
    /// What the epoch divides by consensus: everything but the owner's part.
    pub fn divisible(&self) -> Option<AlphaBalance> {
        AlphaBalance::checked_sum([self.server, self.validator, self.root])
    }

    /// All of it.
    pub fn total(&self) -> Option<AlphaBalance> {
        self.divisible()?.checked_add(self.owner)
    }
}

/// An action that may only be repeated after some blocks; the key of `LastRateLimitedBlock`.
#[derive(
    Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
pub enum RateLimitKey<Account> {
    /// An owner sets the owner hotkey of a subnet.
    #[codec(index = 0)]
    SetSNOwnerHotkey(NetUid),
    /// An owner sets a hyperparameter, by its number in the table.
    #[codec(index = 1)]
    OwnerHyperparamUpdate(NetUid, u8),
    /// A subnet was created.
    #[codec(index = 2)]
    NetworkLastRegistered,
    /// An account made a rate-limited transaction.
    #[codec(index = 3)]
    LastTxBlock(Account),
    /// Kept for clients; see `ChildkeyTake`.
    #[codec(index = 4)]
    LastTxBlockChildKeyTake(Account),
    /// A hotkey changed its delegate take.
    #[codec(index = 5)]
    LastTxBlockDelegateTake(Account),
    /// An owner bought and burned alpha.
    #[codec(index = 6)]
    AddStakeBurn(NetUid),
    /// A hotkey changed its children on a subnet.
    #[codec(index = 7)]
    SetChildren(NetUid, Account),
    /// A coldkey swapped a hotkey on a subnet.
    #[codec(index = 8)]
    HotkeySwapOnSubnet(NetUid, Account),
    /// A hotkey changed its take as a child on a subnet.
    #[codec(index = 9)]
    ChildkeyTake(NetUid, Account),
}

/// How far the clean-up of a dissolved subnet has come.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub enum CleanupStep {
    /// Positions are paid out.
    #[default]
    Positions,
    /// Neurons and what is kept per hotkey are removed.
    Neurons,
    /// Rows of weights and bonds are removed.
    Rows,
    /// Commits are removed.
    Commits,
    /// What other pallets keep about the subnet is removed.
    Elsewhere,
    /// The values of the subnet are removed, and what is left of the pool is recycled.
    Values,
}

/// The settlement of a dissolved subnet, while it is cleaned up.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct Settlement {
    /// The subnet.
    pub netuid: NetUid,
    /// What is done next.
    pub step: CleanupStep,
    /// TAO that the holders share with the protocol.
    pub pot: TaoBalance,
    /// Alpha of all holders and of the protocol when the subnet was dissolved.
    pub weight: AlphaBalance,
    /// Alpha of the holders that were served so far.
    pub served: AlphaBalance,
    /// TAO paid to them.
    pub paid: TaoBalance,
    /// The next neuron, or the next mechanism, to clean.
    pub next: u16,
}

/// A payment of alpha.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, TypeInfo)]
pub struct Payment {
    /// The hotkey on which it is staked.
    pub hotkey: AccountId,
    /// The coldkey whose stake it is; none if all who stake on the hotkey share it.
    pub coldkey: Option<AccountId>,
    /// How much.
    pub alpha: AlphaBalance,
}

/// What a payment of alpha is for, in the order in which an epoch pays a hotkey.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Encode,
    Decode,
    DecodeWithMemTracking,
    MaxEncodedLen,
    TypeInfo,
)]
pub enum PaymentReason {
    /// Owning the subnet.
    OwnerCut,
    /// Serving as a miner.
    Mining,
    /// Validating; shared by all stakers of the hotkey.
    Dividend,
    /// The delegate's take of a dividend.
    DelegateTake,
    /// A dividend of less root stake than its units, which the owner of the hotkey has instead.
    RootDividend,
    /// The delegate's take of a root dividend.
    RootTake,
}

/// The steps of the block hook, in their order.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    Encode,
    Decode,
    DecodeWithMemTracking,
    MaxEncodedLen,
    TypeInfo,
)]
pub enum BlockStep {
    /// Prices of registration fall and counters restart.
    RegistrationPrices,
    /// TAO and alpha of the block are issued.
    Emission,
    /// Timelocked commits are opened; waits for the beacon.
    TimelockedReveals,
    /// Children that found no room before an epoch begin to count.
    Children,
    /// Epochs that are due run.
    Epochs,
    /// Root dividends are claimed for some of those who stake on root.
    RootClaims,
    /// Dissolved subnets are cleaned up.
    Cleanup,
}

/// The zero account, which clients read as nobody.
pub struct ZeroAccount;
impl Get<AccountId> for ZeroAccount {
    fn get() -> AccountId {
        AccountId::new([0; 32])
    }
}

/// The symbol of root and of subnets beyond the catalogue: U+1D70F in UTF-8.
pub struct RootSymbol;
impl Get<BoundedVec<u8, ConstU32<8>>> for RootSymbol {
    fn get() -> BoundedVec<u8, ConstU32<8>> {
        BoundedVec::truncate_from(alloc::vec![0xf0, 0x9d, 0x9c, 0x8f])
    }
}

/// One mechanism.
pub struct OneMechanism;
impl Get<MechId> for OneMechanism {
    fn get() -> MechId {
        MechId::new(1)
    }
}

/// The factor 1.26 by which a registration raises the price.
pub struct DefaultRise;
impl Get<U64F64> for DefaultRise {
    fn get() -> U64F64 {
        U64F64::from_bits(subnet_emission::RegistrationPrice::DEFAULT_RISE)
    }
}

/// Rates of bonds under liquid alpha: about 0.7 and 0.9.
pub struct DefaultAlphaValues;
impl Get<(u16, u16)> for DefaultAlphaValues {
    fn get() -> (u16, u16) {
        (45_875, 58_982)
    }
}

/// Steepness 10 of the rate of bonds.
pub struct DefaultSteepness;
impl Get<i16> for DefaultSteepness {
    fn get() -> i16 {
        1_000
    }
}

/// The least alpha that is claimed: 500 000 units.
pub struct DefaultClaimThreshold;
impl Get<I96F32> for DefaultClaimThreshold {
    fn get() -> I96F32 {
        I96F32::from_bits(500_000 << I96F32::FRACTION_BITS)
    }
}

/// Three millionths, rounded to the nearest of 2^32.
pub struct DefaultMovingAlpha;
impl Get<I96F32> for DefaultMovingAlpha {
    fn get() -> I96F32 {
        I96F32::from_bits(12_885)
    }
}

/// 1 in fixed point.
pub struct OneFixed;
impl Get<U64F64> for OneFixed {
    fn get() -> U64F64 {
        U64F64::ONE
    }
}
