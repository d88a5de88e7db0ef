//! The HTTP endpoint where miners fetch their receipts.

use std::sync::Arc;

use axum::{
    Router,
    extract::{Path, Query, State},
    http::{StatusCode, header},
    response::{IntoResponse, Response},
    routing::get,
};
use tokio::sync::Semaphore;

use super::about;
use crate::{hotkey::Hotkey, metrics::Metrics, store::Store};

/// Requests that are answered at a time.
const MOST: usize = 8;

/// What the endpoint reads.
#[derive(Clone)]
pub struct Served {
    store: Arc<Store>,
    metrics: Metrics,
    places: Arc<Semaphore>,
}

impl Served {
    /// Serves what is in this store.
    pub fn new(store: Arc<Store>, metrics: Metrics) -> Self {
        let places = Arc::new(Semaphore::new(MOST));
        Self {
            store,
            metrics,
            places,
        }
    }
}

/// `GET /v1/receipts/{netuid}/{epoch}`, with `latest` for the newest epoch, and `?hotkey=` for one miner's lines.
pub fn router(served: Served) -> Router {
    Router::new()
        .route("/v1/receipts/{netuid}/{epoch}", get(receipts))
        .with_state(served)
}

#[derive(serde::Deserialize)]
struct Filter {
    hotkey: Option<String>,
}

async fn receipts(
    State(served): State<Served>,
    Path((netuid, epoch)): Path<(u16, String)>,
    Query(filter): Query<Filter>,
) -> Response {
    let response = answer(&served, netuid, &epoch, filter.hotkey.as_deref()).await;
    let status = response.status();
    served
        .metrics
        .receipt_requests
        .with_label_values(&[status.as_str()])
        .inc();
    response
}

async fn answer(served: &Served, netuid: u16, epoch: &str, hotkey: Option<&str>) -> Response {
    let Ok(place) = served.places.clone().try_acquire_owned() else {
        return plain(
            StatusCode::SERVICE_UNAVAILABLE,
            "too many requests for receipts; try again",
        );
    };
    let epoch = match epoch {
        "latest" => None,
        number => match number.parse() {
            Ok(number) => Some(number),
            Err(_) => return plain(StatusCode::BAD_REQUEST, "the epoch is a number or `latest`"),
        },
    };
    let hotkey = match hotkey.map(str::parse::<Hotkey>).transpose() {
        Ok(hotkey) => hotkey,
        Err(_) => {
            return plain(
                StatusCode::BAD_REQUEST,
                "the hotkey is an address or 64 digits",
            );
        }
    };
    let store = served.store.clone();
    let reading = tokio::task::spawn_blocking(move || {
        let _place = place;
        let found = store.receipts(netuid, epoch)?;
        Ok::<_, crate::store::StoreError>(found.map(|(epoch, lines)| match &hotkey {
            Some(hotkey) => (epoch, about(&lines, hotkey)),
            None => (epoch, lines),
        }))
    });
    match reading.await {
        Ok(Ok(Some((epoch, lines)))) => {
            let headers = [
                (header::CONTENT_TYPE, "application/x-ndjson".to_owned()),
                (
                    header::HeaderName::from_static("neuron-epoch"),
                    epoch.to_string(),
                ),
            ];
            (headers, lines).into_response()
        }
        Ok(Ok(None)) => plain(
            StatusCode::NOT_FOUND,
            "there are no receipts of this epoch; old ones are not kept for ever",
        ),
        Ok(Err(error)) => {
            tracing::error!(%error, "receipts cannot be read");
            plain(
                StatusCode::INTERNAL_SERVER_ERROR,
                "the receipts cannot be read",
            )
        }
        Err(error) => {
            tracing::error!(%error, "receipts cannot be read");
            plain(
                StatusCode::INTERNAL_SERVER_ERROR,
                "the receipts cannot be read",
            )
        }
    }
}

fn plain(status: StatusCode, text: &'static str) -> Response {
    (status, text).into_response()
}

#[cfg(test)]
impl Served {
    /// Other places, to run out of them.
    pub(super) fn set_places(&mut self, places: Arc<Semaphore>) {
        self.places = places;
    }
}
