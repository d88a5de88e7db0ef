//! The templates that miner and validator know by name.
