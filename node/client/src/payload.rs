//! Calls as the metadata spells them.

use std::collections::BTreeSet;

use subxt::{
    Metadata,
    dynamic::Value,
    ext::scale_value::Composite,
    tx::{DynamicPayload, dynamic},
};

use crate::{
    Call, SubmitError,
    chain::{account, number},
};

/// The longest commitment, in bytes, and the longest that has a variant of its own.
const LONGEST: usize = 512;
const LONGEST_RAW: usize = 128;
/// Batches and sudo within each other end here.
const DEEPEST: usize = 8;

type Fields = Vec<(String, Value)>;

fn fail<T>(reason: impl Into<String>) -> Result<T, SubmitError> {
    Err(SubmitError::Call {
        reason: reason.into(),
    })
}

impl Call {
    /// The call with its names checked. Its values are checked when it is encoded.
    ///
    /// **Errors:** the runtime has no such call, or its arguments have other names.
    pub(crate) fn payload(
        &self,
        metadata: &Metadata,
    ) -> Result<DynamicPayload<Composite<()>>, SubmitError> {
        let (pallet, call, fields) = self.parts(metadata, 0)?;
        Ok(dynamic(pallet, call, Composite::named(fields)))
    }

    fn parts(
        &self,
        metadata: &Metadata,
        depth: usize,
    ) -> Result<(String, String, Fields), SubmitError> {
        if depth > DEEPEST {
            return fail(format!("calls lie more than {DEEPEST} deep in each other"));
        }
        let (pallet, call, fields) = self.named(metadata, depth)?;
        let Some(known) = metadata
            .pallet_by_name(&pallet)
            .and_then(|found| found.call_variant_by_name(&call))
        else {
            return fail(format!("the chain's runtime has no call {pallet}.{call}"));
        };
        let expected: BTreeSet<&str> = known
            .fields
            .iter()
            .filter_map(|field| field.name.as_deref())
            .collect();
        let given: BTreeSet<&str> = fields.iter().map(|(name, _)| name.as_str()).collect();
        if expected != given || given.len() != fields.len() {
            return fail(format!(
                "{pallet}.{call} takes the arguments {expected:?}, not {given:?}"
            ));
        }
        Ok((pallet, call, fields))
    }

    /// The call within another one.
    fn nested(&self, metadata: &Metadata, depth: usize) -> Result<Value, SubmitError> {
        let (pallet, call, fields) = self.parts(metadata, depth + 1)?;
        Ok(Value::unnamed_variant(
            pallet,
            [Value::named_variant(call, fields)],
        ))
    }

    fn named(
        &self,
        metadata: &Metadata,
        depth: usize,
    ) -> Result<(String, String, Fields), SubmitError> {
        let netuid = |netuid: &u16| ("netuid", number(*netuid));
        let hotkey = |hotkey| ("hotkey", account(hotkey));
        let integer = |value: u64| Value::u128(value.into());
        // Mechanism 0 has calls of its own, which older runtimes know too.
        let of_mechanism = |plain: &str, other: &str, mechanism: u8, mut fields: Vec<_>| {
            if mechanism == 0 {
                return core(plain, fields);
            }
            fields.push(("mecid", Value::u128(mechanism.into())));
            core(other, fields)
        };
        Ok(match self {
            Self::BurnedRegister {
                netuid: n,
                hotkey: h,
            } => core("burned_register", vec![netuid(n), hotkey(h)]),
            Self::RegisterLimit {
                netuid: n,
                hotkey: h,
                limit_price,
            } => core(
                "register_limit",
                vec![netuid(n), hotkey(h), ("limit_price", integer(*limit_price))],
            ),
            Self::RegisterNetwork { hotkey: h } => core("register_network", vec![hotkey(h)]),
            Self::StartCall { netuid: n } => core("start_call", vec![netuid(n)]),
            Self::RootRegister { hotkey: h } => core("root_register", vec![hotkey(h)]),
            Self::ServeAxon {
                netuid: n,
                version,
                ip,
                port,
                ip_type,
                protocol,
            } => core(
                "serve_axon",
                vec![
                    netuid(n),
                    ("version", Value::u128((*version).into())),
                    ("ip", Value::u128(*ip)),
                    ("port", number(*port)),
                    ("ip_type", number((*ip_type).into())),
                    ("protocol", number((*protocol).into())),
                    ("placeholder1", number(0)),
                    ("placeholder2", number(0)),
                ],
            ),
            Self::SetWeights {
                netuid: n,
                mechanism,
                dests,
                weights,
                version_key,
            } => of_mechanism(
                "set_weights",
                "set_mechanism_weights",
                *mechanism,
                vec![
                    netuid(n),
                    ("dests", numbers(dests)),
                    ("weights", numbers(weights)),
                    ("version_key", integer(*version_key)),
                ],
            ),
            Self::CommitWeights {
                netuid: n,
                mechanism,
                hash,
            } => of_mechanism(
                "commit_weights",
                "commit_mechanism_weights",
                *mechanism,
                vec![netuid(n), ("commit_hash", Value::from_bytes(hash))],
            ),
            Self::RevealWeights {
                netuid: n,
                mechanism,
                uids,
                values,
                salt,
                version_key,
            } => of_mechanism(
                "reveal_weights",
                "reveal_mechanism_weights",
                *mechanism,
                vec![
                    netuid(n),
                    ("uids", numbers(uids)),
                    ("values", numbers(values)),
                    ("salt", numbers(salt)),
                    ("version_key", integer(*version_key)),
                ],
            ),
            Self::AddStake {
                hotkey: h,
                netuid: n,
                amount,
            } => core(
                "add_stake",
                vec![hotkey(h), netuid(n), ("amount_staked", integer(*amount))],
            ),
            Self::RemoveStake {
                hotkey: h,
                netuid: n,
                amount,
            } => core(
                "remove_stake",
                vec![hotkey(h), netuid(n), ("amount_unstaked", integer(*amount))],
            ),
            Self::Transfer { to, amount } => of(
                "Balances",
                "transfer_keep_alive",
                vec![
                    ("dest", Value::unnamed_variant("Id", [account(to)])),
                    ("value", integer(*amount)),
                ],
            ),
            Self::SetCommitment { netuid: n, bytes } => of(
                "Commitments",
                "set_commitment",
                vec![netuid(n), ("info", commitment(bytes)?)],
            ),
            Self::Sudo(call) => of(
                "Sudo",
                "sudo",
                vec![("call", call.nested(metadata, depth)?)],
            ),
            Self::SetHyperparameter {
                name,
                netuid: n,
                value,
            } => {
                let argument = value_argument(metadata, name)?;
                let fields = vec![("netuid".to_owned(), number(*n)), (argument, value.clone())];
                ("AdminUtils".to_owned(), name.clone(), fields)
            }
            Self::Batch(calls) => {
                let calls: Vec<Value> = calls
                    .iter()
                    .map(|call| call.nested(metadata, depth))
                    .collect::<Result<_, _>>()?;
                of(
                    "Utility",
                    "batch_all",
                    vec![("calls", Value::unnamed_composite(calls))],
                )
            }
            Self::Dynamic {
                pallet,
                call,
                fields,
            } => (pallet.clone(), call.clone(), fields.clone()),
        })
    }
}

fn of(pallet: &str, call: &str, fields: Vec<(&str, Value)>) -> (String, String, Fields) {
    let fields = fields
        .into_iter()
        .map(|(name, value)| (name.to_owned(), value))
        .collect();
    (pallet.to_owned(), call.to_owned(), fields)
}

fn core(call: &str, fields: Vec<(&str, Value)>) -> (String, String, Fields) {
    of("SubtensorModule", call, fields)
}

fn numbers(values: &[u16]) -> Value {
    Value::unnamed_composite(values.iter().map(|value| number(*value)))
}

/// The bytes as the one field of a commitment.
fn commitment(bytes: &[u8]) -> Result<Value, SubmitError> {
    let length = bytes.len();
    let name = if length <= LONGEST_RAW {
        format!("Raw{length}")
    } else if length <= LONGEST {
        "BigRaw".to_owned()
    } else {
        return fail(format!(
            "a commitment has at most {LONGEST} bytes, not {length}"
        ));
    };
    let field = Value::unnamed_variant(name, [Value::from_bytes(bytes)]);
    let fields = Value::unnamed_composite([field]);
    Ok(Value::named_composite([("fields", fields)]))
}

/// The name of the argument that carries the value of a setter.
fn value_argument(metadata: &Metadata, name: &str) -> Result<String, SubmitError> {
    let Some(setter) = metadata
        .pallet_by_name("AdminUtils")
        .and_then(|pallet| pallet.call_variant_by_name(name))
    else {
        return fail(format!("the chain's runtime has no setter {name}"));
    };
    let names: Vec<_> = setter
        .fields
        .iter()
        .filter_map(|field| field.name.clone())
        .collect();
    match names.as_slice() {
        [first, value] if first == "netuid" => Ok(value.clone()),
        _ => fail(format!(
            "{name} takes {names:?}, not a subnet and one value; use Call::Dynamic"
        )),
    }
}
