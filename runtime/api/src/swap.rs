//! Prices, and trades that only compute.

use codec::{Decode, Encode};
use dendra_primitives::{AlphaBalance, NetUid, TaoBalance};
use scale_info::TypeInfo;

/// The price of alpha on a subnet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
pub struct SubnetPrice {
    /// Subnet.
    pub netuid: NetUid,
    /// Rao of TAO for 10^9 units of alpha, rounded down.
    pub price: u64,
}

/// What a trade would do; all zero, the default, for one that would fail.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Encode, Decode, TypeInfo)]
pub struct SimSwapResult {
    /// TAO paid in by a purchase, its fee included; paid out by a sale.
    pub tao_amount: TaoBalance,
    /// Alpha paid out by a purchase; paid in by a sale, its fee included.
    pub alpha_amount: AlphaBalance,
    /// Fee of a purchase.
    pub tao_fee: TaoBalance,
    /// Fee of a sale.
    pub alpha_fee: AlphaBalance,
    /// TAO that a sale yields less than at the price before it.
    pub tao_slippage: TaoBalance,
    /// Alpha that a purchase yields less than at the price before it.
    pub alpha_slippage: AlphaBalance,
}
