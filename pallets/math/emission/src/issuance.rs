//! The issuance curve (section 2).

use dendra_primitives::{
    AlphaBalance, TaoBalance,
    block::{FULL_BLOCK_EMISSION, MAX_SUPPLY},
};

/// TAO minted by a block, for the TAO that exists at its start.
///
/// **Rounding:** down. See [`alpha_emission`] for the curve; it is the same.
#[must_use]
pub fn tao_emission(issuance: TaoBalance) -> TaoBalance {
    TaoBalance::new(emission(issuance.get()))
}

/// Alpha minted by a subnet in a block, for its alpha in the pool and outside together.
///
/// With `s` issued of the maximal supply `S`, a block emits `⌊10^9 / 2^h⌋`, where `h` is the
/// greatest integer with `(S − s)·2^h ≤ S`: the number of times that the unissued part has halved.
/// The criterion is one on integers, so the halvings stand exactly where the specification's table
/// has them.
///
/// **Rounding:** down. **Bound:** never more than `S − s`, because `S − s > S/2^(h+1) > 10^9/2^h`.
/// **Source:** section 2; the reference evaluates the logarithm with 32 fractional bits and can
/// halve up to `2^-32·S ≈ 4.9·10^6` units of issuance later.
#[must_use]
pub fn alpha_emission(issuance: AlphaBalance) -> AlphaBalance {
    AlphaBalance::new(emission(issuance.get()))
}

fn emission(issued: u64) -> u64 {
    let Some(unissued) = MAX_SUPPLY.checked_sub(issued).filter(|rest| *rest > 0) else {
        return 0;
    };
    // (S − s)·2^h ≤ S  ⇔  2^h ≤ ⌊S / (S − s)⌋, and the floor does not change its highest bit.
    let halvings = MAX_SUPPLY
        .checked_div(unissued)
        .and_then(u64::checked_ilog2)
        .unwrap_or(0);
    FULL_BLOCK_EMISSION.checked_shr(halvings).unwrap_or(0)
}
