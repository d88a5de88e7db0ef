//! A generator of numbers that a seed determines.

/// SplitMix64.
pub(crate) struct Rng(u64);

impl Rng {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed)
    }

    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number below a positive one. The bias of the remainder does not matter here.
    pub(crate) fn below(&mut self, end: u64) -> u64 {
        self.next() % end
    }

    /// A number of a range, both ends included.
    pub(crate) fn within(&mut self, low: u64, high: u64) -> u64 {
        low + self.below(high - low + 1)
    }

    /// Whether something of so many per cent happens.
    pub(crate) fn chance(&mut self, percent: u64) -> bool {
        self.below(100) < percent
    }

    pub(crate) fn pick<'a, V>(&mut self, values: &'a [V]) -> &'a V {
        let place = self.below(values.len() as u64);
        &values[place as usize]
    }

    /// A number that breaks things: an end of some range, or anything.
    pub(crate) fn hostile(&mut self) -> u64 {
        let anything = self.next();
        let ends = [
            0,
            1,
            2,
            255,
            256,
            4_095,
            4_096,
            65_534,
            65_535,
            65_536,
            1 << 32,
            1 << 63,
            u64::MAX - 1,
            u64::MAX,
            anything,
            anything >> 32,
        ];
        *self.pick(&ends)
    }

    /// The same, of 16 bits.
    pub(crate) fn hostile_u16(&mut self) -> u16 {
        match self.below(8) {
            0 => u16::MAX,
            _ => self.hostile() as u16,
        }
    }

    /// Some bytes, up to a length.
    pub(crate) fn bytes(&mut self, most: u64) -> Vec<u8> {
        let length = self.below(most + 1);
        (0..length).map(|_| self.next() as u8).collect()
    }
}
