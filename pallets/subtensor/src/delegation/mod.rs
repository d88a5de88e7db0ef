//! Delegation: takes, children, destinations of income (section 8.3 of the economics).
//!
//! `edges` is the only place that writes `ChildKeys`, `ParentKeys` and what is derived from them.

mod activation;
mod childkey_take;
mod children;
mod cleanup;
mod destination;
mod edges;
mod root_parents;
mod schedule;
mod take;

pub(crate) use edges::Places;
