//! Fees of transactions: in TAO, or in alpha where there is too little TAO (economics, section 1).

use dendra_primitives::TaoBalance;
use frame_support::{
    dispatch::{DispatchInfo, PostDispatchInfo},
    storage::with_storage_layer,
    traits::{
        Imbalance, NoDrop,
        fungible::{Balanced, Credit},
        tokens::{Fortitude, Precision, Preservation},
    },
};
use pallet_transaction_payment::{FungibleAdapter, OnChargeTransaction, TxCreditHold};
use sp_runtime::{
    DispatchError,
    transaction_validity::{InvalidTransaction, TransactionValidityError},
};

use super::money::ToBlockAuthor;
use crate::{
    AccountId, Balance, Balances, Runtime, RuntimeCall, SubtensorModule, TransactionPayment,
};

/// How fees are paid in TAO.
type InTao = FungibleAdapter<Balances, ToBlockAuthor>;

/// Fees in TAO. If the signer's balance cannot pay, and the call spends alpha of one position, alpha of that
/// position is sold for at least the fee and the tip, before the call runs.
///
/// From then on there is no difference: what was sold is held while the call runs, the author is paid fee and
/// tip of it, and what is left is the signer's, in TAO. Where that is too little for an account without TAO,
/// it is the author's.
pub struct TaoOrAlpha;

impl TaoOrAlpha {
    /// Sells alpha for a fee, and holds what it was sold for. Nothing is written if that is not possible.
    fn sell(
        who: &AccountId,
        call: &RuntimeCall,
        fee_with_tip: Balance,
    ) -> Result<Credit<AccountId, Balances>, DispatchError> {
        let (hotkey, netuid) = alpha_payer(call).ok_or(DispatchError::Unavailable)?;
        with_storage_layer(|| {
            let fee = TaoBalance::new(fee_with_tip);
            let sold = SubtensorModule::pay_fee_in_alpha(who, hotkey, netuid, fee)?;
            Balances::withdraw(
                &SubtensorModule::subnet_account(netuid),
                sold.get(),
                Precision::Exact,
                Preservation::Preserve,
                Fortitude::Polite,
            )
        })
    }
}

/// The position whose alpha a call spends, if it is one.
fn alpha_payer(call: &RuntimeCall) -> Option<(&AccountId, dendra_primitives::NetUid)> {
    match call {
        RuntimeCall::SubtensorModule(call) => SubtensorModule::alpha_payer(call),
        _ => None,
    }
}

impl OnChargeTransaction<Runtime> for TaoOrAlpha {
    type Balance = Balance;
    type LiquidityInfo = Option<Credit<AccountId, Balances>>;

    fn withdraw_fee(
        who: &AccountId,
        call: &RuntimeCall,
        info: &DispatchInfo,
        fee_with_tip: Balance,
        tip: Balance,
    ) -> Result<Self::LiquidityInfo, TransactionValidityError> {
        let in_tao = <InTao as OnChargeTransaction<Runtime>>::withdraw_fee(
            who,
            call,
            info,
            fee_with_tip,
            tip,
        );
        in_tao.or_else(|_| {
            let sold =
                Self::sell(who, call, fee_with_tip).map_err(|_| InvalidTransaction::Payment)?;
            // At least fee and tip together, so the tip is whole.
            let (tip, fee) = sold.split(tip);
            TransactionPayment::deposit_txfee(fee);
            Ok(Some(tip))
        })
    }

    fn can_withdraw_fee(
        who: &AccountId,
        call: &RuntimeCall,
        info: &DispatchInfo,
        fee_with_tip: Balance,
        tip: Balance,
    ) -> Result<(), TransactionValidityError> {
        let in_tao = <InTao as OnChargeTransaction<Runtime>>::can_withdraw_fee(
            who,
            call,
            info,
            fee_with_tip,
            tip,
        );
        in_tao.or_else(|refused| {
            let (hotkey, netuid) = alpha_payer(call).ok_or(refused)?;
            let fee = TaoBalance::new(fee_with_tip);
            SubtensorModule::alpha_for_fee(who, hotkey, netuid, fee)
                .map(|_| ())
                .map_err(|_| InvalidTransaction::Payment.into())
        })
    }

    fn correct_and_deposit_fee(
        who: &AccountId,
        info: &DispatchInfo,
        post_info: &PostDispatchInfo,
        corrected_fee_with_tip: Balance,
        tip: Balance,
        held: Self::LiquidityInfo,
    ) -> Result<(), TransactionValidityError> {
        <InTao as OnChargeTransaction<Runtime>>::correct_and_deposit_fee(
            who,
            info,
            post_info,
            corrected_fee_with_tip,
            tip,
            held,
        )
    }

    #[cfg(feature = "runtime-benchmarks")]
    fn endow_account(who: &AccountId, amount: Balance) {
        <InTao as OnChargeTransaction<Runtime>>::endow_account(who, amount);
    }

    #[cfg(feature = "runtime-benchmarks")]
    fn minimum_balance() -> Balance {
        <InTao as OnChargeTransaction<Runtime>>::minimum_balance()
    }
}

impl TxCreditHold<Runtime> for TaoOrAlpha {
    type Credit = NoDrop<Credit<AccountId, Balances>>;
}
