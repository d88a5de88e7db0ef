//! Questions and answers as bytes: JSON, versioned, strict.

use serde::{Deserialize, Serialize, de::DeserializeOwned};

use crate::template::{Description, Refusal};

#[derive(Serialize)]
struct Sent<'a, Q> {
    version: u32,
    question: &'a Q,
}

#[derive(Deserialize)]
struct Version {
    version: u32,
}

#[derive(Deserialize)]
struct Received<Q> {
    question: Q,
}

/// A question as the body of a challenge, `{"version":…,"question":…}`.
///
/// **Errors:** [`Refusal::Failed`] for a type that JSON cannot express.
pub fn write_question<Q: Serialize>(
    description: &Description,
    question: &Q,
) -> Result<Vec<u8>, Refusal> {
    write_answer(&Sent {
        version: description.version,
        question,
    })
}

/// The question in the body of a challenge.
///
/// **Errors:** [`Refusal::Malformed`] for a body that is too long, of another version, or no question.
pub fn read_question<Q: DeserializeOwned>(
    description: &Description,
    body: &[u8],
) -> Result<Q, Refusal> {
    let limit = description.challenge_limit;
    let version: Version = read(body, limit).map_err(Refusal::Malformed)?;
    if version.version != description.version {
        return Err(Refusal::Malformed(format!(
            "version {} is asked, version {} of `{}` is spoken here; update the older side",
            version.version, description.version, description.name
        )));
    }
    let received: Received<Q> = read(body, limit).map_err(Refusal::Malformed)?;
    Ok(received.question)
}

/// An answer as bytes. **Errors:** [`Refusal::Failed`] for a type that JSON cannot express.
pub fn write_answer<A: Serialize>(answer: &A) -> Result<Vec<u8>, Refusal> {
    serde_json::to_vec(answer).map_err(|error| Refusal::Failed(error.to_string()))
}

/// The answer in a reply. **Errors:** a sentence, if it is too long or not one.
pub fn read_answer<A: DeserializeOwned>(
    description: &Description,
    body: &[u8],
) -> Result<A, String> {
    read(body, description.answer_limit)
}

/// Numbers out of range and nesting without end are errors of the parser; nothing of the body is repeated in the sentence.
fn read<T: DeserializeOwned>(body: &[u8], limit: usize) -> Result<T, String> {
    if body.len() > limit {
        return Err(format!("{} bytes, {limit} are allowed", body.len()));
    }
    serde_json::from_slice(body).map_err(|error| {
        let kind = match error.classify() {
            serde_json::error::Category::Data => "not of the expected form",
            _ => "not JSON",
        };
        format!("{kind} at line {} column {}", error.line(), error.column())
    })
}
