//! Accounts of root dividends: one for each subnet, hotkey and coldkey.

use alloc::vec::Vec;

use dendra_primitives::{AlphaBalance, NetUid, TaoBalance};
use frame_support::weights::Weight;
use sp_runtime::DispatchError;
use subnet_emission::{MathError, RootAccount, RootRate};

use crate::{
    AccountId, Config, Error, Pallet, RootClaimable, RootClaimed, RootDividendPot, RootHoldings,
    RootKept, TotalNetworks, WeightInfo, types::RootHolding,
};

/// How the accounts of a coldkey on a hotkey change. Nothing is written until
/// [`Pallet::write_root_change`].
#[must_use]
pub(crate) struct RootChange {
    accounts: Vec<(NetUid, Entry, Entry)>,
    stakes: bool,
}

/// An account as it is stored.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct Entry {
    claimed: u128,
    kept: AlphaBalance,
}

impl TryFrom<RootAccount> for Entry {
    type Error = MathError;

    fn try_from(account: RootAccount) -> Result<Self, MathError> {
        Ok(Self {
            claimed: account.claimed(),
            kept: account.kept()?,
        })
    }
}

impl<T: Config> Pallet<T> {
    /// What correcting the accounts of a coldkey costs, for each of these subnets that is root: there is at most
    /// one account for each subnet.
    pub(crate) fn root_change_weight(netuids: &[NetUid]) -> Weight {
        let changes = netuids.iter().filter(|netuid| netuid.is_root()).count() as u64;
        if changes == 0 {
            return Weight::zero();
        }
        T::WeightInfo::claim_root(0, u32::from(TotalNetworks::<T>::get())).saturating_mul(changes)
    }

    /// What a coldkey may claim of the root dividends of a subnet on a hotkey.
    pub fn root_dividend_owed(
        netuid: NetUid,
        hotkey: &AccountId,
        coldkey: &AccountId,
    ) -> AlphaBalance {
        let owed = || {
            let rate = *RootClaimable::<T>::get(hotkey).get(&netuid)?;
            let rate = RootRate::from_fixed(rate)?;
            let stake = Self::root_stake(hotkey, coldkey);
            let account = Self::root_account(netuid, hotkey, coldkey).ok()?;
            account.owed(rate, stake).ok()
        };
        // Never more than there is.
        owed()
            .unwrap_or_default()
            .min(RootDividendPot::<T>::get(netuid))
    }

    /// What a coldkey has staked on a hotkey on root. Exact, since nothing but deposits enters a pool of root.
    pub(crate) fn root_stake(hotkey: &AccountId, coldkey: &AccountId) -> TaoBalance {
        TaoBalance::new(Self::stake_of(hotkey, coldkey, NetUid::ROOT).get())
    }

    pub(crate) fn root_account(
        netuid: NetUid,
        hotkey: &AccountId,
        coldkey: &AccountId,
    ) -> Result<RootAccount, DispatchError> {
        let claimed = RootClaimed::<T>::get((netuid, hotkey, coldkey));
        let kept = if claimed == 0 {
            RootKept::<T>::get((netuid, hotkey, coldkey))
        } else {
            AlphaBalance::ZERO
        };
        RootAccount::from_parts(claimed, kept).map_err(|_| Error::<T>::Overflow.into())
    }

    /// What follows from `alpha` of root stake being added to a position.
    ///
    /// **Errors:** `Overflow`, which no payments within the supply lead to.
    pub(crate) fn root_stake_added(
        hotkey: &AccountId,
        coldkey: &AccountId,
        alpha: AlphaBalance,
    ) -> Result<RootChange, DispatchError> {
        let amount = TaoBalance::new(alpha.get());
        Self::change_accounts(hotkey, coldkey, true, |account, rate| {
            account.stake_added(rate, amount)
        })
    }

    /// What follows from `alpha` of root stake being taken from a position, of which `left` remains.
    ///
    /// **Errors:** `Overflow`, as above.
    pub(crate) fn root_stake_removed(
        hotkey: &AccountId,
        coldkey: &AccountId,
        alpha: AlphaBalance,
        left: AlphaBalance,
    ) -> Result<RootChange, DispatchError> {
        let amount = TaoBalance::new(alpha.get());
        let left = TaoBalance::new(left.get());
        Self::change_accounts(hotkey, coldkey, !left.is_zero(), |account, rate| {
            account.stake_removed(rate, amount, left)
        })
    }

    /// The change of all accounts of a coldkey on a hotkey: one for each subnet that ever paid its root stakers.
    fn change_accounts(
        hotkey: &AccountId,
        coldkey: &AccountId,
        stakes: bool,
        change: impl Fn(RootAccount, RootRate) -> Result<RootAccount, MathError>,
    ) -> Result<RootChange, DispatchError> {
        let mut accounts = Vec::new();
        for (netuid, rate) in RootClaimable::<T>::get(hotkey) {
            let rate = RootRate::from_fixed(rate).ok_or(Error::<T>::Overflow)?;
            let before = Self::root_account(netuid, hotkey, coldkey)?;
            let entries = change(before, rate)
                .and_then(|after| Ok((before.try_into()?, after.try_into()?)))
                .map_err(|_: MathError| Error::<T>::Overflow)?;
            accounts.push((netuid, entries.0, entries.1));
        }
        Ok(RootChange { accounts, stakes })
    }

    /// Writes a change.
    pub(crate) fn write_root_change(hotkey: &AccountId, coldkey: &AccountId, change: RootChange) {
        let before = RootHoldings::<T>::get(coldkey, hotkey);
        let mut holding = RootHolding {
            stakes: change.stakes,
            ..before
        };
        for (netuid, from, to) in change.accounts {
            Self::write_entry((netuid, hotkey, coldkey), from, to, &mut holding);
        }
        Self::write_holding(hotkey, coldkey, before, holding);
    }

    /// Writes an account after a claim.
    pub(super) fn write_claim(
        netuid: NetUid,
        hotkey: &AccountId,
        coldkey: &AccountId,
        before: RootAccount,
        after: RootAccount,
    ) -> Result<(), DispatchError> {
        let (from, to) = before
            .try_into()
            .and_then(|from| Ok((from, after.try_into()?)))
            .map_err(|_: MathError| Error::<T>::Overflow)?;
        let held = RootHoldings::<T>::get(coldkey, hotkey);
        let mut holding = held;
        Self::write_entry((netuid, hotkey, coldkey), from, to, &mut holding);
        Self::write_holding(hotkey, coldkey, held, holding);
        Ok(())
    }

    fn write_entry(
        at: (NetUid, &AccountId, &AccountId),
        from: Entry,
        to: Entry,
        holding: &mut RootHolding,
    ) {
        if to.claimed != from.claimed {
            if to.claimed == 0 {
                RootClaimed::<T>::remove(at);
            } else {
                RootClaimed::<T>::insert(at, to.claimed);
            }
        }
        if to.kept == from.kept {
            return;
        }
        if to.kept.is_zero() {
            RootKept::<T>::remove(at);
            holding.kept = holding.kept.saturating_sub(1);
        } else {
            RootKept::<T>::insert(at, to.kept);
            if from.kept.is_zero() {
                // At most one for each subnet.
                holding.kept = holding.kept.saturating_add(1);
            }
        }
    }
}
