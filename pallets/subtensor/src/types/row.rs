//! A row of weights or bonds, with an encoding that costs little.

use alloc::vec::Vec;
use core::ops::{Deref, DerefMut};

use codec::{Compact, Decode, Encode, EncodeLike, Error, Input, MaxEncodedLen, Output};
use scale_info::{Type, TypeInfo};

use super::{MAX_UIDS, PerNeuron};

/// Bytes of an entry.
const ENTRY: usize = 4;

/// A sparse row of weights or bonds: pairs of uid and value.
///
/// On the wire it is a list of pairs like any other. It is read and written as one piece, because an epoch of a
/// full subnet reads and writes a million entries: the codec of lists goes entry by entry.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Row(PerNeuron<(u16, u16)>);

impl Row {
    /// The first entries, as many as there is room for.
    pub fn truncate_from(entries: Vec<(u16, u16)>) -> Self {
        Self(PerNeuron::truncate_from(entries))
    }

    /// The entries.
    pub fn into_inner(self) -> Vec<(u16, u16)> {
        self.0.into_inner()
    }
}

impl TryFrom<Vec<(u16, u16)>> for Row {
    type Error = Vec<(u16, u16)>;

    fn try_from(entries: Vec<(u16, u16)>) -> Result<Self, Self::Error> {
        PerNeuron::try_from(entries).map(Self)
    }
}

impl Deref for Row {
    type Target = PerNeuron<(u16, u16)>;

    fn deref(&self) -> &Self::Target {
        &self.0
    }
}

impl DerefMut for Row {
    fn deref_mut(&mut self) -> &mut Self::Target {
        &mut self.0
    }
}

impl IntoIterator for Row {
    type Item = (u16, u16);
    type IntoIter = <PerNeuron<(u16, u16)> as IntoIterator>::IntoIter;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

impl PartialEq<Vec<(u16, u16)>> for Row {
    fn eq(&self, other: &Vec<(u16, u16)>) -> bool {
        self.0 == *other
    }
}

impl TypeInfo for Row {
    type Identity = <PerNeuron<(u16, u16)> as TypeInfo>::Identity;

    fn type_info() -> Type {
        PerNeuron::<(u16, u16)>::type_info()
    }
}

impl MaxEncodedLen for Row {
    fn max_encoded_len() -> usize {
        PerNeuron::<(u16, u16)>::max_encoded_len()
    }
}

impl EncodeLike for Row {}

impl Encode for Row {
    fn size_hint(&self) -> usize {
        // The length takes four bytes at most.
        self.0.len().saturating_add(1).saturating_mul(ENTRY)
    }

    fn encode_to<O: Output + ?Sized>(&self, output: &mut O) {
        // A row has at most 4096 entries.
        Compact(self.0.len() as u32).encode_to(output);
        let mut bytes = alloc::vec![0; self.0.len().saturating_mul(ENTRY)];
        for (piece, (uid, value)) in bytes.chunks_exact_mut(ENTRY).zip(&self.0) {
            let entry = u32::from(*uid) | u32::from(*value) << 16;
            piece.copy_from_slice(&entry.to_le_bytes());
        }
        output.write(&bytes);
    }
}

impl Decode for Row {
    fn decode<I: Input>(input: &mut I) -> Result<Self, Error> {
        let Compact(length) = Compact::<u32>::decode(input)?;
        if length > MAX_UIDS {
            return Err("a row has more entries than a subnet has room for".into());
        }
        // At most 16 KiB.
        let mut bytes = alloc::vec![0; (length as usize).saturating_mul(ENTRY)];
        input.read(&mut bytes)?;
        let entries = bytes
            .chunks_exact(ENTRY)
            .filter_map(|piece| <[u8; ENTRY]>::try_from(piece).ok())
            .map(u32::from_le_bytes)
            .map(|entry| (entry as u16, (entry >> 16) as u16))
            .collect();
        Ok(Self::truncate_from(entries))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn a_row_is_written_as_the_list_that_it_is(
            entries in prop::collection::vec(any::<(u16, u16)>(), 0..100),
        ) {
            let row = Row::truncate_from(entries.clone());
            prop_assert_eq!(row.encode(), entries.encode());
            prop_assert_eq!(Row::decode(&mut &entries.encode()[..]), Ok(row));
        }

        #[test]
        fn bytes_mean_a_row_exactly_if_they_mean_such_a_list(
            bytes in prop::collection::vec(any::<u8>(), 0..40),
        ) {
            let list = PerNeuron::<(u16, u16)>::decode(&mut &bytes[..]);
            prop_assert_eq!(
                Row::decode(&mut &bytes[..]).ok().map(Row::into_inner),
                list.ok().map(PerNeuron::into_inner)
            );
        }
    }

    #[test]
    fn rows_of_every_length_of_the_length_are_read_back() {
        for length in [0, 1, 63, 64, 4_095, MAX_UIDS as u16] {
            let entries: Vec<_> = (0..length).map(|uid| (uid, !uid)).collect();
            let row = Row::truncate_from(entries.clone());
            let bytes = row.encode();
            assert_eq!(bytes, entries.encode());
            assert!(bytes.len() <= row.size_hint());
            assert!(bytes.len() <= Row::max_encoded_len());
            assert_eq!(Row::decode(&mut &bytes[..]), Ok(row));
        }
    }

    #[test]
    fn a_row_longer_than_a_subnet_is_refused_before_anything_is_allocated() {
        for length in [MAX_UIDS + 1, u32::MAX] {
            assert!(Row::decode(&mut &Compact(length).encode()[..]).is_err());
        }
    }

    #[test]
    fn a_row_looks_like_the_list_to_clients() {
        assert_eq!(Row::type_info(), PerNeuron::<(u16, u16)>::type_info());
    }
}
