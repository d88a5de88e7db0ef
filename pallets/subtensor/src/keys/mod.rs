//! Putting one key in the place of another (section 12 of the economics).

mod coldkey;
mod hotkey;
