//! What the state machine is made of, sees and says.

use crate::{
    hotkey::Hotkey,
    weights::{NoRow, Row},
};

/// The result of a round, which is to become weights.
#[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Wish {
    /// Epoch of the round.
    pub epoch: u64,
    /// Scores by hotkey. They become a row of uids only when it is sent, since a uid may get another owner before.
    pub scores: Vec<(Hotkey, f64)>,
}

/// A commit of this validator.
#[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Pending {
    /// Epoch of the round.
    pub epoch: u64,
    /// What the chain knows.
    pub hash: [u8; 32],
    /// What the hash hides.
    pub row: Row,
    /// Part of what the hash hides.
    pub version_key: u64,
    /// What makes the hash unguessable.
    pub salt: Vec<u16>,
    /// Where it stands on chain, once it was seen there.
    pub seen: Option<Seen>,
}

impl Pending {
    pub(super) fn reveal(&self) -> Action {
        Action::Reveal {
            row: self.row.clone(),
            salt: self.salt.clone(),
            version_key: self.version_key,
        }
    }
}

/// Where a commit stands on chain.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Seen {
    /// Epoch for which it counts.
    pub epoch: u64,
    /// Block that holds it.
    pub block: u64,
}

/// What the machine sees of the chain. The nonce is read first.
#[derive(Clone, Debug)]
pub struct View<'a> {
    /// The head.
    pub block: u32,
    /// The epoch for which a transaction in the next block counts.
    pub epoch: u64,
    /// Transactions of the hotkey's account so far.
    pub nonce: u64,
    /// The validator's uid, if it is registered.
    pub uid: Option<u16>,
    /// Whether it may set weights.
    pub is_permitted: bool,
    /// Block of its last weights or commit; 0 for never.
    pub last_update: u64,
    /// Blocks that must lie between two of them.
    pub rate_limit: u64,
    /// Version of weights that the subnet asks for.
    pub version_key: u64,
    /// Blocks after which a transaction that is sent now can no longer be included.
    pub validity: u32,
    /// Whether weights are committed first.
    pub commit_reveal: bool,
    /// Epochs between commit and reveal.
    pub reveal_period: u64,
    /// The validator's commits.
    pub commits: &'a [OnChain],
}

impl View<'_> {
    /// A commit, if it is there.
    pub(super) fn commit(&self, hash: &[u8; 32]) -> Option<&OnChain> {
        // The same hash twice would take the same salt twice.
        self.commits.iter().find(|commit| commit.hash == *hash)
    }

    /// Whether a commit of this epoch is to be revealed now.
    pub(super) fn is_due(&self, committed: u64) -> bool {
        committed.saturating_add(self.reveal_period) == self.epoch
    }

    /// The first block that may hold weights or a commit.
    pub(super) fn free_from(&self) -> u64 {
        match self.last_update {
            0 => 0,
            last => last.saturating_add(self.rate_limit),
        }
    }

    /// Whether the chain takes another commit.
    pub(super) fn has_room(&self) -> bool {
        let open = self
            .commits
            .iter()
            .filter(|commit| self.epoch <= commit.epoch.saturating_add(self.reveal_period));
        open.count() < super::OPEN_COMMITS
    }
}

/// A commit as the chain knows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OnChain {
    /// Its hash.
    pub hash: [u8; 32],
    /// Epoch for which it counts.
    pub epoch: u64,
    /// Block that holds it.
    pub block: u64,
}

/// Makes rows out of scores and hides them.
pub trait Ink {
    /// The row for these scores on the subnet as it is now. **Errors:** none fits.
    fn row(&mut self, wish: &Wish) -> Result<Row, NoRow>;
    /// A fresh salt, and the hash with it.
    fn seal(&mut self, row: &Row, version_key: u64) -> Sealed;
}

/// A salt and the hash of a row with it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sealed {
    /// The salt.
    pub salt: Vec<u16>,
    /// The hash.
    pub hash: [u8; 32],
}

/// What to do next.
#[derive(Clone, Debug, PartialEq)]
pub struct Step {
    /// A transaction, if there is one to send.
    pub order: Option<Order>,
    /// What was found out.
    pub notes: Vec<Note>,
}

/// A transaction to send.
#[derive(Clone, Debug, PartialEq)]
pub struct Order {
    /// The nonce that it must have.
    pub nonce: u64,
    /// What it does.
    pub action: Action,
}

/// What a transaction does.
#[derive(Clone, Debug, PartialEq)]
pub enum Action {
    /// Sets weights.
    Set {
        /// The weights.
        row: Row,
        /// Version of weights.
        version_key: u64,
    },
    /// Commits to weights.
    Commit {
        /// Their hash.
        hash: [u8; 32],
    },
    /// Reveals weights.
    Reveal {
        /// The weights.
        row: Row,
        /// The salt of the commit.
        salt: Vec<u16>,
        /// Version of weights.
        version_key: u64,
    },
}

impl Action {
    /// A word for it.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Set { .. } => "set",
            Self::Commit { .. } => "commit",
            Self::Reveal { .. } => "reveal",
        }
    }
}

/// What became of a transaction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// A block holds it, and it did what it should.
    Included,
    /// A block holds it, and it failed: why.
    Failed(String),
    /// No node took it: why.
    Refused(String),
    /// It was sent, or perhaps not: why nothing is known.
    Unknown(String),
}

/// What was found out, for logs and metrics.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Note {
    /// The weights of this epoch's round are on chain.
    Set(u64),
    /// The commit of a round is on chain.
    Committed {
        /// Epoch of the round.
        epoch: u64,
        /// Epoch in which it is revealed.
        reveal: u64,
    },
    /// The weights of this epoch's round are revealed.
    Revealed(u64),
    /// The weights of this epoch's round were committed and not revealed in time.
    Lost(u64),
    /// An order of this kind will not be included; it is made anew.
    Dead(&'static str),
    /// The scores of a round make no row.
    NoRow {
        /// Epoch of the round.
        epoch: u64,
        /// Why.
        error: NoRow,
    },
}

/// What is waited for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Waiting {
    /// For the next round.
    Nothing,
    /// For a place on the subnet.
    Registration,
    /// For a permit.
    Permit,
    /// For this block: weights were set not long ago.
    RateLimit(u64),
    /// For older commits to be revealed.
    Room,
    /// For this epoch, to reveal.
    Reveal(u64),
    /// For a block that holds what was sent.
    Inclusion,
}
