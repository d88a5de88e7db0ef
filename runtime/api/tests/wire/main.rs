//! The wire is a promise: names, types, order and bytes of everything in section B of the interface.

mod bytes;
mod golden;
mod methods;
mod names;
mod selection;
mod values;
