//! `cargo xtask test`: every test that CI runs.

use std::{
    io::{BufRead, BufReader},
    process::{Command, Stdio},
    time::Instant,
};

use crate::{
    cargo::Cargo,
    javascript, licences, packages,
    places::Places,
    shell::{self, Failure, Outcome},
};

/// How many tests passed and failed.
#[derive(Clone, Copy, Default)]
pub(crate) struct Count {
    /// Tests that passed.
    pub(crate) passed: u64,
    /// Tests that failed.
    pub(crate) failed: u64,
}

/// A step's name, its time in seconds, and whether it ended well.
struct Timed {
    name: &'static str,
    seconds: f64,
    is_good: bool,
}

/// The steps so far.
#[derive(Default)]
struct Report {
    steps: Vec<Timed>,
    count: Count,
}

impl Report {
    /// Runs a step; a failure is shown and counted, and the later steps still run where they can.
    fn step(&mut self, name: &'static str, work: impl FnOnce() -> Outcome<Count>) {
        let start = Instant::now();
        let result = shell::step(name, work);
        let count = result.as_ref().copied().unwrap_or_default();
        self.count.passed += count.passed;
        self.count.failed += count.failed;
        if let Err(failure) = &result {
            eprintln!("error: {failure}");
            self.count.failed += 1;
        }
        self.steps.push(Timed {
            name,
            seconds: start.elapsed().as_secs_f64(),
            is_good: result.is_ok() && count.failed == 0,
        });
    }

    fn print(&self) {
        println!("\n{:<28}{:>16}", "step", "time");
        for step in &self.steps {
            let mark = if step.is_good { "" } else { "  FAILED" };
            println!(
                "{:<28}{:>16}{mark}",
                step.name,
                shell::seconds(step.seconds)
            );
        }
        println!();
        println!("{} passed, {} failed", self.count.passed, self.count.failed);
    }
}

/// Runs everything; fails where anything failed.
pub(crate) fn run(places: &Places) -> Outcome {
    let mut report = Report::default();
    let start = Instant::now();
    let cargo = Cargo::set_up(places)?;
    report.steps.push(Timed {
        name: "set-up",
        seconds: start.elapsed().as_secs_f64(),
        is_good: true,
    });

    // A check of the source is one test each: it passes or fails as a whole.
    let one = || Count {
        passed: 1,
        failed: 0,
    };
    report.step("format", || cargo.check_format().map(|()| one()));
    let before = report.count.failed;
    report.step("build", || cargo.build().map(|()| Count::default()));
    if report.count.failed == before {
        report.step("licences", || licences::check(&cargo).map(|()| one()));
        report.step("lints", || cargo.lint().map(|()| one()));
        report.step("Rust tests", || rust(&cargo));
        report.step("polkadot.js tests", || javascript::test(places));
    }
    report.print();
    if report.count.failed == 0 {
        Ok(())
    } else {
        Err(Failure::new("some tests failed"))
    }
}

/// Runs the Rust tests and reads the numbers from the closing line.
fn rust(cargo: &Cargo<'_>) -> Outcome<Count> {
    packages::provide_nextest()?;
    let mut command = cargo.test();
    let mut summary = None;
    let status = echo(&mut command, |line| {
        if let Some(count) = nextest_summary(line) {
            summary = Some(count);
        }
    })?;
    match summary {
        Some(count) if status || count.failed > 0 => Ok(count),
        _ => Err(Failure::new("the Rust tests ended without a summary")),
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

/// Reads `Summary [ 1.2s] 34 tests run: 33 passed (1 slow), 1 failed, 0 skipped`.
fn nextest_summary(line: &str) -> Option<Count> {
    let line = line.trim_start();
    if !line.starts_with("Summary [") {
        return None;
    }
    let (_, results) = line.split_once("run:")?;
    let number = |word: &str| {
        results
            .split(',')
            .filter_map(|part| part.trim().split_once(' '))
            .filter(|(_, name)| name.split_whitespace().next() == Some(word))
            .find_map(|(count, _)| count.parse::<u64>().ok())
            .unwrap_or(0)
    };
    Some(Count {
        passed: number("passed"),
        failed: number("failed") + number("timed"),
    })
}

#[cfg(test)]
mod tests {
    use super::nextest_summary;

    #[test]
    fn the_summary_of_the_rust_tests_is_read() {
        let count = |line| nextest_summary(line).map(|count| (count.passed, count.failed));
        assert_eq!(
            count(
                "     Summary [   1.234s] 34 tests run: 31 passed (2 slow), 2 failed, 1 timed out, 3 skipped"
            ),
            Some((31, 3))
        );
        assert_eq!(
            count("Summary [   0.1s] 5 tests run: 5 passed, 0 skipped"),
            Some((5, 0))
        );
        assert_eq!(count("     PASS [   0.1s] a test"), None);
    }
}
