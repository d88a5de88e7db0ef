//! The guide of the custom template: every block is run as it stands in the README, in a copy of what it touches.
//!
//! The last block starts a network from programs that were compiled again, which takes minutes; what it adds to the network
//! test of `custom` is that miner and validator find the copy by its name. So the catalogue of the copy is asked for it.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

/// The crates of this repository that the guide's blocks touch or compile.
const CRATES: [&str; 5] = [
    "sdk",
    "custom",
    "next-token",
    "text-generation",
    "catalogue",
];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .unwrap()
        .to_owned()
}

/// The blocks that a reader types.
fn blocks(readme: &str) -> Vec<String> {
    let mut parts = readme.split("```console\n").skip(1);
    let mut found = Vec::new();
    for part in parts.by_ref() {
        found.push(part.split("```").next().unwrap().to_owned());
    }
    found
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        let target = to.join(path.file_name().unwrap());
        if path.is_dir() {
            copy(&path, &target);
        } else {
            fs::copy(&path, &target).unwrap();
        }
    }
}

/// A workspace of those crates, with the versions of this one.
fn workspace(folder: &Path) {
    let manifest = fs::read_to_string(root().join("Cargo.toml")).unwrap();
    let (_, rest) = manifest.split_once("members = [").unwrap();
    let (_, rest) = rest.split_once(']').unwrap();
    let members = CRATES.map(|name| format!("\"subnet-templates/{name}\""));
    let manifest = format!(
        "[workspace]\nresolver = \"3\"\nmembers = [{}]{rest}",
        members.join(", ")
    );
    fs::write(folder.join("Cargo.toml"), manifest).unwrap();
    fs::copy(root().join("Cargo.lock"), folder.join("Cargo.lock")).unwrap();
    for name in CRATES {
        let place = Path::new("subnet-templates").join(name);
        copy(&root().join(&place), &folder.join(&place));
    }
}

fn run(folder: &Path, block: &str) {
    let mut command = Command::new("sh");
    command
        .args(["-e", "-c", block])
        .current_dir(folder)
        .env("CARGO_TARGET_DIR", folder.join("target"))
        .env("CARGO_NET_OFFLINE", "true");
    // This test runs under cargo, which tells it about its own package.
    for (name, _) in std::env::vars_os() {
        let text = name.to_string_lossy();
        if text.starts_with("CARGO_PKG_") || text.starts_with("CARGO_MANIFEST_") {
            command.env_remove(&name);
        }
    }
    let output = command.output().unwrap();
    assert!(
        output.status.success(),
        "{block}\n{}\n{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
}

#[test]
fn the_guide_leads_from_a_copy_to_a_subnet_that_miner_and_validator_find() {
    let readme = fs::read_to_string(root().join("subnet-templates/custom/README.md")).unwrap();
    let blocks = blocks(&readme);
    assert_eq!(blocks.len(), 4, "the guide has other steps: {blocks:#?}");
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    workspace(folder);

    let (start, steps) = blocks.split_last().unwrap();
    for block in steps {
        run(folder, block);
    }

    let name = start
        .trim()
        .strip_prefix("cargo xtask localnet --template ")
        .expect("the last step starts a network");
    let tests = folder.join("subnet-templates/catalogue/tests");
    fs::create_dir_all(&tests).unwrap();
    let asks = format!(
        "#[test]\nfn found() {{\n    let template = subnet_catalogue::find(\"{name}\").expect(\"it is there\");\n    \
         assert_eq!(template.description().name, \"{name}\");\n    \
         assert!(subnet_catalogue::find(\"custom\").is_some());\n}}\n"
    );
    fs::write(tests.join("found.rs"), asks).unwrap();
    run(
        folder,
        "cargo test --release -p subnet-catalogue --test found",
    );
}
