//! One epoch with a warm scratch, for the subnets whose goals the project has set.
//!
//! `cargo bench -p yuma-consensus`

extern crate alloc;

#[path = "cases.rs"]
#[allow(
    unreachable_pub,
    dead_code,
    reason = "shared with the other measurements"
)]
mod cases;

use criterion::Criterion;
use yuma_consensus::Scratch;

fn main() {
    let mut criterion = Criterion::default().configure_from_args();
    let mut group = criterion.benchmark_group("epoch");
    group.sample_size(20);
    for case in cases::GOALS {
        let subnet = cases::Subnet::new(&case).expect("the case is valid");
        let mut scratch = Scratch::new();
        group.bench_function(case.name, |bencher| {
            bencher.iter(|| subnet.run(&mut scratch).expect("the case is valid"));
        });
    }
    group.finish();
    criterion.final_summary();
}
