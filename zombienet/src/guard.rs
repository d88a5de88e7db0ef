//! Ends every process of a network when the program that started them is gone, however it went.
//!
//! The guard is a shell that leads a process group of its own and waits for the end of its standard input. The
//! other end of that pipe is held by this program alone: when it ends, even by `kill -9`, the pipe closes and the
//! shell kills the group. Every process of the network starts in that group, so none of them gets the Ctrl-C of
//! the terminal either: this program stops them in order.

use std::{
    os::unix::process::CommandExt,
    process::{Child, Command, Stdio},
};

use crate::failure::{Failure, Outcome};

/// Kills its group when standard input ends. The shell is in that group itself.
const WATCH: &str = "read -r _; kill -s KILL -- -$$";

/// A process group that does not outlive this program.
pub struct Guard {
    shell: Child,
}

impl Guard {
    /// Starts the shell that watches.
    pub fn start() -> Outcome<Self> {
        let shell = Command::new("sh")
            .args(["-c", WATCH])
            .process_group(0)
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .map_err(|error| {
                Failure::new(format!("`sh` does not start: {error}"))
                    .advise("make a POSIX shell available on PATH")
            })?;
        Ok(Self { shell })
    }

    /// Lets a command run in the group.
    pub fn admit<'a>(&self, command: &'a mut Command) -> &'a mut Command {
        // A group is named by its leader; process ids fit.
        command.process_group(i32::try_from(self.shell.id()).unwrap_or(0))
    }
}

impl Drop for Guard {
    fn drop(&mut self) {
        drop(self.shell.stdin.take());
        // It kills itself together with what is left of the group.
        let _ = self.shell.wait();
    }
}
