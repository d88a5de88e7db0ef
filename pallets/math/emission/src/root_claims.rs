//! Dividends of root stake: what it has earned on a subnet, and what a staker may still claim
//! (section 5.5).
//!
//! Nobody walks the stakers of a hotkey to pay them. A payment raises one number, the rate: the
//! alpha that a rao of root stake has earned since the beginning. A staker's account says what was
//! had of it, so the difference is owed. Stake that is added has had everything paid before; stake
//! that is taken out leaves what it earned to the account.

use dendra_primitives::{
    AlphaBalance, I96F32, Rounding, TaoBalance,
    wide::{self, U256},
};

use crate::MathError;

/// Alpha that a rao of root stake on a hotkey has earned on a subnet; 32 bits are fractional, as
/// clients read it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct RootRate(u128);

/// A payment to the root stakers of a hotkey.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RootPayment {
    /// The rate afterwards.
    pub rate: RootRate,
    /// What the rate does not promise to anybody: at most a unit more than `stake/2^32`. It belongs to
    /// the next payment.
    pub rest: AlphaBalance,
}

impl RootRate {
    /// The rate as it is stored; `None` if it is negative.
    #[must_use]
    pub fn from_fixed(rate: I96F32) -> Option<Self> {
        u128::try_from(rate.bits()).ok().map(Self)
    }

    /// The rate as it is stored.
    ///
    /// **Errors:** `Overflow` from 2^95 alpha per rao on.
    pub fn to_fixed(self) -> Result<I96F32, MathError> {
        i128::try_from(self.0)
            .map(I96F32::from_bits)
            .map_err(|_| MathError::Overflow)
    }

    /// What this much root stake has earned.
    ///
    /// **Errors:** `Overflow` beyond 127 bits: a rate that pays at most a unit per rao in each block
    /// never comes there.
    pub fn earned(self, stake: TaoBalance, rounding: Rounding) -> Result<i128, MathError> {
        wide::mul_div(U256::from(self.0), U256::from(stake.get()), one(), rounding)
            .and_then(wide::to_u128)
            .and_then(|alpha| i128::try_from(alpha).ok())
            .ok_or(MathError::Overflow)
    }

    /// The rate after `alpha`, with the rest of the last payment in it, is paid to all the root `stake` of a
    /// hotkey.
    ///
    /// **Rounding:** the rate down; what it promises to all the stake together up, and the rest of the
    /// alpha is returned. So promises never exceed what was paid. **Errors:** `NoWeight` without stake,
    /// `Overflow`. **Source:** section 5.5.
    pub fn raised(self, alpha: AlphaBalance, stake: TaoBalance) -> Result<RootPayment, MathError> {
        if stake.is_zero() {
            return Err(MathError::NoWeight);
        }
        let rise = wide::mul_div(
            U256::from(alpha.get()),
            one(),
            U256::from(stake.get()),
            Rounding::Down,
        )
        .and_then(wide::to_u128)
        .map(Self)
        .ok_or(MathError::Overflow)?;
        let promised = u64::try_from(rise.earned(stake, Rounding::Up)?)
            .map(AlphaBalance::new)
            .map_err(|_| MathError::Overflow)?;
        let rate = Self(self.0.checked_add(rise.0).ok_or(MathError::Overflow)?);
        rate.to_fixed()?;
        Ok(RootPayment {
            rate,
            rest: alpha.checked_sub(promised).ok_or(MathError::Overflow)?,
        })
    }
}

/// What one root staker of a hotkey has had of the dividends of a subnet: more than was claimed, if
/// stake that earned it was taken out.
///
/// Stored as two numbers of which at least one is zero: `claimed`, which lessens what the stake has
/// earned, and `kept`, which adds to it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RootAccount {
    /// `kept − claimed`.
    credit: i128,
}

impl RootAccount {
    /// The account with these parts.
    ///
    /// **Errors:** `Overflow` if `claimed` exceeds 127 bits.
    pub fn from_parts(claimed: u128, kept: AlphaBalance) -> Result<Self, MathError> {
        let credit = i128::try_from(claimed)
            .ok()
            .and_then(|claimed| i128::from(kept.get()).checked_sub(claimed))
            .ok_or(MathError::Overflow)?;
        Ok(Self { credit })
    }

    /// What the present stake has earned and does not get any more.
    #[must_use]
    pub fn claimed(self) -> u128 {
        if self.credit < 0 {
            self.credit.unsigned_abs()
        } else {
            0
        }
    }

    /// What stake earned that was taken out since.
    ///
    /// **Errors:** `Overflow` beyond 64 bits, more alpha than there is.
    pub fn kept(self) -> Result<AlphaBalance, MathError> {
        u64::try_from(self.credit.max(0))
            .map(AlphaBalance::new)
            .map_err(|_| MathError::Overflow)
    }

    /// What may be claimed: `rate·stake − claimed + kept`, never less than nothing.
    ///
    /// **Rounding:** down. **Errors:** `Overflow`. **Source:** section 5.5.
    pub fn owed(self, rate: RootRate, stake: TaoBalance) -> Result<AlphaBalance, MathError> {
        let owed = rate
            .earned(stake, Rounding::Down)?
            .checked_add(self.credit)
            .ok_or(MathError::Overflow)?;
        u64::try_from(owed.max(0))
            .map(AlphaBalance::new)
            .map_err(|_| MathError::Overflow)
    }

    /// The account after `amount` of stake was added, which has had all that was paid so far.
    ///
    /// **Rounding:** what it has had up, so what is owed never rises; it falls by less than a unit.
    /// **Errors:** `Overflow`. **Source:** section 5.5.
    pub fn stake_added(self, rate: RootRate, amount: TaoBalance) -> Result<Self, MathError> {
        let had = rate.earned(amount, Rounding::Up)?;
        let credit = self.credit.checked_sub(had).ok_or(MathError::Overflow)?;
        Ok(Self { credit })
    }

    /// The account after `amount` of stake was taken out, of which `left` remains.
    ///
    /// What the stake earned and nobody claimed is kept. Without any stake left, units that rounding
    /// took in advance are forgiven, since nothing would earn them back.
    ///
    /// **Rounding:** what it earned down, so what is owed never rises; it falls by less than a unit.
    /// **Errors:** `Overflow`. **Source:** section 5.5, without the forfeit.
    pub fn stake_removed(
        self,
        rate: RootRate,
        amount: TaoBalance,
        left: TaoBalance,
    ) -> Result<Self, MathError> {
        let earned = rate.earned(amount, Rounding::Down)?;
        let credit = self.credit.checked_add(earned).ok_or(MathError::Overflow)?;
        Ok(Self {
            credit: if left.is_zero() {
                credit.max(0)
            } else {
                credit
            },
        })
    }

    /// The account after this much of what is owed was paid out.
    ///
    /// **Errors:** `Overflow`.
    pub fn paid(self, alpha: AlphaBalance) -> Result<Self, MathError> {
        self.credit
            .checked_sub(i128::from(alpha.get()))
            .map(|credit| Self { credit })
            .ok_or(MathError::Overflow)
    }
}

/// The rate of one unit per rao.
fn one() -> U256 {
    U256::from(I96F32::ONE.bits().unsigned_abs())
}
