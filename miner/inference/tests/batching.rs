//! Requests that run together, end early, or find no room.

mod common;

use std::{
    sync::{Arc, Barrier},
    thread,
};

use common::{Family, Folder, VOCABULARY, text};
use model_inference::{Device, Engine, Options};
use proptest::prelude::*;
use subnet_sdk::{
    Generation, GenerationRequest, LanguageModel, ModelError, Models, Sampling, Stop,
};

fn request(prompt: Vec<u32>, limit: usize, sampling: Sampling) -> GenerationRequest {
    GenerationRequest {
        prompt,
        limit,
        sampling,
        stops_at_end: false,
        candidates: 3,
    }
}

fn generate(model: &dyn LanguageModel, request: &GenerationRequest) -> Generation {
    model.generate(request, &mut |_| true).unwrap()
}

fn requests() -> impl Strategy<Value = Vec<GenerationRequest>> {
    let one = (
        any::<u64>(),
        1usize..60,
        1usize..24,
        0usize..3,
        any::<u64>(),
    );
    prop::collection::vec(one, 1..8).prop_map(|all| {
        all.into_iter()
            .map(|(prompt, length, limit, kind, seed)| {
                let (temperature, top_p) = [(0.0, 1.0), (0.9, 1.0), (1.3, 0.8)][kind];
                let sampling = Sampling {
                    temperature,
                    top_p,
                    seed,
                };
                request(text(prompt, length), limit, sampling)
            })
            .collect()
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]

    #[test]
    fn a_request_has_the_same_result_alone_and_in_company(requests in requests()) {
        for family in [Family::Llama, Family::Mistral, Family::Qwen3] {
            let folder = Folder::new(family);
            let alone = Engine::new(Options { threads: Some(1), ..Options::default() })
                .load(&folder.reference())
                .unwrap();
            let expected: Vec<Generation> =
                requests.iter().map(|r| generate(&*alone, r)).collect();
            let company = Engine::new(Options {
                threads: Some(3),
                prefill_tokens: 11,
                most_running: 5,
                ..Options::default()
            })
            .load(&folder.reference())
            .unwrap();
            let start = &Barrier::new(requests.len());
            let found: Vec<Generation> = thread::scope(|scope| {
                let threads: Vec<_> = requests
                    .iter()
                    .map(|r| {
                        let model = Arc::clone(&company);
                        scope.spawn(move || {
                            start.wait();
                            generate(&*model, r)
                        })
                    })
                    .collect();
                threads.into_iter().map(|t| t.join().unwrap()).collect()
            });
            // Bit for bit: every probability of every token and candidate.
            prop_assert_eq!(&found, &expected);

            // And what an examination says is what was computed when the text was generated.
            for (request, generation) in requests.iter().zip(&found) {
                let mut tokens = request.prompt.clone();
                tokens.extend(generation.tokens.iter().map(|t| t.id));
                let positions = company
                    .examine(&tokens, request.prompt.len(), 3, Some(&request.sampling))
                    .unwrap();
                prop_assert_eq!(positions.len(), generation.tokens.len());
                for (position, token) in positions.iter().zip(&generation.tokens) {
                    prop_assert_eq!(position.id, token.id);
                    prop_assert_eq!(position.log_probability.to_bits(), token.log_probability.to_bits());
                    prop_assert_eq!(position.gap, 0.0);
                    prop_assert_eq!(&position.candidates, &token.candidates);
                }
            }
        }
    }
}

#[test]
fn greedy_takes_the_most_probable_token() {
    let folder = Folder::new(Family::Llama);
    let model = Engine::default().load(&folder.reference()).unwrap();
    let generation = generate(&*model, &request(text(1, 5), 20, Sampling::GREEDY));
    assert_eq!(generation.stop, Stop::Limit);
    assert_eq!(generation.tokens.len(), 20);
    for token in &generation.tokens {
        assert_eq!(token.candidates[0].id, token.id);
        assert_eq!(token.candidates[0].log_probability, token.log_probability);
        assert_eq!(token.candidates.len(), 3);
    }
    let mut before = text(1, 5);
    for token in &generation.tokens {
        let next = model.predict(&before, 1).unwrap();
        assert_eq!(next[0].id, token.id);
        before.push(token.id);
    }
}

#[test]
fn examination_ranks_what_others_chose() {
    let folder = Folder::new(Family::Qwen2);
    let model = Engine::default().load(&folder.reference()).unwrap();
    let tokens = text(3, 30);
    let positions = model
        .examine(&tokens, 1, VOCABULARY, Some(&Sampling::GREEDY))
        .unwrap();
    assert_eq!(positions.len(), 29);
    for (index, position) in positions.iter().enumerate() {
        assert_eq!(position.id, tokens[index + 1]);
        let place = position
            .candidates
            .iter()
            .position(|c| c.id == position.id)
            .unwrap();
        assert_eq!(position.rank as usize, place);
        let lack = position.candidates[0].log_probability - position.log_probability;
        assert!((position.gap - lack).abs() < 1e-4);
        let total: f32 = position
            .candidates
            .iter()
            .map(|c| c.log_probability.exp())
            .sum();
        assert!((total - 1.0).abs() < 1e-4);
    }
}

#[test]
fn a_generation_ends_when_its_caller_says_so_and_others_go_on() {
    let folder = Folder::new(Family::Llama);
    // By tensors a token of so small a model takes long enough for a caller to be heard before the last one.
    let model = Engine::new(Options {
        device: Device::CandleCpu,
        ..Options::default()
    })
    .load_path(folder.root())
    .unwrap();
    let long = request(text(1, 5), 240, Sampling::GREEDY);
    let whole = generate(&*model, &long);
    let mut seen = 0;
    let cut = model
        .generate(&long, &mut |_| {
            seen += 1;
            seen < 4
        })
        .unwrap();
    assert_eq!(cut.stop, Stop::Caller);
    assert_eq!(cut.tokens, whole.tokens[..4]);
    assert_eq!(generate(&*model, &long), whole);
    // The cut one was given up: less than three whole generations were computed.
    let statistics = model.statistics();
    assert!(statistics.generated_tokens < 3 * 240, "{statistics:?}");
    assert!(statistics.generated_tokens >= 2 * 240 + 4, "{statistics:?}");
    assert_eq!((statistics.running, statistics.kv_bytes), (0, 0));
}

#[test]
fn the_end_of_text_ends_a_generation_only_when_wished() {
    let folder = Folder::new(Family::Llama);
    // Whatever the model says first is now the end of texts.
    let first = {
        let model = Engine::default().load(&folder.reference()).unwrap();
        generate(&*model, &request(text(1, 5), 1, Sampling::GREEDY)).tokens[0].id
    };
    let mut config = Family::Llama.config();
    config["eos_token_id"] = vec![first, 1].into();
    folder.write_config(&config);
    let model = Engine::default().load(&folder.reference()).unwrap();
    assert_eq!(model.end_of_text(), Some(first));
    let mut wish = request(text(1, 5), 10, Sampling::GREEDY);
    assert_eq!(generate(&*model, &wish).tokens.len(), 10);
    wish.stops_at_end = true;
    let generation = generate(&*model, &wish);
    assert_eq!(generation.stop, Stop::EndOfText);
    assert_eq!(generation.tokens.len(), 1);
}

#[test]
fn a_full_context_ends_a_generation() {
    let folder = Folder::new(Family::Llama);
    let model = Engine::default().load(&folder.reference()).unwrap();
    let context = model.context();
    let generation = generate(
        &*model,
        &request(text(1, context - 3), 10, Sampling::GREEDY),
    );
    assert_eq!(generation.stop, Stop::Context);
    assert_eq!(generation.tokens.len(), 3);
    let generation = generate(&*model, &request(text(1, context), 10, Sampling::GREEDY));
    assert_eq!(generation.stop, Stop::Context);
    assert_eq!(generation.tokens.len(), 0);
    let refused = model.generate(
        &request(text(1, context + 1), 10, Sampling::GREEDY),
        &mut |_| true,
    );
    assert!(matches!(refused, Err(ModelError::Request(_))));
}

#[test]
fn requests_that_make_no_sense_are_refused() {
    let folder = Folder::new(Family::Llama);
    let model = Engine::default().load(&folder.reference()).unwrap();
    let refused = |request: GenerationRequest| {
        matches!(
            model.generate(&request, &mut |_| true),
            Err(ModelError::Request(_))
        )
    };
    let sampling = |temperature, top_p| Sampling {
        temperature,
        top_p,
        seed: 1,
    };
    assert!(refused(request(vec![], 1, Sampling::GREEDY)));
    assert!(refused(request(
        vec![VOCABULARY as u32],
        1,
        Sampling::GREEDY
    )));
    assert!(refused(request(vec![5], 0, Sampling::GREEDY)));
    assert!(refused(request(vec![5], 1, sampling(-1.0, 1.0))));
    assert!(refused(request(vec![5], 1, sampling(f32::NAN, 1.0))));
    assert!(refused(request(vec![5], 1, sampling(1.0, 1.5))));
    assert!(matches!(
        model.examine(&[5, 6], 0, 1, None),
        Err(ModelError::Request(_))
    ));
    assert!(matches!(model.predict(&[], 1), Err(ModelError::Request(_))));
    assert!(matches!(
        model.decode(&[VOCABULARY as u32]),
        Err(ModelError::Request(_))
    ));
    assert_eq!(model.examine(&[5, 6], 2, 1, None).unwrap(), []);
}

#[test]
fn text_becomes_tokens_and_text_again() {
    let folder = Folder::new(Family::Llama);
    let model = Engine::default().load(&folder.reference()).unwrap();
    assert_eq!(model.encode("w5 w80 w3").unwrap(), [5, 80, 3]);
    assert_eq!(model.decode(&[5, 80, 3]).unwrap(), "w5 w80 w3");
}

#[test]
fn a_request_beyond_the_budget_is_refused_and_one_within_it_waits() {
    let folder = Folder::new(Family::Llama);
    // Per token: 3 layers, 2 heads of keys and values, 16 numbers each.
    let per_token = 3 * 2 * (16 + 16) * 4;
    let model = Engine::new(Options {
        kv_budget_bytes: 64 * per_token,
        ..Options::default()
    })
    .load_path(folder.root())
    .unwrap();
    let refused = model.generate(&request(text(1, 40), 26, Sampling::GREEDY), &mut |_| true);
    let Err(ModelError::Request(text_of_error)) = refused else {
        panic!("{refused:?}");
    };
    assert!(text_of_error.contains("budget"), "{text_of_error}");
    assert_eq!(model.statistics().refused_requests, 1);
    let fits = request(text(1, 40), 25, Sampling::GREEDY);
    let expected = generate(&*model, &fits);
    // Four that need the whole budget each: one after another, all right.
    thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| assert_eq!(generate(&*model, &fits), expected));
        }
    });
    assert_eq!(model.statistics().kv_bytes, 0);
}

#[test]
fn a_full_queue_refuses_and_recovers() {
    let folder = Folder::new(Family::Llama);
    let model = Engine::new(Options {
        most_running: 1,
        most_waiting: 2,
        ..Options::default()
    })
    .load_path(folder.root())
    .unwrap();
    // Many start at once: one runs, two wait.
    let many = 24;
    let start = Barrier::new(many);
    let outcome = thread::scope(|scope| {
        let threads: Vec<_> = (0..many)
            .map(|_| {
                scope.spawn(|| {
                    start.wait();
                    model.generate(&request(text(1, 5), 200, Sampling::GREEDY), &mut |_| true)
                })
            })
            .collect();
        threads
            .into_iter()
            .map(|t| t.join().unwrap())
            .collect::<Vec<_>>()
    });
    let (done, refused): (Vec<_>, Vec<_>) = outcome.into_iter().partition(Result::is_ok);
    assert!(done.len() >= 2, "{} done", done.len());
    assert!(!refused.is_empty());
    for error in &refused {
        let Err(ModelError::Computation(text)) = error else {
            panic!("{error:?}");
        };
        assert!(text.starts_with("overloaded"), "{text}");
    }
    assert_eq!(model.statistics().refused_requests, refused.len() as u64);
    let again = generate(&*model, &request(text(1, 5), 200, Sampling::GREEDY));
    assert_eq!(Ok(again), done[0]);
}

#[test]
fn draws_have_the_distribution_of_the_softmax() {
    let folder = Folder::new(Family::Qwen3);
    let model = Engine::default().load(&folder.reference()).unwrap();
    let prompt = text(4, 6);
    let temperature = 0.7f32;
    let candidates = model.predict(&prompt, VOCABULARY).unwrap();
    let weights: Vec<f64> = candidates
        .iter()
        .map(|c| f64::from(c.log_probability / temperature).exp())
        .collect();
    let total: f64 = weights.iter().sum();
    let draws = 4000;
    let mut counts = vec![0f64; VOCABULARY];
    thread::scope(|scope| {
        let parts: Vec<_> = (0..8)
            .map(|part| {
                let (model, prompt) = (&model, &prompt);
                scope.spawn(move || {
                    (0..draws / 8)
                        .map(|draw| {
                            let sampling = Sampling {
                                temperature,
                                top_p: 1.0,
                                seed: (part * draws + draw) as u64,
                            };
                            generate(&**model, &request(prompt.clone(), 1, sampling)).tokens[0].id
                        })
                        .collect::<Vec<_>>()
                })
            })
            .collect();
        for part in parts {
            for id in part.join().unwrap() {
                counts[id as usize] += 1.0;
            }
        }
    });
    // Chi-square over the tokens that are expected often enough, the rest as one.
    let (mut square, mut kinds, mut rest, mut rest_seen) = (0.0, 0, 0.0, 0.0);
    for (candidate, weight) in candidates.iter().zip(&weights) {
        let expected = weight / total * draws as f64;
        let seen = counts[candidate.id as usize];
        if expected >= 5.0 {
            square += (seen - expected).powi(2) / expected;
            kinds += 1;
        } else {
            rest += expected;
            rest_seen += seen;
        }
    }
    square += (rest_seen - rest).powi(2) / rest.max(1.0);
    // The mean of the statistic is the number of kinds, its variance twice that; five deviations are never exceeded by chance.
    let bound = f64::from(kinds) + 5.0 * (2.0 * f64::from(kinds)).sqrt();
    assert!(kinds > 5, "{kinds} kinds");
    assert!(square < bound, "{square} over {kinds} kinds");
}

#[test]
fn a_nucleus_leaves_improbable_tokens_out() {
    let folder = Folder::new(Family::Llama);
    let model = Engine::default().load(&folder.reference()).unwrap();
    let prompt = text(9, 6);
    let candidates = model.predict(&prompt, VOCABULARY).unwrap();
    let mut together = 0.0;
    let mut nucleus = Vec::new();
    for candidate in &candidates {
        nucleus.push(candidate.id);
        together += candidate.log_probability.exp();
        if together >= 0.5 {
            break;
        }
    }
    let mut seen = std::collections::BTreeSet::new();
    for seed in 0..300 {
        let sampling = Sampling {
            temperature: 1.0,
            top_p: 0.5,
            seed,
        };
        seen.insert(generate(&*model, &request(prompt.clone(), 1, sampling)).tokens[0].id);
    }
    assert!(seen.iter().all(|id| nucleus.contains(id)));
    assert!(seen.len() > 1);
    // A token from outside is not the choice, and is told how far it is.
    let outside = candidates[nucleus.len()].id;
    let mut tokens = prompt.clone();
    tokens.push(outside);
    let sampling = Sampling {
        temperature: 1.0,
        top_p: 0.5,
        seed: 1,
    };
    let position = &model
        .examine(&tokens, prompt.len(), 0, Some(&sampling))
        .unwrap()[0];
    assert!(position.gap > 0.0 && position.gap.is_finite());
}

#[test]
fn poisoned_requests_fail_alone_and_nothing_hangs() {
    let folder = Folder::new(Family::Llama);
    // A model whose weights overflow: every number that it computes is infinite or none.
    let mut tensors = Family::Llama.tensors();
    let name = "model.norm.weight".to_owned();
    let huge = tensors[&name].affine(0.0, 3e38).unwrap();
    tensors.insert(name, huge);
    let all: std::collections::HashMap<_, _> = tensors.into_iter().collect();
    candle_core::safetensors::save(&all, folder.path("model.safetensors")).unwrap();
    let model = Engine::default().load(&folder.reference()).unwrap();
    let refused = model.generate(&request(text(1, 5), 20, Sampling::GREEDY), &mut |_| true);
    assert!(
        matches!(refused, Err(ModelError::Computation(_))),
        "{refused:?}"
    );
    let refused = model.examine(&text(1, 5), 1, 3, None);
    assert!(
        matches!(refused, Err(ModelError::Computation(_))),
        "{refused:?}"
    );
}
