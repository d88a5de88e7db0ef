//! What a block issues.
