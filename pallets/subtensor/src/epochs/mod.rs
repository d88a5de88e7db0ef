//! Epochs: when one is due, what it reads, what it writes.

mod bonds;
mod input;
mod mechanisms;
mod outcome;
mod run;
mod schedule;
mod step;

pub(crate) use input::Neurons;
pub(crate) use schedule::{LONGEST_PAUSE, TRIGGER};
