//! Selling alpha of one subnet to buy that of another.
//!
//! # The limit
//!
//! A trader names the least alpha bought per alpha sold, on average over the whole amount. With
//! equal weights the largest amount that keeps it has the closed form of section 8.2; injections
//! make the weights unequal, and then there is none. What always holds: the more is sold, the less
//! is bought per unit, so the largest amount can be searched for between one that keeps the ratio
//! and one that does not.
//!
//! The search asks the pools themselves, so it ends at what the trader really gets, roundings
//! included. It uses that alpha sold *per* alpha bought is `(D + E·a)/C` for equal weights, a
//! straight line over the amount `a`, and close to one for others: the first guess is already
//! right but for the curvature of the weights and the roundings, and a few more, each between the two
//! ends (regula falsi; an end that stays twice loses half of its weight), leave amounts between
//! which only roundings decide. These are halved until two neighbours are left.

use dendra_primitives::{
    AlphaBalance, Price, TaoBalance, block,
    wide::{self, U256, U512},
};

use crate::{FeeRate, MAX_INPUT_RATIO, MathError, Pool, trade::Input};

/// Interpolated guesses of a search, before it only halves.
const GUESSES: u32 = 24;

/// Where alpha of a subnet is exchanged for TAO.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Market {
    /// A unit for a rao, whatever the amount.
    Par,
    /// At the price of a pool.
    Pool(Pool),
}

impl Market {
    /// The price of an infinitely small amount. **Errors:** as [`Pool::price`].
    pub fn price(&self) -> Result<Price, MathError> {
        match self {
            Self::Par => Ok(Price::ONE),
            Self::Pool(pool) => pool.price(),
        }
    }

    fn sell(&self, alpha: AlphaBalance) -> Result<(TaoBalance, Self), MathError> {
        match self {
            Self::Par => Ok((TaoBalance::new(alpha.get()), Self::Par)),
            Self::Pool(pool) => {
                let sell = pool.sell(alpha, FeeRate::ZERO, None)?;
                Ok((sell.tao_out, Self::Pool(sell.pool)))
            }
        }
    }

    fn buy(&self, tao: TaoBalance) -> Result<(AlphaBalance, Self), MathError> {
        match self {
            Self::Par => Ok((AlphaBalance::new(tao.get()), Self::Par)),
            Self::Pool(pool) => {
                let buy = pool.buy(tao, FeeRate::ZERO, None)?;
                Ok((buy.alpha_out, Self::Pool(buy.pool)))
            }
        }
    }
}

/// Alpha sold on one market for TAO that buys alpha on another. `used`, `fee` and `unspent` sum to
/// the alpha offered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Exchange {
    /// Alpha that is sold.
    pub used: AlphaBalance,
    /// Alpha that is the fee.
    pub fee: AlphaBalance,
    /// Alpha that its owner keeps because the limit was reached.
    pub unspent: AlphaBalance,
    /// TAO that leaves the origin and enters the destination.
    pub tao: TaoBalance,
    /// Alpha that is bought.
    pub alpha_out: AlphaBalance,
    /// The origin afterwards.
    pub origin: Market,
    /// The destination afterwards.
    pub destination: Market,
}

impl Exchange {
    /// An exchange of `alpha`, the fee included.
    ///
    /// `ratio`: the least alpha bought per 10^9 alpha sold, without fee and over the whole amount;
    /// none, or zero, for whatever it yields. If all of the offer would get less, the largest part
    /// that gets it is used, with `fee = ⌊used·rate/(65535 − rate)⌋`, and the rest is unspent.
    ///
    /// **Rounding:** both outputs down; the ratio holds for what is bought after rounding.
    /// **Complexity:** two powers, and with a limit that is reached those of
    /// [`alpha_within_ratio`]. **Errors:** as [`Pool::sell`] and [`Pool::buy`];
    /// `PriceLimitExceeded` if nothing at all gets the ratio. **Source:** sections 6.2 and 8.2.
    pub fn quote(
        origin: &Market,
        destination: &Market,
        alpha: AlphaBalance,
        rate: FeeRate,
        ratio: Option<u64>,
    ) -> Result<Self, MathError> {
        let all = Input::within(alpha.get(), rate, u64::MAX)?;
        let Some(ratio) = ratio.filter(|ratio| *ratio > 0) else {
            return Self::of(origin, destination, all);
        };
        let most = alpha_within_ratio(origin, destination, ratio, AlphaBalance::new(all.used))?;
        if most.is_zero() {
            return Err(MathError::PriceLimitExceeded);
        }
        Self::of(
            origin,
            destination,
            Input::within(alpha.get(), rate, most.get())?,
        )
    }

    fn of(origin: &Market, destination: &Market, input: Input) -> Result<Self, MathError> {
        if input.used == 0 {
            return Err(MathError::ZeroInput);
        }
        let used = AlphaBalance::new(input.used);
        let (tao, origin) = origin.sell(used)?;
        let (alpha_out, destination) = destination.buy(tao)?;
        Ok(Self {
            used,
            fee: AlphaBalance::new(input.fee),
            unspent: AlphaBalance::new(input.unspent),
            tao,
            alpha_out,
            origin,
            destination,
        })
    }
}

/// The most alpha up to `offered` that can be sold on `origin` to buy on `destination`, without
/// fee, so that at least `ratio` per 10^9 alpha sold is bought, over the whole amount.
///
/// Zero if no amount gets that. Otherwise the result gets it, and it is the whole offer, or one
/// unit more does not get it or cannot be traded. With equal weights it is
/// `x2·y1/((y1+y2)·ℓ) − x1·y2/(y1+y2)` but for the roundings of the two outputs.
///
/// **Rounding:** down. **Complexity:** each amount that is tried takes two powers, one for each
/// pool with unequal weights. One try if the offer keeps the ratio. Otherwise at most 90, that is
/// 180 powers (two tries at the ends, 24 guesses, 64 halvings); of random pools and limits the mean
/// is 12, nine of ten take at most 26 and none more than 60, most of them to tell apart amounts
/// that differ by roundings. **Errors:** `ZeroInput`, `ZeroReserve`;
/// `ZeroOutput`, and for a ratio of zero all others, as the trade of the whole offer.
/// **Source:** section 8.2.
pub fn alpha_within_ratio(
    origin: &Market,
    destination: &Market,
    ratio: u64,
    offered: AlphaBalance,
) -> Result<AlphaBalance, MathError> {
    if offered.is_zero() {
        return Err(MathError::ZeroInput);
    }
    let search = Search {
        origin,
        destination,
        ratio,
    };
    let Some(start) = search.start()? else {
        return Ok(AlphaBalance::ZERO);
    };
    let end = match search.attempt(offered.get()) {
        Attempt::Keeps(_) => return Ok(offered),
        Attempt::Breaks(end) => end,
    };
    // An offer that buys nothing is too small, whatever the ratio.
    if end.bought == Some(0) {
        return Err(MathError::ZeroOutput);
    }
    let (amount, _) = search.between(start, end);
    Ok(AlphaBalance::new(amount))
}

/// An end of the interval that is searched.
#[derive(Clone, Copy, Debug)]
struct End {
    /// Alpha sold.
    amount: u64,
    /// How far alpha sold per alpha bought is from the limit, times what `bought` and the ratio are:
    /// `|amount·ratio − bought·10^9|`.
    distance: u128,
    /// Alpha bought, for all of `amount` or, at zero, for a part of it; none if the amount cannot be
    /// traded.
    bought: Option<u64>,
    /// How often the weight of this end was halved.
    halvings: u32,
}

enum Attempt {
    Keeps(End),
    Breaks(End),
}

struct Search<'a> {
    origin: &'a Market,
    destination: &'a Market,
    ratio: u64,
}

impl Search<'_> {
    /// The lower end: nothing, at the present prices. None if these do not keep the ratio.
    fn start(&self) -> Result<Option<End>, MathError> {
        let (tao_1, alpha_1) = self.origin.price()?.ratio();
        let (tao_2, alpha_2) = self.destination.price()?.ratio();
        // Alpha bought and sold at the price: at most 124 bits for each of the four.
        let bought = wide::product(tao_1, alpha_2);
        let sold = wide::product(alpha_1, tao_2);
        let worth: U512 = bought.full_mul(U256::from(block::UNITS_PER_TOKEN));
        let wanted: U512 = sold.full_mul(U256::from(self.ratio));
        if worth < wanted {
            return Ok(None);
        }
        // Both as 64 bits, for the guesses.
        let excess = bought.bits().max(sold.bits()).saturating_sub(64);
        let narrow = |value| {
            wide::to_u64(wide::shift_right(
                value,
                u32::try_from(excess).unwrap_or(u32::MAX),
            ))
            .unwrap_or(u64::MAX)
        };
        Ok(Some(End {
            amount: 0,
            distance: self.distance(narrow(sold), narrow(bought)),
            bought: Some(narrow(bought)),
            halvings: 0,
        }))
    }

    /// Tries an amount.
    fn attempt(&self, amount: u64) -> Attempt {
        let bought = self
            .origin
            .sell(AlphaBalance::new(amount))
            .and_then(|(tao, _)| self.destination.buy(tao))
            .map(|(alpha, _)| alpha.get());
        let end = |bought| End {
            amount,
            distance: self.distance(amount, bought),
            bought: Some(bought),
            halvings: 0,
        };
        match bought {
            Ok(bought) if self.keeps(amount, bought) => Attempt::Keeps(end(bought)),
            Ok(bought) => Attempt::Breaks(end(bought)),
            Err(MathError::ZeroOutput) => Attempt::Breaks(end(0)),
            Err(_) => Attempt::Breaks(End {
                amount,
                distance: 0,
                bought: None,
                halvings: 0,
            }),
        }
    }

    fn keeps(&self, sold: u64, bought: u64) -> bool {
        self.worth(bought) >= self.wanted(sold)
    }

    fn distance(&self, sold: u64, bought: u64) -> u128 {
        self.worth(bought).abs_diff(self.wanted(sold))
    }

    fn worth(&self, bought: u64) -> u128 {
        u128::from(bought).saturating_mul(u128::from(block::UNITS_PER_TOKEN))
    }

    fn wanted(&self, sold: u64) -> u128 {
        u128::from(sold).saturating_mul(u128::from(self.ratio))
    }

    /// The largest amount that keeps the ratio, between one that does, or nothing, and one that does
    /// not; and how many amounts were tried for it.
    fn between(&self, mut low: End, mut high: End) -> (u64, u32) {
        let mut tries = 0_u32;
        let mut attempt = |amount| {
            tries = tries.saturating_add(1);
            self.attempt(amount)
        };
        // More than this buys more than there is, or is refused.
        let bound = self.bound();
        if bound < high.amount
            && let Attempt::Breaks(end) = attempt(bound)
        {
            high = end;
        }
        let mut guesses = 0_u32;
        let mut has_kept = None;
        while high.amount.saturating_sub(low.amount) > 1 {
            let middle = low.amount.midpoint(high.amount);
            let guess = if guesses < GUESSES {
                interpolate(&low, &high).unwrap_or(middle)
            } else {
                middle
            };
            guesses = guesses.saturating_add(1);
            // Strictly between the ends.
            let guess = guess
                .max(low.amount.saturating_add(1))
                .min(high.amount.saturating_sub(1));
            match attempt(guess) {
                Attempt::Keeps(end) => {
                    low = end;
                    if has_kept == Some(true) {
                        high.halvings = high.halvings.saturating_add(1);
                    }
                    has_kept = Some(true);
                }
                Attempt::Breaks(end) => {
                    high = end;
                    if has_kept == Some(false) {
                        low.halvings = low.halvings.saturating_add(1);
                    }
                    has_kept = Some(false);
                }
            }
        }
        (low.amount, tries)
    }

    /// An amount that is more than can keep the ratio: it would buy more than the reserve it is paid
    /// from, or be more than a pool takes.
    fn bound(&self) -> u64 {
        let reserve = match (self.origin, self.destination) {
            (_, Market::Pool(pool)) => pool.alpha().get(),
            (Market::Pool(pool), Market::Par) => pool.tao().get(),
            (Market::Par, Market::Par) => u64::MAX,
        };
        let by_ratio = self
            .worth(reserve)
            .checked_div(u128::from(self.ratio))
            .and_then(|most| u64::try_from(most).ok())
            .unwrap_or(u64::MAX);
        let by_size = match (self.origin, self.destination) {
            (Market::Pool(pool), _) => pool.alpha().get(),
            (Market::Par, Market::Pool(pool)) => pool.tao().get(),
            (Market::Par, Market::Par) => u64::MAX,
        }
        .saturating_mul(MAX_INPUT_RATIO);
        by_ratio.min(by_size).saturating_add(1)
    }
}

/// Where alpha sold per alpha bought, a straight line between the ends, reaches the limit; none
/// where an end says nothing about it.
fn interpolate(low: &End, high: &End) -> Option<u64> {
    let below = low.bought.filter(|bought| *bought > 0)?;
    let above = high.bought.filter(|bought| *bought > 0)?;
    // 128 bits and 64 each.
    let weight = |distance, other, halvings| {
        wide::shift_right(wide::product(distance, u128::from(other)), halvings)
    };
    let to_low = weight(low.distance, above, low.halvings);
    let to_high = weight(high.distance, below, high.halvings);
    let width = high.amount.checked_sub(low.amount)?;
    let step = wide::mul_div(
        U256::from(width),
        to_low,
        to_low.checked_add(to_high)?,
        dendra_primitives::Rounding::Down,
    )
    .and_then(wide::to_u64)?;
    low.amount.checked_add(step)
}

#[cfg(test)]
mod tests {
    use dendra_primitives::{AlphaBalance, TaoBalance};

    use super::*;
    use crate::{MIN_RESERVE, Weights};

    /// Numbers that look random.
    struct Numbers(u64);

    impl Numbers {
        fn next(&mut self) -> u64 {
            self.0 ^= self.0 << 13;
            self.0 ^= self.0 >> 7;
            self.0 ^= self.0 << 17;
            self.0
        }

        /// Below two to the power of `bits`, of any magnitude.
        fn magnitude(&mut self, bits: u64) -> u64 {
            self.next() >> (64 - 1 - self.next() % bits)
        }

        fn market(&mut self) -> Market {
            if self.next().is_multiple_of(10) {
                return Market::Par;
            }
            let tao = match self.next() % 3 {
                0 => Weights::EQUAL.tao(),
                _ => Weights::MIN + self.next() % (Weights::SCALE - 2 * Weights::MIN),
            };
            let (x, y) = (self.magnitude(54), self.magnitude(54));
            Market::Pool(
                Pool::new(
                    AlphaBalance::new(x + MIN_RESERVE),
                    TaoBalance::new(y + MIN_RESERVE),
                    Weights::from_tao(tao).unwrap(),
                )
                .unwrap(),
            )
        }
    }

    #[test]
    fn a_search_takes_few_tries() {
        let mut numbers = Numbers(0x9E37_79B9_7F4A_7C15);
        let mut found = Vec::new();
        while found.len() < 4_000 {
            let (origin, destination) = (numbers.market(), numbers.market());
            let search = |ratio| Search {
                origin: &origin,
                destination: &destination,
                ratio,
            };
            let price = |market: &Market| {
                let (numerator, denominator) = market.price().unwrap().ratio();
                numerator as f64 / denominator as f64
            };
            let present = price(&origin) / price(&destination) * 1e9;
            // From a ten-millionth to almost all below the present ratio.
            let below = (numbers.next() as f64 / u64::MAX as f64 * 15.5 - 16.0).exp();
            let ratio = (present * (1.0 - below)) as u64;
            let offered = numbers.magnitude(64);
            if ratio == 0 || offered == 0 {
                continue;
            }
            let search = search(ratio);
            let Some(start) = search.start().unwrap() else {
                continue;
            };
            let Attempt::Breaks(end) = search.attempt(offered) else {
                continue;
            };
            let (amount, tries) = search.between(start, end);
            assert!(amount < offered);
            found.push(tries);
        }
        found.sort_unstable();
        let mean = f64::from(found.iter().sum::<u32>()) / found.len() as f64;
        let at = |part: usize| found[found.len() * part / 1_000];
        assert!(mean < 13.0, "mean {mean}");
        assert!(at(900) <= 30, "nine of ten: {}", at(900));
        assert!(found.iter().all(|tries| *tries < 64), "most: {found:?}");
    }
}
