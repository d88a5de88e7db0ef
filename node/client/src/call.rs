//! What a transaction does.

use std::net::{IpAddr, SocketAddr};

use subxt::dynamic::Value;

use crate::AccountId32;

/// A call, by the names of the interface. Amounts are in rao, alpha in the same scale.
#[derive(Clone, Debug, PartialEq)]
pub enum Call {
    /// Buys a uid for a hotkey. Signed by the coldkey.
    BurnedRegister {
        /// Subnet.
        netuid: u16,
        /// Hotkey that gets the uid.
        hotkey: AccountId32,
    },
    /// Buys a uid for a hotkey, unless it costs more than the limit. Signed by the coldkey.
    RegisterLimit {
        /// Subnet.
        netuid: u16,
        /// Hotkey that gets the uid.
        hotkey: AccountId32,
        /// The most to pay, in rao.
        limit_price: u64,
    },
    /// Creates a subnet. Signed by the coldkey that will own it.
    RegisterNetwork {
        /// Hotkey of the owner.
        hotkey: AccountId32,
    },
    /// Starts emission of a subnet. Signed by its owner.
    StartCall {
        /// Subnet.
        netuid: u16,
    },
    /// Takes a seat on root. Signed by the coldkey.
    RootRegister {
        /// Hotkey that takes the seat.
        hotkey: AccountId32,
    },
    /// Says where a neuron serves. Signed by the hotkey.
    ServeAxon {
        /// Subnet.
        netuid: u16,
        /// Version of what serves.
        version: u32,
        /// Address; one of version 4 in the low 32 bits.
        ip: u128,
        /// Port.
        port: u16,
        /// 4 or 6.
        ip_type: u8,
        /// Protocol, 4 by custom.
        protocol: u8,
    },
    /// Sets weights. Signed by the hotkey.
    SetWeights {
        /// Subnet.
        netuid: u16,
        /// Mechanism, 0 for the first.
        mechanism: u8,
        /// Uids.
        dests: Vec<u16>,
        /// Weights, one for each uid.
        weights: Vec<u16>,
        /// Version of the weights.
        version_key: u64,
    },
    /// Commits to weights. Signed by the hotkey.
    CommitWeights {
        /// Subnet.
        netuid: u16,
        /// Mechanism, 0 for the first.
        mechanism: u8,
        /// See [`commit_hash`](crate::commit_hash).
        hash: [u8; 32],
    },
    /// Reveals committed weights. Signed by the hotkey.
    RevealWeights {
        /// Subnet.
        netuid: u16,
        /// Mechanism, 0 for the first.
        mechanism: u8,
        /// Uids.
        uids: Vec<u16>,
        /// Weights, one for each uid.
        values: Vec<u16>,
        /// The salt of the commit.
        salt: Vec<u16>,
        /// Version of the weights.
        version_key: u64,
    },
    /// Stakes TAO behind a hotkey. Signed by the coldkey.
    AddStake {
        /// Hotkey.
        hotkey: AccountId32,
        /// Subnet.
        netuid: u16,
        /// TAO, in rao.
        amount: u64,
    },
    /// Takes stake back. Signed by the coldkey.
    RemoveStake {
        /// Hotkey.
        hotkey: AccountId32,
        /// Subnet.
        netuid: u16,
        /// Alpha of the subnet, TAO on root.
        amount: u64,
    },
    /// Sends TAO; an account that the rest would leave below the existential deposit stays as it is.
    Transfer {
        /// Who gets it.
        to: AccountId32,
        /// TAO, in rao.
        amount: u64,
    },
    /// Publishes bytes under the hotkey that signs. At most 512.
    SetCommitment {
        /// Subnet.
        netuid: u16,
        /// The bytes.
        bytes: Vec<u8>,
    },
    /// Does a call as root. Signed by the sudo key.
    Sudo(Box<Call>),
    /// Sets a hyperparameter. Signed by the owner of the subnet, or within [`Self::Sudo`].
    SetHyperparameter {
        /// Name of a call of `AdminUtils` that takes a subnet and one value, such as `sudo_set_tempo`.
        name: String,
        /// Subnet.
        netuid: u16,
        /// The value: `true.into()`, `10u16.into()`.
        value: Value,
    },
    /// Does all calls in their order, or none of them.
    Batch(Vec<Call>),
    /// Any call.
    Dynamic {
        /// Pallet.
        pallet: String,
        /// Call.
        call: String,
        /// Arguments by name.
        fields: Vec<(String, Value)>,
    },
}

impl Call {
    /// Says that a neuron serves at this address, with the protocol that is the custom.
    #[must_use]
    pub fn serve_at(netuid: u16, version: u32, address: SocketAddr) -> Self {
        let (ip, ip_type) = match address.ip() {
            IpAddr::V4(ip) => (u128::from(u32::from(ip)), 4),
            IpAddr::V6(ip) => (u128::from(ip), 6),
        };
        Self::ServeAxon {
            netuid,
            version,
            ip,
            port: address.port(),
            ip_type,
            protocol: 4,
        }
    }

    /// Does this call as root.
    #[must_use]
    pub fn sudo(self) -> Self {
        Self::Sudo(Box::new(self))
    }
}
