//! How weights get on chain, as a state machine without I/O.
//!
//! A round ends in a [`Wish`]: scores that are to become weights. [`Submission::advance`] looks at the chain ([`View`]) and decides
//! on at most one transaction ([`Order`]). **The caller stores the state durably before it sends the order**, and once more with
//! the answer, so a kill at any point leaves a state from which everything can be found out again:
//!
//! * Each order has a nonce of the hotkey's account that was free when it was made. It is repeated with the same nonce only, so the chain
//!   executes it at most once, however often it was sent.
//! * An order that has left no trace is dead when the account's nonce has passed it or when it is too old to be included; only
//!   then there may be another.
//! * Row and salt of a commit are part of the state from before the commit is sent until its reveal is on chain or its epoch over.
//!
//! A wish is handed in once. The chain is read with the nonce first: what is known of effects is never older than the nonce.

mod flight;
mod kinds;
#[cfg(test)]
mod tests;

pub use flight::{Flight, Kind};
pub use kinds::{
    Action, Ink, Note, OnChain, Order, Outcome, Pending, Sealed, Seen, Step, View, Waiting, Wish,
};

/// Blocks for which a death must be visible: the head may change its mind.
pub const SETTLE: u32 = 2;
/// Blocks until an order of which nothing is known is sent again.
pub const AGAIN: u32 = 4;
/// Blocks of rest after a refusal.
pub const REST: u32 = 3;
/// Commits that the chain keeps for a hotkey.
pub const OPEN_COMMITS: usize = 10;

/// What is known of handing in weights on one subnet.
#[derive(Clone, Debug, Default, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Submission {
    /// The newest scores that are not under way.
    wish: Option<Wish>,
    /// The order that is under way.
    flight: Option<Flight>,
    /// Commits that are under way or wait for their reveal, oldest first.
    commits: Vec<Pending>,
    /// The newest epoch whose wish is on chain.
    handed: Option<u64>,
    /// No new order before this block.
    rest_until: u32,
}

impl Submission {
    /// Takes the scores of a round, unless the same or newer ones are on chain, under way or known. Whether it did.
    pub fn offer(&mut self, wish: Wish) -> bool {
        let newest = [
            self.handed,
            self.flight
                .as_ref()
                .and_then(|flight| flight.wish.as_ref())
                .map(|wish| wish.epoch),
            self.wish.as_ref().map(|wish| wish.epoch),
        ]
        .into_iter()
        .flatten()
        .max();
        let is_new = newest.is_none_or(|newest| wish.epoch > newest);
        if is_new {
            self.wish = Some(wish);
        }
        is_new
    }

    /// Whether there is nothing to do and nothing to wait for.
    pub fn is_idle(&self) -> bool {
        self.wish.is_none() && self.flight.is_none() && self.commits.is_empty()
    }

    /// The newest epoch whose scores are on chain.
    pub fn handed(&self) -> Option<u64> {
        self.handed
    }

    /// Commits that are under way or wait for their reveal, oldest first.
    pub fn commits(&self) -> &[Pending] {
        &self.commits
    }

    /// Learns from the chain and decides what to send, if anything. The state must be on disk before it is sent.
    pub fn advance(&mut self, view: &View<'_>, ink: &mut impl Ink) -> Step {
        let mut notes = Vec::new();
        for pending in &mut self.commits {
            if let Some(commit) = view.commit(&pending.hash) {
                pending.seen = Some(Seen {
                    epoch: commit.epoch,
                    block: commit.block,
                });
            }
        }
        self.settle(view, &mut notes);
        self.expire(view, &mut notes);
        let order = if self.flight.is_some() {
            self.again(view)
        } else {
            self.reveal(view)
                .or_else(|| self.hand_in(view, ink, &mut notes))
        };
        Step { order, notes }
    }

    /// Learns what became of the order that `advance` gave; `block` is the head by now.
    pub fn answered(&mut self, outcome: &Outcome, block: u32) {
        let Some(flight) = &mut self.flight else {
            return;
        };
        match outcome {
            // Its trace on chain decides, for the head may change its mind.
            Outcome::Included => flight.again_at = block.saturating_add(AGAIN),
            Outcome::Failed(_) => self.rest_until = block.saturating_add(REST),
            // What was sent before may still be on its way.
            Outcome::Refused(_) if flight.tries > 1 => {
                flight.again_at = block.saturating_add(AGAIN)
            }
            Outcome::Refused(_) => {
                self.rest_until = block.saturating_add(REST);
                self.give_up();
            }
            Outcome::Unknown(_) => flight.again_at = block.saturating_add(1),
        }
    }

    /// What is waited for.
    pub fn waiting(&self, view: &View<'_>) -> Waiting {
        if view.uid.is_none() {
            Waiting::Registration
        } else if self.flight.is_some() {
            Waiting::Inclusion
        } else if self.wish.is_some() && !view.is_permitted {
            Waiting::Permit
        } else if self.wish.is_some() && view.free_from() > u64::from(view.block) + 1 {
            Waiting::RateLimit(view.free_from())
        } else if self.wish.is_some() && view.commit_reveal && !view.has_room() {
            Waiting::Room
        } else if let Some(seen) = self
            .commits
            .iter()
            .filter_map(|pending| pending.seen)
            .next()
        {
            Waiting::Reveal(seen.epoch.saturating_add(view.reveal_period))
        } else {
            Waiting::Nothing
        }
    }

    /// Finds out what became of the order under way.
    fn settle(&mut self, view: &View<'_>, notes: &mut Vec<Note>) {
        let Some(flight) = &mut self.flight else {
            return;
        };
        if flight.has_landed(view) {
            return self.landed(view, notes);
        }
        if !flight.has_passed(view) && view.block <= flight.until {
            flight.gone_since = None;
            return;
        }
        let since = *flight.gone_since.get_or_insert(view.block);
        if view.block >= since.saturating_add(SETTLE) {
            notes.push(Note::Dead(flight.kind.name()));
            self.give_up();
        }
    }

    /// The order under way is on chain.
    fn landed(&mut self, view: &View<'_>, notes: &mut Vec<Note>) {
        let Some(flight) = self.flight.take() else {
            return;
        };
        if let Some(wish) = &flight.wish {
            self.handed = self.handed.max(Some(wish.epoch));
        }
        let epoch = flight.wish.as_ref().map(|wish| wish.epoch);
        match flight.kind {
            Kind::Set { .. } => notes.extend(epoch.map(Note::Set)),
            Kind::Commit { hash } => {
                let seen = self.commits.iter().find(|pending| pending.hash == hash);
                notes.extend(seen.and_then(|pending| {
                    let reveal = pending.seen?.epoch.saturating_add(view.reveal_period);
                    Some(Note::Committed {
                        epoch: pending.epoch,
                        reveal,
                    })
                }));
            }
            Kind::Reveal { hash } => {
                // A reveal discards the commits before it.
                if let Some(place) = self.commits.iter().position(|pending| pending.hash == hash) {
                    let mut epochs = self.commits.drain(..=place).map(|pending| pending.epoch);
                    notes.extend(epochs.next_back().map(Note::Revealed));
                }
            }
        }
    }

    /// The order under way will never be on chain: what it was made of is there again.
    fn give_up(&mut self) {
        let Some(flight) = self.flight.take() else {
            return;
        };
        if let Kind::Commit { hash } = &flight.kind {
            self.commits.retain(|pending| pending.hash != *hash);
        }
        if self.wish.is_none() {
            self.wish = flight.wish;
        }
    }

    /// Forgets commits whose epoch is over.
    fn expire(&mut self, view: &View<'_>, notes: &mut Vec<Note>) {
        let flying = self.flight.as_ref().and_then(|flight| flight.kind.hash());
        self.commits.retain(|pending| {
            let Some(seen) = pending.seen else {
                return flying == Some(pending.hash);
            };
            let is_over = view.epoch > seen.epoch.saturating_add(view.reveal_period);
            if !is_over || flying == Some(pending.hash) {
                return true;
            }
            if view.commit(&pending.hash).is_some() {
                notes.push(Note::Lost(pending.epoch));
            }
            false
        });
    }

    /// Sends the order under way again, if that can help.
    fn again(&mut self, view: &View<'_>) -> Option<Order> {
        let flight = self.flight.as_mut()?;
        if !flight.may_repeat(view) {
            return None;
        }
        flight.repeat(view);
        let nonce = flight.nonce;
        let action = match &flight.kind {
            Kind::Set {
                row, version_key, ..
            } => Action::Set {
                row: row.clone(),
                version_key: *version_key,
            },
            Kind::Commit { hash } => Action::Commit { hash: *hash },
            Kind::Reveal { hash } => {
                let hash = *hash;
                self.commits
                    .iter()
                    .find(|pending| pending.hash == hash)?
                    .reveal()
            }
        };
        Some(Order { nonce, action })
    }

    /// Reveals the oldest commit whose epoch has come.
    fn reveal(&mut self, view: &View<'_>) -> Option<Order> {
        let may = view.uid.is_some() && view.commit_reveal && view.block >= self.rest_until;
        let pending = self.commits.iter().find(|pending| {
            may && view
                .commit(&pending.hash)
                .is_some_and(|commit| view.is_due(commit.epoch))
        })?;
        let (hash, action) = (pending.hash, pending.reveal());
        Some(self.take_off(view, Kind::Reveal { hash }, None, action))
    }

    /// Hands in the wish: openly, or as a commit.
    fn hand_in(
        &mut self,
        view: &View<'_>,
        ink: &mut impl Ink,
        notes: &mut Vec<Note>,
    ) -> Option<Order> {
        let may = view.uid.is_some()
            && view.is_permitted
            && view.block >= self.rest_until
            && view.free_from() <= u64::from(view.block) + 1
            && (!view.commit_reveal || view.has_room());
        if !may {
            return None;
        }
        let wish = self.wish.take()?;
        let row = match ink.row(&wish) {
            Ok(row) => row,
            Err(error) => {
                notes.push(Note::NoRow {
                    epoch: wish.epoch,
                    error,
                });
                return None;
            }
        };
        let version_key = view.version_key;
        if !view.commit_reveal {
            let action = Action::Set {
                row: row.clone(),
                version_key,
            };
            return Some(self.take_off(
                view,
                Kind::Set {
                    row,
                    version_key,
                    before: view.last_update,
                },
                Some(wish),
                action,
            ));
        }
        let Sealed { salt, hash } = ink.seal(&row, version_key);
        self.commits.push(Pending {
            epoch: wish.epoch,
            hash,
            row,
            version_key,
            salt,
            seen: None,
        });
        let action = Action::Commit { hash };
        Some(self.take_off(view, Kind::Commit { hash }, Some(wish), action))
    }

    fn take_off(
        &mut self,
        view: &View<'_>,
        kind: Kind,
        wish: Option<Wish>,
        action: Action,
    ) -> Order {
        self.flight = Some(Flight::begin(view, kind, wish));
        Order {
            nonce: view.nonce,
            action,
        }
    }
}
