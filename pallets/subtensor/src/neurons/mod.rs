//! Neurons: who has a uid on a subnet, how one is got and lost.

mod holders;
mod ownership;
mod price;
mod register;
mod root;
pub(crate) mod slot;
mod table;
mod trim;

pub(crate) use table::put;
