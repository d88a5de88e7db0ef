//! Miner: serves a model on a subnet and earns for it.
