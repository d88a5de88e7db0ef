//! Text to tokens: byte pairs, learned from the training part.

use std::path::Path;

use tokenizers::{
    AddedToken, DecoderWrapper, NormalizerWrapper, PostProcessorWrapper, PreTokenizerWrapper,
    Tokenizer, TokenizerBuilder,
    models::bpe::{BPE, BpeTrainerBuilder},
    pre_tokenizers::byte_level::ByteLevel,
};

use crate::{corpus::chapters, error::TinyModelError};

/// The token that stands between two texts; its number is 0.
pub const END_OF_TEXT: &str = "<|endoftext|>";

/// Number of [`END_OF_TEXT`].
pub(crate) const END: u32 = 0;

/// A tokenizer: byte pairs over bytes, so that every text has tokens.
pub struct Vocabulary(Tokenizer);

impl Vocabulary {
    /// Learns `size` tokens from a part of the corpus: one that ends texts, 256 bytes, and the most frequent pairs.
    ///
    /// The same text gives the same tokens. **Errors:** [`TinyModelError::Tokenizer`].
    pub fn learn(part: &str, size: usize) -> Result<Self, TinyModelError> {
        let bytes = ByteLevel::new(false, true, true);
        let mut tokenizer = TokenizerBuilder::<
            BPE,
            NormalizerWrapper,
            PreTokenizerWrapper,
            PostProcessorWrapper,
            DecoderWrapper,
        >::new()
        .with_model(BPE::default())
        .with_pre_tokenizer(Some(bytes.into()))
        .with_decoder(Some(bytes.into()))
        .build()
        .map_err(failed)?;
        let mut trainer = BpeTrainerBuilder::new()
            .show_progress(false)
            .vocab_size(size)
            .min_frequency(2)
            .special_tokens(vec![AddedToken::from(END_OF_TEXT, true)])
            .initial_alphabet(ByteLevel::alphabet().into_iter().collect())
            .build();
        tokenizer
            .train(&mut trainer, chapters(part))
            .map_err(failed)?;
        let text = tokenizer.to_string(false).map_err(failed)?;
        Tokenizer::from_bytes(text).map(Self).map_err(failed)
    }

    /// Reads `tokenizer.json`. **Errors:** [`TinyModelError::File`].
    pub fn read(path: &Path) -> Result<Self, TinyModelError> {
        Tokenizer::from_file(path)
            .map(Self)
            .map_err(|error| TinyModelError::file(path, error))
    }

    /// The text of `tokenizer.json`. **Errors:** [`TinyModelError::Tokenizer`].
    pub fn to_json(&self) -> Result<String, TinyModelError> {
        self.0.to_string(false).map_err(failed)
    }

    /// How many tokens there are.
    pub fn size(&self) -> usize {
        self.0.get_vocab_size(true)
    }

    /// Text to tokens; nothing is added. **Errors:** [`TinyModelError::Tokenizer`].
    pub fn encode(&self, text: &str) -> Result<Vec<u32>, TinyModelError> {
        let encoding = self.0.encode_fast(text, false).map_err(failed)?;
        Ok(encoding.get_ids().to_vec())
    }

    /// Tokens to text, without those that end texts. **Errors:** [`TinyModelError::Tokenizer`].
    pub fn decode(&self, tokens: &[u32]) -> Result<String, TinyModelError> {
        self.0.decode(tokens, true).map_err(failed)
    }

    /// The number of a token.
    pub fn number_of(&self, token: &str) -> Option<u32> {
        self.0.token_to_id(token)
    }

    /// A part of the corpus as tokens, with [`END_OF_TEXT`] behind each chapter. **Errors:** [`TinyModelError::Tokenizer`].
    pub fn encode_part(&self, part: &str) -> Result<Vec<u32>, TinyModelError> {
        let mut tokens = Vec::new();
        for chapter in chapters(part) {
            tokens.extend(self.encode(chapter)?);
            tokens.push(END);
        }
        Ok(tokens)
    }
}

fn failed(error: impl ToString) -> TinyModelError {
    TinyModelError::Tokenizer(error.to_string())
}

#[cfg(test)]
mod tests {
    use super::{END, END_OF_TEXT, Vocabulary};
    use crate::TinyModelError;

    const TEXT: &str = "She was in the garden, and the garden was in the sun.\nHe was not.";

    #[test]
    fn every_text_comes_back_from_its_tokens() -> Result<(), TinyModelError> {
        let vocabulary = Vocabulary::learn(TEXT, 280)?;
        for text in [
            "",
            " ",
            "the sun  in\tthe\n\ngarden",
            "Œuvre, 太阳, \u{1F31E}\0",
            TEXT,
        ] {
            let tokens = vocabulary.encode(text)?;
            assert_eq!(vocabulary.decode(&tokens)?, text);
            assert!(
                tokens
                    .iter()
                    .all(|token| (*token as usize) < vocabulary.size())
            );
        }
        assert_eq!(vocabulary.number_of(END_OF_TEXT), Some(END));
        assert_eq!(vocabulary.encode(END_OF_TEXT)?, [END]);
        Ok(())
    }

    #[test]
    fn what_is_frequent_becomes_one_token() -> Result<(), TinyModelError> {
        let text = TEXT.repeat(3);
        let vocabulary = Vocabulary::learn(&text, 280)?;
        assert_eq!(vocabulary.size(), 280);
        assert_eq!(vocabulary.encode(" the")?.len(), 1);
        assert_eq!(
            Vocabulary::learn(&text, 280)?.to_json()?,
            vocabulary.to_json()?
        );
        Ok(())
    }
}
