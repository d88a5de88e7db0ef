//! Products of rows of inputs with panels of weights.

use std::ops::Range;

use pulp::NullaryFnOnce;

use super::{
    lanes::{Lanes, Plain},
    processor::Processor,
    rows::Rows,
    units::Unit,
};

/// Panels of equal depth in a row, with room between their starts.
#[derive(Clone, Copy)]
pub(crate) struct Panels<'a, U> {
    /// The units.
    pub(crate) units: &'a [U],
    /// From the start of one panel to that of the next.
    pub(crate) stride: usize,
    /// Where in each panel the wanted units are.
    pub(crate) wanted: (usize, usize),
}

impl<'a, U> Panels<'a, U> {
    #[inline(always)]
    fn group<const P: usize>(&self, first: usize) -> [&'a [U]; P] {
        let mut group: [&[U]; P] = [&[]; P];
        for (p, units) in group.iter_mut().enumerate() {
            let start = (first + p) * self.stride;
            *units = &self.units[start + self.wanted.0..start + self.wanted.1];
        }
        group
    }
}

/// Writes the products of all rows with `range` of the panels; output 0 is the first lane of the first panel of the range.
pub(crate) fn multiply<U: Unit>(
    processor: Processor,
    rows: &mut Rows<'_>,
    panels: Panels<'_, U>,
    range: Range<usize>,
) {
    macro_rules! on {
        ($lanes:expr) => {
            Product {
                lanes: $lanes,
                rows,
                panels,
                range,
            }
        };
    }
    match processor {
        Processor::Plain => on!(Plain).call(),
        #[cfg(target_arch = "x86_64")]
        Processor::Avx2(unit) => unit.vectorize(on!(unit)),
        #[cfg(target_arch = "x86_64")]
        Processor::Avx512(unit) => unit.vectorize(on!(unit)),
        #[cfg(target_arch = "x86_64")]
        Processor::Avx512Dots(unit) => unit.vnni.vectorize(on!(unit)),
    }
}

struct Product<'a, 'b, 'c, L, U> {
    lanes: L,
    rows: &'a mut Rows<'b>,
    panels: Panels<'c, U>,
    range: Range<usize>,
}

impl<L: Lanes, U: Unit> NullaryFnOnce for Product<'_, '_, '_, L, U> {
    type Output = ();

    #[inline(always)]
    fn call(mut self) {
        // Weights are read once from memory: all rows meet a group of panels while it is in the cache. The fewer rows, the larger
        // the group: with less than eight chains of additions under way the processor would wait for each sum.
        let Range { start, end } = self.range;
        let mut next = start;
        if L::PANELS < 3 {
            if self.rows.count == 1 {
                next = self.groups::<4>(next, end);
            }
        } else if self.rows.count == 1 {
            next = self.groups::<8>(next, end);
            next = self.groups::<4>(next, end);
        } else if self.rows.count < 4 {
            next = self.groups::<4>(next, end);
            next = self.groups::<2>(next, end);
        } else if U::ROWS == 4 && (8..16).contains(&self.rows.count) {
            // Eight rows meet a single panel at once: its weights are unpacked once.
        } else {
            // Two twos instead of a three and a single one.
            let spared = if (end - start) % 3 == 1 { 4 } else { 0 };
            next = self.groups::<3>(next, end.saturating_sub(spared));
            next = self.groups::<2>(next, end);
        }
        self.groups::<1>(next, end);
    }
}

impl<L: Lanes, U: Unit> Product<'_, '_, '_, L, U> {
    /// Computes as many groups of `P` panels as there are from `panel` to `end`; gives the panel after them.
    #[inline(always)]
    fn groups<const P: usize>(&mut self, mut panel: usize, end: usize) -> usize {
        let count = self.rows.count;
        while panel + P <= end {
            let mut row = 0;
            if L::ROWS == 8 && (U::ROWS == 8 || P == 1) && P <= 3 {
                while row + 8 <= count {
                    self.tile::<8, P>(row, panel);
                    row += 8;
                }
            }
            if P <= 3 {
                while row + 4 <= count {
                    self.tile::<4, P>(row, panel);
                    row += 4;
                }
            }
            if P <= 4 {
                while row + 2 <= count {
                    self.tile::<2, P>(row, panel);
                    row += 2;
                }
            }
            while row < count {
                self.tile::<1, P>(row, panel);
                row += 1;
            }
            panel += P;
        }
        panel
    }

    #[inline(always)]
    fn tile<const M: usize, const P: usize>(&mut self, row: usize, panel: usize) {
        let mut lines: [&[U::Input]; M] = [&[]; M];
        for (m, line) in lines.iter_mut().enumerate() {
            *line = U::inputs(self.rows, row + m);
        }
        let group = self.panels.group(panel);
        // The first rows that meet a group ask for the next one, which memory delivers while others meet this one.
        let last = self.range.end - P;
        let next = if row == 0 {
            self.panels.group((panel + P).min(last))
        } else {
            group
        };
        let sums = U::tile::<L, M, P>(self.lanes, lines, group, next);
        let first = (panel - self.range.start) * 16;
        for m in 0..M {
            let start = (row + m) * self.rows.width + first;
            let out = self.rows.outputs[start..start + P * 16]
                .as_chunks_mut::<16>()
                .0;
            for p in 0..P {
                self.lanes.store(sums[m][p], &mut out[p]);
            }
        }
    }
}
