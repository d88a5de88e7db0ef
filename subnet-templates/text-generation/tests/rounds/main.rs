//! Rounds with honest miners, with every cheat that we know of, and with halves that must not start.

mod broken;
mod cheats;
mod honest;
mod stage;
mod starting;
