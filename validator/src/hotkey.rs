//! Hotkeys as validators store and show them.

use std::{fmt, str::FromStr};

use sp_core::crypto::{AccountId32, Ss58Codec};

/// The public key of a neuron. It is shown as an address, and stored as hexadecimal digits.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Hotkey(pub [u8; 32]);

impl Hotkey {
    /// Its account.
    pub fn account(self) -> AccountId32 {
        AccountId32::new(self.0)
    }
}

impl fmt::Display for Hotkey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.account().to_ss58check())
    }
}

impl fmt::Debug for Hotkey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// A text that is no hotkey.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is neither an address (5…) nor 64 hexadecimal digits")]
pub struct NoHotkey(String);

impl FromStr for Hotkey {
    type Err = NoHotkey;

    fn from_str(text: &str) -> Result<Self, NoHotkey> {
        let mut bytes = [0; 32];
        let digits = text.strip_prefix("0x").unwrap_or(text);
        if hex::decode_to_slice(digits, &mut bytes).is_ok() {
            return Ok(Self(bytes));
        }
        AccountId32::from_ss58check(text)
            .map(|account| Self(account.into()))
            .map_err(|_| NoHotkey(text.into()))
    }
}

impl serde::Serialize for Hotkey {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&hex::encode(self.0))
    }
}

impl<'de> serde::Deserialize<'de> for Hotkey {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_and_digits_name_the_same_hotkey() {
        let alice: Hotkey = "5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY"
            .parse()
            .expect("an address");
        let digits = serde_json::to_string(&alice).expect("JSON");
        assert_eq!(
            digits,
            "\"d43593c715fdd31c61141abd04a99fd6822c8558854ccde39a5684e7a56da27d\""
        );
        assert_eq!(
            serde_json::from_str::<Hotkey>(&digits).expect("digits"),
            alice
        );
        assert_eq!(alice.to_string().parse(), Ok(alice));
        assert!("5Grwva".parse::<Hotkey>().is_err());
    }
}
