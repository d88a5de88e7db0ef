//! The keys of a local network. Everybody can derive them: they hold play money.

use sp_core::{Pair, crypto::Ss58Codec, sr25519};

use crate::books::Key;

/// Owns the subnet, is sudo and rich.
pub const OWNER: &str = "//Alice";
/// The hotkey of the owner, which publishes the declaration.
pub const OWNER_HOTKEY: &str = "owner";

/// The seed of a hotkey, by the name of who holds it.
pub fn hotkey(name: &str) -> String {
    format!("//{name}//hotkey")
}

/// The seed of a coldkey, by the name of who holds it.
pub fn coldkey(name: &str) -> String {
    format!("//{name}")
}

/// The keys of a seed. The seeds of this crate are well formed.
pub fn pair(seed: &str) -> sr25519::Pair {
    sr25519::Pair::from_string(seed, None).expect("a seed of this crate is well formed")
}

/// The public key of a seed.
pub fn public(seed: &str) -> Key {
    pair(seed).public().0
}

/// The address of a key, as clients show it.
pub fn address(key: &Key) -> String {
    sr25519::Public::from_raw(*key).to_ss58check()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_owner_has_the_address_that_everybody_knows() {
        assert_eq!(
            address(&public(OWNER)),
            "5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY"
        );
        assert_ne!(public(&hotkey("good")), public(&coldkey("good")));
    }
}
