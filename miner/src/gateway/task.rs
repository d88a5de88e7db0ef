//! Validators' challenges.
//!
//! Cheap checks come first, and nothing of the body is read before everything else is certain: path, length, headers, sender's
//! place on the subnet, receiver, block, nonce, signature, the sender's share of the miner, and a place in the queue.

use std::{sync::Arc, time::Instant};

use axum::{
    extract::{Request, State},
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use neuron_protocol::{Claim, Request as Challenge, Verified, sign_answer};
use subnet_sdk::{Refusal as Reason, Worker};

use super::{Gateway, Refusal, body};
use crate::work::Place;

/// Answers one request.
pub(super) async fn answer(State(gateway): State<Arc<Gateway>>, request: Request) -> Response {
    let started = Instant::now();
    let (response, outcome) = match handle(&gateway, request, started).await {
        Ok(response) => (response, "answered"),
        Err(refusal) => {
            tracing::debug!(
                code = refusal.code,
                message = refusal.message,
                "task refused"
            );
            let code = refusal.code;
            (refusal.into_response(), code)
        }
    };
    gateway.count("task", outcome, started);
    response
}

async fn handle(
    gateway: &Gateway,
    request: Request,
    started: Instant,
) -> Result<Response, Refusal> {
    let (parts, body) = request.into_parts();
    let limit = gateway.description.challenge_limit;
    body::check_length(&parts.headers, limit)?;
    let path = parts
        .uri
        .path_and_query()
        .map_or("/", axum::http::uri::PathAndQuery::as_str);
    let claim = Claim::read(&parts.method, path, &parts.headers)?;
    let (snapshot, verifier, now) = gateway.view.known(started).ok_or_else(|| {
        Refusal::new(
            StatusCode::SERVICE_UNAVAILABLE,
            "chain-unknown",
            "the chain was not there since this miner started, so it knows no validators yet",
        )
    })?;
    gateway.admission.permits(&snapshot, claim.sender())?;
    let head = verifier.head(claim, now)?;
    let worker = gateway
        .worker
        .get()
        .map_err(|why| Refusal::new(StatusCode::SERVICE_UNAVAILABLE, "starting", why))?;
    let _turn = gateway.admission.turn(head.sender(), started)?;
    let place = gateway.tasks.place().ok_or_else(Refusal::overloaded)?;
    let bytes = body::read(body, limit, gateway.manner.body_time).await?;
    let challenge = verifier.body(head, bytes, now)?;
    perform(gateway, worker, place, challenge, started).await
}

/// Has a verified challenge answered, and signs the answer.
async fn perform(
    gateway: &Gateway,
    worker: Arc<dyn Worker>,
    place: Place,
    challenge: Verified<Challenge>,
    started: Instant,
) -> Result<Response, Refusal> {
    let id = *challenge.id();
    let sender = hex::encode(challenge.sender());
    let deadline = started + gateway.description.deadline;
    let body = challenge.into_inner().body;
    let work = move || worker.answer(&body);
    let answer = gateway.tasks.run(place, deadline.into(), work).await;
    let bytes = match answer.inspect_err(|error| {
        tracing::warn!(%error, sender, "a challenge stays without answer; this costs score");
    })? {
        Ok(bytes) => bytes,
        Err(reason) => {
            tracing::warn!(%reason, sender, "a challenge stays without answer; this costs score");
            let text = reason.to_string();
            return Err(match reason {
                Reason::Malformed(_) => Refusal::new(
                    StatusCode::UNPROCESSABLE_ENTITY,
                    "malformed-challenge",
                    text,
                ),
                Reason::Failed(_) => {
                    Refusal::new(StatusCode::INTERNAL_SERVER_ERROR, "failed", text)
                }
            });
        }
    };
    if bytes.len() > gateway.description.answer_limit {
        tracing::warn!(
            bytes = bytes.len(),
            "the answer is larger than validators accept"
        );
        return Err(Refusal::new(
            StatusCode::INTERNAL_SERVER_ERROR,
            "failed",
            "the answer is larger than the template allows",
        ));
    }
    tracing::debug!(sender, bytes = bytes.len(), elapsed = ?started.elapsed(), "challenge answered");
    let mut headers = sign_answer(&gateway.pair, &id, StatusCode::OK, &bytes);
    headers.insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static("application/octet-stream"),
    );
    Ok((StatusCode::OK, headers, bytes).into_response())
}
