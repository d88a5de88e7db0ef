//! The file: who may open it, and transactions on it.

use std::path::{Path, PathBuf};

use redb::{
    ConcurrencyMode, Database, DatabaseError, ReadOnlyDatabase, ReadTransaction, ReadableDatabase,
    WriteTransaction,
};

use super::{Done, StoreError};

/// Bytes of pages in memory.
const CACHE: usize = 16 << 20;
/// The file in the data folder.
pub(super) const FILE: &str = "validator.redb";

enum Base {
    Writing(Database),
    Reading(ReadOnlyDatabase),
}

/// The file of one validator.
pub(super) struct File {
    base: Base,
    path: PathBuf,
}

impl File {
    /// For the process that runs the validator; makes what is missing, for nobody else to read.
    ///
    /// **Errors:** the folder cannot be written, another process runs on it.
    pub(super) fn create(folder: &Path) -> Done<Self> {
        let path = folder.join(FILE);
        make_private(folder).map_err(|error| StoreError::Open {
            path: folder.into(),
            problem: format!("{error}; choose a folder that can be written with --data"),
        })?;
        let base = builder()
            .create(&path)
            .map_err(|error| opening(&path, error))?;
        private(&path).map_err(|error| StoreError::Open {
            path: path.clone(),
            problem: format!("its rights cannot be set: {error}"),
        })?;
        Ok(Self {
            base: Base::Writing(base),
            path,
        })
    }

    /// For reading, beside the process that runs the validator or without one.
    ///
    /// **Errors:** there is none, or it is damaged.
    pub(super) fn open(folder: &Path) -> Done<Self> {
        let path = folder.join(FILE);
        if !path.exists() {
            let problem = "there is no such file; `run` makes it, --data names its folder".into();
            return Err(StoreError::Open { path, problem });
        }
        let base = match builder().open_read_only(&path) {
            Ok(base) => Base::Reading(base),
            // Nobody closed it, and nobody has it open: opening it for writing repairs it.
            Err(DatabaseError::RepairAborted) => Base::Writing(
                builder()
                    .open(&path)
                    .map_err(|error| opening(&path, error))?,
            ),
            Err(error) => return Err(opening(&path, error)),
        };
        Ok(Self { base, path })
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    pub(super) fn read(&self) -> Done<ReadTransaction> {
        Ok(match &self.base {
            Base::Writing(base) => base.begin_read()?,
            Base::Reading(base) => base.begin_read()?,
        })
    }

    pub(super) fn write(&self, change: impl FnOnce(&WriteTransaction) -> Done<()>) -> Done<()> {
        let Base::Writing(base) = &self.base else {
            return Err(StoreError::Open {
                path: self.path.clone(),
                problem: "it is open for reading only".into(),
            });
        };
        let transaction = base.begin_write()?;
        change(&transaction)?;
        Ok(transaction.commit()?)
    }
}

fn builder() -> redb::Builder {
    let mut builder = Database::builder();
    builder
        .set_cache_size(CACHE)
        .set_concurrency_mode(ConcurrencyMode::SingleWriter);
    builder
}

fn opening(path: &Path, error: DatabaseError) -> StoreError {
    let problem = match &error {
        DatabaseError::DatabaseAlreadyOpen => {
            "another validator runs on it; stop that one, or choose another folder with --data"
                .into()
        }
        error => format!("{error}; if it is damaged, move it away: averages start anew"),
    };
    StoreError::Open {
        path: path.into(),
        problem,
    }
}

/// Makes a folder that only its owner can read: salts of commits lie in it.
fn make_private(folder: &Path) -> std::io::Result<()> {
    use std::os::unix::fs::DirBuilderExt;
    std::fs::DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(folder)
}

/// Lets only the owner read a file, also in a folder that was there before.
fn private(path: &Path) -> std::io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o600))
}
