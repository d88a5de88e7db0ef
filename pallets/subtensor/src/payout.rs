//! What becomes of the amounts that an epoch divided (section 5 of the economics).
//!
//! Miners get what the epoch computed, as stake. Validators' amounts are proportions of the validator pot,
//! split with those who lent them stake and shared by all who stake on them. What finds no owner, and all
//! dust, is the residual of the subnet and joins the validator pot of the next epoch. So does the root pot,
//! until root dividends can be claimed.

use alloc::{collections::BTreeMap, vec::Vec};

use dendra_primitives::{
    AlphaBalance, NetUid, Proportion16, Proportion64, records::RecycleOrBurnEnum,
};
use sp_runtime::{DispatchError, DispatchResult};
use subnet_emission::{DividendClaim, OwnStake, Parent, split_among_parents, split_dividends};
use yuma_consensus::CombinedOutput;

use crate::{
    AccountId, AlphaDividendsPerSubnet, AutoStakeDestination, BurnedAlpha, ChildKeys, ChildkeyTake,
    Config, Delegates, Error, Event, MinerBurned, Owner, Pallet, ParentKeys, RecycleOrBurn,
    SubnetOwner, SubnetOwnerHotkey, TaoWeight,
    epochs::Neurons,
    types::{MAX_PARENTS, MAX_UIDS, PaymentReason, PendingEmission},
};

/// What an epoch has to pay out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Pots {
    /// What was emitted since the last epoch.
    pub(crate) pending: PendingEmission,
    /// What the last epoch left over.
    pub(crate) residual: AlphaBalance,
}

/// Money that is being paid out: every payment is taken from it, so no more can be paid than there is.
struct Purse(AlphaBalance);

impl Purse {
    fn take<T: Config>(&mut self, amount: AlphaBalance) -> DispatchResult {
        self.0 = self.0.checked_sub(amount).ok_or(Error::<T>::Overflow)?;
        Ok(())
    }
}

impl<T: Config> Pallet<T> {
    /// Pays an epoch out and returns what is left over.
    pub(crate) fn pay_epoch(
        neurons: &Neurons,
        output: &CombinedOutput,
        pots: Pots,
    ) -> Result<AlphaBalance, DispatchError> {
        let netuid = neurons.netuid;
        let Pots { pending, residual } = pots;
        let total = pending
            .total()
            .and_then(|total| total.checked_add(residual))
            .ok_or(Error::<T>::Overflow)?;
        let mut purse = Purse(total);

        Self::pay_owner(netuid, pending.owner, &mut purse)?;
        let mined = Self::pay_miners(neurons, &output.server_emission, &mut purse)?;
        // Miners' amounts were computed from the sum of all pots; by rounding they can exceed the miners'
        // pot by a few units, which the validators' then lacks.
        let idle = if mined.is_zero() {
            pending.server
        } else {
            AlphaBalance::ZERO
        };
        let overdrawn = mined.saturating_sub(pending.server);
        let pot = AlphaBalance::checked_sum([pending.validator, residual, idle])
            .ok_or(Error::<T>::Overflow)?
            .saturating_sub(overdrawn);
        Self::pay_validators(neurons, &output.validator_emission, pot, &mut purse)?;
        Ok(purse.0)
    }

    fn pay_owner(netuid: NetUid, amount: AlphaBalance, purse: &mut Purse) -> DispatchResult {
        let coldkey = SubnetOwner::<T>::get(netuid);
        let hotkey = SubnetOwnerHotkey::<T>::get(netuid);
        let paid = Self::credit(&hotkey, &coldkey, netuid, amount, PaymentReason::OwnerCut);
        purse.take::<T>(paid)
    }

    /// Pays miners; what was meant for them, withheld amounts included.
    fn pay_miners(
        neurons: &Neurons,
        amounts: &[u64],
        purse: &mut Purse,
    ) -> Result<AlphaBalance, DispatchError> {
        let netuid = neurons.netuid;
        let owner = SubnetOwner::<T>::get(netuid);
        let mut total = AlphaBalance::ZERO;
        let mut withheld = AlphaBalance::ZERO;
        for (uid, (hotkey, amount)) in (0_u16..).zip(neurons.hotkeys.iter().zip(amounts)) {
            let amount = AlphaBalance::new(*amount);
            if amount.is_zero() {
                continue;
            }
            total = total.checked_add(amount).ok_or(Error::<T>::Overflow)?;
            let coldkey = Owner::<T>::get(hotkey);
            if neurons.owner == Some(uid) || coldkey == owner {
                withheld = withheld.checked_add(amount).ok_or(Error::<T>::Overflow)?;
                continue;
            }
            let target =
                AutoStakeDestination::<T>::get(&coldkey, netuid).unwrap_or_else(|| hotkey.clone());
            let paid = Self::credit(&target, &coldkey, netuid, amount, PaymentReason::Mining);
            purse.take::<T>(paid)?;
        }
        Self::withhold(netuid, withheld)?;
        purse.take::<T>(withheld)?;
        let burned = subnet_emission::miner_burned(withheld.get(), total.get())
            .map_err(|_| Error::<T>::Overflow)?;
        MinerBurned::<T>::insert(netuid, burned.parts());
        let amounts: Vec<AlphaBalance> = amounts.iter().copied().map(AlphaBalance::new).collect();
        Self::deposit_event(Event::IncentiveAlphaEmittedToMiners {
            netuid,
            emissions: amounts,
        });
        Ok(total)
    }

    /// Burns or recycles what the owner's own miners earned.
    fn withhold(netuid: NetUid, alpha: AlphaBalance) -> DispatchResult {
        if alpha.is_zero() {
            return Ok(());
        }
        let how = RecycleOrBurn::<T>::get(netuid);
        match how {
            RecycleOrBurnEnum::Recycle => Self::destroy_alpha(netuid, alpha)?,
            RecycleOrBurnEnum::Burn => Self::count_burned(netuid, alpha)?,
        }
        Self::deposit_event(Event::MinerEmissionWithheld { netuid, alpha, how });
        Ok(())
    }

    /// Counts alpha that nobody owns as burned for good; it stays part of the issuance.
    pub(crate) fn count_burned(netuid: NetUid, alpha: AlphaBalance) -> DispatchResult {
        BurnedAlpha::<T>::try_mutate(netuid, |burned| {
            *burned = burned.checked_add(alpha).ok_or(Error::<T>::Overflow)?;
            Ok(())
        })
    }

    /// Shares the validator pot among validators, those who lent them stake, and their stakers.
    fn pay_validators(
        neurons: &Neurons,
        amounts: &[u64],
        pot: AlphaBalance,
        purse: &mut Purse,
    ) -> DispatchResult {
        let netuid = neurons.netuid;
        let tao_weight = Proportion64::from_parts(TaoWeight::<T>::get());
        let weights = Self::dividend_weights(neurons, amounts, tao_weight)?;
        let (hotkeys, claims): (Vec<AccountId>, Vec<DividendClaim>) = weights
            .into_iter()
            .map(|(hotkey, weight)| {
                let stake = Self::own_lendable(&hotkey, netuid);
                (hotkey, DividendClaim { weight, stake })
            })
            .unzip();
        // Root dividends cannot be claimed yet: their pot stays with the residual.
        let shares = split_dividends(pot, AlphaBalance::ZERO, tao_weight, &claims)
            .map_err(|_| Error::<T>::Overflow)?;

        // At most one entry for each neuron and each of its parents.
        let stale = AlphaDividendsPerSubnet::<T>::clear_prefix(
            netuid,
            MAX_UIDS.saturating_mul(MAX_PARENTS),
            None,
        );
        frame_support::ensure!(stale.maybe_cursor.is_none(), Error::<T>::EpochFailed);
        for (hotkey, amount) in hotkeys.iter().zip(shares.alpha) {
            if amount.is_zero() {
                continue;
            }
            let take = Proportion16::from_parts(Delegates::<T>::get(hotkey));
            let (taken, shared) = amount.split(take);
            let owner = Owner::<T>::get(hotkey);
            let to_stakers = Self::share(hotkey, netuid, shared);
            let to_owner = Self::credit(hotkey, &owner, netuid, taken, PaymentReason::DelegateTake);
            purse.take::<T>(to_stakers)?;
            purse.take::<T>(to_owner)?;
            let paid = to_stakers.saturating_add(to_owner);
            if !paid.is_zero() {
                AlphaDividendsPerSubnet::<T>::insert(netuid, hotkey, paid);
            }
        }
        Ok(())
    }

    /// What each hotkey's dividend weighs once validators have shared with their parents (section 5.2).
    fn dividend_weights(
        neurons: &Neurons,
        amounts: &[u64],
        tao_weight: Proportion64,
    ) -> Result<BTreeMap<AccountId, u64>, DispatchError> {
        let netuid = neurons.netuid;
        let mut weights: BTreeMap<AccountId, u64> = BTreeMap::new();
        let mut add = |hotkey: &AccountId, weight: u64| {
            let sum = weights.entry(hotkey.clone()).or_default();
            // All weights together are at most what the epoch divided.
            *sum = sum.saturating_add(weight);
        };
        for (hotkey, dividend) in neurons.hotkeys.iter().zip(amounts) {
            if *dividend == 0 {
                continue;
            }
            let edges = ParentKeys::<T>::get(hotkey, netuid);
            if edges.is_empty() {
                add(hotkey, *dividend);
                continue;
            }
            let owner = Owner::<T>::get(hotkey);
            let parents: Vec<Parent> = edges
                .iter()
                .map(|(proportion, parent)| Parent {
                    stake: Self::own_lendable(parent, netuid),
                    proportion: Proportion64::from_parts(*proportion),
                    has_same_owner: Owner::<T>::get(parent) == owner,
                })
                .collect();
            let lent = ChildKeys::<T>::get(hotkey, netuid)
                .iter()
                .fold(0_u64, |sum, (proportion, _)| {
                    sum.saturating_add(*proportion)
                });
            let split = split_among_parents(
                *dividend,
                tao_weight,
                Self::own_lendable(hotkey, netuid),
                Proportion64::from_parts(lent),
                &parents,
                Proportion16::from_parts(ChildkeyTake::<T>::get(hotkey, netuid)),
                Proportion64::from_parts(0),
            )
            .map_err(|_| Error::<T>::Overflow)?;
            add(hotkey, split.kept);
            for ((_, parent), part) in edges.iter().zip(split.parents) {
                add(parent, part.paid);
            }
        }
        Ok(weights)
    }

    fn own_lendable(hotkey: &AccountId, netuid: NetUid) -> OwnStake {
        let own = Self::own_stake(hotkey, netuid);
        OwnStake {
            alpha: own.alpha,
            root: own.tao,
        }
    }

    /// Credits a position; what was paid, which is nothing if it cannot be.
    fn credit(
        hotkey: &AccountId,
        coldkey: &AccountId,
        netuid: NetUid,
        alpha: AlphaBalance,
        reason: PaymentReason,
    ) -> AlphaBalance {
        // A deposit that fails has written nothing.
        let is_payable = !alpha.is_zero() && Self::is_owned(hotkey);
        if !is_payable || Self::deposit(hotkey, coldkey, netuid, alpha).is_err() {
            return AlphaBalance::ZERO;
        }
        Self::deposit_event(Event::AlphaPaid {
            netuid,
            hotkey: hotkey.clone(),
            coldkey: Some(coldkey.clone()),
            reason,
            alpha,
        });
        alpha
    }

    /// Credits all who stake on a hotkey; what was paid, which is nothing if nobody does.
    fn share(hotkey: &AccountId, netuid: NetUid, alpha: AlphaBalance) -> AlphaBalance {
        if alpha.is_zero() || Self::reward(hotkey, netuid, alpha).is_err() {
            return AlphaBalance::ZERO;
        }
        Self::deposit_event(Event::AlphaPaid {
            netuid,
            hotkey: hotkey.clone(),
            coldkey: None,
            reason: PaymentReason::Dividend,
            alpha,
        });
        alpha
    }
}
