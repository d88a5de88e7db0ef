//! Asking miners: signed, concurrent, and prepared for the worst answers.
//!
//! Miners are strangers. Each exchange has a deadline from the first byte to the last; an answer is read no further than its template
//! allows; nothing is followed, unpacked or retried; what is not signed by the miner means nothing. One miner costs at most its
//! deadline and its answers, whatever it does.

#[cfg(test)]
mod tests;

use std::{
    collections::BTreeMap,
    net::SocketAddr,
    sync::Arc,
    time::{Duration, SystemTime},
};

use futures::{StreamExt, stream};
use neuron_protocol::{Nonces, SignedRequest, sign_request, task_path, verify_answer};
use reqwest::{Client, Method, Response, StatusCode, redirect};
use sp_core::sr25519::Pair;
use subnet_sdk::{Challenge, Description, Exchange, Failure, Miner, Reply};
use tokio::time::Instant;

use crate::metrics::Metrics;

/// How long a connection may take to come about.
const CONNECT: Duration = Duration::from_secs(4);

/// Asks miners. Clones share connections.
#[derive(Clone)]
pub struct Asker {
    client: Client,
    pair: Arc<Pair>,
    nonces: Arc<Nonces>,
    most: usize,
    metrics: Metrics,
}

/// The conditions of a round's questions.
#[derive(Clone, Copy, Debug)]
pub struct Terms {
    /// Subnet.
    pub netuid: u16,
    /// Template.
    pub template: &'static str,
    /// How long one exchange may take.
    pub deadline: Duration,
    /// Bytes of an answer at most.
    pub answer_limit: usize,
}

impl Terms {
    /// Those of a template. `deadline`: what its judge says, if it says something.
    pub fn of(netuid: u16, description: &Description, deadline: Option<Duration>) -> Self {
        Self {
            netuid,
            template: description.name,
            deadline: deadline.unwrap_or(description.deadline),
            answer_limit: description.answer_limit,
        }
    }
}

impl Asker {
    /// One that asks `most` miners at a time. **Errors:** the HTTP client cannot be made.
    pub fn new(pair: Arc<Pair>, most: usize, metrics: Metrics) -> reqwest::Result<Self> {
        let client = Client::builder()
            .no_proxy()
            .http1_only()
            .redirect(redirect::Policy::none())
            .retry(reqwest::retry::never())
            .referer(false)
            .connect_timeout(CONNECT)
            .pool_max_idle_per_host(1)
            .pool_idle_timeout(Duration::from_secs(2))
            .tcp_nodelay(true)
            .build()?;
        Ok(Self {
            client,
            pair,
            nonces: Arc::new(Nonces::new()),
            most: most.max(1),
            metrics,
        })
    }

    /// Puts all challenges to their miners: those of one miner one after the other, so many miners at a time. An exchange for
    /// every challenge, ordered by miner. `block` gives the newest block, which is part of what is signed.
    pub async fn ask_all(
        &self,
        terms: Terms,
        addresses: &BTreeMap<Miner, Option<SocketAddr>>,
        challenges: Vec<Challenge>,
        block: impl Fn() -> u32 + Sync,
    ) -> Vec<Exchange> {
        let mut by_miner: BTreeMap<Miner, Vec<Challenge>> = BTreeMap::new();
        for challenge in challenges {
            by_miner.entry(challenge.miner).or_default().push(challenge);
        }
        let block = &block;
        let asking = by_miner.into_iter().map(|(miner, challenges)| async move {
            let address = addresses.get(&miner).copied().flatten();
            (
                miner,
                self.ask_in_turn(terms, address, challenges, block).await,
            )
        });
        let mut answered: Vec<(Miner, Vec<Exchange>)> = stream::iter(asking)
            .buffer_unordered(self.most)
            .collect()
            .await;
        answered.sort_by_key(|(miner, _)| *miner);
        answered
            .into_iter()
            .flat_map(|(_, exchanges)| exchanges)
            .collect()
    }

    /// The challenges of one miner. Whom nobody reaches is not tried again.
    async fn ask_in_turn(
        &self,
        terms: Terms,
        address: Option<SocketAddr>,
        challenges: Vec<Challenge>,
        block: &(impl Fn() -> u32 + Sync),
    ) -> Vec<Exchange> {
        let netuid = terms.netuid.to_string();
        let mut exchanges = Vec::with_capacity(challenges.len());
        let mut gone = None;
        for challenge in challenges {
            let outcome = match (gone, address) {
                (Some(failure), _) => Err(failure),
                (None, None) => Err(Failure::NoEndpoint),
                (None, Some(address)) => self.ask(terms, address, &challenge, block()).await,
            };
            if let Err(failure @ (Failure::NoEndpoint | Failure::Unreachable)) = outcome {
                gone = Some(failure);
            }
            let word = match &outcome {
                Ok(reply) => {
                    let times = &self.metrics.answer_time;
                    times
                        .with_label_values(&[&netuid])
                        .observe(reply.elapsed.as_secs_f64());
                    "answered"
                }
                Err(failure) => word(*failure),
            };
            self.metrics
                .exchanges
                .with_label_values(&[&netuid, word])
                .inc();
            exchanges.push(Exchange { challenge, outcome });
        }
        exchanges
    }

    /// One exchange.
    pub async fn ask(
        &self,
        terms: Terms,
        address: SocketAddr,
        challenge: &Challenge,
        block: u32,
    ) -> Result<Reply, Failure> {
        let path = task_path(terms.netuid, terms.template);
        let nonce = self.nonces.next(SystemTime::now());
        let (method, body) = (Method::POST, &challenge.body);
        let request = sign_request(
            &self.pair,
            &method,
            &path,
            body,
            &challenge.miner.hotkey,
            nonce,
            block,
        );
        let url = format!("http://{address}{path}");
        let started = Instant::now();
        let exchange = self.exchange(&url, challenge, &request, terms.answer_limit);
        let Ok(outcome) = tokio::time::timeout(terms.deadline, exchange).await else {
            return Err(Failure::TooLate);
        };
        let body = outcome?;
        let elapsed = started.elapsed();
        Ok(Reply { body, elapsed })
    }

    async fn exchange(
        &self,
        url: &str,
        challenge: &Challenge,
        request: &SignedRequest,
        limit: usize,
    ) -> Result<Vec<u8>, Failure> {
        let sending = self
            .client
            .post(url)
            .headers(request.headers.clone())
            .body(challenge.body.clone());
        let response = sending.send().await.map_err(|error| {
            tracing::debug!(url, %error, "no answer");
            Failure::Unreachable
        })?;
        let status = response.status();
        match status {
            StatusCode::OK => {}
            StatusCode::TOO_MANY_REQUESTS | StatusCode::SERVICE_UNAVAILABLE => {
                return Err(Failure::Overloaded);
            }
            status => {
                tracing::debug!(url, %status, "refused");
                return Err(Failure::Refused);
            }
        }
        let headers = response.headers().clone();
        let answer = limited(response, limit).await?;
        match verify_answer(
            &challenge.miner.hotkey,
            &request.id,
            status,
            &headers,
            &answer,
        ) {
            Ok(()) => Ok(answer),
            Err(error) => {
                tracing::debug!(url, %error, "answer without meaning");
                Err(Failure::Meaningless)
            }
        }
    }
}

/// The body, no longer than `limit`. **Errors:** [`Failure::Meaningless`] for a longer one, or one that breaks off.
async fn limited(mut response: Response, limit: usize) -> Result<Vec<u8>, Failure> {
    let announced = response.content_length();
    if announced.is_some_and(|length| length > limit as u64) {
        return Err(Failure::Meaningless);
    }
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(|_| Failure::Meaningless)? {
        if body.len() + chunk.len() > limit {
            return Err(Failure::Meaningless);
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}

/// A failure as a label.
fn word(failure: Failure) -> &'static str {
    match failure {
        Failure::NoEndpoint => "no-endpoint",
        Failure::Unreachable => "unreachable",
        Failure::TooLate => "too-late",
        Failure::Overloaded => "overloaded",
        Failure::Refused => "refused",
        Failure::Meaningless => "meaningless",
    }
}
