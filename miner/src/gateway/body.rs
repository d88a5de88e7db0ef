//! Reading bodies within size and time.

use std::time::Duration;

use axum::{
    body::Body,
    http::{HeaderMap, StatusCode, header},
};

use super::Refusal;

/// Refuses a body that says itself that it is too large, before any of it is read.
pub(super) fn check_length(headers: &HeaderMap, limit: usize) -> Result<(), Refusal> {
    let length = headers
        .get(header::CONTENT_LENGTH)
        .and_then(|value| value.to_str().ok())
        .and_then(|text| text.parse::<u64>().ok());
    match length {
        Some(length) if length > limit as u64 => Err(oversized(limit)),
        _ => Ok(()),
    }
}

/// Reads a body. **Errors:** it is larger than `limit`, takes longer than `time`, or breaks off.
pub(super) async fn read(body: Body, limit: usize, time: Duration) -> Result<Vec<u8>, Refusal> {
    use futures::StreamExt;
    let reading = async {
        let mut stream = body.into_data_stream();
        let mut bytes = Vec::new();
        while let Some(piece) = stream.next().await {
            let piece = piece.map_err(|_| {
                Refusal::new(StatusCode::BAD_REQUEST, "broken-off", "the body broke off")
            })?;
            if bytes.len() + piece.len() > limit {
                return Err(oversized(limit));
            }
            bytes.extend_from_slice(&piece);
        }
        Ok(bytes)
    };
    tokio::time::timeout(time, reading)
        .await
        .unwrap_or_else(|_| {
            Err(Refusal::new(
                StatusCode::REQUEST_TIMEOUT,
                "slow-body",
                format!("the body was not here within {} s", time.as_secs_f32()),
            ))
        })
}

fn oversized(limit: usize) -> Refusal {
    Refusal::new(
        StatusCode::PAYLOAD_TOO_LARGE,
        "oversized",
        format!("the body may have {limit} bytes at most"),
    )
}
