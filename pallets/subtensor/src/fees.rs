//! Fees of transactions paid in alpha (section 1 of the economics).
//!
//! A signer without enough TAO can pay the fee of a call that spends the alpha of one position: alpha of that
//! position is sold, without the pool's fee, and the author is paid the TAO. Sold is what pays the fee, so
//! the author never gets less than in TAO; what a whole unit of alpha yields in excess is the signer's.
//!
//! Something has to be left of the position: a call that would find it empty is not let in.

use dendra_primitives::{AlphaBalance, NetUid, TaoBalance};
use frame_support::{ensure, weights::Weight};
use sp_runtime::DispatchError;
use weighted_pool::Market;

use crate::{
    AccountId, Call, Config, Error, Event, Pallet, SubtokenEnabled, WeightInfo, pools::Fee,
};

impl<T: Config> Pallet<T> {
    /// Hotkey and subnet of the one position of the signer whose alpha a call spends; none for calls that
    /// spend none, or that of several positions.
    #[must_use]
    pub fn alpha_payer(call: &Call<T>) -> Option<(&AccountId, NetUid)> {
        match call {
            Call::remove_stake { hotkey, netuid, .. }
            | Call::remove_stake_limit { hotkey, netuid, .. }
            | Call::remove_stake_full_limit { hotkey, netuid, .. }
            | Call::recycle_alpha { hotkey, netuid, .. }
            | Call::burn_alpha { hotkey, netuid, .. } => Some((hotkey, *netuid)),
            Call::transfer_stake {
                hotkey,
                origin_netuid,
                ..
            }
            | Call::swap_stake {
                hotkey,
                origin_netuid,
                ..
            }
            | Call::swap_stake_limit {
                hotkey,
                origin_netuid,
                ..
            } => Some((hotkey, *origin_netuid)),
            Call::move_stake {
                origin_hotkey,
                origin_netuid,
                ..
            }
            | Call::move_stake_limit {
                origin_hotkey,
                origin_netuid,
                ..
            } => Some((origin_hotkey, *origin_netuid)),
            _ => None,
        }
    }

    /// What paying the fee of a call in alpha costs the chain; nothing for calls that cannot.
    #[must_use]
    pub fn alpha_fee_weight(call: &Call<T>) -> Weight {
        match Self::alpha_payer(call) {
            Some(_) => T::WeightInfo::pay_fee_in_alpha(),
            None => Weight::zero(),
        }
    }

    /// The alpha that has to be sold to pay a fee. **Rounding:** up.
    ///
    /// **Errors:** `SubnetNotExists`, `SubtokenDisabled`, `AmountTooLow` for no fee, `InsufficientLiquidity` if
    /// the pool has not so much TAO, `NotEnoughStakeToWithdraw` if nothing would be left of the position,
    /// `Overflow`.
    pub fn alpha_for_fee(
        coldkey: &AccountId,
        hotkey: &AccountId,
        netuid: NetUid,
        fee: TaoBalance,
    ) -> Result<AlphaBalance, DispatchError> {
        let alpha = match Self::market(netuid)? {
            Market::Pool(pool) => pool.alpha_to_receive(fee).map_err(Self::trade_error)?,
            Market::Par => AlphaBalance::new(fee.get()),
        };
        ensure!(
            netuid.is_root() || SubtokenEnabled::<T>::get(netuid),
            Error::<T>::SubtokenDisabled
        );
        ensure!(
            alpha < Self::stake_of(hotkey, coldkey, netuid),
            Error::<T>::NotEnoughStakeToWithdraw
        );
        Self::quote_sell(netuid, alpha, None, Fee::Waived)?;
        Ok(alpha)
    }

    /// Sells alpha of a position for a fee. The TAO, which is at least the fee, is in the account of the subnet
    /// afterwards and belongs to whoever the caller gives it.
    ///
    /// **Errors:** those of [`Pallet::alpha_for_fee`], and of a payment after which the account of the subnet
    /// would be gone. The caller has to undo what was written before.
    pub fn pay_fee_in_alpha(
        coldkey: &AccountId,
        hotkey: &AccountId,
        netuid: NetUid,
        fee: TaoBalance,
    ) -> Result<TaoBalance, DispatchError> {
        let alpha = Self::alpha_for_fee(coldkey, hotkey, netuid, fee)?;
        Self::withdraw(hotkey, coldkey, netuid, alpha)?;
        // Paid to the account that it is in, it is no longer counted as the pool's.
        let account = Self::subnet_account(netuid);
        let sale = Self::sell(&account, netuid, alpha, None, Fee::Waived)?;
        ensure!(sale.tao >= fee, Error::<T>::InsufficientLiquidity);
        Self::deposit_event(Event::FeePaidInAlpha {
            who: coldkey.clone(),
            hotkey: hotkey.clone(),
            netuid,
            alpha,
            tao: sale.tao,
        });
        Ok(sale.tao)
    }

    /// Gives a coldkey that stakes a reference of its own, so that it can sign without TAO. It stays for good:
    /// an account that came and went would count its transactions from zero, and old ones could be repeated.
    ///
    /// A hotkey has a reference for being one, which it may lose; as a coldkey it has another one.
    pub(crate) fn keep_account(coldkey: &AccountId) {
        let needed = if Self::is_owned(coldkey) { 2 } else { 1 };
        if frame_system::Pallet::<T>::sufficients(coldkey) < needed {
            frame_system::Pallet::<T>::inc_sufficients(coldkey);
        }
    }
}
