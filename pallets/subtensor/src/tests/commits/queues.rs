//! How many commits are open, of whom, and for how long.

use super::*;

#[test]
fn ten_commits_may_be_open() {
    chain(|| {
        run_to_block(12);
        let hidden: Vec<Reveal> = (0..11).map(|salt| secret(&[2], salt)).collect();
        for (block, secret) in (12..).zip(&hidden[..10]) {
            run_to_block(block.min(20));
            assert_ok!(commit(secret));
        }
        assert_eq!(
            commit(&hidden[10]),
            refused(Error::TooManyUnrevealedCommits)
        );
        // In the epoch of their reveal they are still open.
        run_to_block(31);
        assert_eq!(
            commit(&hidden[10]),
            refused(Error::TooManyUnrevealedCommits)
        );
        // Commits of epoch 2 expire with epoch 4.
        run_to_block(32);
        assert_ok!(commit(&hidden[10]));
        assert_eq!(open_hashes(), [hash_of(1, INDEX, &hidden[10])]);
    });
}

#[test]
fn room_is_counted_for_each_hotkey_and_mechanism() {
    chain(|| {
        MaxAllowedUids::<Test>::insert(SUBNET, 64);
        assert_ok!(SubtensorModule::change_mechanism_count(
            SUBNET,
            MechId::new(2)
        ));
        for salt in 0..10 {
            assert_ok!(commit(&secret(&[2], salt)));
        }
        let hash = H256::repeat_byte(1);
        assert_ok!(SubtensorModule::commit_mechanism_weights(
            signed(&hotkey(1)),
            SUBNET,
            MechId::new(1),
            hash
        ));
        assert_ok!(SubtensorModule::commit_weights(
            signed(&hotkey(2)),
            SUBNET,
            hash
        ));
        let full = SubtensorModule::commit_weights(signed(&hotkey(1)), SUBNET, hash);
        assert_eq!(full, refused(Error::TooManyUnrevealedCommits));
    });
}

#[test]
fn a_commit_drops_those_that_expired_and_keeps_the_others() {
    chain(|| {
        let hidden: Vec<Reveal> = (0..4).map(|salt| secret(&[2], salt)).collect();
        for (block, secret) in [3, 13, 23].into_iter().zip(&hidden) {
            run_to_block(block);
            assert_ok!(commit(secret));
        }
        // In epoch 3 the commit of epoch 2 is open and that of epoch 1 expired.
        let hash = |place: usize| hash_of(1, INDEX, &hidden[place]);
        assert_eq!(open_hashes(), [hash(1), hash(2)]);
        run_to_block(35);
        assert_ok!(commit(&hidden[3]));
        assert_eq!(open_hashes(), [hash(2), hash(3)]);
    });
}

#[test]
fn a_commit_goes_with_the_uid() {
    chain(|| {
        let hidden = secret(&[2], 1);
        assert_ok!(commit(&hidden));
        SubtensorModule::associate(&coldkey(7), &hotkey(7)).unwrap();
        assert_ok!(SubtensorModule::replace_neuron(SUBNET, 1, &hotkey(7)));
        assert!(!WeightCommits::<Test>::contains_key(INDEX, hotkey(1)));
        run_to_block(12);
        assert_noop!(reveal(&hidden), Error::<Test>::NoWeightsCommitFound);
        // Coming back at another uid does not bring it back.
        assert_ok!(SubtensorModule::replace_neuron(SUBNET, 3, &hotkey(1)));
        assert_noop!(reveal(&hidden), Error::<Test>::NoWeightsCommitFound);
        assert_eq!(row(0, 3), []);
    });
}

#[test]
fn commits_of_a_mechanism_are_its_own() {
    chain(|| {
        MaxAllowedUids::<Test>::insert(SUBNET, 64);
        assert_ok!(SubtensorModule::change_mechanism_count(
            SUBNET,
            MechId::new(2)
        ));
        let hidden = secret(&[2], 1);
        assert_ok!(SubtensorModule::commit_mechanism_weights(
            signed(&hotkey(1)),
            SUBNET,
            MechId::new(1),
            hash_of(1, index(1), &hidden)
        ));
        assert_eq!(open_hashes(), []);
        run_to_block(12);
        assert_noop!(reveal(&hidden), Error::<Test>::NoWeightsCommitFound);
        let Reveal {
            uids, values, salt, ..
        } = hidden;
        assert_ok!(SubtensorModule::reveal_mechanism_weights(
            signed(&hotkey(1)),
            SUBNET,
            MechId::new(1),
            uids,
            values,
            salt,
            0
        ));
        assert_eq!(row(0, 1), []);
        assert_eq!(row(1, 1), [(2, 65_535)]);
        // Updates are those of the mechanism: mechanism 0 was last updated by the registration.
        assert_eq!(LastUpdate::<Test>::get(index(0))[1], 1);
        assert_eq!(LastUpdate::<Test>::get(index(1))[1], 2);
    });
}
