//! What a change brings about besides the value, and ranges that depend on the subnet.

use dendra_primitives::{MechId, NetUid, TaoBalance};
use frame_support::{assert_noop, assert_ok};
use subnet_hyperparameters::{Fact, Hyperparameter as P, Value};

use super::{
    NETUID, chain, jump, owner, owner_hotkey, refused, set, set_as_owner, set_as_root, stranger,
};
use crate::{
    Burn, Error, Event, LastEpochBlock, LiquidAlphaOn, MaxAllowedUids, MaxBurn, MaxChildkeyTake,
    MaxDelegateTake, MaxMechanismCount, MechanismCountCurrent, MechanismEmissionSplit,
    MinAllowedUids, MinBurn, MinChildkeyTake, MinDelegateTake, SubnetOwnerHotkey, SubnetworkN,
    Tempo,
    mock::{RuntimeOrigin, SubtensorModule, Test, account, events, many, signed},
};

fn set_by_number(parameter: P) -> Event<Test> {
    Event::HyperparameterSet {
        netuid: NETUID,
        parameter: parameter.number(),
    }
}

#[test]
fn a_tempo_begins_a_full_new_cycle() {
    chain().run(|| {
        jump(100);
        assert_ok!(set_as_owner(P::Tempo, 500u16));
        assert_eq!(Tempo::<Test>::get(NETUID), 500);
        assert_eq!(LastEpochBlock::<Test>::get(NETUID), 100);
        assert_eq!(SubtensorModule::blocks_until_next_epoch(NETUID), Some(500));
        assert_eq!(
            events(),
            [Event::TempoSet(NETUID, 500), set_by_number(P::Tempo)]
        );
    });
}

#[test]
fn root_may_end_the_epochs_of_a_subnet() {
    chain().run(|| {
        assert_ok!(set_as_root(P::Tempo, 0u16));
        assert_eq!(SubtensorModule::blocks_until_next_epoch(NETUID), None);
        assert_ok!(set_as_root(P::Tempo, u16::MAX));
        assert_eq!(
            SubtensorModule::blocks_until_next_epoch(NETUID),
            Some(65_535)
        );
    });
}

#[test]
fn the_calls_of_this_pallet_set_tempo_and_cutoff() {
    chain().run(|| {
        assert_ok!(SubtensorModule::set_tempo(signed(&owner()), NETUID, 360));
        assert_ok!(SubtensorModule::set_activity_cutoff_factor(
            signed(&owner()),
            NETUID,
            1_000
        ));
        assert_eq!(SubtensorModule::activity_cutoff_in_use(NETUID), 360);
        let set_tempo = |tempo| SubtensorModule::set_tempo(signed(&owner()), NETUID, tempo);
        assert_noop!(set_tempo(400), Error::<Test>::TxRateLimitExceeded);
        jump(361);
        assert_eq!(
            set_tempo(400),
            refused(Error::AdminActionProhibitedDuringWeightsWindow)
        );
        crate::AdminFreezeWindow::<Test>::put(0);
        assert_noop!(set_tempo(359), Error::<Test>::TempoOutOfBounds);
        assert_noop!(set_tempo(50_401), Error::<Test>::TempoOutOfBounds);
        assert_noop!(
            SubtensorModule::set_tempo(signed(&stranger()), NETUID, 400),
            Error::<Test>::NotSubnetOwner
        );
        assert_noop!(
            SubtensorModule::set_tempo(signed(&owner()), NetUid::new(3), 400),
            Error::<Test>::SubnetNotExists
        );
        jump(1_000);
        for factor in [999, 50_001] {
            assert_noop!(
                SubtensorModule::set_activity_cutoff_factor(signed(&owner()), NETUID, factor),
                Error::<Test>::ActivityCutoffFactorMilliOutOfBounds
            );
        }
    });
}

#[test]
fn allowing_registration_is_an_event_of_its_own() {
    chain().run(|| {
        assert_ok!(set_as_owner(P::NetworkRegistrationAllowed, false));
        assert_eq!(
            events(),
            [
                Event::RegistrationAllowed(NETUID, false),
                set_by_number(P::NetworkRegistrationAllowed)
            ]
        );
    });
}

#[test]
fn the_price_stays_within_its_new_bounds() {
    chain().run(|| {
        let tao = TaoBalance::new;
        Burn::<Test>::insert(NETUID, tao(300_000_000));
        assert_ok!(set_as_owner(P::MaxBurn, tao(300_000_000)));
        assert_eq!(events(), [set_by_number(P::MaxBurn)]);
        assert_ok!(set_as_root(P::MaxBurn, tao(200_000_000)));
        assert_eq!(Burn::<Test>::get(NETUID), tao(200_000_000));
        assert_ok!(set_as_root(P::MaxBurn, tao(2_000_000_000)));
        assert_ok!(set_as_owner(P::MinBurn, tao(900_000_000)));
        assert_eq!(Burn::<Test>::get(NETUID), tao(900_000_000));
        let prices: Vec<_> = events()
            .into_iter()
            .filter(|event| matches!(event, Event::BurnSet(..)))
            .collect();
        assert_eq!(
            prices,
            [
                Event::BurnSet(NETUID, tao(200_000_000)),
                Event::BurnSet(NETUID, tao(900_000_000))
            ]
        );
    });
}

#[test]
fn the_owner_hotkey_is_one_of_the_owners() {
    let second = account(102);
    chain().neuron(2, second.clone(), owner()).run(|| {
        let bytes: [u8; 32] = second.clone().into();
        assert_ok!(set_as_owner(P::OwnerHotkey, bytes));
        assert_eq!(SubnetOwnerHotkey::<Test>::get(NETUID), second);
        assert_eq!(
            events(),
            [
                Event::SubnetOwnerHotkeySet(NETUID, second.clone()),
                set_by_number(P::OwnerHotkey)
            ]
        );
        let of_nobody: [u8; 32] = account(150).into();
        assert_eq!(
            set_as_root(P::OwnerHotkey, of_nobody),
            refused(Error::HotKeyAccountNotExists)
        );
    });
}

#[test]
fn the_owner_hotkey_is_not_somebody_elses() {
    chain().neuron(2, account(103), stranger()).run(|| {
        let bytes: [u8; 32] = account(103).into();
        assert_eq!(
            set_as_owner(P::OwnerHotkey, bytes),
            refused(Error::NonAssociatedColdKey)
        );
        assert_eq!(SubnetOwnerHotkey::<Test>::get(NETUID), owner_hotkey());
    });
}

#[test]
fn more_mechanisms_need_room_and_make_the_split_even() {
    chain().run(|| {
        assert_eq!(
            set_as_owner(P::MechanismCount, MechId::new(2)),
            refused(Error::TooManyUIDsPerMechanism)
        );
        assert_ok!(set_as_owner(
            P::MechanismEmissionSplit,
            Some(vec![65_535u16])
        ));
        assert_ok!(set_as_owner(P::MaxAllowedUids, 128u16));
        assert_ok!(set_as_owner(P::MechanismCount, MechId::new(2)));
        assert_eq!(MechanismCountCurrent::<Test>::get(NETUID), MechId::new(2));
        assert_eq!(MechanismEmissionSplit::<Test>::get(NETUID), None);
        // Now two mechanisms share the neurons.
        assert_eq!(
            set_as_root(P::MaxAllowedUids, 129u16),
            refused(Error::TooManyUIDsPerMechanism)
        );
        assert_ok!(set_as_root(
            P::MechanismEmissionSplit,
            Some(vec![1u16, 65_534])
        ));
        assert_eq!(
            set_as_root(P::MechanismCount, MechId::new(3)),
            refused(Error::InvalidValue)
        );
    });
}

#[test]
fn trimming_removes_neurons_and_lowers_the_maximum() {
    let mut builder = chain();
    for number in 0..79 {
        builder = builder.neuron(2, many(number), account(50));
    }
    builder.run(|| {
        assert_eq!(SubnetworkN::<Test>::get(NETUID), 80);
        // Out of immunity.
        jump(6_000);
        crate::AdminFreezeWindow::<Test>::put(0);
        assert_eq!(
            set_as_owner(P::TrimToMaxAllowedUids, 63u16),
            refused(Error::InvalidValue)
        );
        assert_eq!(
            set_as_owner(P::TrimToMaxAllowedUids, 257u16),
            refused(Error::InvalidValue)
        );
        assert_ok!(set_as_owner(P::TrimToMaxAllowedUids, 70u16));
        assert_eq!(SubnetworkN::<Test>::get(NETUID), 70);
        assert_eq!(MaxAllowedUids::<Test>::get(NETUID), 70);
    });
}

#[test]
fn the_root_network_has_no_alpha_and_no_mechanisms() {
    chain().run(|| {
        for (parameter, value) in [
            (P::SubtokenEnabled, Value::Bool(false)),
            (P::SubnetEmissionEnabled, Value::Bool(false)),
            (P::MechanismCount, Value::Mechanisms(MechId::new(1))),
            (P::MechanismEmissionSplit, Value::Split(None)),
            (P::TrimToMaxAllowedUids, Value::U16(64)),
            (P::OwnerHotkey, Value::Account([1; 32])),
        ] {
            assert_eq!(
                set(RuntimeOrigin::root(), NetUid::ROOT, parameter, value),
                refused(Error::InvalidValue),
                "{parameter:?}"
            );
        }
    });
}

#[test]
fn ranges_follow_the_subnet_and_the_network() {
    chain().run(|| {
        SubnetworkN::<Test>::insert(NetUid::new(1), 1_001);
        MinAllowedUids::<Test>::insert(NETUID, 1_002);
        MaxAllowedUids::<Test>::insert(NETUID, 1_003);
        MechanismCountCurrent::<Test>::insert(NETUID, MechId::new(14));
        MaxMechanismCount::<Test>::put(15);
        MinBurn::<Test>::insert(NETUID, TaoBalance::new(1_006));
        MaxBurn::<Test>::insert(NETUID, TaoBalance::new(1_007));
        LiquidAlphaOn::<Test>::insert(NETUID, true);
        MinDelegateTake::<Test>::put(1_008);
        MaxDelegateTake::<Test>::put(1_009);
        MinChildkeyTake::<Test>::put(1_010);
        MaxChildkeyTake::<Test>::put(1_011);
        let fact = |fact| SubtensorModule::fact(NETUID, fact);
        assert_eq!(fact(Fact::IsRootNetwork), 0);
        assert_eq!(fact(Fact::Neurons), 1);
        assert_eq!(fact(Fact::MinAllowedUids), 1_002);
        assert_eq!(fact(Fact::MaxAllowedUids), 1_003);
        assert_eq!(fact(Fact::UidLimit), 256);
        assert_eq!(fact(Fact::MechanismCount), 14);
        assert_eq!(fact(Fact::MaxMechanismCount), 15);
        assert_eq!(fact(Fact::MinBurn), 1_006);
        assert_eq!(fact(Fact::MaxBurn), 1_007);
        assert_eq!(fact(Fact::LiquidAlphaEnabled), 1);
        assert_eq!(fact(Fact::MinDelegateTake), 1_008);
        assert_eq!(fact(Fact::MaxDelegateTake), 1_009);
        assert_eq!(fact(Fact::MinChildkeyTake), 1_010);
        assert_eq!(fact(Fact::MaxChildkeyTake), 1_011);
        let on_root = |fact| SubtensorModule::fact(NetUid::ROOT, fact);
        assert_eq!(on_root(Fact::IsRootNetwork), 1);
        assert_eq!(on_root(Fact::UidLimit), 64);
        assert_eq!(on_root(Fact::LiquidAlphaEnabled), 0);
        // What only this test may do to a subnet.
        SubnetworkN::<Test>::insert(NetUid::new(1), 1);
        MinAllowedUids::<Test>::remove(NETUID);
        MaxAllowedUids::<Test>::remove(NETUID);
        MechanismCountCurrent::<Test>::remove(NETUID);
        MinBurn::<Test>::remove(NETUID);
        MaxBurn::<Test>::remove(NETUID);
    });
}

#[test]
fn refusals_have_the_names_that_clients_know() {
    chain().run(|| {
        let alpha = |low: u16, high: u16| set_as_root(P::AlphaValues, (low, high));
        assert_eq!(alpha(2_000, 3_000), refused(Error::LiquidAlphaDisabled));
        assert_ok!(set_as_root(P::LiquidAlphaEnabled, true));
        assert_eq!(alpha(1_000, 1_637), refused(Error::AlphaHighTooLow));
        assert_eq!(alpha(1_637, 3_000), refused(Error::AlphaLowOutOfRange));
        assert_eq!(alpha(3_001, 3_000), refused(Error::AlphaLowOutOfRange));
        assert_ok!(alpha(3_000, 3_000));
        let reveal = |epochs: u64| set_as_root(P::CommitRevealWeightsInterval, epochs);
        assert_eq!(reveal(0), refused(Error::RevealPeriodTooSmall));
        assert_eq!(reveal(101), refused(Error::RevealPeriodTooLarge));
        assert_eq!(
            set_as_root(P::ActivityCutoff, 359u16),
            refused(Error::ActivityCutoffTooLow)
        );
        assert_eq!(
            set_as_root(P::MinChildkeyTakePerSubnet, 11_797u16),
            refused(Error::InvalidChildkeyTake)
        );
    });
}
