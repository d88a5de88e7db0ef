//! The hash by which weights are committed.

use codec::Encode;
use sp_crypto_hashing::blake2_256;

use crate::AccountId32;

/// The number under which a mechanism of a subnet keeps its weights: `mechanism * 4096 + netuid`, so that of
/// mechanism 0 it is the netuid. Saturates, which no mechanism that exists reaches.
///
/// Source: interface.md, `NetUidIndex`.
#[must_use]
pub fn storage_index(netuid: u16, mechanism: u8) -> u16 {
    u16::from(mechanism)
        .saturating_mul(4096)
        .saturating_add(netuid)
}

/// The hash that commits to weights: BLAKE2b-256 of the SCALE encoding of all arguments in their order.
///
/// `index`: see [`storage_index`]. `uids`, `values`: equally long, as they will be revealed. `salt`: random
/// and kept until the reveal, since without it a neighbour tries out all weights that are likely.
///
/// Source: consensus.md, section 10.3.
#[must_use]
pub fn commit_hash(
    hotkey: &AccountId32,
    index: u16,
    uids: &[u16],
    values: &[u16],
    salt: &[u16],
    version_key: u64,
) -> [u8; 32] {
    blake2_256(&(hotkey, index, uids, values, salt, version_key).encode())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Section 11.10 of the consensus specification.
    fn of(index: u16) -> String {
        hex::encode(commit_hash(
            &AccountId32::new([1; 32]),
            index,
            &[0, 1],
            &[10, 20],
            &[1, 2, 3, 4, 5, 6, 7, 8],
            0,
        ))
    }

    #[test]
    fn commits_are_the_vectors_of_the_specification() {
        assert_eq!(
            of(1),
            "b32fee0cf40a082980202f2d70a6b830545bb472fe0b78657255b6e26727273f"
        );
        assert_eq!(
            of(storage_index(1, 1)),
            "6f04cdcd1728149b0dfe876c0a4baabb2f7f45ea1c4b838791328332cfc82498"
        );
    }

    #[test]
    fn every_argument_changes_the_hash() {
        let hotkey = AccountId32::new([1; 32]);
        let base = commit_hash(&hotkey, 1, &[0], &[1], &[2], 3);
        for other in [
            commit_hash(&AccountId32::new([2; 32]), 1, &[0], &[1], &[2], 3),
            commit_hash(&hotkey, 2, &[0], &[1], &[2], 3),
            commit_hash(&hotkey, 1, &[1], &[1], &[2], 3),
            commit_hash(&hotkey, 1, &[0], &[2], &[2], 3),
            commit_hash(&hotkey, 1, &[0], &[1], &[3], 3),
            commit_hash(&hotkey, 1, &[0], &[1], &[2], 4),
        ] {
            assert_ne!(base, other);
        }
    }
}
