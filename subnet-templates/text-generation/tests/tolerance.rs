//! What one check lets pass: all that honest computations differ by, and nothing more.

use proptest::prelude::*;
use subnet_sdk::{GenerationRequest, LanguageModel, Sampling, toy::Toy};
use text_generation_subnet::{Answer, Fault, Question, Unchecked, check};

const TOLERANCE: f32 = 0.05;

fn case(seed: u64, temperature: f32) -> (Toy, Question, Answer) {
    let toy = Toy::new(11);
    let question = Question {
        prompt: format!("Page {seed}, and then"),
        tokens: 32,
        sampling: Sampling {
            temperature,
            top_p: 1.0,
            seed,
        },
    };
    let request = GenerationRequest {
        prompt: toy.encode(&question.prompt).unwrap(),
        limit: 32,
        sampling: question.sampling,
        stops_at_end: true,
        candidates: 0,
    };
    let generation = toy.generate(&request, &mut |_| true).unwrap();
    let answer = Answer {
        tokens: generation.tokens.iter().map(|token| token.id).collect(),
        log_probabilities: generation
            .tokens
            .iter()
            .map(|token| token.log_probability)
            .collect(),
    };
    (toy, question, answer)
}

proptest! {
    #[test]
    fn small_differences_pass(
        seed in any::<u32>(), temperature in 0f32..1.5, errors in prop::collection::vec(-0.099f32..0.099, 32),
    ) {
        let (toy, question, mut answer) = case(u64::from(seed), temperature);
        for (value, error) in answer.log_probabilities.iter_mut().zip(errors) {
            *value += error;
        }
        let evidence = check(&toy, &question, &answer, TOLERANCE);
        prop_assert!(evidence.is_ok(), "{:?}", evidence);
        let evidence = evidence.unwrap();
        prop_assert_eq!(evidence.tokens, answer.tokens.len());
        prop_assert_eq!(evidence.gap, 0.0);
        prop_assert!(evidence.log_probability_error < 0.1);
    }

    #[test]
    fn one_large_difference_does_not(
        seed in any::<u32>(), temperature in 0f32..1.5, place in any::<prop::sample::Index>(), error in 0.101f32..20.0, sign: bool,
    ) {
        let (toy, question, mut answer) = case(u64::from(seed), temperature);
        let place = place.index(answer.tokens.len());
        answer.log_probabilities[place] += if sign { error } else { -error };
        let is_fault = matches!(
            check(&toy, &question, &answer, TOLERANCE),
            Err(Unchecked::Fault(
                Fault::LogProbability { position, .. } | Fault::NoLogProbability(position)
            )) if position == place
        );
        prop_assert!(is_fault);
    }

    #[test]
    fn another_token_passes_only_if_it_is_nearly_the_choice(
        seed in any::<u32>(), temperature in 0f32..1.5, other in 0u32..296,
    ) {
        let (toy, question, mut answer) = case(u64::from(seed), temperature);
        // The last one, so that the tokens before it stay as they are.
        let last = answer.tokens.len() - 1;
        prop_assume!(answer.tokens.len() == 32 && answer.tokens[last] != other);
        answer.tokens[last] = other;
        let mut text = toy.encode(&question.prompt).unwrap();
        let from = text.len();
        text.extend(&answer.tokens);
        let real = toy.examine(&text, from, 0, Some(&question.sampling)).unwrap();
        answer.log_probabilities[last] = real[last].log_probability;
        let result = check(&toy, &question, &answer, TOLERANCE);
        prop_assert_eq!(result.is_ok(), real[last].gap <= 2.0 * TOLERANCE, "{:?}", result);
        if let Err(error) = result {
            let is_choice = matches!(error, Unchecked::Fault(Fault::Choice { position, .. }) if position == last);
            prop_assert!(is_choice);
        }
    }
}
