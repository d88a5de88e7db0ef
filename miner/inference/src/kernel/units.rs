//! How weights lie in memory, and the tile of a product that reads them.
//!
//! A **panel** is sixteen rows of a weight matrix (sixteen outputs), stored so that the sixteen weights that meet one
//! input lie together. A **unit** is the part of a panel that meets one input, or one block of inputs for quantised
//! weights. Every output is one chain of fused additions over the inputs (or their blocks) in their order, whatever tile computes
//! it: results do not depend on how many rows are computed together, on the number of threads or on the vector unit.

use super::{
    lanes::{Lanes, Sixteen, widen_f16},
    rows::Rows,
};

/// A part of a panel.
pub(crate) trait Unit: Copy + Send + Sync + 'static {
    /// What it meets.
    type Input: Copy;
    /// How many inputs that is.
    const DEPTH: usize;
    /// All weights zero.
    const ZERO: Self;
    /// Rows of a tile of several panels at most.
    const ROWS: usize = 8;

    /// A row of inputs.
    fn inputs<'a>(rows: &Rows<'a>, row: usize) -> &'a [Self::Input];

    /// The products of `M` rows of inputs with `P` panels. `next`: the panels that are read after these.
    fn tile<L: Lanes, const M: usize, const P: usize>(
        lanes: L,
        inputs: [&[Self::Input]; M],
        panels: [&[Self]; P],
        next: [&[Self]; P],
    ) -> [[L::Vector; P]; M];

    /// The weights of one lane, [`Unit::DEPTH`] of them.
    fn lane(&self, lane: usize, weights: &mut [f32]);
}

/// A unit that meets one input.
trait Widen: Copy {
    fn widen<L: Lanes>(&self, lanes: L) -> L::Vector;
}

#[inline(always)]
fn float_tile<U: Widen, L: Lanes, const M: usize, const P: usize>(
    lanes: L,
    inputs: [&[f32]; M],
    panels: [&[U]; P],
    next: [&[U]; P],
) -> [[L::Vector; P]; M] {
    let depth = panels[0].len();
    let inputs = inputs.map(|row| &row[..depth]);
    let panels = panels.map(|panel| &panel[..depth]);
    let next = next.map(|panel| &panel[..depth]);
    let mut sums = [[lanes.splat(0.0); P]; M];
    for k in 0..depth {
        let mut weights = [lanes.splat(0.0); P];
        for p in 0..P {
            weights[p] = panels[p][k].widen(lanes);
            // One row alone reads as fast as memory delivers anyway.
            if M > 1 {
                lanes.expect(&next[p][k]);
            }
        }
        for m in 0..M {
            let input = lanes.splat(inputs[m][k]);
            for p in 0..P {
                sums[m][p] = lanes.fused(input, weights[p], sums[m][p]);
            }
        }
    }
    sums
}

/// A unit that meets one input: how sixteen weights are widened, and how one is.
macro_rules! float_unit {
    ($unit:ty, $zero:expr, |$weights:ident, $lanes:ident| $widen:expr, |$one:ident, $lane:ident| $number:expr) => {
        impl Widen for $unit {
            #[inline(always)]
            fn widen<L: Lanes>(&self, $lanes: L) -> L::Vector {
                let $weights = self;
                $widen
            }
        }

        impl Unit for $unit {
            type Input = f32;
            const DEPTH: usize = 1;
            const ZERO: Self = $zero;

            #[inline(always)]
            fn inputs<'a>(rows: &Rows<'a>, row: usize) -> &'a [f32] {
                &rows.inputs[row * rows.depth..(row + 1) * rows.depth]
            }

            #[inline(always)]
            fn tile<L: Lanes, const M: usize, const P: usize>(
                lanes: L,
                inputs: [&[f32]; M],
                panels: [&[Self]; P],
                next: [&[Self]; P],
            ) -> [[L::Vector; P]; M] {
                float_tile(lanes, inputs, panels, next)
            }

            #[inline]
            fn lane(&self, $lane: usize, weights: &mut [f32]) {
                let $one = self;
                weights[0] = $number;
            }
        }
    };
}

/// Weights of 32 bits.
#[derive(Clone, Copy, Debug)]
#[repr(C, align(64))]
pub(crate) struct Single(pub(crate) Sixteen<f32>);

/// Weights in bf16.
#[derive(Clone, Copy, Debug)]
#[repr(C, align(32))]
pub(crate) struct Brain(pub(crate) Sixteen<u16>);

/// Weights in f16.
#[derive(Clone, Copy, Debug)]
#[repr(C, align(32))]
pub(crate) struct Half(pub(crate) Sixteen<u16>);

float_unit!(
    Single,
    Self([0.0; 16]),
    |weights, lanes| lanes.load(&weights.0),
    |weights, lane| weights.0[lane]
);
float_unit!(
    Brain,
    Self([0; 16]),
    |weights, lanes| lanes.bf16(&weights.0),
    |weights, lane| f32::from_bits(u32::from(weights.0[lane]) << 16)
);
float_unit!(
    Half,
    Self([0; 16]),
    |weights, lanes| lanes.f16(&weights.0),
    |weights, lane| widen_f16(weights.0[lane])
);

// Keys and values of attention: plain arrays, so that memory that the system hands out as zeros needs no second touch.
float_unit!(
    Sixteen<f32>,
    [0.0; 16],
    |weights, lanes| lanes.load(weights),
    |weights, lane| weights[lane]
);
float_unit!(
    Sixteen<u16>,
    [0; 16],
    |weights, lanes| lanes.f16(weights),
    |weights, lane| widen_f16(weights[lane])
);

/// A unit that can be made of floats.
pub(crate) trait FloatUnit: Unit {
    /// Sets one weight, rounded to nearest.
    fn set(&mut self, lane: usize, weight: f32);
}

impl FloatUnit for Single {
    fn set(&mut self, lane: usize, weight: f32) {
        self.0[lane] = weight;
    }
}

impl FloatUnit for Brain {
    fn set(&mut self, lane: usize, weight: f32) {
        self.0[lane] = half::bf16::from_f32(weight).to_bits();
    }
}

impl FloatUnit for Half {
    fn set(&mut self, lane: usize, weight: f32) {
        self.0[lane] = half::f16::from_f32(weight).to_bits();
    }
}
