//! Measuring a model on this machine.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use neuron_operator::report::Table;
use subnet_sdk::{GenerationRequest, LanguageModel, ModelError, Sampling};

/// What is measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Measure {
    /// Tokens of each prompt.
    pub prompt: usize,
    /// New tokens of each request.
    pub tokens: usize,
    /// Requests at once in the second measurement.
    pub at_once: usize,
}

/// One measurement.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Sample {
    requests: usize,
    tokens: usize,
    /// Until the first token of each, on average.
    first: Duration,
    /// Until the last token of all.
    all: Duration,
}

/// Measures one request alone, and many at once. Blocks. **Errors:** the model cannot do it, such as more tokens than its context
/// holds.
pub fn measure(model: &Arc<dyn LanguageModel>, measure: Measure) -> Result<Table, ModelError> {
    let mut table = Table::new(
        "bench",
        &[
            "requests",
            "tokens",
            "tokens/s",
            "first token ms",
            "seconds",
        ],
    );
    // Once without counting: caches, threads and pages are there afterwards.
    run(model, measure, 1)?;
    for requests in [1, measure.at_once.max(1)] {
        tracing::info!(requests, "measuring");
        let sample = run(model, measure, requests)?;
        table.row([
            sample.requests.into(),
            sample.tokens.into(),
            (sample.tokens as f64 / sample.all.as_secs_f64().max(1e-9)).into(),
            (sample.first.as_secs_f64() * 1e3).into(),
            sample.all.as_secs_f64().into(),
        ]);
    }
    Ok(table)
}

fn run(
    model: &Arc<dyn LanguageModel>,
    measure: Measure,
    requests: usize,
) -> Result<Sample, ModelError> {
    let start = Instant::now();
    let results: Vec<Result<(usize, Duration), ModelError>> = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..requests)
            .map(|number| scope.spawn(move || one(model.as_ref(), measure, number, start)))
            .collect();
        let joined = threads.into_iter().map(|thread| {
            let panicked = |_| Err(ModelError::Computation("the model panicked".into()));
            thread.join().unwrap_or_else(panicked)
        });
        joined.collect()
    });
    let all = start.elapsed();
    let mut tokens = 0;
    let mut first = Duration::ZERO;
    for result in results {
        let (count, at) = result?;
        tokens += count;
        first += at;
    }
    Ok(Sample {
        requests,
        tokens,
        first: first / u32::try_from(requests).unwrap_or(u32::MAX).max(1),
        all,
    })
}

/// One request: its tokens, and when the first came.
fn one(
    model: &dyn LanguageModel,
    measure: Measure,
    number: usize,
    start: Instant,
) -> Result<(usize, Duration), ModelError> {
    let words = u32::try_from(model.vocabulary()).unwrap_or(u32::MAX).max(1);
    // Different prompts, so that nothing can be shared between requests.
    let prompt = (0..measure.prompt.max(1))
        .map(|at| ((at * 31 + number * 17 + 1) % words as usize) as u32)
        .collect();
    let request = GenerationRequest {
        prompt,
        limit: measure.tokens.max(1),
        sampling: Sampling::GREEDY,
        stops_at_end: false,
        candidates: 0,
    };
    let mut first = None;
    let generation = model.generate(&request, &mut |_| {
        first.get_or_insert_with(|| start.elapsed());
        true
    })?;
    Ok((generation.tokens.len(), first.unwrap_or_default()))
}
