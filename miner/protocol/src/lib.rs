//! Signed requests between validators and miners.
