//! Runs other programs: what is run is shown, what fails is explained.

use std::{
    ffi::OsStr,
    fmt,
    io::{self, BufRead, BufReader},
    path::PathBuf,
    process::{Command, Stdio},
    time::Instant,
};

/// What went wrong and what the reader can do about it.
#[derive(Debug)]
pub(crate) struct Failure {
    what: String,
    advice: Option<String>,
}

impl Failure {
    /// A failure that says everything in one sentence.
    pub(crate) fn new(what: impl Into<String>) -> Self {
        Self {
            what: what.into(),
            advice: None,
        }
    }

    /// Adds the command to run or the package to install.
    pub(crate) fn advise(mut self, advice: impl Into<String>) -> Self {
        self.advice = Some(advice.into());
        self
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.what)?;
        match &self.advice {
            Some(advice) => write!(f, "\n  what to do: {advice}"),
            None => Ok(()),
        }
    }
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        Self::new(error.to_string())
    }
}

/// The result of a chore.
pub(crate) type Outcome<T = ()> = Result<T, Failure>;

/// Prints a heading, runs `work`, and prints how long it took.
pub(crate) fn step<T>(name: &str, work: impl FnOnce() -> Outcome<T>) -> Outcome<T> {
    eprintln!("\n==> {name}");
    let start = Instant::now();
    let result = work();
    let verdict = if result.is_ok() { "done" } else { "FAILED" };
    eprintln!(
        "<== {name}: {verdict} in {}",
        seconds(start.elapsed().as_secs_f64())
    );
    result
}

/// A duration for people: `7.3 s`, `12 min 05 s`.
pub(crate) fn seconds(value: f64) -> String {
    if value < 60.0 {
        return format!("{value:.1} s");
    }
    let whole = value.round() as u64;
    format!("{} min {:02} s", whole / 60, whole % 60)
}

/// The command as one would type it.
fn line(command: &Command) -> String {
    let mut text = command.get_program().to_string_lossy().into_owned();
    for argument in command.get_args() {
        text.push(' ');
        text.push_str(&argument.to_string_lossy());
    }
    text
}

/// Runs a command with its output on this terminal.
pub(crate) fn run(command: &mut Command) -> Outcome {
    let shown = line(command);
    eprintln!("  $ {shown}");
    let status = command
        .stdin(Stdio::null())
        .status()
        .map_err(|error| missing(command.get_program(), &error))?;
    if status.success() {
        Ok(())
    } else {
        Err(Failure::new(format!("`{shown}` ended with {status}")))
    }
}

/// Runs a command, shows what it prints, and hands each line of its standard error and output on.
pub(crate) fn echo(command: &mut Command, mut look: impl FnMut(&str)) -> Outcome<bool> {
    // Both streams into one pipe, through the shell's own redirection.
    let mut piped = Command::new("sh");
    piped
        .args(["-c", "exec \"$0\" \"$@\" 2>&1"])
        .arg(command.get_program())
        .args(command.get_args());
    if let Some(folder) = command.get_current_dir() {
        piped.current_dir(folder);
    }
    for (name, value) in command.get_envs() {
        match value {
            Some(value) => piped.env(name, value),
            None => piped.env_remove(name),
        };
    }
    let mut child = piped.stdin(Stdio::null()).stdout(Stdio::piped()).spawn()?;
    if let Some(output) = child.stdout.take() {
        for line in BufReader::new(output).lines() {
            let line = line?;
            eprintln!("{line}");
            look(&line);
        }
    }
    Ok(child.wait()?.success())
}

/// Runs a command and returns its standard output, trimmed.
pub(crate) fn read(command: &mut Command) -> Outcome<String> {
    let shown = line(command);
    let output = command
        .stdin(Stdio::null())
        .output()
        .map_err(|error| missing(command.get_program(), &error))?;
    if output.status.success() {
        return Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned());
    }
    let said = String::from_utf8_lossy(&output.stderr);
    Err(Failure::new(format!(
        "`{shown}` ended with {}: {}",
        output.status,
        said.trim()
    )))
}

fn missing(program: &OsStr, error: &io::Error) -> Failure {
    let program = program.to_string_lossy();
    Failure::new(format!("cannot start `{program}`: {error}"))
        .advise(format!("install `{program}` and have it on the PATH"))
}

/// Whether a program of this name is on the PATH.
pub(crate) fn found(program: &str) -> bool {
    find(program).is_some()
}

/// The first file of this name on the PATH.
pub(crate) fn find(program: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path)
        .map(|folder| folder.join(program))
        .find(|file| file.is_file())
}
