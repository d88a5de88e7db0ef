//! The training: from random weights to three models.

use std::{collections::BTreeMap, ops::ControlFlow, path::Path};

use crate::{
    batch::Batch,
    checkpoint::{self, State},
    corpus::Corpus,
    error::TinyModelError,
    evaluation, files,
    model::Model,
    optimizer::{self, Weight},
    plan::Plan,
    quality::Quality,
    record::{Outcome, Point, Record, rounded},
    tokenizer::Vocabulary,
};

/// Windows of the validation part that are looked at on the way.
const WINDOWS: usize = 32;

/// What a training reports while it runs.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Progress {
    /// The text is tokens now; it goes on after `step`.
    Start {
        /// Steps that a checkpoint had done.
        step: u32,
        /// Tokens of the training part.
        tokens: usize,
    },
    /// A step is done.
    Step {
        /// Which, from 1.
        step: u32,
        /// Its loss, in nats per token.
        loss: f32,
    },
    /// A look at the validation part.
    Look(Point),
    /// A model is in its folder.
    Model(Quality, Outcome),
}

/// Trains a model and writes it into `out` in three qualities, with a [`Record`].
///
/// The same plan, text, machine and number of threads give the same bytes. The training keeps a checkpoint in `out` and goes on
/// from it with the same result. `watch` hears of the progress and may break off. The record that is returned is complete
/// unless it did. **Errors:** [`TinyModelError`].
pub fn train(
    plan: &Plan,
    corpus: &Corpus,
    out: &Path,
    watch: &mut dyn FnMut(&Progress) -> ControlFlow<()>,
) -> Result<Record, TinyModelError> {
    plan.check()?;
    std::fs::create_dir_all(out).map_err(|error| TinyModelError::file(out, error))?;
    let vocabulary = Vocabulary::learn(corpus.training, plan.architecture.vocab_size)?;
    if vocabulary.size() != plan.architecture.vocab_size {
        return Err(TinyModelError::Plan(format!(
            "the text has enough frequent pairs for {} tokens, not for {}",
            vocabulary.size(),
            plan.architecture.vocab_size
        )));
    }
    let tokens = vocabulary.encode_part(corpus.training)?;
    let length = plan.architecture.max_position_embeddings;
    if tokens.len() <= length {
        return Err(TinyModelError::Plan(
            "the training part is shorter than the context".into(),
        ));
    }
    let mut weights = optimizer::initial(&plan.architecture, plan.seed)?;
    let record = Record {
        plan: plan.clone(),
        parameters: plan.architecture.count(),
        corpus: corpus.fingerprint(),
        training_tokens: tokens.len(),
        validation: Vec::new(),
        models: BTreeMap::new(),
    };
    let state = match checkpoint::resume(out, &record, &mut weights)? {
        Some(state) => state,
        None => State {
            step: 0,
            recent: (0.0, 0),
            record,
        },
    };
    let mut windows = Batch::cover(
        &vocabulary.encode_part(corpus.validation)?,
        plan.rows,
        length,
    );
    windows.truncate(WINDOWS.div_ceil(plan.rows));
    let start = Progress::Start {
        step: state.step,
        tokens: tokens.len(),
    };
    let mut run = Run {
        plan,
        corpus,
        out,
        vocabulary,
        tokens,
        windows,
        model: assemble(plan, &weights)?,
        weights,
        state,
    };
    if watch(&start).is_continue() {
        run.finish(watch)?;
    }
    Ok(run.state.record)
}

/// A training under way.
struct Run<'a> {
    plan: &'a Plan,
    corpus: &'a Corpus,
    out: &'a Path,
    vocabulary: Vocabulary,
    tokens: Vec<u32>,
    windows: Vec<Batch>,
    model: Model,
    weights: Vec<Weight>,
    state: State,
}

impl Run<'_> {
    /// Does the steps that are left, or those until `watch` breaks off; a checkpoint is there either way.
    fn finish(
        &mut self,
        watch: &mut dyn FnMut(&Progress) -> ControlFlow<()>,
    ) -> Result<(), TinyModelError> {
        for step in self.state.step + 1..=self.plan.steps {
            let loss = self.step(step)?;
            let mut news = vec![Progress::Step { step, loss }];
            if step.is_multiple_of(self.plan.validate_every) {
                news.push(Progress::Look(self.look(step)?));
            }
            for quality in Quality::ALL {
                if step == self.plan.end_of(quality) {
                    news.push(Progress::Model(quality, self.write(quality)?));
                }
            }
            // Everybody hears everything, even if the first thing ends it.
            let ends = news
                .iter()
                .map(&mut *watch)
                .filter(ControlFlow::is_break)
                .count()
                > 0;
            if step == self.plan.steps {
                break;
            }
            if ends || step.is_multiple_of(self.plan.checkpoint_every) {
                checkpoint::write(self.out, &self.state, &self.weights)?;
            }
            if ends {
                return Ok(());
            }
        }
        self.state.record.write_to(self.out)?;
        checkpoint::remove(self.out)
    }

    /// One update of the weights. Returns the loss before it.
    fn step(&mut self, step: u32) -> Result<f32, TinyModelError> {
        let plan = self.plan;
        let length = plan.architecture.max_position_embeddings;
        let batch = Batch::of_step(&self.tokens, plan.rows, length, plan.seed, step);
        let loss = self.model.loss(&batch)?;
        let gradients = loss.backward()?;
        let rate = plan.rate_at(step);
        optimizer::update(&mut self.weights, &gradients, step, rate, plan.decay)?;
        let loss = loss.to_scalar::<f32>()?;
        self.state.step = step;
        // A sum of numbers that f64 holds exactly as JSON writes them.
        self.state.recent.0 = rounded(self.state.recent.0 + f64::from(loss));
        self.state.recent.1 += 1;
        Ok(loss)
    }

    /// Measures the progress.
    fn look(&mut self, step: u32) -> Result<Point, TinyModelError> {
        let model = settled(self.plan, &self.weights)?;
        let (sum, count) = std::mem::take(&mut self.state.recent);
        let point = Point {
            step,
            training: rounded(sum / f64::from(count.max(1))),
            validation: rounded(evaluation::over(&model, &self.windows)?.loss),
        };
        self.state.record.validation.push(point);
        Ok(point)
    }

    /// Writes the model as it is and measures what was written.
    fn write(&mut self, quality: Quality) -> Result<Outcome, TinyModelError> {
        let folder = self.out.join(quality.name());
        files::write(
            &folder,
            &self.plan.architecture,
            &self.vocabulary,
            &self.weights,
        )?;
        let (model, vocabulary) = files::load(&folder)?;
        let loss = |part: &str| {
            evaluation::of_part(&model, &vocabulary, part)
                .map(|evaluation| rounded(evaluation.loss))
        };
        let outcome = Outcome {
            steps: self.plan.end_of(quality),
            validation: loss(self.corpus.validation)?,
            held_out: loss(self.corpus.held_out)?,
        };
        self.state.record.models.insert(quality, outcome);
        Ok(outcome)
    }
}

/// A model of weights that learn.
fn assemble(plan: &Plan, weights: &[Weight]) -> Result<Model, TinyModelError> {
    let mut weights = weights.iter();
    let model = Model::new(&plan.architecture, |parameter| {
        weights
            .next()
            .filter(|weight| weight.parameter == *parameter)
            .map(|weight| weight.variable.as_tensor().clone())
            .ok_or_else(|| candle_core::Error::Msg(format!("{} is missing", parameter.name)))
    })?;
    Ok(model)
}

/// A model of the weights as they are: nothing is kept for a way back.
fn settled(plan: &Plan, weights: &[Weight]) -> Result<Model, TinyModelError> {
    let mut weights = weights.iter();
    let model = Model::new(&plan.architecture, |parameter| {
        weights
            .next()
            .map(|weight| weight.variable.as_detached_tensor())
            .ok_or_else(|| candle_core::Error::Msg(format!("{} is missing", parameter.name)))
    })?;
    Ok(model)
}
