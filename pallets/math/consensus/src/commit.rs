//! The hash that commits to weights before they are revealed (section 10.3).

use alloc::vec::Vec;

/// A list longer than this has a compact length of another shape; no list of weights is.
const LONGEST: usize = (1 << 30) - 1;

/// The bytes whose BLAKE2b-256 is the commit: the SCALE encoding of
/// `(hotkey, storage_index, uids, values, salt, version_key)`.
///
/// `None` if a list has `2^30` entries or more.
pub fn commit_preimage(
    hotkey: &[u8; 32],
    storage_index: u16,
    uids: &[u16],
    values: &[u16],
    salt: &[u16],
    version_key: u64,
) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    bytes.extend_from_slice(hotkey);
    bytes.extend_from_slice(&storage_index.to_le_bytes());
    for list in [uids, values, salt] {
        push_compact(&mut bytes, list.len())?;
        for item in list {
            bytes.extend_from_slice(&item.to_le_bytes());
        }
    }
    bytes.extend_from_slice(&version_key.to_le_bytes());
    Some(bytes)
}

/// BLAKE2b-256 of [`commit_preimage`].
pub fn commit_hash(
    hotkey: &[u8; 32],
    storage_index: u16,
    uids: &[u16],
    values: &[u16],
    salt: &[u16],
    version_key: u64,
) -> Option<[u8; 32]> {
    let preimage = commit_preimage(hotkey, storage_index, uids, values, salt, version_key)?;
    Some(sp_crypto_hashing::blake2_256(&preimage))
}

/// A compact length: two mode bits, then 6, 14 or 30 bits, little-endian.
fn push_compact(bytes: &mut Vec<u8>, length: usize) -> Option<()> {
    if length > LONGEST {
        return None;
    }
    let length = u32::try_from(length).ok()? << 2;
    let width = match length >> 2 {
        0..=0x3f => 1,
        0x40..=0x3fff => 2,
        _ => 4,
    };
    let mode = match width {
        1 => 0,
        2 => 1,
        _ => 2,
    };
    bytes.extend((length | mode).to_le_bytes().iter().take(width));
    Some(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hex(bytes: &[u8]) -> String {
        bytes.iter().map(|byte| format!("{byte:02x}")).collect()
    }

    const SALT: [u16; 8] = [1, 2, 3, 4, 5, 6, 7, 8];

    #[test]
    fn golden_11_10_preimage() {
        let bytes = commit_preimage(&[1; 32], 1, &[0, 1], &[10, 20], &SALT, 0).unwrap();
        let lists = [
            "0100",
            "0800000100",
            "080a001400",
            "2001000200030004000500060007000800",
        ];
        let tail = lists.concat() + &"00".repeat(8);
        assert_eq!(hex(&bytes), "01".repeat(32) + &tail);
    }

    #[test]
    fn golden_11_10_hashes() {
        let hash =
            |index| hex(&commit_hash(&[1; 32], index, &[0, 1], &[10, 20], &SALT, 0).unwrap());
        assert_eq!(
            hash(1),
            "b32fee0cf40a082980202f2d70a6b830545bb472fe0b78657255b6e26727273f"
        );
        assert_eq!(
            hash(4_097),
            "6f04cdcd1728149b0dfe876c0a4baabb2f7f45ea1c4b838791328332cfc82498",
        );
    }

    #[test]
    fn compact_lengths_change_width_where_they_should() {
        let compact = |length| {
            let mut bytes = Vec::new();
            push_compact(&mut bytes, length).map(|()| bytes)
        };
        assert_eq!(compact(63).unwrap(), [0xfc]);
        assert_eq!(compact(64).unwrap(), [0x01, 0x01]);
        assert_eq!(compact(16_383).unwrap(), [0xfd, 0xff]);
        assert_eq!(compact(16_384).unwrap(), [0x02, 0x00, 0x01, 0x00]);
        assert_eq!(compact(LONGEST).unwrap(), [0xfe, 0xff, 0xff, 0xff]);
        assert_eq!(compact(LONGEST + 1), None);
    }
}
