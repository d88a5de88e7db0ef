//! Stake of accounts, and what moving it costs (section B.1 of the interface).
//!
//! Nothing can be locked on this chain: what is staked can be moved, and reads of locks and of conviction
//! answer that there are none.

use alloc::{
    collections::{BTreeMap, BTreeSet},
    vec::Vec,
};

use codec::Compact;
use dendra_primitives::{AlphaBalance, NetUid, TaoBalance, U64F64, records::LockState};
use dendra_runtime_api::{StakeAvailability, StakeInfo};

use crate::{
    AccountId, AlphaDividendsPerSubnet, Config, Pallet, PoolSettings, StakingHotkeys,
    TotalHotkeyAlpha, Uids, types::MAX_NETUIDS,
};

impl<T: Config> Pallet<T> {
    /// Every position of a coldkey that is worth something: subnets ascending, on each the hotkeys in the order
    /// in which the coldkey came to stake on them.
    ///
    /// **Reads:** one for each hotkey that the coldkey stakes on and one for each subnet with stake on such a
    /// hotkey; five for each position.
    pub fn stake_of_coldkey(coldkey: &AccountId) -> Vec<StakeInfo> {
        Self::positions_of(coldkey)
            .into_iter()
            .map(|(netuid, hotkey, stake)| Self::stake_info(hotkey, coldkey, netuid, stake))
            .collect()
    }

    /// The same for several coldkeys, in the order asked for. It costs as much as asking for each.
    pub fn stake_of_coldkeys(coldkeys: Vec<AccountId>) -> Vec<(AccountId, Vec<StakeInfo>)> {
        coldkeys
            .into_iter()
            .map(|coldkey| {
                let stake = Self::stake_of_coldkey(&coldkey);
                (coldkey, stake)
            })
            .collect()
    }

    /// One position, with zero stake when nothing is staked. Five reads.
    pub fn stake_of_position(hotkey: AccountId, coldkey: &AccountId, netuid: NetUid) -> StakeInfo {
        let stake = if Self::exists(netuid) {
            Self::stake_of(&hotkey, coldkey, netuid)
        } else {
            AlphaBalance::ZERO
        };
        Self::stake_info(hotkey, coldkey, netuid, stake)
    }

    /// What each coldkey has staked on each subnet, and what of it can be moved: all of it. Each coldkey asked
    /// for appears, a subnet only with stake on it.
    ///
    /// `netuids`: none for all subnets. An empty list names none, and one that is longer than there can be
    /// subnets is taken for an empty one. It costs as much as asking for the positions of each coldkey.
    pub fn stake_availability(
        coldkeys: Vec<AccountId>,
        netuids: Option<Vec<NetUid>>,
    ) -> BTreeMap<AccountId, BTreeMap<NetUid, StakeAvailability>> {
        let wanted: Option<BTreeSet<NetUid>> = netuids.map(|list| {
            let is_possible = list.len() <= usize::from(MAX_NETUIDS);
            list.into_iter().filter(|_| is_possible).collect()
        });
        let is_wanted =
            |netuid: &NetUid| wanted.as_ref().is_none_or(|wanted| wanted.contains(netuid));
        let names_none = wanted.as_ref().is_some_and(BTreeSet::is_empty);
        coldkeys
            .into_iter()
            .map(|coldkey| {
                let mut totals: BTreeMap<NetUid, AlphaBalance> = BTreeMap::new();
                if !names_none {
                    for (netuid, _, stake) in Self::positions_of(&coldkey) {
                        if is_wanted(&netuid) {
                            let total = totals.entry(netuid).or_default();
                            // Parts of the alpha of one subnet.
                            *total = total.saturating_add(stake);
                        }
                    }
                }
                let available = totals
                    .into_iter()
                    .map(|(netuid, total)| (netuid, all_available(total)))
                    .collect();
                (coldkey, available)
            })
            .collect()
    }

    /// The lock of a coldkey on a subnet; nothing can be locked.
    pub fn lock_of_coldkey(_: &AccountId, _: NetUid) -> Option<LockState> {
        None
    }

    /// The conviction of all locks behind a hotkey; nothing can be locked.
    pub fn conviction_of_hotkey(_: &AccountId, _: NetUid) -> U64F64 {
        U64F64::ZERO
    }

    /// The hotkey with the highest conviction; nothing can be locked.
    pub fn most_convicted_hotkey(_: NetUid) -> Option<AccountId> {
        None
    }

    /// The fee of moving stake, in units of what is moved: alpha of the origin, TAO on root and of new stake.
    ///
    /// It is charged once: by the pool of the origin, or of the destination when stake is new or comes from
    /// where there is no pool, such as root. On the same subnet, and where there is no pool, it is nothing. **Rounding:** down, as in the
    /// trade; a price limit that is reached makes it less.
    pub fn stake_fee(origin: Option<NetUid>, destination: Option<NetUid>, amount: u64) -> u64 {
        let charging = match (origin, destination) {
            (Some(origin), Some(destination)) if origin == destination => None,
            (Some(origin), destination) if !Self::has_pool(origin) => destination,
            (Some(origin), _) => Some(origin),
            (None, destination) => destination,
        };
        charging
            .filter(|netuid| Self::exists(*netuid) && Self::has_pool(*netuid))
            .map_or(0, |netuid| T::Pools::fee_rate(netuid).of_gross(amount))
    }

    /// Subnet, hotkey and stake of each position of a coldkey that is worth something, subnets ascending.
    pub(super) fn positions_of(coldkey: &AccountId) -> Vec<(NetUid, AccountId, AlphaBalance)> {
        let mut positions: Vec<(NetUid, AccountId, AlphaBalance)> = Vec::new();
        for hotkey in StakingHotkeys::<T>::get(coldkey) {
            for netuid in Self::staked_subnets(&hotkey) {
                let stake = Self::stake_of(&hotkey, coldkey, netuid);
                if !stake.is_zero() {
                    positions.push((netuid, hotkey.clone(), stake));
                }
            }
        }
        // Stable: the hotkeys of a subnet keep their order.
        positions.sort_by_key(|(netuid, ..)| *netuid);
        positions
    }

    /// Subnets with stake on a hotkey, ascending. A read for each of them, and for each that is being cleaned up.
    pub(super) fn staked_subnets(hotkey: &AccountId) -> Vec<NetUid> {
        let mut subnets: Vec<NetUid> = TotalHotkeyAlpha::<T>::iter_key_prefix(hotkey)
            .filter(|netuid| Self::exists(*netuid))
            .collect();
        subnets.sort_unstable();
        subnets
    }

    fn stake_info(
        hotkey: AccountId,
        coldkey: &AccountId,
        netuid: NetUid,
        stake: AlphaBalance,
    ) -> StakeInfo {
        StakeInfo {
            coldkey: coldkey.clone(),
            netuid: Compact(netuid),
            stake: Compact(stake),
            locked: Compact(0),
            emission: Compact(AlphaDividendsPerSubnet::<T>::get(netuid, &hotkey)),
            tao_emission: Compact(TaoBalance::ZERO),
            drain: Compact(0),
            is_registered: Uids::<T>::contains_key(netuid, &hotkey),
            hotkey,
        }
    }
}

/// Stake of which nothing is locked.
fn all_available(total: AlphaBalance) -> StakeAvailability {
    StakeAvailability {
        total: Compact(total),
        locked: Compact(AlphaBalance::ZERO),
        available: Compact(total),
    }
}
