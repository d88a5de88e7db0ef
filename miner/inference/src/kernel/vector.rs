//! The operations between products, on one row each.
//!
//! Sums go over sixteen interleaved lanes that are added in a fixed order, and the exponential is our own: the bits do not
//! depend on the vector unit or on the C library.

use pulp::NullaryFnOnce;

use super::{
    lanes::{folded, narrow_f16},
    processor::Processor,
};

macro_rules! operation {
    ($processor:expr, $name:ident { $($field:ident: $type:ty = $value:expr),* } -> $output:ty $body:block) => {{
        struct $name<'a> {
            $($field: $type,)*
            nothing: std::marker::PhantomData<&'a ()>,
        }
        impl<'a> NullaryFnOnce for $name<'a> {
            type Output = $output;
            #[inline(always)]
            fn call(self) -> $output {
                let Self { $($field,)* .. } = self;
                $body
            }
        }
        $processor.run($name { $($field: $value,)* nothing: std::marker::PhantomData })
    }};
}

/// The sum of sixteen lanes, halves first.
#[inline(always)]
fn total(lanes: [f32; 16]) -> f32 {
    folded(lanes, |a, b| a + b)
}

/// The greatest number, lane by lane.
#[inline(always)]
fn maximum(numbers: &[f32]) -> f32 {
    let (chunks, rest) = numbers.as_chunks::<16>();
    let mut tops = [f32::NEG_INFINITY; 16];
    let mut raise = |chunk: &[f32; 16]| {
        for (top, x) in tops.iter_mut().zip(chunk) {
            *top = if *x > *top { *x } else { *top };
        }
    };
    for chunk in chunks {
        raise(chunk);
    }
    raise(&padded(rest, f32::NEG_INFINITY));
    folded(tops, |a, b| if b > a { b } else { a })
}

/// Fewer than sixteen numbers as a whole chunk.
#[inline(always)]
fn padded(rest: &[f32], with: f32) -> [f32; 16] {
    let mut chunk = [with; 16];
    chunk[..rest.len()].copy_from_slice(rest);
    chunk
}

/// `output = input / root mean square * weight`.
pub(crate) fn normalise(
    processor: Processor,
    input: &[f32],
    weight: &[f32],
    epsilon: f32,
    output: &mut [f32],
) {
    operation!(processor, Normalise {
        input: &'a [f32] = input,
        weight: &'a [f32] = weight,
        epsilon: f32 = epsilon,
        output: &'a mut [f32] = output
    } -> () {
        let mut lanes = [0f32; 16];
        let (chunks, rest) = input.as_chunks::<16>();
        for chunk in chunks {
            for (lane, x) in lanes.iter_mut().zip(chunk) {
                *lane = x.mul_add(*x, *lane);
            }
        }
        for (lane, x) in lanes.iter_mut().zip(rest) {
            *lane = x.mul_add(*x, *lane);
        }
        let scale = 1.0 / (total(lanes) / input.len() as f32 + epsilon).sqrt();
        for ((y, x), w) in output.iter_mut().zip(input).zip(weight) {
            *y = x * scale * w;
        }
    });
}

/// `x += y`.
pub(crate) fn add(processor: Processor, x: &mut [f32], y: &[f32]) {
    operation!(processor, Add { x: &'a mut [f32] = x, y: &'a [f32] = y } -> () {
        for (x, y) in x.iter_mut().zip(y) {
            *x += y;
        }
    });
}

/// Rotates the pairs (`i`, `i + half`) of a head by angles, cosines first, then sines, and scales them.
pub(crate) fn rotate(
    processor: Processor,
    head: &[f32],
    angles: &[f32],
    scale: f32,
    output: &mut [f32],
) {
    operation!(processor, Rotate {
        head: &'a [f32] = head,
        angles: &'a [f32] = angles,
        scale: f32 = scale,
        output: &'a mut [f32] = output
    } -> () {
        let half = head.len() / 2;
        let (cosines, sines) = (&angles[..half], &angles[half..][..half]);
        let (first, second) = (&head[..half], &head[half..][..half]);
        let (a, b) = output.split_at_mut(half);
        let (a, b) = (&mut a[..half], &mut b[..half]);
        for i in 0..half {
            a[i] = (first[i] * cosines[i] - second[i] * sines[i]) * scale;
            b[i] = (second[i] * cosines[i] + first[i] * sines[i]) * scale;
        }
    });
}

/// Rounds to f16; what is too large becomes the greatest. Gives whether all numbers are finite.
pub(crate) fn narrow(processor: Processor, numbers: &[f32], halves: &mut [u16]) -> bool {
    operation!(processor, Narrow {
        numbers: &'a [f32] = numbers,
        halves: &'a mut [u16] = halves
    } -> bool {
        let mut finite = true;
        for (half, number) in halves.iter_mut().zip(numbers) {
            *half = narrow_f16(*number);
            finite &= number.is_finite();
        }
        finite
    })
}

/// `e^x` with a relative error of at most 2e-7; `x` beyond ±87 counts as ±87.
#[inline(always)]
pub(super) fn exponential(x: f32) -> f32 {
    // Adding 1.5 * 2^23 leaves the nearest integer in the lowest bits.
    const SHIFT: f32 = 12_582_912.0;
    let x = x.clamp(-87.0, 87.0);
    let shifted = x.mul_add(std::f32::consts::LOG2_E, SHIFT);
    let whole = shifted - SHIFT;
    // Cody and Waite: ln 2 in two parts, the first of which is exact in products with small integers.
    let rest = whole.mul_add(-0.693_359_4, x);
    let rest = whole.mul_add(2.121_944_4e-4, rest);
    let mut sum = 1.0 / 5040.0;
    for factor in [
        1.0 / 720.0,
        1.0 / 120.0,
        1.0 / 24.0,
        1.0 / 6.0,
        0.5,
        1.0,
        1.0,
    ] {
        sum = rest.mul_add(sum, factor);
    }
    let power = shifted
        .to_bits()
        .wrapping_sub(SHIFT.to_bits())
        .wrapping_add(127)
        << 23;
    sum * f32::from_bits(power)
}

/// Replaces each number by `e^(number - greatest)` and gives the sum.
pub(crate) fn exponentials(processor: Processor, numbers: &mut [f32]) -> f32 {
    operation!(processor, Exponentials { numbers: &'a mut [f32] = numbers } -> f32 {
        let greatest = maximum(numbers);
        let mut lanes = [0f32; 16];
        let (chunks, rest) = numbers.as_chunks_mut::<16>();
        for chunk in chunks {
            for (lane, x) in lanes.iter_mut().zip(chunk) {
                *x = exponential(*x - greatest);
                *lane += *x;
            }
        }
        if !rest.is_empty() {
            let mut last = padded(rest, greatest);
            for x in &mut last {
                *x = exponential(*x - greatest);
            }
            rest.copy_from_slice(&last[..rest.len()]);
            last[rest.len()..].fill(0.0);
            for (lane, x) in lanes.iter_mut().zip(&last) {
                *lane += x;
            }
        }
        total(lanes)
    })
}

/// The greatest number, and the sum of all `e^(factor * (number - greatest))`.
pub(crate) fn sum_of_exponentials(
    processor: Processor,
    numbers: &[f32],
    factor: f32,
) -> (f32, f64) {
    operation!(processor, SumOfExponentials {
        numbers: &'a [f32] = numbers,
        factor: f32 = factor
    } -> (f32, f64) {
        let (chunks, rest) = numbers.as_chunks::<16>();
        let greatest = maximum(numbers);
        // Vocabularies are long: partial sums keep the error of the lanes small.
        let mut sum = 0f64;
        for part in chunks.chunks(64) {
            let mut lanes = [0f32; 16];
            for chunk in part {
                for (lane, x) in lanes.iter_mut().zip(chunk) {
                    *lane += exponential(factor * (*x - greatest));
                }
            }
            sum += f64::from(total(lanes));
        }
        for x in rest {
            sum += f64::from(exponential(factor * (*x - greatest)));
        }
        (greatest, sum)
    })
}

/// Where the greatest number is; of equal ones the first.
pub(crate) fn first_greatest(processor: Processor, numbers: &[f32]) -> usize {
    operation!(processor, FirstGreatest { numbers: &'a [f32] = numbers } -> usize {
        let greatest = maximum(numbers);
        let reaches = |chunk: &[f32]| chunk.iter().fold(false, |any, x| any | (*x == greatest));
        let chunk = numbers.chunks(64).position(reaches).unwrap_or(0);
        let within = numbers[chunk * 64..].iter().position(|x| *x == greatest);
        chunk * 64 + within.unwrap_or(0)
    })
}

/// Whether a number is at least `bar`.
pub(crate) fn any_from(processor: Processor, numbers: &[f32], bar: f32) -> bool {
    operation!(processor, AnyFrom { numbers: &'a [f32] = numbers, bar: f32 = bar } -> bool {
        numbers.iter().fold(false, |any, x| any | (*x >= bar))
    })
}

/// How many numbers are greater than `bar`.
pub(crate) fn count_above(processor: Processor, numbers: &[f32], bar: f32) -> usize {
    operation!(processor, CountAbove { numbers: &'a [f32] = numbers, bar: f32 = bar } -> usize {
        numbers
            .chunks(1 << 16)
            .map(|part| part.iter().map(|x| u32::from(*x > bar)).sum::<u32>() as usize)
            .sum()
    })
}

/// `gate = gate / (1 + e^-gate) * up`.
pub(crate) fn gate(processor: Processor, gate: &mut [f32], up: &[f32]) {
    operation!(processor, Gate { gate: &'a mut [f32] = gate, up: &'a [f32] = up } -> () {
        for (g, u) in gate.iter_mut().zip(up) {
            *g = *g / (1.0 + exponential(-*g)) * u;
        }
    });
}
