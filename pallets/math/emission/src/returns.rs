//! What stake earns in a day, for those who choose where to stake.

use dendra_primitives::{
    AlphaBalance, Proportion16, Rounding, TaoBalance, block::BLOCKS_PER_DAY,
    block::UNITS_PER_TOKEN, mul_div,
};

/// The TAO to which returns are related: a thousand.
const RELATED_TO: u64 = UNITS_PER_TOKEN.saturating_mul(1_000);

/// What the stakers of a hotkey would share in a day of 7200 blocks, if every epoch paid as the last one.
///
/// `dividend`: what the last epoch paid to the hotkey's stakers and its owner together; `take`: the owner's
/// part of it. `tempo`: blocks between two epochs; no epoch ever comes if it is 0, and nothing is earned.
///
/// **Rounding:** down; the take is what the payment took. More than 64 bits hold is the most they hold.
#[must_use]
pub fn daily_return(dividend: AlphaBalance, take: Proportion16, tempo: u16) -> AlphaBalance {
    if tempo == 0 {
        return AlphaBalance::ZERO;
    }
    let (_, shared) = dividend.split(take);
    shared
        .checked_mul_div(BLOCKS_PER_DAY, u64::from(tempo), Rounding::Down)
        .unwrap_or(AlphaBalance::new(u64::MAX))
}

/// What 1000 TAO of a stake that is worth `stake` earn of what all of it earned.
///
/// **Rounding:** down; nothing without stake. More than 64 bits hold is the most they hold.
#[must_use]
pub fn return_per_1000(earned: TaoBalance, stake: TaoBalance) -> TaoBalance {
    if stake.is_zero() {
        return TaoBalance::ZERO;
    }
    let part = mul_div(earned.get(), RELATED_TO, stake.get(), Rounding::Down);
    TaoBalance::new(part.unwrap_or(u64::MAX))
}
