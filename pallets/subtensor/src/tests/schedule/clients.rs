//! The schedule that clients simulate (section F.10 of the interface).

use super::*;

#[test]
fn the_schedule_is_the_one_that_clients_simulate() {
    chain(2).run(|| {
        let mut random = Random::new();
        let mut twins: Vec<Simulation> = netuids(2).into_iter().map(Simulation::read).collect();
        Tempo::<Test>::insert(NetUid::new(1), 0);
        for _ in 0..2_000 {
            for (netuid, owner, twin) in netuids(2)
                .into_iter()
                .zip(1..)
                .zip(&mut twins)
                .map(|((netuid, owner), twin)| (netuid, owner, twin))
            {
                disturb(&mut random, netuid, owner, Some(twin));
            }
            let block = next_block();
            for (netuid, twin) in netuids(2).into_iter().zip(&mut twins) {
                twin.step(block);
                assert_eq!(Simulation::read(netuid), *twin, "block {block}");
                assert_eq!(SubtensorModule::epoch_number(netuid), twin.index);
            }
            System::reset_events();
        }
        assert!(epochs(SUBNET) > 50, "{} epochs", epochs(SUBNET));
    });
}

#[test]
fn the_number_that_clients_predict_for_a_block_holds_whatever_is_deferred() {
    chain(6).run(|| {
        MaxEpochsPerBlock::<Test>::put(1);
        let mut random = Random::new();
        let mut deferred = 0;
        for _ in 0..2_000 {
            for (netuid, owner) in netuids(6).into_iter().zip(1..) {
                disturb(&mut random, netuid, owner, None);
            }
            let predicted: Vec<u64> = netuids(6)
                .into_iter()
                .map(|netuid| {
                    let mut simulation = Simulation::read(netuid);
                    simulation.step(System::block_number() + 1);
                    simulation.index
                })
                .collect();
            next_block();
            let found: Vec<u64> = netuids(6)
                .into_iter()
                .map(SubtensorModule::epoch_number)
                .collect();
            assert_eq!(found, predicted);
            deferred += deferrals().len();
            System::reset_events();
        }
        assert!(deferred > 100, "{deferred} deferrals");
    });
}
