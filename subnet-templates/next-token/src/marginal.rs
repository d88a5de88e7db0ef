//! From probabilities of tokens to probabilities of the next byte.

use std::collections::BinaryHeap;

use subnet_sdk::{LanguageModel, ModelError};

/// Candidates that are looked at: nearly all of any vocabulary.
const CANDIDATES: usize = 32_768;

/// Passes of the model for one prediction, at most. One to three are the rule.
const PASSES: usize = 12;

/// Ways that are less probable than this, compared with all that is known, are not followed.
const NEGLIGIBLE: f64 = 0.03;

/// Bytes before the end of the text that may be tokenized anew, at most.
const REACH: usize = 24;

/// The bytes of every token of a model.
#[derive(Clone, Debug)]
pub struct Pieces(Vec<Vec<u8>>);

impl Pieces {
    /// Reads them from the model. Tokens that are no text by themselves (parts of a character, marks) have none.
    ///
    /// **Errors:** as for [`LanguageModel::encode`].
    pub fn of(model: &dyn LanguageModel) -> Result<Self, ModelError> {
        // Some tokenizers drop a space at the beginning of a text, so each token is read behind another one.
        let anchor = model.encode("a")?.last().copied().unwrap_or(0);
        let before = model.decode(&[anchor])?;
        let piece = |id| {
            if Some(id) == model.end_of_text() {
                return Vec::new();
            }
            let text = model.decode(&[anchor, id]).unwrap_or_default();
            match text.strip_prefix(&before) {
                Some(piece) if !piece.contains('\u{fffd}') => piece.as_bytes().to_vec(),
                _ => Vec::new(),
            }
        };
        Ok(Self((0..model.vocabulary() as u32).map(piece).collect()))
    }

    fn get(&self, id: u32) -> &[u8] {
        self.0.get(id as usize).map_or(&[], Vec::as_slice)
    }
}

/// A way to the end of the text: tokens that reach into its last bytes.
#[derive(Clone, Debug, PartialEq)]
struct Way {
    weight: f64,
    tokens: Vec<u32>,
    /// Where the bytes begin that are still to come.
    from: usize,
}

impl Eq for Way {}

impl Ord for Way {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.weight
            .total_cmp(&other.weight)
            .then_with(|| other.tokens.cmp(&self.tokens))
    }
}

impl PartialOrd for Way {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

/// The model's probabilities for the byte that follows a text; they make 1 together.
///
/// A text that is cut off in the middle of a word is tokenized as no text that the model has learned from. So the last word is
/// given back: the model continues the text before it, and of all continuations those count that begin with the word. A token that
/// ends within the word is followed by another pass, the most probable ways first. A word that the passes do not reach the end of is
/// not given back after all. **Errors:** as for [`LanguageModel::predict`].
pub fn next_byte(
    model: &dyn LanguageModel,
    pieces: &Pieces,
    prefix: &str,
) -> Result<[f64; 256], ModelError> {
    let (head, word) = prefix.split_at(word_start(prefix));
    let word = word.as_bytes();
    let mass = spell(model, pieces, model.encode(head)?, word)?;
    if let Some(probabilities) = normalised(mass) {
        return Ok(probabilities);
    }
    let mass = spell(model, pieces, model.encode(prefix)?, b"")?;
    Ok(normalised(mass).unwrap_or([1.0 / 256.0; 256]))
}

/// The masses as probabilities, if there is any mass.
fn normalised(mass: [f64; 256]) -> Option<[f64; 256]> {
    let sum: f64 = mass.iter().sum();
    sum.is_normal().then(|| mass.map(|value| value / sum))
}

/// The probability of each byte after `word`, together with that of `word`, after `head`.
fn spell(
    model: &dyn LanguageModel,
    pieces: &Pieces,
    head: Vec<u32>,
    word: &[u8],
) -> Result<[f64; 256], ModelError> {
    let mut mass = [0.0; 256];
    let mut ways = BinaryHeap::from([Way {
        weight: 1.0,
        tokens: head,
        from: 0,
    }]);
    for _ in 0..PASSES {
        let Some(way) = ways.pop() else {
            break;
        };
        let known: f64 = mass.iter().sum();
        if way.weight < NEGLIGIBLE * known {
            break;
        }
        let rest = word.get(way.from..).unwrap_or_default();
        for candidate in model.predict(&way.tokens, CANDIDATES.min(model.vocabulary()))? {
            let piece = pieces.get(candidate.id);
            let weight = way.weight * f64::from(candidate.log_probability).exp();
            if let Some([next, ..]) = piece.strip_prefix(rest) {
                mass[usize::from(*next)] += weight;
            } else if !piece.is_empty() && rest.starts_with(piece) {
                let mut tokens = way.tokens.clone();
                tokens.push(candidate.id);
                ways.push(Way {
                    weight,
                    tokens,
                    from: way.from + piece.len(),
                });
            }
        }
    }
    Ok(mass)
}

/// Where the last word begins, with the white space before it; the end if it is too long, or all there is.
fn word_start(text: &str) -> usize {
    let mut start = text.len();
    let mut has_space = false;
    for (place, letter) in text.char_indices().rev() {
        if has_space && !letter.is_whitespace() {
            return start;
        }
        has_space |= letter.is_whitespace();
        start = place;
        if text.len() - start > REACH {
            break;
        }
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn last_word_is_given_back_with_its_space() {
        let given = |text: &'static str| &text[word_start(text)..];
        assert_eq!(given("the quick br"), " br");
        assert_eq!(given("the quick "), " ");
        assert_eq!(given("the quick"), " quick");
        assert_eq!(given("one.\n\n  Tw"), "\n\n  Tw");
        assert_eq!(given("word"), "");
        assert_eq!(given(" word"), "");
        assert_eq!(given("a Donaudampfschifffahrtsgesellschaft"), "");
        assert_eq!(given("für é"), " é");
        assert_eq!(given(""), "");
    }
}
