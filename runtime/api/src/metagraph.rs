//! Everything about a subnet and its neurons, whole and in chosen parts.

use alloc::vec::Vec;

use codec::{Compact, Decode, Encode};
use dendra_primitives::{
    AlphaBalance, I96F32, NetUid, TaoBalance,
    records::{AxonInfo, ChainIdentityV2, SubnetIdentityV3},
};
use scale_info::TypeInfo;

use crate::AccountId;

/// The fields of a metagraph that a client asks for, by number.
///
/// 0 is `netuid`, which is always there; the numbers up to 71 are the fields of [`Metagraph`] in their
/// order; then come [`Self::VALIDATORS`] and [`Self::COMMITMENTS`]. Other numbers and repetitions mean
/// nothing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Selection(u128);

impl Selection {
    /// The field `validators` of [`SelectiveMetagraph`].
    pub const VALIDATORS: u16 = 72;
    /// The field `commitments` of [`SelectiveMetagraph`].
    pub const COMMITMENTS: u16 = 73;

    /// The fields with these numbers.
    ///
    /// Linear in the length of the list, which the client pays for by sending it; the selection itself has
    /// a fixed size.
    #[must_use]
    pub fn from_indexes(indexes: &[u16]) -> Self {
        Self(
            indexes
                .iter()
                .fold(0, |chosen, index| chosen | Self::bit(*index)),
        )
    }

    /// Whether the field with this number is asked for.
    #[must_use]
    pub fn contains(self, index: u16) -> bool {
        self.0 & Self::bit(index) != 0
    }

    fn bit(index: u16) -> u128 {
        1u128.checked_shl(u32::from(index)).unwrap_or(0)
    }
}

macro_rules! metagraph {
	($($(#[$doc:meta])* $index:literal $field:ident: $ty:ty,)*) => {
		/// Everything about a subnet and its neurons.
		///
		/// Lists other than `name` and `symbol` and the two lists of dividends have one element for each uid,
		/// ascending. Those of `u16` are in parts of 65535. `pruning_score`, `trust` and `rank` may be empty.
		#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
		pub struct Metagraph {
			/// Subnet; for a mechanism, the index of the pair.
			pub netuid: Compact<NetUid>,
			$(
				$(#[$doc])*
				pub $field: $ty,
			)*
		}

		/// Chosen fields of [`Metagraph`], and two lists that only this form has.
		#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
		pub struct SelectiveMetagraph {
			/// Subnet; for a mechanism, the index of the pair.
			pub netuid: Compact<NetUid>,
			$(
				$(#[$doc])*
				pub $field: Option<$ty>,
			)*
			/// Uids that may set weights.
			pub validators: Option<Vec<Compact<u16>>>,
			/// What hotkeys have committed publicly.
			pub commitments: Option<Vec<(AccountId, Vec<Compact<u8>>)>>,
		}

		/// The chosen fields of a metagraph; see [`Selection`] for the numbers.
		///
		/// Whoever calls need not read the last two lists where [`Selection::contains`] denies them.
		#[must_use]
		pub fn select(
			metagraph: Metagraph,
			validators: Vec<Compact<u16>>,
			commitments: Vec<(AccountId, Vec<Compact<u8>>)>,
			indexes: &[u16],
		) -> SelectiveMetagraph {
			let selection = Selection::from_indexes(indexes);
			SelectiveMetagraph {
				netuid: metagraph.netuid,
				$($field: selection.contains($index).then_some(metagraph.$field),)*
				validators: selection.contains(Selection::VALIDATORS).then_some(validators),
				commitments: selection.contains(Selection::COMMITMENTS).then_some(commitments),
			}
		}
	};
}

metagraph! {
    /// Name, UTF-8.
    1 name: Vec<Compact<u8>>,
    /// Symbol of the alpha, UTF-8.
    2 symbol: Vec<Compact<u8>>,
    /// What the owner says about the subnet.
    3 identity: Option<SubnetIdentityV3>,
    /// Block at which the subnet was created.
    4 network_registered_at: Compact<u64>,
    /// Hotkey of the owner.
    5 owner_hotkey: AccountId,
    /// Coldkey of the owner.
    6 owner_coldkey: AccountId,
    /// Block of this view.
    7 block: Compact<u64>,
    /// Blocks between epochs.
    8 tempo: Compact<u16>,
    /// Block of the last epoch.
    9 last_step: Compact<u64>,
    /// Blocks since the last epoch.
    10 blocks_since_last_step: Compact<u64>,
    /// Not used, 0.
    11 subnet_emission: Compact<u64>,
    /// Alpha in the pool.
    12 alpha_in: Compact<AlphaBalance>,
    /// Alpha outside the pool.
    13 alpha_out: Compact<AlphaBalance>,
    /// TAO in the pool.
    14 tao_in: Compact<TaoBalance>,
    /// Alpha that the last block emitted to participants.
    15 alpha_out_emission: Compact<AlphaBalance>,
    /// Alpha that the last block emitted into the pool.
    16 alpha_in_emission: Compact<AlphaBalance>,
    /// TAO that the last block emitted into the pool.
    17 tao_in_emission: Compact<TaoBalance>,
    /// Alpha that the next epoch divides.
    18 pending_alpha_emission: Compact<AlphaBalance>,
    /// Not used, 0.
    19 pending_root_emission: Compact<TaoBalance>,
    /// TAO traded against the pool so far, both directions, in rao.
    20 subnet_volume: Compact<u128>,
    /// Price of alpha in TAO, averaged over blocks.
    21 moving_price: I96F32,
    /// Steepness of the curve of trust.
    22 rho: Compact<u16>,
    /// Stake that makes a majority, in parts of 65535.
    23 kappa: Compact<u16>,
    /// The fewest weights to set at once.
    24 min_allowed_weights: Compact<u16>,
    /// The highest weight, in parts of 65535.
    25 max_weights_limit: Compact<u16>,
    /// The least version of weights that is accepted.
    26 weights_version: Compact<u64>,
    /// Blocks between two settings of weights.
    27 weights_rate_limit: Compact<u64>,
    /// Blocks without an update after which a neuron is inactive.
    28 activity_cutoff: Compact<u64>,
    /// The most validators.
    29 max_validators: Compact<u16>,
    /// Neurons at present.
    30 num_uids: Compact<u16>,
    /// The most neurons.
    31 max_uids: Compact<u16>,
    /// What registering a neuron costs.
    32 burn: Compact<TaoBalance>,
    /// Difficulty of registering by work.
    33 difficulty: Compact<u64>,
    /// Whether neurons may register.
    34 registration_allowed: bool,
    /// Whether neurons may register by work.
    35 pow_registration_allowed: bool,
    /// Blocks for which a new neuron keeps its place.
    36 immunity_period: Compact<u16>,
    /// The least difficulty of registering by work.
    37 min_difficulty: Compact<u64>,
    /// The highest difficulty of registering by work.
    38 max_difficulty: Compact<u64>,
    /// The least that registering costs.
    39 min_burn: Compact<TaoBalance>,
    /// The most that registering costs.
    40 max_burn: Compact<TaoBalance>,
    /// How slowly the difficulty is adjusted, in parts of 2^64 − 1.
    41 adjustment_alpha: Compact<u64>,
    /// Blocks between two adjustments of the difficulty.
    42 adjustment_interval: Compact<u16>,
    /// Registrations that one interval is meant to have.
    43 target_regs_per_interval: Compact<u16>,
    /// The most registrations in a block.
    44 max_regs_per_block: Compact<u16>,
    /// Blocks between two statements of where a neuron serves.
    45 serving_rate_limit: Compact<u64>,
    /// Whether weights are committed before they are revealed.
    46 commit_reveal_weights_enabled: bool,
    /// Epochs between a commit and its reveal.
    47 commit_reveal_period: Compact<u64>,
    /// Whether the rate at which bonds follow weights depends on consensus.
    48 liquid_alpha_enabled: bool,
    /// Upper end of that rate, in parts of 65535.
    49 alpha_high: Compact<u16>,
    /// Lower end of that rate, in parts of 65535.
    50 alpha_low: Compact<u16>,
    /// How slowly bonds follow weights, in millionths.
    51 bonds_moving_avg: Compact<u64>,
    /// Hotkeys.
    52 hotkeys: Vec<AccountId>,
    /// Coldkeys that own the hotkeys.
    53 coldkeys: Vec<AccountId>,
    /// What the coldkeys say about themselves.
    54 identities: Vec<Option<ChainIdentityV2>>,
    /// Where the neurons serve; all zero for one that never said so.
    55 axons: Vec<AxonInfo>,
    /// Whether a neuron was active in the last epoch.
    56 active: Vec<bool>,
    /// Whether a neuron may set weights.
    57 validator_permit: Vec<bool>,
    /// Not computed.
    58 pruning_score: Vec<Compact<u16>>,
    /// Block at which a neuron last set weights.
    59 last_update: Vec<Compact<u64>>,
    /// Alpha that a neuron earned in the last epoch.
    60 emission: Vec<Compact<AlphaBalance>>,
    /// Share in the earnings of validators.
    61 dividends: Vec<Compact<u16>>,
    /// Share in the earnings of miners.
    62 incentives: Vec<Compact<u16>>,
    /// Weight on which the majority of stake agrees.
    63 consensus: Vec<Compact<u16>>,
    /// Not computed.
    64 trust: Vec<Compact<u16>>,
    /// Not computed.
    65 rank: Vec<Compact<u16>>,
    /// Block at which the neuron was registered.
    66 block_at_registration: Vec<Compact<u64>>,
    /// Alpha behind a hotkey, children and parents counted.
    67 alpha_stake: Vec<Compact<AlphaBalance>>,
    /// TAO behind a hotkey on root, children and parents counted.
    68 tao_stake: Vec<Compact<TaoBalance>>,
    /// Stake that consensus counts: alpha, and TAO by its weight.
    69 total_stake: Vec<Compact<TaoBalance>>,
    /// TAO that hotkeys earned as dividends in the last epoch.
    70 tao_dividends_per_hotkey: Vec<(AccountId, Compact<TaoBalance>)>,
    /// Alpha that hotkeys earned as dividends in the last epoch.
    71 alpha_dividends_per_hotkey: Vec<(AccountId, Compact<AlphaBalance>)>,
}
