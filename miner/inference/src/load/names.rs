//! What tensors are called.

use super::assembly::{Part, Place};

/// The names in one kind of file.
pub(super) struct Names {
    /// Of tensors outside of layers.
    pub(super) single: [(&'static str, Place); 3],
    /// What stands before a layer's number; a dot follows it.
    pub(super) layers: &'static str,
    /// Of tensors of a layer, after that dot.
    pub(super) parts: [(&'static str, Part); 15],
}

impl Names {
    /// What a tensor is; none for those that nothing needs.
    pub(super) fn place(&self, name: &str) -> Option<Place> {
        if let Some((_, place)) = self.single.iter().find(|(single, _)| *single == name) {
            return Some(*place);
        }
        let (layer, rest) = name.strip_prefix(self.layers)?.split_once('.')?;
        let (_, part) = self.parts.iter().find(|(part, _)| *part == rest)?;
        Some(Place::Layer(layer.parse().ok()?, *part))
    }

    /// The name of a place.
    pub(super) fn name(&self, place: Place) -> String {
        match place {
            Place::Layer(layer, part) => {
                format!("{}{layer}.{}", self.layers, called(&self.parts, part))
            }
            place => called(&self.single, place).into(),
        }
    }
}

fn called<T: PartialEq>(table: &[(&'static str, T)], wanted: T) -> &'static str {
    table
        .iter()
        .find_map(|(name, other)| (*other == wanted).then_some(*name))
        .unwrap_or("?")
}
