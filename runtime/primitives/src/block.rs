//! Constants of the chain that its formulas share (economics, sections 1 and 2).

use crate::TaoBalance;

/// Time between two blocks, in seconds.
pub const SECONDS_PER_BLOCK: u64 = 12;

/// Time between two blocks, in milliseconds.
pub const MILLISECONDS_PER_BLOCK: u64 = 12_000;

/// Blocks in 24 hours.
pub const BLOCKS_PER_DAY: u64 = 7_200;

/// Smallest units in one token, TAO or alpha.
pub const UNITS_PER_TOKEN: u64 = 1_000_000_000;

/// The most that is ever issued of TAO, and of the alpha of each subnet, in smallest units.
pub const MAX_SUPPLY: u64 = 21_000_000_000_000_000;

/// What a block emits before the first halving, in smallest units.
pub const FULL_BLOCK_EMISSION: u64 = 1_000_000_000;

/// The least an account may hold, in rao.
pub const EXISTENTIAL_DEPOSIT: TaoBalance = TaoBalance::new(500);

/// Address prefix of the network.
pub const ADDRESS_PREFIX: u16 = 42;
