//! The neurons of a subnet as columns, with what their hotkeys earn elsewhere.

use alloc::vec::Vec;

use codec::Compact;
use dendra_primitives::{MechId, NetUid, NetUidIndex};
use dendra_runtime_api::SubnetState;

use super::{
    columns::{Columns, Holders, Stakes},
    compact,
};
use crate::{Config, Pallet};

impl<T: Config> Pallet<T> {
    /// The neurons of a subnet as columns.
    pub fn subnet_state(netuid: NetUid) -> Option<SubnetState> {
        let index = NetUidIndex::from_parts(netuid, MechId::new(0))?;
        if !Self::exists(netuid) {
            return None;
        }
        let columns = Columns::read::<T>(netuid, index);
        let Holders {
            hotkeys,
            coldkeys,
            registered_at,
        } = Holders::read::<T>(netuid);
        let stakes = Stakes::read::<T>(netuid, &hotkeys);
        Some(SubnetState {
            netuid: Compact(netuid),
            active: columns.active,
            validator_permit: columns.validator_permit,
            pruning_score: Vec::new(),
            last_update: compact(columns.last_update),
            emission: compact(columns.emission),
            dividends: compact(columns.dividends),
            incentives: compact(columns.incentives),
            consensus: compact(columns.consensus),
            trust: Vec::new(),
            rank: Vec::new(),
            block_at_registration: registered_at,
            alpha_stake: stakes.alpha,
            tao_stake: stakes.tao,
            total_stake: stakes.total,
            emission_history: Self::emission_history(&hotkeys),
            hotkeys,
            coldkeys,
        })
    }
}
