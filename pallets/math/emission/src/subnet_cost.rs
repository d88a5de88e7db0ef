//! The cost of creating a subnet (section 9.1).

use dendra_primitives::{Rounding, TaoBalance, block::FULL_BLOCK_EMISSION, mul_div};

use crate::MathError;

/// What decides the cost of creating a subnet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SubnetCost {
    /// The least it ever costs.
    pub min: TaoBalance,
    /// What the last creation cost.
    pub last: TaoBalance,
    /// The block of the last creation; `None` if there was none.
    pub last_block: Option<u64>,
    /// Blocks in which the cost falls by `last`, while a block emits 10^9 rao.
    pub reduction_interval: u64,
}

impl SubnetCost {
    /// The cost at `block`, while a block emits `block_emission`.
    ///
    /// A creation doubles the cost; then it falls by `⌊last/I⌋` in each block, where
    /// `I = reduction_interval · block_emission / 10^9`, down to `min`. Before the first creation
    /// nothing is doubled, and the blocks count from block 0.
    ///
    /// **Rounding:** `I` and the reduction per block down, `I` to at least one block, where the
    /// reference would divide by zero. **Errors:** `BlockInPast`, `Overflow` if `2·last` exceeds 64
    /// bits. **Source:** section 9.1.
    pub fn at(&self, block: u64, block_emission: TaoBalance) -> Result<TaoBalance, MathError> {
        let elapsed = block
            .checked_sub(self.last_block.unwrap_or(0))
            .ok_or(MathError::BlockInPast)?;
        let factor = if self.last_block.is_some() { 2 } else { 1 };
        let peak = self
            .last
            .get()
            .checked_mul(factor)
            .ok_or(MathError::Overflow)?;
        let interval = mul_div(
            self.reduction_interval,
            block_emission.get(),
            FULL_BLOCK_EMISSION,
            Rounding::Down,
        )
        .ok_or(MathError::Overflow)?
        .max(1);
        let per_block = self
            .last
            .get()
            .checked_div(interval)
            .ok_or(MathError::Overflow)?;
        // Saturates where the reduction exceeds every cost, so the cost is the least.
        let reduction = per_block.saturating_mul(elapsed);
        Ok(TaoBalance::new(peak.saturating_sub(reduction)).max(self.min))
    }
}
