//! Which model the owner of the subnet declared on chain.

use subnet_sdk::{Fingerprint, LanguageModel, TemplateError};

/// What stands before the hash.
const PREFIX: &str = "text-generation:1:";

/// The text that the owner publishes, as a commitment of the owner's hotkey, to declare a model:
/// `text-generation:1:` and [`Fingerprint::digest`] as 64 hexadecimal digits.
pub fn declaration(fingerprint: &Fingerprint) -> String {
    format!("{PREFIX}{}", hex::encode(fingerprint.digest()))
}

/// The hash in a declaration. **Errors:** [`TemplateError::Declaration`] if there is none.
pub(crate) fn read(declared: Option<&[u8]>) -> Result<[u8; 32], TemplateError> {
    let Some(declared) = declared else {
        return Err(TemplateError::Declaration(format!(
            "there is none; the owner has to publish `{PREFIX}<hash of the model>` as a commitment of the owner's hotkey"
        )));
    };
    let digits = declared.strip_prefix(PREFIX.as_bytes());
    let mut hash = [0; 32];
    match digits.map(|digits| hex::decode_to_slice(digits, &mut hash)) {
        Some(Ok(())) => Ok(hash),
        _ => Err(TemplateError::Declaration(format!(
            "`{}` is not of the form `{PREFIX}<64 hexadecimal digits>`; the owner has to publish it again",
            declared
                .get(..declared.len().min(128))
                .unwrap_or_default()
                .escape_ascii()
        ))),
    }
}

/// Whether a model is the declared one. **Errors:** [`TemplateError::Declaration`] if it is another.
pub(crate) fn compare(declared: &[u8; 32], model: &dyn LanguageModel) -> Result<(), TemplateError> {
    let found = model.fingerprint().digest();
    if found == *declared {
        return Ok(());
    }
    Err(TemplateError::Declaration(format!(
        "it names the model {}, but `{}` is {}; its answers would score zero: load the declared model (setting `model`)",
        hex::encode(declared),
        model.name(),
        hex::encode(found)
    )))
}

#[cfg(test)]
mod tests {
    use super::*;
    use subnet_sdk::toy::Toy;

    #[test]
    fn declaration_of_a_model_is_read_back_and_fits_only_it() {
        let toy = Toy::new(1);
        let text = declaration(toy.fingerprint());
        assert_eq!(text.len(), PREFIX.len() + 64);
        let declared = read(Some(text.as_bytes())).unwrap();
        assert!(compare(&declared, &toy).is_ok());
        let error = compare(&declared, &Toy::new(2)).unwrap_err().to_string();
        assert!(error.contains("toy:2"), "{error}");
        assert!(error.contains("load the declared model"), "{error}");
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
            let error = read(Some(text.as_bytes())).unwrap_err().to_string();
            assert!(error.contains("64 hexadecimal digits"), "{error}");
        }
        assert!(
            read(None)
                .unwrap_err()
                .to_string()
                .contains("there is none")
        );
    }
}
