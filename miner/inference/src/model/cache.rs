//! Keys and values of one sequence.

use std::{
    ops::Range,
    sync::{Mutex, MutexGuard, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard},
};

use candle_core::Tensor;

use super::shape::{CacheKind, Shape};
use crate::kernel::{Panels, Processor, Rows, Unit, multiply, narrow};

/// Keys and values of one sequence, for all layers.
pub(crate) struct Cache {
    heads: Vec<RwLock<HeadCache>>,
    per_layer: usize,
    device: Mutex<DeviceCache>,
}

/// Keys and values in the memory of a device, layer by layer: (heads, tokens, head).
pub(crate) type DeviceCache = Vec<Option<(Tensor, Tensor)>>;

impl Cache {
    /// Room for this many tokens.
    pub(crate) fn new(shape: &Shape, kind: CacheKind, tokens: usize) -> Self {
        let tokens = tokens.next_multiple_of(16);
        Self {
            heads: (0..shape.layers * shape.cached_heads)
                .map(|_| RwLock::new(HeadCache::new(kind, shape.head, tokens)))
                .collect(),
            per_layer: shape.cached_heads,
            device: Mutex::default(),
        }
    }

    /// What a device fills itself.
    pub(crate) fn of_device() -> Self {
        Self {
            heads: Vec::new(),
            per_layer: 0,
            device: Mutex::default(),
        }
    }

    /// In the memory of a device.
    pub(crate) fn device(&self) -> MutexGuard<'_, DeviceCache> {
        self.device.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Of one head of one layer, to store something.
    pub(super) fn head(&self, layer: usize, head: usize) -> RwLockWriteGuard<'_, HeadCache> {
        self.heads[layer * self.per_layer + head]
            .write()
            .unwrap_or_else(PoisonError::into_inner)
    }

    /// Of one head of one layer, as it is stored.
    pub(super) fn seen(&self, layer: usize, head: usize) -> RwLockReadGuard<'_, HeadCache> {
        self.heads[layer * self.per_layer + head]
            .read()
            .unwrap_or_else(PoisonError::into_inner)
    }
}

/// Keys and values of one head.
pub(super) enum HeadCache {
    /// In 32 bits.
    Single(Store<f32>),
    /// In f16.
    Half(Store<u16>),
}

impl HeadCache {
    fn new(kind: CacheKind, head: usize, tokens: usize) -> Self {
        match kind {
            CacheKind::Single => Self::Single(Store::new(head, tokens, 0.0)),
            CacheKind::Half => Self::Half(Store::new(head, tokens, 0)),
        }
    }

    /// Stores key and value of the token at a position.
    pub(super) fn store(
        &mut self,
        processor: Processor,
        position: usize,
        [key, value]: [&[f32]; 2],
        halves: &mut Vec<u16>,
    ) {
        match self {
            Self::Single(store) => store.set(position, key, value),
            Self::Half(store) => {
                halves.resize(2 * key.len(), 0);
                let (keys, values) = halves.split_at_mut(key.len());
                let finite = narrow(processor, key, keys) & narrow(processor, value, values);
                store.is_broken |= !finite;
                store.set(position, keys, values);
            }
        }
    }

    /// Whether numbers were stored that are not finite and that f16 could not keep so: whoever sees this head sees no number.
    pub(super) const fn is_broken(&self) -> bool {
        match self {
            // They are kept as they are.
            Self::Single(_) => false,
            Self::Half(store) => store.is_broken,
        }
    }

    /// Writes the products of queries with keys: `panels` of 16 tokens each.
    pub(super) fn meet_keys(
        &self,
        processor: Processor,
        queries: &mut Rows<'_>,
        panels: Range<usize>,
    ) {
        match self {
            Self::Single(store) => multiply(processor, queries, store.keys(), panels),
            Self::Half(store) => multiply(processor, queries, store.keys(), panels),
        }
    }

    /// Writes what scores of some tokens take from their values.
    pub(super) fn meet_values(
        &self,
        processor: Processor,
        scores: &mut Rows<'_>,
        tokens: (usize, usize),
    ) {
        let panels = 0..scores.width / 16;
        match self {
            Self::Single(store) => multiply(processor, scores, store.values(tokens), panels),
            Self::Half(store) => multiply(processor, scores, store.values(tokens), panels),
        }
    }
}

/// Keys and values as panels for products, see `kernel`.
pub(super) struct Store<T> {
    head: usize,
    tokens: usize,
    /// A panel for 16 tokens; a unit for each number of the head.
    keys: Vec<[T; 16]>,
    /// A panel for 16 numbers of the head; a unit for each token.
    values: Vec<[T; 16]>,
    is_broken: bool,
}

impl<T: Copy> Store<T>
where
    [T; 16]: Unit,
{
    fn new(head: usize, tokens: usize, zero: T) -> Self {
        Self {
            head,
            tokens,
            keys: vec![[zero; 16]; tokens / 16 * head],
            values: vec![[zero; 16]; head.div_ceil(16) * tokens],
            is_broken: false,
        }
    }

    fn set(&mut self, position: usize, key: &[T], value: &[T]) {
        let panel = &mut self.keys[position / 16 * self.head..][..self.head];
        for (unit, number) in panel.iter_mut().zip(key) {
            unit[position % 16] = *number;
        }
        for (panel, numbers) in value.chunks(16).enumerate() {
            self.values[panel * self.tokens + position][..numbers.len()].copy_from_slice(numbers);
        }
    }

    fn keys(&self) -> Panels<'_, [T; 16]> {
        Panels {
            units: &self.keys,
            stride: self.head,
            wanted: (0, self.head),
        }
    }

    fn values(&self, tokens: (usize, usize)) -> Panels<'_, [T; 16]> {
        Panels {
            units: &self.values,
            stride: self.tokens,
            wanted: tokens,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_that_are_not_finite_are_not_forgotten() {
        let processor = Processor::detect();
        let (good, mut halves) = ([0.5; 16], Vec::new());
        for bad in [f32::NAN, f32::INFINITY, f32::NEG_INFINITY] {
            let mut value = good;
            value[3] = bad;
            for [key, value] in [[&good, &value], [&value, &good]] {
                let mut cache = HeadCache::new(CacheKind::Half, 16, 32);
                cache.store(processor, 0, [&good, &[1e9; 16]], &mut halves);
                assert!(!cache.is_broken());
                cache.store(processor, 1, [key, value], &mut halves);
                assert!(cache.is_broken());
            }
        }
    }
}
