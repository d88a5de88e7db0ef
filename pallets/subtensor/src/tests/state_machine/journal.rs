//! What happened last, printed when a run fails.

use std::collections::VecDeque;

/// Actions that are kept.
const KEPT: usize = 20;

/// The last actions of a run.
pub(super) struct Journal {
    seed: u64,
    actions: VecDeque<String>,
}

impl Journal {
    pub(super) fn new(seed: u64) -> Self {
        Self {
            seed,
            actions: VecDeque::new(),
        }
    }

    pub(super) fn note(&mut self, action: String) {
        if self.actions.len() == KEPT {
            self.actions.pop_front();
        }
        self.actions.push_back(action);
    }
}

impl Drop for Journal {
    fn drop(&mut self) {
        if !std::thread::panicking() {
            return;
        }
        eprintln!(
            "DENDRA_FUZZ_SEED={} fails; the last actions were:",
            self.seed
        );
        for action in &self.actions {
            let short: String = action.chars().take(600).collect();
            eprintln!("  {short}");
        }
    }
}
