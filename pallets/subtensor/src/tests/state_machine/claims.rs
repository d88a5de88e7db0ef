//! Random calls about root dividends.

use dendra_primitives::{NetUid, records::RootClaimTypeEnum};

use super::{chain_calls::Signed, draw, rng::Rng};
use crate::{AccountId, Call, RootHoldings, mock::Test};

/// A call and who signs it.
pub(super) fn random(rng: &mut Rng) -> Signed {
    let held: Vec<(AccountId, AccountId)> = RootHoldings::<Test>::iter()
        .map(|(coldkey, hotkey, _)| (coldkey, hotkey))
        .collect();
    let (coldkey, hotkey) = if held.is_empty() || rng.chance(10) {
        (draw::coldkey(rng), draw::hotkey(rng))
    } else {
        rng.pick(&held).clone()
    };
    let netuid = draw::netuid(rng);
    let call = match rng.below(10) {
        0..=3 => Call::claim_root {
            subnets: (0..rng.below(7)).map(|_| draw::netuid(rng)).collect(),
        },
        4 | 5 => Call::claim_root_with_hotkey { hotkey },
        6 | 7 => Call::set_root_claim_type {
            new_root_claim_type: kind(rng),
        },
        8 => {
            let new_value = rng.below(60);
            let signer = rng.chance(20).then_some(coldkey);
            return (signer, Call::sudo_set_num_root_claims { new_value });
        }
        _ => {
            let call = Call::sudo_set_root_claim_threshold {
                netuid,
                new_value: rng.hostile(),
            };
            return (Some(draw::owner_or_stranger(rng, netuid)), call);
        }
    };
    // Root has no dividends.
    (rng.chance(93).then_some(coldkey), call)
}

fn kind(rng: &mut Rng) -> RootClaimTypeEnum {
    match rng.below(3) {
        0 => RootClaimTypeEnum::Swap,
        1 => RootClaimTypeEnum::Keep,
        _ => RootClaimTypeEnum::KeepSubnets {
            subnets: (0..rng.below(4))
                .map(|_| draw::open_netuid(rng).unwrap_or(NetUid::ROOT))
                .collect(),
        },
    }
}
