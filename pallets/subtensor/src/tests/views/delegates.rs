//! Tests of the views of delegates.

use dendra_runtime_api::DelegateInfo;

use super::*;
use crate::mock::{SubtensorModule, UNIT, give_stake};

/// The default take: ⌊amount·11796/65535⌋ is the owner's.
const TAKE: u16 = 11_796;

/// Hotkey 3 of coldkey 4 is a delegate with neurons on both subnets and a seat on root; coldkeys 8 and 9 stake on
/// it. Hotkey 2 is none, hotkey 5 of coldkey 6 is one on which nobody stakes.
fn delegating() -> ExtBuilder {
    ExtBuilder::new()
        .subnet(2, account(1), account(2))
        .subnet(3, account(6), account(7))
        .neuron(3, account(3), account(4))
        .neuron(2, account(5), account(6))
        .neuron(2, account(3), account(4))
        .neuron(0, account(3), account(4))
        .stake(3, account(3), account(9), 3_000)
        .stake(2, account(3), account(9), 2_000)
        .stake(0, account(3), account(9), 700)
        .stake(2, account(3), account(8), 5_000)
        .stake(2, account(2), account(8), 6_000)
}

fn become_delegates() {
    Delegates::<Test>::insert(account(5), 0);
    Delegates::<Test>::insert(account(3), TAKE);
    ValidatorPermit::<Test>::insert(SUBNET, column(&[true, false, true]));
    ValidatorPermit::<Test>::insert(OTHER, column(&[true, false]));
}

fn netuids(list: &[u16]) -> Vec<Compact<NetUid>> {
    list.iter().copied().map(NetUid::new).map(Compact).collect()
}

fn staked(list: &[(u16, u64)]) -> Vec<(Compact<NetUid>, Compact<u64>)> {
    list.iter()
        .map(|(netuid, stake)| (Compact(NetUid::new(*netuid)), Compact(*stake)))
        .collect()
}

/// Hotkey 3, before any epoch.
fn third() -> DelegateInfo {
    DelegateInfo {
        delegate_ss58: account(3),
        take: Compact(TAKE),
        nominators: vec![
            (account(8), staked(&[(2, 5_000)])),
            (account(9), staked(&[(0, 700), (2, 2_000), (3, 3_000)])),
        ],
        owner_ss58: account(4),
        registrations: netuids(&[0, 2, 3]),
        validator_permits: netuids(&[2]),
        return_per_1000: Compact(0),
        total_daily_return: Compact(0),
    }
}

fn fifth() -> DelegateInfo {
    DelegateInfo {
        delegate_ss58: account(5),
        take: Compact(0),
        nominators: vec![],
        owner_ss58: account(6),
        registrations: netuids(&[2]),
        validator_permits: netuids(&[]),
        return_per_1000: Compact(0),
        total_daily_return: Compact(0),
    }
}

#[test]
fn a_delegate_is_who_has_a_take_of_its_own() {
    delegating().run(|| {
        assert_eq!(SubtensorModule::delegates(), []);
        assert_eq!(SubtensorModule::delegate(account(3)), None);
        assert_eq!(SubtensorModule::delegated(&account(9)), []);
        become_delegates();
        assert_eq!(SubtensorModule::delegate(account(3)), Some(third()));
        assert_eq!(SubtensorModule::delegate(account(5)), Some(fifth()));
        assert_eq!(SubtensorModule::delegate(account(2)), None);
        assert_eq!(SubtensorModule::delegate(account(77)), None);
    });
}

#[test]
fn delegates_are_listed_by_hotkey() {
    delegating().run(|| {
        become_delegates();
        assert_eq!(SubtensorModule::delegates(), [third(), fifth()]);
    });
}

#[test]
fn a_seat_on_root_makes_a_delegate() {
    delegating().run(|| {
        SubtensorModule::do_root_register(&account(4), &account(33)).unwrap();
        let delegate = SubtensorModule::delegate(account(33)).unwrap();
        assert_eq!(delegate.take, Compact(TAKE));
        assert_eq!(delegate.registrations, netuids(&[0]));
        assert_eq!(delegate.owner_ss58, account(4));
    });
}

#[test]
fn delegations_are_by_subnet_and_hide_the_others() {
    delegating().run(|| {
        become_delegates();
        let alone = DelegateInfo {
            nominators: vec![],
            ..third()
        };
        let entry =
            |netuid: u16, stake: u64| (alone.clone(), (Compact(NetUid::new(netuid)), alpha(stake)));
        assert_eq!(
            SubtensorModule::delegated(&account(9)),
            [entry(0, 700), entry(2, 2_000), entry(3, 3_000)]
        );
        // Coldkey 8 also stakes on hotkey 2, which is no delegate.
        assert_eq!(SubtensorModule::delegated(&account(8)), [entry(2, 5_000)]);
        assert_eq!(SubtensorModule::delegated(&account(4)), []);
    });
}

#[test]
fn returns_follow_from_the_last_epoch_at_the_spot_price() {
    delegating().run(|| {
        become_delegates();
        // The pool holds 1000 TAO at a price of 1; half the alpha doubles it.
        let reserve = SubnetAlphaIn::<Test>::get(SUBNET).get();
        assert_eq!(reserve, 1_000 * UNIT);
        SubnetAlphaIn::<Test>::insert(SUBNET, AlphaBalance::new(reserve / 2));
        give_stake(SUBNET, &account(3), &account(9), 100 * UNIT - 7_000);
        Tempo::<Test>::insert(SUBNET, 100);
        AlphaDividendsPerSubnet::<Test>::insert(SUBNET, account(3), AlphaBalance::new(1_001));
        // ⌊1001·11796/65535⌋ = 180 are the owner's; ⌊821·7200/100⌋ = 59112 alpha a day, worth twice as much.
        let delegate = SubtensorModule::delegate(account(3)).unwrap();
        assert_eq!(delegate.total_daily_return, Compact(118_224));
        // 100 alpha are worth 200 TAO, and 3000 units of the other subnet next to nothing; root does not count.
        let worth = 200 * u128::from(UNIT) + 3_000;
        let per_1000 = 118_224 * 1_000 * u128::from(UNIT) / worth;
        assert_eq!(delegate.return_per_1000, Compact(per_1000 as u64));
        assert_eq!(per_1000, 591_119);
        let mut delegated = SubtensorModule::delegated(&account(9));
        assert_eq!(delegated.remove(0).0.total_daily_return, Compact(118_224));
        assert_eq!(SubtensorModule::delegates()[0], delegate);
    });
}

#[test]
fn subnets_add_up_and_a_subnet_without_epochs_earns_nothing() {
    delegating().run(|| {
        become_delegates();
        Delegates::<Test>::insert(account(3), 0);
        for (netuid, paid) in [(SUBNET, 10), (OTHER, 20)] {
            AlphaDividendsPerSubnet::<Test>::insert(netuid, account(3), AlphaBalance::new(paid));
        }
        let daily = || {
            let delegate = SubtensorModule::delegate(account(3)).unwrap();
            delegate.total_daily_return.0
        };
        assert_eq!(daily(), 20 * (10 + 20));
        Tempo::<Test>::insert(OTHER, 0);
        assert_eq!(daily(), 20 * 10);
        // What was paid before everybody left earns nobody anything.
        AlphaDividendsPerSubnet::<Test>::insert(SUBNET, account(5), AlphaBalance::new(99));
        assert_eq!(SubtensorModule::delegate(account(5)), Some(fifth()));
    });
}

#[test]
fn the_return_shown_is_what_an_epoch_paid() {
    delegating().run(|| {
        become_delegates();
        // What the stakers share of a dividend is what is left after the take, as in the payout.
        let dividend = AlphaBalance::new(123_457);
        let (taken, shared) = dividend.split(dendra_primitives::Proportion16::from_parts(TAKE));
        Tempo::<Test>::insert(SUBNET, 7_200);
        AlphaDividendsPerSubnet::<Test>::insert(SUBNET, account(3), dividend);
        let delegate = SubtensorModule::delegate(account(3)).unwrap();
        assert_eq!(delegate.total_daily_return.0, shared.get());
        assert_eq!(taken.get() + shared.get(), 123_457);
    });
}

#[test]
fn a_subnet_that_is_gone_is_not_shown() {
    delegating().run(|| {
        become_delegates();
        AlphaDividendsPerSubnet::<Test>::insert(OTHER, account(3), AlphaBalance::new(20));
        SubtensorModule::do_dissolve(OTHER).unwrap();
        let delegate = SubtensorModule::delegate(account(3)).unwrap();
        assert_eq!(
            delegate.nominators[1],
            (account(9), staked(&[(0, 700), (2, 2_000)]))
        );
        assert_eq!(delegate.total_daily_return, Compact(0));
        assert_eq!(SubtensorModule::delegated(&account(9)).len(), 2);
    });
}

#[test]
fn an_answer_lists_no_more_positions_than_it_may() {
    delegating().run(|| {
        become_delegates();
        let listed = |room: usize| {
            let mut left = room;
            let nominators = SubtensorModule::nominators_of(&account(3), &mut left);
            let positions: usize = nominators.iter().map(|(_, subnets)| subnets.len()).sum();
            (positions, left)
        };
        assert_eq!(listed(0), (0, 0));
        assert_eq!(listed(1), (1, 0));
        assert_eq!(listed(3), (3, 0));
        assert_eq!(listed(10), (4, 6));
    });
}
