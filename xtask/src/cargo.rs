//! Calls of cargo that all share one profile, one feature set and one target folder.
//!
//! The packages are always selected alike (the whole workspace, its tests and its programs): another
//! selection would unify features differently and compile the hundreds of SDK crates again.

use std::{path::Path, process::Command};

use crate::{
    places::Places,
    shell::{self, Failure, Outcome},
    wasm_target::{self, WasmTarget},
};

const SELECTION: [&str; 4] = ["--release", "--workspace", "--tests", "--bins"];

/// A cargo that builds this workspace.
pub(crate) struct Cargo<'a> {
    places: &'a Places,
    wasm: WasmTarget,
}

impl<'a> Cargo<'a> {
    /// Installs what cargo needs and says how the wasm target came to be there.
    pub(crate) fn set_up(places: &'a Places) -> Outcome<Self> {
        let wasm = shell::step("set-up", || {
            crate::packages::provide()?;
            let wasm = wasm_target::provide(places)?;
            eprintln!("  target wasm32v1-none: {}", wasm.route);
            Ok(wasm)
        })?;
        Ok(Self { places, wasm })
    }

    /// A cargo call in the root of the checkout.
    pub(crate) fn command(&self, subcommand: &str) -> Command {
        self.command_into(subcommand, &self.places.target)
    }

    fn command_into(&self, subcommand: &str, target: &Path) -> Command {
        let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
        // This program runs under cargo, which tells it about the package `xtask`. Build scripts that watch
        // those variables would run again whenever cargo is called another way.
        for (name, _) in std::env::vars_os() {
            let name_text = name.to_string_lossy();
            if name_text.starts_with("CARGO_PKG_") || name_text.starts_with("CARGO_MANIFEST_") {
                command.env_remove(&name);
            }
        }
        command
            .arg(subcommand)
            .current_dir(&self.places.root)
            .env("CARGO_TARGET_DIR", target)
            .env("WASM_BUILD_WORKSPACE_HINT", &self.places.root)
            .envs(
                self.wasm
                    .environment
                    .iter()
                    .map(|(name, value)| (name, value)),
            );
        command
    }

    /// Builds the node, the tests and the tools.
    pub(crate) fn build(&self) -> Outcome {
        let is_cold = !self.places.node().exists();
        if is_cold {
            eprintln!("  a first build compiles the Polkadot SDK: 15 to 40 minutes on two cores");
        }
        shell::run(self.command("build").args(SELECTION))
    }

    /// Builds one program of the workspace and gives its path. `test`: an integration test of the same package; naming one makes
    /// cargo unify features as for [`SELECTION`], so that libraries are shared with every other build.
    pub(crate) fn build_program(&self, program: &str, test: &str) -> Outcome<std::path::PathBuf> {
        shell::run(
            self.command("build")
                .args(["--release", "--workspace"])
                .args(["--bin", program, "--test", test]),
        )?;
        Ok(self.places.binaries().join(program))
    }

    /// Lints everything; a warning is an error.
    pub(crate) fn lint(&self) -> Outcome {
        shell::run(
            self.command("clippy")
                .args(["--release", "--workspace", "--all-targets"])
                .args(["--", "--deny", "warnings"]),
        )
    }

    /// Checks the formatting.
    pub(crate) fn check_format(&self) -> Outcome {
        shell::run(self.command("fmt").args(["--all", "--check"]))
            .map_err(|failure| Failure::new(failure.to_string()).advise("run `cargo fmt --all`"))
    }

    /// The command that runs all Rust tests.
    pub(crate) fn test(&self) -> Command {
        let mut command = self.command("nextest");
        command
            .arg("run")
            .args(SELECTION)
            .args(["--no-fail-fast", "--show-progress", "none"]);
        command
    }

    /// The command that runs the examples in the documentation of the crates that have some.
    pub(crate) fn test_examples(&self) -> Command {
        const WITH_EXAMPLES: [&str; 6] = [
            "dendra-primitives",
            "neuron-protocol",
            "share-ledger",
            "subnet-emission",
            "weighted-pool",
            "yuma-consensus",
        ];
        let mut command = self.command("test");
        command.args(["--release", "--doc"]);
        for package in WITH_EXAMPLES {
            command.args(["--package", package]);
        }
        command
    }

    /// Tests the runtime with the feature `try-runtime`, in the target folder of the other features.
    pub(crate) fn test_invariants(&self) -> Outcome {
        let target = self.places.other_features();
        // Only those of the feature: the snapshot of the metadata is not for it, since it adds an API.
        shell::run(
            self.command_into("test", &target)
                .env("SKIP_WASM_BUILD", "1")
                .args(["--release", "--package", "dendra-runtime"])
                .args(["--features", "try-runtime", "--test", "runtime"])
                .args(["--", "trial::"]),
        )
    }

    /// Builds a node with benchmarks in a target folder of its own, since its features differ.
    pub(crate) fn build_benchmarks(&self) -> Outcome<std::path::PathBuf> {
        let target = self.places.other_features();
        // A runtime that only `benchmark storage` uses, and that does not build outside the SDK's own checkout.
        const UNUSED_RUNTIME: &str = "SKIP_FRAME_STORAGE_ACCESS_TEST_RUNTIME_WASM_BUILD";
        shell::run(
            self.command_into("build", &target)
                .env(UNUSED_RUNTIME, "1")
                .args([
                    "--release",
                    "--package",
                    "dendra-node",
                    "--features",
                    "runtime-benchmarks",
                ]),
        )?;
        Ok(target.join("release/dendra-node"))
    }
}
