//! The validity stage: what the transaction pool and the block author must know of a call before it runs.
//!
//! A call that hotkeys send carries no fee, and a take's change neither, so nothing but this stage keeps it out of blocks when it fails:
//! all that decides its result is checked, and it is refused whatever the reason. A call that pays for its
//! failure is refused only where the interface has a number for the reason (section F.5); otherwise it fails
//! in a block, under the name of its error, which says more.
//!
//! | Number | For these calls | Where |
//! |---|---|---|
//! | 0, 21 | every call of a coldkey, and every call that acts for it | its swap is announced; disputed (`freeze.rs`) |
//! | 1 | weights, commits | the stake weight of the hotkey is below the threshold |
//! | 1 | stake | the amount, or what it comes to, is below the least stake |
//! | 2 | registrations, creations, staking | the coldkey cannot pay the price or the amount and stay alive |
//! | 3 | all but those about root and coldkeys | the subnet does not exist |
//! | 4 | `root_register`, stake, takes | nobody owns the hotkey |
//! | 5 | unstaking, moves, recycling, burning | the position is empty |
//! | 6 | weights, commits, creations, takes, `add_stake_burn`, swaps of hotkeys | the last one was too recent |
//! | 7 | stake | the pool is too small for the trade |
//! | 8 | `register_limit` | the price is above the limit |
//! | 8 | stake with a limit | not everything can be traded within it, and a part is not enough |
//! | 9 | `transfer_stake` | one of the subnets does not allow it |
//! | 10 | endpoints, `set_identity` | the hotkey has no uid; the coldkey has no hotkey |
//! | 11, 13 | endpoints | the address, its type or the port is refused |
//! | 12 | endpoints | the last change was too recent |
//! | 14 | stake with a limit | nothing can be traded within it, where a part would do |
//! | 16 | reveals | no commit with this content is open |
//! | 17 | reveals | the epoch of the reveal has not come |
//! | 18 | weights and batches | lists differ in length |
//! | 19 | weights, commits, reveals | the hotkey has no uid |
//! | 25 | registrations, creations, `root_register`, takes, swaps of hotkeys | the hotkey is another coldkey's |
//! | 26, 27 | takes | the take is too low or too high |
//! | 255 | calls without a fee | any other error, or nothing to do |
//!
//! Stake is judged by the reserves of the moment, with the quote that the trade would make: all calls but
//! `unstake_all` and `unstake_all_alpha`, of which only the hotkey is looked at.
//!
//! A batch whose items stand alone is let in if one of them succeeds. The other numbers belong to other calls.
//!
//! But for the freeze, only what is signed and sent directly is looked at. A call within a batch, a proxy or a
//! multisig is paid for by what contains it.

mod foresight;
mod freeze;
mod refusal;
mod stake;

use codec::{Decode, DecodeWithMemTracking, Encode};
use core::marker::PhantomData;
use frame_support::{
    DebugNoBound, DefaultNoBound,
    dispatch::{DispatchInfo, GetDispatchInfo, Pays},
    traits::IsSubType,
    weights::Weight,
};
use scale_info::TypeInfo;
use sp_runtime::{
    DispatchResult, impl_tx_ext_default,
    traits::{
        AsSystemOriginSigner, DispatchInfoOf, Dispatchable, Implication, TransactionExtension,
        ValidateResult,
    },
    transaction_validity::{TransactionSource, ValidTransaction},
};

pub use refusal::Refusal;

use crate::{AccountId, Call, Config, Pallet, WeightInfo};

/// Refuses transactions whose call is certain to fail; carries nothing.
#[derive(
    Clone,
    DebugNoBound,
    Decode,
    DecodeWithMemTracking,
    DefaultNoBound,
    Encode,
    Eq,
    PartialEq,
    TypeInfo,
)]
#[scale_info(skip_type_params(T))]
pub struct SubtensorTransactionExtension<T>(PhantomData<T>);

impl<T: Config> SubtensorTransactionExtension<T> {
    /// Why a call of this signer must not be in a block, if it must not.
    fn refusal(signer: &AccountId, call: &Call<T>, pays: Pays) -> Option<Refusal> {
        let foreseen: Option<DispatchResult> = Pallet::<T>::foresee(signer, call);
        match (foreseen, pays) {
            (Some(Ok(())), _) | (None, Pays::Yes) => None,
            (Some(Err(error)), Pays::Yes) => Refusal::of::<T>(error),
            (Some(Err(error)), Pays::No) => {
                Some(Refusal::of::<T>(error).unwrap_or(Refusal::BadRequest))
            }
            // Free of charge and unchecked would be free to fail.
            (None, Pays::No) => Some(Refusal::BadRequest),
        }
    }
}

impl<T> TransactionExtension<T::RuntimeCall> for SubtensorTransactionExtension<T>
where
    T: Config + Send + Sync,
    T::RuntimeCall: Dispatchable<Info = DispatchInfo> + IsSubType<Call<T>>,
    <T::RuntimeCall as Dispatchable>::RuntimeOrigin: AsSystemOriginSigner<AccountId> + Clone,
{
    const IDENTIFIER: &'static str = "SubtensorTransactionExtension";
    type Implicit = ();
    type Val = ();
    type Pre = ();

    fn weight(&self, call: &T::RuntimeCall) -> Weight {
        let own = match call.is_sub_type() {
            // A look at the call, which is in memory.
            None => Weight::zero(),
            // Each item is checked as it would be when it runs, so this costs no more than the call.
            Some(
                batch @ (Call::batch_set_weights { .. }
                | Call::batch_commit_weights { .. }
                | Call::batch_reveal_weights { .. }),
            ) => batch.get_dispatch_info().call_weight,
            Some(_) => T::WeightInfo::validity(),
        };
        own.saturating_add(Self::freeze_weight(call))
    }

    fn validate(
        &self,
        origin: <T::RuntimeCall as Dispatchable>::RuntimeOrigin,
        call: &T::RuntimeCall,
        info: &DispatchInfoOf<T::RuntimeCall>,
        _: usize,
        (): (),
        _: &impl Implication,
        _: TransactionSource,
    ) -> ValidateResult<(), T::RuntimeCall> {
        if let Some(signer) = origin.as_system_origin_signer() {
            let own = || Self::refusal(signer, call.is_sub_type()?, info.pays_fee);
            if let Some(refusal) = Self::freeze(signer, call).or_else(own) {
                return Err(refusal.into());
            }
        }
        Ok((ValidTransaction::default(), (), origin))
    }

    impl_tx_ext_default!(T::RuntimeCall; prepare);
}
