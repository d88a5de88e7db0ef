//! Subcommand to function.

use std::sync::OnceLock;

use sc_cli::{Result, SubstrateCli};
use sc_service::PartialComponents;

use crate::{
    chain_spec,
    cli::{Cli, Subcommand},
    ports, service,
};

/// Seed of the authority that a node of the development chain runs as.
const DEVELOPMENT_AUTHORITY: &str = "//One";

/// The trait of the libraries asks for it without a value at hand.
static VERSION: OnceLock<&str> = OnceLock::new();

impl SubstrateCli for Cli {
    fn impl_name() -> String {
        "Dendra node".into()
    }

    fn impl_version() -> String {
        (*VERSION.get_or_init(|| env!("CARGO_PKG_VERSION"))).into()
    }

    fn executable_name() -> String {
        "dendra-node".into()
    }

    fn description() -> String {
        "Node of a Dendra chain: makes blocks, finalises them, syncs them and answers RPC.".into()
    }

    fn author() -> String {
        env!("CARGO_PKG_AUTHORS").into()
    }

    fn support_url() -> String {
        "the issue tracker of the project".into()
    }

    fn copyright_start_year() -> i32 {
        2026
    }

    fn load_spec(&self, id: &str) -> std::result::Result<Box<dyn sc_service::ChainSpec>, String> {
        let is_shown = match &self.subcommand {
            Some(Subcommand::ChainSpec(cmd)) => !cmd.raw,
            Some(Subcommand::BuildSpec(cmd)) => !cmd.raw,
            _ => false,
        };
        Ok(Box::new(if is_shown {
            chain_spec::to_show(id)?
        } else {
            chain_spec::to_run(id)?
        }))
    }
}

/// Reads the command line and does what it says.
pub(crate) fn run(version: &'static str) -> Result<()> {
    VERSION.get_or_init(|| version);
    let mut cli = Cli::from_args();
    match &cli.subcommand {
        None => {
            cli.run.validator |= cli.authority.is_some();
            run_node(&cli)
        }
        Some(Subcommand::Key(cmd)) => cmd.run(&cli),
        Some(Subcommand::ChainSpec(cmd)) => {
            let spec = cli.load_spec(&cmd.chain)?;
            cmd.run(spec)
        }
        Some(Subcommand::BuildSpec(cmd)) => cli
            .create_runner(cmd)?
            .sync_run(|config| cmd.run(config.chain_spec, config.network)),
        Some(Subcommand::CheckBlock(cmd)) => cli.create_runner(cmd)?.async_run(|config| {
            let PartialComponents {
                client,
                task_manager,
                import_queue,
                ..
            } = service::new_partial(&config)?;
            Ok((cmd.run(client, import_queue), task_manager))
        }),
        Some(Subcommand::ExportBlocks(cmd)) => cli.create_runner(cmd)?.async_run(|config| {
            let PartialComponents {
                client,
                task_manager,
                ..
            } = service::new_partial(&config)?;
            Ok((cmd.run(client, config.database), task_manager))
        }),
        Some(Subcommand::ExportState(cmd)) => cli.create_runner(cmd)?.async_run(|config| {
            let PartialComponents {
                client,
                task_manager,
                ..
            } = service::new_partial(&config)?;
            Ok((cmd.run(client, config.chain_spec), task_manager))
        }),
        Some(Subcommand::ImportBlocks(cmd)) => cli.create_runner(cmd)?.async_run(|config| {
            let PartialComponents {
                client,
                task_manager,
                import_queue,
                ..
            } = service::new_partial(&config)?;
            Ok((cmd.run(client, import_queue), task_manager))
        }),
        Some(Subcommand::PurgeChain(cmd)) => cli
            .create_runner(cmd)?
            .sync_run(|config| cmd.run(config.database)),
        Some(Subcommand::Revert(cmd)) => cli.create_runner(cmd)?.async_run(|config| {
            let PartialComponents {
                client,
                task_manager,
                backend,
                ..
            } = service::new_partial(&config)?;
            let finality = Box::new(|client, _, blocks| {
                sc_consensus_grandpa::revert(client, blocks)?;
                Ok(())
            });
            Ok((cmd.run(client, backend, Some(finality)), task_manager))
        }),
        Some(Subcommand::ChainInfo(cmd)) => cli
            .create_runner(cmd)?
            .sync_run(|config| cmd.run::<dendra_runtime::opaque::Block>(&config)),
        #[cfg(feature = "runtime-benchmarks")]
        Some(Subcommand::Benchmark(cmd)) => benchmark(&cli, cmd),
    }
}

fn run_node(cli: &Cli) -> Result<()> {
    let is_development = cli.run.shared_params.is_dev();
    cli.create_runner(&cli.run)?
        .run_node_until_exit(|mut config| async move {
            ports::claim(&mut config)?;
            // The libraries' own default is a key that is no authority of ours.
            let chosen = cli.authority.clone();
            let fallback = || is_development.then(|| DEVELOPMENT_AUTHORITY.to_owned());
            if let Some(seed) = chosen.or_else(|| keyring(cli).is_none().then(fallback).flatten()) {
                config.dev_key_seed = Some(seed);
            }
            service::new_full(config).map_err(sc_cli::Error::Service)
        })
}

/// The development account that a flag such as `--bob` names.
fn keyring(cli: &Cli) -> Option<sp_keyring::Sr25519Keyring> {
    cli.run.get_keyring()
}

#[cfg(feature = "runtime-benchmarks")]
fn benchmark(cli: &Cli, cmd: &frame_benchmarking_cli::BenchmarkCmd) -> Result<()> {
    use dendra_runtime::opaque::Block;
    use frame_benchmarking_cli::{BenchmarkCmd, SUBSTRATE_REFERENCE_HARDWARE};
    use sp_runtime::traits::HashingFor;

    cli.create_runner(cmd)?.sync_run(|config| match cmd {
        BenchmarkCmd::Pallet(cmd) => cmd
            .run_with_spec::<HashingFor<Block>, sp_io::SubstrateHostFunctions>(Some(
                config.chain_spec,
            )),
        BenchmarkCmd::Block(cmd) => {
            let PartialComponents { client, .. } = service::new_partial(&config)?;
            cmd.run(client)
        }
        BenchmarkCmd::Machine(cmd) => cmd.run(&config, SUBSTRATE_REFERENCE_HARDWARE.clone()),
        BenchmarkCmd::Storage(_) | BenchmarkCmd::Overhead(_) | BenchmarkCmd::Extrinsic(_) => Err(
            "this node measures with 'benchmark pallet', 'benchmark block' and 'benchmark machine'"
                .into(),
        ),
    })
}
