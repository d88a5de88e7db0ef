//! Laws of swaps: nothing is made, nothing is lost, and nobody is worse off by more than rounding.

use std::collections::BTreeMap;

use dendra_primitives::AlphaBalance;
use proptest::prelude::*;

use super::{joined::reward, *};
use crate::*;

/// Coldkeys that stake.
const HOLDERS: u8 = 5;

#[derive(Clone, Debug)]
enum Step {
    /// Stake of a holder, on the new hotkey or on the old one.
    Stake(bool, u8, u64),
    /// A dividend on one of them.
    Reward(bool, u64),
    /// A holder takes a part of its stake, in percent.
    Leave(bool, u8, u64),
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let amount = prop_oneof![1..10_u64, 1..1_000_000_u64, 1..1_000_000_000_000_u64];
    let step = prop_oneof![
        3 => (any::<bool>(), 0..HOLDERS, amount.clone()).prop_map(|(new, who, alpha)| Step::Stake(new, who, alpha)),
        2 => (any::<bool>(), amount).prop_map(|(new, alpha)| Step::Reward(new, alpha)),
        2 => (any::<bool>(), 0..HOLDERS, 1..=100_u64).prop_map(|(new, who, part)| Step::Leave(new, who, part)),
    ];
    prop::collection::vec(step, 1..40)
}

fn hotkey(is_new: bool) -> AccountId {
    if is_new { new() } else { old() }
}

fn holder(number: u8) -> AccountId {
    account(100 + number)
}

fn apply(step: &Step) {
    match *step {
        Step::Stake(is_new, who, alpha) => {
            SubnetAlphaOut::<Test>::mutate(NETUID, |out| {
                *out = out.checked_add(AlphaBalance::new(alpha)).unwrap();
            });
            let amount = AlphaBalance::new(alpha);
            SubtensorModule::deposit(&hotkey(is_new), &holder(who), NETUID, amount).unwrap();
        }
        Step::Reward(is_new, alpha) => {
            if !TotalHotkeyAlpha::<Test>::get(hotkey(is_new), NETUID).is_zero() {
                reward(&hotkey(is_new), alpha);
            }
        }
        Step::Leave(is_new, who, part) => {
            let held = stake(&hotkey(is_new), &holder(who), NETUID);
            let alpha = AlphaBalance::new(
                u64::try_from(u128::from(held) * u128::from(part) / 100).unwrap(),
            );
            if !alpha.is_zero() {
                SubtensorModule::withdraw(&hotkey(is_new), &holder(who), NETUID, alpha).unwrap();
                SubnetAlphaOut::<Test>::mutate(NETUID, |out| {
                    *out = out.checked_sub(alpha).unwrap();
                });
            }
        }
    }
}

/// What each holder has on a hotkey.
fn worth(hotkey: &AccountId) -> BTreeMap<u8, u64> {
    (0..HOLDERS)
        .map(|number| (number, stake(hotkey, &holder(number), NETUID)))
        .collect()
}

fn world() -> ExtBuilder {
    ExtBuilder::new()
        .subnet(2, account(1), account(2))
        .neuron(2, old(), owner())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn joining_keeps_the_sum_and_costs_nobody_more_than_rounding(steps in steps()) {
        world().run(|| {
            SubtensorModule::associate(&owner(), &new()).unwrap();
            steps.iter().for_each(apply);
            let (first, second) = (worth(&old()), worth(&new()));
            let pools = [old(), new()].map(|hotkey| TotalHotkeyAlpha::<Test>::get(hotkey, NETUID).get());
            let total = TotalAlphaStaked::<Test>::get(NETUID);
            swap_on(NETUID, false).unwrap();
            let joined = worth(&new());
            assert_eq!(TotalAlphaStaked::<Test>::get(NETUID), total);
            assert_eq!(TotalHotkeyAlpha::<Test>::get(new(), NETUID).get(), pools[0] + pools[1]);
            let gained: u64 = joined.values().sum();
            let had: u64 = first.values().chain(second.values()).sum();
            // What the pools had beyond their positions, one unit less than each can be.
            let slack = pools[0] + pools[1] - had;
            for (number, after) in &joined {
                let before = first[number] + second[number];
                assert!(after + 2 >= before, "{before} became {after}");
                assert!(*after <= before + slack + 1, "{before} became {after}");
            }
            assert!(gained <= pools[0] + pools[1]);
            assert!(worth(&old()).values().all(|left| *left == 0));
        });
    }

    #[test]
    fn a_fresh_hotkey_gets_every_position_to_the_unit(steps in steps()) {
        world().run(|| {
            steps.iter().filter(|step| !matches!(
                step,
                Step::Stake(true, ..) | Step::Reward(true, _) | Step::Leave(true, ..)
            )).for_each(apply);
            let before = worth(&old());
            let pool = HotkeyPools::<Test>::get(old(), NETUID);
            swap_all(false).unwrap();
            assert_eq!(worth(&new()), before);
            assert_eq!(HotkeyPools::<Test>::get(new(), NETUID), pool);
        });
    }

    #[test]
    fn a_fresh_coldkey_gets_every_position_to_the_unit(steps in steps(), who in 0..HOLDERS) {
        world().run(|| {
            SubtensorModule::associate(&owner(), &new()).unwrap();
            steps.iter().for_each(apply);
            let before = [worth(&old()), worth(&new())];
            let to = many(9);
            swap_coldkey(&holder(who), &to).unwrap();
            for (hotkey, before) in [old(), new()].iter().zip(before) {
                assert_eq!(stake(hotkey, &to, NETUID), before[&who]);
                let after = worth(hotkey);
                for number in (0..HOLDERS).filter(|number| *number != who) {
                    assert_eq!(after[&number], before[&number]);
                }
                assert_eq!(after[&who], 0);
            }
        });
    }
}
