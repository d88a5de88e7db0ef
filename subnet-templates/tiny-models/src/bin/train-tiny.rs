//! Trains the tiny models.

use std::{
    io::{IsTerminal, Write},
    ops::ControlFlow,
    path::PathBuf,
    time::{Duration, Instant},
};

use clap::Parser;
use tiny_models::{Plan, Progress, corpus, train};

/// Trains a small Llama on the text that ships with the repository, and writes it in three qualities: barely, half and
/// fully trained.
///
/// Each is a folder in the format of Hugging Face: config.json, tokenizer.json, model.safetensors. The same machine and
/// number of threads (RAYON_NUM_THREADS) give the same bytes. Interrupted, it goes on where the last checkpoint was
/// when it is started again with the same flags.
#[derive(Parser)]
#[command(
    version,
    after_help = "Example, which takes seconds:\n  train-tiny --quick --out /tmp/tiny-models"
)]
struct Flags {
    /// Folder for the models and the checkpoint
    #[arg(long, value_name = "FOLDER")]
    out: PathBuf,
    /// Updates of the weights [default: 900, or 60 with --quick]
    #[arg(long, value_name = "N")]
    steps: Option<u32>,
    /// Train a smaller model for a few steps, to see that everything works
    #[arg(long)]
    quick: bool,
}

fn main() -> anyhow::Result<()> {
    let flags = Flags::parse();
    let plan = if flags.quick {
        Plan::quick(flags.steps.unwrap_or(Plan::QUICK_STEPS))
    } else {
        Plan::standard(flags.steps.unwrap_or(Plan::STEPS))
    };
    plan.check()?;
    let corpus = corpus();
    eprintln!(
        "{} parameters, {} steps of {} tokens; text: {} bytes to learn, {} to validate, {} held out",
        plan.architecture.count(),
        plan.steps,
        plan.tokens_per_step(),
        corpus.training.len(),
        corpus.validation.len(),
        corpus.held_out.len()
    );
    let start = Instant::now();
    let mut display = Display::new(&plan);
    let record = train(&plan, &corpus, &flags.out, &mut |progress| {
        display.show(progress);
        ControlFlow::Continue(())
    })?;
    eprintln!(
        "trained in {}; {} nats per token held out; in {}",
        duration(start.elapsed()),
        record
            .models
            .iter()
            .rev()
            .map(|(quality, outcome)| format!("{quality} {:.3}", outcome.held_out))
            .collect::<Vec<_>>()
            .join(", "),
        flags.out.display()
    );
    Ok(())
}

/// Shows the progress: one line that changes in a terminal, a line now and then elsewhere.
struct Display<'a> {
    plan: &'a Plan,
    is_terminal: bool,
    start: Instant,
    first: u32,
    shown: Option<Instant>,
    loss: Option<f32>,
}

impl<'a> Display<'a> {
    fn new(plan: &'a Plan) -> Self {
        Self {
            plan,
            is_terminal: std::io::stderr().is_terminal(),
            start: Instant::now(),
            first: 0,
            shown: None,
            loss: None,
        }
    }

    fn show(&mut self, progress: &Progress) {
        match progress {
            Progress::Start { step, tokens } => {
                (self.start, self.first) = (Instant::now(), *step);
                self.line(&format!("{tokens} tokens to learn from"));
                if *step > 0 {
                    self.line(&format!("going on after step {step}"));
                }
            }
            Progress::Step { step, loss } => self.step(*step, *loss),
            Progress::Look(point) => self.line(&format!(
                "step {}: training loss {:.3}, validation loss {:.3}",
                point.step, point.training, point.validation
            )),
            Progress::Model(quality, outcome) => self.line(&format!(
                "step {}: the model `{quality}` is written: validation loss {:.4}, held-out loss {:.4}",
                outcome.steps, outcome.validation, outcome.held_out
            )),
        }
    }

    fn step(&mut self, step: u32, loss: f32) {
        // Single losses jump; people look for the trend.
        let smooth = self.loss.map_or(loss, |before| 0.95 * before + 0.05 * loss);
        self.loss = Some(smooth);
        let pause = Duration::from_secs(if self.is_terminal { 1 } else { 10 });
        if self.shown.is_some_and(|shown| shown.elapsed() < pause) {
            return;
        }
        self.shown = Some(Instant::now());
        let elapsed = self.start.elapsed().as_secs_f64();
        let done = f64::from(step - self.first);
        let rate = done / elapsed.max(1e-9);
        let left = Duration::from_secs_f64(f64::from(self.plan.steps - step) / rate.max(1e-9));
        let text = format!(
            "step {step} of {}, loss {smooth:.3}, {:.0} tokens/s, {} left",
            self.plan.steps,
            rate * self.plan.tokens_per_step() as f64,
            duration(left)
        );
        if self.is_terminal {
            eprint!("\r\x1b[K{text}");
            // A terminal that is gone shows nothing; the training goes on.
            std::io::stderr().flush().unwrap_or_default();
        } else {
            eprintln!("{text}");
        }
    }

    fn line(&self, text: &str) {
        let clear = if self.is_terminal { "\r\x1b[K" } else { "" };
        eprintln!("{clear}{text}");
    }
}

fn duration(time: Duration) -> String {
    let seconds = time.as_secs();
    if seconds < 60 {
        return format!("{:.1} s", time.as_secs_f64());
    }
    format!("{} min {:02} s", seconds / 60, seconds % 60)
}
