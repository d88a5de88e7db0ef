//! Chains on which the benchmarks run.

use alloc::{vec, vec::Vec};

use dendra_primitives::{AlphaBalance, MechId, NetUid, TaoBalance, records::AxonInfo};
use frame_benchmarking::account;
use frame_support::traits::fungible::Mutate;

use crate::{
    delegation::Places,
    types::{Children, CleanupStep, PendingEmission, Row, Settlement},
    weights::Reveal,
    *,
};

/// TAO of a rich account: a million.
pub(super) const RICH: u64 = 1_000_000_000_000_000;
/// The most weights of a row on an ordinary subnet.
pub(super) const UIDS: u32 = 256;

pub(super) fn coldkey(number: u32) -> AccountId {
    account("coldkey", number, 0)
}

pub(super) fn hotkey(number: u32) -> AccountId {
    account("hotkey", number, 0)
}

pub(super) fn rich<T: Config>(number: u32) -> AccountId {
    rich_with::<T>(number, RICH)
}

/// A coldkey with so much TAO.
pub(super) fn rich_with<T: Config>(number: u32, rao: u64) -> AccountId {
    let coldkey = coldkey(number);
    T::Currency::mint_into(&coldkey, rao).expect("the supply has room");
    coldkey
}

pub(super) fn set_block<T: Config>(number: u32) {
    frame_system::Pallet::<T>::set_block_number(number.into());
}

/// A started subnet with a pool and `neurons` neurons; the first is the owner's. Each has an axon, and
/// stake of its own, less for later ones.
pub(super) fn subnet<T: Config>(neurons: u32) -> NetUid {
    let owner = coldkey(0);
    Pallet::<T>::associate(&owner, &hotkey(0)).expect("there is room for a hotkey");
    let netuid = Pallet::<T>::free_netuid().expect("there is room for a subnet");
    Pallet::<T>::open_subnet(netuid, &owner, &hotkey(0), 360).expect("the netuid is free");
    let tao = TaoBalance::new(RICH);
    T::Currency::mint_into(&Pallet::<T>::subnet_account(netuid), RICH)
        .expect("the supply has room");
    Pallet::<T>::fill_pool(netuid, tao, AlphaBalance::new(RICH)).expect("the pool is empty");
    FirstEmissionBlockNumber::<T>::insert(netuid, 1);
    SubtokenEnabled::<T>::insert(netuid, true);
    CommitRevealWeightsEnabled::<T>::insert(netuid, false);
    WeightsSetRateLimit::<T>::insert(netuid, 0);
    MaxAllowedUids::<T>::insert(netuid, neurons.max(UIDS) as u16);
    for number in 0..neurons {
        let (coldkey, hotkey) = (coldkey(number), hotkey(number));
        Pallet::<T>::associate(&coldkey, &hotkey).expect("there is room for a hotkey");
        Pallet::<T>::append_neuron(netuid, &hotkey).expect("there is room for a neuron");
        Axons::<T>::insert(netuid, &hotkey, axon());
        let alpha = AlphaBalance::new(1_000_000_000 * u64::from(neurons - number));
        SubnetAlphaOut::<T>::mutate(netuid, |out| *out = out.saturating_add(alpha));
        Pallet::<T>::deposit(&hotkey, &coldkey, netuid, alpha).expect("the position is new");
    }
    netuid
}

pub(super) fn axon() -> AxonInfo {
    AxonInfo {
        block: 0,
        version: 1,
        ip: 0x0808_0808,
        port: 8_091,
        ip_type: 4,
        protocol: 4,
        placeholder1: 0,
        placeholder2: 0,
    }
}

/// Permits for the first `validators` neurons, with full rows of weights and bonds toward all, shuffled.
pub(super) fn validators<T: Config>(netuid: NetUid, validators: u32) {
    let neurons = u32::from(SubnetworkN::<T>::get(netuid));
    MaxAllowedValidators::<T>::insert(netuid, validators as u16);
    ValidatorPermit::<T>::mutate(netuid, |permits| {
        for permit in permits.iter_mut().take(validators as usize) {
            *permit = true;
        }
    });
    for index in Pallet::<T>::mechanisms(netuid) {
        for uid in 0..validators {
            let row = |salt: u32| -> Row {
                let pairs: Vec<(u16, u16)> = (0..neurons)
                    .map(|place| {
                        let target = (place * 37 + uid) % neurons;
                        let value = (target * 7_919 + uid * salt) % 65_535 + 1;
                        (target as u16, value as u16)
                    })
                    .collect();
                Row::truncate_from(pairs)
            };
            Weights::<T>::insert(index, uid as u16, row(104_729));
            Bonds::<T>::insert(index, uid as u16, row(1_299_709));
        }
        LastUpdate::<T>::mutate(index, |column| {
            column.iter_mut().for_each(|block| *block = 5)
        });
        WeightsFrom::<T>::mutate(index, |column| {
            column.iter_mut().for_each(|block| *block = 5)
        });
    }
    for uid in 0..neurons as u16 {
        let hotkey = Keys::<T>::get(netuid, uid);
        Pallet::<T>::write_holder(netuid, uid, &hotkey, 1).expect("the uid is taken");
    }
    LastMechansimStepBlock::<T>::insert(netuid, 4);
    let pending = AlphaBalance::new(100_000_000_000);
    PendingEmissions::<T>::insert(
        netuid,
        PendingEmission {
            server: pending,
            validator: pending,
            root: AlphaBalance::ZERO,
            owner: pending,
        },
    );
    SubnetAlphaOut::<T>::mutate(netuid, |out| {
        *out = out.saturating_add(AlphaBalance::new(300_000_000_000));
    });
}

/// Strangers who lend all their stake to the first `borrowers` neurons, and are paid for it by delegators of
/// their own.
pub(super) fn lenders<T: Config>(netuid: NetUid, count: u32, borrowers: u32) {
    for number in 0..count {
        let (coldkey, hotkey) = (coldkey(100_000 + number), hotkey(100_000 + number));
        Pallet::<T>::associate(&coldkey, &hotkey).expect("there is room for a hotkey");
        let alpha = AlphaBalance::new(1_000_000_000);
        SubnetAlphaOut::<T>::mutate(netuid, |out| *out = out.saturating_add(alpha));
        Pallet::<T>::deposit(&hotkey, &coldkey, netuid, alpha).expect("the position is new");
        let child = self::hotkey(number % borrowers.max(1));
        let children = Children::truncate_from(vec![(u64::MAX, child)]);
        Pallet::<T>::write_children(&hotkey, netuid, children, Places::Free)
            .expect("there is a place");
    }
}

/// All neurons of a full subnet beyond their immunity, each with something earned.
pub(super) fn make_replaceable<T: Config>(netuid: NetUid) {
    ImmunityPeriod::<T>::insert(netuid, 0);
    Emission::<T>::mutate(netuid, |column| {
        for (amount, place) in column.iter_mut().zip(1_u64..) {
            *amount = AlphaBalance::new(place);
        }
    });
}

pub(super) fn row(length: u32) -> (Vec<u16>, Vec<u16>) {
    let uids: Vec<u16> = (0..length).rev().map(|uid| uid as u16).collect();
    let values = uids.iter().map(|uid| uid + 1).collect();
    (uids, values)
}

pub(super) fn reveal(length: u32, salt: u16) -> Reveal {
    let (uids, values) = row(length);
    Reveal {
        uids,
        values,
        salt: vec![salt; 256],
        version_key: 0,
    }
}

/// A committed reveal whose time has come.
pub(super) fn commit<T: Config>(netuid: NetUid, reveal: &Reveal) {
    let index = Pallet::<T>::mechanism(netuid, MechId::new(0)).expect("the subnet exists");
    let who = hotkey(0);
    CommitRevealWeightsEnabled::<T>::insert(netuid, true);
    RevealPeriodEpochs::<T>::insert(netuid, 1);
    SubnetEpochIndex::<T>::insert(netuid, 1);
    LastEpochBlock::<T>::insert(netuid, Pallet::<T>::block());
    let hash = reveal.hash(&who, index).expect("the list is short");
    WeightCommits::<T>::mutate(index, &who, |queue| {
        queue
            .get_or_insert_default()
            .try_push((hash, 0, 2, 0))
            .expect("the queue has room");
    });
}

pub(super) fn long(length: usize) -> Vec<u8> {
    vec![b'x'; length]
}

/// As many started subnets of `neurons` neurons, with `permits` full rows each.
pub(super) fn network<T: Config>(subnets: u32, neurons: u32, permits: u32) -> Vec<NetUid> {
    SubnetLimit::<T>::put(u16::MAX);
    (0..subnets)
        .map(|_| {
            let netuid = subnet::<T>(neurons);
            if permits > 0 {
                validators::<T>(netuid, permits);
            }
            netuid
        })
        .collect()
}

/// As many existing subnets without neurons, for the steps that only look at each.
pub(super) fn open_subnets<T: Config>(count: u32) {
    for _ in 0..count {
        let netuid = Pallet::<T>::free_netuid().expect("there is room for a subnet");
        Pallet::<T>::open_subnet(netuid, &coldkey(0), &hotkey(0), 360).expect("the netuid is free");
        Burn::<T>::insert(netuid, TaoBalance::new(1_000_000_000));
    }
}

/// As many started subnets without neurons that take part in the emission of TAO. Their moving prices sum to more
/// than one, and the cap of what is injected binds.
pub(super) fn emitting_subnets<T: Config>(count: u32) {
    SubnetLimit::<T>::put(u16::MAX);
    set_block::<T>(1_000_000);
    stake::<T>(NetUid::ROOT, &hotkey(0), &coldkey(0), RICH / 10);
    for number in 0..count {
        let netuid = Pallet::<T>::free_netuid().expect("there is room for a subnet");
        Pallet::<T>::open_subnet(netuid, &coldkey(0), &hotkey(0), 360).expect("the netuid is free");
        let reserve = 10_000_000_000_000 + u64::from(number);
        T::Currency::mint_into(&Pallet::<T>::subnet_account(netuid), reserve)
            .expect("the supply has room");
        let alpha = AlphaBalance::new(reserve * 3);
        Pallet::<T>::fill_pool(netuid, TaoBalance::new(reserve), alpha).expect("the pool is empty");
        unequal::<T>(netuid);
        FirstEmissionBlockNumber::<T>::insert(netuid, 1);
        SubtokenEnabled::<T>::insert(netuid, true);
        SubnetEmissionEnabled::<T>::insert(netuid, true);
        let price = dendra_primitives::MovingPrice::from_bits((1 << 94) + u128::from(number));
        Pallet::<T>::put_moving_price(netuid, price.expect("it is below one"));
        SubnetAlphaOut::<T>::insert(netuid, AlphaBalance::new(reserve));
        SubnetResidual::<T>::insert(netuid, AlphaBalance::new(reserve));
    }
}

/// Weights of a pool for which powers have to be computed.
pub(super) fn unequal<T: Config>(netuid: NetUid) {
    let weights = weighted_pool::Weights::from_tao(600_000_000_000_000_777);
    T::Pools::set_weights(
        netuid,
        weights.expect("the weight is between 0.01 and 0.99"),
    );
}

/// Stake out of nothing, counted as issued; on root it is TAO, minted into the account of root.
pub(super) fn stake<T: Config>(
    netuid: NetUid,
    hotkey: &AccountId,
    coldkey: &AccountId,
    amount: u64,
) {
    if netuid.is_root() {
        T::Currency::mint_into(&Pallet::<T>::subnet_account(netuid), amount)
            .expect("the supply has room");
        Pallet::<T>::grow(netuid, TaoBalance::new(amount)).expect("the supply has room");
    }
    let alpha = AlphaBalance::new(amount);
    SubnetAlphaOut::<T>::mutate(netuid, |out| *out = out.saturating_add(alpha));
    Pallet::<T>::deposit(hotkey, coldkey, netuid, alpha).expect("the position has room");
}

/// Root dividends of a hotkey on these subnets.
pub(super) fn pay_root<T: Config>(netuids: &[NetUid], hotkey: &AccountId, amount: u64) {
    for netuid in netuids {
        let alpha = AlphaBalance::new(amount);
        SubnetAlphaOut::<T>::mutate(netuid, |out| *out = out.saturating_add(alpha));
        let mut purse = payout::Purse::new(*netuid, alpha);
        Pallet::<T>::pay_root_dividend(&mut purse, hotkey, alpha)
            .map_err(|_| "refused")
            .expect("there is root stake");
        purse.close::<T>().expect("all was paid");
    }
}

/// A coldkey that stakes on all but one of the hotkeys on which it may.
pub(super) fn busy<T: Config>(coldkey: &AccountId) {
    let others: Vec<AccountId> = (1..types::MAX_STAKING_HOTKEYS)
        .map(|number| account("elsewhere", number, 0))
        .collect();
    StakingHotkeys::<T>::insert(coldkey, frame_support::BoundedVec::truncate_from(others));
}

/// The settlement of a subnet that was dissolved, at one of its steps.
pub(super) fn settlement<T: Config>(netuid: NetUid, step: CleanupStep) -> Settlement {
    DissolveCleanupQueue::<T>::put(frame_support::BoundedVec::truncate_from(vec![netuid]));
    Pallet::<T>::remove_from_list(netuid);
    Settlement {
        netuid,
        step,
        pot: SubnetTAO::<T>::get(netuid),
        weight: TotalAlphaStaked::<T>::get(netuid),
        served: AlphaBalance::ZERO,
        paid: TaoBalance::ZERO,
        next: 0,
    }
}

impl<T: Config> Pallet<T> {
    /// Makes a hotkey a member of a subnet, which is created where it does not exist, for the benchmarks of
    /// pallets that keep something about neurons.
    pub fn add_benchmark_member(netuid: NetUid, hotkey: &AccountId) {
        let owner = coldkey(0);
        if !Self::exists(netuid) {
            let owner_hotkey: AccountId = account("owner hotkey", 0, 0);
            Self::associate(&owner, &owner_hotkey).expect("the accounts are new");
            Self::open_subnet(netuid, &owner, &owner_hotkey, 360).expect("the netuid is free");
        }
        Self::associate(&owner, hotkey).expect("there is room for a hotkey");
        Self::append_neuron(netuid, hotkey).expect("there is room for the neuron");
    }
}
