//! Dividends of root stake: rates, claims, and claims that happen by themselves (section 5.5 of the economics).

mod claim;
