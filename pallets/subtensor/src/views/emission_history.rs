//! What hotkeys earned in the last epoch of every subnet.

use alloc::{collections::BTreeMap, vec::Vec};

use codec::Compact;
use dendra_primitives::{AlphaBalance, NetUid};

use crate::{AccountId, Config, Emission, IsNetworkMember, Pallet, SubnetList, Uids};

impl<T: Config> Pallet<T> {
    /// Alpha of the last epoch. **Shape:** a row for each subnet, ascending; in it a value for each of these
    /// hotkeys, 0 where it has no neuron.
    ///
    /// **Reads:** one for each subnet, one for each hotkey and two for each of its neurons; a hotkey is
    /// not looked up on subnets that it is no member of. **Size:** one value for each subnet and hotkey.
    pub(super) fn emission_history(hotkeys: &[AccountId]) -> Vec<Vec<Compact<AlphaBalance>>> {
        // By subnet: the place of a hotkey in the list, and its uid.
        let mut neurons: BTreeMap<NetUid, Vec<(usize, u16)>> = BTreeMap::new();
        for (place, hotkey) in hotkeys.iter().enumerate() {
            for netuid in IsNetworkMember::<T>::iter_key_prefix(hotkey) {
                if let Some(uid) = Uids::<T>::get(netuid, hotkey) {
                    neurons.entry(netuid).or_default().push((place, uid));
                }
            }
        }
        SubnetList::<T>::get()
            .into_iter()
            .map(|netuid| {
                let mut row = alloc::vec![Compact(AlphaBalance::ZERO); hotkeys.len()];
                if let Some(members) = neurons.get(&netuid) {
                    let emission = Emission::<T>::get(netuid);
                    for (place, uid) in members {
                        let earned = emission.get(usize::from(*uid));
                        if let (Some(value), Some(earned)) = (row.get_mut(*place), earned) {
                            *value = Compact(*earned);
                        }
                    }
                }
                row
            })
            .collect()
    }
}
