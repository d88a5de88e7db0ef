//! Reading and writing one subnet's part of a block's emission.

use dendra_primitives::{AlphaBalance, NetUid, TaoBalance};
use frame_support::traits::{fungible::Unbalanced, tokens::Precision};
use weighted_pool::{MovingRate, Pool};

use super::{
    issue::{Found, Issue, Terms},
    recipient::Recipient,
};
use crate::{
    Config, OwnerCutEnabled, Pallet, PendingEmissions, PoolSettings, SubnetAlphaIn,
    SubnetAlphaInEmission, SubnetAlphaOut, SubnetAlphaOutEmission, SubnetProtocolAlpha,
    SubnetResidual, SubnetTAO, SubnetTaoInEmission,
};

impl<T: Config> Pallet<T> {
    /// Issues to a subnet that has a claim to so much TAO; the TAO that its pool took, which its account holds
    /// then and which is not counted as issued yet. Each item is read once.
    pub(super) fn issue_to(
        recipient: &Recipient,
        share: TaoBalance,
        terms: &Terms,
        rate: Option<MovingRate>,
    ) -> TaoBalance {
        let netuid = recipient.netuid;
        let alpha_in = SubnetAlphaIn::<T>::get(netuid);
        let reserve = SubnetTAO::<T>::get(netuid);
        let found = Found {
            pool: Pool::new(alpha_in, reserve, T::Pools::weights(netuid)).ok(),
            alpha_in,
            alpha_out: SubnetAlphaOut::<T>::get(netuid),
            pays_owner: OwnerCutEnabled::<T>::get(netuid),
        };
        let decide = |tao| Issue::decide(&found, tao, terms);
        // An account that cannot be paid leaves the participants their alpha.
        let issue = decide(share)
            .filter(|issue| Self::add_tao(netuid, issue.tao))
            .or_else(|| decide(TaoBalance::ZERO));
        let Some(issue) = issue else {
            Self::forget_last_emission(netuid);
            return TaoBalance::ZERO;
        };
        Self::write_reserves(netuid, &found, &issue);
        Self::write_parts(netuid, &issue);
        Self::publish_emission(netuid, &issue);
        if let (Some(rate), Some(pool)) = (rate, &issue.pool) {
            let before = recipient.claim.moving_price;
            Self::advance_moving_price(netuid, before, rate, pool, recipient.age);
        }
        issue.tao
    }

    /// Adds TAO to the account of a subnet without counting it as issued, and without an event of the account:
    /// the step does both once for all subnets. Whether it could be added.
    fn add_tao(netuid: NetUid, tao: TaoBalance) -> bool {
        tao.is_zero()
            || T::Currency::increase_balance(
                &Self::subnet_account(netuid),
                tao.get(),
                Precision::Exact,
            )
            .is_ok()
    }

    fn write_reserves(netuid: NetUid, found: &Found, issue: &Issue) {
        if let (Some(before), Some(after)) = (&found.pool, &issue.pool) {
            if after.alpha() != before.alpha() {
                SubnetAlphaIn::<T>::insert(netuid, after.alpha());
            }
            if after.tao() != before.tao() {
                SubnetTAO::<T>::insert(netuid, after.tao());
            }
            if after.weights() != before.weights() {
                T::Pools::set_weights(netuid, after.weights());
            }
        }
        if issue.alpha_out != found.alpha_out {
            SubnetAlphaOut::<T>::insert(netuid, issue.alpha_out);
        }
        if !issue.bought.is_zero() {
            SubnetProtocolAlpha::<T>::mutate(netuid, |alpha| {
                // A part of the alpha outside of the pool, which fits.
                *alpha = alpha.saturating_add(issue.bought);
            });
        }
    }

    /// Adds the parts to what waits for the next epoch; together they stay within the alpha outside of the
    /// pool.
    fn write_parts(netuid: NetUid, issue: &Issue) {
        let parts = &issue.parts;
        if issue.minted.is_zero() {
            return;
        }
        PendingEmissions::<T>::mutate(netuid, |pending| {
            for (sum, part) in [
                (&mut pending.server, parts.server),
                (&mut pending.validator, parts.validator),
                (&mut pending.root, parts.root),
                (&mut pending.owner, parts.owner),
            ] {
                *sum = sum.saturating_add(part);
            }
        });
        if !parts.dust.is_zero() {
            SubnetResidual::<T>::mutate(netuid, |residual| {
                *residual = residual.saturating_add(parts.dust);
            });
        }
    }

    /// Writes what clients see of the last block, where it changed.
    fn publish_emission(netuid: NetUid, issue: &Issue) {
        if SubnetTaoInEmission::<T>::get(netuid) != issue.tao {
            SubnetTaoInEmission::<T>::insert(netuid, issue.tao);
        }
        if SubnetAlphaInEmission::<T>::get(netuid) != issue.injected {
            SubnetAlphaInEmission::<T>::insert(netuid, issue.injected);
        }
        let shown: Option<AlphaBalance> = SubnetAlphaOutEmission::<T>::try_get(netuid).ok();
        if shown != Some(issue.minted) {
            SubnetAlphaOutEmission::<T>::insert(netuid, issue.minted);
        }
    }
}
