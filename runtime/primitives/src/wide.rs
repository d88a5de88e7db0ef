//! Integers wider than the language has, and the one multiplication and division that needs them.

use crate::Rounding;

pub use primitive_types::{U256, U512};

/// `a · b / c` with a 512-bit product; `None` if `c` is zero or the result exceeds 256 bits.
#[must_use]
pub fn mul_div(a: U256, b: U256, c: U256, rounding: Rounding) -> Option<U256> {
    if c.is_zero() {
        return None;
    }
    // A product that fits 256 bits, the usual case, divides several times faster.
    let (quotient, remainder) = match a.checked_mul(b) {
        Some(product) => product.div_mod(c),
        None => {
            let (quotient, remainder) = a.full_mul(b).div_mod(U512::from(c));
            (
                U256::try_from(quotient).ok()?,
                U256::try_from(remainder).ok()?,
            )
        }
    };
    let up = rounding.rounds_up(remainder, c.checked_sub(remainder)?);
    quotient.checked_add(U256::from(u8::from(up)))
}

/// `value` as 64 bits; `None` if it exceeds them.
#[must_use]
pub fn to_u64(value: U256) -> Option<u64> {
    u64::try_from(value).ok()
}

/// `value` as 128 bits; `None` if it exceeds them.
#[must_use]
pub fn to_u128(value: U256) -> Option<u128> {
    u128::try_from(value).ok()
}

/// The product of two 128-bit integers, exact: it always fits 256 bits.
#[must_use]
pub fn product(a: u128, b: u128) -> U256 {
    // (2^128 − 1)² < 2^256, so the multiplication cannot saturate.
    U256::from(a).saturating_mul(U256::from(b))
}

/// `value / 2^bits`, rounded down.
#[must_use]
#[allow(clippy::arithmetic_side_effects)] // Shifting this type drops bits and never panics.
pub fn shift_right(value: U256, bits: u32) -> U256 {
    if bits > 255 {
        U256::zero()
    } else {
        value >> bits
    }
}

/// `value · 2^bits`; `None` if it exceeds 256 bits.
#[must_use]
#[allow(clippy::arithmetic_side_effects)] // As above; the comparison excludes that bits are dropped.
pub fn shift_left(value: U256, bits: u32) -> Option<U256> {
    (value.is_zero() || bits <= value.leading_zeros()).then(|| value << bits.min(255))
}
