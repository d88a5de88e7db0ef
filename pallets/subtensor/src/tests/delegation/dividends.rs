//! What parents and children are paid, by examples computed by hand and against a model in floating point
//! (section 5.2). Simple cases are tests of payouts.

use std::collections::BTreeMap;

use dendra_primitives::AlphaBalance;
use frame_support::assert_ok;
use proptest::prelude::*;

use super::super::validators::{
    SUBNET, coldkey, epoch, hotkey, set, stake, subnet_of, without_owner_uid,
};
use crate::{
    CKBurn, Delegates, Event, MaxChildkeyTake, SubnetAlphaOut, SubnetResidual, TaoWeight,
    mock::{SubtensorModule, System, Test, events, give_pending, give_stake, lend},
};
use dendra_primitives::NetUid;

const MILLION: u64 = 1_000_000;
/// Proportions without rounding: 2^64−1 and 65535 have these divisors.
const WHOLE: u64 = u64::MAX;
const THIRD: u64 = u64::MAX / 3;
const FIFTH: u64 = u64::MAX / 5;
const FIFTH_OF_TAKES: u16 = 65_535 / 5;

fn own(uid: u16) -> u64 {
    stake(&hotkey(uid), &coldkey(uid))
}

/// Hotkey 1 lends all of its million to 2, and 2 lends a third of its three millions to 3, which has two. So 2
/// and 3 have three millions each, and 1 nothing. They agree on miner 4. Nobody takes as a delegate.
fn three_levels(test: impl FnOnce()) {
    subnet_of(&[0, MILLION, 3 * MILLION, 2 * MILLION, 0]).run(|| {
        lend(SUBNET, &hotkey(1), &[(WHOLE, hotkey(2))]);
        lend(SUBNET, &hotkey(2), &[(THIRD, hotkey(3))]);
        for uid in 0..5 {
            Delegates::<Test>::insert(hotkey(uid), 0);
        }
        MaxChildkeyTake::<Test>::put(u16::MAX);
        epoch();
        for uid in [2, 3] {
            assert_ok!(set(uid, &[4], &[1]));
        }
        System::reset_events();
        test();
    });
}

fn take(uid: u16, take: u16) {
    SubtensorModule::write_childkey_take(&hotkey(uid), SUBNET, take);
}

/// What hotkeys 1, 2 and 3 gain by an epoch with 120000 for each side.
fn gains() -> [u64; 3] {
    let before = [1, 2, 3].map(own);
    give_pending(SUBNET, 120_000, 120_000);
    epoch();
    let after = [1, 2, 3].map(own);
    assert_eq!(
        crate::Emission::<Test>::get(SUBNET)[4],
        AlphaBalance::new(120_000)
    );
    [0, 1, 2].map(|place| after[place] - before[place])
}

#[test]
fn only_own_stake_is_lent_on() {
    three_levels(|| {
        // 2 has 60000 for two millions kept and one borrowed; 3 the same.
        assert_eq!(gains(), [20_000, 40_000 + 20_000, 40_000]);
    });
}

#[test]
fn each_child_takes_from_its_own_parents() {
    three_levels(|| {
        take(2, FIFTH_OF_TAKES);
        take(3, FIFTH_OF_TAKES);
        // 2 keeps 4000 of what 1 lent, and is passed 16000 by 3.
        assert_eq!(gains(), [16_000, 40_000 + 4_000 + 16_000, 40_000 + 4_000]);
    });
}

#[test]
fn what_is_burned_of_a_parents_part_is_recycled() {
    three_levels(|| {
        CKBurn::<Test>::put(FIFTH);
        take(2, FIFTH_OF_TAKES);
        take(3, FIFTH_OF_TAKES);
        let issued = SubnetAlphaOut::<Test>::get(SUBNET).get();
        // Of 20000 burned 4000, of the rest taken 3200, and 12800 passed on; twice.
        assert_eq!(gains(), [12_800, 40_000 + 3_200 + 12_800, 40_000 + 3_200]);
        let recycled = AlphaBalance::new(8_000);
        assert!(events().contains(&Event::DividendRecycled {
            netuid: SUBNET,
            alpha: recycled,
        }));
        let now = SubnetAlphaOut::<Test>::get(SUBNET).get();
        assert_eq!(now, issued + 240_000 - 8_000);
    });
}

#[test]
fn what_is_burned_is_a_part_of_the_pot_and_not_a_weight() {
    three_levels(|| {
        CKBurn::<Test>::put(FIFTH);
        // Twice the pot for the same weights.
        let more = AlphaBalance::new(120_000);
        SubnetResidual::<Test>::insert(SUBNET, more);
        SubnetAlphaOut::<Test>::mutate(SUBNET, |out| *out = out.checked_add(more).unwrap());
        assert_eq!(gains(), [32_000, 80_000 + 32_000, 80_000]);
        assert!(events().contains(&Event::DividendRecycled {
            netuid: SUBNET,
            alpha: AlphaBalance::new(16_000),
        }));
    });
}

#[test]
fn nothing_is_burned_or_taken_between_hotkeys_of_one_owner() {
    three_levels(|| {
        CKBurn::<Test>::put(WHOLE);
        take(2, u16::MAX);
        take(3, u16::MAX);
        crate::OwnedHotkeys::<Test>::remove(coldkey(1));
        crate::OwnedHotkeys::<Test>::try_append(coldkey(2), hotkey(1)).unwrap();
        crate::Owner::<Test>::insert(hotkey(1), coldkey(2));
        SubtensorModule::replace_owner(SUBNET, &coldkey(1), &coldkey(2));
        // All that 2 lent to 3, another owner's, is burned.
        assert_eq!(gains(), [20_000, 40_000, 40_000]);
    });
}

#[test]
fn everything_can_be_burned() {
    three_levels(|| {
        CKBurn::<Test>::put(WHOLE);
        assert_eq!(gains(), [0, 40_000, 40_000]);
    });
}

#[test]
fn a_parent_of_root_stake_has_no_part_of_the_alpha_pot() {
    subnet_of(&[0, 0, 2 * MILLION, 3 * MILLION, 0]).run(|| {
        // A rao on root weighs as much as a unit of alpha.
        TaoWeight::<Test>::put(WHOLE);
        give_stake(NetUid::ROOT, &hotkey(1), &coldkey(1), MILLION);
        lend(SUBNET, &hotkey(1), &[(WHOLE, hotkey(2))]);
        for uid in 0..5 {
            Delegates::<Test>::insert(hotkey(uid), 0);
        }
        epoch();
        for uid in [2, 3] {
            assert_ok!(set(uid, &[4], &[1]));
        }
        // 20000 of 120000 is root's; the alpha pot is shared 40 to 60.
        assert_eq!(gains(), [0, 48_000, 72_000]);
    });
}

#[test]
fn where_nobody_lends_any_more_all_keep_what_they_earn() {
    three_levels(|| {
        lend(SUBNET, &hotkey(1), &[]);
        lend(SUBNET, &hotkey(2), &[]);
        assert!(!SubtensorModule::lenders_exist(SUBNET));
        // Three and two millions of their own; 1 has no permit yet. By rounding a unit is left.
        assert_eq!(gains(), [0, 72_000, 47_999]);
        assert_eq!(SubnetResidual::<Test>::get(SUBNET).get(), 1);
    });
}

#[test]
fn income_of_a_destination_that_is_gone_is_staked_on_the_miner() {
    three_levels(|| {
        let nobody = hotkey(99);
        crate::AutoStakeDestination::<Test>::insert(coldkey(4), SUBNET, &nobody);
        crate::AutoStakers::<Test>::insert(SUBNET, coldkey(4), ());
        gains();
        assert_eq!(stake(&nobody, &coldkey(4)), 0);
        assert_eq!(own(4), 120_000);
        assert_eq!(SubnetResidual::<Test>::get(SUBNET).get(), 0);
    });
}

#[test]
fn income_of_a_coldkey_that_stakes_on_too_many_hotkeys_is_staked_on_the_miner() {
    three_levels(|| {
        let target = hotkey(98);
        SubtensorModule::associate(&coldkey(98), &target).unwrap();
        crate::AutoStakeDestination::<Test>::insert(coldkey(4), SUBNET, &target);
        crate::AutoStakers::<Test>::insert(SUBNET, coldkey(4), ());
        give_stake(SUBNET, &hotkey(4), &coldkey(4), 1);
        for number in 1..crate::types::MAX_STAKING_HOTKEYS {
            let other = crate::mock::many(50_000 + number);
            give_stake(SUBNET, &other, &coldkey(4), 1);
        }
        gains();
        assert_eq!(own(4), 120_001);
    });
}

/// A model: shares of the alpha pot by hotkey, in floating point. Own stakes, edges `(parent, child, part)`,
/// takes of children, all of different owners, and the part that is burned, which is the last entry.
fn model(
    dividends: &[f64],
    own: &[f64],
    edges: &[(usize, usize, f64)],
    takes: &[f64],
    burn: f64,
) -> Vec<f64> {
    let mut paid = vec![0.0; own.len() + 1];
    for (child, dividend) in dividends.iter().enumerate() {
        let lent: f64 = edges
            .iter()
            .filter(|edge| edge.0 == child)
            .map(|edge| edge.2)
            .sum();
        let kept = own[child] * (1.0 - lent);
        let parents: Vec<_> = edges.iter().filter(|edge| edge.1 == child).collect();
        let whole = kept + parents.iter().map(|edge| own[edge.0] * edge.2).sum::<f64>();
        if whole == 0.0 {
            paid[child] += dividend;
            continue;
        }
        paid[child] += dividend * kept / whole;
        for (parent, _, part) in parents {
            let share = dividend * own[*parent] * part / whole;
            let left = share * (1.0 - burn);
            *paid.last_mut().unwrap() += share * burn;
            paid[child] += left * takes[child];
            paid[*parent] += left * (1.0 - takes[child]);
        }
    }
    paid
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// Random loans among five validators: each is paid what the model says, to a few units, and nothing is
    /// lost: the identity of section 16 is an equality, which is checked after every block.
    #[test]
    fn payouts_follow_the_model_and_lose_nothing(
        stakes in prop::array::uniform5(1_000_000_u64..1_000_000_000),
        wishes in prop::collection::vec((0..5_u16, 0..5_u16, 1..5_u64), 0..12),
        takes in prop::array::uniform5(0..11_797_u16),
        burn in prop_oneof![Just(0), Just(WHOLE), any::<u64>()],
        pot in 1_000_000_u64..1_000_000_000_000,
    ) {
        let mut all = vec![0];
        all.extend(stakes);
        subnet_of(&all).run(|| {
            without_owner_uid();
            let mut children: BTreeMap<u16, Vec<(u64, u16)>> = BTreeMap::new();
            for (parent, child, part) in wishes {
                let is_parent = children
                    .get(&child)
                    .is_some_and(|list| list.iter().any(|(_, other)| *other == parent));
                let list = children.entry(parent).or_default();
                let is_new = list.iter().all(|(_, other)| *other != child);
                if parent != child && !is_parent && is_new {
                    list.push((part * (WHOLE / 20), child));
                }
            }
            let mut edges = vec![];
            for (parent, list) in &children {
                let named: Vec<_> = list.iter().map(|(part, child)| (*part, hotkey(child + 1))).collect();
                lend(SUBNET, &hotkey(parent + 1), &named);
                edges.extend(list.iter().map(|(part, child)| {
                    (usize::from(*parent), usize::from(*child), *part as f64 / WHOLE as f64)
                }));
            }
            for uid in 1..6 {
                Delegates::<Test>::insert(hotkey(uid), 0);
                take(uid, takes[usize::from(uid) - 1]);
            }
            CKBurn::<Test>::put(burn);
            epoch();
            let issued = SubnetAlphaOut::<Test>::get(SUBNET).get();
            // Without weights every validator earns by the stake that it commands.
            give_pending(SUBNET, 0, pot);
            epoch();
            let amounts: Vec<f64> = crate::Emission::<Test>::get(SUBNET)
                .into_iter()
                .skip(1)
                .map(|amount| amount.get() as f64)
                .collect();
            let own_stakes: Vec<f64> = stakes.iter().map(|stake| *stake as f64).collect();
            let shares: Vec<f64> = takes.iter().map(|take| f64::from(*take) / 65_535.0).collect();
            let expected = model(&amounts, &own_stakes, &edges, &shares, burn as f64 / WHOLE as f64);
            let scale = pot as f64 / expected.iter().sum::<f64>();
            for uid in 1..6_u16 {
                let gain = own(uid) - stakes[usize::from(uid) - 1];
                let due = expected[usize::from(uid) - 1] * scale;
                let error = (gain as f64 - due).abs();
                assert!(error <= 20.0 + due * 1e-9, "{uid}: {gain} instead of {due}");
            }
            let recycled = issued + pot - SubnetAlphaOut::<Test>::get(SUBNET).get();
            let due = expected[5] * scale;
            assert!((recycled as f64 - due).abs() <= 20.0 + due * 1e-9, "{recycled} instead of {due}");
            let residual = SubnetResidual::<Test>::get(SUBNET).get();
            assert!(residual <= 12, "{residual}");
        });
    }
}
