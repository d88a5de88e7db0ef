//! How the programs of a network are started.

use std::path::Path;

use super::{Network, url};
use crate::{
    cast::{VALIDATORS, Work},
    failure::{Failure, Outcome},
    keys,
    program::{Process, Recipe, binary, free_port},
};

/// Where a network listens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ports {
    /// The node's RPC on this port and the next; miners and validators on free ones.
    From(u16),
    /// Free ones for everything.
    Free,
}

/// The two ports of the node's RPC: suites of clients use 9944 and 9945 interchangeably.
pub(crate) fn node_ports(ports: Ports) -> Outcome<[u16; 2]> {
    match ports {
        Ports::Free => Ok([free_port()?, free_port()?]),
        Ports::From(port) => {
            let second = port.checked_add(1).ok_or_else(|| {
                Failure::new("--port must leave room for the next port")
                    .advise("choose a lower one")
            })?;
            Ok([port, second])
        }
    }
}

/// The node of a network: fast blocks, and the state of every block, so that any of them can be looked at.
pub(crate) fn node(folder: &Path, ports: [u16; 2]) -> Outcome<Recipe> {
    let mut arguments: Vec<String> = [
        "--dev",
        "--base-path",
        &folder.join("node").to_string_lossy(),
        "--state-pruning",
        "archive",
        "--listen-addr",
        &format!("/ip4/127.0.0.1/tcp/{}", free_port()?),
        "--no-prometheus",
        "--no-telemetry",
        "--no-mdns",
    ]
    .map(str::to_owned)
    .into();
    for port in ports {
        arguments.push("--experimental-rpc-endpoint".into());
        arguments.push(format!(
            "listen-addr=127.0.0.1:{port},methods=unsafe,cors=all"
        ));
    }
    Ok(Recipe {
        name: "node".into(),
        program: binary("dendra-node")?,
        arguments,
        log: folder.join("node.log"),
    })
}

impl Network {
    /// Starts validators and miners.
    pub(super) fn start_neurons(&mut self, say: &mut dyn FnMut(&str)) -> Outcome {
        let mut recipes = Vec::new();
        for player in &self.definition.cast.miners {
            recipes.push(self.miner(player.name, &player.work)?);
        }
        for name in VALIDATORS {
            let port = free_port()?;
            self.metrics.push(port);
            recipes.push(self.validator(name, port)?);
        }
        for recipe in recipes {
            self.neurons.push(Process::start(&self.guard, recipe)?);
        }
        say(&format!("{} processes started", self.neurons.len()));
        Ok(())
    }

    fn miner(&self, name: &str, work: &Work) -> Outcome<Recipe> {
        let (program, command, flags) = match work {
            Work::Honest(flags) => ("dendra-miner", Some("serve"), flags),
            Work::Cheat(flags) => ("cheating-miner", None, flags),
        };
        let address = format!("127.0.0.1:{}", free_port()?);
        let mut arguments: Vec<String> = command.into_iter().map(str::to_owned).collect();
        arguments.extend(
            [
                "--chain",
                &url(self.node_ports[0]),
                "--suri",
                &keys::hotkey(name),
                "--netuid",
                &self.netuid.to_string(),
                "--template",
                self.definition.cast.template,
                "--listen",
                &address,
            ]
            .map(str::to_owned),
        );
        if program == "dendra-miner" {
            let port = free_port()?.to_string();
            arguments.extend(["--announce", &address, "--metrics-port", &port].map(str::to_owned));
        }
        arguments.extend(flags.iter().map(|flag| (*flag).to_owned()));
        Ok(Recipe {
            name: name.into(),
            program: binary(program)?,
            arguments,
            log: self.folder().join(format!("{name}.log")),
        })
    }

    fn validator(&self, name: &str, metrics: u16) -> Outcome<Recipe> {
        let netuid = self.netuid;
        let cast = &self.definition.cast;
        let mut arguments: Vec<String> = [
            "run",
            "--chain",
            &url(self.node_ports[0]),
            "--suri",
            &keys::hotkey(name),
            "--subnet",
            &format!("{netuid}:{}", cast.template),
            "--data",
            &self.folder().join(name).to_string_lossy(),
            "--metrics-port",
            &metrics.to_string(),
        ]
        .map(str::to_owned)
        .into();
        for (key, value) in cast.judging {
            arguments.push("--setting".into());
            arguments.push(format!("{netuid}.{key}={value}"));
        }
        Ok(Recipe {
            name: name.into(),
            program: binary("dendra-validator")?,
            arguments,
            log: self.folder().join(format!("{name}.log")),
        })
    }
}

/// What the owner of a subnet declares about a model.
pub(super) fn declaration(_template: &str, _model: &str) -> Outcome<String> {
    Err(Failure::new("not yet"))
}
