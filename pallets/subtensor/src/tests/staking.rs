//! The calls that stake, unstake and move stake.
