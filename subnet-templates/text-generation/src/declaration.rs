//! Which model the owner of the subnet declared on chain.

use subnet_sdk::{Fingerprint, LanguageModel, TemplateError};

/// What stands before the hash.
const PREFIX: &str = "text-generation:1:";

/// The text that the owner publishes, as a commitment of the owner's hotkey, to declare a model:
/// `text-generation:1:` and [`Fingerprint::digest`] as 64 hexadecimal digits.
pub fn declaration(fingerprint: &Fingerprint) -> String {
    format!("{PREFIX}{}", hex::encode(fingerprint.digest()))
}

/// Whether a model is the declared one. **Errors:** [`TemplateError::Declaration`] if it is another, or if nothing that names a model
/// was declared; the text says what to publish for this one.
pub(crate) fn compare(
    declared: Option<&[u8]>,
    model: &dyn LanguageModel,
) -> Result<(), TemplateError> {
    let wanted = declaration(model.fingerprint());
    let name = model.name();
    let problem = match declared {
        Some(declared) if declared == wanted.as_bytes() => return Ok(()),
        None => format!(
            "there is none; to declare `{name}`, the owner publishes `{wanted}` as a commitment of the owner's hotkey"
        ),
        Some(declared) if names_a_model(declared) => format!(
            "it is `{}`, but `{name}` is `{wanted}`; its answers would score zero: load the declared model (setting `model`)",
            declared.escape_ascii()
        ),
        Some(declared) => format!(
            "`{}` is not of the form `{PREFIX}<64 hexadecimal digits>`; to declare `{name}`, the owner publishes `{wanted}`",
            declared
                .get(..declared.len().min(128))
                .unwrap_or_default()
                .escape_ascii()
        ),
    };
    Err(TemplateError::Declaration(problem))
}

fn names_a_model(declared: &[u8]) -> bool {
    let digits = declared.strip_prefix(PREFIX.as_bytes());
    digits.is_some_and(|digits| digits.len() == 64 && digits.iter().all(u8::is_ascii_hexdigit))
}

#[cfg(test)]
mod tests {
    use super::*;
    use subnet_sdk::toy::Toy;

    #[test]
    fn the_declaration_of_a_model_fits_only_it() {
        let toy = Toy::new(1);
        let text = declaration(toy.fingerprint());
        assert_eq!(text.len(), PREFIX.len() + 64);
        assert!(compare(Some(text.as_bytes()), &toy).is_ok());
        let other = Toy::new(2);
        let error = compare(Some(text.as_bytes()), &other)
            .unwrap_err()
            .to_string();
        assert!(error.contains("toy:2"), "{error}");
        assert!(error.contains("load the declared model"), "{error}");
    }

    /// Nobody has to compute a hash: what the owner publishes stands in the sentence that misses it.
    #[test]
    fn what_is_missing_is_told_as_it_has_to_be_published() {
        let toy = Toy::new(1);
        let text = declaration(toy.fingerprint());
        for declared in [None, Some("hello".as_bytes())] {
            let error = compare(declared, &toy).unwrap_err().to_string();
            assert!(error.contains(&text), "{error}");
        }
    }

    #[test]
    fn every_part_of_the_fingerprint_counts() {
        let whole = Toy::new(1).fingerprint().clone();
        let change = |edit: fn(&mut Fingerprint)| {
            let mut changed = whole.clone();
            edit(&mut changed);
            declaration(&changed)
        };
        let others = [
            change(|f| f.config[0] ^= 1),
            change(|f| f.tokenizer[31] ^= 1),
            change(|f| f.weights[7] ^= 128),
            change(|f| std::mem::swap(&mut f.config, &mut f.weights)),
        ];
        assert!(others.iter().all(|other| *other != declaration(&whole)));
    }

    #[test]
    fn damaged_declarations_are_refused_with_their_text() {
        let whole = declaration(Toy::new(1).fingerprint());
        let damaged = [
            &whole[..whole.len() - 1],
            &whole.replace(":1:", ":2:"),
            &whole.replace(":1:", ":1:zz")[..whole.len()],
            "",
            "\u{0}\u{ff}",
        ];
        for text in damaged {
            let error = compare(Some(text.as_bytes()), &Toy::new(1))
                .unwrap_err()
                .to_string();
            assert!(error.contains("64 hexadecimal digits"), "{error}");
        }
        let error = compare(None, &Toy::new(1)).unwrap_err().to_string();
        assert!(error.contains("there is none"), "{error}");
    }
}
