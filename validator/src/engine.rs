//! The inference engine, set up as the operator wants it.

use std::sync::Arc;

use model_inference::{Engine, Options};

use crate::{duty::SharedModels, settings::Settings};

/// Loads and runs models on this machine.
pub(crate) fn models(settings: &Settings) -> SharedModels {
    Arc::new(Engine::new(Options {
        threads: settings.threads,
        // Checked when the settings were read.
        data_type: settings.data_type.parse().unwrap_or_default(),
        device: settings.device.parse().unwrap_or_default(),
        ..Options::default()
    }))
}
