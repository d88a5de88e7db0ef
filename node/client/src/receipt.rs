//! Where a transaction ended up.

use subxt::ext::scale_value::{Composite, Value, ValueDef};

/// How far a submission is followed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Wait {
    /// Until the pool has taken it. The receipt names no block and no events.
    Pool,
    /// Until a best block includes it. A reorganisation may still move it.
    Best,
    /// Until a final block includes it.
    Final,
}

/// A transaction that succeeded.
#[derive(Clone, Debug, PartialEq)]
pub struct Receipt {
    /// Block that includes it; zeros with [`Wait::Pool`].
    pub block: [u8; 32],
    /// Height of that block; 0 with [`Wait::Pool`].
    pub number: u32,
    /// Position in that block.
    pub index: u32,
    /// Hash of the transaction.
    pub extrinsic: [u8; 32],
    /// Its events as pallet and name, in order.
    pub events: Vec<(String, String)>,
    pub(crate) fields: Vec<Composite<()>>,
}

impl Receipt {
    pub(crate) fn pooled(extrinsic: [u8; 32]) -> Self {
        Self {
            block: [0; 32],
            number: 0,
            index: 0,
            extrinsic,
            events: Vec::new(),
            fields: Vec::new(),
        }
    }

    /// The fields of the first event of this name.
    #[must_use]
    pub fn event(&self, pallet: &str, name: &str) -> Option<&Composite<()>> {
        let position = self
            .events
            .iter()
            .position(|(of, event)| of == pallet && event == name)?;
        self.fields.get(position)
    }

    /// The subnet that the transaction created.
    #[must_use]
    pub fn created_subnet(&self) -> Option<u16> {
        self.number_in("SubtensorModule", "NetworkAdded", 0)
    }

    /// The uid that the transaction registered.
    #[must_use]
    pub fn registered_uid(&self) -> Option<u16> {
        self.number_in("SubtensorModule", "NeuronRegistered", 1)
    }

    fn number_in(&self, pallet: &str, name: &str, position: usize) -> Option<u16> {
        let value = self.event(pallet, name)?.values().nth(position)?;
        u16::try_from(number(value)?).ok()
    }
}

/// The integer inside of newtypes.
pub(crate) fn number<T>(value: &Value<T>) -> Option<u128> {
    match &value.value {
        ValueDef::Primitive(primitive) => primitive.as_u128(),
        ValueDef::Composite(fields) if fields.len() == 1 => number(fields.values().next()?),
        _ => None,
    }
}

/// The bytes of a list of integers, newtypes around it left out.
pub(crate) fn bytes<T>(value: &Value<T>) -> Option<Vec<u8>> {
    let ValueDef::Composite(items) = &value.value else {
        return None;
    };
    let plain: Option<Vec<u8>> = items
        .values()
        .map(|item| match &item.value {
            ValueDef::Primitive(primitive) => {
                primitive.as_u128().and_then(|byte| u8::try_from(byte).ok())
            }
            _ => None,
        })
        .collect();
    match (plain, items.len()) {
        (Some(plain), _) => Some(plain),
        (None, 1) => bytes(items.values().next()?),
        _ => None,
    }
}
