//! Random calls: subnets, neurons, endpoints, owners and root.

use dendra_primitives::{NetUid, records::SubnetIdentityV3};
use frame_support::BoundedVec;

use super::{claims, delegations, draw, honest, opinions::Opinions, rng::Rng, swaps, trades};
use crate::{AccountId, Call, FirstEmissionBlockNumber, SubnetList, SubnetOwner, mock::Test};

/// A call and who signs it; root if nobody does.
pub(super) type Signed = (Option<AccountId>, Call<Test>);

/// A random call by a random account.
pub(super) fn random(rng: &mut Rng, opinions: &mut Opinions) -> Signed {
    match rng.below(100) {
        0..=39 => opinions.random(rng),
        40..=48 => trades::random(rng),
        49..=64 => registration(rng),
        65..=67 => swaps::random(rng),
        68..=71 => delegations::random(rng),
        72 | 73 => claims::random(rng),
        74..=81 => serving(rng),
        82..=85 => creation(rng),
        86 if rng.chance(60) => removal(rng),
        _ => owners(rng),
    }
}

fn registration(rng: &mut Rng) -> Signed {
    let (coldkey, anywhere, hotkey) = (draw::coldkey(rng), draw::netuid(rng), draw::hotkey(rng));
    let netuid = draw::open_netuid(rng)
        .filter(|_| rng.chance(60))
        .unwrap_or(anywhere);
    // A hotkey that is owned already registers only through its owner.
    let owner = crate::Owner::<Test>::get(&hotkey);
    let is_strange = honest::accounts().contains(&owner) || owner == AccountId::new([0; 32]);
    let signer = if is_strange || rng.chance(10) {
        coldkey
    } else {
        owner
    };
    let call = match rng.below(10) {
        0 => Call::register {
            netuid,
            block_number: rng.hostile(),
            nonce: rng.hostile(),
            work: rng.bytes(40),
            hotkey,
            coldkey: draw::coldkey(rng),
        },
        1 => Call::register_limit {
            netuid,
            hotkey,
            limit_price: rng.hostile(),
        },
        2 => Call::try_associate_hotkey { hotkey },
        3 | 4 => Call::root_register { hotkey },
        _ => Call::burned_register { netuid, hotkey },
    };
    (Some(signer), call)
}

fn serving(rng: &mut Rng) -> Signed {
    let netuid = draw::netuid(rng);
    let signer = draw::speaker(rng, netuid);
    let (ip, port, ip_type) = draw::endpoint(rng);
    let version = rng.hostile() as u32;
    let (protocol, placeholder1, placeholder2) = (rng.next() as u8, 0, rng.next() as u8);
    let call = match rng.below(3) {
        0 => Call::serve_axon {
            netuid,
            version,
            ip,
            port,
            ip_type,
            protocol,
            placeholder1,
            placeholder2,
        },
        1 => Call::serve_axon_tls {
            netuid,
            version,
            ip,
            port,
            ip_type,
            protocol,
            placeholder1,
            placeholder2,
            certificate: rng.bytes(70),
        },
        _ => Call::serve_prometheus {
            netuid,
            version,
            ip,
            port,
            ip_type,
        },
    };
    (Some(signer), call)
}

fn creation(rng: &mut Rng) -> Signed {
    let hotkey = draw::hotkey(rng);
    let owner = crate::Owner::<Test>::get(&hotkey);
    let signer = if honest::accounts().contains(&owner) || owner == AccountId::new([0; 32]) {
        draw::coldkey(rng)
    } else {
        owner
    };
    let call = match rng.below(3) {
        0 => Call::register_network_with_identity {
            hotkey,
            identity: rng.chance(70).then(|| identity(rng)),
        },
        _ => Call::register_network { hotkey },
    };
    (Some(signer), call)
}

/// Dissolves a subnet, never the honest one; strangers may try to.
fn removal(rng: &mut Rng) -> Signed {
    let is_root = rng.chance(60);
    let netuid = if is_root {
        draw::open_netuid(rng).unwrap_or(NetUid::ROOT)
    } else {
        draw::netuid(rng)
    };
    let call = if rng.chance(50) {
        Call::root_dissolve_network { netuid }
    } else {
        let coldkey = if rng.chance(80) {
            SubnetOwner::<Test>::get(netuid)
        } else {
            draw::coldkey(rng)
        };
        Call::dissolve_network { coldkey, netuid }
    };
    let signer = (!is_root).then(|| draw::stranger(rng));
    (signer, call)
}

fn owners(rng: &mut Rng) -> Signed {
    let netuid = draw::netuid(rng);
    let call = match rng.below(10) {
        0 => return identity_of_coldkey(rng),
        1 => set_subnet_identity(netuid, identity(rng)),
        2 | 3 => return start(rng),
        4 => Call::update_symbol {
            netuid,
            symbol: symbol(rng),
        },
        5 => Call::set_tempo {
            netuid,
            tempo: if rng.chance(50) {
                360
            } else {
                rng.hostile_u16()
            },
        },
        6 => Call::set_activity_cutoff_factor {
            netuid,
            factor_milli: if rng.chance(50) {
                1_000
            } else {
                rng.hostile() as u32
            },
        },
        7 => timelocked(rng, netuid),
        _ => Call::trigger_epoch { netuid },
    };
    (Some(draw::owner_or_stranger(rng, netuid)), call)
}

/// Starts a subnet that is not started yet, most often.
fn start(rng: &mut Rng) -> Signed {
    let waiting: Vec<NetUid> = SubnetList::<Test>::get()
        .into_iter()
        .filter(|netuid| !netuid.is_root())
        .filter(|netuid| !FirstEmissionBlockNumber::<Test>::contains_key(netuid))
        .collect();
    let netuid = if waiting.is_empty() || rng.chance(20) {
        draw::netuid(rng)
    } else {
        *rng.pick(&waiting)
    };
    let signer = draw::owner_or_stranger(rng, netuid);
    (Some(signer), Call::start_call { netuid })
}

fn timelocked(rng: &mut Rng, netuid: NetUid) -> Call<Test> {
    let commit = BoundedVec::truncate_from(rng.bytes(100));
    let (reveal_round, commit_reveal_version) = (rng.hostile(), 4);
    if rng.chance(50) {
        Call::commit_timelocked_weights {
            netuid,
            commit,
            reveal_round,
            commit_reveal_version,
        }
    } else {
        Call::commit_timelocked_mechanism_weights {
            netuid,
            mecid: draw::mechanism(rng, netuid),
            commit,
            reveal_round,
            commit_reveal_version,
        }
    }
}

/// A text within the limits, most often.
fn text(rng: &mut Rng) -> Vec<u8> {
    let most = if rng.chance(3) { 2_000 } else { 20 };
    rng.bytes(most)
}

fn identity_of_coldkey(rng: &mut Rng) -> Signed {
    let call = Call::set_identity {
        name: text(rng),
        url: text(rng),
        github_repo: text(rng),
        image: text(rng),
        discord: text(rng),
        description: text(rng),
        additional: text(rng),
    };
    (Some(draw::stranger(rng)), call)
}

fn identity(rng: &mut Rng) -> SubnetIdentityV3 {
    if rng.chance(20) {
        return SubnetIdentityV3::default();
    }
    SubnetIdentityV3 {
        subnet_name: text(rng),
        github_repo: text(rng),
        subnet_contact: text(rng),
        subnet_url: text(rng),
        discord: text(rng),
        description: text(rng),
        logo_url: text(rng),
        additional: text(rng),
    }
}

fn set_subnet_identity(netuid: NetUid, identity: SubnetIdentityV3) -> Call<Test> {
    Call::set_subnet_identity {
        netuid,
        subnet_name: identity.subnet_name,
        github_repo: identity.github_repo,
        subnet_contact: identity.subnet_contact,
        subnet_url: identity.subnet_url,
        discord: identity.discord,
        description: identity.description,
        logo_url: identity.logo_url,
        additional: identity.additional,
    }
}

/// A symbol of the catalogue, most often.
fn symbol(rng: &mut Rng) -> Vec<u8> {
    if rng.chance(20) {
        return rng.bytes(9);
    }
    let all: Vec<char> = crate::subnets::symbols::characters().collect();
    rng.pick(&all).to_string().into_bytes()
}

/// Whether a call must not succeed when a stranger sends it: it would change what the honest miner earns.
pub(super) fn must_fail(call: &Call<Test>) -> bool {
    let netuid = match call {
        Call::set_subnet_identity { netuid, .. }
        | Call::start_call { netuid }
        | Call::update_symbol { netuid, .. }
        | Call::set_tempo { netuid, .. }
        | Call::set_activity_cutoff_factor { netuid, .. }
        | Call::trigger_epoch { netuid }
        | Call::dissolve_network { netuid, .. }
        | Call::root_dissolve_network { netuid }
        | Call::commit_weights { netuid, .. }
        | Call::commit_mechanism_weights { netuid, .. }
        | Call::reveal_weights { netuid, .. }
        | Call::reveal_mechanism_weights { netuid, .. } => Some(*netuid),
        // A weight for oneself needs no permit and counts for nothing.
        Call::set_weights { netuid, dests, .. }
        | Call::set_mechanism_weights { netuid, dests, .. }
            if dests.len() != 1 =>
        {
            Some(*netuid)
        }
        _ => None,
    };
    netuid == Some(honest::NETUID)
}
