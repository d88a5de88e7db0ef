//! What an epoch pays to root stakers.

use dendra_primitives::{AlphaBalance, I96F32, NetUid, TaoBalance};
use frame_support::ensure;
use sp_runtime::DispatchError;
use subnet_emission::RootRate;

use crate::{
    AccountId, Config, Error, Event, Owner, Pallet, RootClaimable, RootDividendPot,
    RootDividendRest, TotalHotkeyAlpha, payout::Purse, types::PaymentReason,
};

impl<T: Config> Pallet<T> {
    /// Pays alpha of an epoch to the root stakers of a hotkey; what was paid.
    ///
    /// It enters the pot. If it is more than their stake in rao, the owner of the hotkey has it as stake instead,
    /// which keeps rates within their type. Nothing is paid if that cannot be, or without root stake.
    ///
    /// **Errors:** `Overflow` if the epoch has less money than that.
    pub(crate) fn pay_root_dividend(
        purse: &mut Purse,
        hotkey: &AccountId,
        alpha: AlphaBalance,
    ) -> Result<AlphaBalance, Error<T>> {
        if alpha.is_zero() {
            return Ok(alpha);
        }
        let stake = TaoBalance::new(TotalHotkeyAlpha::<T>::get(hotkey, NetUid::ROOT).get());
        if alpha.get() > stake.get() {
            if !Self::is_owned(hotkey) {
                return Ok(AlphaBalance::ZERO);
            }
            let owner = Owner::<T>::get(hotkey);
            return purse.credit(hotkey, &owner, alpha, PaymentReason::RootDividend);
        }
        // An addition that fails has written nothing.
        let netuid = purse.netuid();
        if Self::add_to_pot(netuid, hotkey, alpha, stake).is_err() {
            return Ok(AlphaBalance::ZERO);
        }
        purse.take(alpha)?;
        Self::deposit_event(Event::RootDividendPaid {
            netuid,
            hotkey: hotkey.clone(),
            alpha,
        });
        Ok(alpha)
    }

    fn add_to_pot(
        netuid: NetUid,
        hotkey: &AccountId,
        alpha: AlphaBalance,
        stake: TaoBalance,
    ) -> Result<(), DispatchError> {
        ensure!(!netuid.is_root(), Error::<T>::InvalidSubnetNumber);
        let mut rates = RootClaimable::<T>::get(hotkey);
        let before = rates.get(&netuid).copied().unwrap_or(I96F32::ZERO);
        let with_rest = RootDividendRest::<T>::get(netuid, hotkey)
            .checked_add(alpha)
            .ok_or(Error::<T>::Overflow)?;
        let pot = RootDividendPot::<T>::get(netuid)
            .checked_add(alpha)
            .ok_or(Error::<T>::Overflow)?;
        let payment = RootRate::from_fixed(before)
            .ok_or(Error::<T>::Overflow)?
            .raised(with_rest, stake)
            .map_err(|_| Error::<T>::Overflow)?;
        let after = payment.rate.to_fixed().map_err(|_| Error::<T>::Overflow)?;
        rates
            .try_insert(netuid, after)
            .map_err(|_| Error::<T>::Overflow)?;
        RootClaimable::<T>::insert(hotkey, rates);
        RootDividendRest::<T>::insert(netuid, hotkey, payment.rest);
        RootDividendPot::<T>::insert(netuid, pot);
        Ok(())
    }
}
