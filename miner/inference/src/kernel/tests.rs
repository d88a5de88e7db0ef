//! Products against naive ones, and that nothing but a row's own numbers decides its bits.

use candle_core::{
    Device, Tensor,
    quantized::{GgmlDType, QTensor},
};
use proptest::prelude::*;

use super::vector::exponential;
use super::{
    Blocks, Floats, Matrix, Processor, Rows, add, any_from, count_above, exponentials,
    first_greatest, gate, narrow, normalise, quantise, rotate, sum_of_exponentials,
};

fn random(seed: u64, count: usize) -> Vec<f32> {
    let mut state = seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1;
    (0..count)
        .map(|_| {
            state = state
                .wrapping_mul(0x5851_F42D_4C95_7F2D)
                .wrapping_add(0x1405_7B7E_F767_814F);
            (state >> 40) as f32 / (1u64 << 24) as f32 - 0.5
        })
        .collect()
}

fn bytes(numbers: &[f32]) -> Vec<u8> {
    numbers.iter().flat_map(|n| n.to_le_bytes()).collect()
}

/// A matrix in every form, with the weights that it stands for, row by row.
fn matrices(rows: usize, depth: usize) -> Vec<(String, Matrix, Vec<f32>)> {
    let numbers = random(5, rows * depth);
    let mut all = Vec::new();
    for target in [Floats::Single, Floats::Brain, Floats::Half] {
        let matrix = Matrix::from_floats(
            (rows, depth),
            &bytes(&numbers),
            Floats::Single,
            target,
            |r| r,
        )
        .unwrap();
        let kept = numbers
            .iter()
            .map(|n| match target {
                Floats::Brain => half::bf16::from_f32(*n).to_f32(),
                Floats::Half => half::f16::from_f32(*n).to_f32(),
                _ => *n,
            })
            .collect();
        all.push((format!("{target:?}"), matrix, kept));
    }
    let kinds = [
        (Blocks::Q4_0, GgmlDType::Q4_0),
        (Blocks::Q8_0, GgmlDType::Q8_0),
        (Blocks::Q4K, GgmlDType::Q4K),
        (Blocks::Q6K, GgmlDType::Q6K),
    ];
    for (blocks, kind) in kinds {
        if !depth.is_multiple_of(kind.block_size()) {
            continue;
        }
        let tensor = Tensor::from_vec(numbers.clone(), (rows, depth), &Device::Cpu).unwrap();
        let tensor = QTensor::quantize(&tensor, kind).unwrap();
        let matrix =
            Matrix::from_blocks((rows, depth), &tensor.data().unwrap(), blocks, |r| r).unwrap();
        let kept = tensor.dequantize(&Device::Cpu).unwrap();
        let kept = kept.flatten_all().unwrap().to_vec1().unwrap();
        all.push((format!("{kind:?}"), matrix, kept));
    }
    all
}

fn product(
    matrix: &Matrix,
    processor: Processor,
    inputs: &[f32],
    ranges: &[std::ops::Range<usize>],
) -> Vec<f32> {
    let depth = matrix.depth();
    let count = inputs.len() / depth;
    let mut blocks = Vec::new();
    if matrix.is_quantised() {
        quantise(processor, inputs, &mut blocks);
    }
    let mut all = vec![f32::NAN; count * matrix.rows()];
    for range in ranges {
        let width = range.len() * 16;
        let mut outputs = vec![f32::NAN; count * width];
        matrix.multiply(
            processor,
            &mut Rows {
                inputs,
                depth,
                blocks: &blocks,
                count,
                outputs: &mut outputs,
                width,
            },
            range.clone(),
        );
        for row in 0..count {
            for column in 0..width {
                let output = range.start * 16 + column;
                if output < matrix.rows() {
                    all[row * matrix.rows() + output] = outputs[row * width + column];
                }
            }
        }
    }
    all
}

#[test]
fn rows_of_a_matrix_are_its_weights() {
    for (name, matrix, kept) in matrices(37, 256) {
        for row in 0..37 {
            let mut weights = vec![0.0; 256];
            matrix.row(row, &mut weights);
            for (found, wanted) in weights.iter().zip(&kept[row * 256..]) {
                assert!((found - wanted).abs() <= 1e-6, "{name}: {found} {wanted}");
            }
        }
    }
}

#[test]
fn products_agree_with_naive_ones() {
    let (rows, depth) = (83, 256);
    let inputs = random(6, 13 * depth);
    let mut blocks = Vec::new();
    quantise(Processor::Plain, &inputs, &mut blocks);
    let quantised: Vec<f64> = blocks.iter().flat_map(|block| block.numbers()).collect();
    for (name, matrix, kept) in matrices(rows, depth) {
        let inputs_met: Vec<f64> = if matrix.is_quantised() {
            quantised.clone()
        } else {
            inputs.iter().copied().map(f64::from).collect()
        };
        let found = product(
            &matrix,
            Processor::detect(),
            &inputs,
            std::slice::from_ref(&(0..matrix.panels())),
        );
        for row in 0..13 {
            for output in 0..rows {
                let wanted: f64 = (0..depth)
                    .map(|k| inputs_met[row * depth + k] * f64::from(kept[output * depth + k]))
                    .sum();
                let found = f64::from(found[row * rows + output]);
                assert!((found - wanted).abs() < 2e-5, "{name}: {found} {wanted}");
            }
        }
    }
}

/// Q8_0 with the greatest bytes, Q4_0 with the greatest nibbles: what 16 bits would not hold.
#[test]
fn the_greatest_weights_and_inputs_do_not_overflow() {
    let depth = 64;
    let one = half::f16::from_f32(1.0).to_le_bytes();
    for (blocks, byte, weight) in [
        (Blocks::Q8_0, 0x80, -128.0),
        (Blocks::Q8_0, 0x7F, 127.0),
        (Blocks::Q4_0, 0xFF, 7.0),
        (Blocks::Q4_0, 0x00, -8.0),
    ] {
        let length = if blocks == Blocks::Q8_0 { 32 } else { 16 };
        let block: Vec<u8> = one.into_iter().chain(vec![byte; length]).collect();
        let matrix = Matrix::from_blocks((16, depth), &block.repeat(32), blocks, |r| r).unwrap();
        for sign in [1.0, -1.0] {
            for processor in Processor::all() {
                let inputs = vec![sign; depth];
                let found = product(&matrix, processor, &inputs, std::slice::from_ref(&(0..1)));
                let wanted = sign * weight * depth as f32;
                assert!(
                    found.iter().all(|n| (n - wanted).abs() < 0.01),
                    "{}: {} {wanted}",
                    processor.name(),
                    found[0]
                );
            }
        }
    }
}

#[test]
fn quantised_inputs_are_off_by_half_a_step_at_most() {
    let mut inputs = random(8, 64);
    inputs.extend([0.0; 32]);
    inputs.extend([1e-38; 32]);
    inputs.extend([3e37; 32]);
    let mut blocks = Vec::new();
    for processor in Processor::all() {
        quantise(processor, &inputs, &mut blocks);
        let found: Vec<f64> = blocks.iter().flat_map(|block| block.numbers()).collect();
        for (inputs, found) in inputs.chunks(32).zip(found.chunks(32)) {
            let greatest = inputs.iter().fold(0f32, |top, input| top.max(input.abs()));
            let step = f64::from(greatest) / 127.0;
            for (input, found) in inputs.iter().zip(found) {
                let off = (f64::from(*input) - found).abs();
                assert!(off <= step * 0.50001 + 1e-30, "{input} {found}");
            }
        }
    }
    // What is not finite stays so instead of becoming a number.
    for bad in [f32::NAN, f32::INFINITY, f32::NEG_INFINITY] {
        inputs[33] = bad;
        quantise(Processor::detect(), &inputs[32..64], &mut blocks);
        assert!(blocks[0].numbers().all(|number| !number.is_finite()));
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn bits_depend_on_nothing_but_the_row(
        rows in 1usize..150,
        chunks in 1usize..4,
        count in 1usize..20,
        cut in 0f64..1.0,
    ) {
        let depth = chunks * 256;
        let inputs = random(7, count * depth);
        for (name, matrix, _) in matrices(rows, depth) {
            let panels = matrix.panels();
            let cut = (cut * panels as f64) as usize;
            // One row after the other, in one piece, without any vector unit.
            let lone: Vec<f32> = inputs
                .chunks_exact(depth)
                .flat_map(|row| product(&matrix, Processor::Plain, row, std::slice::from_ref(&(0..panels))))
                .collect();
            prop_assert!(lone.iter().all(|n| n.is_finite()));
            for processor in Processor::all() {
                let found = product(&matrix, processor, &inputs, &[0..cut, cut..panels]);
                let same = found.iter().zip(&lone).all(|(a, b)| a.to_bits() == b.to_bits());
                prop_assert!(same, "{name} on {}", processor.name());
            }
        }
    }

    #[test]
    fn exponentials_are_precise(x in -87f32..87.0) {
        let wanted = f64::from(x).exp();
        let off = (f64::from(exponential(x)) - wanted).abs() / wanted;
        prop_assert!(off < 2e-7, "{off}");
    }

    #[test]
    fn small_operations_agree_with_naive_ones_on_every_processor(count in 1usize..100, seed: u64) {
        let (x, w) = (random(seed, count), random(!seed, count));
        let mut bits: Vec<Vec<u32>> = Vec::new();
        for processor in Processor::all() {
            let mut found = Vec::new();
            let mut normal = vec![0.0; count];
            normalise(processor, &x, &w, 1e-5, &mut normal);
            let square = x.iter().map(|x| f64::from(*x).powi(2)).sum::<f64>() / count as f64;
            for ((n, x), w) in normal.iter().zip(&x).zip(&w) {
                let wanted = f64::from(*x) / (square + 1e-5).sqrt() * f64::from(*w);
                prop_assert!((f64::from(*n) - wanted).abs() < 1e-5);
            }
            found.extend(&normal);

            let mut soft = x.clone();
            let sum = exponentials(processor, &mut soft);
            let top = x.iter().copied().fold(f32::NEG_INFINITY, f32::max);
            let wanted: f64 = x.iter().map(|x| f64::from(x - top).exp()).sum();
            prop_assert!((f64::from(sum) - wanted).abs() < 1e-4);
            found.extend(&soft);
            found.push(sum);

            let (greatest, sum) = sum_of_exponentials(processor, &x, 1.0);
            prop_assert_eq!(greatest, top);
            prop_assert!((sum - wanted).abs() < 1e-4);
            found.push(sum as f32);

            let mut gated = x.clone();
            gate(processor, &mut gated, &w);
            for ((g, x), w) in gated.iter().zip(&x).zip(&w) {
                let x = f64::from(*x);
                prop_assert!((f64::from(*g) - x / (1.0 + (-x).exp()) * f64::from(*w)).abs() < 1e-6);
            }
            found.extend(&gated);

            let half = count / 2;
            let mut turned = vec![0.0; 2 * half];
            rotate(processor, &x[..2 * half], &w, 0.5, &mut turned);
            for i in 0..half {
                let (a, b) = (f64::from(x[i]), f64::from(x[half + i]));
                let (cos, sin) = (f64::from(w[i]), f64::from(w[half + i]));
                prop_assert!((f64::from(turned[i]) - (a * cos - b * sin) / 2.0).abs() < 1e-6);
                prop_assert!((f64::from(turned[half + i]) - (b * cos + a * sin) / 2.0).abs() < 1e-6);
            }
            found.extend(&turned);

            let mut sum = x.clone();
            add(processor, &mut sum, &w);
            prop_assert!((0..count).all(|i| sum[i] == x[i] + w[i]));

            let mut halves = vec![0; count];
            prop_assert!(narrow(processor, &x, &mut halves));
            prop_assert!((0..count).all(|i| halves[i] == half::f16::from_f32(x[i]).to_bits()));
            for bad in [f32::NAN, f32::INFINITY] {
                let mut broken = x.clone();
                broken[seed as usize % count] = bad;
                prop_assert!(!narrow(processor, &broken, &mut halves));
            }

            // Some are equal.
            let steps: Vec<f32> = x.iter().map(|x| (x * 8.0).round()).collect();
            let bar = steps[count / 3];
            let first = (0..count).rev().max_by(|a, b| steps[*a].total_cmp(&steps[*b])).unwrap();
            prop_assert_eq!(steps[first_greatest(processor, &steps)], steps[first]);
            prop_assert!(steps[..first_greatest(processor, &steps)].iter().all(|n| *n < steps[first]));
            prop_assert_eq!(any_from(processor, &steps, bar + 1.0), steps.iter().any(|n| *n >= bar + 1.0));
            prop_assert!(any_from(processor, &steps, bar));
            prop_assert_eq!(count_above(processor, &steps, bar), steps.iter().filter(|n| **n > bar).count());
            bits.push(found.into_iter().map(f32::to_bits).collect());
        }
        prop_assert!(bits.windows(2).all(|two| two[0] == two[1]));
    }
}

#[test]
fn weights_that_are_no_numbers_are_refused() {
    for bad in [f32::NAN, f32::INFINITY, f32::NEG_INFINITY] {
        for target in [Floats::Single, Floats::Brain, Floats::Half] {
            let mut numbers = random(1, 64);
            numbers[33] = bad;
            let matrix =
                Matrix::from_floats((4, 16), &bytes(&numbers), Floats::Single, target, |r| r);
            assert!(matrix.is_err());
        }
    }
    // Fine as it is, too large for f16.
    let mut numbers = random(1, 64);
    numbers[33] = 1e6;
    let kept = |target| {
        Matrix::from_floats((4, 16), &bytes(&numbers), Floats::Single, target, |r| r).is_ok()
    };
    assert!(kept(Floats::Single) && kept(Floats::Brain) && !kept(Floats::Half));
}

#[test]
fn subnormal_halves_widen_exactly() {
    for bits in (0..=0x7BFFu16).chain(0x8000..=0xFBFF) {
        let wanted = half::f16::from_bits(bits).to_f32();
        assert_eq!(super::lanes::widen_f16(bits).to_bits(), wanted.to_bits());
    }
}

#[test]
fn halves_are_the_nearest() {
    let all = (0..=u32::MAX).step_by(9973).map(f32::from_bits);
    // Half-way between two halves, and its neighbours.
    let between = (0..0x7BFFu32).flat_map(|half| {
        let [low, high] = [half, half + 1].map(|bits| half::f16::from_bits(bits as u16).to_f32());
        let middle = (low + high) / 2.0;
        [middle, middle.next_up(), middle.next_down(), -middle]
    });
    for number in all.chain(between).filter(|number| number.is_finite()) {
        let wanted = half::f16::from_f32(number.clamp(-65_504.0, 65_504.0)).to_bits();
        assert_eq!(super::lanes::narrow_f16(number), wanted, "{number:e}");
    }
}
