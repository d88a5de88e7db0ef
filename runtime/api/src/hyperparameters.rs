//! Hyperparameters of subnets, as a list and in two older forms.

use alloc::vec::Vec;

use codec::{Compact, Decode, Encode};
use dendra_primitives::{I32F32, TaoBalance, U64F64};
use scale_info::TypeInfo;

/// A hyperparameter by name.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
pub struct HyperparamEntry {
    /// Name, UTF-8.
    pub name: Vec<u8>,
    /// Value.
    pub value: HyperparamValue,
}

impl HyperparamEntry {
    /// The entry of this name and value.
    #[must_use]
    pub fn new(name: &str, value: HyperparamValue) -> Self {
        Self {
            name: name.as_bytes().to_vec(),
            value,
        }
    }
}

/// The value of a hyperparameter, with its type.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
pub enum HyperparamValue {
    /// Yes or no.
    #[codec(index = 0)]
    Bool(bool),
    /// An integer of 16 bits.
    #[codec(index = 1)]
    U16(Compact<u16>),
    /// An integer of 32 bits.
    #[codec(index = 2)]
    U32(Compact<u32>),
    /// An integer of 64 bits.
    #[codec(index = 3)]
    U64(Compact<u64>),
    /// An integer of 128 bits.
    #[codec(index = 4)]
    U128(Compact<u128>),
    /// An amount of TAO, in rao.
    #[codec(index = 5)]
    TaoBalance(Compact<TaoBalance>),
    /// A signed number with 32 fractional bits.
    #[codec(index = 6)]
    I32F32(I32F32),
    /// An unsigned number with 64 fractional bits.
    #[codec(index = 7)]
    U64F64(U64F64),
}

macro_rules! hyperparameters {
	($(#[$doc:meta])* $name:ident { $($(#[$last_doc:meta])* $last:ident: $ty:ty,)* }) => {
		$(#[$doc])*
		#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
		pub struct $name {
			/// Steepness of the curve of trust.
			pub rho: Compact<u16>,
			/// Stake that makes a majority, in parts of 65535.
			pub kappa: Compact<u16>,
			/// Blocks for which a new neuron keeps its place.
			pub immunity_period: Compact<u16>,
			/// The fewest weights to set at once.
			pub min_allowed_weights: Compact<u16>,
			/// The highest weight, in parts of 65535.
			pub max_weights_limit: Compact<u16>,
			/// Blocks between epochs.
			pub tempo: Compact<u16>,
			/// The least difficulty of registering by work.
			pub min_difficulty: Compact<u64>,
			/// The highest difficulty of registering by work.
			pub max_difficulty: Compact<u64>,
			/// The least version of weights that is accepted.
			pub weights_version: Compact<u64>,
			/// Blocks between two settings of weights.
			pub weights_rate_limit: Compact<u64>,
			/// Blocks between two adjustments of the difficulty.
			pub adjustment_interval: Compact<u16>,
			/// Blocks without an update after which a neuron is inactive.
			pub activity_cutoff: Compact<u64>,
			/// Whether neurons may register.
			pub registration_allowed: bool,
			/// Registrations that one interval is meant to have.
			pub target_regs_per_interval: Compact<u16>,
			/// The least that registering costs.
			pub min_burn: Compact<TaoBalance>,
			/// The most that registering costs.
			pub max_burn: Compact<TaoBalance>,
			/// How slowly bonds follow weights, in millionths.
			pub bonds_moving_avg: Compact<u64>,
			/// The most registrations in a block.
			pub max_regs_per_block: Compact<u16>,
			/// Blocks between two statements of where a neuron serves.
			pub serving_rate_limit: Compact<u64>,
			/// The most validators.
			pub max_validators: Compact<u16>,
			/// How slowly the difficulty is adjusted, in parts of 2^64 − 1.
			pub adjustment_alpha: Compact<u64>,
			/// Difficulty of registering by work.
			pub difficulty: Compact<u64>,
			/// Epochs between a commit and its reveal.
			pub commit_reveal_period: Compact<u64>,
			/// Whether weights are committed before they are revealed.
			pub commit_reveal_weights_enabled: bool,
			/// Upper end of the rate at which bonds follow weights, in parts of 65535.
			pub alpha_high: Compact<u16>,
			/// Lower end of that rate, in parts of 65535.
			pub alpha_low: Compact<u16>,
			/// Whether that rate depends on consensus.
			pub liquid_alpha_enabled: bool,
			$(
				$(#[$last_doc])*
				pub $last: $ty,
			)*
		}
	};
}

hyperparameters! {
    /// The hyperparameters of a subnet, the oldest form.
    SubnetHyperparams {}
}

hyperparameters! {
    /// The hyperparameters of a subnet, the second form.
    SubnetHyperparamsV2 {
        /// Steepness of the curve by which the rate of bonds depends on consensus.
        alpha_sigmoid_steepness: I32F32,
        /// Version of consensus, 2 or 3.
        yuma_version: Compact<u16>,
        /// Whether the subnet was started.
        subnet_is_active: bool,
        /// Whether stake may change its coldkey.
        transfers_enabled: bool,
        /// Whether bonds start anew when the owner says so.
        bonds_reset_enabled: bool,
        /// Not used.
        user_liquidity_enabled: bool,
    }
}
