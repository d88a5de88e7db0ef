//! Arithmetic on the CPU: products with weights of any type, and the small operations between them.

#![allow(
    clippy::needless_range_loop,
    reason = "loops over constants index arrays that live in registers; iterators do not unroll as well"
)]

mod blocks;
mod gguf_blocks;
mod lanes;
mod matrix;
mod processor;
mod product;
mod quantised;
mod rows;
#[cfg(test)]
mod tests;
mod units;
mod vector;
#[cfg(target_arch = "x86_64")]
mod x86;

pub(crate) use matrix::{Blocks, Floats, Matrix};
pub(crate) use processor::Processor;
pub(crate) use product::{Panels, multiply};
pub(crate) use quantised::{Quantised, quantise};
pub(crate) use rows::Rows;
pub(crate) use units::Unit;
pub(crate) use vector::{
    add, any_from, count_above, exponentials, first_greatest, gate, narrow, normalise, rotate,
    sum_of_exponentials,
};
