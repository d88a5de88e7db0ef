//! Texts of the node's JSON.

use serde::Deserialize;
use subxt::{
    config::substrate::{H256, SubstrateHeader},
    ext::jsonrpsee::core::params::ArrayParams,
};

use crate::{ChainError, Head};

/// `0x…`.
pub(crate) fn hex(bytes: &[u8]) -> String {
    format!("0x{}", ::hex::encode(bytes))
}

/// The bytes of `0x…`.
pub(crate) fn bytes(what: &str, text: &str) -> Result<Vec<u8>, ChainError> {
    let digits = text.strip_prefix("0x").unwrap_or(text);
    ::hex::decode(digits).map_err(|error| ChainError::unreadable(what, error))
}

/// The hash of a block in `0x…`.
pub(crate) fn hash(text: &str) -> Result<[u8; 32], ChainError> {
    bytes("a hash", text)?
        .try_into()
        .map_err(|_| ChainError::unreadable("a hash", "it has not 32 bytes"))
}

/// A list of parameters.
pub(crate) fn params(list: serde_json::Value) -> ArrayParams {
    let mut params = ArrayParams::new();
    if let serde_json::Value::Array(items) = list {
        for item in items {
            // A JSON value always becomes JSON.
            let _ = params.insert(item);
        }
    }
    params
}

/// A header as nodes send it.
pub(crate) type Header = SubstrateHeader<H256>;

/// The block of a header. Its hash is not part of it.
pub(crate) fn head(header: &Header) -> Result<Head, ChainError> {
    let number = u32::try_from(header.number)
        .map_err(|_| ChainError::unreadable("a header", "its height is beyond 32 bits"))?;
    Ok(Head {
        number,
        hash: sp_crypto_hashing::blake2_256(&codec::Encode::encode(header)),
    })
}

/// The answer of `chain_getBlock`, as far as it matters.
#[derive(Deserialize)]
pub(crate) struct SignedBlock {
    pub(crate) block: Block,
}

/// A block.
#[derive(Deserialize)]
pub(crate) struct Block {
    pub(crate) header: Header,
    pub(crate) extrinsics: Vec<String>,
}

/// What the pool says of a transaction that it watches.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) enum Status {
    Future,
    Ready,
    Broadcast(Vec<String>),
    InBlock(String),
    Retracted(String),
    FinalityTimeout(String),
    Finalized(String),
    Usurped(String),
    Dropped,
    Invalid,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn statuses_are_read_in_the_stock_spelling() {
        let read = |text: &str| serde_json::from_str::<Status>(text).unwrap();
        assert_eq!(read("\"ready\""), Status::Ready);
        assert_eq!(read("\"invalid\""), Status::Invalid);
        assert_eq!(
            read("{\"inBlock\":\"0x01\"}"),
            Status::InBlock("0x01".into())
        );
        assert_eq!(
            read("{\"finalityTimeout\":\"0x01\"}"),
            Status::FinalityTimeout("0x01".into())
        );
        assert!(serde_json::from_str::<Status>("\"other\"").is_err());
    }

    #[test]
    fn hashes_have_32_bytes() {
        assert_eq!(hash(&hex(&[7; 32])).unwrap(), [7; 32]);
        for text in ["", "0x", "0x00", "0xzz", &hex(&[7; 33])] {
            assert!(hash(text).is_err(), "{text}");
        }
    }
}
