//! Pools, emission and identity of subnets.

use alloc::vec::Vec;

use codec::{Compact, Decode, Encode};
use dendra_primitives::{AlphaBalance, I96F32, NetUid, TaoBalance, records::SubnetIdentityV3};
use scale_info::TypeInfo;

use crate::AccountId;

/// What changes about a subnet from block to block, and who it is.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
pub struct DynamicInfo {
    /// Subnet.
    pub netuid: Compact<NetUid>,
    /// Hotkey of the owner.
    pub owner_hotkey: AccountId,
    /// Coldkey of the owner.
    pub owner_coldkey: AccountId,
    /// Name, UTF-8.
    pub subnet_name: Vec<Compact<u8>>,
    /// Symbol of the alpha, UTF-8.
    pub token_symbol: Vec<Compact<u8>>,
    /// Blocks between epochs.
    pub tempo: Compact<u16>,
    /// Block of the last epoch.
    pub last_step: Compact<u64>,
    /// Blocks since the last epoch.
    pub blocks_since_last_step: Compact<u64>,
    /// Not used, 0.
    pub emission: Compact<u64>,
    /// Alpha in the pool.
    pub alpha_in: Compact<AlphaBalance>,
    /// Alpha outside the pool.
    pub alpha_out: Compact<AlphaBalance>,
    /// TAO in the pool.
    pub tao_in: Compact<TaoBalance>,
    /// Alpha that the last block emitted to participants.
    pub alpha_out_emission: Compact<AlphaBalance>,
    /// Alpha that the last block emitted into the pool.
    pub alpha_in_emission: Compact<AlphaBalance>,
    /// TAO that the last block emitted into the pool.
    pub tao_in_emission: Compact<TaoBalance>,
    /// Alpha that the next epoch divides.
    pub pending_alpha_emission: Compact<AlphaBalance>,
    /// Not used, 0.
    pub pending_root_emission: Compact<TaoBalance>,
    /// TAO traded against the pool so far, both directions, in rao.
    pub subnet_volume: Compact<u128>,
    /// Block at which the subnet was created.
    pub network_registered_at: Compact<u64>,
    /// What the owner says about the subnet.
    pub subnet_identity: Option<SubnetIdentityV3>,
    /// Price of alpha in TAO, averaged over blocks.
    pub moving_price: I96F32,
}
