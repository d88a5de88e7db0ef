//! What storage keeps of each neuron of a subnet, as columns by uid.

use alloc::vec::Vec;

use codec::Compact;
use dendra_primitives::{AlphaBalance, NetUid, NetUidIndex, TaoBalance};
use yuma_consensus::StakeWeight;

use crate::{
    AccountId, Active, Config, Consensus, Dividends, Emission, Incentive, LastUpdate, Pallet,
    SubnetworkN, TaoWeight, ValidatorPermit, ValidatorTrust, types::PerNeuron,
};

/// The columns that are stored whole: one read for each, whatever the number of neurons.
pub(super) struct Columns {
    /// Number of neurons, and the length of each column.
    pub(super) count: u16,
    /// Whether a neuron updated its weights lately.
    pub(super) active: Vec<bool>,
    /// Whether a neuron may set weights.
    pub(super) validator_permit: Vec<bool>,
    /// Block of the last update of weights; of the mechanism.
    pub(super) last_update: Vec<u64>,
    /// Alpha that the last epoch divided.
    pub(super) emission: Vec<AlphaBalance>,
    /// Share in the earnings of validators, of 65535.
    pub(super) dividends: Vec<u16>,
    /// Share in the earnings of miners, of 65535; of the mechanism.
    pub(super) incentives: Vec<u16>,
    /// Weight on which the majority of stake agrees, of 65535.
    pub(super) consensus: Vec<u16>,
    /// Part of a validator's weights that consensus kept, of 65535.
    pub(super) validator_trust: Vec<u16>,
}

impl Columns {
    /// Reads the columns of a subnet; what is kept by mechanism is that of `index`.
    pub(super) fn read<T: Config>(netuid: NetUid, index: NetUidIndex) -> Self {
        let count = SubnetworkN::<T>::get(netuid);
        Self {
            count,
            active: fitted(Active::<T>::get(netuid), count),
            validator_permit: fitted(ValidatorPermit::<T>::get(netuid), count),
            last_update: fitted(LastUpdate::<T>::get(index), count),
            emission: fitted(Emission::<T>::get(netuid), count),
            dividends: fitted(Dividends::<T>::get(netuid), count),
            incentives: fitted(Incentive::<T>::get(index), count),
            consensus: fitted(Consensus::<T>::get(netuid), count),
            validator_trust: fitted(ValidatorTrust::<T>::get(netuid), count),
        }
    }
}

/// A column with a value for each neuron. Storage holds it so; clients index it without looking.
fn fitted<V: Clone + Default>(stored: PerNeuron<V>, count: u16) -> Vec<V> {
    let mut column = stored.into_inner();
    column.resize(usize::from(count), V::default());
    column
}

/// Hotkeys by uid, their coldkeys, and when they registered: one read.
pub(super) struct Holders {
    /// Hotkeys.
    pub(super) hotkeys: Vec<AccountId>,
    /// Coldkeys.
    pub(super) coldkeys: Vec<AccountId>,
    /// Blocks of registration.
    pub(super) registered_at: Vec<Compact<u64>>,
}

impl Holders {
    /// Reads the neurons of a subnet.
    pub(super) fn read<T: Config>(netuid: NetUid) -> Self {
        let members = Pallet::<T>::uid_holders(netuid);
        let mut holders = Self {
            hotkeys: Vec::with_capacity(members.len()),
            coldkeys: Vec::with_capacity(members.len()),
            registered_at: Vec::with_capacity(members.len()),
        };
        for member in members {
            holders.hotkeys.push(member.hotkey);
            holders.coldkeys.push(member.coldkey);
            holders.registered_at.push(Compact(member.registered_at));
        }
        holders
    }
}

/// What hotkeys weigh on a subnet: two reads for each; where somebody lends stake four, and two for each
/// parent.
pub(super) struct Stakes {
    /// Alpha, children and parents counted.
    pub(super) alpha: Vec<Compact<AlphaBalance>>,
    /// TAO on root, children and parents counted.
    pub(super) tao: Vec<Compact<TaoBalance>>,
    /// Alpha, and TAO by its weight; rounded down.
    pub(super) total: Vec<Compact<TaoBalance>>,
}

impl Stakes {
    /// Reads the stakes of these hotkeys.
    pub(super) fn read<T: Config>(netuid: NetUid, hotkeys: &[AccountId]) -> Self {
        let tao_weight = TaoWeight::<T>::get();
        let mut stakes = Self {
            alpha: Vec::with_capacity(hotkeys.len()),
            tao: Vec::with_capacity(hotkeys.len()),
            total: Vec::with_capacity(hotkeys.len()),
        };
        for stake in Pallet::<T>::stakes_on(hotkeys, netuid) {
            let total = StakeWeight::combine(stake.alpha.get(), stake.tao.get(), tao_weight);
            stakes.alpha.push(Compact(stake.alpha));
            stakes.tao.push(Compact(stake.tao));
            stakes.total.push(Compact(TaoBalance::new(total.units())));
        }
        stakes
    }
}
