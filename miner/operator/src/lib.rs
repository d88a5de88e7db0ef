//! What miner and validator share for the people who run them.
//!
//! An operator meets the same behaviour in both binaries: values come from flags ([`flags`]), environment, a file and
//! defaults ([`config`]), the node's address and the wallet among them ([`account`]); events go to standard error
//! ([`logs`]), numbers to Prometheus ([`metrics`]), tables to the terminal or to a pipe ([`report`]), those of `doctor`
//! are [`findings`]; and whatever goes wrong ends in one text that says what happened, what it means for earnings and what
//! to do ([`exit`]). [`server`] is the bounded HTTP server behind every port that they open, [`stop`] hears the signals,
//! [`models`] turns a model's short name into a folder.

pub mod account;
pub mod config;
pub mod exit;
pub mod findings;
pub mod flags;
pub mod logs;
pub mod metrics;
pub mod models;
pub mod report;
pub mod server;
pub mod stop;
