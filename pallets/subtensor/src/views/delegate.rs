//! Hotkeys that stake for others (section B.4 of the interface).

use alloc::{collections::BTreeMap, vec::Vec};

use codec::Compact;
use dendra_primitives::{AlphaBalance, NetUid, Price, Proportion16, Rounding, TaoBalance};
use dendra_runtime_api::{DelegateInfo, Delegation, SubnetStake};
use subnet_emission::{daily_return, return_per_1000};

use crate::{
    AccountId, AlphaDividendsPerSubnet, Config, Delegates, IsNetworkMember, Owner, Pallet,
    Positions, StakingHotkeys, Tempo, TotalHotkeyAlpha, Uids, ValidatorPermit,
};

/// The most positions that one answer lists. What is beyond them is left out.
pub(crate) const MAX_LISTED: usize = 100_000;

/// Price and tempo of subnets, read once each.
struct Rates(BTreeMap<NetUid, (Option<Price>, u16)>);

impl Rates {
    fn of<T: Config>(&mut self, netuid: NetUid) -> (Option<Price>, u16) {
        *self
            .0
            .entry(netuid)
            .or_insert_with(|| (Pallet::<T>::spot_price(netuid), Tempo::<T>::get(netuid)))
    }
}

impl<T: Config> Pallet<T> {
    /// Every delegate with all who stake on it, by hotkey.
    ///
    /// **Reads:** for each delegate two, three for each subnet with stake on it, three for each of its neurons,
    /// and three for each position on it, of which at most [`MAX_LISTED`] are read for all delegates together:
    /// the last delegates come without their stakers then.
    pub fn delegates() -> Vec<DelegateInfo> {
        let mut takes: Vec<(AccountId, u16)> = Delegates::<T>::iter().collect();
        takes.sort_unstable();
        let mut rates = Rates(BTreeMap::new());
        let mut room = MAX_LISTED;
        takes
            .into_iter()
            .map(|(hotkey, take)| {
                let nominators = Self::nominators_of(&hotkey, &mut room);
                Self::delegate_info(hotkey, take, nominators, &mut rates)
            })
            .collect()
    }

    /// A delegate with all who stake on it, at most [`MAX_LISTED`] positions; none if the hotkey has no take
    /// of its own. It costs as much as one of [`Pallet::delegates`].
    pub fn delegate(hotkey: AccountId) -> Option<DelegateInfo> {
        let take = Delegates::<T>::try_get(&hotkey).ok()?;
        let mut room = MAX_LISTED;
        let nominators = Self::nominators_of(&hotkey, &mut room);
        Some(Self::delegate_info(
            hotkey,
            take,
            nominators,
            &mut Rates(BTreeMap::new()),
        ))
    }

    /// Delegates on which a coldkey has stake, once for each subnet with some of it and without their other
    /// stakers; subnets ascending.
    ///
    /// **Reads:** those of the coldkey's positions, and for each delegate those of [`Pallet::delegates`] but
    /// for the positions on it.
    pub fn delegated(coldkey: &AccountId) -> Vec<Delegation> {
        let mut rates = Rates(BTreeMap::new());
        let known: BTreeMap<AccountId, DelegateInfo> = StakingHotkeys::<T>::get(coldkey)
            .into_iter()
            .filter_map(|hotkey| {
                let take = Delegates::<T>::try_get(&hotkey).ok()?;
                let info = Self::delegate_info(hotkey.clone(), take, Vec::new(), &mut rates);
                Some((hotkey, info))
            })
            .collect();
        Self::positions_of(coldkey)
            .into_iter()
            .filter_map(|(netuid, hotkey, stake)| {
                let info = known.get(&hotkey)?;
                Some((info.clone(), (Compact(netuid), Compact(stake))))
            })
            .collect()
    }

    /// Who stakes on a hotkey, by coldkey, each with the subnets ascending. Takes the number of positions from
    /// `room` and stops where there is none.
    pub(crate) fn nominators_of(
        hotkey: &AccountId,
        room: &mut usize,
    ) -> Vec<(AccountId, Vec<SubnetStake>)> {
        let mut nominators: BTreeMap<AccountId, Vec<SubnetStake>> = BTreeMap::new();
        for netuid in Self::staked_subnets(hotkey) {
            let coldkeys = Positions::<T>::iter_key_prefix((netuid, hotkey));
            for coldkey in coldkeys.take(*room) {
                *room = room.saturating_sub(1);
                let stake = Self::stake_of(hotkey, &coldkey, netuid);
                if !stake.is_zero() {
                    let subnets = nominators.entry(coldkey).or_default();
                    subnets.push((Compact(netuid), Compact(stake.get())));
                }
            }
        }
        nominators.into_iter().collect()
    }

    fn delegate_info(
        hotkey: AccountId,
        take: u16,
        nominators: Vec<(AccountId, Vec<SubnetStake>)>,
        rates: &mut Rates,
    ) -> DelegateInfo {
        let (registrations, validator_permits) = Self::neurons_of(&hotkey);
        let (earned, stake) = Self::returns_of(&hotkey, take, rates);
        DelegateInfo {
            take: Compact(take),
            nominators,
            owner_ss58: Owner::<T>::get(&hotkey),
            registrations,
            validator_permits,
            return_per_1000: Compact(return_per_1000(earned, stake).get()),
            total_daily_return: Compact(earned.get()),
            delegate_ss58: hotkey,
        }
    }

    /// Subnets on which a hotkey has a neuron, and those on which that neuron has a permit, ascending.
    fn neurons_of(hotkey: &AccountId) -> (Vec<Compact<NetUid>>, Vec<Compact<NetUid>>) {
        let mut subnets: Vec<(NetUid, u16)> = IsNetworkMember::<T>::iter_key_prefix(hotkey)
            .filter_map(|netuid| Some((netuid, Uids::<T>::get(netuid, hotkey)?)))
            .collect();
        subnets.sort_unstable();
        let has_permit = |(netuid, uid): &&(NetUid, u16)| {
            let permits = ValidatorPermit::<T>::get(netuid);
            permits.get(usize::from(*uid)).copied().unwrap_or(false)
        };
        let named = |(netuid, _): &(NetUid, u16)| Compact(*netuid);
        (
            subnets.iter().map(named).collect(),
            subnets.iter().filter(has_permit).map(named).collect(),
        )
    }

    /// What all who stake on a hotkey would earn in a day of 7200 blocks, if every epoch paid as the last one,
    /// and what that stake is worth.
    ///
    /// Both are sums over the subnets but root, in rao at the spot price of each. Counted is what the last
    /// epoch paid less the owner's take. Stake on root earns alpha of all subnets, which is not counted, and
    /// neither is that stake. **Rounding:** down, for each subnet.
    fn returns_of(hotkey: &AccountId, take: u16, rates: &mut Rates) -> (TaoBalance, TaoBalance) {
        let take = Proportion16::from_parts(take);
        let mut earned = TaoBalance::ZERO;
        let mut staked = TaoBalance::ZERO;
        for netuid in Self::staked_subnets(hotkey) {
            if netuid.is_root() {
                continue;
            }
            let (price, tempo) = rates.of::<T>(netuid);
            let worth = |alpha: AlphaBalance| {
                price
                    .and_then(|price| price.tao_for(alpha, Rounding::Down))
                    .unwrap_or_default()
            };
            let dividend = AlphaDividendsPerSubnet::<T>::get(netuid, hotkey);
            // Sums of shown amounts; the most that 64 bits hold says enough.
            earned = earned.saturating_add(worth(daily_return(dividend, take, tempo)));
            staked = staked.saturating_add(worth(TotalHotkeyAlpha::<T>::get(hotkey, netuid)));
        }
        (earned, staked)
    }
}
