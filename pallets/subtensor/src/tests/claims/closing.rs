//! Dissolving a subnet wipes what was not claimed (section 9.3 of the economics).

use frame_support::assert_noop;

use super::*;
use crate::{
    Error, RootClaimable, RootClaimed, RootDividendRest, RootKept, RootStakerCount,
    mock::{
        Budget, RuntimeOrigin, System, account, events, give_stake, many, run_to_block, signed,
    },
};
use dendra_primitives::NetUid;
use frame_support::weights::Weight;

fn dissolve() {
    SubtensorModule::root_dissolve_network(RuntimeOrigin::root(), NETUID).unwrap();
}

/// What a holder of 1000 alpha gets who meets this much in the pot.
fn settled_with(in_pot: u64) -> u64 {
    let mut got = 0;
    builder()
        .stake(2, account(2), account(30), 1_000 * UNIT)
        .run(|| {
            NumRootClaim::<Test>::put(0);
            if in_pot > 0 {
                pay(in_pot);
            }
            let before = Balances::free_balance(account(30));
            dissolve();
            run_to_block(2);
            got = Balances::free_balance(account(30)) - before;
        });
    got
}

#[test]
fn unclaimed_dividends_weigh_nothing_and_cost_holders_nothing() {
    assert_eq!(settled_with(0), 500 * UNIT);
    assert_eq!(settled_with(PAID), 500 * UNIT);
}

#[test]
fn nothing_can_be_claimed_once_a_subnet_is_dissolved() {
    chain(|| {
        pay(PAID);
        dissolve();
        assert_noop!(
            SubtensorModule::claim_root(signed(&ann()), [NETUID].into()),
            Error::<Test>::SubnetNotExists
        );
        System::reset_events();
        SubtensorModule::claim_root_with_hotkey(signed(&ann()), validator()).unwrap();
        assert_eq!(events(), []);
        NumRootClaim::<Test>::put(50);
        Budget::set(&Weight::MAX);
        SubtensorModule::step_root_claims(&mut frame_support::weights::WeightMeter::new());
        assert_eq!(events(), []);
        assert_eq!(
            (pot(), alpha_of(&ann()), root_stake(&ann())),
            (PAID, 0, 300 * UNIT)
        );
    });
}

#[test]
fn rates_accounts_and_kept_dividends_go_in_pieces_while_root_stake_moves() {
    chain(|| {
        for number in 0..40 {
            give_stake(NetUid::ROOT, &many(number), &many(100 + number), UNIT);
            pay_to(NETUID, &many(number), UNIT / 2);
            // Ann leaves and has kept dividends only, the others have claimed ones.
            give_stake(NetUid::ROOT, &many(number), &ann(), UNIT);
            pay_to(NETUID, &many(number), UNIT / 2);
            unstake(&many(number), &ann(), UNIT);
            give_stake(NetUid::ROOT, &many(number), &many(100 + number), 3 * UNIT);
        }
        let listed = RootStakerCount::<Test>::get();
        dissolve();
        Budget::set(&Weight::from_parts(8, 0));
        for block in 2..40 {
            run_to_block(block);
            // Stakers do not notice.
            let number = block as u32;
            give_stake(NetUid::ROOT, &many(number), &many(100 + number), UNIT);
            unstake(&many(number), &many(100 + number), UNIT / 2);
        }
        Budget::set(&Weight::MAX);
        run_to_block(60);
        assert_eq!(RootDividendRest::<Test>::iter().count(), 0);
        assert_eq!(RootClaimable::<Test>::iter().count(), 0);
        assert_eq!(RootClaimed::<Test>::iter().count(), 0);
        assert_eq!(RootKept::<Test>::iter().count(), 0);
        assert_eq!(pot(), 0);
        // Ann has stake on the validator; all stay listed.
        assert_eq!(RootStakerCount::<Test>::get(), listed);
    });
}

#[test]
fn who_had_nothing_but_kept_dividends_leaves_the_list() {
    chain(|| {
        pay(PAID);
        unstake(&validator(), &bob(), 100 * UNIT);
        assert_eq!(RootStakerCount::<Test>::get(), 2);
        dissolve();
        run_to_block(2);
        assert_eq!(RootStakerCount::<Test>::get(), 1);
    });
}

#[test]
fn another_subnet_keeps_its_dividends() {
    builder().subnet(3, account(3), account(4)).run(|| {
        NumRootClaim::<Test>::put(0);
        let other = NetUid::new(3);
        pay(PAID);
        pay_to(other, &validator(), PAID);
        dissolve();
        run_to_block(2);
        let kept = RootClaimable::<Test>::get(validator());
        assert_eq!(kept.keys().copied().collect::<Vec<_>>(), [other]);
        let owed = SubtensorModule::root_dividend_owed(other, &validator(), &ann());
        assert_eq!(owed.get(), 4_687_500_000);
        assert_eq!(RootDividendPot::<Test>::get(other).get(), PAID);
    });
}
