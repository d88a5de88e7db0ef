//! The validity stage: what is kept out of blocks, and under which number.

use codec::{Compact, Encode};
use dendra_primitives::{MechId, NetUid, NetUidIndex, TaoBalance};
use frame_support::{
    assert_ok,
    dispatch::{GetDispatchInfo, Pays},
    weights::Weight,
};
use scale_info::TypeInfo;
use sp_core::H256;
use sp_runtime::{
    DispatchError,
    traits::{Dispatchable, TransactionExtension, TxBaseImplication},
    transaction_validity::{InvalidTransaction, TransactionSource, TransactionValidityError},
};

use crate::{
    AccountId, AllowsLoopback, Call, CommitRevealWeightsEnabled, Error, Event, NetworkMinLockCost,
    NetworkRateLimit, ServingRateLimit, StakeThreshold, SubnetEpochIndex, WeightsSetRateLimit,
    WeightsVersionKey,
    extension::{Refusal, SubtensorTransactionExtension},
    mock::{
        ExtBuilder, RuntimeCall, RuntimeOrigin, SubtensorModule, System, Test, UNIT, account,
        events, many, signed,
    },
    types::MAX_BATCH,
    weights::Reveal,
};

pub(super) type Verdict = Result<(), TransactionValidityError>;

const NETUID: NetUid = NetUid::new(2);
const FIRST: MechId = MechId::new(0);

/// A subnet of coldkey 1 with hotkey 2, the owner's, at uid 0 and hotkey 3 at uid 1.
fn chain() -> ExtBuilder {
    ExtBuilder::new()
        .subnet(2, account(1), account(2))
        .neuron(2, account(3), account(1))
}

pub(super) fn ask(origin: RuntimeOrigin, call: impl Into<RuntimeCall>) -> Verdict {
    let call = call.into();
    let info = call.get_dispatch_info();
    SubtensorTransactionExtension::<Test>::default()
        .validate(
            origin,
            &call,
            &info,
            0,
            (),
            &TxBaseImplication(()),
            TransactionSource::External,
        )
        .map(|_| ())
}

pub(super) fn run(who: &AccountId, call: Call<Test>) -> Result<(), DispatchError> {
    let result = RuntimeCall::from(call).dispatch(signed(who));
    result.map(|_| ()).map_err(|failed| failed.error)
}

/// A call that is kept out of blocks, and that would fail in one.
pub(super) fn assert_refused(who: u8, call: Call<Test>, refusal: Refusal, error: Error<Test>) {
    let number = InvalidTransaction::Custom(refusal as u8).into();
    let who = account(who);
    assert_eq!(ask(signed(&who), call.clone()), Err(number), "{error:?}");
    assert_eq!(run(&who, call), Err(error.into()));
}

/// A call that the stage keeps out though it would do nothing worse than nothing.
fn assert_kept_out(who: u8, call: Call<Test>, refusal: Refusal) {
    let number = InvalidTransaction::Custom(refusal as u8).into();
    assert_eq!(ask(signed(&account(who)), call), Err(number));
}

/// A call that is let in and succeeds.
pub(super) fn assert_done(who: u8, call: Call<Test>) {
    assert_ok!(ask(signed(&account(who)), call.clone()));
    assert_ok!(run(&account(who), call));
}

/// A call that pays for its failure, of which only the name says enough.
pub(super) fn assert_fails_in_a_block(who: u8, call: Call<Test>, error: Error<Test>) {
    assert_ok!(ask(signed(&account(who)), call.clone()));
    assert_eq!(run(&account(who), call), Err(error.into()));
}

fn set(dests: Vec<u16>, weights: Vec<u16>) -> Call<Test> {
    Call::set_weights {
        netuid: NETUID,
        dests,
        weights,
        version_key: 0,
    }
}

fn set_for(mecid: u8) -> Call<Test> {
    Call::set_mechanism_weights {
        netuid: NETUID,
        mecid: MechId::new(mecid),
        dests: vec![0, 1],
        weights: vec![1, 2],
        version_key: 0,
    }
}

fn set_many(netuids: &[u16]) -> Call<Test> {
    let row = vec![(Compact(0), Compact(1)), (Compact(1), Compact(2))];
    Call::batch_set_weights {
        netuids: netuids
            .iter()
            .map(|netuid| Compact(NetUid::new(*netuid)))
            .collect(),
        weights: vec![row; netuids.len()],
        version_keys: vec![Compact(0); netuids.len()],
    }
}

fn commit(netuid: NetUid, commit_hash: H256) -> Call<Test> {
    Call::commit_weights {
        netuid,
        commit_hash,
    }
}

fn commit_many(netuids: &[u16]) -> Call<Test> {
    Call::batch_commit_weights {
        netuids: netuids
            .iter()
            .map(|netuid| Compact(NetUid::new(*netuid)))
            .collect(),
        commit_hashes: vec![H256::zero(); netuids.len()],
    }
}

fn secret(salt: u16) -> Reveal {
    Reveal {
        uids: vec![0, 1],
        values: vec![1, 2],
        salt: vec![salt],
        version_key: 0,
    }
}

fn hash(hotkey: u8, reveal: &Reveal) -> H256 {
    let index = NetUidIndex::from_parts(NETUID, FIRST).unwrap();
    reveal.hash(&account(hotkey), index).unwrap()
}

fn reveal(reveal: Reveal) -> Call<Test> {
    Call::reveal_weights {
        netuid: NETUID,
        uids: reveal.uids,
        values: reveal.values,
        salt: reveal.salt,
        version_key: reveal.version_key,
    }
}

fn reveal_many(reveals: &[Reveal]) -> Call<Test> {
    Call::batch_reveal_weights {
        netuid: NETUID,
        uids_list: reveals.iter().map(|reveal| reveal.uids.clone()).collect(),
        values_list: reveals.iter().map(|reveal| reveal.values.clone()).collect(),
        salts_list: reveals.iter().map(|reveal| reveal.salt.clone()).collect(),
        version_keys: reveals.iter().map(|reveal| reveal.version_key).collect(),
    }
}

fn serve(netuid: NetUid, ip: u128, port: u16, ip_type: u8) -> Call<Test> {
    Call::serve_axon {
        netuid,
        version: 0,
        ip,
        port,
        ip_type,
        protocol: 4,
        placeholder1: 0,
        placeholder2: 0,
    }
}

fn serve_tls(ip: u128, certificate: Vec<u8>) -> Call<Test> {
    Call::serve_axon_tls {
        netuid: NETUID,
        version: 0,
        ip,
        port: 8_091,
        ip_type: 4,
        protocol: 4,
        placeholder1: 0,
        placeholder2: 0,
        certificate,
    }
}

fn serve_metrics(ip: u128, port: u16) -> Call<Test> {
    Call::serve_prometheus {
        netuid: NETUID,
        version: 0,
        ip,
        port,
        ip_type: 4,
    }
}

/// An address that others reach.
const PUBLIC: u128 = 0x5db8_d822;
const LOCALHOST: u128 = 0x7f00_0001;

fn register(netuid: NetUid, hotkey: u8) -> Call<Test> {
    Call::burned_register {
        netuid,
        hotkey: account(hotkey),
    }
}

fn register_within(limit_price: u64) -> Call<Test> {
    Call::register_limit {
        netuid: NETUID,
        hotkey: account(50),
        limit_price,
    }
}

fn commit_timelocked() -> [Call<Test>; 2] {
    [
        Call::commit_timelocked_weights {
            netuid: NETUID,
            commit: vec![1].try_into().unwrap(),
            reveal_round: 1,
            commit_reveal_version: 4,
        },
        Call::commit_timelocked_mechanism_weights {
            netuid: NETUID,
            mecid: FIRST,
            commit: vec![1].try_into().unwrap(),
            reveal_round: 1,
            commit_reveal_version: 4,
        },
    ]
}

fn set_identity() -> Call<Test> {
    Call::set_identity {
        name: b"Ada".to_vec(),
        url: vec![],
        github_repo: vec![],
        image: vec![],
        discord: vec![],
        description: vec![],
        additional: vec![],
    }
}

fn set_subnet_identity(netuid: NetUid) -> Call<Test> {
    Call::set_subnet_identity {
        netuid,
        subnet_name: b"Ada".to_vec(),
        github_repo: vec![],
        subnet_contact: vec![],
        subnet_url: vec![],
        discord: vec![],
        description: vec![],
        logo_url: vec![],
        additional: vec![],
    }
}

#[test]
fn rows_that_fail_are_refused() {
    chain().run(|| {
        let row = || set(vec![0, 1], vec![1, 2]);
        assert_done(2, row());
        assert_done(2, set_for(0));
        assert_done(3, set(vec![1], vec![1]));
        for (who, call, refusal, error) in [
            (
                2,
                set(vec![0, 1], vec![1]),
                Refusal::InputLengthsUnequal,
                Error::WeightVecNotEqualSize,
            ),
            (
                2,
                set(vec![0; 3], vec![1; 3]),
                Refusal::BadRequest,
                Error::UidsLengthExceedUidsInSubNet,
            ),
            (
                9,
                row(),
                Refusal::HotKeyNotRegisteredInSubNet,
                Error::HotKeyNotRegisteredInSubNet,
            ),
            (
                3,
                row(),
                Refusal::BadRequest,
                Error::NeuronNoValidatorPermit,
            ),
            (
                2,
                set(vec![1, 1], vec![1, 2]),
                Refusal::BadRequest,
                Error::DuplicateUids,
            ),
            (
                2,
                set(vec![0, 2], vec![1, 2]),
                Refusal::BadRequest,
                Error::UidVecContainInvalidOne,
            ),
            (
                2,
                set(vec![], vec![]),
                Refusal::BadRequest,
                Error::WeightVecLengthIsLow,
            ),
            (
                2,
                set_for(1),
                Refusal::BadRequest,
                Error::MechanismDoesNotExist,
            ),
            (
                9,
                set_for(0),
                Refusal::HotKeyNotRegisteredInSubNet,
                Error::HotKeyNotRegisteredInSubNet,
            ),
        ] {
            assert_refused(who, call, refusal, error);
        }
    });
}

#[test]
fn rows_are_refused_by_the_rules_of_the_subnet() {
    chain().run(|| {
        let row = || set(vec![0, 1], vec![1, 2]);
        StakeThreshold::<Test>::put(1);
        assert_refused(
            3,
            set(vec![1], vec![1]),
            Refusal::StakeAmountTooLow,
            Error::NotEnoughStakeToSetWeights,
        );
        assert_ok!(ask(signed(&account(2)), row()));

        WeightsVersionKey::<Test>::insert(NETUID, 1);
        assert_refused(
            2,
            row(),
            Refusal::BadRequest,
            Error::IncorrectWeightVersionKey,
        );
        WeightsVersionKey::<Test>::insert(NETUID, 0);

        WeightsSetRateLimit::<Test>::insert(NETUID, 100);
        System::set_block_number(100);
        assert_refused(
            2,
            row(),
            Refusal::RateLimitExceeded,
            Error::SettingWeightsTooFast,
        );
        System::set_block_number(101);
        assert_done(2, row());
        assert_refused(
            2,
            row(),
            Refusal::RateLimitExceeded,
            Error::SettingWeightsTooFast,
        );

        CommitRevealWeightsEnabled::<Test>::insert(NETUID, true);
        assert_refused(2, row(), Refusal::BadRequest, Error::CommitRevealEnabled);
        assert_refused(
            2,
            set_for(0),
            Refusal::BadRequest,
            Error::CommitRevealEnabled,
        );

        let nowhere = NetUid::new(9);
        CommitRevealWeightsEnabled::<Test>::insert(nowhere, false);
        let call = Call::set_weights {
            netuid: nowhere,
            dests: vec![0],
            weights: vec![1],
            version_key: 0,
        };
        assert_refused(2, call, Refusal::SubnetNotExists, Error::SubnetNotExists);
    });
}

#[test]
fn commits_that_fail_are_refused() {
    chain().commit_reveal().run(|| {
        let mechanism = |mecid| Call::commit_mechanism_weights {
            netuid: NETUID,
            mecid: MechId::new(mecid),
            commit_hash: H256::zero(),
        };
        let plain = || commit(NETUID, H256::zero());
        let nowhere = commit(NetUid::new(9), H256::zero());
        assert_refused(2, nowhere, Refusal::SubnetNotExists, Error::SubnetNotExists);
        let root = commit(NetUid::ROOT, H256::zero());
        assert_refused(
            2,
            root,
            Refusal::BadRequest,
            Error::CanNotSetRootNetworkWeights,
        );
        assert_refused(
            2,
            mechanism(1),
            Refusal::BadRequest,
            Error::MechanismDoesNotExist,
        );
        for call in [plain(), mechanism(0)] {
            assert_refused(
                9,
                call,
                Refusal::HotKeyNotRegisteredInSubNet,
                Error::HotKeyNotRegisteredInSubNet,
            );
        }
        StakeThreshold::<Test>::put(1);
        assert_refused(
            3,
            plain(),
            Refusal::StakeAmountTooLow,
            Error::NotEnoughStakeToSetWeights,
        );

        for _ in 0..9 {
            assert_done(2, plain());
        }
        assert_done(2, mechanism(0));
        assert_refused(
            2,
            plain(),
            Refusal::BadRequest,
            Error::TooManyUnrevealedCommits,
        );
        WeightsSetRateLimit::<Test>::insert(NETUID, 1);
        assert_refused(
            2,
            plain(),
            Refusal::RateLimitExceeded,
            Error::CommittingWeightsTooFast,
        );
        CommitRevealWeightsEnabled::<Test>::insert(NETUID, false);
        assert_refused(2, plain(), Refusal::BadRequest, Error::CommitRevealDisabled);
    });
}

#[test]
fn reveals_that_fail_are_refused() {
    chain().commit_reveal().run(|| {
        let next_epoch = || SubnetEpochIndex::<Test>::mutate(NETUID, |index| *index += 1);
        let missing = (Refusal::NoWeightsCommitFound, Error::NoWeightsCommitFound);
        assert_refused(2, reveal(secret(1)), missing.0, missing.1);
        assert_done(2, commit(NETUID, hash(2, &secret(1))));
        assert_refused(
            2,
            reveal(secret(1)),
            Refusal::RevealTooEarly,
            Error::RevealTooEarly,
        );

        next_epoch();
        let other = || reveal(secret(2));
        let error = Error::InvalidRevealCommitHashNotMatch;
        assert_refused(2, other(), Refusal::NoWeightsCommitFound, error);
        // What one hotkey committed, no other reveals.
        assert_refused(
            3,
            reveal(secret(1)),
            Refusal::NoWeightsCommitFound,
            Error::NoWeightsCommitFound,
        );
        let salted = Reveal {
            salt: vec![0; 257],
            ..secret(1)
        };
        assert_refused(2, reveal(salted), Refusal::BadRequest, Error::SaltTooLong);
        WeightsVersionKey::<Test>::insert(NETUID, 1);
        assert_refused(
            2,
            reveal(secret(1)),
            Refusal::BadRequest,
            Error::IncorrectWeightVersionKey,
        );
        WeightsVersionKey::<Test>::insert(NETUID, 0);

        next_epoch();
        let error = Error::ExpiredWeightCommit;
        assert_refused(2, reveal(secret(1)), Refusal::NoWeightsCommitFound, error);
    });
}

#[test]
fn a_reveal_in_its_epoch_is_let_in_once() {
    chain().commit_reveal().run(|| {
        assert_done(2, commit(NETUID, hash(2, &secret(1))));
        SubnetEpochIndex::<Test>::insert(NETUID, 1);
        let by_mechanism = |mecid| Call::reveal_mechanism_weights {
            netuid: NETUID,
            mecid: MechId::new(mecid),
            uids: vec![0, 1],
            values: vec![1, 2],
            salt: vec![1],
            version_key: 0,
        };
        assert_refused(
            2,
            by_mechanism(1),
            Refusal::BadRequest,
            Error::MechanismDoesNotExist,
        );
        assert_ok!(ask(signed(&account(2)), by_mechanism(0)));
        assert_done(2, reveal(secret(1)));
        let missing = Error::NoWeightsCommitFound;
        assert_refused(2, by_mechanism(0), Refusal::NoWeightsCommitFound, missing);
    });
}

#[test]
fn a_batch_of_rows_is_let_in_if_one_of_them_succeeds() {
    chain().run(|| {
        CommitRevealWeightsEnabled::<Test>::insert(NetUid::new(9), false);
        assert_done(2, set_many(&[9, 2]));
        let completed = Event::BatchCompleted {
            succeeded: 1,
            failed: 1,
        };
        assert_eq!(events().last(), Some(&completed));
        // The first error decides.
        assert_kept_out(2, set_many(&[9, 1]), Refusal::SubnetNotExists);
        assert_kept_out(2, set_many(&[1, 9]), Refusal::BadRequest);
        assert_kept_out(9, set_many(&[2, 2]), Refusal::HotKeyNotRegisteredInSubNet);
        assert_kept_out(2, set_many(&[]), Refusal::BadRequest);
    });
}

#[test]
fn a_batch_carries_no_row_that_is_longer_than_rows_are() {
    chain().run(|| {
        let long_item = |length: usize| Call::batch_set_weights {
            netuids: vec![Compact(NETUID), Compact(NetUid::new(9))],
            weights: vec![
                vec![(Compact(0), Compact(1))],
                vec![(Compact(0), Compact(1)); length],
            ],
            version_keys: vec![Compact(0); 2],
        };
        assert_done(2, long_item(256));
        assert_kept_out(2, long_item(257), Refusal::BadRequest);
    });
}

#[test]
fn a_batch_of_commits_is_let_in_if_one_of_them_succeeds() {
    chain().commit_reveal().run(|| {
        assert_done(2, commit_many(&[9, 2]));
        assert_kept_out(2, commit_many(&[9, 1]), Refusal::SubnetNotExists);
        assert_kept_out(9, commit_many(&[2]), Refusal::HotKeyNotRegisteredInSubNet);
        assert_kept_out(2, commit_many(&[]), Refusal::BadRequest);
    });
}

#[test]
fn a_batch_of_reveals_is_let_in_if_all_of_them_succeed() {
    chain().commit_reveal().run(|| {
        let both = [secret(1), secret(2)];
        for reveal in &both {
            assert_done(2, commit(NETUID, hash(2, reveal)));
        }
        let early = Error::RevealTooEarly;
        assert_refused(2, reveal_many(&both), Refusal::RevealTooEarly, early);
        SubnetEpochIndex::<Test>::insert(NETUID, 1);
        let strange = [secret(1), secret(3)];
        let error = Error::InvalidRevealCommitHashNotMatch;
        assert_refused(
            2,
            reveal_many(&strange),
            Refusal::NoWeightsCommitFound,
            error,
        );
        // The first one leaves nothing for the second.
        let twice = [secret(1), secret(1)];
        let error = Error::InvalidRevealCommitHashNotMatch;
        assert_refused(2, reveal_many(&twice), Refusal::NoWeightsCommitFound, error);
        assert_kept_out(2, reveal_many(&[]), Refusal::BadRequest);
        assert_done(2, reveal_many(&both));
    });
}

#[test]
fn batches_whose_lists_do_not_fit_are_refused() {
    chain().run(|| {
        let long = vec![2; MAX_BATCH as usize + 1];
        let lists = [
            Call::batch_set_weights {
                netuids: vec![Compact(NETUID)],
                weights: vec![],
                version_keys: vec![Compact(0)],
            },
            Call::batch_commit_weights {
                netuids: vec![Compact(NETUID)],
                commit_hashes: vec![],
            },
            Call::batch_reveal_weights {
                netuid: NETUID,
                uids_list: vec![vec![0]],
                values_list: vec![vec![1]],
                salts_list: vec![],
                version_keys: vec![0],
            },
        ];
        for call in lists {
            assert_refused(
                2,
                call,
                Refusal::InputLengthsUnequal,
                Error::InputLengthsUnequal,
            );
        }
        let reveals: Vec<_> = (0..=MAX_BATCH as u16).map(secret).collect();
        for call in [set_many(&long), commit_many(&long), reveal_many(&reveals)] {
            assert_refused(2, call, Refusal::BadRequest, Error::BatchTooLong);
        }
    });
}

#[test]
fn timelocked_commits_are_refused_until_there_is_a_beacon() {
    chain().commit_reveal().run(|| {
        for call in commit_timelocked() {
            assert_refused(2, call, Refusal::BadRequest, Error::DisabledTemporarily);
        }
    });
}

#[test]
fn endpoints_that_fail_are_refused() {
    chain().run(|| {
        for call in [
            serve(NETUID, PUBLIC, 1, 4),
            serve_tls(PUBLIC, vec![1]),
            serve_metrics(PUBLIC, 1),
        ] {
            let error = Error::HotKeyNotRegisteredInNetwork;
            assert_refused(9, call, Refusal::HotKeyNotRegisteredInNetwork, error);
        }
        for call in [
            serve(NETUID, LOCALHOST, 1, 4),
            serve_tls(LOCALHOST, vec![1]),
            serve_metrics(LOCALHOST, 1),
        ] {
            assert_refused(2, call, Refusal::InvalidIpAddress, Error::InvalidIpAddress);
        }
        for call in [serve(NETUID, PUBLIC, 0, 4), serve_metrics(PUBLIC, 0)] {
            assert_refused(2, call, Refusal::InvalidPort, Error::InvalidPort);
        }
        let call = serve(NetUid::new(9), PUBLIC, 1, 4);
        assert_refused(2, call, Refusal::SubnetNotExists, Error::SubnetNotExists);
        let call = serve(NETUID, PUBLIC, 1, 5);
        assert_refused(2, call, Refusal::InvalidIpAddress, Error::InvalidIpType);
        let call = serve_tls(PUBLIC, vec![]);
        assert_refused(2, call, Refusal::BadRequest, Error::InvalidCertificate);

        assert_done(2, serve(NETUID, PUBLIC, 1, 4));
        assert_done(2, serve_metrics(PUBLIC, 1));
        for call in [
            serve(NETUID, PUBLIC, 1, 4),
            serve_tls(PUBLIC, vec![1]),
            serve_metrics(PUBLIC, 1),
        ] {
            let error = Error::ServingRateLimitExceeded;
            assert_refused(2, call, Refusal::ServingRateLimitExceeded, error);
        }
        ServingRateLimit::<Test>::insert(NETUID, 0);
        assert_done(2, serve_tls(PUBLIC, vec![1]));
        AllowsLoopback::<Test>::put(true);
        assert_done(2, serve(NETUID, LOCALHOST, 1, 4));
        assert_done(2, serve(NETUID, 0, 1, 4));
    });
}

#[test]
fn registrations_that_fail_are_refused_where_there_is_a_number() {
    chain().run(|| {
        let work = |hotkey| Call::register {
            netuid: NETUID,
            block_number: 0,
            nonce: 0,
            work: vec![],
            hotkey: account(hotkey),
            coldkey: account(4),
        };
        let nowhere = register(NetUid::new(9), 50);
        assert_refused(4, nowhere, Refusal::SubnetNotExists, Error::SubnetNotExists);
        let dear = register_within(UNIT - 1);
        assert_refused(
            4,
            dear,
            Refusal::SlippageTooHigh,
            Error::RegistrationPriceLimitExceeded,
        );

        assert_ok!(run(
            &account(1),
            Call::try_associate_hotkey {
                hotkey: account(51)
            }
        ));
        for call in [register(NETUID, 51), work(51)] {
            let error = Error::NonAssociatedColdKey;
            assert_refused(4, call, Refusal::NonAssociatedColdKey, error);
        }
        // Account 201 has nothing.
        for call in [register(NETUID, 50), register_within(UNIT), work(50)] {
            let error = Error::NotEnoughBalanceToStake;
            assert_refused(201, call, Refusal::NotEnoughBalanceToStake, error);
        }
        let again = register(NETUID, 3);
        assert_fails_in_a_block(1, again, Error::HotKeyAlreadyRegisteredInSubNet);
        let root = register(NetUid::ROOT, 50);
        assert_fails_in_a_block(4, root, Error::RegistrationNotPermittedOnRootSubnet);

        assert_done(4, register_within(UNIT));
    });
}

#[test]
fn seats_on_root_are_refused_to_hotkeys_of_others() {
    chain().run(|| {
        let seat = |hotkey| Call::root_register {
            hotkey: account(hotkey),
        };
        let error = Error::NonAssociatedColdKey;
        assert_refused(4, seat(2), Refusal::NonAssociatedColdKey, error);
        assert_done(1, seat(2));
        // The counter restarts with the next block, which the pool does not know.
        assert_fails_in_a_block(1, seat(3), Error::TooManyRegistrationsThisBlock);
    });
}

#[test]
fn creations_that_fail_are_refused_where_there_is_a_number() {
    chain().run(|| {
        let create = |hotkey| {
            [
                Call::register_network {
                    hotkey: account(hotkey),
                },
                Call::register_network_with_identity {
                    hotkey: account(hotkey),
                    identity: None,
                },
            ]
        };
        for call in create(2) {
            let error = Error::NonAssociatedColdKey;
            assert_refused(4, call, Refusal::NonAssociatedColdKey, error);
        }
        for call in create(50) {
            let error = Error::CannotAffordLockCost;
            assert_refused(201, call, Refusal::NotEnoughBalanceToStake, error);
        }
        NetworkMinLockCost::<Test>::put(TaoBalance::new(10_000 * UNIT));
        for call in create(50) {
            // All that the account has is the cost, and it has to stay alive.
            let error = Error::CannotAffordLockCost;
            assert_refused(4, call, Refusal::NotEnoughBalanceToStake, error);
        }
        NetworkMinLockCost::<Test>::put(TaoBalance::new(1_000 * UNIT));
        NetworkRateLimit::<Test>::put(1);
        for call in create(50) {
            let error = Error::NetworkTxRateLimitExceeded;
            assert_refused(4, call, Refusal::RateLimitExceeded, error);
        }
        System::set_block_number(2);
        let [call, _] = create(50);
        assert_done(4, call);
    });
}

#[test]
fn calls_about_subnets_that_do_not_exist_are_refused() {
    chain().run(|| {
        let netuid = NetUid::new(9);
        for call in [
            Call::start_call { netuid },
            Call::update_symbol {
                netuid,
                symbol: "ж".as_bytes().to_vec(),
            },
            set_subnet_identity(netuid),
            Call::trigger_epoch { netuid },
        ] {
            assert_refused(1, call, Refusal::SubnetNotExists, Error::SubnetNotExists);
        }
        for call in [
            Call::set_tempo { netuid, tempo: 400 },
            Call::set_activity_cutoff_factor {
                netuid,
                factor_milli: 2_000,
            },
        ] {
            assert_kept_out(1, call, Refusal::SubnetNotExists);
        }
        let started = Call::start_call { netuid: NETUID };
        assert_fails_in_a_block(1, started, Error::FirstEmissionBlockNumberAlreadySet);
        assert_fails_in_a_block(4, set_subnet_identity(NETUID), Error::NotSubnetOwner);
        assert_done(1, set_subnet_identity(NETUID));
    });
}

#[test]
fn an_identity_without_hotkey_is_refused() {
    chain().run(|| {
        let error = Error::HotKeyNotRegisteredInNetwork;
        assert_refused(
            9,
            set_identity(),
            Refusal::HotKeyNotRegisteredInNetwork,
            error,
        );
        assert_done(1, set_identity());
    });
}

#[test]
fn only_what_is_signed_is_looked_at() {
    chain().run(|| {
        let hopeless = || set(vec![0, 0], vec![1]);
        assert_ok!(ask(RuntimeOrigin::root(), hopeless()));
        assert_ok!(ask(RuntimeOrigin::none(), hopeless()));
        assert!(ask(signed(&account(2)), hopeless()).is_err());
    });
}

#[test]
fn calls_of_other_pallets_pass() {
    chain().run(|| {
        let remark = frame_system::Call::remark {
            remark: b"anything".to_vec(),
        };
        assert_ok!(ask(signed(&many(1)), remark.clone()));
        let extension = SubtensorTransactionExtension::<Test>::default();
        assert_eq!(extension.weight(&remark.into()), Weight::zero());
        let own = RuntimeCall::from(set(vec![0], vec![1]));
        assert_eq!(extension.weight(&own), Weight::from_parts(1, 0));
        let batch = RuntimeCall::from(set_many(&[2]));
        assert_eq!(extension.weight(&batch), Weight::from_parts(1, 0));
    });
}

/// A call that is free of charge and not checked could fail for free as often as somebody likes.
#[test]
fn every_call_without_a_fee_is_checked() {
    chain().run(|| {
        let mechanism = || Call::commit_mechanism_weights {
            netuid: NETUID,
            mecid: FIRST,
            commit_hash: H256::zero(),
        };
        let reveal_mechanism = Call::reveal_mechanism_weights {
            netuid: NETUID,
            mecid: FIRST,
            uids: vec![],
            values: vec![],
            salt: vec![],
            version_key: 0,
        };
        let [timelocked, timelocked_mechanism] = commit_timelocked();
        let free = [
            set(vec![], vec![]),
            set_for(0),
            set_many(&[]),
            commit(NETUID, H256::zero()),
            mechanism(),
            commit_many(&[]),
            reveal(secret(1)),
            reveal_mechanism,
            reveal_many(&[]),
            timelocked,
            timelocked_mechanism,
            serve(NETUID, PUBLIC, 1, 4),
            serve_tls(PUBLIC, vec![1]),
            serve_metrics(PUBLIC, 1),
        ];
        for call in free {
            assert_eq!(call.get_dispatch_info().pays_fee, Pays::No, "{call:?}");
            let foreseen = SubtensorModule::foresee(&account(2), &call);
            assert!(foreseen.is_some(), "{call:?}");
        }
        for call in [
            register(NETUID, 50),
            set_identity(),
            set_subnet_identity(NETUID),
        ] {
            assert_eq!(call.get_dispatch_info().pays_fee, Pays::Yes, "{call:?}");
        }
    });
}

#[test]
fn the_extension_carries_nothing() {
    type Extension = SubtensorTransactionExtension<Test>;
    let [metadata] = <Extension as TransactionExtension<RuntimeCall>>::metadata()
        .try_into()
        .unwrap_or_else(|_| panic!("one extension has one entry"));
    assert_eq!(metadata.identifier, "SubtensorTransactionExtension");
    assert_eq!(metadata.ty, scale_info::meta_type::<Extension>());
    assert_eq!(metadata.implicit, scale_info::meta_type::<()>());
    assert_eq!(Extension::default().encode(), [] as [u8; 0]);
    assert_eq!(
        Extension::type_info().path.ident(),
        Some("SubtensorTransactionExtension")
    );
}

#[test]
fn refusals_have_the_numbers_of_the_interface() {
    let table = [
        (Refusal::ColdkeySwapAnnounced, 0),
        (Refusal::StakeAmountTooLow, 1),
        (Refusal::NotEnoughBalanceToStake, 2),
        (Refusal::SubnetNotExists, 3),
        (Refusal::HotKeyAccountNotExists, 4),
        (Refusal::NotEnoughStakeToWithdraw, 5),
        (Refusal::RateLimitExceeded, 6),
        (Refusal::InsufficientLiquidity, 7),
        (Refusal::SlippageTooHigh, 8),
        (Refusal::TransferDisallowed, 9),
        (Refusal::HotKeyNotRegisteredInNetwork, 10),
        (Refusal::InvalidIpAddress, 11),
        (Refusal::ServingRateLimitExceeded, 12),
        (Refusal::InvalidPort, 13),
        (Refusal::ZeroMaxAmount, 14),
        (Refusal::InvalidRevealRound, 15),
        (Refusal::NoWeightsCommitFound, 16),
        (Refusal::RevealTooEarly, 17),
        (Refusal::InputLengthsUnequal, 18),
        (Refusal::HotKeyNotRegisteredInSubNet, 19),
        (Refusal::EvmKeyAssociateRateLimitExceeded, 20),
        (Refusal::ColdkeySwapDisputed, 21),
        (Refusal::InvalidRealAccount, 22),
        (Refusal::FailedShieldedTxParsing, 23),
        (Refusal::InvalidShieldedTxPubKeyHash, 24),
        (Refusal::NonAssociatedColdKey, 25),
        (Refusal::DelegateTakeTooLow, 26),
        (Refusal::DelegateTakeTooHigh, 27),
        (Refusal::BadRequest, 255),
    ];
    for (refusal, number) in table {
        let expected: TransactionValidityError = InvalidTransaction::Custom(number).into();
        assert_eq!(TransactionValidityError::from(refusal), expected);
    }
}

#[test]
fn errors_of_others_have_no_number() {
    for error in [
        DispatchError::BadOrigin,
        DispatchError::Other("anything"),
        frame_system::Error::<Test>::CallFiltered.into(),
        pallet_balances::Error::<Test>::InsufficientBalance.into(),
    ] {
        assert_eq!(Refusal::of::<Test>(error), None);
    }
    // Errors that no call of the present ones raises before it runs.
    for (error, refusal) in [
        (Error::<Test>::AmountTooLow, Refusal::StakeAmountTooLow),
        (
            Error::NotEnoughStakeToWithdraw,
            Refusal::NotEnoughStakeToWithdraw,
        ),
        (Error::TxRateLimitExceeded, Refusal::RateLimitExceeded),
        (Error::InsufficientLiquidity, Refusal::InsufficientLiquidity),
        (Error::SlippageTooHigh, Refusal::SlippageTooHigh),
        (Error::InvalidRevealRound, Refusal::InvalidRevealRound),
    ] {
        assert_eq!(Refusal::of::<Test>(error.into()), Some(refusal));
    }
}
