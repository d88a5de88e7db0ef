//! What an operator writes for a model.

use std::path::{Path, PathBuf};

/// Names the folder of the models that come with the repository.
pub const TINY_MODELS_VARIABLE: &str = "DENDRA_TINY_MODELS";

/// The reference that the inference engine understands: `tiny:NAME` becomes the folder of a model that comes with the repository,
/// everything else stays as it is.
///
/// The folder is looked for under `folder` (see [`TINY_MODELS_VARIABLE`]), or where this program was built.
pub fn resolve(reference: &str, folder: Option<PathBuf>) -> String {
    let Some(name) = reference.strip_prefix("tiny:") else {
        return reference.into();
    };
    let folder = folder.unwrap_or_else(|| {
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../../subnet-templates/tiny-models")
    });
    folder.join(name).to_string_lossy().into_owned()
}

/// [`resolve`] with the folder that the environment names.
pub fn from_environment(reference: &str) -> String {
    let folder = std::env::var_os(TINY_MODELS_VARIABLE).filter(|folder| !folder.is_empty());
    resolve(reference, folder.map(PathBuf::from))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tiny_models_are_folders_and_the_rest_stays() {
        assert_eq!(resolve("toy:7", None), "toy:7");
        assert_eq!(resolve("/models/llama", None), "/models/llama");
        assert_eq!(resolve("tiny:half", Some("/t".into())), "/t/half");
        let built_in = resolve("tiny:trained", None);
        assert!(built_in.ends_with("tiny-models/trained"), "{built_in}");
    }
}
