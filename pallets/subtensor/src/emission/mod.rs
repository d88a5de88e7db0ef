//! What a block issues: TAO to the pools, alpha to pools and participants (sections 2, 3 and 7 of the economics).
//!
//! `step` is the step of the block hook: it reads who takes part, shares the TAO of the block and adds up what was
//! issued. `recipient` says who takes part. `issue` decides, without storage, what a block does to one subnet, and
//! `subnet` reads and writes that. `moving_price` keeps the moving prices.
//!
//! TAO is issued only when a pool takes it. What no pool takes never exists, so nothing has to be destroyed, and a
//! block that issued less leaves the curve where it was: later blocks issue it.

mod issue;
mod moving_price;
mod recipient;
mod step;
mod subnet;
