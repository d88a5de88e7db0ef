//! Balances and fees.

use frame_support::{
    traits::{
        ConstU8, ConstU32, ConstU64, FindAuthor, Imbalance, OnUnbalanced,
        fungible::{Balanced, Credit},
    },
    weights::{ConstantMultiplier, Weight, WeightToFee},
};

use super::fees::TaoOrAlpha;
use crate::{
    AccountId, Balance, Balances, Runtime, RuntimeEvent, RuntimeFreezeReason, RuntimeHoldReason,
    System, weights,
};

/// Least balance that keeps an account alive, in rao.
pub const EXISTENTIAL_DEPOSIT: Balance = 500;
/// Fee for a byte of a transaction, in rao.
pub const FEE_PER_BYTE: Balance = 1;
/// Units of reference time (picoseconds) that cost one rao.
const REF_TIME_PER_RAO: u64 = 2_000;
/// Deposit for an item of state, in rao.
const ITEM_DEPOSIT: Balance = 60_000_000;
/// Deposit for a byte of state, in rao.
const BYTE_DEPOSIT: Balance = 60_000;

/// Deposit for `items` entries of state with `bytes` in all.
pub(super) const fn deposit(items: u64, bytes: u64) -> Balance {
    items
        .saturating_mul(ITEM_DEPOSIT)
        .saturating_add(bytes.saturating_mul(BYTE_DEPOSIT))
}

impl pallet_balances::Config for Runtime {
    type RuntimeEvent = RuntimeEvent;
    type RuntimeHoldReason = RuntimeHoldReason;
    type RuntimeFreezeReason = RuntimeFreezeReason;
    type Balance = Balance;
    type DustRemoval = ();
    type ExistentialDeposit = ConstU64<EXISTENTIAL_DEPOSIT>;
    type AccountStore = System;
    type WeightInfo = weights::pallet_balances::WeightInfo<Runtime>;
    type MaxLocks = ConstU32<50>;
    type MaxReserves = ConstU32<50>;
    type ReserveIdentifier = [u8; 8];
    type FreezeIdentifier = RuntimeFreezeReason;
    type MaxFreezes = ConstU32<50>;
    type DoneSlashHandler = ();
}

/// The fee for computation: 0.0005 rao for a unit of reference time, rounded up to a whole rao.
pub struct FeePerRefTime;

impl WeightToFee for FeePerRefTime {
    type Balance = Balance;

    fn weight_to_fee(weight: &Weight) -> Balance {
        weight.ref_time().div_ceil(REF_TIME_PER_RAO)
    }
}

/// Pays fees and tips to the account of the block's author. What the author's account cannot take
/// (less than the existential deposit into an empty account) is taken out of issuance.
pub struct ToBlockAuthor;

impl OnUnbalanced<Credit<AccountId, Balances>> for ToBlockAuthor {
    fn on_nonzero_unbalanced(fee: Credit<AccountId, Balances>) {
        let Some(author) = block_author() else {
            return drop(fee);
        };
        if let Err(refused) = Balances::resolve(&author, fee) {
            log::debug!(
                target: "runtime::fees",
                "a fee of {} rao is too small for the author's empty account and leaves the issuance",
                refused.peek(),
            );
        }
    }
}

/// The account of the authority that made the current block: its Aura key read as an account.
pub(super) fn block_author() -> Option<AccountId> {
    let digest = System::digest();
    let author = pallet_aura::AuraAuthorId::<Runtime>::find_author(
        digest.logs().iter().filter_map(|log| log.as_pre_runtime()),
    )?;
    Some(AccountId::from(author.into_inner().0))
}

impl pallet_transaction_payment::Config for Runtime {
    type RuntimeEvent = RuntimeEvent;
    type OnChargeTransaction = TaoOrAlpha;
    type OperationalFeeMultiplier = ConstU8<5>;
    type WeightToFee = FeePerRefTime;
    type LengthToFee = ConstantMultiplier<Balance, ConstU64<FEE_PER_BYTE>>;
    type FeeMultiplierUpdate = ();
    type WeightInfo = weights::pallet_transaction_payment::WeightInfo<Runtime>;
}
