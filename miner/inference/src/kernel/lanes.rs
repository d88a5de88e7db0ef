//! Sixteen floats at once, on whatever vector unit the processor has.
//!
//! Every operation gives the same bits everywhere: products are fused with the addition that follows, and a lane
//! never meets another lane.

/// Sixteen numbers of one type.
pub(crate) type Sixteen<T> = [T; 16];

/// A vector unit, seen as sixteen lanes.
pub(crate) trait Lanes: Copy {
    /// Sixteen floats in registers.
    type Vector: Copy;
    /// Rows of a tile at most: as many as the registers hold.
    const ROWS: usize;
    /// Panels of a tile with several rows.
    const PANELS: usize;
    /// One number in all lanes.
    fn splat(self, number: f32) -> Self::Vector;
    /// From memory.
    fn load(self, numbers: &Sixteen<f32>) -> Self::Vector;
    /// To memory.
    fn store(self, vector: Self::Vector, numbers: &mut Sixteen<f32>);
    /// `a * b + c`, rounded once.
    fn fused(self, a: Self::Vector, b: Self::Vector, c: Self::Vector) -> Self::Vector;
    /// Widens bf16, exactly.
    fn bf16(self, numbers: &Sixteen<u16>) -> Self::Vector;
    /// Widens f16, exactly; finite numbers only.
    fn f16(self, numbers: &Sixteen<u16>) -> Self::Vector;
    /// The lower and the upper half of each byte, less 8.
    fn nibbles(self, bytes: &Sixteen<u8>) -> (Self::Vector, Self::Vector);
    /// Signed bytes.
    fn bytes(self, bytes: &Sixteen<i8>) -> Self::Vector;
}

/// What a processor without a known vector unit does.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Plain;

impl Lanes for Plain {
    type Vector = Sixteen<f32>;
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
    fn nibbles(self, bytes: &Sixteen<u8>) -> (Self::Vector, Self::Vector) {
        let (mut low, mut high) = ([0.0; 16], [0.0; 16]);
        for ((low, high), byte) in low.iter_mut().zip(&mut high).zip(bytes) {
            *low = f32::from(byte & 15) - 8.0;
            *high = f32::from(byte >> 4) - 8.0;
        }
        (low, high)
    }

    #[inline(always)]
    fn bytes(self, bytes: &Sixteen<i8>) -> Self::Vector {
        let mut vector = [0.0; 16];
        for (wide, narrow) in vector.iter_mut().zip(bytes) {
            *wide = f32::from(*narrow);
        }
        vector
    }
}

/// Widens a finite f16, subnormal ones too: its exponent is moved by a product with a power of two.
#[inline(always)]
pub(crate) fn widen_f16(narrow: u16) -> f32 {
    let magnitude = f32::from_bits(u32::from(narrow & 0x7FFF) << 13) * f32::from_bits(0x7780_0000);
    f32::from_bits(magnitude.to_bits() | (u32::from(narrow & 0x8000) << 16))
}

#[cfg(target_arch = "x86_64")]
mod x86 {
    use std::arch::x86_64::{__m128i, __m256, __m256i, __m512, __m512i};

    use pulp::{
        cast,
        x86::{V3, V4},
    };

    use super::{Lanes, Sixteen};

    /// The sixteen values of a nibble, less 8.
    const NIBBLES: Sixteen<f32> = [
        -8.0, -7.0, -6.0, -5.0, -4.0, -3.0, -2.0, -1.0, 0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0,
    ];

    impl Lanes for V4 {
        type Vector = __m512;
        const ROWS: usize = 8;
        const PANELS: usize = 3;

        #[inline(always)]
        fn splat(self, number: f32) -> __m512 {
            self.avx512f._mm512_set1_ps(number)
        }

        #[inline(always)]
        fn load(self, numbers: &Sixteen<f32>) -> __m512 {
            cast(*numbers)
        }

        #[inline(always)]
        fn store(self, vector: __m512, numbers: &mut Sixteen<f32>) {
            *numbers = cast(vector);
        }

        #[inline(always)]
        fn fused(self, a: __m512, b: __m512, c: __m512) -> __m512 {
            self.avx512f._mm512_fmadd_ps(a, b, c)
        }

        #[inline(always)]
        fn bf16(self, numbers: &Sixteen<u16>) -> __m512 {
            let wide = self
                .avx512f
                ._mm512_cvtepu16_epi32(cast::<_, __m256i>(*numbers));
            cast::<__m512i, __m512>(self.avx512f._mm512_slli_epi32::<16>(wide))
        }

        #[inline(always)]
        fn f16(self, numbers: &Sixteen<u16>) -> __m512 {
            self.avx512f._mm512_cvtph_ps(cast::<_, __m256i>(*numbers))
        }

        #[inline(always)]
        fn nibbles(self, bytes: &Sixteen<u8>) -> (__m512, __m512) {
            let table = cast::<_, __m512>(NIBBLES);
            let wide = self
                .avx512f
                ._mm512_cvtepu8_epi32(cast::<_, __m128i>(*bytes));
            // The permutation reads the lower four bits of each lane alone.
            let high = self.avx512f._mm512_srli_epi32::<4>(wide);
            (
                self.avx512f._mm512_permutexvar_ps(wide, table),
                self.avx512f._mm512_permutexvar_ps(high, table),
            )
        }

        #[inline(always)]
        fn bytes(self, bytes: &Sixteen<i8>) -> __m512 {
            let wide = self
                .avx512f
                ._mm512_cvtepi8_epi32(cast::<_, __m128i>(*bytes));
            self.avx512f._mm512_cvtepi32_ps(wide)
        }
    }

    /// The two halves of sixteen bytes, each where the widening instructions read it.
    #[inline(always)]
    fn halves<T: pulp::bytemuck::Pod>(bytes: [T; 16]) -> [__m128i; 2] {
        let [first, second]: [u64; 2] = cast(bytes);
        [cast([first, 0]), cast([second, 0])]
    }

    impl Lanes for V3 {
        type Vector = [__m256; 2];
        const ROWS: usize = 4;
        const PANELS: usize = 1;

        #[inline(always)]
        fn splat(self, number: f32) -> Self::Vector {
            let half = self.avx._mm256_set1_ps(number);
            [half, half]
        }

        #[inline(always)]
        fn load(self, numbers: &Sixteen<f32>) -> Self::Vector {
            cast(*numbers)
        }

        #[inline(always)]
        fn store(self, vector: Self::Vector, numbers: &mut Sixteen<f32>) {
            *numbers = cast(vector);
        }

        #[inline(always)]
        fn fused(self, a: Self::Vector, b: Self::Vector, c: Self::Vector) -> Self::Vector {
            [
                self.fma._mm256_fmadd_ps(a[0], b[0], c[0]),
                self.fma._mm256_fmadd_ps(a[1], b[1], c[1]),
            ]
        }

        #[inline(always)]
        fn bf16(self, numbers: &Sixteen<u16>) -> Self::Vector {
            let [first, second]: [__m128i; 2] = cast(*numbers);
            let first = self.avx2._mm256_cvtepu16_epi32(first);
            let second = self.avx2._mm256_cvtepu16_epi32(second);
            [
                cast(self.avx2._mm256_slli_epi32::<16>(first)),
                cast(self.avx2._mm256_slli_epi32::<16>(second)),
            ]
        }

        #[inline(always)]
        fn f16(self, numbers: &Sixteen<u16>) -> Self::Vector {
            // The conversion instruction is not among those that this level promises.
            cast(super::Plain.f16(numbers))
        }

        #[inline(always)]
        fn nibbles(self, bytes: &Sixteen<u8>) -> (Self::Vector, Self::Vector) {
            let mask: __m256i = cast([15u32; 8]);
            let eight = self.avx._mm256_set1_ps(8.0);
            let [first, second] = halves(*bytes);
            let first = self.avx2._mm256_cvtepu8_epi32(first);
            let second = self.avx2._mm256_cvtepu8_epi32(second);
            let low = [
                self.avx2._mm256_and_si256(first, mask),
                self.avx2._mm256_and_si256(second, mask),
            ];
            let high = [
                self.avx2._mm256_srli_epi32::<4>(first),
                self.avx2._mm256_srli_epi32::<4>(second),
            ];
            (
                [
                    self.avx
                        ._mm256_sub_ps(self.avx._mm256_cvtepi32_ps(low[0]), eight),
                    self.avx
                        ._mm256_sub_ps(self.avx._mm256_cvtepi32_ps(low[1]), eight),
                ],
                [
                    self.avx
                        ._mm256_sub_ps(self.avx._mm256_cvtepi32_ps(high[0]), eight),
                    self.avx
                        ._mm256_sub_ps(self.avx._mm256_cvtepi32_ps(high[1]), eight),
                ],
            )
        }

        #[inline(always)]
        fn bytes(self, bytes: &Sixteen<i8>) -> Self::Vector {
            let [first, second] = halves(*bytes);
            [
                self.avx
                    ._mm256_cvtepi32_ps(self.avx2._mm256_cvtepi8_epi32(first)),
                self.avx
                    ._mm256_cvtepi32_ps(self.avx2._mm256_cvtepi8_epi32(second)),
            ]
        }
    }
}
