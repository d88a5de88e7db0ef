//! Nothing of a dissolved subnet stays in storage.

use std::collections::{BTreeMap, BTreeSet};

use codec::Encode;
use dendra_primitives::{AlphaBalance, MechId, NetUid, NetUidIndex, records::*};
use frame_support::{
    __private::metadata_ir::{StorageEntryMetadataIR, StorageEntryTypeIR, StorageHasherIR},
    BoundedVec, Hashable,
};
use scale_info::{MetaType, TypeDef, form::MetaForm, meta_type};
use sp_core::{H160, H256};
use sp_io::hashing::twox_128;

use super::{NETUID, chain, dissolve};
use crate::{
    mock::*,
    types::{RateLimitKey, Row},
    *,
};

/// Maps by subnet and something else that the tests below fill.
const FILLED: [&str; 27] = [
    "AlphaDividendsPerSubnet",
    "AssociatedEvmAddress",
    "AutoStakeDestination",
    "AutoStakers",
    "Axons",
    "BlockAtRegistration",
    "Bonds",
    "ChildKeys",
    "ChildkeyTake",
    "ChildrenDue",
    "HotkeyPools",
    "IsNetworkMember",
    "Keys",
    "Lenders",
    "NeuronCertificates",
    "ParentKeys",
    "PendingChildKeys",
    "Positions",
    "Prometheus",
    "RootClaimed",
    "RootDividendRest",
    "RootKept",
    "TimelockedWeightCommits",
    "TotalHotkeyAlpha",
    "Uids",
    "WeightCommits",
    "Weights",
];

/// Maps by subnet and something else that nothing writes yet. Whoever writes one cleans it up and moves it above.
const UNUSED: [&str; 5] = [
    "DecayingHotkeyLock",
    "DecayingLock",
    "HotkeyLock",
    "Lock",
    "LockingColdkeys",
];

/// What may be new after a subnet came and went: what the next creation costs, who owns which hotkey, and an
/// empty queue.
const MAY_STAY: [&str; 5] = [
    "DissolveCleanupQueue",
    "NetworkLastCreatedAt",
    "NetworkLastLockCost",
    "OwnedHotkeys",
    "Owner",
];

fn entries() -> Vec<StorageEntryMetadataIR<MetaForm>> {
    SubtensorModule::storage_metadata().entries
}

/// The key types of a map.
fn key_parts(key: &MetaType) -> Vec<MetaType> {
    match key.type_info().type_def {
        TypeDef::Tuple(tuple) => tuple.fields,
        _ => vec![*key],
    }
}

fn item_prefix(item: &str) -> Vec<u8> {
    [twox_128(b"SubtensorModule"), twox_128(item.as_bytes())].concat()
}

/// All keys of storage.
fn all_keys() -> BTreeSet<Vec<u8>> {
    let mut keys = BTreeSet::new();
    let mut key = Vec::new();
    while let Some(next) = sp_io::storage::next_key(&key) {
        keys.insert(next.clone());
        key = next;
    }
    keys
}

/// Writes the default of every map by subnet that has no value yet.
fn fill_values(netuid: NetUid) {
    for entry in entries() {
        let StorageEntryTypeIR::Map { hashers, key, .. } = &entry.ty else {
            continue;
        };
        if *key != meta_type::<NetUid>() {
            continue;
        }
        let hashed = match hashers.as_slice() {
            [StorageHasherIR::Identity] => netuid.encode(),
            [StorageHasherIR::Twox64Concat] => netuid.twox_64_concat(),
            [StorageHasherIR::Blake2_128Concat] => netuid.blake2_128_concat(),
            other => panic!("{} has hashers {other:?}", entry.name),
        };
        let place = [item_prefix(entry.name), hashed].concat();
        if sp_io::storage::get(&place).is_none() {
            sp_io::storage::set(&place, &entry.default);
        }
    }
}

fn index(mechanism: u8) -> NetUidIndex {
    NetUidIndex::from_parts(NETUID, MechId::new(mechanism)).unwrap()
}

/// A neuron with everything that a neuron can have.
fn fill_neuron(uid: u16) {
    let hotkey = Keys::<Test>::get(NETUID, uid);
    publish(NETUID, &hotkey);
    AssociatedEvmAddress::<Test>::insert(NETUID, uid, (H160([3; 20]), 1));
    for index in [index(0), index(1)] {
        let row = Row::truncate_from(vec![(0, 1), (1, 2)]);
        Weights::<Test>::insert(index, uid, &row);
        Bonds::<Test>::insert(index, uid, row);
    }
}

/// A hotkey that lends to another one, wants to lend otherwise, takes, and has its income staked there.
fn fill_delegation(hotkey: &AccountId, other: &AccountId) {
    let edge = (u64::MAX, other.clone());
    lend(NETUID, hotkey, core::slice::from_ref(&edge));
    SubtensorModule::write_childkey_take(hotkey, NETUID, 9);
    let children = BoundedVec::truncate_from(vec![edge]);
    SubtensorModule::put_pending_children(hotkey, NETUID, children, 5);
    AutoStakeDestination::<Test>::insert(hotkey, NETUID, other);
    AutoStakers::<Test>::insert(NETUID, hotkey, ());
    for key in [
        RateLimitKey::SetChildren(NETUID, hotkey.clone()),
        RateLimitKey::ChildkeyTake(NETUID, hotkey.clone()),
        RateLimitKey::HotkeySwapOnSubnet(NETUID, hotkey.clone()),
    ] {
        LastRateLimitedBlock::<Test>::insert(key, 5);
    }
}

/// What is kept by hotkey or by epoch, more of it than fits one piece of the clean-up.
fn fill_lists() {
    for number in 0..40 {
        let hotkey = many(number);
        AlphaDividendsPerSubnet::<Test>::insert(NETUID, &hotkey, AlphaBalance::new(1));
        fill_delegation(&hotkey, &many(100 + number));
        for index in [index(0), index(1)] {
            let commits = BoundedVec::truncate_from(vec![(H256([7; 32]), 1, 1, 0)]);
            WeightCommits::<Test>::insert(index, &hotkey, commits);
            let sealed = BoundedVec::truncate_from(vec![1, 2, 3]);
            let commits = BoundedVec::truncate_from(vec![(hotkey.clone(), 1, sealed, 9)]);
            TimelockedWeightCommits::<Test>::insert(index, u64::from(number), commits);
        }
    }
    for key in [
        RateLimitKey::SetSNOwnerHotkey(NETUID),
        RateLimitKey::AddStakeBurn(NETUID),
        RateLimitKey::OwnerHyperparamUpdate(NETUID, 0),
        RateLimitKey::OwnerHyperparamUpdate(NETUID, 47),
        RateLimitKey::OwnerHyperparamUpdate(NETUID, u8::MAX),
    ] {
        LastRateLimitedBlock::<Test>::insert(key, 5);
    }
}

/// Root stake on forty hotkeys, of coldkeys of their own and of one who stakes on all of them.
fn stake_on_root() {
    NumRootClaim::<Test>::put(0);
    for number in 0..40 {
        give_stake(NetUid::ROOT, &many(number), &many(100 + number), UNIT);
        give_stake(NetUid::ROOT, &many(number), &account(60), UNIT);
    }
}

/// Pays them dividends of the subnet. Some of the root stake leaves what it earned, and other root stake comes, so
/// that there are dividends that are kept and such as were had.
fn fill_root_dividends() {
    for number in 0..40 {
        let paid = AlphaBalance::new(UNIT / 2);
        SubnetAlphaOut::<Test>::mutate(NETUID, |out| *out = out.checked_add(paid).unwrap());
        let hotkey = many(number);
        assert_eq!(pay_root_dividend(NETUID, &hotkey, paid), paid);
        let some = AlphaBalance::new(UNIT / 4);
        SubtensorModule::withdraw(&hotkey, &account(60), NetUid::ROOT, some).unwrap();
        SubtensorModule::deposit(&hotkey, &many(100 + number), NetUid::ROOT, some).unwrap();
    }
}

/// Creates the subnet and gives it all that a subnet can have. Neurons are hotkeys 100 to 139 of coldkey 3.
fn fill() {
    let identity = SubnetIdentityV3 {
        subnet_name: b"name".to_vec(),
        ..Default::default()
    };
    let origin = signed(&account(1));
    SubtensorModule::register_network_with_identity(origin, account(2), Some(identity)).unwrap();
    SubtensorModule::start_call(signed(&account(1)), NETUID).unwrap();
    MaxAllowedUids::<Test>::insert(NETUID, 128);
    SubtensorModule::change_mechanism_count(NETUID, MechId::new(2)).unwrap();
    for number in 0..40 {
        let hotkey = account(100 + number);
        SubtensorModule::burned_register(signed(&account(3)), NETUID, hotkey.clone()).unwrap();
        give_stake(NETUID, &hotkey, &account(50 + number % 20), 7 * UNIT);
        give_stake(NETUID, &hotkey, &account(4), 9 * UNIT);
    }
    for uid in 0..41 {
        fill_neuron(uid);
    }
    fill_lists();
    ChildrenBacklog::<Test>::try_append(NETUID).unwrap();
    fill_root_dividends();
    fill_values(NETUID);
}

/// Names the items of keys.
fn items(keys: impl IntoIterator<Item = Vec<u8>>) -> BTreeSet<String> {
    let names: BTreeMap<Vec<u8>, &str> = entries()
        .iter()
        .map(|entry| (item_prefix(entry.name), entry.name))
        .collect();
    let pallet = twox_128(b"SubtensorModule");
    keys.into_iter()
        .filter(|key| key.starts_with(&pallet))
        .map(|key| names.get(&key[..32]).map_or("?", |name| name).to_owned())
        .collect()
}

#[test]
fn every_map_by_subnet_and_more_is_accounted_for() {
    let by_subnet = [meta_type::<NetUid>(), meta_type::<NetUidIndex>()];
    let found: BTreeSet<&str> = entries()
        .iter()
        .filter_map(|entry| match &entry.ty {
            StorageEntryTypeIR::Map { key, .. } => Some((entry.name, key_parts(key))),
            StorageEntryTypeIR::Plain(_) => None,
        })
        .filter(|(_, parts)| parts.len() > 1)
        .filter(|(_, parts)| parts.iter().any(|part| by_subnet.contains(part)))
        .map(|(name, _)| name)
        .collect();
    assert_eq!(found, FILLED.into_iter().chain(UNUSED).collect());
}

#[test]
fn nothing_of_a_subnet_stays_but_who_owns_which_hotkey() {
    ExtBuilder::new().run(|| {
        stake_on_root();
        run_to_block(2);
        let before = all_keys();
        fill();
        // What is to be cleaned up is there, or the test would say nothing.
        let filled = items(all_keys().difference(&before).cloned());
        let by_subnet = entries().into_iter().filter(|entry| match &entry.ty {
            StorageEntryTypeIR::Map { key, .. } => {
                [meta_type::<NetUid>(), meta_type::<NetUidIndex>()].contains(key)
            }
            StorageEntryTypeIR::Plain(_) => false,
        });
        for name in by_subnet.map(|entry| entry.name).chain(FILLED) {
            assert!(filled.contains(name), "{name} is not filled");
        }

        dissolve(NETUID);
        run_to_block(3);
        let after = all_keys();
        let left = items(after.difference(&before).cloned());
        let may_stay = MAY_STAY.map(str::to_owned).into();
        assert_eq!(
            left.difference(&may_stay).collect::<Vec<_>>(),
            Vec::<&String>::new()
        );
        // Of values of the whole network none is missing.
        assert_eq!(items(before.difference(&after).cloned()), BTreeSet::new());
        // The account of the subnet is gone as well.
        let account_of_subnet = SubtensorModule::subnet_account(NETUID);
        assert!(!System::account_exists(&account_of_subnet));
    });
}

#[test]
fn it_makes_no_difference_how_small_the_pieces_are() {
    ExtBuilder::new().run(|| {
        stake_on_root();
        run_to_block(2);
        let before = all_keys();
        fill();
        dissolve(NETUID);
        Budget::set(&frame_support::weights::Weight::from_parts(10, 0));
        run_to_block(80);
        assert_eq!(DissolveCleanupQueue::<Test>::get().len(), 0);
        let left = items(all_keys().difference(&before).cloned());
        let may_stay = MAY_STAY.map(str::to_owned).into();
        assert_eq!(
            left.difference(&may_stay).collect::<Vec<_>>(),
            Vec::<&String>::new()
        );
    });
}

#[test]
fn values_of_the_whole_network_are_as_before() {
    ExtBuilder::new().run(|| {
        let facts = || {
            (
                TotalNetworks::<Test>::get(),
                SubnetList::<Test>::get(),
                TotalStake::<Test>::get(),
                SymbolsInUse::<Test>::iter().collect::<BTreeMap<_, _>>(),
                StakingHotkeys::<Test>::iter().count(),
                Positions::<Test>::iter().count(),
            )
        };
        stake_on_root();
        let before = facts();
        fill();
        dissolve(NETUID);
        run_to_block(2);
        assert_eq!(facts(), before);
    });
}

#[test]
fn another_subnet_keeps_everything() {
    let others = |netuid: NetUid| {
        let suffix = netuid.encode();
        all_keys()
            .into_iter()
            .filter(|key| key.len() == 34 && key.ends_with(&suffix))
            .collect::<BTreeSet<_>>()
    };
    chain()
        .subnet(3, account(5), account(6))
        .neuron(3, account(7), account(8))
        .stake(3, account(7), account(8), 44)
        .run(|| {
            let before = others(NetUid::new(3));
            dissolve(NETUID);
            run_to_block(2);
            assert!(before.is_subset(&others(NetUid::new(3))));
            assert_eq!(Keys::<Test>::get(NetUid::new(3), 1), account(7));
            assert_eq!(
                SubtensorModule::own_stake(&account(7), NetUid::new(3))
                    .alpha
                    .get(),
                44
            );
        });
}

#[test]
fn the_next_subnet_of_the_netuid_begins_from_nothing() {
    ExtBuilder::new().run(|| {
        stake_on_root();
        fill();
        Tempo::<Test>::insert(NETUID, 999);
        dissolve(NETUID);
        run_to_block(2);
        NetworkLastCreatedAt::<Test>::kill();
        SubtensorModule::register_network(signed(&account(9)), account(10)).unwrap();
        assert_eq!(SubnetOwner::<Test>::get(NETUID), account(9));
        assert_eq!(Tempo::<Test>::get(NETUID), 360);
        assert_eq!(SubnetworkN::<Test>::get(NETUID), 1);
        assert_eq!(MechanismCountCurrent::<Test>::get(NETUID), MechId::new(1));
        assert_eq!(FirstEmissionBlockNumber::<Test>::get(NETUID), None);
        assert_eq!(SubnetIdentitiesV3::<Test>::get(NETUID), None);
        assert_eq!(SubnetAlphaOut::<Test>::get(NETUID).get(), 0);
        assert_eq!(
            Uids::<Test>::iter_prefix(NETUID).collect::<Vec<_>>(),
            [(account(10), 0)]
        );
        assert_eq!(Weights::<Test>::iter_prefix(index(0)).count(), 0);
        assert_eq!(WeightCommits::<Test>::iter_prefix(index(0)).count(), 0);
        assert_eq!(Axons::<Test>::iter_prefix(NETUID).count(), 0);
        let key = RateLimitKey::OwnerHyperparamUpdate(NETUID, 0);
        assert_eq!(LastRateLimitedBlock::<Test>::get(key), 0);
    });
}
