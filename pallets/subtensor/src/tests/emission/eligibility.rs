//! Who takes part in a block's emission, and with which share (section 3.1 of the economics).

use super::*;

/// All that a block emits.
const ALL: u64 = UNIT;

/// Issues one block on a chain of two subnets of equal moving prices, the first of them spoilt.
fn first_is_left_out(spoil: impl Fn()) {
    chain(2).run(|| {
        set_moving_price(FIRST, 500_000);
        set_moving_price(SECOND, 500_000);
        issue();
        assert!(SubnetAlphaOutEmission::<Test>::contains_key(FIRST));
        spoil();
        let before = (
            SubnetAlphaIn::<Test>::get(FIRST),
            SubnetAlphaOut::<Test>::get(FIRST),
            pending(FIRST),
        );
        let price = MovingPriceBits::<Test>::get(FIRST);
        assert_eq!(issue(), (vec![(SECOND, tao(ALL))], TaoBalance::ZERO));
        let after = (
            SubnetAlphaIn::<Test>::get(FIRST),
            SubnetAlphaOut::<Test>::get(FIRST),
            pending(FIRST),
        );
        assert_eq!(before, after);
        assert_eq!(MovingPriceBits::<Test>::get(FIRST), price);
        // What was shown of the block before is gone.
        assert!(!SubnetAlphaOutEmission::<Test>::contains_key(FIRST));
        assert!(!SubnetAlphaInEmission::<Test>::contains_key(FIRST));
        assert!(!SubnetTaoInEmission::<Test>::contains_key(FIRST));
    });
}

#[test]
fn a_subnet_that_was_not_started_is_left_out() {
    first_is_left_out(|| FirstEmissionBlockNumber::<Test>::remove(FIRST));
}

#[test]
fn a_subnet_before_its_first_block_of_emission_is_left_out() {
    first_is_left_out(|| {
        FirstEmissionBlockNumber::<Test>::insert(FIRST, System::block_number() + 2)
    });
}

#[test]
fn a_subnet_without_subtoken_is_left_out() {
    first_is_left_out(|| SubtokenEnabled::<Test>::insert(FIRST, false));
}

#[test]
fn a_subnet_without_registrations_is_left_out() {
    first_is_left_out(|| NetworkRegistrationAllowed::<Test>::insert(FIRST, false));
}

#[test]
fn a_subnet_without_a_pool_is_left_out() {
    first_is_left_out(|| SubnetMechanism::<Test>::insert(FIRST, 0));
}

#[test]
fn a_dissolved_subnet_is_left_out() {
    chain(2).run(|| {
        set_moving_price(FIRST, 500_000);
        set_moving_price(SECOND, 500_000);
        issue();
        SubtensorModule::root_dissolve_network(RuntimeOrigin::root(), FIRST).unwrap();
        assert_eq!(issue(), (vec![(SECOND, tao(ALL))], TaoBalance::ZERO));
        run_to_block(System::block_number() + 1);
        assert!(!MovingPriceBits::<Test>::contains_key(FIRST));
    });
}

#[test]
fn root_and_a_subnet_nobody_started_are_issued_nothing() {
    chain(0).run(|| {
        set_root(10 * UNIT);
        let root = SubnetTAO::<Test>::get(NetUid::ROOT);
        let out = SubnetAlphaOut::<Test>::get(NetUid::new(1));
        assert_eq!(issue(), (vec![], tao(ALL)));
        assert_eq!(SubnetTAO::<Test>::get(NetUid::ROOT), root);
        assert_eq!(SubnetAlphaOut::<Test>::get(NetUid::new(1)), out);
        assert_eq!(pending(NetUid::ROOT), PendingEmission::default());
    });
}

#[test]
fn emission_begins_in_the_block_after_the_start() {
    ExtBuilder::new().subnet(2, account(1), account(2)).run(|| {
        FirstEmissionBlockNumber::<Test>::remove(FIRST);
        SubtokenEnabled::<Test>::insert(FIRST, false);
        SubtensorModule::start_call(signed(&account(1)), FIRST).unwrap();
        assert!(SubtensorModule::step_emission(&mut WeightMeter::new()));
        assert_eq!(pending(FIRST), PendingEmission::default());
        issue();
        assert_eq!(pending(FIRST).server, alpha(410_002_288));
    });
}

#[test]
fn shares_follow_moving_prices() {
    chain(3).run(|| {
        set_moving_price(FIRST, 100_000);
        set_moving_price(SECOND, 300_000);
        set_moving_price(THIRD, 600_000);
        let shares = [(FIRST, 100), (SECOND, 300), (THIRD, 600)];
        let shares = shares.map(|(netuid, part)| (netuid, tao(part * 1_000_000)));
        assert_eq!(issue(), (shares.to_vec(), TaoBalance::ZERO));
    });
}

#[test]
fn a_disabled_subnet_gets_all_of_its_alpha_and_its_share_goes_to_the_others() {
    chain(3).run(|| {
        set_moving_price(FIRST, 500_000);
        set_moving_price(SECOND, 300_000);
        set_moving_price(THIRD, 200_000);
        SubnetEmissionEnabled::<Test>::insert(FIRST, false);
        let shares = vec![(SECOND, tao(600_000_000)), (THIRD, tao(400_000_000))];
        assert_eq!(issue(), (shares, TaoBalance::ZERO));
        assert_eq!(SubnetTaoInEmission::<Test>::get(FIRST), tao(0));
        for netuid in [FIRST, SECOND, THIRD] {
            assert_eq!(SubnetAlphaOutEmission::<Test>::get(netuid), alpha(UNIT));
            assert_eq!(pending(netuid).owner, alpha(179_995_422));
        }
    });
}

#[test]
fn without_an_enabled_subnet_no_tao_is_issued() {
    chain(2).run(|| {
        for netuid in [FIRST, SECOND] {
            set_moving_price(netuid, 500_000);
            SubnetEmissionEnabled::<Test>::insert(netuid, false);
        }
        let issuance = Balances::total_issuance();
        assert_eq!(issue(), (vec![], tao(ALL)));
        assert_eq!(Balances::total_issuance(), issuance);
        assert_eq!(SubnetAlphaOutEmission::<Test>::get(FIRST), alpha(UNIT));
    });
}

#[test]
fn what_was_withheld_from_miners_lowers_the_share() {
    chain(2).run(|| {
        set_moving_price(FIRST, 500_000);
        set_moving_price(SECOND, 500_000);
        // A third, exactly: two thirds against three.
        MinerBurned::<Test>::insert(FIRST, u64::MAX / 3);
        let shares = vec![(FIRST, tao(400_000_000)), (SECOND, tao(600_000_000))];
        assert_eq!(issue(), (shares, TaoBalance::ZERO));
        MinerBurned::<Test>::insert(FIRST, u64::MAX);
        assert_eq!(issue(), (vec![(SECOND, tao(ALL))], TaoBalance::ZERO));
    });
}

#[test]
fn where_all_withhold_everything_moving_prices_alone_decide() {
    chain(2).run(|| {
        set_moving_price(FIRST, 300_000);
        set_moving_price(SECOND, 100_000);
        MinerBurned::<Test>::insert(FIRST, u64::MAX);
        MinerBurned::<Test>::insert(SECOND, u64::MAX);
        let shares = vec![(FIRST, tao(750_000_000)), (SECOND, tao(250_000_000))];
        assert_eq!(issue(), (shares, TaoBalance::ZERO));
    });
}

#[test]
fn a_disabled_subnet_that_pays_its_miners_keeps_moving_prices_from_deciding() {
    chain(2).run(|| {
        set_moving_price(FIRST, 300_000);
        set_moving_price(SECOND, 100_000);
        SubnetEmissionEnabled::<Test>::insert(FIRST, false);
        MinerBurned::<Test>::insert(SECOND, u64::MAX);
        assert_eq!(issue(), (vec![], tao(ALL)));
    });
}

#[test]
fn without_moving_prices_no_tao_is_issued() {
    chain(2).run(|| assert_eq!(issue(), (vec![], tao(ALL))));
}

#[test]
fn the_unit_that_shares_do_not_reach_is_not_issued() {
    chain(3).run(|| {
        for netuid in [FIRST, SECOND, THIRD] {
            set_moving_price(netuid, 200_000);
        }
        let (pools, rest) = issue();
        assert_eq!(rest, tao(1));
        assert!(pools.iter().all(|(_, amount)| *amount == tao(333_333_333)));
    });
}
