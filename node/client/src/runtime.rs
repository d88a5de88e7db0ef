//! A runtime by its metadata: names to bytes and back.

use codec::Decode;
use sp_core::{Pair as _, sr25519::Pair};
use subxt::{
    ArcMetadata, Metadata,
    client::{OfflineClient, OfflineClientAtBlock},
    config::{
        Config, DefaultExtrinsicParamsBuilder, DefaultTransactionExtensions,
        substrate::{BlakeTwo256, SubstrateHeader},
    },
    dynamic::Value,
    events::Phase,
    ext::{
        frame_decode::storage::{StorageTypeInfo, encode_storage_key_prefix},
        scale_decode::DecodeAsType,
        scale_value::{Composite, ValueDef, Variant},
    },
    utils::{AccountId32, H256, MultiAddress, MultiSignature},
};

use crate::{Call, ChainError, Head, RuntimeVersion, SubmitError, receipt};

/// The types of this chain. Its transaction extensions are the stock ones; those of its own carry nothing, so
/// they are found empty in the metadata and left out.
#[derive(Clone, Debug)]
pub(crate) struct Dendra {
    genesis: H256,
    spec_version: u32,
    transaction_version: u32,
    metadata: ArcMetadata,
}

impl Config for Dendra {
    type AccountId = AccountId32;
    type Address = MultiAddress<AccountId32, ()>;
    type Signature = MultiSignature;
    type Header = SubstrateHeader<H256>;
    type TransactionExtensions = DefaultTransactionExtensions<Self>;
    type AssetId = u32;
    type Hasher = BlakeTwo256;

    fn genesis_hash(&self) -> Option<H256> {
        Some(self.genesis)
    }

    fn spec_and_transaction_version_for_block_number(&self, _: u64) -> Option<(u32, u32)> {
        Some((self.spec_version, self.transaction_version))
    }

    fn metadata_for_spec_version(&self, _: u32) -> Option<ArcMetadata> {
        Some(self.metadata.clone())
    }
}

struct Signer<'a>(&'a Pair);

impl subxt::tx::Signer<Dendra> for Signer<'_> {
    fn account_id(&self) -> AccountId32 {
        AccountId32(self.0.public().0)
    }

    fn sign(&self, payload: &[u8]) -> MultiSignature {
        MultiSignature::Sr25519(self.0.sign(payload).0)
    }
}

/// What became of a transaction within its block.
#[derive(Debug, PartialEq)]
pub(crate) enum Outcome {
    /// It succeeded, with these events.
    Done {
        names: Vec<(String, String)>,
        fields: Vec<Composite<()>>,
    },
    /// It failed.
    Failed {
        pallet: String,
        error: String,
        explanation: String,
    },
}

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

    /// What the events of a block say about the transaction at this position.
    ///
    /// **Errors:** the events cannot be read, or say nothing.
    pub(crate) fn outcome(&self, events: Vec<u8>, index: u32) -> Result<Outcome, ChainError> {
        let fail = |reason: String| ChainError::unreadable("the events of a block", reason);
        let (mut names, mut fields) = (Vec::new(), Vec::new());
        let mut is_over = false;
        for event in self.client.events().from_bytes(events).iter() {
            let event = event.map_err(|error| fail(error.to_string()))?;
            if event.phase() != Phase::ApplyExtrinsic(index) {
                continue;
            }
            let values: Composite<()> = event
                .decode_fields_unchecked_as()
                .map_err(|error| fail(error.to_string()))?;
            let (pallet, name) = (event.pallet_name(), event.event_name());
            let error = match (pallet, name) {
                ("System", "ExtrinsicFailed") => named(&values, "dispatch_error"),
                // The call of sudo succeeds whatever becomes of the call within it.
                ("Sudo", "Sudid" | "SudoAsDone") => named(&values, "sudo_result").and_then(refused),
                _ => None,
            };
            if let Some(error) = error {
                return Ok(self.failure(error));
            }
            is_over |= pallet == "System" && name == "ExtrinsicSuccess";
            names.push((pallet.to_owned(), name.to_owned()));
            fields.push(values);
        }
        if is_over {
            Ok(Outcome::Done { names, fields })
        } else {
            Err(fail(format!("they say nothing about transaction {index}")))
        }
    }

    /// An error of dispatch by name, with what the runtime's documentation says about it.
    fn failure(&self, error: &Value) -> Outcome {
        let ValueDef::Variant(kind) = &error.value else {
            return unnamed(&error.to_string());
        };
        if kind.name != "Module" {
            return of_dispatch(kind);
        }
        self.of_module(kind).unwrap_or_else(|| unnamed("Module"))
    }

    fn of_module(&self, kind: &Variant<()>) -> Option<Outcome> {
        let inner = match kind.values.values().next() {
            Some(value) if kind.values.len() == 1 => match &value.value {
                ValueDef::Composite(inner) => inner,
                _ => return None,
            },
            _ => &kind.values,
        };
        let index = u8::try_from(receipt::number(named(inner, "index")?)?).ok()?;
        let error = *receipt::bytes(named(inner, "error")?)?.first()?;
        let pallet = self.metadata().pallet_by_error_index(index)?;
        let variant = pallet.error_variant_by_index(error)?;
        let sentences: Vec<&str> = variant
            .docs
            .iter()
            .map(|line| line.trim())
            .filter(|line| !line.is_empty())
            .collect();
        Some(Outcome::Failed {
            pallet: pallet.name().to_owned(),
            error: variant.name.clone(),
            explanation: sentences.join(" "),
        })
    }
}

fn unnamed(name: &str) -> Outcome {
    Outcome::Failed {
        pallet: "Dispatch".into(),
        error: name.to_owned(),
        explanation: "the runtime gives an error that its metadata does not name".into(),
    }
}

/// An error that belongs to no pallet.
fn of_dispatch(kind: &Variant<()>) -> Outcome {
    let inner = kind.values.values().find_map(|value| match &value.value {
        ValueDef::Variant(inner) => Some(inner.name.as_str()),
        _ => None,
    });
    let explanation = match (kind.name.as_str(), inner) {
        ("BadOrigin", _) => "this key may not do that",
        ("RootNotAllowed", _) => "root may not do that",
        ("Token", Some("FundsUnavailable")) => "the account has not enough TAO",
        ("Token", Some("NotExpendable")) => {
            "the account would be left below the existential deposit"
        }
        ("Token", Some("BelowMinimum")) => "the amount is below the existential deposit",
        ("Token", Some("Frozen")) => "the TAO is frozen",
        ("Token", _) => "the TAO cannot be moved",
        ("Arithmetic", _) => "a number is too large or too small",
        ("Exhausted", _) => "the block has no room for it",
        _ => "the runtime refused it",
    };
    Outcome::Failed {
        pallet: "Dispatch".into(),
        error: inner.unwrap_or(&kind.name).to_owned(),
        explanation: explanation.to_owned(),
    }
}

fn named<'a>(fields: &'a Composite<()>, name: &str) -> Option<&'a Value> {
    match fields {
        Composite::Named(fields) => fields
            .iter()
            .find(|(field, _)| field == name)
            .map(|(_, value)| value),
        Composite::Unnamed(fields) => fields.first(),
    }
}

/// The error within a result, if it is one.
fn refused(result: &Value) -> Option<&Value> {
    match &result.value {
        ValueDef::Variant(variant) if variant.name == "Err" => variant.values.values().next(),
        _ => None,
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

#[cfg(test)]
#[path = "tests/runtime.rs"]
mod tests;
