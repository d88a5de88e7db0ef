//! Dissolving a subnet (section 9.3 of the economics), and cleaning up after it.
//!
//! The call closes the subnet at once: nothing can be done with it any more. Paying its holders and removing
//! its state happens in the block hook, in pieces that fit a block, however many holders there are.
//!
//! The pot is the TAO of the pool. A position has the weight of its worth; the protocol has that of the alpha
//! it bought and of the pool's alpha. The n-th holder gets `⌊pot·W_n/W⌋ − ⌊pot·W_(n−1)/W⌋`, with `W_n` the
//! weight of the first n: nobody is a unit away from the exact part, and no more than the pot is paid. What
//! is not paid is recycled. Root dividends that were not claimed are gone, and weigh nothing.

use alloc::vec::Vec;

use dendra_primitives::{AlphaBalance, MechId, NetUid, NetUidIndex, Rounding, TaoBalance};
use frame_support::{
    ensure,
    storage::with_storage_layer,
    traits::fungible::{Inspect, Mutate},
    weights::WeightMeter,
};
use sp_runtime::{DispatchError, DispatchResult};

use crate::types::{CleanupStep, RateLimitKey, Settlement};
use crate::*;

/// Items that one piece of the clean-up handles.
const PIECE: u32 = 16;

impl<T: Config> Pallet<T> {
    /// Closes a subnet and queues its clean-up.
    ///
    /// **Errors:** `SubnetNotExists`, `RegistrationNotPermittedOnRootSubnet`, `CleanupQueueFull`.
    pub(crate) fn do_dissolve(netuid: NetUid) -> DispatchResult {
        ensure!(
            !netuid.is_root(),
            Error::<T>::RegistrationNotPermittedOnRootSubnet
        );
        Self::ensure_exists(netuid)?;
        // Of an account that holds less than the existential deposit the rest is lost, which the holders who are
        // paid last would lack. It is recycled in the end.
        T::Currency::mint_into(
            &Self::subnet_account(netuid),
            T::Currency::minimum_balance(),
        )?;
        DissolveCleanupQueue::<T>::try_append(netuid).map_err(|()| Error::<T>::CleanupQueueFull)?;
        Self::remove_from_list(netuid);
        Self::free_symbol(netuid);
        // No longer stake: the pot is owed to the holders.
        let pot = SubnetTAO::<T>::get(netuid);
        TotalStake::<T>::mutate(|total| *total = total.saturating_sub(pot));
        Self::deposit_event(Event::NetworkRemoved(netuid));
        Ok(())
    }

    /// The step of the block hook that cleans up; goes on while there is room. False if work is left.
    pub(crate) fn step_cleanup(meter: &mut WeightMeter) -> bool {
        loop {
            if meter
                .try_consume(T::WeightInfo::step_cleanup_idle())
                .is_err()
            {
                return false;
            }
            let Some(settlement) = Self::current_settlement() else {
                return true;
            };
            let piece = match settlement.step {
                CleanupStep::Values => T::WeightInfo::step_cleanup_last(),
                _ => T::WeightInfo::step_cleanup(),
            };
            if meter.try_consume(piece).is_err() {
                return false;
            }
            let netuid = settlement.netuid;
            match with_storage_layer(|| Self::clean_piece(settlement)) {
                Ok(next) => CurrentDissolveCleanupStatus::<T>::set(next),
                Err(error) => {
                    // Cannot happen; the queue waits rather than losing somebody's money.
                    frame_support::defensive!("a clean-up failed", (netuid, error));
                    return false;
                }
            }
        }
    }

    /// The settlement that is being worked on; the next one of the queue if none is.
    fn current_settlement() -> Option<Settlement> {
        CurrentDissolveCleanupStatus::<T>::get().or_else(|| {
            let netuid = DissolveCleanupQueue::<T>::get().first().copied()?;
            let protocol = SubnetProtocolAlpha::<T>::get(netuid)
                .saturating_add(SubnetAlphaIn::<T>::get(netuid));
            Some(Settlement {
                netuid,
                step: CleanupStep::Positions,
                pot: SubnetTAO::<T>::get(netuid),
                weight: TotalAlphaStaked::<T>::get(netuid).saturating_add(protocol),
                served: AlphaBalance::ZERO,
                paid: TaoBalance::ZERO,
                next: 0,
            })
        })
    }

    /// Does one piece of a clean-up; what is left, or nothing if the subnet is gone.
    pub(crate) fn clean_piece(
        mut settlement: Settlement,
    ) -> Result<Option<Settlement>, DispatchError> {
        let netuid = settlement.netuid;
        let (is_done, next_step) = match settlement.step {
            CleanupStep::Positions => (
                Self::settle_positions(&mut settlement)?,
                CleanupStep::Neurons,
            ),
            CleanupStep::Neurons => (Self::clean_neurons(&mut settlement), CleanupStep::Rows),
            CleanupStep::Rows => (Self::clean_rows(&mut settlement), CleanupStep::Commits),
            CleanupStep::Commits => (Self::clean_commits(&mut settlement), CleanupStep::Elsewhere),
            CleanupStep::Elsewhere => (Self::clean_elsewhere(netuid), CleanupStep::Values),
            CleanupStep::Values => {
                Self::finish(settlement)?;
                return Ok(None);
            }
        };
        if is_done {
            settlement.step = next_step;
            settlement.next = 0;
        }
        Ok(Some(settlement))
    }

    /// Pays some positions and ends them.
    fn settle_positions(settlement: &mut Settlement) -> Result<bool, DispatchError> {
        let netuid = settlement.netuid;
        let keys: Vec<(AccountId, AccountId)> = Positions::<T>::iter_key_prefix((netuid,))
            .take(PIECE as usize)
            .collect();
        let is_done = keys.len() < PIECE as usize;
        for (hotkey, coldkey) in keys {
            let (alpha, _) = Self::close(&hotkey, &coldkey, netuid)?;
            let due = |served: AlphaBalance| {
                settlement
                    .pot
                    .checked_mul_div(served.get(), settlement.weight.get(), Rounding::Down)
                    .unwrap_or_default()
            };
            let served = settlement.served.saturating_add(alpha);
            let amount = due(served).saturating_sub(due(settlement.served));
            settlement.served = served;
            // An amount that cannot open an account is recycled with the rest; the next holder gets no part
            // of it.
            let is_paid = with_storage_layer(|| Self::pay(netuid, &coldkey, amount)).is_ok();
            if is_paid {
                settlement.paid = settlement.paid.saturating_add(amount);
            }
            Self::deposit_event(Event::HolderPaid {
                netuid,
                hotkey,
                coldkey,
                alpha,
                tao: if is_paid { amount } else { TaoBalance::ZERO },
            });
        }
        Ok(is_done)
    }

    /// Removes some neurons.
    fn clean_neurons(settlement: &mut Settlement) -> bool {
        let netuid = settlement.netuid;
        let neurons = SubnetworkN::<T>::get(netuid);
        for uid in Self::piece(settlement, neurons) {
            let hotkey = Keys::<T>::take(netuid, uid);
            Self::forget_hotkey(netuid, &hotkey);
            BlockAtRegistration::<T>::remove(netuid, uid);
            AssociatedEvmAddress::<T>::remove(netuid, uid);
        }
        settlement.next >= neurons
    }

    /// Removes some rows of weights and bonds, in every mechanism.
    fn clean_rows(settlement: &mut Settlement) -> bool {
        let neurons = SubnetworkN::<T>::get(settlement.netuid);
        let mechanisms = Self::mechanisms(settlement.netuid);
        for uid in Self::piece(settlement, neurons) {
            for index in &mechanisms {
                Weights::<T>::remove(index, uid);
                Bonds::<T>::remove(index, uid);
            }
        }
        settlement.next >= neurons
    }

    /// The uids of the next piece.
    fn piece(settlement: &mut Settlement, neurons: u16) -> core::ops::Range<u16> {
        let from = settlement.next;
        let to = from.saturating_add(PIECE as u16).min(neurons);
        settlement.next = to;
        from..to
    }

    /// Removes commits of one mechanism, hash or timelocked.
    fn clean_commits(settlement: &mut Settlement) -> bool {
        let count = u16::from(MechanismCountCurrent::<T>::get(settlement.netuid).get());
        let mechanism = MechId::new(settlement.next.min(255) as u8);
        let Some(index) = NetUidIndex::from_parts(settlement.netuid, mechanism) else {
            return true;
        };
        let hashes = WeightCommits::<T>::drain_prefix(index).take(PIECE as usize);
        let timelocked = TimelockedWeightCommits::<T>::drain_prefix(index).take(1);
        if hashes.count() < PIECE as usize && timelocked.count() == 0 {
            settlement.next = settlement.next.saturating_add(1);
        }
        settlement.next >= count
    }

    /// Removes dividends, root dividends, delegation and what other pallets keep.
    fn clean_elsewhere(netuid: NetUid) -> bool {
        let most = PIECE as usize;
        let dividends = AlphaDividendsPerSubnet::<T>::drain_prefix(netuid).take(most);
        let delegation = Self::forget_delegation(netuid, PIECE);
        let records = T::Records::clear(netuid, PIECE);
        let root = Self::forget_root_dividends(netuid, PIECE);
        dividends.count() < most && delegation && records && root
    }

    /// Removes the values of the subnet and recycles what its account still holds.
    fn finish(settlement: Settlement) -> DispatchResult {
        let netuid = settlement.netuid;
        let left = TaoBalance::new(T::Currency::total_balance(&Self::subnet_account(netuid)));
        Self::recycle_tao(netuid, left)?;
        for index in Self::mechanisms(netuid) {
            LastUpdate::<T>::remove(index);
            WeightsFrom::<T>::remove(index);
            Incentive::<T>::remove(index);
        }
        Self::remove_values(netuid);
        Self::forget_rate_limits(netuid);
        LastRateLimitedBlock::<T>::remove(RateLimitKey::AddStakeBurn(netuid));
        T::Pools::remove(netuid);
        DissolveCleanupQueue::<T>::mutate(|queue| queue.retain(|other| *other != netuid));
        Self::deposit_event(Event::NetworkCleaned {
            netuid,
            paid: settlement.paid,
            recycled: left,
        });
        Ok(())
    }
}

/// Removes every map by subnet; a test enumerates the storage to prove that none is missing.
macro_rules! remove_values {
    ($($item:ident),* $(,)?) => {
        impl<T: Config> Pallet<T> {
            fn remove_values(netuid: NetUid) {
                $($item::<T>::remove(netuid);)*
            }
        }
    };
}

remove_values! {
    Active, ActivityCutoff, ActivityCutoffFactorMilli, AdjustmentAlpha, AdjustmentInterval,
    AlphaSigmoidSteepness, AlphaValues, BlocksSinceLastStep, BondsMovingAverage, BondsPenalty,
    BondsResetOn, Burn, BurnHalfLife, BurnIncreaseMult, BurnedAlpha, CollateralDrainRatio,
    CollateralLockShare, CommitRevealWeightsEnabled, Consensus, DecayingOwnerLock, Difficulty,
    Dividends, Emission, FirstEmissionBlockNumber, FurtherPlaces, ImmunityPeriod, ImmuneOwnerUidsLimit, Kappa,
    LastAdjustmentBlock, LastEpochBlock, LastMechansimStepBlock, LentEdges, LiquidAlphaOn, MaxAllowedUids,
    MaxAllowedValidators, MaxBurn, MaxDifficulty, MaxRegistrationsPerBlock, MaxWeightsLimit, UidHolders,
    MechanismCountCurrent, MechanismEmissionSplit, MinAllowedUids, MinAllowedWeights, MinBurn,
    MinChildkeyTakePerSubnet, MinDifficulty, MinerBurned, MovingPriceBits, NetworkPowRegistrationAllowed,
    NetworkRegisteredAt, NetworkRegistrationAllowed, OwnerCutAutoLockEnabled, OwnerCutEnabled,
    OwnerLock, PendingEmissions, PendingEpochAt, RecycleOrBurn, RegistrationsThisBlock,
    RegistrationsThisInterval, RevealPeriodEpochs, Rho, RootClaimableThreshold, RootDividendPot,
    RootSalePrice, ServingRateLimit,
    StakeWeight, SubnetAlphaIn, SubnetAlphaInEmission, SubnetAlphaOut, SubnetAlphaOutEmission,
    SubnetEmaTaoFlow, SubnetEmissionEnabled, SubnetEpochConsensus, SubnetEpochIndex,
    SubnetIdentitiesV3, SubnetLocked, SubnetMechanism, SubnetMovingPrice, SubnetOwner,
    SubnetOwnerHotkey, SubnetProtocolAlpha, SubnetResidual, SubnetTAO, SubnetTaoInEmission,
    SubnetVolume, SubnetworkN, SubtokenEnabled, TargetRegistrationsPerInterval, Tempo, TokenSymbol,
    TotalAlphaStaked, TransferToggle, ValidatorPermit, ValidatorTrust, WeightsSetRateLimit,
    WeightsVersionKey, Yuma3On,
}
