//! Checks the licences of everything that is linked here. The build before has fetched it all.

use std::{collections::BTreeMap, process::Command};

use serde_json::Value;

use crate::{
    cargo::Cargo,
    shell::{self, Failure, Outcome},
};

/// Licences under which a program of ours may use a library. The GPL with the Classpath exception, that
/// of the SDK's client crates, allows linking; plain GPL stands for the client binary as a whole.
const ACCEPTED: [&str; 21] = [
    "0BSD",
    "Apache-2.0",
    "Apache-2.0 WITH LLVM-exception",
    "BSD-1-Clause",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "BSL-1.0",
    "CC0-1.0",
    "CDLA-Permissive-2.0",
    "GPL-3.0",
    "GPL-3.0-only",
    "GPL-3.0-or-later",
    "GPL-3.0-or-later WITH Classpath-exception-2.0",
    "ISC",
    "MIT",
    "MIT-0",
    "MPL-2.0",
    "OpenSSL",
    "Unicode-3.0",
    "Unlicense",
    "Zlib",
];

/// Packages that name a licence file instead of an expression, with what the file says.
const READ_BY_HAND: [(&str, &str); 1] = [("ring", "ISC and OpenSSL and MIT")];

/// Fails for a package whose licence nobody has accepted.
pub(crate) fn check(cargo: &Cargo<'_>) -> Outcome {
    // What this machine links; crates of other platforms were never downloaded.
    let host = shell::read(Command::new("rustc").args(["--print", "host-tuple"]))?;
    let text = shell::read(cargo.command("metadata").args([
        "--format-version",
        "1",
        "--locked",
        "--filter-platform",
        &host,
    ]))?;
    let metadata: Value = serde_json::from_str(&text)
        .map_err(|error| Failure::new(format!("cargo metadata printed no JSON: {error}")))?;
    let packages = metadata["packages"]
        .as_array()
        .map(Vec::as_slice)
        .unwrap_or_default();
    let mut refused = BTreeMap::new();
    for package in packages {
        let name = package["name"].as_str().unwrap_or_default();
        let licence = package["license"].as_str();
        let is_known = READ_BY_HAND.iter().any(|(known, _)| *known == name);
        if !licence.is_some_and(is_accepted) && !is_known {
            refused.insert(name, licence.unwrap_or("none stated"));
        }
    }
    if refused.is_empty() {
        eprintln!("  {} packages, every licence accepted", packages.len());
        return Ok(());
    }
    let list: Vec<String> = refused
        .iter()
        .map(|(name, licence)| format!("{name}: {licence}"))
        .collect();
    Err(Failure::new(format!(
        "licences that nobody has accepted: {}",
        list.join("; ")
    ))
    .advise("do without the package, or read its licence and add it in xtask/src/licences.rs"))
}

/// Whether an SPDX expression can be satisfied: one side of every `OR`, both sides of every `AND`.
fn is_accepted(expression: &str) -> bool {
    let expression = expression.trim();
    if let Some(inner) = expression
        .strip_prefix('(')
        .and_then(|rest| rest.strip_suffix(')'))
        && is_balanced(inner)
    {
        return is_accepted(inner);
    }
    // Older manifests write `MIT/Apache-2.0`.
    let alternatives = split(expression, &[" OR ", " or ", "/"]);
    if alternatives.len() > 1 {
        return alternatives.iter().any(|side| is_accepted(side));
    }
    let parts = split(expression, &[" AND ", " and "]);
    if parts.len() > 1 {
        return parts.iter().all(|side| is_accepted(side));
    }
    ACCEPTED.contains(&expression)
}

fn is_balanced(text: &str) -> bool {
    let mut depth = 0_i32;
    for character in text.chars() {
        match character {
            '(' => depth += 1,
            ')' => depth -= 1,
            _ => {}
        }
        if depth < 0 {
            return false;
        }
    }
    depth == 0
}

/// Splits at the separators that stand outside parentheses.
fn split<'a>(text: &'a str, separators: &[&str]) -> Vec<&'a str> {
    let mut parts = Vec::new();
    let mut start = 0;
    let mut depth = 0_i32;
    let mut at = 0;
    while at < text.len() {
        let rest = &text[at..];
        if let Some(separator) = separators
            .iter()
            .find(|separator| depth == 0 && rest.starts_with(**separator))
        {
            parts.push(&text[start..at]);
            at += separator.len();
            start = at;
            continue;
        }
        let character = rest.chars().next().unwrap_or(' ');
        match character {
            '(' => depth += 1,
            ')' => depth -= 1,
            _ => {}
        }
        at += character.len_utf8();
    }
    parts.push(&text[start..]);
    parts
}

#[cfg(test)]
mod tests {
    use super::is_accepted;

    #[test]
    fn one_side_of_a_choice_suffices_and_a_conjunction_needs_both() {
        for good in [
            "MIT",
            "MIT OR Proprietary",
            "Proprietary/Apache-2.0",
            "(MIT OR Proprietary) AND BSD-3-Clause",
            "GPL-3.0-or-later WITH Classpath-exception-2.0",
            "Apache-2.0 OR (BSL-1.0 AND Proprietary)",
        ] {
            assert!(is_accepted(good), "{good}");
        }
        for bad in [
            "Proprietary",
            "MIT AND Proprietary",
            "(MIT OR ISC) AND Proprietary",
            "",
        ] {
            assert!(!is_accepted(bad), "{bad}");
        }
    }
}
