//! Packages of the operating system.

use std::process::Command;

use crate::shell::{self, Failure, Outcome};

/// A program that the build needs, and the Debian package that brings it.
const NEEDED: [(&str, &str); 4] = [
    ("protoc", "protobuf-compiler"),
    ("clang", "clang"),
    ("wasm-ld", "lld"),
    ("cc", "build-essential"),
];

/// Installs what the build needs and the machine lacks.
pub(crate) fn provide() -> Outcome {
    let missing: Vec<&str> = NEEDED
        .iter()
        .filter(|(program, _)| !shell::found(program))
        .map(|(_, package)| *package)
        .collect();
    if missing.is_empty() {
        eprintln!("  protoc, clang, lld and a C compiler are there");
        return Ok(());
    }
    install(&missing)
}

/// Installs the runner of the Rust tests where it is missing.
pub(crate) fn provide_nextest() -> Outcome {
    if shell::found("cargo-nextest") {
        return Ok(());
    }
    eprintln!("  cargo-nextest is missing; building it takes some minutes, once");
    shell::run(Command::new("cargo").args(["install", "cargo-nextest", "--locked"])).map_err(
        |failure| Failure::new(failure.to_string()).advise("cargo install cargo-nextest --locked"),
    )
}

/// Installs Node.js with npm where it is missing.
pub(crate) fn provide_node_js() -> Outcome {
    if shell::found("node") && shell::found("npm") {
        return Ok(());
    }
    install(&["nodejs", "npm"])
}

/// Installs Python where it is missing; its standard library is enough.
pub(crate) fn provide_python() -> Outcome {
    if shell::found("python3") {
        return Ok(());
    }
    install(&["python3"])
}

/// Installs the named packages with apt.
pub(crate) fn install(names: &[&str]) -> Outcome {
    let by_hand = format!("install the packages {} by hand", names.join(" "));
    if !shell::found("apt-get") {
        return Err(Failure::new("this machine has no apt-get").advise(by_hand));
    }
    let installed = names.iter().all(|name| {
        shell::read(Command::new("dpkg-query").args(["-W", "-f", "${Status}", name]))
            .is_ok_and(|status| status == "install ok installed")
    });
    if installed {
        return Ok(());
    }
    let is_root = shell::read(Command::new("id").arg("-u")).is_ok_and(|id| id == "0");
    let apt = |arguments: &[&str]| {
        let mut command = if is_root {
            Command::new("apt-get")
        } else {
            let mut sudo = Command::new("sudo");
            sudo.args(["--non-interactive", "apt-get"]);
            sudo
        };
        shell::run(
            command
                .args(["-qq", "-o", "Dpkg::Use-Pty=0"])
                .args(arguments)
                .env("DEBIAN_FRONTEND", "noninteractive"),
        )
    };
    let mut arguments = vec!["install", "--yes", "--no-install-recommends"];
    arguments.extend(names);
    apt(&["update"])
        .and_then(|()| apt(&arguments))
        .map_err(|failure| Failure::new(failure.to_string()).advise(by_hand))
}
