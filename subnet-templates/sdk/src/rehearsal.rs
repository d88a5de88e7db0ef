//! Rounds without network and chain: how a template is tried out against honest miners and against cheats.

use std::{sync::Arc, time::Duration};

use crate::{
    seed::Seed,
    template::{Challenge, Exchange, Failure, Judge, Miner, Reply, Verdict, Worker},
};

/// What a miner does with a challenge.
pub type Player<'a> = Box<dyn FnMut(&Challenge) -> Result<Reply, Failure> + 'a>;

/// A miner with a uid; its hotkey is made from it.
pub fn miner(uid: u16) -> Miner {
    let hotkey = Seed::from_bytes([77; 32]).for_index(u64::from(uid));
    Miner {
        uid,
        hotkey: *hotkey.bytes(),
    }
}

/// A miner that asks a worker and pretends to take `elapsed` for it.
pub fn honest<'a>(worker: Arc<dyn Worker>, elapsed: Duration) -> Player<'a> {
    Box::new(move |challenge| {
        let body = worker
            .answer(&challenge.body)
            .map_err(|_| Failure::Refused)?;
        Ok(Reply { body, elapsed })
    })
}

/// A miner that sends what a function makes of each challenge.
pub fn cheat<'a>(
    mut answer: impl FnMut(&Challenge) -> Vec<u8> + 'a,
    elapsed: Duration,
) -> Player<'a> {
    Box::new(move |challenge| {
        let body = answer(challenge);
        Ok(Reply { body, elapsed })
    })
}

/// Plays a round: the players are [`miner`]s 0, 1, 2 and so on.
pub fn exchanges(judge: &mut dyn Judge, seed: &Seed, players: &mut [Player<'_>]) -> Vec<Exchange> {
    let miners: Vec<Miner> = (0..).map(miner).take(players.len()).collect();
    let ask = |challenge: Challenge| {
        let player = players.get_mut(usize::from(challenge.miner.uid));
        let outcome = player.map_or(Err(Failure::NoEndpoint), |player| player(&challenge));
        Exchange { challenge, outcome }
    };
    judge
        .challenges(seed, &miners)
        .into_iter()
        .map(ask)
        .collect()
}

/// Plays a round to its end: one verdict for each player, in their order.
pub fn play(judge: &mut dyn Judge, seed: &Seed, players: &mut [Player<'_>]) -> Vec<Verdict> {
    let exchanges = exchanges(judge, seed, players);
    judge.verdicts(seed, &exchanges)
}
