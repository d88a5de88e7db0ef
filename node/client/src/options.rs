//! Settings of a connection.

use std::time::Duration;

/// How long a client waits, and for what.
#[derive(Clone, Debug)]
pub struct Options {
    /// How long one request may take, waiting for the connection included.
    pub request_timeout: Duration,
    /// How long [`Chain::connect`](crate::Chain::connect) waits for the first connection.
    pub connect_timeout: Duration,
    /// How long [`Chain::submit`](crate::Chain::submit) follows a transaction. `None`: until its era is over and
    /// a minute more, so that the outcome is certain wherever the chain goes on.
    pub submit_timeout: Option<Duration>,
    /// The most requests at a time; further ones wait within their deadline.
    pub most_requests: usize,
}

impl Options {
    /// For somebody who waits: a request, and the first connection, may take this long.
    pub fn within(patience: Duration) -> Self {
        Self {
            request_timeout: patience,
            connect_timeout: patience,
            ..Self::default()
        }
    }
}

impl Default for Options {
    fn default() -> Self {
        Self {
            request_timeout: Duration::from_secs(15),
            connect_timeout: Duration::from_secs(15),
            submit_timeout: None,
            most_requests: 64,
        }
    }
}
