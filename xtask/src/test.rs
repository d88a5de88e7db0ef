//! `cargo xtask test`: every test that CI runs.

use std::time::Instant;

use crate::{
    cargo::Cargo,
    count::Count,
    javascript, licences, model, packages,
    places::Places,
    shell::{self, Failure, Outcome},
};

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
    report.step("model of emission", || model::check(places).map(|()| one()));
    let before = report.count.failed;
    report.step("build", || cargo.build().map(|()| Count::default()));
    if report.count.failed == before {
        report.step("licences", || licences::check(&cargo).map(|()| one()));
        report.step("lints", || cargo.lint().map(|()| one()));
        report.step("Rust tests", || rust(&cargo));
        report.step("examples in the docs", || examples(&cargo));
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
    let status = shell::echo(&mut command, |line| {
        if let Some(count) = Count::of_nextest(line) {
            summary = Some(count);
        }
    })?;
    match summary {
        Some(count) if status || count.failed > 0 => Ok(count),
        _ => Err(Failure::new("the Rust tests ended without a summary")),
    }
}

/// Runs the examples in the documentation.
fn examples(cargo: &Cargo<'_>) -> Outcome<Count> {
    let mut sum = Count::default();
    let is_good = shell::echo(&mut cargo.test_examples(), |line| {
        if let Some(count) = Count::of_cargo_test(line) {
            sum.passed += count.passed;
            sum.failed += count.failed;
        }
    })?;
    if !is_good && sum.failed == 0 {
        return Err(Failure::new("the examples do not compile"));
    }
    Ok(sum)
}
