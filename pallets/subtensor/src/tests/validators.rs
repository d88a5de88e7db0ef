//! A subnet of validators and miners whose epochs run when a test says so.

use dendra_primitives::{AlphaBalance, MechId, NetUid, NetUidIndex};
use sp_runtime::DispatchResult;

use crate::{
    AccountId, Bonds, Incentive, LastEpochBlock, PendingEpochAt, SubnetAlphaOut, SubnetOwnerHotkey,
    SubnetworkN, Tempo, Weights,
    mock::{
        ExtBuilder, SubtensorModule, System, Test, account, give_pending, give_stake, many,
        run_to_block, signed,
    },
    types::Row,
};

/// The subnet of these tests.
pub(super) const SUBNET: NetUid = NetUid::new(2);

/// Its mechanism 0.
pub(super) const INDEX: NetUidIndex = NetUidIndex::new(2);

/// The index of one of its mechanisms.
pub(super) fn index(mechanism: u8) -> NetUidIndex {
    NetUidIndex::from_parts(SUBNET, MechId::new(mechanism)).unwrap()
}

/// The hotkey that is given a uid; 0 is the owner's.
pub(super) fn hotkey(uid: u16) -> AccountId {
    many(u32::from(uid))
}

/// The coldkey of a hotkey.
pub(super) fn coldkey(uid: u16) -> AccountId {
    match uid {
        0 => account(1),
        other => many(10_000 + u32::from(other)),
    }
}

/// A subnet with a neuron for each stake.
pub(super) fn subnet_of(stakes: &[u64]) -> ExtBuilder {
    let builder = ExtBuilder::new().subnet(2, coldkey(0), hotkey(0));
    let builder = (1..stakes.len() as u16).fold(builder, |builder, uid| {
        builder.neuron(2, hotkey(uid), coldkey(uid))
    });
    (0..)
        .zip(stakes)
        .filter(|(_, stake)| **stake > 0)
        .fold(builder, |builder, (uid, stake)| {
            builder.stake(2, hotkey(uid), coldkey(uid), *stake)
        })
}

/// Makes the owner hotkey one that has no uid.
pub(super) fn without_owner_uid() {
    SubnetOwnerHotkey::<Test>::insert(SUBNET, account(222));
}

/// Sets weights of mechanism 0.
pub(super) fn set(uid: u16, uids: &[u16], values: &[u16]) -> DispatchResult {
    set_on(0, uid, uids, values)
}

/// Sets weights of a mechanism.
pub(super) fn set_on(mechanism: u8, uid: u16, uids: &[u16], values: &[u16]) -> DispatchResult {
    SubtensorModule::set_mechanism_weights(
        signed(&hotkey(uid)),
        SUBNET,
        MechId::new(mechanism),
        uids.to_vec(),
        values.to_vec(),
        0,
    )
}

/// Goes to a block in which exactly one epoch of the subnet runs, without running what lies between.
pub(super) fn epoch_in(block: u64) {
    assert!(block > System::block_number());
    System::set_block_number(block - 1);
    Tempo::<Test>::mutate(SUBNET, |tempo| *tempo = (*tempo).max(1));
    LastEpochBlock::<Test>::insert(SUBNET, block - 1);
    PendingEpochAt::<Test>::insert(SUBNET, block);
    run_to_block(block);
    assert_eq!(LastEpochBlock::<Test>::get(SUBNET), block);
}

/// An epoch in the next block.
pub(super) fn epoch() {
    epoch_in(System::block_number() + 1);
}

/// Gives the subnet 10^9 to divide, lets an epoch run in a block and restores the stakes, since vectors
/// know of no payouts.
pub(super) fn vector_epoch_in(block: u64, stakes: &[u64]) {
    give_pending(SUBNET, 500_000_000, 500_000_000);
    epoch_in(block);
    restore_stakes(stakes);
}

/// Takes all stake of the neurons away and gives them other.
pub(super) fn restore_stakes(stakes: &[u64]) {
    for uid in 0..SubnetworkN::<Test>::get(SUBNET) {
        take_stake(&hotkey(uid), &coldkey(uid));
    }
    for (uid, stake) in (0..).zip(stakes).filter(|(_, stake)| **stake > 0) {
        give_stake(SUBNET, &hotkey(uid), &coldkey(uid), *stake);
    }
}

/// Takes a position out of existence, with the dust of its pool.
pub(super) fn take_stake(hotkey: &AccountId, coldkey: &AccountId) {
    let (worth, dust) = SubtensorModule::close(hotkey, coldkey, SUBNET).unwrap();
    let gone = worth.checked_add(dust).unwrap();
    SubnetAlphaOut::<Test>::mutate(SUBNET, |out| *out = out.checked_sub(gone).unwrap());
}

/// What a coldkey holds on a hotkey of the subnet.
pub(super) fn stake(hotkey: &AccountId, coldkey: &AccountId) -> u64 {
    SubtensorModule::stake_of(hotkey, coldkey, SUBNET).get()
}

/// Amounts as numbers.
pub(super) fn units(amounts: impl IntoIterator<Item = AlphaBalance>) -> Vec<u64> {
    amounts.into_iter().map(AlphaBalance::get).collect()
}

/// The stored row of weights.
pub(super) fn row(mechanism: u8, uid: u16) -> Vec<(u16, u16)> {
    Weights::<Test>::get(index(mechanism), uid).into_inner()
}

/// The stored bonds of rows toward a target; what is absent is 0.
pub(super) fn bonds_toward(rows: &[u16], target: u16) -> Vec<u16> {
    let value = |row: Row| {
        let found = row.into_iter().find(|(other, _)| *other == target);
        found.map_or(0, |(_, value)| value)
    };
    rows.iter()
        .map(|uid| value(Bonds::<Test>::get(INDEX, uid)))
        .collect()
}

/// The incentive of a mechanism.
pub(super) fn incentive(mechanism: u8) -> Vec<u16> {
    Incentive::<Test>::get(index(mechanism)).into_inner()
}
