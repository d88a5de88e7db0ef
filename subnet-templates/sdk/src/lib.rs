//! What a subnet consists of off chain.
//!
//! A subnet asks its miners for work and pays them for its quality. A [`Template`] says what that work is: its
//! [`Worker`] answers challenges in the miner, its [`Judge`] makes the challenges and scores the answers in the
//! validator. Both binaries know templates through these traits alone; a template knows neither the chain nor HTTP.
//!
//! **A round.** From chain randomness, the subnet, the epoch and itself a validator derives a [`Seed`]. The judge makes one
//! or more [`Challenge`]s for every miner from it, the miners' [`Reply`]s come back as [`Exchange`]s, and the judge
//! answers with one [`Verdict`] for every miner. Seed and exchanges determine the verdicts: a round can be replayed.
//!
//! **Language models** are reached through [`LanguageModel`], so that a template depends on no framework.

mod language;
mod seed;
mod template;

pub use language::{
    Candidate, Fingerprint, Generation, GenerationRequest, LanguageModel, ModelError, Models,
    Position, Sampling, Stop, Token,
};
pub use seed::{Seed, noise};
pub use template::{
    Challenge, Description, Exchange, Failure, Judge, Miner, Refusal, Reply, Resources, Template,
    TemplateError, Verdict, Worker,
};
