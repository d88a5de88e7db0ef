//! In which storage item each parameter is kept: the only place that knows.

use dendra_primitives::{I96F32, MechId, NetUid};
use frame_support::BoundedVec;
use sp_runtime::SaturatedConversion;
use subnet_hyperparameters::{Fact, Hyperparameter, NetworkParameter, Refusal, Value};

use crate::types::{MAX_OWNER_UIDS, ROOT_SEATS};
use crate::*;

macro_rules! items {
	(
		subnet { $($parameter:ident: $item:ident,)+ }
		network { $($network:ident: $value:ident,)+ }
	) => {
		impl<T: Config> Pallet<T> {
			/// The value of a hyperparameter.
			///
			/// Trimming has no value of its own; it reads as the most neurons, which it sets.
			pub fn hyperparameter(netuid: NetUid, parameter: Hyperparameter) -> Value {
				match parameter {
					$(Hyperparameter::$parameter => $item::<T>::get(netuid).into(),)+
					Hyperparameter::TrimToMaxAllowedUids => MaxAllowedUids::<T>::get(netuid).into(),
					// There is no such liquidity.
					Hyperparameter::UserLiquidityEnabled => false.into(),
					Hyperparameter::OwnerHotkey => {
						let bytes: [u8; 32] = SubnetOwnerHotkey::<T>::get(netuid).into();
						bytes.into()
					}
					Hyperparameter::MechanismEmissionSplit => {
						MechanismEmissionSplit::<T>::get(netuid).map(BoundedVec::into_inner).into()
					}
					Hyperparameter::RootClaimThreshold => {
						let bits = RootClaimableThreshold::<T>::get(netuid).bits();
						// Whole units only were ever written, none of them negative.
						(bits >> I96F32::FRACTION_BITS).saturated_into::<u64>().into()
					}
				}
			}

			/// Writes a hyperparameter, without any check and without what a change brings about.
			///
			/// Errors: [`Refusal::WrongKind`]; [`Refusal::NotSettable`] for what has no item of its own.
			pub fn write_hyperparameter(
				netuid: NetUid,
				parameter: Hyperparameter,
				value: Value,
			) -> Result<(), Refusal> {
				match parameter {
					$(Hyperparameter::$parameter => $item::<T>::set(netuid, value.try_into()?),)+
					Hyperparameter::TrimToMaxAllowedUids | Hyperparameter::UserLiquidityEnabled => {
						return Err(Refusal::NotSettable);
					}
					Hyperparameter::OwnerHotkey => {
						let bytes: [u8; 32] = value.try_into()?;
						SubnetOwnerHotkey::<T>::set(netuid, AccountId::new(bytes));
					}
					Hyperparameter::MechanismEmissionSplit => {
						let split: Option<alloc::vec::Vec<u16>> = value.try_into()?;
						let split = split
							.map(BoundedVec::try_from)
							.transpose()
							.map_err(|_| Refusal::SplitTooLong)?;
						MechanismEmissionSplit::<T>::set(netuid, split);
					}
					Hyperparameter::RootClaimThreshold => {
						let units: u64 = value.try_into()?;
						// 64 bits and 32 zeros fit into 128 bits.
						let bits = i128::from(units).saturating_mul(I96F32::ONE.bits());
						RootClaimableThreshold::<T>::set(netuid, I96F32::from_bits(bits));
					}
				}
				Ok(())
			}

			/// The value of a parameter of the network.
			pub fn network_parameter(parameter: NetworkParameter) -> Value {
				match parameter {
					$(NetworkParameter::$network => $value::<T>::get().into(),)+
					NetworkParameter::MaxMechanismCount => MechId::new(MaxMechanismCount::<T>::get()).into(),
					NetworkParameter::SubnetMovingAlpha => {
						// Proportions only were ever written.
						SubnetMovingAlpha::<T>::get().bits().saturated_into::<u64>().into()
					}
				}
			}

			/// Writes a parameter of the network, without any check.
			///
			/// Errors: [`Refusal::WrongKind`].
			pub fn write_network_parameter(
				parameter: NetworkParameter,
				value: Value,
			) -> Result<(), Refusal> {
				match parameter {
					$(NetworkParameter::$network => $value::<T>::set(value.try_into()?),)+
					NetworkParameter::MaxMechanismCount => {
						let count: MechId = value.try_into()?;
						MaxMechanismCount::<T>::set(count.get());
					}
					NetworkParameter::SubnetMovingAlpha => {
						let bits: u64 = value.try_into()?;
						SubnetMovingAlpha::<T>::set(I96F32::from_bits(bits.into()));
					}
				}
				Ok(())
			}
		}
	};
}

items! {
    subnet {
        Kappa: Kappa,
        ImmunityPeriod: ImmunityPeriod,
        MinAllowedWeights: MinAllowedWeights,
        MaxWeightsLimit: MaxWeightsLimit,
        Tempo: Tempo,
        WeightsVersionKey: WeightsVersionKey,
        WeightsSetRateLimit: WeightsSetRateLimit,
        ActivityCutoff: ActivityCutoff,
        ActivityCutoffFactor: ActivityCutoffFactorMilli,
        NetworkRegistrationAllowed: NetworkRegistrationAllowed,
        TargetRegistrationsPerInterval: TargetRegistrationsPerInterval,
        MinBurn: MinBurn,
        MaxBurn: MaxBurn,
        BurnHalfLife: BurnHalfLife,
        BurnIncreaseMult: BurnIncreaseMult,
        BondsMovingAverage: BondsMovingAverage,
        MaxRegistrationsPerBlock: MaxRegistrationsPerBlock,
        MaxAllowedValidators: MaxAllowedValidators,
        CommitRevealWeightsInterval: RevealPeriodEpochs,
        CommitRevealWeightsEnabled: CommitRevealWeightsEnabled,
        AlphaValues: AlphaValues,
        LiquidAlphaEnabled: LiquidAlphaOn,
        AlphaSigmoidSteepness: AlphaSigmoidSteepness,
        Yuma3Enabled: Yuma3On,
        SubtokenEnabled: SubtokenEnabled,
        ToggleTransfer: TransferToggle,
        BondsResetEnabled: BondsResetOn,
        OwnerCutEnabled: OwnerCutEnabled,
        OwnerCutAutoLockEnabled: OwnerCutAutoLockEnabled,
        MinChildkeyTakePerSubnet: MinChildkeyTakePerSubnet,
        ServingRateLimit: ServingRateLimit,
        Rho: Rho,
        BondsPenalty: BondsPenalty,
        MaxAllowedUids: MaxAllowedUids,
        MinAllowedUids: MinAllowedUids,
        OwnerImmuneNeuronLimit: ImmuneOwnerUidsLimit,
        NetworkPowRegistrationAllowed: NetworkPowRegistrationAllowed,
        AdjustmentAlpha: AdjustmentAlpha,
        AdjustmentInterval: AdjustmentInterval,
        Difficulty: Difficulty,
        MinDifficulty: MinDifficulty,
        MaxDifficulty: MaxDifficulty,
        RecycleOrBurn: RecycleOrBurn,
        MechanismCount: MechanismCountCurrent,
        EpochConsensus: SubnetEpochConsensus,
        CollateralLockShare: CollateralLockShare,
        CollateralDrainRatio: CollateralDrainRatio,
        SubnetEmissionEnabled: SubnetEmissionEnabled,
    }
    network {
        NetworkRateLimit: NetworkRateLimit,
        LockReductionInterval: LockReductionInterval,
        AdminFreezeWindow: AdminFreezeWindow,
        OwnerHyperparamRateLimit: OwnerHyperparamRateLimit,
        TxRateLimit: TxRateLimit,
        TxDelegateTakeRateLimit: TxDelegateTakeRateLimit,
        StakeThreshold: StakeThreshold,
        NominatorMinRequiredStake: NominatorMinRequiredStake,
        StartCallDelay: StartCallDelay,
        NetworkMinLockCost: NetworkMinLockCost,
        SubnetLimit: SubnetLimit,
        DefaultDelegateTake: DefaultDelegateTake,
        MinDelegateTake: MinDelegateTake,
        TaoWeight: TaoWeight,
        MaxEpochsPerBlock: MaxEpochsPerBlock,
        NetworkImmunityPeriod: NetworkImmunityPeriod,
        MinNonImmuneUids: MinNonImmuneUids,
        ColdkeySwapAnnouncementDelay: ColdkeySwapAnnouncementDelay,
        ColdkeySwapReannouncementDelay: ColdkeySwapReannouncementDelay,
        CommitRevealWeightsVersion: CommitRevealWeightsVersion,
        MinChildkeyTake: MinChildkeyTake,
        MaxChildkeyTake: MaxChildkeyTake,
        NumRootClaim: NumRootClaim,
        SubnetOwnerCut: SubnetOwnerCut,
        CKBurn: CKBurn,
        EMAPriceHalvingBlocks: EMAPriceHalvingBlocks,
    }
}

impl<T: Config> Pallet<T> {
    /// What a rule must know. Facts of the network are the same for every netuid.
    pub(crate) fn fact(netuid: NetUid, fact: Fact) -> u64 {
        match fact {
            Fact::IsRootNetwork => netuid.is_root().into(),
            Fact::Neurons => SubnetworkN::<T>::get(netuid).into(),
            Fact::MinAllowedUids => MinAllowedUids::<T>::get(netuid).into(),
            Fact::MaxAllowedUids => MaxAllowedUids::<T>::get(netuid).into(),
            Fact::UidLimit if netuid.is_root() => ROOT_SEATS.into(),
            Fact::UidLimit => MAX_OWNER_UIDS.into(),
            Fact::MechanismCount => MechanismCountCurrent::<T>::get(netuid).get().into(),
            Fact::MaxMechanismCount => MaxMechanismCount::<T>::get().into(),
            Fact::MinBurn => MinBurn::<T>::get(netuid).get(),
            Fact::MaxBurn => MaxBurn::<T>::get(netuid).get(),
            Fact::LiquidAlphaEnabled => LiquidAlphaOn::<T>::get(netuid).into(),
            Fact::MinDelegateTake => MinDelegateTake::<T>::get().into(),
            Fact::MaxDelegateTake => MaxDelegateTake::<T>::get().into(),
            Fact::MinChildkeyTake => MinChildkeyTake::<T>::get().into(),
            Fact::MaxChildkeyTake => MaxChildkeyTake::<T>::get().into(),
        }
    }
}
