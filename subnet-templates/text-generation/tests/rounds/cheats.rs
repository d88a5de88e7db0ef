//! What cheats earn: nothing.

use std::sync::Arc;

use subnet_sdk::{
    LanguageModel, Sampling, Worker,
    rehearsal::{self, cheat, honest},
    toy::Toy,
};
use text_generation_subnet::{Answer, DESCRIPTION, Generator, Question};

use crate::stage::*;

#[test]
fn another_model_gets_nothing() {
    for round in 0..30 {
        let other: Arc<dyn Worker> = Arc::new(Generator::new(Arc::new(Toy::new(2))));
        let verdict = against(honest(other, TIME), round);
        assert_eq!(verdict.score, 0.0);
        assert!(
            verdict.reason.contains("not the declared model's answer"),
            "{}",
            verdict.reason
        );
    }
}

#[test]
fn shortened_answers_get_nothing() {
    let end = Toy::new(1).end_of_text().unwrap();
    let cut = |answer: &mut Answer| {
        // An answer that the model itself ended is cut before the end.
        answer.tokens.pop();
        answer.log_probabilities.pop();
    };
    for round in 0..10 {
        let verdict = against(changing(move |answer, _| cut(answer)), round);
        assert_eq!(verdict.score, 0.0);
        let all = changing(|answer, _| {
            *answer = Answer {
                tokens: vec![],
                log_probabilities: vec![],
            }
        });
        assert_eq!(against(all, round).score, 0.0);
        // Pretending that the model ended the text, with the log-probability that this has.
        let ending = changing(move |answer, question| {
            answer.tokens.truncate(3);
            answer.tokens.push(end);
            let toy = Toy::new(1);
            let mut text = toy.encode(&question.prompt).unwrap();
            let from = text.len();
            text.extend(&answer.tokens);
            let positions = toy.examine(&text, from, 0, None).unwrap();
            answer.log_probabilities = positions.iter().map(|p| p.log_probability).collect();
        });
        let verdict = against(ending, round);
        assert_eq!(verdict.score, 0.0);
        assert!(
            verdict.reason.contains("logits from being chosen"),
            "{}",
            verdict.reason
        );
    }
}

#[test]
fn lengthened_answers_get_nothing() {
    for round in 0..10 {
        let longer = |question: &mut Question| question.tokens += 1;
        let verdict = against(misreading(longer), round);
        // Only a text that ends by itself is the same for a longer wish.
        assert_eq!(verdict.score > 0.0, is_same(longer, round), "{verdict:?}");
        let padded = changing(|answer, _| {
            answer.tokens.push(32);
            answer.log_probabilities.push(-1.0);
        });
        assert_eq!(against(padded, round).score, 0.0);
    }
}

#[test]
fn replayed_answers_get_nothing() {
    for round in 0..10 {
        let old = judge().challenges(&seed(round + 1_000), &[rehearsal::miner(1)]);
        let old = says(&right(&old[0]));
        let verdict = against(cheat(|_| old.clone(), TIME), round);
        assert_eq!(verdict.score, 0.0);
    }
}

#[test]
fn copied_answers_get_nothing_and_their_author_loses_nothing() {
    for round in 0..10 {
        let theirs = judge().challenges(&seed(round), &[rehearsal::miner(0)]);
        let mut place = 0;
        let copying = cheat(
            |_| {
                place += 1;
                says(&right(&theirs[place - 1]))
            },
            TIME,
        );
        let verdict = against(copying, round);
        assert_eq!(verdict.score, 0.0);
        assert_eq!(verdict.parts["copied"], 2.0);
        assert_eq!(
            verdict.reason,
            "2 of 2 answers wrong: repeats the answer of miner 0 to another question"
        );
    }
}

#[test]
fn one_answer_for_all_questions_is_named_as_such() {
    let mut first = None;
    let repeating = cheat(
        |challenge| first.get_or_insert_with(|| says(&right(challenge))).clone(),
        TIME,
    );
    let verdict = against(repeating, 3);
    assert_eq!(verdict.score, 0.0);
    assert!(
        verdict
            .reason
            .contains("repeats its own answer to another question"),
        "{}",
        verdict.reason
    );
}

#[test]
fn invented_log_probabilities_get_nothing() {
    let changes: [fn(&mut f32); 5] = [
        |value| *value = 0.0,
        |value| *value -= 0.2,
        |value| *value += 0.2,
        |value| *value = -f32::MAX,
        |value| *value = f32::MIN_POSITIVE,
    ];
    for change in changes {
        let inventing =
            changing(move |answer, _| answer.log_probabilities.iter_mut().for_each(change));
        assert_eq!(against(inventing, 1).score, 0.0);
    }
    // A single wrong one is enough.
    let last = changing(|answer, _| {
        if let Some(value) = answer.log_probabilities.last_mut() {
            *value -= 0.11;
        }
    });
    let verdict = against(last, 1);
    assert_eq!(verdict.score, 0.0);
    assert!(
        verdict.reason.contains("has log-probability"),
        "{}",
        verdict.reason
    );
}

#[test]
fn choosing_otherwise_than_asked_gets_nothing() {
    let mut caught = 0;
    for round in 0..20 {
        let changes: [fn(&mut Question); 4] = [
            |question| question.sampling.seed ^= 1,
            |question| {
                question.sampling = Sampling {
                    temperature: 0.0,
                    ..question.sampling
                }
            },
            |question| question.sampling.top_p = 0.3,
            |question| question.prompt.push(' '),
        ];
        for change in changes {
            let verdict = against(misreading(change), round);
            // Greedy questions have no seed; then this is no cheat.
            let is_same = is_same(change, round);
            assert_eq!(verdict.score > 0.0, is_same, "{verdict:?}");
            caught += usize::from(!is_same);
        }
    }
    assert!(caught > 60, "{caught}");
}

#[test]
fn answers_without_meaning_get_nothing() {
    let many = says(&Answer {
        tokens: vec![1; 10_000],
        log_probabilities: vec![-1.0; 10_000],
    });
    assert!(many.len() > DESCRIPTION.answer_limit);
    let bodies: Vec<Vec<u8>> = vec![
        vec![],
        b"null".to_vec(),
        b"{}".to_vec(),
        b"{\"tokens\":[1],\"log_probabilities\":[null]}".to_vec(),
        b"{\"tokens\":[1],\"log_probabilities\":[NaN]}".to_vec(),
        b"{\"tokens\":[1],\"log_probabilities\":[1e39]}".to_vec(),
        b"{\"tokens\":[1],\"log_probabilities\":[-1e39]}".to_vec(),
        b"{\"tokens\":[1],\"log_probabilities\":[1e999]}".to_vec(),
        b"{\"tokens\":[-1],\"log_probabilities\":[-1]}".to_vec(),
        b"{\"tokens\":[4294967296],\"log_probabilities\":[-1]}".to_vec(),
        vec![b'['; 60_000],
        vec![0xff; 100],
        many,
    ];
    for body in bodies {
        let verdict = against(cheat(|_| body.clone(), TIME), 2);
        assert_eq!(verdict.score, 0.0, "{}", verdict.reason);
    }
    for number in [f32::NAN, f32::INFINITY, f32::NEG_INFINITY] {
        // JSON has no such numbers: what our own writer makes of them is refused.
        let strange = changing(move |answer, _| answer.log_probabilities[0] = number);
        assert_eq!(against(strange, 2).score, 0.0);
    }
    for id in [297, u32::MAX] {
        let strange = changing(move |answer, _| answer.tokens[4] = id);
        let verdict = against(strange, 2);
        assert_eq!(verdict.score, 0.0);
        assert!(
            verdict.reason.contains("does not have"),
            "{}",
            verdict.reason
        );
    }
    let uneven = changing(|answer, _| {
        answer.log_probabilities.pop();
    });
    assert_eq!(against(uneven, 2).score, 0.0);
}

#[test]
fn cheating_once_costs_the_round() {
    let mut count = 0;
    let sometimes = cheat(
        |challenge| {
            count += 1;
            let mut answer = right(challenge);
            answer.tokens[0] ^= count - 1;
            says(&answer)
        },
        TIME,
    );
    let verdict = against(sometimes, 4);
    assert_eq!(
        (verdict.parts["correct"], verdict.parts["wrong"]),
        (1.0, 1.0)
    );
    assert_eq!(verdict.score, 0.0);
}
