//! Flags and subcommands.

use clap::Parser;
use sc_cli::RunCmd;

/// Node of a Dendra chain: makes blocks, finalises them, syncs them and answers RPC.
///
/// `dendra-node --dev` starts a chain of one node with fast blocks that keeps nothing when it ends.
#[derive(Debug, Parser)]
pub(crate) struct Cli {
    /// What to do instead of running a node.
    #[command(subcommand)]
    pub(crate) subcommand: Option<Subcommand>,

    /// Run as the authority of a local network whose keys come from this seed, such as `//One`. Implies
    /// `--validator`. Never for a public network: everybody knows these seeds.
    #[arg(long, value_name = "SEED", env = "DENDRA_AUTHORITY")]
    pub(crate) authority: Option<String>,

    #[command(flatten)]
    pub(crate) run: RunCmd,
}

/// Everything that is not running a node.
#[derive(Debug, clap::Subcommand)]
pub(crate) enum Subcommand {
    /// Make, look at and store keys.
    #[command(subcommand)]
    Key(sc_cli::KeySubcommand),

    /// Print or write the chain spec of a network (`--chain dev`, `local`, `public` or a file).
    #[command(name = "chain-spec", alias = "export-chain-spec")]
    ChainSpec(sc_cli::ExportChainSpecCmd),

    /// Older form of `chain-spec`, which clients and scripts still call.
    BuildSpec(sc_cli::BuildSpecCmd),

    /// Check blocks again.
    CheckBlock(sc_cli::CheckBlockCmd),

    /// Write blocks to a file.
    ExportBlocks(sc_cli::ExportBlocksCmd),

    /// Write the state at a block as a chain spec.
    ExportState(sc_cli::ExportStateCmd),

    /// Read blocks from a file.
    ImportBlocks(sc_cli::ImportBlocksCmd),

    /// Delete the database of a chain.
    PurgeChain(sc_cli::PurgeChainCmd),

    /// Go back by a number of blocks.
    Revert(sc_cli::RevertCmd),

    /// Show what the database of a chain holds.
    ChainInfo(sc_cli::ChainInfoCmd),

    /// Measure what calls cost, and write the weights.
    #[cfg(feature = "runtime-benchmarks")]
    #[command(subcommand)]
    Benchmark(frame_benchmarking_cli::BenchmarkCmd),
}
