//! Processes of a network die and come back, its rules and its members change: the next weights are set all the same.

use std::time::Duration;

use dendra_client::{AccountId32, Call, Value};
use zombienet::{
    cast::VALIDATORS,
    failure::{Failure, Outcome},
    keys,
    network::{Definition, Network},
    view,
};

/// Every wait ends here at the latest.
const DEADLINE: Duration = Duration::from_secs(60);

fn uid(network: &Network, name: &str) -> u16 {
    network
        .everybody()
        .iter()
        .find(|one| one.name == name)
        .unwrap()
        .uid
}

fn best(network: &Network) -> u64 {
    network.rpc().best().unwrap()
}

/// Blocks in which the validators last set or committed weights.
fn updates(network: &Network) -> Outcome<Vec<u64>> {
    let block = network.rpc().best().map_err(Failure::new)?;
    let graph = view::metagraph(network.rpc(), network.netuid(), block)?;
    Ok(VALIDATORS
        .iter()
        .map(|name| graph.last_update[usize::from(uid(network, name))].0)
        .collect())
}

/// Waits until both validators have set weights after this block.
fn weights_after(network: &mut Network, block: u64, why: &str) {
    network
        .wait_for(&format!("weights after {why}"), DEADLINE, |network| {
            Ok(updates(network)?
                .iter()
                .all(|update| *update > block)
                .then_some(()))
        })
        .unwrap_or_else(|failure| panic!("{failure}"));
}

/// Waits for an epoch after this block that pays a miner.
fn pay_after(network: &mut Network, block: u64, name: &str) {
    let uid = usize::from(uid(network, name));
    let epochs = network.books(block).unwrap().epochs;
    network
        .wait_for(&format!("pay for {name}"), DEADLINE, |network| {
            let books = network.books(best(network))?;
            let paid = books.emission.get(uid).is_some_and(|amount| *amount > 0);
            Ok((books.epochs > epochs && paid).then_some(()))
        })
        .unwrap_or_else(|failure| panic!("{failure}"));
}

/// The weights of a validator, by uid.
fn weight(network: &Network, validator: &str, of: u16) -> Outcome<u16> {
    let (chain, runtime) = network.client();
    let row = runtime
        .block_on(chain.weights(network.netuid(), uid(network, validator)))
        .map_err(|error| Failure::new(error.to_string()))?;
    Ok(row
        .into_iter()
        .find(|(target, _)| *target == of)
        .map_or(0, |(_, weight)| weight))
}

/// Sets a hyperparameter as root; again where an epoch is too near.
fn set(network: &Network, name: &str, value: Value) {
    let call = Call::SetHyperparameter {
        name: name.into(),
        netuid: network.netuid(),
        value,
    };
    network
        .submit(keys::OWNER, call.sudo())
        .unwrap_or_else(|failure| panic!("{name}: {failure}"));
}

fn start(template: &str) -> Network {
    let definition = Definition::of(template).unwrap();
    let mut network = Network::start(definition, &mut |step| println!("{step}")).unwrap();
    weights_after(&mut network, 0, "the start");
    network
}

#[test]
fn killed_processes_come_back_and_the_next_weights_are_set() {
    let mut network = start("next-token");
    let block = best(&network);
    pay_after(&mut network, block, "good");

    // A validator, which must know its miners again.
    network.process("validator-1").unwrap().kill().unwrap();
    let killed = best(&network);
    network.start_again("validator-1").unwrap();
    weights_after(&mut network, killed, "the death of a validator");

    // A miner, which is asked again.
    network.process("good").unwrap().kill().unwrap();
    let killed = best(&network);
    network.start_again("good").unwrap();
    weights_after(&mut network, killed, "the death of a miner");
    let later = best(&network);
    pay_after(&mut network, later, "good");

    // The node: nobody else dies of it, and everybody finds it again.
    network.process("node").unwrap().kill().unwrap();
    network.start_again("node").unwrap();
    let restarted = network
        .wait_for("the node's answer", DEADLINE, |network| {
            Ok(network.rpc().best().ok())
        })
        .unwrap();
    weights_after(&mut network, restarted, "the death of the node");
    let later = best(&network);
    pay_after(&mut network, later, "good");
    assert!(
        network.stop().unwrap(),
        "everything ends when it is asked to"
    );
}

#[test]
fn a_replaced_miner_starts_from_nothing() {
    let mut network = start("next-token");
    let netuid = network.netuid();
    let good = uid(&network, "good");
    let block = best(&network);
    pay_after(&mut network, block, "good");

    // The chain replaces who earned least. Set by hand, the weights of an epoch give the good miner least.
    for name in VALIDATORS {
        network.process(name).unwrap().kill().unwrap();
    }
    let others: Vec<u16> = ["weaker", "poor", "cheat"]
        .map(|name| uid(&network, name))
        .into();
    for name in VALIDATORS {
        let call = Call::SetWeights {
            netuid,
            mechanism: 0,
            dests: others.clone(),
            weights: vec![u16::MAX; others.len()],
            version_key: 0,
        };
        network.submit(&keys::hotkey(name), call).unwrap();
    }
    network
        .wait_for(
            "an epoch without pay for the good miner",
            DEADLINE,
            |network| {
                let books = network.books(best(network))?;
                Ok((books.emission[usize::from(good)] == 0).then_some(()))
            },
        )
        .unwrap();
    let number = |value: u16| Value::u128(value.into());
    set(&network, "sudo_set_immunity_period", number(0));
    // So few neurons would all be spared.
    let spare_nobody = Call::Dynamic {
        pallet: "AdminUtils".into(),
        call: "sudo_set_min_non_immune_uids".into(),
        fields: vec![("min".into(), number(0))],
    };
    network
        .submit(keys::OWNER, spare_nobody.sudo())
        .unwrap_or_else(|failure| panic!("{failure}"));
    let neurons = network.everybody().len() as u16;
    set(&network, "sudo_set_min_allowed_uids", number(1));
    set(&network, "sudo_set_max_allowed_uids", number(neurons));
    let newcomer = keys::public("//newcomer//hotkey");
    let call = Call::BurnedRegister {
        netuid,
        hotkey: AccountId32::new(newcomer),
    };
    let receipt = network.submit("//Bob", call).unwrap();
    assert_eq!(
        receipt.registered_uid(),
        Some(good),
        "it took another place"
    );

    // The validators know the uid, and that it is not who it was: a silent newcomer gets no weight at all, while the
    // others keep what they had.
    let since = best(&network);
    for name in VALIDATORS {
        network.start_again(name).unwrap();
    }
    weights_after(&mut network, since, "a replacement");
    for name in VALIDATORS {
        assert_eq!(weight(&network, name, good).unwrap(), 0, "{name}");
        let weaker = uid(&network, "weaker");
        assert!(weight(&network, name, weaker).unwrap() > 0, "{name}");
    }
    network.stop().unwrap();
}

#[test]
fn commit_and_reveal_is_followed_when_it_is_turned_on() {
    let mut network = start("next-token");
    let block = best(&network);
    pay_after(&mut network, block, "weaker");
    set(
        &network,
        "sudo_set_commit_reveal_weights_enabled",
        Value::bool(true),
    );
    let since = best(&network);
    // From now on the chain refuses weights that were not committed, so a row that changes was revealed.
    network.process("weaker").unwrap().kill().unwrap();
    let weaker = uid(&network, "weaker");
    let before: Vec<u16> = VALIDATORS
        .iter()
        .map(|name| weight(&network, name, weaker).unwrap())
        .collect();
    weights_after(&mut network, since, "commits became necessary");
    network
        .wait_for("a reveal of both", DEADLINE, |network| {
            // It was killed on purpose.
            let now = VALIDATORS
                .iter()
                .map(|name| weight(network, name, weaker))
                .collect::<Outcome<Vec<u16>>>()?;
            let fell = now.iter().zip(&before).all(|(now, before)| now < before);
            Ok(fell.then_some(()))
        })
        .unwrap();

    // And a validator that dies between commit and reveal reveals all the same.
    let (chain, _) = network.client();
    let chain = chain.clone();
    let netuid = network.netuid();
    let hotkey = AccountId32::new(keys::public(&keys::hotkey("validator-1")));
    let commits = |network: &mut Network| {
        let (_, runtime) = network.client();
        runtime
            .block_on(chain.weight_commits(netuid, &hotkey))
            .map_err(|error| Failure::new(error.to_string()))
    };
    let committed = network
        .wait_for("a commit", DEADLINE, |network| Ok(commits(network)?.pop()))
        .unwrap();
    network.process("validator-1").unwrap().kill().unwrap();
    network.start_again("validator-1").unwrap();
    network.start_again("weaker").unwrap();
    network
        .wait_for("the reveal of that commit", DEADLINE, |network| {
            let open = commits(network)?;
            let epochs = network.books(best(network))?.epochs;
            let is_open = open.iter().any(|commit| commit.hash == committed.hash);
            if is_open && epochs > committed.epoch + 1 {
                return Err(Failure::new("the commit expired"));
            }
            Ok((!is_open).then_some(()))
        })
        .unwrap();
    let later = best(&network);
    pay_after(&mut network, later, "weaker");
    network.stop().unwrap();
}
