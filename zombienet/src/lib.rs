//! Networks of real node processes on one machine.
//!
//! A [`Chain`] is a chain spec in a file; [`Chain::node`] describes a node of it, and
//! [`NodeBuilder::start`] starts its process. Ports are free ones of the loopback address, and the data is
//! in a folder that outlives the process, so that a test can kill a node and start it again. A process
//! ends with its [`Node`].
//!
//! Waiting is always for an event with a deadline: [`Node::wait_for`].

mod chain;
mod node;
mod rpc;

pub use chain::Chain;
pub use node::{Ended, Node, NodeBuilder, run, run_in};
pub use rpc::Rpc;
