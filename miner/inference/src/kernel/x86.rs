//! Sixteen lanes on processors of Intel's family.

use std::arch::x86_64::{__m128i, __m256, __m256i, __m512, __m512i, _MM_HINT_T0, _mm_prefetch};

use pulp::{
    cast,
    x86::{V3, V4},
};

use super::lanes::{Lanes, Plain, Quads, Sixteen};

/// Brings every cache line of something closer.
#[inline(always)]
#[allow(
    unsafe_code,
    reason = "the library that wraps the other instructions lacks this one"
)]
fn prefetch<T>(place: &T) {
    const LINE: usize = 64;
    let start = std::ptr::from_ref(place).cast::<i8>();
    for line in 0..size_of::<T>().div_ceil(LINE) {
        // SAFETY: the instruction reads nothing that a program could see, and no address makes it fail.
        unsafe { _mm_prefetch::<_MM_HINT_T0>(start.wrapping_add(line * LINE)) };
    }
}

/// All operations but `dot`, from a field that has them.
macro_rules! shared_with {
    ($field:ident) => {
        #[inline(always)]
        fn splat(self, number: f32) -> Self::Vector {
            self.$field.splat(number)
        }

        #[inline(always)]
        fn load(self, numbers: &Sixteen<f32>) -> Self::Vector {
            self.$field.load(numbers)
        }

        #[inline(always)]
        fn expect<T>(self, place: &T) {
            prefetch(place);
        }

        #[inline(always)]
        fn store(self, vector: Self::Vector, numbers: &mut Sixteen<f32>) {
            self.$field.store(vector, numbers);
        }

        #[inline(always)]
        fn fused(self, a: Self::Vector, b: Self::Vector, c: Self::Vector) -> Self::Vector {
            self.$field.fused(a, b, c)
        }

        #[inline(always)]
        fn product(self, a: Self::Vector, b: Self::Vector) -> Self::Vector {
            self.$field.product(a, b)
        }

        #[inline(always)]
        fn bf16(self, numbers: &Sixteen<u16>) -> Self::Vector {
            self.$field.bf16(numbers)
        }

        #[inline(always)]
        fn f16(self, numbers: &Sixteen<u16>) -> Self::Vector {
            self.$field.f16(numbers)
        }

        #[inline(always)]
        fn float(self, numbers: Self::Whole) -> Self::Vector {
            self.$field.float(numbers)
        }

        #[inline(always)]
        fn whole(self, number: i32) -> Self::Whole {
            self.$field.whole(number)
        }

        #[inline(always)]
        fn quads(self, quads: &Quads) -> Self::Quads {
            self.$field.quads(quads)
        }

        #[inline(always)]
        fn nibbles(self, quads: &Quads, upper: bool) -> Self::Quads {
            self.$field.nibbles(quads, upper)
        }
    };
}

pulp::simd_type!({
    /// What [`V4`] has, and dot products of bytes.
    pub(crate) struct Vnni {
        pub(crate) avx: f!("avx"),
        pub(crate) avx2: f!("avx2"),
        pub(crate) fma: f!("fma"),
        pub(crate) avx512f: f!("avx512f"),
        pub(crate) avx512bw: f!("avx512bw"),
        pub(crate) avx512cd: f!("avx512cd"),
        pub(crate) avx512dq: f!("avx512dq"),
        pub(crate) avx512vl: f!("avx512vl"),
        pub(crate) avx512vnni: f!("avx512vnni"),
    }
});

/// AVX-512 with dot products of bytes.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Dots {
    v4: V4,
    pub(crate) vnni: Vnni,
}

impl Dots {
    /// If this processor has it.
    pub(crate) fn try_new() -> Option<Self> {
        Some(Self {
            v4: V4::try_new()?,
            vnni: Vnni::try_new()?,
        })
    }
}

impl Lanes for Dots {
    type Vector = __m512;
    type Whole = __m512i;
    type Quads = __m512i;
    const ROWS: usize = V4::ROWS;
    const PANELS: usize = V4::PANELS;

    shared_with!(v4);

    #[inline(always)]
    #[allow(
        unsafe_code,
        reason = "the library that wraps the other instructions lacks this one"
    )]
    fn dot<const WIDE: bool>(self, quads: __m512i, inputs: [i8; 4], sums: __m512i) -> __m512i {
        let inputs = self.whole(cast(inputs));
        // SAFETY: `self.vnni` exists only where the processor has the instruction.
        unsafe { std::arch::x86_64::_mm512_dpbusd_epi32(sums, quads, inputs) }
    }
}

impl Lanes for V4 {
    type Vector = __m512;
    type Whole = __m512i;
    type Quads = __m512i;
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
    fn expect<T>(self, place: &T) {
        prefetch(place);
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
    fn product(self, a: __m512, b: __m512) -> __m512 {
        self.avx512f._mm512_mul_ps(a, b)
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
    fn whole(self, number: i32) -> __m512i {
        self.avx512f._mm512_set1_epi32(number)
    }

    #[inline(always)]
    fn float(self, numbers: __m512i) -> __m512 {
        self.avx512f._mm512_cvtepi32_ps(numbers)
    }

    #[inline(always)]
    fn quads(self, quads: &Quads) -> __m512i {
        cast(*quads)
    }

    #[inline(always)]
    fn nibbles(self, quads: &Quads, upper: bool) -> __m512i {
        let mut wanted: __m512i = cast(*quads);
        if upper {
            wanted = self.avx512bw._mm512_srli_epi16::<4>(wanted);
        }
        self.avx512f
            ._mm512_and_si512(wanted, self.whole(0x0F0F_0F0F))
    }

    #[inline(always)]
    fn dot<const WIDE: bool>(self, quads: __m512i, inputs: [i8; 4], sums: __m512i) -> __m512i {
        let inputs = self.whole(cast(inputs));
        let ones = self.whole(0x0001_0001);
        // Two products are added in 16 bits, which hold them if the bytes are below 128.
        let add = |quads, sums| {
            let pairs = self.avx512bw._mm512_maddubs_epi16(quads, inputs);
            let fours = self.avx512bw._mm512_madd_epi16(pairs, ones);
            self.avx512f._mm512_add_epi32(sums, fours)
        };
        if WIDE {
            let low = self
                .avx512f
                ._mm512_and_si512(quads, self.whole(0x7F7F_7F7F));
            let high = self
                .avx512f
                ._mm512_and_si512(quads, self.whole(0x8080_8080_u32.cast_signed()));
            add(high, add(low, sums))
        } else {
            add(quads, sums)
        }
    }
}

/// The two halves of sixteen halves of floats.
#[inline(always)]
fn halves(numbers: Sixteen<u16>) -> [__m128i; 2] {
    cast(numbers)
}

impl Lanes for V3 {
    type Vector = [__m256; 2];
    type Whole = [__m256i; 2];
    type Quads = [__m256i; 2];
    const ROWS: usize = 4;
    const PANELS: usize = 1;

    #[inline(always)]
    fn splat(self, number: f32) -> Self::Vector {
        [self.avx._mm256_set1_ps(number); 2]
    }

    #[inline(always)]
    fn load(self, numbers: &Sixteen<f32>) -> Self::Vector {
        cast(*numbers)
    }

    #[inline(always)]
    fn expect<T>(self, place: &T) {
        prefetch(place);
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
    fn product(self, a: Self::Vector, b: Self::Vector) -> Self::Vector {
        [
            self.avx._mm256_mul_ps(a[0], b[0]),
            self.avx._mm256_mul_ps(a[1], b[1]),
        ]
    }

    #[inline(always)]
    fn bf16(self, numbers: &Sixteen<u16>) -> Self::Vector {
        let [first, second] = halves(*numbers);
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
        cast(Plain.f16(numbers))
    }

    #[inline(always)]
    fn whole(self, number: i32) -> Self::Whole {
        [self.avx._mm256_set1_epi32(number); 2]
    }

    #[inline(always)]
    fn float(self, numbers: Self::Whole) -> Self::Vector {
        [
            self.avx._mm256_cvtepi32_ps(numbers[0]),
            self.avx._mm256_cvtepi32_ps(numbers[1]),
        ]
    }

    #[inline(always)]
    fn quads(self, quads: &Quads) -> Self::Quads {
        cast(*quads)
    }

    #[inline(always)]
    fn nibbles(self, quads: &Quads, upper: bool) -> Self::Quads {
        let mut wanted: [__m256i; 2] = cast(*quads);
        let mask = self.avx._mm256_set1_epi32(0x0F0F_0F0F);
        for half in &mut wanted {
            if upper {
                *half = self.avx2._mm256_srli_epi16::<4>(*half);
            }
            *half = self.avx2._mm256_and_si256(*half, mask);
        }
        wanted
    }

    #[inline(always)]
    fn dot<const WIDE: bool>(
        self,
        quads: Self::Quads,
        inputs: [i8; 4],
        mut sums: Self::Whole,
    ) -> Self::Whole {
        let inputs = self.avx._mm256_set1_epi32(cast(inputs));
        let ones = self.avx._mm256_set1_epi32(0x0001_0001);
        // As for AVX-512.
        let add = |quads, sums| {
            let pairs = self.avx2._mm256_maddubs_epi16(quads, inputs);
            let fours = self.avx2._mm256_madd_epi16(pairs, ones);
            self.avx2._mm256_add_epi32(sums, fours)
        };
        for i in 0..2 {
            sums[i] = if WIDE {
                let low = self.avx._mm256_set1_epi32(0x7F7F_7F7F);
                let high = self.avx._mm256_set1_epi32(0x8080_8080_u32.cast_signed());
                let sum = add(self.avx2._mm256_and_si256(quads[i], low), sums[i]);
                add(self.avx2._mm256_and_si256(quads[i], high), sum)
            } else {
                add(quads[i], sums[i])
            };
        }
        sums
    }
}
