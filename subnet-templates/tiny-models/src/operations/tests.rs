//! Each operation against a chain of Candle's elementary ones: values and derivatives.

use std::sync::Arc;

use candle_core::{D, DType, Device, Result, Tensor, Var};

use super::{Angles, Attend, Gate, Heads, Normalise, Surprise};

const CPU: Device = Device::Cpu;

/// Numbers between -1.5 and 1.5 without a pattern.
fn numbers(shape: &[usize], seed: u32) -> Result<Tensor> {
    let count: usize = shape.iter().product();
    let mut state = seed.wrapping_mul(2_654_435_761) | 1;
    let values: Vec<f32> = (0..count)
        .map(|_| {
            state ^= state << 13;
            state ^= state >> 17;
            state ^= state << 5;
            (state >> 8) as f32 / (1 << 24) as f32 * 3.0 - 1.5
        })
        .collect();
    Tensor::from_vec(values, shape, &CPU)
}

fn distance(left: &Tensor, right: &Tensor) -> Result<f32> {
    assert_eq!(left.dims(), right.dims());
    (left - right)?.abs()?.flatten_all()?.max(0)?.to_scalar()
}

/// Compares the results of two functions, and what flows back through them to each argument.
fn compare(
    arguments: &[Tensor],
    ours: impl Fn(&[Tensor]) -> Result<Tensor>,
    chain: impl Fn(&[Tensor]) -> Result<Tensor>,
) -> Result<()> {
    let variables: Vec<Var> = arguments
        .iter()
        .map(Var::from_tensor)
        .collect::<Result<_>>()?;
    let inputs: Vec<Tensor> = variables
        .iter()
        .map(|variable| variable.as_tensor().clone())
        .collect();
    let (ours, chain) = (ours(&inputs)?, chain(&inputs)?);
    assert!(distance(&ours, &chain)? < 1e-5);
    // Each result counts differently, so that a mix-up shows.
    let importance = numbers(ours.dims(), 99)?;
    let ours = (ours * &importance)?.sum_all()?.backward()?;
    let chain = (chain * &importance)?.sum_all()?.backward()?;
    for input in &inputs {
        match (ours.get(input), chain.get(input)) {
            (Some(ours), Some(chain)) => {
                let size = chain.abs()?.flatten_all()?.max(0)?.to_scalar::<f32>()?;
                assert!(size > 0.0, "nothing flows back");
                assert!(distance(ours, chain)? < 2e-5 * size.max(1.0));
            }
            _ => panic!("an argument has no derivative"),
        }
    }
    Ok(())
}

#[test]
fn norm_is_the_chain() -> Result<()> {
    let arguments = [numbers(&[7, 12], 1)?, numbers(&[12], 2)?];
    compare(
        &arguments,
        |a| a[0].apply_op2(&a[1], Normalise { epsilon: 0.1 }),
        |a| {
            let root = (a[0].sqr()?.mean_keepdim(D::Minus1)? + 0.1)?.sqrt()?;
            a[0].broadcast_div(&root)?.broadcast_mul(&a[1])
        },
    )
}

#[test]
fn gate_is_the_chain() -> Result<()> {
    let arguments = [numbers(&[5, 9], 3)?, numbers(&[5, 9], 4)?];
    compare(
        &arguments,
        |a| a[0].apply_op2(&a[1], Gate),
        |a| a[0].silu()? * &a[1],
    )
}

#[test]
fn attention_is_a_masked_softmax() -> Result<()> {
    let (length, scale) = (6, 0.7);
    let scores = numbers(&[2, 2 * length, length], 5)?;
    let mask: Vec<f32> = (0..2 * length * length)
        .map(|index| {
            let (row, column) = (index / length % length, index % length);
            if column <= row {
                0.0
            } else {
                f32::NEG_INFINITY
            }
        })
        .collect();
    let mask = Tensor::from_vec(mask, (1, 2 * length, length), &CPU)?;
    compare(
        &[scores],
        |a| {
            a[0].apply_op1(Attend {
                length,
                scale: scale as f32,
            })
        },
        |a| candle_nn::ops::softmax(&(&a[0] * scale)?.broadcast_add(&mask)?, D::Minus1),
    )
}

#[test]
fn heads_are_turned_by_their_position_and_come_back() -> Result<()> {
    let (texts, length, heads, group, size) = (2, 5, 4, 2, 6);
    let angles = Arc::new(Angles::new(length, size, 100.0));
    let split = Heads {
        heads,
        group,
        length,
        size,
        angles: Some(angles),
        joins: false,
    };
    let pairs = size / 2;
    let angle = |index: usize| {
        (index / pairs) as f64 / 100f64.powf(2.0 * (index % pairs) as f64 / size as f64)
    };
    let table = |function: fn(f64) -> f64| {
        let values = (0..length * pairs)
            .map(|index| function(angle(index)) as f32)
            .collect();
        Tensor::from_vec(values, (1, 1, length, pairs), &CPU)
    };
    let (cosine, sine) = (table(f64::cos)?, table(f64::sin)?);
    let values = numbers(&[texts * length, heads * size], 6)?;
    compare(
        std::slice::from_ref(&values),
        |a| a[0].apply_op1(split.clone()),
        |a| {
            let split = a[0]
                .reshape((texts, length, heads, size))?
                .transpose(1, 2)?
                .contiguous()?;
            let left = split.narrow(3, 0, pairs)?;
            let right = split.narrow(3, pairs, pairs)?;
            let turned_left = (left.broadcast_mul(&cosine)? - right.broadcast_mul(&sine)?)?;
            let turned_right = (right.broadcast_mul(&cosine)? + left.broadcast_mul(&sine)?)?;
            Tensor::cat(&[turned_left, turned_right], 3)?.reshape((
                texts * heads / group,
                group * length,
                size,
            ))
        },
    )?;
    let back = values
        .apply_op1(split.clone())?
        .apply_op1(split.reversed())?;
    assert!(distance(&back, &values)? < 1e-6);
    let plain = Heads {
        angles: None,
        joins: true,
        ..split
    };
    compare(
        &[numbers(&[texts * heads / group, group * length, size], 7)?],
        |a| a[0].apply_op1(plain.clone()),
        |a| {
            a[0].reshape((texts, heads, length, size))?
                .transpose(1, 2)?
                .contiguous()?
                .reshape((texts * length, heads * size))
        },
    )
}

#[test]
fn surprise_is_cross_entropy() -> Result<()> {
    let targets = vec![3u32, 0, 10, 3];
    let logits = (numbers(&[4, 11], 8)? * 20.0)?;
    let indices = Tensor::new(targets.as_slice(), &CPU)?;
    compare(
        &[logits],
        |a| {
            a[0].apply_op1(Surprise {
                targets: targets.clone(),
            })
        },
        |a| candle_nn::loss::cross_entropy(&a[0], &indices),
    )
}

#[test]
fn a_token_that_does_not_exist_is_refused() -> Result<()> {
    let logits = Tensor::zeros((2, 4), DType::F32, &CPU)?;
    let targets = vec![1, 4];
    assert!(logits.apply_op1(Surprise { targets }).is_err());
    Ok(())
}
