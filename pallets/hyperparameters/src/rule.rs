//! Rules: what a value must meet.

use crate::{Refusal, Role, Value};

/// A demand on a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rule {
    /// Whom the rule binds.
    pub binds: Binds,
    /// What is demanded.
    pub demand: Demand,
    /// Why a value that does not meet it is refused.
    pub refusal: Refusal,
}

/// Whom a rule binds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Binds {
    /// Owners; root is free.
    Owner,
    /// Everyone.
    Everyone,
}

/// What a rule demands of a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Demand {
    /// The bound or more.
    AtLeast(Bound),
    /// The bound or less.
    AtMost(Bound),
    /// More than the bound.
    Above(Bound),
    /// Less than the bound.
    Below(Bound),
    /// The value times the first is at most the second.
    TimesAtMost(Fact, i128),
    /// The fact is not 0, whatever the value.
    While(Fact),
    /// The upper end is the bound or more.
    UpperEndAtLeast(u16),
    /// The lower end is between the bound and the upper end, both included.
    LowerEndFrom(u16),
    /// The list has at most as many parts as the fact says; no list is fine.
    PartsAtMost(Fact),
    /// The parts sum to this; no list is fine.
    PartsSumTo(u32),
}

/// What a value is compared with. A fixed point number is compared by its bits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bound {
    /// A number.
    Number(i128),
    /// What is so now.
    Fact(Fact),
}

/// What a rule must know; yes is 1 and no is 0, amounts are in rao.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fact {
    /// Whether the subnet is the root network.
    IsRootNetwork,
    /// Number of neurons of the subnet.
    Neurons,
    /// The least value of the most neurons.
    MinAllowedUids,
    /// The most neurons of the subnet.
    MaxAllowedUids,
    /// The most neurons that any owner may ask for; on root, its seats.
    UidLimit,
    /// Number of mechanisms of the subnet.
    MechanismCount,
    /// The most mechanisms of a subnet.
    MaxMechanismCount,
    /// Lowest price of a registration.
    MinBurn,
    /// Highest price of a registration.
    MaxBurn,
    /// Whether liquid alpha is on.
    LiquidAlphaEnabled,
    /// Lowest take of a delegate.
    MinDelegateTake,
    /// Highest take of a delegate.
    MaxDelegateTake,
    /// Lowest take of a child.
    MinChildkeyTake,
    /// Highest take of a child.
    MaxChildkeyTake,
}

impl Binds {
    /// Whether the rule binds a signer of this role.
    #[must_use]
    pub const fn applies_to(self, role: Role) -> bool {
        matches!(
            (self, role),
            (Self::Everyone, _) | (Self::Owner, Role::Owner)
        )
    }
}

impl Bound {
    fn resolve(self, fact: &impl Fn(Fact) -> u64) -> i128 {
        match self {
            Self::Number(number) => number,
            Self::Fact(which) => fact(which).into(),
        }
    }
}

impl Demand {
    /// Whether a value meets the demand; a demand on another kind of value is not met.
    #[must_use]
    pub fn is_met(self, value: &Value, fact: &impl Fn(Fact) -> u64) -> bool {
        let number = |compare: fn(&i128, &i128) -> bool, bound: Bound| {
            value
                .number()
                .is_some_and(|number| compare(&number, &bound.resolve(fact)))
        };
        match self {
            Self::AtLeast(bound) => number(i128::ge, bound),
            Self::AtMost(bound) => number(i128::le, bound),
            Self::Above(bound) => number(i128::gt, bound),
            Self::Below(bound) => number(i128::lt, bound),
            Self::TimesAtMost(factor, limit) => value
                .number()
                .and_then(|number| number.checked_mul(fact(factor).into()))
                .is_some_and(|product| product <= limit),
            Self::While(condition) => fact(condition) != 0,
            Self::UpperEndAtLeast(bound) => {
                matches!(value, Value::Range((_, high)) if *high >= bound)
            }
            Self::LowerEndFrom(bound) => {
                matches!(value, Value::Range((low, high)) if (bound..=*high).contains(low))
            }
            Self::PartsAtMost(count) => match value {
                Value::Split(None) => true,
                Value::Split(Some(parts)) => {
                    u64::try_from(parts.len()).is_ok_and(|parts| parts <= fact(count))
                }
                _ => false,
            },
            Self::PartsSumTo(whole) => match value {
                Value::Split(None) => true,
                // Rules of length come first, and no list of 65536 parts fits a transaction; a sum that
                // overflows is not the whole either.
                Value::Split(Some(parts)) => parts
                    .iter()
                    .try_fold(0u32, |sum, part| sum.checked_add((*part).into()))
                    .is_some_and(|sum| sum == whole),
                _ => false,
            },
        }
    }
}
