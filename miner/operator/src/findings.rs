//! What `doctor` finds.

use std::time::{SystemTime, UNIX_EPOCH};

use serde_json::Value;

use crate::{
    exit::{Code, Failure},
    report::{Mark, Table},
};

/// Name of the runtime that the programs know.
pub const RUNTIME: &str = "node-subtensor";

/// Milliseconds that clocks may differ besides the time of blocks.
pub const CLOCK_TOLERANCE: i64 = 3_000;

/// This machine's clock: milliseconds since 1970.
pub fn own_clock() -> i64 {
    let now = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default();
    i64::try_from(now.as_millis()).unwrap_or(i64::MAX)
}

/// What was found, and what to do about it.
#[derive(Debug)]
pub struct Findings {
    table: Table,
    worst: Mark,
}

impl Default for Findings {
    fn default() -> Self {
        Self {
            table: Table::new("doctor", &["check", "state", "finding", "to do"]),
            worst: Mark::Good,
        }
    }
}

impl Findings {
    /// Adds one; what is good has nothing to do.
    pub fn add(
        &mut self,
        check: impl Into<String>,
        mark: Mark,
        finding: impl Into<String>,
        todo: &str,
    ) {
        self.worst = self.worst.max(mark);
        self.table.row([
            Value::String(check.into()),
            mark.into(),
            Value::String(finding.into()),
            todo.into(),
        ]);
    }

    /// The table.
    pub const fn table(&self) -> &Table {
        &self.table
    }

    /// The worst of all marks.
    pub const fn worst(&self) -> Mark {
        self.worst
    }

    /// Whether nothing costs earnings. **Errors:** something does.
    pub fn verdict(&self) -> Result<(), Failure> {
        match self.worst {
            Mark::Good | Mark::Warning => Ok(()),
            Mark::Bad => Err(Failure::new(
                Code::Unhealthy,
                "not everything is as it should be.",
                "what is marked bad costs earnings now.",
                "follow the last column.",
            )),
        }
    }
}
