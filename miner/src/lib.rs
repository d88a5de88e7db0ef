//! Miner: serves a model on a subnet and earns for it.
//!
//! Three layers, each with its own tests. **Protocol** is the crate `neuron-protocol`: signed requests, and verified ones as a
//! type. **Work** is [`admission`] (who may ask, how often), [`work`] (a bounded pool with deadlines) and the template's worker.
//! **Chain** is [`follow`] (blocks, metagraph, endpoint) on `dendra-client`. Only [`gateway`] knows HTTP.
//!
//! **A challenge** comes to [`gateway`], is refused as early as possible or becomes a verified request, waits in the pool, is
//! answered by the worker and signed. **The chain** may be away at any time: the miner goes on with the last metagraph.

pub mod admission;
pub mod announce;
pub mod bench;
pub mod cli;
pub mod command;
pub mod doctor;
pub mod explain;
pub mod follow;
pub mod gateway;
pub mod identity;
pub mod metrics;
pub mod network;
pub mod probe;
pub mod register;
pub mod serve;
pub mod settings;
pub mod template;
pub mod work;
