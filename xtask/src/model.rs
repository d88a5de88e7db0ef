//! The model of a day of emission, in another language than the chain.

use std::process::Command;

use crate::{
    packages,
    places::Places,
    shell::{self, Failure, Outcome},
};

/// Checks that the file that the Rust test reads is what the model computes.
pub(crate) fn check(places: &Places) -> Outcome {
    packages::provide_python()?;
    shell::run(
        Command::new("python3")
            .args(["pallets/subtensor/models/emission_day.py", "--check"])
            .current_dir(&places.root),
    )
    .map_err(|failure| {
        Failure::new(failure.to_string())
            .advise("run pallets/subtensor/models/emission_day.py and review what changes")
    })
}
