//! Asking an endpoint who is there.

use std::{net::SocketAddr, time::Duration};

use serde::Deserialize;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

/// Bytes of an answer that are read.
const LIMIT: u64 = 16 * 1024;

/// What a miner says about itself.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Presence {
    /// Its hotkey, hexadecimal.
    pub hotkey: String,
    /// Its subnet.
    pub netuid: u16,
    /// Its template.
    pub template: String,
    /// Whether its model is loaded.
    pub ready: bool,
}

/// Why nobody is known to be there.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ProbeError {
    /// Nobody answered.
    #[error("nobody answers: {0}")]
    Silent(String),
    /// Somebody else answered.
    #[error("what answers is no miner")]
    Stranger,
}

/// Asks `/health` of an endpoint. **Errors:** see [`ProbeError`].
pub async fn presence(address: SocketAddr, patience: Duration) -> Result<Presence, ProbeError> {
    let silent = |error: std::io::Error| ProbeError::Silent(error.to_string());
    let asking = async {
        let mut stream = TcpStream::connect(address).await.map_err(silent)?;
        let request =
            format!("GET /health HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\n\r\n");
        stream.write_all(request.as_bytes()).await.map_err(silent)?;
        let mut answer = Vec::new();
        stream
            .take(LIMIT)
            .read_to_end(&mut answer)
            .await
            .map_err(silent)?;
        Ok::<_, ProbeError>(answer)
    };
    let answer = tokio::time::timeout(patience, asking)
        .await
        .map_err(|_| ProbeError::Silent(format!("no answer within {} s", patience.as_secs())))??;
    let text = String::from_utf8_lossy(&answer);
    let (head, body) = text.split_once("\r\n\r\n").ok_or(ProbeError::Stranger)?;
    if !head.starts_with("HTTP/1.1 200") {
        return Err(ProbeError::Stranger);
    }
    serde_json::from_str(body).map_err(|_| ProbeError::Stranger)
}
