//! Weights of validators: set in the open, or committed by hash and revealed in a later epoch.

mod batch;
mod check;
mod commit;
mod set;

pub(crate) use check::Submission;
pub(crate) use commit::Reveal;
