//! Refusing a request: status, a short code for programs, a sentence for people.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use axum::{
    extract::{Request, State},
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use neuron_protocol::{Rejection, task_path};

use super::Gateway;
use crate::{admission::Denied, work::WorkError};

/// Why a request is refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct Refusal {
    /// HTTP status.
    pub status: StatusCode,
    /// A short name, also in metrics.
    pub code: &'static str,
    /// A sentence.
    pub message: String,
    /// When to try again.
    pub retry_after: Option<Duration>,
}

impl Refusal {
    pub(super) fn new(status: StatusCode, code: &'static str, message: impl Into<String>) -> Self {
        Self {
            status,
            code,
            message: message.into(),
            retry_after: None,
        }
    }

    pub(super) fn retry_in(mut self, time: Duration) -> Self {
        self.retry_after = Some(time);
        self
    }

    /// A full queue.
    pub(super) fn overloaded() -> Self {
        Self::new(
            StatusCode::SERVICE_UNAVAILABLE,
            "overloaded",
            "the queue is full",
        )
        .retry_in(Duration::from_secs(1))
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let body = serde_json::json!({
            "error": { "code": self.code, "message": self.message, "type": "invalid_request_error" }
        });
        let mut response = (
            self.status,
            [(header::CONTENT_TYPE, "application/json")],
            body.to_string(),
        )
            .into_response();
        if let Some(time) = self.retry_after {
            let seconds = HeaderValue::from(time.as_secs().max(1));
            response.headers_mut().insert(header::RETRY_AFTER, seconds);
        }
        response
    }
}

impl From<Rejection> for Refusal {
    fn from(rejection: Rejection) -> Self {
        Self::new(rejection.status(), rejection.code(), rejection.to_string())
    }
}

impl From<Denied> for Refusal {
    fn from(denied: Denied) -> Self {
        let text = denied.to_string();
        match denied {
            Denied::Stranger(_) => Self::new(StatusCode::FORBIDDEN, "stranger", text),
            Denied::NoPermit(_) => Self::new(StatusCode::FORBIDDEN, "no-permit", text),
            Denied::TooOften(wait) => {
                Self::new(StatusCode::TOO_MANY_REQUESTS, "too-often", text).retry_in(wait)
            }
            Denied::TooManyAtOnce => {
                Self::new(StatusCode::TOO_MANY_REQUESTS, "too-many-at-once", text)
            }
        }
    }
}

impl From<WorkError> for Refusal {
    fn from(error: WorkError) -> Self {
        match error {
            WorkError::Late => Self::new(StatusCode::GATEWAY_TIMEOUT, "late", error.to_string()),
            WorkError::Panicked => Self::new(
                StatusCode::INTERNAL_SERVER_ERROR,
                "failed",
                error.to_string(),
            ),
        }
    }
}

/// The answer to paths that do not exist here.
pub(super) async fn no_such_path(State(gateway): State<Arc<Gateway>>, _: Request) -> Refusal {
    gateway.count("other", "wrong-path", Instant::now());
    let path = task_path(gateway.netuid, gateway.description.name);
    Refusal::new(
        StatusCode::NOT_FOUND,
        "wrong-path",
        format!("there is no such path here; the task is POST {path}"),
    )
}

/// The answer to methods that do not exist here.
pub(super) async fn wrong_method(State(gateway): State<Arc<Gateway>>, _: Request) -> Refusal {
    gateway.count("other", "wrong-method", Instant::now());
    Refusal::new(
        StatusCode::METHOD_NOT_ALLOWED,
        "wrong-method",
        "this path is not asked with this method",
    )
}
