//! Networks of real processes on one machine.
//!
//! **Nodes.** A [`Chain`] is a chain spec in a file; [`Chain::node`] describes a node of it, and
//! [`NodeBuilder::start`] starts its process. Ports are free ones of the loopback address, and the data is
//! in a folder that outlives the process, so that a test can kill a node and start it again. A process
//! ends with its [`Node`]. Waiting is always for an event with a deadline: [`Node::wait_for`].
//!
//! **Subnets.** A [`Cast`](cast::Cast) says for a template which miners show it and what each is to earn;
//! a [`Network`](network::Network) is a node, a subnet of that template, two validators and those miners,
//! each a process of its own that can be killed and started again. [`books`] reads the amounts of a subnet at an
//! exact block, [`verdict`] decides from them whether the network paid as it should, [`view`] is what people see.
//! The program `localnet` is [`session`] and [`bare`] with flags, `cheating-miner` is [`cheat`].

mod chain;
mod node;
mod rpc;

pub mod bare;
pub mod books;
pub mod cast;
pub mod failure;
pub mod guard;
pub mod keys;
pub mod network;
pub mod program;
pub mod screen;
pub mod session;
pub mod verdict;
pub mod view;

pub use chain::Chain;
pub use node::{Ended, Node, NodeBuilder, run, run_in};
pub use rpc::Rpc;
