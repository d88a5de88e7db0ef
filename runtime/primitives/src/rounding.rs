//! Multiplication and division in one step, with the rounding as an argument.

/// What happens to the part of a quotient below one unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Rounding {
    /// Drop it.
    Down,
    /// Count any part as a whole unit.
    Up,
    /// To the nearer integer; a half counts as a whole unit.
    Nearest,
}

impl Rounding {
    /// Whether a quotient grows by one unit, given its remainder, which is less than the divisor.
    pub(crate) fn rounds_up<T: Ord + Copy + Default>(
        self,
        remainder: T,
        distance_to_next: T,
    ) -> bool {
        match self {
            Self::Down => false,
            Self::Up => remainder > T::default(),
            Self::Nearest => remainder > T::default() && remainder >= distance_to_next,
        }
    }
}

/// `a · b / c` with a 128-bit product; `None` if `c` is zero or the result exceeds 64 bits.
#[must_use]
pub fn mul_div(a: u64, b: u64, c: u64, rounding: Rounding) -> Option<u64> {
    let divisor = u128::from(c);
    let product = u128::from(a).checked_mul(u128::from(b))?;
    let quotient = product.checked_div(divisor)?;
    let remainder = product.checked_rem(divisor)?;
    let up = rounding.rounds_up(remainder, divisor.checked_sub(remainder)?);
    u64::try_from(quotient.checked_add(u128::from(up))?).ok()
}
