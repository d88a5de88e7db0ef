//! A little language, of which texts of any length can be made.

use subnet_sdk::Seed;

const WORDS: [&str; 48] = [
    "the",
    "ship",
    "harbour",
    "captain",
    "night",
    "letter",
    "was",
    "in",
    "on",
    "and",
    "with",
    "before",
    "morning",
    "friend",
    "water",
    "light",
    "house",
    "river",
    "story",
    "winter",
    "had",
    "been",
    "written",
    "found",
    "under",
    "bridge",
    "silver",
    "morrow",
    "garden",
    "thought",
    "nothing",
    "remembered",
    "window",
    "evening",
    "stranger",
    "question",
    "answer",
    "never",
    "always",
    "between",
    "mountain",
    "village",
    "carried",
    "promised",
    "opened",
    "wanted",
    "another",
    "of",
];

/// A text of at least `length` bytes. Which word follows which is decided once for all texts; the seed decides the course.
pub(crate) fn text(seed: u8, length: usize) -> String {
    let grammar = Seed::from_bytes([99; 32]);
    let mut course = Seed::from_bytes([seed; 32]).draws();
    let mut text = String::new();
    let mut word = 0u64;
    while text.len() < length {
        let mut sentence = String::new();
        for _ in 0..course.between(4, 12) {
            // Each word has a few that follow it.
            let followers = grammar.for_index(word).draws().distinct(6, WORDS.len());
            word = *course.pick(&followers).unwrap() as u64;
            if !sentence.is_empty() {
                sentence.push(' ');
            }
            sentence.push_str(WORDS[word as usize]);
        }
        let first = sentence.remove(0).to_ascii_uppercase();
        text.push(first);
        text.push_str(&sentence);
        text.push_str(if course.below(8) == 0 { ".\n" } else { ". " });
    }
    text
}
