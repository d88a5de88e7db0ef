//! The endpoint for ordinary clients, over real sockets, with the toy model.

mod support;

use std::sync::Arc;

use dendra_miner::gateway::{Completions, Manner};
use http::{HeaderMap, HeaderValue, StatusCode};
use serde_json::{Value, json};
use subnet_sdk::{GenerationRequest, LanguageModel, Sampling, toy::Toy};
use support::{Answer, Miner, Setup};

fn model() -> Arc<dyn LanguageModel> {
    Arc::new(Toy::new(7))
}

async fn miner() -> Miner {
    Miner::start(Setup {
        model: Some(model()),
        ..Setup::default()
    })
    .await
}

fn json_headers() -> HeaderMap {
    HeaderMap::from_iter([(
        http::header::CONTENT_TYPE,
        HeaderValue::from_static("application/json"),
    )])
}

async fn complete(miner: &Miner, request: &Value) -> Answer {
    let body = request.to_string();
    miner
        .post("/v1/completions", &json_headers(), body.as_bytes())
        .await
}

/// The events of a stream, without the mark of its end.
fn events(answer: &Answer) -> Vec<Value> {
    let text = answer.text();
    assert!(text.trim_end().ends_with("data: [DONE]"), "{text}");
    text.lines()
        .filter_map(|line| line.strip_prefix("data: "))
        .filter(|data| *data != "[DONE]")
        .map(|data| serde_json::from_str(data).expect("JSON"))
        .collect()
}

#[tokio::test]
async fn models_are_listed() {
    let miner = miner().await;
    let list = miner.get("/v1/models").await.json();
    assert_eq!(list["object"], "list");
    assert_eq!(list["data"][0]["id"], model().name());
}

#[tokio::test]
async fn a_completion_is_what_the_model_generates() {
    let miner = miner().await;
    let model = model();
    let request =
        json!({ "model": model.name(), "prompt": "once upon", "max_tokens": 12, "temperature": 0 });
    let answer = complete(&miner, &request).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
    let answer = answer.json();
    let prompt = model.encode("once upon").expect("tokens");
    let expected = model
        .generate(
            &GenerationRequest {
                prompt: prompt.clone(),
                limit: 12,
                sampling: Sampling::GREEDY,
                stops_at_end: true,
                candidates: 0,
            },
            &mut |_| true,
        )
        .expect("generated");
    let tokens: Vec<u32> = expected
        .tokens
        .iter()
        .map(|token| token.id)
        .filter(|id| Some(*id) != model.end_of_text())
        .collect();
    let text = model.decode(&tokens).expect("text");
    assert_eq!(answer["choices"][0]["text"], text);
    assert_eq!(answer["usage"]["prompt_tokens"], prompt.len());
    assert_eq!(answer["usage"]["completion_tokens"], expected.tokens.len());
    assert_eq!(answer["object"], "text_completion");
}

#[tokio::test]
async fn a_stream_holds_the_same_text_as_the_whole() {
    let miner = miner().await;
    let mut request = json!({ "prompt": "the sea", "max_tokens": 40, "seed": 5, "temperature": 0.8, "top_p": 0.9, "logprobs": 2 });
    let whole = complete(&miner, &request).await.json();
    request["stream"] = true.into();
    request["stream_options"] = json!({ "include_usage": true });
    let answer = complete(&miner, &request).await;
    assert!(
        answer.headers["content-type"]
            .to_str()
            .expect("text")
            .starts_with("text/event-stream")
    );
    let mut events = events(&answer);
    let usage = events.pop().expect("usage");
    assert_eq!(usage["usage"], whole["usage"]);
    let text: String = events
        .iter()
        .map(|event| event["choices"][0]["text"].as_str().expect("text"))
        .collect();
    assert_eq!(whole["choices"][0]["text"], text);
    let tokens: Vec<Value> = events
        .iter()
        .flat_map(|event| {
            event["choices"][0]["logprobs"]["tokens"]
                .as_array()
                .expect("tokens")
                .clone()
        })
        .collect();
    assert_eq!(
        whole["choices"][0]["logprobs"]["tokens"],
        Value::Array(tokens)
    );
    let last = events.last().expect("events");
    assert_eq!(
        last["choices"][0]["finish_reason"],
        whole["choices"][0]["finish_reason"]
    );
    assert!(whole["choices"][0]["finish_reason"].is_string());
}

#[tokio::test]
async fn log_probabilities_belong_to_the_tokens() {
    let miner = miner().await;
    let request = json!({ "prompt": "the sea", "max_tokens": 8, "temperature": 0, "logprobs": 3 });
    let answer = complete(&miner, &request).await.json();
    let told = &answer["choices"][0]["logprobs"];
    let tokens = told["tokens"].as_array().expect("tokens");
    assert!(!tokens.is_empty());
    for (at, token) in tokens.iter().enumerate() {
        let own = told["token_logprobs"][at].as_f64().expect("a number");
        assert!(own <= 0.0);
        let top = told["top_logprobs"][at].as_object().expect("a map");
        assert!((1..=3).contains(&top.len()));
        // Greedy: the token is the most probable one.
        let best = top
            .values()
            .filter_map(Value::as_f64)
            .fold(f64::MIN, f64::max);
        assert!((best - own).abs() < 1e-6, "{token}");
    }
}

#[tokio::test]
async fn equal_seeds_give_equal_texts() {
    let miner = miner().await;
    let of = async |seed: u64| {
        let request = json!({ "prompt": "the sea", "max_tokens": 30, "seed": seed });
        complete(&miner, &request).await.json()["choices"][0]["text"].clone()
    };
    assert_eq!(of(1).await, of(1).await);
    assert_ne!(of(1).await, of(2).await);
}

#[tokio::test]
async fn a_stop_text_ends_the_completion_before_it() {
    let miner = miner().await;
    let mut request = json!({ "prompt": "the sea", "max_tokens": 40, "temperature": 0 });
    let full = complete(&miner, &request).await.json();
    let full = full["choices"][0]["text"]
        .as_str()
        .expect("text")
        .to_owned();
    let letters: Vec<(usize, char)> = full.char_indices().collect();
    let (from, _) = letters[letters.len() / 2];
    let (to, _) = letters[letters.len() / 2 + 2];
    let stop = full[from..to].to_owned();
    let at = full.find(&stop).expect("in the text");
    request["stop"] = json!([stop]);
    let answer = complete(&miner, &request).await.json();
    assert_eq!(answer["choices"][0]["text"], full[..at]);
    assert_eq!(answer["choices"][0]["finish_reason"], "stop");
    request["stream"] = true.into();
    let answer = complete(&miner, &request).await;
    let text: String = events(&answer)
        .iter()
        .filter_map(|event| event["choices"][0]["text"].as_str())
        .collect();
    assert_eq!(text, full[..at]);
}

#[tokio::test]
async fn prompts_may_be_tokens() {
    let miner = miner().await;
    let tokens = model().encode("the sea").expect("tokens");
    let text = complete(&miner, &json!({ "prompt": "the sea", "temperature": 0 }))
        .await
        .json();
    for prompt in [json!(tokens), json!([tokens]), json!(["the sea"])] {
        let answer = complete(&miner, &json!({ "prompt": prompt, "temperature": 0 }))
            .await
            .json();
        assert_eq!(answer["choices"][0]["text"], text["choices"][0]["text"]);
    }
}

#[tokio::test]
async fn what_cannot_be_done_is_refused_with_a_reason() {
    let miner = miner().await;
    for (change, reason) in [
        (json!({ "echo": true }), "echo is not supported"),
        (json!({ "n": 2 }), "n must be 1"),
        (json!({ "best_of": 3 }), "best_of"),
        (json!({ "suffix": "end" }), "suffix"),
        (json!({ "logit_bias": { "5": 1 } }), "logit_bias"),
        (json!({ "presence_penalty": 1 }), "presence_penalty"),
        (json!({ "temperature": 3 }), "temperature"),
        (json!({ "temperature": -1 }), "temperature"),
        (json!({ "top_p": 0 }), "top_p"),
        (json!({ "logprobs": 6 }), "logprobs"),
        (json!({ "max_tokens": 0 }), "max_tokens"),
        (json!({ "max_tokens": 10_000_000 }), "max_tokens"),
        (json!({ "prompt": "" }), "empty"),
        (json!({ "prompt": ["a", "b"] }), "one prompt"),
        (json!({ "prompt": null }), "prompt is missing"),
        (json!({ "prompt": [4_000_000_000u32] }), ""),
        (json!({ "stop": ["a", "b", "c", "d", "e"] }), "stop"),
        (json!({ "stop": "" }), "stop"),
    ] {
        let mut request = json!({ "prompt": "the sea" });
        let fields = change.as_object().expect("an object").clone();
        request.as_object_mut().expect("an object").extend(fields);
        let answer = complete(&miner, &request).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{change}");
        assert!(
            answer.text().contains(reason),
            "{change}: {}",
            answer.text()
        );
    }
    let answer = complete(&miner, &json!({ "prompt": "x", "model": "gpt" })).await;
    assert_eq!(
        (answer.status.as_u16(), answer.code().as_str()),
        (404, "model_not_found")
    );
    let answer = miner.post("/v1/completions", &json_headers(), b"{").await;
    assert_eq!(answer.status, StatusCode::BAD_REQUEST);
    let answer = miner
        .post("/v1/completions", &HeaderMap::new(), b"{}")
        .await;
    assert_eq!(answer.status, StatusCode::UNSUPPORTED_MEDIA_TYPE);
}

#[tokio::test]
async fn pages_and_proxies_are_not_local() {
    let miner = miner().await;
    let mut headers = json_headers();
    headers.insert("x-forwarded-for", HeaderValue::from_static("203.0.113.9"));
    let answer = miner
        .post("/v1/completions", &headers, b"{\"prompt\":\"x\"}")
        .await;
    assert_eq!(
        (answer.status.as_u16(), answer.code().as_str()),
        (403, "not-local")
    );
}

#[tokio::test]
async fn with_a_token_only_who_has_it_is_answered() {
    let token = "0123456789abcdef";
    let miner = Miner::start(Setup {
        model: Some(model()),
        manner: Manner {
            completions: Completions::Token(token.into()),
            ..Manner::default()
        },
        ..Setup::default()
    })
    .await;
    assert_eq!(
        complete(&miner, &json!({ "prompt": "x" })).await.code(),
        "token"
    );
    let mut headers = json_headers();
    let value = HeaderValue::try_from(format!("Bearer {token}")).expect("text");
    headers.insert(http::header::AUTHORIZATION, value);
    let answer = miner
        .post("/v1/completions", &headers, b"{\"prompt\":\"x\"}")
        .await;
    assert_eq!(answer.status, StatusCode::OK);
}

#[tokio::test]
async fn switched_off_there_is_no_such_path() {
    let miner = Miner::start(Setup {
        model: Some(model()),
        manner: Manner {
            completions: Completions::Off,
            ..Manner::default()
        },
        ..Setup::default()
    })
    .await;
    assert_eq!(
        complete(&miner, &json!({ "prompt": "x" })).await.code(),
        "wrong-path"
    );
    assert_eq!(miner.get("/v1/models").await.code(), "wrong-path");
}

#[tokio::test]
async fn a_template_without_a_model_says_so() {
    let miner = Miner::start(Setup::default()).await;
    assert_eq!(
        complete(&miner, &json!({ "prompt": "x" })).await.code(),
        "no-model"
    );
}
