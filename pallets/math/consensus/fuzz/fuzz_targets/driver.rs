//! Any line is answered.
#![no_main]

#[path = "../../examples/epoch/scenario.rs"]
#[allow(dead_code)]
mod scenario;

use libfuzzer_sys::fuzz_target;

fuzz_target!(|line: &[u8]| {
    assert!(serde_json::to_string(&scenario::answer(line)).is_ok());
});
