//! Which slot a new neuron gets (section 10.2 of the economics).

use alloc::{collections::BTreeSet, vec::Vec};

use dendra_primitives::{AlphaBalance, NetUid};
use sp_runtime::{DispatchError, DispatchResult};

use crate::{
    AccountId, Config, Emission, Error, ImmuneOwnerUidsLimit, ImmunityPeriod, MaxAllowedUids,
    MinNonImmuneUids, Pallet, SubnetOwner, SubnetOwnerHotkey, SubnetworkN, Uids,
};

/// A place for a neuron.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Slot {
    /// The next uid.
    Append,
    /// The uid of a neuron that has to go.
    Replace(u16),
}

/// A neuron in the order in which neurons are replaced: least emission, then oldest, then lowest uid.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Candidate {
    /// What it earned in the last epoch.
    pub(crate) emission: AlphaBalance,
    /// Block of its registration.
    pub(crate) registered: u64,
    /// Its uid.
    pub(crate) uid: u16,
}

impl<T: Config> Pallet<T> {
    /// The slot of the next registration.
    ///
    /// **Errors:** `NoNeuronIdAvailable` if every neuron is protected.
    pub(crate) fn choose_slot(netuid: NetUid) -> Result<Slot, DispatchError> {
        let neurons = SubnetworkN::<T>::get(netuid);
        if neurons < MaxAllowedUids::<T>::get(netuid) {
            return Ok(Slot::Append);
        }
        let protected = Self::protected_uids(netuid);
        let candidates = Self::candidates(netuid)
            .into_iter()
            .filter(|candidate| !protected.contains(&candidate.uid));
        let (immune, exposed): (Vec<_>, Vec<_>) =
            candidates.partition(|candidate| Self::is_immune(netuid, candidate.registered));
        let spares_exposed = exposed.len() <= usize::from(MinNonImmuneUids::<T>::get());
        let chosen = if spares_exposed { immune } else { exposed };
        chosen
            .into_iter()
            .min()
            .map(|candidate| Slot::Replace(candidate.uid))
            .ok_or(Error::<T>::NoNeuronIdAvailable.into())
    }

    /// Puts a hotkey into a slot.
    pub(crate) fn take_slot(netuid: NetUid, slot: Slot, hotkey: &AccountId) -> DispatchResult {
        match slot {
            Slot::Append => Self::append_neuron(netuid, hotkey).map(|_| ()),
            Slot::Replace(uid) => Self::replace_neuron(netuid, uid, hotkey),
        }
    }

    /// Whether a neuron registered so lately that it is not replaced.
    pub fn is_immune(netuid: NetUid, registered: u64) -> bool {
        let age = Self::block().saturating_sub(registered);
        age < u64::from(ImmunityPeriod::<T>::get(netuid))
    }

    /// All neurons of a subnet with what decides their place.
    pub(crate) fn candidates(netuid: NetUid) -> Vec<Candidate> {
        let emission = Emission::<T>::get(netuid);
        (0_u16..)
            .zip(Self::uid_holders(netuid))
            .map(|(uid, member)| Candidate {
                emission: emission.get(usize::from(uid)).copied().unwrap_or_default(),
                registered: member.registered_at,
                uid,
            })
            .collect()
    }

    /// The uids of the owner that are not replaced: that of the owner hotkey, and of the other hotkeys of
    /// the owner those that registered first, up to `ImmuneOwnerUidsLimit`.
    pub(crate) fn protected_uids(netuid: NetUid) -> BTreeSet<u16> {
        let owner = SubnetOwner::<T>::get(netuid);
        let owner_uid = Uids::<T>::get(netuid, SubnetOwnerHotkey::<T>::get(netuid));
        let mut others: Vec<(u64, u16)> = (0_u16..)
            .zip(Self::uid_holders(netuid))
            .filter(|(uid, member)| member.coldkey == owner && Some(*uid) != owner_uid)
            .map(|(uid, member)| (member.registered_at, uid))
            .collect();
        others.sort_unstable();
        others
            .into_iter()
            .take(usize::from(ImmuneOwnerUidsLimit::<T>::get(netuid)))
            .map(|(_, uid)| uid)
            .chain(owner_uid)
            .collect()
    }
}
