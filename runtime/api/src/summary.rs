//! Settings and state of subnets, for clients that still ask for the older forms.

use alloc::vec::Vec;

use codec::{Compact, Decode, Encode};
use dendra_primitives::{NetUid, TaoBalance, records::SubnetIdentityV3};
use scale_info::TypeInfo;

use crate::AccountId;

macro_rules! summary {
	($(#[$doc:meta])* $name:ident { $emission:ident $(, $(#[$last_doc:meta])* $last:ident: $ty:ty)? }) => {
		$(#[$doc])*
		#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
		pub struct $name {
			/// Subnet.
			pub netuid: Compact<NetUid>,
			/// Steepness of the curve of trust.
			pub rho: Compact<u16>,
			/// Stake that makes a majority, in parts of 65535.
			pub kappa: Compact<u16>,
			/// Difficulty of registering by work.
			pub difficulty: Compact<u64>,
			/// Blocks for which a new neuron keeps its place.
			pub immunity_period: Compact<u16>,
			/// The most validators.
			pub max_allowed_validators: Compact<u16>,
			/// The fewest weights to set at once.
			pub min_allowed_weights: Compact<u16>,
			/// The highest weight, in parts of 65535.
			pub max_weights_limit: Compact<u16>,
			/// Not used.
			pub scaling_law_power: Compact<u16>,
			/// Neurons at present.
			pub subnetwork_n: Compact<u16>,
			/// The most neurons.
			pub max_allowed_uids: Compact<u16>,
			/// Blocks since the last epoch.
			pub blocks_since_last_step: Compact<u64>,
			/// Blocks between epochs.
			pub tempo: Compact<u16>,
			/// Not used.
			pub network_modality: Compact<u16>,
			/// Not used.
			pub network_connect: Vec<[u16; 2]>,
			/// Not used.
			pub $emission: Compact<u64>,
			/// What registering a neuron costs.
			pub burn: Compact<TaoBalance>,
			/// Coldkey of the owner.
			pub owner: AccountId,
			$(
				$(#[$last_doc])*
				pub $last: $ty,
			)?
		}
	};
}

summary! {
    /// Settings and state of a subnet, the oldest form.
    SubnetInfo { emission_values }
}

summary! {
    /// Settings, state and identity of a subnet.
    SubnetInfov2 {
        emission_value,
        /// What the owner says about the subnet.
        identity: Option<SubnetIdentityV3>
    }
}
