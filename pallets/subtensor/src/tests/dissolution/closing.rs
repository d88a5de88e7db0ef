//! What the call does at once.

use dendra_primitives::{MechId, NetUid, TaoBalance};
use frame_support::{BoundedVec, assert_noop, assert_ok, weights::Weight};
use sp_core::H256;
use sp_runtime::{DispatchError, traits::Dispatchable};

use super::{NETUID, chain, dissolve};
use crate::{mock::*, *};

const FIRST: MechId = MechId::new(0);

#[test]
fn the_subnet_is_gone_and_its_clean_up_queued() {
    chain().run(|| {
        let symbol = TokenSymbol::<Test>::get(NETUID);
        dissolve(NETUID);
        assert!(!SubtensorModule::exists(NETUID));
        assert_eq!(TotalNetworks::<Test>::get(), 2);
        let left = [NetUid::ROOT, NetUid::new(1)];
        assert_eq!(SubnetList::<Test>::get().into_inner(), left);
        assert_eq!(TotalStake::<Test>::get(), TaoBalance::new(10 * UNIT));
        assert_eq!(DissolveCleanupQueue::<Test>::get().into_inner(), [NETUID]);
        assert_eq!(SymbolsInUse::<Test>::get(symbol), None);
        assert_eq!(events(), [Event::NetworkRemoved(NETUID)]);
    });
}

#[test]
fn only_root_dissolves() {
    chain().run(|| {
        for origin in [signed(&account(1)), RuntimeOrigin::none()] {
            assert_noop!(
                SubtensorModule::root_dissolve_network(origin.clone(), NETUID),
                DispatchError::BadOrigin
            );
            assert_noop!(
                SubtensorModule::dissolve_network(origin, account(1), NETUID),
                DispatchError::BadOrigin
            );
        }
    });
}

#[test]
fn the_older_call_has_to_name_the_owner() {
    chain().run(|| {
        let older = |coldkey| {
            SubtensorModule::dissolve_network(RuntimeOrigin::root(), account(coldkey), NETUID)
        };
        assert_noop!(older(3), Error::<Test>::NotSubnetOwner);
        assert_ok!(older(1));
        assert!(!SubtensorModule::exists(NETUID));
    });
}

#[test]
fn root_a_missing_subnet_and_one_that_is_dissolved_are_refused() {
    chain().run(|| {
        let refused = |netuid| {
            SubtensorModule::root_dissolve_network(RuntimeOrigin::root(), NetUid::new(netuid))
        };
        assert_noop!(
            refused(0),
            Error::<Test>::RegistrationNotPermittedOnRootSubnet
        );
        assert_noop!(refused(3), Error::<Test>::SubnetNotExists);
        dissolve(NETUID);
        assert_noop!(refused(2), Error::<Test>::SubnetNotExists);
    });
}

#[test]
fn a_full_queue_refuses_another_one() {
    chain().build().execute_with(|| {
        let full = (0..4_096).map(NetUid::new).collect();
        DissolveCleanupQueue::<Test>::put(BoundedVec::truncate_from(full));
        assert_noop!(
            SubtensorModule::root_dissolve_network(RuntimeOrigin::root(), NETUID),
            Error::<Test>::CleanupQueueFull
        );
    });
}

/// Every call of a neuron or an owner that names a subnet, with who signs it.
fn calls(netuid: NetUid) -> Vec<(AccountId, Call<Test>)> {
    let (owner, hotkey) = (account(1), account(2));
    let commit_hash = H256::zero();
    let (dests, weights, uids, values, salt) = (vec![0], vec![1], vec![0], vec![1], vec![2]);
    let by_hotkey = [
        Call::set_weights {
            netuid,
            dests: dests.clone(),
            weights: weights.clone(),
            version_key: 0,
        },
        Call::set_mechanism_weights {
            netuid,
            mecid: FIRST,
            dests,
            weights,
            version_key: 0,
        },
        Call::commit_weights {
            netuid,
            commit_hash,
        },
        Call::commit_mechanism_weights {
            netuid,
            mecid: FIRST,
            commit_hash,
        },
        Call::reveal_weights {
            netuid,
            uids: uids.clone(),
            values: values.clone(),
            salt: salt.clone(),
            version_key: 0,
        },
        Call::reveal_mechanism_weights {
            netuid,
            mecid: FIRST,
            uids: uids.clone(),
            values: values.clone(),
            salt: salt.clone(),
            version_key: 0,
        },
        Call::batch_reveal_weights {
            netuid,
            uids_list: vec![uids],
            values_list: vec![values],
            salts_list: vec![salt],
            version_keys: vec![0],
        },
        Call::serve_axon {
            netuid,
            version: 1,
            ip: 0x0808_0808,
            port: 80,
            ip_type: 4,
            protocol: 4,
            placeholder1: 0,
            placeholder2: 0,
        },
        Call::serve_axon_tls {
            netuid,
            version: 1,
            ip: 0x0808_0808,
            port: 80,
            ip_type: 4,
            protocol: 4,
            placeholder1: 0,
            placeholder2: 0,
            certificate: vec![1, 2],
        },
        Call::serve_prometheus {
            netuid,
            version: 1,
            ip: 0x0808_0808,
            port: 80,
            ip_type: 4,
        },
    ];
    let by_owner = [
        Call::start_call { netuid },
        Call::update_symbol {
            netuid,
            symbol: "α".into(),
        },
        Call::set_subnet_identity {
            netuid,
            subnet_name: b"name".to_vec(),
            github_repo: vec![],
            subnet_contact: vec![],
            subnet_url: vec![],
            discord: vec![],
            description: vec![],
            logo_url: vec![],
            additional: vec![],
        },
        Call::set_tempo { netuid, tempo: 400 },
        Call::set_activity_cutoff_factor {
            netuid,
            factor_milli: 2_000,
        },
        Call::trigger_epoch { netuid },
        Call::burned_register {
            netuid,
            hotkey: account(9),
        },
        Call::register_limit {
            netuid,
            hotkey: account(9),
            limit_price: u64::MAX,
        },
        Call::register {
            netuid,
            block_number: 1,
            nonce: 1,
            work: vec![],
            hotkey: account(9),
            coldkey: account(1),
        },
    ];
    let signs = |who: AccountId| move |call| (who.clone(), call);
    by_hotkey
        .into_iter()
        .map(signs(hotkey))
        .chain(by_owner.into_iter().map(signs(owner)))
        .collect()
}

#[test]
fn nothing_can_be_done_with_a_dissolved_subnet() {
    chain().run(|| {
        dissolve(NETUID);
        for (who, call) in calls(NETUID) {
            let refused = RuntimeCall::from(call.clone())
                .dispatch(signed(&who))
                .map(|_| ())
                .map_err(|refusal| refusal.error);
            assert_eq!(
                refused,
                Err(Error::<Test>::SubnetNotExists.into()),
                "{call:?} was not refused as it should be"
            );
        }
        for refused in [
            SubtensorModule::trim(NETUID, 64),
            SubtensorModule::change_owner_hotkey(NETUID, &account(2)),
            SubtensorModule::change_mechanism_count(NETUID, MechId::new(2)),
        ] {
            assert_eq!(refused, Err(Error::<Test>::SubnetNotExists.into()));
        }
    });
}

#[test]
fn a_dissolved_subnet_runs_no_epoch_and_its_price_stays() {
    chain().run(|| {
        give_pending(NETUID, 10, 10);
        Tempo::<Test>::insert(NETUID, 1);
        dissolve(NETUID);
        // Enough for prices, emission and finding out which subnets are due, but not for cleaning up.
        Budget::set(&Weight::from_parts(4, 0));
        run_to_block(3);
        assert_eq!(SubnetEpochIndex::<Test>::get(NETUID), 0);
        assert_eq!(PendingEmissions::<Test>::get(NETUID).server.get(), 10);
        assert_eq!(Burn::<Test>::get(NETUID).get(), UNIT);
    });
}

#[test]
fn registrations_of_the_same_block_do_not_outlive_the_subnet() {
    chain().run(|| {
        SubtensorModule::burned_register(signed(&account(3)), NETUID, account(4)).unwrap();
        dissolve(NETUID);
        run_to_block(3);
        assert!(!RegistrationsThisBlock::<Test>::contains_key(NETUID));
        assert!(!RegisteredThisBlock::<Test>::exists());
        assert_eq!(Uids::<Test>::get(NETUID, account(4)), None);
    });
}
