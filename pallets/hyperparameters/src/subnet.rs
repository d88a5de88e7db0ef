//! The table of subnets.
//!
//! A row: number and name of the hyperparameter, who sets it through which calls with which arguments, its
//! default and unit, then what differs from an ordinary row. Ordinary is: frozen for everyone, for owners
//! limited to the owner's tempos, on the root network, too, and in no list.

use codec::{Decode, DecodeWithMemTracking, Encode};
use dendra_primitives::{
    MechId, TaoBalance, U64F64,
    records::{EpochConsensus, RecycleOrBurnEnum},
};
use scale_info::TypeInfo;

use crate::{
    Binds, Bound, Definition, Demand, Fact, Freeze, Kind, RateLimit, Refusal, Rule,
    Setter::{AdminUtils, SubtensorModule},
    Value, View,
};

macro_rules! table {
	($($(#[doc = $doc:literal])+ $number:literal $variant:ident = $row:expr;)+) => {
		/// A hyperparameter: a value that each subnet has its own of.
		///
		/// Its number, which is also its encoding, never changes.
		#[derive(
			Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Encode, Decode, DecodeWithMemTracking, TypeInfo,
		)]
		pub enum Hyperparameter {
			$(
				$(#[doc = $doc])+
				#[codec(index = $number)]
				$variant,
			)+
		}

		impl Hyperparameter {
			/// All of them, in the order of their numbers.
			pub const ALL: &'static [Self] = &[$(Self::$variant,)+];

			/// Its number, part of the key of its rate limit.
			#[must_use]
			pub const fn number(self) -> u8 {
				match self {
					$(Self::$variant => $number,)+
				}
			}

			/// Its row.
			#[must_use]
			pub const fn definition(self) -> &'static Definition {
				match self {
					$(Self::$variant => {
						const ROW: &Definition =
							&$row.of(Hyperparameter::$variant, concat!($($doc),+).trim_ascii());
						ROW
					})+
				}
			}
		}
	};
}

/// A rule that binds everyone.
const fn rule(demand: Demand, refusal: Refusal) -> Rule {
    Rule {
        binds: Binds::Everyone,
        demand,
        refusal,
    }
}

/// A rule that binds owners only.
const fn owner_rule(demand: Demand, refusal: Refusal) -> Rule {
    Rule {
        binds: Binds::Owner,
        demand,
        refusal,
    }
}

const fn at_least(bound: i128) -> Demand {
    Demand::AtLeast(Bound::Number(bound))
}

const fn at_most(bound: i128) -> Demand {
    Demand::AtMost(Bound::Number(bound))
}

const fn above(bound: i128) -> Demand {
    Demand::Above(Bound::Number(bound))
}

const fn below(bound: i128) -> Demand {
    Demand::Below(Bound::Number(bound))
}

/// The number 1 with 64 fractional bits, as rules compare it.
const ONE: i128 = 1 << 64;
/// 1.26 with 64 fractional bits, rounded up: the price of a registration never rises by less.
const RISE: U64F64 = U64F64::from_bits(23_242_897_532_874_035_037);
/// The most neurons of a subnet, counted once for each mechanism.
pub const MOST_UIDS: u16 = 256;

table! {
    /// Part of the stake that must agree on a weight.
    0 Kappa = Definition::root(&[AdminUtils("sudo_set_kappa")], &["kappa"], &Value::U16(32_767), "of 65535")
        .views(&[View::Plain("kappa")]);

    /// Blocks after its registration in which a neuron is not replaced.
    1 ImmunityPeriod = Definition::owner(
        &[AdminUtils("sudo_set_immunity_period")], &["immunity_period"], &Value::U16(4_096), "blocks",
    )
        .at_creation(&Value::U16(5_000))
        .views(&[View::Plain("immunity_period")]);

    /// Fewest weights in a row, unless the subnet has fewer neurons.
    2 MinAllowedWeights = Definition::owner(
        &[AdminUtils("sudo_set_min_allowed_weights")], &["min_allowed_weights"], &Value::U16(1_024), "weights",
    )
        .at_creation(&Value::U16(1))
        .views(&[View::Plain("min_allowed_weights")]);

    /// Greatest part of a row that one weight may be; all of it.
    3 MaxWeightsLimit = Definition::shown(&Value::U16(65_535), "of 65535")
        .unused()
        .views(&[View::Plain("max_weights_limit")]);

    /// Blocks between two epochs, 0 for none; setting it begins a full new cycle.
    4 Tempo = Definition::owner(
        &[AdminUtils("sudo_set_tempo"), SubtensorModule("set_tempo")], &["tempo"], &Value::U16(360), "blocks",
    )
        .rate(RateLimit::Blocks(360))
        .freeze(Freeze::Owner)
        .rules(&[
            owner_rule(at_least(360), Refusal::TempoOutOfBounds),
            owner_rule(at_most(50_400), Refusal::TempoOutOfBounds),
        ])
        .views(&[View::Plain("tempo")]);

    /// Least version that weights must name; 0 admits any.
    5 WeightsVersionKey = Definition::owner(
        &[AdminUtils("sudo_set_weights_version_key")], &["weights_version_key"], &Value::U64(0), "",
    )
        .rate(RateLimit::Tempos(5))
        .views(&[View::Plain("weights_version")]);

    /// Blocks between two updates of a validator's weights.
    6 WeightsSetRateLimit = Definition::root(
        &[AdminUtils("sudo_set_weights_set_rate_limit")], &["weights_set_rate_limit"], &Value::U64(100), "blocks",
    )
        .views(&[View::Plain("weights_rate_limit")]);

    /// An older form of the activity cutoff; clients read the cutoff in use in its place.
    7 ActivityCutoff = Definition::owner(
        &[AdminUtils("sudo_set_activity_cutoff")], &["activity_cutoff"], &Value::U16(5_000), "blocks",
    )
        .unused()
        .rules(&[rule(at_least(360), Refusal::ActivityCutoffTooLow)])
        .views(&[View::CutoffInUse("activity_cutoff")]);

    /// Tempos without an update of weights after which a validator is inactive.
    8 ActivityCutoffFactor = Definition::owner(
        &[AdminUtils("sudo_set_activity_cutoff_factor"), SubtensorModule("set_activity_cutoff_factor")],
        &["factor_milli"], &Value::U32(13_889), "thousandths of a tempo",
    )
        .rules(&[
            rule(at_least(1_000), Refusal::ActivityCutoffFactorOutOfBounds),
            rule(at_most(50_000), Refusal::ActivityCutoffFactorOutOfBounds),
        ])
        .views(&[View::Plain("activity_cutoff_factor")]);

    /// Whether neurons may register; while not, the subnet takes no part in the emission of TAO.
    9 NetworkRegistrationAllowed = Definition::owner(
        &[AdminUtils("sudo_set_network_registration_allowed")], &["registration_allowed"], &Value::Bool(true), "",
    )
        .views(&[View::Plain("registration_allowed")]);

    /// A third of the registrations that the root network admits in an interval.
    10 TargetRegistrationsPerInterval = Definition::root(
        &[AdminUtils("sudo_set_target_registrations_per_interval")],
        &["target_registrations_per_interval"], &Value::U16(2), "registrations",
    )
        .views(&[View::Plain("target_regs_per_interval")]);

    /// Lowest price of a registration.
    11 MinBurn = Definition::owner(
        &[AdminUtils("sudo_set_min_burn")], &["min_burn"], &Value::Tao(TaoBalance::new(500_000)), "rao",
    )
        .rules(&[
            rule(below(1_000_000_000), Refusal::MinBurnTooHigh),
            rule(Demand::Below(Bound::Fact(Fact::MaxBurn)), Refusal::MinBurnNotBelowMaxBurn),
        ])
        .views(&[View::Plain("min_burn")]);

    /// Highest price of a registration.
    12 MaxBurn = Definition::owner(
        &[AdminUtils("sudo_set_max_burn")], &["max_burn"], &Value::Tao(TaoBalance::new(100_000_000_000)), "rao",
    )
        .rules(&[
            rule(above(100_000_000), Refusal::MaxBurnTooLow),
            rule(Demand::Above(Bound::Fact(Fact::MinBurn)), Refusal::MaxBurnNotAboveMinBurn),
        ])
        .views(&[View::Plain("max_burn")]);

    /// Blocks in which the price of a registration halves while nobody registers.
    13 BurnHalfLife = Definition::owner(
        &[AdminUtils("sudo_set_burn_half_life")], &["burn_half_life"], &Value::U16(360), "blocks",
    )
        .rules(&[
            rule(at_least(1), Refusal::BurnHalfLifeOutOfBounds),
            rule(at_most(36_100), Refusal::BurnHalfLifeOutOfBounds),
        ])
        .views(&[View::Plain("burn_half_life")]);

    /// Factor by which each registration raises the price.
    14 BurnIncreaseMult = Definition::owner(
        &[AdminUtils("sudo_set_burn_increase_mult")], &["burn_increase_mult"], &Value::Fixed(RISE), "",
    )
        .rules(&[
            rule(at_least(ONE), Refusal::BurnIncreaseOutOfBounds),
            rule(at_most(3 * ONE), Refusal::BurnIncreaseOutOfBounds),
        ])
        .views(&[View::Plain("burn_increase_mult")]);

    /// Part of the old bonds that an epoch keeps.
    15 BondsMovingAverage = Definition::owner(
        &[AdminUtils("sudo_set_bonds_moving_average")], &["bonds_moving_average"], &Value::U64(900_000),
        "millionths",
    )
        .rules(&[
            owner_rule(at_most(975_000), Refusal::BondsMovingAverageTooHigh),
            rule(at_most(1_000_000), Refusal::BondsMovingAverageTooHigh),
        ])
        .views(&[View::Plain("bonds_moving_avg")]);

    /// Most registrations of a block on the root network.
    16 MaxRegistrationsPerBlock = Definition::root(
        &[AdminUtils("sudo_set_max_registrations_per_block")],
        &["max_registrations_per_block"], &Value::U16(1), "registrations",
    )
        .views(&[View::Plain("max_regs_per_block")]);

    /// Most neurons with a validator's permit.
    17 MaxAllowedValidators = Definition::root(
        &[AdminUtils("sudo_set_max_allowed_validators")], &["max_allowed_validators"], &Value::U16(128),
        "validators",
    )
        .at_creation(&Value::U16(64))
        .rules(&[rule(Demand::AtMost(Bound::Fact(Fact::MaxAllowedUids)), Refusal::ValidatorsAboveUids)])
        .views(&[View::Plain("max_validators")]);

    /// Epochs from the commit of weights to their reveal.
    18 CommitRevealWeightsInterval = Definition::owner(
        &[AdminUtils("sudo_set_commit_reveal_weights_interval")], &["interval"], &Value::U64(1), "epochs",
    )
        .rules(&[
            rule(at_least(1), Refusal::RevealPeriodTooShort),
            rule(at_most(100), Refusal::RevealPeriodTooLong),
        ])
        .views(&[View::Plain("commit_reveal_period")]);

    /// Whether weights are committed first and revealed later.
    19 CommitRevealWeightsEnabled = Definition::owner(
        &[AdminUtils("sudo_set_commit_reveal_weights_enabled")], &["enabled"], &Value::Bool(true), "",
    )
        .views(&[View::Plain("commit_reveal_weights_enabled")]);

    /// Lowest and highest rate at which bonds follow weights under liquid alpha.
    20 AlphaValues = Definition::owner(
        &[AdminUtils("sudo_set_alpha_values")], &["alpha_low", "alpha_high"], &Value::Range((45_875, 58_982)),
        "of 65535",
    )
        .rules(&[
            rule(Demand::While(Fact::LiquidAlphaEnabled), Refusal::LiquidAlphaOff),
            rule(Demand::UpperEndAtLeast(1_638), Refusal::AlphaHighTooLow),
            rule(Demand::LowerEndFrom(1_638), Refusal::AlphaLowOutOfRange),
        ])
        .views(&[View::UpperEnd("alpha_high"), View::LowerEnd("alpha_low")]);

    /// Whether the rate at which bonds follow weights depends on agreement; under Yuma 3 only.
    21 LiquidAlphaEnabled = Definition::owner(
        &[AdminUtils("sudo_set_liquid_alpha_enabled")], &["enabled"], &Value::Bool(false), "",
    )
        .views(&[View::Plain("liquid_alpha_enabled")]);

    /// Steepness with which that rate changes.
    22 AlphaSigmoidSteepness = Definition::owner(
        &[AdminUtils("sudo_set_alpha_sigmoid_steepness")], &["steepness"], &Value::I16(1_000), "hundredths",
    )
        .rules(&[owner_rule(at_least(0), Refusal::NegativeSteepness)])
        .views(&[View::Fixed32("alpha_sigmoid_steepness")]);

    /// Whether bonds follow Yuma 3 instead of Yuma 2.
    23 Yuma3Enabled = Definition::owner(
        &[AdminUtils("sudo_set_yuma3_enabled")], &["enabled"], &Value::Bool(false), "",
    )
        .at_creation(&Value::Bool(true))
        .views(&[View::YumaVersion("yuma_version")]);

    /// Whether the alpha of the subnet can be staked; starting the subnet sets it.
    24 SubtokenEnabled = Definition::root(
        &[AdminUtils("sudo_set_subtoken_enabled")], &["subtoken_enabled"], &Value::Bool(false), "",
    )
        .freeze(Freeze::Nobody)
        .not_on_root_network()
        .views(&[View::Plain("subnet_is_active")]);

    /// Whether stake may change its coldkey.
    25 ToggleTransfer = Definition::owner(
        &[AdminUtils("sudo_set_toggle_transfer")], &["toggle"], &Value::Bool(true), "",
    )
        .views(&[View::Plain("transfers_enabled")]);

    /// Whether a commitment may reset the bonds toward its hotkey.
    26 BondsResetEnabled = Definition::owner(
        &[AdminUtils("sudo_set_bonds_reset_enabled")], &["enabled"], &Value::Bool(false), "",
    )
        .views(&[View::Plain("bonds_reset_enabled")]);

    /// Whether users may provide liquidity of their own; they may not.
    27 UserLiquidityEnabled = Definition::shown(&Value::Bool(false), "")
        .unused()
        .views(&[View::Plain("user_liquidity_enabled")]);

    /// Whether the owner is paid a part of the emission.
    28 OwnerCutEnabled = Definition::owner(
        &[AdminUtils("sudo_set_owner_cut_enabled")], &["enabled"], &Value::Bool(true), "",
    )
        .rate(RateLimit::None)
        .views(&[View::Plain("owner_cut_enabled")]);

    /// Whether that part is locked when it is paid.
    29 OwnerCutAutoLockEnabled = Definition::owner(
        &[AdminUtils("sudo_set_owner_cut_auto_lock_enabled")], &["enabled"], &Value::Bool(false), "",
    )
        .rate(RateLimit::None)
        .views(&[View::Plain("owner_cut_auto_lock_enabled")]);

    /// Lowest take that a child may ask of its parents.
    30 MinChildkeyTakePerSubnet = Definition::owner(
        &[AdminUtils("sudo_set_min_childkey_take_per_subnet")], &["take"], &Value::U16(0), "of 65535",
    )
        .rules(&[rule(Demand::AtMost(Bound::Fact(Fact::MaxChildkeyTake)), Refusal::ChildkeyTakeTooHigh)])
        .views(&[View::Plain("min_childkey_take")]);

    /// Blocks between two changes of where a neuron serves.
    31 ServingRateLimit = Definition::owner(
        &[AdminUtils("sudo_set_serving_rate_limit")], &["serving_rate_limit"], &Value::U64(50), "blocks",
    )
        .views(&[View::Plain("serving_rate_limit")]);

    // What follows is in no list: clients read it from storage.

    /// Steepness of trust in an older consensus.
    32 Rho = Definition::owner(&[AdminUtils("sudo_set_rho")], &["rho"], &Value::U16(10), "").unused();

    /// How much bonds follow the clipped weights instead of the weights as set.
    33 BondsPenalty = Definition::owner(
        &[AdminUtils("sudo_set_bonds_penalty")], &["bonds_penalty"], &Value::U16(65_535), "of 65535",
    );

    /// Most neurons.
    34 MaxAllowedUids = Definition::owner(
        &[AdminUtils("sudo_set_max_allowed_uids")], &["max_allowed_uids"], &Value::U16(256), "neurons",
    )
        .rules(&[
            rule(Demand::AtMost(Bound::Fact(Fact::UidLimit)), Refusal::UidsAboveLimit),
            rule(Demand::AtLeast(Bound::Fact(Fact::MinAllowedUids)), Refusal::UidsBelowMinimum),
            rule(Demand::AtLeast(Bound::Fact(Fact::Neurons)), Refusal::UidsBelowNeurons),
            rule(
                Demand::TimesAtMost(Fact::MechanismCount, MOST_UIDS as i128),
                Refusal::TooManyUidsPerMechanism,
            ),
        ]);

    /// What the most neurons cannot be set below.
    35 MinAllowedUids = Definition::root(
        &[AdminUtils("sudo_set_min_allowed_uids")], &["min_allowed_uids"], &Value::U16(64), "neurons",
    )
        .rules(&[
            rule(Demand::Below(Bound::Fact(Fact::MaxAllowedUids)), Refusal::MinimumNotBelowMaximum),
            rule(Demand::Below(Bound::Fact(Fact::Neurons)), Refusal::MinimumNotBelowNeurons),
        ]);

    /// Neurons of the owner that are not replaced, besides the owner hotkey.
    36 OwnerImmuneNeuronLimit = Definition::owner(
        &[AdminUtils("sudo_set_owner_immune_neuron_limit")], &["immune_neurons"], &Value::U16(1), "neurons",
    )
        .rules(&[
            rule(at_least(1), Refusal::OwnerImmunityOutOfBounds),
            rule(at_most(10), Refusal::OwnerImmunityOutOfBounds),
        ]);

    /// Whether registration by work was allowed; there is none any more.
    37 NetworkPowRegistrationAllowed = Definition::owner(
        &[AdminUtils("sudo_set_network_pow_registration_allowed")], &["registration_allowed"],
        &Value::Bool(true), "",
    )
        .unused();

    /// How slowly price and difficulty followed registrations under an older rule.
    38 AdjustmentAlpha = Definition::owner(
        &[AdminUtils("sudo_set_adjustment_alpha")], &["adjustment_alpha"], &Value::U64(0), "of 2^64",
    )
        .unused();

    /// Blocks of an interval of registrations; on subnets part of an older rule.
    39 AdjustmentInterval = Definition::root(
        &[AdminUtils("sudo_set_adjustment_interval")], &["adjustment_interval"], &Value::U16(100), "blocks",
    )
        .rules(&[rule(at_least(1), Refusal::IntervalZero)]);

    /// Difficulty of registration by work.
    40 Difficulty = Definition::root(
        &[AdminUtils("sudo_set_difficulty")], &["difficulty"], &Value::U64(10_000_000), "",
    )
        .unused();

    /// Lowest difficulty of registration by work.
    41 MinDifficulty = Definition::root(
        &[AdminUtils("sudo_set_min_difficulty")], &["min_difficulty"], &Value::U64(10_000_000), "",
    )
        .unused();

    /// Highest difficulty of registration by work.
    42 MaxDifficulty = Definition::owner(
        &[AdminUtils("sudo_set_max_difficulty")], &["max_difficulty"],
        &Value::U64(4_611_686_018_427_387_903), "",
    )
        .unused();

    /// What becomes of the emission that the owner's miners earn.
    43 RecycleOrBurn = Definition::owner(
        &[AdminUtils("sudo_set_recycle_or_burn")], &["recycle_or_burn"],
        &Value::RecycleOrBurn(RecycleOrBurnEnum::Burn), "",
    );

    /// Hotkey of the owner; its uid, if it has one, is protected.
    44 OwnerHotkey = Definition::owner(
        &[AdminUtils("sudo_set_sn_owner_hotkey"), AdminUtils("sudo_set_subnet_owner_hotkey")],
        &["hotkey"], &Value::Account([0; 32]), "",
    )
        .rate(RateLimit::Blocks(50_400))
        .not_on_root_network();

    /// Number of mechanisms; those that go lose their data, and any change makes the split even again.
    45 MechanismCount = Definition::owner(
        &[AdminUtils("sudo_set_mechanism_count")], &["mechanism_count"],
        &Value::Mechanisms(MechId::new(1)), "mechanisms",
    )
        .rate(RateLimit::Blocks(7_200))
        .not_on_root_network()
        .rules(&[
            rule(at_least(1), Refusal::MechanismCountOutOfBounds),
            rule(
                Demand::AtMost(Bound::Fact(Fact::MaxMechanismCount)),
                Refusal::MechanismCountOutOfBounds,
            ),
            rule(
                Demand::TimesAtMost(Fact::MaxAllowedUids, MOST_UIDS as i128),
                Refusal::TooManyUidsPerMechanism,
            ),
        ]);

    /// Parts of the emission that the mechanisms divide; even parts if none are given.
    46 MechanismEmissionSplit = Definition::owner(
        &[AdminUtils("sudo_set_mechanism_emission_split")], &["maybe_split"], &Value::Split(None), "",
    )
        .rate(RateLimit::Blocks(7_200))
        .not_on_root_network()
        .rules(&[
            rule(Demand::PartsAtMost(Fact::MechanismCount), Refusal::SplitTooLong),
            rule(Demand::PartsSumTo(65_535), Refusal::SplitSumWrong),
        ]);

    /// Removes the neurons with the lowest emission and sets the most neurons.
    47 TrimToMaxAllowedUids = Definition::action(
        &[AdminUtils("sudo_trim_to_max_allowed_uids")], &["max_n"], Kind::U16, "neurons",
    )
        .rate(RateLimit::Blocks(216_000))
        .not_on_root_network()
        .rules(&[
            rule(Demand::AtLeast(Bound::Fact(Fact::MinAllowedUids)), Refusal::UidsBelowMinimum),
            rule(Demand::AtMost(Bound::Fact(Fact::MaxAllowedUids)), Refusal::TrimAboveMaximum),
        ]);

    /// Which consensus the epochs are meant to run; they run Yuma whatever it says.
    48 EpochConsensus = Definition::owner(
        &[AdminUtils("sudo_set_epoch_consensus")], &["mode"], &Value::Consensus(EpochConsensus::Yuma), "",
    )
        .unused();

    /// Part of a miner's income that is locked as collateral; nothing is locked yet.
    49 CollateralLockShare = Definition::owner(
        &[AdminUtils("sudo_set_collateral_lock_share")], &["lock_share"], &Value::U16(0), "of 65535",
    )
        .unused();

    /// How fast collateral drains; nothing is locked yet.
    50 CollateralDrainRatio = Definition::owner(
        &[AdminUtils("sudo_set_collateral_drain_ratio")], &["drain_ratio"], &Value::Fixed(U64F64::ONE), "",
    )
        .unused();

    /// Whether the subnet takes part in the emission of TAO.
    51 SubnetEmissionEnabled = Definition::root(
        &[AdminUtils("sudo_set_subnet_emission_enabled")], &["enabled"], &Value::Bool(true), "",
    )
        .at_creation(&Value::Bool(false))
        .freeze(Freeze::Nobody)
        .not_on_root_network();

    /// Least root dividends that are claimed at once.
    52 RootClaimThreshold = Definition::owner(
        &[SubtensorModule("sudo_set_root_claim_threshold")], &["new_value"], &Value::U64(500_000), "units of alpha",
    )
        .rate(RateLimit::None)
        .freeze(Freeze::Nobody)
        .rules(&[rule(at_most(10_000_000), Refusal::ClaimThresholdTooHigh)]);
}
