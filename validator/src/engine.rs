//! The inference engine, set up as the operator wants it.

use std::sync::Arc;

use model_inference::{DataType, Engine, Options};

use crate::{duty::SharedModels, settings::Settings};

/// Loads and runs models on this machine.
pub(crate) fn models(settings: &Settings) -> SharedModels {
    let data_type = match settings.data_type.as_str() {
        "bf16" => DataType::Bf16,
        "f16" => DataType::F16,
        _ => DataType::F32,
    };
    Arc::new(Engine::new(Options {
        threads: settings.threads,
        data_type,
        ..Options::default()
    }))
}
