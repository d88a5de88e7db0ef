//! A loaded model as templates see it.

use std::{
    sync::{Arc, atomic::Ordering},
    thread::JoinHandle,
};

use candle_core::DType;
use subnet_sdk::{
    Candidate, Fingerprint, Generation, GenerationRequest, LanguageModel, ModelError, Position,
    Sampling, Stop, Token,
};
use tokenizers::Tokenizer;

use crate::{
    device::DeviceModel,
    events::{self, Event, Receiver},
    load::Loaded,
    model::{CacheKind, Shape},
    options::{DataType, Device, Options},
    queue::{Job, Queue, Work},
    scheduler::{self, Backend},
    sequence::Counters,
};

/// What a model has done and is doing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct Statistics {
    /// Requests that are being computed.
    pub running: usize,
    /// Requests that wait.
    pub waiting: usize,
    /// Bytes reserved for keys and values.
    pub kv_bytes: usize,
    /// Tokens generated since the model was loaded.
    pub generated_tokens: u64,
    /// Tokens computed since the model was loaded, those of prompts and examined texts included.
    pub computed_tokens: u64,
    /// Requests refused for want of room since the model was loaded.
    pub refused_requests: u64,
}

/// A loaded model with the thread that computes it.
pub struct Language {
    name: String,
    fingerprint: Fingerprint,
    tokenizer: Option<Tokenizer>,
    end_of_text: Option<u32>,
    shape: Shape,
    cache_kind: CacheKind,
    parameters: usize,
    weight_bytes: usize,
    options: Options,
    queue: Arc<Queue>,
    counters: Arc<Counters>,
    thread: Option<JoinHandle<()>>,
}

impl Language {
    pub(crate) fn new(loaded: Loaded, options: &Options) -> Result<Self, ModelError> {
        let model = loaded.model;
        let (shape, rotation) = (model.shape.clone(), model.rotation.clone());
        let (parameters, weight_bytes) = (model.parameters(), model.bytes());
        let mut cache_kind = model.cache_kind();
        let backend = match candle_device(options.device)? {
            None => Backend::Processor(Arc::new(model)),
            Some(device) => {
                let kind;
                (kind, cache_kind) = match options.data_type {
                    DataType::F32 => (DType::F32, CacheKind::Single),
                    DataType::Bf16 => (DType::BF16, CacheKind::Half),
                    DataType::F16 => (DType::F16, CacheKind::Half),
                };
                Backend::Device(Box::new(DeviceModel::new(&model, &device, kind).map_err(
                    |error| {
                        ModelError::Computation(format!(
                            "the device does not take the model: {error}"
                        ))
                    },
                )?))
            }
        };
        let queue = Arc::new(Queue::new(options.most_waiting.max(1)));
        let counters = Arc::new(Counters::default());
        let mut options = options.clone();
        options.most_running = options.most_running.max(1);
        let thread = {
            let (shape, queue) = (shape.clone(), Arc::clone(&queue));
            let (counters, options) = (Arc::clone(&counters), options.clone());
            std::thread::Builder::new()
                .name("inference-0".into())
                .spawn(move || {
                    let model = (&shape, &rotation, cache_kind);
                    scheduler::run(&backend, model, &options, &queue, &counters);
                })
                .map_err(|error| {
                    ModelError::Computation(format!("the system gives no thread: {error}"))
                })?
        };
        Ok(Self {
            name: loaded.name,
            fingerprint: loaded.fingerprint,
            tokenizer: loaded.tokenizer,
            end_of_text: loaded.end_of_text,
            shape,
            cache_kind,
            parameters,
            weight_bytes,
            options,
            queue,
            counters,
            thread: Some(thread),
        })
    }

    /// What it has done and is doing.
    pub fn statistics(&self) -> Statistics {
        let counters = &self.counters;
        Statistics {
            running: counters.running.load(Ordering::Relaxed),
            waiting: self.queue.len(),
            kv_bytes: counters.cache_bytes.load(Ordering::Relaxed),
            generated_tokens: counters.generated.load(Ordering::Relaxed),
            computed_tokens: counters.computed.load(Ordering::Relaxed),
            refused_requests: counters.refused.load(Ordering::Relaxed),
        }
    }

    /// Number of its weights, without norms and biases.
    pub const fn parameters(&self) -> usize {
        self.parameters
    }

    /// Bytes of its weights in memory.
    pub const fn weight_bytes(&self) -> usize {
        self.weight_bytes
    }

    /// **Errors:** no tokens, too many, or one that does not exist.
    fn check(&self, tokens: &[u32]) -> Result<(), ModelError> {
        let request = |text| Err(ModelError::Request(text));
        let (vocabulary, context) = (self.vocabulary(), self.context());
        if tokens.is_empty() {
            return request("there are no tokens: a model continues something".into());
        }
        if tokens.len() > context {
            return request(format!(
                "{} tokens are more than the {context} of the model's context",
                tokens.len()
            ));
        }
        if let Some(token) = tokens.iter().find(|token| **token as usize >= vocabulary) {
            return request(format!(
                "there is no token {token}; the model knows {vocabulary}"
            ));
        }
        Ok(())
    }

    /// Hands work over. **Errors:** it needs more memory than there is for keys and values, or too much waits already.
    fn submit(&self, tokens: Vec<u32>, work: Work) -> Result<Receiver, ModelError> {
        let (events, answers) = events::channel();
        let job = Job {
            tokens,
            work,
            events,
        };
        let per_token = self.cache_kind.bytes_of_token(&self.shape);
        let bytes = job.cached_tokens().next_multiple_of(16) * per_token;
        if bytes > self.options.kv_budget_bytes {
            self.counters.refused.fetch_add(1, Ordering::Relaxed);
            return Err(ModelError::Request(format!(
                "keys and values of {} tokens take {bytes} bytes, but only {} are set apart for them; wish for fewer tokens or raise the budget",
                job.cached_tokens(),
                self.options.kv_budget_bytes
            )));
        }
        self.queue.push(job).inspect_err(|_| {
            self.counters.refused.fetch_add(1, Ordering::Relaxed);
        })?;
        Ok(answers)
    }
}

/// The error when the thread of a model went away.
fn gone() -> ModelError {
    ModelError::Computation("the model was shut down while it computed this".into())
}

impl LanguageModel for Language {
    fn name(&self) -> &str {
        &self.name
    }

    fn fingerprint(&self) -> &Fingerprint {
        &self.fingerprint
    }

    fn vocabulary(&self) -> usize {
        self.shape.vocabulary
    }

    fn context(&self) -> usize {
        self.shape.context
    }

    fn end_of_text(&self) -> Option<u32> {
        self.end_of_text
    }

    fn encode(&self, text: &str) -> Result<Vec<u32>, ModelError> {
        let tokenizer = self.tokenizer()?;
        let encoding = tokenizer
            .encode_fast(text, true)
            .map_err(|error| ModelError::Computation(format!("tokens of the text: {error}")))?;
        Ok(encoding.get_ids().to_vec())
    }

    fn decode(&self, tokens: &[u32]) -> Result<String, ModelError> {
        if !tokens.is_empty() {
            let vocabulary = self.vocabulary();
            if let Some(token) = tokens.iter().find(|token| **token as usize >= vocabulary) {
                return Err(ModelError::Request(format!(
                    "there is no token {token}; the model knows {vocabulary}"
                )));
            }
        }
        self.tokenizer()?
            .decode(tokens, true)
            .map_err(|error| ModelError::Computation(format!("text of the tokens: {error}")))
    }

    fn generate(
        &self,
        request: &GenerationRequest,
        each: &mut dyn FnMut(&Token) -> bool,
    ) -> Result<Generation, ModelError> {
        self.check(&request.prompt)?;
        check_sampling(&request.sampling)?;
        if request.limit == 0 {
            return Err(ModelError::Request(
                "a limit of 0 tokens wishes for nothing".into(),
            ));
        }
        let length = request.prompt.len();
        let until = length.saturating_add(request.limit).min(self.context());
        let mut tokens = Vec::new();
        if until == length {
            let stop = Stop::Context;
            return Ok(Generation { tokens, stop });
        }
        let work = Work::Generate {
            until,
            sampling: request.sampling,
            end: self.end_of_text.filter(|_| request.stops_at_end),
            candidates: request.candidates.min(self.vocabulary()),
        };
        let mut answers = self.submit(request.prompt.clone(), work)?;
        loop {
            match answers.next().ok_or_else(gone)? {
                Event::Token(token) => {
                    let goes_on = each(&token);
                    tokens.push(token);
                    if !goes_on {
                        // Dropping the receiver tells the scheduler.
                        let stop = Stop::Caller;
                        return Ok(Generation { tokens, stop });
                    }
                }
                Event::End(stop) => {
                    let stop = match stop? {
                        Stop::Limit if tokens.len() < request.limit => Stop::Context,
                        stop => stop,
                    };
                    return Ok(Generation { tokens, stop });
                }
                Event::Positions(_) | Event::Candidates(_) => {}
            }
        }
    }

    fn examine(
        &self,
        tokens: &[u32],
        from: usize,
        candidates: usize,
        sampling: Option<&Sampling>,
    ) -> Result<Vec<Position>, ModelError> {
        self.check(tokens)?;
        if let Some(sampling) = sampling {
            check_sampling(sampling)?;
        }
        if from == 0 {
            return Err(ModelError::Request(
                "the first token follows nothing: examine from position 1 on".into(),
            ));
        }
        if from >= tokens.len() {
            return Ok(Vec::new());
        }
        let work = Work::Examine {
            from,
            candidates: candidates.min(self.vocabulary()),
            sampling: sampling.copied(),
        };
        let mut answers = self.submit(tokens.to_vec(), work)?;
        match answers.next().ok_or_else(gone)? {
            Event::Positions(positions) => Ok(positions),
            Event::End(Err(error)) => Err(error),
            Event::Token(_) | Event::Candidates(_) | Event::End(Ok(_)) => Err(gone()),
        }
    }

    fn predict(&self, tokens: &[u32], candidates: usize) -> Result<Vec<Candidate>, ModelError> {
        self.check(tokens)?;
        let work = Work::Predict {
            candidates: candidates.min(self.vocabulary()),
        };
        let mut answers = self.submit(tokens.to_vec(), work)?;
        match answers.next().ok_or_else(gone)? {
            Event::Candidates(candidates) => Ok(candidates),
            Event::End(Err(error)) => Err(error),
            Event::Token(_) | Event::Positions(_) | Event::End(Ok(_)) => Err(gone()),
        }
    }
}

impl Language {
    fn tokenizer(&self) -> Result<&Tokenizer, ModelError> {
        self.tokenizer
            .as_ref()
            .ok_or_else(|| ModelError::Request("this model of random weights knows no text".into()))
    }
}

impl Drop for Language {
    fn drop(&mut self) {
        self.queue.close("the model is shut down");
        if let Some(thread) = self.thread.take() {
            // It reports its own failure.
            let _ = thread.join();
        }
    }
}

fn check_sampling(sampling: &Sampling) -> Result<(), ModelError> {
    let Sampling {
        temperature, top_p, ..
    } = sampling;
    if !temperature.is_finite() || *temperature < 0.0 {
        return Err(ModelError::Request(format!(
            "a temperature of {temperature} is not a number from 0 on"
        )));
    }
    if !(0.0..=1.0).contains(top_p) {
        return Err(ModelError::Request(format!(
            "top_p is {top_p}, not between 0 and 1"
        )));
    }
    Ok(())
}

/// The device of Candle's that is wished for; none for the kernels of this crate. **Errors:** this build or machine has none.
fn candle_device(wished: Device) -> Result<Option<candle_core::Device>, ModelError> {
    let device = match wished {
        Device::Cpu => return Ok(None),
        Device::CandleCpu => Ok(candle_core::Device::Cpu),
        Device::Cuda(number) => candle_core::Device::new_cuda(number),
        Device::Metal => candle_core::Device::new_metal(0),
    };
    device.map(Some).map_err(|error| {
        ModelError::Request(format!(
            "the device {wished:?} cannot be used ({error}); it needs the hardware and a build with the feature `cuda` or `metal`"
        ))
    })
}
