//! A validator's dividend and those who lent it their stake (section 5.2).

use alloc::vec::Vec;

use dendra_primitives::{
    AlphaBalance, Proportion16, Proportion64, Rounding, TaoBalance,
    wide::{self, U256},
};

use crate::MathError;

/// What a hotkey has staked itself, without anything lent to it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct OwnStake {
    /// Alpha on the subnet.
    pub alpha: AlphaBalance,
    /// TAO on root.
    pub root: TaoBalance,
}

impl OwnStake {
    /// `alpha + w·root` in 1/(2^64 − 1) units: at most 129 bits.
    pub(crate) fn weight(self, tao_weight: Proportion64) -> U256 {
        self.root_weight(tao_weight)
            .saturating_add(self.alpha_weight())
    }

    /// `w·root` in 1/(2^64 − 1) units: at most 128 bits.
    pub(crate) fn root_weight(self, tao_weight: Proportion64) -> U256 {
        wide::product(u128::from(tao_weight.parts()), u128::from(self.root.get()))
    }

    fn alpha_weight(self) -> U256 {
        wide::product(
            u128::from(Proportion64::SCALE),
            u128::from(self.alpha.get()),
        )
    }
}

/// A hotkey that lends a proportion of its stake to the validator.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Parent {
    /// What it has staked itself.
    pub stake: OwnStake,
    /// The proportion that it lends to this validator.
    pub proportion: Proportion64,
    /// Whether it and the validator have the same owner; then nothing is burned and no take is due.
    pub has_same_owner: bool,
}

/// What becomes of one parent's part of a dividend.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ParentPart {
    /// Passed on to the parent.
    pub paid: u64,
    /// Withheld from everybody.
    pub burned: u64,
}

/// A dividend, split. `kept` and everything in `parents` sum to it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ParentSplit {
    /// What the validator keeps: its own part, its takes, and the dust of the divisions.
    pub kept: u64,
    /// One entry per parent, in their order.
    pub parents: Vec<ParentPart>,
}

/// The dividend of a validator, split among itself and its parents by what each contributes.
///
/// `dividend` is a weight, not yet an amount: [`split_dividends`](crate::split_dividends) makes it
/// one. The validator contributes `(alpha + w·root)·(1 − lent)`, where `lent` is what it lends to
/// its own children; a parent contributes `(alpha + w·root)·proportion`. Of the part of a parent
/// with another owner, `burn` is withheld and `take` of what is left stays with the validator.
///
/// What is burned is a weight too. The caller turns it into an amount by entering it in
/// `split_dividends` with the stake of the parent, and recycles the result; the reference recycles
/// the weight as if it were an amount.
///
/// **Rounding:** what is passed on or burned is rounded down; the validator keeps the difference. A
/// validator whose contributions are all zero keeps everything. **Errors:** `Overflow`, out of
/// reach below 2^60 parents. **Source:** section 5.2.
pub fn split_among_parents(
    dividend: u64,
    tao_weight: Proportion64,
    own: OwnStake,
    lent: Proportion64,
    parents: &[Parent],
    take: Proportion16,
    burn: Proportion64,
) -> Result<ParentSplit, MathError> {
    // 129 + 64 bits each.
    let contribution = |stake: OwnStake, proportion: Proportion64| {
        stake
            .weight(tao_weight)
            .checked_mul(U256::from(proportion.parts()))
    };
    let total = parents
        .iter()
        .try_fold(contribution(own, lent.complement()), |sum, parent| {
            Some(sum?.checked_add(contribution(parent.stake, parent.proportion)?))
        })
        .flatten()
        .ok_or(MathError::Overflow)?;

    let mut kept = dividend;
    let mut parts = Vec::with_capacity(parents.len());
    for parent in parents {
        let weight = contribution(parent.stake, parent.proportion).ok_or(MathError::Overflow)?;
        if weight.is_zero() {
            parts.push(ParentPart::default());
            continue;
        }
        let part = wide::mul_div(U256::from(dividend), weight, total, Rounding::Down)
            .and_then(wide::to_u64)
            .ok_or(MathError::Overflow)?;
        let result = if parent.has_same_owner {
            ParentPart {
                paid: part,
                burned: 0,
            }
        } else {
            let (burned, left) = burn.split(part);
            // The take is what is not passed on, so that it is the passed part that rounds down.
            ParentPart {
                paid: take.complement().part_of(left),
                burned,
            }
        };
        kept = kept
            .checked_sub(result.paid)
            .and_then(|kept| kept.checked_sub(result.burned))
            .ok_or(MathError::Overflow)?;
        parts.push(result);
    }
    Ok(ParentSplit {
        kept,
        parents: parts,
    })
}
