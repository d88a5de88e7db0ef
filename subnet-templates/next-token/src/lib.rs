//! Subnet of open models: miners predict hidden continuations, scored by log loss.
