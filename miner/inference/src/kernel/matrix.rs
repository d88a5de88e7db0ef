//! A weight matrix in the layout that products read.

use std::ops::Range;

use super::{
    blocks::{Bytes, Nibbles, ShiftedNibbles, ShortBytes},
    gguf_blocks::{q4_0, q4k, q6k, q8_0},
    processor::Processor,
    product::{Panels, multiply},
    rows::Rows,
    units::{Brain, FloatUnit, Half, Single, Unit},
};

/// Types of floating-point weights.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Floats {
    /// 64 bits; kept as 32.
    Double,
    /// 32 bits.
    Single,
    /// bf16.
    Brain,
    /// f16.
    Half,
}

impl Floats {
    /// All of them in memory, widened.
    pub(crate) fn widen(self, bytes: &[u8]) -> Vec<f32> {
        match self {
            Self::Double => widen(bytes, |b| f64::from_le_bytes(b) as f32),
            Self::Single => widen(bytes, f32::from_le_bytes),
            Self::Brain => widen(bytes, |b| half::bf16::from_le_bytes(b).to_f32()),
            Self::Half => widen(bytes, |b| half::f16::from_le_bytes(b).to_f32()),
        }
    }
}

fn widen<const N: usize>(bytes: &[u8], number: impl Fn([u8; N]) -> f32) -> Vec<f32> {
    bytes
        .as_chunks::<N>()
        .0
        .iter()
        .map(|bytes| number(*bytes))
        .collect()
}

/// Types of quantised weights that are kept as they are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Blocks {
    /// 32 weights of four bits, one scale.
    Q4_0,
    /// 256 weights of four bits, eight scales and minima.
    Q4K,
    /// 256 weights of six bits, sixteen scales.
    Q6K,
    /// 32 weights of eight bits, one scale.
    Q8_0,
}

impl Blocks {
    /// Weights of a block, and its bytes.
    const fn shape(self) -> (usize, usize) {
        match self {
            Self::Q4_0 => (32, 18),
            Self::Q4K => (256, 144),
            Self::Q6K => (256, 210),
            Self::Q8_0 => (32, 34),
        }
    }
}

/// A weight matrix: `rows` outputs, `depth` inputs.
pub(crate) struct Matrix {
    rows: usize,
    depth: usize,
    units: Units,
}

enum Units {
    Single(Vec<Single>),
    Brain(Vec<Brain>),
    Half(Vec<Half>),
    Nibbles(Vec<Nibbles>),
    ShiftedNibbles(Vec<ShiftedNibbles>),
    Bytes(Vec<Bytes>),
    ShortBytes(Vec<ShortBytes>),
}

/// Evaluates an expression for whatever units there are.
macro_rules! with_units {
    ($value:expr, $units:ident => $body:expr) => {
        match $value {
            Units::Single($units) => $body,
            Units::Brain($units) => $body,
            Units::Half($units) => $body,
            Units::Nibbles($units) => $body,
            Units::ShiftedNibbles($units) => $body,
            Units::Bytes($units) => $body,
            Units::ShortBytes($units) => $body,
        }
    };
}

impl Matrix {
    /// From a row-major tensor of floats, kept as `target`. `order`: which row of the tensor is output `i`.
    ///
    /// **Errors:** a weight that is not finite, or becomes infinite as `target`.
    pub(crate) fn from_floats(
        (rows, depth): (usize, usize),
        bytes: &[u8],
        source: Floats,
        target: Floats,
        order: impl Fn(usize) -> usize,
    ) -> Result<Self, String> {
        let units = match target {
            Floats::Double | Floats::Single => {
                Units::Single(floats(rows, depth, bytes, source, order)?)
            }
            Floats::Brain => Units::Brain(floats(rows, depth, bytes, source, order)?),
            Floats::Half => Units::Half(floats(rows, depth, bytes, source, order)?),
        };
        Ok(Self { rows, depth, units })
    }

    /// From a tensor of quantised blocks, row by row.
    ///
    /// **Errors:** rows that are not whole blocks, a scale that is not finite.
    pub(crate) fn from_blocks(
        (rows, depth): (usize, usize),
        bytes: &[u8],
        blocks: Blocks,
        order: impl Fn(usize) -> usize,
    ) -> Result<Self, String> {
        let (weights, size) = blocks.shape();
        if !depth.is_multiple_of(weights) {
            return Err(format!(
                "rows of {depth} weights are not whole blocks of {weights}"
            ));
        }
        if bytes.len() != rows * (depth / weights) * size {
            return Err(format!(
                "{} bytes are not {rows} rows of {depth} weights",
                bytes.len()
            ));
        }
        let units = match blocks {
            Blocks::Q4_0 => {
                Units::Nibbles(quantised(rows, depth, bytes, (weights, size), order, q4_0))
            }
            Blocks::Q4K => {
                Units::ShiftedNibbles(quantised(rows, depth, bytes, (weights, size), order, q4k))
            }
            Blocks::Q6K => {
                Units::ShortBytes(quantised(rows, depth, bytes, (weights, size), order, q6k))
            }
            Blocks::Q8_0 => {
                Units::Bytes(quantised(rows, depth, bytes, (weights, size), order, q8_0))
            }
        };
        let finite = match &units {
            Units::Nibbles(units) => units.iter().all(|unit| finite_scales(&unit.scales)),
            Units::Bytes(units) => units.iter().all(|unit| finite_scales(&unit.scales)),
            Units::ShiftedNibbles(units) => units.iter().all(|unit| {
                unit.scales
                    .iter()
                    .chain(&unit.offsets)
                    .all(|s| s.is_finite())
            }),
            Units::ShortBytes(units) => units
                .iter()
                .all(|unit| unit.scales.as_flattened().iter().all(|s| s.is_finite())),
            Units::Single(_) | Units::Brain(_) | Units::Half(_) => true,
        };
        if !finite {
            return Err("holds a scale that is not a finite number".into());
        }
        Ok(Self { rows, depth, units })
    }

    /// Number of outputs.
    pub(crate) const fn rows(&self) -> usize {
        self.rows
    }

    /// Number of inputs.
    pub(crate) const fn depth(&self) -> usize {
        self.depth
    }

    /// Number of panels of sixteen outputs.
    pub(crate) const fn panels(&self) -> usize {
        self.rows.div_ceil(16)
    }

    /// Bytes in memory.
    pub(crate) fn bytes(&self) -> usize {
        with_units!(&self.units, units => std::mem::size_of_val(units.as_slice()))
    }

    /// Whether products need quantised inputs.
    pub(crate) const fn is_quantised(&self) -> bool {
        match &self.units {
            Units::Single(_) | Units::Brain(_) | Units::Half(_) => false,
            Units::Nibbles(_)
            | Units::ShiftedNibbles(_)
            | Units::Bytes(_)
            | Units::ShortBytes(_) => true,
        }
    }

    /// The weights of one output, widened: `depth` of them.
    pub(crate) fn row(&self, row: usize, weights: &mut [f32]) {
        with_units!(&self.units, units => row_of(units, self.depth, row, weights));
    }

    /// Writes the products of rows of inputs with `range` of the panels.
    pub(crate) fn multiply(&self, processor: Processor, rows: &mut Rows<'_>, range: Range<usize>) {
        with_units!(&self.units, units => {
            let stride = units.len() / self.panels().max(1);
            multiply(processor, rows, Panels { units, stride, wanted: (0, stride) }, range);
        });
    }
}

fn row_of<U: Unit>(units: &[U], depth: usize, row: usize, weights: &mut [f32]) {
    let per_panel = depth / U::DEPTH;
    let panel = &units[row / 16 * per_panel..][..per_panel];
    for (unit, weights) in panel.iter().zip(weights.chunks_exact_mut(U::DEPTH)) {
        unit.lane(row % 16, weights);
    }
}

fn floats<U: FloatUnit>(
    rows: usize,
    depth: usize,
    bytes: &[u8],
    source: Floats,
    order: impl Fn(usize) -> usize,
) -> Result<Vec<U>, String> {
    match source {
        Floats::Double => floats_of(rows, depth, bytes, |b| f64::from_le_bytes(b) as f32, order),
        Floats::Single => floats_of(rows, depth, bytes, f32::from_le_bytes, order),
        Floats::Brain => floats_of(
            rows,
            depth,
            bytes,
            |b| half::bf16::from_le_bytes(b).to_f32(),
            order,
        ),
        Floats::Half => floats_of(
            rows,
            depth,
            bytes,
            |b| half::f16::from_le_bytes(b).to_f32(),
            order,
        ),
    }
}

fn floats_of<U: FloatUnit, const N: usize>(
    rows: usize,
    depth: usize,
    bytes: &[u8],
    number: impl Fn([u8; N]) -> f32,
    order: impl Fn(usize) -> usize,
) -> Result<Vec<U>, String> {
    let numbers = bytes.as_chunks::<N>().0;
    if numbers.len() != rows * depth {
        return Err(format!(
            "{} weights are not {rows} rows of {depth}",
            numbers.len()
        ));
    }
    let mut units = vec![U::ZERO; rows.div_ceil(16) * depth];
    let mut greatest = 0f32;
    let mut finite = true;
    for row in 0..rows {
        let from = order(row) * depth;
        let panel = &mut units[row / 16 * depth..][..depth];
        for (unit, bytes) in panel.iter_mut().zip(&numbers[from..from + depth]) {
            let weight = number(*bytes);
            finite &= weight.is_finite();
            greatest = greatest.max(weight.abs());
            unit.set(row % 16, weight);
        }
    }
    let mut widest = [U::ZERO];
    widest[0].set(0, greatest);
    let mut kept = [0.0];
    widest[0].lane(0, &mut kept);
    // The kernel's widening of f16 knows no infinity: it comes out as 65536.
    if !finite || !kept[0].is_finite() || (kept[0] - greatest).abs() > greatest * 0.01 + 1e-6 {
        return Err("holds a weight that is not a finite number of the wanted type".into());
    }
    Ok(units)
}

fn finite_scales(scales: &[u16; 16]) -> bool {
    scales
        .iter()
        .all(|scale| half::f16::from_bits(*scale).is_finite())
}

/// Packs blocks; `set` writes one block into the lane of the units that it covers.
fn quantised<U: Unit>(
    rows: usize,
    depth: usize,
    bytes: &[u8],
    (weights, size): (usize, usize),
    order: impl Fn(usize) -> usize,
    set: impl Fn(&[u8], usize, &mut [U]),
) -> Vec<U> {
    let per_panel = depth / U::DEPTH;
    let per_block = weights / U::DEPTH;
    let per_row = depth / weights * size;
    let mut units = vec![U::ZERO; rows.div_ceil(16) * per_panel];
    for row in 0..rows {
        let from = order(row) * per_row;
        let panel = &mut units[row / 16 * per_panel..][..per_panel];
        for (block, units) in bytes[from..from + per_row]
            .chunks_exact(size)
            .zip(panel.chunks_exact_mut(per_block))
        {
            set(block, row % 16, units);
        }
    }
    units
}
