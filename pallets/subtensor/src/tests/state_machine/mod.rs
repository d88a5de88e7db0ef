//! Random calls by random accounts over thousands of blocks.
//!
//! After each call: nothing panicked; a call that failed changed nothing; what the validity stage foresaw is
//! what happened; the issuance is what events say. After each block: the invariants hold. At intervals: books that
//! are kept from events alone agree with the chain. All the while an honest miner, on a subnet that strangers
//! may register on but do not own, earns exactly what is predicted.
//!
//! `DENDRA_FUZZ_BLOCKS` and `DENDRA_FUZZ_SEED` choose how long and from which seed on; each chain has its own seed,
//! one more than the last, so a failure is repeated with the seed that it names.

mod audit;
mod books;
mod chain_calls;
mod claims;
mod delegations;
mod draw;
mod gifts;
mod honest;
mod issue;
mod journal;
mod opinions;
pub(super) mod rng;
mod settings;
mod swaps;
mod trades;
mod world;

use std::collections::BTreeMap;

use self::world::World;

/// Blocks of one chain.
const CHAIN: u64 = 1_000;
/// Blocks of a run that says nothing else.
const DEFAULT_BLOCKS: u64 = 3 * CHAIN;

/// How often a call succeeded and failed, by name.
type Outcomes = BTreeMap<&'static str, [u64; 2]>;

fn from_environment(name: &str) -> Option<u64> {
    std::env::var(name).ok()?.parse().ok()
}

#[test]
fn random_calls_break_nothing_and_the_honest_miner_earns_what_it_is_due() {
    let blocks = from_environment("DENDRA_FUZZ_BLOCKS").unwrap_or(DEFAULT_BLOCKS);
    let first_seed = from_environment("DENDRA_FUZZ_SEED").unwrap_or(0);
    let mut outcomes = Outcomes::new();
    let [mut epochs, mut predicted, mut cleaned, mut removed] = [0; 4];
    let mut done = 0;
    for seed in first_seed.. {
        if done >= blocks {
            break;
        }
        let length = CHAIN.min(blocks - done);
        let mut world = World::new(seed);
        world.run(length);
        for (name, [succeeded, failed]) in &world.outcomes {
            let sums = outcomes.entry(name).or_default();
            sums[0] += succeeded;
            sums[1] += failed;
        }
        epochs += world.books.epochs;
        cleaned += world.books.cleaned;
        removed += world.books.removed;
        predicted += world.honest.epochs;
        assert!(
            length < CHAIN || world.honest.epochs >= 200,
            "too few epochs of the honest miner: {}",
            world.honest.epochs
        );
        done += length;
    }
    println!("{done} blocks, {epochs} epochs of strangers, {predicted} predicted");
    println!("{cleaned} subnets cleaned up, {removed} neurons removed");
    for (name, [succeeded, failed]) in &outcomes {
        println!("{name}: {succeeded} succeeded, {failed} failed");
    }
    if done >= DEFAULT_BLOCKS {
        assert_reach(&outcomes);
        assert!(
            cleaned > 0 && removed > 0 && epochs > 0,
            "too little happened"
        );
    }
}

/// That every call succeeded and failed, but for those that wait for the beacon and the one that is gone: the
/// others prove little.
fn assert_reach(outcomes: &Outcomes) {
    for name in
        <crate::Call<crate::mock::Test> as frame_support::traits::GetCallName>::get_call_names()
    {
        let [succeeded, failed] = outcomes.get(name).copied().unwrap_or_default();
        let is_refused = name.contains("timelocked") || *name == "schedule_swap_coldkey";
        assert_eq!(
            succeeded == 0,
            is_refused,
            "{name} succeeded {succeeded} times"
        );
        assert!(failed > 0, "{name} never failed");
    }
}
