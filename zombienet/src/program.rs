//! The programs that a network consists of: where their binaries are, and their processes.

use std::{
    fs::File,
    io::{Read, Seek, SeekFrom},
    net::TcpListener,
    path::{Path, PathBuf},
    process::{Child, Command, ExitStatus, Stdio},
    sync::atomic::{AtomicU32, Ordering},
    time::{Duration, Instant},
};

use crate::{
    failure::{Failure, Outcome},
    guard::Guard,
};

const PAUSE: Duration = Duration::from_millis(20);
/// How much of a log is read to explain an end.
const LOG_END: u64 = 4_096;

/// The binary of this name: what the variable `DENDRA_NODE`, `DENDRA_MINER` … says, or the one that was built beside
/// this program or in a folder above it.
///
/// **Errors:** there is none.
pub fn binary(name: &str) -> Outcome<PathBuf> {
    let variable = name.to_uppercase().replace('-', "_");
    if let Some(path) = std::env::var_os(&variable) {
        return Ok(path.into());
    }
    let own = std::env::current_exe()?;
    own.ancestors()
        .skip(1)
        .map(|folder| folder.join(name))
        .find(|path| path.is_file())
        .ok_or_else(|| {
            Failure::new(format!("no `{name}` is built beside {}", own.display())).advise(format!(
                "run `cargo xtask build`, or name the binary with {variable}"
            ))
        })
}

/// A port of the loopback address that nobody uses now.
///
/// It lies below those that systems give to outgoing connections: one of these could take it before its program listens. Each
/// process begins at another place, so that networks beside one another do not choose the same.
///
/// **Errors:** there is none.
pub fn free_port() -> Outcome<u16> {
    const FIRST: u32 = 12_000;
    const COUNT: u32 = 18_000;
    static NEXT: AtomicU32 = AtomicU32::new(0);
    let start = std::process::id().wrapping_mul(97);
    for _ in 0..COUNT {
        let offset = start.wrapping_add(NEXT.fetch_add(1, Ordering::Relaxed)) % COUNT;
        let port = (FIRST + offset) as u16;
        if TcpListener::bind(("127.0.0.1", port)).is_ok() {
            return Ok(port);
        }
    }
    Err(Failure::new("no port of the loopback address is free"))
}

/// How a process is started, each time alike.
#[derive(Clone, Debug)]
pub struct Recipe {
    /// What it is called in messages; its log is `NAME.log`.
    pub name: String,
    /// The binary.
    pub program: PathBuf,
    /// Its arguments.
    pub arguments: Vec<String>,
    /// Where its output goes.
    pub log: PathBuf,
}

/// A process of a network. It is killed when this value goes.
pub struct Process {
    recipe: Recipe,
    child: Option<Child>,
}

impl Process {
    /// Starts a process under a guard; its log is appended to.
    ///
    /// **Errors:** the binary or the log cannot be opened.
    pub fn start(guard: &Guard, recipe: Recipe) -> Outcome<Self> {
        let mut process = Self {
            recipe,
            child: None,
        };
        process.start_again(guard)?;
        Ok(process)
    }

    /// Starts it once more, killing what still runs.
    ///
    /// **Errors:** as for [`Self::start`].
    pub fn start_again(&mut self, guard: &Guard) -> Outcome {
        self.kill()?;
        let Recipe {
            name,
            program,
            arguments,
            log,
        } = &self.recipe;
        let failed = |error: std::io::Error| {
            Failure::new(format!(
                "{name} ({}) does not start: {error}",
                program.display()
            ))
        };
        let output = File::options()
            .create(true)
            .append(true)
            .open(log)
            .map_err(failed)?;
        let mut command = Command::new(program);
        command
            .args(arguments)
            .stdin(Stdio::null())
            .stdout(output.try_clone()?)
            .stderr(output);
        self.child = Some(guard.admit(&mut command).spawn().map_err(failed)?);
        Ok(())
    }

    /// What it is called.
    pub fn name(&self) -> &str {
        &self.recipe.name
    }

    /// How it is started.
    pub fn recipe(&self) -> &Recipe {
        &self.recipe
    }

    /// Its process id, while it runs.
    pub fn id(&self) -> Option<u32> {
        self.child.as_ref().map(Child::id)
    }

    /// How it ended, if it ended by itself.
    pub fn ended(&mut self) -> Option<ExitStatus> {
        self.child.as_mut()?.try_wait().ok().flatten()
    }

    /// Ends it at once, as a power failure would.
    ///
    /// **Errors:** the system does not let it.
    pub fn kill(&mut self) -> Outcome {
        if let Some(mut child) = self.child.take() {
            child.kill()?;
            child.wait()?;
        }
        Ok(())
    }

    /// Asks it to end (SIGTERM).
    pub fn ask_to_end(&self) {
        if let Some(id) = self.id() {
            // It may have ended by itself meanwhile.
            let _ = Command::new("kill")
                .args(["-TERM", &id.to_string()])
                .stderr(Stdio::null())
                .status();
        }
    }

    /// Waits until it has ended; kills it at the deadline. Whether it ended by itself.
    ///
    /// **Errors:** it cannot be killed.
    pub fn wait_for_end(&mut self, deadline: Instant) -> Outcome<bool> {
        while let Some(child) = &mut self.child {
            if child.try_wait()?.is_some() {
                self.child = None;
                return Ok(true);
            }
            if Instant::now() >= deadline {
                self.kill()?;
                return Ok(false);
            }
            std::thread::sleep(PAUSE);
        }
        Ok(true)
    }

    /// The last lines of its log.
    pub fn log_end(&self) -> String {
        log_end(&self.recipe.log).unwrap_or_default()
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.kill();
    }
}

fn log_end(path: &Path) -> std::io::Result<String> {
    let mut file = File::open(path)?;
    let length = file.metadata()?.len();
    file.seek(SeekFrom::Start(length.saturating_sub(LOG_END)))?;
    let mut bytes = Vec::new();
    file.take(LOG_END).read_to_end(&mut bytes)?;
    let text = String::from_utf8_lossy(&bytes).into_owned();
    let lines: Vec<_> = text.lines().collect();
    Ok(lines[lines.len().saturating_sub(15)..].join("\n"))
}
