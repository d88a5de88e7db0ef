//! Swaps of hotkeys and coldkeys.
