//! Hashes of parts that cannot be confused with one another.

use blake2::{Blake2b, Digest, digest::consts::U32};

/// BLAKE2b-256 of a domain and parts, each behind its length.
pub(crate) fn digest(domain: &str, parts: &[&[u8]]) -> [u8; 32] {
    let mut hasher = Blake2b::<U32>::new();
    for part in std::iter::once(&domain.as_bytes()).chain(parts) {
        hasher.update((part.len() as u64).to_le_bytes());
        hasher.update(part);
    }
    hasher.finalize().into()
}

/// BLAKE2b-256 of bytes.
pub(crate) fn plain(bytes: &[u8]) -> [u8; 32] {
    Blake2b::<U32>::digest(bytes).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_border_between_parts_counts() {
        assert_ne!(digest("d", &[b"ab", b"c"]), digest("d", &[b"a", b"bc"]));
        assert_ne!(digest("d", &[b"a"]), digest("d", &[b"a", b""]));
        assert_ne!(digest("d", &[b"a"]), digest("e", &[b"a"]));
    }

    #[test]
    fn the_hash_is_the_standard_one() {
        // BLAKE2b with 32 bytes of output, of the empty text.
        assert_eq!(
            hex::encode(plain(b"")),
            "0e5751c026e543b2e8ab2eb06099daa1d1e5df47778f7787faab45cdf12fe3a8"
        );
    }
}
