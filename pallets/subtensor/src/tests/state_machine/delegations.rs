//! Random calls about takes, children and destinations, and those by which root bounds them.

use dendra_primitives::NetUid;

use super::{chain_calls::Signed, draw, honest, rng::Rng};
use crate::{AccountId, Call, Owner, mock::Test};

/// A call and who signs it. On the honest subnet nobody lends: what its validators weigh is predicted.
pub(super) fn random(rng: &mut Rng) -> Signed {
    if rng.chance(12) {
        return bounds(rng);
    }
    let hotkey = draw::hotkey(rng);
    let owner = Owner::<Test>::get(&hotkey);
    let is_strange = honest::accounts().contains(&owner) || owner == AccountId::new([0; 32]);
    let signer = if !is_strange && rng.chance(90) {
        owner
    } else {
        draw::stranger(rng)
    };
    let netuid = draw::open_netuid(rng).filter(|_| rng.chance(95));
    let netuid = netuid.unwrap_or(NetUid::ROOT);
    let call = match rng.below(10) {
        0..=4 => Call::set_children {
            hotkey,
            netuid,
            children: children(rng),
        },
        5 => Call::set_childkey_take {
            hotkey,
            netuid,
            take: take(rng),
        },
        6 => Call::increase_take {
            hotkey,
            take: take(rng),
        },
        7 => Call::decrease_take {
            hotkey,
            take: take(rng),
        },
        8 => Call::set_coldkey_auto_stake_hotkey {
            netuid,
            hotkey: draw::speaker(rng, netuid),
        },
        _ => Call::set_auto_parent_delegation_enabled {
            hotkey,
            enabled: rng.chance(50),
        },
    };
    (Some(signer), call)
}

fn children(rng: &mut Rng) -> Vec<(u64, AccountId)> {
    let longest = if rng.chance(10) { 8 } else { 4 };
    let count = rng.below(longest);
    let most = if rng.chance(10) {
        u64::MAX
    } else {
        u64::MAX / count.max(1)
    };
    (0..count)
        .map(|_| (rng.next().min(most), draw::hotkey(rng)))
        .collect()
}

fn take(rng: &mut Rng) -> u16 {
    if rng.chance(10) {
        rng.hostile_u16()
    } else {
        rng.below(11_797) as u16
    }
}

/// A bound that root sets, or that a stranger tries to.
fn bounds(rng: &mut Rng) -> Signed {
    let call = match rng.below(4) {
        0 => Call::sudo_set_tx_childkey_take_rate_limit {
            tx_rate_limit: rng.below(20),
        },
        1 => Call::sudo_set_min_childkey_take {
            take: rng.below(100) as u16,
        },
        2 => Call::sudo_set_max_childkey_take {
            take: rng.within(50, 12_000) as u16,
        },
        _ => Call::set_pending_childkey_cooldown {
            cooldown: rng.below(40),
        },
    };
    let signer = rng.chance(40).then(|| draw::stranger(rng));
    (signer, call)
}
