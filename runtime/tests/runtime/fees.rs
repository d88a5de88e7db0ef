//! Fees of signers that hold alpha and no TAO.

use crate::common::{account, address, development, end_block, signed, start_block};
use codec::Encode;
use dendra_primitives::{AlphaBalance, NetUid, TaoBalance};
use dendra_runtime::{
    Balances, EXISTENTIAL_DEPOSIT, Executive, Runtime, RuntimeCall, RuntimeEvent, SubtensorModule,
    System, TAO, TransactionPayment, UncheckedExtrinsic,
};
use frame_support::traits::Currency;
use pallet_subtensor::{Call, Event, SubnetAlphaIn, SubnetAlphaOut, SubnetTAO, SubtokenEnabled};
use sp_runtime::transaction_validity::{
    InvalidTransaction, TransactionSource, TransactionValidityError,
};

const SUBNET: NetUid = NetUid::new(2);
/// Who holds alpha on the owner hotkey of the subnet, and nothing else.
const HOLDER: &str = "//Holder";
/// The hotkey.
const HOTKEY: &str = "//owner";

/// A started subnet with a pool of 1000 TAO at a price of 1, on which the holder has this much alpha.
fn with_alpha(alpha: u64, test: impl FnOnce()) {
    development().execute_with(|| {
        start_block(1, 7);
        let hotkey = account(HOTKEY);
        send("//Alice", 0, Call::register_network { hotkey }).unwrap();
        assert_eq!(SubnetTAO::<Runtime>::get(SUBNET).get(), 1_000 * TAO);
        SubtokenEnabled::<Runtime>::insert(SUBNET, true);
        give(HOLDER, alpha);
        assert_eq!(free(HOLDER), 0);
        System::reset_events();
        test();
        end_block();
    });
}

/// Alpha out of nothing, counted as issued.
fn give(coldkey: &str, alpha: u64) {
    let alpha = AlphaBalance::new(alpha);
    SubnetAlphaOut::<Runtime>::mutate(SUBNET, |out| *out = out.checked_add(alpha).unwrap());
    SubtensorModule::deposit(&account(HOTKEY), &account(coldkey), SUBNET, alpha).unwrap();
}

fn free(seed: &str) -> u64 {
    Balances::free_balance(account(seed))
}

fn held(seed: &str) -> u64 {
    SubtensorModule::stake_of(&account(HOTKEY), &account(seed), SUBNET).get()
}

fn send(
    seed: &str,
    nonce: u32,
    call: impl Into<RuntimeCall>,
) -> Result<(), TransactionValidityError> {
    apply(signed(seed, nonce, 0, call.into()))
}

/// Puts a transaction into the block; whether its call succeeds is not asked.
fn apply(transaction: UncheckedExtrinsic) -> Result<(), TransactionValidityError> {
    Executive::apply_extrinsic(transaction).map(|_| ())
}

fn validity(transaction: UncheckedExtrinsic) -> Result<(), TransactionValidityError> {
    let source = TransactionSource::External;
    Executive::validate_transaction(source, transaction, Default::default()).map(|_| ())
}

/// A call that spends this much alpha of the position.
fn burn(units: u64) -> RuntimeCall {
    Call::burn_alpha {
        hotkey: account(HOTKEY),
        amount: AlphaBalance::new(units),
        netuid: SUBNET,
    }
    .into()
}

/// What the last transaction paid by its two events: alpha and TAO it was sold for; fee with tip, and tip.
fn paid() -> ((u64, u64), (u64, u64)) {
    let events = || {
        System::events()
            .into_iter()
            .rev()
            .map(|record| record.event)
    };
    let sold = events().find_map(|event| match event {
        RuntimeEvent::SubtensorModule(Event::FeePaidInAlpha {
            who,
            hotkey,
            netuid,
            alpha,
            tao,
        }) => {
            assert_eq!((hotkey, netuid), (account(HOTKEY), SUBNET));
            assert_eq!(who, account(HOLDER));
            Some((alpha.get(), tao.get()))
        }
        _ => None,
    });
    let fee = events().find_map(|event| match event {
        RuntimeEvent::TransactionPayment(
            pallet_transaction_payment::Event::TransactionFeePaid {
                actual_fee, tip, ..
            },
        ) => Some((actual_fee, tip)),
        _ => None,
    });
    (sold.expect("alpha was sold"), fee.expect("a fee was paid"))
}

#[test]
fn a_holder_without_tao_pays_the_author_in_alpha() {
    with_alpha(10 * TAO, || {
        let issuance = Balances::total_issuance();
        let (author, pool) = (free("//One"), SubnetTAO::<Runtime>::get(SUBNET).get());
        let transaction = signed(HOLDER, 0, 0, burn(1));
        let length = transaction.encoded_size() as u32;
        let quoted = TransactionPayment::query_info(transaction.clone(), length).partial_fee;
        apply(transaction).unwrap();

        let ((alpha, tao), (fee, tip)) = paid();
        assert_eq!((fee, tip), (quoted, 0));
        // At this price a unit of alpha pays a rao, less what the sale itself takes from the price.
        assert_eq!(tao, fee);
        assert_eq!(alpha, fee + 1 + fee * fee / (pool - fee));
        assert_eq!(held(HOLDER), 10 * TAO - alpha - 1);
        assert_eq!(free("//One"), author + fee);
        assert_eq!(free(HOLDER), 0);
        assert_eq!(SubnetTAO::<Runtime>::get(SUBNET).get(), pool - tao);
        assert_eq!(Balances::total_issuance(), issuance);
        // The pool of transactions lets the next one wait.
        validity(signed(HOLDER, 1, 0, burn(1))).unwrap();
    });
}

#[test]
fn the_tip_is_paid_in_alpha_as_well() {
    with_alpha(10 * TAO, || {
        let author = free("//One");
        apply(signed(HOLDER, 0, 3 * TAO, burn(1))).unwrap();
        let ((alpha, tao), (fee, tip)) = paid();
        assert_eq!(tip, 3 * TAO);
        assert!(fee > tip && tao >= fee);
        assert_eq!(held(HOLDER), 10 * TAO - alpha - 1);
        assert_eq!(free("//One") + free(HOLDER), author + tao);
    });
}

#[test]
fn each_transaction_counts_once() {
    with_alpha(10 * TAO, || {
        let first = signed(HOLDER, 0, 0, burn(1));
        apply(first.clone()).unwrap();
        assert_eq!(apply(first), Err(InvalidTransaction::Stale.into()));
        send(HOLDER, 1, burn(1)).unwrap();
        assert_eq!(System::account_nonce(account(HOLDER)), 2);
    });
}

#[test]
fn a_call_that_fails_is_paid_for() {
    let gift = |units| {
        let call = Call::transfer_stake {
            destination_coldkey: account("//Bob"),
            hotkey: account(HOTKEY),
            origin_netuid: SUBNET,
            destination_netuid: SUBNET,
            alpha_amount: AlphaBalance::new(units),
        };
        signed(HOLDER, 0, 0, call.into())
    };
    // Worth the least stake, until the fee is taken from it.
    let mut all = pallet_subtensor::types::MIN_STAKE;
    with_alpha(all, || {
        let transaction = gift(all);
        let length = transaction.encoded_size() as u32;
        all += TransactionPayment::query_info(transaction, length).partial_fee / 2;
    });
    with_alpha(all, || {
        let author = free("//One");
        let failed = Executive::apply_extrinsic(gift(all));
        assert_eq!(
            failed.unwrap(),
            Err(pallet_subtensor::Error::<Runtime>::AmountTooLow.into())
        );
        let ((alpha, _), (fee, _)) = paid();
        assert_eq!(held(HOLDER), all - alpha);
        assert_eq!(held("//Bob"), 0);
        assert_eq!(free("//One"), author + fee);
    });
}

#[test]
fn nobody_whose_position_is_too_small_is_let_in() {
    let mut needed = 0;
    with_alpha(10 * TAO, || {
        send(HOLDER, 0, burn(1)).unwrap();
        // A unit has to be left for the call.
        needed = paid().0.0 + 1;
    });
    with_alpha(needed - 1, || {
        let transaction = signed(HOLDER, 0, 0, burn(1));
        let refused = Err(InvalidTransaction::Payment.into());
        assert_eq!(validity(transaction.clone()), refused);
        assert_eq!(apply(transaction), refused);
        assert_eq!(held(HOLDER), needed - 1);
    });
    with_alpha(needed, || {
        send(HOLDER, 0, burn(1)).unwrap();
        assert_eq!(held(HOLDER), 0);
    });
}

#[test]
fn tao_is_taken_first() {
    with_alpha(10 * TAO, || {
        Balances::make_free_balance_be(&account(HOLDER), TAO);
        send(HOLDER, 0, burn(1)).unwrap();
        assert_eq!(held(HOLDER), 10 * TAO - 1);
        assert!(free(HOLDER) < TAO);
    });
}

#[test]
fn a_little_tao_stays_and_gets_back_what_alpha_yields_in_excess() {
    with_alpha(10 * TAO, || {
        Balances::make_free_balance_be(&account(HOLDER), EXISTENTIAL_DEPOSIT);
        // A unit of alpha for ten million rao.
        SubnetAlphaIn::<Runtime>::insert(SUBNET, AlphaBalance::new(TAO / 10_000));
        let author = free("//One");
        send(HOLDER, 0, burn(1)).unwrap();
        let ((alpha, tao), (fee, _)) = paid();
        assert_eq!(alpha, fee.div_ceil(10_000_000).max(1));
        assert!(tao - fee > EXISTENTIAL_DEPOSIT);
        assert_eq!(free("//One"), author + fee);
        assert_eq!(free(HOLDER), EXISTENTIAL_DEPOSIT + tao - fee);
        SubnetAlphaIn::<Runtime>::insert(SUBNET, AlphaBalance::new(1_000 * TAO));
    });
}

#[test]
fn calls_that_spend_no_alpha_of_one_position_are_paid_in_tao() {
    with_alpha(10 * TAO, || {
        let (hotkey, netuid) = (account(HOTKEY), SUBNET);
        let batch: Vec<RuntimeCall> = vec![burn(1)];
        let calls: [RuntimeCall; 5] = [
            crate::common::transfer("//Bob", 1),
            Call::unstake_all {
                hotkey: hotkey.clone(),
            }
            .into(),
            Call::add_stake {
                hotkey: hotkey.clone(),
                netuid,
                amount_staked: TaoBalance::new(TAO),
            }
            .into(),
            pallet_utility::Call::batch { calls: batch }.into(),
            pallet_proxy::Call::proxy {
                real: address("//Alice"),
                force_proxy_type: None,
                call: Box::new(burn(1)),
            }
            .into(),
        ];
        for call in calls {
            let refused = send(HOLDER, 0, call.clone());
            assert_eq!(refused, Err(InvalidTransaction::Payment.into()), "{call:?}");
        }
        assert_eq!(held(HOLDER), 10 * TAO);
    });
}

#[test]
fn nobody_pays_with_the_position_of_somebody_else() {
    with_alpha(10 * TAO, || {
        give("//Other", 1);
        for stranger in ["//Nobody", "//Other"] {
            let refused = send(stranger, 0, burn(1));
            assert_eq!(refused, Err(InvalidTransaction::Payment.into()));
        }
        let other = Call::burn_alpha {
            hotkey: account("//elsewhere"),
            amount: AlphaBalance::new(1),
            netuid: SUBNET,
        };
        let refused = send(HOLDER, 0, other);
        assert_eq!(refused, Err(InvalidTransaction::Payment.into()));
    });
}

#[test]
fn a_pool_that_cannot_pay_the_fee_lets_nobody_in() {
    with_alpha(10 * TAO, || {
        let tip = 1_000 * TAO - 999_999;
        let transaction = signed(HOLDER, 0, tip, burn(1));
        assert_eq!(
            validity(transaction),
            Err(InvalidTransaction::Payment.into())
        );
        let transaction = signed(HOLDER, 0, u64::MAX, burn(1));
        assert_eq!(
            validity(transaction),
            Err(InvalidTransaction::Payment.into())
        );
    });
}

#[test]
fn a_holder_without_tao_sells_stake_and_has_tao() {
    with_alpha(10 * TAO, || {
        let sell = Call::remove_stake {
            hotkey: account(HOTKEY),
            netuid: SUBNET,
            amount_unstaked: AlphaBalance::new(4 * TAO),
        };
        let transaction = signed(HOLDER, 0, 0, sell.into());
        Executive::apply_extrinsic(transaction).unwrap().unwrap();
        let ((alpha, _), _) = paid();
        assert_eq!(held(HOLDER), 6 * TAO - alpha);
        // 4 alpha at a price of 1, less 0.05 % of fee and 0.4 % by which the price falls.
        assert!((3_970_000_000..4_000_000_000).contains(&free(HOLDER)));
        // From now on TAO pays.
        let before = held(HOLDER);
        send(HOLDER, 1, burn(1)).unwrap();
        assert_eq!(held(HOLDER), before - 1);
    });
}
