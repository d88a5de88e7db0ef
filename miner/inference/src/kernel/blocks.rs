//! Units of quantised weights, which meet quantised inputs.
//!
//! A product with quantised weights is exact in whole numbers within a block of 32 inputs; then it is scaled. Weights are
//! bytes without a sign: what was added to make them so is taken away with the sum of the inputs.

use super::{
    lanes::{Lanes, Quads, Sixteen, widen_f16},
    quantised::{BLOCK, Quantised},
    rows::Rows,
    units::Unit,
};

/// Q4_0: per lane one scale and 32 weights of four bits.
#[derive(Clone, Copy, Debug)]
#[repr(C, align(32))]
pub(crate) struct Nibbles {
    /// In f16.
    pub(crate) scales: Sixteen<u16>,
    /// Weights plus 8. Of eight inputs each the first four in the lower halves, the others in the upper ones.
    pub(crate) quads: [Quads; BLOCK / 8],
}

/// Q4_K: per lane a scale, an offset and 32 weights of four bits.
#[derive(Clone, Copy, Debug)]
#[repr(C, align(64))]
pub(crate) struct ShiftedNibbles {
    pub(crate) scales: Sixteen<f32>,
    /// What every weight has besides `scale * (nibble - 8)`.
    pub(crate) offsets: Sixteen<f32>,
    /// As in [`Nibbles`].
    pub(crate) quads: [Quads; BLOCK / 8],
}

/// Q8_0: per lane one scale and 32 weights of eight bits.
#[derive(Clone, Copy, Debug)]
#[repr(C, align(32))]
pub(crate) struct Bytes {
    /// In f16.
    pub(crate) scales: Sixteen<u16>,
    /// Weights plus 128.
    pub(crate) quads: [Quads; BLOCK / 4],
}

/// Q6_K: per lane two scales and twice 16 weights of six bits.
#[derive(Clone, Copy, Debug)]
#[repr(C, align(64))]
pub(crate) struct ShortBytes {
    pub(crate) scales: [Sixteen<f32>; 2],
    /// Weights plus 32.
    pub(crate) quads: [Quads; BLOCK / 4],
}

/// What the kinds of units differ in.
trait Block: Copy + Send + Sync + 'static {
    /// All weights zero.
    const EMPTY: Self;
    /// What was added to the weights.
    const ADDED: i32;
    /// Whether a byte may be beyond 127.
    const WIDE: bool = false;
    /// Into how many parts with a scale of their own the inputs fall.
    const PARTS: usize = 1;

    /// The weights that meet four inputs.
    fn four<L: Lanes>(&self, lanes: L, index: usize) -> L::Quads;

    /// The scales of a part.
    fn scale<L: Lanes>(&self, lanes: L, part: usize) -> L::Vector;

    /// What every weight has besides its scaled byte, if there is such a thing.
    #[inline(always)]
    fn offset<L: Lanes>(&self, _: L) -> Option<L::Vector> {
        None
    }

    /// The weights of one lane.
    fn weights(&self, lane: usize, weights: &mut [f32]);
}

/// Products of a part of a block with quantised inputs, in whole numbers.
#[inline(always)]
fn whole_products<L: Lanes, B: Block, const M: usize, const P: usize>(
    lanes: L,
    inputs: [&Quantised; M],
    units: [&B; P],
    part: usize,
) -> [[L::Whole; P]; M] {
    let mut products = [[lanes.whole(0); P]; M];
    for m in 0..M {
        let sum = inputs[m].sum(part, B::PARTS);
        products[m] = [lanes.whole(sum.wrapping_mul(-B::ADDED)); P];
    }
    let fours = BLOCK / 4 / B::PARTS;
    for index in part * fours..(part + 1) * fours {
        let mut weights = [units[0].four(lanes, index); P];
        for p in 1..P {
            weights[p] = units[p].four(lanes, index);
        }
        for m in 0..M {
            let inputs = inputs[m].quads[index];
            for p in 0..P {
                products[m][p] = if B::WIDE {
                    lanes.dot::<true>(weights[p], inputs, products[m][p])
                } else {
                    lanes.dot::<false>(weights[p], inputs, products[m][p])
                };
            }
        }
    }
    products
}

/// Adds the products of one block to sums.
#[inline(always)]
fn add_block<L: Lanes, B: Block, const M: usize, const P: usize>(
    lanes: L,
    inputs: [&Quantised; M],
    units: [&B; P],
    sums: &mut [[L::Vector; P]; M],
) {
    for part in 0..B::PARTS {
        let products = whole_products(lanes, inputs, units, part);
        for p in 0..P {
            let scale = units[p].scale(lanes, part);
            for m in 0..M {
                let product = lanes.product(lanes.float(products[m][p]), scale);
                sums[m][p] = lanes.fused(product, lanes.splat(inputs[m].scale), sums[m][p]);
            }
        }
    }
    for p in 0..P {
        if let Some(offset) = units[p].offset(lanes) {
            for m in 0..M {
                let sum = lanes.splat(inputs[m].sum(0, 1) as f32 * inputs[m].scale);
                sums[m][p] = lanes.fused(sum, offset, sums[m][p]);
            }
        }
    }
}

impl<B: Block> Unit for B {
    type Input = Quantised;
    const DEPTH: usize = BLOCK;
    const ZERO: Self = B::EMPTY;
    // More would not find room in the registers, with sums in whole numbers beside those in floats.
    const ROWS: usize = 4;

    #[inline(always)]
    fn inputs<'a>(rows: &Rows<'a>, row: usize) -> &'a [Quantised] {
        let length = rows.depth / BLOCK;
        &rows.blocks[row * length..(row + 1) * length]
    }

    #[inline(always)]
    fn tile<L: Lanes, const M: usize, const P: usize>(
        lanes: L,
        inputs: [&[Quantised]; M],
        panels: [&[Self]; P],
        next: [&[Self]; P],
    ) -> [[L::Vector; P]; M] {
        let count = panels[0].len();
        let inputs = inputs.map(|row| &row[..count]);
        let panels = panels.map(|panel| &panel[..count]);
        let next = next.map(|panel| &panel[..count]);
        let mut sums = [[lanes.splat(0.0); P]; M];
        for b in 0..count {
            let mut rows = [&inputs[0][b]; M];
            for m in 1..M {
                rows[m] = &inputs[m][b];
            }
            let mut units = [&panels[0][b]; P];
            for p in 1..P {
                units[p] = &panels[p][b];
            }
            for p in 0..P {
                lanes.expect(&next[p][b]);
            }
            add_block(lanes, rows, units, &mut sums);
        }
        sums
    }

    fn lane(&self, lane: usize, weights: &mut [f32]) {
        self.weights(lane, weights);
    }
}

/// Two bytes of weights each, as [`Nibbles`] has them.
fn nibble_lane(
    quads: &[Quads; BLOCK / 8],
    lane: usize,
    weights: &mut [f32],
    of: impl Fn(f32) -> f32,
) {
    for (eight, quads) in weights.as_chunks_mut::<8>().0.iter_mut().zip(quads) {
        let (low, high) = eight.split_at_mut(4);
        for ((low, high), byte) in low.iter_mut().zip(high).zip(quads[lane]) {
            *low = of(f32::from(byte & 15) - 8.0);
            *high = of(f32::from(byte >> 4) - 8.0);
        }
    }
}

impl Block for Nibbles {
    const EMPTY: Self = Self {
        scales: [0; 16],
        quads: [[[0; 4]; 16]; BLOCK / 8],
    };
    const ADDED: i32 = 8;

    #[inline(always)]
    fn four<L: Lanes>(&self, lanes: L, index: usize) -> L::Quads {
        lanes.nibbles(&self.quads[index / 2], index % 2 == 1)
    }

    #[inline(always)]
    fn scale<L: Lanes>(&self, lanes: L, _: usize) -> L::Vector {
        lanes.f16(&self.scales)
    }

    fn weights(&self, lane: usize, weights: &mut [f32]) {
        let scale = widen_f16(self.scales[lane]);
        nibble_lane(&self.quads, lane, weights, |nibble| nibble * scale);
    }
}

impl Block for ShiftedNibbles {
    const EMPTY: Self = Self {
        scales: [0.0; 16],
        offsets: [0.0; 16],
        quads: [[[0; 4]; 16]; BLOCK / 8],
    };
    const ADDED: i32 = 8;

    #[inline(always)]
    fn four<L: Lanes>(&self, lanes: L, index: usize) -> L::Quads {
        lanes.nibbles(&self.quads[index / 2], index % 2 == 1)
    }

    #[inline(always)]
    fn scale<L: Lanes>(&self, lanes: L, _: usize) -> L::Vector {
        lanes.load(&self.scales)
    }

    #[inline(always)]
    fn offset<L: Lanes>(&self, lanes: L) -> Option<L::Vector> {
        Some(lanes.load(&self.offsets))
    }

    fn weights(&self, lane: usize, weights: &mut [f32]) {
        let (scale, offset) = (self.scales[lane], self.offsets[lane]);
        nibble_lane(&self.quads, lane, weights, |nibble| nibble * scale + offset);
    }
}

impl Block for Bytes {
    const EMPTY: Self = Self {
        scales: [0; 16],
        quads: [[[0; 4]; 16]; BLOCK / 4],
    };
    const ADDED: i32 = 128;
    const WIDE: bool = true;

    #[inline(always)]
    fn four<L: Lanes>(&self, lanes: L, index: usize) -> L::Quads {
        lanes.quads(&self.quads[index])
    }

    #[inline(always)]
    fn scale<L: Lanes>(&self, lanes: L, _: usize) -> L::Vector {
        lanes.f16(&self.scales)
    }

    fn weights(&self, lane: usize, weights: &mut [f32]) {
        let scale = widen_f16(self.scales[lane]);
        for (four, quads) in weights.as_chunks_mut::<4>().0.iter_mut().zip(&self.quads) {
            *four = quads[lane].map(|byte| (f32::from(byte) - 128.0) * scale);
        }
    }
}

impl Block for ShortBytes {
    const EMPTY: Self = Self {
        scales: [[0.0; 16]; 2],
        quads: [[[0; 4]; 16]; BLOCK / 4],
    };
    const ADDED: i32 = 32;
    const PARTS: usize = 2;

    #[inline(always)]
    fn four<L: Lanes>(&self, lanes: L, index: usize) -> L::Quads {
        lanes.quads(&self.quads[index])
    }

    #[inline(always)]
    fn scale<L: Lanes>(&self, lanes: L, part: usize) -> L::Vector {
        lanes.load(&self.scales[part])
    }

    fn weights(&self, lane: usize, weights: &mut [f32]) {
        let quads = weights.as_chunks_mut::<4>().0.iter_mut().zip(&self.quads);
        for (index, (four, quads)) in quads.enumerate() {
            let scale = self.scales[index / 4][lane];
            *four = quads[lane].map(|byte| (f32::from(byte) - 32.0) * scale);
        }
    }
}
