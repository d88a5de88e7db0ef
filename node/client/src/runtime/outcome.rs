//! What became of a transaction within its block.

use subxt::{
    dynamic::Value,
    events::Phase,
    ext::scale_value::{Composite, ValueDef, Variant},
};

use super::Runtime;
use crate::{ChainError, receipt};

/// What became of a transaction within its block.
#[derive(Debug, PartialEq)]
pub(crate) enum Outcome {
    /// It succeeded, with these events.
    Done {
        names: Vec<(String, String)>,
        fields: Vec<Composite<()>>,
    },
    /// It failed.
    Failed {
        pallet: String,
        error: String,
        explanation: String,
    },
}

impl Runtime {
    /// What the events of a block say about the transaction at this position.
    ///
    /// **Errors:** the events cannot be read, or say nothing.
    pub(crate) fn outcome(&self, events: Vec<u8>, index: u32) -> Result<Outcome, ChainError> {
        let fail = |reason: String| ChainError::unreadable("the events of a block", reason);
        let (mut names, mut fields) = (Vec::new(), Vec::new());
        let mut is_over = false;
        for event in self.client.events().from_bytes(events).iter() {
            let event = event.map_err(|error| fail(error.to_string()))?;
            if event.phase() != Phase::ApplyExtrinsic(index) {
                continue;
            }
            let values: Composite<()> = event
                .decode_fields_unchecked_as()
                .map_err(|error| fail(error.to_string()))?;
            let (pallet, name) = (event.pallet_name(), event.event_name());
            let error = match (pallet, name) {
                ("System", "ExtrinsicFailed") => named(&values, "dispatch_error"),
                // The call of sudo succeeds whatever becomes of the call within it.
                ("Sudo", "Sudid" | "SudoAsDone") => named(&values, "sudo_result").and_then(refused),
                _ => None,
            };
            if let Some(error) = error {
                return Ok(self.failure(error));
            }
            is_over |= pallet == "System" && name == "ExtrinsicSuccess";
            names.push((pallet.to_owned(), name.to_owned()));
            fields.push(values);
        }
        if is_over {
            Ok(Outcome::Done { names, fields })
        } else {
            Err(fail(format!("they say nothing about transaction {index}")))
        }
    }

    /// An error of dispatch by name, with what the runtime's documentation says about it.
    fn failure(&self, error: &Value) -> Outcome {
        let ValueDef::Variant(kind) = &error.value else {
            return unnamed(&error.to_string());
        };
        if kind.name != "Module" {
            return of_dispatch(kind);
        }
        self.of_module(kind).unwrap_or_else(|| unnamed("Module"))
    }

    fn of_module(&self, kind: &Variant<()>) -> Option<Outcome> {
        let inner = match kind.values.values().next() {
            Some(value) if kind.values.len() == 1 => match &value.value {
                ValueDef::Composite(inner) => inner,
                _ => return None,
            },
            _ => &kind.values,
        };
        let index = u8::try_from(receipt::number(named(inner, "index")?)?).ok()?;
        let error = *receipt::bytes(named(inner, "error")?)?.first()?;
        let pallet = self.metadata().pallet_by_error_index(index)?;
        let variant = pallet.error_variant_by_index(error)?;
        let sentences: Vec<&str> = variant
            .docs
            .iter()
            .map(|line| line.trim())
            .filter(|line| !line.is_empty())
            .collect();
        Some(Outcome::Failed {
            pallet: pallet.name().to_owned(),
            error: variant.name.clone(),
            explanation: sentences.join(" "),
        })
    }
}

fn unnamed(name: &str) -> Outcome {
    Outcome::Failed {
        pallet: "Dispatch".into(),
        error: name.to_owned(),
        explanation: "the runtime gives an error that its metadata does not name".into(),
    }
}

/// An error that belongs to no pallet.
fn of_dispatch(kind: &Variant<()>) -> Outcome {
    let inner = kind.values.values().find_map(|value| match &value.value {
        ValueDef::Variant(inner) => Some(inner.name.as_str()),
        _ => None,
    });
    let explanation = match (kind.name.as_str(), inner) {
        ("BadOrigin", _) => "this key may not do that",
        ("RootNotAllowed", _) => "root may not do that",
        ("Token", Some("FundsUnavailable")) => "the account has not enough TAO",
        ("Token", Some("NotExpendable")) => {
            "the account would be left below the existential deposit"
        }
        ("Token", Some("BelowMinimum")) => "the amount is below the existential deposit",
        ("Token", Some("Frozen")) => "the TAO is frozen",
        ("Token", _) => "the TAO cannot be moved",
        ("Arithmetic", _) => "a number is too large or too small",
        ("Exhausted", _) => "the block has no room for it",
        _ => "the runtime refused it",
    };
    Outcome::Failed {
        pallet: "Dispatch".into(),
        error: inner.unwrap_or(&kind.name).to_owned(),
        explanation: explanation.to_owned(),
    }
}

fn named<'a>(fields: &'a Composite<()>, name: &str) -> Option<&'a Value> {
    match fields {
        Composite::Named(fields) => fields
            .iter()
            .find(|(field, _)| field == name)
            .map(|(_, value)| value),
        Composite::Unnamed(fields) => fields.first(),
    }
}

/// The error within a result, if it is one.
fn refused(result: &Value) -> Option<&Value> {
    match &result.value {
        ValueDef::Variant(variant) if variant.name == "Err" => variant.values.values().next(),
        _ => None,
    }
}
