//! The hyperparameters of a subnet, by name.

use std::collections::HashMap;

use codec::Compact;
use dendra_runtime_api::{HyperparamEntry, HyperparamValue};

use crate::ChainError;

const LIST: &str = "get_subnet_hyperparams_v3";

/// What a value of the list must be for a field.
trait Field: Sized {
    fn read(value: &HyperparamValue) -> Option<Self>;
}

impl Field for bool {
    fn read(value: &HyperparamValue) -> Option<Self> {
        match value {
            HyperparamValue::Bool(value) => Some(*value),
            _ => None,
        }
    }
}

/// Any unsigned integer of the list that fits; the chain may widen a type.
fn integer(value: &HyperparamValue) -> Option<u128> {
    match *value {
        HyperparamValue::U16(Compact(value)) => Some(value.into()),
        HyperparamValue::U32(Compact(value)) => Some(value.into()),
        HyperparamValue::U64(Compact(value)) => Some(value.into()),
        HyperparamValue::U128(Compact(value)) => Some(value),
        HyperparamValue::TaoBalance(Compact(value)) => Some(value.get().into()),
        _ => None,
    }
}

impl Field for u16 {
    fn read(value: &HyperparamValue) -> Option<Self> {
        integer(value)?.try_into().ok()
    }
}

impl Field for u32 {
    fn read(value: &HyperparamValue) -> Option<Self> {
        integer(value)?.try_into().ok()
    }
}

impl Field for u64 {
    fn read(value: &HyperparamValue) -> Option<Self> {
        integer(value)?.try_into().ok()
    }
}

macro_rules! hyperparameters {
    ($($(#[$doc:meta])* $field:ident: $ty:ty,)*) => {
        /// The hyperparameters of a subnet that miners and validators go by.
        #[derive(Clone, Debug, PartialEq, Eq)]
        pub struct Hyperparameters {
            $($(#[$doc])* pub $field: $ty,)*
        }

        impl Hyperparameters {
            /// From the list that the runtime gives; names that are not known here are left out.
            ///
            /// **Errors:** a name is missing, or its value has another shape.
            pub(crate) fn from_entries(entries: &[HyperparamEntry]) -> Result<Self, ChainError> {
                let by_name: HashMap<&[u8], &HyperparamValue> = entries
                    .iter()
                    .map(|entry| (entry.name.as_slice(), &entry.value))
                    .collect();
                Ok(Self {
                    $($field: field(&by_name, stringify!($field))?,)*
                })
            }
        }

        #[cfg(test)]
        const NAMES: &[&str] = &[$(stringify!($field)),*];
    };
}

fn field<T: Field>(
    by_name: &HashMap<&[u8], &HyperparamValue>,
    name: &str,
) -> Result<T, ChainError> {
    let value = by_name
        .get(name.as_bytes())
        .ok_or_else(|| ChainError::unreadable(LIST, format!("it lacks {name}")))?;
    T::read(value).ok_or_else(|| ChainError::unreadable(LIST, format!("{name} is {value:?}")))
}

hyperparameters! {
    /// Blocks between epochs.
    tempo: u16,
    /// Stake that makes a majority, in parts of 65535.
    kappa: u16,
    /// Blocks for which a new neuron keeps its place.
    immunity_period: u16,
    /// The fewest weights to set at once.
    min_allowed_weights: u16,
    /// The highest weight, in parts of 65535.
    max_weights_limit: u16,
    /// The least version of weights that is accepted; 0 accepts all.
    weights_version: u64,
    /// Blocks between two settings or commits of weights.
    weights_rate_limit: u64,
    /// Blocks without an update after which a neuron is inactive.
    activity_cutoff: u64,
    /// Whether neurons may register.
    registration_allowed: bool,
    /// Registrations that one interval is meant to have.
    target_regs_per_interval: u16,
    /// The most registrations in a block.
    max_regs_per_block: u16,
    /// The least that registering costs, in rao.
    min_burn: u64,
    /// The most that registering costs, in rao.
    max_burn: u64,
    /// The most validators.
    max_validators: u16,
    /// How slowly bonds follow weights, in millionths.
    bonds_moving_avg: u64,
    /// Whether weights are committed before they are revealed.
    commit_reveal_weights_enabled: bool,
    /// Epochs between a commit and its reveal.
    commit_reveal_period: u64,
    /// Whether the rate at which bonds follow weights depends on consensus.
    liquid_alpha_enabled: bool,
    /// Upper end of that rate, in parts of 65535.
    alpha_high: u16,
    /// Lower end of that rate, in parts of 65535.
    alpha_low: u16,
    /// Version of consensus, 2 or 3.
    yuma_version: u16,
    /// Whether the subnet was started.
    subnet_is_active: bool,
    /// Blocks between two statements of where a neuron serves.
    serving_rate_limit: u64,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn list() -> Vec<HyperparamEntry> {
        NAMES
            .iter()
            .map(|name| {
                let is_bool = name.ends_with("enabled")
                    || name.ends_with("allowed")
                    || name.ends_with("active");
                HyperparamEntry::new(
                    name,
                    if is_bool {
                        HyperparamValue::Bool(true)
                    } else {
                        HyperparamValue::U16(Compact(7))
                    },
                )
            })
            .collect()
    }

    #[test]
    fn a_list_is_read_by_name_in_any_order() {
        let mut entries = list();
        entries.reverse();
        entries.insert(0, HyperparamEntry::new("new", HyperparamValue::Bool(false)));
        let read = Hyperparameters::from_entries(&entries).unwrap();
        assert_eq!((read.tempo, read.weights_rate_limit), (7, 7));
        assert!(read.commit_reveal_weights_enabled);
    }

    #[test]
    fn a_wider_integer_is_read_where_it_fits() {
        let mut entries = list();
        let tempo = |entries: &mut Vec<HyperparamEntry>, value| {
            let position = NAMES.iter().position(|name| *name == "tempo").unwrap();
            entries[position].value = value;
        };
        tempo(&mut entries, HyperparamValue::U64(Compact(65535)));
        assert_eq!(
            Hyperparameters::from_entries(&entries).unwrap().tempo,
            65535
        );
        tempo(&mut entries, HyperparamValue::U64(Compact(65536)));
        assert!(Hyperparameters::from_entries(&entries).is_err());
    }

    #[test]
    fn a_missing_name_is_named() {
        for missing in NAMES {
            let mut entries = list();
            entries.retain(|entry| entry.name != missing.as_bytes());
            let error = Hyperparameters::from_entries(&entries).unwrap_err();
            assert!(error.to_string().contains(missing), "{error}");
        }
    }
}
