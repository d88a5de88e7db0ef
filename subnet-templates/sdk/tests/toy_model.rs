//! The toy model keeps the promises of `LanguageModel`.

use proptest::prelude::*;
use subnet_sdk::{
    GenerationRequest, LanguageModel, ModelError, Models, Sampling, Stop,
    toy::{Toy, ToyModels},
};

fn request(toy: &Toy, prompt: &str, sampling: Sampling) -> GenerationRequest {
    GenerationRequest {
        prompt: toy.encode(prompt).unwrap(),
        limit: 40,
        sampling,
        stops_at_end: true,
        candidates: 3,
    }
}

fn ids(generation: &subnet_sdk::Generation) -> Vec<u32> {
    generation.tokens.iter().map(|token| token.id).collect()
}

proptest! {
    #[test]
    fn text_comes_back(text in ".{0,200}") {
        let toy = Toy::new(1);
        prop_assert_eq!(toy.decode(&toy.encode(&text).unwrap()).unwrap(), text);
    }

    #[test]
    fn generation_is_confirmed_by_one_examination(
        model in any::<u64>(), seed in any::<u64>(), temperature in 0f32..2.0, top_p in 0.1f32..=1.0, prompt in "[a-z ]{1,60}",
    ) {
        let toy = Toy::new(model);
        let sampling = Sampling { temperature, top_p, seed };
        let request = request(&toy, &prompt, sampling);
        let generation = toy.generate(&request, &mut |_| true).unwrap();
        prop_assert_eq!(&toy.generate(&request, &mut |_| true).unwrap(), &generation);
        let mut text = request.prompt.clone();
        text.extend(ids(&generation));
        let positions = toy.examine(&text, request.prompt.len(), 3, Some(&sampling)).unwrap();
        prop_assert_eq!(positions.len(), generation.tokens.len());
        for (token, position) in generation.tokens.iter().zip(positions) {
            prop_assert_eq!(token.id, position.id);
            prop_assert_eq!(token.log_probability, position.log_probability);
            prop_assert_eq!(&token.candidates, &position.candidates);
            prop_assert_eq!(position.gap, 0.0);
        }
    }
}

#[test]
fn seeds_are_different_models() {
    let sampling = Sampling {
        temperature: 1.0,
        top_p: 1.0,
        seed: 5,
    };
    let generate = |toy: &Toy| {
        ids(&toy
            .generate(&request(toy, "the sea", sampling), &mut |_| true)
            .unwrap())
    };
    let (one, two) = (Toy::new(1), Toy::new(2));
    assert_ne!(generate(&one), generate(&two));
    assert_ne!(one.fingerprint().weights, two.fingerprint().weights);
    assert_eq!(one.fingerprint().tokenizer, two.fingerprint().tokenizer);
    assert_ne!(one.fingerprint().digest(), two.fingerprint().digest());
    assert_eq!(one.fingerprint(), Toy::new(1).fingerprint());
}

#[test]
fn generation_ends_for_each_reason() {
    let toy = Toy::new(3);
    let sampled = |seed| Sampling {
        temperature: 1.5,
        top_p: 1.0,
        seed,
    };
    let mut request = request(&toy, "once", sampled(0));
    let end = toy.end_of_text().unwrap();
    let generate = |request: &GenerationRequest| toy.generate(request, &mut |_| true).unwrap();

    // Some seed ends the text within 40 tokens, and some does not.
    let ended = (0..).find_map(|seed| {
        request.sampling = sampled(seed);
        Some(generate(&request)).filter(|generation| generation.stop == Stop::EndOfText)
    });
    let ended = ids(&ended.unwrap());
    assert_eq!(
        ended.iter().position(|id| *id == end),
        Some(ended.len() - 1)
    );
    request.stops_at_end = false;
    let longer = generate(&request);
    assert_eq!((longer.stop, longer.tokens.len()), (Stop::Limit, 40));
    assert_eq!(ids(&longer)[..ended.len()], ended);

    let mut seen = Vec::new();
    let stopped = toy
        .generate(&request, &mut |token| {
            seen.push(token.id);
            seen.len() < 2
        })
        .unwrap();
    assert_eq!((stopped.stop, ids(&stopped)), (Stop::Caller, seen));

    request.prompt = vec![97; toy.context() - 3];
    let full = generate(&request);
    assert_eq!((full.stop, full.tokens.len()), (Stop::Context, 3));
}

#[test]
fn what_cannot_be_served_is_refused() {
    let toy = Toy::new(1);
    let vocabulary = toy.vocabulary() as u32;
    for tokens in [vec![], vec![vocabulary], vec![1; toy.context() + 1]] {
        assert!(matches!(
            toy.predict(&tokens, 1),
            Err(ModelError::Request(_))
        ));
        assert!(matches!(
            toy.examine(&tokens, 1, 1, None),
            Err(ModelError::Request(_))
        ));
    }
    assert!(matches!(
        toy.examine(&[1, 2], 0, 0, None),
        Err(ModelError::Request(_))
    ));
    assert!(matches!(
        toy.decode(&[vocabulary]),
        Err(ModelError::Request(_))
    ));
    assert_eq!(toy.decode(&[104, vocabulary - 1]).unwrap(), "h");
}

#[test]
fn teaching_makes_a_text_probable() {
    let text = "the ship was in the harbour and the captain was on the ship. ".repeat(20);
    let loss = |toy: &Toy| {
        let tokens = toy.encode(&text[..300]).unwrap();
        let positions = toy.examine(&tokens, 1, 0, None).unwrap();
        let sum: f32 = positions
            .iter()
            .map(|position| position.log_probability)
            .sum();
        -sum / positions.len() as f32
    };
    let losses: Vec<f32> = (0..4)
        .map(|order| loss(&Toy::taught(&text, order)))
        .collect();
    assert!(
        losses.windows(2).all(|pair| pair[1] < pair[0]),
        "{losses:?}"
    );
    assert!(losses[0] < loss(&Toy::new(1)));
}

#[test]
fn references_name_toys() {
    let models = ToyModels::new();
    assert_eq!(models.load("toy:7").unwrap().name(), "toy:7");
    assert_eq!(
        models.load("toy:7").unwrap().fingerprint(),
        Toy::new(7).fingerprint()
    );
    for reference in ["toy:", "toy:x", "/tmp/model", ""] {
        assert!(models.load(reference).is_err(), "{reference}");
    }
}
