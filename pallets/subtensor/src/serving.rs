//! Where neurons serve: endpoints for requests and for metrics (section 10.5 of the consensus).
//!
//! An endpoint belongs to a hotkey with a uid and goes with it. The checks are the whole of what decides,
//! so the validity stage asks them too and a call that fails is in no block.

use alloc::vec::Vec;
use core::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use dendra_primitives::{
    NetUid,
    records::{AxonInfo, NeuronCertificate, PrometheusInfo},
};
use frame_support::ensure;
use sp_runtime::DispatchResult;

use crate::{
    AccountId, AllowsLoopback, Axons, Config, Error, Event, NeuronCertificates, Pallet, Prometheus,
    ServingRateLimit, Uids,
};

/// An endpoint as it is announced.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Endpoint {
    /// Version of the software, as the neuron states it.
    pub(crate) version: u32,
    /// Address; one of version 4 is the low 32 bits.
    pub(crate) ip: u128,
    /// Port.
    pub(crate) port: u16,
    /// Version of the address, 4 or 6.
    pub(crate) ip_type: u8,
    /// Protocol, as the neuron states it.
    pub(crate) protocol: u8,
    /// Not used.
    pub(crate) placeholder1: u8,
    /// Not used.
    pub(crate) placeholder2: u8,
}

impl Endpoint {
    /// An endpoint from the arguments of a call.
    pub(crate) const fn new(
        version: u32,
        ip: u128,
        port: u16,
        ip_type: u8,
        protocol: u8,
        [placeholder1, placeholder2]: [u8; 2],
    ) -> Self {
        Self {
            version,
            ip,
            port,
            ip_type,
            protocol,
            placeholder1,
            placeholder2,
        }
    }

    /// Whether this is how a neuron says that it serves no longer (section C.1 of the interface).
    fn is_reset(&self) -> bool {
        (self.ip, self.port, self.ip_type, self.protocol) == (0, 1, 4, 4)
    }

    /// The endpoint as it is stored.
    fn at(self, block: u64) -> AxonInfo {
        AxonInfo {
            block,
            version: self.version,
            ip: self.ip,
            port: self.port,
            ip_type: self.ip_type,
            protocol: self.protocol,
            placeholder1: self.placeholder1,
            placeholder2: self.placeholder2,
        }
    }
}

impl<T: Config> Pallet<T> {
    /// Whether a hotkey may announce an endpoint now; its certificate, if it gives one.
    ///
    /// **Errors:** in this order `SubnetNotExists`, `HotKeyNotRegisteredInNetwork`, `InvalidIpType`,
    /// `InvalidIpAddress`, `InvalidPort`, `InvalidCertificate`, `ServingRateLimitExceeded`.
    pub(crate) fn check_axon(
        hotkey: &AccountId,
        netuid: NetUid,
        endpoint: &Endpoint,
        certificate: Option<&[u8]>,
    ) -> Result<Option<NeuronCertificate>, Error<T>> {
        Self::check_server(hotkey, netuid)?;
        if !endpoint.is_reset() {
            Self::check_address(endpoint.ip, endpoint.ip_type, endpoint.port)?;
        }
        let certificate = certificate
            .map(|bytes| NeuronCertificate::from_bytes(bytes).ok_or(Error::InvalidCertificate))
            .transpose()?;
        let last = Axons::<T>::get(netuid, hotkey).map(|axon| axon.block);
        Self::check_serving_rate(netuid, last)?;
        Ok(certificate)
    }

    /// Whether a hotkey may announce an endpoint for metrics now.
    ///
    /// **Errors:** those of [`Self::check_axon`] but for the certificate. Nothing is reset this way.
    pub(crate) fn check_prometheus(
        hotkey: &AccountId,
        netuid: NetUid,
        ip: u128,
        port: u16,
        ip_type: u8,
    ) -> Result<(), Error<T>> {
        Self::check_server(hotkey, netuid)?;
        Self::check_address(ip, ip_type, port)?;
        let last = Prometheus::<T>::get(netuid, hotkey).map(|info| info.block);
        Self::check_serving_rate(netuid, last)
    }

    /// Stores where a hotkey serves.
    ///
    /// The endpoint replaces all of the former one: without a certificate, that of the former one is
    /// removed, so that nobody encrypts for an endpoint that no longer expects it.
    pub(crate) fn do_serve_axon(
        hotkey: &AccountId,
        netuid: NetUid,
        endpoint: Endpoint,
        certificate: Option<Vec<u8>>,
    ) -> DispatchResult {
        let certificate = Self::check_axon(hotkey, netuid, &endpoint, certificate.as_deref())?;
        Axons::<T>::insert(netuid, hotkey, endpoint.at(Self::block()));
        NeuronCertificates::<T>::set(netuid, hotkey, certificate);
        Self::deposit_event(Event::AxonServed(netuid, hotkey.clone()));
        Ok(())
    }

    /// Stores where a hotkey serves its metrics.
    pub(crate) fn do_serve_prometheus(
        hotkey: &AccountId,
        netuid: NetUid,
        version: u32,
        ip: u128,
        port: u16,
        ip_type: u8,
    ) -> DispatchResult {
        Self::check_prometheus(hotkey, netuid, ip, port, ip_type)?;
        let info = PrometheusInfo {
            block: Self::block(),
            version,
            ip,
            port,
            ip_type,
        };
        Prometheus::<T>::insert(netuid, hotkey, info);
        Self::deposit_event(Event::PrometheusServed(netuid, hotkey.clone()));
        Ok(())
    }

    /// That the subnet exists and the hotkey has a uid on it. A subnet that is being cleaned up still has
    /// uids, but takes no endpoints.
    fn check_server(hotkey: &AccountId, netuid: NetUid) -> Result<(), Error<T>> {
        ensure!(Self::exists(netuid), Error::SubnetNotExists);
        ensure!(
            Uids::<T>::contains_key(netuid, hotkey),
            Error::HotKeyNotRegisteredInNetwork
        );
        Ok(())
    }

    /// That others can reach an address and a port: the address is not the unspecified one, not the
    /// broadcast address, and not a loopback one, unless the genesis allows those.
    ///
    /// An address of version 6 that stands for one of version 4 is judged like that one.
    fn check_address(ip: u128, ip_type: u8, port: u16) -> Result<(), Error<T>> {
        let address = match ip_type {
            4 => {
                let low = u32::try_from(ip).map_err(|_| Error::InvalidIpAddress)?;
                IpAddr::from(Ipv4Addr::from(low))
            }
            6 => IpAddr::from(Ipv6Addr::from(ip)).to_canonical(),
            _ => return Err(Error::InvalidIpType),
        };
        let is_broadcast = address == IpAddr::from(Ipv4Addr::BROADCAST);
        let is_forbidden_loopback = address.is_loopback() && !AllowsLoopback::<T>::get();
        ensure!(
            !address.is_unspecified() && !is_broadcast && !is_forbidden_loopback,
            Error::InvalidIpAddress
        );
        ensure!(port != 0, Error::InvalidPort);
        Ok(())
    }

    /// That `ServingRateLimit` blocks have passed since the last announcement; the first one is free.
    fn check_serving_rate(netuid: NetUid, last: Option<u64>) -> Result<(), Error<T>> {
        let is_rested = last.is_none_or(|last| {
            Self::block().saturating_sub(last) >= ServingRateLimit::<T>::get(netuid)
        });
        ensure!(is_rested, Error::ServingRateLimitExceeded);
        Ok(())
    }
}
