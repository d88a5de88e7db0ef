//! Sixteen floats at once, on whatever vector unit the processor has.
//!
//! Every operation gives the same bits everywhere: products are fused with the addition that follows, and a lane
//! never meets another lane.

/// Sixteen numbers of one type.
pub(crate) type Sixteen<T> = [T; 16];

/// Four bytes for each lane.
pub(crate) type Quads = Sixteen<[u8; 4]>;

/// A vector unit, seen as sixteen lanes.
pub(crate) trait Lanes: Copy {
    /// Sixteen floats in registers.
    type Vector: Copy;
    /// Sixteen whole numbers of 32 bits in registers.
    type Whole: Copy;
    /// Sixteen times four bytes in registers.
    type Quads: Copy;
    /// Rows of a tile at most: as many as the registers hold.
    const ROWS: usize;
    /// Panels of a tile of many rows; 1 where there is no room for the tiles of wide registers.
    const PANELS: usize;
    /// One number in all lanes.
    fn splat(self, number: f32) -> Self::Vector;
    /// From memory.
    fn load(self, numbers: &Sixteen<f32>) -> Self::Vector;
    /// Asks for something that is read soon.
    fn expect<T>(self, place: &T);
    /// To memory.
    fn store(self, vector: Self::Vector, numbers: &mut Sixteen<f32>);
    /// `a * b + c`, rounded once.
    fn fused(self, a: Self::Vector, b: Self::Vector, c: Self::Vector) -> Self::Vector;
    /// Widens bf16, exactly.
    fn bf16(self, numbers: &Sixteen<u16>) -> Self::Vector;
    /// Widens f16, exactly; finite numbers only.
    fn f16(self, numbers: &Sixteen<u16>) -> Self::Vector;
    /// `a * b`.
    fn product(self, a: Self::Vector, b: Self::Vector) -> Self::Vector;
    /// One whole number in all lanes.
    fn whole(self, number: i32) -> Self::Whole;
    /// Whole numbers of less than 24 bits as floats, exactly.
    fn float(self, numbers: Self::Whole) -> Self::Vector;
    /// From memory.
    fn quads(self, quads: &Quads) -> Self::Quads;
    /// The lower halves of all bytes, or the upper ones.
    fn nibbles(self, quads: &Quads, upper: bool) -> Self::Quads;
    /// Adds to every lane the four products of its bytes with the inputs. `WIDE`: some byte may be beyond 127.
    fn dot<const WIDE: bool>(
        self,
        quads: Self::Quads,
        inputs: [i8; 4],
        sums: Self::Whole,
    ) -> Self::Whole;
}

/// What a processor without a known vector unit does.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Plain;

impl Lanes for Plain {
    type Vector = Sixteen<f32>;
    type Whole = Sixteen<i32>;
    type Quads = Quads;
    const ROWS: usize = 4;
    const PANELS: usize = 1;

    #[inline(always)]
    fn splat(self, number: f32) -> Self::Vector {
        [number; 16]
    }

    #[inline(always)]
    fn load(self, numbers: &Sixteen<f32>) -> Self::Vector {
        *numbers
    }

    #[inline(always)]
    fn expect<T>(self, _: &T) {}

    #[inline(always)]
    fn store(self, vector: Self::Vector, numbers: &mut Sixteen<f32>) {
        *numbers = vector;
    }

    #[inline(always)]
    fn fused(self, a: Self::Vector, b: Self::Vector, mut c: Self::Vector) -> Self::Vector {
        for ((a, b), c) in a.iter().zip(&b).zip(&mut c) {
            *c = a.mul_add(*b, *c);
        }
        c
    }

    #[inline(always)]
    fn bf16(self, numbers: &Sixteen<u16>) -> Self::Vector {
        let mut vector = [0.0; 16];
        for (wide, narrow) in vector.iter_mut().zip(numbers) {
            *wide = f32::from_bits(u32::from(*narrow) << 16);
        }
        vector
    }

    #[inline(always)]
    fn f16(self, numbers: &Sixteen<u16>) -> Self::Vector {
        let mut vector = [0.0; 16];
        for (wide, narrow) in vector.iter_mut().zip(numbers) {
            *wide = widen_f16(*narrow);
        }
        vector
    }

    #[inline(always)]
    fn product(self, mut a: Self::Vector, b: Self::Vector) -> Self::Vector {
        for (a, b) in a.iter_mut().zip(&b) {
            *a *= *b;
        }
        a
    }

    #[inline(always)]
    fn whole(self, number: i32) -> Self::Whole {
        [number; 16]
    }

    #[inline(always)]
    fn float(self, numbers: Self::Whole) -> Self::Vector {
        numbers.map(|number| number as f32)
    }

    #[inline(always)]
    fn quads(self, quads: &Quads) -> Self::Quads {
        *quads
    }

    #[inline(always)]
    fn nibbles(self, quads: &Quads, upper: bool) -> Self::Quads {
        let shift = if upper { 4 } else { 0 };
        quads.map(|quad| quad.map(|byte| byte >> shift & 15))
    }

    #[inline(always)]
    fn dot<const WIDE: bool>(
        self,
        quads: Self::Quads,
        inputs: [i8; 4],
        mut sums: Self::Whole,
    ) -> Self::Whole {
        for (sum, quad) in sums.iter_mut().zip(&quads) {
            for (byte, input) in quad.iter().zip(inputs) {
                *sum += i32::from(*byte) * i32::from(input);
            }
        }
        sums
    }
}

/// Sixteen numbers made one, halves first.
#[inline(always)]
pub(super) fn folded<T: Copy>(mut lanes: Sixteen<T>, together: impl Fn(T, T) -> T) -> T {
    let mut width = 8;
    while width > 0 {
        for i in 0..width {
            lanes[i] = together(lanes[i], lanes[i + width]);
        }
        width /= 2;
    }
    lanes[0]
}

/// Widens a finite f16, subnormal ones too: its exponent is moved by a product with a power of two.
#[inline(always)]
pub(crate) fn widen_f16(narrow: u16) -> f32 {
    let magnitude = f32::from_bits(u32::from(narrow & 0x7FFF) << 13) * f32::from_bits(0x7780_0000);
    f32::from_bits(magnitude.to_bits() | (u32::from(narrow & 0x8000) << 16))
}

/// The f16 nearest to a finite number, of two the even one; what is too large for it becomes the greatest.
#[inline(always)]
pub(super) fn narrow_f16(wide: f32) -> u16 {
    const GREATEST: f32 = 65_504.0;
    /// The least number that is not subnormal.
    const LEAST: u32 = 0x3880_0000;
    let bits = wide.to_bits();
    let magnitude = f32::from_bits(bits & 0x7FFF_FFFF).min(GREATEST);
    // The exponent's bias differs by 112; half a unit of the last place, less one for even numbers, rounds.
    let whole = magnitude.to_bits();
    let normal = whole
        .wrapping_add(0xFFF + (whole >> 13 & 1))
        .wrapping_sub(112 << 23)
        >> 13;
    // The last place of a half is that of a subnormal f16.
    let subnormal = (magnitude + 0.5).to_bits().wrapping_sub(0.5f32.to_bits());
    let narrow = if whole < LEAST { subnormal } else { normal };
    (narrow | bits >> 16 & 0x8000) as u16
}
