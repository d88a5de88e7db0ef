//! The validator.

fn main() {}
