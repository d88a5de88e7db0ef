//! A chain in memory, miners in the process, and a template of one line: for tests and benchmarks of the validator itself.

pub mod chain;
pub mod miners;
pub mod toy;
