//! Sharing an amount in proportion to weights.

use alloc::vec::Vec;

use dendra_primitives::{
    Rounding,
    wide::{self, U256},
};

use crate::MathError;

/// An amount cut into parts. `parts` and `dust` sum to the amount.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Split {
    /// One part per weight, in the order of the weights.
    pub parts: Vec<u64>,
    /// What nobody got: less than one unit per weight, or everything if all weights are zero.
    pub dust: u64,
}

/// `amount` shared in proportion to `weights`.
///
/// **Unit:** any; the weights only relate to each other. **Rounding:** each part down, the
/// difference is [`Split::dust`]. **Errors:** none for fewer than 2^64 weights, except `Overflow`
/// if the weights were to exceed 256 bits.
pub fn pro_rata(amount: u64, weights: &[u128]) -> Result<Split, MathError> {
    split(amount, weights.iter().map(|weight| U256::from(*weight)))
}

/// `amount` shared in proportion to `weights`, to the last unit.
///
/// Each part is first rounded down; the units that remain go, one each, to the weights with the
/// greatest remainders, and among equal remainders to the first. So no part is a whole unit away
/// from its exact value, and nothing remains.
///
/// **Errors:** `NoWeight` if all weights are zero; `Overflow` as in [`pro_rata`]. **Source:**
/// section 9.3.
pub fn largest_remainder(amount: u64, weights: &[u128]) -> Result<Vec<u64>, MathError> {
    let total = sum(weights.iter().map(|weight| U256::from(*weight)))?;
    if total.is_zero() {
        return Err(MathError::NoWeight);
    }
    let mut parts = Vec::with_capacity(weights.len());
    let mut remainders = Vec::with_capacity(weights.len());
    let mut rest = amount;
    for (index, weight) in weights.iter().enumerate() {
        // 64 + 128 bits.
        let product = wide::product(u128::from(amount), *weight);
        let part = product
            .checked_div(total)
            .and_then(wide::to_u64)
            .ok_or(MathError::Overflow)?;
        let remainder = product.checked_rem(total).ok_or(MathError::Overflow)?;
        rest = rest.checked_sub(part).ok_or(MathError::Overflow)?;
        parts.push(part);
        remainders.push((remainder, index));
    }
    // The remainders sum to `rest` times the total, and each is less than the total, so more than
    // `rest` of them are positive unless `rest` is zero.
    remainders.sort_unstable_by(|a, b| b.0.cmp(&a.0).then(a.1.cmp(&b.1)));
    for (_, index) in remainders {
        if rest == 0 {
            break;
        }
        let part = parts.get_mut(index).ok_or(MathError::Overflow)?;
        *part = part.checked_add(1).ok_or(MathError::Overflow)?;
        rest = rest.checked_sub(1).ok_or(MathError::Overflow)?;
    }
    Ok(parts)
}

/// [`pro_rata`] for weights of up to 256 bits.
pub(crate) fn split(
    amount: u64,
    weights: impl Iterator<Item = U256> + Clone,
) -> Result<Split, MathError> {
    let total = sum(weights.clone())?;
    let mut dust = amount;
    let mut parts = Vec::with_capacity(weights.size_hint().0);
    for weight in weights {
        let part = if weight.is_zero() {
            0
        } else {
            wide::mul_div(U256::from(amount), weight, total, Rounding::Down)
                .and_then(wide::to_u64)
                .ok_or(MathError::Overflow)?
        };
        dust = dust.checked_sub(part).ok_or(MathError::Overflow)?;
        parts.push(part);
    }
    Ok(Split { parts, dust })
}

fn sum(mut weights: impl Iterator<Item = U256>) -> Result<U256, MathError> {
    weights
        .try_fold(U256::zero(), U256::checked_add)
        .ok_or(MathError::Overflow)
}
