//! Trades with the pools of subnets: the reserves in storage, the formulas in `weighted-pool`.
//!
//! A subnet of mechanism 1 has a pool; on root and on subnets of mechanism 0 a unit of alpha is a rao, and
//! there is no fee. What is bought enters `SubnetAlphaOut`, what is sold leaves it. A quote and a trade are one
//! computation, which the trade then writes down.
//!
//! **Fees.** Of a purchase the author is paid TAO. Of a sale the fee is alpha: it is sold, after the trade it
//! belongs to and without a fee of its own, and its TAO is the author's; without an author it is burned, and
//! if the pool cannot take it, it stays in the residual of the subnet.
//!
//! **Limits** hold for what the trader trades, without the fee. They must lie beyond the present price.

mod books;
mod exchange;
mod price;
mod trade;

use dendra_primitives::{AlphaBalance, NetUid, TaoBalance};
use sp_runtime::DispatchError;
use weighted_pool::{FeeRate, Market, MathError, Pool};

use crate::{Config, Error, Pallet, PoolSettings, SubnetAlphaIn, SubnetMechanism, SubnetTAO};

/// Whether a trade pays the fee of the pool.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fee {
    /// The rate of the subnet.
    Charged,
    /// None.
    Waived,
}

/// A purchase of alpha. `used`, `fee` and `unspent` sum to the TAO offered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Purchase {
    /// Alpha that left the pool.
    pub(crate) alpha: AlphaBalance,
    /// TAO that entered it.
    pub(crate) used: TaoBalance,
    /// TAO that is the fee.
    pub(crate) fee: TaoBalance,
    /// TAO that the payer keeps because the limit was reached.
    pub(crate) unspent: TaoBalance,
}

/// A sale of alpha. `used`, `fee` and `unspent` sum to the alpha offered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Sale {
    /// TAO that left the pool.
    pub(crate) tao: TaoBalance,
    /// Alpha that entered it.
    pub(crate) used: AlphaBalance,
    /// Alpha that is the fee.
    pub(crate) fee: AlphaBalance,
    /// Alpha that the seller keeps because the limit was reached.
    pub(crate) unspent: AlphaBalance,
}

/// Alpha of one subnet that became alpha of another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Exchange {
    /// Alpha that left its owner, the fee included.
    pub(crate) sold: AlphaBalance,
    /// Part of it that is the fee; TAO, if the subnet it left has no pool.
    pub(crate) fee: AlphaBalance,
    /// Alpha that its owner keeps because the limit was reached.
    pub(crate) unspent: AlphaBalance,
    /// TAO that went from one subnet to the other.
    pub(crate) tao: TaoBalance,
    /// Alpha of the other subnet.
    pub(crate) bought: AlphaBalance,
}

impl<T: Config> Pallet<T> {
    /// Whether alpha of the subnet is traded in a pool.
    pub(crate) fn has_pool(netuid: NetUid) -> bool {
        !netuid.is_root() && SubnetMechanism::<T>::get(netuid) == 1
    }

    /// Where alpha of an existing subnet is traded.
    ///
    /// **Errors:** `SubnetNotExists`, `InsufficientLiquidity` for a pool without a reserve.
    pub(crate) fn market(netuid: NetUid) -> Result<Market, DispatchError> {
        Self::ensure_exists(netuid)?;
        if Self::has_pool(netuid) {
            Self::pool(netuid).map(Market::Pool)
        } else {
            Ok(Market::Par)
        }
    }

    /// The pool of a subnet that has one.
    ///
    /// **Errors:** `InsufficientLiquidity` if a reserve is zero.
    pub(crate) fn pool(netuid: NetUid) -> Result<Pool, DispatchError> {
        Pool::new(
            SubnetAlphaIn::<T>::get(netuid),
            SubnetTAO::<T>::get(netuid),
            T::Pools::weights(netuid),
        )
        .map_err(Self::trade_error)
    }

    fn fee_rate(netuid: NetUid, fee: Fee) -> FeeRate {
        match fee {
            Fee::Charged if Self::has_pool(netuid) => T::Pools::fee_rate(netuid),
            _ => FeeRate::ZERO,
        }
    }

    pub(crate) fn trade_error(error: MathError) -> DispatchError {
        match error {
            MathError::PriceLimitExceeded => Error::<T>::SlippageTooHigh,
            MathError::ZeroInput | MathError::ZeroOutput => Error::<T>::AmountTooLow,
            MathError::Overflow => Error::<T>::Overflow,
            _ => Error::<T>::InsufficientLiquidity,
        }
        .into()
    }
}
