//! Unstaking everything that a coldkey holds on a hotkey.
//!
//! One subnet after the other, in the order of netuids; what cannot be sold stays and spoils nothing. At most
//! one position for each subnet is looked at.

use dendra_primitives::{AlphaBalance, NetUid, TaoBalance};
use frame_support::{ensure, storage::with_storage_layer};
use sp_runtime::{DispatchError, DispatchResult};

use super::check::Holding;
use crate::{AccountId, Config, Error, Event, Pallet, SubnetList, pools::Fee, types::MIN_STAKE};

impl<T: Config> Pallet<T> {
    /// The call `unstake_all`.
    ///
    /// **Errors:** `HotKeyAccountNotExists`, `NotEnoughStakeToWithdraw` if there is nothing; if nothing could be
    /// sold, why the first position could not.
    pub(crate) fn do_unstake_all(coldkey: &AccountId, hotkey: &AccountId) -> DispatchResult {
        Self::ensure_owned(hotkey)?;
        let subnets = SubnetList::<T>::get();
        Self::for_each_position(coldkey, hotkey, subnets, |from| {
            Self::do_remove_stake(coldkey, hotkey, from.netuid, None, None)
        })
    }

    /// The call `unstake_all_alpha`: like `unstake_all`, but stake on root stays, and the TAO joins it. TAO below
    /// the least stake is paid out.
    ///
    /// **Errors:** those of [`Self::do_unstake_all`].
    pub(crate) fn do_unstake_all_alpha(coldkey: &AccountId, hotkey: &AccountId) -> DispatchResult {
        Self::ensure_owned(hotkey)?;
        Self::ensure_open(NetUid::ROOT)?;
        // TAO that is on root and belongs to nobody yet.
        let mut gathered = AlphaBalance::ZERO;
        let subnets = SubnetList::<T>::get();
        let subnets = subnets.into_iter().filter(|netuid| !netuid.is_root());
        Self::for_each_position(coldkey, hotkey, subnets, |from| {
            let bought = Self::to_root(from)?;
            gathered = gathered.checked_add(bought).ok_or(Error::<T>::Overflow)?;
            Ok(())
        })?;
        let tao = TaoBalance::new(gathered.get());
        if tao.get() < MIN_STAKE {
            Self::sell(coldkey, NetUid::ROOT, gathered, None, Fee::Waived)?;
            return Ok(());
        }
        Self::deposit(hotkey, coldkey, NetUid::ROOT, gathered)?;
        Self::note_staking(coldkey, hotkey);
        Self::deposit_event(Event::StakeAdded(
            coldkey.clone(),
            hotkey.clone(),
            tao,
            gathered,
            NetUid::ROOT,
            0,
        ));
        Ok(())
    }

    /// Exchanges a whole position for TAO on root, which the caller credits.
    fn to_root(from: Holding<'_>) -> Result<AlphaBalance, DispatchError> {
        Self::ensure_open(from.netuid)?;
        let all = Self::part_of(from, AlphaBalance::new(u64::MAX))?;
        let quote = Self::quote_exchange(from.netuid, NetUid::ROOT, all.alpha, None)?;
        Self::exchange_stake(from, NetUid::ROOT, quote, None).map(|exchange| exchange.bought)
    }

    /// Does something with each position of a coldkey on a hotkey and some subnets. What fails is undone and
    /// skipped.
    ///
    /// **Errors:** if nothing succeeds, the first one; `NotEnoughStakeToWithdraw` if there is no position.
    fn for_each_position(
        coldkey: &AccountId,
        hotkey: &AccountId,
        subnets: impl IntoIterator<Item = NetUid>,
        mut act: impl FnMut(Holding<'_>) -> DispatchResult,
    ) -> DispatchResult {
        let mut has_acted = false;
        let mut first = None;
        for netuid in subnets {
            if Self::available(hotkey, coldkey, netuid).is_zero() {
                continue;
            }
            let from = Holding::new(coldkey, hotkey, netuid);
            match with_storage_layer(|| act(from)) {
                Ok(()) => has_acted = true,
                Err(error) => first = first.or(Some(error)),
            }
        }
        ensure!(
            has_acted,
            first.unwrap_or(Error::<T>::NotEnoughStakeToWithdraw.into())
        );
        Ok(())
    }
}
