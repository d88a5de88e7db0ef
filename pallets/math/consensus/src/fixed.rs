//! Proportions with 32 fractional bits.
//!
//! Section 1 of the specification computes the epoch in a signed 64-bit format with 32 fractional
//! bits (`F32`). Every quantity of the epoch that is stored, compared or multiplied is a proportion,
//! so the sign and 31 of the integer bits are never used: a value is a `u64` in `0..=2^32`. Two such
//! values multiply within 64 bits (the one exception, `1·1`, is handled where it can occur), which
//! keeps 128-bit arithmetic out of every loop over weights.

#![allow(
    clippy::arithmetic_side_effects,
    reason = "operands are proportions (at most 2^32) or u16 values; each function states its bound"
)]

/// Bits of the proportion 1.
pub(crate) const ONE: u64 = 1 << 32;

/// A number in `0..=1` with 32 fractional bits: the `F32` of section 1, restricted to proportions.
///
/// **Unit**: the bits count `2^-32`. **Rounding**: every operation rounds down.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(transparent)]
pub struct Proportion(u64);

impl Proportion {
    /// Nothing.
    pub const ZERO: Self = Self(0);
    /// The whole.
    pub const ONE: Self = Self(ONE);

    /// Wraps raw bits; `None` above `2^32`.
    pub const fn from_bits(bits: u64) -> Option<Self> {
        if bits <= ONE { Some(Self(bits)) } else { None }
    }

    /// Wraps raw bits that the caller knows to be at most `2^32`.
    pub(crate) const fn from_bits_bounded(bits: u64) -> Self {
        debug_assert!(bits <= ONE);
        Self(bits)
    }

    /// Raw bits, `0..=2^32`.
    pub const fn to_bits(self) -> u64 {
        self.0
    }

    /// A stored proportion `value/65535`, rounded down (section 1, "proportion parameter").
    ///
    /// `2^32 = 65535·65537 + 1`, hence `⌊value·2^32/65535⌋ = value·65537`, plus one when `value` is
    /// 65535: no division is needed.
    pub const fn from_u16(value: u16) -> Self {
        Self(value as u64 * 65_537 + (value == u16::MAX) as u64)
    }

    /// `value/10^6`, rounded down; `None` above one million (sections 3 and 6.3).
    pub const fn from_millionths(value: u64) -> Option<Self> {
        if value <= 1_000_000 {
            Some(Self((value << 32) / 1_000_000))
        } else {
            None
        }
    }

    /// `part/whole`, rounded down. 0 if `whole` is 0; a part above the whole counts as the whole.
    pub const fn ratio(part: u64, whole: u64) -> Self {
        if whole == 0 {
            Self::ZERO
        } else if part >= whole {
            Self::ONE
        } else if part < ONE {
            Self((part << 32) / whole)
        } else {
            Self((((part as u128) << 32) / whole as u128) as u64)
        }
    }

    /// The stored form `Q(x) = ⌊x·65535⌋` (section 1).
    pub const fn quantise(self) -> u16 {
        ((self.0 * 65_535) >> 32) as u16
    }

    /// `⌊self·amount⌋`, in the unit of `amount` (`amount(x)` of section 7).
    pub const fn of(self, amount: u64) -> u64 {
        ((self.0 as u128 * amount as u128) >> 32) as u64
    }

    /// `self·other`, rounded down.
    pub const fn times(self, other: Self) -> Self {
        Self(mul(self.0, other.0))
    }

    /// `1 − self`, exact.
    pub const fn complement(self) -> Self {
        Self(ONE - self.0)
    }
}

/// `⌊a·b/2^32⌋` for two proportions in bits. Only `1·1` needs 65 bits, so `b = 1` is told apart.
#[inline(always)]
pub(crate) const fn mul(a: u64, b: u64) -> u64 {
    debug_assert!(a <= ONE && b <= ONE);
    if b == ONE { a } else { (a * b) >> 32 }
}

/// `⌈a·b/2^32⌉` for two proportions in bits: `(2^32)(2^32−1) + (2^32−1) = 2^64 − 1` still fits.
#[inline(always)]
pub(crate) const fn mul_ceil(a: u64, b: u64) -> u64 {
    debug_assert!(a <= ONE && b <= ONE);
    if b == ONE {
        a
    } else {
        (a * b + (ONE - 1)) >> 32
    }
}

/// Exact sum of at most 65 536 proportions, in bits (at most `2^48`).
pub(crate) fn total(values: &[Proportion]) -> u64 {
    values.iter().map(|value| value.0).sum()
}

/// Divides every entry by the sum; a zero sum leaves the zeros as they are (section 1).
pub(crate) fn normalise(values: &mut [Proportion]) {
    let whole = total(values);
    for value in values {
        *value = Proportion::ratio(value.0, whole);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stored_proportions_match_the_truncated_quotient() {
        for value in 0..=u16::MAX {
            let expected = (u64::from(value) << 32) / 65_535;
            assert_eq!(Proportion::from_u16(value).to_bits(), expected);
        }
    }

    #[test]
    fn quantisation_follows_the_examples_of_section_1() {
        assert_eq!(Proportion::ratio(1, 2).quantise(), 32_767);
        assert_eq!(Proportion::from_bits_bounded(ONE - 1).quantise(), 65_534);
        assert_eq!(Proportion::ONE.quantise(), 65_535);
        assert_eq!(Proportion::from_u16(u16::MAX), Proportion::ONE);
    }

    #[test]
    fn products_reach_the_ends_of_the_range() {
        assert_eq!(mul(ONE, ONE), ONE);
        assert_eq!(mul_ceil(ONE, ONE), ONE);
        assert_eq!(mul(ONE, ONE - 1), ONE - 1);
        assert_eq!(mul_ceil(ONE, ONE - 1), ONE - 1);
        assert_eq!(mul(1, 1), 0);
        assert_eq!(mul_ceil(1, 1), 1);
        assert_eq!(mul_ceil(0, ONE), 0);
    }

    #[test]
    fn ratios_of_large_and_zero_wholes_are_defined() {
        assert_eq!(Proportion::ratio(5, 0), Proportion::ZERO);
        assert_eq!(Proportion::ratio(ONE, ONE), Proportion::ONE);
        assert_eq!(Proportion::ratio(ONE, 3 * ONE).to_bits(), ONE / 3);
        assert_eq!(Proportion::ratio(7, 3), Proportion::ONE);
    }

    #[test]
    fn amounts_of_the_whole_are_exact() {
        assert_eq!(Proportion::ONE.of(u64::MAX), u64::MAX);
        assert_eq!(
            Proportion::from_bits_bounded(1).of(u64::MAX),
            u64::MAX >> 32
        );
    }
}
