//! A day of emission against a model written from the specification in another language.
//!
//! `models/emission_day.py` describes the file that it writes and this test reads. Epochs run as they do on a
//! chain: what they drain is compared with what the model drains, and the rest of a payout is not this test's.

use std::collections::BTreeMap;

use dendra_primitives::I96F32;
use frame_support::{
    storage::with_storage_layer,
    traits::{Hooks, tokens::Preservation},
};
use sp_io::hashing::sha2_256;
use sp_runtime::DispatchError;

use super::*;

const FILE: &str = include_str!("../../../models/emission_day.csv");

/// A number of a line.
fn number<N: std::str::FromStr>(cells: &[&str], place: usize) -> N {
    let cell = cells[place];
    let Ok(number) = cell.parse() else {
        panic!("{cell} is no number that fits");
    };
    number
}

fn netuid_of(cells: &[&str], place: usize) -> NetUid {
    NetUid::new(number(cells, place))
}

/// The lines of one kind, as cells without the kind.
fn lines(kind: &str) -> Vec<Vec<&'static str>> {
    FILE.lines()
        .map(|line| line.split(',').collect::<Vec<_>>())
        .filter(|cells| cells[0] == kind)
        .map(|cells| cells[1..].to_vec())
        .collect()
}

/// Who has the TAO that is nowhere else, and trades.
fn trader() -> AccountId {
    account(199)
}

/// Moves TAO between the trader and the account of a subnet, so that the pool has so much.
fn trade(netuid: NetUid, alpha_in: u64, reserve: u64) {
    let before = SubnetTAO::<Test>::get(netuid).get();
    let own = SubtensorModule::subnet_account(netuid);
    let (from, to) = if reserve > before {
        (trader(), own)
    } else {
        (own, trader())
    };
    let amount = reserve.abs_diff(before);
    <Balances as Mutate<_>>::transfer(&from, &to, amount, Preservation::Preserve).unwrap();
    TotalStake::<Test>::mutate(|total| *total = tao(total.get() - before + reserve));
    SubnetTAO::<Test>::insert(netuid, tao(reserve));
    SubnetAlphaIn::<Test>::insert(netuid, alpha(alpha_in));
}

/// Makes a change that a line names.
fn change(what: &str, netuid: NetUid, first: u64, second: u64) {
    match what {
        "enabled" => SubnetEmissionEnabled::<Test>::insert(netuid, first == 1),
        "registration" => NetworkRegistrationAllowed::<Test>::insert(netuid, first == 1),
        "subtoken" => SubtokenEnabled::<Test>::insert(netuid, first == 1),
        "pays_owner" => OwnerCutEnabled::<Test>::insert(netuid, first == 1),
        "burned" => MinerBurned::<Test>::insert(netuid, first),
        "root" => set_root(SubnetTAO::<Test>::get(NetUid::ROOT).get() + first),
        "reserves" => trade(netuid, first, second),
        other => panic!("{other} cannot change"),
    }
}

/// What was counted so far.
struct Day {
    subnets: Vec<NetUid>,
    /// Drained for consensus, and for the owner.
    drained: BTreeMap<NetUid, (u64, u64)>,
    recycled: u64,
    digest: [u8; 32],
}

impl Day {
    /// Puts the chain into the state in which the day begins.
    fn begin() -> Self {
        let terms = &lines("terms")[0];
        TaoWeight::<Test>::put(number::<u64>(terms, 0));
        SubnetOwnerCut::<Test>::put(number::<u16>(terms, 1));
        SubnetMovingAlpha::<Test>::put(I96F32::from_bits(number(terms, 2)));
        EMAPriceHalvingBlocks::<Test>::put(number::<u64>(terms, 3));
        MaxEpochsPerBlock::<Test>::put(u8::MAX);
        System::set_block_number(number::<u64>(terms, 4) - 1);
        set_root(number(terms, 6));
        let issuance: u64 = number(terms, 5);
        Balances::mint_into(&trader(), issuance - Balances::total_issuance()).unwrap();
        let subnets = lines("subnet");
        for cells in &subnets {
            let netuid = netuid_of(cells, 0);
            trade(netuid, number(cells, 1), number(cells, 2));
            set_alpha_out(netuid, number(cells, 3));
            Settings::set_weights(netuid, Weights::from_tao(number(cells, 4)).unwrap());
            FirstEmissionBlockNumber::<Test>::insert(netuid, number::<u64>(cells, 5));
            let price = MovingPrice::from_bits(number(cells, 6)).unwrap();
            SubtensorModule::put_moving_price(netuid, price);
            let switches = ["enabled", "registration", "subtoken", "pays_owner"];
            for (what, place) in switches.into_iter().zip(7..) {
                change(what, netuid, number(cells, place), 0);
            }
            Tempo::<Test>::insert(netuid, number::<u16>(cells, 11));
            LastEpochBlock::<Test>::insert(netuid, number::<u64>(cells, 12));
            change("burned", netuid, number(cells, 13), 0);
        }
        Self {
            subnets: subnets.iter().map(|cells| netuid_of(cells, 0)).collect(),
            drained: BTreeMap::new(),
            recycled: 0,
            digest: [0; 32],
        }
    }

    fn block(&mut self, block: u64) {
        System::set_block_number(block);
        System::reset_events();
        let owners = self.foresee();
        SubtensorModule::on_initialize(block);
        for record in System::events() {
            match record.event {
                RuntimeEvent::SubtensorModule(Event::EmissionRecycled(rest)) => {
                    self.recycled += rest.get();
                }
                RuntimeEvent::SubtensorModule(Event::EpochRan {
                    netuid, divided, ..
                }) => {
                    // The first subnet of the chain has epochs, too, and is no part of the model.
                    let drained = self.drained.entry(netuid).or_default();
                    drained.0 += divided.get();
                    drained.1 += owners.get(&netuid).copied().unwrap_or_default();
                }
                _ => {}
            }
        }
        let amounts: Vec<String> = self.subnets.iter().map(|one| self.amounts(*one)).collect();
        let line = format!(
            "{block};{};{};{}",
            Balances::total_issuance(),
            self.recycled,
            amounts.join(";")
        );
        self.digest = sha2_256(&[&self.digest[..], line.as_bytes()].concat());
    }

    /// What is pending for owners of subnets whose epochs are due, once this block has issued.
    fn foresee(&self) -> BTreeMap<NetUid, u64> {
        let is_due = |netuid: &NetUid| SubtensorModule::due_since(*netuid).is_some();
        let due: Vec<NetUid> = self.subnets.iter().copied().filter(is_due).collect();
        let mut owners = BTreeMap::new();
        if due.is_empty() {
            return owners;
        }
        let _ = with_storage_layer(|| {
            SubtensorModule::step_emission(&mut WeightMeter::new());
            for netuid in due {
                owners.insert(netuid, pending(netuid).owner.get());
            }
            Err::<(), _>(DispatchError::Other("a dry run"))
        });
        owners
    }

    /// The amounts of a subnet, as a line has them.
    fn amounts(&self, netuid: NetUid) -> String {
        let pending = pending(netuid);
        let (drained, drained_for_owner) = self.drained.get(&netuid).copied().unwrap_or_default();
        let amounts: [u128; 16] = [
            netuid.get().into(),
            SubnetAlphaIn::<Test>::get(netuid).get().into(),
            SubnetTAO::<Test>::get(netuid).get().into(),
            SubnetAlphaOut::<Test>::get(netuid).get().into(),
            Settings::weights(netuid).tao().into(),
            SubnetProtocolAlpha::<Test>::get(netuid).get().into(),
            pending.server.get().into(),
            pending.validator.get().into(),
            pending.root.get().into(),
            pending.owner.get().into(),
            drained.into(),
            drained_for_owner.into(),
            MovingPriceBits::<Test>::get(netuid),
            SubnetTaoInEmission::<Test>::get(netuid).get().into(),
            SubnetAlphaInEmission::<Test>::get(netuid).get().into(),
            SubnetAlphaOutEmission::<Test>::get(netuid).get().into(),
        ];
        amounts.map(|amount| amount.to_string()).join(",")
    }
}

#[test]
fn a_day_issues_what_the_model_does() {
    let mut checked = 0;
    chain(20).run(|| {
        let mut day = Day::begin();
        let [changes, states, totals] = ["change", "state", "total"].map(lines);
        let first = System::block_number() + 1;
        for block in first..first + 7_200 {
            let is_now = |cells: &&Vec<&str>| number::<u64>(cells, 0) == block;
            for cells in changes.iter().filter(is_now) {
                let netuid = netuid_of(cells, 2);
                change(cells[1], netuid, number(cells, 3), number(cells, 4));
            }
            day.block(block);
            for cells in states.iter().filter(is_now) {
                let amounts = day.amounts(netuid_of(cells, 1));
                assert_eq!(amounts, cells[1..].join(","), "block {block}");
            }
            if let Some(cells) = totals.iter().find(is_now) {
                assert_eq!(Balances::total_issuance(), number::<u64>(cells, 1));
                assert_eq!(day.recycled, number::<u64>(cells, 2));
                let digest: String = day
                    .digest
                    .iter()
                    .map(|byte| format!("{byte:02x}"))
                    .collect();
                assert_eq!(digest, cells[3], "some amount before block {block}");
                SubtensorModule::do_try_state().unwrap();
                checked += 1;
            }
        }
        assert_eq!(checked, totals.len());
    });
    assert_eq!(checked, 13, "checkpoints of the file");
}
