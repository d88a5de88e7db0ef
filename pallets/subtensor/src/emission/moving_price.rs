//! Moving prices (section 7 of the economics).

use dendra_primitives::{I96F32, MovingPrice, NetUid};
use weighted_pool::{MovingRate, Pool};

use crate::{
    Config, EMAPriceHalvingBlocks, MovingPriceBits, Pallet, SubnetMovingAlpha, SubnetMovingPrice,
};

impl<T: Config> Pallet<T> {
    /// The moving price of a subnet with a pool; no more than one.
    pub(crate) fn moving_price(netuid: NetUid) -> MovingPrice {
        MovingPrice::from_bits(MovingPriceBits::<T>::get(netuid)).unwrap_or(MovingPrice::ONE)
    }

    /// Writes a moving price, and what clients see of it.
    #[cfg(any(test, feature = "runtime-benchmarks"))]
    pub(crate) fn put_moving_price(netuid: NetUid, price: MovingPrice) {
        MovingPriceBits::<T>::insert(netuid, price.bits());
        SubnetMovingPrice::<T>::insert(netuid, I96F32::from(price));
    }

    /// How fast moving prices follow prices; none if root set a rate that is no proportion.
    pub(super) fn moving_rate() -> Option<MovingRate> {
        let rate = u64::try_from(SubnetMovingAlpha::<T>::get().bits()).ok()?;
        MovingRate::new(
            rate,
            1 << I96F32::FRACTION_BITS,
            EMAPriceHalvingBlocks::<T>::get(),
        )
        .ok()
    }

    /// Moves the price of a subnet one block on. **Writes:** what clients see only if it changed.
    pub(super) fn advance_moving_price(
        netuid: NetUid,
        before: MovingPrice,
        rate: MovingRate,
        pool: &Pool,
        age: u64,
    ) {
        let next = pool
            .price()
            .and_then(|price| rate.advance(before, price, age));
        let Ok(next) = next else { return };
        if next == before {
            return;
        }
        MovingPriceBits::<T>::insert(netuid, next.bits());
        if next.to_fixed32() != before.to_fixed32() {
            SubnetMovingPrice::<T>::insert(netuid, I96F32::from(next));
        }
    }
}
