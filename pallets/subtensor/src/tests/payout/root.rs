//! The pot of root: by root stake, with the delegate's take, to be claimed.

use super::*;
use crate::{Event, RootDividendPot, mock::events};
use dendra_primitives::NetUid;

fn pot() -> u64 {
    RootDividendPot::<Test>::get(SUBNET).get()
}

fn owed(uid: u16, coldkey: &AccountId) -> u64 {
    SubtensorModule::root_dividend_owed(SUBNET, &hotkey(uid), coldkey).get()
}

/// Root stakers 60 and 61 on validators 1 and 2.
fn with_root(first: u64, second: u64) -> ExtBuilder {
    [(1, account(60), first), (2, account(61), second)]
        .into_iter()
        .filter(|(.., stake)| *stake > 0)
        .fold(subnet(), |builder, (uid, coldkey, stake)| {
            builder.stake(0, hotkey(uid), coldkey, stake)
        })
}

fn run(builder: ExtBuilder, test: impl FnOnce()) {
    builder.run(|| {
        crate::NumRootClaim::<Test>::put(0);
        begin();
        agree(&[3], &[1]);
        test();
    });
}

#[test]
fn root_stakers_can_claim_it() {
    run(with_root(1 << 32, 1 << 32), || {
        give_root(2_000);
        give_pending(SUBNET, 4_000, 2_000);
        epoch();
        assert_eq!(pot(), 2_000);
        assert_eq!(owed(1, &account(60)), 1_000);
        assert_eq!(owed(2, &account(61)), 1_000);
        assert_eq!(own(3), 4_000);
        assert_eq!((own(1), own(2)), (MILLION + 1_000, MILLION + 1_000));
        assert_eq!(residual(), 0);
        // Alpha dividends only are recorded as such.
        let recorded = |uid| AlphaDividendsPerSubnet::<Test>::get(SUBNET, hotkey(uid)).get();
        assert_eq!((recorded(1), recorded(2)), (1_000, 1_000));
    });
}

#[test]
fn the_delegate_has_its_take_of_it_as_stake() {
    run(with_root(1 << 32, 0), || {
        Delegates::<Test>::insert(hotkey(1), 11_796);
        Delegates::<Test>::insert(hotkey(2), 0);
        give_root(100_000);
        give_pending(SUBNET, 100_000, 0);
        let before = own(1);
        epoch();
        let taken = take(100_000, 11_796);
        // Nobody but validator 1 has root stakers. Buying shares rounds down.
        assert_eq!(pot(), 100_000 - taken);
        assert_eq!(owed(1, &account(60)), 100_000 - taken);
        assert!(own(1) - before + 1 >= taken);
        assert!(was_paid(
            hotkey(1),
            Some(coldkey(1)),
            PaymentReason::RootTake,
            taken
        ));
        let event = Event::RootDividendPaid {
            netuid: SUBNET,
            hotkey: hotkey(1),
            alpha: AlphaBalance::new(100_000 - taken),
        };
        assert!(events().contains(&event));
        assert_eq!(residual(), 0);
    });
}

#[test]
fn root_stakers_lack_what_the_other_pots_had_not() {
    run(with_root(1 << 32, 0), || {
        // Miners get half of all that is divided, more than their pot and the validators' together.
        give_root(7_000);
        give_pending(SUBNET, 1_000, 0);
        epoch();
        assert_eq!(own(3), 4_000);
        assert_eq!((pot(), residual()), (4_000, 0));
    });
}

#[test]
fn little_root_stake_leaves_it_to_the_owner_of_the_hotkey() {
    run(with_root(1_000, 0), || {
        give_root(2_000);
        give_pending(SUBNET, 4_000, 2_000);
        let before = own(1);
        epoch();
        assert_eq!(pot(), 0);
        assert!(own(1) >= before + 2_000);
        assert!(was_paid(
            hotkey(1),
            Some(coldkey(1)),
            PaymentReason::RootDividend,
            2_000
        ));
    });
}

#[test]
fn without_root_stake_it_joins_the_residual() {
    run(with_root(0, 0), || {
        give_root(2_000);
        give_pending(SUBNET, 4_000, 2_000);
        epoch();
        assert_eq!((pot(), residual()), (0, 2_000));
        assert_eq!(
            crate::TotalHotkeyAlpha::<Test>::get(hotkey(1), NetUid::ROOT).get(),
            0
        );
        give_pending(SUBNET, 4_000, 4_000);
        epoch();
        assert_eq!((own(1), own(2)), (MILLION + 4_000, MILLION + 4_000));
    });
}
