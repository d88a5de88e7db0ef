//! An order under way.

use super::{AGAIN, View, Wish};
use crate::weights::Row;

/// An order under way.
#[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Flight {
    /// What it is.
    pub kind: Kind,
    /// What it hands in; given back if it dies.
    pub wish: Option<Wish>,
    /// Nonce of the hotkey's account.
    pub nonce: u64,
    /// Head when it was made.
    pub made_at: u32,
    /// The last block that can include it.
    pub until: u32,
    /// Block from which it may be sent again.
    pub again_at: u32,
    /// How often it was given out.
    pub tries: u32,
    /// Block since which it looks dead.
    pub gone_since: Option<u32>,
}

impl Flight {
    /// An order that is made now.
    pub(super) fn begin(view: &View<'_>, kind: Kind, wish: Option<Wish>) -> Self {
        Self {
            kind,
            wish,
            nonce: view.nonce,
            made_at: view.block,
            until: view.block.saturating_add(view.validity),
            again_at: view.block.saturating_add(AGAIN),
            tries: 1,
            gone_since: None,
        }
    }

    /// Whether the account has gone on: what the order did is on chain, or it never will be.
    pub(super) fn has_passed(&self, view: &View<'_>) -> bool {
        view.nonce > self.nonce
    }

    /// Whether its trace is on chain.
    pub(super) fn has_landed(&self, view: &View<'_>) -> bool {
        match &self.kind {
            Kind::Set { before, .. } => {
                self.has_passed(view) && view.uid.is_some() && view.last_update != *before
            }
            Kind::Commit { hash } => view.commit(hash).is_some(),
            Kind::Reveal { hash } => {
                self.has_passed(view) && view.uid.is_some() && view.commit(hash).is_none()
            }
        }
    }

    /// Whether sending it again can help now.
    pub(super) fn may_repeat(&self, view: &View<'_>) -> bool {
        let is_in_time = match &self.kind {
            Kind::Set { .. } => !view.commit_reveal,
            Kind::Commit { .. } => view.commit_reveal,
            Kind::Reveal { hash } => {
                view.commit_reveal
                    && view
                        .commit(hash)
                        .is_some_and(|commit| view.is_due(commit.epoch))
            }
        };
        let is_young = view.block <= self.made_at.saturating_add(view.validity);
        self.gone_since.is_none() && is_in_time && is_young && view.block >= self.again_at
    }

    /// Notes that it is sent again.
    pub(super) fn repeat(&mut self, view: &View<'_>) {
        self.tries = self.tries.saturating_add(1);
        self.until = view.block.saturating_add(view.validity);
        self.again_at = view.block.saturating_add(AGAIN);
    }
}

/// What an order under way is.
#[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
pub enum Kind {
    /// Weights in the open.
    Set {
        /// The weights.
        row: Row,
        /// Version of weights.
        version_key: u64,
        /// Block of the last update when it was made: another one tells that it is on chain. Its height tells nothing, since
        /// a reorganisation can bring it into a block of the same or a lower one.
        before: u64,
    },
    /// A commit: its row stands among the pending ones.
    Commit {
        /// Which.
        hash: [u8; 32],
    },
    /// The reveal of a commit.
    Reveal {
        /// Which.
        hash: [u8; 32],
    },
}

impl Kind {
    /// The commit that it is about.
    pub fn hash(&self) -> Option<[u8; 32]> {
        match self {
            Self::Set { .. } => None,
            Self::Commit { hash } | Self::Reveal { hash } => Some(*hash),
        }
    }

    /// A word for it.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Set { .. } => "set",
            Self::Commit { .. } => "commit",
            Self::Reveal { .. } => "reveal",
        }
    }
}
