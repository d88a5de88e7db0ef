//! Keys and values of one sequence.

use std::sync::{Mutex, MutexGuard, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

use candle_core::Tensor;

use super::shape::Shape;
use crate::kernel::{Cached, Panels};

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
    pub(crate) fn new(shape: &Shape, tokens: usize) -> Self {
        let tokens = tokens.next_multiple_of(16);
        Self {
            heads: (0..shape.layers * shape.cached_heads)
                .map(|_| RwLock::new(HeadCache::new(shape.head, tokens)))
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

/// Keys and values of one head: panels for products, see `kernel`.
pub(super) struct HeadCache {
    head: usize,
    tokens: usize,
    /// A panel for 16 tokens; a unit for each number of the head.
    keys: Vec<Cached>,
    /// A panel for 16 numbers of the head; a unit for each token.
    values: Vec<Cached>,
}

impl HeadCache {
    fn new(head: usize, tokens: usize) -> Self {
        Self {
            head,
            tokens,
            keys: vec![[0.0; 16]; tokens / 16 * head],
            values: vec![[0.0; 16]; head.div_ceil(16) * tokens],
        }
    }

    /// Stores key and value of the token at a position.
    pub(super) fn store(&mut self, position: usize, key: &[f32], value: &[f32]) {
        let panel = &mut self.keys[position / 16 * self.head..][..self.head];
        for (unit, number) in panel.iter_mut().zip(key) {
            unit[position % 16] = *number;
        }
        for (panel, numbers) in value.chunks(16).enumerate() {
            self.values[panel * self.tokens + position][..numbers.len()].copy_from_slice(numbers);
        }
    }

    /// Panels of keys, 16 tokens each.
    pub(super) fn keys(&self) -> Panels<'_, Cached> {
        Panels {
            units: &self.keys,
            stride: self.head,
            wanted: (0, self.head),
        }
    }

    /// Panels of values of the tokens from `start` to `end`.
    pub(super) fn values(&self, start: usize, end: usize) -> Panels<'_, Cached> {
        Panels {
            units: &self.values,
            stride: self.tokens,
            wanted: (start, end),
        }
    }
}
