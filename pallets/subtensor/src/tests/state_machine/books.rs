//! What accounts hold, kept from events alone.
//!
//! The books begin as a copy of the chain and then read its events, besides what the tests themselves put
//! into the chain. They know the rules of shares (`share-ledger`) and who made a block.

use std::collections::{BTreeMap, BTreeSet};

use dendra_primitives::{AlphaBalance, NetUid, TaoBalance};
use share_ledger::{Position, SharePool};

use super::honest;
use crate::{
    AccountId, Event,
    mock::{Author, ExistentialDeposit, SubtensorModule, Test},
    types::{Payment, PendingEmission},
};

/// What is known of a subnet.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Subnet {
    pub(super) tao: u64,
    pub(super) alpha_in: u64,
    pub(super) pending: PendingEmission,
    pub(super) residual: u64,
    pub(super) burned: u64,
    /// Kept for root stakers to claim.
    pub(super) root_pot: u64,
    /// Bought by the chain.
    pub(super) protocol: u64,
    /// Paid, burned and recycled since the last epoch.
    pub(super) spent: u64,
    /// Hotkeys by uid; none where one was just removed.
    pub(super) neurons: Vec<Option<AccountId>>,
    /// Whether it is being cleaned up.
    pub(super) is_closing: bool,
    /// Paid to its holders.
    pub(super) returned: u64,
    /// Alpha that shared in what it had when it was dissolved, and that of the holders served so far.
    pub(super) weight: u64,
    pub(super) served: u64,
}

impl Subnet {
    /// What the next holder is due of the pool of a dissolved subnet: a part as great as that of its alpha.
    fn serve(&mut self, alpha: u64) -> u64 {
        let due = |served: u64| {
            u128::from(self.tao) * u128::from(served) / u128::from(self.weight.max(1))
        };
        let part = due(self.served + alpha) - due(self.served);
        self.served += alpha;
        part as u64
    }
}

/// The books.
#[derive(Default)]
pub(super) struct Books {
    pub(super) issuance: u64,
    pub(super) balances: BTreeMap<AccountId, u64>,
    pub(super) pools: BTreeMap<(NetUid, AccountId), SharePool>,
    pub(super) positions: BTreeMap<(NetUid, AccountId, AccountId), Position>,
    pub(super) subnets: BTreeMap<NetUid, Subnet>,
    pub(super) owners: BTreeMap<AccountId, AccountId>,
    /// Coldkeys whose swap is announced.
    pub(super) announced: BTreeSet<AccountId>,
    /// Epochs that ran on subnets of strangers.
    pub(super) epochs: u64,
    /// Subnets that were cleaned up.
    pub(super) cleaned: u64,
    /// Neurons that were replaced or trimmed.
    pub(super) removed: u64,
}

impl Books {
    fn subnet(&mut self, netuid: NetUid) -> &mut Subnet {
        self.subnets
            .get_mut(&netuid)
            .expect("events name existing subnets")
    }

    pub(super) fn add(&mut self, account: &AccountId, tao: u64) {
        *self.balances.entry(account.clone()).or_default() += tao;
    }

    pub(super) fn take(&mut self, account: &AccountId, tao: u64) {
        let balance = self.balances.get_mut(account).expect("only holders pay");
        *balance = balance
            .checked_sub(tao)
            .expect("nobody pays more than they hold");
    }

    /// TAO out of nothing.
    pub(super) fn mint(&mut self, account: &AccountId, tao: u64) {
        self.add(account, tao);
        self.issuance += tao;
    }

    /// TAO that is gone.
    pub(super) fn burn(&mut self, account: &AccountId, tao: u64) {
        self.take(account, tao);
        self.issuance -= tao;
    }

    pub(super) fn deposit(&mut self, at: (NetUid, AccountId, AccountId), alpha: u64) {
        let pool = self.pools.entry((at.0, at.1.clone())).or_default();
        let position = self.positions.entry(at).or_default();
        (*pool, *position) = pool.deposit(*position, AlphaBalance::new(alpha)).unwrap();
    }

    pub(super) fn withdraw(&mut self, at: (NetUid, AccountId, AccountId), alpha: u64) {
        let pool = self.pools.get_mut(&(at.0, at.1.clone())).unwrap();
        let position = self.positions.get_mut(&at).unwrap();
        (*pool, *position) = pool.withdraw(*position, AlphaBalance::new(alpha)).unwrap();
        self.tidy(&at);
    }

    pub(super) fn close(&mut self, at: (NetUid, AccountId, AccountId)) -> u64 {
        let pool = self.pools.get_mut(&(at.0, at.1.clone())).unwrap();
        let position = self.positions.get_mut(&at).unwrap();
        let (rest, worth) = pool.close(*position).unwrap();
        (*pool, *position) = (rest, Position::default());
        self.tidy(&at);
        worth.get()
    }

    /// Forgets what is empty.
    fn tidy(&mut self, at: &(NetUid, AccountId, AccountId)) {
        let key = (at.0, at.1.clone());
        if self
            .positions
            .get(at)
            .is_some_and(|position| position.is_empty())
        {
            self.positions.remove(at);
        }
        // The dust of a pool goes with its last position only when a subnet is dissolved.
        let is_closing = self
            .subnets
            .get(&at.0)
            .is_some_and(|subnet| subnet.is_closing);
        if self
            .pools
            .get(&key)
            .is_some_and(|pool| pool.shares() == 0 && (is_closing || pool.value().is_zero()))
        {
            self.pools.remove(&key);
        }
    }

    /// The fee of a trade: to the author, if it can open or has an account.
    pub(super) fn pay_fee(&mut self, payer: &AccountId, fee: u64) {
        let author = Author::get();
        let held = |account: &AccountId| self.balances.get(account).copied().unwrap_or(0);
        match author {
            Some(author) if held(&author) + fee >= ExistentialDeposit::get() => {
                self.take(payer, fee);
                self.add(&author, fee);
            }
            _ => self.burn(payer, fee),
        }
    }

    /// Alpha staked on a subnet.
    pub(super) fn staked(&self, netuid: NetUid) -> u64 {
        let pools = self.pools.iter().filter(|((other, _), _)| *other == netuid);
        pools.map(|(_, pool)| pool.value().get()).sum()
    }

    /// Reads an event.
    pub(super) fn read(&mut self, event: &Event<Test>) {
        match event {
            Event::NetworkAdded(..)
            | Event::NetworkRemoved(_)
            | Event::NetworkFunded { .. }
            | Event::HolderPaid { .. }
            | Event::NetworkCleaned { .. } => self.read_subnet(event),
            Event::NeuronRegistered(..)
            | Event::NeuronRemoved { .. }
            | Event::NetworkTrimmed { .. }
            | Event::RegistrationPaid { .. }
            | Event::HotkeyAssociated { .. } => self.read_neuron(event),
            Event::AlphaPaid { .. }
            | Event::RootDividendPaid { .. }
            | Event::MinerEmissionWithheld { .. }
            | Event::DividendRecycled { .. }
            | Event::EpochRan { .. }
            | Event::EpochSkipped { .. } => self.read_epoch(event),
            Event::RootClaimed {
                netuid,
                hotkey,
                coldkey,
                alpha,
                tao,
            } => self.read_claim(*netuid, (hotkey, coldkey), alpha.get(), *tao),
            Event::TaoEmitted { pools } => {
                for (netuid, tao) in pools {
                    self.mint(&SubtensorModule::subnet_account(*netuid), tao.get());
                    self.subnet(*netuid).tao += tao.get();
                }
            }
            _ => {}
        }
    }

    /// Takes over what a block adds to pools and to what is pending. The TAO is what events say.
    pub(super) fn issue(&mut self, foreseen: Vec<(NetUid, Subnet)>) {
        for (netuid, after) in foreseen {
            let known = self.subnet(netuid);
            known.alpha_in = after.alpha_in;
            known.pending = after.pending;
            known.residual = after.residual;
            known.protocol = after.protocol;
        }
    }

    fn read_subnet(&mut self, event: &Event<Test>) {
        match event {
            Event::NetworkFunded {
                netuid,
                coldkey,
                tao,
                alpha,
            } => {
                self.take(coldkey, tao.get());
                self.add(&SubtensorModule::subnet_account(*netuid), tao.get());
                let subnet = self.subnet(*netuid);
                subnet.tao = tao.get();
                subnet.alpha_in = alpha.get();
            }
            Event::NetworkRemoved(netuid) => {
                let staked = self.staked(*netuid);
                let subnet = self.subnet(*netuid);
                subnet.is_closing = true;
                subnet.weight = staked + subnet.alpha_in + subnet.protocol;
                let account = SubtensorModule::subnet_account(*netuid);
                self.mint(&account, ExistentialDeposit::get());
            }
            Event::HolderPaid {
                netuid,
                hotkey,
                coldkey,
                alpha,
                tao,
            } => {
                let worth = self.close((*netuid, hotkey.clone(), coldkey.clone()));
                assert_eq!(
                    worth,
                    alpha.get(),
                    "a holder gives up what the position was worth"
                );
                let due = self.subnet(*netuid).serve(worth);
                let held = self.balances.get(coldkey).copied().unwrap_or(0);
                let opens_account = held + due >= ExistentialDeposit::get();
                let expected = if opens_account { due } else { 0 };
                assert_eq!(tao.get(), expected, "what a holder is paid");
                self.take(&SubtensorModule::subnet_account(*netuid), tao.get());
                self.add(coldkey, tao.get());
                self.subnet(*netuid).returned += tao.get();
            }
            Event::NetworkCleaned {
                netuid,
                paid,
                recycled,
            } => {
                let subnet = self.subnets.remove(netuid).unwrap();
                assert!(subnet.is_closing, "only a removed subnet is cleaned up");
                assert_eq!(paid.get(), subnet.returned, "what holders were paid");
                let account = SubtensorModule::subnet_account(*netuid);
                assert_eq!(self.balances.get(&account), Some(&recycled.get()));
                self.burn(&account, recycled.get());
                let left = self.positions.keys().any(|(other, ..)| other == netuid);
                assert!(!left, "a holder of a dissolved subnet was forgotten");
                self.cleaned += 1;
            }
            _ => {}
        }
    }

    fn read_neuron(&mut self, event: &Event<Test>) {
        match event {
            Event::NeuronRegistered(netuid, uid, hotkey) => {
                let neurons = &mut self.subnets.entry(*netuid).or_default().neurons;
                let place = usize::from(*uid);
                if place == neurons.len() {
                    neurons.push(Some(hotkey.clone()));
                } else {
                    assert_eq!(neurons[place], None, "a uid was given away twice");
                    neurons[place] = Some(hotkey.clone());
                }
            }
            Event::NeuronRemoved {
                netuid,
                uid,
                hotkey,
            } => {
                let removed = self.subnet(*netuid).neurons[usize::from(*uid)].take();
                assert_eq!(
                    removed.as_ref(),
                    Some(hotkey),
                    "the neuron that was removed"
                );
                self.removed += 1;
            }
            Event::NetworkTrimmed { netuid, left, .. } => {
                let neurons = &mut self.subnet(*netuid).neurons;
                neurons.retain(Option::is_some);
                assert_eq!(neurons.len(), usize::from(*left));
            }
            Event::RegistrationPaid {
                netuid,
                coldkey,
                tao,
                fee,
                alpha,
                ..
            } => {
                let used = tao.get() - fee.get();
                self.take(coldkey, used);
                self.add(&SubtensorModule::subnet_account(*netuid), used);
                self.pay_fee(coldkey, fee.get());
                let subnet = self.subnet(*netuid);
                subnet.tao += used;
                subnet.alpha_in -= alpha.get();
            }
            Event::HotkeyAssociated { coldkey, hotkey } => {
                let before = self.owners.insert(hotkey.clone(), coldkey.clone());
                assert_eq!(before, None, "a hotkey changed hands");
            }
            _ => {}
        }
    }

    fn read_payment(&mut self, netuid: NetUid, payment: &Payment) {
        let Payment {
            hotkey,
            coldkey,
            alpha,
        } = payment;
        self.subnet(netuid).spent += alpha.get();
        if let Some(coldkey) = coldkey {
            self.deposit((netuid, hotkey.clone(), coldkey.clone()), alpha.get());
        } else {
            let pool = self.pools.get_mut(&(netuid, hotkey.clone())).unwrap();
            *pool = pool.add_value(*alpha).unwrap();
        }
    }

    /// Alpha of the pot of root becomes stake, or is sold for TAO that goes to root and becomes stake there.
    fn read_claim(
        &mut self,
        netuid: NetUid,
        (hotkey, coldkey): (&AccountId, &AccountId),
        alpha: u64,
        tao: Option<TaoBalance>,
    ) {
        self.subnet(netuid).root_pot -= alpha;
        let Some(tao) = tao.map(TaoBalance::get) else {
            self.deposit((netuid, hotkey.clone(), coldkey.clone()), alpha);
            return;
        };
        let subnet = self.subnet(netuid);
        subnet.alpha_in += alpha;
        subnet.tao -= tao;
        self.subnet(NetUid::ROOT).tao += tao;
        self.take(&SubtensorModule::subnet_account(netuid), tao);
        self.add(&SubtensorModule::subnet_account(NetUid::ROOT), tao);
        self.deposit((NetUid::ROOT, hotkey.clone(), coldkey.clone()), tao);
    }

    fn read_epoch(&mut self, event: &Event<Test>) {
        match event {
            Event::RootDividendPaid { netuid, alpha, .. } => {
                let subnet = self.subnet(*netuid);
                subnet.spent += alpha.get();
                subnet.root_pot += alpha.get();
            }
            Event::AlphaPaid {
                netuid, payments, ..
            } => {
                for payment in payments {
                    self.read_payment(*netuid, payment);
                }
            }
            Event::MinerEmissionWithheld { netuid, alpha, how } => {
                let subnet = self.subnet(*netuid);
                subnet.spent += alpha.get();
                if *how == dendra_primitives::records::RecycleOrBurnEnum::Burn {
                    subnet.burned += alpha.get();
                }
            }
            Event::DividendRecycled { netuid, alpha } => {
                self.subnet(*netuid).spent += alpha.get();
            }
            Event::EpochRan {
                netuid,
                divided,
                residual,
                ..
            } => {
                self.epochs += u64::from(*netuid != honest::NETUID);
                let subnet = self.subnet(*netuid);
                let pending = std::mem::take(&mut subnet.pending);
                let spent = std::mem::take(&mut subnet.spent);
                assert_eq!(pending.divisible(), Some(*divided));
                let before = pending.total().unwrap().get() + subnet.residual;
                assert_eq!(before - spent, residual.get(), "what an epoch leaves over");
                subnet.residual = residual.get();
            }
            Event::EpochSkipped { netuid, error } => {
                panic!("the epoch of {netuid:?} failed: {error:?}");
            }
            _ => {}
        }
    }
}
