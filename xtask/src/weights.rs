//! `cargo xtask weights`: measures what calls cost and writes `runtime/src/weights`.

use std::process::Command;

use crate::{
    cargo::Cargo,
    places::Places,
    shell::{self, Failure, Outcome},
};

/// What the command line says.
pub(crate) struct Options {
    /// Only this pallet.
    pub(crate) pallet: Option<String>,
    /// Points along each variable of a benchmark.
    pub(crate) steps: u32,
    /// Measurements of each point.
    pub(crate) repeat: u32,
}

/// Builds a node with benchmarks, runs them, and writes one file for each pallet.
pub(crate) fn run(places: &Places, options: &Options) -> Outcome {
    let cargo = Cargo::set_up(places)?;
    let node = shell::step("build with benchmarks", || cargo.build_benchmarks())?;
    let pallets = match &options.pallet {
        Some(pallet) => vec![pallet.clone()],
        None => pallets(&node)?,
    };
    let folder = places.root.join("runtime/src/weights");
    let wasm = node.with_file_name("wbuild/dendra-runtime/dendra_runtime.compact.compressed.wasm");
    for (at, pallet) in pallets.iter().enumerate() {
        let title = format!("{pallet} ({} of {})", at + 1, pallets.len());
        shell::step(&title, || {
            let file = folder.join(format!("{pallet}.rs"));
            shell::run(
                Command::new(&node)
                    .args([
                        "benchmark",
                        "pallet",
                        "--extrinsic",
                        "*",
                        "--min-duration",
                        "2",
                    ])
                    .arg(format!("--runtime={}", wasm.display()))
                    .args([
                        "--genesis-builder=runtime",
                        "--genesis-builder-preset=development",
                    ])
                    .args([
                        "--wasm-execution",
                        "compiled",
                        "--no-median-slopes",
                        "--no-min-squares",
                    ])
                    .args(["--heap-pages", "4096"])
                    .arg(format!("--pallet={pallet}"))
                    .arg(format!("--steps={}", options.steps))
                    .arg(format!("--repeat={}", options.repeat))
                    .arg(format!("--output={}", file.display()))
                    .arg(format!(
                        "--template={}",
                        folder.join("template.hbs").display()
                    )),
            )
        })?;
    }
    shell::run(cargo.command("fmt").args(["--package", "dendra-runtime"]))
}

/// Benchmarks that are no weights: what the block step and the greatest reads cost on a public network.
const OF_BLOCKS: [&str; 11] = [
    "block_with_two_epochs",
    "block_without_epochs",
    "tempo_of_a_public_network",
    "epoch_of_4096",
    "block_with_nominators",
    "block_beside_nominators",
    "metagraph",
    "set_weights",
    "add_stake",
    "thousand_stakes",
    "step_emission",
];

/// Measures the block step on the compiled runtime, with the heap that a node has, and prints a table.
pub(crate) fn measure_blocks(places: &Places) -> Outcome {
    let cargo = Cargo::set_up(places)?;
    let node = shell::step("build with benchmarks", || cargo.build_benchmarks())?;
    let wasm = node.with_file_name("wbuild/dendra-runtime/dendra_runtime.compact.compressed.wasm");
    let file = places.cache.join("blocks.json");
    println!("| benchmark | size | least, ms | median, ms | greatest, ms |");
    println!("|---|---|---|---|---|");
    for name in OF_BLOCKS {
        shell::read(
            Command::new(&node)
                .args([
                    "benchmark",
                    "pallet",
                    "--pallet=pallet_subtensor",
                    "--extra",
                ])
                .arg(format!("--extrinsic={name}"))
                .arg(format!("--runtime={}", wasm.display()))
                .args([
                    "--genesis-builder=runtime",
                    "--genesis-builder-preset=development",
                ])
                .args(["--wasm-execution", "compiled", "--no-verify"])
                .arg("--disable-proof-recording")
                .args(["--steps=2", "--repeat=7", "--min-duration=0"])
                .arg(format!("--json-file={}", file.display())),
        )?;
        let text = std::fs::read_to_string(&file)?;
        for line in rows(name, &text)? {
            println!("{line}");
        }
    }
    Ok(())
}

/// The results of one benchmark as lines of a table, one for each size.
fn rows(name: &str, text: &str) -> Outcome<Vec<String>> {
    let unreadable = || Failure::new(format!("the results of {name} cannot be read"));
    let results: serde_json::Value = serde_json::from_str(text).map_err(|_| unreadable())?;
    let mut by_size: std::collections::BTreeMap<u64, Vec<u64>> = Default::default();
    for batch in results.as_array().ok_or_else(unreadable)? {
        for run in batch["time_results"].as_array().ok_or_else(unreadable)? {
            let size = run["components"][0][1].as_u64().unwrap_or(0);
            let time = run["extrinsic_time"].as_u64().ok_or_else(unreadable)?;
            by_size.entry(size).or_default().push(time);
        }
    }
    let line = |(size, mut times): (u64, Vec<u64>)| {
        times.sort_unstable();
        let time = |time: Option<&u64>| time.map_or(0.0, |time| *time as f64 / 1e6);
        format!(
            "| {name} | {size} | {:.2} | {:.2} | {:.2} |",
            time(times.first()),
            time(times.get(times.len() / 2)),
            time(times.last()),
        )
    };
    Ok(by_size.into_iter().map(line).collect())
}

/// Names of the pallets that have benchmarks.
fn pallets(node: &std::path::Path) -> Outcome<Vec<String>> {
    let list = shell::read(Command::new(node).args([
        "benchmark",
        "pallet",
        "--chain",
        "dev",
        "--list",
        "--all",
    ]))?;
    let mut names: Vec<String> = list
        .lines()
        .skip(1)
        .filter_map(|line| line.split(',').next())
        .map(|name| name.trim().to_owned())
        .filter(|name| !name.is_empty() && name != "frame_benchmarking")
        .collect();
    names.dedup();
    if names.is_empty() {
        return Err(Failure::new("the node lists no benchmarks"));
    }
    Ok(names)
}
