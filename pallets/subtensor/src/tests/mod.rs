//! Tests by noun.

mod churn;
mod commits;
mod dissolution;
mod epochs;
mod hyperparameters;
mod identity;
mod mechanisms;
mod money;
mod payout;
mod registration;
mod root;
mod schedule;
mod serving;
mod stake;
mod state_machine;
mod subnets;
mod symbols;
mod trim;
mod validators;
mod validity;
mod views;
mod weights;
