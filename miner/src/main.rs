//! The miner.

fn main() {}
