//! The validator's text, and the places in it that a round asks about.

use subnet_sdk::{Miner, Seed};

/// A text that only the validator knows.
///
/// A round takes a window of it, cuts the window into segments that do not overlap, and asks every miner about some of them:
/// a segment is what the miner sees, and the byte behind it is what it predicts. So nothing that any miner is shown in a round
/// contains a byte that another one is asked for, and miners who put their questions together learn nothing.
#[derive(Clone, Debug)]
pub struct HiddenText {
    text: String,
    positions: usize,
    context: usize,
    window: usize,
}

/// A place that a miner is asked about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place<'a> {
    /// What the miner sees.
    pub prefix: &'a str,
    /// What it does not: the byte that follows.
    pub hidden: u8,
}

impl HiddenText {
    /// `positions`: predictions of a miner in a round. `context`: bytes of a segment, cut at the next character. `window`: bytes of
    /// the text that a round uses; raised if too few segments fit into it.
    ///
    /// **Errors:** a sentence, if the text is too short or contains control characters.
    pub fn new(
        text: String,
        positions: usize,
        context: usize,
        window: usize,
    ) -> Result<Self, String> {
        // A segment is up to three bytes longer than wished, the hidden character takes up to four, and a first one is lost
        // to the shift of the segments.
        let needed = (positions + 2) * (context + 8);
        if text.len() < needed {
            return Err(format!(
                "{} bytes; {positions} predictions behind {context} bytes each need at least {needed}, and a text is used up \
                 the sooner the shorter it is",
                text.len()
            ));
        }
        let strange = text
            .char_indices()
            .find(|(_, letter)| letter.is_control() && !matches!(letter, '\n' | '\r' | '\t'));
        if let Some((place, letter)) = strange {
            return Err(format!(
                "byte {place} is the control character {}; a plain text is needed",
                letter.escape_unicode()
            ));
        }
        let window = window.max(needed).min(text.len());
        Ok(Self {
            text,
            positions,
            context,
            window,
        })
    }

    /// The whole text.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// What a round asks a miner. Equal seeds and miners, equal places.
    pub fn places(&self, seed: &Seed, miner: &Miner) -> Vec<Place<'_>> {
        let segments = self.segments(seed);
        let mut own = seed.for_purpose("places", &miner.hotkey).draws();
        own.distinct(self.positions, segments.len())
            .into_iter()
            .filter_map(|index| segments.get(index).copied())
            .collect()
    }

    /// All segments of a round, in the order of the text.
    pub fn segments(&self, seed: &Seed) -> Vec<Place<'_>> {
        let mut draws = seed.for_purpose("window", b"").draws();
        let start = draws.between(0, (self.text.len() - self.window) as u64) as usize;
        let end = start + self.window;
        // Shifted, or a window as long as the text would be cut at the same places in every round.
        let mut from = self.boundary(start + draws.below(self.context as u64) as usize);
        let mut segments = Vec::new();
        loop {
            let behind = self.boundary(from + self.context);
            let after = self.boundary(behind + 1);
            if after > end || after <= behind {
                return segments;
            }
            if let (Some(prefix), Some(hidden)) = (
                self.text.get(from..behind),
                self.text.as_bytes().get(behind),
            ) {
                segments.push(Place {
                    prefix,
                    hidden: *hidden,
                });
            }
            from = after;
        }
    }

    /// The first place from `at` on where a character begins, or the end.
    fn boundary(&self, at: usize) -> usize {
        let at = at.min(self.text.len());
        (at..self.text.len())
            .find(|place| self.text.is_char_boundary(*place))
            .unwrap_or(self.text.len())
    }
}
