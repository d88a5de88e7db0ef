//! Numbers for Prometheus, and a word on how the program is.

use std::{
    collections::BTreeMap,
    net::SocketAddr,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use axum::{
    Router,
    http::{StatusCode, header},
    response::{IntoResponse, Response},
    routing::get,
};
use prometheus::{Encoder, Registry, TextEncoder};
use tokio::task::JoinHandle;

use crate::{
    exit::Failure,
    server::{self, Limits},
    stop::Stop,
};

/// How the parts of a program are: name, and what is wrong if something is. Clones are the same.
#[derive(Clone, Debug, Default)]
pub struct Health(Arc<Mutex<BTreeMap<&'static str, Result<String, String>>>>);

impl Health {
    /// Nothing is known, so nothing is wrong.
    pub fn new() -> Self {
        Self::default()
    }

    /// A part is well.
    pub fn good(&self, part: &'static str, text: impl Into<String>) {
        self.lock().insert(part, Ok(text.into()));
    }

    /// A part is not well.
    pub fn bad(&self, part: &'static str, text: impl Into<String>) {
        self.lock().insert(part, Err(text.into()));
    }

    /// Whether all parts are well.
    pub fn is_good(&self) -> bool {
        self.lock().values().all(Result::is_ok)
    }

    /// The answer to `/health`: 200 if all is well, 503 otherwise, with a line for each part as JSON.
    pub fn response(&self) -> Response {
        let parts: serde_json::Map<_, _> = self
            .lock()
            .iter()
            .map(|(part, state)| {
                let (good, text) = match state {
                    Ok(text) => (true, text),
                    Err(text) => (false, text),
                };
                let value = serde_json::json!({ "good": good, "text": text });
                (part.to_string(), value)
            })
            .collect();
        let good = self.is_good();
        let status = match good {
            true => StatusCode::OK,
            false => StatusCode::SERVICE_UNAVAILABLE,
        };
        let body = serde_json::json!({ "good": good, "parts": parts });
        (
            status,
            [(header::CONTENT_TYPE, "application/json")],
            body.to_string(),
        )
            .into_response()
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<&'static str, Result<String, String>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A server of metrics; ends when dropped.
#[derive(Debug)]
pub struct Serving {
    address: SocketAddr,
    stop: Stop,
    task: JoinHandle<()>,
}

impl Serving {
    /// Where it listens.
    pub const fn address(&self) -> SocketAddr {
        self.address
    }

    /// Ends it and waits for that.
    pub async fn end(mut self) {
        self.stop.now();
        let _ = (&mut self.task).await;
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        self.stop.now();
    }
}

/// Serves `/metrics` and `/health` at a port of 127.0.0.1, if there is to be one. **Errors:** the port cannot be opened.
pub async fn serve(
    port: Option<u16>,
    registry: &Registry,
    health: &Health,
) -> Result<Option<Serving>, Failure> {
    let Some(port) = port else {
        return Ok(None);
    };
    let address = SocketAddr::from(([127, 0, 0, 1], port));
    let (registry, health) = (registry.clone(), health.clone());
    let app = Router::new()
        .route("/metrics", get(move || std::future::ready(text(&registry))))
        .route(
            "/health",
            get(move || std::future::ready(health.response())),
        );
    let listener = server::bind(address).await?;
    let address = listener.local_addr().unwrap_or(address);
    let limits = Limits {
        connections: 32,
        per_address: 16,
        ..Limits::default()
    };
    let stop = Stop::new();
    let task = tokio::spawn(server::serve(listener, app, limits, None, stop.clone()));
    tracing::info!(%address, "metrics at /metrics, health at /health");
    Ok(Some(Serving {
        address,
        stop,
        task,
    }))
}

/// All metrics in Prometheus' text format.
fn text(registry: &Registry) -> Response {
    let encoder = TextEncoder::new();
    let mut bytes = Vec::new();
    match encoder.encode(&registry.gather(), &mut bytes) {
        Ok(()) => {
            let form = encoder.format_type().to_string();
            ([(header::CONTENT_TYPE, form)], bytes).into_response()
        }
        Err(error) => (StatusCode::INTERNAL_SERVER_ERROR, error.to_string()).into_response(),
    }
}

#[cfg(test)]
mod tests {
    use prometheus::IntCounter;
    use tokio::{
        io::{AsyncReadExt, AsyncWriteExt},
        net::TcpStream,
    };

    use super::*;

    async fn get_from(address: SocketAddr, path: &str) -> String {
        let mut stream = TcpStream::connect(address).await.expect("connected");
        let request = format!("GET {path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n");
        stream.write_all(request.as_bytes()).await.expect("sent");
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await.expect("answered");
        answer
    }

    #[tokio::test]
    async fn metrics_and_health_are_served_until_the_end() {
        let registry = Registry::new();
        let counter = IntCounter::new("rounds_total", "Rounds that ended.").expect("a name");
        registry.register(Box::new(counter.clone())).expect("new");
        counter.inc_by(3);
        let health = Health::new();
        let serving = serve(Some(0), &registry, &health).await;
        let serving = serving.expect("a port").expect("wanted");
        let address = serving.address();

        let metrics = get_from(address, "/metrics").await;
        assert!(
            metrics.contains("# HELP rounds_total Rounds that ended."),
            "{metrics}"
        );
        assert!(metrics.contains("rounds_total 3"), "{metrics}");

        health.good("chain", "block 7");
        assert!(
            get_from(address, "/health")
                .await
                .starts_with("HTTP/1.1 200")
        );
        health.bad("chain", "away");
        let answer = get_from(address, "/health").await;
        assert!(answer.starts_with("HTTP/1.1 503"), "{answer}");
        assert!(answer.contains("away"), "{answer}");
        health.good("chain", "back");
        assert!(health.is_good());

        serving.end().await;
        assert!(TcpStream::connect(address).await.is_err());
    }
}
