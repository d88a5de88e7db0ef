//! What a block issues to one subnet, decided from its pool and its alpha alone.

use dendra_primitives::{AlphaBalance, Proportion16, Proportion64, TaoBalance};
use subnet_emission::{Participants, RootProportion, alpha_emission, injection, participants};
use weighted_pool::{FeeRate, Pool};

/// What decides about all subnets of a block alike.
#[derive(Clone, Copy, Debug)]
pub(super) struct Terms {
    /// What a rao on root weighs against a unit of alpha.
    pub(super) tao_weight: Proportion64,
    /// TAO staked on root.
    pub(super) root_tao: TaoBalance,
    /// Part of the owners.
    pub(super) owner_cut: Proportion16,
    /// Whether root stakers are paid. If not, their part is recycled.
    pub(super) pays_root: bool,
}

impl Terms {
    fn root_proportion(&self, alpha_issuance: AlphaBalance) -> RootProportion {
        RootProportion::new(self.tao_weight, self.root_tao, alpha_issuance)
    }
}

/// A subnet as its block finds it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Found {
    /// Its pool; none if a reserve is empty.
    pub(super) pool: Option<Pool>,
    /// Alpha in the pool, the same as in `pool`.
    pub(super) alpha_in: AlphaBalance,
    /// Alpha outside of it.
    pub(super) alpha_out: AlphaBalance,
    /// Whether the owner is paid a part.
    pub(super) pays_owner: bool,
}

/// What a block issues to a subnet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Issue {
    /// The pool afterwards.
    pub(super) pool: Option<Pool>,
    /// TAO that it took, injected and spent on alpha.
    pub(super) tao: TaoBalance,
    /// Alpha minted into it.
    pub(super) injected: AlphaBalance,
    /// Alpha that the chain bought from it.
    pub(super) bought: AlphaBalance,
    /// Alpha minted for participants, the part that is recycled at once included.
    pub(super) minted: AlphaBalance,
    /// That alpha in parts; the part of root is none if it is recycled.
    pub(super) parts: Participants,
    /// Alpha outside of the pool afterwards.
    pub(super) alpha_out: AlphaBalance,
}

impl Issue {
    /// What a block issues to a subnet that has a claim to so much TAO.
    ///
    /// The pool takes what it can: a part it cannot take is not issued, and the participants get their alpha
    /// all the same. **Rounding:** that of the formulas. `None` if the alpha exceeds 64 bits, which the supply
    /// excludes.
    pub(super) fn decide(found: &Found, tao: TaoBalance, terms: &Terms) -> Option<Self> {
        let issued = found.alpha_in.checked_add(found.alpha_out)?;
        let minted = alpha_emission(issued);
        let intake = found.pool.map_or_else(Intake::default, |pool| {
            Intake::take(pool, tao, minted, terms.root_proportion(issued))
        });
        let alpha_out = found
            .alpha_out
            .checked_add(intake.bought)?
            .checked_add(minted)?;
        // Once more, now that the alpha of this block exists; buying only moved some of it.
        let present = issued.checked_add(intake.injected)?.checked_add(minted)?;
        let cut = if found.pays_owner {
            terms.owner_cut
        } else {
            Proportion16::ZERO
        };
        let mut parts = participants(minted, cut, terms.root_proportion(present)).ok()?;
        let recycled = if terms.pays_root {
            AlphaBalance::ZERO
        } else {
            core::mem::take(&mut parts.root)
        };
        Some(Self {
            pool: intake.pool.or(found.pool),
            tao: intake.tao,
            injected: intake.injected,
            bought: intake.bought,
            minted,
            parts,
            alpha_out: alpha_out.checked_sub(recycled)?,
        })
    }
}

/// What a pool takes of the TAO that its subnet has a claim to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Intake {
    /// The pool afterwards, if it took something.
    pool: Option<Pool>,
    tao: TaoBalance,
    injected: AlphaBalance,
    bought: AlphaBalance,
}

impl Intake {
    /// Injects at the present price up to the cap, and buys alpha with the rest (section 3.2). Each is left
    /// out if the pool refuses it.
    fn take(
        pool: Pool,
        tao: TaoBalance,
        alpha_emission: AlphaBalance,
        root: RootProportion,
    ) -> Self {
        let untouched = Self::default();
        if tao.is_zero() {
            return untouched;
        }
        let Some(plan) = pool
            .price()
            .ok()
            .and_then(|price| injection(tao, alpha_emission, root, price).ok())
        else {
            return untouched;
        };
        let injected = (!(plan.tao.is_zero() && plan.alpha.is_zero()))
            .then(|| pool.inject(plan.alpha, plan.tao).ok())
            .flatten()
            .map_or(untouched, |pool| Self {
                pool: Some(pool),
                tao: plan.tao,
                injected: plan.alpha,
                bought: AlphaBalance::ZERO,
            });
        let buyable = injected.pool.unwrap_or(pool);
        let Ok(buy) = buyable.buy(plan.excess, FeeRate::ZERO, None) else {
            return injected;
        };
        Self {
            pool: Some(buy.pool),
            // No more than the claim.
            tao: injected.tao.saturating_add(buy.used),
            bought: buy.alpha_out,
            ..injected
        }
    }
}
