//! One fixed value of each type. Neighbouring fields of one type hold different values, so that two
//! that change places change the bytes.

use codec::Compact;
use dendra_primitives::{
    AlphaBalance, I32F32, I96F32, NetUid, TaoBalance, U64F64,
    records::{
        AxonInfo, ChainIdentityV2, LockState, MinerCollateralState, NeuronCertificate,
        PrometheusInfo, SubnetIdentityV3,
    },
};
use dendra_runtime_api::{
    AccountId, DelegateInfo, DynamicInfo, HyperparamEntry, HyperparamValue, Metagraph, NeuronInfo,
    NeuronInfoLite, SimSwapResult, StakeAvailability, StakeInfo, SubnetHyperparams,
    SubnetHyperparamsV2, SubnetInfo, SubnetInfov2, SubnetPrice, SubnetState,
};

pub(crate) fn account(number: u8) -> AccountId {
    AccountId::new([number; 32])
}

fn bytes(text: &str) -> Vec<u8> {
    text.as_bytes().to_vec()
}

pub(crate) fn listed(text: &str) -> Vec<Compact<u8>> {
    text.bytes().map(Compact).collect()
}

fn alpha(units: u64) -> Compact<AlphaBalance> {
    Compact(AlphaBalance::new(units))
}

fn tao(units: u64) -> Compact<TaoBalance> {
    Compact(TaoBalance::new(units))
}

fn netuid(number: u16) -> Compact<NetUid> {
    Compact(NetUid::new(number))
}

fn column<T: Copy>(values: &[T]) -> Vec<Compact<T>> {
    values.iter().copied().map(Compact).collect()
}

pub(crate) fn axon() -> AxonInfo {
    AxonInfo {
        block: 1_000,
        version: 2_000,
        ip: 0x0102_0304,
        port: 8_091,
        ip_type: 4,
        protocol: 5,
        placeholder1: 6,
        placeholder2: 7,
    }
}

pub(crate) fn prometheus() -> PrometheusInfo {
    PrometheusInfo {
        block: 1_001,
        version: 2_001,
        ip: 0x2001_0db8 << 96,
        port: 9_090,
        ip_type: 6,
    }
}

pub(crate) fn certificate() -> NeuronCertificate {
    NeuronCertificate::from_bytes(&[1, 10, 11, 12]).unwrap()
}

pub(crate) fn chain_identity() -> ChainIdentityV2 {
    ChainIdentityV2 {
        name: bytes("Ada"),
        url: bytes("https://ada.example"),
        github_repo: bytes("ada/engine"),
        image: bytes("ada.png"),
        discord: bytes("ada#1"),
        description: bytes("first"),
        additional: bytes("more"),
    }
}

pub(crate) fn subnet_identity() -> SubnetIdentityV3 {
    SubnetIdentityV3 {
        subnet_name: bytes("Engine"),
        github_repo: bytes("ada/subnet"),
        subnet_contact: bytes("ada@example"),
        subnet_url: bytes("https://engine.example"),
        discord: bytes("engine"),
        description: bytes("computes"),
        logo_url: bytes("logo.png"),
        additional: bytes("rest"),
    }
}

pub(crate) fn lock() -> LockState {
    LockState {
        locked_mass: AlphaBalance::new(1_000_000_000),
        conviction: U64F64::from_bits(3 << 63),
        last_update: 77,
    }
}

pub(crate) fn collateral() -> MinerCollateralState {
    MinerCollateralState {
        locked: AlphaBalance::new(1),
        drain_ratio: U64F64::from_bits(1 << 63),
        min_locked: AlphaBalance::new(3),
        earned: AlphaBalance::new(4),
    }
}

pub(crate) fn stake() -> StakeInfo {
    StakeInfo {
        hotkey: account(1),
        coldkey: account(2),
        netuid: netuid(300),
        stake: alpha(4_000_000_000_000),
        locked: Compact(5),
        emission: alpha(600),
        tao_emission: tao(7),
        drain: Compact(8),
        is_registered: true,
    }
}

pub(crate) fn availability() -> StakeAvailability {
    StakeAvailability {
        total: alpha(30),
        locked: alpha(10),
        available: alpha(20),
    }
}

pub(crate) fn dynamic() -> DynamicInfo {
    DynamicInfo {
        netuid: netuid(1),
        owner_hotkey: account(2),
        owner_coldkey: account(3),
        subnet_name: listed("Engine"),
        token_symbol: listed("α"),
        tempo: Compact(360),
        last_step: Compact(1_007),
        blocks_since_last_step: Compact(8),
        emission: Compact(9),
        alpha_in: alpha(10_000_000_000_000),
        alpha_out: alpha(11_000_000_000_000),
        tao_in: tao(12_000_000_000_000),
        alpha_out_emission: alpha(1_000_000_000),
        alpha_in_emission: alpha(14),
        tao_in_emission: tao(15),
        pending_alpha_emission: alpha(16),
        pending_root_emission: tao(17),
        subnet_volume: Compact(18_000_000_000_000_000_000_000),
        network_registered_at: Compact(19),
        subnet_identity: Some(subnet_identity()),
        moving_price: I96F32::from_bits(21 << 30),
    }
}

/// Most numbers are those of the fields, as section B.2 counts them.
pub(crate) fn metagraph() -> Metagraph {
    Metagraph {
        netuid: netuid(9),
        name: listed("Engine"),
        symbol: listed("β"),
        identity: Some(subnet_identity()),
        network_registered_at: Compact(4),
        owner_hotkey: account(5),
        owner_coldkey: account(6),
        block: Compact(7),
        tempo: Compact(8),
        last_step: Compact(9),
        blocks_since_last_step: Compact(10),
        subnet_emission: Compact(11),
        alpha_in: alpha(12),
        alpha_out: alpha(13),
        tao_in: tao(14),
        alpha_out_emission: alpha(15),
        alpha_in_emission: alpha(16),
        tao_in_emission: tao(17),
        pending_alpha_emission: alpha(18),
        pending_root_emission: tao(19),
        subnet_volume: Compact(20 << 64),
        moving_price: I96F32::from_bits(21),
        rho: Compact(22),
        kappa: Compact(23),
        min_allowed_weights: Compact(24),
        max_weights_limit: Compact(25),
        weights_version: Compact(26),
        weights_rate_limit: Compact(27),
        activity_cutoff: Compact(28),
        max_validators: Compact(29),
        num_uids: Compact(30),
        max_uids: Compact(31),
        burn: tao(32),
        difficulty: Compact(33),
        registration_allowed: true,
        pow_registration_allowed: false,
        immunity_period: Compact(36),
        min_difficulty: Compact(37),
        max_difficulty: Compact(u64::MAX),
        min_burn: tao(39),
        max_burn: tao(40),
        adjustment_alpha: Compact(41),
        adjustment_interval: Compact(42),
        target_regs_per_interval: Compact(43),
        max_regs_per_block: Compact(44),
        serving_rate_limit: Compact(45),
        commit_reveal_weights_enabled: true,
        commit_reveal_period: Compact(47),
        liquid_alpha_enabled: false,
        alpha_high: Compact(49),
        alpha_low: Compact(50),
        bonds_moving_avg: Compact(51),
        hotkeys: vec![account(52), account(152)],
        coldkeys: vec![account(53), account(153)],
        identities: vec![Some(chain_identity()), None],
        axons: vec![axon(), AxonInfo::default()],
        active: vec![true, false],
        validator_permit: vec![false, true],
        pruning_score: column(&[58, u16::MAX]),
        last_update: column(&[59, 1_059]),
        emission: vec![alpha(60), alpha(1_060)],
        dividends: column(&[61, 1_061]),
        incentives: column(&[62, 1_062]),
        consensus: column(&[63, 1_063]),
        trust: column(&[64]),
        rank: vec![],
        block_at_registration: column(&[66, 1_066]),
        alpha_stake: vec![alpha(67), alpha(1_067)],
        tao_stake: vec![tao(68), tao(1_068)],
        total_stake: vec![tao(69), tao(1_069)],
        tao_dividends_per_hotkey: vec![(account(70), tao(1_070))],
        alpha_dividends_per_hotkey: vec![(account(71), alpha(1_071))],
    }
}

/// What the two last fields of a selective metagraph hold.
pub(crate) type Extra = (Vec<Compact<u16>>, Vec<(AccountId, Vec<Compact<u8>>)>);

pub(crate) fn extra() -> Extra {
    (column(&[1, 72]), vec![(account(73), listed("commitment"))])
}

pub(crate) fn state() -> SubnetState {
    SubnetState {
        netuid: netuid(0),
        hotkeys: vec![account(1)],
        coldkeys: vec![account(2)],
        active: vec![true],
        validator_permit: vec![false],
        pruning_score: column(&[5]),
        last_update: column(&[6]),
        emission: vec![alpha(7)],
        dividends: column(&[8]),
        incentives: column(&[9]),
        consensus: column(&[10]),
        trust: column(&[11]),
        rank: column(&[12]),
        block_at_registration: column(&[13]),
        alpha_stake: vec![alpha(14)],
        tao_stake: vec![tao(15)],
        total_stake: vec![tao(16)],
        emission_history: vec![vec![alpha(17)], vec![alpha(1_017)]],
    }
}

pub(crate) fn hyperparameter() -> HyperparamEntry {
    HyperparamEntry::new("tempo", HyperparamValue::U16(Compact(360)))
}

pub(crate) fn hyperparameter_values() -> [(&'static str, HyperparamValue); 8] {
    [
        ("Bool", HyperparamValue::Bool(true)),
        ("U16", HyperparamValue::U16(Compact(u16::MAX))),
        ("U32", HyperparamValue::U32(Compact(u32::MAX))),
        ("U64", HyperparamValue::U64(Compact(u64::MAX))),
        ("U128", HyperparamValue::U128(Compact(u128::MAX))),
        ("TaoBalance", HyperparamValue::TaoBalance(tao(500_000))),
        ("I32F32", HyperparamValue::I32F32(I32F32::from_bits(-2))),
        (
            "U64F64",
            HyperparamValue::U64F64(U64F64::from_bits(u128::MAX - 1)),
        ),
    ]
}

/// A summary whose last fields are these.
macro_rules! summary {
    ($name:ident { $emission:ident $(, $last:ident)? }) => {
        $name {
            netuid: netuid(0),
            rho: Compact(1),
            kappa: Compact(2),
            difficulty: Compact(3),
            immunity_period: Compact(4),
            max_allowed_validators: Compact(5),
            min_allowed_weights: Compact(6),
            max_weights_limit: Compact(7),
            scaling_law_power: Compact(8),
            subnetwork_n: Compact(9),
            max_allowed_uids: Compact(10),
            blocks_since_last_step: Compact(11),
            tempo: Compact(12),
            network_modality: Compact(13),
            network_connect: vec![[14, 15]],
            $emission: Compact(16),
            burn: tao(17),
            owner: account(18),
            $($last: Some(subnet_identity()),)?
        }
    };
}

pub(crate) fn summary() -> SubnetInfo {
    summary!(SubnetInfo { emission_values })
}

pub(crate) fn summary_with_identity() -> SubnetInfov2 {
    summary!(SubnetInfov2 {
        emission_value,
        identity
    })
}

/// Hyperparameters whose last fields are these.
macro_rules! hyperparameters {
    ($name:ident { $($last:ident: $value:expr,)* }) => {
        $name {
            rho: Compact(1),
            kappa: Compact(2),
            immunity_period: Compact(3),
            min_allowed_weights: Compact(4),
            max_weights_limit: Compact(5),
            tempo: Compact(6),
            min_difficulty: Compact(7),
            max_difficulty: Compact(8),
            weights_version: Compact(9),
            weights_rate_limit: Compact(10),
            adjustment_interval: Compact(11),
            activity_cutoff: Compact(12),
            registration_allowed: true,
            target_regs_per_interval: Compact(14),
            min_burn: tao(15),
            max_burn: tao(16),
            bonds_moving_avg: Compact(17),
            max_regs_per_block: Compact(18),
            serving_rate_limit: Compact(19),
            max_validators: Compact(20),
            adjustment_alpha: Compact(21),
            difficulty: Compact(22),
            commit_reveal_period: Compact(23),
            commit_reveal_weights_enabled: true,
            alpha_high: Compact(25),
            alpha_low: Compact(26),
            liquid_alpha_enabled: true,
            $($last: $value,)*
        }
    };
}

pub(crate) fn hyperparameters() -> SubnetHyperparams {
    hyperparameters!(SubnetHyperparams {})
}

pub(crate) fn more_hyperparameters() -> SubnetHyperparamsV2 {
    hyperparameters!(SubnetHyperparamsV2 {
        alpha_sigmoid_steepness: I32F32::from_bits(28 << 32),
        yuma_version: Compact(3),
        subnet_is_active: true,
        transfers_enabled: false,
        bonds_reset_enabled: true,
        user_liquidity_enabled: false,
    })
}

pub(crate) fn neuron_lite() -> NeuronInfoLite {
    NeuronInfoLite {
        hotkey: account(1),
        coldkey: account(2),
        uid: Compact(255),
        netuid: netuid(4),
        active: true,
        axon_info: axon(),
        prometheus_info: prometheus(),
        stake: vec![(account(2), alpha(8_000_000_000))],
        rank: Compact(9),
        emission: alpha(10),
        incentive: Compact(11),
        consensus: Compact(12),
        trust: Compact(13),
        validator_trust: Compact(14),
        dividends: Compact(15),
        last_update: Compact(16),
        validator_permit: false,
        pruning_score: Compact(u16::MAX),
    }
}

pub(crate) fn neuron() -> NeuronInfo {
    neuron_lite().with_rows(
        vec![(Compact(0), Compact(18)), (Compact(200), Compact(u16::MAX))],
        vec![(Compact(1), Compact(19))],
    )
}

pub(crate) fn delegate() -> DelegateInfo {
    DelegateInfo {
        delegate_ss58: account(1),
        take: Compact(11_796),
        nominators: vec![(
            account(3),
            vec![(netuid(1), Compact(30)), (netuid(2), Compact(31))],
        )],
        owner_ss58: account(4),
        registrations: vec![netuid(5), netuid(500)],
        validator_permits: vec![netuid(6)],
        return_per_1000: Compact(7),
        total_daily_return: Compact(8),
    }
}

pub(crate) fn trade() -> SimSwapResult {
    SimSwapResult {
        tao_amount: TaoBalance::new(1),
        alpha_amount: AlphaBalance::new(2),
        tao_fee: TaoBalance::new(3),
        alpha_fee: AlphaBalance::new(4),
        tao_slippage: TaoBalance::new(5),
        alpha_slippage: AlphaBalance::new(6),
    }
}

pub(crate) fn price() -> SubnetPrice {
    SubnetPrice {
        netuid: NetUid::new(1),
        price: 1_000_000_000,
    }
}
