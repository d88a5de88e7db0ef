//! Places for connections.

use std::{
    collections::HashMap,
    net::IpAddr,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

/// Why there is no place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Full {
    /// All are taken.
    All,
    /// The address has as many as one may have.
    Address,
}

/// Places, in all and for each address.
#[derive(Clone, Debug)]
pub(super) struct Slots {
    most: usize,
    per_address: usize,
    taken: Arc<Mutex<HashMap<IpAddr, usize>>>,
}

/// A taken place; free again when dropped.
#[derive(Debug)]
pub(super) struct Slot {
    address: IpAddr,
    slots: Slots,
}

impl Slots {
    /// So many in all, and for one address.
    pub(super) fn new(most: usize, per_address: usize) -> Self {
        Self {
            most,
            per_address,
            taken: Arc::default(),
        }
    }

    /// Takes a place. **Errors:** there is none.
    pub(super) fn take(&self, address: IpAddr) -> Result<Slot, Full> {
        let address = network(address);
        let mut taken = self.lock();
        if taken.values().sum::<usize>() >= self.most {
            return Err(Full::All);
        }
        let own = taken.entry(address).or_default();
        if *own >= self.per_address {
            return Err(Full::Address);
        }
        *own += 1;
        Ok(Slot {
            address,
            slots: self.clone(),
        })
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<IpAddr, usize>> {
        self.taken.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Slot {
    fn drop(&mut self) {
        let mut taken = self.slots.lock();
        if let Some(own) = taken.get_mut(&self.address) {
            *own = own.saturating_sub(1);
            if *own == 0 {
                taken.remove(&self.address);
            }
        }
    }
}

/// Who counts as one: an IPv4 address, or an IPv6 network of 64 bits, since its owner has all its addresses.
fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(six) => {
            let [a, b, c, d, ..] = six.segments();
            IpAddr::from([a, b, c, d, 0, 0, 0, 0])
        }
        four => four,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(text: &str) -> IpAddr {
        text.parse().expect("an address")
    }

    #[test]
    fn places_are_counted_in_all_and_by_address_and_come_back() {
        let slots = Slots::new(3, 2);
        let one = slots.take(address("10.0.0.1")).expect("free");
        let _two = slots.take(address("10.0.0.1")).expect("free");
        assert_eq!(
            slots.take(address("10.0.0.1")).expect_err("two"),
            Full::Address
        );
        let _three = slots.take(address("10.0.0.2")).expect("free");
        assert_eq!(
            slots.take(address("10.0.0.3")).expect_err("three"),
            Full::All
        );
        drop(one);
        slots.take(address("10.0.0.3")).expect("free again");
    }

    #[test]
    fn an_ipv6_network_counts_as_one() {
        let slots = Slots::new(9, 1);
        let _one = slots.take(address("2001:db8::1")).expect("free");
        assert_eq!(
            slots.take(address("2001:db8::2")).expect_err("same"),
            Full::Address
        );
        slots.take(address("2001:db8:0:1::1")).expect("another");
        let _four = slots.take(address("10.0.0.1")).expect("free");
        assert_eq!(
            slots.take(address("::ffff:10.0.0.1")).expect_err("same"),
            Full::Address
        );
    }
}
