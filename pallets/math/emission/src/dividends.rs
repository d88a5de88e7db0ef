//! Dividends as amounts of the two pots (section 5.3).

use alloc::vec::Vec;

use dendra_primitives::{
    AlphaBalance, Proportion64, Rounding,
    wide::{self, U256},
};

use crate::{MathError, OwnStake, pro_rata};

/// What a hotkey brings to the sharing of the pots.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct DividendClaim {
    /// Its dividend after [`split_among_parents`](crate::split_among_parents), as a weight.
    pub weight: u64,
    /// What it has staked itself.
    pub stake: OwnStake,
}

/// The two pots, shared. The parts and the residual of each sum to the pot.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Dividends {
    /// Alpha of the validator pot, one per claim.
    pub alpha: Vec<AlphaBalance>,
    /// Alpha of the root pot, one per claim.
    pub root: Vec<AlphaBalance>,
    /// What is left of the validator pot: less than one unit per claim, or all of it if nobody has
    /// a claim of that kind. It belongs to the pot of the next epoch.
    pub alpha_residual: AlphaBalance,
    /// The same of the root pot.
    pub root_residual: AlphaBalance,
}

/// Fractional bits of the two halves of a weight.
const WEIGHT_BITS: u32 = 64;

/// The validator pot and the root pot, shared by dividends.
///
/// A weight divides into a root half `weight·w·root / (alpha + w·root)` and an alpha half, the
/// rest. Each pot is shared by its half. A hotkey without own stake has no root half.
///
/// **Rounding:** the root half down at 64 fractional bits; amounts down; what is left is returned.
/// The delegate's take of an amount is [`AlphaBalance::split`]. **Errors:** none in practice
/// (`Overflow` is unreachable). **Source:** section 5.3.
pub fn split_dividends(
    validator_pot: AlphaBalance,
    root_pot: AlphaBalance,
    tao_weight: Proportion64,
    claims: &[DividendClaim],
) -> Result<Dividends, MathError> {
    let mut alpha_weights = Vec::with_capacity(claims.len());
    let mut root_weights = Vec::with_capacity(claims.len());
    for claim in claims {
        let whole = u128::from(claim.weight)
            .checked_shl(WEIGHT_BITS)
            .ok_or(MathError::Overflow)?;
        let root_stake = claim.stake.root_weight(tao_weight);
        let root_half = if root_stake.is_zero() {
            0
        } else {
            wide::mul_div(
                U256::from(whole),
                root_stake,
                claim.stake.weight(tao_weight),
                Rounding::Down,
            )
            .and_then(wide::to_u128)
            .ok_or(MathError::Overflow)?
        };
        root_weights.push(root_half);
        alpha_weights.push(whole.checked_sub(root_half).ok_or(MathError::Overflow)?);
    }
    let alpha = pro_rata(validator_pot.get(), &alpha_weights)?;
    let root = pro_rata(root_pot.get(), &root_weights)?;
    Ok(Dividends {
        alpha: alpha.parts.into_iter().map(AlphaBalance::new).collect(),
        root: root.parts.into_iter().map(AlphaBalance::new).collect(),
        alpha_residual: AlphaBalance::new(alpha.dust),
        root_residual: AlphaBalance::new(root.dust),
    })
}
