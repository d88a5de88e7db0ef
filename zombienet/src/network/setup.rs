//! Brings the chain to where a network begins: a subnet that runs, everybody registered, validators with stake.

use std::path::Path;

use dendra_client::{Call, Chain, Value};

use super::{Network, PATIENCE, account, everybody, unreadable};
use crate::{
    cast::VALIDATORS,
    failure::{Failure, Outcome},
    keys,
    verdict::Part,
};

/// Rao in a TAO.
const TAO: u64 = 1_000_000_000;
/// What a miner's coldkey gets, to register with.
const FOR_MINERS: u64 = 100 * TAO;
/// What a validator's coldkey gets, to register and to stake.
const FOR_VALIDATORS: u64 = 1_000 * TAO;
/// What a validator stakes on the subnet.
const STAKE: u64 = 200 * TAO;
/// What the owner's hotkey gets, to publish the declaration.
const FOR_PUBLISHING: u64 = TAO;
/// Blocks between two settings of weights by a neuron: several tries fit into an epoch.
const WEIGHTS_RATE_LIMIT: u64 = 5;
/// Blocks between two announcements of a miner.
const SERVING_RATE_LIMIT: u64 = 5;

/// Says which template a kept network was made from.
const MARK: &str = "template";

/// Refuses to go on with a network of another template.
pub(super) fn check_kept(folder: &Path, template: &str) -> Outcome {
    match std::fs::read_to_string(folder.join(MARK)) {
        Ok(kept) if kept.trim() != template => Err(Failure::new(format!(
            "{} keeps a network of the template `{}`, not `{template}`",
            folder.display(),
            kept.trim()
        ))
        .advise("choose that template with --template, or another folder with --keep")),
        _ => Ok(()),
    }
}

impl Network {
    /// Makes the subnet and registers everybody, as far as the chain lacks it.
    pub(super) fn set_up(&mut self, say: &mut dyn FnMut(&str)) -> Outcome {
        let template = self.definition.cast.template;
        self.everybody = everybody(&self.definition.cast);
        let known = self.subnet()?;
        self.netuid = match known {
            Some(netuid) => netuid,
            None => self.make_subnet()?,
        };
        let mark = self.folder().join(MARK);
        if !mark.exists() {
            self.start_subnet()?;
            std::fs::write(mark, template)?;
        }
        let again = if known.is_some() {
            "goes on"
        } else {
            "created and started"
        };
        say(&format!("subnet {} ({template}): {again}", self.netuid));
        self.register()?;
        self.declare(say)?;
        self.read_uids()?;
        say(&format!(
            "{} miners and {} validators registered",
            self.definition.cast.miners.len(),
            VALIDATORS.len()
        ));
        Ok(())
    }

    /// The subnet of the owner's hotkey, if it exists.
    fn subnet(&self) -> Outcome<Option<u16>> {
        let owner = account(&keys::public(&keys::hotkey(keys::OWNER_HOTKEY)));
        let (chain, runtime) = self.client();
        runtime.block_on(async {
            for netuid in chain.subnets().await.map_err(unreadable)? {
                if chain.owner_hotkey(netuid).await.map_err(unreadable)? == Some(owner.clone()) {
                    return Ok(Some(netuid));
                }
            }
            Ok(None)
        })
    }

    /// Pays everybody and creates the subnet, in one transaction.
    fn make_subnet(&self) -> Outcome<u16> {
        let pay = |seed: &str, amount| Call::Transfer {
            to: account(&keys::public(seed)),
            amount,
        };
        let mut calls = vec![pay(&keys::hotkey(keys::OWNER_HOTKEY), FOR_PUBLISHING)];
        for player in &self.definition.cast.miners {
            calls.push(pay(&keys::coldkey(player.name), FOR_MINERS));
        }
        for validator in VALIDATORS {
            calls.push(pay(&keys::coldkey(validator), FOR_VALIDATORS));
        }
        calls.push(Call::RegisterNetwork {
            hotkey: account(&keys::public(&keys::hotkey(keys::OWNER_HOTKEY))),
        });
        let receipt = self
            .submit(keys::OWNER, Call::Batch(calls))
            .map_err(|failure| failure.during("creating the subnet"))?;
        receipt.created_subnet().ok_or_else(|| {
            Failure::new("the chain created no subnet")
                .advise("delete the folder of --keep and start again")
        })
    }

    /// Starts emission and sets what differs from a public subnet: a short tempo, weights as often as an epoch, and
    /// TAO for its pool.
    fn start_subnet(&self) -> Outcome {
        let netuid = self.netuid;
        // A start that was interrupted here before has already been made.
        if let Err(failure) = self.submit(keys::OWNER, Call::StartCall { netuid })
            && !failure.to_string().contains("AlreadySet")
        {
            return Err(failure.during("starting the subnet"));
        }
        let set = |name: &str, value: Value| {
            Call::SetHyperparameter {
                name: name.into(),
                netuid,
                value,
            }
            .sudo()
        };
        let number = |value: u64| Value::u128(value.into());
        let calls = vec![
            set(
                "sudo_set_commit_reveal_weights_enabled",
                Value::bool(self.definition.commits),
            ),
            set(
                "sudo_set_weights_set_rate_limit",
                number(WEIGHTS_RATE_LIMIT),
            ),
            set("sudo_set_serving_rate_limit", number(SERVING_RATE_LIMIT)),
            set("sudo_set_subnet_emission_enabled", Value::bool(true)),
            set("sudo_set_tempo", number(self.definition.cast.tempo.into())),
        ];
        // Refused shortly before an epoch, one by one: what the chain has in the end decides.
        let start = std::time::Instant::now();
        while start.elapsed() < PATIENCE {
            self.submit(keys::OWNER, Call::Batch(calls.clone()))
                .map_err(|failure| failure.during("setting hyperparameters"))?;
            if self.has_hyperparameters()? {
                return Ok(());
            }
        }
        Err(Failure::new("the hyperparameters could not be set"))
    }

    fn has_hyperparameters(&self) -> Outcome<bool> {
        let (chain, runtime) = self.client();
        let found = runtime
            .block_on(chain.hyperparameters(self.netuid))
            .map_err(unreadable)?
            .ok_or_else(|| Failure::new("the subnet is gone"))?;
        Ok(found.tempo == self.definition.cast.tempo
            && found.commit_reveal_weights_enabled == self.definition.commits
            && found.weights_rate_limit == WEIGHTS_RATE_LIMIT)
    }

    /// Registers who is not, and stakes for validators without stake.
    fn register(&self) -> Outcome {
        let (chain, runtime) = self.client();
        runtime.block_on(async {
            let mut pending = Vec::new();
            for one in self.everybody.iter().filter(|one| one.part != Part::Owner) {
                let calls = missing(chain, self.netuid, &one.name, one.part).await?;
                if calls.is_empty() {
                    continue;
                }
                // The pool keeps their order, so uids are the same each time.
                let call = if calls.len() == 1 {
                    calls.into_iter().next()
                } else {
                    Some(Call::Batch(calls))
                };
                let key = keys::pair(&keys::coldkey(&one.name));
                let chain = chain.clone();
                let Some(call) = call else { continue };
                pending.push(tokio::spawn(async move {
                    chain
                        .submit(&key, call, dendra_client::Wait::Best)
                        .await
                        .map_err(|error| super::refused(&error))
                }));
                // Each reaches the pool before the next.
                tokio::time::sleep(std::time::Duration::from_millis(15)).await;
            }
            for sent in pending {
                sent.await
                    .map_err(|error| Failure::new(error.to_string()))?
                    .map_err(|failure| failure.during("registering"))?;
            }
            Ok(())
        })
    }

    /// Publishes what the owner declares, where the template needs it.
    fn declare(&self, say: &mut dyn FnMut(&str)) -> Outcome {
        let Some(model) = self.definition.cast.declared else {
            return Ok(());
        };
        let text = super::programs::declaration(self.definition.cast.template, model)?;
        let owner = keys::hotkey(keys::OWNER_HOTKEY);
        let (chain, runtime) = self.client();
        let published = runtime
            .block_on(chain.commitment(self.netuid, &account(&keys::public(&owner))))
            .map_err(unreadable)?;
        if published.as_deref() != Some(text.as_bytes()) {
            let call = Call::SetCommitment {
                netuid: self.netuid,
                bytes: text.clone().into_bytes(),
            };
            self.submit(&owner, call)
                .map_err(|failure| failure.during("publishing the declaration"))?;
        }
        say(&format!("declared on chain: {text}"));
        Ok(())
    }

    /// Reads everybody's uid.
    fn read_uids(&mut self) -> Outcome {
        let mut found = Vec::new();
        for one in &self.everybody {
            let uid = self
                .runtime
                .block_on(self.chain.uid(self.netuid, &account(&one.hotkey)))
                .map_err(unreadable)?
                .ok_or_else(|| Failure::new(format!("{} has no uid", one.name)))?;
            found.push(uid);
        }
        for (one, uid) in self.everybody.iter_mut().zip(found) {
            one.uid = uid;
        }
        Ok(())
    }
}

/// What somebody's coldkey still has to do.
async fn missing(chain: &Chain, netuid: u16, name: &str, part: Part) -> Outcome<Vec<Call>> {
    let hotkey = account(&keys::public(&keys::hotkey(name)));
    let coldkey = account(&keys::public(&keys::coldkey(name)));
    let mut calls = Vec::new();
    if chain
        .uid(netuid, &hotkey)
        .await
        .map_err(unreadable)?
        .is_none()
    {
        calls.push(Call::BurnedRegister {
            netuid,
            hotkey: hotkey.clone(),
        });
    }
    if part == Part::Validator {
        let stake = chain
            .stake(&hotkey, &coldkey, netuid)
            .await
            .map_err(unreadable)?;
        if stake == 0 {
            calls.push(Call::AddStake {
                hotkey,
                netuid,
                amount: STAKE,
            });
        }
    }
    Ok(calls)
}
