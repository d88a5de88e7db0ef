//! Stake that goes to another hotkey, subnet or coldkey.
//!
//! On one subnet alpha just changes hands. Between two it is sold on one and the TAO buys on the other, without
//! touching the coldkey's balance; if it comes to less than the least stake, it stays as free TAO.

use dendra_primitives::{AlphaBalance, NetUid, TaoBalance, block::UNITS_PER_TOKEN};
use frame_support::ensure;
use sp_runtime::{DispatchError, DispatchResult};

use super::check::{Holding, Traded};
use crate::{
    AccountId, Config, Error, Event, Pallet, TransferToggle,
    pools::{Exchange, Fee},
    types::{MIN_STAKE, TradeLimit},
};

/// How stake gets from one position to another one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Shift {
    /// On one subnet: what changes hands, and its worth.
    Handover(AlphaBalance, TaoBalance),
    /// Between two subnets, as it was quoted.
    Exchange(Exchange),
}

/// What became of stake that was to move.
struct Shifted {
    /// What it was worth, or came to.
    tao: TaoBalance,
    /// Whether it is stake again, and not free TAO.
    is_staked: bool,
}

/// The fee of an exchange.
struct Fees {
    /// That of the sale, part of the alpha sold.
    alpha: AlphaBalance,
    /// That of the purchase, part of the TAO that the sale came to.
    tao: TaoBalance,
}

fn traded(quote: &Exchange) -> Traded {
    Traded {
        tao: quote.tao,
        is_complete: quote.unspent.is_zero(),
    }
}

impl<T: Config> Pallet<T> {
    /// The calls `move_stake` and `move_stake_limit`.
    pub(crate) fn do_move_stake(
        coldkey: &AccountId,
        from: (&AccountId, NetUid),
        to: (&AccountId, NetUid),
        alpha: AlphaBalance,
        limit: Option<TradeLimit>,
    ) -> DispatchResult {
        let from = Holding::new(coldkey, from.0, from.1);
        let to = Holding::new(coldkey, to.0, to.1);
        let shift = Self::check_shift(from, to, alpha, limit)?;
        let Shifted { tao, is_staked } = Self::shift(from, to, shift, limit)?;
        if is_staked {
            Self::deposit_event(Event::StakeMoved(
                coldkey.clone(),
                from.hotkey.clone(),
                from.netuid,
                to.hotkey.clone(),
                to.netuid,
                tao,
            ));
        }
        Ok(())
    }

    /// The call `transfer_stake`.
    pub(crate) fn do_transfer_stake(
        coldkey: &AccountId,
        destination_coldkey: &AccountId,
        hotkey: &AccountId,
        subnets: (NetUid, NetUid),
        alpha: AlphaBalance,
    ) -> DispatchResult {
        let from = Holding::new(coldkey, hotkey, subnets.0);
        let to = Holding::new(destination_coldkey, hotkey, subnets.1);
        let shift = Self::check_transfer(from, to, alpha)?;
        // Free TAO is the receiver's too, so this is told in any case.
        let Shifted { tao, .. } = Self::shift(from, to, shift, None)?;
        Self::deposit_event(Event::StakeTransferred(
            coldkey.clone(),
            destination_coldkey.clone(),
            hotkey.clone(),
            from.netuid,
            to.netuid,
            tao,
        ));
        Ok(())
    }

    /// The calls `swap_stake` and `swap_stake_limit`.
    pub(crate) fn do_swap_stake(
        coldkey: &AccountId,
        hotkey: &AccountId,
        subnets: (NetUid, NetUid),
        alpha: AlphaBalance,
        limit: Option<TradeLimit>,
    ) -> DispatchResult {
        let from = Holding::new(coldkey, hotkey, subnets.0);
        let to = Holding::new(coldkey, hotkey, subnets.1);
        let shift = Self::check_shift(from, to, alpha, limit)?;
        let Shifted { tao, is_staked } = Self::shift(from, to, shift, limit)?;
        if is_staked {
            Self::deposit_event(Event::StakeSwapped(
                coldkey.clone(),
                hotkey.clone(),
                from.netuid,
                to.netuid,
                tao,
            ));
        }
        Ok(())
    }

    /// Whether stake can go to another coldkey now, and how.
    ///
    /// **Errors:** `CannotUseSystemAccount` for an account of the chain itself, then those of
    /// [`Self::check_shift`]; `TransferDisallowed` follows when both subnets are known to be open.
    pub(crate) fn check_transfer(
        from: Holding<'_>,
        to: Holding<'_>,
        alpha: AlphaBalance,
    ) -> Result<Shift, DispatchError> {
        Self::ensure_ordinary_account(to.coldkey)?;
        Self::check_places(from, to)?;
        ensure!(
            TransferToggle::<T>::get(from.netuid) && TransferToggle::<T>::get(to.netuid),
            Error::<T>::TransferDisallowed
        );
        Self::check_amount(from, to, alpha, None)
    }

    /// Whether stake can go from one position to another one now, and how.
    ///
    /// **Errors:** in this order `SameNetuid` if it is the same one; for the origin and then the destination
    /// `SubnetNotExists`, `SubtokenDisabled`, `HotKeyAccountNotExists`; `NotEnoughStakeToWithdraw`,
    /// `SlippageTooHigh` and `ZeroMaxAmount` for the limit, `InsufficientLiquidity`, and `AmountTooLow` for
    /// proceeds below the least stake that do not end the position. On one subnet the worth at the spot price
    /// is meant, and it has no exception: dust does not change hands.
    pub(crate) fn check_shift(
        from: Holding<'_>,
        to: Holding<'_>,
        alpha: AlphaBalance,
        limit: Option<TradeLimit>,
    ) -> Result<Shift, DispatchError> {
        Self::check_places(from, to)?;
        Self::check_amount(from, to, alpha, limit)
    }

    fn check_places(from: Holding<'_>, to: Holding<'_>) -> DispatchResult {
        ensure!(from != to, Error::<T>::SameNetuid);
        Self::ensure_stakeable(from)?;
        Self::ensure_stakeable(to)
    }

    fn check_amount(
        from: Holding<'_>,
        to: Holding<'_>,
        alpha: AlphaBalance,
        limit: Option<TradeLimit>,
    ) -> Result<Shift, DispatchError> {
        let part = Self::part_of(from, alpha)?;
        if from.netuid == to.netuid {
            // A unit becomes a unit.
            ensure!(
                limit.is_none_or(|limit| limit.price.get() <= UNITS_PER_TOKEN),
                Self::nothing_possible(limit)
            );
            let worth = Self::worth(from.netuid, part.alpha);
            ensure!(worth.get() >= MIN_STAKE, Error::<T>::AmountTooLow);
            return Ok(Shift::Handover(part.alpha, worth));
        }
        let quote = Self::quote_within(
            limit,
            |limit| Self::quote_exchange(from.netuid, to.netuid, part.alpha, ratio(limit)),
            traded,
        )?;
        Self::ensure_worthwhile(traded(&quote), part.is_all, limit)?;
        Ok(Shift::Exchange(quote))
    }

    /// Moves stake as it was quoted.
    fn shift(
        from: Holding<'_>,
        to: Holding<'_>,
        shift: Shift,
        limit: Option<TradeLimit>,
    ) -> Result<Shifted, DispatchError> {
        match shift {
            Shift::Handover(alpha, worth) => {
                Self::hand_over(from, to, alpha)?;
                Ok(Shifted {
                    tao: worth,
                    is_staked: true,
                })
            }
            // Only what ends a position can come to that little.
            Shift::Exchange(quote) if quote.tao.get() < MIN_STAKE => {
                let sale = Self::quote_sell(from.netuid, quote.sold, None, Fee::Charged)?;
                Self::sell_stake(from, to.coldkey, sale, None)?;
                Ok(Shifted {
                    tao: sale.tao,
                    is_staked: false,
                })
            }
            Shift::Exchange(quote) => {
                let done = Self::exchange_stake(from, to.netuid, quote, limit)?;
                let Fees { tao: fee, .. } = Self::fees(from.netuid, &done);
                Self::deposit(to.hotkey, to.coldkey, to.netuid, done.bought)?;
                if from.coldkey == to.coldkey {
                    Self::note_staking(to.coldkey, to.hotkey);
                }
                Self::deposit_event(Event::StakeAdded(
                    to.coldkey.clone(),
                    to.hotkey.clone(),
                    done.tao.saturating_add(fee),
                    done.bought,
                    to.netuid,
                    fee.get(),
                ));
                Ok(Shifted {
                    tao: done.tao,
                    is_staked: true,
                })
            }
        }
    }

    /// Moves alpha between two positions of a subnet. A unit that leaves one reaches the other.
    fn hand_over(from: Holding<'_>, to: Holding<'_>, alpha: AlphaBalance) -> DispatchResult {
        Self::withdraw(from.hotkey, from.coldkey, from.netuid, alpha)?;
        Self::deposit(to.hotkey, to.coldkey, to.netuid, alpha)?;
        Self::deposit_event(Event::AlphaMoved {
            netuid: from.netuid,
            from: (from.hotkey.clone(), from.coldkey.clone()),
            to: (to.hotkey.clone(), to.coldkey.clone()),
            alpha,
        });
        Ok(())
    }

    /// Exchanges stake for alpha of another subnet as it was quoted. What was bought belongs to whoever the
    /// caller credits.
    pub(crate) fn exchange_stake(
        from: Holding<'_>,
        to: NetUid,
        quote: Exchange,
        limit: Option<TradeLimit>,
    ) -> Result<Exchange, DispatchError> {
        Self::withdraw(from.hotkey, from.coldkey, from.netuid, quote.sold)?;
        let offered = quote.sold.saturating_add(quote.unspent);
        let done = Self::exchange(from.netuid, to, offered, ratio(limit))?;
        ensure!(done.sold == quote.sold, Error::<T>::SlippageTooHigh);
        let Fees { alpha: fee, tao } = Self::fees(from.netuid, &done);
        Self::deposit_event(Event::StakeRemoved(
            from.coldkey.clone(),
            from.hotkey.clone(),
            done.tao.saturating_add(tao),
            done.sold,
            from.netuid,
            fee.get(),
        ));
        Ok(done)
    }

    /// The fee of an exchange as its two legs state it: one of them has none.
    fn fees(from: NetUid, exchange: &Exchange) -> Fees {
        if Self::has_pool(from) {
            Fees {
                alpha: exchange.fee,
                tao: TaoBalance::ZERO,
            }
        } else {
            Fees {
                alpha: AlphaBalance::ZERO,
                tao: TaoBalance::new(exchange.fee.get()),
            }
        }
    }
}

/// The limit of an exchange: alpha bought per 10^9 of alpha sold.
fn ratio(limit: Option<TradeLimit>) -> Option<u64> {
    limit.map(|limit| limit.price.get())
}
