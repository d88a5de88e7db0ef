//! Where things are: the checkout, the build cache, the binaries.

use std::path::{Path, PathBuf};

use crate::shell::{Failure, Outcome};

/// The folders that the chores work in.
pub(crate) struct Places {
    /// The root of the checkout.
    pub(crate) root: PathBuf,
    /// What is costly to make again and belongs to no checkout: toolchain, npm cache.
    pub(crate) cache: PathBuf,
    /// Where cargo builds: `CARGO_TARGET_DIR`, or `target` in the cache.
    pub(crate) target: PathBuf,
}

impl Places {
    /// Finds the folders and creates those that are missing.
    pub(crate) fn find() -> Outcome<Self> {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"))
            .parent()
            .ok_or_else(|| Failure::new("xtask has no parent folder"))?
            .to_owned();
        let cache = match (std::env::var_os("XDG_CACHE_HOME"), std::env::var_os("HOME")) {
            (Some(folder), _) => PathBuf::from(folder),
            (None, Some(home)) => PathBuf::from(home).join(".cache"),
            (None, None) => {
                return Err(
                    Failure::new("neither XDG_CACHE_HOME nor HOME is set").advise(
                        "set HOME, or name a folder with CARGO_TARGET_DIR and XDG_CACHE_HOME",
                    ),
                );
            }
        }
        .join("dendra");
        let target = match std::env::var_os("CARGO_TARGET_DIR") {
            Some(folder) => std::path::absolute(folder)?,
            None => cache.join("target"),
        };
        std::fs::create_dir_all(&cache)?;
        std::fs::create_dir_all(&target)?;
        Ok(Self {
            root,
            cache,
            target,
        })
    }

    /// Where cargo builds with features that the network and CI do without.
    pub(crate) fn other_features(&self) -> PathBuf {
        self.target.join("weights")
    }

    /// The folder that holds the built binaries.
    pub(crate) fn binaries(&self) -> PathBuf {
        self.target.join("release")
    }

    /// The node's binary.
    pub(crate) fn node(&self) -> PathBuf {
        self.binaries().join("dendra-node")
    }
}
