//! Text out of tokens, while they come.

use subnet_sdk::{LanguageModel, ModelError};

/// Turns tokens into text; a character that several tokens make up comes when the last of them is there.
pub(super) struct Decoding<'a> {
    model: &'a dyn LanguageModel,
    tokens: Vec<u32>,
    /// Where decoding starts: some tokens back, because a token's text may depend on the one before.
    from: usize,
    /// Up to where the text was given out.
    to: usize,
}

impl<'a> Decoding<'a> {
    /// Without tokens yet.
    pub(super) fn new(model: &'a dyn LanguageModel) -> Self {
        Self {
            model,
            tokens: Vec::new(),
            from: 0,
            to: 0,
        }
    }

    /// Takes a token; gives the text that is certain now. **Errors:** those of the model.
    pub(super) fn push(&mut self, token: u32) -> Result<String, ModelError> {
        self.tokens.push(token);
        self.advance(false)
    }

    /// The rest, whatever it looks like. **Errors:** those of the model.
    pub(super) fn rest(&mut self) -> Result<String, ModelError> {
        self.advance(true)
    }

    fn advance(&mut self, all: bool) -> Result<String, ModelError> {
        let before = self.text(self.to)?;
        let now = self.text(self.tokens.len())?;
        let incomplete = now.ends_with(char::REPLACEMENT_CHARACTER);
        let Some(new) = now.strip_prefix(before.as_str()) else {
            return Ok(String::new());
        };
        if incomplete && !all {
            return Ok(String::new());
        }
        let new = new.to_owned();
        self.from = self.to;
        self.to = self.tokens.len();
        Ok(new)
    }

    fn text(&self, to: usize) -> Result<String, ModelError> {
        match self.tokens.get(self.from..to) {
            Some(tokens) if !tokens.is_empty() => self.model.decode(tokens),
            _ => Ok(String::new()),
        }
    }
}

/// Holds text back that may become one of the texts that end a completion.
#[derive(Debug, Default)]
pub(super) struct Stopping {
    stops: Vec<String>,
    held: String,
}

/// What may be given out.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Out {
    /// This text; more may come.
    More(String),
    /// This text, and then nothing: a stop was found.
    Last(String),
}

impl Stopping {
    /// With these texts, none empty.
    pub(super) fn new(stops: Vec<String>) -> Self {
        Self {
            stops,
            held: String::new(),
        }
    }

    /// Takes text.
    pub(super) fn push(&mut self, text: &str) -> Out {
        self.held.push_str(text);
        let first = self
            .stops
            .iter()
            .filter_map(|stop| self.held.find(stop.as_str()))
            .min();
        if let Some(at) = first {
            self.held.truncate(at);
            return Out::Last(std::mem::take(&mut self.held));
        }
        let keep = self
            .held
            .char_indices()
            .map(|(at, _)| at)
            .find(|at| {
                let tail = self.held.get(*at..).unwrap_or_default();
                self.stops.iter().any(|stop| stop.starts_with(tail))
            })
            .unwrap_or(self.held.len());
        let held = self.held.split_off(keep);
        Out::More(std::mem::replace(&mut self.held, held))
    }

    /// What was held back for a stop that did not come.
    pub(super) fn rest(&mut self) -> String {
        std::mem::take(&mut self.held)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Feeds pieces; gives the whole text and whether a stop was found. Checks that nothing is taken back.
    fn through(stops: &[&str], pieces: &[&str]) -> (String, bool) {
        let mut stopping = Stopping::new(stops.iter().map(ToString::to_string).collect());
        let mut all = String::new();
        for piece in pieces {
            match stopping.push(piece) {
                Out::More(text) => all.push_str(&text),
                Out::Last(text) => return (all + &text, true),
            }
        }
        (all + &stopping.rest(), false)
    }

    #[test]
    fn a_stop_is_found_wherever_the_pieces_break() {
        let text = "one two END three";
        for size in 1..text.len() {
            let pieces: Vec<String> = text
                .as_bytes()
                .chunks(size)
                .map(|piece| String::from_utf8_lossy(piece).into_owned())
                .collect();
            let pieces: Vec<&str> = pieces.iter().map(String::as_str).collect();
            assert_eq!(
                through(&["END"], &pieces),
                ("one two ".into(), true),
                "{size}"
            );
        }
    }

    #[test]
    fn the_earliest_stop_wins_and_near_misses_are_given_out() {
        assert_eq!(through(&["bc", "b"], &["a", "b", "c"]), ("a".into(), true));
        assert_eq!(
            through(&["abc"], &["ab", "ab", "d"]),
            ("ababd".into(), false)
        );
        assert_eq!(through(&["aab"], &["a", "a", "a", "b"]), ("a".into(), true));
        assert_eq!(
            through(&["é!"], &["caf", "é", "?"]),
            ("café?".into(), false)
        );
        assert_eq!(through(&[], &["x", "y"]), ("xy".into(), false));
    }
}
