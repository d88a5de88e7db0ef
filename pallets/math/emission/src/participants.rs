//! The pots of a subnet's participants (section 3.3).

use dendra_primitives::{
    AlphaBalance, Proportion16,
    wide::{self, U256},
};

use crate::{MathError, RootProportion};

/// A block's alpha of one subnet, cut into pots. All five sum to it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Participants {
    /// For the subnet's owner.
    pub owner: AlphaBalance,
    /// For those who stake TAO on root, or recycled, see
    /// [`do_prices_exceed_one`](crate::do_prices_exceed_one).
    pub root: AlphaBalance,
    /// For miners.
    pub server: AlphaBalance,
    /// For validators.
    pub validator: AlphaBalance,
    /// What the four divisions leave, at most 3 units.
    pub dust: AlphaBalance,
}

/// `alpha` cut among the participants of a subnet.
///
/// The owner gets `owner_cut` (pass zero if the cut is disabled). Of the rest `r`, miners get
/// `r/2`, root `r·ρ/2` and validators `r·(1−ρ)/2`.
///
/// **Rounding:** each pot down, from its exact value, as the specification's example has it; the
/// dust is returned. **Errors:** none in practice (`Overflow` is unreachable). **Source:** section
/// 3.3; the reference evaluates the same with 32 fractional bits and can differ by one unit per
/// pot.
pub fn participants(
    alpha: AlphaBalance,
    owner_cut: Proportion16,
    root: RootProportion,
) -> Result<Participants, MathError> {
    let (owner, _) = alpha.split(owner_cut);
    // r in 1/65535 units: at most 80 bits.
    let rest = U256::from(
        u128::from(alpha.get()).saturating_mul(u128::from(owner_cut.complement().parts())),
    );
    let double_scale = U256::from(u32::from(Proportion16::SCALE).saturating_mul(2));
    let server = rest
        .checked_div(double_scale)
        .and_then(wide::to_u64)
        .map(AlphaBalance::new)
        .ok_or(MathError::Overflow)?;
    let root_part = root
        .scale(rest, double_scale)
        .map(AlphaBalance::new)
        .ok_or(MathError::Overflow)?;
    let validator = root
        .scale_complement(rest, double_scale)
        .map(AlphaBalance::new)
        .ok_or(MathError::Overflow)?;
    let dust = [owner, server, root_part, validator]
        .into_iter()
        .try_fold(alpha, AlphaBalance::checked_sub)
        .ok_or(MathError::Overflow)?;
    Ok(Participants {
        owner,
        root: root_part,
        server,
        validator,
        dust,
    })
}
