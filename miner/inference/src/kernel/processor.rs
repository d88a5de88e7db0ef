//! The vector unit that operations are compiled for.

use pulp::NullaryFnOnce;

#[cfg(target_arch = "x86_64")]
use super::x86::Dots;

/// The vector unit of this processor.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub(crate) enum Processor {
    /// Only what every processor has.
    Plain,
    /// AVX2 with fused multiply-add.
    #[cfg(target_arch = "x86_64")]
    Avx2(pulp::x86::V3),
    /// AVX-512.
    #[cfg(target_arch = "x86_64")]
    Avx512(pulp::x86::V4),
    /// AVX-512 with dot products of bytes.
    #[cfg(target_arch = "x86_64")]
    Avx512Dots(Dots),
}

impl Processor {
    /// The best one that there is.
    pub(crate) fn detect() -> Self {
        #[cfg(target_arch = "x86_64")]
        {
            if let Some(unit) = Dots::try_new() {
                return Self::Avx512Dots(unit);
            }
            if let Some(unit) = pulp::x86::V4::try_new() {
                return Self::Avx512(unit);
            }
            if let Some(unit) = pulp::x86::V3::try_new() {
                return Self::Avx2(unit);
            }
        }
        Self::Plain
    }

    /// All that there are.
    #[cfg(test)]
    pub(crate) fn all() -> Vec<Self> {
        let mut all = vec![Self::Plain];
        #[cfg(target_arch = "x86_64")]
        {
            all.extend(pulp::x86::V3::try_new().map(Self::Avx2));
            all.extend(pulp::x86::V4::try_new().map(Self::Avx512));
            all.extend(Dots::try_new().map(Self::Avx512Dots));
        }
        all
    }

    /// Its name, for reports.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Plain => "portable",
            #[cfg(target_arch = "x86_64")]
            Self::Avx2(_) => "AVX2",
            #[cfg(target_arch = "x86_64")]
            Self::Avx512(_) => "AVX-512",
            #[cfg(target_arch = "x86_64")]
            Self::Avx512Dots(_) => "AVX-512 VNNI",
        }
    }

    /// Runs an operation compiled for this vector unit.
    #[inline(always)]
    pub(crate) fn run<O: NullaryFnOnce>(self, operation: O) -> O::Output {
        match self {
            Self::Plain => operation.call(),
            #[cfg(target_arch = "x86_64")]
            Self::Avx2(unit) => unit.vectorize(operation),
            #[cfg(target_arch = "x86_64")]
            Self::Avx512(unit) => unit.vectorize(operation),
            #[cfg(target_arch = "x86_64")]
            Self::Avx512Dots(unit) => unit.vnni.vectorize(operation),
        }
    }
}
