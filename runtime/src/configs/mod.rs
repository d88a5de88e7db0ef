//! How the pallets are set up, one file per concern.

pub(crate) mod consensus;
pub(crate) mod fees;
pub(crate) mod governance;
pub(crate) mod money;
mod nested;
pub(crate) mod proxies;
pub(crate) mod subnets;
pub(crate) mod system;
