//! One field of a commitment, with its encoding and its metadata.
//!
//! The discriminant of a raw field carries its length: `1 + n` announces `n` bytes. No derive can write
//! that, so the four codec traits and the metadata are written here by hand, over one list of numbers.

use alloc::vec;

use codec::{
    Decode, DecodeWithMemTracking, Encode, EncodeLike, Error, Input, MaxEncodedLen, Output,
};
use frame_support::{BoundedVec, traits::ConstU32};
use scale_info::{
    Path, Type, TypeInfo,
    build::{Fields, Variants},
};

/// Most bytes of a [`Data::Raw`] field.
pub const RAW_BYTES: u32 = 128;
/// Most bytes of a [`Data::BigRaw`] field.
pub const BIG_RAW_BYTES: u32 = 512;
/// Most bytes of the ciphertext of a [`Data::TimelockEncrypted`] field, and so of what it opens to.
pub const ENCRYPTED_BYTES: u32 = 1_024;

// The discriminants on the wire (interface D.2).
const NONE: u8 = 0;
const FIRST_RAW: u8 = 1;
const LAST_RAW: u8 = 129;
const BLAKE_TWO_256: u8 = 130;
const SHA_256: u8 = 131;
const KECCAK_256: u8 = 132;
const SHA_THREE_256: u8 = 133;
const TIMELOCK_ENCRYPTED: u8 = 134;
const RESET_BONDS_FLAG: u8 = 135;
const BIG_RAW: u8 = 136;

/// One field of a commitment.
///
/// The chain reads only two of the kinds: [`Data::TimelockEncrypted`] and [`Data::ResetBondsFlag`]. The
/// names of the others are a promise between whoever writes and whoever reads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Data {
    /// No content.
    None,
    /// Up to [`RAW_BYTES`] bytes; clients see the variants `Raw0` to `Raw128`.
    Raw(BoundedVec<u8, ConstU32<RAW_BYTES>>),
    /// A BLAKE2 hash of 256 bits.
    BlakeTwo256([u8; 32]),
    /// A SHA-2 hash of 256 bits.
    Sha256([u8; 32]),
    /// A Keccak hash of 256 bits.
    Keccak256([u8; 32]),
    /// A SHA-3 hash of 256 bits.
    ShaThree256([u8; 32]),
    /// A message that nobody can read before a round of the beacon.
    TimelockEncrypted {
        /// The ciphertext.
        encrypted: BoundedVec<u8, ConstU32<ENCRYPTED_BYTES>>,
        /// Round of the beacon whose signature opens it.
        reveal_round: u64,
    },
    /// A request to delete all bonds toward the hotkey.
    ResetBondsFlag,
    /// Up to [`BIG_RAW_BYTES`] bytes.
    BigRaw(BoundedVec<u8, ConstU32<BIG_RAW_BYTES>>),
}

impl Data {
    /// Bytes of content: what the quota counts. Discriminant, lengths and round are free.
    pub fn content_bytes(&self) -> u64 {
        let bytes = match self {
            Self::None | Self::ResetBondsFlag => 0,
            Self::Raw(raw) => raw.len(),
            Self::BlakeTwo256(hash)
            | Self::Sha256(hash)
            | Self::Keccak256(hash)
            | Self::ShaThree256(hash) => hash.len(),
            Self::TimelockEncrypted { encrypted, .. } => encrypted.len(),
            Self::BigRaw(raw) => raw.len(),
        };
        // At most 1024.
        bytes as u64
    }

    /// Round of the beacon that opens the field; `None` for a field that is not encrypted.
    pub fn reveal_round(&self) -> Option<u64> {
        match self {
            Self::TimelockEncrypted { reveal_round, .. } => Some(*reveal_round),
            _ => None,
        }
    }

    fn discriminant(&self) -> u8 {
        match self {
            Self::None => NONE,
            // The length is at most 128, so the cast keeps it and the sum is at most 129.
            Self::Raw(raw) => FIRST_RAW.saturating_add(raw.len() as u8),
            Self::BlakeTwo256(_) => BLAKE_TWO_256,
            Self::Sha256(_) => SHA_256,
            Self::Keccak256(_) => KECCAK_256,
            Self::ShaThree256(_) => SHA_THREE_256,
            Self::TimelockEncrypted { .. } => TIMELOCK_ENCRYPTED,
            Self::ResetBondsFlag => RESET_BONDS_FLAG,
            Self::BigRaw(_) => BIG_RAW,
        }
    }
}

impl Encode for Data {
    fn size_hint(&self) -> usize {
        // Discriminant, a length of two bytes, a round of eight.
        (self.content_bytes() as usize).saturating_add(11)
    }

    fn encode_to<O: Output + ?Sized>(&self, output: &mut O) {
        output.push_byte(self.discriminant());
        match self {
            Self::None | Self::ResetBondsFlag => {}
            // The discriminant said how many bytes follow.
            Self::Raw(raw) => output.write(raw),
            Self::BlakeTwo256(hash)
            | Self::Sha256(hash)
            | Self::Keccak256(hash)
            | Self::ShaThree256(hash) => output.write(hash),
            Self::TimelockEncrypted {
                encrypted,
                reveal_round,
            } => {
                encrypted.encode_to(output);
                reveal_round.encode_to(output);
            }
            Self::BigRaw(raw) => raw.encode_to(output),
        }
    }
}

impl EncodeLike for Data {}

impl Decode for Data {
    fn decode<I: Input>(input: &mut I) -> Result<Self, Error> {
        Ok(match input.read_byte()? {
            NONE => Self::None,
            raw @ FIRST_RAW..=LAST_RAW => {
                Self::Raw(read_raw(input, raw.saturating_sub(FIRST_RAW))?)
            }
            BLAKE_TWO_256 => Self::BlakeTwo256(Decode::decode(input)?),
            SHA_256 => Self::Sha256(Decode::decode(input)?),
            KECCAK_256 => Self::Keccak256(Decode::decode(input)?),
            SHA_THREE_256 => Self::ShaThree256(Decode::decode(input)?),
            TIMELOCK_ENCRYPTED => Self::TimelockEncrypted {
                encrypted: Decode::decode(input)?,
                reveal_round: Decode::decode(input)?,
            },
            RESET_BONDS_FLAG => Self::ResetBondsFlag,
            BIG_RAW => Self::BigRaw(Decode::decode(input)?),
            _ => return Err("no field of a commitment has this discriminant".into()),
        })
    }
}

// Every allocation is announced to the input before it is made, by `read_raw` or by the bounded vectors.
impl DecodeWithMemTracking for Data {}

/// Reads exactly `length` bytes; at most 128 are allocated.
fn read_raw<I: Input>(
    input: &mut I,
    length: u8,
) -> Result<BoundedVec<u8, ConstU32<RAW_BYTES>>, Error> {
    let length = usize::from(length);
    input.on_before_alloc_mem(length)?;
    let mut bytes = vec![0; length];
    input.read(&mut bytes)?;
    BoundedVec::try_from(bytes).map_err(|_| "a raw field has at most 128 bytes".into())
}

impl MaxEncodedLen for Data {
    fn max_encoded_len() -> usize {
        // The longest kind is the encrypted one.
        BoundedVec::<u8, ConstU32<ENCRYPTED_BYTES>>::max_encoded_len()
            .saturating_add(u8::max_encoded_len())
            .saturating_add(u64::max_encoded_len())
    }
}

/// Appends one variant per length of a raw field, `Raw0` to `Raw128`.
macro_rules! with_raw_variants {
    ($variants:expr, $($length:literal)*) => {
        $variants $(.variant(concat!("Raw", $length), |variant| {
            variant
                .index(FIRST_RAW + $length)
                .fields(Fields::unnamed().field(|field| field.ty::<[u8; $length]>()))
        }))*
    };
}

impl TypeInfo for Data {
    type Identity = Self;

    fn type_info() -> Type {
        let hash = || Fields::unnamed().field(|field| field.ty::<[u8; 32]>());
        let variants = Variants::new().variant("None", |variant| variant.index(NONE));
        let variants = with_raw_variants!(
            variants,
            0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24 25 26 27 28 29 30 31
            32 33 34 35 36 37 38 39 40 41 42 43 44 45 46 47 48 49 50 51 52 53 54 55 56 57 58 59 60
            61 62 63 64 65 66 67 68 69 70 71 72 73 74 75 76 77 78 79 80 81 82 83 84 85 86 87 88 89
            90 91 92 93 94 95 96 97 98 99 100 101 102 103 104 105 106 107 108 109 110 111 112 113
            114 115 116 117 118 119 120 121 122 123 124 125 126 127 128
        );
        let variants = variants
            .variant("BlakeTwo256", |variant| {
                variant.index(BLAKE_TWO_256).fields(hash())
            })
            .variant("Sha256", |variant| variant.index(SHA_256).fields(hash()))
            .variant("Keccak256", |variant| {
                variant.index(KECCAK_256).fields(hash())
            })
            .variant("ShaThree256", |variant| {
                variant.index(SHA_THREE_256).fields(hash())
            })
            .variant("TimelockEncrypted", |variant| {
                variant.index(TIMELOCK_ENCRYPTED).fields(
                    Fields::named()
                        .field(|field| {
                            field
                                .ty::<BoundedVec<u8, ConstU32<ENCRYPTED_BYTES>>>()
                                .name("encrypted")
                        })
                        .field(|field| field.ty::<u64>().name("reveal_round")),
                )
            })
            .variant("ResetBondsFlag", |variant| variant.index(RESET_BONDS_FLAG))
            .variant("BigRaw", |variant| {
                variant.index(BIG_RAW).fields(
                    Fields::unnamed()
                        .field(|field| field.ty::<BoundedVec<u8, ConstU32<BIG_RAW_BYTES>>>()),
                )
            });
        // The path under which the type is public, not the file it stands in.
        Type::builder()
            .path(Path::new("Data", "pallet_commitments::types"))
            .docs(&["One field of a commitment."])
            .variant(variants)
    }
}
