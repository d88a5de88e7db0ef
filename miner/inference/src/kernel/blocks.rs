//! Units of quantised weights, and the quantised inputs that they meet.
//!
//! A product with quantised weights is exact in whole numbers within a block of 32 inputs; then it is scaled. Weights are
//! bytes without a sign: what was added to make them so is taken away with the sum of the inputs.

use super::{
    lanes::{Lanes, Quads, Sixteen, widen_f16},
    product::{Processor, Rows},
    units::Unit,
};

/// Inputs that meet one unit.
pub(crate) const BLOCK: usize = 32;

/// Thirty-two inputs with one scale: each is `scale` times a whole number of -127 to 127.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Quantised {
    quads: [[i8; 4]; BLOCK / 4],
    /// Sums of the first and of the last sixteen whole numbers.
    sums: [i32; 2],
    scale: f32,
}

impl Quantised {
    const ZERO: Self = Self {
        quads: [[0; 4]; BLOCK / 4],
        sums: [0; 2],
        scale: 0.0,
    };

    /// The greatest input becomes 127; a half goes to the even neighbour. An input that is not finite makes the scale so.
    #[inline(always)]
    fn new(inputs: &[f32; BLOCK]) -> Self {
        // Adding 1.5 * 2^23 leaves the nearest integer in the lowest bits.
        const SHIFT: f32 = 12_582_912.0;
        // Below it the reciprocal could be infinite.
        const LEAST: f32 = 1e-30;
        // Without their signs floats are ordered as their bits, infinity and what is not a number last.
        let mut tops = [0u32; 16];
        for i in 0..16 {
            let (first, last) = (inputs[i].abs().to_bits(), inputs[i + 16].abs().to_bits());
            tops[i] = first.max(last);
        }
        let greatest = f32::from_bits(folded(tops, u32::max));
        if greatest < LEAST {
            return Self::ZERO;
        }
        let factor = 127.0 / greatest;
        let mut whole = [[0i32; 16]; 2];
        let mut bytes = [0i8; BLOCK];
        for half in 0..2 {
            for i in 0..16 {
                let shifted = inputs[half * 16 + i].mul_add(factor, SHIFT);
                let bits = shifted.to_bits().wrapping_sub(SHIFT.to_bits());
                bytes[half * 16 + i] = bits as i8;
                whole[half][i] = i32::from(bits as i8);
            }
        }
        Self {
            quads: pulp::cast(bytes),
            sums: [
                folded(whole[0], i32::wrapping_add),
                folded(whole[1], i32::wrapping_add),
            ],
            scale: greatest / 127.0,
        }
    }

    /// The sum of its whole numbers.
    #[inline(always)]
    const fn sum(&self) -> i32 {
        self.sums[0] + self.sums[1]
    }

    /// The numbers that it stands for.
    #[cfg(test)]
    pub(super) fn numbers(&self) -> impl Iterator<Item = f64> + '_ {
        let scale = f64::from(self.scale);
        self.quads
            .as_flattened()
            .iter()
            .map(move |whole| f64::from(*whole) * scale)
    }
}

/// Sixteen numbers made one, halves first.
#[inline(always)]
fn folded<T: Copy>(mut lanes: Sixteen<T>, together: impl Fn(T, T) -> T) -> T {
    let mut width = 8;
    while width > 0 {
        for i in 0..width {
            lanes[i] = together(lanes[i], lanes[i + width]);
        }
        width /= 2;
    }
    lanes[0]
}

/// Rows of inputs as quantised weights need them. Rows are whole blocks.
pub(crate) fn quantise(processor: Processor, inputs: &[f32], blocks: &mut Vec<Quantised>) {
    struct Quantise<'a> {
        inputs: &'a [[f32; BLOCK]],
        blocks: &'a mut [Quantised],
    }
    impl pulp::NullaryFnOnce for Quantise<'_> {
        type Output = ();
        #[inline(always)]
        fn call(self) {
            for (block, inputs) in self.blocks.iter_mut().zip(self.inputs) {
                *block = Quantised::new(inputs);
            }
        }
    }
    let inputs = inputs.as_chunks::<BLOCK>().0;
    blocks.resize(inputs.len(), Quantised::ZERO);
    processor.run(Quantise { inputs, blocks });
}

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

/// What units of bytes have in common.
trait Block: Unit<Input = Quantised> {
    /// What was added to the weights.
    const ADDED: i32;
    /// Whether a byte may be beyond 127.
    const WIDE: bool;

    /// The weights that meet four inputs.
    fn four<L: Lanes>(&self, lanes: L, index: usize) -> L::Quads;
}

macro_rules! block {
    ($unit:ty, added $added:expr, wide $wide:expr, |$quads:ident, $lanes:ident, $index:ident| $four:expr) => {
        impl Block for $unit {
            const ADDED: i32 = $added;
            const WIDE: bool = $wide;

            #[inline(always)]
            fn four<L: Lanes>(&self, $lanes: L, $index: usize) -> L::Quads {
                let $quads = &self.quads;
                $four
            }
        }
    };
}

block!(Nibbles, added 8, wide false, |quads, lanes, i| lanes.nibbles(&quads[i / 2], i % 2 == 1));
block!(ShiftedNibbles, added 8, wide false, |quads, lanes, i| lanes.nibbles(&quads[i / 2], i % 2 == 1));
block!(Bytes, added 128, wide true, |quads, lanes, i| lanes.quads(&quads[i]));
block!(ShortBytes, added 32, wide false, |quads, lanes, i| lanes.quads(&quads[i]));

/// Products of some fours of a block with quantised inputs, in whole numbers. `sum`: of these inputs.
#[inline(always)]
fn whole_products<L: Lanes, B: Block, const M: usize, const P: usize>(
    lanes: L,
    inputs: [&Quantised; M],
    units: [&B; P],
    fours: std::ops::Range<usize>,
    sum: impl Fn(&Quantised) -> i32,
) -> [[L::Whole; P]; M] {
    let mut products = [[lanes.whole(0); P]; M];
    for m in 0..M {
        products[m] = [lanes.whole(-B::ADDED * sum(inputs[m])); P];
    }
    for index in fours {
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

/// Goes through panels and rows block by block; `each` adds the products of one block to the sums.
#[inline(always)]
fn by_blocks<L: Lanes, B: Block, const M: usize, const P: usize>(
    lanes: L,
    inputs: [&[Quantised]; M],
    panels: [&[B]; P],
    each: impl Fn([&Quantised; M], [&B; P], &mut [[L::Vector; P]; M]),
) -> [[L::Vector; P]; M] {
    let count = panels[0].len();
    let inputs = inputs.map(|row| &row[..count]);
    let panels = panels.map(|panel| &panel[..count]);
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
        each(rows, units, &mut sums);
    }
    sums
}

/// Adds scaled whole products to sums. `scale`: of the weights of a panel.
#[inline(always)]
fn add_scaled<L: Lanes, const M: usize, const P: usize>(
    lanes: L,
    inputs: [&Quantised; M],
    products: [[L::Whole; P]; M],
    scale: impl Fn(usize) -> L::Vector,
    sums: &mut [[L::Vector; P]; M],
) {
    for p in 0..P {
        let scale = scale(p);
        for m in 0..M {
            let product = lanes.product(lanes.float(products[m][p]), scale);
            sums[m][p] = lanes.fused(product, lanes.splat(inputs[m].scale), sums[m][p]);
        }
    }
}

/// The parts of [`Unit`] that are alike.
macro_rules! meets_quantised_inputs {
    () => {
        type Input = Quantised;
        const DEPTH: usize = BLOCK;
        // More would not find room in the registers, with sums in whole numbers beside those in floats.
        const ROWS: usize = 4;

        #[inline(always)]
        fn inputs<'a>(rows: &Rows<'a>, row: usize) -> &'a [Quantised] {
            let length = rows.depth / BLOCK;
            &rows.blocks[row * length..(row + 1) * length]
        }
    };
}

macro_rules! tile_with {
    (|$lanes:ident, $inputs:ident, $units:ident, $sums:ident| $add:block) => {
        #[inline(always)]
        fn tile<L: Lanes, const M: usize, const P: usize>(
            $lanes: L,
            inputs: [&[Quantised]; M],
            panels: [&[Self]; P],
        ) -> [[L::Vector; P]; M] {
            by_blocks($lanes, inputs, panels, |$inputs, $units, $sums| $add)
        }
    };
}

/// All fours of a block.
const ALL: std::ops::Range<usize> = 0..BLOCK / 4;

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

impl Unit for Nibbles {
    meets_quantised_inputs!();
    const ZERO: Self = Self {
        scales: [0; 16],
        quads: [[[0; 4]; 16]; BLOCK / 8],
    };

    tile_with!(|lanes, inputs, units, sums| {
        let products = whole_products(lanes, inputs, units, ALL, Quantised::sum);
        add_scaled(
            lanes,
            inputs,
            products,
            |p| lanes.f16(&units[p].scales),
            sums,
        );
    });

    fn lane(&self, lane: usize, weights: &mut [f32]) {
        let scale = widen_f16(self.scales[lane]);
        nibble_lane(&self.quads, lane, weights, |nibble| nibble * scale);
    }
}

impl Unit for ShiftedNibbles {
    meets_quantised_inputs!();
    const ZERO: Self = Self {
        scales: [0.0; 16],
        offsets: [0.0; 16],
        quads: [[[0; 4]; 16]; BLOCK / 8],
    };

    tile_with!(|lanes, inputs, units, sums| {
        let products = whole_products(lanes, inputs, units, ALL, Quantised::sum);
        add_scaled(
            lanes,
            inputs,
            products,
            |p| lanes.load(&units[p].scales),
            sums,
        );
        for m in 0..M {
            let sum = lanes.splat(inputs[m].sum() as f32 * inputs[m].scale);
            for p in 0..P {
                sums[m][p] = lanes.fused(sum, lanes.load(&units[p].offsets), sums[m][p]);
            }
        }
    });

    fn lane(&self, lane: usize, weights: &mut [f32]) {
        let (scale, offset) = (self.scales[lane], self.offsets[lane]);
        nibble_lane(&self.quads, lane, weights, |nibble| nibble * scale + offset);
    }
}

impl Unit for Bytes {
    meets_quantised_inputs!();
    const ZERO: Self = Self {
        scales: [0; 16],
        quads: [[[0; 4]; 16]; BLOCK / 4],
    };

    tile_with!(|lanes, inputs, units, sums| {
        let products = whole_products(lanes, inputs, units, ALL, Quantised::sum);
        add_scaled(
            lanes,
            inputs,
            products,
            |p| lanes.f16(&units[p].scales),
            sums,
        );
    });

    fn lane(&self, lane: usize, weights: &mut [f32]) {
        let scale = widen_f16(self.scales[lane]);
        for (four, quads) in weights.as_chunks_mut::<4>().0.iter_mut().zip(&self.quads) {
            *four = quads[lane].map(|byte| (f32::from(byte) - 128.0) * scale);
        }
    }
}

impl Unit for ShortBytes {
    meets_quantised_inputs!();
    const ZERO: Self = Self {
        scales: [[0.0; 16]; 2],
        quads: [[[0; 4]; 16]; BLOCK / 4],
    };

    tile_with!(|lanes, inputs, units, sums| {
        for half in 0..2 {
            let fours = half * 4..half * 4 + 4;
            let products = whole_products(lanes, inputs, units, fours, |i| i.sums[half]);
            add_scaled(
                lanes,
                inputs,
                products,
                |p| lanes.load(&units[p].scales[half]),
                sums,
            );
        }
    });

    fn lane(&self, lane: usize, weights: &mut [f32]) {
        for (index, (four, quads)) in
            (0..).zip(weights.as_chunks_mut::<4>().0.iter_mut().zip(&self.quads))
        {
            let scale = self.scales[index / 4][lane];
            *four = quads[lane].map(|byte| (f32::from(byte) - 32.0) * scale);
        }
    }
}
