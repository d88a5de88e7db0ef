//! Random calls that stake, unstake and move stake, and their events in the books.
//!
//! Nobody trades on the honest subnet: what an alpha of it is worth decides nothing that is predicted, but who
//! holds it does.

use dendra_primitives::{AlphaBalance, NetUid, TaoBalance};
use weighted_pool::{FeeRate, Pool};

use super::{books::Books, chain_calls::Signed, draw, honest, rng::Rng};
use crate::{
    AccountId, Call, Event, PoolSettings, Positions, SubnetList, SubnetOwner,
    mock::{Author, Settings, SubtensorModule, Test, UNIT},
};

/// A call and who signs it.
pub(super) fn random(rng: &mut Rng) -> Signed {
    match rng.below(20) {
        0..=7 => staking(rng),
        8 => buying_and_burning(rng),
        _ => taking(rng),
    }
}

/// A subnet to trade on: most often an open one.
fn market(rng: &mut Rng) -> NetUid {
    let anywhere = draw::netuid(rng);
    match rng.below(20) {
        0 if anywhere != honest::NETUID => anywhere,
        1..=4 => NetUid::ROOT,
        _ => draw::open_netuid(rng).unwrap_or(NetUid::ROOT),
    }
}

fn amount(rng: &mut Rng) -> u64 {
    match rng.below(12) {
        0 => rng.hostile(),
        1 | 2 => u64::MAX,
        3 => rng.within(1, 3_000_000),
        4 => rng.within(1, 2_000 * UNIT),
        _ => rng.within(2_000_000, 20 * UNIT),
    }
}

/// Near a price, or anything.
fn limit(rng: &mut Rng, price: u64) -> TaoBalance {
    TaoBalance::new(if rng.chance(15) {
        rng.hostile()
    } else {
        rng.within(price / 10 * 9, price.saturating_mul(2))
    })
}

fn price(netuid: NetUid) -> u64 {
    let price = SubtensorModule::spot_price(netuid);
    price.and_then(|price| price.to_rao()).unwrap_or(UNIT)
}

fn staking(rng: &mut Rng) -> Signed {
    let (coldkey, hotkey, netuid) = (draw::coldkey(rng), draw::hotkey(rng), market(rng));
    let amount_staked = TaoBalance::new(amount(rng));
    let call = if rng.chance(50) {
        Call::add_stake {
            hotkey,
            netuid,
            amount_staked,
        }
    } else {
        Call::add_stake_limit {
            hotkey,
            netuid,
            amount_staked,
            limit_price: limit(rng, price(netuid)),
            allow_partial: rng.chance(50),
        }
    };
    (Some(coldkey), call)
}

fn buying_and_burning(rng: &mut Rng) -> Signed {
    let netuid = market(rng);
    let signer = draw::owner_or_stranger(rng, netuid);
    let call = Call::add_stake_burn {
        hotkey: draw::hotkey(rng),
        netuid,
        amount: TaoBalance::new(amount(rng)),
        limit: rng.chance(50).then(|| limit(rng, price(netuid))),
    };
    (Some(signer), call)
}

/// A position of a stranger; one that does not exist if there is none, and sometimes otherwise.
fn position(rng: &mut Rng) -> (NetUid, AccountId, AccountId) {
    let existing = SubnetList::<Test>::get();
    let held: Vec<(NetUid, AccountId, AccountId)> = Positions::<Test>::iter_keys()
        .filter(|(netuid, _, coldkey)| {
            *netuid != honest::NETUID
                && existing.contains(netuid)
                && !honest::accounts().contains(coldkey)
        })
        .collect();
    if held.is_empty() || rng.chance(10) {
        (market(rng), draw::hotkey(rng), draw::coldkey(rng))
    } else {
        rng.pick(&held).clone()
    }
}

fn taking(rng: &mut Rng) -> Signed {
    let (netuid, hotkey, coldkey) = position(rng);
    let call = match rng.below(13) {
        0 | 1 => Call::remove_stake {
            hotkey,
            netuid,
            amount_unstaked: AlphaBalance::new(amount(rng)),
        },
        2 | 3 => Call::remove_stake_limit {
            hotkey,
            netuid,
            amount_unstaked: AlphaBalance::new(amount(rng)),
            limit_price: limit(rng, price(netuid) / 2),
            allow_partial: rng.chance(50),
        },
        4 => Call::remove_stake_full_limit {
            hotkey,
            netuid,
            limit_price: rng.chance(50).then(|| limit(rng, price(netuid) / 2)),
        },
        5 if rng.chance(50) => Call::unstake_all { hotkey },
        5 => Call::unstake_all_alpha { hotkey },
        6 => Call::recycle_alpha {
            hotkey,
            amount: AlphaBalance::new(amount(rng)),
            netuid,
        },
        7 => Call::burn_alpha {
            hotkey,
            amount: AlphaBalance::new(amount(rng)),
            netuid,
        },
        _ => moving(rng, netuid, hotkey),
    };
    (Some(coldkey), call)
}

fn moving(rng: &mut Rng, origin_netuid: NetUid, hotkey: AccountId) -> Call<Test> {
    let destination_netuid = if rng.chance(40) {
        origin_netuid
    } else {
        market(rng)
    };
    let destination_hotkey = draw::hotkey(rng);
    let destination_coldkey = draw::coldkey(rng);
    let alpha_amount = AlphaBalance::new(amount(rng));
    let ratio = u128::from(price(origin_netuid)) * u128::from(UNIT)
        / u128::from(price(destination_netuid).max(1));
    let limit_price = limit(rng, u64::try_from(ratio).unwrap_or(u64::MAX) / 2);
    let allow_partial = rng.chance(50);
    match rng.below(5) {
        0 => Call::move_stake {
            origin_hotkey: hotkey,
            destination_hotkey,
            origin_netuid,
            destination_netuid,
            alpha_amount,
        },
        1 => Call::move_stake_limit {
            origin_hotkey: hotkey,
            destination_hotkey,
            origin_netuid,
            destination_netuid,
            alpha_amount,
            limit_price,
            allow_partial,
        },
        2 => Call::transfer_stake {
            destination_coldkey,
            hotkey,
            origin_netuid,
            destination_netuid,
            alpha_amount,
        },
        3 => Call::swap_stake {
            hotkey,
            origin_netuid,
            destination_netuid,
            alpha_amount,
        },
        _ => Call::swap_stake_limit {
            hotkey,
            origin_netuid,
            destination_netuid,
            alpha_amount,
            limit_price,
            allow_partial,
        },
    }
}

/// Who is given the TAO that a transfer between subnets comes to, if there is one among the events of a call.
pub(super) fn receiver<'a>(events: impl IntoIterator<Item = &'a Event<Test>>) -> Option<AccountId> {
    events.into_iter().find_map(|event| match event {
        Event::StakeTransferred(_, receiver, _, from, to, _) if from != to => {
            Some(receiver.clone())
        }
        _ => None,
    })
}

impl Books {
    /// Reads an event of a stake call. The TAO between the two legs of an exchange is in the hands of whoever
    /// ends up with the stake: it pays for the second leg what it was paid for the first.
    pub(super) fn read_stake(&mut self, event: &Event<Test>, receiver: Option<&AccountId>) {
        match event {
            Event::StakeAdded(coldkey, hotkey, tao, alpha, netuid, fee) => {
                let used = tao.get() - fee;
                self.pay_into_pool(coldkey, *netuid, used, *fee, alpha.get());
                self.deposit((*netuid, hotkey.clone(), coldkey.clone()), alpha.get());
            }
            Event::StakeRemoved(coldkey, hotkey, tao, alpha, netuid, fee) => {
                self.withdraw((*netuid, hotkey.clone(), coldkey.clone()), alpha.get());
                self.take(&SubtensorModule::subnet_account(*netuid), tao.get());
                self.add(receiver.unwrap_or(coldkey), tao.get());
                let subnet = self.subnets.get_mut(netuid).unwrap();
                subnet.tao -= tao.get();
                if !netuid.is_root() {
                    subnet.alpha_in += alpha.get() - fee;
                }
                self.settle_fee(*netuid, *fee);
            }
            Event::AlphaMoved {
                netuid,
                from,
                to,
                alpha,
            } => {
                self.withdraw((*netuid, from.0.clone(), from.1.clone()), alpha.get());
                self.deposit((*netuid, to.0.clone(), to.1.clone()), alpha.get());
            }
            Event::AlphaRecycled(coldkey, hotkey, alpha, netuid) => {
                self.withdraw((*netuid, hotkey.clone(), coldkey.clone()), alpha.get());
            }
            Event::AlphaBurned(coldkey, hotkey, alpha, netuid) => {
                self.withdraw((*netuid, hotkey.clone(), coldkey.clone()), alpha.get());
                self.subnets.get_mut(netuid).unwrap().burned += alpha.get();
            }
            Event::AddStakeBurn {
                netuid,
                amount,
                alpha,
                ..
            } => {
                let owner = SubnetOwner::<Test>::get(netuid);
                let fee = Settings::fee_rate(*netuid).of_gross(amount.get());
                self.pay_into_pool(&owner, *netuid, amount.get() - fee, fee, alpha.get());
                self.subnets.get_mut(netuid).unwrap().burned += alpha.get();
            }
            _ => {}
        }
    }

    fn pay_into_pool(
        &mut self,
        payer: &AccountId,
        netuid: NetUid,
        used: u64,
        fee: u64,
        alpha: u64,
    ) {
        self.take(payer, used);
        self.add(&SubtensorModule::subnet_account(netuid), used);
        self.pay_fee(payer, fee);
        let subnet = self.subnets.get_mut(&netuid).unwrap();
        subnet.tao += used;
        if !netuid.is_root() {
            subnet.alpha_in -= alpha;
        }
    }

    /// An alpha fee is sold for the author; burned without one, and residual if nobody buys it.
    fn settle_fee(&mut self, netuid: NetUid, fee: u64) {
        if fee == 0 {
            return;
        }
        let subnet = self.subnets.get_mut(&netuid).unwrap();
        if Author::get().is_none() {
            subnet.burned += fee;
            return;
        }
        let pool = Pool::new(
            AlphaBalance::new(subnet.alpha_in),
            TaoBalance::new(subnet.tao),
            Settings::weights(netuid),
        );
        let sale = pool.and_then(|pool| pool.sell(AlphaBalance::new(fee), FeeRate::ZERO, None));
        let Ok(sale) = sale else {
            subnet.residual += fee;
            return;
        };
        subnet.tao -= sale.tao_out.get();
        subnet.alpha_in += fee;
        self.pay_fee(&SubtensorModule::subnet_account(netuid), sale.tao_out.get());
    }
}
