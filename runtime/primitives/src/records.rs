//! Records that are stored under a name that clients read, with the names and the order of fields of
//! section B.10 of the interface.
//!
//! # Two forms of a record with lists
//!
//! Clients send and read identities and claim types as plain lists, so that is what the types
//! [`ChainIdentityV2`], [`SubnetIdentityV3`] and [`RootClaimTypeEnum`] hold: in a call, where a list that is
//! too long has to reach the code that answers with an error (a bounded list would make the
//! transaction undecodable), and in a view. Storage holds the same record in [`Stored`], which exists
//! only within the limits. Both have one encoding, and metadata knows one type, the plain one.

mod choice;
mod identity;
mod locked;
mod serving;
mod stored;

pub use choice::{EpochConsensus, RecycleOrBurnEnum, RootClaimTypeEnum};
pub use identity::{ChainIdentityV2, SubnetIdentityV3};
pub use locked::{LockState, MinerCollateralState};
pub use serving::{AxonInfo, MAX_PUBLIC_KEY_BYTES, NeuronCertificate, PrometheusInfo};
pub use stored::{Limited, Stored, StoredChainIdentity, StoredRootClaimType, StoredSubnetIdentity};
