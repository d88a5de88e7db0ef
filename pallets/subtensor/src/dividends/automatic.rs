//! Claims that happen by themselves: in each block some root stakers, drawn by the hash of the parent block.
//!
//! Nobody signs such a sale, so nobody can name a price for it; the chain does. All automatic sales of a block
//! on a pool together move its price by less than half of its fee ([`Pool::harmless_sale`]), and none happens
//! while the price is below half of the moving price. What is not sold is still owed.
//!
//! So trading around them does not pay: selling before and buying back after costs two fees and gains less
//! than one, however far the price was pushed. For the author of one of the two blocks, who is paid that block's
//! fees, it does not pay either, because of the second rule. Whoever authors both blocks gains at most what the
//! sale loses by that rule, half of `x·w2·fee/2` of alpha: at the common fee 1/16000 of the pool's alpha.
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
    RootHoldings, RootStakerCount, RootStakers, SubnetList, SubnetMovingPrice, SubtokenEnabled,
    WeightInfo,
    types::{AUTOMATIC_CLAIMS, MAX_REBASED, MAX_ROOT_CLAIMS},
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

/// A number that the hash of the parent block and the turn determine.
struct Draw([u8; 32]);

impl Draw {
    /// Below `count`; the first numbers are likelier by less than 2^-32.
    fn below(&self, count: u32) -> Option<u32> {
        let mut bytes = [0; 8];
        for (byte, drawn) in bytes.iter_mut().zip(self.0) {
            *byte = drawn;
        }
        let number = u64::from_le_bytes(bytes).checked_rem(u64::from(count))?;
        u32::try_from(number).ok()
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
                .below(count)
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
        let first = draw.below(count).unwrap_or(0);
        netuids.rotate_left(first as usize);
        netuids.truncate(AUTOMATIC_CLAIMS as usize);
        let demand = Demand::Automatic(allowances);
        // What fails is still owed, and its turn comes again.
        if Self::claim_on_hotkey(&hotkey, &coldkey, &netuids, demand, &mut tally).is_err() {
            tally.paid = 0;
        }
        tally
    }

    /// The first hotkey of a coldkey from the drawn place on.
    fn drawn_hotkey(coldkey: &AccountId, draw: &Draw) -> Option<AccountId> {
        let place = RootHoldings::<T>::hashed_key_for(coldkey, draw.account());
        RootHoldings::<T>::iter_key_prefix_from(coldkey, place)
            .next()
            .or_else(|| RootHoldings::<T>::iter_key_prefix(coldkey).next())
    }

    /// Alpha of a subnet that automatic claims may sell in a block.
    pub(crate) fn automatic_sales(netuid: NetUid) -> AlphaBalance {
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
        let least = SubnetMovingPrice::<T>::get(netuid).bits().checked_div(2);
        let price = pool
            .price()
            .ok()
            .and_then(|price| price.to_bits(I96F32::FRACTION_BITS))
            .and_then(|bits| i128::try_from(bits).ok());
        if price < least {
            return AlphaBalance::ZERO;
        }
        pool.harmless_sale(T::Pools::fee_rate(netuid))
    }
}
