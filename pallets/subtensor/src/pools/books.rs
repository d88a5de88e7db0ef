//! What a trade writes: reserves, alpha outside of pools, total stake and volume.

use dendra_primitives::{AlphaBalance, NetUid, TaoBalance};
use sp_runtime::{DispatchError, DispatchResult};
use weighted_pool::Market;

use crate::{
    Config, Error, Pallet, SubnetAlphaIn, SubnetAlphaOut, SubnetTAO, SubnetVolume, TotalStake,
};

impl<T: Config> Pallet<T> {
    /// Counts TAO that entered the pool.
    pub(crate) fn grow(netuid: NetUid, tao: TaoBalance) -> Result<(), DispatchError> {
        SubnetTAO::<T>::try_mutate(netuid, |pool| {
            *pool = pool.checked_add(tao).ok_or(Error::<T>::Overflow)?;
            Ok::<_, DispatchError>(())
        })?;
        TotalStake::<T>::try_mutate(|total| {
            *total = total.checked_add(tao).ok_or(Error::<T>::Overflow)?;
            Ok(())
        })
    }

    /// Counts TAO that left the pool.
    ///
    /// **Errors:** `InsufficientLiquidity` if the subnet has less; nothing is written then.
    pub(crate) fn shrink(netuid: NetUid, tao: TaoBalance) -> DispatchResult {
        let pool = SubnetTAO::<T>::get(netuid)
            .checked_sub(tao)
            .ok_or(Error::<T>::InsufficientLiquidity)?;
        let total = TotalStake::<T>::get()
            .checked_sub(tao)
            .ok_or(Error::<T>::Overflow)?;
        SubnetTAO::<T>::insert(netuid, pool);
        TotalStake::<T>::put(total);
        Ok(())
    }

    /// Writes down that alpha was bought: for `tao` that the account of the subnet holds already.
    pub(super) fn book_purchase(
        netuid: NetUid,
        after: Market,
        tao: TaoBalance,
        alpha: AlphaBalance,
    ) -> DispatchResult {
        Self::put_alpha_reserve(netuid, after);
        Self::grow(netuid, tao)?;
        SubnetAlphaOut::<T>::try_mutate(netuid, |out| {
            *out = out.checked_add(alpha).ok_or(Error::<T>::Overflow)?;
            Ok::<_, DispatchError>(())
        })?;
        Self::add_volume(netuid, tao);
        Ok(())
    }

    /// Writes down that alpha that belongs to nobody was sold: for `tao` that the account of the subnet still
    /// holds.
    pub(super) fn book_sale(
        netuid: NetUid,
        after: Market,
        tao: TaoBalance,
        alpha: AlphaBalance,
    ) -> DispatchResult {
        Self::put_alpha_reserve(netuid, after);
        Self::shrink(netuid, tao)?;
        Self::destroy_alpha(netuid, alpha)?;
        Self::add_volume(netuid, tao);
        Ok(())
    }

    fn put_alpha_reserve(netuid: NetUid, after: Market) {
        if let Market::Pool(pool) = after {
            SubnetAlphaIn::<T>::insert(netuid, pool.alpha());
        }
    }

    fn add_volume(netuid: NetUid, tao: TaoBalance) {
        // A sum of amounts of 64 bits over all blocks stays below 128 bits.
        SubnetVolume::<T>::mutate(netuid, |volume| {
            *volume = volume.saturating_add(u128::from(tao.get()));
        });
    }

    /// Takes alpha that belongs to nobody out of `SubnetAlphaOut`: it is back in the pool, or does not exist any
    /// more.
    pub(crate) fn destroy_alpha(netuid: NetUid, alpha: AlphaBalance) -> Result<(), DispatchError> {
        SubnetAlphaOut::<T>::try_mutate(netuid, |out| {
            *out = out.checked_sub(alpha).ok_or(Error::<T>::Overflow)?;
            Ok(())
        })
    }
}
