//! The validator's half.

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use subnet_sdk::{
    Answered, Asked, Challenge, Exchange, Judge, Lack, LanguageModel, Miner, ModelError, Sampling,
    Seed, Settings, TemplateError, Verdict, echoes, lower_median, parallel, read_round, wire,
};

use crate::{Answer, DESCRIPTION, Evidence, Prompts, Question, Unchecked, check, speed};

/// How tokens are chosen, question by question: mostly by chance, sometimes greedily.
const TEMPERATURES: [f32; 5] = [0.0, 0.6, 0.8, 1.0, 1.2];

/// Answers that are checked at the same time.
const THREADS: usize = 8;

/// The settings of the validator's half.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Rules {
    queries: u64,
    tokens: u64,
    prompt_tokens: usize,
    tolerance: f32,
    deadline: Duration,
}

impl Rules {
    pub(crate) fn new(settings: &Settings<'_>) -> Result<Self, TemplateError> {
        Ok(Self {
            queries: settings.integer("queries", 2, 1..=16)?,
            tokens: settings.integer("tokens", 48, 8..=1024)?,
            prompt_tokens: settings.integer("prompt_tokens", 64, 16..=4096)? as usize,
            tolerance: settings.number("tolerance", 0.05, 0.0001..=1.0)? as f32,
            deadline: settings.deadline(&DESCRIPTION)?,
        })
    }
}

/// Asks and checks.
pub(crate) struct Examiner {
    model: Arc<dyn LanguageModel>,
    prompts: Prompts,
    rules: Rules,
}

/// What is known of one answer.
enum Finding {
    /// The declared model's.
    Correct {
        evidence: Evidence,
        elapsed: Duration,
    },
    /// Not in time, or none at all.
    Absent(String),
    /// Wrong.
    Wrong(String),
    /// The validator's own failure: does not count.
    Unknown(String),
}

impl Examiner {
    /// **Errors:** [`TemplateError::Setting`] if prompts and answers do not fit the model's context.
    pub(crate) fn new(
        model: Arc<dyn LanguageModel>,
        prompts: Prompts,
        rules: Rules,
    ) -> Result<Self, TemplateError> {
        let (wanted, context) = (rules.prompt_tokens + rules.tokens as usize, model.context());
        if wanted > context {
            return Err(TemplateError::Setting {
                name: "tokens".to_owned(),
                problem: format!(
                    "{} and `prompt_tokens` {} exceed the model's context of {context} together",
                    rules.tokens, rules.prompt_tokens
                ),
            });
        }
        Ok(Self {
            model,
            prompts,
            rules,
        })
    }

    /// The question with an index to a miner. Length and temperature are the same for all, so that times compare.
    fn question(&self, seed: &Seed, miner: &Miner, index: u64) -> Question {
        let mut common = seed.for_purpose("work", b"").for_index(index).draws();
        let tokens = common.between(self.rules.tokens.div_ceil(2), self.rules.tokens);
        let temperature = common.pick(&TEMPERATURES).copied().unwrap_or(1.0);
        let own = seed.for_purpose("question", &miner.hotkey).for_index(index);
        let fits = |text: &str| {
            let tokens = self.model.encode(text).map(|tokens| tokens.len());
            tokens.is_ok_and(|tokens| tokens <= self.rules.prompt_tokens)
        };
        Question {
            prompt: self.prompts.compose(&mut own.draws(), fits),
            tokens: tokens as u32,
            sampling: Sampling {
                temperature,
                top_p: 1.0,
                seed: own.for_purpose("sampling", b"").number(),
            },
        }
    }

    fn find(&self, asked: &Asked<Question, Answer>) -> Finding {
        match &asked.outcome {
            Err(lack @ Lack::Absent(_)) => Finding::Absent(lack.to_string()),
            Err(lack @ Lack::Unreadable(_)) => Finding::Wrong(lack.to_string()),
            Err(lack @ Lack::Question(_)) => Finding::Unknown(lack.to_string()),
            Ok(Answered {
                question,
                answer,
                elapsed,
            }) => match check(&*self.model, question, answer, self.rules.tolerance) {
                Ok(evidence) => Finding::Correct {
                    evidence,
                    elapsed: *elapsed,
                },
                Err(Unchecked::Fault(fault)) => {
                    Finding::Wrong(format!("not the declared model's answer: {fault}"))
                }
                // The form was checked before, so a request that the model refuses comes of the answer.
                Err(Unchecked::Model(error @ ModelError::Request(_))) => {
                    Finding::Wrong(error.to_string())
                }
                Err(error) => Finding::Unknown(error.to_string()),
            },
        }
    }
}

impl Judge for Examiner {
    fn challenges(&mut self, seed: &Seed, miners: &[Miner]) -> Vec<Challenge> {
        let ask = |miner: &Miner, index| {
            let question = self.question(seed, miner, index);
            Challenge {
                miner: *miner,
                // Texts and numbers can always be written.
                body: wire::write_question(&DESCRIPTION, &question).unwrap_or_default(),
            }
        };
        let queries = self.rules.queries;
        miners
            .iter()
            .flat_map(|miner| (0..queries).map(move |index| ask(miner, index)))
            .collect()
    }

    fn deadline(&self) -> Option<Duration> {
        Some(self.rules.deadline)
    }

    fn verdicts(&mut self, _seed: &Seed, exchanges: &[Exchange]) -> Vec<Verdict> {
        let round = read_round::<Question, Answer>(&DESCRIPTION, self.rules.deadline, exchanges);
        let asked: Vec<_> = round.into_values().flatten().collect();
        let findings = parallel::map(&asked, THREADS, |asked| self.find(asked));
        let mut tallies: BTreeMap<Miner, Tally> = BTreeMap::new();
        for ((asked, finding), source) in asked.iter().zip(findings).zip(sources(&asked)) {
            let tally = tallies.entry(asked.miner).or_default();
            tally.add(asked.miner, finding, source, self.rules.deadline);
        }
        let median = lower_median(tallies.values().filter_map(Tally::pace)).unwrap_or(0.0);
        tallies
            .into_iter()
            .map(|(miner, tally)| tally.verdict(miner, median))
            .collect()
    }
}

/// Whose answer to another question each one repeats.
fn sources(asked: &[Asked<Question, Answer>]) -> Vec<Option<Miner>> {
    let given: Vec<(usize, _)> = (0..)
        .zip(asked)
        .filter_map(|(place, asked)| {
            let answered = asked.outcome.as_ref().ok()?;
            let tokens = &answered.answer.tokens;
            Some((place, (asked.miner, asked.body.as_slice(), tokens)))
        })
        .collect();
    let (places, answers): (Vec<_>, Vec<_>) = given.into_iter().unzip();
    let mut sources = vec![None; asked.len()];
    for (place, source) in places.into_iter().zip(echoes(&answers)) {
        if let Some(slot) = sources.get_mut(place) {
            *slot = source;
        }
    }
    sources
}

/// A miner's answers of a round, added up.
#[derive(Default)]
struct Tally {
    asked: u32,
    correct: u32,
    /// Wrong ones, and why the first of them is.
    wrong: u32,
    fault: Option<String>,
    /// Why the first absent one is.
    absence: Option<String>,
    /// Why the validator could not check one.
    trouble: Option<String>,
    copied: u32,
    tokens: usize,
    seconds: f64,
    /// Sum of the shares of the deadline.
    used: f64,
    log_probability_error: f32,
    gap: f32,
    rank: f64,
}

impl Tally {
    fn add(&mut self, miner: Miner, finding: Finding, source: Option<Miner>, deadline: Duration) {
        if let Finding::Unknown(why) = finding {
            self.trouble.get_or_insert(why);
            return;
        }
        self.asked += 1;
        match finding {
            Finding::Correct { evidence, elapsed } => {
                self.correct += 1;
                self.tokens += evidence.tokens;
                self.seconds += elapsed.as_secs_f64();
                self.used += elapsed.as_secs_f64() / deadline.as_secs_f64();
                self.log_probability_error = self
                    .log_probability_error
                    .max(evidence.log_probability_error);
                self.gap = self.gap.max(evidence.gap);
                self.rank += evidence.rank;
            }
            Finding::Absent(why) => {
                self.absence.get_or_insert(why);
            }
            Finding::Wrong(why) => {
                self.wrong += 1;
                let why = match source {
                    Some(other) if other == miner => {
                        self.copied += 1;
                        "repeats its own answer to another question".to_owned()
                    }
                    Some(other) => {
                        self.copied += 1;
                        format!(
                            "repeats the answer of miner {} to another question",
                            other.uid
                        )
                    }
                    None => why,
                };
                self.fault.get_or_insert(why);
            }
            Finding::Unknown(_) => {}
        }
    }

    /// Seconds per token, of a miner without wrong answers.
    fn pace(&self) -> Option<f64> {
        (self.wrong == 0 && self.tokens > 0).then(|| self.seconds / self.tokens as f64)
    }

    fn verdict(self, miner: Miner, median: f64) -> Verdict {
        let correct = f64::from(self.correct);
        let availability = if self.asked == 0 {
            0.0
        } else {
            f64::from(self.correct + self.wrong) / f64::from(self.asked)
        };
        let pace = self.pace();
        let correctness = if pace.is_some() { 1.0 } else { 0.0 };
        let speed = pace.map_or(0.0, |pace| speed(self.used / correct, pace, median));
        if self.asked == 0 {
            let trouble = self.trouble.as_deref().unwrap_or("nothing was asked");
            return Verdict::unjudged(miner, trouble);
        }
        let reason = if let Some(fault) = &self.fault {
            format!("{} of {} answers wrong: {fault}", self.wrong, self.asked)
        } else if let Some(pace) = pace {
            let mut reason = format!(
                "{} of {} answers, all correct; {:.4} s per token (median {median:.4})",
                self.correct, self.asked, pace
            );
            if let Some(absence) = &self.absence {
                reason.push_str("; ");
                reason.push_str(absence);
            }
            reason
        } else {
            self.absence.clone().unwrap_or_default()
        };
        let mut verdict = Verdict::new(miner, correctness * speed * availability, reason)
            .with("asked", f64::from(self.asked))
            .with("correct", correct)
            .with("wrong", f64::from(self.wrong))
            .with("copied", f64::from(self.copied))
            .with("correctness", correctness)
            .with("speed", speed)
            .with("availability", availability);
        if let Some(pace) = pace {
            verdict = verdict
                .with("seconds_per_token", pace)
                .with("median_seconds_per_token", median)
                .with("rank", self.rank / correct)
                .with("gap", f64::from(self.gap))
                .with(
                    "log_probability_error",
                    f64::from(self.log_probability_error),
                );
        }
        verdict
    }
}
