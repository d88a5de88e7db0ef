//! What is certain about a call before it runs.

use alloc::vec::Vec;

use codec::Compact;
use dendra_primitives::{MechId, NetUid, TaoBalance};
use frame_support::ensure;
use sp_core::H256;
use sp_runtime::{DispatchError, DispatchResult};

use crate::{
    AccountId, Call, Config, Error, Pallet, SubnetworkN,
    keys::{HotkeySwap, Succession},
    serving::Endpoint,
    types::MAX_OWNER_UIDS,
    weights::{Reveal, Submission},
};

/// The mechanism of calls that name none.
const FIRST_MECHANISM: MechId = MechId::new(0);

/// A batch that would do nothing.
const NOTHING_TO_DO: DispatchError = DispatchError::Other("the batch would do nothing");

impl<T: Config> Pallet<T> {
    /// What is certain about a call of a signer: that it succeeds, or why it fails. None where nothing is.
    ///
    /// For calls without a fee the answer is the result that running the call now would have. For the
    /// others an error is certain, a success is not. Counters that restart with a block are not asked,
    /// since the pool asks before the next block has begun.
    pub(crate) fn foresee(signer: &AccountId, call: &Call<T>) -> Option<DispatchResult> {
        Self::foresee_weights(signer, call)
            .or_else(|| Self::foresee_serving(signer, call))
            .or_else(|| Self::foresee_stake(signer, call))
            .or_else(|| Self::foresee_take(signer, call))
            .or_else(|| Self::foresee_paid(signer, call))
            .or_else(|| Self::foresee_keys(signer, call))
    }

    fn foresee_weights(hotkey: &AccountId, call: &Call<T>) -> Option<DispatchResult> {
        Some(match call {
            Call::set_weights {
                netuid,
                dests,
                weights,
                version_key,
            } => {
                let row = row(dests, weights, *version_key);
                Self::foresee_row(hotkey, *netuid, FIRST_MECHANISM, row)
            }
            Call::set_mechanism_weights {
                netuid,
                mecid,
                dests,
                weights,
                version_key,
            } => {
                let row = row(dests, weights, *version_key);
                Self::foresee_row(hotkey, *netuid, *mecid, row)
            }
            Call::batch_set_weights {
                netuids,
                weights,
                version_keys,
            } => Self::foresee_batch_set(hotkey, netuids, weights, version_keys),
            Call::commit_weights { netuid, .. } => {
                Self::foresee_commit(hotkey, *netuid, FIRST_MECHANISM)
            }
            Call::commit_mechanism_weights { netuid, mecid, .. } => {
                Self::foresee_commit(hotkey, *netuid, *mecid)
            }
            Call::batch_commit_weights {
                netuids,
                commit_hashes,
            } => Self::foresee_batch_commit(hotkey, netuids, commit_hashes),
            Call::reveal_weights {
                netuid,
                uids,
                values,
                salt,
                version_key,
            } => {
                let reveal = reveal(uids, values, salt, *version_key);
                Self::foresee_reveal(hotkey, *netuid, FIRST_MECHANISM, &reveal)
            }
            Call::reveal_mechanism_weights {
                netuid,
                mecid,
                uids,
                values,
                salt,
                version_key,
            } => {
                let reveal = reveal(uids, values, salt, *version_key);
                Self::foresee_reveal(hotkey, *netuid, *mecid, &reveal)
            }
            Call::batch_reveal_weights {
                netuid,
                uids_list,
                values_list,
                salts_list,
                version_keys,
            } => Self::foresee_batch_reveal(
                hotkey,
                *netuid,
                [uids_list, values_list, salts_list],
                version_keys,
            ),
            Call::commit_timelocked_weights { .. }
            | Call::commit_timelocked_mechanism_weights { .. } => {
                Err(Error::<T>::DisabledTemporarily.into())
            }
            _ => return None,
        })
    }

    fn foresee_serving(hotkey: &AccountId, call: &Call<T>) -> Option<DispatchResult> {
        let (netuid, endpoint) = match call {
            Call::serve_axon {
                netuid,
                version,
                ip,
                port,
                ip_type,
                protocol,
                placeholder1,
                placeholder2,
            }
            | Call::serve_axon_tls {
                netuid,
                version,
                ip,
                port,
                ip_type,
                protocol,
                placeholder1,
                placeholder2,
                ..
            } => {
                let placeholders = [*placeholder1, *placeholder2];
                (
                    *netuid,
                    Endpoint::new(*version, *ip, *port, *ip_type, *protocol, placeholders),
                )
            }
            Call::serve_prometheus {
                netuid,
                ip,
                port,
                ip_type,
                ..
            } => {
                let result = Self::check_prometheus(hotkey, *netuid, *ip, *port, *ip_type);
                return Some(result.map_err(Into::into));
            }
            _ => return None,
        };
        let certificate = match call {
            Call::serve_axon_tls { certificate, .. } => Some(certificate.as_slice()),
            _ => None,
        };
        let result = Self::check_axon(hotkey, netuid, &endpoint, certificate);
        Some(result.map(|_| ()).map_err(Into::into))
    }

    fn foresee_take(coldkey: &AccountId, call: &Call<T>) -> Option<DispatchResult> {
        Some(match call {
            Call::decrease_take { hotkey, take } => {
                Self::check_decrease_take(coldkey, hotkey, *take)
            }
            Call::increase_take { hotkey, take } => {
                Self::check_increase_take(coldkey, hotkey, *take)
            }
            _ => return None,
        })
    }

    fn foresee_paid(coldkey: &AccountId, call: &Call<T>) -> Option<DispatchResult> {
        Some(match call {
            Call::register { netuid, hotkey, .. } | Call::burned_register { netuid, hotkey } => {
                Self::check_register(coldkey, *netuid, hotkey, None).map(|_| ())
            }
            Call::register_limit {
                netuid,
                hotkey,
                limit_price,
            } => {
                let limit = TaoBalance::new(*limit_price);
                Self::check_register(coldkey, *netuid, hotkey, Some(limit)).map(|_| ())
            }
            Call::root_register { hotkey } => Self::check_own_hotkey(coldkey, hotkey),
            Call::register_network { hotkey }
            | Call::register_network_with_identity { hotkey, .. } => {
                Self::check_creation(coldkey, hotkey).map(|_| ())
            }
            Call::set_identity { .. } => Self::check_has_hotkey(coldkey).map_err(Into::into),
            Call::start_call { netuid }
            | Call::update_symbol { netuid, .. }
            | Call::set_subnet_identity { netuid, .. }
            | Call::set_tempo { netuid, .. }
            | Call::set_activity_cutoff_factor { netuid, .. }
            | Call::trigger_epoch { netuid } => Self::ensure_exists(*netuid),
            _ => return None,
        })
    }

    fn foresee_keys(coldkey: &AccountId, call: &Call<T>) -> Option<DispatchResult> {
        let (old, new, netuid) = match call {
            Call::swap_hotkey {
                hotkey,
                new_hotkey,
                netuid,
            }
            | Call::swap_hotkey_v2 {
                hotkey,
                new_hotkey,
                netuid,
                ..
            } => (hotkey, new_hotkey, *netuid),
            Call::swap_coldkey_announced { new_coldkey } => {
                let result = Self::check_announced(coldkey, new_coldkey);
                return Some(result.and_then(|()| Self::check_new_coldkey(new_coldkey)));
            }
            _ => return None,
        };
        let swap = HotkeySwap {
            coldkey,
            keys: Succession { old, new },
            netuid,
            keeps_stake: true,
        };
        Some(Self::check_hotkey_swap(&swap).map(|_| ()))
    }

    fn foresee_row(
        hotkey: &AccountId,
        netuid: NetUid,
        mecid: MechId,
        row: Submission<'_>,
    ) -> DispatchResult {
        Self::check_set_weights(hotkey, netuid, mecid, row)?;
        Ok(())
    }

    fn foresee_commit(hotkey: &AccountId, netuid: NetUid, mecid: MechId) -> DispatchResult {
        Self::check_commit(hotkey, netuid, mecid)?;
        Ok(())
    }

    fn foresee_reveal(
        hotkey: &AccountId,
        netuid: NetUid,
        mecid: MechId,
        reveal: &Reveal,
    ) -> DispatchResult {
        Self::check_reveal(hotkey, netuid, mecid, reveal)?;
        Ok(())
    }

    /// One item has to succeed, and none may be longer than rows are: it would be carried for free. A
    /// subnet that is gone does not spoil the batch.
    fn foresee_batch_set(
        hotkey: &AccountId,
        netuids: &[Compact<NetUid>],
        rows: &[Vec<(Compact<u16>, Compact<u16>)>],
        version_keys: &[Compact<u64>],
    ) -> DispatchResult {
        Self::check_batch(&[netuids.len(), rows.len(), version_keys.len()])?;
        let are_short = netuids.iter().zip(rows).all(|(netuid, row)| {
            let neurons = SubnetworkN::<T>::get(netuid.0);
            row.len() <= usize::from(neurons.max(MAX_OWNER_UIDS))
        });
        ensure!(are_short, Error::<T>::UidsLengthExceedUidsInSubNet);
        let items = netuids.iter().zip(rows).zip(version_keys);
        any_succeeds(items.map(|((netuid, row), version_key)| {
            let (uids, values): (Vec<u16>, Vec<u16>) =
                row.iter().map(|(uid, value)| (uid.0, value.0)).unzip();
            let row = self::row(&uids, &values, version_key.0);
            Self::foresee_row(hotkey, netuid.0, FIRST_MECHANISM, row)
        }))
    }

    fn foresee_batch_commit(
        hotkey: &AccountId,
        netuids: &[Compact<NetUid>],
        hashes: &[H256],
    ) -> DispatchResult {
        Self::check_batch(&[netuids.len(), hashes.len()])?;
        let items = netuids.iter();
        any_succeeds(items.map(|netuid| Self::foresee_commit(hotkey, netuid.0, FIRST_MECHANISM)))
    }

    /// Every item has to be revealable, once those before it have used up their commits.
    fn foresee_batch_reveal(
        hotkey: &AccountId,
        netuid: NetUid,
        [uids, values, salts]: [&[Vec<u16>]; 3],
        version_keys: &[u64],
    ) -> DispatchResult {
        Self::check_batch(&[uids.len(), values.len(), salts.len(), version_keys.len()])?;
        ensure!(!uids.is_empty(), NOTHING_TO_DO);
        let items = uids.iter().zip(values).zip(salts).zip(version_keys);
        let reveals: Vec<Reveal> = items
            .map(|(((uids, values), salt), version_key)| reveal(uids, values, salt, *version_key))
            .collect();
        Self::check_reveals(hotkey, netuid, FIRST_MECHANISM, &reveals)?;
        Ok(())
    }

    fn check_own_hotkey(coldkey: &AccountId, hotkey: &AccountId) -> DispatchResult {
        Self::ensure_ordinary_account(hotkey)?;
        Self::ensure_own_or_new(coldkey, hotkey)
    }
}

/// A row that is set in the open.
fn row<'a>(uids: &'a [u16], values: &'a [u16], version_key: u64) -> Submission<'a> {
    Submission {
        uids,
        values,
        version_key,
    }
}

fn reveal(uids: &[u16], values: &[u16], salt: &[u16], version_key: u64) -> Reveal {
    Reveal {
        uids: uids.to_vec(),
        values: values.to_vec(),
        salt: salt.to_vec(),
        version_key,
    }
}

/// The result of a batch whose items stand alone: it is worth a place in a block if one of them succeeds;
/// otherwise the first error decides.
fn any_succeeds(items: impl Iterator<Item = DispatchResult>) -> DispatchResult {
    let mut first = None;
    for item in items {
        match item {
            Ok(()) => return Ok(()),
            Err(error) => first = first.or(Some(error)),
        }
    }
    Err(first.unwrap_or(NOTHING_TO_DO))
}
