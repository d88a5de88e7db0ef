//! Neurons, one struct for each.

use alloc::vec::Vec;

use codec::Compact;
use dendra_primitives::{MechId, NetUid, NetUidIndex};
use dendra_runtime_api::{NeuronInfo, NeuronInfoLite};

use super::columns::Columns;
use crate::{
    Bonds, Config, LastMechansimStepBlock, Pallet, Prometheus, SubnetworkN, TotalHotkeyAlpha,
    Weights, WeightsFrom,
    types::{Row, UidHolder},
};

/// Weights or bonds as clients read them.
type Entries = Vec<(Compact<u16>, Compact<u16>)>;

/// Pruning is not by score; clients know this value as the highest.
const PRUNING_SCORE: u16 = u16::MAX;

impl<T: Config> Pallet<T> {
    /// A neuron; `None` if nobody has the uid.
    pub fn neuron(netuid: NetUid, uid: u16) -> Option<NeuronInfo> {
        let (index, columns) = Self::columns_with(netuid, uid)?;
        let members = Self::uid_holders(netuid);
        let neuron = Self::neuron_in(&columns, netuid, uid, members.get(usize::from(uid))?);
        let registered_at = |target: u16| {
            let member = members.get(usize::from(target))?;
            Some(member.registered_at)
        };
        let weights = known_entries(
            Weights::<T>::get(index, uid),
            Self::known_from(index).get(usize::from(uid)).copied(),
            registered_at,
        );
        let bonds = known_entries(
            Bonds::<T>::get(index, uid),
            Some(LastMechansimStepBlock::<T>::get(netuid)),
            registered_at,
        );
        Some(neuron.with_rows(weights, bonds))
    }

    /// A neuron without weights and bonds; `None` if nobody has the uid.
    pub fn neuron_lite(netuid: NetUid, uid: u16) -> Option<NeuronInfoLite> {
        let (_, columns) = Self::columns_with(netuid, uid)?;
        let members = Self::uid_holders(netuid);
        Some(Self::neuron_in(
            &columns,
            netuid,
            uid,
            members.get(usize::from(uid))?,
        ))
    }

    /// Every neuron, uids ascending; none on a subnet that does not exist.
    ///
    /// **Reads:** five for each neuron, and about fifteen.
    pub fn neurons(netuid: NetUid) -> Vec<NeuronInfo> {
        let Some((index, columns)) = Self::columns_of(netuid) else {
            return Vec::new();
        };
        let members = Self::uid_holders(netuid);
        let registered_at = |target: u16| {
            let member = members.get(usize::from(target))?;
            Some(member.registered_at)
        };
        let known_from = Self::known_from(index);
        let last_step = LastMechansimStepBlock::<T>::get(netuid);
        (0_u16..)
            .zip(&members)
            .map(|(uid, member)| {
                let weights = known_entries(
                    Weights::<T>::get(index, uid),
                    known_from.get(usize::from(uid)).copied(),
                    registered_at,
                );
                let bonds =
                    known_entries(Bonds::<T>::get(index, uid), Some(last_step), registered_at);
                Self::neuron_in(&columns, netuid, uid, member).with_rows(weights, bonds)
            })
            .collect()
    }

    /// Every neuron without weights and bonds, uids ascending; none on a subnet that does not exist.
    pub fn neurons_lite(netuid: NetUid) -> Vec<NeuronInfoLite> {
        let Some((_, columns)) = Self::columns_of(netuid) else {
            return Vec::new();
        };
        (0_u16..)
            .zip(Self::uid_holders(netuid))
            .map(|(uid, member)| Self::neuron_in(&columns, netuid, uid, &member))
            .collect()
    }

    fn columns_of(netuid: NetUid) -> Option<(NetUidIndex, Columns)> {
        let index = NetUidIndex::from_parts(netuid, MechId::new(0))?;
        Self::exists(netuid).then(|| (index, Columns::read::<T>(netuid, index)))
    }

    /// The columns, if somebody has the uid.
    fn columns_with(netuid: NetUid, uid: u16) -> Option<(NetUidIndex, Columns)> {
        if uid >= SubnetworkN::<T>::get(netuid) {
            return None;
        }
        Self::columns_of(netuid)
    }

    fn known_from(index: NetUidIndex) -> Vec<u64> {
        WeightsFrom::<T>::get(index).into_inner()
    }

    /// The neuron at a uid below the number of neurons.
    fn neuron_in(
        columns: &Columns,
        netuid: NetUid,
        uid: u16,
        member: &UidHolder,
    ) -> NeuronInfoLite {
        let UidHolder {
            hotkey, coldkey, ..
        } = member.clone();
        let stake = TotalHotkeyAlpha::<T>::get(&hotkey, netuid);
        NeuronInfoLite {
            uid: Compact(uid),
            netuid: Compact(netuid),
            active: at(&columns.active, uid),
            axon_info: Self::axon_of(netuid, &hotkey),
            prometheus_info: Prometheus::<T>::get(netuid, &hotkey).unwrap_or_default(),
            stake: alloc::vec![(coldkey.clone(), Compact(stake))],
            rank: Compact(0),
            emission: Compact(at(&columns.emission, uid)),
            incentive: Compact(at(&columns.incentives, uid)),
            consensus: Compact(at(&columns.consensus, uid)),
            trust: Compact(0),
            validator_trust: Compact(at(&columns.validator_trust, uid)),
            dividends: Compact(at(&columns.dividends, uid)),
            last_update: Compact(at(&columns.last_update, uid)),
            validator_permit: at(&columns.validator_permit, uid),
            pruning_score: Compact(PRUNING_SCORE),
            hotkey,
            coldkey,
        }
    }
}

/// The value of a column at a uid; its default beyond the end, which no uid in use reaches.
fn at<V: Copy + Default>(column: &[V], uid: u16) -> V {
    column.get(usize::from(uid)).copied().unwrap_or_default()
}

/// A row without zeros, and without what it says about neurons that registered in the block `known_from`
/// or later: it was meant for those who had their uids before, and the next epoch drops it.
fn known_entries(
    row: Row,
    known_from: Option<u64>,
    registered_at: impl Fn(u16) -> Option<u64>,
) -> Entries {
    let is_known = |target: u16| {
        registered_at(target)
            .zip(known_from)
            .is_some_and(|(registered, known)| registered < known)
    };
    row.into_iter()
        .filter(|(target, value)| *value != 0 && is_known(*target))
        .map(|(target, value)| (Compact(target), Compact(value)))
        .collect()
}
