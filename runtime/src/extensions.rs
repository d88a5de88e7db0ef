//! What this chain adds to the stock checks of a signed transaction.
//!
//! Clients know the stock identifiers only and write the payload in their own order: a wrapper keeps the
//! identifier and the encoding of what it wraps, and an extension of our own carries nothing.

use alloc::vec::Vec;
use codec::{Decode, DecodeWithMemTracking, Encode};
use frame_support::{
    dispatch::{DispatchClass, DispatchInfo, DispatchResult, PostDispatchInfo},
    weights::Weight,
};
use pallet_transaction_payment::ChargeTransactionPayment;
use scale_info::TypeInfo;
use sp_runtime::{
    traits::{
        AsSystemOriginSigner, Implication, TransactionExtension, TransactionExtensionMetadata,
        ValidateResult,
    },
    transaction_validity::{
        InvalidTransaction, TransactionPriority, TransactionSource, TransactionValidityError,
        ValidTransaction,
    },
};

use crate::{Balance, Runtime, RuntimeCall, RuntimeOrigin, SubtensorModule};

/// Priority of an ordinary transaction, whatever it pays.
pub const NORMAL_PRIORITY: TransactionPriority = 1;
/// Priority of an operational transaction.
pub const OPERATIONAL_PRIORITY: TransactionPriority = 10_000_000_000;

type Charge = ChargeTransactionPayment<Runtime>;

/// `ChargeTransactionPayment` with a priority that depends on the class alone: neither the fee nor the tip
/// buys a place in the block (economics, section 1).
#[derive(Clone, Debug, Decode, DecodeWithMemTracking, Encode, Eq, PartialEq, TypeInfo)]
pub struct FlatPriority(Charge);

impl FlatPriority {
    /// A transaction that adds `tip` rao to its fee.
    pub fn from_tip(tip: Balance) -> Self {
        Self(Charge::from(tip))
    }
}

impl TransactionExtension<RuntimeCall> for FlatPriority {
    const IDENTIFIER: &'static str = <Charge as TransactionExtension<RuntimeCall>>::IDENTIFIER;
    type Implicit = <Charge as TransactionExtension<RuntimeCall>>::Implicit;
    type Val = <Charge as TransactionExtension<RuntimeCall>>::Val;
    type Pre = <Charge as TransactionExtension<RuntimeCall>>::Pre;

    fn metadata() -> Vec<TransactionExtensionMetadata> {
        <Charge as TransactionExtension<RuntimeCall>>::metadata()
    }

    fn weight(&self, call: &RuntimeCall) -> Weight {
        let in_alpha = match call {
            RuntimeCall::SubtensorModule(call) => SubtensorModule::alpha_fee_weight(call),
            _ => Weight::zero(),
        };
        self.0.weight(call).saturating_add(in_alpha)
    }

    fn validate(
        &self,
        origin: RuntimeOrigin,
        call: &RuntimeCall,
        info: &DispatchInfo,
        len: usize,
        self_implicit: Self::Implicit,
        inherited_implication: &impl Implication,
        source: TransactionSource,
    ) -> ValidateResult<Self::Val, RuntimeCall> {
        let (mut valid, val, origin) = self.0.validate(
            origin,
            call,
            info,
            len,
            self_implicit,
            inherited_implication,
            source,
        )?;
        valid.priority = match info.class {
            DispatchClass::Normal => NORMAL_PRIORITY,
            DispatchClass::Operational | DispatchClass::Mandatory => OPERATIONAL_PRIORITY,
        };
        Ok((valid, val, origin))
    }

    fn prepare(
        self,
        val: Self::Val,
        origin: &RuntimeOrigin,
        call: &RuntimeCall,
        info: &DispatchInfo,
        len: usize,
    ) -> Result<Self::Pre, TransactionValidityError> {
        self.0.prepare(val, origin, call, info, len)
    }

    fn post_dispatch_details(
        pre: Self::Pre,
        info: &DispatchInfo,
        post_info: &PostDispatchInfo,
        len: usize,
        result: &DispatchResult,
    ) -> Result<Weight, TransactionValidityError> {
        Charge::post_dispatch_details(pre, info, post_info, len, result)
    }
}

/// Refuses general transactions (version 5) that nobody has signed: the stock extensions let them pass
/// free of charge, and clients cannot decode a block that holds one. Inherents do not come through here.
#[derive(Clone, Debug, Decode, DecodeWithMemTracking, Default, Encode, Eq, PartialEq, TypeInfo)]
pub struct SignedOnly;

impl TransactionExtension<RuntimeCall> for SignedOnly {
    const IDENTIFIER: &'static str = "SignedOnly";
    type Implicit = ();
    type Val = ();
    type Pre = ();

    fn weight(&self, _: &RuntimeCall) -> Weight {
        // A look at the origin, which is in memory.
        Weight::zero()
    }

    fn validate(
        &self,
        origin: RuntimeOrigin,
        _: &RuntimeCall,
        _: &DispatchInfo,
        _: usize,
        (): (),
        _: &impl Implication,
        _: TransactionSource,
    ) -> ValidateResult<(), RuntimeCall> {
        if origin.as_system_origin_signer().is_none() {
            return Err(InvalidTransaction::BadSigner.into());
        }
        Ok((ValidTransaction::default(), (), origin))
    }

    fn prepare(
        self,
        (): (),
        _: &RuntimeOrigin,
        _: &RuntimeCall,
        _: &DispatchInfo,
        _: usize,
    ) -> Result<(), TransactionValidityError> {
        Ok(())
    }
}
