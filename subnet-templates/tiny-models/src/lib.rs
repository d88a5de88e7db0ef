#![doc = include_str!("../README.md")]

mod architecture;
mod batch;
mod checkpoint;
mod corpus;
mod error;
mod evaluation;
mod files;
mod model;
mod operations;
mod optimizer;
mod plan;
mod quality;
mod record;
mod tokenizer;
mod training;

pub use architecture::{Architecture, Parameter};
pub use corpus::{Corpus, corpus, held_out};
pub use error::TinyModelError;
pub use evaluation::{Evaluation, evaluate};
pub use files::load;
pub use model::Model;
pub use plan::Plan;
pub use quality::{Quality, UnknownQuality, folder, root};
pub use record::{Outcome, Point, Record};
pub use tokenizer::{END_OF_TEXT, Vocabulary};
pub use training::{Progress, train};
