//! What must always hold.

use frame_support::{ensure, sp_runtime::TryRuntimeError};
use weighted_pool::{FeeRate as Rate, Weights};

use crate::{Config, FeeRate, Pallet, PoolWeights};

impl<T: Config> Pallet<T> {
    /// Checks the invariants of the pallet, over all of its state.
    pub fn do_try_state() -> Result<(), TryRuntimeError> {
        ensure!(
            FeeRate::<T>::iter_values().all(|rate| Rate::from_parts(rate).is_ok()),
            "a fee rate is higher than it can be set"
        );
        ensure!(
            PoolWeights::<T>::iter_values().all(|weight| Weights::from_tao(weight).is_ok()),
            "a pool has a weight that no pool may have"
        );
        Ok(())
    }
}
