//! Getting a uid.

use std::time::Duration;

use dendra_client::{
    Call, Chain, ChainError, Wait,
    wallet::{Wallet, to_ss58},
};
use neuron_operator::exit::{Code, Failure};

use crate::settings::Settings;

/// How a registration ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Registered {
    /// It was registered before.
    Already(u16),
    /// It is now.
    Now {
        /// The uid.
        uid: u16,
        /// What it cost at most, in rao.
        price: u64,
    },
}

impl Registered {
    /// The uid.
    pub const fn uid(self) -> u16 {
        match self {
            Self::Already(uid) | Self::Now { uid, .. } => uid,
        }
    }
}

/// How long the next block may take.
const BLOCK: Duration = Duration::from_secs(60);

/// Attempts at a registration that the chain refuses for now, such as too many in one block.
const ATTEMPTS: usize = 30;

/// Registers the hotkey unless it is. With a wallet it cannot: the coldkey pays, and the miner never reads one.
/// **Errors:** with what to do.
pub async fn register(
    chain: &Chain,
    wallet: &Wallet,
    settings: &Settings,
) -> Result<Registered, Failure> {
    let netuid = settings.netuid()?;
    let hotkey = wallet.hotkey();
    if let Some(uid) = chain.uid(netuid, &hotkey).await.map_err(chain_failure)? {
        return Ok(Registered::Already(uid));
    }
    if !chain.exists(netuid).await.map_err(chain_failure)? {
        return Err(no_subnet(netuid));
    }
    let price = chain.burn(netuid).await.map_err(chain_failure)?;
    if settings.account.suri.is_none() {
        return Err(Failure::new(
            Code::Registration,
            format!(
                "hotkey {} is not registered on subnet {netuid}; it costs {} TAO now.",
                to_ss58(&hotkey),
                tao(price)
            ),
            "without a uid nothing is earned.",
            format!(
                "the coldkey pays, and the miner never reads one: run `btcli subnets register --netuid {netuid} --wallet-name {} --hotkey {}`.",
                settings.account.wallet, settings.account.hotkey
            ),
        ));
    }
    let limit = settings.register_limit();
    if price > limit {
        return Err(Failure::new(
            Code::Registration,
            format!(
                "registering on subnet {netuid} costs {} TAO, more than the limit of {} TAO.",
                tao(price),
                tao(limit)
            ),
            "without a uid nothing is earned.",
            "wait until it is cheaper, or raise --register-limit.",
        ));
    }
    let balance = chain.balance(&hotkey).await.map_err(chain_failure)?;
    if balance < price {
        return Err(Failure::new(
            Code::Registration,
            format!(
                "registering on subnet {netuid} costs {} TAO, and {} has {} TAO.",
                tao(price),
                to_ss58(&hotkey),
                tao(balance)
            ),
            "without a uid nothing is earned.",
            "send TAO to that account.",
        ));
    }
    tracing::info!(netuid, price = tao(price), "registering");
    let call = Call::RegisterLimit {
        netuid,
        hotkey: hotkey.clone(),
        limit_price: limit,
    };
    let mut attempt = 1;
    let receipt = loop {
        match chain.submit(wallet.pair(), call.clone(), Wait::Best).await {
            Ok(receipt) => break receipt,
            Err(error) if error.is_retryable() && attempt < ATTEMPTS => {
                tracing::info!(%error, attempt, "registering again with the next block");
                attempt += 1;
                let head = chain.head().await.map_err(chain_failure)?;
                let next = chain.wait_for_block(head.number.saturating_add(1), BLOCK);
                next.await.map_err(chain_failure)?;
            }
            Err(error) => {
                return Err(Failure::new(
                    Code::Transaction,
                    format!("the registration did not succeed: {error}."),
                    "without a uid nothing is earned.",
                    "see what the chain says; `dendra-miner doctor` checks the rest.",
                ));
            }
        }
    };
    let uid = match receipt.registered_uid() {
        Some(uid) => Some(uid),
        None => chain.uid(netuid, &hotkey).await.map_err(chain_failure)?,
    };
    uid.map(|uid| Registered::Now { uid, price })
        .ok_or_else(|| {
            Failure::new(
                Code::Registration,
                "the registration was included, but the hotkey has no uid.".to_owned(),
                "without a uid nothing is earned.",
                "somebody may have taken the place in the same block; try again.",
            )
        })
}

/// The failure of a chain that does not answer.
pub fn chain_failure(error: ChainError) -> Failure {
    Failure::new(
        Code::Chain,
        format!("the chain cannot be asked: {error}."),
        "a running miner goes on with what it knows; nothing else happens until the chain answers.",
        "start the node, or point --chain at one that runs.",
    )
}

/// The failure of a subnet that is not there.
pub fn no_subnet(netuid: u16) -> Failure {
    Failure::new(
        Code::Registration,
        format!("there is no subnet {netuid} on this chain."),
        "nothing can be earned there.",
        "check --netuid and --chain.",
    )
}

/// Rao as TAO, exactly.
pub fn tao(rao: u64) -> String {
    let text = format!("{}.{:09}", rao / 1_000_000_000, rao % 1_000_000_000);
    text.trim_end_matches('0').trim_end_matches('.').into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_written_exactly() {
        assert_eq!(tao(0), "0");
        assert_eq!(tao(1), "0.000000001");
        assert_eq!(tao(1_500_000_000), "1.5");
        assert_eq!(tao(u64::MAX), "18446744073.709551615");
    }
}
