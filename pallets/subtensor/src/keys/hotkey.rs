//! Swapping a hotkey: who may, when, and at what cost.

use dendra_primitives::{NetUid, TaoBalance};
use frame_support::{
    dispatch::{DispatchErrorWithPostInfo, DispatchResultWithPostInfo},
    ensure,
    traits::Get,
};
use sp_runtime::{DispatchError, DispatchResult};

use super::{Succession, Tally};
use crate::{
    AccountId, Config, Error, Event, IsNetworkMember, LastRateLimitedBlock, Lenders, Owner, Pallet,
    PendingChildKeys, RootClaimable, RootClaimed, RootDividendRest, RootKept, TotalHotkeyAlpha,
    TxRateLimit, Uids, WeightInfo, types::RateLimitKey,
};

/// What swapping a hotkey on one subnet costs, in rao.
pub(crate) const SWAP_COST_ON_SUBNET: u64 = 1_000_000;
/// Blocks between two such swaps of a coldkey on a subnet.
pub(crate) const SWAP_INTERVAL_ON_SUBNET: u64 = 7_200;

/// What a swap of a hotkey covers.
#[derive(Clone, Copy)]
pub(crate) struct HotkeySwap<'a> {
    /// The owner of both.
    pub(crate) coldkey: &'a AccountId,
    /// The hotkeys.
    pub(crate) keys: Succession<'a>,
    /// One subnet, or all.
    pub(crate) netuid: Option<NetUid>,
    /// Whether the stake stays on the old hotkey, and with it all that depends on stake.
    pub(crate) keeps_stake: bool,
}

impl HotkeySwap<'_> {
    /// Whether a subnet is one of those of the swap.
    pub(crate) fn covers(&self, netuid: NetUid) -> bool {
        self.netuid.is_none_or(|only| only == netuid)
    }

    /// Whether nothing of the old hotkey is left.
    pub(crate) fn is_whole(&self) -> bool {
        self.netuid.is_none() && !self.keeps_stake
    }

    /// The action whose rate is limited.
    fn limited_action(&self) -> RateLimitKey<AccountId> {
        let coldkey = self.coldkey.clone();
        match self.netuid {
            Some(netuid) => RateLimitKey::HotkeySwapOnSubnet(netuid, coldkey),
            None => RateLimitKey::LastTxBlock(coldkey),
        }
    }
}

impl<T: Config> Pallet<T> {
    /// The calls `swap_hotkey` and `swap_hotkey_v2`.
    ///
    /// A uid stays the same neuron, with its age, its rows and its bonds. What depends on stake follows the stake.
    ///
    /// **Errors:** those of [`Self::check_hotkey_swap`] and [`Self::check_new_hotkey`]; `TooManyOwnedHotkeys`;
    /// `TooManyPositionsToMove`.
    pub(crate) fn do_swap_hotkey(
        coldkey: &AccountId,
        old: &AccountId,
        new: &AccountId,
        netuid: Option<NetUid>,
        keeps_stake: bool,
    ) -> DispatchResultWithPostInfo {
        let swap = HotkeySwap {
            coldkey,
            keys: Succession { old, new },
            netuid,
            keeps_stake,
        };
        let mut tally = Tally::default();
        let result = Self::swap_hotkey_counted(&swap, &mut tally);
        let post_info = Some(T::WeightInfo::swap_hotkey(tally.moves())).into();
        match result {
            Ok(()) => Ok(post_info),
            Err(error) => Err(DispatchErrorWithPostInfo { post_info, error }),
        }
    }

    fn swap_hotkey_counted(swap: &HotkeySwap, tally: &mut Tally) -> DispatchResult {
        let cost = Self::check_hotkey_swap(swap)?;
        Self::check_new_hotkey(swap, tally)?;
        Self::recycle_from(swap.coldkey, cost)?;
        LastRateLimitedBlock::<T>::insert(swap.limited_action(), Self::block());
        Self::move_hotkey(swap, tally)?;
        let (coldkey, old_hotkey, new_hotkey) = (
            swap.coldkey.clone(),
            swap.keys.old.clone(),
            swap.keys.new.clone(),
        );
        Self::deposit_event(match swap.netuid {
            None => Event::HotkeySwapped {
                coldkey,
                old_hotkey,
                new_hotkey,
            },
            Some(netuid) => Event::HotkeySwappedOnSubnet {
                coldkey,
                old_hotkey,
                new_hotkey,
                netuid,
            },
        });
        Ok(())
    }

    /// What a few reads say about a swap; its cost.
    ///
    /// **Errors,** in this order: `NewHotKeyIsSameWithOld`, `SubnetNotExists`, `HotKeyAccountNotExists`,
    /// `NonAssociatedColdKey` for either hotkey, `CannotUseSystemAccount`, `HotKeyNotRegisteredInSubNet` for the
    /// old one on the one subnet, `HotKeyAlreadyRegisteredInSubNet` for the new one,
    /// `HotKeySetTxRateLimitExceeded` or `HotKeySwapOnSubnetIntervalNotPassed`, `NotEnoughBalanceToPaySwapHotKey`.
    pub(crate) fn check_hotkey_swap(swap: &HotkeySwap) -> Result<TaoBalance, DispatchError> {
        let Succession { old, new } = swap.keys;
        ensure!(old != new, Error::<T>::NewHotKeyIsSameWithOld);
        swap.netuid.map_or(Ok(()), Self::ensure_exists)?;
        ensure!(Self::is_owned(old), Error::<T>::HotKeyAccountNotExists);
        ensure!(
            Owner::<T>::get(old) == *swap.coldkey,
            Error::<T>::NonAssociatedColdKey
        );
        Self::ensure_ordinary_account(new)?;
        Self::ensure_own_or_new(swap.coldkey, new)?;
        let (blocks, too_soon, cost) = match swap.netuid {
            Some(netuid) => {
                ensure!(
                    Uids::<T>::contains_key(netuid, old),
                    Error::<T>::HotKeyNotRegisteredInSubNet
                );
                ensure!(
                    !Uids::<T>::contains_key(netuid, new),
                    Error::<T>::HotKeyAlreadyRegisteredInSubNet
                );
                (
                    SWAP_INTERVAL_ON_SUBNET,
                    Error::<T>::HotKeySwapOnSubnetIntervalNotPassed,
                    SWAP_COST_ON_SUBNET,
                )
            }
            None => {
                ensure!(
                    IsNetworkMember::<T>::iter_key_prefix(new).next().is_none(),
                    Error::<T>::HotKeyAlreadyRegisteredInSubNet
                );
                (
                    TxRateLimit::<T>::get(),
                    Error::<T>::HotKeySetTxRateLimitExceeded,
                    T::KeySwapCost::get(),
                )
            }
        };
        let last = LastRateLimitedBlock::<T>::get(swap.limited_action());
        let is_late_enough = last == 0 || Self::block().saturating_sub(last) >= blocks;
        ensure!(is_late_enough, too_soon);
        let cost = TaoBalance::new(cost);
        ensure!(
            Self::spendable(swap.coldkey) >= cost,
            Error::<T>::NotEnoughBalanceToPaySwapHotKey
        );
        Ok(cost)
    }

    /// That the new hotkey has nothing that cannot be joined with what comes. Stake of its own can.
    ///
    /// **Errors:** `NewHotKeyNotCleanForRootSwap` if root is covered, `NewHotKeyLends`.
    fn check_new_hotkey(swap: &HotkeySwap, tally: &mut Tally) -> DispatchResult {
        let new = swap.keys.new;
        let covers_root = swap.covers(NetUid::ROOT);
        if covers_root {
            ensure!(
                !TotalHotkeyAlpha::<T>::contains_key(new, NetUid::ROOT)
                    && !RootClaimable::<T>::contains_key(new),
                Error::<T>::NewHotKeyNotCleanForRootSwap
            );
        }
        for netuid in Self::subnets_with_leftovers() {
            tally.seeing::<T>(5)?;
            // Of a subnet that is being cleaned up, claims may be left without a rate.
            ensure!(
                !covers_root
                    || (!RootDividendRest::<T>::contains_key(netuid, new)
                        && RootClaimed::<T>::iter_key_prefix((netuid, new))
                            .next()
                            .is_none()
                        && RootKept::<T>::iter_key_prefix((netuid, new))
                            .next()
                            .is_none()),
                Error::<T>::NewHotKeyNotCleanForRootSwap
            );
            ensure!(
                !swap.covers(netuid)
                    || (!Lenders::<T>::contains_key(netuid, new)
                        && !PendingChildKeys::<T>::contains_key(netuid, new)),
                Error::<T>::NewHotKeyLends
            );
        }
        Ok(())
    }
}
