//! Who takes part in the emission of a block.

use dendra_primitives::{MovingPrice, NetUid, Proportion64};
use subnet_emission::SubnetClaim;

use crate::{
    Config, FirstEmissionBlockNumber, MinerBurned, NetworkRegistrationAllowed, Pallet,
    SubnetAlphaInEmission, SubnetAlphaOutEmission, SubnetEmissionEnabled, SubnetTaoInEmission,
    SubtokenEnabled,
};

/// A subnet that is eligible (section 3.1).
pub(super) struct Recipient {
    pub(super) netuid: NetUid,
    /// Blocks since its first emission.
    pub(super) age: u64,
    /// Its claim to the block's TAO.
    pub(super) claim: SubnetClaim,
}

impl<T: Config> Pallet<T> {
    /// A subnet as a recipient of emission; none if it is not eligible: the root network, one that was not
    /// started, whose subtoken is disabled or that accepts no registrations, and one without a pool, whose
    /// alpha would have nothing behind it.
    pub(super) fn recipient(netuid: NetUid, now: u64) -> Option<Recipient> {
        let age = now.checked_sub(FirstEmissionBlockNumber::<T>::get(netuid)?)?;
        let is_eligible = Self::has_pool(netuid)
            && SubtokenEnabled::<T>::get(netuid)
            && NetworkRegistrationAllowed::<T>::get(netuid);
        is_eligible.then(|| Recipient {
            netuid,
            age,
            claim: SubnetClaim {
                moving_price: Self::moving_price(netuid),
                miner_burned: Proportion64::from_parts(MinerBurned::<T>::get(netuid)),
                is_enabled: SubnetEmissionEnabled::<T>::get(netuid),
            },
        })
    }

    /// Forgets what a subnet was issued in the last block, if it was.
    pub(super) fn forget_last_emission(netuid: NetUid) {
        // Whoever took part has this one.
        if SubnetAlphaOutEmission::<T>::contains_key(netuid) {
            SubnetAlphaOutEmission::<T>::remove(netuid);
            SubnetAlphaInEmission::<T>::remove(netuid);
            SubnetTaoInEmission::<T>::remove(netuid);
        }
    }
}

/// The moving prices of recipients.
pub(super) fn prices(recipients: &[Recipient]) -> impl Iterator<Item = MovingPrice> {
    recipients
        .iter()
        .map(|recipient| recipient.claim.moving_price)
}
