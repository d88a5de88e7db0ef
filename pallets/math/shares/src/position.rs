//! The shares of one holder.

/// The shares of one holder in one pool, in the scale of when they were last touched.
///
/// The default is a position without shares, which is one of every pool.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Position {
    shares: u128,
    scale: u32,
}

impl Position {
    /// A position from its stored parts.
    #[must_use]
    pub const fn from_parts(shares: u128, scale: u32) -> Self {
        Self { shares, scale }
    }

    /// The shares, in the scale of [`Position::scale`].
    #[must_use]
    pub const fn shares(self) -> u128 {
        self.shares
    }

    /// The scale of the pool when the shares were counted.
    #[must_use]
    pub const fn scale(self) -> u32 {
        self.scale
    }

    /// Whether there are no shares, so that nothing needs to be stored.
    #[must_use]
    pub const fn is_empty(self) -> bool {
        self.shares == 0
    }
}
