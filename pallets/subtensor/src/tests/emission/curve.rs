//! How much a block issues (section 2 of the economics).

use dendra_primitives::block::MAX_SUPPLY;

use super::*;

/// What is issued before a block, and what the block issues: the table of the specification with both sides of each
/// boundary.
const TABLE: [(u64, u64); 15] = [
    (10_499_999_999_999_999, 1_000_000_000),
    (10_500_000_000_000_000, 500_000_000),
    (15_749_999_999_999_999, 500_000_000),
    (15_750_000_000_000_000, 250_000_000),
    (18_374_999_999_999_999, 250_000_000),
    (18_375_000_000_000_000, 125_000_000),
    (19_687_499_999_999_999, 125_000_000),
    (19_687_500_000_000_000, 62_500_000),
    (20_343_750_000_000_000, 31_250_000),
    (20_671_874_999_999_999, 31_250_000),
    (20_671_875_000_000_000, 15_625_000),
    (20_999_999_960_886_536, 1),
    (20_999_999_980_443_268, 0),
    (20_999_999_999_999_999, 0),
    (MAX_SUPPLY, 0),
];

#[test]
fn a_block_emits_tao_by_the_table() {
    for (issued, emission) in TABLE {
        chain(1).run(|| {
            set_moving_price(FIRST, 500_000);
            Balances::mint_into(&account(1), issued - Balances::total_issuance()).unwrap();
            assert_eq!(SubtensorModule::block_emission(), tao(emission));
            let (pools, rest) = issue();
            let taken: u64 = pools.iter().map(|(_, amount)| amount.get()).sum();
            assert_eq!(taken + rest.get(), emission, "after {issued}");
            assert_eq!(Balances::total_issuance(), issued + taken);
        });
    }
}

#[test]
fn a_block_emits_alpha_by_the_table() {
    for (issued, emission) in TABLE {
        chain(1).run(|| {
            set_alpha_out(FIRST, issued - 1_000 * UNIT);
            issue();
            assert_eq!(
                SubnetAlphaOutEmission::<Test>::get(FIRST),
                alpha(emission),
                "after {issued}"
            );
            let present =
                SubnetAlphaIn::<Test>::get(FIRST).get() + SubnetAlphaOut::<Test>::get(FIRST).get();
            // No root stake: nothing is recycled.
            assert_eq!(present, issued + emission);
        });
    }
}

#[test]
fn nothing_is_issued_beyond_the_supply() {
    chain(2).run(|| {
        set_moving_price(FIRST, 900_000);
        set_moving_price(SECOND, 900_000);
        set_root(5_000 * UNIT);
        let issued = MAX_SUPPLY - 39_000_000;
        Balances::mint_into(&account(1), issued - Balances::total_issuance()).unwrap();
        set_alpha_out(FIRST, issued - 1_000 * UNIT);
        set_alpha_out(SECOND, MAX_SUPPLY - 1_000 * UNIT);
        for _ in 0..20 {
            issue();
            for netuid in [FIRST, SECOND] {
                let present = SubnetAlphaIn::<Test>::get(netuid).get()
                    + SubnetAlphaOut::<Test>::get(netuid).get();
                assert!(present <= MAX_SUPPLY);
            }
            assert!(Balances::total_issuance() <= MAX_SUPPLY);
        }
        // A rao is less than what each of two equal shares needs.
        assert_eq!(Balances::total_issuance(), issued);
        assert_eq!(SubnetAlphaOutEmission::<Test>::get(FIRST), alpha(1));
        assert_eq!(SubnetAlphaOutEmission::<Test>::get(SECOND), alpha(0));
    });
}

#[test]
fn the_cost_of_a_subnet_falls_faster_after_a_halving() {
    chain(1).run(|| {
        NetworkLastLockCost::<Test>::put(tao(2_000 * UNIT));
        NetworkMinLockCost::<Test>::put(tao(1_000 * UNIT));
        NetworkLastCreatedAt::<Test>::put(1);
        System::set_block_number(7_201);
        assert_eq!(
            SubtensorModule::network_cost(),
            Some(tao(3_857_142_863_200))
        );
        Balances::mint_into(&account(1), MAX_SUPPLY / 2 - Balances::total_issuance()).unwrap();
        // The same fall in half of the blocks.
        System::set_block_number(3_601);
        assert_eq!(
            SubtensorModule::network_cost(),
            Some(tao(3_857_142_859_600))
        );
    });
}
