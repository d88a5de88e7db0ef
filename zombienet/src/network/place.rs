//! Where a network keeps its files.

use std::path::{Path, PathBuf};

use tempfile::TempDir;

use crate::failure::{Failure, Outcome};

/// Where a network keeps its files.
pub(crate) enum Place {
    Kept(PathBuf),
    Temporary(TempDir),
}

impl Place {
    pub(crate) fn make(keep: Option<&Path>) -> Outcome<Self> {
        match keep {
            None => Ok(Self::Temporary(
                tempfile::Builder::new().prefix("dendra-").tempdir()?,
            )),
            Some(folder) => {
                std::fs::create_dir_all(folder).map_err(|error| {
                    Failure::new(format!("{} cannot be made: {error}", folder.display()))
                        .advise("name a folder of your own with --keep")
                })?;
                // Processes are started with it as an argument, wherever they run.
                Ok(Self::Kept(std::path::absolute(folder)?))
            }
        }
    }

    pub(crate) fn path(&self) -> &Path {
        match self {
            Self::Kept(path) => path,
            Self::Temporary(folder) => folder.path(),
        }
    }
}
