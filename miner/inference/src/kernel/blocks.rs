//! Units of quantised weights: a block is widened once for all rows of a tile, and scaled after its products are summed.

use super::{
    lanes::{Lanes, Sixteen, widen_f16},
    units::Unit,
};

/// Inputs that meet one unit of four-bit or eight-bit weights.
pub(crate) const BLOCK: usize = 32;

/// Q4_0: per lane one scale and 32 weights of four bits.
#[derive(Clone, Copy, Debug)]
#[repr(C, align(32))]
pub(crate) struct Nibbles {
    /// In f16.
    pub(crate) scales: Sixteen<u16>,
    /// Pair `j` of inputs: input `2 j` in the lower halves, `2 j + 1` in the upper ones.
    pub(crate) pairs: [Sixteen<u8>; 16],
}

/// Q4_K: per lane a scale, an offset and 32 weights of four bits.
#[derive(Clone, Copy, Debug)]
#[repr(C, align(64))]
pub(crate) struct ShiftedNibbles {
    pub(crate) scales: Sixteen<f32>,
    /// What every weight has besides `scale * (nibble - 8)`.
    pub(crate) offsets: Sixteen<f32>,
    /// As in [`Nibbles`].
    pub(crate) pairs: [Sixteen<u8>; 16],
}

/// Q8_0: per lane one scale and 32 weights of eight bits.
#[derive(Clone, Copy, Debug)]
#[repr(C, align(32))]
pub(crate) struct Bytes {
    /// In f16.
    pub(crate) scales: Sixteen<u16>,
    pub(crate) weights: [Sixteen<i8>; 32],
}

/// Q6_K: per lane a scale and 16 weights of eight bits.
#[derive(Clone, Copy, Debug)]
#[repr(C, align(64))]
pub(crate) struct ShortBytes {
    pub(crate) scales: Sixteen<f32>,
    pub(crate) weights: [Sixteen<i8>; 16],
}

/// The products of one block of 32 inputs with nibbles, without their scales.
#[inline(always)]
fn nibble_block<L: Lanes, const M: usize, const P: usize>(
    lanes: L,
    inputs: [&[f32; BLOCK]; M],
    pairs: [&[Sixteen<u8>; 16]; P],
) -> [[L::Vector; P]; M] {
    let mut sums = [[lanes.splat(0.0); P]; M];
    for j in 0..16 {
        let mut low = [lanes.splat(0.0); P];
        let mut high = [lanes.splat(0.0); P];
        for p in 0..P {
            (low[p], high[p]) = lanes.nibbles(&pairs[p][j]);
        }
        for m in 0..M {
            let first = lanes.splat(inputs[m][2 * j]);
            let second = lanes.splat(inputs[m][2 * j + 1]);
            for p in 0..P {
                sums[m][p] = lanes.fused(first, low[p], sums[m][p]);
                sums[m][p] = lanes.fused(second, high[p], sums[m][p]);
            }
        }
    }
    sums
}

/// The products of one block of inputs with bytes, without their scales.
#[inline(always)]
fn byte_block<L: Lanes, const N: usize, const M: usize, const P: usize>(
    lanes: L,
    inputs: [&[f32; N]; M],
    weights: [&[Sixteen<i8>; N]; P],
) -> [[L::Vector; P]; M] {
    let mut sums = [[lanes.splat(0.0); P]; M];
    for k in 0..N {
        let mut wide = [lanes.splat(0.0); P];
        for p in 0..P {
            wide[p] = lanes.bytes(&weights[p][k]);
        }
        for m in 0..M {
            let input = lanes.splat(inputs[m][k]);
            for p in 0..P {
                sums[m][p] = lanes.fused(input, wide[p], sums[m][p]);
            }
        }
    }
    sums
}

macro_rules! quantised_tile {
    ($depth:expr, $block:ident($field:ident), $scale:ident, |$lanes:ident, $unit:ident, $sum:ident, $input:ident| $offset:expr) => {
        #[inline(always)]
        fn tile<L: Lanes, const M: usize, const P: usize>(
            $lanes: L,
            inputs: [&[f32]; M],
            blocks: [&[f32]; M],
            panels: [&[Self]; P],
        ) -> [[L::Vector; P]; M] {
            let count = panels[0].len();
            let inputs = inputs.map(|row| &row.as_chunks::<{ $depth }>().0[..count]);
            let panels = panels.map(|panel| &panel[..count]);
            let mut sums = [[$lanes.splat(0.0); P]; M];
            for b in 0..count {
                let mut rows = [&[0.0; $depth]; M];
                for m in 0..M {
                    rows[m] = &inputs[m][b];
                }
                let mut units = [&panels[0][b].$field; P];
                for p in 0..P {
                    units[p] = &panels[p][b].$field;
                }
                let parts = $block($lanes, rows, units);
                for p in 0..P {
                    let $unit = &panels[p][b];
                    let scale = $lanes.$scale(&$unit.scales);
                    for m in 0..M {
                        let $sum = $lanes.fused(parts[m][p], scale, sums[m][p]);
                        let $input = (blocks[m], b);
                        sums[m][p] = $offset;
                    }
                }
            }
            sums
        }
    };
}

impl Unit for Nibbles {
    const DEPTH: usize = BLOCK;
    const ZERO: Self = Self {
        scales: [0; 16],
        pairs: [[0; 16]; 16],
    };

    quantised_tile!(
        BLOCK,
        nibble_block(pairs),
        f16,
        |lanes, unit, sum, _input| sum
    );

    fn lane(&self, lane: usize, weights: &mut [f32]) {
        let scale = widen_f16(self.scales[lane]);
        for (two, pair) in weights.as_chunks_mut::<2>().0.iter_mut().zip(&self.pairs) {
            two[0] = (f32::from(pair[lane] & 15) - 8.0) * scale;
            two[1] = (f32::from(pair[lane] >> 4) - 8.0) * scale;
        }
    }
}

impl Unit for ShiftedNibbles {
    const DEPTH: usize = BLOCK;
    const ZERO: Self = Self {
        scales: [0.0; 16],
        offsets: [0.0; 16],
        pairs: [[0; 16]; 16],
    };

    quantised_tile!(
        BLOCK,
        nibble_block(pairs),
        load,
        |lanes, unit, sum, input| {
            lanes.fused(
                lanes.splat(input.0[input.1]),
                lanes.load(&unit.offsets),
                sum,
            )
        }
    );

    fn lane(&self, lane: usize, weights: &mut [f32]) {
        let (scale, offset) = (self.scales[lane], self.offsets[lane]);
        for (two, pair) in weights.as_chunks_mut::<2>().0.iter_mut().zip(&self.pairs) {
            two[0] = (f32::from(pair[lane] & 15) - 8.0) * scale + offset;
            two[1] = (f32::from(pair[lane] >> 4) - 8.0) * scale + offset;
        }
    }
}

impl Unit for Bytes {
    const DEPTH: usize = BLOCK;
    const ZERO: Self = Self {
        scales: [0; 16],
        weights: [[0; 16]; 32],
    };

    quantised_tile!(
        BLOCK,
        byte_block(weights),
        f16,
        |lanes, unit, sum, _input| sum
    );

    fn lane(&self, lane: usize, weights: &mut [f32]) {
        let scale = widen_f16(self.scales[lane]);
        for (weight, bytes) in weights.iter_mut().zip(&self.weights) {
            *weight = f32::from(bytes[lane]) * scale;
        }
    }
}

impl Unit for ShortBytes {
    const DEPTH: usize = 16;
    const ZERO: Self = Self {
        scales: [0.0; 16],
        weights: [[0; 16]; 16],
    };

    quantised_tile!(16, byte_block(weights), load, |lanes, unit, sum, _input| {
        sum
    });

    fn lane(&self, lane: usize, weights: &mut [f32]) {
        for (weight, bytes) in weights.iter_mut().zip(&self.weights) {
            *weight = f32::from(bytes[lane]) * self.scales[lane];
        }
    }
}
