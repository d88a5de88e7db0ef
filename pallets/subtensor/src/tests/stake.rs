//! The ledger of stake through the pallet (section 8.1 of the economics), and what a hotkey commands.

use dendra_primitives::{AlphaBalance, NetUid, TaoBalance};
use frame_support::{BoundedVec, assert_noop, assert_ok};
use proptest::prelude::*;

use crate::{mock::*, types::MAX_STAKING_HOTKEYS, *};

const NETUID: NetUid = NetUid::new(2);

fn chain(test: impl FnOnce()) {
    ExtBuilder::new()
        .subnet(2, account(1), account(2))
        .run(test);
}

/// The hotkey staked on.
fn hotkey() -> AccountId {
    account(2)
}

fn units(alpha: u64) -> AlphaBalance {
    AlphaBalance::new(alpha)
}

fn deposit(coldkey: u8, amount: u64) {
    give_stake(NETUID, &hotkey(), &account(coldkey), amount);
}

fn reward(amount: u64) {
    SubnetAlphaOut::<Test>::mutate(NETUID, |out| *out = out.checked_add(units(amount)).unwrap());
    SubtensorModule::reward(&hotkey(), NETUID, units(amount)).unwrap();
}

fn withdraw(coldkey: u8, amount: u64) {
    SubtensorModule::withdraw(&hotkey(), &account(coldkey), NETUID, units(amount)).unwrap();
    SubtensorModule::destroy_alpha(NETUID, units(amount)).unwrap();
}

fn stake(coldkey: u8) -> u64 {
    SubtensorModule::stake_of(&hotkey(), &account(coldkey), NETUID).get()
}

fn pool() -> u64 {
    TotalHotkeyAlpha::<Test>::get(hotkey(), NETUID).get()
}

#[test]
fn a_reward_is_shared_in_proportion_and_rounded_down() {
    chain(|| {
        deposit(3, 100);
        deposit(4, 200);
        reward(50);
        assert_eq!((stake(3), stake(4), pool()), (116, 233, 350));
        assert_eq!(TotalAlphaStaked::<Test>::get(NETUID), units(350));
        withdraw(3, 116);
        assert_eq!((stake(3), stake(4), pool()), (0, 234, 234));
        assert_eq!(TotalAlphaStaked::<Test>::get(NETUID), units(234));
    });
}

#[test]
fn a_later_deposit_takes_nothing_of_what_was_earned_before() {
    chain(|| {
        deposit(3, 100);
        reward(100);
        deposit(4, 100);
        assert_eq!((stake(3), stake(4)), (200, 100));
        reward(150);
        assert_eq!((stake(3), stake(4)), (300, 150));
    });
}

#[test]
fn the_last_one_out_leaves_nothing() {
    chain(|| {
        deposit(3, 7);
        reward(4);
        withdraw(3, 11);
        assert!(!TotalHotkeyAlpha::<Test>::contains_key(hotkey(), NETUID));
        assert!(!HotkeyPools::<Test>::contains_key(hotkey(), NETUID));
        assert!(!TotalAlphaStaked::<Test>::contains_key(NETUID));
        assert_eq!(Positions::<Test>::iter().count(), 0);
        assert_eq!(SubnetAlphaOut::<Test>::get(NETUID), AlphaBalance::ZERO);
        deposit(4, 5);
        assert_eq!((stake(4), pool()), (5, 5));
    });
}

#[test]
fn subnets_and_hotkeys_are_apart() {
    chain(|| {
        deposit(3, 10);
        give_stake(NETUID, &account(5), &account(3), 20);
        give_stake(NetUid::new(1), &hotkey(), &account(3), 40);
        reward(1);
        assert_eq!(stake(3), 11);
        let other = |hotkey: &AccountId, netuid| {
            SubtensorModule::stake_of(hotkey, &account(3), NetUid::new(netuid)).get()
        };
        assert_eq!(other(&account(5), 2), 20);
        assert_eq!(other(&hotkey(), 1), 40);
        assert_eq!(other(&account(5), 1), 0);
        assert_eq!(TotalAlphaStaked::<Test>::get(NETUID), units(31));
        assert_eq!(TotalAlphaStaked::<Test>::get(NetUid::new(1)), units(40));
    });
}

#[test]
fn a_coldkey_knows_each_hotkey_that_it_stakes_on_once() {
    chain(|| {
        deposit(3, 10);
        deposit(3, 10);
        give_stake(NetUid::new(1), &hotkey(), &account(3), 40);
        give_stake(NETUID, &account(5), &account(3), 20);
        let known = StakingHotkeys::<Test>::get(account(3)).into_inner();
        assert_eq!(known, [hotkey(), account(5)]);
    });
}

#[test]
fn a_coldkey_forgets_a_hotkey_with_its_last_position_there() {
    chain(|| {
        deposit(3, 10);
        give_stake(NetUid::new(1), &hotkey(), &account(3), 40);
        withdraw(3, 4);
        withdraw(3, 6);
        // Something is left on the other subnet.
        let known = StakingHotkeys::<Test>::get(account(3)).into_inner();
        assert_eq!(known, [hotkey()]);
        let first = NetUid::new(1);
        SubtensorModule::withdraw(&hotkey(), &account(3), first, units(40)).unwrap();
        SubtensorModule::destroy_alpha(first, units(40)).unwrap();
        assert!(!StakingHotkeys::<Test>::contains_key(account(3)));
    });
}

#[test]
fn closing_pays_the_worth_and_the_last_ones_dust() {
    chain(|| {
        deposit(3, 100);
        deposit(4, 200);
        reward(50);
        let close = |coldkey| {
            let closed = SubtensorModule::close(&hotkey(), &account(coldkey), NETUID).unwrap();
            (closed.0.get(), closed.1.get())
        };
        assert_eq!(close(3), (116, 0));
        assert_eq!(close(4), (234, 0));
        assert_eq!(pool(), 0);
        SubtensorModule::destroy_alpha(NETUID, units(350)).unwrap();
    });
}

#[test]
fn nothing_is_neither_deposited_nor_withdrawn() {
    chain(|| {
        deposit(3, 10);
        let zero = AlphaBalance::ZERO;
        assert_noop!(
            SubtensorModule::deposit(&hotkey(), &account(3), NETUID, zero),
            Error::<Test>::AmountTooLow
        );
        assert_noop!(
            SubtensorModule::withdraw(&hotkey(), &account(3), NETUID, zero),
            Error::<Test>::AmountTooLow
        );
    });
}

#[test]
fn more_than_a_position_is_worth_cannot_be_withdrawn() {
    chain(|| {
        deposit(3, 10);
        deposit(4, 10);
        for (coldkey, amount) in [(3, 11), (5, 1), (3, u64::MAX)] {
            assert_noop!(
                SubtensorModule::withdraw(&hotkey(), &account(coldkey), NETUID, units(amount)),
                Error::<Test>::NotEnoughStakeToWithdraw
            );
        }
    });
}

#[test]
fn a_reward_needs_somebody_to_own_it() {
    chain(|| {
        assert_noop!(
            SubtensorModule::reward(&hotkey(), NETUID, units(5)),
            Error::<Test>::NotEnoughStake
        );
    });
}

#[test]
fn a_coldkey_stakes_on_a_bounded_number_of_hotkeys() {
    ExtBuilder::new().build().execute_with(|| {
        let full: Vec<_> = (1..MAX_STAKING_HOTKEYS).map(many).collect();
        StakingHotkeys::<Test>::insert(account(3), BoundedVec::truncate_from(full));
        assert_ok!(SubtensorModule::deposit(
            &account(4),
            &account(3),
            NETUID,
            units(1)
        ));
        assert_ok!(SubtensorModule::deposit(
            &account(4),
            &account(3),
            NETUID,
            units(1)
        ));
        assert_noop!(
            SubtensorModule::deposit(&account(5), &account(3), NETUID, units(1)),
            Error::<Test>::TooManyStakingHotkeys
        );
    });
}

#[test]
fn more_than_64_bits_of_alpha_are_refused() {
    ExtBuilder::new().build().execute_with(|| {
        let most = units(u64::MAX);
        assert_ok!(SubtensorModule::deposit(
            &account(4),
            &account(3),
            NETUID,
            most
        ));
        assert_noop!(
            SubtensorModule::deposit(&account(4), &account(3), NETUID, units(1)),
            Error::<Test>::Overflow
        );
        assert_noop!(
            SubtensorModule::deposit(&account(5), &account(3), NETUID, units(1)),
            Error::<Test>::Overflow
        );
    });
}

#[test]
fn stake_on_root_is_tao() {
    chain(|| {
        give_stake(NetUid::ROOT, &hotkey(), &account(3), 3_000);
        deposit(3, 8);
        let own = SubtensorModule::own_stake(&hotkey(), NETUID);
        assert_eq!((own.alpha, own.tao), (units(8), TaoBalance::new(3_000)));
        let root = SubtensorModule::own_stake(&hotkey(), NetUid::ROOT);
        assert_eq!(
            (root.alpha, root.tao),
            (AlphaBalance::ZERO, TaoBalance::new(3_000))
        );
        assert_eq!(SubnetTAO::<Test>::get(NetUid::ROOT), TaoBalance::new(3_000));
    });
}

#[test]
fn lent_stake_counts_for_the_child_and_not_for_the_parent() {
    chain(|| {
        give_stake(NETUID, &account(10), &account(3), 1_001);
        give_stake(NetUid::ROOT, &account(10), &account(3), 4_000);
        give_stake(NETUID, &account(11), &account(3), 7);
        let half = u64::MAX / 2;
        let edge = |other| vec![(half, account(other))];
        let children = BoundedVec::truncate_from(edge(11));
        ChildKeys::<Test>::insert(account(10), NETUID, children);
        let parents = BoundedVec::truncate_from(edge(10));
        ParentKeys::<Test>::insert(account(11), NETUID, parents);
        let commands = |hotkey, netuid| {
            let stake = SubtensorModule::stake_on(&account(hotkey), NetUid::new(netuid));
            (stake.alpha.get(), stake.tao.get())
        };
        // Half of 1001, less than a unit of it: 500; of 4000 a bit less than half: 1999.
        assert_eq!(commands(11, 2), (507, 1_999));
        assert_eq!(commands(10, 2), (501, 2_001));
        // On root and on other subnets nothing is lent.
        assert_eq!(commands(10, 0), (0, 4_000));
        assert_eq!(commands(11, 0), (0, 0));
        assert_eq!(commands(10, 1), (0, 4_000));
    });
}

#[derive(Clone, Debug)]
enum Step {
    Deposit(u8, u64),
    Withdraw(u8, u64),
    Reward(u64),
    Close(u8),
}

fn step() -> impl Strategy<Value = Step> {
    let amount = prop_oneof![1_u64..10, 1_u64..1_000_000_000_000];
    prop_oneof![
        (3_u8..7, amount.clone()).prop_map(|(who, amount)| Step::Deposit(who, amount)),
        (3_u8..7, amount.clone()).prop_map(|(who, amount)| Step::Withdraw(who, amount)),
        amount.prop_map(Step::Reward),
        (3_u8..7).prop_map(Step::Close),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn the_pool_is_what_was_put_in_less_what_was_taken_out(steps in prop::collection::vec(step(), 1..30)) {
        chain(|| {
            let mut expected = 0_u64;
            for step in steps {
                let others: Vec<u64> = (3..7).map(stake).collect();
                let acting = match step {
                    Step::Deposit(who, amount) => {
                        let before = stake(who);
                        deposit(who, amount);
                        expected += amount;
                        let gained = stake(who) - before;
                        assert!(gained == amount || gained == amount - 1 || gained == amount + 1);
                        Some(who)
                    }
                    Step::Withdraw(who, amount) => {
                        let amount = amount.min(stake(who));
                        if amount > 0 {
                            withdraw(who, amount);
                            expected -= amount;
                        }
                        Some(who)
                    }
                    Step::Reward(amount) if pool() > 0 => {
                        reward(amount);
                        expected += amount;
                        None
                    }
                    Step::Reward(_) => None,
                    Step::Close(who) => {
                        let (worth, dust) = SubtensorModule::close(&hotkey(), &account(who), NETUID).unwrap();
                        let all = worth.checked_add(dust).unwrap();
                        SubtensorModule::destroy_alpha(NETUID, all).unwrap();
                        expected -= all.get();
                        Some(who)
                    }
                };
                // Nobody loses by what another one does.
                for (who, before) in (3..7).zip(others) {
                    assert!(acting == Some(who) || stake(who) >= before);
                }
                assert_eq!(pool(), expected);
                assert!((3..7).map(stake).sum::<u64>() <= expected);
                SubtensorModule::do_try_state().unwrap();
            }
        });
    }
}
