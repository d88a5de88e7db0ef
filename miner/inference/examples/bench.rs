//! Measures models: `cargo run --release -p model-inference --example bench -- [FOLDER | FILE.gguf | random | random-q4]...`
//!
//! One line of JSON for each. `--threads N`, `--runs N`, `--generated N`, `--prompt N` and `--concurrent N` change the plan.

use model_inference::{Engine, Options, Plan, measure, random_llama};
use subnet_sdk::{LanguageModel, ModelError};

fn main() -> Result<(), ModelError> {
    let mut plan = Plan::default();
    let mut options = Options::default();
    let mut models = Vec::new();
    let mut arguments = std::env::args().skip(1);
    while let Some(argument) = arguments.next() {
        let mut number = || {
            arguments
                .next()
                .and_then(|number| number.parse::<usize>().ok())
                .ok_or_else(|| ModelError::Request(format!("`{argument}` needs a number")))
        };
        match argument.as_str() {
            "--threads" => options.threads = Some(number()?),
            "--runs" => plan.runs = number()?,
            "--generated" => plan.generated = number()?,
            "--prompt" => plan.prompt = number()?,
            "--concurrent" => plan.concurrent = number()?,
            _ => models.push(argument),
        }
    }
    if models.is_empty() {
        models = vec!["random".into(), "random-q4".into()];
    }
    for reference in models {
        let model: std::sync::Arc<dyn LanguageModel> = match reference.as_str() {
            "random" => std::sync::Arc::new(random_llama(false, &options)?),
            "random-q4" => std::sync::Arc::new(random_llama(true, &options)?),
            path => Engine::new(options.clone()).load_path(path.as_ref())?,
        };
        let figures = measure(&*model, &plan, &mut |what| eprintln!("{reference}: {what}"))?;
        let mut line = serde_json::to_value(&figures).unwrap_or_default();
        line["batching_gain"] = figures.batching_gain().into();
        line["examination_share"] = figures.examination_share().into();
        println!("{line}");
    }
    Ok(())
}
