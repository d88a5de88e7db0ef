//! Addresses of nodes.

use crate::ChainError;

/// Refuses an address to which no attempt can succeed.
pub(super) fn check(url: &str) -> Result<(), ChainError> {
    let fail = |reason: &str| ChainError::Url {
        url: url.chars().take(256).collect(),
        reason: reason.to_owned(),
    };
    let rest = url
        .strip_prefix("ws://")
        .or_else(|| url.strip_prefix("wss://"))
        .ok_or_else(|| fail("it starts with neither ws:// nor wss://"))?;
    if url
        .chars()
        .any(|letter| letter.is_whitespace() || letter.is_control())
    {
        return Err(fail("it contains a space"));
    }
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let host_and_port = authority.rsplit('@').next().unwrap_or_default();
    let (host, port) = match host_and_port.rsplit_once(':') {
        // The colons of an address of version 6 stand in brackets.
        Some((host, port)) if !port.ends_with(']') => (host, Some(port)),
        _ => (host_and_port, None),
    };
    if host.is_empty() {
        return Err(fail("it names no host"));
    }
    match port.map(str::parse::<u16>) {
        None | Some(Ok(1..)) => Ok(()),
        Some(_) => Err(fail("its port is no number from 1 to 65535")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_of_nodes_are_taken() {
        for url in [
            "ws://127.0.0.1:9944",
            "wss://node.example",
            "wss://node.example/path?key=1",
            "ws://[::1]:9944",
            "ws://[::1]",
        ] {
            assert_eq!(check(url), Ok(()), "{url}");
        }
    }

    #[test]
    fn other_addresses_are_refused_with_an_example() {
        for url in [
            "",
            "127.0.0.1:9944",
            "http://127.0.0.1:9944",
            "ws://",
            "ws://:9944",
            "ws://host:0",
            "ws://host:65536",
            "ws://host:port",
            "ws://ho st",
            "ws://host\n",
        ] {
            let error = check(url).unwrap_err();
            assert!(error.to_string().contains("ws://127.0.0.1:9944"), "{error}");
            assert!(!error.is_retryable());
        }
    }
}
