//! Registering a neuron on a subnet (section 10 of the economics).

use dendra_primitives::{NetUid, TaoBalance};
use frame_support::ensure;
use sp_runtime::{DispatchError, DispatchResult};

use crate::{
    AccountId, Config, Error, Event, FirstEmissionBlockNumber, NetworkRegistrationAllowed, Pallet,
    Uids, pools::Fee,
};

impl<T: Config> Pallet<T> {
    /// What decides without looking for a slot whether a registration is possible; the price that is due.
    pub(crate) fn check_register(
        coldkey: &AccountId,
        netuid: NetUid,
        hotkey: &AccountId,
        limit: Option<TaoBalance>,
    ) -> Result<TaoBalance, DispatchError> {
        ensure!(
            !netuid.is_root(),
            Error::<T>::RegistrationNotPermittedOnRootSubnet
        );
        Self::ensure_exists(netuid)?;
        ensure!(
            NetworkRegistrationAllowed::<T>::get(netuid),
            Error::<T>::SubNetRegistrationDisabled
        );
        ensure!(
            FirstEmissionBlockNumber::<T>::contains_key(netuid),
            Error::<T>::SubtokenDisabled
        );
        ensure!(
            !Uids::<T>::contains_key(netuid, hotkey),
            Error::<T>::HotKeyAlreadyRegisteredInSubNet
        );
        Self::ensure_ordinary_account(hotkey)?;
        Self::ensure_own_or_new(coldkey, hotkey)?;
        let price = Self::burn(netuid);
        ensure!(
            limit.is_none_or(|limit| price <= limit),
            Error::<T>::RegistrationPriceLimitExceeded
        );
        ensure!(
            Self::spendable(coldkey) >= price,
            Error::<T>::NotEnoughBalanceToStake
        );
        Ok(price)
    }

    /// Registers a hotkey for the present price. The payment buys alpha, which is recycled.
    pub(crate) fn do_register(
        coldkey: &AccountId,
        netuid: NetUid,
        hotkey: &AccountId,
        limit: Option<TaoBalance>,
    ) -> DispatchResult {
        let price = Self::check_register(coldkey, netuid, hotkey, limit)?;
        let slot = Self::choose_slot(netuid)?;
        Self::associate(coldkey, hotkey)?;
        let purchase = Self::buy(coldkey, netuid, price, None, Fee::Charged)?;
        Self::destroy_alpha(netuid, purchase.alpha)?;
        Self::take_slot(netuid, slot, hotkey)?;
        Self::note_registration(netuid);
        Self::deposit_event(Event::RegistrationPaid {
            netuid,
            coldkey: coldkey.clone(),
            hotkey: hotkey.clone(),
            tao: price,
            fee: purchase.fee,
            alpha: purchase.alpha,
        });
        Ok(())
    }
}
