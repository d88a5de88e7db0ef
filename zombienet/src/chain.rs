//! Chain specs for tests.

use std::path::{Path, PathBuf};

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::node::{NodeBuilder, run};

/// A chain spec in a file, with a folder for the data of its nodes.
pub struct Chain {
    folder: TempDir,
    spec: PathBuf,
}

impl Chain {
    /// The development chain: `//One` makes a block every 250 ms.
    pub fn development() -> Self {
        Self::from_preset("dev", |_| ())
    }

    /// The three authorities of the local chain, with blocks of 250 ms.
    pub fn fast_local() -> Self {
        Self::from_preset("local", |patch| {
            patch["blockTime"]["slotDuration"] = json!(250)
        })
    }

    /// A chain that a node knows by name, with a change to its genesis.
    pub fn from_preset(name: &str, change: impl FnOnce(&mut Value)) -> Self {
        let folder = tempfile::tempdir().expect("a folder for temporary files");
        let plain = run(&["chain-spec", "--chain", name]);
        assert!(plain.is_success, "{}", plain.error);
        let mut spec: Value = serde_json::from_str(&plain.output).expect("a chain spec is JSON");
        change(&mut spec["genesis"]["runtimeGenesis"]["patch"]);
        let plain = folder.path().join("plain.json");
        std::fs::write(&plain, spec.to_string()).expect("the folder can be written");
        let raw = run(&["chain-spec", "--raw", "--chain", &plain.to_string_lossy()]);
        assert!(raw.is_success, "{}", raw.error);
        let spec = folder.path().join("spec.json");
        std::fs::write(&spec, raw.output).expect("the folder can be written");
        Self { folder, spec }
    }

    /// The file with the raw chain spec.
    pub fn spec(&self) -> &Path {
        &self.spec
    }

    /// Where a node of this name keeps its data.
    pub fn data(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Describes a node of this chain.
    pub fn node(&self, name: &str) -> NodeBuilder {
        NodeBuilder::new(name, &self.spec, &self.data(name))
    }
}
