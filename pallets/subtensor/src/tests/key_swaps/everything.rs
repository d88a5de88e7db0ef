//! After a swap the old key is nowhere in storage, and everything else is as it was.

use std::collections::{BTreeMap, BTreeSet};

use codec::Encode;
use dendra_primitives::{AlphaBalance, MechId, NetUidIndex, U64F64, records::*};
use frame_support::{
    __private::metadata_ir::{StorageEntryMetadataIR, StorageEntryTypeIR},
    BoundedBTreeMap, BoundedVec,
};
use scale_info::{MetaType, TypeDef, form::MetaForm, meta_type};
use sp_core::H256;
use sp_io::hashing::{blake2_128, twox_64, twox_128};
use sp_runtime::AccountId32;

use super::*;
use crate::{types::RateLimitKey, *};

/// Items that hold hotkeys, in keys or values. Whoever adds one adds it to `move_hotkey`, to `fill` and here.
const OF_HOTKEYS: [&str; 39] = [
    "AlphaDividendsPerSubnet",
    "AutoParentDelegationOff",
    "AutoStakeDestination",
    "Axons",
    "ChildKeys",
    "ChildkeyTake",
    "ChildrenDue",
    "DecayingHotkeyLock",
    "Delegates",
    "FurtherPlaces",
    "HotkeyLock",
    "HotkeyPools",
    "IsNetworkMember",
    "Keys",
    "LastColdkeyHotkeyStakeBlock",
    "LastRateLimitedBlock",
    "Lenders",
    "Lock",
    "LockingColdkeys",
    "NeuronCertificates",
    "OwnedHotkeys",
    "Owner",
    "ParentKeys",
    "PendingChildKeys",
    "PositionCounts",
    "Positions",
    "Prometheus",
    "RootClaimable",
    "RootClaimed",
    "RootDividendRest",
    "RootHoldings",
    "RootKept",
    "StakingHotkeys",
    "SubnetOwnerHotkey",
    "TimelockedWeightCommits",
    "TotalHotkeyAlpha",
    "UidHolders",
    "Uids",
    "WeightCommits",
];

/// Items that hold coldkeys. Whoever adds one adds it to `move_coldkey`, to `fill` and here.
const OF_COLDKEYS: [&str; 24] = [
    "AccountFlags",
    "AutoStakeDestination",
    "AutoStakers",
    "ColdkeySwapAnnouncements",
    "ColdkeySwapDisputes",
    "DecayingLock",
    "IdentitiesV2",
    "LastColdkeyHotkeyStakeBlock",
    "LastRateLimitedBlock",
    "Lock",
    "LockingColdkeys",
    "OwnedHotkeys",
    "Owner",
    "PositionCounts",
    "Positions",
    "RootClaimType",
    "RootClaimed",
    "RootHoldings",
    "RootKept",
    "RootStakerNumber",
    "RootStakers",
    "StakingHotkeys",
    "SubnetOwner",
    "UidHolders",
];

/// Of another pallet: the account itself, which is alive as long as it holds TAO or once staked, and what happened in this block.
const OF_OTHERS: [(&str, &str); 2] = [("System", "Account"), ("System", "Events")];

fn entries() -> Vec<StorageEntryMetadataIR<MetaForm>> {
    SubtensorModule::storage_metadata().entries
}

/// Whether values of a type can hold an account.
fn holds_account(ty: &MetaType, seen: &mut BTreeSet<std::any::TypeId>) -> bool {
    if *ty == meta_type::<AccountId32>() {
        return true;
    }
    if !seen.insert(ty.type_id()) {
        return false;
    }
    let parts: Vec<MetaType> = match ty.type_info().type_def {
        TypeDef::Composite(all) => all.fields.iter().map(|field| field.ty).collect(),
        TypeDef::Variant(all) => {
            let fields = all.variants.iter().flat_map(|variant| &variant.fields);
            fields.map(|field| field.ty).collect()
        }
        TypeDef::Sequence(all) => vec![all.type_param],
        TypeDef::Array(all) => vec![all.type_param],
        TypeDef::Tuple(all) => all.fields,
        TypeDef::Compact(all) => vec![all.type_param],
        TypeDef::Primitive(_) | TypeDef::BitSequence(_) => vec![],
    };
    parts.iter().any(|part| holds_account(part, seen))
}

#[test]
fn every_item_that_can_hold_an_account_is_accounted_for() {
    let found: BTreeSet<&str> = entries()
        .iter()
        .filter(|entry| {
            let types = match &entry.ty {
                StorageEntryTypeIR::Plain(value) => vec![*value],
                StorageEntryTypeIR::Map { key, value, .. } => vec![*key, *value],
            };
            types
                .iter()
                .any(|ty| holds_account(ty, &mut BTreeSet::new()))
        })
        .map(|entry| entry.name)
        .collect();
    assert_eq!(found, OF_HOTKEYS.into_iter().chain(OF_COLDKEYS).collect());
}

/// Every action of a hotkey, or of a coldkey. An action that is added has to be told apart here.
fn actions(account: &AccountId, netuid: NetUid, is_hotkey: bool) -> Vec<RateLimitKey<AccountId>> {
    let all = [
        RateLimitKey::SetSNOwnerHotkey(netuid),
        RateLimitKey::OwnerHyperparamUpdate(netuid, 0),
        RateLimitKey::NetworkLastRegistered,
        RateLimitKey::LastTxBlock(account.clone()),
        RateLimitKey::LastTxBlockChildKeyTake(account.clone()),
        RateLimitKey::LastTxBlockDelegateTake(account.clone()),
        RateLimitKey::AddStakeBurn(netuid),
        RateLimitKey::SetChildren(netuid, account.clone()),
        RateLimitKey::HotkeySwapOnSubnet(netuid, account.clone()),
        RateLimitKey::ChildkeyTake(netuid, account.clone()),
    ];
    let is_of_hotkeys = |key: &RateLimitKey<AccountId>| match key {
        RateLimitKey::SetSNOwnerHotkey(_)
        | RateLimitKey::OwnerHyperparamUpdate(..)
        | RateLimitKey::NetworkLastRegistered
        | RateLimitKey::AddStakeBurn(_) => None,
        RateLimitKey::LastTxBlock(_) | RateLimitKey::HotkeySwapOnSubnet(..) => Some(false),
        RateLimitKey::LastTxBlockChildKeyTake(_)
        | RateLimitKey::LastTxBlockDelegateTake(_)
        | RateLimitKey::SetChildren(..)
        | RateLimitKey::ChildkeyTake(..) => Some(true),
    };
    all.into_iter()
        .filter(|key| is_of_hotkeys(key) == Some(is_hotkey))
        .collect()
}

fn index(netuid: NetUid, mechanism: u8) -> NetUidIndex {
    NetUidIndex::from_parts(netuid, MechId::new(mechanism)).unwrap()
}

/// What a neuron has by its hotkey.
fn fill_neuron(netuid: NetUid, hotkey: &AccountId) {
    publish(netuid, hotkey);
    Notes::insert(netuid, hotkey, 7);
    for mechanism in 0..2 {
        let index = index(netuid, mechanism);
        for epoch in 4..6 {
            let sealed = BoundedVec::truncate_from(vec![1, 2, 3]);
            let commits = [account(2), hotkey.clone(), account(4)]
                .map(|author| (author, 1, sealed.clone(), 9))
                .to_vec();
            let commits = BoundedVec::truncate_from(commits);
            TimelockedWeightCommits::<Test>::insert(index, epoch, commits);
        }
    }
}

/// What is lent to a hotkey, by it, and what is scheduled.
fn fill_lending(netuid: NetUid, hotkey: &AccountId) {
    let (child, third) = (account(41), account(42));
    let list = |part: u64, key: &AccountId| [(part, account(43)), (part, key.clone())];
    lend(netuid, hotkey, &list(1, &child));
    // More parents than everyone can have.
    for number in [40, 44, 45] {
        lend(netuid, &account(number), &list(2, hotkey));
    }
    SubtensorModule::write_childkey_take(hotkey, netuid, 3);
    let set = |part, key| BoundedVec::truncate_from(list(part, key).to_vec());
    SubtensorModule::put_pending_children(hotkey, netuid, set(3, &third), 90);
    SubtensorModule::put_pending_children(&third, netuid, set(4, hotkey), 91);
}

/// What is kept about one coldkey and one hotkey.
fn fill_pair(netuid: NetUid, hotkey: &AccountId, coldkey: &AccountId) {
    AutoStakeDestination::<Test>::insert(coldkey, netuid, hotkey);
    AutoStakers::<Test>::insert(netuid, coldkey, ());
    LastColdkeyHotkeyStakeBlock::<Test>::insert(coldkey, hotkey, 5);
    // Of one subnet they have had something, of the other one something is kept.
    if netuid == NETUID {
        RootClaimed::<Test>::insert((netuid, hotkey, coldkey), 1_000);
    } else {
        RootKept::<Test>::insert((netuid, hotkey, coldkey), AlphaBalance::new(9));
        RootHoldings::<Test>::mutate(coldkey, hotkey, |holding| holding.kept += 1);
    }
    Lock::<Test>::insert((coldkey, netuid, hotkey), lock());
    LockingColdkeys::<Test>::insert((netuid, hotkey, coldkey), ());
    DecayingLock::<Test>::insert(coldkey, netuid, true);
}

fn lock() -> LockState {
    LockState {
        locked_mass: AlphaBalance::new(4),
        conviction: U64F64::ONE,
        last_update: 1,
    }
}

/// Everything that there can be about a hotkey and its coldkey, which owns subnet 2 by that hotkey. Subnet 4 is
/// being cleaned up.
fn fill(hotkey: &AccountId, coldkey: &AccountId) {
    for netuid in [NETUID, NetUid::new(4)] {
        MaxAllowedUids::<Test>::insert(netuid, 128);
        SubtensorModule::change_mechanism_count(netuid, MechId::new(2)).unwrap();
        fill_neuron(netuid, hotkey);
        fill_lending(netuid, hotkey);
        for coldkey in [coldkey, &staker()] {
            fill_pair(netuid, hotkey, coldkey);
        }
        AlphaDividendsPerSubnet::<Test>::insert(netuid, hotkey, AlphaBalance::new(8));
        HotkeyLock::<Test>::insert(netuid, hotkey, lock());
        DecayingHotkeyLock::<Test>::insert(netuid, hotkey, lock());
        RootDividendRest::<Test>::insert(netuid, hotkey, AlphaBalance::new(77));
        for key in actions(hotkey, netuid, true) {
            LastRateLimitedBlock::<Test>::insert(key, 1);
        }
        for key in actions(coldkey, netuid, false) {
            LastRateLimitedBlock::<Test>::insert(key, 1);
        }
    }
    let mut rates = BoundedBTreeMap::new();
    for netuid in [NETUID, NetUid::new(4)] {
        rates
            .try_insert(netuid, dendra_primitives::I96F32::ONE)
            .unwrap();
    }
    let pot = AlphaBalance::new(20 * UNIT);
    RootDividendPot::<Test>::insert(NETUID, pot);
    SubnetAlphaOut::<Test>::mutate(NETUID, |out| *out = out.checked_add(pot).unwrap());
    RootClaimable::<Test>::insert(hotkey, rates);
    Delegates::<Test>::insert(hotkey, 100);
    AutoParentDelegationOff::<Test>::insert(hotkey, ());

    AccountFlags::<Test>::insert(coldkey, 5);
    let identity = ChainIdentityV2 {
        name: b"name".to_vec(),
        ..Default::default()
    };
    IdentitiesV2::<Test>::insert(coldkey, Stored::try_new(identity).unwrap());
    RootClaimType::<Test>::insert(coldkey, Stored::try_new(RootClaimTypeEnum::Keep).unwrap());
    ColdkeySwapAnnouncements::<Test>::insert(coldkey, (5, H256([1; 32])));
    ColdkeySwapDisputes::<Test>::insert(coldkey, 3);

    let last = NetUid::new(4);
    SubtensorModule::root_dissolve_network(RuntimeOrigin::root(), last).unwrap();
}

/// The chain that `fill` fills: the hotkey has a uid on root, 2 and 4, and stake there and on 3.
fn world(hotkey: &AccountId, coldkey: &AccountId) -> ExtBuilder {
    ExtBuilder::new()
        .subnet(2, coldkey.clone(), hotkey.clone())
        .subnet(3, account(3), account(4))
        .subnet(4, account(5), account(6))
        .neuron(0, hotkey.clone(), coldkey.clone())
        .neuron(4, hotkey.clone(), coldkey.clone())
        .stake(0, hotkey.clone(), staker(), 5 * UNIT)
        .stake(0, hotkey.clone(), coldkey.clone(), 3 * UNIT)
        .stake(2, hotkey.clone(), coldkey.clone(), 7 * UNIT)
        .stake(2, hotkey.clone(), staker(), 9 * UNIT)
        .stake(3, hotkey.clone(), staker(), 11 * UNIT)
        .stake(4, hotkey.clone(), coldkey.clone(), 13 * UNIT)
        .stake(4, hotkey.clone(), staker(), 17 * UNIT)
}

type Snapshot = BTreeMap<Vec<u8>, Vec<u8>>;

/// All of storage.
fn snapshot() -> Snapshot {
    let mut all = Snapshot::new();
    let mut key = Vec::new();
    while let Some(next) = sp_io::storage::next_key(&key) {
        let value = sp_io::storage::get(&next).unwrap().to_vec();
        all.insert(next.clone(), value);
        key = next;
    }
    all
}

fn item_prefix(pallet: &str, item: &str) -> Vec<u8> {
    [twox_128(pallet.as_bytes()), twox_128(item.as_bytes())].concat()
}

/// Storage without some items.
fn without(mut all: Snapshot, items: &[(&str, &str)]) -> Snapshot {
    let prefixes: Vec<_> = items
        .iter()
        .map(|(pallet, item)| item_prefix(pallet, item))
        .collect();
    all.retain(|key, _| !prefixes.iter().any(|prefix| key.starts_with(prefix)));
    all
}

fn replace(bytes: &[u8], from: &[u8], to: &[u8]) -> Vec<u8> {
    let mut result = Vec::new();
    let mut rest = bytes;
    while !rest.is_empty() {
        if let Some(after) = rest.strip_prefix(from) {
            result.extend(to);
            rest = after;
        } else {
            result.push(rest[0]);
            rest = &rest[1..];
        }
    }
    result
}

/// Storage with another account in the place of one, hashes of keys included.
fn renamed(all: &Snapshot, from: &AccountId, to: &AccountId) -> Snapshot {
    let raw = |account: &AccountId| account.encode();
    let blake =
        |account: &AccountId| [blake2_128(&account.encode()).to_vec(), raw(account)].concat();
    let twox = |account: &AccountId| [twox_64(&account.encode()).to_vec(), raw(account)].concat();
    all.iter()
        .map(|(key, value)| {
            let mut key = key.clone();
            for form in [&blake as &dyn Fn(&AccountId) -> Vec<u8>, &twox, &raw] {
                key = replace(&key, &form(from), &form(to));
            }
            (key, replace(value, &raw(from), &raw(to)))
        })
        .collect()
}

/// Items of this pallet that hold an account.
fn holders(all: &Snapshot, account: &AccountId) -> BTreeSet<&'static str> {
    let bytes = account.encode();
    let has = |bytes: &[u8], part: &[u8]| bytes.windows(part.len()).any(|window| window == part);
    let found: Vec<&Vec<u8>> = all
        .iter()
        .filter(|(key, value)| has(key, &bytes) || has(value, &bytes))
        .map(|(key, _)| key)
        .collect();
    let own = entries().into_iter().filter(|entry| {
        let prefix = item_prefix("SubtensorModule", entry.name);
        found.iter().any(|key| key.starts_with(&prefix))
    });
    own.map(|entry| entry.name).collect()
}

/// What differs between two states, by the beginning of its key, for a message that can be read.
fn assert_same(found: &Snapshot, expected: &Snapshot) {
    let names: BTreeMap<Vec<u8>, &str> = entries()
        .iter()
        .map(|entry| (item_prefix("SubtensorModule", entry.name), entry.name))
        .collect();
    let name = |key: &Vec<u8>| names.get(key.get(..32).unwrap_or(key)).copied();
    let only = |left: &Snapshot, right: &Snapshot| {
        left.iter()
            .filter(|(key, value)| right.get(*key) != Some(value))
            .map(|(key, value)| (name(key), key.clone(), value.clone()))
            .collect::<Vec<_>>()
    };
    assert_eq!(only(found, expected), only(expected, found));
}

#[test]
fn nothing_of_a_hotkey_stays_and_everything_else_is_as_it_was() {
    world(&old(), &owner()).run(|| {
        fill(&old(), &owner());
        System::set_block_number(2_000);
        let before = snapshot();
        // What is to move is there, or the test would say nothing.
        assert_eq!(holders(&before, &old()), OF_HOTKEYS.into());

        SubtensorModule::swap_hotkey(signed(&owner()), old(), new(), None).unwrap();
        let after = snapshot();
        assert_eq!(holders(&after, &old()), BTreeSet::new());
        let elsewhere = without(after.clone(), &[OF_OTHERS[1]]);
        let has_old = |bytes: &Vec<u8>| bytes.windows(32).any(|part| part == old().encode());
        assert!(
            !elsewhere
                .iter()
                .any(|(key, value)| has_old(key) || has_old(value))
        );

        // The new hotkey is where the old one was, with the same values. What the swap itself did is left out: its
        // cost and when it was.
        let apart = [
            ("System", "Account"),
            ("System", "Events"),
            ("System", "EventCount"),
            ("Balances", "TotalIssuance"),
        ];
        let when = LastRateLimitedBlock::<Test>::hashed_key_for(RateLimitKey::LastTxBlock(owner()));
        let tidy = |mut all: Snapshot| {
            all.remove(&when);
            without(all, &apart)
        };
        assert_same(&tidy(after), &tidy(renamed(&before, &old(), &new())));
        assert!(System::account_exists(&new()));
        assert!(!System::account_exists(&old()));
    });
}

#[test]
fn nothing_of_a_coldkey_stays_and_everything_else_is_as_it_was() {
    world(&old(), &owner()).run(|| {
        fill(&old(), &owner());
        System::set_block_number(2_000);
        let before = snapshot();
        assert_eq!(holders(&before, &owner()), OF_COLDKEYS.into());
        let held = Balances::free_balance(owner());
        let issuance = Balances::total_issuance();

        let successor = many(9);
        swap_coldkey(&owner(), &successor).unwrap();
        let after = snapshot();
        assert_eq!(holders(&after, &owner()), BTreeSet::new());
        let elsewhere = without(after.clone(), &OF_OTHERS);
        let has_old = |bytes: &Vec<u8>| bytes.windows(32).any(|part| part == owner().encode());
        assert!(
            !elsewhere
                .iter()
                .any(|(key, value)| has_old(key) || has_old(value))
        );

        let apart = [
            ("System", "Account"),
            ("System", "Events"),
            ("System", "EventCount"),
            ("SubtensorModule", "ColdkeySwapAnnouncements"),
            ("SubtensorModule", "ColdkeySwapDisputes"),
        ];
        let expected = without(renamed(&before, &owner(), &successor), &apart);
        assert_same(&without(after, &apart), &expected);
        assert_eq!(Balances::free_balance(&successor), held);
        assert_eq!(Balances::total_issuance(), issuance);
        // Who staked keeps an account without TAO, so that no transaction can be repeated.
        assert_eq!(Balances::free_balance(owner()), 0);
        assert_eq!(System::sufficients(&successor), 1);
    });
}

#[test]
fn the_rest_of_a_dissolved_subnet_is_cleaned_up_after_either_swap() {
    world(&old(), &owner()).run(|| {
        fill(&old(), &owner());
        System::set_block_number(2_000);
        SubtensorModule::swap_hotkey(signed(&owner()), old(), new(), None).unwrap();
        swap_coldkey(&owner(), &many(9)).unwrap();
        // No epoch runs meanwhile.
        for netuid in [NETUID, OTHER] {
            Tempo::<Test>::insert(netuid, 0);
        }
        run_to_block(2_002);
        assert!(DissolveCleanupQueue::<Test>::get().is_empty());
        assert!(!TotalHotkeyAlpha::<Test>::contains_key(
            new(),
            NetUid::new(4)
        ));
        assert!(!Uids::<Test>::contains_key(NetUid::new(4), new()));
        // Its holders are paid under the new coldkey.
        assert!(events().iter().any(|event| matches!(
            event,
            Event::HolderPaid { hotkey, coldkey, alpha, .. }
                if *hotkey == new() && *coldkey == many(9) && alpha.get() == 13 * UNIT
        )));
    });
}
