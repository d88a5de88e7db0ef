//! Reads offered to runtime APIs.

use alloc::vec::Vec;

use codec::Encode;
use dendra_primitives::NetUid;

use crate::{CommitmentOf, Config, Pallet};

impl<T: Config> Pallet<T> {
    /// The commitments of a subnet, in no particular order: hotkey and encoded
    /// [`Registration`](crate::types::Registration).
    ///
    /// Clients skip the first 14 bytes (deposit 8, block 4, number of fields 1, kind of the first field 1)
    /// and show the rest as text. At most one entry per uid of the subnet.
    pub fn commitments_of(netuid: NetUid) -> Vec<(T::AccountId, Vec<u8>)> {
        CommitmentOf::<T>::iter_prefix(netuid)
            .map(|(hotkey, registration)| (hotkey, registration.encode()))
            .collect()
    }
}
