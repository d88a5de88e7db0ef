//! The smallest complete subnet, made to be copied.
