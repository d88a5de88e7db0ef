//! Hearing that the program shall end.

use tokio::sync::watch;

/// Tells every part of the program that it shall end. Clones hear the same.
#[derive(Clone, Debug)]
pub struct Stop {
    heard: watch::Receiver<bool>,
    tell: watch::Sender<bool>,
}

impl Default for Stop {
    fn default() -> Self {
        Self::new()
    }
}

impl Stop {
    /// One that nobody has told yet.
    pub fn new() -> Self {
        let (tell, heard) = watch::channel(false);
        Self { heard, tell }
    }

    /// One that is told by SIGINT and SIGTERM. A second signal ends the process at once, with status 130.
    ///
    /// Must be called within a runtime. **Errors:** the signals cannot be heard.
    pub fn on_signals() -> std::io::Result<Self> {
        use tokio::signal::unix::{SignalKind, signal};
        let mut interrupt = signal(SignalKind::interrupt())?;
        let mut terminate = signal(SignalKind::terminate())?;
        let stop = Self::new();
        let told = stop.clone();
        tokio::spawn(async move {
            for already in [false, true] {
                tokio::select! {
                    _ = interrupt.recv() => {}
                    _ = terminate.recv() => {}
                }
                if already {
                    std::process::exit(130);
                }
                tracing::info!("stopping; a second signal ends at once");
                told.now();
            }
        });
        Ok(stop)
    }

    /// Tells everybody.
    pub fn now(&self) {
        self.tell.send_replace(true);
    }

    /// Whether somebody has told.
    pub fn is_stopping(&self) -> bool {
        *self.heard.borrow()
    }

    /// Waits until somebody tells.
    pub async fn requested(&self) {
        let mut heard = self.heard.clone();
        // The sender lives as long as `self`.
        let _ = heard.wait_for(|stopping| *stopping).await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn everybody_hears_it_also_those_who_come_late() {
        let stop = Stop::new();
        let early = stop.clone();
        let waiting = tokio::spawn(async move { early.requested().await });
        assert!(!stop.is_stopping());
        stop.now();
        waiting.await.expect("heard");
        stop.clone().requested().await;
        assert!(stop.is_stopping());
    }
}
