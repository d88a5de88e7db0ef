//! What miners are asked to continue.

use subnet_sdk::Draws;

/// Lines of a file of prompts, at least: fewer would soon repeat.
const LINES: usize = 16;

/// Characters of one line that are used, at most.
const LINE_LIMIT: usize = 600;

const PLACES: [&str; 24] = [
    "the harbour",
    "the old mill",
    "the station",
    "the orchard",
    "the library",
    "the north gate",
    "the market",
    "the lighthouse",
    "the valley",
    "the workshop",
    "the island",
    "the school",
    "the river bank",
    "the tower",
    "the garden",
    "the bridge",
    "the kitchen",
    "the forest",
    "the observatory",
    "the inn",
    "the theatre",
    "the quarry",
    "the ferry",
    "the village",
];

const PEOPLE: [&str; 24] = [
    "the captain",
    "a young teacher",
    "the miller's daughter",
    "an old friend",
    "the doctor",
    "two strangers",
    "the baker",
    "a tired messenger",
    "the keeper",
    "my brother",
    "the new engineer",
    "a quiet child",
    "the judge",
    "her uncle",
    "the gardener",
    "a traveller",
    "the clockmaker",
    "our neighbour",
    "the pilot",
    "a musician",
    "the widow",
    "three sailors",
    "the painter",
    "a farmer",
];

const DEEDS: [&str; 24] = [
    "found a letter that nobody had opened",
    "asked for the price of a boat",
    "waited until the rain was over",
    "spoke about the winter of that year",
    "had lost the only key",
    "counted the coins twice",
    "told a story about the sea",
    "looked for the missing lamp",
    "wanted to know who had sent the horses",
    "drew a map of the road",
    "heard a bell in the distance",
    "repaired the broken wheel",
    "refused to answer the question",
    "carried a basket of apples",
    "remembered the name of the ship",
    "wrote down what the others said",
    "opened the heavy door",
    "promised to come back before night",
    "saw a light behind the hill",
    "bought bread for the whole journey",
    "showed us the oldest picture",
    "could not believe the news",
    "measured the depth of the water",
    "began to sing without any reason",
];

const TURNS: [&str; 16] = [
    "Nobody expected what happened next.",
    "It was colder than the day before.",
    "There were three reasons for it.",
    "The answer came at once.",
    "Everybody knew the rule.",
    "That was how it began.",
    "Then the door opened.",
    "The plan was simple.",
    "Something was different this time.",
    "The first attempt failed.",
    "It took the rest of the morning.",
    "Only one of them smiled.",
    "The road was long and dry.",
    "At last somebody spoke.",
    "The others did not agree.",
    "In the evening everything changed.",
];

const OPENINGS: [&str; 12] = [
    "Early in the morning",
    "On the last day of the month",
    "Before the storm",
    "When the lamps were lit",
    "After a long silence",
    "One evening in spring",
    "As soon as the boat had left",
    "In the middle of the night",
    "While we were waiting",
    "Many years later",
    "Shortly before noon",
    "On the way home",
];

/// Makes prompts: a first line that never repeats, then sentences or lines of a file.
#[derive(Clone, Debug)]
pub struct Prompts(Source);

#[derive(Clone, Debug)]
enum Source {
    BuiltIn,
    Lines(Vec<String>),
}

impl Prompts {
    /// Sentences of this crate's own: 2.6 million different ones.
    pub fn built_in() -> Self {
        Self(Source::BuiltIn)
    }

    /// The lines of a text; empty ones are left out. **Errors:** a sentence, if there are too few.
    pub fn of_lines(text: &str) -> Result<Self, String> {
        let lines: Vec<String> = text
            .lines()
            .map(|line| line.trim().chars().take(LINE_LIMIT).collect::<String>())
            .filter(|line| !line.is_empty())
            .collect();
        if lines.len() < LINES {
            return Err(format!(
                "{} lines that are not empty; at least {LINES} are needed",
                lines.len()
            ));
        }
        Ok(Self(Source::Lines(lines)))
    }

    /// A prompt for which `fits` holds; it is not empty. Longer prompts must not fit where shorter ones do not.
    ///
    /// It is built of one to four sentences or lines behind a first line with one of 8.1·10⁹ pairs of numbers, so that an answer
    /// that was computed before, even at temperature 0, is an answer to another prompt.
    pub fn compose(&self, draws: &mut Draws, fits: impl Fn(&str) -> bool) -> String {
        let mut prompt = format!(
            "Page {}, note {}.",
            draws.between(10_000, 99_999),
            draws.between(10_000, 99_999)
        );
        // A model with a very small context gets the end of the line, where it differs most.
        while !fits(&prompt) && prompt.chars().count() > 1 {
            prompt = prompt.chars().skip(1).collect();
        }
        for _ in 0..draws.between(1, 4) {
            let longer = format!("{prompt} {}", self.sentence(draws));
            if !fits(&longer) {
                break;
            }
            prompt = longer;
        }
        prompt
    }

    fn sentence(&self, draws: &mut Draws) -> String {
        let mut pick = |items: &[&'static str]| draws.pick(items).copied().unwrap_or_default();
        match &self.0 {
            Source::BuiltIn => format!(
                "{}, near {}, {} {}. {}",
                pick(&OPENINGS),
                pick(&PLACES),
                pick(&PEOPLE),
                pick(&DEEDS),
                pick(&TURNS)
            ),
            Source::Lines(lines) => draws.pick(lines).cloned().unwrap_or_default(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;
    use subnet_sdk::Seed;

    fn draws(number: u64) -> Draws {
        Seed::from_bytes([1; 32]).for_index(number).draws()
    }

    #[test]
    fn prompts_fit_and_do_not_repeat() {
        let lines: String = (0..20).map(|n| format!("line {n}\n\n")).collect();
        for prompts in [Prompts::built_in(), Prompts::of_lines(&lines).unwrap()] {
            let all: BTreeSet<String> = (0..2_000)
                .map(|n| prompts.compose(&mut draws(n), |text| text.len() <= 150))
                .collect();
            assert_eq!(all.len(), 2_000);
            assert!(all.iter().all(|text| !text.is_empty() && text.len() <= 150));
        }
    }

    #[test]
    fn a_tiny_context_still_gets_a_prompt() {
        let prompt = Prompts::built_in().compose(&mut draws(3), |text| text.len() <= 4);
        assert_eq!(prompt.len(), 4);
        let prompt = Prompts::built_in().compose(&mut draws(3), |_| false);
        assert_eq!(prompt.len(), 1);
    }

    #[test]
    fn equal_seeds_make_equal_prompts() {
        let prompts = Prompts::built_in();
        let compose = |n| prompts.compose(&mut draws(n), |_| true);
        assert_eq!(compose(5), compose(5));
        assert_ne!(compose(5), compose(6));
    }

    #[test]
    fn too_few_lines_are_refused() {
        let error = Prompts::of_lines("one\n\n  \ntwo").unwrap_err();
        assert!(error.starts_with("2 lines"), "{error}");
    }
}
