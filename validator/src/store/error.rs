//! Why data cannot be used.

use std::path::PathBuf;

/// Why the data cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The folder cannot be made or the file not be opened.
    #[error("{path}: {problem}", path = path.display())]
    Open {
        /// The file.
        path: PathBuf,
        /// What is wrong and what to do.
        problem: String,
    },
    /// It belongs to another validator or chain.
    #[error("{path} belongs to {found}, not to {wanted}", path = path.display())]
    Foreign {
        /// The file.
        path: PathBuf,
        /// Whose it is.
        found: String,
        /// Who asks.
        wanted: String,
    },
    /// The database failed.
    #[error("the database failed: {0}")]
    Database(#[from] redb::Error),
    /// The database broke off.
    #[error("the database broke off: {0}")]
    Broken(String),
    /// A value cannot be read.
    #[error("a stored value cannot be read: {0}")]
    Value(#[from] serde_json::Error),
}

macro_rules! database_errors {
    ($($name:ident)*) => {
        $(impl From<redb::$name> for StoreError {
            fn from(error: redb::$name) -> Self {
                Self::Database(error.into())
            }
        })*
    };
}
database_errors!(TransactionError TableError StorageError CommitError);

/// What most of this gives.
pub(super) type Done<T> = Result<T, StoreError>;
