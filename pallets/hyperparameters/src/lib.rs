#![doc = include_str!("../README.md")]
#![cfg_attr(not(feature = "std"), no_std)]
#![forbid(unsafe_code)]
#![cfg_attr(
    not(test),
    deny(
        clippy::arithmetic_side_effects,
        clippy::expect_used,
        clippy::float_arithmetic,
        clippy::indexing_slicing,
        clippy::panic,
        clippy::unwrap_used
    )
)]

extern crate alloc;

mod check;
mod definition;
mod network;
mod refusal;
mod rule;
mod settings;
mod subnet;
mod value;
mod view;

pub use check::{check, check_network};
pub use definition::{
    Definition, Freeze, NetworkDefinition, RateLimit, Role, SetBy, Setter, Setting,
};
pub use network::{MAX_SUBNETS, NetworkParameter};
pub use refusal::Refusal;
pub use rule::{Binds, Bound, Demand, Fact, Rule};
pub use settings::{BenchmarkSubnet, SettingError, Settings};
pub use subnet::{Hyperparameter, MOST_UIDS};
pub use value::{Kind, Value};
pub use view::{Shown, View, entries};
