//! Failures, and that results do not depend on how ranks share a pass.

use std::thread;

use subnet_sdk::{GenerationRequest, LanguageModel, ModelError, Sampling};

use crate::{Options, language::Language, load, model::Shape};

/// Three of these in a row make a pass panic.
pub(super) const POISON: Option<u32> = Some(13);

fn model(threads: usize) -> Language {
    let shape = Shape {
        hidden: 32,
        inner: 48,
        layers: 2,
        heads: 2,
        cached_heads: 1,
        head: 16,
        vocabulary: 60,
        context: 128,
        epsilon: 1e-5,
        windows: vec![None; 2],
    };
    let options = Options {
        threads: Some(threads),
        ..Options::default()
    };
    Language::new(load::random(shape, false).unwrap(), &options).unwrap()
}

fn request(prompt: Vec<u32>) -> GenerationRequest {
    GenerationRequest {
        prompt,
        limit: 40,
        sampling: Sampling::GREEDY,
        stops_at_end: false,
        candidates: 0,
    }
}

#[test]
fn a_panic_ends_its_requests_with_an_error_and_the_model_goes_on() {
    for threads in [1, 3] {
        let model = model(threads);
        let expected = model
            .generate(&request(vec![1, 2, 3]), &mut |_| true)
            .unwrap();
        for _ in 0..3 {
            let failed = model.generate(&request(vec![13, 13, 13]), &mut |_| true);
            assert!(
                matches!(failed, Err(ModelError::Computation(_))),
                "{failed:?}"
            );
            let after = model
                .generate(&request(vec![1, 2, 3]), &mut |_| true)
                .unwrap();
            assert_eq!(after, expected);
        }
        assert_eq!(model.statistics().running, 0);
        assert_eq!(model.statistics().kv_bytes, 0);
    }
}

/// Large enough for passes of few rows to be shared by outputs.
#[test]
fn what_ranks_share_in_either_way_has_the_same_bits() {
    let shape = Shape {
        hidden: 128,
        inner: 160,
        layers: 2,
        heads: 4,
        cached_heads: 2,
        head: 32,
        vocabulary: 40_000,
        context: 256,
        epsilon: 1e-5,
        windows: vec![None, Some(21)],
    };
    for quantised in [false, true] {
        let model = |threads, prefill_tokens| {
            let options = Options {
                threads: Some(threads),
                prefill_tokens,
                ..Options::default()
            };
            Language::new(load::random(shape.clone(), quantised).unwrap(), &options).unwrap()
        };
        let wish = |seed| GenerationRequest {
            sampling: Sampling {
                temperature: 0.9,
                top_p: 1.0,
                seed,
            },
            ..request((0..90).map(|i| i * 401 + seed as u32).collect())
        };
        let alone = model(1, 1000);
        let expected: Vec<_> = (0..3)
            .map(|seed| alone.generate(&wish(seed), &mut |_| true).unwrap())
            .collect();
        for (threads, prefill) in [(2, 1000), (3, 1000), (3, 40)] {
            let company = model(threads, prefill);
            thread::scope(|scope| {
                for (seed, expected) in (0..).zip(&expected) {
                    let company = &company;
                    scope.spawn(move || {
                        let wish = wish(seed);
                        let found = company.generate(&wish, &mut |_| true).unwrap();
                        assert_eq!(&found, expected);
                        let mut tokens = wish.prompt;
                        tokens.extend(found.tokens.iter().map(|token| token.id));
                        let positions = company
                            .examine(&tokens, 90, 0, Some(&wish.sampling))
                            .unwrap();
                        for (position, token) in positions.iter().zip(&found.tokens) {
                            assert_eq!(position.gap, 0.0);
                            assert_eq!(position.log_probability, token.log_probability);
                        }
                    });
                }
            });
        }
    }
}

#[test]
fn whoever_runs_beside_a_panic_gets_an_answer_too() {
    let model = model(2);
    let expected = model.generate(&request(vec![4, 5]), &mut |_| true).unwrap();
    thread::scope(|scope| {
        for index in 0..12 {
            let (model, expected) = (&model, &expected);
            scope.spawn(move || {
                if index % 3 == 0 {
                    let failed = model.generate(&request(vec![13, 13, 13]), &mut |_| true);
                    assert!(failed.is_err());
                } else {
                    // Right, or an error: never something else, never nothing.
                    match model.generate(&request(vec![4, 5]), &mut |_| true) {
                        Ok(found) => assert_eq!(&found, expected),
                        Err(error) => assert!(matches!(error, ModelError::Computation(_))),
                    }
                }
            });
        }
    });
}
