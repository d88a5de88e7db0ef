//! Calls within calls, and for whom they are dispatched: what a frozen coldkey must not have done for it.

use alloc::vec::Vec;

use pallet_subtensor::{Nested, NestedCalls};
use sp_runtime::traits::StaticLookup;

use crate::{AccountId, Multisig, Runtime, RuntimeCall};

/// Proxies, multisigs, batches and derived accounts. What needs root is left out: root is not bound.
pub struct CallsWithin;

impl NestedCalls<RuntimeCall> for CallsWithin {
    fn within<'a>(sender: &AccountId, call: &'a RuntimeCall) -> Nested<'a, RuntimeCall> {
        match call {
            RuntimeCall::Proxy(call) => within_proxy(call),
            RuntimeCall::Multisig(call) => within_multisig(sender, call),
            RuntimeCall::Utility(call) => within_utility(sender, call),
            _ => Vec::new(),
        }
    }
}

fn within_proxy(call: &pallet_proxy::Call<Runtime>) -> Nested<'_, RuntimeCall> {
    use pallet_proxy::Call;
    match call {
        Call::proxy { real, call, .. } | Call::proxy_announced { real, call, .. } => {
            // An account that cannot be looked up has nothing dispatched for it.
            <Runtime as frame_system::Config>::Lookup::lookup(real.clone())
                .map(|real| Vec::from([(Some(real), call.as_ref())]))
                .unwrap_or_default()
        }
        _ => Vec::new(),
    }
}

fn within_multisig<'a>(
    sender: &AccountId,
    call: &'a pallet_multisig::Call<Runtime>,
) -> Nested<'a, RuntimeCall> {
    use pallet_multisig::Call;
    let of = |others: &[AccountId], threshold: u16, call: &'a RuntimeCall| {
        let mut signatories = others.to_vec();
        signatories.push(sender.clone());
        // The pallet refuses others that are not in order.
        signatories.sort();
        let account = Multisig::multi_account_id(&signatories, threshold);
        Vec::from([(Some(account), call)])
    };
    match call {
        Call::as_multi_threshold_1 {
            other_signatories,
            call,
        } => of(other_signatories, 1, call.as_ref()),
        Call::as_multi {
            threshold,
            other_signatories,
            call,
            ..
        } => of(other_signatories, *threshold, call.as_ref()),
        _ => Vec::new(),
    }
}

fn within_utility<'a>(
    sender: &AccountId,
    call: &'a pallet_utility::Call<Runtime>,
) -> Nested<'a, RuntimeCall> {
    use pallet_utility::Call;
    match call {
        Call::batch { calls } | Call::batch_all { calls } | Call::force_batch { calls } => {
            calls.iter().map(|call| (None, call)).collect()
        }
        Call::if_else { main, fallback } => {
            Vec::from([(None, main.as_ref()), (None, fallback.as_ref())])
        }
        Call::as_derivative { index, call } => {
            let account = pallet_utility::derivative_account_id(sender.clone(), *index);
            Vec::from([(Some(account), call.as_ref())])
        }
        _ => Vec::new(),
    }
}
