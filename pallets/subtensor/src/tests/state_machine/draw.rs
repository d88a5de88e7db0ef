//! Arguments of calls: mostly such as make sense now, sometimes hostile ones.

use dendra_primitives::{MechId, NetUid};

use super::{honest, rng::Rng};
use crate::{
    AccountId, DissolveCleanupQueue, Keys, MechanismCountCurrent, SubnetList, SubnetOwner,
    SubnetworkN, ValidatorPermit,
    mock::{SubtensorModule, Test, account, many},
};

/// Coldkeys of the random accounts: 1 to this.
pub(super) const COLDKEYS: u8 = 40;
/// Their hotkeys.
pub(super) const HOTKEYS: u32 = 60;

pub(super) fn coldkey(rng: &mut Rng) -> AccountId {
    account(rng.within(1, COLDKEYS.into()) as u8)
}

/// A hotkey: most often one of a small number, sometimes an account that should not be one.
pub(super) fn hotkey(rng: &mut Rng) -> AccountId {
    match rng.below(40) {
        0 => AccountId::new([0; 32]),
        1 => SubtensorModule::subnet_account(NetUid::new(rng.below(8) as u16)),
        2 => coldkey(rng),
        3 => many(rng.next() as u32),
        4 => rng.pick(&honest::accounts()).clone(),
        _ => many(rng.below(HOTKEYS.into()) as u32),
    }
}

/// A signer who is not one of the honest ones.
pub(super) fn stranger(rng: &mut Rng) -> AccountId {
    if rng.chance(70) {
        coldkey(rng)
    } else {
        many(rng.below(HOTKEYS.into()) as u32)
    }
}

/// A subnet: most often an existing one.
pub(super) fn netuid(rng: &mut Rng) -> NetUid {
    let existing = SubnetList::<Test>::get();
    let closing = DissolveCleanupQueue::<Test>::get();
    match rng.below(20) {
        0 => NetUid::new(rng.hostile_u16()),
        1 | 2 if !closing.is_empty() => *rng.pick(&closing),
        _ => *rng.pick(&existing),
    }
}

/// An existing subnet that random accounts may own.
pub(super) fn open_netuid(rng: &mut Rng) -> Option<NetUid> {
    let open: Vec<NetUid> = SubnetList::<Test>::get()
        .into_iter()
        .filter(|netuid| !netuid.is_root() && *netuid != honest::NETUID)
        .collect();
    (!open.is_empty()).then(|| *rng.pick(&open))
}

/// The owner of a subnet, or somebody; never one of the honest accounts.
pub(super) fn owner_or_stranger(rng: &mut Rng, netuid: NetUid) -> AccountId {
    let owner = SubnetOwner::<Test>::get(netuid);
    let is_theirs = owner != AccountId::new([0; 32]) && !honest::accounts().contains(&owner);
    if is_theirs && rng.chance(85) {
        owner
    } else {
        stranger(rng)
    }
}

/// A hotkey that may say something on a subnet: one with a permit, one with a uid, or anyone.
pub(super) fn speaker(rng: &mut Rng, netuid: NetUid) -> AccountId {
    let permits = ValidatorPermit::<Test>::get(netuid);
    let neurons = SubnetworkN::<Test>::get(netuid);
    let allowed: Vec<u16> = (0..neurons)
        .filter(|uid| permits.get(usize::from(*uid)) == Some(&true))
        .collect();
    let uid = match rng.below(10) {
        0 => None,
        1 | 2 if neurons > 0 => Some(rng.below(neurons.into()) as u16),
        _ if !allowed.is_empty() => Some(*rng.pick(&allowed)),
        _ => None,
    };
    uid.map(|uid| Keys::<Test>::get(netuid, uid))
        .filter(|hotkey| !honest::accounts().contains(hotkey))
        .filter(|hotkey| *hotkey != AccountId::new([0; 32]))
        .unwrap_or_else(|| stranger(rng))
}

/// A mechanism, most often one that exists.
pub(super) fn mechanism(rng: &mut Rng, netuid: NetUid) -> MechId {
    let count = MechanismCountCurrent::<Test>::get(netuid).get().max(1);
    if rng.chance(5) {
        MechId::new(rng.hostile() as u8)
    } else {
        MechId::new(rng.below(count.into()) as u8)
    }
}

/// A row of weights: targets and values.
pub(super) fn row(rng: &mut Rng, netuid: NetUid) -> (Vec<u16>, Vec<u16>) {
    let neurons = SubnetworkN::<Test>::get(netuid);
    if rng.chance(15) {
        return hostile_row(rng, neurons);
    }
    let mut uids: Vec<u16> = (0..neurons).collect();
    for place in (1..uids.len()).rev() {
        uids.swap(place, rng.below(place as u64 + 1) as usize);
    }
    let length = match rng.below(4) {
        0 => uids.len(),
        _ => rng.below(u64::from(neurons) + 1) as usize,
    };
    uids.truncate(length);
    let values = uids
        .iter()
        .map(|_| match rng.below(6) {
            0 => 0,
            1 => rng.hostile_u16(),
            _ => rng.below(1_000) as u16,
        })
        .collect();
    (uids, values)
}

fn hostile_row(rng: &mut Rng, neurons: u16) -> (Vec<u16>, Vec<u16>) {
    let length = *rng.pick(&[0, 1, 2, u64::from(neurons), u64::from(neurons) + 1, 300]);
    let uids: Vec<u16> = match rng.below(3) {
        0 => (0..length).map(|_| rng.hostile_u16()).collect(),
        1 => (0..length).map(|_| 0).collect(),
        _ => (0..length as u16).collect(),
    };
    let others = if rng.chance(30) { length + 1 } else { length };
    (uids, (0..others).map(|_| rng.hostile_u16()).collect())
}

/// An endpoint: address, port, type of the address.
pub(super) fn endpoint(rng: &mut Rng) -> (u128, u16, u8) {
    match rng.below(4) {
        0 => (
            u128::from(rng.hostile()) << rng.below(65),
            rng.hostile_u16(),
            rng.below(8) as u8,
        ),
        1 => (u128::MAX >> 8, 9_000, 6),
        _ => (0x0808_0808, 8_091, 4),
    }
}
