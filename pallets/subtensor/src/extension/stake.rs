//! What is certain about a call that stakes, unstakes or moves stake.

use dendra_primitives::{AlphaBalance, NetUid, TaoBalance};
use sp_runtime::DispatchResult;

use crate::{AccountId, Call, Config, Pallet, stake::Holding, types::TradeLimit};

/// The limit of a call that names one.
fn limit(price: &TaoBalance, allow_partial: &bool) -> Option<TradeLimit> {
    Some(TradeLimit {
        price: *price,
        allow_partial: *allow_partial,
    })
}

/// The limit of a call that may name one, and has to be met entirely.
fn strict(price: &Option<TaoBalance>) -> Option<TradeLimit> {
    price.map(|price| TradeLimit {
        price,
        allow_partial: false,
    })
}

impl<T: Config> Pallet<T> {
    /// The part of [`Self::foresee`] that is about stake. Every arm makes the checks of its call.
    pub(super) fn foresee_stake(coldkey: &AccountId, call: &Call<T>) -> Option<DispatchResult> {
        Self::foresee_trade(coldkey, call)
            .or_else(|| Self::foresee_shift(coldkey, call))
            .or_else(|| Self::foresee_discard(coldkey, call))
    }

    fn foresee_trade(coldkey: &AccountId, call: &Call<T>) -> Option<DispatchResult> {
        let add = |hotkey, netuid: &NetUid, tao: &TaoBalance, limit| {
            let to = place(coldkey, hotkey, netuid);
            Self::check_add_stake(to, *tao, limit).map(|_| ())
        };
        let remove = |hotkey, netuid: &NetUid, alpha: Option<&AlphaBalance>, limit| {
            let from = place(coldkey, hotkey, netuid);
            Self::check_remove_stake(from, alpha.copied(), limit).map(|_| ())
        };
        Some(match call {
            Call::add_stake {
                hotkey,
                netuid,
                amount_staked,
            } => add(hotkey, netuid, amount_staked, None),
            Call::add_stake_limit {
                hotkey,
                netuid,
                amount_staked,
                limit_price,
                allow_partial,
            } => add(
                hotkey,
                netuid,
                amount_staked,
                limit(limit_price, allow_partial),
            ),
            Call::add_stake_burn {
                hotkey,
                netuid,
                amount,
                limit,
            } => Self::check_add_stake_burn(coldkey, hotkey, *netuid, *amount, strict(limit))
                .map(|_| ()),
            Call::remove_stake {
                hotkey,
                netuid,
                amount_unstaked,
            } => remove(hotkey, netuid, Some(amount_unstaked), None),
            Call::remove_stake_limit {
                hotkey,
                netuid,
                amount_unstaked,
                limit_price,
                allow_partial,
            } => remove(
                hotkey,
                netuid,
                Some(amount_unstaked),
                limit(limit_price, allow_partial),
            ),
            Call::remove_stake_full_limit {
                hotkey,
                netuid,
                limit_price,
            } => remove(hotkey, netuid, None, strict(limit_price)),
            Call::unstake_all { hotkey } | Call::unstake_all_alpha { hotkey } => {
                Self::ensure_owned(hotkey)
            }
            _ => return None,
        })
    }

    fn foresee_shift(coldkey: &AccountId, call: &Call<T>) -> Option<DispatchResult> {
        let shift = |from, to, alpha: &AlphaBalance, limit| {
            Self::check_shift(from, to, *alpha, limit).map(|_| ())
        };
        Some(match call {
            Call::move_stake {
                origin_hotkey,
                destination_hotkey,
                origin_netuid,
                destination_netuid,
                alpha_amount,
            } => shift(
                place(coldkey, origin_hotkey, origin_netuid),
                place(coldkey, destination_hotkey, destination_netuid),
                alpha_amount,
                None,
            ),
            Call::move_stake_limit {
                origin_hotkey,
                destination_hotkey,
                origin_netuid,
                destination_netuid,
                alpha_amount,
                limit_price,
                allow_partial,
            } => shift(
                place(coldkey, origin_hotkey, origin_netuid),
                place(coldkey, destination_hotkey, destination_netuid),
                alpha_amount,
                limit(limit_price, allow_partial),
            ),
            Call::swap_stake {
                hotkey,
                origin_netuid,
                destination_netuid,
                alpha_amount,
            } => shift(
                place(coldkey, hotkey, origin_netuid),
                place(coldkey, hotkey, destination_netuid),
                alpha_amount,
                None,
            ),
            Call::swap_stake_limit {
                hotkey,
                origin_netuid,
                destination_netuid,
                alpha_amount,
                limit_price,
                allow_partial,
            } => shift(
                place(coldkey, hotkey, origin_netuid),
                place(coldkey, hotkey, destination_netuid),
                alpha_amount,
                limit(limit_price, allow_partial),
            ),
            Call::transfer_stake {
                destination_coldkey,
                hotkey,
                origin_netuid,
                destination_netuid,
                alpha_amount,
            } => Self::check_transfer(
                place(coldkey, hotkey, origin_netuid),
                place(destination_coldkey, hotkey, destination_netuid),
                *alpha_amount,
            )
            .map(|_| ()),
            _ => return None,
        })
    }

    fn foresee_discard(coldkey: &AccountId, call: &Call<T>) -> Option<DispatchResult> {
        let (Call::recycle_alpha {
            hotkey,
            amount,
            netuid,
        }
        | Call::burn_alpha {
            hotkey,
            amount,
            netuid,
        }) = call
        else {
            return None;
        };
        let from = place(coldkey, hotkey, netuid);
        Some(Self::check_discard(from, *amount).map(|_| ()))
    }
}

fn place<'a>(coldkey: &'a AccountId, hotkey: &'a AccountId, netuid: &NetUid) -> Holding<'a> {
    Holding::new(coldkey, hotkey, *netuid)
}
