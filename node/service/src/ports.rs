//! Finds out before the start whether another program holds a port that the node needs.
//!
//! The libraries below would take a random RPC port or go on without peers, which an operator notices
//! only when nothing can connect.

use std::net::{IpAddr, SocketAddr, TcpListener};

use sc_network::multiaddr::Protocol;
use sc_service::Configuration;

/// Checks every listening address, and forbids the RPC server to fall back to a random port.
pub(crate) fn claim(config: &mut Configuration) -> Result<(), sc_cli::Error> {
    for address in peer_addresses(config) {
        probe(address, "peers", "--port")?;
    }
    for endpoint in config.rpc.addr.iter_mut().flatten() {
        endpoint.retry_random_port = false;
        if !endpoint.is_optional {
            probe(endpoint.listen_addr, "RPC", "--rpc-port")?;
        }
    }
    if config.rpc.addr.is_none() {
        probe(
            SocketAddr::new(IpAddr::from([127, 0, 0, 1]), config.rpc.port),
            "RPC",
            "--rpc-port",
        )?;
    }
    if let Some(prometheus) = &config.prometheus_config {
        probe(prometheus.port, "Prometheus", "--prometheus-port")?;
    }
    Ok(())
}

fn peer_addresses(config: &Configuration) -> Vec<SocketAddr> {
    let socket = |address: &sc_network::Multiaddr| {
        let mut parts = address.iter();
        let ip = match parts.next()? {
            Protocol::Ip4(ip) => IpAddr::V4(ip),
            Protocol::Ip6(ip) => IpAddr::V6(ip),
            _ => return None,
        };
        match parts.next()? {
            Protocol::Tcp(port) => Some(SocketAddr::new(ip, port)),
            _ => None,
        }
    };
    config
        .network
        .listen_addresses
        .iter()
        .filter_map(socket)
        .collect()
}

fn probe(address: SocketAddr, purpose: &str, flag: &str) -> Result<(), sc_cli::Error> {
    match TcpListener::bind(address) {
        Err(error) if error.kind() == std::io::ErrorKind::AddrInUse => {
            Err(sc_cli::Error::Input(format!(
                "port {} for {purpose} is in use by another program; stop that program or choose another port with {flag}",
                address.port(),
            )))
        }
        Err(error) if error.kind() == std::io::ErrorKind::PermissionDenied => {
            Err(sc_cli::Error::Input(format!(
                "this user may not listen on port {} for {purpose}; choose a port above 1023 with {flag}",
                address.port(),
            )))
        }
        // Whatever else is wrong (no IPv6 on this machine, say) is the server's to judge.
        Ok(_) | Err(_) => Ok(()),
    }
}
