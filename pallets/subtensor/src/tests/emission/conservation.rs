//! What every block keeps, whatever the chain looks like: no unit of TAO or alpha comes from nowhere or is lost.

use proptest::prelude::*;

use super::*;

/// A subnet: pool, weight in percent, alpha outside, moving price in millionths, switches, part withheld.
type Facts = (u64, u64, u64, u64, u64, [bool; 4], u64);

fn facts() -> impl Strategy<Value = Facts> {
    let amount =
        |most: u32| (10..most, any::<u64>()).prop_map(|(bits, draw)| (draw >> 10) >> (54 - bits));
    (
        amount(50),
        amount(48).prop_map(|reserve| reserve.max(500)),
        1..=99_u64,
        amount(52),
        0..=1_000_000_u64,
        // Registrations, subtoken, TAO, owner: most often on.
        prop::array::uniform4(prop::bool::weighted(0.85)),
        prop_oneof![Just(0), Just(u64::MAX), any::<u64>()],
    )
}

fn set_up(netuid: NetUid, facts: &Facts) {
    let (
        alpha_in,
        reserve,
        percent,
        alpha_out,
        price,
        [registration, subtoken, enabled, owner],
        burned,
    ) = facts;
    set_pool(
        netuid,
        *alpha_in,
        *reserve,
        percent * 10_000_000_000_000_000,
    );
    set_alpha_out(netuid, *alpha_out);
    set_moving_price(netuid, *price);
    NetworkRegistrationAllowed::<Test>::insert(netuid, registration);
    SubtokenEnabled::<Test>::insert(netuid, subtoken);
    SubnetEmissionEnabled::<Test>::insert(netuid, enabled);
    OwnerCutEnabled::<Test>::insert(netuid, owner);
    MinerBurned::<Test>::insert(netuid, burned);
}

/// All that a block may change of a subnet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct State {
    alpha_in: u64,
    alpha_out: u64,
    reserve: u64,
    held: u64,
    protocol: u64,
    /// Pending and residual.
    kept: u64,
}

fn state(netuid: NetUid) -> State {
    State {
        alpha_in: SubnetAlphaIn::<Test>::get(netuid).get(),
        alpha_out: SubnetAlphaOut::<Test>::get(netuid).get(),
        reserve: SubnetTAO::<Test>::get(netuid).get(),
        held: Balances::free_balance(SubtensorModule::subnet_account(netuid)),
        protocol: SubnetProtocolAlpha::<Test>::get(netuid).get(),
        kept: pending(netuid).total().unwrap().get() + SubnetResidual::<Test>::get(netuid).get(),
    }
}

fn all_balances() -> u64 {
    frame_system::Account::<Test>::iter_values()
        .map(|account| account.data.free)
        .sum()
}

fn check_block(subnets: &[NetUid]) {
    let emission = SubtensorModule::block_emission().get();
    let issuance = Balances::total_issuance();
    let stake = TotalStake::<Test>::get().get();
    let before: Vec<State> = subnets.iter().copied().map(state).collect();
    let (pools, rest) = issue();
    let taken: u64 = pools.iter().map(|(_, amount)| amount.get()).sum();
    assert_eq!(
        taken + rest.get(),
        emission,
        "the block's TAO is issued or not issued"
    );
    assert_eq!(Balances::total_issuance(), issuance + taken);
    assert_eq!(all_balances(), issuance + taken, "all TAO is in accounts");
    assert_eq!(TotalStake::<Test>::get().get(), stake + taken);
    for (netuid, before) in subnets.iter().zip(before) {
        let after = state(*netuid);
        let own: u64 = pools
            .iter()
            .filter(|(other, _)| other == netuid)
            .map(|(_, amount)| amount.get())
            .sum();
        assert_eq!(after.reserve, before.reserve + own, "TAO of the pool");
        assert_eq!(after.held, before.held + own, "TAO of the account");
        assert_eq!(SubnetTaoInEmission::<Test>::get(netuid), tao(own));
        let injected = SubnetAlphaInEmission::<Test>::get(netuid).get();
        let minted = SubnetAlphaOutEmission::<Test>::get(netuid).get();
        let bought = after.protocol - before.protocol;
        assert_eq!(
            after.alpha_in + bought,
            before.alpha_in + injected,
            "alpha of the pool"
        );
        let kept = after.kept - before.kept;
        assert_eq!(
            after.alpha_out,
            before.alpha_out + bought + kept,
            "alpha outside"
        );
        // What is minted and not kept is the part of root, recycled: less than half.
        assert!(kept <= minted && 2 * kept >= minted);
        assert!(injected <= minted, "the cap");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn every_block_accounts_for_every_unit(
        subnets in prop::collection::vec(facts(), 1..6),
        root in prop_oneof![Just(1_000_u64), 1_000..1_u64 << 53],
    ) {
        chain(subnets.len() as u16).run(|| {
            set_root(root);
            let netuids: Vec<NetUid> = (2..).map(NetUid::new).take(subnets.len()).collect();
            for (netuid, facts) in netuids.iter().zip(&subnets) {
                set_up(*netuid, facts);
            }
            for _ in 0..12 {
                check_block(&netuids);
            }
        });
    }
}
