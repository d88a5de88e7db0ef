//! A runtime for tests: the pallet with balances, and chains built step by step.

use codec::{DecodeAll, Encode};
use dendra_primitives::{
    AlphaBalance, MechId, NetUid, NetUidIndex, TaoBalance,
    records::{AxonInfo, NeuronCertificate, PrometheusInfo},
};
use frame_support::{
    BoundedVec, Identity, Twox64Concat, derive_impl, parameter_types,
    traits::{Hooks, fungible::Mutate},
    weights::Weight,
};
use sp_core::H256;
use sp_io::TestExternalities;
use sp_runtime::{BuildStorage, traits::IdentityLookup};
use weighted_pool::{FeeRate, Weights};

use crate::{
    AccountId, Axons, FirstEmissionBlockNumber, NeuronCertificates, PoolSettings, Prometheus,
    SubnetAlphaOut, SubtokenEnabled, WeightCommits, types::MAX_OWNER_UIDS,
};

/// The runtime.
#[frame_support::runtime]
mod runtime {
    #[runtime::runtime]
    #[runtime::derive(
        RuntimeCall,
        RuntimeEvent,
        RuntimeError,
        RuntimeOrigin,
        RuntimeFreezeReason,
        RuntimeHoldReason,
        RuntimeSlashReason,
        RuntimeLockId,
        RuntimeTask,
        RuntimeViewFunction
    )]
    pub struct Test;

    #[runtime::pallet_index(0)]
    pub type System = frame_system::Pallet<Test>;
    #[runtime::pallet_index(5)]
    pub type Balances = pallet_balances::Pallet<Test>;
    #[runtime::pallet_index(7)]
    pub type SubtensorModule = crate::Pallet<Test>;
}

pub(crate) type Block = frame_system::mocking::MockBlock<Test>;

#[derive_impl(frame_system::config_preludes::TestDefaultConfig)]
impl frame_system::Config for Test {
    type AccountId = AccountId;
    type Lookup = IdentityLookup<AccountId>;
    type Hash = H256;
    type Block = Block;
    type AccountData = pallet_balances::AccountData<u64>;
}

#[derive_impl(pallet_balances::config_preludes::TestDefaultConfig)]
impl pallet_balances::Config for Test {
    type Balance = u64;
    type ExistentialDeposit = ExistentialDeposit;
    type AccountStore = System;
}

/// The settings of pools, as another pallet keeps them.
pub struct Settings;

/// Rates that tests set, in 1/65535.
#[frame_support::storage_alias]
pub(crate) type FeeRates = StorageMap<Swap, Twox64Concat, NetUid, u16>;
/// Weights of TAO.
#[frame_support::storage_alias]
pub(crate) type PoolWeights = StorageMap<Swap, Identity, NetUid, u64>;

impl PoolSettings for Settings {
    fn fee_rate(netuid: NetUid) -> FeeRate {
        FeeRates::get(netuid).map_or(FeeRate::DEFAULT, |rate| FeeRate::from_parts(rate).unwrap())
    }

    fn weights(netuid: NetUid) -> Weights {
        PoolWeights::get(netuid).map_or(Weights::EQUAL, |tao| Weights::from_tao(tao).unwrap())
    }

    fn set_weights(netuid: NetUid, weights: Weights) {
        PoolWeights::insert(netuid, weights.tao());
    }

    fn remove(netuid: NetUid) {
        FeeRates::remove(netuid);
        PoolWeights::remove(netuid);
    }
}

parameter_types! {
    pub const ExistentialDeposit: u64 = 500;
    pub storage Author: Option<AccountId> = None;
    pub storage Budget: Weight = Weight::MAX;
}

/// Something that another pallet keeps about neurons.
#[frame_support::storage_alias]
pub(crate) type Notes = StorageDoubleMap<
    Elsewhere,
    frame_support::Identity,
    NetUid,
    frame_support::Identity,
    AccountId,
    u8,
>;

/// Keeps [`Notes`].
pub struct NoteRecords;

impl crate::NeuronRecords for NoteRecords {
    fn forget(netuid: NetUid, hotkey: &AccountId) {
        Notes::remove(netuid, hotkey);
    }

    fn rename(netuid: NetUid, old: &AccountId, new: &AccountId) {
        if let Some(note) = Notes::take(netuid, old) {
            Notes::insert(netuid, new, note);
        }
    }

    fn clear(netuid: NetUid, limit: u32) -> bool {
        let most = limit as usize;
        Notes::drain_prefix(netuid).take(most).count() < most
    }
}

/// Remarks that hold an account and a call act for that account, as a proxy does; those that hold calls only
/// dispatch them for the sender, as a batch does.
pub struct Remarks;

/// A call that acts for another account.
pub(crate) fn acting_for(who: &AccountId, call: impl Into<RuntimeCall>) -> RuntimeCall {
    let remark = (Some(who), Vec::from([call.into()])).encode();
    frame_system::Call::remark { remark }.into()
}

/// A call that dispatches others.
pub(crate) fn batch(calls: Vec<RuntimeCall>) -> RuntimeCall {
    let remark = (None::<AccountId>, calls).encode();
    frame_system::Call::remark { remark }.into()
}

impl crate::NestedCalls<RuntimeCall> for Remarks {
    fn within<'a>(_: &AccountId, call: &'a RuntimeCall) -> crate::Nested<'a, RuntimeCall> {
        let RuntimeCall::System(frame_system::Call::remark { remark }) = call else {
            return Vec::new();
        };
        type Content = (Option<AccountId>, Vec<RuntimeCall>);
        let Ok((who, calls)) = Content::decode_all(&mut remark.as_slice()) else {
            return Vec::new();
        };
        // A few in a test; the real ones are borrowed from the call.
        let calls: &'static [RuntimeCall] = Vec::leak(calls);
        calls.iter().map(|call| (who.clone(), call)).collect()
    }
}

impl crate::Config for Test {
    type Currency = Balances;
    type Pools = Settings;
    type Records = NoteRecords;
    type Nested = Remarks;
    type Author = Author;
    type HookBudget = Budget;
    type InitialStartCallDelay = frame_support::traits::ConstU64<0>;
    type KeySwapCost = frame_support::traits::ConstU64<100_000_000>;
    type WeightInfo = ();
}

/// One TAO, or one alpha, in its smallest unit.
pub(crate) const UNIT: u64 = 1_000_000_000;

/// What each account of a test begins with: 10 million TAO for the richest ones is beyond the supply of a
/// chain with many, so ten thousand.
pub(crate) const RICH: u64 = 10_000 * UNIT;

/// The account with this number; 0 is not used, since it is the zero account.
pub(crate) fn account(number: u8) -> AccountId {
    AccountId::new([number; 32])
}

/// The account with this number, of many.
pub(crate) fn many(number: u32) -> AccountId {
    let mut bytes = [0xaa; 32];
    bytes[..4].copy_from_slice(&number.to_le_bytes());
    AccountId::new(bytes)
}

/// A signed origin.
pub(crate) fn signed(who: &AccountId) -> RuntimeOrigin {
    RuntimeOrigin::signed(who.clone())
}

enum Action {
    Subnet(NetUid, AccountId, AccountId),
    Neuron(NetUid, AccountId, AccountId),
    Stake(NetUid, AccountId, AccountId, u64),
}

/// Builds a chain and runs a test on it. The invariants are checked when it ends.
#[derive(Default)]
pub(crate) struct ExtBuilder {
    actions: Vec<Action>,
    keeps_commit_reveal: bool,
    is_bare: bool,
    does_emit: bool,
}

impl ExtBuilder {
    /// A chain with root and the first subnet; accounts 1 to 200 are rich.
    pub(crate) fn new() -> Self {
        Self::default()
    }

    /// A started subnet with its owner hotkey at uid 0. Subnets are created in order from 2. Weights are
    /// plain, may be set in every block, and 64 neurons may validate. Nothing is issued to it: its first block
    /// of emission never comes, but on a chain that [emits](Self::emits).
    pub(crate) fn subnet(mut self, netuid: u16, owner: AccountId, hotkey: AccountId) -> Self {
        let action = Action::Subnet(NetUid::new(netuid), owner, hotkey);
        self.actions.push(action);
        self
    }

    /// A neuron that is appended without payment.
    pub(crate) fn neuron(mut self, netuid: u16, hotkey: AccountId, coldkey: AccountId) -> Self {
        let action = Action::Neuron(NetUid::new(netuid), hotkey, coldkey);
        self.actions.push(action);
        self
    }

    /// Alpha of a coldkey on a hotkey.
    pub(crate) fn stake(
        mut self,
        netuid: u16,
        hotkey: AccountId,
        coldkey: AccountId,
        alpha: u64,
    ) -> Self {
        let action = Action::Stake(NetUid::new(netuid), hotkey, coldkey, alpha);
        self.actions.push(action);
        self
    }

    /// Leaves commit and reveal on, as subnets are created.
    pub(crate) fn commit_reveal(mut self) -> Self {
        self.keeps_commit_reveal = true;
        self
    }

    /// Subnets are issued alpha from block 2 on, and a part of the TAO.
    pub(crate) fn emits(mut self) -> Self {
        self.does_emit = true;
        self
    }

    /// Without root and the first subnet.
    pub(crate) fn bare(mut self) -> Self {
        self.is_bare = true;
        self
    }

    /// The chain, in block 1.
    pub(crate) fn build(self) -> TestExternalities {
        let mut storage = frame_system::GenesisConfig::<Test>::default()
            .build_storage()
            .unwrap();
        pallet_balances::GenesisConfig::<Test> {
            balances: (1..=200).map(|number| (account(number), RICH)).collect(),
            ..Default::default()
        }
        .assimilate_storage(&mut storage)
        .unwrap();
        crate::GenesisConfig::<Test> {
            network_rate_limit: 0,
            is_bare: self.is_bare,
            ..Default::default()
        }
        .assimilate_storage(&mut storage)
        .unwrap();
        let mut externalities = TestExternalities::new(storage);
        externalities.execute_with(|| {
            System::set_block_number(1);
            for action in self.actions {
                apply(action, self.keeps_commit_reveal, self.does_emit);
            }
            System::reset_events();
        });
        externalities
    }

    /// Runs a test and checks the invariants.
    pub(crate) fn run(self, test: impl FnOnce()) {
        self.build().execute_with(|| {
            test();
            SubtensorModule::do_try_state().unwrap();
        });
    }
}

fn apply(action: Action, keeps_commit_reveal: bool, does_emit: bool) {
    match action {
        Action::Subnet(netuid, owner, hotkey) => {
            crate::NetworkMinLockCost::<Test>::put(TaoBalance::new(1_000 * UNIT));
            crate::NetworkLastLockCost::<Test>::put(TaoBalance::new(1_000 * UNIT));
            crate::NetworkLastCreatedAt::<Test>::kill();
            SubtensorModule::register_network(signed(&owner), hotkey).unwrap();
            assert!(
                SubtensorModule::exists(netuid),
                "subnets are made in order from 2"
            );
            FirstEmissionBlockNumber::<Test>::insert(netuid, if does_emit { 2 } else { u64::MAX });
            crate::SubnetEmissionEnabled::<Test>::insert(netuid, does_emit);
            SubtokenEnabled::<Test>::insert(netuid, true);
            if !keeps_commit_reveal {
                crate::CommitRevealWeightsEnabled::<Test>::insert(netuid, false);
            }
            crate::WeightsSetRateLimit::<Test>::insert(netuid, 0);
            crate::MaxAllowedUids::<Test>::insert(netuid, MAX_OWNER_UIDS);
        }
        Action::Neuron(netuid, hotkey, coldkey) => {
            SubtensorModule::associate(&coldkey, &hotkey).unwrap();
            SubtensorModule::append_neuron(netuid, &hotkey).unwrap();
        }
        Action::Stake(netuid, hotkey, coldkey, alpha) => {
            give_stake(netuid, &hotkey, &coldkey, alpha);
        }
    }
}

/// Stake out of nothing, counted as issued. On root it is TAO, minted into the account of root.
pub(crate) fn give_stake(netuid: NetUid, hotkey: &AccountId, coldkey: &AccountId, alpha: u64) {
    SubtensorModule::associate(coldkey, hotkey).unwrap();
    let amount = AlphaBalance::new(alpha);
    if netuid.is_root() {
        let account = SubtensorModule::subnet_account(netuid);
        Balances::mint_into(&account, alpha).unwrap();
        SubtensorModule::grow(netuid, TaoBalance::new(alpha)).unwrap();
    }
    SubnetAlphaOut::<Test>::mutate(netuid, |out| *out = out.checked_add(amount).unwrap());
    SubtensorModule::deposit(hotkey, coldkey, netuid, amount).unwrap();
}

/// Alpha for all who stake on a hotkey, which is in `SubnetAlphaOut` already.
pub(crate) fn reward(
    hotkey: &AccountId,
    netuid: NetUid,
    alpha: AlphaBalance,
) -> sp_runtime::DispatchResult {
    SubtensorModule::reward_uncounted(hotkey, netuid, alpha)?;
    SubtensorModule::count_staked(netuid, alpha)
}

/// Pays alpha of an epoch to the root stakers of a hotkey; what was paid.
pub(crate) fn pay_root_dividend(
    netuid: NetUid,
    hotkey: &AccountId,
    alpha: AlphaBalance,
) -> AlphaBalance {
    let mut purse = crate::payout::Purse::new(netuid, alpha);
    let paid = SubtensorModule::pay_root_dividend(&mut purse, hotkey, alpha).unwrap();
    let left = purse.close::<Test>().unwrap();
    assert_eq!(paid.checked_add(left), Some(alpha));
    paid
}

/// Lets a neuron have registered in another block.
pub(crate) fn set_registered(netuid: NetUid, uid: u16, block: u64) {
    let hotkey = crate::Keys::<Test>::get(netuid, uid);
    SubtensorModule::write_holder(netuid, uid, &hotkey, block).unwrap();
}

/// Makes these the children of a hotkey, at once.
pub(crate) fn lend(netuid: NetUid, parent: &AccountId, children: &[(u64, AccountId)]) {
    let children = children.to_vec().try_into().unwrap();
    SubtensorModule::write_children(parent, netuid, children, crate::delegation::Places::Free)
        .unwrap();
}

/// Puts amounts that the next epoch divides.
pub(crate) fn give_pending(netuid: NetUid, server: u64, validator: u64) {
    let all = AlphaBalance::new(server + validator);
    SubnetAlphaOut::<Test>::mutate(netuid, |out| *out = out.checked_add(all).unwrap());
    crate::PendingEmissions::<Test>::mutate(netuid, |pending| {
        pending.server = pending
            .server
            .checked_add(AlphaBalance::new(server))
            .unwrap();
        pending.validator = pending
            .validator
            .checked_add(AlphaBalance::new(validator))
            .unwrap();
    });
}

/// Begins and ends blocks until this one has begun. The invariants are checked after each.
pub(crate) fn run_to_block(number: u64) {
    while System::block_number() < number {
        SubtensorModule::on_finalize(System::block_number());
        System::set_block_number(System::block_number() + 1);
        SubtensorModule::on_initialize(System::block_number());
        SubtensorModule::do_try_state().unwrap();
    }
}

/// The events of the pallet so far, but for what each block says about the TAO that it issues.
pub(crate) fn events() -> Vec<crate::Event<Test>> {
    System::events()
        .into_iter()
        .filter_map(|record| match record.event {
            RuntimeEvent::SubtensorModule(
                crate::Event::TaoEmitted { .. } | crate::Event::EmissionRecycled(_),
            ) => None,
            RuntimeEvent::SubtensorModule(event) => Some(event),
            _ => None,
        })
        .collect()
}

/// Some endpoint.
pub(crate) fn endpoint() -> AxonInfo {
    AxonInfo {
        block: 1,
        version: 1,
        ip: 1,
        port: 1,
        ip_type: 4,
        protocol: 4,
        placeholder1: 0,
        placeholder2: 0,
    }
}

/// Gives a hotkey all that a neuron can publish about itself: endpoints, a certificate, and a commit on each of two
/// mechanisms.
pub(crate) fn publish(netuid: NetUid, hotkey: &AccountId) {
    Axons::<Test>::insert(netuid, hotkey, endpoint());
    let info = PrometheusInfo {
        block: 1,
        version: 1,
        ip: 1,
        port: 1,
        ip_type: 4,
    };
    Prometheus::<Test>::insert(netuid, hotkey, info);
    let certificate = NeuronCertificate::from_bytes(&[1, 2, 3]).unwrap();
    NeuronCertificates::<Test>::insert(netuid, hotkey, certificate);
    for mechanism in 0..2 {
        let index = NetUidIndex::from_parts(netuid, MechId::new(mechanism)).unwrap();
        let commits = BoundedVec::truncate_from(vec![(H256([7; 32]), 1, 1, 0)]);
        WeightCommits::<Test>::insert(index, hotkey, commits);
    }
}
