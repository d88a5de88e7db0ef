//! The money of one epoch while it is paid out.

use alloc::vec::Vec;

use dendra_primitives::{AlphaBalance, NetUid};
use sp_runtime::DispatchError;

use crate::{
    AccountId, Config, Error, Event, Pallet,
    types::{Payment, PaymentReason},
};

/// What is left of the money of an epoch: every payment is taken from it, so no more can be paid than there
/// is. What was staked is counted, and the payments of one kind are announced, once at the end: in the order of
/// the kinds, which for each hotkey is the order of its payments.
pub(crate) struct Purse {
    netuid: NetUid,
    left: AlphaBalance,
    staked: AlphaBalance,
    payments: Vec<(PaymentReason, Vec<Payment>)>,
}

impl Purse {
    pub(crate) fn new(netuid: NetUid, money: AlphaBalance) -> Self {
        Self {
            netuid,
            left: money,
            staked: AlphaBalance::ZERO,
            payments: Vec::new(),
        }
    }

    /// The subnet whose epoch it is.
    pub(crate) fn netuid(&self) -> NetUid {
        self.netuid
    }

    /// What is left.
    pub(crate) fn left(&self) -> AlphaBalance {
        self.left
    }

    /// Takes money that is not staked.
    pub(crate) fn take<T: Config>(&mut self, amount: AlphaBalance) -> Result<(), Error<T>> {
        self.left = self.left.checked_sub(amount).ok_or(Error::Overflow)?;
        Ok(())
    }

    /// Credits a position; what was paid, which is nothing if it cannot be.
    ///
    /// **Errors:** `Overflow` if there is less money than that.
    pub(crate) fn credit<T: Config>(
        &mut self,
        hotkey: &AccountId,
        coldkey: &AccountId,
        alpha: AlphaBalance,
        reason: PaymentReason,
    ) -> Result<AlphaBalance, Error<T>> {
        // A deposit that fails has written nothing.
        if alpha.is_zero()
            || Pallet::<T>::deposit_uncounted(hotkey, coldkey, self.netuid, alpha).is_err()
        {
            return Ok(AlphaBalance::ZERO);
        }
        self.note(hotkey, Some(coldkey), alpha, reason)
    }

    /// Credits all who stake on a hotkey; what was paid, which is nothing if nobody does.
    ///
    /// **Errors:** `Overflow` if there is less money than that.
    pub(crate) fn share<T: Config>(
        &mut self,
        hotkey: &AccountId,
        alpha: AlphaBalance,
    ) -> Result<AlphaBalance, Error<T>> {
        if alpha.is_zero() || Pallet::<T>::reward_uncounted(hotkey, self.netuid, alpha).is_err() {
            return Ok(AlphaBalance::ZERO);
        }
        self.note(hotkey, None, alpha, PaymentReason::Dividend)
    }

    fn note<T: Config>(
        &mut self,
        hotkey: &AccountId,
        coldkey: Option<&AccountId>,
        alpha: AlphaBalance,
        reason: PaymentReason,
    ) -> Result<AlphaBalance, Error<T>> {
        self.left = self.left.checked_sub(alpha).ok_or(Error::Overflow)?;
        self.staked = self.staked.checked_add(alpha).ok_or(Error::Overflow)?;
        let payment = Payment {
            hotkey: hotkey.clone(),
            coldkey: coldkey.cloned(),
            alpha,
        };
        match self.payments.iter_mut().find(|(of, _)| *of == reason) {
            Some((_, payments)) => payments.push(payment),
            None => self.payments.push((reason, alloc::vec![payment])),
        }
        Ok(alpha)
    }

    /// Ends the payout; what is left.
    pub(crate) fn close<T: Config>(mut self) -> Result<AlphaBalance, DispatchError> {
        Pallet::<T>::count_staked(self.netuid, self.staked)?;
        // A kind may begin late: who has no stakers has a take all the same.
        self.payments.sort_unstable_by_key(|(reason, _)| *reason);
        for (reason, payments) in self.payments {
            Pallet::<T>::deposit_event(Event::AlphaPaid {
                netuid: self.netuid,
                reason,
                payments,
            });
        }
        Ok(self.left)
    }
}
