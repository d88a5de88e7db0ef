//! Shares of subnets in the TAO of a block (section 3.1).

use alloc::vec::Vec;

use dendra_primitives::{MovingPrice, Proportion64, TaoBalance, wide};

use crate::{MathError, pro_rata};

/// What an eligible subnet brings to the sharing of a block's TAO.
///
/// Eligible is a subnet other than root whose start call is done, whose subtoken is enabled and
/// which accepts registrations; the caller leaves the others out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SubnetClaim {
    /// Its moving price.
    pub moving_price: MovingPrice,
    /// The part of its last epoch's miner emission that was withheld, see [`miner_burned`].
    pub miner_burned: Proportion64,
    /// Whether it may receive TAO. One that may not still counts when it is decided whether anybody
    /// has a weight.
    pub is_enabled: bool,
}

/// A block's TAO, shared among subnets. `amounts` and `rest` sum to it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SubnetShares {
    /// One amount per claim, in the order of the claims.
    pub amounts: Vec<TaoBalance>,
    /// What no subnet got, to be recycled: less than one unit per claim, or everything if no
    /// enabled subnet has a weight.
    pub rest: TaoBalance,
}

/// `emission` shared by `moving price · (1 − miner burned)` among the enabled subnets.
///
/// If that weight is zero for every claim, enabled or not, the moving prices alone decide.
///
/// **Rounding:** each amount down, directly from the exact share; the rest is returned.
/// Renormalising over the enabled subnets needs no second division and no second rounding.
/// **Errors:** none within 2^30 claims (`Overflow` otherwise). **Source:** section 3.1.
pub fn tao_shares(emission: TaoBalance, claims: &[SubnetClaim]) -> Result<SubnetShares, MathError> {
    let mut weights: Vec<wide::U256> = claims
        .iter()
        .map(|claim| {
            // 97 + 64 bits.
            let kept = claim.miner_burned.complement().parts();
            wide::product(claim.moving_price.bits(), u128::from(kept))
        })
        .collect();
    if weights.iter().all(wide::U256::is_zero) {
        weights = claims
            .iter()
            .map(|claim| wide::U256::from(claim.moving_price.bits()))
            .collect();
    }
    for (weight, claim) in weights.iter_mut().zip(claims) {
        if !claim.is_enabled {
            *weight = wide::U256::zero();
        }
    }
    let split = pro_rata::split(emission.get(), weights.into_iter())?;
    Ok(SubnetShares {
        amounts: split.parts.into_iter().map(TaoBalance::new).collect(),
        rest: TaoBalance::new(split.dust),
    })
}

/// The part of an epoch's miner emission that was withheld from miners; zero if there was none.
///
/// **Rounding:** down. **Errors:** `WithheldExceedsTotal`. **Source:** section 5.4.
pub fn miner_burned(withheld: u64, total: u64) -> Result<Proportion64, MathError> {
    if withheld > total {
        return Err(MathError::WithheldExceedsTotal);
    }
    Ok(Proportion64::from_ratio(withheld, total).unwrap_or(Proportion64::ZERO))
}
