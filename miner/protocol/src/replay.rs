//! Remembering nonces in bounded memory, without ever letting one in twice.

use std::collections::{BTreeSet, HashMap};

use crate::{Hotkey, Rejection};

/// Nonces of each sender that are remembered. So many requests of one sender may be on their way in any order.
pub(crate) const REMEMBERED: usize = 1024;

/// Senders that are remembered.
pub(crate) const SENDERS: usize = 1024;

/// What has been let in.
#[derive(Debug, Default)]
pub(crate) struct Replays {
    senders: HashMap<Hotkey, Seen>,
}

#[derive(Debug, Default)]
struct Seen {
    /// Everything up to it is refused.
    floor: Option<u64>,
    /// Let in, above the floor.
    latest: BTreeSet<u64>,
    /// The newest block of a request.
    block: u32,
}

impl Seen {
    fn knows(&self, nonce: u64) -> bool {
        self.floor.is_some_and(|floor| nonce <= floor) || self.latest.contains(&nonce)
    }
}

impl Replays {
    /// Whether a nonce would be let in.
    pub(crate) fn is_new(&self, sender: &Hotkey, nonce: u64) -> bool {
        self.senders
            .get(sender)
            .is_none_or(|seen| !seen.knows(nonce))
    }

    /// Lets a nonce in. `oldest`: the oldest block that is accepted now; senders whose requests are all older are forgotten when room
    /// is needed, which is safe because their requests are refused by their block. **Errors:** [`Rejection::Replay`],
    /// [`Rejection::Crowded`].
    pub(crate) fn insert(
        &mut self,
        sender: &Hotkey,
        nonce: u64,
        block: u32,
        oldest: u32,
    ) -> Result<(), Rejection> {
        if !self.senders.contains_key(sender) && self.senders.len() >= SENDERS {
            self.senders.retain(|_, seen| seen.block >= oldest);
            if self.senders.len() >= SENDERS {
                return Err(Rejection::Crowded);
            }
        }
        let seen = self.senders.entry(*sender).or_default();
        if seen.knows(nonce) {
            return Err(Rejection::Replay);
        }
        seen.latest.insert(nonce);
        seen.block = seen.block.max(block);
        if seen.latest.len() > REMEMBERED {
            seen.floor = seen.latest.pop_first();
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use proptest::prelude::*;

    use super::*;

    proptest! {
        /// Against a memory without bounds: nothing gets in twice, and whatever is near the newest gets in once.
        #[test]
        fn nothing_gets_in_twice(nonces in prop::collection::vec(0u64..3000, 1..4000)) {
            let mut replays = Replays::default();
            let mut all = HashSet::new();
            let mut newest = 0;
            for nonce in nonces {
                let expected_new = !all.contains(&nonce);
                let looked_new = replays.is_new(&[1; 32], nonce);
                let inserted = replays.insert(&[1; 32], nonce, 1, 0).is_ok();
                prop_assert_eq!(looked_new, inserted);
                if inserted {
                    prop_assert!(expected_new);
                    all.insert(nonce);
                }
                newest = newest.max(nonce);
                if expected_new && newest - nonce < REMEMBERED as u64 {
                    prop_assert!(inserted);
                }
            }
        }
    }

    #[test]
    fn memory_is_bounded() {
        let mut replays = Replays::default();
        for nonce in 0..10 * REMEMBERED as u64 {
            replays.insert(&[1; 32], nonce, 1, 0).expect("new");
        }
        let seen = replays.senders.get(&[1; 32]).expect("known");
        assert_eq!(seen.latest.len(), REMEMBERED);
        assert!(!replays.is_new(&[1; 32], 3));
    }

    #[test]
    fn senders_make_room_only_when_their_requests_are_too_old() {
        let sender = |number: usize| {
            let mut key = [0; 32];
            key.iter_mut()
                .zip(number.to_le_bytes())
                .for_each(|(to, from)| *to = from);
            key
        };
        let mut replays = Replays::default();
        for number in 0..SENDERS {
            replays.insert(&sender(number), 1, 10, 5).expect("room");
        }
        assert_eq!(
            replays.insert(&sender(SENDERS), 1, 10, 10),
            Err(Rejection::Crowded)
        );
        // Who is known is still served.
        replays.insert(&sender(0), 2, 12, 10).expect("known");
        replays
            .insert(&sender(SENDERS), 1, 12, 11)
            .expect("room again");
        assert_eq!(
            replays.insert(&sender(0), 2, 12, 11),
            Err(Rejection::Replay)
        );
    }
}
