//! What of a subnet's TAO enters its pool, and beside how much alpha (section 3.2).

use dendra_primitives::{AlphaBalance, Price, Rounding, TaoBalance};

use crate::{MathError, RootProportion};

/// A subnet's TAO of one block, as it meets its pool. `tao` and `excess` sum to it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Injection {
    /// Alpha to mint into the pool; never more than the cap.
    pub alpha: AlphaBalance,
    /// TAO to add to the pool beside it.
    pub tao: TaoBalance,
    /// TAO that buys alpha from the pool.
    pub excess: TaoBalance,
}

/// The injection for `tao` of emission, capped at the root proportion of the subnet's alpha
/// emission.
///
/// `alpha = tao / price`, but at most `cap = ρ·alpha_emission`; at the cap, `tao = cap·price` and
/// the rest is excess.
///
/// **Rounding:** all amounts down, from the exact price; so the injected pair is within one unit of
/// the price on either side, and the pool's weights absorb that unit. **Errors:** `Overflow`, out
/// of reach for a price between two reserves. **Source:** section 3.2.
pub fn injection(
    tao: TaoBalance,
    alpha_emission: AlphaBalance,
    root: RootProportion,
    price: Price,
) -> Result<Injection, MathError> {
    let cap = root.part_of(alpha_emission);
    // An amount beyond 64 bits is beyond the cap as well.
    match price.alpha_for(tao, Rounding::Down) {
        Some(alpha) if alpha <= cap => Ok(Injection {
            alpha,
            tao,
            excess: TaoBalance::ZERO,
        }),
        _ => {
            let used = price
                .tao_for(cap, Rounding::Down)
                .ok_or(MathError::Overflow)?;
            let excess = tao.checked_sub(used).ok_or(MathError::Overflow)?;
            Ok(Injection {
                alpha: cap,
                tao: used,
                excess,
            })
        }
    }
}
