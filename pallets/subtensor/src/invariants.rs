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
//! 10. The moving price that clients see is the one that counts, rounded down; it is at most one.

use alloc::{collections::BTreeMap, vec::Vec};

use dendra_primitives::{AlphaBalance, MovingPrice, NetUid, TaoBalance};
use frame_support::{ensure, traits::fungible::Inspect};
use sp_runtime::TryRuntimeError;

use crate::*;

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
        Self::check_symbols()
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
        for (_, netuid, value) in TotalHotkeyAlpha::<T>::iter() {
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
        for ((netuid, hotkey, coldkey), _) in Positions::<T>::iter() {
            ensure!(
                StakingHotkeys::<T>::get(&coldkey).contains(&hotkey),
                "a coldkey does not know where it stakes"
            );
            let stake = Self::stake_of(&hotkey, &coldkey, netuid);
            let sum = worth.entry((hotkey, netuid)).or_default();
            *sum = sum.saturating_add(stake);
        }
        for ((hotkey, netuid), sum) in &worth {
            let pool = TotalHotkeyAlpha::<T>::get(hotkey, netuid);
            ensure!(*sum <= pool, "positions are worth more than their pool");
        }
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
        for uid in 0..count {
            let hotkey = Keys::<T>::get(netuid, uid);
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
}
