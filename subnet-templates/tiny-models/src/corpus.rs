//! The text: what models learn from, and what they never see.

use blake2::{Blake2b, Digest, digest::consts::U32};

/// A text in three parts that share no chapter. A part is chapters with an empty line between them; a line is a paragraph.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Corpus {
    /// What a model and its tokenizer learn from.
    pub training: &'static str,
    /// What the progress of the training is measured on.
    pub validation: &'static str,
    /// What nothing is decided on: the examination.
    pub held_out: &'static str,
}

/// The text that ships with the repository.
pub const fn corpus() -> Corpus {
    Corpus {
        training: include_str!("../corpus/training.txt"),
        validation: include_str!("../corpus/validation.txt"),
        held_out: held_out(),
    }
}

/// Text that no model has seen.
pub const fn held_out() -> &'static str {
    include_str!("../held-out.txt")
}

impl Corpus {
    /// BLAKE2b-256 of the three parts, in hexadecimal: a record says by it what it is about.
    pub fn fingerprint(&self) -> String {
        let mut hasher = Blake2b::<U32>::new();
        for part in [self.training, self.validation, self.held_out] {
            hasher.update((part.len() as u64).to_le_bytes());
            hasher.update(part);
        }
        hex::encode(hasher.finalize())
    }
}

/// The chapters of a part.
pub(crate) fn chapters(part: &str) -> impl Iterator<Item = &str> {
    part.split("\n\n")
        .map(str::trim_end)
        .filter(|chapter| !chapter.is_empty())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::{chapters, corpus};

    #[test]
    fn the_parts_share_no_paragraph_of_any_length() {
        let corpus = corpus();
        let long = |part: &'static str| {
            part.lines()
                .filter(|line| line.len() > 60)
                .collect::<BTreeSet<_>>()
        };
        let training = long(corpus.training);
        let validation = long(corpus.validation);
        let held_out = long(corpus.held_out);
        assert!(training.len() > 3_000 && validation.len() > 150 && held_out.len() > 150);
        assert!(training.is_disjoint(&validation));
        assert!(training.is_disjoint(&held_out));
        assert!(validation.is_disjoint(&held_out));
    }

    #[test]
    fn a_part_is_chapters_of_plain_text() {
        let corpus = corpus();
        for (part, count) in [
            (corpus.training, 119),
            (corpus.validation, 8),
            (corpus.held_out, 8),
        ] {
            assert_eq!(chapters(part).count(), count);
            assert!(part.is_ascii());
            assert!(chapters(part).all(|chapter| chapter.len() > 3_000));
        }
    }
}
