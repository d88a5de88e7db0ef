//! The conditions that all calls about stake share (section 8.2 of the economics).
//!
//! Each call has a function that checks and quotes, and one that executes what was quoted. The validity stage
//! asks the first one, so that both give the same answer.

use dendra_primitives::{AlphaBalance, NetUid, TaoBalance};
use frame_support::ensure;
use sp_runtime::{DispatchError, DispatchResult};
use weighted_pool::PriceLimit;

use crate::{
    AccountId, Config, Error, Pallet, SubtokenEnabled,
    types::{MIN_STAKE, TradeLimit},
};

/// A position: whose stake, on which hotkey, on which subnet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Holding<'a> {
    /// Whose stake.
    pub(crate) coldkey: &'a AccountId,
    /// The hotkey staked on.
    pub(crate) hotkey: &'a AccountId,
    /// The subnet.
    pub(crate) netuid: NetUid,
}

impl<'a> Holding<'a> {
    /// The position of a coldkey on a hotkey.
    pub(crate) const fn new(coldkey: &'a AccountId, hotkey: &'a AccountId, netuid: NetUid) -> Self {
        Self {
            coldkey,
            hotkey,
            netuid,
        }
    }
}

/// What a call takes of a position.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Part {
    /// At most what can be taken.
    pub(crate) alpha: AlphaBalance,
    /// Whether nothing is left.
    pub(crate) is_all: bool,
}

/// What a trade came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Traded {
    /// TAO that went into a pool or came out of it.
    pub(crate) tao: TaoBalance,
    /// Whether all that was offered was traded.
    pub(crate) is_complete: bool,
}

impl TradeLimit {
    /// The price alone.
    pub(crate) fn price_limit(self) -> PriceLimit {
        PriceLimit::from_rao(self.price.get())
    }
}

impl<T: Config> Pallet<T> {
    /// That stake of a subnet can be traded: it exists, and its alpha may be staked. Root is always open.
    ///
    /// **Errors:** `SubnetNotExists`, `SubtokenDisabled`.
    pub(crate) fn ensure_open(netuid: NetUid) -> DispatchResult {
        Self::ensure_exists(netuid)?;
        ensure!(
            netuid.is_root() || SubtokenEnabled::<T>::get(netuid),
            Error::<T>::SubtokenDisabled
        );
        Ok(())
    }

    /// That somebody owns the hotkey.
    ///
    /// **Errors:** `HotKeyAccountNotExists`.
    pub(crate) fn ensure_owned(hotkey: &AccountId) -> DispatchResult {
        ensure!(Self::is_owned(hotkey), Error::<T>::HotKeyAccountNotExists);
        Ok(())
    }

    /// That stake can be put into a position, or taken from it.
    ///
    /// **Errors:** `SubnetNotExists`, `SubtokenDisabled`, `HotKeyAccountNotExists`.
    pub(crate) fn ensure_stakeable(holding: Holding<'_>) -> DispatchResult {
        Self::ensure_open(holding.netuid)?;
        Self::ensure_owned(holding.hotkey)
    }

    /// What of a position its holder may take out, rounded down.
    ///
    /// Everything, as long as there are no locks. This is the one place where locked stake will count: it is
    /// then what the coldkey holds on the subnet less what of it is locked (section 14.3), at most the position.
    pub fn available(hotkey: &AccountId, coldkey: &AccountId, netuid: NetUid) -> AlphaBalance {
        Self::stake_of(hotkey, coldkey, netuid)
    }

    /// What a holder who asks for `alpha` may take out: at most what is there.
    ///
    /// **Errors:** `AmountTooLow` for nothing, `NotEnoughStakeToWithdraw` if there is nothing.
    pub(crate) fn part_of(
        holding: Holding<'_>,
        alpha: AlphaBalance,
    ) -> Result<Part, DispatchError> {
        ensure!(!alpha.is_zero(), Error::<T>::AmountTooLow);
        let Holding {
            coldkey,
            hotkey,
            netuid,
        } = holding;
        let most = Self::available(hotkey, coldkey, netuid);
        ensure!(!most.is_zero(), Error::<T>::NotEnoughStakeToWithdraw);
        let alpha = alpha.min(most);
        Ok(Part {
            alpha,
            is_all: alpha == Self::stake_of(hotkey, coldkey, netuid),
        })
    }

    /// A quote under a limit, as `quote` gives it for a bare price or ratio.
    ///
    /// **Errors:** those of `quote`. If only a part is possible: `SlippageTooHigh`, unless the limit allows
    /// that. If nothing is: `SlippageTooHigh`, or `ZeroMaxAmount` if a part would do.
    pub(crate) fn quote_within<Quote>(
        limit: Option<TradeLimit>,
        quote: impl Fn(Option<TradeLimit>) -> Result<Quote, DispatchError>,
        traded: impl Fn(&Quote) -> Traded,
    ) -> Result<Quote, DispatchError> {
        let allows_part = limit.is_some_and(|limit| limit.allow_partial);
        let too_high: DispatchError = Error::<T>::SlippageTooHigh.into();
        let too_low: DispatchError = Error::<T>::AmountTooLow.into();
        match quote(limit) {
            Ok(quoted) if traded(&quoted).is_complete || allows_part => Ok(quoted),
            Ok(_) => Err(too_high),
            Err(error) if error == too_high => Err(Self::nothing_possible(limit)),
            // Too little by itself, or because of the limit.
            Err(error) if error == too_low && limit.is_some() => {
                quote(None)?;
                Err(Self::nothing_possible(limit))
            }
            Err(error) => Err(error),
        }
    }

    /// That a trade is not too small: it comes to the least stake, or ends a position.
    ///
    /// **Errors:** `AmountTooLow`. If the limit leaves too little: `SlippageTooHigh`, or `ZeroMaxAmount` if a
    /// part would do.
    pub(crate) fn ensure_worthwhile(
        traded: Traded,
        is_all: bool,
        limit: Option<TradeLimit>,
    ) -> DispatchResult {
        if traded.tao.get() >= MIN_STAKE || (traded.is_complete && is_all) {
            return Ok(());
        }
        Err(if traded.is_complete {
            Error::<T>::AmountTooLow.into()
        } else {
            Self::nothing_possible(limit)
        })
    }

    /// Why a limit that leaves nothing to trade is refused.
    pub(crate) fn nothing_possible(limit: Option<TradeLimit>) -> DispatchError {
        if limit.is_some_and(|limit| limit.allow_partial) {
            Error::<T>::ZeroMaxAmount.into()
        } else {
            Error::<T>::SlippageTooHigh.into()
        }
    }
}
