//! Models with random weights, for measurements.

use candle_core::{
    Device, Tensor,
    quantized::{GgmlDType, QTensor},
};
use subnet_sdk::{Fingerprint, ModelError};

use super::{
    Loaded,
    assembly::{Assembly, Kind, Part, Place, Raw},
    config::Config,
    fingerprint::hash,
};
use crate::{
    kernel::{Blocks, Floats},
    model::{Rotation, Scaling, Shape},
};

/// A model of a shape with random weights; `quantised`: in Q4_0. **Errors:** the shape is impossible.
pub(crate) fn random(shape: Shape, quantised: bool) -> Result<Loaded, ModelError> {
    super::config::check(&shape).map_err(ModelError::Mismatch)?;
    let layers = shape.layers;
    let config = Config {
        rotation: Rotation::new(shape.head, 10_000.0, Scaling::None),
        shape,
        tied: true,
        head_norms: false,
        end_of_text: None,
    };
    let mut assembly = Assembly::new(config, Floats::Single, false);
    let mut state = 1u64;
    let mut take = |place: Place| -> Result<(), ModelError> {
        let (rows, depth) = assembly.dimensions(place);
        let failed = |problem: String| ModelError::Computation(problem);
        if depth == 0 {
            let bytes: Vec<u8> = (0..rows).flat_map(|_| 1f32.to_le_bytes()).collect();
            let shape = [rows];
            let raw = Raw {
                kind: Kind::Floats(Floats::Single),
                shape: &shape,
                bytes: &bytes,
            };
            return assembly.take(place, &raw).map_err(failed);
        }
        // Of the variance that keeps activations from growing.
        let scale = (12.0 / depth as f32).sqrt();
        let numbers: Vec<f32> = (0..rows * depth)
            .map(|_| {
                state = state
                    .wrapping_mul(0x5851_F42D_4C95_7F2D)
                    .wrapping_add(0x1405_7B7E_F767_814F);
                ((state >> 40) as f32 / (1u64 << 24) as f32 - 0.5) * scale
            })
            .collect();
        let shape = [rows, depth];
        let (kind, bytes) = if quantised {
            let computed = |error: candle_core::Error| failed(error.to_string());
            let tensor = Tensor::from_vec(numbers, &shape, &Device::Cpu).map_err(computed)?;
            let tensor = QTensor::quantize(&tensor, GgmlDType::Q4_0).map_err(computed)?;
            let bytes = tensor.data().map_err(computed)?.into_owned();
            (Kind::Blocks(Blocks::Q4_0), bytes)
        } else {
            (
                Kind::Floats(Floats::Single),
                numbers.into_iter().flat_map(f32::to_le_bytes).collect(),
            )
        };
        let raw = Raw {
            kind,
            shape: &shape,
            bytes: &bytes,
        };
        assembly.take(place, &raw).map_err(failed)
    };
    take(Place::Embedding)?;
    take(Place::Norm)?;
    for layer in 0..layers {
        for part in [
            Part::AttentionNorm,
            Part::Queries,
            Part::Keys,
            Part::Values,
            Part::Output,
            Part::InnerNorm,
            Part::Gate,
            Part::Up,
            Part::Down,
        ] {
            take(Place::Layer(layer, part))?;
        }
    }
    let (model, end_of_text) = assembly.finish(|place| format!("{place:?}"))?;
    let name = if quantised {
        "random-q4_0"
    } else {
        "random-f32"
    };
    Ok(Loaded {
        name: name.into(),
        model,
        tokenizer: None,
        end_of_text,
        fingerprint: Fingerprint {
            config: hash(name.as_bytes()),
            tokenizer: hash(&[]),
            weights: hash(name.as_bytes()),
        },
    })
}
