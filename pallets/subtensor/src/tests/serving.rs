//! Endpoints: who may announce one, which addresses are refused, how often it changes.

use core::net::{Ipv4Addr, Ipv6Addr};

use dendra_primitives::{
    NetUid,
    records::{AxonInfo, NeuronCertificate, PrometheusInfo},
};
use frame_support::{assert_noop, assert_ok};
use sp_runtime::DispatchResult;

use crate::{
    AllowsLoopback, Axons, Error, Event, NeuronCertificates, Prometheus, ServingRateLimit,
    mock::{ExtBuilder, RuntimeOrigin, SubtensorModule, System, Test, account, events, signed},
};

const NETUID: NetUid = NetUid::new(2);
const PUBLIC: Ipv4Addr = Ipv4Addr::new(93, 184, 216, 34);

/// A subnet with two neurons: hotkeys 2 and 3.
fn chain() -> ExtBuilder {
    ExtBuilder::new()
        .subnet(2, account(1), account(2))
        .neuron(2, account(3), account(1))
}

fn v4(address: Ipv4Addr) -> u128 {
    u128::from(address.to_bits())
}

fn v6(address: &str) -> u128 {
    address.parse::<Ipv6Addr>().unwrap().to_bits()
}

fn serve(hotkey: u8, ip: u128, port: u16, ip_type: u8, protocol: u8) -> DispatchResult {
    let origin = signed(&account(hotkey));
    SubtensorModule::serve_axon(origin, NETUID, 7, ip, port, ip_type, protocol, 8, 9)
}

fn serve_tls(hotkey: u8, certificate: Vec<u8>) -> DispatchResult {
    let origin = signed(&account(hotkey));
    let ip = v4(PUBLIC);
    SubtensorModule::serve_axon_tls(origin, NETUID, 7, ip, 8_091, 4, 4, 8, 9, certificate)
}

fn serve_metrics(hotkey: u8, ip: u128, port: u16, ip_type: u8) -> DispatchResult {
    let origin = signed(&account(hotkey));
    SubtensorModule::serve_prometheus(origin, NETUID, 7, ip, port, ip_type)
}

/// What each of the calls says to an address.
fn assert_address(ip: u128, ip_type: u8, expected: Result<(), Error<Test>>) {
    let expected = expected.map_err(Into::into);
    assert_eq!(
        serve(2, ip, 8_091, ip_type, 4),
        expected,
        "{ip:x} as an endpoint"
    );
    assert_eq!(
        serve_metrics(2, ip, 8_091, ip_type),
        expected,
        "{ip:x} for metrics"
    );
}

#[test]
fn an_endpoint_is_stored_as_it_was_given() {
    chain().run(|| {
        System::set_block_number(6);
        assert_ok!(serve(2, v4(PUBLIC), 8_091, 4, 4));
        let stored = AxonInfo {
            block: 6,
            version: 7,
            ip: 1_572_395_042,
            port: 8_091,
            ip_type: 4,
            protocol: 4,
            placeholder1: 8,
            placeholder2: 9,
        };
        assert_eq!(Axons::<Test>::get(NETUID, account(2)), Some(stored));
        assert_eq!(Axons::<Test>::get(NETUID, account(3)), None);
        assert_eq!(NeuronCertificates::<Test>::get(NETUID, account(2)), None);
        assert_eq!(events(), [Event::AxonServed(NETUID, account(2))]);
    });
}

#[test]
fn an_endpoint_for_metrics_is_stored_as_it_was_given() {
    chain().run(|| {
        System::set_block_number(6);
        assert_ok!(serve_metrics(2, v6("2001:db8::1"), 9_100, 6));
        let stored = PrometheusInfo {
            block: 6,
            version: 7,
            ip: 0x2001_0db8_0000_0000_0000_0000_0000_0001,
            port: 9_100,
            ip_type: 6,
        };
        assert_eq!(Prometheus::<Test>::get(NETUID, account(2)), Some(stored));
        assert_eq!(Axons::<Test>::get(NETUID, account(2)), None);
        assert_eq!(events(), [Event::PrometheusServed(NETUID, account(2))]);
    });
}

#[test]
fn only_neurons_of_the_subnet_serve() {
    chain().run(|| {
        let error = Error::<Test>::HotKeyNotRegisteredInNetwork;
        assert_noop!(serve(1, v4(PUBLIC), 8_091, 4, 4), error);
        let error = Error::<Test>::HotKeyNotRegisteredInNetwork;
        assert_noop!(serve_metrics(1, v4(PUBLIC), 8_091, 4), error);
        let (origin, other) = (signed(&account(2)), NetUid::new(1));
        assert_noop!(
            SubtensorModule::serve_axon(origin, other, 0, v4(PUBLIC), 1, 4, 4, 0, 0),
            Error::<Test>::HotKeyNotRegisteredInNetwork
        );
    });
}

#[test]
fn nobody_serves_on_a_subnet_that_is_cleaned_up() {
    chain().run(|| {
        assert_ok!(SubtensorModule::root_dissolve_network(
            RuntimeOrigin::root(),
            NETUID
        ));
        let error = Error::<Test>::SubnetNotExists;
        assert_noop!(serve(2, v4(PUBLIC), 8_091, 4, 4), error);
        let error = Error::<Test>::SubnetNotExists;
        assert_noop!(serve_metrics(2, v4(PUBLIC), 8_091, 4), error);
    });
}

#[test]
fn addresses_that_nobody_reaches_are_refused() {
    chain().run(|| {
        ServingRateLimit::<Test>::insert(NETUID, 0);
        for octets in [
            [0, 0, 0, 0],
            [255, 255, 255, 255],
            [127, 0, 0, 0],
            [127, 0, 0, 1],
            [127, 255, 255, 255],
        ] {
            let ip = v4(Ipv4Addr::from(octets));
            assert_address(ip, 4, Err(Error::InvalidIpAddress));
            let mapped = Ipv4Addr::from(octets).to_ipv6_mapped().to_bits();
            assert_address(mapped, 6, Err(Error::InvalidIpAddress));
        }
        for address in ["::", "::1"] {
            assert_address(v6(address), 6, Err(Error::InvalidIpAddress));
        }
        for octets in [
            [0, 0, 0, 1],
            [126, 255, 255, 255],
            [128, 0, 0, 0],
            [255, 255, 255, 254],
            [10, 0, 0, 1],
        ] {
            assert_address(v4(Ipv4Addr::from(octets)), 4, Ok(()));
        }
        for address in ["2001:db8::1", "::2", "::ffff:93.184.216.34", "fe80::1"] {
            assert_address(v6(address), 6, Ok(()));
        }
    });
}

#[test]
fn an_address_of_version_4_has_32_bits() {
    chain().run(|| {
        ServingRateLimit::<Test>::insert(NETUID, 0);
        assert_address(1 << 32, 4, Err(Error::InvalidIpAddress));
        assert_address((1 << 127) | v4(PUBLIC), 4, Err(Error::InvalidIpAddress));
        assert_address((1 << 32) - 2, 4, Ok(()));
    });
}

#[test]
fn loopback_is_served_where_the_genesis_allows_it() {
    chain().run(|| {
        ServingRateLimit::<Test>::insert(NETUID, 0);
        AllowsLoopback::<Test>::put(true);
        assert_address(v4(Ipv4Addr::LOCALHOST), 4, Ok(()));
        assert_address(v4(Ipv4Addr::new(127, 9, 9, 9)), 4, Ok(()));
        assert_address(v6("::1"), 6, Ok(()));
        assert_address(v6("::ffff:127.0.0.1"), 6, Ok(()));
        for address in ["::", "::ffff:0.0.0.0", "::ffff:255.255.255.255"] {
            assert_address(v6(address), 6, Err(Error::InvalidIpAddress));
        }
        assert_address(0, 4, Err(Error::InvalidIpAddress));
        assert_address(u128::from(u32::MAX), 4, Err(Error::InvalidIpAddress));
    });
}

#[test]
fn an_address_has_version_4_or_6() {
    chain().run(|| {
        for ip_type in [0, 1, 3, 5, 7, 255] {
            assert_address(v4(PUBLIC), ip_type, Err(Error::InvalidIpType));
        }
    });
}

#[test]
fn port_0_is_refused() {
    chain().run(|| {
        assert_noop!(serve(2, v4(PUBLIC), 0, 4, 4), Error::<Test>::InvalidPort);
        assert_noop!(
            serve_metrics(2, v4(PUBLIC), 0, 4),
            Error::<Test>::InvalidPort
        );
        assert_ok!(serve(2, v4(PUBLIC), 1, 4, 4));
        assert_ok!(serve_metrics(2, v4(PUBLIC), 1, 4));
    });
}

#[test]
fn an_endpoint_is_reset_by_convention_only() {
    chain().run(|| {
        ServingRateLimit::<Test>::insert(NETUID, 0);
        assert_ok!(serve(2, v4(PUBLIC), 8_091, 4, 4));
        assert_ok!(serve(2, 0, 1, 4, 4));
        let reset = Axons::<Test>::get(NETUID, account(2)).unwrap();
        assert_eq!((reset.ip, reset.port), (0, 1));
        assert_eq!((reset.ip_type, reset.protocol), (4, 4));
        for (port, ip_type, protocol) in [(2, 4, 4), (1, 6, 4), (1, 4, 5), (0, 4, 4)] {
            assert_noop!(
                serve(2, 0, port, ip_type, protocol),
                Error::<Test>::InvalidIpAddress
            );
        }
        assert_noop!(serve(2, 0, 1, 5, 4), Error::<Test>::InvalidIpType);
        assert_noop!(serve_metrics(2, 0, 1, 4), Error::<Test>::InvalidIpAddress);
    });
}

#[test]
fn endpoints_change_once_per_rate_limit() {
    chain().run(|| {
        assert_ok!(serve(2, v4(PUBLIC), 8_091, 4, 4));
        System::set_block_number(50);
        assert_noop!(
            serve(2, v4(PUBLIC), 8_092, 4, 4),
            Error::<Test>::ServingRateLimitExceeded
        );
        assert_noop!(
            serve_tls(2, vec![1, 2]),
            Error::<Test>::ServingRateLimitExceeded
        );
        // Others, and metrics, are limited on their own.
        assert_ok!(serve(3, v4(PUBLIC), 8_093, 4, 4));
        assert_ok!(serve_metrics(2, v4(PUBLIC), 9_100, 4));
        assert_noop!(
            serve_metrics(2, v4(PUBLIC), 9_101, 4),
            Error::<Test>::ServingRateLimitExceeded
        );
        System::set_block_number(51);
        assert_ok!(serve_tls(2, vec![1, 2]));
        assert_noop!(
            serve(2, v4(PUBLIC), 8_092, 4, 4),
            Error::<Test>::ServingRateLimitExceeded
        );
        System::set_block_number(99);
        assert_noop!(
            serve_metrics(2, v4(PUBLIC), 9_101, 4),
            Error::<Test>::ServingRateLimitExceeded
        );
        System::set_block_number(100);
        assert_ok!(serve_metrics(2, v4(PUBLIC), 9_101, 4));
    });
}

#[test]
fn the_rate_limit_is_that_of_the_subnet() {
    chain().run(|| {
        ServingRateLimit::<Test>::insert(NETUID, 0);
        assert_ok!(serve(2, v4(PUBLIC), 8_091, 4, 4));
        assert_ok!(serve(2, v4(PUBLIC), 8_092, 4, 4));
        ServingRateLimit::<Test>::insert(NETUID, u64::MAX);
        assert_noop!(
            serve(2, v4(PUBLIC), 8_093, 4, 4),
            Error::<Test>::ServingRateLimitExceeded
        );
        // The first time is never too soon.
        assert_ok!(serve(3, v4(PUBLIC), 8_091, 4, 4));
    });
}

#[test]
fn a_certificate_comes_with_its_endpoint() {
    chain().run(|| {
        ServingRateLimit::<Test>::insert(NETUID, 0);
        assert_ok!(serve_tls(2, vec![5, 1, 2, 3]));
        let certificate = NeuronCertificate {
            public_key: vec![1, 2, 3].try_into().unwrap(),
            algorithm: 5,
        };
        let stored = || NeuronCertificates::<Test>::get(NETUID, account(2));
        assert_eq!(stored(), Some(certificate));
        assert_eq!(Axons::<Test>::get(NETUID, account(2)).unwrap().port, 8_091);
        assert_eq!(events(), [Event::AxonServed(NETUID, account(2))]);

        assert_ok!(serve_tls(2, [6; 65].to_vec()));
        let longest = stored().unwrap();
        assert_eq!(
            (longest.algorithm, longest.public_key.to_vec()),
            (6, vec![6; 64])
        );

        assert_ok!(serve(2, v4(PUBLIC), 8_091, 4, 4));
        assert_eq!(stored(), None);
    });
}

#[test]
fn a_certificate_out_of_shape_changes_nothing() {
    chain().run(|| {
        ServingRateLimit::<Test>::insert(NETUID, 0);
        assert_ok!(serve_tls(2, vec![5, 1]));
        assert_noop!(serve_tls(2, vec![]), Error::<Test>::InvalidCertificate);
        assert_noop!(serve_tls(2, vec![5; 66]), Error::<Test>::InvalidCertificate);
    });
}
