//! Addresses as people write them.

use sp_core::crypto::{Ss58AddressFormat, Ss58Codec};

use crate::AccountId32;

/// The prefix of this chain's addresses.
const PREFIX: u16 = 42;

/// A text that is no address of this chain.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("'{text}' is no address: {reason}; an address has 48 characters and starts with 5")]
pub struct Ss58Error {
    /// What was given, cut after 64 characters.
    pub text: String,
    /// What is wrong with it.
    pub reason: String,
}

/// The address of an account.
#[must_use]
pub fn to_ss58(account: &AccountId32) -> String {
    account.to_ss58check_with_version(Ss58AddressFormat::custom(PREFIX))
}

/// The account of an address, or of 32 bytes in hex after `0x`.
///
/// **Errors:** the text is neither, its checksum is wrong, or the address belongs to another network.
pub fn from_ss58(text: &str) -> Result<AccountId32, Ss58Error> {
    let fail = |reason: &str| Ss58Error {
        text: text.chars().take(64).collect(),
        reason: reason.to_owned(),
    };
    if let Some(digits) = text.strip_prefix("0x") {
        let bytes = hex::decode(digits).map_err(|_| fail("it is not hex"))?;
        let bytes: [u8; 32] = bytes.try_into().map_err(|_| fail("a key has 32 bytes"))?;
        return Ok(AccountId32::new(bytes));
    }
    let (account, format) = AccountId32::from_ss58check_with_version(text)
        .map_err(|_| fail("it is mistyped, its checksum is wrong"))?;
    if u16::from(format) != PREFIX {
        return Err(fail("it belongs to another network"));
    }
    Ok(account)
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALICE: &str = "5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY";

    #[test]
    fn addresses_go_there_and_back() {
        let alice = from_ss58(ALICE).unwrap();
        assert_eq!(to_ss58(&alice), ALICE);
        let hex = format!("0x{}", hex::encode::<&[u8]>(alice.as_ref()));
        assert_eq!(from_ss58(&hex).unwrap(), alice);
    }

    #[test]
    fn what_is_no_address_is_refused_with_a_sentence() {
        let mut mistyped = ALICE.to_owned();
        mistyped.replace_range(10..11, "c");
        // The same key with the prefix of another network.
        let foreign = from_ss58(ALICE)
            .unwrap()
            .to_ss58check_with_version(Ss58AddressFormat::custom(0));
        for text in ["", "x", "0x", "0x00", "0xzz", &mistyped, &foreign] {
            let error = from_ss58(text).unwrap_err();
            assert!(error.to_string().contains("starts with 5"), "{error}");
        }
        let long = "y".repeat(10_000);
        assert!(from_ss58(&long).unwrap_err().to_string().len() < 300);
    }
}
