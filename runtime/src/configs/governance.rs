//! Who may act for whom, and what happens in an emergency.

use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use frame_support::{
    parameter_types,
    traits::{
        ConstU32, Contains, EqualPrivilegeOnly, InstanceFilter, LinearStoragePrice,
        fungible::HoldConsideration,
    },
    weights::Weight,
};
use frame_system::{EnsureRoot, EnsureRootWithSuccess};
use scale_info::TypeInfo;
use sp_runtime::{Perbill, traits::BlakeTwo256};

use super::money::deposit;
use crate::{
    AccountId, Balance, Balances, BlockNumber, MAXIMUM_BLOCK_WEIGHT, OriginCaller, Preimage,
    Runtime, RuntimeCall, RuntimeEvent, RuntimeHoldReason, RuntimeOrigin, System, TAO, weights,
};

impl pallet_sudo::Config for Runtime {
    type RuntimeEvent = RuntimeEvent;
    type RuntimeCall = RuntimeCall;
    type WeightInfo = weights::pallet_sudo::WeightInfo<Runtime>;
}

parameter_types! {
    pub const MultisigDepositBase: Balance = deposit(1, 88);
    pub const MultisigDepositFactor: Balance = deposit(0, 32);
}

impl pallet_multisig::Config for Runtime {
    type RuntimeEvent = RuntimeEvent;
    type RuntimeCall = RuntimeCall;
    type Currency = Balances;
    type DepositBase = MultisigDepositBase;
    type DepositFactor = MultisigDepositFactor;
    type MaxSignatories = ConstU32<100>;
    type WeightInfo = weights::pallet_multisig::WeightInfo<Runtime>;
    type BlockNumberProvider = System;
}

parameter_types! {
    pub const PreimageDepositBase: Balance = deposit(2, 64);
    pub const PreimageDepositPerByte: Balance = deposit(0, 1);
    pub const PreimageHoldReason: RuntimeHoldReason =
        RuntimeHoldReason::Preimage(pallet_preimage::HoldReason::Preimage);
}

impl pallet_preimage::Config for Runtime {
    type RuntimeEvent = RuntimeEvent;
    type WeightInfo = weights::pallet_preimage::WeightInfo<Runtime>;
    type Currency = Balances;
    type ManagerOrigin = EnsureRoot<AccountId>;
    type Consideration = HoldConsideration<
        AccountId,
        Balances,
        PreimageHoldReason,
        LinearStoragePrice<PreimageDepositBase, PreimageDepositPerByte, Balance>,
    >;
}

parameter_types! {
    pub MaximumSchedulerWeight: Weight = Perbill::from_percent(80) * MAXIMUM_BLOCK_WEIGHT;
}

impl pallet_scheduler::Config for Runtime {
    type RuntimeEvent = RuntimeEvent;
    type RuntimeOrigin = RuntimeOrigin;
    type PalletsOrigin = OriginCaller;
    type RuntimeCall = RuntimeCall;
    type MaximumWeight = MaximumSchedulerWeight;
    type ScheduleOrigin = EnsureRoot<AccountId>;
    type OriginPrivilegeCmp = EqualPrivilegeOnly;
    type MaxScheduledPerBlock = ConstU32<50>;
    type WeightInfo = weights::pallet_scheduler::WeightInfo<Runtime>;
    type Preimages = Preimage;
    type BlockNumberProvider = System;
}

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
    /// Everything that cannot cost the account its keys or the chain its code.
    NonCritical,
    /// Everything that moves no money to somebody else.
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
            // Until stake can be moved, moving no money is moving no token, but for what is paid for a place.
            Self::NonTransfer => !matches!(call, RuntimeCall::Balances(..)),
            Self::NonFungible => {
                !matches!(call, RuntimeCall::Balances(..)) && !is_registration(call)
            }
            Self::NonCritical => !matches!(call, RuntimeCall::Sudo(..)) && !is_dissolution(call),
            Self::Owner => is_of_an_owner(call),
            Self::Registration => is_registration(call),
            Self::Transfer => is_transfer(call).is_some(),
            Self::SmallTransfer => is_transfer(call)
                .is_some_and(|amount| amount.is_some_and(|rao| rao < SMALL_TRANSFER_LIMIT)),
            Self::SudoUncheckedSetCode => match call {
                RuntimeCall::Sudo(pallet_sudo::Call::sudo_unchecked_weight { call, .. }) => {
                    matches!(
                        call.as_ref(),
                        RuntimeCall::System(frame_system::Call::set_code { .. })
                    )
                }
                _ => false,
            },
            // Their calls come with stake, keys and leases.
            Self::Staking
            | Self::ChildKeys
            | Self::SwapHotkey
            | Self::SubnetLeaseBeneficiary
            | Self::RootClaim => false,
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
        ),
        _ => false,
    }
}

/// Whether a call moves TAO to another account, and how much; `None` inside where it moves everything.
fn is_transfer(call: &RuntimeCall) -> Option<Option<Balance>> {
    use pallet_balances::Call;
    match call {
        RuntimeCall::Balances(
            Call::transfer_allow_death { value, .. } | Call::transfer_keep_alive { value, .. },
        ) => Some(Some(*value)),
        RuntimeCall::Balances(Call::transfer_all { .. }) => Some(None),
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

/// What still works while the chain is in safe mode: the way out of it, and what a block cannot do without.
pub struct WorksInSafeMode;

impl Contains<RuntimeCall> for WorksInSafeMode {
    fn contains(call: &RuntimeCall) -> bool {
        matches!(
            call,
            RuntimeCall::System(..)
                | RuntimeCall::Timestamp(..)
                | RuntimeCall::Sudo(..)
                | RuntimeCall::SafeMode(..)
                | RuntimeCall::Multisig(..)
        )
    }
}

/// Blocks of a day on a public network.
const DAY: BlockNumber = 7_200;

parameter_types! {
    pub const SafeModeDuration: BlockNumber = DAY;
    /// Nobody can buy safe mode.
    pub const NoDeposit: Option<Balance> = None;
    pub const NoRelease: Option<BlockNumber> = None;
}

impl pallet_safe_mode::Config for Runtime {
    type RuntimeEvent = RuntimeEvent;
    type Currency = Balances;
    type RuntimeHoldReason = RuntimeHoldReason;
    type WhitelistedCalls = WorksInSafeMode;
    type EnterDuration = SafeModeDuration;
    type ExtendDuration = SafeModeDuration;
    type EnterDepositAmount = NoDeposit;
    type ExtendDepositAmount = NoDeposit;
    type ForceEnterOrigin = EnsureRootWithSuccess<AccountId, SafeModeDuration>;
    type ForceExtendOrigin = EnsureRootWithSuccess<AccountId, SafeModeDuration>;
    type ForceExitOrigin = EnsureRoot<AccountId>;
    type ForceDepositOrigin = EnsureRoot<AccountId>;
    type Notify = ();
    type ReleaseDelay = NoRelease;
    type WeightInfo = weights::pallet_safe_mode::WeightInfo<Runtime>;
}
