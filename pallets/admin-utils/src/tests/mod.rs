//! Tests against a keeper that writes down what it is asked.

mod calls;
mod errors;
