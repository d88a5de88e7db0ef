//! The Llama family: shape, weights, cache of keys and values, forward pass.

mod attention;
mod by_panels;
mod by_rows;
mod cache;
mod forward;
mod memory;
mod pass;
mod pieces;
mod products;
mod rotation;
mod shape;

pub(crate) use cache::{Cache, DeviceCache};
pub(crate) use forward::{Workspace, forward};
pub(crate) use memory::Memory;
pub(crate) use pass::{Pass, Row, Run};
pub(crate) use rotation::{Rotation, Scaling};
pub(crate) use shape::{CacheKind, Layer, Model, Shape};
