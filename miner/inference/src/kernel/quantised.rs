//! Quantised inputs.

use super::{lanes::folded, processor::Processor};

/// Inputs that meet one unit.
pub(crate) const BLOCK: usize = 32;

/// Thirty-two inputs with one scale: each is `scale` times a whole number of -127 to 127.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Quantised {
    pub(super) quads: [[i8; 4]; BLOCK / 4],
    /// Sums of the first and of the last sixteen whole numbers.
    sums: [i32; 2],
    pub(super) scale: f32,
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
                whole[half][i] = bits.cast_signed();
            }
        }
        Self {
            quads: pulp::cast(bytes),
            sums: whole.map(|half| folded(half, i32::wrapping_add)),
            scale: greatest / 127.0,
        }
    }

    /// The sum of the whole numbers of one of some equal parts, two at most.
    #[inline(always)]
    pub(super) const fn sum(&self, part: usize, parts: usize) -> i32 {
        if parts == 1 {
            self.sums[0].wrapping_add(self.sums[1])
        } else {
            self.sums[part]
        }
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
