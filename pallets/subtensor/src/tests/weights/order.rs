//! The order of the conditions: the first that is broken decides.

use super::*;

/// A submission that is right, and what can be wrong with it.
#[derive(Clone)]
struct Submission {
    hotkey: AccountId,
    netuid: NetUid,
    mecid: MechId,
    uids: Vec<u16>,
    values: Vec<u16>,
    version_key: u64,
}

impl Submission {
    fn send(self) -> DispatchResult {
        let origin = signed(&self.hotkey);
        if self.mecid == MechId::new(0) {
            SubtensorModule::set_weights(
                origin,
                self.netuid,
                self.uids,
                self.values,
                self.version_key,
            )
        } else {
            SubtensorModule::set_mechanism_weights(
                origin,
                self.netuid,
                self.mecid,
                self.uids,
                self.values,
                self.version_key,
            )
        }
    }
}

fn right() -> Submission {
    Submission {
        hotkey: hotkey(1),
        netuid: SUBNET,
        mecid: MechId::new(0),
        uids: vec![2, 3],
        values: vec![10, 20],
        version_key: 5,
    }
}

/// An error, and what provokes it.
type Fault = (DispatchError, fn(&mut Submission));

fn fault(error: Error<Test>, provoke: fn(&mut Submission)) -> Fault {
    (error.into(), provoke)
}

/// The conditions in the order of the table, each with what breaks it and nothing before it.
fn faults() -> Vec<Fault> {
    vec![
        fault(Error::CommitRevealEnabled, |_| {
            CommitRevealWeightsEnabled::<Test>::insert(SUBNET, true);
            CommitRevealWeightsEnabled::<Test>::insert(NetUid::ROOT, true);
        }),
        fault(Error::CanNotSetRootNetworkWeights, |it| {
            it.netuid = NetUid::ROOT;
        }),
        fault(Error::MechanismDoesNotExist, |it| it.mecid = MechId::new(1)),
        fault(Error::WeightVecNotEqualSize, |it| it.values.push(1)),
        fault(Error::UidsLengthExceedUidsInSubNet, |it| {
            it.uids.extend([4, 0, 1, 5]);
            it.values.extend([1; 4]);
        }),
        fault(Error::HotKeyNotRegisteredInSubNet, |it| {
            it.hotkey = account(99);
        }),
        fault(Error::NotEnoughStakeToSetWeights, |_| {
            StakeThreshold::<Test>::put(u64::MAX);
        }),
        fault(Error::IncorrectWeightVersionKey, |_| {
            WeightsVersionKey::<Test>::insert(SUBNET, 6);
        }),
        fault(Error::SettingWeightsTooFast, |_| {
            LastUpdate::<Test>::mutate(INDEX, |column| column[1] = System::block_number());
        }),
        fault(Error::NeuronNoValidatorPermit, |_| {
            ValidatorPermit::<Test>::mutate(SUBNET, |column| column[1] = false);
        }),
        fault(Error::DuplicateUids, |it| {
            it.uids.push(it.uids[0]);
            it.values.push(1);
        }),
        fault(Error::UidVecContainInvalidOne, |it| {
            it.uids.push(77);
            it.values.push(1);
        }),
        fault(Error::WeightVecLengthIsLow, |_| {
            MinAllowedWeights::<Test>::insert(SUBNET, u16::MAX);
        }),
        fault(Error::MaxWeightExceeded, |_| {
            MaxWeightsLimit::<Test>::insert(SUBNET, 1_000);
        }),
    ]
}

fn result_with(broken: &[&Fault]) -> DispatchResult {
    let mut result = Ok(());
    let undone: DispatchResult = with_storage_layer(|| {
        let mut submission = right();
        for (_, fault) in broken {
            fault(&mut submission);
        }
        result = submission.send();
        Err(DispatchError::Other("undone"))
    });
    assert!(undone.is_err());
    result
}

#[test]
fn the_first_broken_condition_decides() {
    with_permits(|| {
        WeightsSetRateLimit::<Test>::insert(SUBNET, 10);
        WeightsVersionKey::<Test>::insert(SUBNET, 5);
        CommitRevealWeightsEnabled::<Test>::insert(NetUid::ROOT, false);
        run_to_block(30);
        let faults = faults();
        assert_ok!(result_with(&[]));
        for (place, first) in faults.iter().enumerate() {
            let expected: DispatchResult = Err(first.0);
            assert_eq!(result_with(&[first]), expected);
            for second in &faults[place + 1..] {
                let found = result_with(&[first, second]);
                assert_eq!(found, expected, "with {:?}", second.0);
                // In whichever order they were made.
                assert_eq!(result_with(&[second, first]), expected);
            }
            let rest: Vec<&Fault> = faults[place..].iter().collect();
            assert_eq!(result_with(&rest), expected, "with everything after it");
        }
    });
}
