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
