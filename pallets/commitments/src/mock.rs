//! A runtime with subnets that exist only as lists of members.

use std::collections::{BTreeMap, BTreeSet};

use codec::Encode;
use dendra_primitives::NetUid;
use frame_support::{
    assert_ok, construct_runtime, derive_impl, parameter_types, traits::Hooks, weights::Weight,
};
use frame_system::EnsureRoot;
use sp_io::TestExternalities;
use sp_runtime::{AccountId32, traits::IdentityLookup};

use crate as pallet_commitments;
use crate::{
    BondReset, Subnets,
    types::{CommitmentInfo, Data},
};

type Block = frame_system::mocking::MockBlock<Test>;

construct_runtime!(
    pub enum Test {
        System: frame_system,
        Commitments: pallet_commitments,
    }
);

#[derive_impl(frame_system::config_preludes::TestDefaultConfig)]
impl frame_system::Config for Test {
    type Block = Block;
    type AccountId = AccountId32;
    type Lookup = IdentityLookup<AccountId32>;
}

parameter_types! {
    pub static MaxFields: u32 = 3;
    pub(crate) static Members: BTreeSet<(NetUid, AccountId32)> = BTreeSet::new();
    pub(crate) static Epochs: BTreeMap<NetUid, u64> = BTreeMap::new();
    pub(crate) static ResetOn: bool = true;
    pub(crate) static Resets: Vec<(NetUid, AccountId32)> = Vec::new();
}

/// Cost of a bond reset that took place, and the most that any costs.
pub(crate) const RESET_COST: Weight = Weight::from_parts(70_000, 0);
pub(crate) const GREATEST_RESET_COST: Weight = Weight::from_parts(900_000, 0);
/// Cost of finding out that a subnet does not reset bonds.
pub(crate) const REFUSAL_COST: Weight = Weight::from_parts(50, 0);

/// Members, epochs and bond resets as the tests set and read them.
pub struct Lists;

impl Subnets<AccountId32> for Lists {
    fn is_member(netuid: NetUid, hotkey: &AccountId32) -> bool {
        Members::get().contains(&(netuid, hotkey.clone()))
    }

    fn epoch_index(netuid: NetUid) -> u64 {
        Epochs::get().get(&netuid).copied().unwrap_or_default()
    }

    fn reset_bonds(netuid: NetUid, hotkey: &AccountId32) -> BondReset {
        if !ResetOn::get() {
            return BondReset {
                took_place: false,
                cost: REFUSAL_COST,
            };
        }
        Resets::mutate(|resets| resets.push((netuid, hotkey.clone())));
        BondReset {
            took_place: true,
            cost: RESET_COST,
        }
    }

    fn greatest_reset_weight() -> Weight {
        GREATEST_RESET_COST
    }

    #[cfg(feature = "runtime-benchmarks")]
    fn add_member(netuid: NetUid, hotkey: &AccountId32) {
        join(netuid, hotkey);
    }
}

impl crate::Config for Test {
    type Subnets = Lists;
    type AdminOrigin = EnsureRoot<AccountId32>;
    type MaxFields = MaxFields;
    type WeightInfo = ();
}

pub(crate) const ALICE: AccountId32 = AccountId32::new([0xa1; 32]);
pub(crate) const BOB: AccountId32 = AccountId32::new([0xb0; 32]);
pub(crate) const FIRST: NetUid = NetUid::new(1);
pub(crate) const SECOND: NetUid = NetUid::new(2);

/// A hotkey that no other number gives.
pub(crate) fn hotkey(number: u32) -> AccountId32 {
    let mut bytes = [0xcc; 32];
    bytes[..4].copy_from_slice(&number.to_be_bytes());
    AccountId32::new(bytes)
}

pub(crate) fn join(netuid: NetUid, hotkey: &AccountId32) {
    Members::mutate(|members| members.insert((netuid, hotkey.clone())));
}

pub(crate) fn set_epoch(netuid: NetUid, epoch: u64) {
    Epochs::mutate(|epochs| epochs.insert(netuid, epoch));
}

pub(crate) fn raw(content: &[u8]) -> Data {
    Data::Raw(content.to_vec().try_into().expect("at most 128 bytes"))
}

pub(crate) fn big_raw(bytes: usize) -> Data {
    Data::BigRaw(vec![7; bytes].try_into().expect("at most 512 bytes"))
}

pub(crate) fn encrypted(bytes: usize, reveal_round: u64) -> Data {
    Data::TimelockEncrypted {
        encrypted: vec![9; bytes].try_into().expect("at most 1024 bytes"),
        reveal_round,
    }
}

pub(crate) fn info<const N: usize>(fields: [Data; N]) -> CommitmentInfo {
    CommitmentInfo {
        fields: fields.to_vec().try_into().expect("at most three fields"),
    }
}

/// Keys and values under the pallet's prefix that mention the account.
pub(crate) fn mentions(account: &AccountId32) -> usize {
    let prefix = sp_io::hashing::twox_128(b"Commitments");
    let account = account.encode();
    let mentioned = |bytes: &[u8]| bytes.windows(account.len()).any(|part| part == account);
    let mut count = 0;
    let mut key = prefix.to_vec();
    while let Some(next) = sp_io::storage::next_key(&key).filter(|key| key.starts_with(&prefix)) {
        let value = sp_io::storage::get(&next).expect("the key was listed");
        count += usize::from(mentioned(&next)) + usize::from(mentioned(&value));
        key = next;
    }
    count
}

pub(crate) fn new_test_ext() -> TestExternalities {
    MaxFields::set(3);
    ResetOn::set(true);
    Members::set([(FIRST, ALICE), (FIRST, BOB), (SECOND, ALICE)].into());
    Epochs::set(BTreeMap::new());
    Resets::set(Vec::new());
    let mut externalities = TestExternalities::default();
    externalities.execute_with(|| System::set_block_number(5));
    externalities
}

/// Runs the test on a chain at block 5, then checks the invariants.
pub(crate) fn run(test: impl FnOnce()) {
    new_test_ext().execute_with(|| {
        <Commitments as Hooks<u64>>::integrity_test();
        test();
        assert_ok!(Commitments::do_try_state());
    });
}
