//! Language models on the processor: loading, batching, sampling, teacher-forced scores.
//!
//! An [`Engine`] loads models of the Llama family (Llama, Mistral, Qwen2, Qwen3) from folders as Hugging Face has them and from GGUF files,
//! and answers through [`subnet_sdk::LanguageModel`].
//!
//! **A request's life.** A caller's thread checks it and puts it into a bounded queue. The thread of the model takes it when a place and room
//! for its keys and values are free, computes its prompt in chunks and then token by token, together with whatever else runs,
//! and sends every token back. When the caller goes away, the next token finds nobody and the request ends.
//!
//! **Equal requests, equal results.** On the processor each output of a product is one chain of fused additions in a fixed
//! order, whichever rows are computed with it, on whichever vector unit, by however many threads; attention,
//! norms and choices see one sequence only. So a request has the same result alone and in any company, and a validator that
//! examines an answer computes the numbers that the miner computed.
//!
//! **What is promised where.** All of this holds on the processor, the default. On graphics processors (features `cuda` and `metal`) the
//! same requests are answered by Candle's tensors; equal requests have nearly equal results there, not equal bits.

mod choice;
mod device;
mod engine;
mod events;
mod kernel;
mod language;
mod load;
mod measure;
mod model;
mod options;
mod queue;
mod scheduler;
mod sequence;
mod team;

pub use engine::Engine;
pub use language::{Language, Statistics};
pub use measure::{Figures, Plan, measure, random_llama};
pub use options::{DataType, Device, Options};
