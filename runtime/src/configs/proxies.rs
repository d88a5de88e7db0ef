//! Who may act for whom.

use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use dendra_primitives::{Rounding, TaoBalance};
use frame_support::{
    parameter_types,
    traits::{ConstU32, InstanceFilter},
};
use scale_info::TypeInfo;
use sp_runtime::traits::BlakeTwo256;

use super::money::deposit;
use crate::{
    Balance, Balances, Runtime, RuntimeCall, RuntimeEvent, SubtensorModule, System, TAO, weights,
};

/// What a proxy may do for the account that named it. Spelling and order are part of the interface; the
/// retired kinds exist because recorded proxies name them, and allow nothing.
#[derive(
    Clone,
    Copy,
    Debug,
    Decode,
    DecodeWithMemTracking,
    Default,
    Encode,
    Eq,
    MaxEncodedLen,
    Ord,
    PartialEq,
    PartialOrd,
    TypeInfo,
)]
pub enum ProxyType {
    /// Everything.
    #[default]
    Any,
    /// What the owner of a subnet does with it.
    Owner,
    /// Everything that cannot cost the account its keys, a subnet its existence or the chain its code.
    NonCritical,
    /// Everything that neither gives money away nor destroys it.
    NonTransfer,
    /// Retired: allows nothing.
    Senate,
    /// Everything that moves no money and no stake.
    NonFungible,
    /// Retired: allows nothing.
    Triumvirate,
    /// Retired: allows nothing.
    Governance,
    /// Staking and unstaking.
    Staking,
    /// Registering neurons.
    Registration,
    /// Transfers of TAO and of stake.
    Transfer,
    /// Transfers of less than half a TAO each.
    SmallTransfer,
    /// Retired: allows nothing.
    RootWeights,
    /// Child hotkeys and their take.
    ChildKeys,
    /// A runtime upgrade through sudo.
    SudoUncheckedSetCode,
    /// Exchanging a hotkey.
    SwapHotkey,
    /// What the beneficiary of a leased subnet does with it.
    SubnetLeaseBeneficiary,
    /// Claiming root dividends.
    RootClaim,
}

/// A transfer of this much or more is not small.
const SMALL_TRANSFER_LIMIT: Balance = TAO.saturating_div(2);

impl InstanceFilter<RuntimeCall> for ProxyType {
    fn filter(&self, call: &RuntimeCall) -> bool {
        match self {
            Self::Any => true,
            Self::NonTransfer => {
                !matches!(call, RuntimeCall::Balances(..))
                    && !gives_stake(call)
                    && !destroys_alpha(call)
                    && !hands_over_the_account(call)
            }
            Self::NonFungible => {
                !matches!(call, RuntimeCall::Balances(..))
                    && !is_registration(call)
                    && !is_staking(call)
                    && !gives_stake(call)
                    && !destroys_alpha(call)
                    && !is_root_claim(call)
                    && !is_hotkey_swap(call)
                    && !is_about_a_coldkey_swap(call)
            }
            Self::NonCritical => {
                !matches!(call, RuntimeCall::Sudo(..))
                    && !is_dissolution(call)
                    && !is_hotkey_swap(call)
                    && !is_about_a_coldkey_swap(call)
            }
            Self::Owner => is_of_an_owner(call),
            Self::Staking => is_staking(call) || is_claim_type(call),
            Self::Registration => is_registration(call),
            Self::Transfer => is_transfer(call) || gives_stake(call),
            Self::SmallTransfer => {
                (is_transfer(call) || gives_stake(call))
                    && moved(call).is_some_and(|rao| rao < SMALL_TRANSFER_LIMIT)
            }
            Self::ChildKeys => is_about_children(call),
            Self::SudoUncheckedSetCode => match call {
                RuntimeCall::Sudo(pallet_sudo::Call::sudo_unchecked_weight { call, .. }) => {
                    matches!(
                        call.as_ref(),
                        RuntimeCall::System(frame_system::Call::set_code { .. })
                    )
                }
                _ => false,
            },
            Self::SwapHotkey => is_hotkey_swap(call),
            Self::RootClaim => is_root_claim(call),
            // Its calls come with leases.
            Self::SubnetLeaseBeneficiary => false,
            Self::Senate | Self::Triumvirate | Self::Governance | Self::RootWeights => false,
        }
    }

    fn is_superset(&self, other: &Self) -> bool {
        match (self, other) {
            (mine, theirs) if mine == theirs => true,
            (Self::Any, _) => true,
            (_, Self::Any) => false,
            (Self::NonTransfer, Self::Transfer | Self::SmallTransfer) => false,
            (Self::Transfer, Self::SmallTransfer) => true,
            _ => false,
        }
    }
}

/// Whether a call pays for a place: on a subnet, or for a subnet.
fn is_registration(call: &RuntimeCall) -> bool {
    use pallet_subtensor::Call;
    matches!(
        call,
        RuntimeCall::SubtensorModule(
            Call::register { .. }
                | Call::burned_register { .. }
                | Call::register_limit { .. }
                | Call::root_register { .. }
                | Call::register_network { .. }
                | Call::register_network_with_identity { .. }
        )
    )
}

/// Whether a call turns TAO into stake, stake into TAO, or stake into other stake of the same account.
fn is_staking(call: &RuntimeCall) -> bool {
    use pallet_subtensor::Call;
    matches!(
        call,
        RuntimeCall::SubtensorModule(
            Call::add_stake { .. }
                | Call::add_stake_limit { .. }
                | Call::remove_stake { .. }
                | Call::remove_stake_limit { .. }
                | Call::remove_stake_full_limit { .. }
                | Call::unstake_all { .. }
                | Call::unstake_all_alpha { .. }
                | Call::move_stake { .. }
                | Call::move_stake_limit { .. }
                | Call::swap_stake { .. }
                | Call::swap_stake_limit { .. }
        )
    )
}

/// Whether a call gives stake to another account.
fn gives_stake(call: &RuntimeCall) -> bool {
    use pallet_subtensor::Call;
    matches!(
        call,
        RuntimeCall::SubtensorModule(Call::transfer_stake { .. })
    )
}

/// Whether a call takes alpha, or what it costs, from the account and gives it to nobody.
fn destroys_alpha(call: &RuntimeCall) -> bool {
    use pallet_subtensor::Call;
    matches!(
        call,
        RuntimeCall::SubtensorModule(
            Call::recycle_alpha { .. } | Call::burn_alpha { .. } | Call::add_stake_burn { .. }
        )
    )
}

/// Whether a call claims root dividends.
fn is_root_claim(call: &RuntimeCall) -> bool {
    use pallet_subtensor::Call;
    matches!(
        call,
        RuntimeCall::SubtensorModule(Call::claim_root { .. } | Call::claim_root_with_hotkey { .. })
    )
}

/// Whether a call says what becomes of root dividends.
fn is_claim_type(call: &RuntimeCall) -> bool {
    use pallet_subtensor::Call;
    matches!(
        call,
        RuntimeCall::SubtensorModule(Call::set_root_claim_type { .. })
    )
}

/// Whether a call lends stake to other hotkeys, or says what they take.
fn is_about_children(call: &RuntimeCall) -> bool {
    use pallet_subtensor::Call;
    matches!(
        call,
        RuntimeCall::SubtensorModule(
            Call::set_children { .. }
                | Call::set_childkey_take { .. }
                | Call::set_auto_parent_delegation_enabled { .. }
        )
    )
}

/// Whether a call puts another hotkey in the place of one.
fn is_hotkey_swap(call: &RuntimeCall) -> bool {
    use pallet_subtensor::Call;
    matches!(
        call,
        RuntimeCall::SubtensorModule(Call::swap_hotkey { .. } | Call::swap_hotkey_v2 { .. })
    )
}

/// Whether a call brings another coldkey into the place of one.
fn hands_over_the_account(call: &RuntimeCall) -> bool {
    use pallet_subtensor::Call;
    matches!(
        call,
        RuntimeCall::SubtensorModule(
            Call::swap_coldkey { .. }
                | Call::schedule_swap_coldkey { .. }
                | Call::announce_coldkey_swap { .. }
                | Call::swap_coldkey_announced { .. }
        )
    )
}

/// Whether a call does that, hinders it, or stops the account while it waits.
fn is_about_a_coldkey_swap(call: &RuntimeCall) -> bool {
    use pallet_subtensor::Call;
    hands_over_the_account(call)
        || matches!(
            call,
            RuntimeCall::SubtensorModule(
                Call::dispute_coldkey_swap { .. }
                    | Call::clear_coldkey_swap_announcement { .. }
                    | Call::reset_coldkey_swap { .. }
            )
        )
}

/// Whether a call ends a subnet.
fn is_dissolution(call: &RuntimeCall) -> bool {
    use pallet_subtensor::Call;
    matches!(
        call,
        RuntimeCall::SubtensorModule(
            Call::dissolve_network { .. } | Call::root_dissolve_network { .. }
        )
    )
}

/// Whether a call is one with which owners run their subnets. Handing the subnet to another hotkey is not.
fn is_of_an_owner(call: &RuntimeCall) -> bool {
    use pallet_admin_utils::Call as Setter;
    use pallet_subtensor::Call;
    match call {
        RuntimeCall::AdminUtils(setter) => !matches!(
            setter,
            Setter::sudo_set_sn_owner_hotkey { .. } | Setter::sudo_set_subnet_owner_hotkey { .. }
        ),
        RuntimeCall::SubtensorModule(call) => matches!(
            call,
            Call::set_subnet_identity { .. }
                | Call::update_symbol { .. }
                | Call::start_call { .. }
                | Call::set_tempo { .. }
                | Call::set_activity_cutoff_factor { .. }
                | Call::trigger_epoch { .. }
                | Call::sudo_set_root_claim_threshold { .. }
        ),
        _ => false,
    }
}

/// Whether a call moves TAO to another account.
fn is_transfer(call: &RuntimeCall) -> bool {
    use pallet_balances::Call;
    matches!(
        call,
        RuntimeCall::Balances(
            Call::transfer_allow_death { .. }
                | Call::transfer_keep_alive { .. }
                | Call::transfer_all { .. }
        )
    )
}

/// How much a transfer moves: stake by its worth at the spot price, rounded up. None if it is not known, or
/// everything.
fn moved(call: &RuntimeCall) -> Option<Balance> {
    use pallet_balances::Call as Transfer;
    use pallet_subtensor::Call;
    match call {
        RuntimeCall::Balances(
            Transfer::transfer_allow_death { value, .. }
            | Transfer::transfer_keep_alive { value, .. },
        ) => Some(*value),
        RuntimeCall::SubtensorModule(Call::transfer_stake {
            origin_netuid,
            alpha_amount,
            ..
        }) => SubtensorModule::spot_price(*origin_netuid)?
            .tao_for(*alpha_amount, Rounding::Up)
            .map(TaoBalance::get),
        _ => None,
    }
}

parameter_types! {
    pub const ProxyDepositBase: Balance = deposit(1, 8);
    pub const ProxyDepositFactor: Balance = deposit(0, 33);
    pub const AnnouncementDepositBase: Balance = deposit(1, 8);
    pub const AnnouncementDepositFactor: Balance = deposit(0, 68);
}

impl pallet_proxy::Config for Runtime {
    type RuntimeEvent = RuntimeEvent;
    type RuntimeCall = RuntimeCall;
    type Currency = Balances;
    type ProxyType = ProxyType;
    type ProxyDepositBase = ProxyDepositBase;
    type ProxyDepositFactor = ProxyDepositFactor;
    type MaxProxies = ConstU32<20>;
    type WeightInfo = weights::pallet_proxy::WeightInfo<Runtime>;
    type MaxPending = ConstU32<75>;
    type CallHasher = BlakeTwo256;
    type AnnouncementDepositBase = AnnouncementDepositBase;
    type AnnouncementDepositFactor = AnnouncementDepositFactor;
    type BlockNumberProvider = System;
}
