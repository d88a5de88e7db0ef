//! Provides the `wasm32v1-none` target that the runtime is compiled for.
//!
//! Three routes, in this order: it is there; rustup downloads it; the standard library is built once
//! from the sources that Debian packages, and becomes a toolchain of its own beside the others.

use std::{
    fs,
    os::unix::fs::{PermissionsExt, symlink},
    path::{Path, PathBuf},
    process::Command,
};

use crate::{
    packages,
    places::Places,
    shell::{self, Failure, Outcome},
};

const TARGET: &str = "wasm32v1-none";
/// Name under which rustup knows the toolchain of the third route.
const LINKED: &str = "dendra-wasm";
const HOST: &str = "x86_64-unknown-linux-gnu";
/// The compiler and cargo of Debian's packages; not the ones on the PATH, which are rustup's.
const DEBIAN_RUSTC: &str = "/usr/bin/rustc";
const DEBIAN_CARGO: &str = "/usr/bin/cargo";
const DEBIAN_PACKAGES: [&str; 4] = ["rustc-web", "cargo-web", "rust-web-src", "lld"];

/// How the target came to be there, and what cargo must be told.
pub(crate) struct WasmTarget {
    /// For the reader.
    pub(crate) route: &'static str,
    /// Environment for every cargo call that builds the runtime.
    pub(crate) environment: Vec<(&'static str, String)>,
}

/// Finds the target or makes it.
pub(crate) fn provide(places: &Places) -> Outcome<WasmTarget> {
    if is_installed(&mut Command::new("rustc")) {
        return Ok(own("it was installed already"));
    }
    let linked = places.cache.join("wasm-toolchain");
    if is_linked(&linked) {
        return Ok(built("the toolchain built earlier from Debian's sources"));
    }
    if shell::found("rustup") {
        eprintln!("  asking rustup for {TARGET}");
        let added = shell::run(Command::new("rustup").args(["target", "add", TARGET]));
        if added.is_ok() && is_installed(&mut Command::new("rustc")) {
            return Ok(own("rustup installed it"));
        }
        eprintln!("  rustup cannot download it here; building it from Debian's sources");
    }
    build(&linked).map_err(|failure| {
        Failure::new(format!(
            "the target {TARGET} could not be provided: {failure}"
        ))
        .advise(format!(
            "`rustup target add {TARGET}`, or on Debian `apt-get install {}`",
            DEBIAN_PACKAGES.join(" ")
        ))
    })?;
    Ok(built("a toolchain built now from Debian's sources"))
}

/// Takes the third route, wherever else the target could come from.
pub(crate) fn from_source(places: &Places) -> Outcome {
    build(&places.cache.join("wasm-toolchain"))
}

fn own(route: &'static str) -> WasmTarget {
    WasmTarget {
        route,
        environment: Vec::new(),
    }
}

fn built(route: &'static str) -> WasmTarget {
    WasmTarget {
        route,
        environment: vec![
            ("WASM_BUILD_TOOLCHAIN", LINKED.to_owned()),
            ("CARGO_TARGET_WASM32V1_NONE_LINKER", "wasm-ld".to_owned()),
        ],
    }
}

/// Whether this compiler has the target's standard library.
fn is_installed(rustc: &mut Command) -> bool {
    shell::read(rustc.args(["--print", "target-libdir", "--target", TARGET]))
        .is_ok_and(|folder| has_core(Path::new(&folder)))
}

fn has_core(folder: &Path) -> bool {
    fs::read_dir(folder).is_ok_and(|entries| {
        entries
            .flatten()
            .any(|entry| entry.file_name().to_string_lossy().starts_with("libcore-"))
    })
}

/// Whether the third route was taken before and still works with the compiler that is installed now.
fn is_linked(folder: &Path) -> bool {
    let Ok(now) = shell::read(Command::new(DEBIAN_RUSTC).arg("--version")) else {
        return false;
    };
    fs::read_to_string(folder.join("version")).is_ok_and(|then| then == now)
        && has_core(&library(folder))
        && shell::read(Command::new("rustup").args(["toolchain", "list"]))
            .is_ok_and(|list| list.lines().any(|line| line.starts_with(LINKED)))
}

fn library(folder: &Path) -> PathBuf {
    folder.join("lib/rustlib").join(TARGET).join("lib")
}

fn build(folder: &Path) -> Outcome {
    if !shell::found("rustup") {
        return Err(Failure::new("rustup is missing").advise("install rustup"));
    }
    packages::install(&DEBIAN_PACKAGES)?;
    if folder.exists() {
        fs::remove_dir_all(folder)?;
    }
    fs::create_dir_all(library(folder))?;
    fs::create_dir_all(folder.join("bin"))?;

    let scratch = folder.join("build");
    fs::create_dir_all(scratch.join("src"))?;
    fs::write(
        scratch.join("Cargo.toml"),
        "[package]\nname = \"seed\"\nversion = \"0.0.0\"\nedition = \"2021\"\n[workspace]\n",
    )?;
    fs::write(
        scratch.join("src/lib.rs"),
        "#![no_std]\nextern crate alloc;\n",
    )?;
    // Without bitcode in the libraries the runtime's link-time optimisation has nothing to work on.
    shell::run(
        Command::new(DEBIAN_CARGO)
            .current_dir(&scratch)
            .args([
                "build",
                "--release",
                "--target",
                TARGET,
                "-Zbuild-std=core,alloc",
            ])
            .args(["--target-dir", "target"])
            .env("RUSTC", DEBIAN_RUSTC)
            .env("RUSTC_BOOTSTRAP", "1")
            .env("RUSTFLAGS", "-C embed-bitcode=yes")
            .env_remove("CARGO_TARGET_DIR")
            .env_remove("RUSTUP_TOOLCHAIN"),
    )?;
    let mut copied = 0;
    for entry in fs::read_dir(scratch.join("target").join(TARGET).join("release/deps"))? {
        let path = entry?.path();
        let name = path
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        let wanted = ["libcore-", "liballoc-", "libcompiler_builtins-"]
            .iter()
            .any(|start| name.starts_with(start));
        if wanted && name.ends_with(".rlib") {
            fs::copy(&path, library(folder).join(&name))?;
            copied += 1;
        }
    }
    if copied != 3 {
        return Err(Failure::new(format!(
            "expected the libraries core, alloc and compiler_builtins, found {copied}"
        )));
    }
    fs::remove_dir_all(&scratch)?;

    // Proc macros and build scripts of the runtime's crates still need the host's library.
    symlink(
        Path::new("/usr/lib/rustlib").join(HOST),
        folder.join("lib/rustlib").join(HOST),
    )?;
    symlink(DEBIAN_CARGO, folder.join("bin/cargo"))?;
    let wrapper = folder.join("bin/rustc");
    fs::write(
        &wrapper,
        format!(
            "#!/bin/sh\nexec {DEBIAN_RUSTC} --sysroot '{}' \"$@\"\n",
            folder.display()
        ),
    )?;
    fs::set_permissions(&wrapper, fs::Permissions::from_mode(0o755))?;
    shell::run(
        Command::new("rustup")
            .args(["toolchain", "link", LINKED])
            .arg(folder),
    )?;
    let version = shell::read(Command::new(DEBIAN_RUSTC).arg("--version"))?;
    fs::write(folder.join("version"), version)?;
    Ok(())
}
