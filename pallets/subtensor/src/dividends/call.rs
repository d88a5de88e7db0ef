//! The calls about root dividends.

use alloc::{collections::BTreeSet, vec::Vec};

use dendra_primitives::{
    NetUid,
    records::{RootClaimTypeEnum, Stored},
};
use frame_support::{
    dispatch::{DispatchErrorWithPostInfo, DispatchResultWithPostInfo, PostDispatchInfo},
    ensure,
};
use sp_runtime::DispatchResult;
use subnet_hyperparameters::{Hyperparameter, NetworkParameter};

use super::settle::{Demand, Tally};
use crate::{
    AccountId, Config, Error, Event, Pallet, RootClaimType, RootClaimable, RootHoldings,
    SubnetList, WeightInfo,
    types::{MAX_CLAIM_SUBNETS, MAX_CLAIMS, MAX_REBASED},
};

impl<T: Config> Pallet<T> {
    /// The call `claim_root`.
    ///
    /// A claim below the threshold does nothing, and an event says so; one that fails leaves the others alone.
    ///
    /// **Errors:** `InvalidSubnetNumber`, `SubnetNotExists`, `TooManyRootClaims`; if nothing could be claimed,
    /// why the first claim failed that did.
    pub(crate) fn do_claim_root(
        coldkey: &AccountId,
        subnets: BTreeSet<NetUid>,
    ) -> DispatchResultWithPostInfo {
        ensure!(
            (1..=MAX_CLAIM_SUBNETS).contains(&subnets.len()),
            Error::<T>::InvalidSubnetNumber
        );
        for netuid in &subnets {
            Self::ensure_exists(*netuid)?;
        }
        let netuids: Vec<NetUid> = subnets.into_iter().collect();
        let most = (MAX_CLAIMS as usize)
            .checked_div(netuids.len())
            .unwrap_or(0);
        let hotkeys: Vec<AccountId> = RootHoldings::<T>::iter_key_prefix(coldkey)
            .take(most.saturating_add(1))
            .collect();
        ensure!(hotkeys.len() <= most, Error::<T>::TooManyRootClaims);
        Self::claim_signed(coldkey, &hotkeys, &netuids)
    }

    /// The call `claim_root_with_hotkey`.
    ///
    /// **Errors:** `TooManyRootClaims`, and as for `claim_root`.
    pub(crate) fn do_claim_root_with_hotkey(
        coldkey: &AccountId,
        hotkey: &AccountId,
    ) -> DispatchResultWithPostInfo {
        let netuids: Vec<NetUid> = RootClaimable::<T>::get(hotkey)
            .into_iter()
            .map(|(netuid, _)| netuid)
            .filter(|netuid| Self::exists(*netuid))
            .collect();
        ensure!(
            netuids.len() <= MAX_CLAIMS as usize,
            Error::<T>::TooManyRootClaims
        );
        Self::claim_signed(coldkey, core::slice::from_ref(hotkey), &netuids)
    }

    /// Claims, as far as a call has room for it.
    fn claim_signed(
        coldkey: &AccountId,
        hotkeys: &[AccountId],
        netuids: &[NetUid],
    ) -> DispatchResultWithPostInfo {
        let sells = Self::sells_root_dividends(&RootClaimType::<T>::get(coldkey));
        let mut tally = Tally::default();
        let mut left = hotkeys.len() as u32;
        for hotkey in hotkeys {
            let accounts = if sells {
                RootClaimable::<T>::decode_len(hotkey).unwrap_or(0) as u32
            } else {
                0
            };
            ensure!(accounts <= MAX_REBASED, Error::<T>::TooManyRootClaims);
            if tally.rebased.saturating_add(accounts) > MAX_REBASED {
                break;
            }
            let claimed =
                Self::claim_on_hotkey(hotkey, coldkey, netuids, Demand::Signed, &mut tally);
            claimed.map_err(|error| after(error, Self::weight_of(&tally)))?;
            left = left.saturating_sub(1);
        }
        if left > 0 {
            Self::deposit_event(Event::RootClaimsLeft {
                coldkey: coldkey.clone(),
                hotkeys: left,
            });
        }
        let weight = Self::weight_of(&tally);
        match tally.failure {
            Some(error) if tally.paid == 0 => Err(after(error, weight)),
            _ => Ok(weight),
        }
    }

    fn weight_of(tally: &Tally) -> PostDispatchInfo {
        Some(T::WeightInfo::claim_root(tally.claims, tally.rebased)).into()
    }

    /// The call `set_root_claim_type`.
    ///
    /// **Errors:** `InvalidSubnetNumber` if no subnet is named, or more than there are or are stored;
    /// `SubnetNotExists`.
    pub(crate) fn do_set_root_claim_type(
        coldkey: &AccountId,
        kind: RootClaimTypeEnum,
    ) -> DispatchResult {
        if let RootClaimTypeEnum::KeepSubnets { subnets } = &kind {
            let existing = SubnetList::<T>::get();
            ensure!(
                (1..=existing.len()).contains(&subnets.len()),
                Error::<T>::InvalidSubnetNumber
            );
            // In ascending order.
            ensure!(
                subnets
                    .iter()
                    .all(|netuid| existing.binary_search(netuid).is_ok()),
                Error::<T>::SubnetNotExists
            );
        }
        let stored = Stored::try_new(kind.clone()).ok_or(Error::<T>::InvalidSubnetNumber)?;
        if kind == RootClaimTypeEnum::default() {
            RootClaimType::<T>::remove(coldkey);
        } else {
            RootClaimType::<T>::insert(coldkey, stored);
        }
        Self::deposit_event(Event::RootClaimTypeSet {
            coldkey: coldkey.clone(),
            root_claim_type: kind,
        });
        Ok(())
    }

    /// The call `sudo_set_num_root_claims`.
    ///
    /// **Errors:** `BadOrigin`, `InvalidNumRootClaim` above 50.
    pub(crate) fn do_set_num_root_claims(origin: T::RuntimeOrigin, value: u64) -> DispatchResult {
        Self::set_network_parameter(origin, NetworkParameter::NumRootClaim, value.into())
            .map_err(Self::error_of)
    }

    /// The call `sudo_set_root_claim_threshold`.
    ///
    /// **Errors:** `SubnetNotExists`, `NotSubnetOwner`, `InvalidRootClaimThreshold` above 10^7.
    pub(crate) fn do_set_root_claim_threshold(
        origin: T::RuntimeOrigin,
        netuid: NetUid,
        value: u64,
    ) -> DispatchResult {
        Self::set_hyperparameter(
            origin,
            netuid,
            Hyperparameter::RootClaimThreshold,
            value.into(),
        )
        .map_err(Self::error_of)
    }
}

fn after(
    error: sp_runtime::DispatchError,
    post_info: PostDispatchInfo,
) -> DispatchErrorWithPostInfo {
    DispatchErrorWithPostInfo { post_info, error }
}
