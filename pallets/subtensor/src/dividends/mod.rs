//! Dividends of root stake: rates, claims, and claims that happen by themselves (section 5.5 of the economics).
//!
//! Alpha that an epoch has for the root stakers of a hotkey enters `RootDividendPot` of the subnet and raises
//! the rate `RootClaimable` of the hotkey; what the rate cannot promise waits in `RootDividendRest` for the next
//! payment. What a staker may claim is `rate·stake − claimed + kept`: `RootClaimed` is what was had of what the
//! present stake earned, `RootKept` is what stake earned that was taken out. Of the two at least one is zero.
//! Whenever root stake changes, the accounts of its coldkey on that hotkey are corrected by what the change has
//! earned so far, so nothing is gained or forfeited by a change; less than one unit of each subnet is rounded
//! away, and stays in the pot.
//!
//! The pot holds what can be claimed of it, always: rates promise less than was paid, and rounding goes
//! against the staker.

mod account;
mod automatic;
mod call;
mod cleanup;
mod payment;
mod settle;
mod staker;
