//! What can be wrong with a pool or a trade.

use core::fmt;

/// Why a formula has no result.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MathError {
    /// A reserve of zero.
    ZeroReserve,
    /// A trade of nothing.
    ZeroInput,
    /// A trade that would return nothing.
    ZeroOutput,
    /// A trade after which the reserve it is paid from would be below
    /// [`MIN_RESERVE`](crate::MIN_RESERVE).
    ReservesTooLow,
    /// A trade of more than [`MAX_INPUT_RATIO`](crate::MAX_INPUT_RATIO) times the reserve it is
    /// added to.
    InputTooLarge,
    /// A price limit that the present price has reached or passed.
    PriceLimitExceeded,
    /// A weight below 0.01 or above 0.99.
    WeightOutOfRange,
    /// A fee rate above [`FeeRate::MAX`](crate::FeeRate::MAX).
    FeeRateTooHigh,
    /// A rate of the moving price above one or without a denominator.
    InvalidMovingRate,
    /// A result exceeds its type; amounts within the maximal supply never cause it.
    Overflow,
}

impl fmt::Display for MathError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::ZeroReserve => "a reserve is zero",
            Self::ZeroInput => "nothing is traded in",
            Self::ZeroOutput => "nothing would be traded out",
            Self::ReservesTooLow => "the trade leaves too small a reserve",
            Self::InputTooLarge => "the trade is too large for the reserve it is added to",
            Self::PriceLimitExceeded => "the price has already reached the limit",
            Self::WeightOutOfRange => "a weight is not between 0.01 and 0.99",
            Self::FeeRateTooHigh => "the fee rate is too high",
            Self::InvalidMovingRate => "the rate of the moving price is not between 0 and 1",
            Self::Overflow => "a result exceeds its type",
        })
    }
}

impl core::error::Error for MathError {}
