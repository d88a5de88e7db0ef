//! Alpha that its holder gives up.

use dendra_primitives::{AlphaBalance, NetUid};
use frame_support::ensure;
use sp_runtime::{DispatchError, DispatchResult};

use super::check::Holding;
use crate::{AccountId, Config, Error, Event, Pallet, SubnetAlphaOut};

impl<T: Config> Pallet<T> {
    /// The call `recycle_alpha`: the alpha ceases to exist, and the subnet may issue it again.
    pub(crate) fn do_recycle_alpha(
        coldkey: &AccountId,
        hotkey: &AccountId,
        alpha: AlphaBalance,
        netuid: NetUid,
    ) -> DispatchResult {
        let alpha = Self::give_up(coldkey, hotkey, alpha, netuid)?;
        Self::destroy_alpha(netuid, alpha)?;
        Self::deposit_event(Event::AlphaRecycled(
            coldkey.clone(),
            hotkey.clone(),
            alpha,
            netuid,
        ));
        Ok(())
    }

    /// The call `burn_alpha`: nobody will ever own the alpha again, and it stays counted as issued.
    pub(crate) fn do_burn_alpha(
        coldkey: &AccountId,
        hotkey: &AccountId,
        alpha: AlphaBalance,
        netuid: NetUid,
    ) -> DispatchResult {
        let alpha = Self::give_up(coldkey, hotkey, alpha, netuid)?;
        Self::count_burned(netuid, alpha)?;
        Self::deposit_event(Event::AlphaBurned(
            coldkey.clone(),
            hotkey.clone(),
            alpha,
            netuid,
        ));
        Ok(())
    }

    /// Takes from a holder what it gives up; how much that was.
    fn give_up(
        coldkey: &AccountId,
        hotkey: &AccountId,
        alpha: AlphaBalance,
        netuid: NetUid,
    ) -> Result<AlphaBalance, DispatchError> {
        let alpha = Self::check_discard(Holding::new(coldkey, hotkey, netuid), alpha)?;
        Self::withdraw(hotkey, coldkey, netuid, alpha)?;
        Ok(alpha)
    }

    /// Whether a holder can give alpha up, and how much: at most the position.
    ///
    /// **Errors:** in this order `CannotBurnOrRecycleOnRootSubnet`, `SubnetNotExists`, `SubtokenDisabled`,
    /// `HotKeyAccountNotExists`, `AmountTooLow` for nothing, `NotEnoughStakeToWithdraw`,
    /// `NotEnoughAlphaOutToRecycle`.
    pub(crate) fn check_discard(
        from: Holding<'_>,
        alpha: AlphaBalance,
    ) -> Result<AlphaBalance, DispatchError> {
        ensure!(
            !from.netuid.is_root(),
            Error::<T>::CannotBurnOrRecycleOnRootSubnet
        );
        Self::ensure_stakeable(from)?;
        let part = Self::part_of(from, alpha)?;
        // Positions are part of it, so there is always enough.
        ensure!(
            SubnetAlphaOut::<T>::get(from.netuid) >= part.alpha,
            Error::<T>::NotEnoughAlphaOutToRecycle
        );
        Ok(part.alpha)
    }
}
