//! Claims that happen by themselves: in each block some root stakers, drawn by the hash of the parent block.
//!
//! Nobody signs such a sale, so nobody can name a price for it; the chain does:
//!
//! 1. All automatic sales of a block on a pool together move its price by less than half of its fee
//!    ([`Pool::harmless_sale`]).
//! 2. None happens while the price is below half of the moving price, or has fallen faster than by 1/300 in
//!    a block since automatic claims last looked at the pool, and never if it has halved. Where they never
//!    looked, they look first and sell later.
//!
//! What is not sold is still owed. So trading around automatic sales does not pay: selling before and buying
//! back after costs two fees, each of which is more than the gain, while the price is pushed by no more than a
//! half; and if it is pushed further, below what it was at the last look, nothing is sold. The author of one of
//! the two blocks is paid one of the fees, and does not gain either. Whoever authors both gains at most what the
//! sale loses, half of `x·w2·fee/2` of alpha: at the common fee 1/16000 of the alpha in the pool. A price that
//! was held down for as long as the second rule asks is a price.
//!
//! [`Pool::harmless_sale`]: weighted_pool::Pool::harmless_sale

use alloc::{
    collections::{BTreeMap, btree_map::Entry},
    vec::Vec,
};

use codec::Encode;
use dendra_primitives::{AlphaBalance, I96F32, NetUid};
use frame_support::weights::WeightMeter;
use sp_io::hashing::blake2_256;

use super::settle::{Demand, Tally};
use crate::{
    AccountId, Config, NumRootClaim, Pallet, PoolSettings, RootClaimType, RootClaimable,
    RootHoldings, RootSalePrice, RootStakerCount, RootStakers, SubnetList, SubnetMovingPrice,
    SubtokenEnabled, WeightInfo,
    types::{AUTOMATIC_CLAIMS, DRAWN_HOTKEYS, MAX_REBASED, MAX_ROOT_CLAIMS, SalePrice},
};

/// Alpha that may still be sold in this block by automatic claims, by subnet. Computed when a subnet is first
/// met, before anything is sold.
#[derive(Default)]
pub(super) struct Allowances(BTreeMap<NetUid, AlphaBalance>);

impl Allowances {
    /// What may still be sold.
    pub(super) fn of<T: Config>(&mut self, netuid: NetUid) -> AlphaBalance {
        match self.0.entry(netuid) {
            Entry::Occupied(entry) => *entry.get(),
            Entry::Vacant(entry) => *entry.insert(Pallet::<T>::automatic_sales(netuid)),
        }
    }

    /// Counts a sale.
    pub(super) fn spend(&mut self, netuid: NetUid, alpha: AlphaBalance) {
        if let Some(left) = self.0.get_mut(&netuid) {
            *left = left.saturating_sub(alpha);
        }
    }
}

/// Numbers that the hash of the parent block and the turn determine.
struct Draw([u8; 32]);

/// What is drawn: each has eight bytes of its own.
#[derive(Clone, Copy)]
enum Drawn {
    Staker,
    Hotkey,
    Subnet,
}

impl Draw {
    /// A number below `count`; none below zero. The first numbers are likelier by less than 2^-32.
    fn below(&self, what: Drawn, count: u32) -> Option<u32> {
        let word = self.0.chunks_exact(8).nth(what as usize)?;
        let number = u64::from_le_bytes(word.try_into().ok()?);
        number
            .checked_rem(u64::from(count))
            .and_then(|number| u32::try_from(number).ok())
    }

    /// A place among accounts in the order of their hashes.
    fn account(&self) -> AccountId {
        AccountId::new(self.0)
    }
}

impl<T: Config> Pallet<T> {
    /// The step of the block hook that claims for some root stakers. False if there was no room for all of
    /// them.
    pub(crate) fn step_root_claims(meter: &mut WeightMeter) -> bool {
        if meter
            .try_consume(T::WeightInfo::step_root_claims_idle())
            .is_err()
        {
            return false;
        }
        let count = RootStakerCount::<T>::get();
        let most = NumRootClaim::<T>::get()
            .min(MAX_ROOT_CLAIMS)
            .min(u64::from(count));
        if most == 0 {
            return true;
        }
        let parent = frame_system::Pallet::<T>::parent_hash();
        let subnets = SubnetList::<T>::decode_len().unwrap_or(0) as u32;
        let rebased = subnets.min(MAX_REBASED);
        let draw_weight = T::WeightInfo::draw_root_staker(subnets);
        let largest =
            draw_weight.saturating_add(T::WeightInfo::claim_root(AUTOMATIC_CLAIMS, rebased));
        let mut allowances = Allowances::default();
        for turn in 0..most {
            if !meter.can_consume(largest) {
                return false;
            }
            let draw = Draw(blake2_256(&(parent, turn).encode()));
            let tally = draw
                .below(Drawn::Staker, count)
                .map(|number| Self::claim_for(number, &draw, &mut allowances))
                .unwrap_or_default();
            let claim = T::WeightInfo::claim_root(tally.claims, tally.rebased);
            meter.consume(draw_weight.saturating_add(claim));
        }
        true
    }

    /// Claims for the root staker of a number: on one hotkey, some subnets. Which ones, the draw says, so that
    /// all have their turn.
    fn claim_for(number: u32, draw: &Draw, allowances: &mut Allowances) -> Tally {
        let mut tally = Tally::default();
        let holding = RootStakers::<T>::get(number).and_then(|coldkey| {
            let hotkey = Self::drawn_hotkey(&coldkey, draw)?;
            Some((coldkey, hotkey))
        });
        let Some((coldkey, hotkey)) = holding else {
            return tally;
        };
        let mut netuids: Vec<NetUid> = RootClaimable::<T>::get(&hotkey)
            .into_iter()
            .map(|(netuid, _)| netuid)
            .collect();
        let count = netuids.len() as u32;
        if count > MAX_REBASED && Self::sells_root_dividends(&RootClaimType::<T>::get(&coldkey)) {
            return tally;
        }
        let first = draw.below(Drawn::Subnet, count).unwrap_or(0);
        netuids.rotate_left(first as usize);
        netuids.truncate(AUTOMATIC_CLAIMS as usize);
        let demand = Demand::Automatic(allowances);
        // What fails is still owed, and its turn comes again.
        if Self::claim_on_hotkey(&hotkey, &coldkey, &netuids, demand, &mut tally).is_err() {
            tally.paid = 0;
        }
        tally
    }

    /// One of the hotkeys of a coldkey: of the first ones from a drawn place on, in a circle.
    fn drawn_hotkey(coldkey: &AccountId, draw: &Draw) -> Option<AccountId> {
        let place = RootHoldings::<T>::hashed_key_for(coldkey, draw.account());
        let mut hotkeys: Vec<AccountId> = RootHoldings::<T>::iter_key_prefix_from(coldkey, place)
            .chain(RootHoldings::<T>::iter_key_prefix(coldkey))
            .take(DRAWN_HOTKEYS)
            .collect();
        let index = draw.below(Drawn::Hotkey, hotkeys.len() as u32)?;
        Some(hotkeys.swap_remove(index as usize))
    }

    /// Alpha of a subnet that automatic claims may sell in this block. Looks at the price, and remembers it.
    fn automatic_sales(netuid: NetUid) -> AlphaBalance {
        if !SubtokenEnabled::<T>::get(netuid) {
            return AlphaBalance::ZERO;
        }
        if !Self::has_pool(netuid) {
            // There is no price to move.
            return AlphaBalance::new(u64::MAX);
        }
        let Ok(pool) = Self::pool(netuid) else {
            return AlphaBalance::ZERO;
        };
        let bits = |fraction| pool.price().ok()?.to_bits(fraction);
        let (Some(price), Some(published)) = (bits(64), bits(I96F32::FRACTION_BITS)) else {
            return AlphaBalance::ZERO;
        };
        let block = Self::block();
        let least = RootSalePrice::<T>::get(netuid).map(|last| last.least_in(block));
        let remembered = SalePrice {
            price: price.max(least.unwrap_or(0)),
            block,
        };
        RootSalePrice::<T>::insert(netuid, remembered);
        let half = SubnetMovingPrice::<T>::get(netuid).bits().checked_div(2);
        let has_fallen =
            least.is_none_or(|least| price < least) || i128::try_from(published).ok() < half;
        if has_fallen {
            return AlphaBalance::ZERO;
        }
        pool.harmless_sale(T::Pools::fee_rate(netuid))
    }
}
