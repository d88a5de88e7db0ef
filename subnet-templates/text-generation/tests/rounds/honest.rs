//! What honest miners earn.

use std::{collections::BTreeSet, time::Duration};

use serde_json::json;
use subnet_sdk::{
    Exchange, Failure, LanguageModel, Seed,
    rehearsal::{self, Player, cheat, honest},
    toy::Toy,
};
use text_generation_subnet::Answer;

use crate::stage::*;

#[test]
fn honest_miners_are_correct_and_share_by_speed() {
    let mut ended = 0;
    for round in 0..40 {
        let mut players: Vec<Player<'_>> = [50, 100, 200]
            .map(|millis| honest(worker(), Duration::from_millis(millis)))
            .into();
        let verdicts = rehearsal::play(&mut *judge(), &seed(round), &mut players);
        for verdict in &verdicts {
            assert_eq!(verdict.parts["correctness"], 1.0, "{verdict:?}");
            assert_eq!(verdict.parts["availability"], 1.0);
            assert_eq!(verdict.parts["gap"], 0.0);
            assert!(verdict.parts["log_probability_error"] < 1e-5);
        }
        // Where no text ended early all did the same work.
        let exchanges = rehearsal::exchanges(&mut *judge(), &seed(round), &mut players);
        let is_short = |exchange: &Exchange| {
            let body = &exchange.outcome.as_ref().unwrap().body;
            let answer: Answer = serde_json::from_slice(body).unwrap();
            answer.tokens.len() < question(&exchange.challenge).tokens as usize
        };
        if exchanges.iter().any(is_short) {
            ended += 1;
        } else {
            let relative: Vec<f64> = verdicts.iter().map(|v| v.score).collect();
            assert!((relative[0] - 2.0 / 3.0).abs() < 0.01, "{relative:?}");
            assert!((relative[1] - 0.5).abs() < 0.01, "{relative:?}");
            assert!((relative[2] - 1.0 / 3.0).abs() < 0.01, "{relative:?}");
        }
    }
    // The case of a model that ends its text was among them.
    assert!(ended > 0);
}

#[test]
fn absence_costs_its_share() {
    let mut count = 0;
    let server = worker();
    let tired: Player<'_> = Box::new(move |challenge| {
        count += 1;
        if count == 2 {
            return Err(Failure::Overloaded);
        }
        let body = server.answer(&challenge.body).unwrap();
        Ok(subnet_sdk::Reply {
            body,
            elapsed: TIME,
        })
    });
    let mut players = [tired];
    let verdict = &rehearsal::play(&mut *judge(), &seed(4), &mut players)[0];
    assert_eq!(verdict.parts["availability"], 0.5);
    assert_eq!(verdict.score, 0.25 * (1.0 - 0.1 / 30.0));
    assert!(
        verdict.reason.ends_with("no answer: overloaded"),
        "{}",
        verdict.reason
    );

    let verdict = against(Box::new(|_| Err(Failure::Unreachable)), 4);
    assert_eq!(
        (verdict.score, verdict.reason.as_str()),
        (0.0, "no answer: unreachable")
    );
    let verdict = against(honest(worker(), Duration::from_secs(31)), 4);
    assert_eq!(
        (verdict.score, verdict.reason.as_str()),
        (0.0, "no answer: too late")
    );
}

#[test]
fn deadline_of_the_settings_counts() {
    let mut judge = judge_with(json!({ "deadline": 0.5, "queries": 1 }));
    assert_eq!(judge.deadline(), Some(Duration::from_millis(500)));
    let mut players = [
        honest(worker(), Duration::from_millis(250)),
        honest(worker(), Duration::from_millis(501)),
    ];
    let verdicts = rehearsal::play(&mut *judge, &seed(1), &mut players);
    assert_eq!(verdicts[0].score, 0.25);
    assert_eq!(verdicts[1].score, 0.0);
}

#[test]
fn rounds_can_be_replayed_in_any_order() {
    let mut judge = judge();
    let mut players = [
        honest(worker(), TIME),
        changing(|answer, _| answer.tokens[2] ^= 1),
        honest(worker(), 2 * TIME),
        cheat(|_| b"?".to_vec(), TIME),
    ];
    let mut exchanges = rehearsal::exchanges(&mut *judge, &seed(9), &mut players);
    let verdicts = judge.verdicts(&seed(9), &exchanges);
    exchanges.reverse();
    exchanges.swap(1, 5);
    assert_eq!(
        judge_with(json!({ "tokens": 24 })).verdicts(&seed(9), &exchanges),
        verdicts
    );
    let uids: Vec<u16> = verdicts.iter().map(|verdict| verdict.miner.uid).collect();
    assert_eq!(uids, [0, 1, 2, 3]);
}

#[test]
fn questions_differ_between_miners_rounds_and_validators_but_not_the_work() {
    let miners: Vec<_> = (0..50).map(rehearsal::miner).collect();
    let mut judge = judge();
    let mut bodies = BTreeSet::new();
    for seed in [seed(0), seed(1), Seed::of_round(&[3; 32], 5, 0, &[9; 32])] {
        let challenges = judge.challenges(&seed, &miners);
        assert_eq!(challenges, judge.challenges(&seed, &miners));
        assert_eq!(challenges.len(), 100);
        for pair in challenges.chunks(2) {
            for (one, first) in pair.iter().zip(&challenges) {
                let (one, first) = (question(one), question(first));
                assert_eq!(one.tokens, first.tokens);
                assert_eq!(one.sampling.temperature, first.sampling.temperature);
                assert_eq!(one.sampling.top_p, 1.0);
                assert!((12..=24).contains(&one.tokens));
                let tokens = Toy::new(1).encode(&one.prompt).unwrap().len();
                assert!((1..=64).contains(&tokens), "{tokens}");
            }
        }
        bodies.extend(
            challenges
                .into_iter()
                .map(|challenge| question(&challenge).prompt),
        );
    }
    assert_eq!(bodies.len(), 300);
}
