//! Finds, loads and keeps models.

use std::{
    collections::HashMap,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use subnet_sdk::{LanguageModel, ModelError, Models, toy::Toy};

use crate::{
    language::{Language, Statistics},
    load,
    options::Options,
};

/// Loads models and computes them. Each is loaded once, whoever asks for it.
pub struct Engine {
    options: Options,
    /// By canonical path.
    places: Mutex<HashMap<PathBuf, Place>>,
}

/// A model, once it is loaded. Who asks for one that is being loaded waits for it.
type Place = Arc<Mutex<Option<Arc<Language>>>>;

impl Engine {
    /// An engine without models.
    pub fn new(options: Options) -> Self {
        Self {
            options,
            places: Mutex::default(),
        }
    }

    /// What it may use.
    pub const fn options(&self) -> &Options {
        &self.options
    }

    /// Loads the folder (Hugging Face) or file (GGUF), or gives the one that is loaded already.
    ///
    /// **Errors:** see [`ModelError`].
    pub fn load_path(&self, path: &Path) -> Result<Arc<Language>, ModelError> {
        let key = path.canonicalize().unwrap_or_else(|_| path.to_owned());
        let place = Arc::clone(lock(&self.places).entry(key.clone()).or_default());
        let mut place = lock(&place);
        if let Some(model) = &*place {
            return Ok(Arc::clone(model));
        }
        tracing::info!(path = %key.display(), "loading a model");
        let model = load::load(path, self.options.data_type)?;
        let model = Arc::new(Language::new(model, &self.options)?);
        *place = Some(Arc::clone(&model));
        Ok(model)
    }

    /// What all loaded models have done and are doing, by name. Waits for none that is being loaded.
    pub fn statistics(&self) -> Vec<(String, Statistics)> {
        let mut all: Vec<_> = lock(&self.places)
            .values()
            .filter_map(|place| {
                let place = place.try_lock().ok()?;
                let model = place.as_ref()?;
                Some((model.name().to_owned(), model.statistics()))
            })
            .collect();
        all.sort_by(|a, b| a.0.cmp(&b.0));
        all
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Default for Engine {
    fn default() -> Self {
        Self::new(Options::default())
    }
}

impl Models for Engine {
    fn load(&self, reference: &str) -> Result<Arc<dyn LanguageModel>, ModelError> {
        match Toy::of_reference(reference) {
            Some(toy) => Ok(Arc::new(toy?)),
            None => Ok(self.load_path(Path::new(reference))?),
        }
    }
}
