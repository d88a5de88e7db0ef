//! Stake that is joined with stake of the new hotkey.

use frame_support::assert_ok;

use super::*;
use crate::*;

#[test]
fn stake_on_the_new_hotkey_is_joined() {
    chain()
        .stake(2, new(), owner(), 5 * UNIT)
        .stake(2, new(), staker(), 3 * UNIT)
        .stake(2, new(), account(21), 9 * UNIT)
        .run(|| {
            let out = SubnetAlphaOut::<Test>::get(NETUID);
            let total = TotalAlphaStaked::<Test>::get(NETUID);
            assert_ok!(swap_on(NETUID, false));
            assert_eq!(stake(&new(), &owner(), NETUID), 75 * UNIT);
            assert_eq!(stake(&new(), &staker(), NETUID), 33 * UNIT);
            assert_eq!(stake(&new(), &account(21), NETUID), 9 * UNIT);
            assert_eq!(TotalAlphaStaked::<Test>::get(NETUID), total);
            assert_eq!(SubnetAlphaOut::<Test>::get(NETUID), out);
            assert!(!HotkeyPools::<Test>::contains_key(old(), NETUID));
            // Who follows the events knows as much.
            let moved: u64 = events()
                .iter()
                .filter_map(|event| match event {
                    Event::AlphaMoved {
                        from, to, alpha, ..
                    } => {
                        assert_eq!((&from.0, &to.0), (&old(), &new()));
                        assert_eq!(from.1, to.1);
                        Some(alpha.get())
                    }
                    _ => None,
                })
                .sum();
            assert_eq!(moved, 100 * UNIT);
        });
}

#[test]
fn rounding_costs_at_most_a_unit_and_goes_to_all() {
    ExtBuilder::new()
        .subnet(2, account(1), account(2))
        .neuron(2, old(), owner())
        .stake(2, old(), account(21), 1)
        .stake(2, old(), account(22), 2)
        .stake(2, old(), account(23), 7)
        .stake(2, new(), owner(), 3)
        .run(|| {
            // Prices of a share that do not go into each other.
            reward(&old(), 1);
            reward(&new(), 2);
            let before: Vec<u64> = (21..24)
                .map(|number| stake(&old(), &account(number), NETUID))
                .collect();
            assert_ok!(swap_on(NETUID, false));
            for (number, before) in (21..24).zip(before) {
                let after = stake(&new(), &account(number), NETUID);
                assert!(
                    after + 1 >= before && after <= before + 1,
                    "{before} became {after}"
                );
            }
            assert_eq!(TotalHotkeyAlpha::<Test>::get(new(), NETUID).get(), 16);
        });
}

/// A dividend out of nothing, counted as issued.
pub(super) fn reward(hotkey: &AccountId, alpha: u64) {
    let amount = dendra_primitives::AlphaBalance::new(alpha);
    SubnetAlphaOut::<Test>::mutate(NETUID, |out| *out = out.checked_add(amount).unwrap());
    crate::mock::reward(hotkey, NETUID, amount).unwrap();
}

#[test]
fn a_position_worth_nothing_ends_and_is_not_listed() {
    ExtBuilder::new()
        .subnet(2, account(1), account(2))
        .neuron(2, old(), owner())
        .stake(2, old(), owner(), 10)
        .stake(2, new(), owner(), 10)
        .run(|| {
            // Shares of less than a unit, as a split of the pool can leave them.
            let dust = types::StoredPosition {
                shares: 1,
                scale: 0,
            };
            HotkeyPools::<Test>::mutate(old(), NETUID, |pool| {
                pool.shares += 1;
                pool.value = dendra_primitives::AlphaBalance::new(11);
            });
            PositionCounts::<Test>::insert(old(), staker(), 1);
            TotalHotkeyAlpha::<Test>::mutate(old(), NETUID, |value| {
                *value = dendra_primitives::AlphaBalance::new(11);
            });
            TotalAlphaStaked::<Test>::mutate(NETUID, |value| {
                *value = dendra_primitives::AlphaBalance::new(21);
            });
            SubnetAlphaOut::<Test>::mutate(NETUID, |out| {
                *out = out
                    .checked_add(dendra_primitives::AlphaBalance::new(1))
                    .unwrap();
            });
            Positions::<Test>::insert((NETUID, old(), staker()), dust);
            let list = frame_support::BoundedVec::truncate_from(vec![old()]);
            StakingHotkeys::<Test>::insert(staker(), list);
            assert_eq!(stake(&old(), &staker(), NETUID), 0);

            assert_ok!(swap_on(NETUID, false));
            assert!(!Positions::<Test>::contains_key((NETUID, new(), staker())));
            assert!(!StakingHotkeys::<Test>::contains_key(staker()));
            assert_eq!(TotalHotkeyAlpha::<Test>::get(new(), NETUID).get(), 21);
        });
}

#[test]
fn when_somebody_staked_last_is_the_later_of_the_two() {
    let joined = chain().stake(2, new(), owner(), UNIT);
    joined.stake(2, new(), staker(), 3 * UNIT).run(|| {
        LastColdkeyHotkeyStakeBlock::<Test>::insert(staker(), old(), 8);
        LastColdkeyHotkeyStakeBlock::<Test>::insert(staker(), new(), 5);
        assert_ok!(swap_on(NETUID, false));
        let when = |hotkey| LastColdkeyHotkeyStakeBlock::<Test>::get(staker(), hotkey);
        assert_eq!(when(new()), Some(8));
        // There is still stake on the other subnet.
        assert_eq!(when(old()), Some(8));
        System::set_block_number(9_000);
        assert_ok!(swap_on(OTHER, false));
        assert_eq!(when(old()), None);
        assert_eq!(StakingHotkeys::<Test>::get(staker()).into_inner(), [new()]);
    });
}
