//! The Llama family: shape, weights, cache of keys and values, forward pass.

mod attention;
mod by_panels;
mod by_rows;
mod cache;
mod forward;
mod pass;
mod products;
mod rotation;
mod shape;

pub(crate) use cache::{Cache, CacheKind, DeviceCache};
pub(crate) use forward::{Memory, Workspace, forward};
pub(crate) use pass::{Pass, Row, Run};
pub(crate) use rotation::{Rotation, Scaling};
pub(crate) use shape::{Layer, Model, Shape};
