//! Measuring a model on this machine.

use model_inference::{Figures, Plan};
use neuron_operator::report::Table;
use subnet_sdk::{LanguageModel, ModelError};

/// Measures a model, with progress in the log. Blocks. **Errors:** the model cannot do it, such as more tokens than its context holds.
pub fn measure(model: &dyn LanguageModel, plan: &Plan) -> Result<Table, ModelError> {
    let figures = model_inference::measure(model, plan, &mut |what| {
        tracing::info!(model = model.name(), "{what}");
    })?;
    Ok(table(&figures))
}

fn table(figures: &Figures) -> Table {
    let mut table = Table::new("bench", &["what", "value", "unit"]);
    let many = figures.concurrent;
    table.row(["model".into(), figures.model.as_str().into(), "".into()]);
    table.row(["vector unit".into(), figures.vector_unit.into(), "".into()]);
    for (what, value, unit) in [
        ("prompt, alone".to_owned(), figures.prefill, "tokens/s"),
        (
            format!("prompts, {many} at once"),
            figures.prefill_many,
            "tokens/s",
        ),
        ("generation, alone".to_owned(), figures.decode, "tokens/s"),
        (
            format!("generation, {many} at once"),
            figures.decode_many,
            "tokens/s",
        ),
        (
            "gain from batching".to_owned(),
            figures.batching_gain(),
            "times",
        ),
        (
            "cost of examining".to_owned(),
            figures.examination_share(),
            "of generating",
        ),
    ] {
        table.row([what.into(), value.into(), unit.into()]);
    }
    table
}
