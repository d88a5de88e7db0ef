//! What calls cost: one generated file for each pallet (`cargo xtask weights`).

macro_rules! stock {
    ($($pallet:ident)*) => { $(pub mod $pallet { pub use ::$pallet::weights::SubstrateWeight as WeightInfo; })* };
}
stock!(pallet_balances pallet_multisig pallet_preimage pallet_proxy pallet_safe_mode pallet_scheduler pallet_sudo pallet_timestamp pallet_transaction_payment pallet_utility);
pub mod frame_system {
    pub use ::frame_system::weights::SubstrateWeight as WeightInfo;
}
pub mod frame_system_extensions {
    pub use ::frame_system::SubstrateExtensionsWeight as WeightInfo;
}
