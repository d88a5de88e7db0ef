//! Least and median time of each measured case, natively, with a warm scratch.
//!
//! `cargo run --release -p yuma-consensus --example time -- [rounds] [part of a case's name]`

extern crate alloc;

#[path = "../benches/cases.rs"]
#[allow(
    unreachable_pub,
    dead_code,
    reason = "shared with the other measurements"
)]
mod cases;

use std::time::Instant;

use yuma_consensus::Scratch;

fn main() {
    let rounds: usize = std::env::args()
        .nth(1)
        .and_then(|text| text.parse().ok())
        .unwrap_or(15);
    let part = std::env::args().nth(2).unwrap_or_default();
    for case in cases::GOALS
        .into_iter()
        .filter(|case| case.name.contains(&part))
    {
        let subnet = cases::Subnet::new(&case).expect("the case is valid");
        let mut scratch = Scratch::new();
        let mut times: Vec<_> = (0..rounds.max(1))
            .map(|_| {
                let start = Instant::now();
                let output = subnet.run(&mut scratch).expect("the case is valid");
                let time = start.elapsed();
                drop(output);
                time
            })
            .collect();
        times.sort_unstable();
        println!(
            "{:56} min {:8.3} ms  median {:8.3} ms",
            case.name,
            times[0].as_secs_f64() * 1e3,
            times[times.len() / 2].as_secs_f64() * 1e3,
        );
    }
}
