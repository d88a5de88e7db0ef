//! Removing neurons and closing the gaps (section 10.2 of the economics).

use alloc::{collections::BTreeMap, vec::Vec};

use dendra_primitives::{NetUid, NetUidIndex};
use frame_support::{BoundedVec, ensure, pallet_prelude::ConstU32};
use sp_runtime::DispatchResult;

use crate::{
    Active, AssociatedEvmAddress, BlockAtRegistration, Bonds, Config, Consensus, Dividends,
    Emission, Error, Event, Incentive, Keys, LastUpdate, MaxAllowedUids, MinAllowedUids, Pallet,
    StakeWeight, SubnetworkN, UidHolders, Uids, ValidatorPermit, ValidatorTrust, WeightCommits,
    Weights, WeightsFrom,
    types::{MAX_OWNER_UIDS, MAX_UIDS, Row},
};

impl<T: Config> Pallet<T> {
    /// Lowers the most neurons of a subnet to `max`, removes those that are too many and closes the gaps.
    ///
    /// The neurons with the least emission go first, protected and immune ones stay. Open commits of the
    /// whole subnet are dropped, because what they hide names uids that may have moved.
    ///
    /// **Errors:** `InvalidValue` below `MinAllowedUids` or above 256,
    /// `TrimmingWouldExceedMaxImmunePercentage` if more than four fifths of those left would be immune or
    /// protected.
    pub fn trim(netuid: NetUid, max: u16) -> DispatchResult {
        Self::ensure_exists(netuid)?;
        ensure!(
            (MinAllowedUids::<T>::get(netuid)..=MAX_OWNER_UIDS).contains(&max),
            Error::<T>::InvalidValue
        );
        let neurons = SubnetworkN::<T>::get(netuid);
        let surplus = neurons.saturating_sub(max);
        if surplus > 0 {
            let protected = Self::protected_uids(netuid);
            let all = Self::candidates(netuid);
            let mut exposed: Vec<_> = all
                .iter()
                .filter(|candidate| {
                    !protected.contains(&candidate.uid)
                        && !Self::is_immune(netuid, candidate.registered)
                })
                .collect();
            let staying = usize::from(neurons).saturating_sub(exposed.len());
            let most = usize::from(max).saturating_mul(4).saturating_div(5);
            ensure!(
                staying <= most && exposed.len() >= usize::from(surplus),
                Error::<T>::TrimmingWouldExceedMaxImmunePercentage
            );
            exposed.sort_unstable();
            let gone: Vec<u16> = exposed
                .into_iter()
                .take(usize::from(surplus))
                .map(|candidate| candidate.uid)
                .collect();
            Self::compact(netuid, neurons, &gone)?;
        }
        MaxAllowedUids::<T>::insert(netuid, max);
        Self::deposit_event(Event::NetworkTrimmed {
            netuid,
            removed: surplus,
            left: neurons.saturating_sub(surplus),
        });
        Ok(())
    }

    /// Removes the neurons in `gone` and renumbers the others in their order.
    fn compact(netuid: NetUid, neurons: u16, gone: &[u16]) -> DispatchResult {
        for uid in gone {
            Self::leave(netuid, *uid);
        }
        let moves: BTreeMap<u16, u16> = (0..neurons)
            .filter(|uid| !gone.contains(uid))
            .zip(0..)
            .collect();
        for index in Self::mechanisms(netuid) {
            move_rows::<T>(index, neurons, &moves)?;
            LastUpdate::<T>::mutate(index, |column| keep(column, &moves));
            WeightsFrom::<T>::mutate(index, |column| keep(column, &moves));
            Incentive::<T>::mutate(index, |column| keep(column, &moves));
            // At most one queue per neuron.
            let dropped = WeightCommits::<T>::clear_prefix(index, MAX_UIDS, None);
            ensure!(
                dropped.maybe_cursor.is_none(),
                Error::<T>::TooManyUIDsPerMechanism
            );
        }
        ValidatorPermit::<T>::mutate(netuid, |column| keep(column, &moves));
        Active::<T>::mutate(netuid, |column| keep(column, &moves));
        Consensus::<T>::mutate(netuid, |column| keep(column, &moves));
        Dividends::<T>::mutate(netuid, |column| keep(column, &moves));
        Emission::<T>::mutate(netuid, |column| keep(column, &moves));
        ValidatorTrust::<T>::mutate(netuid, |column| keep(column, &moves));
        StakeWeight::<T>::mutate(netuid, |column| keep(column, &moves));
        // New uids are never above old ones, so going up never overwrites what is still to move.
        for (old, new) in moves.iter().filter(|(old, new)| old != new) {
            let hotkey = Keys::<T>::take(netuid, old);
            let registered = BlockAtRegistration::<T>::take(netuid, old);
            Uids::<T>::insert(netuid, &hotkey, new);
            Self::write_holder(netuid, *new, &hotkey, registered)?;
            if let Some(address) = AssociatedEvmAddress::<T>::take(netuid, old) {
                AssociatedEvmAddress::<T>::insert(netuid, new, address);
            }
        }
        let left = moves.len() as u16;
        for uid in left..neurons {
            Keys::<T>::remove(netuid, uid);
            BlockAtRegistration::<T>::remove(netuid, uid);
        }
        UidHolders::<T>::mutate(netuid, |members| members.truncate(usize::from(left)));
        SubnetworkN::<T>::insert(netuid, left);
        Ok(())
    }
}

/// The values of the neurons that stay, in their order.
fn keep<V: Clone>(column: &mut BoundedVec<V, ConstU32<MAX_UIDS>>, moves: &BTreeMap<u16, u16>) {
    let kept: Vec<V> = moves
        .keys()
        .filter_map(|old| column.get(usize::from(*old)).cloned())
        .collect();
    // Not longer than what was there.
    *column = BoundedVec::truncate_from(kept);
}

/// Renumbers the rows of weights and bonds of one mechanism and what they name.
fn move_rows<T: Config>(
    index: NetUidIndex,
    neurons: u16,
    moves: &BTreeMap<u16, u16>,
) -> DispatchResult {
    let renumber = |row: Row| {
        let pairs: Vec<(u16, u16)> = row
            .into_iter()
            .filter_map(|(uid, value)| Some((*moves.get(&uid)?, value)))
            .collect();
        Row::truncate_from(pairs)
    };
    for uid in 0..neurons {
        let (weights, bonds) = (Weights::<T>::take(index, uid), Bonds::<T>::take(index, uid));
        let Some(new) = moves.get(&uid) else { continue };
        if !weights.is_empty() {
            Weights::<T>::insert(index, new, renumber(weights));
        }
        if !bonds.is_empty() {
            Bonds::<T>::insert(index, new, renumber(bonds));
        }
    }
    Ok(())
}
