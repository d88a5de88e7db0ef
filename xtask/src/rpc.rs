//! Just enough JSON-RPC over HTTP to see how far a chain is.

use std::{
    io::{Read, Write},
    net::{SocketAddr, TcpStream},
    time::Duration,
};

use serde_json::{Value, json};

use crate::shell::{Failure, Outcome};

const DEADLINE: Duration = Duration::from_secs(2);

/// Where a node answers.
pub(crate) struct Endpoint(SocketAddr);

impl Endpoint {
    /// A node on this machine.
    pub(crate) fn local(port: u16) -> Self {
        Self(SocketAddr::from(([127, 0, 0, 1], port)))
    }
}

/// Heights of a chain.
pub(crate) struct Progress {
    /// The newest block.
    pub(crate) best: u64,
    /// The newest block that is final.
    pub(crate) finalized: u64,
}

/// Asks how far the chain is.
pub(crate) fn progress(endpoint: &Endpoint) -> Outcome<Progress> {
    let final_hash = call(endpoint, "chain_getFinalizedHead", json!([]))?;
    Ok(Progress {
        best: height(&call(endpoint, "chain_getHeader", json!([]))?)?,
        finalized: height(&call(endpoint, "chain_getHeader", json!([final_hash]))?)?,
    })
}

fn height(header: &Value) -> Outcome<u64> {
    header["number"]
        .as_str()
        .and_then(|text| u64::from_str_radix(text.trim_start_matches("0x"), 16).ok())
        .ok_or_else(|| Failure::new("the node answered without a block number"))
}

fn call(endpoint: &Endpoint, method: &str, params: Value) -> Outcome<Value> {
    let body = json!({ "jsonrpc": "2.0", "id": 1, "method": method, "params": params }).to_string();
    let mut stream = TcpStream::connect_timeout(&endpoint.0, DEADLINE)?;
    stream.set_read_timeout(Some(DEADLINE))?;
    stream.set_write_timeout(Some(DEADLINE))?;
    write!(
        stream,
        "POST / HTTP/1.0\r\nHost: {}\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
        endpoint.0,
        body.len(),
    )?;
    let mut answer = String::new();
    stream.take(1 << 20).read_to_string(&mut answer)?;
    let body = answer.split_once("\r\n\r\n").map_or("", |(_, body)| body);
    let value: Value = serde_json::from_str(body)
        .map_err(|error| Failure::new(format!("the node answered no JSON: {error}")))?;
    match value.get("result") {
        Some(result) => Ok(result.clone()),
        None => Err(Failure::new(format!("{method} failed: {}", value["error"]))),
    }
}
