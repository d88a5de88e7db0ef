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
//! **A small subnet** need not know all this: it implements [`Task`], and [`Simple`] makes a [`Template`] of it. A larger one
//! uses [`Settings`], [`wire`], [`read_round`] and [`echoes`] by itself.
//!
//! **Randomness** comes from [`Seed`] alone, as [`Draws`]. Wall clock, maps without order and threads decide nothing.
//!
//! **Language models** are reached through [`LanguageModel`], so that a template depends on no framework. How a token is chosen
//! from logits is defined once, by [`Logits`]; [`toy`] is a model without files.

mod draws;
mod language;
pub mod parallel;
pub mod rehearsal;
mod round;
mod sampling;
mod seed;
mod settings;
mod task;
mod template;
pub mod toy;
pub mod wire;

pub use draws::Draws;
pub use language::{
    Candidate, Fingerprint, Generation, GenerationRequest, LanguageModel, ModelError, Models,
    Position, Sampling, Stop, Token,
};
pub use round::{Answered, Asked, Lack, echoes, lower_median, read_round};
pub use sampling::Logits;
pub use seed::{Seed, noise, noise_complement};
pub use settings::Settings;
pub use task::{Score, Simple, Task};
pub use template::{
    Challenge, Description, Exchange, Failure, Judge, Miner, Refusal, Reply, Resources, Template,
    TemplateError, Verdict, Worker,
};
