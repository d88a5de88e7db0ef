//! The runtime as a whole. One program, since each would hold all of the runtime.

mod common;
mod fees;
mod genesis;
mod governance;
mod interface;
mod journeys;
mod metadata;
mod money;
mod pools;
mod proxies;
#[cfg(feature = "try-runtime")]
mod trial;
