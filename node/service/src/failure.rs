//! Turns errors of the client libraries into a sentence that an operator can act on.

use sc_cli::Error;

/// What happened and what to do, in one line.
pub(crate) fn explain(error: &Error) -> String {
    let said = chain(error);
    let advice = advice(&said);
    match advice {
        Some(advice) => format!("{said}. {advice}"),
        None => said,
    }
}

/// The error and its causes, each said once.
fn chain(error: &dyn std::error::Error) -> String {
    let mut said = one_line(&error.to_string());
    let mut cause = error.source();
    while let Some(inner) = cause {
        let text = one_line(&inner.to_string());
        if !said.contains(&text) {
            said = format!("{said}: {text}");
        }
        cause = inner.source();
    }
    said
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn advice(said: &str) -> Option<&'static str> {
    const KNOWN: [(&[&str], &str); 5] = [
        (
            &["Database file is in use"],
            "Another node uses this database: stop it, or give this one its own --base-path",
        ),
        (
            &[
                "Corrupt",
                "corrupt",
                "Invalid magic",
                "UnexpectedEof",
                "failed to fill whole buffer",
            ],
            "The database is damaged and was left as it is: restore it from a copy, or move the folder away and sync again",
        ),
        (
            &["Version mismatch", "Incompatible"],
            "The database was written by another version and was left as it is: use that version, or sync into a new --base-path",
        ),
        (
            &["Permission denied"],
            "Give this user the right to write there, or choose another --base-path",
        ),
        (
            &["Unknown block"],
            "This database has no such block; `dendra-node chain-info` shows what it holds",
        ),
    ];
    KNOWN
        .iter()
        .find(|(signs, _)| signs.iter().any(|sign| said.contains(sign)))
        .map(|(_, advice)| *advice)
}
