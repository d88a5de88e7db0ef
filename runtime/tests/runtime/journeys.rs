//! Whole journeys of subnets on the real runtime, with transactions as clients sign them: create, start,
//! register, set weights or commit and reveal them, and epochs that pay what the specification predicts.

use crate::common::{account, development, end_block, signed, start_block};
use dendra_primitives::{AlphaBalance, MechId, NetUid, NetUidIndex, TaoBalance};
use dendra_runtime::{
    AccountId, Balances, Executive, Runtime, RuntimeCall, SubtensorModule, System, TAO,
};
use pallet_admin_utils::Call as Setter;
use pallet_subtensor::{Call, *};
use sp_core::H256;
use sp_runtime::transaction_validity::{InvalidTransaction, TransactionValidityError};
use std::collections::BTreeMap;

const SUBNET: NetUid = NetUid::new(2);
const MECHANISM: MechId = MechId::new(0);
/// Hotkeys of the miners (uids 1 to 3) and of the validators (uids 4 and 5).
const MINERS: [&str; 3] = ["//miner/1", "//miner/2", "//miner/3"];
const VALIDATORS: [&str; 2] = ["//validator/1", "//validator/2"];

/// A chain that is lived on: blocks follow each other, and each signer counts its own nonces.
struct Chain {
    block: u32,
    nonces: BTreeMap<String, u32>,
}

impl Chain {
    fn start() -> Self {
        start_block(1, 1);
        Self {
            block: 1,
            nonces: BTreeMap::new(),
        }
    }

    /// Ends the block and begins the next ones until `block` has begun.
    fn go_to(&mut self, block: u32) {
        while self.block < block {
            end_block();
            self.block += 1;
            start_block(self.block, self.block.into());
        }
    }

    fn try_send(
        &mut self,
        seed: &str,
        call: impl Into<RuntimeCall>,
    ) -> Result<(), TransactionValidityError> {
        let nonce = self.nonces.entry(seed.into()).or_default();
        let result = Executive::apply_extrinsic(signed(seed, *nonce, 0, call.into()))?;
        *nonce += 1;
        result.map_err(|error| panic!("{seed}: {error:?}"))
    }

    fn send(&mut self, seed: &str, call: impl Into<RuntimeCall>) {
        self.try_send(seed, call).unwrap();
    }

    fn sudo(&mut self, call: impl Into<RuntimeCall>) {
        let call = Box::new(call.into());
        self.send("//Alice", pallet_sudo::Call::sudo { call });
        let done = System::events().into_iter().rev().any(|record| {
            matches!(
                record.event,
                dendra_runtime::RuntimeEvent::Sudo(pallet_sudo::Event::Sudid {
                    sudo_result: Ok(())
                })
            )
        });
        assert!(done, "the sudo call failed");
    }
}

fn free(seed: &str) -> u64 {
    Balances::free_balance(account(seed))
}

/// Stake until it can be bought: alpha out of nothing, counted as issued.
fn stake(hotkey: &str, coldkey: &str, alpha: u64) {
    let alpha = AlphaBalance::new(alpha);
    SubnetAlphaOut::<Runtime>::mutate(SUBNET, |out| *out = out.checked_add(alpha).unwrap());
    SubtensorModule::deposit(&account(hotkey), &account(coldkey), SUBNET, alpha).unwrap();
}

/// What a block issues to the miners of a subnet whose owner has no cut and that has no root stake, and as much to
/// its validators: half of 10^9 (section 3.3 of the economics).
const HALF: u64 = 500_000_000;

/// What the epoch of a later block will find: for miners, and for validators.
fn pots_at(block: u32) -> [u64; 2] {
    let blocks = u64::from(block - System::block_number());
    let pending = PendingEmissions::<Runtime>::get(SUBNET);
    [
        pending.server.get() + HALF * blocks,
        pending.validator.get() + HALF * blocks,
    ]
}

/// Creates and starts a subnet of `//Alice`, with three miners of `//Bob` and two validators of
/// `//Charlie` that hold equal stake and have their permits.
fn subnet_at_work() -> Chain {
    let mut chain = Chain::start();
    let hotkey = account("//owner");
    let before = free("//Alice");
    chain.send("//Alice", Call::register_network { hotkey });
    assert!(before - free("//Alice") >= 1_000 * TAO);
    assert_eq!(
        SubnetTAO::<Runtime>::get(SUBNET),
        TaoBalance::new(1_000 * TAO)
    );
    assert_eq!(SubnetOwner::<Runtime>::get(SUBNET), account("//Alice"));
    chain.go_to(2);
    chain.send("//Alice", Call::start_call { netuid: SUBNET });
    assert_eq!(FirstEmissionBlockNumber::<Runtime>::get(SUBNET), Some(3));
    assert!(SubtokenEnabled::<Runtime>::get(SUBNET));
    chain.sudo(Setter::sudo_set_weights_set_rate_limit {
        netuid: SUBNET,
        weights_set_rate_limit: 0,
    });
    // Then nobody but the validators has stake, and theirs is equal.
    chain.sudo(Setter::sudo_set_owner_cut_enabled {
        netuid: SUBNET,
        enabled: false,
    });
    chain.go_to(3);
    for (coldkey, hotkeys) in [("//Bob", &MINERS[..]), ("//Charlie", &VALIDATORS[..])] {
        for hotkey in hotkeys {
            let hotkey = account(hotkey);
            chain.send(
                coldkey,
                Call::burned_register {
                    netuid: SUBNET,
                    hotkey,
                },
            );
        }
    }
    assert_eq!(SubnetworkN::<Runtime>::get(SUBNET), 6);
    for (uid, hotkey) in (1..).zip(MINERS.iter().chain(&VALIDATORS)) {
        assert_eq!(Uids::<Runtime>::get(SUBNET, account(hotkey)), Some(uid));
        assert_eq!(free(hotkey), 0, "hotkeys own nothing");
    }
    for validator in VALIDATORS {
        stake(validator, "//Charlie", 500 * TAO);
    }
    // Permits come with an epoch.
    chain.go_to(next_epoch());
    assert_eq!(
        ValidatorPermit::<Runtime>::get(SUBNET).to_vec(),
        [true, false, false, false, true, true]
    );
    chain
}

/// The block of the next automatic epoch.
fn next_epoch() -> u32 {
    let last = LastEpochBlock::<Runtime>::get(SUBNET);
    (last + u64::from(Tempo::<Runtime>::get(SUBNET))) as u32
}

/// One in 32 fractional bits.
const ONE: u64 = 1 << 32;

/// What an epoch gives to miners when two validators of equal stake say the same: their weights, quantised
/// (incentive), and the amounts, of what is divided. Computed from sections 5 and 7 of the consensus alone.
fn predict(values: [u64; 3], divided: u64) -> ([u16; 3], [u64; 3]) {
    let most = *values.iter().max().unwrap();
    // The greatest weight becomes 65535; half a unit rounds up.
    let stored = values.map(|value| (2 * value * 65_535 + most) / (2 * most));
    let sum: u64 = stored.iter().sum();
    let weights = stored.map(|value| ((value as u128 * ONE as u128) / sum as u128) as u64);
    // Both agree, so nothing is clipped. Each has half of the active stake.
    let ranks = weights.map(|weight| 2 * ((weight as u128 * (ONE / 2) as u128) >> 32) as u64);
    let total: u64 = ranks.iter().sum();
    let incentive = ranks.map(|rank| ((rank as u128 * ONE as u128) / total as u128) as u64);
    let quantised = incentive.map(|part| ((part as u128 * 65_535) >> 32) as u16);
    // Dividends of the two are one half each, exactly.
    let both = incentive.iter().sum::<u64>() + ONE;
    let amounts = incentive.map(|part| {
        let share = (part as u128 * ONE as u128) / both as u128;
        ((share * divided as u128) >> 32) as u64
    });
    (quantised, amounts)
}

fn alpha_of(hotkey: &str, coldkey: &str) -> u64 {
    SubtensorModule::stake_of(&account(hotkey), &account(coldkey), SUBNET).get()
}

fn assert_miners_earned(before: [u64; 3], expected: ([u16; 3], [u64; 3])) {
    let (incentive, amounts) = expected;
    let index = NetUidIndex::from_parts(SUBNET, MECHANISM).unwrap();
    assert_eq!(Incentive::<Runtime>::get(index)[1..4], incentive);
    let earned = Emission::<Runtime>::get(SUBNET)[1..4]
        .iter()
        .map(|amount| amount.get())
        .collect::<Vec<_>>();
    assert_eq!(earned, amounts);
    for (place, miner) in MINERS.iter().enumerate() {
        let gained = alpha_of(miner, "//Bob") - before[place];
        assert_eq!(gained, amounts[place], "{miner}");
    }
}

fn miners_alpha() -> [u64; 3] {
    MINERS.map(|miner| alpha_of(miner, "//Bob"))
}

#[test]
fn plain_weights_pay_miners_what_the_specification_predicts() {
    development().execute_with(|| {
        let mut chain = subnet_at_work();
        chain.send(
            "//Alice",
            Setter::sudo_set_commit_reveal_weights_enabled {
                netuid: SUBNET,
                enabled: false,
            },
        );
        chain.go_to(chain.block + 1);
        for validator in VALIDATORS {
            chain.send(
                validator,
                Call::set_weights {
                    netuid: SUBNET,
                    dests: vec![1, 2, 3],
                    weights: vec![100, 300, 250],
                    version_key: 0,
                },
            );
            assert_eq!(free(validator), 0, "setting weights is free of charge");
        }
        let before = miners_alpha();
        let validators = VALIDATORS.map(|validator| alpha_of(validator, "//Charlie"));
        let [server, validator] = pots_at(next_epoch());
        chain.go_to(next_epoch());
        assert_miners_earned(before, predict([100, 300, 250], server + validator));
        // Two validators of equal stake share their pot evenly, to the owner of both.
        for (key, before) in VALIDATORS.iter().zip(validators) {
            let gained = alpha_of(key, "//Charlie") - before;
            assert!(validator / 2 - gained <= 1, "{key} has {gained}");
        }
        end_block();
    });
}

fn commit_of(seed: &str, weights: &[u16], salt: u16) -> H256 {
    // The encoding of the specification, written out: key, index, three lists, version.
    let mut bytes = <AccountId as AsRef<[u8]>>::as_ref(&account(seed)).to_vec();
    bytes.extend(2_u16.to_le_bytes());
    for list in [&[1, 2, 3][..], weights, &[salt, 7]] {
        bytes.push((list.len() as u8) << 2);
        bytes.extend(list.iter().flat_map(|item| item.to_le_bytes()));
    }
    bytes.extend(0_u64.to_le_bytes());
    H256(sp_io::hashing::blake2_256(&bytes))
}

#[test]
fn committed_weights_pay_after_their_reveal_and_not_before() {
    development().execute_with(|| {
        let mut chain = subnet_at_work();
        let weights = vec![65_535, 20_000, 10_000];
        for (validator, salt) in VALIDATORS.into_iter().zip([11, 12]) {
            let commit_hash = commit_of(validator, &weights, salt);
            chain.send(
                validator,
                Call::commit_weights {
                    netuid: SUBNET,
                    commit_hash,
                },
            );
        }
        let reveal = |salt: u16| Call::reveal_weights {
            netuid: SUBNET,
            uids: vec![1, 2, 3],
            values: vec![65_535, 20_000, 10_000],
            salt: vec![salt, 7],
            version_key: 0,
        };
        // Too early: the pool refuses it, and it costs nothing.
        let refused = chain.try_send(VALIDATORS[0], reveal(11));
        assert_eq!(refused, Err(InvalidTransaction::Custom(17).into()));

        let before = miners_alpha();
        chain.go_to(next_epoch());
        // With nobody's weights the stake decides, and the validators have it all.
        assert_eq!(miners_alpha(), before, "nothing is revealed yet");
        for (validator, salt) in VALIDATORS.into_iter().zip([11, 12]) {
            chain.send(validator, reveal(salt));
        }
        let [server, validator] = pots_at(next_epoch());
        chain.go_to(next_epoch());
        let divided = server + validator;
        assert_miners_earned(before, predict([65_535, 20_000, 10_000], divided));
        // What was revealed is gone.
        let again = chain.try_send(VALIDATORS[0], reveal(11));
        assert_eq!(again, Err(InvalidTransaction::Custom(16).into()));
        end_block();
    });
}

#[test]
fn an_unregistered_hotkey_cannot_use_free_calls() {
    development().execute_with(|| {
        let mut chain = subnet_at_work();
        let call = || Call::set_weights {
            netuid: SUBNET,
            dests: vec![1],
            weights: vec![1],
            version_key: 0,
        };
        // Nobody's key has no account at all.
        let refused = chain.try_send("//stranger", call());
        assert_eq!(refused, Err(InvalidTransaction::Payment.into()));
        // A funded key that is no neuron is told so by number.
        chain.send(
            "//Alice",
            Setter::sudo_set_commit_reveal_weights_enabled {
                netuid: SUBNET,
                enabled: false,
            },
        );
        let refused = chain.try_send("//Dave", call());
        assert_eq!(refused, Err(InvalidTransaction::Custom(19).into()));
        end_block();
    });
}

#[test]
fn a_dissolved_subnet_pays_its_holders_and_leaves_no_trace() {
    development().execute_with(|| {
        let mut chain = subnet_at_work();
        let pot = SubnetTAO::<Runtime>::get(SUBNET).get();
        let charlie = free("//Charlie");
        let held: u64 = VALIDATORS
            .map(|key| alpha_of(key, "//Charlie"))
            .iter()
            .sum();
        let weight = held
            + MINERS.map(|key| alpha_of(key, "//Bob")).iter().sum::<u64>()
            + alpha_of("//owner", "//Alice")
            + SubnetAlphaIn::<Runtime>::get(SUBNET).get();
        chain.sudo(Call::root_dissolve_network { netuid: SUBNET });
        assert!(!SubtensorModule::exists(SUBNET));
        chain.go_to(chain.block + 3);
        assert!(DissolveCleanupQueue::<Runtime>::get().is_empty());
        let due = (u128::from(pot) * u128::from(held) / u128::from(weight)) as u64;
        let paid = free("//Charlie") - charlie;
        assert!(
            paid.abs_diff(due) <= 2,
            "{paid} is more than the rounding away from {due}"
        );
        let account: AccountId = SubtensorModule::subnet_account(SUBNET);
        assert_eq!(Balances::free_balance(&account), 0);
        assert_eq!(SubnetworkN::<Runtime>::get(SUBNET), 0);
        let hotkey = crate::common::account("//next");
        chain.send("//Bob", Call::register_network { hotkey });
        assert!(SubtensorModule::exists(SUBNET), "the netuid is used again");
        end_block();
    });
}
