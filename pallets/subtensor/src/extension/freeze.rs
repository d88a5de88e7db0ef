//! Coldkeys that are about to be swapped do nothing else, and disputed ones nothing at all.
//!
//! The SDK has no guard at every dispatch, so the validity stage looks through what a transaction contains: a
//! proxy, a batch or a multisig carries the calls that it dispatches, however deeply. Root is not bound, and what
//! root has put into the schedule is not looked at. A transaction that announces a swap and then does something
//! else is let in, since nothing was announced when it was signed.

use alloc::vec::Vec;

use frame_support::{
    traits::{Get, IsSubType},
    weights::Weight,
};

use crate::{
    AccountId, Call, ColdkeySwapAnnouncements, ColdkeySwapDisputes, Config, NestedCalls,
    extension::{Refusal, SubtensorTransactionExtension},
    types::ZeroAccount,
};

impl<T> SubtensorTransactionExtension<T>
where
    T: Config,
    T::RuntimeCall: IsSubType<Call<T>>,
{
    /// Why a sender, or an account that the sender acts for, may not have this call dispatched.
    pub(super) fn freeze(sender: &AccountId, call: &T::RuntimeCall) -> Option<Refusal> {
        let mut open = Vec::from([(true, sender.clone(), call)]);
        while let Some((is_other, account, call)) = open.pop() {
            if is_other && let Some(refusal) = Self::freeze_of(&account, call) {
                return Some(refusal);
            }
            for (other, inner) in T::Nested::within(&account, call) {
                let is_other = other.is_some();
                open.push((is_other, other.unwrap_or_else(|| account.clone()), inner));
            }
        }
        None
    }

    fn freeze_of(account: &AccountId, call: &T::RuntimeCall) -> Option<Refusal> {
        if ColdkeySwapDisputes::<T>::contains_key(account) {
            return Some(Refusal::ColdkeySwapDisputed);
        }
        let is_bound = ColdkeySwapAnnouncements::<T>::contains_key(account);
        (is_bound && !Self::is_about_swap(call)).then_some(Refusal::ColdkeySwapAnnounced)
    }

    /// Whether a call is one that an account may send while its swap is announced.
    fn is_about_swap(call: &T::RuntimeCall) -> bool {
        matches!(
            call.is_sub_type(),
            Some(
                Call::announce_coldkey_swap { .. }
                    | Call::swap_coldkey_announced { .. }
                    | Call::dispute_coldkey_swap {}
                    | Call::clear_coldkey_swap_announcement {}
            )
        )
    }

    /// What looking for frozen accounts in a call costs: two reads for each account.
    pub(super) fn freeze_weight(call: &T::RuntimeCall) -> Weight {
        let nobody = ZeroAccount::get();
        let mut accounts = 1_u64;
        let mut open = Vec::from([call]);
        while let Some(call) = open.pop() {
            for (other, inner) in T::Nested::within(&nobody, call) {
                accounts = accounts.saturating_add(other.is_some().into());
                open.push(inner);
            }
        }
        T::DbWeight::get().reads(2).saturating_mul(accounts)
    }
}
