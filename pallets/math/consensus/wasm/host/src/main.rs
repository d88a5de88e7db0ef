//! Runs the measured cases of the wasm guest with the settings of the node's executor and prints
//! times, memory and the coefficients of the cost model.
//!
//! ```text
//! yuma-consensus-wasm-host <guest.wasm> [rounds] [--fit]
//! ```

extern crate alloc;

#[path = "../../../benches/cases.rs"]
#[allow(dead_code, reason = "only the list of cases is needed here")]
mod cases;
#[path = "../../../benches/fit.rs"]
mod fit;

use std::time::Instant;

use wasmtime::{
    Config, Engine, InstanceAllocationStrategy, Linker, Module, OptLevel, PoolingAllocationConfig,
    Result, Store, StoreLimitsBuilder,
};

/// Extra heap pages of the node's default strategy.
const HEAP_PAGES: usize = 2_048;
const PAGE: usize = 65_536;

/// The settings of `sc-executor-wasmtime` 0.47 as the node uses them.
fn engine() -> Result<Engine> {
    let mut config = Config::new();
    config.cranelift_opt_level(OptLevel::SpeedAndSize);
    config.cranelift_nan_canonicalization(false);
    config.max_wasm_stack(1024 * 1024);
    config.wasm_simd(false);
    config.wasm_relaxed_simd(false);
    config.wasm_bulk_memory(false);
    config.wasm_multi_value(false);
    config.wasm_multi_memory(false);
    config.wasm_memory64(false);
    config.wasm_tail_call(false);
    config.wasm_extended_const(false);
    config.memory_init_cow(true);
    config.memory_guaranteed_dense_image_size(u64::MAX);
    let mut pool = PoolingAllocationConfig::default();
    pool.max_unused_warm_slots(4)
        .max_core_instance_size(512 * 1024)
        .table_elements(8_192)
        .max_memory_size(0x1_0000 * PAGE)
        .total_tables(2)
        .total_memories(2)
        .total_core_instances(2);
    config.allocation_strategy(InstanceAllocationStrategy::Pooling(pool));
    Engine::new(&config)
}

struct Timing {
    least: f64,
    median: f64,
}

fn time(rounds: usize, mut run: impl FnMut() -> Result<u64>) -> Result<Timing> {
    let mut times = Vec::new();
    for _ in 0..rounds.max(1) {
        let start = Instant::now();
        run()?;
        times.push(start.elapsed().as_secs_f64() * 1e3);
    }
    times.sort_unstable_by(f64::total_cmp);
    Ok(Timing {
        least: times[0],
        median: times[times.len() / 2],
    })
}

fn main() -> Result<()> {
    let arguments: Vec<String> = std::env::args().collect();
    let path = arguments.get(1).map_or("guest.wasm", String::as_str);
    let rounds = arguments
        .get(2)
        .and_then(|text| text.parse().ok())
        .unwrap_or(11);
    let with_fit = arguments.iter().any(|argument| argument == "--fit");

    let engine = engine()?;
    let module = Module::from_file(&engine, path)?;
    let linker = Linker::new(&engine);
    let mut measurements = Vec::new();
    let mut exceeded = 0;
    println!(
        "{:52} {:>9} {:>9} {:>9} {:>9} {:>9} {:>9} {:>9} {:>9}",
        "case",
        "weights",
        "bonds",
        "warm min",
        "warm med",
        "cold med",
        "bound",
        "heap MiB",
        "array MiB"
    );
    for (index, case) in cases::all().enumerate() {
        if index >= cases::GOALS.len() && !with_fit {
            break;
        }
        // A fresh instance per case, as the node has one per block.
        let limits = StoreLimitsBuilder::new()
            .memory_size(HEAP_PAGES * PAGE + 32 * PAGE)
            .build();
        let mut store = Store::new(&engine, limits);
        store.limiter(|limits| limits);
        let instance = linker.instantiate(&mut store, &module)?;
        let prepare = instance.get_typed_func::<u32, u32>(&mut store, "prepare")?;
        let run = instance.get_typed_func::<u32, u64>(&mut store, "run")?;
        let entries = instance.get_typed_func::<(), u64>(&mut store, "entries")?;
        let memory = instance.get_typed_func::<(), u64>(&mut store, "heap")?;
        if prepare.call(&mut store, index as u32)? == 0 {
            println!("{}: not a valid case", case.name);
            continue;
        }
        let warm = time(rounds, || run.call(&mut store, 1))?;
        let cold = time(rounds, || run.call(&mut store, 0))?;
        let entries = entries.call(&mut store, ())?;
        let (weights, bonds) = (entries & 0xffff_ffff, entries >> 32);
        let memory = memory.call(&mut store, ())?;
        let mib = |bytes: u64| bytes as f64 / f64::from(1 << 20);
        // What the crate's own coefficients say; it must not be less than what was measured.
        let sizes = [u64::from(case.neurons), weights, bonds];
        let bound = yuma_consensus::cost(case.rule, sizes[0], sizes[1], sizes[2]) as f64 / 1e9;
        exceeded += usize::from(cold.median > bound);
        let label = if index < cases::GOALS.len() {
            case.name.to_string()
        } else {
            format!(
                "{} n {} v {} row {} {:?}",
                case.name, case.neurons, case.validators, case.per_row, case.opinions
            )
        };
        println!(
            "{label:52} {weights:9} {bonds:9} {:9.3} {:9.3} {:9.3} {:9.3} {:9.1} {:9.1}",
            warm.least,
            warm.median,
            cold.median,
            bound,
            mib(memory & 0xffff_ffff),
            mib(memory >> 32),
        );
        if index >= cases::GOALS.len() {
            let picoseconds = cold.median * 1e9;
            measurements.push((case.name, fit::Measurement { sizes, picoseconds }));
        }
    }
    if with_fit {
        println!();
        for (name, _) in cases::RULES {
            let own: Vec<_> = measurements
                .iter()
                .filter(|(rule, _)| *rule == name)
                .map(|(_, measurement)| *measurement)
                .collect();
            let cost = fit::fit(&own);
            println!("{name}: {cost:?}");
            for measurement in own {
                let [neurons, weights, bonds] = measurement.sizes;
                let bound = cost.picoseconds(neurons, weights, bonds) as f64;
                println!(
                    "  {neurons:6} {weights:8} {bonds:8}: measured {:9.3} ms, bound {:9.3} ms",
                    measurement.picoseconds / 1e9,
                    bound / 1e9
                );
            }
        }
    }
    println!("{exceeded} cases exceed the crate's bound");
    Ok(())
}
