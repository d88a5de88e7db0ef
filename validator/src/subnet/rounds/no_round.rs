//! Why a round did not end in scores.

use crate::{chain::Away, round::JudgeFault, store::StoreError};

/// Why a round did not end in scores.
#[derive(Debug, thiserror::Error)]
pub(super) enum NoRound {
    #[error(transparent)]
    Away(#[from] Away),
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(
        "this hotkey has no uid on subnet {netuid}: no dividends until it is registered again, which costs {tao:.4} TAO now; register it and stake to it"
    )]
    Unregistered { netuid: u16, tao: f64 },
    #[error(
        "uid {uid} has no permit on subnet {netuid}: miners do not answer it and its weights are refused, so no dividends; more stake than other validators gives one at the next epoch"
    )]
    Unpermitted { netuid: u16, uid: u16 },
    #[error("subnet {0} does not exist: nothing can be earned there; check --subnet")]
    NoSubnet(u16),
    #[error(
        "the template cannot judge ({0}): no new scores, so the weights of before stay until they are too old; correct the settings or ask the owner of the subnet"
    )]
    Template(String),
    #[error(
        "the template's judge made a fault ({0}): this round has no scores; report it to the template's authors"
    )]
    Judge(JudgeFault),
    #[error("a receipt cannot be signed: {0}")]
    Receipt(String),
}

impl NoRound {
    /// Whether another try in the same epoch may help.
    pub(super) fn is_passing(&self) -> bool {
        !matches!(self, Self::Judge(_) | Self::Receipt(_))
    }

    /// The label of the metric.
    pub(super) fn result(&self) -> &'static str {
        match self {
            Self::Unregistered { .. } => "unregistered",
            Self::Unpermitted { .. } => "unpermitted",
            _ => "failed",
        }
    }
}
