//! Hashes that identify a model.

use blake2::{Blake2b, Digest, digest::consts::U32};

/// BLAKE2b-256.
pub(super) fn hash(bytes: &[u8]) -> [u8; 32] {
    Blake2b::<U32>::digest(bytes).into()
}

/// Hash of parts, each behind its length.
pub(super) struct Parts(Blake2b<U32>);

impl Parts {
    pub(super) fn new() -> Self {
        Self(Blake2b::new())
    }

    pub(super) fn add(&mut self, part: &[u8]) {
        self.0.update((part.len() as u64).to_le_bytes());
        self.0.update(part);
    }

    /// A tensor: name, type, shape, bytes. Tensors come in the order of their names.
    pub(super) fn add_tensor(&mut self, name: &str, kind: &str, shape: &[usize], bytes: &[u8]) {
        self.add(name.as_bytes());
        self.add(kind.as_bytes());
        self.0.update((shape.len() as u64).to_le_bytes());
        for length in shape {
            self.0.update((*length as u64).to_le_bytes());
        }
        self.add(bytes);
    }

    pub(super) fn finish(self) -> [u8; 32] {
        self.0.finalize().into()
    }
}
