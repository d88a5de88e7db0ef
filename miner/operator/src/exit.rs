//! How a program ends: exit status, and a text that the operator can act on.

use std::{fmt, process::ExitCode, time::Duration};

use tokio::runtime::Runtime;

/// What kind of failure ended the program; the number is its exit status.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum Code {
    /// Anything that has no number of its own.
    General = 1,
    /// Flags, environment or file: see the text.
    Configuration = 2,
    /// A wallet or key cannot be used.
    Wallet = 3,
    /// The chain does not answer, or is not one that this program knows.
    Chain = 4,
    /// The hotkey has no place on the subnet.
    Registration = 5,
    /// A model or template cannot be used.
    Model = 6,
    /// A port cannot be opened.
    Port = 7,
    /// Files of the program's own state cannot be used.
    Data = 8,
    /// The chain refused a transaction.
    Transaction = 9,
    /// `doctor` found something that costs earnings.
    Unhealthy = 10,
}

impl Code {
    /// The exit status.
    pub const fn status(self) -> u8 {
        self as u8
    }
}

/// Why a program ends: what happened, what it means for earnings, what to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    code: Code,
    happened: String,
    earnings: String,
    remedy: String,
}

impl Failure {
    /// A failure. `happened`, `earnings` and `remedy` are sentences.
    pub fn new(
        code: Code,
        happened: impl Into<String>,
        earnings: impl Into<String>,
        remedy: impl Into<String>,
    ) -> Self {
        let mut happened: String = happened.into();
        // What others say about it may end with a full stop of its own.
        if happened.ends_with("..") && !happened.ends_with("...") {
            happened.pop();
        }
        Self {
            code,
            happened,
            earnings: earnings.into(),
            remedy: remedy.into(),
        }
    }

    /// Its kind.
    pub const fn code(&self) -> Code {
        self.code
    }

    /// What happened, without what to do.
    pub fn first_line(&self) -> &str {
        self.happened.lines().next().unwrap_or_default()
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{}\n  earnings: {}\n  to do:    {}",
            self.happened, self.earnings, self.remedy
        )
    }
}

impl std::error::Error for Failure {}

impl From<crate::config::ConfigError> for Failure {
    fn from(error: crate::config::ConfigError) -> Self {
        let list: String = error
            .problems
            .iter()
            .map(|problem| format!("\n  - {problem}"))
            .collect();
        Self::new(
            Code::Configuration,
            format!("the configuration cannot be used:{list}"),
            "nothing was started, so nothing is earned.",
            "correct the values; --print-config shows where each comes from, --help what it means.",
        )
    }
}

/// Runs a program: writes its failure to standard error and gives the exit status. A [`Failure`] anywhere in the chain of causes
/// decides. `grace`: how long work that no deadline can interrupt may delay the end.
pub fn run(program: impl Future<Output = Result<(), anyhow::Error>>, grace: Duration) -> ExitCode {
    let result = match Runtime::new() {
        Ok(runtime) => {
            let result = runtime.block_on(program);
            runtime.shutdown_timeout(grace);
            result
        }
        Err(error) => Err(error.into()),
    };
    let Err(error) = result else {
        return ExitCode::SUCCESS;
    };
    let (code, text) = describe(&error);
    eprintln!("error: {text}");
    ExitCode::from(code.status())
}

/// Kind and text of an error.
fn describe(error: &anyhow::Error) -> (Code, String) {
    match error.downcast_ref::<Failure>() {
        Some(failure) => (failure.code, failure.to_string()),
        None => (Code::General, format!("{error:#}")),
    }
}

#[cfg(test)]
mod tests {
    use anyhow::Context;

    use super::*;

    #[test]
    fn a_failure_keeps_its_status_under_any_context() {
        let failure = Failure::new(
            Code::Port,
            "port 8091 is in use.",
            "none.",
            "choose another.",
        );
        let error = Err::<(), _>(failure)
            .context("starting the server")
            .expect_err("an error");
        let (code, text) = describe(&error);
        assert_eq!(code.status(), 7);
        assert!(text.contains("port 8091"), "{text}");
        assert!(text.contains("to do:    choose another."), "{text}");
    }

    #[test]
    fn a_sentence_ends_once() {
        let failure = Failure::new(Code::Chain, "it ended..", "none.", "wait.");
        assert!(failure.to_string().starts_with("it ended.\n"));
    }

    #[test]
    fn an_error_without_a_kind_has_status_one() {
        let (code, text) = describe(&anyhow::anyhow!("odd").context("while trying"));
        assert_eq!((code.status(), text.as_str()), (1, "while trying: odd"));
    }
}
