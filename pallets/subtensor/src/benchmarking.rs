//! Benchmarks: each call and each step of the block hook at its bound, on a populated state.
//!
//! Those marked `extra` are not weights: they answer what a public network costs, and are recorded in
//! `docs/benchmarks.md`.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "a benchmark that cannot be prepared has to stop"
)]

mod chain;

use alloc::{vec, vec::Vec};

use codec::Compact;
use dendra_primitives::{
    AlphaBalance, MechId, NetUid, TaoBalance,
    records::{ChainIdentityV2, RootClaimTypeEnum, SubnetIdentityV3},
};
use frame_benchmarking::v2::*;
use frame_support::{traits::fungible::Mutate, weights::WeightMeter};
use frame_system::RawOrigin;
use sp_runtime::traits::One;

use self::chain::*;
use crate::{
    types::{CleanupStep, ROOT_SEATS},
    weights::Reveal,
    *,
};

/// Benchmarks.
#[benchmarks]
mod benches {
    use super::*;

    #[benchmark]
    fn set_weights(n: Linear<1, UIDS>) {
        let netuid = subnet::<T>(UIDS);
        let (uids, values) = row(n);
        set_block::<T>(100);
        #[extrinsic_call]
        _(RawOrigin::Signed(hotkey(0)), netuid, uids, values, 0);
    }

    #[benchmark]
    fn batch_set_weights(n: Linear<1, { UIDS * 16 }>, m: Linear<1, 16>) {
        let subnets = network::<T>(m, UIDS, 0);
        let each = (n / m).clamp(1, UIDS);
        let weights = (0..m)
            .map(|_| {
                let (uids, values) = row(each);
                uids.into_iter()
                    .map(Compact)
                    .zip(values.into_iter().map(Compact))
                    .collect()
            })
            .collect();
        let netuids = subnets.into_iter().map(Compact).collect();
        set_block::<T>(100);
        #[extrinsic_call]
        _(
            RawOrigin::Signed(hotkey(0)),
            netuids,
            weights,
            vec![Compact(0); m as usize],
        );
    }

    #[benchmark]
    fn commit_weights() {
        let netuid = subnet::<T>(UIDS);
        for salt in 0..9 {
            commit::<T>(netuid, &reveal(1, salt));
        }
        set_block::<T>(100);
        LastEpochBlock::<T>::insert(netuid, 100);
        #[extrinsic_call]
        _(RawOrigin::Signed(hotkey(0)), netuid, Default::default());
    }

    #[benchmark]
    fn batch_commit_weights(m: Linear<1, 16>) {
        let subnets = network::<T>(m, UIDS, 0);
        set_block::<T>(100);
        for netuid in &subnets {
            CommitRevealWeightsEnabled::<T>::insert(netuid, true);
        }
        let netuids = subnets.into_iter().map(Compact).collect();
        #[extrinsic_call]
        _(
            RawOrigin::Signed(hotkey(0)),
            netuids,
            vec![Default::default(); m as usize],
        );
    }

    #[benchmark]
    fn reveal_weights(n: Linear<1, UIDS>) {
        let netuid = subnet::<T>(UIDS);
        for salt in 0..9 {
            commit::<T>(netuid, &reveal(1, salt));
        }
        let opened = reveal(n, 77);
        commit::<T>(netuid, &opened);
        let Reveal {
            uids,
            values,
            salt,
            version_key,
        } = opened;
        #[extrinsic_call]
        _(
            RawOrigin::Signed(hotkey(0)),
            netuid,
            uids,
            values,
            salt,
            version_key,
        );
    }

    #[benchmark]
    fn batch_reveal_weights(n: Linear<1, { UIDS * 10 }>, m: Linear<1, 10>) {
        let netuid = subnet::<T>(UIDS);
        let each = (n / m).clamp(1, UIDS);
        let reveals: Vec<Reveal> = (0..m as u16).map(|salt| reveal(each, salt)).collect();
        for reveal in &reveals {
            commit::<T>(netuid, reveal);
        }
        let uids = reveals.iter().map(|reveal| reveal.uids.clone()).collect();
        let values = reveals.iter().map(|reveal| reveal.values.clone()).collect();
        let salts = reveals.iter().map(|reveal| reveal.salt.clone()).collect();
        #[extrinsic_call]
        _(
            RawOrigin::Signed(hotkey(0)),
            netuid,
            uids,
            values,
            salts,
            vec![0; m as usize],
        );
    }

    #[benchmark]
    fn serve_axon() {
        let netuid = subnet::<T>(1);
        set_block::<T>(1_000);
        #[extrinsic_call]
        _(
            RawOrigin::Signed(hotkey(0)),
            netuid,
            1,
            0x0808_0404,
            80,
            4,
            4,
            0,
            0,
        );
    }

    #[benchmark]
    fn serve_axon_tls() {
        let netuid = subnet::<T>(1);
        set_block::<T>(1_000);
        #[extrinsic_call]
        _(
            RawOrigin::Signed(hotkey(0)),
            netuid,
            1,
            0x0808_0404,
            80,
            4,
            4,
            0,
            0,
            vec![1; 65],
        );
    }

    #[benchmark]
    fn serve_prometheus() {
        let netuid = subnet::<T>(1);
        set_block::<T>(1_000);
        #[extrinsic_call]
        _(RawOrigin::Signed(hotkey(0)), netuid, 1, 0x0808_0404, 80, 4);
    }

    /// A full subnet, where a neuron is replaced whose row and bonds exist.
    #[benchmark]
    fn burned_register() {
        let netuid = subnet::<T>(UIDS);
        validators::<T>(netuid, 64);
        make_replaceable::<T>(netuid);
        set_block::<T>(1_000);
        let payer = rich::<T>(7_000);
        #[extrinsic_call]
        _(RawOrigin::Signed(payer), netuid, hotkey(7_000));
    }

    /// A full root network, where a member is replaced.
    #[benchmark]
    fn root_register() {
        let root = NetUid::ROOT;
        for number in 0..=64 {
            Pallet::<T>::associate(&coldkey(number), &hotkey(number)).expect("room for a hotkey");
            if number < 64 {
                Pallet::<T>::append_neuron(root, &hotkey(number)).expect("root has a seat");
            }
            let stake = AlphaBalance::new(1_000_000 + u64::from(number));
            Pallet::<T>::deposit(&hotkey(number), &coldkey(number), root, stake)
                .expect("the position is new");
        }
        set_block::<T>(1_000);
        #[extrinsic_call]
        _(RawOrigin::Signed(coldkey(64)), hotkey(64));
    }

    /// With 128 subnets, whose prices give the median, and an identity of the greatest size.
    #[benchmark]
    fn register_network() {
        network::<T>(127, 1, 0);
        NetworkRateLimit::<T>::put(0);
        set_block::<T>(2_000_000);
        // Root validators become parents of the owner hotkey.
        for number in 0..u32::from(ROOT_SEATS) {
            let member = hotkey(9_000 + number);
            Pallet::<T>::associate(&coldkey(9_000 + number), &member).expect("there is room");
            Pallet::<T>::append_neuron(NetUid::ROOT, &member).expect("there is a seat");
        }
        SubnetLimit::<T>::put(SubnetList::<T>::get().len() as u16 - 1);
        let payer = rich::<T>(7_000);
        T::Currency::mint_into(&payer, RICH).expect("the supply has room");
        let identity = SubnetIdentityV3 {
            subnet_name: long(256),
            github_repo: long(1_024),
            subnet_contact: long(1_024),
            subnet_url: long(1_024),
            discord: long(256),
            description: long(1_024),
            logo_url: long(1_024),
            additional: long(1_024),
        };
        #[extrinsic_call]
        register_network_with_identity(RawOrigin::Signed(payer), hotkey(7_000), Some(identity));
    }

    #[benchmark]
    fn dissolve_network() {
        let netuid = subnet::<T>(1);
        #[extrinsic_call]
        root_dissolve_network(RawOrigin::Root, netuid);
    }

    #[benchmark]
    fn set_identity() {
        Pallet::<T>::associate(&coldkey(0), &hotkey(0)).expect("room for a hotkey");
        let identity = ChainIdentityV2 {
            name: long(256),
            url: long(256),
            github_repo: long(256),
            image: long(1_024),
            discord: long(256),
            description: long(1_024),
            additional: long(1_024),
        };
        let ChainIdentityV2 {
            name,
            url,
            github_repo,
            image,
            discord,
            description,
            additional,
        } = identity;
        #[extrinsic_call]
        _(
            RawOrigin::Signed(coldkey(0)),
            name,
            url,
            github_repo,
            image,
            discord,
            description,
            additional,
        );
    }

    #[benchmark]
    fn set_subnet_identity() {
        let netuid = subnet::<T>(1);
        #[extrinsic_call]
        _(
            RawOrigin::Signed(coldkey(0)),
            netuid,
            long(256),
            long(1_024),
            long(1_024),
            long(1_024),
            long(256),
            long(1_024),
            long(1_024),
            long(1_024),
        );
    }

    #[benchmark]
    fn try_associate_hotkey() {
        for number in 0..1_000 {
            Pallet::<T>::associate(&coldkey(0), &hotkey(number)).expect("room for a hotkey");
        }
        #[extrinsic_call]
        _(RawOrigin::Signed(coldkey(0)), hotkey(7_000));
    }

    #[benchmark]
    fn start_call() {
        let netuid = subnet::<T>(1);
        FirstEmissionBlockNumber::<T>::remove(netuid);
        #[extrinsic_call]
        _(RawOrigin::Signed(coldkey(0)), netuid);
    }

    #[benchmark]
    fn update_symbol() {
        let netuid = subnet::<T>(1);
        let character = subnets::symbols::characters()
            .last()
            .expect("the catalogue is not empty");
        let symbol = alloc::string::String::from(character).into_bytes();
        #[extrinsic_call]
        _(RawOrigin::Signed(coldkey(0)), netuid, symbol);
    }

    #[benchmark]
    fn set_tempo() {
        let netuid = subnet::<T>(1);
        AdminFreezeWindow::<T>::put(0);
        set_block::<T>(1_000);
        #[extrinsic_call]
        _(RawOrigin::Signed(coldkey(0)), netuid, 720);
    }

    #[benchmark]
    fn trigger_epoch() {
        let netuid = subnet::<T>(1);
        set_block::<T>(10);
        LastEpochBlock::<T>::insert(netuid, 10);
        #[extrinsic_call]
        _(RawOrigin::Signed(coldkey(0)), netuid);
    }

    /// What a refused call reads: nothing.
    #[benchmark]
    fn refuse() {
        #[block]
        {
            let _ = Pallet::<T>::block();
        }
    }

    /// The dearest check of the validity stage: a full row of weights.
    #[benchmark]
    fn validity() {
        let netuid = subnet::<T>(UIDS);
        let (uids, values) = row(UIDS);
        set_block::<T>(100);
        let submission = weights::Submission {
            uids: &uids,
            values: &values,
            version_key: 0,
        };
        #[block]
        {
            Pallet::<T>::check_set_weights(&hotkey(0), netuid, MechId::new(0), submission)
                .map_err(|_| "refused")
                .expect("the row is as it should be");
        }
    }

    #[benchmark]
    fn step_prices(n: Linear<1, 256>) {
        open_subnets::<T>(n);
        let mut meter = WeightMeter::new();
        #[block]
        {
            Pallet::<T>::step_prices(&mut meter);
        }
    }

    #[benchmark]
    fn step_schedule(n: Linear<1, 256>) {
        open_subnets::<T>(n);
        let mut meter = WeightMeter::new();
        #[block]
        {
            Pallet::<T>::step_epochs(&mut meter);
        }
    }

    /// Neurons, and entries of weights in full rows; as many of bonds; and parents of validators, each with
    /// another owner. Under liquid alpha, which costs most. Fewer neurons have no room for so many full rows.
    #[benchmark]
    fn epoch(n: Linear<256, 1_024>, w: Linear<4_096, 65_536>, e: Linear<0, 512>) {
        let netuid = subnet::<T>(n);
        let permits = (w / n).clamp(1, n);
        validators::<T>(netuid, permits);
        lenders::<T>(netuid, e, permits);
        LiquidAlphaOn::<T>::insert(netuid, true);
        set_block::<T>(361);
        #[block]
        {
            Pallet::<T>::run_epoch(netuid, 1).expect("the epoch runs");
        }
        assert_eq!(LastMechansimStepBlock::<T>::get(netuid), 361);
    }

    #[benchmark]
    fn step_cleanup_idle() {
        let mut meter = WeightMeter::new();
        #[block]
        {
            Pallet::<T>::step_cleanup(&mut meter);
        }
    }

    /// A piece that pays 16 holders of a chain with 128 subnets; other pieces cost less.
    #[benchmark]
    fn step_cleanup() {
        network::<T>(127, 1, 0);
        let netuid = subnet::<T>(UIDS);
        let settlement = settlement::<T>(netuid, CleanupStep::Positions);
        #[block]
        {
            Pallet::<T>::clean_piece(settlement).expect("the holders are paid");
        }
    }

    /// The last piece, which removes the values of a subnet.
    #[benchmark]
    fn step_cleanup_last() {
        let netuid = subnet::<T>(1);
        let settlement = settlement::<T>(netuid, CleanupStep::Values);
        #[block]
        {
            Pallet::<T>::clean_piece(settlement).expect("the values are removed");
        }
    }

    #[benchmark]
    fn end_block() {
        #[block]
        {
            Pallet::<T>::publish_issuance();
        }
    }

    /// Half of the neurons go; the other half has every row renumbered.
    #[benchmark]
    fn trim(n: Linear<8, UIDS>) {
        let netuid = subnet::<T>(n);
        validators::<T>(netuid, n);
        make_replaceable::<T>(netuid);
        MinAllowedUids::<T>::insert(netuid, 1);
        #[block]
        {
            Pallet::<T>::trim(netuid, n.div_ceil(2) as u16).expect("the neurons may go");
        }
    }

    #[benchmark]
    fn reset_bonds(n: Linear<1, UIDS>) {
        let netuid = subnet::<T>(UIDS);
        validators::<T>(netuid, n);
        BondsResetOn::<T>::insert(netuid, true);
        #[block]
        {
            Pallet::<T>::reset_bonds(netuid, &hotkey(3));
        }
    }

    /// The fee of a call, looked at by the validity stage and paid with a part of a position; the weights of the
    /// pool are not equal.
    #[benchmark]
    fn pay_fee_in_alpha() {
        let netuid = subnet::<T>(UIDS);
        let weights = weighted_pool::Weights::from_tao(600_000_000_000_000_000);
        T::Pools::set_weights(
            netuid,
            weights.expect("the weight is between 0.01 and 0.99"),
        );
        let (coldkey, hotkey) = (coldkey(1), hotkey(1));
        let before = Pallet::<T>::stake_of(&hotkey, &coldkey, netuid);
        let fee = TaoBalance::new(1_000_000);
        #[block]
        {
            Pallet::<T>::alpha_for_fee(&coldkey, &hotkey, netuid, fee).expect("it is enough");
            Pallet::<T>::pay_fee_in_alpha(&coldkey, &hotkey, netuid, fee).expect("it is enough");
        }
        assert!(Pallet::<T>::stake_of(&hotkey, &coldkey, netuid) < before);
    }

    /// In a pool of unequal weights, until the price is reached, by a coldkey that stakes on many hotkeys.
    #[benchmark]
    fn add_stake() {
        let netuid = subnet::<T>(1);
        unequal::<T>(netuid);
        let payer = rich::<T>(7_000);
        busy::<T>(&payer);
        // The price is two thirds.
        let limit = TaoBalance::new(700_000_000);
        let offered = TaoBalance::new(RICH / 10);
        #[extrinsic_call]
        add_stake_limit(
            RawOrigin::Signed(payer.clone()),
            hotkey(0),
            netuid,
            offered,
            limit,
            true,
        );
        assert!(!Pallet::<T>::stake_of(&hotkey(0), &payer, netuid).is_zero());
    }

    /// Until the price is reached, of a nomination of which the rest is too small and is sold as well.
    #[benchmark]
    fn remove_stake() {
        let netuid = subnet::<T>(1);
        unequal::<T>(netuid);
        let seller = rich::<T>(7_000);
        busy::<T>(&seller);
        stake::<T>(netuid, &hotkey(0), &seller, RICH / 10);
        NominatorMinRequiredStake::<T>::put(u64::MAX / 2);
        let part = AlphaBalance::new(RICH / 20);
        let limit = TaoBalance::new(400_000_000);
        #[extrinsic_call]
        remove_stake_limit(
            RawOrigin::Signed(seller.clone()),
            hotkey(0),
            netuid,
            part,
            limit,
            true,
        );
        assert!(Pallet::<T>::stake_of(&hotkey(0), &seller, netuid).is_zero());
    }

    #[benchmark]
    fn unstake_all(n: Linear<1, 128>) {
        let subnets = network::<T>(n, 1, 0);
        let seller = rich::<T>(7_000);
        busy::<T>(&seller);
        for netuid in &subnets {
            unequal::<T>(*netuid);
            stake::<T>(*netuid, &hotkey(0), &seller, RICH / 100);
        }
        stake::<T>(NetUid::ROOT, &hotkey(0), &seller, RICH / 100);
        #[extrinsic_call]
        _(RawOrigin::Signed(seller.clone()), hotkey(0));
        assert!(
            subnets
                .iter()
                .all(|netuid| Pallet::<T>::stake_of(&hotkey(0), &seller, *netuid).is_zero())
        );
    }

    #[benchmark]
    fn unstake_all_alpha(n: Linear<1, 128>) {
        let subnets = network::<T>(n, 1, 0);
        let seller = rich::<T>(7_000);
        busy::<T>(&seller);
        for netuid in &subnets {
            unequal::<T>(*netuid);
            stake::<T>(*netuid, &hotkey(0), &seller, RICH / 100);
        }
        #[extrinsic_call]
        _(RawOrigin::Signed(seller.clone()), hotkey(0));
        assert!(!Pallet::<T>::stake_of(&hotkey(0), &seller, NetUid::ROOT).is_zero());
    }

    /// Between two pools of unequal weights, as much as keeps a ratio: a search.
    #[benchmark]
    fn move_stake() {
        let subnets = network::<T>(2, 2, 0);
        for netuid in &subnets {
            unequal::<T>(*netuid);
        }
        let (from, to) = (subnets[0], subnets[1]);
        let owner = coldkey(0);
        busy::<T>(&owner);
        stake::<T>(from, &hotkey(0), &owner, RICH / 2);
        let amount = AlphaBalance::new(RICH / 2);
        let limit = TaoBalance::new(999_000_000);
        #[extrinsic_call]
        move_stake_limit(
            RawOrigin::Signed(owner.clone()),
            hotkey(0),
            hotkey(1),
            from,
            to,
            amount,
            limit,
            true,
        );
        assert!(!Pallet::<T>::stake_of(&hotkey(1), &owner, to).is_zero());
    }

    #[benchmark]
    fn discard_alpha() {
        let netuid = subnet::<T>(1);
        let holder = rich::<T>(7_000);
        busy::<T>(&holder);
        stake::<T>(netuid, &hotkey(0), &holder, RICH / 10);
        let amount = AlphaBalance::new(u64::MAX);
        #[extrinsic_call]
        burn_alpha(RawOrigin::Signed(holder), hotkey(0), amount, netuid);
    }

    #[benchmark]
    fn set_take() {
        let owner = coldkey(0);
        Pallet::<T>::associate(&owner, &hotkey(0)).expect("room for a hotkey");
        Delegates::<T>::insert(hotkey(0), 0);
        set_block::<T>(1_000_000);
        #[extrinsic_call]
        increase_take(RawOrigin::Signed(owner), hotkey(0), 11_796);
    }

    /// At once, since the subtoken is disabled: five children go, others with many parents come.
    #[benchmark]
    fn set_children(n: Linear<1, 5>) {
        let netuid = subnet::<T>(16);
        SubtokenEnabled::<T>::insert(netuid, false);
        set_block::<T>(1_000_000);
        let owner = coldkey(0);
        let part = u64::MAX / 8;
        let old = (11..16).map(|number| (part, hotkey(number))).collect();
        let old = types::Children::truncate_from(old);
        Pallet::<T>::write_children(&hotkey(0), netuid, old, delegation::Places::Free)
            .expect("there are places");
        lenders::<T>(netuid, 50, 5);
        let children = (0..n).map(|number| (part, hotkey(1 + number))).collect();
        #[extrinsic_call]
        _(RawOrigin::Signed(owner), hotkey(0), netuid, children);
        assert_eq!(ChildKeys::<T>::get(hotkey(0), netuid).len() as u32, n);
    }

    #[benchmark]
    fn set_childkey_take() {
        let netuid = subnet::<T>(1);
        set_block::<T>(1_000_000);
        #[extrinsic_call]
        _(RawOrigin::Signed(coldkey(0)), hotkey(0), netuid, 11_796);
    }

    #[benchmark]
    fn set_auto_stake() {
        let netuid = subnet::<T>(2);
        #[extrinsic_call]
        set_coldkey_auto_stake_hotkey(RawOrigin::Signed(coldkey(7_000)), netuid, hotkey(1));
    }

    #[benchmark]
    fn set_network_value() {
        let netuid = subnet::<T>(1);
        AdminFreezeWindow::<T>::put(0);
        set_block::<T>(1_000_000);
        #[extrinsic_call]
        sudo_set_root_claim_threshold(RawOrigin::Signed(coldkey(0)), netuid, 1_000_000);
    }

    /// `n` claims that are sold, and root stake that is added on another hotkey with so many rates.
    #[benchmark]
    fn claim_root(n: Linear<0, 64>, r: Linear<0, 128>) {
        let subnets = network::<T>(n.max(r).max(1), 2, 0);
        let staker = rich::<T>(7_000);
        for (number, rates) in [(0, n), (1, r)] {
            let hotkey = hotkey(number);
            let subnets = &subnets[..rates as usize];
            stake::<T>(NetUid::ROOT, &hotkey, &staker, RICH / 100);
            pay_root::<T>(subnets, &hotkey, 100_000_000);
            // What was had before is counted.
            stake::<T>(NetUid::ROOT, &hotkey, &staker, RICH / 100);
            pay_root::<T>(subnets, &hotkey, 100_000_000);
        }
        for netuid in &subnets {
            unequal::<T>(*netuid);
        }
        #[block]
        {
            if n > 0 {
                Pallet::<T>::do_claim_root_with_hotkey(&staker, &hotkey(0)).expect("much is owed");
            }
            stake::<T>(NetUid::ROOT, &hotkey(1), &staker, 1_000_000);
        }
        for netuid in &subnets[..n as usize] {
            assert!(Pallet::<T>::root_dividend_owed(*netuid, &hotkey(0), &staker).get() < 2);
        }
    }

    #[benchmark]
    fn set_root_claim_type() {
        let subnets = network::<T>(127, 1, 0);
        let subnets = subnets.into_iter().collect();
        let kind = RootClaimTypeEnum::KeepSubnets { subnets };
        #[extrinsic_call]
        _(RawOrigin::Signed(coldkey(0)), kind);
    }

    /// Every subnet has started and takes part; the cap binds, so that the rest buys, and the moving prices sum
    /// to more than one.
    #[benchmark]
    fn step_emission(n: Linear<1, 256>) {
        emitting_subnets::<T>(n);
        let mut meter = WeightMeter::new();
        Pallet::<T>::step_emission(&mut meter);
        set_block::<T>(1_000_001);
        #[block]
        {
            Pallet::<T>::step_emission(&mut meter);
        }
    }

    /// A set of five children that all are full, in whose places others compete.
    #[benchmark]
    fn activate_children(n: Linear<0, 500>) {
        let netuid = subnet::<T>(16);
        lenders::<T>(netuid, n, 5);
        set_block::<T>(1_000_000);
        let part = u64::MAX / 8;
        let old = (11..16).map(|number| (part, hotkey(number))).collect();
        let old = types::Children::truncate_from(old);
        Pallet::<T>::write_children(&hotkey(10), netuid, old, delegation::Places::Free)
            .expect("there are places");
        let children = (0..5).map(|number| (part, hotkey(number))).collect();
        Pallet::<T>::put_pending_children(
            &hotkey(10),
            netuid,
            types::Children::truncate_from(children),
            5,
        );
        let mut meter = WeightMeter::new();
        #[block]
        {
            Pallet::<T>::activate_before_epoch(netuid, &mut meter);
        }
        assert!(!PendingChildKeys::<T>::contains_key(netuid, hotkey(10)));
    }

    #[benchmark]
    fn step_root_claims_idle() {
        let mut meter = WeightMeter::new();
        #[block]
        {
            Pallet::<T>::step_root_claims(&mut meter);
        }
    }

    /// Drawing a root staker of sixteen hotkeys with so many rates each, and finding nothing to claim.
    #[benchmark]
    fn draw_root_staker(n: Linear<1, 128>) {
        let subnets = network::<T>(n, 16, 0);
        let staker = rich::<T>(7_000);
        for number in 0..16 {
            stake::<T>(NetUid::ROOT, &hotkey(number), &staker, RICH / 100);
            pay_root::<T>(&subnets, &hotkey(number), 1_000);
        }
        NumRootClaim::<T>::put(1);
        let mut meter = WeightMeter::new();
        #[block]
        {
            Pallet::<T>::step_root_claims(&mut meter);
        }
    }

    /// A swap by which so many entries move at least: stakers of both hotkeys, whose positions are joined one by one.
    #[benchmark]
    fn swap_hotkey(n: Linear<1, 4_500>) {
        let netuid = network::<T>(8, 2, 0)[0];
        let owner = rich::<T>(0);
        let (old, new) = (hotkey(0), hotkey(7_000));
        Pallet::<T>::associate(&owner, &new).expect("there is room for a hotkey");
        // A staker is a position and its count, and a list that is as long as two of eight reads.
        for number in 0..(n * 4 / 9).max(1) {
            let staker = coldkey(10_000 + number);
            for hotkey in [&old, &new] {
                stake::<T>(netuid, hotkey, &staker, 1_000_000_000);
                LastColdkeyHotkeyStakeBlock::<T>::insert(&staker, hotkey, 5);
            }
        }
        set_block::<T>(1_000_000);
        let result;
        #[block]
        {
            result = Pallet::<T>::do_swap_hotkey(&owner, &old, &new, None, false);
        }
        let charged = result.expect("the swap is allowed").actual_weight;
        assert!(charged.is_some_and(|weight| weight.all_gte(T::WeightInfo::swap_hotkey(n))));
    }

    /// A swap by which so many entries move at least: of a coldkey that owns subnets and stakes on many hotkeys.
    #[benchmark]
    fn swap_coldkey(n: Linear<1, 4_500>) {
        let subnets = network::<T>(8, 1, 0);
        let owner = rich::<T>(0);
        for number in 0..(n * 4 / 9).max(1) {
            let other = hotkey(10_000 + number);
            Pallet::<T>::associate(&coldkey(10_000), &other).expect("room for a hotkey");
            stake::<T>(subnets[0], &other, &owner, 1_000_000_000);
            LastColdkeyHotkeyStakeBlock::<T>::insert(&owner, other, 5);
        }
        let cost = TaoBalance::new(1_000_000);
        let result;
        #[block]
        {
            result = Pallet::<T>::do_swap_coldkey(&owner, &coldkey(7_000), cost);
        }
        let charged = result.expect("the swap is allowed").actual_weight;
        assert!(charged.is_some_and(|weight| weight.all_gte(T::WeightInfo::swap_coldkey(n))));
    }

    /// The first announcement, which costs TAO.
    #[benchmark]
    fn coldkey_swap_notice() {
        let owner = rich::<T>(0);
        #[extrinsic_call]
        announce_coldkey_swap(RawOrigin::Signed(owner), Default::default());
    }

    /// A block of a public network in which two epochs run: 128 subnets of 256 neurons, 64 validators with
    /// full rows.
    #[benchmark(extra)]
    fn block_with_two_epochs() {
        let subnets = network::<T>(128, 256, 64);
        MaxEpochsPerBlock::<T>::put(2);
        for netuid in subnets {
            LastEpochBlock::<T>::insert(netuid, 1);
        }
        set_block::<T>(361);
        let index = |netuid: &NetUid| SubnetEpochIndex::<T>::get(netuid);
        #[block]
        {
            Pallet::<T>::begin_block();
        }
        let ran: u64 = SubnetList::<T>::get().iter().map(index).sum();
        assert_eq!(ran, 2);
    }

    /// A block of the same network in which no epoch runs.
    #[benchmark(extra)]
    fn block_without_epochs() {
        let subnets = network::<T>(128, 256, 64);
        for netuid in subnets {
            LastEpochBlock::<T>::insert(netuid, 200);
        }
        set_block::<T>(361);
        #[block]
        {
            Pallet::<T>::begin_block();
        }
    }

    /// 360 blocks of the same network, in which every subnet has one epoch.
    #[benchmark(extra)]
    fn tempo_of_a_public_network() {
        let subnets = network::<T>(128, 256, 64);
        MaxEpochsPerBlock::<T>::put(2);
        for netuid in &subnets {
            LastEpochBlock::<T>::insert(netuid, 1_000 - u64::from(netuid.get() % 360));
        }
        set_block::<T>(1_000);
        #[block]
        {
            for _ in 0..360 {
                let next = frame_system::Pallet::<T>::block_number() + One::one();
                frame_system::Pallet::<T>::set_block_number(next);
                Pallet::<T>::begin_block();
            }
        }
        for netuid in subnets {
            assert_eq!(SubnetEpochIndex::<T>::get(netuid), 1);
        }
    }

    /// One epoch of 4096 neurons and 256 validators with full rows.
    #[benchmark(extra)]
    fn epoch_of_4096() {
        let netuid = subnet::<T>(4_096);
        validators::<T>(netuid, 256);
        set_block::<T>(361);
        #[block]
        {
            Pallet::<T>::run_epoch(netuid, 1).expect("the epoch runs");
        }
        assert_eq!(LastMechansimStepBlock::<T>::get(netuid), 361);
    }

    /// The block step with an epoch in which a validator has `n` nominators.
    #[benchmark(extra)]
    fn block_with_nominators(n: Linear<1_000, 100_000>) {
        let netuid = subnet::<T>(256);
        validators::<T>(netuid, 64);
        for number in 0..n {
            stake::<T>(netuid, &hotkey(1), &coldkey(10_000 + number), 1_000_000_000);
        }
        LastEpochBlock::<T>::insert(netuid, 1);
        set_block::<T>(361);
        #[block]
        {
            Pallet::<T>::begin_block();
        }
        assert_eq!(SubnetEpochIndex::<T>::get(netuid), 1);
    }

    /// The same block step, while the nominators stake on a hotkey of another subnet.
    #[benchmark(extra)]
    fn block_beside_nominators(n: Linear<1_000, 100_000>) {
        let netuid = subnet::<T>(256);
        validators::<T>(netuid, 64);
        let other = subnet::<T>(1);
        Tempo::<T>::insert(other, 0);
        for number in 0..n {
            stake::<T>(other, &hotkey(1), &coldkey(10_000 + number), 1_000_000_000);
        }
        LastEpochBlock::<T>::insert(netuid, 1);
        set_block::<T>(361);
        #[block]
        {
            Pallet::<T>::begin_block();
        }
        assert_eq!(SubnetEpochIndex::<T>::get(netuid), 1);
    }

    /// A thousand coldkeys that stake with a limit, in a pool of unequal weights.
    #[benchmark(extra)]
    fn thousand_stakes() {
        let netuid = subnet::<T>(2);
        unequal::<T>(netuid);
        let payers: Vec<AccountId> = (0..1_000)
            .map(|number| rich_with::<T>(20_000 + number, 10_000_000_000))
            .collect();
        let limit = TaoBalance::new(1_000_000_000);
        #[block]
        {
            for payer in &payers {
                Pallet::<T>::add_stake_limit(
                    RawOrigin::Signed(payer.clone()).into(),
                    hotkey(1),
                    netuid,
                    TaoBalance::new(1_000_000_000),
                    limit,
                    false,
                )
                .expect("the price is below the limit");
            }
        }
    }

    /// The metagraph of `n` neurons, without its way over RPC.
    #[benchmark(extra)]
    fn metagraph(n: Linear<256, 4_096>) {
        let netuid = subnet::<T>(n);
        validators::<T>(netuid, 64);
        #[block]
        {
            Pallet::<T>::metagraph(netuid).expect("the subnet exists");
        }
    }
}
