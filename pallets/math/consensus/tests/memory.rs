//! The memory of an epoch, measured at the allocator: the bounds that the chain's heap sets.

#![allow(
    unsafe_code,
    reason = "an allocator that counts can only be written with unsafe code"
)]

extern crate alloc;

#[path = "../benches/cases.rs"]
#[allow(unreachable_pub, dead_code, reason = "shared with the measurements")]
mod cases;

use std::alloc::{GlobalAlloc, Layout, System};
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

use cases::{Case, GOALS, Opinions, RULES};
use yuma_consensus::Scratch;

struct Counting;

static LIVE: AtomicUsize = AtomicUsize::new(0);
static PEAK: AtomicUsize = AtomicUsize::new(0);
static LARGEST: AtomicUsize = AtomicUsize::new(0);

// SAFETY: every call is passed on to the system's allocator unchanged.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        let live = LIVE.fetch_add(layout.size(), Relaxed) + layout.size();
        PEAK.fetch_max(live, Relaxed);
        LARGEST.fetch_max(layout.size(), Relaxed);
        // SAFETY: the caller keeps the contract of `alloc`.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        LIVE.fetch_sub(layout.size(), Relaxed);
        // SAFETY: the caller keeps the contract of `dealloc`.
        unsafe { System.dealloc(block, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

/// One test, because the counters are shared: a million weights under every rule, with bonds toward
/// the same targets and toward others.
#[test]
fn a_million_weights_take_less_than_48_bytes_each() {
    let full = GOALS[1];
    let apart = Case {
        neurons: 8_192,
        opinions: Opinions::Apart,
        ..full
    };
    for shape in [full, apart] {
        for (name, rule) in RULES {
            let subnet = cases::Subnet::new(&Case { rule, ..shape }).unwrap();
            let input = subnet.input();
            let (weights, bonds) = (input.weights.entries().len(), input.bonds.entries().len());
            assert!(weights >= 1 << 20 && bonds >= 1 << 20, "{weights} {bonds}");

            let before = LIVE.load(Relaxed);
            PEAK.store(before, Relaxed);
            LARGEST.store(0, Relaxed);
            let mut scratch = Scratch::new();
            let output = subnet.run(&mut scratch).unwrap();
            let added = PEAK.load(Relaxed) - before;

            let per_weight = (added + 4 * (weights + bonds)) as f64 / weights as f64;
            assert!(per_weight <= 40.0, "{name}: {per_weight} bytes per weight");
            let largest = LARGEST.load(Relaxed);
            assert!(largest <= 9 << 20, "{name}: an array of {largest} bytes");
            assert!(scratch.bytes() <= added);

            // A second epoch of the same size allocates its results and nothing else.
            drop(output);
            let before = LIVE.load(Relaxed);
            PEAK.store(before, Relaxed);
            let output = subnet.run(&mut scratch).unwrap();
            let stored = output.bonds.as_rows().entries().len();
            let results = 4 * stored + 64 * input.neurons() + 4_096;
            assert!(PEAK.load(Relaxed) - before <= results, "{name}");
        }
    }
}
