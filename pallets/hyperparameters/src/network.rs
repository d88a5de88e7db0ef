//! The table of the network. Only root sets these values.

use codec::{Decode, DecodeWithMemTracking, Encode};
use dendra_primitives::{MechId, TaoBalance};
use scale_info::TypeInfo;

use crate::{
    Binds, Bound, Demand, Fact, NetworkDefinition, Refusal, Rule,
    Setter::{AdminUtils, SubtensorModule},
    Value,
};

macro_rules! table {
	($($(#[doc = $doc:literal])+ $number:literal $variant:ident = $row:expr;)+) => {
		/// A parameter of the network: a value that all subnets share.
		///
		/// Its number, which is also its encoding, never changes.
		#[derive(
			Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Encode, Decode, DecodeWithMemTracking, TypeInfo,
		)]
		pub enum NetworkParameter {
			$(
				$(#[doc = $doc])+
				#[codec(index = $number)]
				$variant,
			)+
		}

		impl NetworkParameter {
			/// All of them, in the order of their numbers.
			pub const ALL: &'static [Self] = &[$(Self::$variant,)+];

			/// Its number.
			#[must_use]
			pub const fn number(self) -> u8 {
				match self {
					$(Self::$variant => $number,)+
				}
			}

			/// Its row.
			#[must_use]
			pub const fn definition(self) -> &'static NetworkDefinition {
				match self {
					$(Self::$variant => {
						const ROW: &NetworkDefinition =
							&$row.of(NetworkParameter::$variant, concat!($($doc),+).trim_ascii());
						ROW
					})+
				}
			}
		}
	};
}

const fn rule(demand: Demand, refusal: Refusal) -> Rule {
    Rule {
        binds: Binds::Everyone,
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

/// The most subnets besides root that a limit may allow. The core pallet proves that every block has room for so many.
pub const MAX_SUBNETS: u16 = 511;

table! {
    /// Blocks between two creations of subnets.
    0 NetworkRateLimit = NetworkDefinition::root(
        &[AdminUtils("sudo_set_network_rate_limit")], &["rate_limit"], &Value::U64(7_200), "blocks",
    );

    /// Blocks in which the cost of creating a subnet falls by the last one, while a block emits 1 TAO.
    1 LockReductionInterval = NetworkDefinition::root(
        &[AdminUtils("sudo_set_lock_reduction_interval")], &["interval"], &Value::U64(100_800), "blocks",
    )
        .rules(&[rule(at_least(1), Refusal::IntervalZero)]);

    /// Last blocks before an epoch in which hyperparameters are frozen.
    2 AdminFreezeWindow = NetworkDefinition::root(
        &[AdminUtils("sudo_set_admin_freeze_window")], &["window"], &Value::U16(10), "blocks",
    );

    /// Tempos between two changes of one hyperparameter by an owner.
    3 OwnerHyperparamRateLimit = NetworkDefinition::root(
        &[AdminUtils("sudo_set_owner_hparam_rate_limit")], &["epochs"], &Value::U16(2), "tempos",
    );

    /// Blocks between two key swaps of a coldkey.
    4 TxRateLimit = NetworkDefinition::root(
        &[AdminUtils("sudo_set_tx_rate_limit")], &["tx_rate_limit"], &Value::U64(1_000), "blocks",
    );

    /// Blocks between two rises of a delegate's take.
    5 TxDelegateTakeRateLimit = NetworkDefinition::root(
        &[AdminUtils("sudo_set_tx_delegate_take_rate_limit")], &["tx_rate_limit"], &Value::U64(216_000), "blocks",
    );

    /// Stake weight below which a neuron counts as without stake.
    6 StakeThreshold = NetworkDefinition::root(
        &[AdminUtils("sudo_set_stake_threshold")], &["min_stake"], &Value::U64(0), "units",
    );

    /// Least nomination on someone else's hotkey.
    7 NominatorMinRequiredStake = NetworkDefinition::root(
        &[AdminUtils("sudo_set_nominator_min_required_stake")], &["min_stake"], &Value::U64(0),
        "millionths of the least stake",
    );

    /// Blocks after its creation before a subnet can be started.
    8 StartCallDelay = NetworkDefinition::root(
        &[AdminUtils("sudo_set_start_call_delay")], &["delay"], &Value::U64(0), "blocks",
    );

    /// Least cost of creating a subnet.
    9 NetworkMinLockCost = NetworkDefinition::root(
        &[AdminUtils("sudo_set_network_min_lock_cost")], &["lock_cost"],
        &Value::Tao(TaoBalance::new(1_000_000_000_000)), "rao",
    );

    /// Most subnets, root not counted; at the limit, a creation dissolves one.
    10 SubnetLimit = NetworkDefinition::root(
        &[AdminUtils("sudo_set_subnet_limit")], &["max_subnets"], &Value::U16(128), "subnets",
    )
        .rules(&[rule(at_most(MAX_SUBNETS as i128), Refusal::TooManySubnets)]);

    /// Take of a new delegate.
    11 DefaultDelegateTake = NetworkDefinition::root(
        &[AdminUtils("sudo_set_default_take")], &["default_take"], &Value::U16(11_796), "of 65535",
    )
        .rules(&[
            rule(Demand::AtMost(Bound::Fact(Fact::MaxDelegateTake)), Refusal::DelegateTakeTooHigh),
            rule(Demand::AtLeast(Bound::Fact(Fact::MinDelegateTake)), Refusal::DelegateTakeTooLow),
        ]);

    /// Lowest take of a delegate.
    12 MinDelegateTake = NetworkDefinition::root(
        &[AdminUtils("sudo_set_min_delegate_take")], &["take"], &Value::U16(0), "of 65535",
    )
        .rules(&[rule(Demand::AtMost(Bound::Fact(Fact::MaxDelegateTake)), Refusal::DelegateTakeTooHigh)]);

    /// What a rao on root weighs against a unit of alpha.
    13 TaoWeight = NetworkDefinition::root(
        &[AdminUtils("sudo_set_tao_weight")], &["tao_weight"], &Value::U64(971_718_665_099_567_868),
        "of 2^64−1",
    );

    /// Most epochs that run in one block.
    14 MaxEpochsPerBlock = NetworkDefinition::root(
        &[AdminUtils("sudo_set_max_epochs_per_block")], &["max_epochs"], &Value::U8(2), "epochs",
    )
        .rules(&[rule(at_least(1), Refusal::NoEpochs)]);

    /// Blocks after its creation in which a subnet is not dissolved to make room.
    15 NetworkImmunityPeriod = NetworkDefinition::root(
        &[AdminUtils("sudo_set_network_immunity_period")], &["immunity_period"], &Value::U64(1_296_000), "blocks",
    );

    /// Most mechanisms of a subnet.
    16 MaxMechanismCount = NetworkDefinition::root(
        &[AdminUtils("sudo_set_max_mechanism_count")], &["max_mechanism_count"],
        &Value::Mechanisms(MechId::new(2)), "mechanisms",
    )
        .rules(&[
            rule(at_least(1), Refusal::MechanismCountOutOfBounds),
            rule(at_most(16), Refusal::MechanismCountOutOfBounds),
        ]);

    /// Neurons outside of immunity that a subnet keeps.
    17 MinNonImmuneUids = NetworkDefinition::root(
        &[AdminUtils("sudo_set_min_non_immune_uids")], &["min"], &Value::U16(10), "neurons",
    );

    /// Blocks from the announcement of a coldkey swap to its execution.
    18 ColdkeySwapAnnouncementDelay = NetworkDefinition::root(
        &[AdminUtils("sudo_set_coldkey_swap_announcement_delay")], &["duration"], &Value::U32(36_000), "blocks",
    );

    /// Blocks after that before another swap may be announced.
    19 ColdkeySwapReannouncementDelay = NetworkDefinition::root(
        &[AdminUtils("sudo_set_coldkey_swap_reannouncement_delay")], &["duration"], &Value::U32(7_200), "blocks",
    );

    /// Version that timelocked commits must name.
    20 CommitRevealWeightsVersion = NetworkDefinition::root(
        &[AdminUtils("sudo_set_commit_reveal_version")], &["version"], &Value::U16(4), "",
    );

    /// Lowest take of a child.
    21 MinChildkeyTake = NetworkDefinition::root(
        &[SubtensorModule("sudo_set_min_childkey_take")], &["take"], &Value::U16(0), "of 65535",
    )
        .rules(&[rule(Demand::AtMost(Bound::Fact(Fact::MaxChildkeyTake)), Refusal::ChildkeyTakeTooHigh)]);

    /// Highest take of a child.
    22 MaxChildkeyTake = NetworkDefinition::root(
        &[SubtensorModule("sudo_set_max_childkey_take")], &["take"], &Value::U16(11_796), "of 65535",
    )
        .rules(&[
            rule(at_most(11_796), Refusal::ChildkeyTakeTooHigh),
            rule(Demand::AtLeast(Bound::Fact(Fact::MinChildkeyTake)), Refusal::ChildkeyTakeTooLow),
        ]);

    /// Root stakers whose dividends are claimed automatically in each block.
    23 NumRootClaim = NetworkDefinition::root(
        &[SubtensorModule("sudo_set_num_root_claims")], &["new_value"], &Value::U64(5), "stakers",
    )
        .rules(&[rule(at_most(50), Refusal::TooManyRootClaims)]);

    /// Blocks between two rises of a child's take.
    24 TxChildkeyTakeRateLimit = NetworkDefinition::root(
        &[SubtensorModule("sudo_set_tx_childkey_take_rate_limit")], &["tx_rate_limit"], &Value::U64(216_000), "blocks",
    );

    /// Blocks before children count.
    25 PendingChildKeyCooldown = NetworkDefinition::root(
        &[SubtensorModule("set_pending_childkey_cooldown")], &["cooldown"], &Value::U64(7_200), "blocks",
    );

    /// Part of a subnet's alpha emission that its owner is paid, where the subnet pays its owner.
    26 SubnetOwnerCut = NetworkDefinition::root(
        &[AdminUtils("sudo_set_subnet_owner_cut")], &["subnet_owner_cut"], &Value::U16(11_796), "of 65535",
    );

    /// Part of what a validator passes on to parents of other owners that is recycled.
    27 CKBurn = NetworkDefinition::root(
        &[AdminUtils("sudo_set_ck_burn")], &["burn"], &Value::U64(0), "of 2^64−1",
    );

    /// Part of the way to the price that a moving price goes in a block, in the long run.
    28 SubnetMovingAlpha = NetworkDefinition::root(
        &[AdminUtils("sudo_set_subnet_moving_alpha")], &["alpha"], &Value::U64(12_885), "of 2^32",
    )
        .rules(&[rule(at_most(1 << 32), Refusal::MovingAlphaTooHigh)]);

    /// Blocks after its first emission at which a subnet's moving price goes half of that part.
    29 EMAPriceHalvingBlocks = NetworkDefinition::root(
        &[AdminUtils("sudo_set_ema_price_halving_period")], &["ema_halving"], &Value::U64(201_600), "blocks",
    );
}
