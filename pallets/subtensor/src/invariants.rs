//! What always holds. Checked after every test, after every step of the fuzzer and by `try_state`.
//!
//! 1. The list of subnets, the map of subnets and their number agree.
//! 2. TAO: there is no more than the supply allows; the account of a subnet holds what its pool counts; all pools together are the total stake.
//! 3. Alpha: what is outside of a pool is in positions, bought by the chain, pending, burned or residual.
//! 4. Shares: the positions of a hotkey have all shares of its pool, and are worth no more than it.
//! 5. Neurons: uids and hotkeys are one to one, without gaps; every column is as long as the table.
//! 6. Rows name neurons of their subnet; no stranger has commits.
//! 7. Prices of registration stay within their bounds.
//! 8. Keys: a hotkey is in its owner's list and in no other.
//! 9. Symbols in use are those of existing subnets.
//! 10. Root dividends: the pot of a subnet holds what can be claimed and what waits for the next payment. Who has
//!     root stake or kept dividends is in the numbered list, and nobody else.
//! 11. Delegation: every edge from a parent to a child has both ends, and nobody lends more than all; the indexes of
//!     lenders, of scheduled children and of destinations name exactly what is there.
//! 12. The moving price that clients see is the one that counts, rounded down; it is at most one.

use alloc::{
    collections::{BTreeMap, BTreeSet},
    vec::Vec,
};

use dendra_primitives::{AlphaBalance, MovingPrice, NetUid, TaoBalance};
use frame_support::{ensure, traits::fungible::Inspect};
use sp_runtime::TryRuntimeError;

use crate::{types::FREE_PARENTS, *};

type Check = Result<(), TryRuntimeError>;

impl<T: Config> Pallet<T> {
    /// Checks everything.
    pub fn do_try_state() -> Check {
        Self::check_list()?;
        Self::check_tao()?;
        Self::check_shares()?;
        for netuid in SubnetList::<T>::get() {
            Self::check_alpha(netuid)?;
            Self::check_neurons(netuid)?;
            Self::check_rows(netuid)?;
            Self::check_moving_price(netuid)?;
        }
        Self::check_keys()?;
        Self::check_symbols()?;
        Self::check_root_dividends()?;
        Self::check_root_stakers()?;
        Self::check_delegation()
    }

    fn check_list() -> Check {
        let list = SubnetList::<T>::get();
        let sorted = list.windows(2).all(|pair| pair.first() < pair.last());
        ensure!(sorted, "the list of subnets is out of order");
        ensure!(
            usize::from(TotalNetworks::<T>::get()) == list.len(),
            "the number of subnets is not that of their list"
        );
        let added = NetworksAdded::<T>::iter().filter(|(_, added)| *added);
        ensure!(
            added
                .map(|(netuid, _)| netuid)
                .all(|netuid| list.contains(&netuid)),
            "a subnet exists that is not in the list"
        );
        ensure!(
            list.iter().all(NetworksAdded::<T>::get),
            "a subnet is in the list that does not exist"
        );
        let queue = DissolveCleanupQueue::<T>::get();
        ensure!(
            queue.iter().all(|netuid| !list.contains(netuid)),
            "a subnet is cleaned up that exists"
        );
        Ok(())
    }

    fn check_tao() -> Check {
        let mut total = TaoBalance::ZERO;
        for netuid in SubnetList::<T>::get() {
            let pool = SubnetTAO::<T>::get(netuid);
            let held = T::Currency::total_balance(&Self::subnet_account(netuid));
            ensure!(
                held >= pool.get(),
                "the account of a subnet holds less than its pool"
            );
            total = total.saturating_add(pool);
        }
        ensure!(
            Self::issuance() <= TaoBalance::MAX_SUPPLY,
            "there is more TAO than ever may be"
        );
        ensure!(
            TotalStake::<T>::get() == total,
            "the total stake is not the sum of the pools"
        );
        Ok(())
    }

    fn check_alpha(netuid: NetUid) -> Check {
        if netuid.is_root() {
            ensure!(
                SubnetTAO::<T>::get(netuid).get() == TotalAlphaStaked::<T>::get(netuid).get(),
                "the stake on root is not what its pool holds"
            );
            return Ok(());
        }
        let parts = AlphaBalance::checked_sum([
            TotalAlphaStaked::<T>::get(netuid),
            SubnetProtocolAlpha::<T>::get(netuid),
            PendingEmissions::<T>::get(netuid)
                .total()
                .ok_or("pending amounts overflow")?,
            SubnetResidual::<T>::get(netuid),
            RootDividendPot::<T>::get(netuid),
            BurnedAlpha::<T>::get(netuid),
        ]);
        ensure!(
            parts == Some(SubnetAlphaOut::<T>::get(netuid)),
            "the alpha outside of a pool is not the sum of its parts"
        );
        let price = Burn::<T>::get(netuid);
        let bounds = MinBurn::<T>::get(netuid)..=MaxBurn::<T>::get(netuid);
        ensure!(
            bounds.contains(&price),
            "the price of registering is outside of its bounds"
        );
        Ok(())
    }

    fn check_moving_price(netuid: NetUid) -> Check {
        let price = MovingPrice::from_bits(MovingPriceBits::<T>::get(netuid))
            .ok_or("a moving price is above one")?;
        ensure!(
            SubnetMovingPrice::<T>::get(netuid) == price.into(),
            "a moving price is not the one that clients see"
        );
        Ok(())
    }

    fn check_shares() -> Check {
        let mut staked: BTreeMap<NetUid, AlphaBalance> = BTreeMap::new();
        for (hotkey, netuid, value) in TotalHotkeyAlpha::<T>::iter() {
            ensure!(
                HotkeyPools::<T>::get(&hotkey, netuid).value == value,
                "the value of a pool is not the stake on its hotkey"
            );
            let sum = staked.entry(netuid).or_default();
            *sum = sum.saturating_add(value);
        }
        let totals: BTreeMap<_, _> = TotalAlphaStaked::<T>::iter()
            .filter(|(_, total)| !total.is_zero())
            .collect();
        ensure!(
            staked == totals,
            "the alpha staked is not the sum over hotkeys"
        );

        let mut worth: BTreeMap<(AccountId, NetUid), AlphaBalance> = BTreeMap::new();
        let mut counts: BTreeMap<(AccountId, AccountId), u16> = BTreeMap::new();
        for ((netuid, hotkey, coldkey), _) in Positions::<T>::iter() {
            let count = counts.entry((hotkey.clone(), coldkey.clone())).or_default();
            *count = count.saturating_add(1);
            ensure!(
                frame_system::Pallet::<T>::sufficients(&coldkey) > 0,
                "a coldkey that stakes cannot sign without TAO"
            );
            let stake = Self::stake_of(&hotkey, &coldkey, netuid);
            let sum = worth.entry((hotkey, netuid)).or_default();
            *sum = sum.saturating_add(stake);
        }
        for ((hotkey, netuid), sum) in &worth {
            let pool = TotalHotkeyAlpha::<T>::get(hotkey, netuid);
            ensure!(*sum <= pool, "positions are worth more than their pool");
        }
        let counted: BTreeMap<(AccountId, AccountId), u16> = PositionCounts::<T>::iter()
            .map(|(hotkey, coldkey, count)| ((hotkey, coldkey), count))
            .collect();
        ensure!(counted == counts, "positions are counted wrongly");
        let mut listed = 0_usize;
        for (coldkey, hotkeys) in StakingHotkeys::<T>::iter() {
            ensure!(
                hotkeys
                    .iter()
                    .all(|hotkey| counts.contains_key(&(hotkey.clone(), coldkey.clone()))),
                "a coldkey stakes on a hotkey without a position"
            );
            listed = listed.saturating_add(hotkeys.len());
        }
        ensure!(
            listed == counts.len(),
            "a coldkey does not know where it stakes, or twice"
        );
        let without = TotalHotkeyAlpha::<T>::iter()
            .any(|(hotkey, netuid, _)| !worth.contains_key(&(hotkey, netuid)));
        ensure!(!without, "a pool has no positions");
        Ok(())
    }

    fn check_neurons(netuid: NetUid) -> Check {
        let count = SubnetworkN::<T>::get(netuid);
        ensure!(
            count <= MaxAllowedUids::<T>::get(netuid),
            "there are more neurons than allowed"
        );
        let members = Self::uid_holders(netuid);
        ensure!(
            members.len() == usize::from(count),
            "the record of neurons is not as long as the table"
        );
        for (uid, member) in (0..count).zip(members) {
            let hotkey = Keys::<T>::get(netuid, uid);
            ensure!(
                member.hotkey == hotkey
                    && member.coldkey == Owner::<T>::get(&hotkey)
                    && member.registered_at == BlockAtRegistration::<T>::get(netuid, uid),
                "the record of neurons is not what the maps say"
            );
            ensure!(
                Uids::<T>::get(netuid, &hotkey) == Some(uid),
                "a uid and its hotkey disagree"
            );
            ensure!(
                IsNetworkMember::<T>::get(&hotkey, netuid),
                "a neuron is not a member of its subnet"
            );
            ensure!(
                BlockAtRegistration::<T>::contains_key(netuid, uid),
                "a neuron never registered"
            );
        }
        let length = usize::from(count);
        ensure!(
            Uids::<T>::iter_key_prefix(netuid).count() == length
                && Keys::<T>::iter_key_prefix(netuid).count() == length
                && BlockAtRegistration::<T>::iter_key_prefix(netuid).count() == length,
            "there are uids beyond the number of neurons"
        );
        let columns = [
            ValidatorPermit::<T>::decode_len(netuid),
            Active::<T>::decode_len(netuid),
            Consensus::<T>::decode_len(netuid),
            Dividends::<T>::decode_len(netuid),
            Emission::<T>::decode_len(netuid),
            ValidatorTrust::<T>::decode_len(netuid),
            StakeWeight::<T>::decode_len(netuid),
        ];
        let by_mechanism = Self::mechanisms(netuid).into_iter().flat_map(|index| {
            [
                LastUpdate::<T>::decode_len(index),
                WeightsFrom::<T>::decode_len(index),
                Incentive::<T>::decode_len(index),
            ]
        });
        ensure!(
            columns
                .into_iter()
                .chain(by_mechanism)
                .all(|found| found.unwrap_or(0) == length),
            "a column is not as long as the table of neurons"
        );
        Ok(())
    }

    fn check_rows(netuid: NetUid) -> Check {
        let count = SubnetworkN::<T>::get(netuid);
        for index in Self::mechanisms(netuid) {
            let rows = Weights::<T>::iter_prefix(index).chain(Bonds::<T>::iter_prefix(index));
            for (uid, row) in rows {
                ensure!(uid < count, "a row belongs to no neuron");
                ensure!(
                    row.iter().all(|(target, _)| *target < count),
                    "a row names no neuron"
                );
            }
            for (hotkey, queue) in WeightCommits::<T>::iter_prefix(index) {
                ensure!(
                    Uids::<T>::contains_key(netuid, &hotkey),
                    "a stranger has commits"
                );
                ensure!(!queue.is_empty(), "an empty queue of commits is stored");
            }
        }
        let known: Vec<_> = Axons::<T>::iter_key_prefix(netuid).collect();
        ensure!(
            known
                .iter()
                .all(|hotkey| Uids::<T>::contains_key(netuid, hotkey)),
            "a stranger serves"
        );
        Ok(())
    }

    fn check_keys() -> Check {
        let mut listed = 0_usize;
        for (coldkey, hotkeys) in OwnedHotkeys::<T>::iter() {
            for hotkey in &hotkeys {
                ensure!(
                    Owner::<T>::contains_key(hotkey) && Owner::<T>::get(hotkey) == coldkey,
                    "a coldkey lists a hotkey that is not its own"
                );
            }
            listed = listed.saturating_add(hotkeys.len());
        }
        ensure!(
            Owner::<T>::iter_keys().count() == listed,
            "a hotkey is not in its owner's list, or twice"
        );
        Ok(())
    }

    fn check_symbols() -> Check {
        for (symbol, netuid) in SymbolsInUse::<T>::iter() {
            ensure!(
                Self::exists(netuid) && TokenSymbol::<T>::get(netuid) == symbol,
                "a symbol is in use by nobody"
            );
        }
        Ok(())
    }

    fn check_root_dividends() -> Check {
        let mut promised: BTreeMap<NetUid, AlphaBalance> = BTreeMap::new();
        let mut promise = |netuid: NetUid, alpha: AlphaBalance| {
            let sum = promised.entry(netuid).or_default();
            *sum = sum.saturating_add(alpha);
        };
        for (coldkey, hotkey, _) in RootHoldings::<T>::iter() {
            for netuid in RootClaimable::<T>::get(&hotkey).keys() {
                let account = Self::root_account(*netuid, &hotkey, &coldkey)?;
                let rate = subnet_emission::RootRate::from_fixed(
                    RootClaimable::<T>::get(&hotkey)
                        .get(netuid)
                        .copied()
                        .unwrap_or_default(),
                )
                .ok_or("a rate of root dividends is negative")?;
                let owed = account
                    .owed(rate, Self::root_stake(&hotkey, &coldkey))
                    .map_err(|_| "what a root staker is owed overflows")?;
                promise(*netuid, owed);
            }
        }
        for (netuid, hotkey, rest) in RootDividendRest::<T>::iter() {
            ensure!(
                RootClaimable::<T>::get(&hotkey).contains_key(&netuid),
                "a rest of root dividends has no rate"
            );
            promise(netuid, rest);
        }
        for (hotkey, rates) in RootClaimable::<T>::iter() {
            ensure!(!rates.is_empty(), "an empty list of rates is stored");
            ensure!(
                rates
                    .keys()
                    .all(|netuid| RootDividendRest::<T>::contains_key(netuid, &hotkey)),
                "a rate of root dividends is not known by its subnet"
            );
        }
        for netuid in SubnetList::<T>::get() {
            ensure!(
                promised.get(&netuid).copied().unwrap_or_default()
                    <= RootDividendPot::<T>::get(netuid),
                "more root dividends can be claimed than there are"
            );
        }
        Ok(())
    }

    fn check_root_stakers() -> Check {
        let mut holdings: BTreeMap<(AccountId, AccountId), types::RootHolding> = BTreeMap::new();
        let mut staked: BTreeMap<AccountId, AlphaBalance> = BTreeMap::new();
        for (hotkey, coldkey) in Positions::<T>::iter_key_prefix((NetUid::ROOT,)) {
            let sum = staked.entry(hotkey.clone()).or_default();
            *sum = sum.saturating_add(Self::stake_of(&hotkey, &coldkey, NetUid::ROOT));
            holdings.entry((coldkey, hotkey)).or_default().stakes = true;
        }
        ensure!(
            staked
                .iter()
                .all(|(hotkey, sum)| TotalHotkeyAlpha::<T>::get(hotkey, NetUid::ROOT) == *sum),
            "positions on root are not worth their pool exactly"
        );
        for ((netuid, hotkey, coldkey), kept) in RootKept::<T>::iter() {
            ensure!(!kept.is_zero(), "kept root dividends of nothing are stored");
            ensure!(
                !RootClaimed::<T>::contains_key((netuid, &hotkey, &coldkey)),
                "root dividends are claimed and kept at once"
            );
            let holding = holdings.entry((coldkey, hotkey)).or_default();
            holding.kept = holding.kept.saturating_add(1);
        }
        let stored: BTreeMap<_, _> = RootHoldings::<T>::iter()
            .map(|(coldkey, hotkey, holding)| ((coldkey, hotkey), holding))
            .collect();
        ensure!(
            stored == holdings,
            "what coldkeys have of root is not what is stored"
        );
        let coldkeys: alloc::collections::BTreeSet<&AccountId> =
            stored.keys().map(|(coldkey, _)| coldkey).collect();
        let count = RootStakerCount::<T>::get();
        ensure!(
            coldkeys.len() == count as usize
                && RootStakers::<T>::iter_keys().count() == coldkeys.len()
                && RootStakerNumber::<T>::iter_keys().count() == coldkeys.len(),
            "the list of root stakers is not as long as they are many"
        );
        for (coldkey, number) in RootStakerNumber::<T>::iter() {
            ensure!(
                coldkeys.contains(&coldkey)
                    && RootStakers::<T>::get(number) == Some(coldkey)
                    && number < count,
                "a root staker has no number of its own"
            );
        }
        Ok(())
    }

    fn check_delegation() -> Check {
        Self::check_edges()?;
        Self::check_pending_children()?;
        // Subnets that are cleaned up lose these in pieces.
        let exists = |netuid: &NetUid| Self::exists(*netuid);
        let chosen: BTreeSet<(NetUid, AccountId)> = AutoStakeDestination::<T>::iter_keys()
            .map(|(coldkey, netuid)| (netuid, coldkey))
            .filter(|(netuid, _)| exists(netuid))
            .collect();
        let listed = AutoStakers::<T>::iter_keys().filter(|(netuid, _)| exists(netuid));
        ensure!(
            chosen == listed.collect(),
            "the list of coldkeys with a destination is not who has one"
        );
        Ok(())
    }

    fn check_edges() -> Check {
        let exists = |netuid: &NetUid| Self::exists(*netuid);
        let mut down = BTreeMap::new();
        let mut lenders: BTreeSet<(NetUid, AccountId)> = BTreeSet::new();
        for (parent, netuid, children) in ChildKeys::<T>::iter().filter(|edge| exists(&edge.1)) {
            let sum = children
                .iter()
                .try_fold(0_u64, |sum, (part, _)| sum.checked_add(*part));
            ensure!(sum.is_some(), "a hotkey lends more than all it has");
            ensure!(!children.is_empty(), "an empty set of children is stored");
            for (part, child) in children {
                ensure!(part > 0 && child != parent, "an edge lends nothing");
                let earlier = down.insert((netuid, parent.clone(), child), part);
                ensure!(earlier.is_none(), "a child is named twice");
            }
            lenders.insert((netuid, parent));
        }
        let mut up = BTreeMap::new();
        let mut counts: BTreeMap<NetUid, u32> = BTreeMap::new();
        let mut further: BTreeMap<NetUid, Vec<AccountId>> = BTreeMap::new();
        for (child, netuid, parents) in ParentKeys::<T>::iter().filter(|edge| exists(&edge.1)) {
            ensure!(!parents.is_empty(), "an empty set of parents is stored");
            let number = parents.len() as u32;
            let count = counts.entry(netuid).or_default();
            *count = count.saturating_add(number);
            for _ in FREE_PARENTS..number {
                further.entry(netuid).or_default().push(child.clone());
            }
            for (part, parent) in parents {
                ensure!(
                    !down.contains_key(&(netuid, child.clone(), parent.clone())),
                    "a child is a parent of its parent"
                );
                let earlier = up.insert((netuid, parent, child.clone()), part);
                ensure!(earlier.is_none(), "a parent is named twice");
            }
            lenders.insert((netuid, child));
        }
        ensure!(
            down == up,
            "an edge from a parent to a child has one end only"
        );
        let counted = LentEdges::<T>::iter().filter(|(netuid, _)| exists(netuid));
        ensure!(
            counts == counted.collect(),
            "the number of edges of a subnet is not what is counted"
        );
        further
            .values_mut()
            .for_each(|places| places.sort_unstable());
        let places = FurtherPlaces::<T>::iter().filter(|(netuid, _)| exists(netuid));
        let places = places.map(|(netuid, places)| {
            let mut places = places.into_inner();
            places.sort_unstable();
            (netuid, places)
        });
        ensure!(
            further == places.collect(),
            "the places of further parents are not those that are taken"
        );
        let takes = ChildkeyTake::<T>::iter_keys().filter(|(_, netuid)| exists(netuid));
        lenders.extend(takes.map(|(hotkey, netuid)| (netuid, hotkey)));
        let listed = Lenders::<T>::iter_keys().filter(|(netuid, _)| exists(netuid));
        ensure!(
            lenders == listed.collect(),
            "the list of lenders is not who lends, borrows or takes"
        );
        Ok(())
    }

    fn check_pending_children() -> Check {
        let exists = |netuid: &NetUid| Self::exists(*netuid);
        let pending: BTreeSet<_> = PendingChildKeys::<T>::iter()
            .filter(|(netuid, ..)| exists(netuid))
            .map(|(netuid, hotkey, (_, block))| (netuid, block.to_be_bytes(), hotkey))
            .collect();
        let due = ChildrenDue::<T>::iter_keys().filter(|(netuid, ..)| exists(netuid));
        ensure!(
            pending == due.collect(),
            "the index of scheduled children is not what is scheduled"
        );
        let closing = DissolveCleanupQueue::<T>::get();
        ensure!(
            ChildrenBacklog::<T>::get()
                .iter()
                .all(|netuid| exists(netuid) || closing.contains(netuid)),
            "children wait for an epoch of a subnet that is gone"
        );
        Ok(())
    }
}
