//! What calls cost: one generated file for each pallet (`cargo xtask weights`).

pub mod frame_system;
pub mod frame_system_extensions;
pub mod pallet_admin_utils;
pub mod pallet_balances;
pub mod pallet_commitments;
pub mod pallet_multisig;
pub mod pallet_preimage;
pub mod pallet_proxy;
pub mod pallet_safe_mode;
pub mod pallet_scheduler;
pub mod pallet_subtensor;
pub mod pallet_sudo;
pub mod pallet_swap;
pub mod pallet_timestamp;
pub mod pallet_transaction_payment;
pub mod pallet_utility;
