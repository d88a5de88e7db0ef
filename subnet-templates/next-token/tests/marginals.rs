//! From tokens to bytes: the probabilities are those of all ways to spell the text.

use std::collections::BTreeMap;

use next_token_subnet::{Pieces, next_byte};
use subnet_sdk::{LanguageModel, toy::Toy};

mod common;

/// All ways, however improbable: the mass of every next byte after `head` and then `word`.
fn naive(model: &Toy, head: &str, word: &str) -> BTreeMap<u8, f64> {
    let mut mass = BTreeMap::new();
    let mut ways = vec![(model.encode(head).unwrap(), word.as_bytes().to_vec(), 1.0)];
    while let Some((tokens, rest, weight)) = ways.pop() {
        for candidate in model.predict(&tokens, model.vocabulary()).unwrap() {
            let weight = weight * f64::from(candidate.log_probability).exp();
            let piece = match candidate.id {
                id if Some(id) == model.end_of_text() => continue,
                // A lone byte of a longer character is no text.
                id @ 128..=255 if model.decode(&[id]).unwrap().contains('\u{fffd}') => continue,
                id => model.decode(&[id]).unwrap().into_bytes(),
            };
            if piece.len() > rest.len() && piece.starts_with(&rest) {
                *mass.entry(piece[rest.len()]).or_insert(0.0) += weight;
            } else if rest.starts_with(&piece) {
                let mut longer = tokens.clone();
                longer.push(candidate.id);
                ways.push((longer, rest[piece.len()..].to_vec(), weight));
            }
        }
    }
    let sum: f64 = mass.values().sum();
    mass.values_mut().for_each(|value| *value /= sum);
    mass
}

#[test]
fn next_byte_is_that_of_all_ways() {
    let model = Toy::taught(&common::text(1, 30_000), 3);
    let pieces = Pieces::of(&model).unwrap();
    let cases = [
        ("The captain was", " "),
        ("The captain was", " w"),
        ("The captain was", " wi"),
        ("The captain was in", " th"),
        ("The captain was in the", " h"),
        ("Another question.", "\n"),
    ];
    for (head, word) in cases {
        let found = next_byte(&model, &pieces, &format!("{head}{word}")).unwrap();
        assert!((found.iter().sum::<f64>() - 1.0).abs() < 1e-9);
        let exact = naive(&model, head, word);
        let distance: f64 = (0..=255u8)
            .map(|byte| (found[usize::from(byte)] - exact.get(&byte).unwrap_or(&0.0)).abs())
            .sum();
        assert!(distance / 2.0 < 0.05, "{head}{word}: {distance}");
    }
}

#[test]
fn giving_the_word_back_predicts_better_than_cutting_it() {
    let model = Toy::taught(&common::text(1, 60_000), 3);
    let pieces = Pieces::of(&model).unwrap();
    let text = common::text(2, 8_000);
    let (mut healed, mut cut) = (0.0, 0.0);
    for at in (200..7_000).step_by(37) {
        let (prefix, hidden) = (&text[at - 100..at], text.as_bytes()[at]);
        healed -= next_byte(&model, &pieces, prefix).unwrap()[usize::from(hidden)]
            .max(1e-6)
            .ln();
        // The first bytes of the tokens that follow the text as it is cut off.
        let mut plain = [1e-6; 256];
        let tokens = model.encode(prefix).unwrap();
        for candidate in model.predict(&tokens, model.vocabulary()).unwrap() {
            if let Some(first) = model.decode(&[candidate.id]).unwrap().bytes().next() {
                plain[usize::from(first)] += f64::from(candidate.log_probability).exp();
            }
        }
        cut -= plain[usize::from(hidden)].ln();
    }
    assert!(healed < 0.95 * cut, "{healed} {cut}");
}
