//! Root dividends and their claims.
