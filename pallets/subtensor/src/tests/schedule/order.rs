//! Which of the subnets that are due runs first.

use super::*;

#[test]
fn a_block_runs_at_least_one_epoch_and_at_most_as_many_as_allowed() {
    for (most, blocks) in [
        (0, [1, 2, 3]),
        (1, [1, 2, 3]),
        (2, [2, 3, 3]),
        (3, [3, 3, 3]),
    ] {
        chain(3).run(|| {
            MaxEpochsPerBlock::<Test>::put(most);
            for netuid in netuids(3) {
                schedule(netuid, 100, 1);
            }
            for (block, expected) in (101..).zip(blocks) {
                run_to_block(block);
                // The first subnet of the genesis has its epoch in block 100.
                let ran: u64 = netuids(3).into_iter().map(epochs).sum();
                assert_eq!(ran, expected, "{most} in block {block}");
            }
        });
    }
}

#[test]
fn who_waits_runs_before_who_became_due_later() {
    chain(4).run(|| {
        MaxEpochsPerBlock::<Test>::put(1);
        // Due in 10, 10, 11 and 12; the higher netuids first.
        for (netuid, last) in netuids(4).into_iter().zip([7, 6, 5, 5]) {
            schedule(netuid, 5, last);
        }
        let counts = || netuids(4).into_iter().map(epochs).collect::<Vec<_>>();
        run_to_block(11);
        assert_eq!(counts(), [0, 0, 1, 1]);
        run_to_block(12);
        assert_eq!(counts(), [0, 1, 1, 1]);
        run_to_block(13);
        assert_eq!(counts(), [1, 1, 1, 1]);
    });
}

#[test]
fn who_waits_after_a_long_pause_keeps_its_place() {
    chain(3).run(|| {
        MaxEpochsPerBlock::<Test>::put(1);
        let [long, first, later] = netuids(3).try_into().unwrap();
        for round in 0..20 {
            let now = System::block_number();
            // Due since the next block, as the first one; the later one is due a block after them.
            schedule(long, u16::MAX, now);
            BlocksSinceLastStep::<Test>::insert(long, 50_400);
            schedule(first, 100, now + 1 - 100 * u64::from(now > 100));
            PendingEpochAt::<Test>::insert(first, now + 1);
            schedule(later, 100, now);
            PendingEpochAt::<Test>::insert(later, now + 2);
            let before = (epochs(long), epochs(first), epochs(later));
            run_to_block(now + 2);
            let after = (epochs(long), epochs(first), epochs(later));
            assert_eq!(
                after,
                (before.0 + 1, before.1 + 1, before.2),
                "round {round}"
            );
            run_to_block(now + 3);
            assert_eq!(epochs(later), before.2 + 1);
        }
    });
}

/// How often each of some subnets runs first when all become due in the same block, block after block.
fn firsts(subnets: u8, rounds: u64, step: u64) -> Vec<u64> {
    let mut firsts = vec![0; usize::from(subnets)];
    chain(subnets).run(|| {
        MaxEpochsPerBlock::<Test>::put(1);
        Tempo::<Test>::insert(NetUid::new(1), 0);
        for round in 0..rounds {
            let block = 1_000 + round * step;
            for netuid in netuids(subnets) {
                schedule(netuid, 100, block - 100);
                PendingEpochAt::<Test>::remove(netuid);
            }
            System::set_block_number(block - 1);
            let before: Vec<u64> = netuids(subnets).into_iter().map(epochs).collect();
            next_block();
            let ran: Vec<usize> = netuids(subnets)
                .into_iter()
                .zip(&before)
                .enumerate()
                .filter(|(_, (netuid, before))| epochs(*netuid) > **before)
                .map(|(place, _)| place)
                .collect();
            assert_eq!(ran.len(), 1);
            firsts[ran[0]] += 1;
            System::reset_events();
        }
    });
    firsts
}

/// That each of them was first as often as the others, within four standard deviations of fair draws.
#[track_caller]
fn assert_fair(subnets: u8, rounds: u64, step: u64) {
    let share = 1.0 / f64::from(subnets);
    let expected = rounds as f64 * share;
    let tolerance = 4.0 * (expected * (1.0 - share)).sqrt();
    let firsts = firsts(subnets, rounds, step);
    for count in &firsts {
        assert!(
            (*count as f64 - expected).abs() <= tolerance,
            "{firsts:?} of {rounds} every {step} blocks"
        );
    }
}

#[test]
fn no_netuid_has_a_privilege_among_those_due_in_the_same_block() {
    for subnets in [2, 3, 8] {
        assert_fair(subnets, 2_000, 1);
    }
}

#[test]
fn no_netuid_has_a_privilege_where_ties_come_once_a_tempo() {
    for step in [360, 256, 4_096, 65_536] {
        assert_fair(2, 1_000, step);
        assert_fair(4, 1_000, step);
    }
}

#[test]
fn every_subnet_runs_within_the_bound_of_the_queue() {
    for (subnets, most) in [(5, 1), (7, 2), (12, 3)] {
        chain(subnets).run(|| {
            MaxEpochsPerBlock::<Test>::put(most);
            Tempo::<Test>::insert(NetUid::new(1), 0);
            for netuid in netuids(subnets) {
                schedule(netuid, 1, 1);
            }
            // All are due again a block after they ran: a round takes as many blocks as needed.
            let round = u64::from(subnets.div_ceil(most));
            run_to_block(2 + 20 * round);
            for _ in 0..5 * round {
                let block = next_block();
                for netuid in netuids(subnets) {
                    let age = block - LastEpochBlock::<Test>::get(netuid);
                    assert!(age < round, "{netuid:?} waits {age} blocks");
                }
            }
        });
    }
}

/// A scheduler kept apart from the chain: since when each subnet waits, and for how long it did.
#[test]
fn the_longest_waiting_runs_first_in_every_block() {
    const SUBNETS: u8 = 6;
    chain(SUBNETS).run(|| {
        let mut random = Random::new();
        let mut waits: Vec<Option<u64>> = vec![None; usize::from(SUBNETS)];
        Tempo::<Test>::insert(NetUid::new(1), 0);
        for netuid in netuids(SUBNETS) {
            schedule(netuid, 3, 1);
        }
        for _ in 0..2_000 {
            let most = 1 + random.below(3) as u8;
            MaxEpochsPerBlock::<Test>::put(most);
            for (place, netuid) in netuids(SUBNETS).into_iter().enumerate() {
                // Not while it waits: a tempo of 0 would end that.
                if waits[place].is_none() {
                    disturb(&mut random, netuid, 1 + place as u8, None);
                    if Tempo::<Test>::get(netuid) == 0 {
                        Tempo::<Test>::insert(netuid, 4);
                    }
                }
            }
            let before: Vec<Simulation> =
                netuids(SUBNETS).into_iter().map(Simulation::read).collect();
            let block = next_block();
            let mut ran = Vec::new();
            for (place, (netuid, before)) in netuids(SUBNETS).into_iter().zip(before).enumerate() {
                let mut counted = before;
                counted.since += 1;
                if counted.is_due(block) && waits[place].is_none() {
                    waits[place] = Some(block);
                }
                if epochs(netuid) > before.index {
                    ran.push(waits[place].take().expect("what runs is due"));
                }
            }
            let waiting: Vec<u64> = waits.iter().copied().flatten().collect();
            let all = ran.len() + waiting.len();
            assert_eq!(ran.len(), all.min(usize::from(most)));
            if let (Some(last), Some(first)) = (ran.iter().max(), waiting.iter().min()) {
                assert!(last <= first, "{ran:?} ran while {waiting:?} waited");
            }
            // Whoever is in the queue has at most all the others before it.
            assert!(
                waiting
                    .iter()
                    .all(|since| block - since < u64::from(SUBNETS))
            );
            System::reset_events();
        }
    });
}
