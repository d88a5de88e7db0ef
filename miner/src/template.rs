//! The miner's half of a template.

use std::sync::Arc;

use neuron_operator::exit::{Code, Failure};
use serde_json::{Map, Value};
use subnet_sdk::{Models, Resources, Template, TemplateError, Worker};

/// The template of a name. **Errors:** there is none; the text lists those that there are.
pub fn find(name: &str) -> Result<&'static dyn Template, Failure> {
    subnet_catalogue::find(name).ok_or_else(|| {
        let names: Vec<&str> = subnet_catalogue::all()
            .iter()
            .map(|template| template.description().name)
            .collect();
        Failure::new(
            Code::Configuration,
            format!("there is no template `{name}`."),
            "nothing was started, so nothing is earned.",
            format!(
                "use the one that the subnet's owner names: {}.",
                names.join(", ")
            ),
        )
    })
}

/// Starts the miner's half: loads its model. Blocks. `declaration`: what the owner has published on chain.
/// **Errors:** those of the template.
pub fn worker(
    template: &dyn Template,
    models: &dyn Models,
    settings: &Map<String, Value>,
    declaration: Option<&[u8]>,
) -> Result<Arc<dyn Worker>, TemplateError> {
    template.worker(&Resources {
        models,
        settings,
        declaration,
    })
}

/// The failure for the operator.
pub fn failure(error: &TemplateError) -> Failure {
    let remedy = match error {
        TemplateError::Setting { .. } => "correct it with --setting KEY=VALUE or --model MODEL.",
        TemplateError::Model(_) => {
            "point --model at a folder with config.json, tokenizer.json and safetensors, or at a .gguf file."
        }
        TemplateError::Declaration(_) => {
            "serve the model that the subnet's owner declares, or ask the owner to declare one."
        }
    };
    Failure::new(
        Code::Model,
        format!("the template cannot start: {error}."),
        "validators get no answers, so nothing is earned.",
        remedy,
    )
}
