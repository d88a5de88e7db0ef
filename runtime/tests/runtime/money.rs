//! Fees, priorities, and who may put what into a block.

use crate::common::{
    account, development, end_block, extension, pair, signed, start_block, transfer,
};
use codec::{Decode, Encode};
use dendra_runtime::{
    Balances, EXISTENTIAL_DEPOSIT, Executive, RuntimeCall, RuntimeEvent, System, TAO,
    TransactionPayment, UncheckedExtrinsic,
    extensions::{NORMAL_PRIORITY, OPERATIONAL_PRIORITY},
};
use frame_support::{
    dispatch::GetDispatchInfo,
    traits::Currency,
    weights::{Weight, WeightToFee},
};
use sp_runtime::transaction_validity::{
    InvalidTransaction, TransactionSource, TransactionValidityError,
};

/// The fee that the last transaction paid, from its event.
fn fee_paid() -> u64 {
    System::events()
        .into_iter()
        .rev()
        .find_map(|record| match record.event {
            RuntimeEvent::TransactionPayment(
                pallet_transaction_payment::Event::TransactionFeePaid { actual_fee, .. },
            ) => Some(actual_fee),
            _ => None,
        })
        .expect("a fee was paid")
}

fn validity(
    transaction: UncheckedExtrinsic,
) -> Result<sp_runtime::transaction_validity::ValidTransaction, TransactionValidityError> {
    Executive::validate_transaction(TransactionSource::External, transaction, Default::default())
}

#[test]
fn a_transfer_moves_the_amount_and_pays_its_fee_to_the_author() {
    development().execute_with(|| {
        start_block(1, 7);
        let issuance = Balances::total_issuance();
        let before = [account("//Alice"), account("//Bob"), account("//One")]
            .map(|who| Balances::free_balance(&who));
        let transaction = signed("//Alice", 0, 0, transfer("//Bob", 5 * TAO));
        Executive::apply_extrinsic(transaction).unwrap().unwrap();
        let fee = fee_paid();
        let after = [account("//Alice"), account("//Bob"), account("//One")]
            .map(|who| Balances::free_balance(&who));
        assert!(fee > 0);
        assert_eq!(after[0], before[0] - 5 * TAO - fee);
        assert_eq!(after[1], before[1] + 5 * TAO);
        assert_eq!(after[2], before[2] + fee);
        assert_eq!(Balances::total_issuance(), issuance);
        end_block();
    });
}

#[test]
fn the_fee_is_a_rao_per_byte_and_half_a_thousandth_per_unit_of_time() {
    development().execute_with(|| {
        start_block(1, 7);
        let transaction = signed("//Alice", 0, 0, transfer("//Bob", TAO));
        let length = transaction.encoded_size() as u64;
        let info = transaction.get_dispatch_info();
        let limits = dendra_runtime::RuntimeBlockWeights::get();
        let base = limits.get(info.class).base_extrinsic;
        let weight_fee = |weight: Weight| weight.ref_time().div_ceil(2_000);
        let expected = length + weight_fee(base) + weight_fee(info.total_weight());
        let quoted = TransactionPayment::query_info(transaction.clone(), length as u32).partial_fee;
        assert_eq!(quoted, expected);
        Executive::apply_extrinsic(transaction).unwrap().unwrap();
        // Nothing of a transfer's weight is refunded, so the quote is what is paid.
        assert_eq!(fee_paid(), expected);
    });
}

#[test]
fn weight_that_is_no_whole_rao_is_rounded_up() {
    let fee = |time| dendra_runtime::FeePerRefTime::weight_to_fee(&Weight::from_parts(time, 0));
    assert_eq!([fee(0), fee(1), fee(2_000), fee(2_001)], [0, 1, 1, 2]);
    assert_eq!(fee(u64::MAX), u64::MAX.div_ceil(2_000));
}

#[test]
fn neither_fee_nor_tip_buys_priority_and_operational_calls_go_first() {
    development().execute_with(|| {
        start_block(1, 7);
        let plain = validity(signed("//Alice", 0, 0, transfer("//Bob", TAO))).unwrap();
        let tipped = validity(signed("//Alice", 0, TAO, transfer("//Bob", TAO))).unwrap();
        assert_eq!(
            (plain.priority, tipped.priority),
            (NORMAL_PRIORITY, NORMAL_PRIORITY)
        );

        let call = RuntimeCall::System(frame_system::Call::set_heap_pages { pages: 1 });
        let operational = validity(signed("//Alice", 0, 0, call)).unwrap();
        assert_eq!(operational.priority, OPERATIONAL_PRIORITY);
    });
}

#[test]
fn an_account_that_cannot_pay_is_refused_before_the_block() {
    development().execute_with(|| {
        start_block(1, 7);
        let refusal = validity(signed("//Nobody", 0, 0, transfer("//Bob", 1))).unwrap_err();
        assert_eq!(refusal, InvalidTransaction::Payment.into());
    });
}

#[test]
fn a_fee_too_small_for_an_empty_author_leaves_the_issuance() {
    use frame_support::traits::{OnUnbalanced, fungible::Balanced};
    development().execute_with(|| {
        start_block(1, 7);
        Balances::make_free_balance_be(&account("//One"), 0);
        let issuance = Balances::total_issuance();
        let fee = <Balances as Balanced<_>>::issue(EXISTENTIAL_DEPOSIT - 1);
        dendra_runtime::ToBlockAuthor::on_unbalanced(fee);
        assert_eq!(Balances::total_issuance(), issuance);
        assert_eq!(Balances::free_balance(account("//One")), 0);

        let fee = <Balances as Balanced<_>>::issue(EXISTENTIAL_DEPOSIT);
        dendra_runtime::ToBlockAuthor::on_unbalanced(fee);
        assert_eq!(
            Balances::free_balance(account("//One")),
            EXISTENTIAL_DEPOSIT
        );
    });
}

#[test]
fn a_general_transaction_that_nobody_signed_never_enters_a_block() {
    development().execute_with(|| {
        start_block(1, 7);
        let call = RuntimeCall::System(frame_system::Call::remark { remark: vec![1] });
        let general = UncheckedExtrinsic::new_transaction(call, extension(0, 0));
        assert_eq!(
            validity(general.clone()).unwrap_err(),
            InvalidTransaction::BadSigner.into()
        );
        assert!(Executive::apply_extrinsic(general).is_err());
    });
}

#[test]
fn signed_transactions_are_version_4_and_inherents_are_bare() {
    development().execute_with(|| {
        let version = |transaction: UncheckedExtrinsic| {
            let bytes = Vec::<u8>::decode(&mut &transaction.encode()[..]).unwrap();
            bytes[0]
        };
        assert_eq!(version(signed("//Alice", 0, 0, transfer("//Bob", 1))), 0x84);
        let inherent =
            UncheckedExtrinsic::new_bare(RuntimeCall::Timestamp(pallet_timestamp::Call::set {
                now: 1,
            }));
        assert!([0x04, 0x05].contains(&version(inherent)));
    });
}

#[test]
fn ed25519_keys_sign_as_well() {
    use sp_core::{Pair, ed25519};
    use sp_runtime::{MultiAddress, MultiSignature};
    development().execute_with(|| {
        start_block(1, 7);
        let pair = ed25519::Pair::from_string("//Edward", None).unwrap();
        let who = dendra_runtime::AccountId::new(pair.public().0);
        Balances::make_free_balance_be(&who, TAO);
        let call = RuntimeCall::System(frame_system::Call::remark { remark: vec![] });
        let extension = extension(0, 0);
        let payload = dendra_runtime::SignedPayload::new(call.clone(), extension.clone()).unwrap();
        let signature = payload.using_encoded(|bytes| pair.sign(bytes));
        let transaction = UncheckedExtrinsic::new_signed(
            call,
            MultiAddress::Id(who),
            MultiSignature::Ed25519(signature),
            extension,
        );
        Executive::apply_extrinsic(transaction).unwrap().unwrap();
    });
}

#[test]
fn a_signature_of_another_key_is_refused() {
    use sp_core::Pair;
    development().execute_with(|| {
        start_block(1, 7);
        let call = transfer("//Bob", 1);
        let extension = extension(0, 0);
        let payload = dendra_runtime::SignedPayload::new(call.clone(), extension.clone()).unwrap();
        let forged = payload.using_encoded(|bytes| pair("//Mallory").sign(bytes));
        let transaction = UncheckedExtrinsic::new_signed(
            call,
            crate::common::address("//Alice"),
            dendra_runtime::Signature::Sr25519(forged),
            extension,
        );
        assert_eq!(
            validity(transaction).unwrap_err(),
            InvalidTransaction::BadProof.into()
        );
    });
}
