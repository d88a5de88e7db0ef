//! A bounded HTTP/1.1 server: few connections, short headers, no waiting for slow clients.
//!
//! It guards what happens before a handler runs; sizes and times of bodies are the handler's.

mod slots;
mod stall;

use std::{convert::Infallible, net::SocketAddr, time::Duration};

use axum::{Router, extract::Request};
use hyper::{body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use prometheus::{IntCounterVec, IntGauge, Opts, Registry};
use tokio::{
    net::{TcpListener, TcpStream},
    task::JoinSet,
};
use tower::ServiceExt;

use crate::{
    exit::{Code, Failure},
    stop::Stop,
};
use slots::{Full, Slot, Slots};
use stall::Stalling;

/// What a connection that finds no place is told.
const FULL: &[u8] =
    b"HTTP/1.1 503 Service Unavailable\r\nconnection: close\r\ncontent-length: 0\r\n\r\n";

/// Who is on the other end: an extension of every request.
#[derive(Clone, Copy, Debug)]
pub struct Peer(pub SocketAddr);

/// What the server puts up with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Open connections.
    pub connections: usize,
    /// Open connections of one address (of one /64 with IPv6).
    pub per_address: usize,
    /// How long a request's headers may take, and how long a connection may wait for its next request.
    pub header_time: Duration,
    /// Bytes of a request's headers.
    pub header_bytes: usize,
    /// How long a client may read nothing while an answer waits.
    pub write_time: Duration,
    /// How long open requests may take to end when the server stops.
    pub grace: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connections: 512,
            per_address: 64,
            header_time: Duration::from_secs(5),
            header_bytes: 16 * 1024,
            write_time: Duration::from_secs(10),
            grace: Duration::from_secs(5),
        }
    }
}

/// What is counted about connections.
#[derive(Clone, Debug)]
pub struct Counters {
    open: IntGauge,
    refused: IntCounterVec,
}

impl Counters {
    /// Counters with names that begin with `prefix`, known to `registry`. **Errors:** the names are taken.
    pub fn register(prefix: &str, registry: &Registry) -> prometheus::Result<Self> {
        let counters = Self::new(prefix)?;
        registry.register(Box::new(counters.open.clone()))?;
        registry.register(Box::new(counters.refused.clone()))?;
        Ok(counters)
    }

    fn new(prefix: &str) -> prometheus::Result<Self> {
        let open = IntGauge::new(
            format!("{prefix}_open_connections"),
            "Connections that are open.",
        )?;
        let refused = IntCounterVec::new(
            Opts::new(
                format!("{prefix}_refused_connections_total"),
                "Connections that found no place, by reason: `full` for all places, `address` for those of one address.",
            ),
            &["reason"],
        )?;
        Ok(Self { open, refused })
    }
}

/// Opens a port. **Errors:** with what to do.
pub async fn bind(address: SocketAddr) -> Result<TcpListener, Failure> {
    TcpListener::bind(address).await.map_err(|error| {
        Failure::new(
            Code::Port,
            format!("{address} cannot be opened: {error}."),
            "nothing listens there, so whoever asks gets no answer.",
            "stop the program that has the port, or choose another address.",
        )
    })
}

/// Serves until it is told to stop; then ends open requests within [`Limits::grace`].
pub async fn serve(
    listener: TcpListener,
    app: Router,
    limits: Limits,
    counters: Option<Counters>,
    stop: Stop,
) {
    let slots = Slots::new(limits.connections, limits.per_address);
    let mut tasks = JoinSet::new();
    loop {
        tokio::select! {
            () = stop.requested() => break,
            Some(_) = tasks.join_next(), if !tasks.is_empty() => {}
            accepted = listener.accept() => match accepted {
                Ok((stream, peer)) => match slots.take(peer.ip()) {
                    Ok(slot) => {
                        let connection = connection(stream, peer, app.clone(), limits, stop.clone());
                        let open = counters.as_ref().map(|counters| counters.open.clone());
                        tasks.spawn(counted(connection, slot, open));
                    }
                    Err(full) => refuse(&stream, full, counters.as_ref()),
                },
                // Out of file descriptors, most likely: others must end first.
                Err(error) => {
                    tracing::warn!(%error, "a connection cannot be accepted");
                    tokio::time::sleep(Duration::from_millis(100)).await;
                }
            }
        }
    }
    drop(listener);
    let ended = tokio::time::timeout(limits.grace, async {
        while tasks.join_next().await.is_some() {}
    });
    if ended.await.is_err() {
        tracing::warn!(connections = tasks.len(), "connections are cut off");
    }
}

async fn counted(connection: impl Future<Output = ()>, slot: Slot, open: Option<IntGauge>) {
    /// Counts down also when the task is cut off.
    struct Open(Option<IntGauge>);
    impl Drop for Open {
        fn drop(&mut self) {
            if let Some(gauge) = &self.0 {
                gauge.dec();
            }
        }
    }
    if let Some(gauge) = &open {
        gauge.inc();
    }
    let _open = Open(open);
    let _slot = slot;
    connection.await;
}

fn refuse(stream: &TcpStream, full: Full, counters: Option<&Counters>) {
    // What the socket's buffer does not take at once is not worth waiting for.
    let _ = stream.try_write(FULL);
    if let Some(counters) = counters {
        let reason = match full {
            Full::All => "full",
            Full::Address => "address",
        };
        counters.refused.with_label_values(&[reason]).inc();
    }
}

async fn connection(stream: TcpStream, peer: SocketAddr, app: Router, limits: Limits, stop: Stop) {
    let _ = stream.set_nodelay(true);
    let service = service_fn(move |mut request: Request<Incoming>| {
        request.extensions_mut().insert(Peer(peer));
        let app = app.clone();
        async move {
            Ok::<_, Infallible>(
                app.oneshot(request)
                    .await
                    .unwrap_or_else(|never| match never {}),
            )
        }
    });
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(limits.header_time)
        .max_header_size(limits.header_bytes)
        .max_buf_size(limits.header_bytes.max(8192) * 2)
        .serve_connection(
            TokioIo::new(Stalling::new(stream, limits.write_time)),
            service,
        );
    tokio::pin!(connection);
    let ended = tokio::select! {
        ended = connection.as_mut() => ended,
        () = stop.requested() => {
            connection.as_mut().graceful_shutdown();
            connection.await
        }
    };
    if let Err(error) = ended {
        tracing::debug!(%peer, %error, "connection ended");
    }
}

#[cfg(test)]
mod tests;
