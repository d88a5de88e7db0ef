//! A runtime by its metadata: names to bytes and back.

mod dendra;
mod outcome;
#[cfg(test)]
#[path = "tests/runtime.rs"]
mod tests;

use codec::Decode;
use sp_core::sr25519::Pair;
use subxt::{
    ArcMetadata, Metadata,
    client::{OfflineClient, OfflineClientAtBlock},
    config::DefaultExtrinsicParamsBuilder,
    dynamic::Value,
    ext::{
        frame_decode::storage::{StorageTypeInfo, encode_storage_key_prefix},
        scale_decode::DecodeAsType,
    },
    utils::H256,
};

pub(crate) use outcome::Outcome;

use crate::{Call, ChainError, Head, RuntimeVersion, SubmitError};
use dendra::{Dendra, Signer};

/// A version of the runtime with its metadata.
pub(crate) struct Runtime {
    version: RuntimeVersion,
    genesis: [u8; 32],
    client: OfflineClientAtBlock<Dendra>,
}

impl Runtime {
    /// From the answer of `Metadata_metadata_at_version`.
    ///
    /// **Errors:** the metadata is absent or cannot be read.
    pub(crate) fn new(
        version: RuntimeVersion,
        genesis: [u8; 32],
        answer: &[u8],
    ) -> Result<Self, ChainError> {
        let fail = |reason: String| ChainError::unreadable("the metadata", reason);
        let opaque = Option::<Vec<u8>>::decode(&mut &answer[..])
            .map_err(|error| fail(error.to_string()))?
            .ok_or_else(|| ChainError::missing("metadata of version 15"))?;
        let metadata =
            Metadata::decode(&mut &opaque[..]).map_err(|error| fail(error.to_string()))?;
        let config = Dendra {
            genesis: H256(genesis),
            spec_version: version.spec_version,
            transaction_version: version.transaction_version,
            metadata: ArcMetadata::from(metadata),
        };
        let client = OfflineClient::new_with_config(config)
            .at_block(0u64)
            .map_err(|error| fail(error.to_string()))?;
        Ok(Self {
            version,
            genesis,
            client,
        })
    }

    pub(crate) fn version(&self) -> &RuntimeVersion {
        &self.version
    }

    pub(crate) fn genesis(&self) -> [u8; 32] {
        self.genesis
    }

    fn metadata(&self) -> &Metadata {
        self.client.metadata_ref()
    }

    /// Where all values of an item lie.
    pub(crate) fn prefix(&self, pallet: &str, item: &str) -> [u8; 32] {
        encode_storage_key_prefix(pallet, item)
    }

    /// Where a value lies.
    pub(crate) fn key(
        &self,
        pallet: &str,
        item: &str,
        keys: Vec<Value>,
    ) -> Result<Vec<u8>, ChainError> {
        self.client
            .storage()
            .entry((pallet, item))
            .map_err(|_| ChainError::missing(format!("storage item {pallet}.{item}")))?
            .fetch_key(keys)
            .map_err(|error| ChainError::unreadable(format!("key of {pallet}.{item}"), error))
    }

    /// A stored value.
    pub(crate) fn decode<T: DecodeAsType>(
        &self,
        pallet: &str,
        item: &str,
        bytes: &[u8],
    ) -> Result<T, ChainError> {
        let info = self
            .metadata()
            .storage_info(pallet, item)
            .map_err(|_| ChainError::missing(format!("storage item {pallet}.{item}")))?;
        T::decode_as_type(&mut &bytes[..], info.value_id, self.metadata().types())
            .map_err(|error| ChainError::unreadable(format!("{pallet}.{item}"), error))
    }

    /// What an item reads as where nothing is stored.
    pub(crate) fn default<T: DecodeAsType>(
        &self,
        pallet: &str,
        item: &str,
    ) -> Result<T, ChainError> {
        let missing = || ChainError::missing(format!("default of {pallet}.{item}"));
        let info = self
            .metadata()
            .storage_info(pallet, item)
            .map_err(|_| missing())?;
        let bytes = info.default_value.ok_or_else(missing)?;
        self.decode(pallet, item, &bytes)
    }

    /// A constant.
    pub(crate) fn constant<T: Decode>(&self, pallet: &str, name: &str) -> Result<T, ChainError> {
        let constant = self
            .metadata()
            .pallet_by_name(pallet)
            .and_then(|pallet| pallet.constant_by_name(name))
            .ok_or_else(|| ChainError::missing(format!("constant {pallet}.{name}")))?;
        T::decode(&mut constant.value())
            .map_err(|error| ChainError::unreadable(format!("constant {pallet}.{name}"), error))
    }

    /// A signed transaction, valid for `period` blocks after `birth`.
    ///
    /// **Errors:** the call does not fit this runtime.
    pub(crate) fn sign(
        &self,
        pair: &Pair,
        call: &Call,
        nonce: u32,
        birth: Head,
        period: u32,
    ) -> Result<Vec<u8>, SubmitError> {
        let fail = |error: subxt::error::ExtrinsicError| SubmitError::Call {
            reason: sources(&error),
        };
        let payload = call.payload(self.metadata())?;
        let params = DefaultExtrinsicParamsBuilder::<Dendra>::new()
            .nonce(nonce.into())
            .mortal_from_unchecked(period.into(), birth.number.into(), H256(birth.hash))
            .build();
        let signed = self
            .client
            .tx()
            .create_v4_signable_offline(&payload, params)
            .map_err(fail)?
            .sign(&Signer(pair))
            .map_err(fail)?;
        Ok(signed.into_encoded())
    }
}

/// An error with those that caused it.
fn sources(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut next = error.source();
    while let Some(source) = next {
        let more = source.to_string();
        if !text.contains(&more) {
            text.push_str(": ");
            text.push_str(&more);
        }
        next = source.source();
    }
    text
}
