//! What becomes of the amounts that an epoch divided (section 5 of the economics).
//!
//! Miners get what the epoch computed, as stake. Validators' amounts are proportions of two pots, split with
//! those who lent them stake: by the alpha on a hotkey the validator pot is shared by all who stake on it, by its
//! root stake the root pot is kept for root stakers to claim. Of both the delegate has a take, as stake. What
//! finds no owner, and all dust, is the residual of the subnet and joins the validator pot of the next epoch.

mod purse;

use alloc::{collections::BTreeMap, vec::Vec};

use dendra_primitives::{
    AlphaBalance, NetUid, Proportion16, Proportion64, records::RecycleOrBurnEnum,
};
use sp_runtime::{DispatchError, DispatchResult};
use subnet_emission::{DividendClaim, OwnStake, Parent, split_among_parents, split_dividends};
use yuma_consensus::CombinedOutput;

pub(crate) use purse::Purse;

use crate::{
    AccountId, AlphaDividendsPerSubnet, AutoStakeDestination, AutoStakers, BurnedAlpha, CKBurn,
    ChildKeys, Config, Delegates, Error, Event, MinerBurned, Owner, Pallet, ParentKeys,
    RecycleOrBurn, SubnetOwner, SubnetOwnerHotkey, TaoWeight,
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

/// Dividends as weights, by hotkey: all of them together are at most what the epoch divided.
#[derive(Default)]
struct DividendWeights {
    /// What is paid.
    paid: BTreeMap<AccountId, u64>,
    /// What is withheld from parents and recycled.
    burned: BTreeMap<AccountId, u64>,
}

/// Adds to the weight of a hotkey; nothing leaves no entry.
fn add(weights: &mut BTreeMap<AccountId, u64>, hotkey: &AccountId, weight: u64) {
    if weight > 0 {
        let sum = weights.entry(hotkey.clone()).or_default();
        *sum = sum.saturating_add(weight);
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
        let mut purse = Purse::new(netuid, total);

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
        // Then root stakers lack what the validators' pot had not.
        let root_pot = pending.root.min(purse.left().saturating_sub(pot));
        Self::pay_validators(
            neurons,
            &output.validator_emission,
            (pot, root_pot),
            &mut purse,
        )?;
        purse.close::<T>()
    }

    fn pay_owner(netuid: NetUid, amount: AlphaBalance, purse: &mut Purse) -> DispatchResult {
        let coldkey = SubnetOwner::<T>::get(netuid);
        let hotkey = SubnetOwnerHotkey::<T>::get(netuid);
        if Self::is_owned(&hotkey) {
            purse.credit::<T>(&hotkey, &coldkey, amount, PaymentReason::OwnerCut)?;
        }
        Ok(())
    }

    /// Pays miners; what was meant for them, withheld amounts included.
    fn pay_miners(
        neurons: &Neurons,
        amounts: &[u64],
        purse: &mut Purse,
    ) -> Result<AlphaBalance, DispatchError> {
        let netuid = neurons.netuid;
        let owner = SubnetOwner::<T>::get(netuid);
        let has_destinations = AutoStakers::<T>::iter_key_prefix(netuid).next().is_some();
        let mut total = AlphaBalance::ZERO;
        let mut withheld = AlphaBalance::ZERO;
        let keys = neurons.hotkeys.iter().zip(&neurons.coldkeys);
        for (uid, ((hotkey, coldkey), amount)) in (0_u16..).zip(keys.zip(amounts)) {
            let amount = AlphaBalance::new(*amount);
            if amount.is_zero() {
                continue;
            }
            total = total.checked_add(amount).ok_or(Error::<T>::Overflow)?;
            if neurons.owner == Some(uid) || *coldkey == owner {
                withheld = withheld.checked_add(amount).ok_or(Error::<T>::Overflow)?;
                continue;
            }
            let destination = has_destinations
                .then(|| AutoStakeDestination::<T>::get(coldkey, netuid))
                .flatten();
            Self::pay_miner(purse, (hotkey, coldkey), destination, amount)?;
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

    /// Pays a miner where its coldkey says, or on its own hotkey if nothing can be staked there.
    fn pay_miner(
        purse: &mut Purse,
        (hotkey, coldkey): (&AccountId, &AccountId),
        destination: Option<AccountId>,
        amount: AlphaBalance,
    ) -> DispatchResult {
        if let Some(target) = destination.filter(Self::is_owned) {
            let paid = purse.credit::<T>(&target, coldkey, amount, PaymentReason::Mining)?;
            if !paid.is_zero() {
                return Ok(());
            }
        }
        purse.credit::<T>(hotkey, coldkey, amount, PaymentReason::Mining)?;
        Ok(())
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

    /// Shares the pots of validators and of root among validators, those who lent them stake, and their
    /// stakers.
    fn pay_validators(
        neurons: &Neurons,
        amounts: &[u64],
        (pot, root_pot): (AlphaBalance, AlphaBalance),
        purse: &mut Purse,
    ) -> DispatchResult {
        let netuid = neurons.netuid;
        let tao_weight = Proportion64::from_parts(TaoWeight::<T>::get());
        let DividendWeights { paid, burned } =
            Self::dividend_weights(neurons, amounts, tao_weight)?;
        let (hotkeys, mut claims): (Vec<AccountId>, Vec<DividendClaim>) = paid
            .into_iter()
            .map(|(hotkey, weight)| {
                let stake = Self::own_lendable(&hotkey, netuid);
                (hotkey, DividendClaim { weight, stake })
            })
            .unzip();
        // What is withheld from parents has a part of the pots like what they are paid.
        claims.extend(burned.into_iter().map(|(parent, weight)| {
            let stake = Self::own_lendable(&parent, netuid);
            DividendClaim { weight, stake }
        }));
        let shares = split_dividends(pot, root_pot, tao_weight, &claims)
            .map_err(|_| Error::<T>::Overflow)?;

        // At most one entry for each neuron and each of its parents.
        let stale = AlphaDividendsPerSubnet::<T>::clear_prefix(
            netuid,
            MAX_UIDS.saturating_mul(MAX_PARENTS),
            None,
        );
        frame_support::ensure!(stale.maybe_cursor.is_none(), Error::<T>::EpochFailed);
        let of_parents =
            |parts: &[AlphaBalance]| parts.iter().skip(hotkeys.len()).copied().collect();
        let withheld: [Vec<AlphaBalance>; 2] =
            [of_parents(&shares.alpha), of_parents(&shares.root)];
        let withheld = AlphaBalance::checked_sum(withheld.into_iter().flatten())
            .ok_or(Error::<T>::Overflow)?;
        Self::recycle_dividend(netuid, withheld)?;
        purse.take::<T>(withheld)?;
        for (hotkey, amount) in hotkeys.iter().zip(shares.alpha) {
            let reason = PaymentReason::DelegateTake;
            let paid = Self::pay_dividend(hotkey, amount, reason, purse, Purse::share::<T>)?;
            if !paid.is_zero() {
                AlphaDividendsPerSubnet::<T>::insert(netuid, hotkey, paid);
            }
        }
        for (hotkey, amount) in hotkeys.iter().zip(shares.root) {
            let reason = PaymentReason::RootTake;
            Self::pay_dividend(hotkey, amount, reason, purse, Self::pay_root_dividend)?;
        }
        Ok(())
    }

    /// Pays a dividend: what is shared to stakers, the take to the owner of the hotkey; what was paid.
    fn pay_dividend(
        hotkey: &AccountId,
        amount: AlphaBalance,
        of_take: PaymentReason,
        purse: &mut Purse,
        to_stakers: impl Fn(&mut Purse, &AccountId, AlphaBalance) -> Result<AlphaBalance, Error<T>>,
    ) -> Result<AlphaBalance, DispatchError> {
        if amount.is_zero() {
            return Ok(amount);
        }
        let take = Proportion16::from_parts(Delegates::<T>::get(hotkey));
        let (taken, shared) = amount.split(take);
        let shared = to_stakers(purse, hotkey, shared)?;
        let Ok(owner) = Owner::<T>::try_get(hotkey) else {
            return Ok(shared);
        };
        let taken = purse.credit::<T>(hotkey, &owner, taken, of_take)?;
        Ok(shared.saturating_add(taken))
    }

    /// Recycles what `CKBurn` withholds from parents: alpha of the pots, not the weight of a dividend.
    fn recycle_dividend(netuid: NetUid, alpha: AlphaBalance) -> DispatchResult {
        if !alpha.is_zero() {
            Self::destroy_alpha(netuid, alpha)?;
            Self::deposit_event(Event::DividendRecycled { netuid, alpha });
        }
        Ok(())
    }

    /// What each hotkey's dividend weighs once validators have shared with their parents (section 5.2). Where
    /// nobody lends, no edge is read.
    fn dividend_weights(
        neurons: &Neurons,
        amounts: &[u64],
        tao_weight: Proportion64,
    ) -> Result<DividendWeights, DispatchError> {
        let netuid = neurons.netuid;
        let burn = Proportion64::from_parts(CKBurn::<T>::get());
        let lenders_exist = Self::lenders_exist(netuid);
        let mut weights = DividendWeights::default();
        for (hotkey, dividend) in neurons.hotkeys.iter().zip(amounts) {
            if *dividend == 0 {
                continue;
            }
            let edges = if lenders_exist {
                ParentKeys::<T>::get(hotkey, netuid)
            } else {
                Default::default()
            };
            if edges.is_empty() {
                add(&mut weights.paid, hotkey, *dividend);
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
                Proportion16::from_parts(Self::childkey_take(hotkey, netuid)),
                burn,
            )
            .map_err(|_| Error::<T>::Overflow)?;
            add(&mut weights.paid, hotkey, split.kept);
            for ((_, parent), part) in edges.iter().zip(split.parents) {
                add(&mut weights.paid, parent, part.paid);
                add(&mut weights.burned, parent, part.burned);
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
}
