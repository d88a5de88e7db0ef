//! Who may use the completions endpoint.
//!
//! By default only programs on the miner's machine: whoever could have a miner's model continue any text could have it
//! answer the challenges of others, and would earn with it.

use axum::http::{Extensions, HeaderMap, StatusCode, header};
use neuron_operator::server::Peer;

use super::{Completions, Refusal};

/// Headers that a proxy adds: the request comes from elsewhere, whatever the address of the proxy.
const FORWARDED: [&str; 4] = ["forwarded", "x-forwarded-for", "x-real-ip", "via"];

/// Lets a request in. **Errors:** what it lacks.
pub(super) fn admit(
    manner: &Completions,
    headers: &HeaderMap,
    extensions: &Extensions,
) -> Result<(), Refusal> {
    match manner {
        Completions::Off => Err(Refusal::new(
            StatusCode::NOT_FOUND,
            "wrong-path",
            "there is no such path here",
        )),
        Completions::Token(token) => {
            let given = headers
                .get(header::AUTHORIZATION)
                .and_then(|value| value.to_str().ok())
                .and_then(|text| text.strip_prefix("Bearer "));
            match given {
                Some(given) if same(given.trim(), token) => Ok(()),
                _ => Err(Refusal::new(
                    StatusCode::UNAUTHORIZED,
                    "token",
                    "send the operator's token: Authorization: Bearer TOKEN",
                )),
            }
        }
        Completions::Local => {
            let near = extensions
                .get::<Peer>()
                .is_some_and(|peer| peer.0.ip().to_canonical().is_loopback());
            let forwarded = FORWARDED.iter().any(|name| headers.contains_key(*name));
            if near && !forwarded && names_this_machine(headers) {
                Ok(())
            } else {
                Err(Refusal::new(
                    StatusCode::FORBIDDEN,
                    "not-local",
                    "only programs on the miner's machine may ask for completions, unless its operator sets a token",
                ))
            }
        }
    }
}

/// Whether the host that the client wanted is this machine: a web page that got a name to point here is not.
fn names_this_machine(headers: &HeaderMap) -> bool {
    let Some(host) = headers.get(header::HOST).and_then(|v| v.to_str().ok()) else {
        return false;
    };
    let name = match host.strip_prefix('[') {
        Some(rest) => rest.split(']').next().unwrap_or_default(),
        None => host.split(':').next().unwrap_or_default(),
    };
    name.eq_ignore_ascii_case("localhost")
        || name
            .parse::<std::net::IpAddr>()
            .is_ok_and(|ip| ip.is_loopback())
}

/// Compares in a time that depends on the length alone.
fn same(one: &str, other: &str) -> bool {
    let difference = one
        .bytes()
        .zip(other.bytes())
        .fold(0, |sum, (a, b)| sum | (a ^ b));
    one.len() == other.len() && difference == 0
}

#[cfg(test)]
mod tests {
    use axum::http::{HeaderName, HeaderValue};

    use super::*;

    fn request(peer: &str, headers: &[(&'static str, &'static str)]) -> (HeaderMap, Extensions) {
        let mut extensions = Extensions::new();
        extensions.insert(Peer(peer.parse().expect("an address")));
        let headers = headers
            .iter()
            .map(|(name, value)| {
                (
                    HeaderName::from_static(name),
                    HeaderValue::from_static(value),
                )
            })
            .collect();
        (headers, extensions)
    }

    fn admitted(
        manner: &Completions,
        peer: &str,
        headers: &[(&'static str, &'static str)],
    ) -> bool {
        let (headers, extensions) = request(peer, headers);
        admit(manner, &headers, &extensions).is_ok()
    }

    #[test]
    fn without_a_token_only_this_machine_is_let_in() {
        let local = Completions::Local;
        for host in [
            "localhost:8091",
            "127.0.0.1:8091",
            "[::1]:8091",
            "LOCALHOST",
        ] {
            assert!(admitted(&local, "127.0.0.1:5", &[("host", host)]), "{host}");
        }
        assert!(admitted(
            &local,
            "[::ffff:127.0.0.1]:5",
            &[("host", "localhost")]
        ));
        assert!(!admitted(&local, "10.0.0.1:5", &[("host", "localhost")]));
        assert!(!admitted(
            &local,
            "127.0.0.1:5",
            &[("host", "evil.example")]
        ));
        assert!(!admitted(&local, "127.0.0.1:5", &[]));
        let proxied = [("host", "localhost"), ("x-forwarded-for", "1.2.3.4")];
        assert!(!admitted(&local, "127.0.0.1:5", &proxied));
    }

    #[test]
    fn a_token_lets_in_from_anywhere_and_nothing_else_does() {
        let token = Completions::Token("abc".into());
        assert!(admitted(
            &token,
            "10.0.0.1:5",
            &[("authorization", "Bearer abc")]
        ));
        for wrong in ["Bearer abd", "Bearer ab", "Bearer ", "abc", "Basic abc"] {
            assert!(
                !admitted(&token, "127.0.0.1:5", &[("authorization", wrong)]),
                "{wrong}"
            );
        }
        assert!(!admitted(&token, "127.0.0.1:5", &[("host", "localhost")]));
    }
}
