//! The lists of hyperparameters that clients read (section B.2 of the interface).

use alloc::vec::Vec;

use codec::Compact;
use dendra_primitives::{I32F32, NetUid};
use dendra_runtime_api::{
    HyperparamEntry, HyperparamValue, SubnetHyperparams, SubnetHyperparamsV2,
};
use subnet_hyperparameters::{Shown, entries};

use crate::*;

/// A list of the older kind, with what all of them have and what this one adds.
macro_rules! older_list {
	($list:ident, $netuid:ident $(, $field:ident: $value:expr)*) => {{
		let (alpha_low, alpha_high) = AlphaValues::<T>::get($netuid);
		$list {
			rho: Compact(Rho::<T>::get($netuid)),
			kappa: Compact(Kappa::<T>::get($netuid)),
			immunity_period: Compact(ImmunityPeriod::<T>::get($netuid)),
			min_allowed_weights: Compact(MinAllowedWeights::<T>::get($netuid)),
			max_weights_limit: Compact(MaxWeightsLimit::<T>::get($netuid)),
			tempo: Compact(Tempo::<T>::get($netuid)),
			min_difficulty: Compact(MinDifficulty::<T>::get($netuid)),
			max_difficulty: Compact(MaxDifficulty::<T>::get($netuid)),
			weights_version: Compact(WeightsVersionKey::<T>::get($netuid)),
			weights_rate_limit: Compact(WeightsSetRateLimit::<T>::get($netuid)),
			adjustment_interval: Compact(AdjustmentInterval::<T>::get($netuid)),
			activity_cutoff: Compact(Self::activity_cutoff_in_use($netuid)),
			registration_allowed: NetworkRegistrationAllowed::<T>::get($netuid),
			target_regs_per_interval: Compact(TargetRegistrationsPerInterval::<T>::get($netuid)),
			min_burn: Compact(MinBurn::<T>::get($netuid)),
			max_burn: Compact(MaxBurn::<T>::get($netuid)),
			bonds_moving_avg: Compact(BondsMovingAverage::<T>::get($netuid)),
			max_regs_per_block: Compact(MaxRegistrationsPerBlock::<T>::get($netuid)),
			serving_rate_limit: Compact(ServingRateLimit::<T>::get($netuid)),
			max_validators: Compact(MaxAllowedValidators::<T>::get($netuid)),
			adjustment_alpha: Compact(AdjustmentAlpha::<T>::get($netuid)),
			difficulty: Compact(Difficulty::<T>::get($netuid)),
			commit_reveal_period: Compact(RevealPeriodEpochs::<T>::get($netuid)),
			commit_reveal_weights_enabled: CommitRevealWeightsEnabled::<T>::get($netuid),
			alpha_high: Compact(alpha_high),
			alpha_low: Compact(alpha_low),
			liquid_alpha_enabled: LiquidAlphaOn::<T>::get($netuid),
			$($field: $value,)*
		}
	}};
}

impl<T: Config> Pallet<T> {
    /// Blocks without an update of weights after which a validator of the subnet is inactive.
    pub fn activity_cutoff_in_use(netuid: NetUid) -> u64 {
        yuma_consensus::activity_cutoff(
            ActivityCutoffFactorMilli::<T>::get(netuid),
            Tempo::<T>::get(netuid),
        )
    }

    /// The list of hyperparameters by name; `None` for a subnet that does not exist.
    pub fn hyperparams_v3(netuid: NetUid) -> Option<Vec<HyperparamEntry>> {
        if !Self::exists(netuid) {
            return None;
        }
        let list = entries(
            |parameter| Self::hyperparameter(netuid, parameter),
            Self::activity_cutoff_in_use(netuid),
        );
        Some(
            list.into_iter()
                .map(|(name, shown)| HyperparamEntry::new(name, on_the_wire(shown)))
                .collect(),
        )
    }

    /// The second form of the list.
    pub fn hyperparams_v2(netuid: NetUid) -> Option<SubnetHyperparamsV2> {
        Self::exists(netuid).then(|| {
            // 16 bits and 32 zeros fit into 64 bits.
            let steepness = i64::from(AlphaSigmoidSteepness::<T>::get(netuid))
                .saturating_mul(I32F32::ONE.bits());
            older_list!(
                SubnetHyperparamsV2,
                netuid,
                alpha_sigmoid_steepness: I32F32::from_bits(steepness),
                yuma_version: Compact(if Yuma3On::<T>::get(netuid) { 3 } else { 2 }),
                subnet_is_active: SubtokenEnabled::<T>::get(netuid),
                transfers_enabled: TransferToggle::<T>::get(netuid),
                bonds_reset_enabled: BondsResetOn::<T>::get(netuid),
                user_liquidity_enabled: false
            )
        })
    }

    /// The first form of the list.
    pub fn hyperparams(netuid: NetUid) -> Option<SubnetHyperparams> {
        Self::exists(netuid).then(|| older_list!(SubnetHyperparams, netuid))
    }
}

fn on_the_wire(shown: Shown) -> HyperparamValue {
    match shown {
        Shown::Bool(value) => HyperparamValue::Bool(value),
        Shown::U16(value) => HyperparamValue::U16(Compact(value)),
        Shown::U32(value) => HyperparamValue::U32(Compact(value)),
        Shown::U64(value) => HyperparamValue::U64(Compact(value)),
        Shown::Tao(value) => HyperparamValue::TaoBalance(Compact(value)),
        Shown::I32F32(value) => HyperparamValue::I32F32(value),
        Shown::U64F64(value) => HyperparamValue::U64F64(value),
    }
}
