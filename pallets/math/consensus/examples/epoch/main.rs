//! Runs scenarios: JSON lines in, JSON lines out, one per scenario.
//!
//! ```text
//! cargo run --release -p yuma-consensus --example epoch < scenarios.jsonl > results.jsonl
//! ```
//!
//! The fields are described in `scenario.rs`. A line that cannot be used yields
//! `{"case":…,"error":"…"}`; the lines after it are still answered.

mod scenario;

use std::io::{self, BufRead, BufWriter, Write};

fn main() -> io::Result<()> {
    let mut input = io::stdin().lock();
    let mut output = BufWriter::new(io::stdout().lock());
    let mut line = Vec::new();
    loop {
        line.clear();
        if input.read_until(b'\n', &mut line)? == 0 {
            return output.flush();
        }
        if !line.trim_ascii().is_empty() {
            serde_json::to_writer(&mut output, &scenario::answer(&line))?;
            output.write_all(b"\n")?;
            output.flush()?;
        }
    }
}
