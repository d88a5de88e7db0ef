//! Behaviour of the pallet, one file per noun.

mod bond_reset;
mod encoding;
mod invariants;
mod metadata;
mod publishing;
mod quota;
mod removal;
