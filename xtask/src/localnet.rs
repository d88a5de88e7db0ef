//! `cargo xtask localnet`: builds everything and becomes the program `localnet`.

use std::{ffi::OsString, os::unix::process::CommandExt, process::Command};

use crate::{
    cargo::Cargo,
    places::Places,
    shell::{self, Failure, Outcome},
};

/// Builds what is missing and runs the network with these flags. Comes back only if it does not start: the network
/// takes the place of this process, so that Ctrl-C and the exit status are its own.
pub(crate) fn run(places: &Places, flags: &[OsString]) -> Outcome {
    let cargo = Cargo::set_up(places)?;
    shell::step("build", || cargo.build())?;
    let program = places.binaries().join("localnet");
    let shown: Vec<_> = flags.iter().map(|flag| flag.to_string_lossy()).collect();
    eprintln!("\n==> network\n  $ localnet {}", shown.join(" "));
    let error = Command::new(&program).args(flags).exec();
    Err(
        Failure::new(format!("{} does not start: {error}", program.display()))
            .advise("run `cargo xtask build`"),
    )
}
