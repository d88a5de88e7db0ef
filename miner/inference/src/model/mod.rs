//! The Llama family: shape, weights, cache of keys and values, forward pass.

mod attention;
mod cache;
mod forward;
mod rotation;
mod shape;

pub(crate) use cache::{Cache, DeviceCache};
pub(crate) use forward::{Memory, Pass, Row, Run, Workspace, forward};
pub(crate) use rotation::{Rotation, Scaling};
pub(crate) use shape::{Layer, Model, Shape};
