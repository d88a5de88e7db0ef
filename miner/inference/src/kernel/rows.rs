//! Rows that meet weights.

use super::quantised::Quantised;

/// Rows of inputs, and where their products go.
pub(crate) struct Rows<'a> {
    /// Row by row; a row has at least as many as the panels have units.
    pub(crate) inputs: &'a [f32],
    /// From the start of one row of inputs to that of the next.
    pub(crate) depth: usize,
    /// The same, quantised; needed by quantised weights alone.
    pub(crate) blocks: &'a [Quantised],
    /// Number of rows.
    pub(crate) count: usize,
    /// Row by row, `width` each.
    pub(crate) outputs: &'a mut [f32],
    /// From the start of one row of outputs to that of the next: at least 16 for each panel.
    pub(crate) width: usize,
}
