//! Unstaking: alpha of a position becomes TAO.

use dendra_primitives::{AlphaBalance, NetUid, Rounding, TaoBalance, mul_div};
use frame_support::ensure;
use sp_runtime::{DispatchError, DispatchResult};

use super::check::{Holding, Traded};
use crate::{
    AccountId, Config, Error, Event, NominatorMinRequiredStake, Owner, Pallet,
    pools::{Fee, Sale},
    types::{MIN_STAKE, TradeLimit},
};

/// Millionths in one.
const MILLION: u64 = 1_000_000;

impl Sale {
    /// What the seller gives up, the fee included. The parts of a sale sum to an amount of 64 bits.
    pub(crate) fn sold(&self) -> AlphaBalance {
        self.used.saturating_add(self.fee)
    }

    fn traded(&self) -> Traded {
        Traded {
            tao: self.tao,
            is_complete: self.unspent.is_zero(),
        }
    }
}

impl<T: Config> Pallet<T> {
    /// The calls `remove_stake`, `remove_stake_limit` and `remove_stake_full_limit`; no amount is all of it.
    pub(crate) fn do_remove_stake(
        coldkey: &AccountId,
        hotkey: &AccountId,
        netuid: NetUid,
        alpha: Option<AlphaBalance>,
        limit: Option<TradeLimit>,
    ) -> DispatchResult {
        let from = Holding::new(coldkey, hotkey, netuid);
        let quote = Self::check_remove_stake(from, alpha, limit)?;
        Self::sell_stake(from, coldkey, quote, limit)?;
        // After a part of what was asked the price is at the limit, and nothing more can be sold.
        if quote.unspent.is_zero() {
            Self::clear_small_nomination(from, limit)?;
        }
        Ok(())
    }

    /// Whether stake can be sold now, and what for. No amount is the whole position, and so is one above it.
    ///
    /// **Errors:** in this order `SubnetNotExists`, `SubtokenDisabled`, `HotKeyAccountNotExists`,
    /// `NotEnoughStakeToWithdraw`, `SlippageTooHigh` and `ZeroMaxAmount` for the limit, `InsufficientLiquidity`,
    /// `AmountTooLow` for proceeds below the least stake that do not end the position.
    pub(crate) fn check_remove_stake(
        from: Holding<'_>,
        alpha: Option<AlphaBalance>,
        limit: Option<TradeLimit>,
    ) -> Result<Sale, DispatchError> {
        Self::ensure_stakeable(from)?;
        let part = Self::part_of(from, alpha.unwrap_or(AlphaBalance::new(u64::MAX)))?;
        let quote = Self::quote_within(
            limit,
            |limit| {
                let price = limit.map(TradeLimit::price_limit);
                Self::quote_sell(from.netuid, part.alpha, price, Fee::Charged)
            },
            Sale::traded,
        )?;
        Self::ensure_worthwhile(quote.traded(), part.is_all, limit)?;
        Ok(quote)
    }

    /// Sells stake as it was quoted, and pays `payee`.
    pub(crate) fn sell_stake(
        from: Holding<'_>,
        payee: &AccountId,
        quote: Sale,
        limit: Option<TradeLimit>,
    ) -> DispatchResult {
        let Holding {
            coldkey,
            hotkey,
            netuid,
        } = from;
        Self::withdraw(hotkey, coldkey, netuid, quote.sold())?;
        let offered = quote.sold().saturating_add(quote.unspent);
        let price = limit.map(TradeLimit::price_limit);
        let sale = Self::sell(payee, netuid, offered, price, Fee::Charged)?;
        ensure!(sale.sold() == quote.sold(), Error::<T>::SlippageTooHigh);
        Self::deposit_event(Event::StakeRemoved(
            coldkey.clone(),
            hotkey.clone(),
            sale.tao,
            sale.sold(),
            netuid,
            sale.fee.get(),
        ));
        Ok(())
    }

    /// The least that a nomination must be worth after its holder took something out: `NominatorMinRequiredStake`
    /// millionths of the least stake, rounded down.
    pub(crate) fn least_nomination() -> TaoBalance {
        let millionths = NominatorMinRequiredStake::<T>::get();
        let least = mul_div(MIN_STAKE, millionths, MILLION, Rounding::Down);
        // A bound beyond 64 bits is above every nomination.
        TaoBalance::new(least.unwrap_or(u64::MAX))
    }

    /// Sells what is left of a nomination, if it is worth less than the least one at the present price, and
    /// pays its holder. A rest that cannot be sold, or not within the limit of the call, stays.
    fn clear_small_nomination(from: Holding<'_>, limit: Option<TradeLimit>) -> DispatchResult {
        let least = Self::least_nomination();
        if least.is_zero() || Owner::<T>::get(from.hotkey) == *from.coldkey {
            return Ok(());
        }
        let rest = Self::available(from.hotkey, from.coldkey, from.netuid);
        let worth = Self::worth(from.netuid, rest);
        if rest.is_zero() || worth >= least {
            return Ok(());
        }
        let price = limit.map(TradeLimit::price_limit);
        match Self::quote_sell(from.netuid, rest, price, Fee::Charged) {
            Ok(quote) if quote.unspent.is_zero() => {
                Self::sell_stake(from, from.coldkey, quote, limit)
            }
            _ => Ok(()),
        }
    }

    /// What alpha is worth at the spot price, rounded down; nothing without a price. Saturates at 64 bits, more
    /// than there is.
    pub(crate) fn worth(netuid: NetUid, alpha: AlphaBalance) -> TaoBalance {
        Self::spot_price(netuid).map_or(TaoBalance::ZERO, |price| {
            price
                .tao_for(alpha, Rounding::Down)
                .unwrap_or(TaoBalance::new(u64::MAX))
        })
    }
}
