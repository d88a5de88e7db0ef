//! Laws of the stake calls.

use frame_support::assert_ok;
use proptest::prelude::*;

use super::*;

/// TAO that exists, and the alpha of a subnet in its pool and outside of it.
fn everything() -> (u64, [u64; 2]) {
    let alpha = |netuid| reserves(netuid).0 + SubnetAlphaOut::<Test>::get(netuid).get();
    (Balances::total_issuance(), [alpha(NETUID), alpha(OTHER)])
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn staking_and_unstaking_at_once_never_gains(
        amount in 2_002_000..5_000 * UNIT,
        price in 1_u64..5_000,
        others in 1..100 * UNIT,
        on_root in any::<bool>(),
    ) {
        let netuid = if on_root { ROOT } else { NETUID };
        chain().stake(netuid.get(), own(), account(20), others).run(|| {
            if !on_root {
                set_price(NETUID, price);
            }
            let worth_before = stake_for(&account(20), &own(), netuid);
            assert_ok!(send(&me(), add(own(), netuid, amount)));
            assert_ok!(send(&me(), remove(own(), netuid, u64::MAX)));
            assert_eq!(stake(&own(), netuid), 0);
            let lost = RICH - balance(&me());
            // Both fees, and what a unit of alpha is worth for each rounding.
            if on_root {
                assert!(lost <= 1);
            } else {
                assert!(lost >= fee(amount));
                let units = 4 * (1 + reserves(netuid).1 / reserves(netuid).0);
                assert!(lost <= 2 * fee(amount) + units, "{lost} of {amount}");
            }
            assert!(stake_for(&account(20), &own(), netuid) >= worth_before);
        });
    }

    #[test]
    fn splitting_a_purchase_gains_at_most_the_rounding_of_fees(
        parts in prop::collection::vec(2_002_000..300 * UNIT, 2..6),
        price in 1_u64..5_000,
    ) {
        let in_parts = |parts: &[u64]| {
            let mut bought = 0;
            chain().run(|| {
                set_price(NETUID, price);
                for part in parts {
                    assert_ok!(send(&me(), add(own(), NETUID, *part)));
                }
                bought = stake(&own(), NETUID);
            });
            bought
        };
        let split = in_parts(&parts);
        let whole = in_parts(&[parts.iter().sum()]);
        // Each part saves less than a rao of fee, which buys at most this much alpha.
        let per_rao = 1_000 / price + 1;
        assert!(split <= whole + (parts.len() as u64) * per_rao);
    }

    #[test]
    fn a_move_keeps_the_total(
        held in 2_000_000..100 * UNIT,
        others in 1..100 * UNIT,
        dividend in 0..100 * UNIT,
        amount in prop_oneof![Just(u64::MAX), 2_000_000..100 * UNIT],
        to_hotkey in any::<bool>(),
    ) {
        chain()
            .stake(2, own(), me(), held)
            .stake(2, own(), account(20), others)
            .stake(2, foreign(), account(20), others)
            .run(|| {
                SubnetAlphaOut::<Test>::mutate(NETUID, |out| {
                    *out = out.checked_add(alpha(dividend)).unwrap();
                });
                SubtensorModule::reward(&own(), NETUID, alpha(dividend)).unwrap();
                let before = (everything(), TotalAlphaStaked::<Test>::get(NETUID));
                let amount_held = stake(&own(), NETUID);
                let moved = amount.min(amount_held);
                let receiver = account(30);
                let call = if to_hotkey {
                    move_between((own(), NETUID), (foreign(), NETUID), amount)
                } else {
                    transfer(receiver.clone(), NETUID, NETUID, amount)
                };
                assert_ok!(send(&me(), call));
                assert_eq!((everything(), TotalAlphaStaked::<Test>::get(NETUID)), before);
                let arrived = if to_hotkey {
                    stake(&foreign(), NETUID)
                } else {
                    stake_for(&receiver, &own(), NETUID)
                };
                assert!(arrived == moved || arrived + 1 == moved);
                assert!(stake(&own(), NETUID) <= amount_held - moved);
                assert!(stake(&own(), NETUID) + 1 >= amount_held - moved);
            });
    }

    #[test]
    fn partial_trades_stop_at_the_limit(
        amount in 2_002_000..5_000 * UNIT,
        limit in 100_000_000..3_000_000_000_u64,
        buys in any::<bool>(),
    ) {
        chain().stake(2, own(), me(), 6_000 * UNIT).run(|| {
            let call = if buys {
                add_within(NETUID, amount, limit, true)
            } else {
                remove_within(NETUID, amount, limit, true)
            };
            let before = everything();
            let (held, free) = (stake(&own(), NETUID), balance(&me()));
            match send(&me(), call) {
                Ok(()) => {
                    let price = SubtensorModule::spot_price(NETUID).unwrap();
                    let limit = dendra_primitives::Price::from_rao(limit).unwrap();
                    assert!(if buys { price <= limit } else { price >= limit });
                    let (now, rich) = (stake(&own(), NETUID), balance(&me()));
                    let (offered, given) = if buys { (free, rich) } else { (held, now) };
                    assert!(given < offered && offered - given <= amount);
                    let (had, has) = if buys { (held, now) } else { (free, rich) };
                    assert!(has > had);
                }
                Err(error) => {
                    let limit_reached = if buys { limit <= 1_004_100_000 } else { limit >= 995_000_000 };
                    assert!(limit_reached, "{error:?}");
                    assert_eq!(error, Error::<Test>::ZeroMaxAmount.into());
                    assert_eq!(everything(), before);
                }
            }
        });
    }

    #[test]
    fn exchanges_create_nothing(
        amount in prop_oneof![Just(u64::MAX), 3_000_000..400 * UNIT],
        ratio in prop::option::of(100_000_000..3_000_000_000_u64),
        price in 100_u64..5_000,
        path in 0_usize..6,
        has_author in any::<bool>(),
    ) {
        let subnets = [
            (NETUID, OTHER), (OTHER, NETUID), (ROOT, NETUID), (NETUID, ROOT), (ROOT, OTHER), (OTHER, ROOT),
        ];
        let (from, to) = subnets[path];
        chain()
            .stake(0, own(), me(), 400 * UNIT)
            .stake(2, own(), me(), 400 * UNIT)
            .stake(3, own(), me(), 400 * UNIT)
            .run(|| {
                set_price(OTHER, price);
                Author::set(&has_author.then(|| account(100)));
                let before = everything();
                let call = match ratio {
                    Some(ratio) => swap_within(from, to, amount, ratio, true),
                    None => swap(from, to, amount),
                };
                let free = balance(&me());
                if send(&me(), call).is_ok() {
                    assert!(stake(&own(), from) < 400 * UNIT);
                    assert!(stake(&own(), to) > 400 * UNIT);
                    assert_eq!(balance(&me()), free);
                }
                let after = everything();
                assert_eq!(after.1, before.1);
                // A fee in TAO without an author leaves the issuance.
                assert!(after.0 == before.0 || (after.0 < before.0 && !has_author && from == ROOT));
            });
    }

    #[test]
    fn going_round_never_gains(amount in 3_000_000..400 * UNIT, price in 100_u64..5_000) {
        chain().stake(2, own(), me(), 400 * UNIT).run(|| {
            set_price(OTHER, price);
            let before = stake(&own(), NETUID);
            assert_ok!(send(&me(), swap(NETUID, OTHER, amount)));
            if send(&me(), swap(OTHER, NETUID, u64::MAX)).is_ok() {
                assert!(stake(&own(), NETUID) < before);
            }
        });
    }
}
