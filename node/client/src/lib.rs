//! Typed client of the chain, and wallets.
