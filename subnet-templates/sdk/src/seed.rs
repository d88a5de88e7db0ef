//! Randomness that everybody can recompute afterwards and nobody can predict.

use blake2::{Blake2b, Digest, digest::consts::U32};
use rand_chacha::{ChaCha12Rng, rand_core::SeedableRng};

use crate::draws::Draws;

/// What all random choices of a validator's round derive from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Seed([u8; 32]);

impl Seed {
    /// The seed of a validator's round.
    ///
    /// `randomness`: hash of the block that starts the epoch, which nobody knows before. `validator`: its hotkey, so that
    /// one validator's questions tell nothing about another's.
    pub fn of_round(randomness: &[u8; 32], netuid: u16, epoch: u64, validator: &[u8; 32]) -> Self {
        Self(hash(
            b"round",
            &[
                randomness,
                &netuid.to_le_bytes(),
                &epoch.to_le_bytes(),
                validator,
            ],
        ))
    }

    /// A seed with these bytes, for tests and replays.
    pub const fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// The bytes, for receipts.
    pub const fn bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// The seed of one purpose, such as one miner's challenge.
    pub fn for_purpose(&self, purpose: &str, about: &[u8]) -> Self {
        Self(hash(b"purpose", &[&self.0, purpose.as_bytes(), about]))
    }

    /// The seed of one of several, such as the second question to a miner.
    pub fn for_index(&self, index: u64) -> Self {
        Self(hash(b"index", &[&self.0, &index.to_le_bytes()]))
    }

    /// Random choices, one after another.
    pub fn draws(&self) -> Draws {
        Draws::new(self.rng())
    }

    /// A stream of random numbers.
    pub fn rng(&self) -> ChaCha12Rng {
        ChaCha12Rng::from_seed(self.0)
    }

    /// A number, such as the seed of a sampling.
    pub fn number(&self) -> u64 {
        let [a, b, c, d, e, f, g, h, ..] = self.0;
        u64::from_le_bytes([a, b, c, d, e, f, g, h])
    }
}

/// Hash of parts that cannot be confused with one another: each stands behind its length.
fn hash(domain: &[u8], parts: &[&[u8]]) -> [u8; 32] {
    let mut hasher = Blake2b::<U32>::new();
    for part in std::iter::once(&domain).chain(parts) {
        hasher.update((part.len() as u64).to_le_bytes());
        hasher.update(part);
    }
    hasher.finalize().into()
}

/// Gumbel noise of one candidate token at one position: adding it, times the temperature, to the logits and taking the greatest
/// sum draws from the softmax. It depends on nothing but its arguments, so a validator can repeat each choice.
pub fn noise(seed: u64, position: u64, token: u32) -> f32 {
    Draw::new(seed, position, token).gumbel()
}

/// One minus the uniform number behind [`noise`]: between 0 and 1, neither included.
///
/// It costs no logarithm and bounds the noise: `noise <= -ln(noise_complement)`. Who looks for the greatest sum of logit and noise
/// leaves most tokens out with it.
#[inline]
pub fn noise_complement(seed: u64, position: u64, token: u32) -> f32 {
    const ALL: u32 = (1 << 24) - 1;
    ((ALL - Draw::new(seed, position, token).0) as f32 + 0.5) / (1u32 << 24) as f32
}

/// The random number behind one [`noise`]: 24 bits.
#[derive(Clone, Copy)]
pub(crate) struct Draw(u32);

impl Draw {
    #[inline]
    pub(crate) fn new(seed: u64, position: u64, token: u32) -> Self {
        // Two rounds of the SplitMix64 finaliser: the inputs differ in few bits, the outputs in half of them.
        let mut state = seed
            .wrapping_add(position.wrapping_mul(0x9E37_79B9_7F4A_7C15))
            .wrapping_add(u64::from(token).wrapping_mul(0xD1B5_4A32_D192_ED03));
        for _ in 0..2 {
            state = (state ^ (state >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
            state = (state ^ (state >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
            state ^= state >> 31;
        }
        Self((state >> 40) as u32)
    }

    fn gumbel(self) -> f32 {
        // In the middle of its interval: neither 0 nor 1 can come out.
        let uniform = (f64::from(self.0) + 0.5) / f64::from(1u32 << 24);
        (-(-uniform.ln()).ln()) as f32
    }

    /// Whether the noise can be greater than `bound`: false only if it is not. Cheap.
    ///
    /// From `-ln(-ln u) > z` follows `1 - u <= -ln u < exp(-z) <= 2^-floor(z/ln 2)`.
    pub(crate) fn may_exceed(self, bound: f64) -> bool {
        if bound.is_nan() || bound <= 0.0 {
            return true;
        }
        let halvings = (bound * std::f64::consts::LOG2_E).floor();
        let above = (1u32 << 24) - 1 - self.0;
        halvings <= 24.0 && above < 1 << (24 - halvings as u32)
    }
}
