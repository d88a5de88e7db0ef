//! Hash commits and reveals (sections 10.2 and 10.3 of the consensus, F.10 and G.8 of the interface).

mod batches;
mod queues;
mod reveals;

use codec::{Compact, Encode};
use dendra_primitives::{MechId, NetUid, NetUidIndex};
use frame_support::{assert_noop, assert_ok, storage::with_storage_layer};
use sp_core::H256;
use sp_runtime::{DispatchError, DispatchResult};

use super::validators::{INDEX, SUBNET, coldkey, epoch, hotkey, index, row, set, subnet_of};
use crate::{
    CommitRevealWeightsEnabled, Error, Event, LastEpochBlock, LastUpdate, MaxAllowedUids,
    MaxEpochsPerBlock, MinAllowedWeights, PendingEpochAt, RevealPeriodEpochs, StakeThreshold,
    SubnetEpochIndex, Tempo, ValidatorPermit, WeightCommits, WeightsSetRateLimit,
    WeightsVersionKey,
    mock::{ExtBuilder, SubtensorModule, System, Test, account, events, run_to_block, signed},
    weights::Reveal,
};

/// A row that validator 1 hides; rows of different salts have different hashes.
fn secret(uids: &[u16], salt: u16) -> Reveal {
    Reveal {
        uids: uids.to_vec(),
        values: vec![1; uids.len()],
        salt: vec![salt],
        version_key: 0,
    }
}

/// The hash that a client computes, by the encoding of the specification.
fn hash_of(uid: u16, index: NetUidIndex, secret: &Reveal) -> H256 {
    let Reveal {
        uids,
        values,
        salt,
        version_key,
    } = secret;
    let tuple = (hotkey(uid), index.get(), uids, values, salt, version_key);
    H256(sp_io::hashing::blake2_256(&tuple.encode()))
}

fn commit(secret: &Reveal) -> DispatchResult {
    SubtensorModule::commit_weights(signed(&hotkey(1)), SUBNET, hash_of(1, INDEX, secret))
}

fn reveal(secret: &Reveal) -> DispatchResult {
    let Reveal {
        uids,
        values,
        salt,
        version_key,
    } = secret.clone();
    SubtensorModule::reveal_weights(signed(&hotkey(1)), SUBNET, uids, values, salt, version_key)
}

fn batch_reveal(secrets: &[&Reveal]) -> DispatchResult {
    SubtensorModule::batch_reveal_weights(
        signed(&hotkey(1)),
        SUBNET,
        secrets.iter().map(|secret| secret.uids.clone()).collect(),
        secrets.iter().map(|secret| secret.values.clone()).collect(),
        secrets.iter().map(|secret| secret.salt.clone()).collect(),
        secrets.iter().map(|secret| secret.version_key).collect(),
    )
}

/// What revealing now would result in.
fn would_reveal(secret: &Reveal) -> DispatchResult {
    let mut result = Ok(());
    let undone: DispatchResult = with_storage_layer(|| {
        result = reveal(secret);
        Err(DispatchError::Other("undone"))
    });
    assert!(undone.is_err());
    result
}

fn open_hashes() -> Vec<H256> {
    let queue = WeightCommits::<Test>::get(INDEX, hotkey(1)).unwrap_or_default();
    queue.into_iter().map(|(hash, ..)| hash).collect()
}

/// Validator 1 with permit and miners 2 to 4, under commit and reveal, in block 2. Epochs run in blocks 2,
/// 12, 22 and so on; the number of epochs was 1 after the first.
fn chain(test: impl FnOnce()) {
    subnet_of(&[0, 1_000, 0, 0, 0]).commit_reveal().run(|| {
        Tempo::<Test>::insert(SUBNET, 10);
        epoch();
        assert_eq!(SubnetEpochIndex::<Test>::get(SUBNET), 1);
        assert!(ValidatorPermit::<Test>::get(SUBNET)[1]);
        System::reset_events();
        test();
    });
}

fn refused(error: Error<Test>) -> DispatchResult {
    Err(error.into())
}

/// A hash in hexadecimal digits.
fn hash(hex: &str) -> H256 {
    let byte = |place: usize| u8::from_str_radix(&hex[2 * place..2 * place + 2], 16).unwrap();
    H256(core::array::from_fn(byte))
}

#[test]
fn the_vectors_of_the_specification_are_hashes_of_commits() {
    let vector = Reveal {
        uids: vec![0, 1],
        values: vec![10, 20],
        salt: (1..=8).collect(),
        version_key: 0,
    };
    let expected = |hex: &str| Some(hash(hex));
    assert_eq!(
        vector.hash(&account(1), NetUidIndex::new(1)),
        expected("b32fee0cf40a082980202f2d70a6b830545bb472fe0b78657255b6e26727273f")
    );
    assert_eq!(
        vector.hash(&account(1), NetUidIndex::new(4_097)),
        expected("6f04cdcd1728149b0dfe876c0a4baabb2f7f45ea1c4b838791328332cfc82498")
    );
}

#[test]
fn the_vectors_are_committed_and_revealed_on_both_mechanisms() {
    let hashes = [
        "b32fee0cf40a082980202f2d70a6b830545bb472fe0b78657255b6e26727273f",
        "6f04cdcd1728149b0dfe876c0a4baabb2f7f45ea1c4b838791328332cfc82498",
    ];
    let first = NetUid::new(1);
    ExtBuilder::new()
        .neuron(1, account(1), account(50))
        .stake(1, account(1), account(50), 1_000)
        .run(|| {
            MaxAllowedUids::<Test>::insert(first, 64);
            assert_ok!(SubtensorModule::change_mechanism_count(
                first,
                MechId::new(2)
            ));
            run_to_block(101);
            let signer = || signed(&account(1));
            for (mechanism, hex) in (0..).zip(hashes) {
                assert_ok!(SubtensorModule::commit_mechanism_weights(
                    signer(),
                    first,
                    MechId::new(mechanism),
                    hash(hex),
                ));
            }
            run_to_block(200);
            for mechanism in 0..2 {
                let mecid = MechId::new(mechanism);
                let (uids, values, salt) = (vec![0, 1], vec![10, 20], (1..=8).collect());
                assert_ok!(SubtensorModule::reveal_mechanism_weights(
                    signer(),
                    first,
                    mecid,
                    uids,
                    values,
                    salt,
                    0
                ));
                let index = NetUidIndex::from_parts(first, mecid).unwrap();
                assert_eq!(
                    crate::Weights::<Test>::get(index, 1).into_inner(),
                    [(0, 32_768), (1, 65_535)]
                );
                assert!(!WeightCommits::<Test>::contains_key(index, account(1)));
            }
        });
}

#[test]
fn a_commit_is_stored_with_its_epoch_and_block() {
    chain(|| {
        run_to_block(15);
        let hidden = secret(&[2], 1);
        assert_ok!(commit(&hidden));
        let hash = hash_of(1, INDEX, &hidden);
        assert_eq!(
            WeightCommits::<Test>::get(INDEX, hotkey(1))
                .unwrap()
                .into_inner(),
            [(hash, 2, 15, 0)]
        );
        let events = events();
        assert_eq!(
            events.last(),
            Some(&Event::WeightsCommitted(hotkey(1), INDEX, hash))
        );
        assert_eq!(row(0, 1), []);
    });
}

#[test]
fn commits_wait_for_the_rate_limit_and_reveals_do_not() {
    chain(|| {
        WeightsSetRateLimit::<Test>::insert(SUBNET, 10);
        run_to_block(10);
        let (first, second) = (secret(&[2], 1), secret(&[3], 2));
        assert_noop!(commit(&first), Error::<Test>::CommittingWeightsTooFast);
        run_to_block(11);
        assert_ok!(commit(&first));
        run_to_block(20);
        assert_noop!(commit(&second), Error::<Test>::CommittingWeightsTooFast);
        assert_ok!(reveal(&first));
        run_to_block(21);
        assert_ok!(commit(&second));
    });
}

#[test]
fn strangers_and_the_poor_do_not_commit() {
    chain(|| {
        let by = |uid| SubtensorModule::commit_weights(signed(&hotkey(uid)), SUBNET, H256::zero());
        assert_eq!(by(5), refused(Error::HotKeyNotRegisteredInSubNet));
        StakeThreshold::<Test>::put(1_000);
        assert_eq!(by(2), refused(Error::NotEnoughStakeToSetWeights));
        assert_ok!(by(1));
        assert_ok!(by(0));
        let missing = |netuid, mechanism| {
            SubtensorModule::commit_mechanism_weights(
                signed(&hotkey(1)),
                NetUid::new(netuid),
                MechId::new(mechanism),
                H256::zero(),
            )
        };
        assert_eq!(missing(2, 1), refused(Error::MechanismDoesNotExist));
        assert_eq!(missing(3, 0), refused(Error::SubnetNotExists));
        assert_eq!(missing(0, 0), refused(Error::CanNotSetRootNetworkWeights));
    });
}

#[test]
fn timelocked_commits_wait_for_the_beacon() {
    chain(|| {
        let commit = || vec![1; 249].try_into().unwrap();
        let signer = || signed(&hotkey(1));
        assert_noop!(
            SubtensorModule::commit_timelocked_weights(signer(), SUBNET, commit(), 1_000, 4),
            Error::<Test>::DisabledTemporarily
        );
        assert_noop!(
            SubtensorModule::commit_timelocked_mechanism_weights(
                signer(),
                SUBNET,
                MechId::new(0),
                commit(),
                1_000,
                4
            ),
            Error::<Test>::DisabledTemporarily
        );
    });
}

#[test]
fn each_way_is_refused_where_the_other_is_on() {
    chain(|| {
        let hidden = secret(&[2], 1);
        assert_noop!(set(1, &[2], &[1]), Error::<Test>::CommitRevealEnabled);
        CommitRevealWeightsEnabled::<Test>::insert(SUBNET, false);
        assert_noop!(commit(&hidden), Error::<Test>::CommitRevealDisabled);
        assert_noop!(reveal(&hidden), Error::<Test>::CommitRevealDisabled);
        assert_noop!(
            batch_reveal(&[&hidden]),
            Error::<Test>::CommitRevealDisabled
        );
    });
}

#[test]
fn open_commits_outlast_a_switch_to_plain_weights() {
    chain(|| {
        let (first, second) = (secret(&[2], 1), secret(&[3], 2));
        run_to_block(5);
        assert_ok!(commit(&first));
        run_to_block(13);
        assert_ok!(commit(&second));
        CommitRevealWeightsEnabled::<Test>::insert(SUBNET, false);
        assert_ok!(set(1, &[4], &[1]));
        assert_noop!(reveal(&first), Error::<Test>::CommitRevealDisabled);
        run_to_block(22);
        CommitRevealWeightsEnabled::<Test>::insert(SUBNET, true);
        assert_eq!(would_reveal(&first), refused(Error::ExpiredWeightCommit));
        assert_eq!(row(0, 1), [(4, 65_535)]);
        assert_ok!(reveal(&second));
        assert_eq!(row(0, 1), [(3, 65_535)]);
    });
}
