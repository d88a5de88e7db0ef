//! JSON-RPC calls to a node.

use std::time::Duration;

use serde_json::{Value, json};

/// A node's RPC, called over HTTP.
#[derive(Clone, Debug)]
pub struct Rpc {
    url: String,
    agent: ureq::Agent,
}

impl Rpc {
    /// The RPC of the node that listens on this port.
    pub fn on(port: u16) -> Self {
        let config = ureq::Agent::config_builder()
            .timeout_global(Some(Duration::from_secs(10)))
            .build();
        Self {
            url: format!("http://127.0.0.1:{port}"),
            agent: config.into(),
        }
    }

    /// Calls a method. Errors: the node does not answer, or answers with an error.
    pub fn call(&self, method: &str, params: Value) -> Result<Value, String> {
        let request = json!({ "jsonrpc": "2.0", "id": 1, "method": method, "params": params });
        let mut response = self
            .agent
            .post(&self.url)
            .send_json(request)
            .map_err(|error| format!("{method}: {error}"))?;
        let answer: Value = response
            .body_mut()
            .read_json()
            .map_err(|error| format!("{method}: {error}"))?;
        match answer.get("result") {
            Some(result) => Ok(result.clone()),
            None => Err(format!("{method}: {}", answer["error"])),
        }
    }

    /// Height of the best block.
    pub fn best(&self) -> Result<u64, String> {
        height(&self.call("chain_getHeader", json!([]))?)
    }

    /// Height of the last final block.
    pub fn finalized(&self) -> Result<u64, String> {
        let hash = self.call("chain_getFinalizedHead", json!([]))?;
        height(&self.call("chain_getHeader", json!([hash]))?)
    }

    /// Hash of the block at this height, `None` where there is none yet.
    pub fn hash(&self, height: u64) -> Result<Option<String>, String> {
        let hash = self.call("chain_getBlockHash", json!([height]))?;
        Ok(hash.as_str().map(str::to_owned))
    }
}

fn height(header: &Value) -> Result<u64, String> {
    header["number"]
        .as_str()
        .and_then(|text| u64::from_str_radix(text.trim_start_matches("0x"), 16).ok())
        .ok_or_else(|| format!("no header: {header}"))
}
