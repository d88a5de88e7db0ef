//! Trains the tiny models.

fn main() {}
