//! `/v1/completions` and `/v1/models`, as clients of OpenAI's API know them.

mod request;
mod text;
mod writing;

use std::{
    convert::Infallible,
    hash::{BuildHasher, RandomState},
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::{Instant, SystemTime, UNIX_EPOCH},
};

use axum::{
    Json,
    extract::{Request, State},
    http::{HeaderMap, StatusCode},
    response::{
        IntoResponse, Response,
        sse::{Event, Sse},
    },
};
use subnet_sdk::{LanguageModel, ModelError};
use tokio::sync::mpsc;

use self::{
    request::Wish,
    writing::{About, Piece, Writing},
};
use super::{Gateway, Refusal, body, local};

/// Bytes of a request at most.
const REQUEST_LIMIT: usize = 1 << 20;

/// Models that are served: one.
pub(super) async fn models(State(gateway): State<Arc<Gateway>>, request: Request) -> Response {
    let started = Instant::now();
    let (parts, _) = request.into_parts();
    let result = local::admit(
        &gateway.manner.completions,
        &parts.headers,
        &parts.extensions,
    )
    .and_then(|()| model(&gateway));
    let (response, outcome) = match result {
        Ok(model) => {
            let list = serde_json::json!({
                "object": "list",
                "data": [{
                    "id": model.name(),
                    "object": "model",
                    "created": 0,
                    "owned_by": "miner",
                    "context_length": model.context(),
                }],
            });
            (Json(list).into_response(), "answered")
        }
        Err(refusal) => {
            let code = refusal.code;
            (refusal.into_response(), code)
        }
    };
    gateway.count("models", outcome, started);
    response
}

/// Continues a prompt.
pub(super) async fn complete(State(gateway): State<Arc<Gateway>>, request: Request) -> Response {
    let started = Instant::now();
    let (response, outcome) = match handle(&gateway, request, started).await {
        Ok(response) => (response, "answered"),
        Err(refusal) => {
            let code = refusal.code;
            (refusal.into_response(), code)
        }
    };
    gateway.count("completions", outcome, started);
    response
}

async fn handle(
    gateway: &Arc<Gateway>,
    request: Request,
    started: Instant,
) -> Result<Response, Refusal> {
    let (parts, body) = request.into_parts();
    local::admit(
        &gateway.manner.completions,
        &parts.headers,
        &parts.extensions,
    )?;
    body::check_length(&parts.headers, REQUEST_LIMIT)?;
    check_type(&parts.headers)?;
    let model = model(gateway)?;
    let place = gateway.clients.place().ok_or_else(Refusal::overloaded)?;
    let bytes = body::read(body, REQUEST_LIMIT, gateway.manner.body_time).await?;
    let seed = RandomState::new().hash_one(started);
    let wish = Wish::read(&bytes, model.as_ref(), seed)?;
    let about = About {
        id: identifier(),
        created: SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .map_or(0, |time| time.as_secs()),
        model: model.name().into(),
    };
    let deadline = started + gateway.manner.completion_time;
    let streams = wish.stream;
    let usage = wish.usage;
    // Each piece holds at least one token, and there is one for the end: sending never waits.
    let (send, receive) = mpsc::channel(wish.request.limit + 2);
    let tokens = gateway.metrics.tokens.clone();
    let work = move || {
        let mut writing = Writing::new(model.as_ref(), &wish);
        let generated = model.generate(&wish.request, &mut |token| {
            tokens.inc();
            let mut goes_on = writing.take(token);
            for piece in writing.ready() {
                goes_on &= send.try_send(Ok(piece)).is_ok();
            }
            goes_on && Instant::now() < deadline
        });
        let last = generated
            .and_then(|generation| writing.end(generation.stop))
            .map_err(refuse);
        let _ = send.try_send(last);
    };
    let pool = gateway.clients.clone();
    let running = async move { pool.run(place, deadline.into(), work).await };
    if streams {
        tokio::spawn(running);
        return Ok(stream(receive, about, usage));
    }
    running.await?;
    whole(receive, &about)
}

/// All pieces as one answer.
fn whole(
    mut receive: mpsc::Receiver<Result<Piece, Refusal>>,
    about: &About,
) -> Result<Response, Refusal> {
    let mut all = Piece::default();
    while let Ok(piece) = receive.try_recv() {
        all.append(piece?);
    }
    Ok(Json(about.answer(&all)).into_response())
}

/// The pieces as server-sent events.
fn stream(receive: mpsc::Receiver<Result<Piece, Refusal>>, about: About, usage: bool) -> Response {
    let pieces = futures::stream::unfold(Some(receive), move |receive| {
        let about = about.clone();
        async move {
            let mut receive = receive?;
            let events = match receive.recv().await {
                Some(Ok(piece)) => {
                    let last = piece.finish.is_some();
                    let mut events = vec![event(&about.chunk(&piece))];
                    if last && usage {
                        events.push(event(&about.usage(&piece)));
                    }
                    if !last {
                        return Some((events, Some(receive)));
                    }
                    events
                }
                Some(Err(refusal)) => vec![event(&serde_json::json!({
                    "error": { "code": refusal.code, "message": refusal.message }
                }))],
                // The work ended without an end: its deadline passed in the queue, or it panicked.
                None => vec![event(&serde_json::json!({
                    "error": { "code": "late", "message": "the completion was not done in time" }
                }))],
            };
            let done = Event::default().data("[DONE]");
            Some((events.into_iter().chain([done]).collect(), None))
        }
    });
    use futures::StreamExt;
    let events = pieces
        .flat_map(|events| futures::stream::iter(events.into_iter().map(Ok::<_, Infallible>)));
    Sse::new(events).into_response()
}

fn event(value: &serde_json::Value) -> Event {
    Event::default().data(value.to_string())
}

/// The language model behind the worker.
fn model(gateway: &Gateway) -> Result<Arc<dyn LanguageModel>, Refusal> {
    let worker = gateway
        .worker
        .get()
        .map_err(|why| Refusal::new(StatusCode::SERVICE_UNAVAILABLE, "starting", why))?;
    worker.model().ok_or_else(|| {
        Refusal::new(
            StatusCode::NOT_FOUND,
            "no-model",
            "this miner's template serves no language model",
        )
    })
}

/// Only JSON: a form on a web page cannot send that without asking first.
fn check_type(headers: &HeaderMap) -> Result<(), Refusal> {
    let json = headers
        .get(axum::http::header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .is_some_and(|text| text.trim_start().starts_with("application/json"));
    if json {
        return Ok(());
    }
    Err(Refusal::new(
        StatusCode::UNSUPPORTED_MEDIA_TYPE,
        "content-type",
        "send JSON: Content-Type: application/json",
    ))
}

fn refuse(error: ModelError) -> Refusal {
    match error {
        ModelError::Request(text) => Refusal::new(StatusCode::BAD_REQUEST, "request", text),
        other => Refusal::new(
            StatusCode::INTERNAL_SERVER_ERROR,
            "failed",
            other.to_string(),
        ),
    }
}

/// A name for an answer, different for each.
fn identifier() -> String {
    static COUNT: AtomicU64 = AtomicU64::new(0);
    let number = COUNT.fetch_add(1, Ordering::Relaxed);
    let random = RandomState::new().hash_one(number);
    format!("cmpl-{random:016x}")
}
