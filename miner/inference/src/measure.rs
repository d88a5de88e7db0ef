//! How fast a model is on this machine.

use std::{
    sync::Barrier,
    thread,
    time::{Duration, Instant},
};

use subnet_sdk::{GenerationRequest, LanguageModel, ModelError, Sampling};

use crate::{kernel::Processor, language::Language, load, model::Shape, options::Options};

/// What is measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Plan {
    /// Tokens of the prompt that prefill is timed with.
    pub prompt: usize,
    /// Tokens that each request generates.
    pub generated: usize,
    /// Requests at a time in the second part.
    pub concurrent: usize,
    /// Times that everything is measured; the median counts.
    pub runs: usize,
}

impl Default for Plan {
    fn default() -> Self {
        Self {
            prompt: 512,
            generated: 128,
            concurrent: 8,
            runs: 3,
        }
    }
}

/// What was measured: medians.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
pub struct Figures {
    /// The model.
    pub model: String,
    /// The vector unit that the kernels use.
    pub vector_unit: &'static str,
    /// Requests at a time in the figures for many.
    pub concurrent: usize,
    /// Tokens of a prompt per second.
    pub prefill: f64,
    /// Tokens of all prompts per second, with many requests.
    pub prefill_many: f64,
    /// Tokens generated per second after the first, by one request.
    pub decode: f64,
    /// Tokens generated per second by many requests together.
    pub decode_many: f64,
    /// Seconds that one request took for [`Plan::generated`] tokens, drawn at temperature 0.8.
    pub generation_seconds: f64,
    /// Seconds that examining these tokens took.
    pub examination_seconds: f64,
}

impl Figures {
    /// How many times faster many requests are together than one alone.
    pub fn batching_gain(&self) -> f64 {
        self.decode_many / self.decode
    }

    /// What examining costs as a share of generating.
    pub fn examination_share(&self) -> f64 {
        self.examination_seconds / self.generation_seconds
    }
}

/// Measures a model that nothing else uses at the time. `progress` is told what is being measured.
///
/// **Errors:** those of the model, for example if its context or its budget is too small for the plan.
pub fn measure(
    model: &dyn LanguageModel,
    plan: &Plan,
    progress: &mut dyn FnMut(&str),
) -> Result<Figures, ModelError> {
    let vocabulary = model.vocabulary() as u64;
    let prompt = |seed: u64, length: usize| -> Vec<u32> {
        let mut state = seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1;
        (0..length)
            .map(|_| {
                state = state
                    .wrapping_mul(0x5851_F42D_4C95_7F2D)
                    .wrapping_add(0x1405_7B7E_F767_814F);
                ((state >> 33) % vocabulary) as u32
            })
            .collect()
    };
    let generated = plan
        .generated
        .clamp(2, model.context().saturating_sub(8).max(2));
    let request = |seed: u64, temperature: f32| GenerationRequest {
        prompt: prompt(seed, 8.min(model.context())),
        limit: generated,
        sampling: Sampling {
            temperature,
            top_p: 1.0,
            seed,
        },
        stops_at_end: false,
        candidates: 0,
    };
    let mut all: [Vec<f64>; 6] = Default::default();
    for run in 0..plan.runs.max(1) as u64 {
        progress(&format!("run {} of {}: prompts", run + 1, plan.runs.max(1)));
        let length = plan.prompt.clamp(1, model.context());
        let text = prompt(run, length);
        let start = Instant::now();
        model.predict(&text, 1)?;
        all[0].push(length as f64 / start.elapsed().as_secs_f64());

        let start = Instant::now();
        together(plan.concurrent, |index| {
            model.predict(&prompt(index as u64, length), 1).map(|_| ())
        })?;
        all[1].push((length * plan.concurrent) as f64 / start.elapsed().as_secs_f64());

        progress(&format!(
            "run {} of {}: one request",
            run + 1,
            plan.runs.max(1)
        ));
        let times = arrivals(model, &request(run, 0.0))?;
        all[2].push(rate(&[times]));

        progress(&format!(
            "run {} of {}: {} requests",
            run + 1,
            plan.runs.max(1),
            plan.concurrent
        ));
        let times = together(plan.concurrent, |index| {
            arrivals(model, &request(run + index as u64, 0.0))
        })?;
        all[3].push(rate(&times));

        progress(&format!(
            "run {} of {}: examination",
            run + 1,
            plan.runs.max(1)
        ));
        let drawn = request(run, 0.8);
        let start = Instant::now();
        let generation = model.generate(&drawn, &mut |_| true)?;
        all[4].push(start.elapsed().as_secs_f64());
        let mut tokens = drawn.prompt.clone();
        tokens.extend(generation.tokens.iter().map(|token| token.id));
        let start = Instant::now();
        model.examine(&tokens, drawn.prompt.len(), 0, Some(&drawn.sampling))?;
        all[5].push(start.elapsed().as_secs_f64());
    }
    let [
        prefill,
        prefill_many,
        decode,
        decode_many,
        generation_seconds,
        examination_seconds,
    ] = all.map(median);
    Ok(Figures {
        model: model.name().to_owned(),
        vector_unit: Processor::detect().name(),
        concurrent: plan.concurrent,
        prefill,
        prefill_many,
        decode,
        decode_many,
        generation_seconds,
        examination_seconds,
    })
}

/// A Llama of 110 million random weights, kept in 32 bits, or in four bits as GGUF's Q4_0: what a model of that size costs.
///
/// **Errors:** the system gives no thread.
pub fn random_llama(quantised: bool, options: &Options) -> Result<Language, ModelError> {
    let layers = 12;
    let shape = Shape {
        hidden: 768,
        inner: 2048,
        layers,
        heads: 12,
        cached_heads: 12,
        head: 64,
        vocabulary: 32_000,
        context: 2048,
        epsilon: 1e-5,
        windows: vec![None; layers],
    };
    Language::new(load::random(shape, quantised)?, options)
}

/// When the tokens of a request came.
fn arrivals(
    model: &dyn LanguageModel,
    request: &GenerationRequest,
) -> Result<Vec<Instant>, ModelError> {
    let mut times = Vec::with_capacity(request.limit);
    model.generate(request, &mut |_| {
        times.push(Instant::now());
        true
    })?;
    Ok(times)
}

/// Tokens per second, from the first token of all to the last.
fn rate(all: &[Vec<Instant>]) -> f64 {
    let first = all.iter().filter_map(|times| times.first()).min();
    let last = all.iter().filter_map(|times| times.last()).max();
    let time = match (first, last) {
        (Some(first), Some(last)) => *last - *first,
        _ => Duration::ZERO,
    };
    let tokens: usize = all.iter().map(Vec::len).sum();
    tokens.saturating_sub(1) as f64 / time.as_secs_f64().max(1e-9)
}

/// Runs the same on several threads that start together.
fn together<T: Send>(
    count: usize,
    each: impl Fn(usize) -> Result<T, ModelError> + Sync,
) -> Result<Vec<T>, ModelError> {
    let start = Barrier::new(count);
    thread::scope(|scope| {
        let threads: Vec<_> = (0..count)
            .map(|index| {
                let (start, each) = (&start, &each);
                scope.spawn(move || {
                    start.wait();
                    each(index)
                })
            })
            .collect();
        threads
            .into_iter()
            .map(|thread| {
                thread.join().unwrap_or_else(|_| {
                    Err(ModelError::Computation(
                        "a measuring thread panicked".into(),
                    ))
                })
            })
            .collect()
    })
}

fn median(mut numbers: Vec<f64>) -> f64 {
    numbers.sort_by(f64::total_cmp);
    numbers.get(numbers.len() / 2).copied().unwrap_or(0.0)
}
