//! The tests and the benchmark that an ordinary polkadot.js client makes.

use std::{path::PathBuf, process::Command};

use crate::{
    count::Count,
    packages,
    places::Places,
    shell::{self, Failure, Outcome},
};

/// Installs Node.js where it is missing, and the libraries of the lock file.
fn set_up(places: &Places) -> Outcome<PathBuf> {
    packages::provide_node_js()?;
    let folder = places.root.join("zombienet/polkadot-js");
    let lock = std::fs::read_to_string(folder.join("package-lock.json"))?;
    // npm writes this file at the end of an installation; ours remembers which lock it was for.
    let mark = folder.join("node_modules/.installed-from");
    if std::fs::read_to_string(&mark).is_ok_and(|installed| installed == lock) {
        return Ok(folder);
    }
    shell::run(
        Command::new("npm")
            .args(["ci", "--no-audit", "--no-fund", "--loglevel", "error"])
            .arg("--cache")
            .arg(places.cache.join("npm"))
            .current_dir(&folder),
    )
    .map_err(|failure| {
        Failure::new(failure.to_string()).advise(
            "check that npm reaches its registry, then run `npm ci` in zombienet/polkadot-js",
        )
    })?;
    std::fs::write(mark, lock)?;
    Ok(folder)
}

/// Runs the tests.
pub(crate) fn test(places: &Places) -> Outcome<Count> {
    let folder = set_up(places)?;
    let mut count = Count::default();
    let mut command = Command::new("node");
    command
        .args(["--test", "--test-reporter=tap"])
        .current_dir(folder)
        .env("DENDRA_NODE", places.node());
    let is_good = shell::echo(&mut command, |line| {
        let number = |name| {
            line.strip_prefix(name)
                .and_then(|rest: &str| rest.trim().parse::<u64>().ok())
        };
        count.passed += number("# pass ").unwrap_or(0);
        count.failed += number("# fail ").unwrap_or(0) + number("# cancelled ").unwrap_or(0);
    })?;
    if count.passed + count.failed == 0 || (!is_good && count.failed == 0) {
        return Err(Failure::new(
            "the polkadot.js tests ended without a summary",
        ));
    }
    Ok(count)
}

/// Runs the benchmark of the node.
pub(crate) fn benchmark(places: &Places) -> Outcome {
    let folder = set_up(places)?;
    shell::run(
        Command::new("node")
            .arg("benchmark.mjs")
            .current_dir(folder)
            .env("DENDRA_NODE", places.node()),
    )
}
