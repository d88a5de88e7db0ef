//! Trades with the pools.
