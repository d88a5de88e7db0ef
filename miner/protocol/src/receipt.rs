//! Score receipts: a validator's signed word on one score, a JSON line.
//!
//! A line is a JSON object whose last member is `signature`; signed are the bytes of the line without that member, that is
//! everything before `,"signature":` and a closing brace. No program needs to write numbers as this one does to check it.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use sp_core::{Pair as _, sr25519};

use crate::{Hotkey, digest};

/// What stands between what is signed and its signature.
const SIGNATURE: &str = ",\"signature\":\"";

/// Bytes of a line at most.
const LINE_LIMIT: usize = 64 * 1024;

/// A validator's word on one miner in one round.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Receipt {
    /// Hotkey of who judged.
    #[serde(with = "hexadecimal")]
    pub validator: Hotkey,
    /// On which subnet.
    pub netuid: u16,
    /// In which epoch, by the chain's counter.
    pub epoch: u64,
    /// Who was judged: the uid.
    pub uid: u16,
    /// And the hotkey.
    #[serde(with = "hexadecimal")]
    pub hotkey: Hotkey,
    /// From 0 to 1.
    pub score: f64,
    /// Why, in one sentence.
    pub reason: String,
    /// The numbers behind it, by name.
    pub parts: BTreeMap<String, f64>,
    /// Seed of the round: what the questions were made from.
    #[serde(with = "hexadecimal")]
    pub seed: [u8; 32],
}

/// A receipt whose signature was checked. Only [`Receipt::verify`] makes one.
#[derive(Clone, Debug, PartialEq)]
pub struct SignedReceipt(Receipt);

impl SignedReceipt {
    /// What it says.
    pub const fn get(&self) -> &Receipt {
        &self.0
    }
}

/// Why a line is no receipt.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ReceiptError {
    /// A number cannot be written.
    #[error("{0} is not a finite number")]
    NotFinite(String),
    /// It is not of the form.
    #[error("the line is no receipt: {0}")]
    Malformed(String),
    /// The signature is not the validator's, or the line was altered.
    #[error("the signature is not that of the validator that the receipt names")]
    Signature,
}

impl Receipt {
    /// The line, without a newline. `pair` must be the validator's hotkey, or nobody will believe it.
    /// **Errors:** [`ReceiptError::NotFinite`].
    pub fn sign(&self, pair: &sr25519::Pair) -> Result<String, ReceiptError> {
        if !self.score.is_finite() {
            return Err(ReceiptError::NotFinite("the score".into()));
        }
        if let Some((name, _)) = self.parts.iter().find(|(_, part)| !part.is_finite()) {
            return Err(ReceiptError::NotFinite(format!("part `{name}`")));
        }
        let text = serde_json::to_string(self)
            .map_err(|error| ReceiptError::Malformed(error.to_string()))?;
        let signature = hex::encode(pair.sign(&message(&text)).0);
        let open = text.strip_suffix('}').unwrap_or(&text);
        Ok(format!("{open}{SIGNATURE}{signature}\"}}"))
    }

    /// Reads and checks a line. Whether the validator that it names is one of the subnet's is for the caller to look up.
    /// **Errors:** [`ReceiptError::Malformed`], [`ReceiptError::Signature`].
    pub fn verify(line: &str) -> Result<SignedReceipt, ReceiptError> {
        let malformed = |what: &str| ReceiptError::Malformed(what.into());
        let line = line.trim_end_matches(['\r', '\n']);
        if line.len() > LINE_LIMIT {
            return Err(malformed("it is too long"));
        }
        let (open, rest) = line
            .rsplit_once(SIGNATURE)
            .ok_or_else(|| malformed("it has no signature"))?;
        let digits = rest
            .strip_suffix("\"}")
            .ok_or_else(|| malformed("the signature is not its last member"))?;
        let mut signature = [0; 64];
        hex::decode_to_slice(digits, &mut signature)
            .map_err(|_| malformed("the signature is not 128 hexadecimal digits"))?;
        let text = format!("{open}}}");
        let receipt: Self = serde_json::from_str(&text)
            .map_err(|error| ReceiptError::Malformed(error.to_string()))?;
        let public = sr25519::Public::from_raw(receipt.validator);
        let signature = sr25519::Signature::from_raw(signature);
        match sr25519::Pair::verify(&signature, message(&text), &public) {
            true => Ok(SignedReceipt(receipt)),
            false => Err(ReceiptError::Signature),
        }
    }
}

fn message(text: &str) -> [u8; 32] {
    digest::digest("neuron receipt", &[text.as_bytes()])
}

/// 32 bytes as hexadecimal digits.
mod hexadecimal {
    use serde::{Deserialize, Deserializer, Serializer, de::Error};

    pub(super) fn serialize<S: Serializer>(
        bytes: &[u8; 32],
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&hex::encode(bytes))
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<[u8; 32], D::Error> {
        let text = String::deserialize(deserializer)?;
        let mut bytes = [0; 32];
        hex::decode_to_slice(text, &mut bytes).map_err(D::Error::custom)?;
        Ok(bytes)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn receipt(score: f64, reason: &str) -> (sr25519::Pair, Receipt) {
        let pair = sr25519::Pair::from_seed(&[3; 32]);
        let receipt = Receipt {
            validator: pair.public().0,
            netuid: 1,
            epoch: 12,
            uid: 4,
            hotkey: [4; 32],
            score,
            reason: reason.into(),
            parts: BTreeMap::from([("speed".into(), 0.5)]),
            seed: [9; 32],
        };
        (pair, receipt)
    }

    proptest! {
        #[test]
        fn what_is_signed_is_read_back(score in 0.0f64..=1.0, reason in ".{0,80}") {
            let (pair, receipt) = receipt(score, &reason);
            let line = receipt.sign(&pair).expect("finite");
            prop_assert!(!line.contains('\n'));
            let read = Receipt::verify(&line).expect("signed");
            // Reading a number may miss its last bit; what is signed is its text.
            prop_assert!((read.get().score - score).abs() < 1e-15);
            let read = Receipt { score, ..read.get().clone() };
            prop_assert_eq!(read, receipt);
        }

        /// Whatever byte is changed, the line is no receipt any more.
        #[test]
        fn every_change_is_noticed(place in any::<prop::sample::Index>(), byte in 0x20u8..0x7f) {
            let (pair, receipt) = receipt(0.75, "right");
            let line = receipt.sign(&pair).expect("finite");
            let mut bytes = line.clone().into_bytes();
            let at = place.index(bytes.len());
            prop_assume!(!bytes[at].eq_ignore_ascii_case(&byte));
            bytes[at] = byte;
            let altered = String::from_utf8(bytes).expect("ascii");
            prop_assert!(Receipt::verify(&altered).is_err());
        }

        #[test]
        fn no_text_breaks_the_reader(text in ".{0,300}") {
            prop_assert!(Receipt::verify(&text).is_err());
        }
    }

    #[test]
    fn another_validators_signature_does_not_count() {
        let (_, receipt) = receipt(1.0, "right");
        let other = sr25519::Pair::from_seed(&[8; 32]);
        let line = receipt.sign(&other).expect("finite");
        assert_eq!(Receipt::verify(&line), Err(ReceiptError::Signature));
    }

    #[test]
    fn a_reason_that_looks_like_a_signature_changes_nothing() {
        let (pair, receipt) = receipt(1.0, "x,\"signature\":\"00\"}");
        let line = receipt.sign(&pair).expect("finite");
        assert_eq!(Receipt::verify(&line).expect("signed").get(), &receipt);
    }

    #[test]
    fn numbers_that_are_none_are_not_signed() {
        let (pair, receipt) = receipt(f64::NAN, "broken");
        let expected = ReceiptError::NotFinite("the score".into());
        assert_eq!(receipt.sign(&pair), Err(expected));
    }
}
