//! The networks that a genesis is ready for.
//!
//! | preset | authorities | block time | for |
//! |---|---|---|---|
//! | [`DEVELOPMENT`] | `//One` | 250 ms | one node on one machine |
//! | [`LOCAL`] | `//One`, `//Two`, `//Three` | 12 s | three nodes, timing as in public |
//! | [`PUBLIC`] | none | 12 s | template: the owner of a network adds authorities, balances and sudo |

use alloc::{vec, vec::Vec};
use frame_support::build_struct_json_patch;
use hex_literal::hex;
use pallet_block_time::{FAST, PUBLIC as PUBLIC_BLOCK_TIME};
use serde_json::Value;
use sp_consensus_aura::sr25519::AuthorityId as AuraId;
use sp_consensus_grandpa::{AuthorityId as GrandpaId, AuthorityWeight};
use sp_core::{ed25519, sr25519};
use sp_genesis_builder::PresetId;

use crate::{
    AccountId, AuraConfig, Balance, BalancesConfig, BlockTimeConfig, GrandpaConfig,
    RuntimeGenesisConfig, SubtensorModuleConfig, SudoConfig, TAO,
};

/// One authority and fast blocks.
pub const DEVELOPMENT: &str = sp_genesis_builder::DEV_RUNTIME_PRESET;
/// Three authorities and the public block time.
pub const LOCAL: &str = "local";
/// The template of a public network.
pub const PUBLIC: &str = "public";

/// A well-known seed and the public key that belongs to it; a test derives each anew.
type Known = (&'static str, [u8; 32]);

const ALICE: Known = (
    "//Alice",
    hex!("d43593c715fdd31c61141abd04a99fd6822c8558854ccde39a5684e7a56da27d"),
);

/// The hotkey that owns root on fast networks.
const ALICE_HOTKEY: Known = (
    "//Alice_hk",
    hex!("506c5a28f51e841b4df26ace64a23d69057fefda24bc9a53cb74197f901e7128"),
);

/// Accounts with a million TAO.
const RICH: [Known; 3] = [
    ALICE,
    (
        "//Bob",
        hex!("8eaf04151687736326c9fea17e25fc5287613693c912909cb226aa4794f26a48"),
    ),
    (
        "//Charlie",
        hex!("90b5ab205c6974c9ea841be688864633dc9ca8a357843eeacf2314649965fe22"),
    ),
];

/// Accounts with two thousand TAO.
const FUNDED: [Known; 6] = [
    (
        "//Dave",
        hex!("306721211d5404bd9da88e0204360a1a9ab8b87c66c1bc2fcdd37f3c2222cc20"),
    ),
    (
        "//Eve",
        hex!("e659a7a1628cdd93febc04a4e0646ea20e9f5f0ce097d9a05290d4a9e054df4e"),
    ),
    (
        "//Ferdie",
        hex!("1cbd2d43530a44705ad088af313e18f80b53ef16b36177cd4b77b846f2a5f07c"),
    ),
    AUTHORITIES[0].0,
    AUTHORITIES[1].0,
    AUTHORITIES[2].0,
];

/// Two more accounts with two thousand TAO, from which the clients' own test suites pay; their seeds are
/// not ours: `5Fghzk1AJt88PeFEzuRfXzbPchiBbsVGTTXcdx599VdZzkTA` and
/// `5GeqNhKWj1KG78VHzbmo3ZjZgUTrCuWeamdgiA114XHGdaEr`.
const SUITES: [[u8; 32]; 2] = [
    hex!("a02a00e549cb104f710d3fe6f2f83e91524d2a40c4ed831658a120883077f9a9"),
    hex!("caf8959d3c25429e5797758aa16e326839c744a374c3157fdad86e65458f6c59"),
];

/// Block producers of local networks: the Aura key (sr25519) with its seed, and the Grandpa key (ed25519)
/// of the same seed.
const AUTHORITIES: [(Known, [u8; 32]); 3] = [
    (
        (
            "//One",
            hex!("ac859f8a216eeb1b320b4c76d118da3d7407fa523484d0a980126d3b4d0d220a"),
        ),
        hex!("16f97016bbea8f7b45ae6757b49efc1080accc175d8f018f9ba719b60b0815e4"),
    ),
    (
        (
            "//Two",
            hex!("1254f7017f0b8347ce7ab14f96d818802e7e9e0c0d1b7c9acb3c726b080e7a03"),
        ),
        hex!("5079bcd20fd97d7d2f752c4607012600b401950260a91821f73e692071c82bf5"),
    ),
    (
        (
            "//Three",
            hex!("9026941b7aa2328a8c5ea4e25bb747a2bf92a066fae0cc3722faf58cf44d3502"),
        ),
        hex!("ecccf9cddf1b329b7c6554e78b0a34ba760de390e351b0ee450a42955fb18470"),
    ),
];

const MILLION: Balance = TAO.saturating_mul(1_000_000);
const TWO_THOUSAND: Balance = TAO.saturating_mul(2_000);

/// Everybody who owns TAO at the start of a local network.
fn endowment() -> Vec<(AccountId, Balance)> {
    let rich = RICH.iter().map(|(_, key)| (*key, MILLION));
    let funded = FUNDED.iter().map(|(_, key)| (*key, TWO_THOUSAND));
    let suites = SUITES.iter().map(|key| (*key, TWO_THOUSAND));
    rich.chain(funded)
        .chain(suites)
        .map(|(key, amount)| (AccountId::new(key), amount))
        .collect()
}

/// Subnets of a local network: creations at any time, endpoints on this machine.
struct LocalSubnets {
    initial_tempo: u16,
    admin_freeze_window: u16,
    max_epochs_per_block: u8,
    max_mechanism_count: u8,
    coldkey_swap_delays: (u32, u32),
    childkey_delays: (u64, u64),
    root_owner: Option<(AccountId, AccountId)>,
}

impl LocalSubnets {
    /// Short periods, for a chain with fast blocks. `//Alice` owns root.
    fn fast() -> Self {
        Self {
            initial_tempo: 10,
            admin_freeze_window: 2,
            max_epochs_per_block: 32,
            max_mechanism_count: 1,
            coldkey_swap_delays: (50, 10),
            childkey_delays: (15, 5),
            root_owner: Some((AccountId::new(ALICE.1), AccountId::new(ALICE_HOTKEY.1))),
        }
    }

    /// The periods of a public network.
    fn public() -> Self {
        Self {
            initial_tempo: 360,
            admin_freeze_window: 10,
            max_epochs_per_block: 2,
            max_mechanism_count: 2,
            coldkey_swap_delays: (36_000, 7_200),
            childkey_delays: (7_200, 216_000),
            root_owner: None,
        }
    }
}

/// A local network of the first `count` authorities.
fn local(count: usize, slot_duration: u64, subnets: LocalSubnets) -> Value {
    let LocalSubnets {
        initial_tempo,
        admin_freeze_window,
        max_epochs_per_block,
        max_mechanism_count,
        coldkey_swap_delays,
        childkey_delays,
        root_owner,
    } = subnets;
    let authorities = || AUTHORITIES.iter().take(count);
    build_struct_json_patch!(RuntimeGenesisConfig {
        balances: BalancesConfig {
            balances: endowment(),
        },
        aura: AuraConfig {
            authorities: authorities()
                .map(|((_, key), _)| AuraId::from(sr25519::Public::from_raw(*key)))
                .collect::<Vec<_>>(),
        },
        grandpa: GrandpaConfig {
            authorities: authorities()
                .map(|(_, key)| (GrandpaId::from(ed25519::Public::from_raw(*key)), 1))
                .collect::<Vec<(GrandpaId, AuthorityWeight)>>(),
        },
        sudo: SudoConfig {
            key: Some(AccountId::new(ALICE.1)),
        },
        subtensor_module: SubtensorModuleConfig {
            initial_tempo,
            admin_freeze_window,
            network_rate_limit: 0,
            max_epochs_per_block,
            max_mechanism_count,
            allows_loopback: true,
            coldkey_swap_delays,
            childkey_delays,
            root_owner,
        },
        block_time: BlockTimeConfig { slot_duration },
    })
}

/// What the owner of a public network completes: it has no authority, no balance and no sudo yet.
fn public() -> Value {
    build_struct_json_patch!(RuntimeGenesisConfig {
        balances: BalancesConfig { balances: vec![] },
        aura: AuraConfig {
            authorities: vec![]
        },
        grandpa: GrandpaConfig {
            authorities: vec![]
        },
        sudo: SudoConfig { key: None },
        block_time: BlockTimeConfig {
            slot_duration: PUBLIC_BLOCK_TIME
        },
    })
}

/// The preset of this name, as the JSON that completes the default genesis.
pub fn get_preset(id: &PresetId) -> Option<Vec<u8>> {
    let patch = match id.as_ref() {
        DEVELOPMENT => local(1, FAST, LocalSubnets::fast()),
        LOCAL => local(AUTHORITIES.len(), PUBLIC_BLOCK_TIME, LocalSubnets::public()),
        PUBLIC => public(),
        _ => return None,
    };
    serde_json::to_vec(&patch).ok()
}

/// Names of all presets.
pub fn preset_names() -> Vec<PresetId> {
    [DEVELOPMENT, LOCAL, PUBLIC].map(PresetId::from).into()
}

#[cfg(test)]
mod tests {
    use sp_core::Pair;

    use super::*;

    #[test]
    fn every_key_belongs_to_the_seed_beside_it() {
        for (seed, key) in RICH.iter().chain(&FUNDED).chain([&ALICE_HOTKEY]) {
            let pair = sr25519::Pair::from_string(seed, None).unwrap();
            assert_eq!(pair.public().0, *key, "{seed}");
        }
        for ((seed, _), grandpa) in &AUTHORITIES {
            let pair = ed25519::Pair::from_string(seed, None).unwrap();
            assert_eq!(pair.public().0, *grandpa, "{seed}");
        }
    }

    #[test]
    fn the_accounts_of_the_client_suites_have_their_published_addresses() {
        use sp_core::crypto::Ss58Codec;
        let addresses = SUITES.map(|key| AccountId::new(key).to_ss58check());
        assert_eq!(
            addresses,
            [
                "5Fghzk1AJt88PeFEzuRfXzbPchiBbsVGTTXcdx599VdZzkTA",
                "5GeqNhKWj1KG78VHzbmo3ZjZgUTrCuWeamdgiA114XHGdaEr",
            ]
        );
    }
}
