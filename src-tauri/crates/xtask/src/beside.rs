//! A program that runs while something else does, and is heard afterwards.

use crate::{Stop, cargo};
use std::io::{self, Write};
use std::process::{Command, Output, Stdio};
use std::thread::{self, JoinHandle};

/// A program that is running; what it prints is kept until its end is waited for.
#[derive(Debug)]
pub(crate) struct Beside(JoinHandle<io::Result<Output>>);

impl Beside {
    /// Starts the program.
    pub(crate) fn start(mut command: Command) -> Self {
        Self(thread::spawn(move || command.stdin(Stdio::null()).output()))
    }

    /// Waits for the end and shows what was printed; `advice` says what to do if it failed.
    pub(crate) fn finish(self, advice: &str) -> Result<(), Stop> {
        let lost = |why: &dyn std::fmt::Display| Stop::new(format!("{advice} ({why})"));
        let Ok(ended) = self.0.join() else {
            return Err(lost(&"its output was lost"));
        };
        let Output {
            status,
            stdout,
            stderr,
        } = ended.map_err(|error| lost(&error))?;
        for printed in [stdout, stderr] {
            io::stderr()
                .write_all(&printed)
                .map_err(|error| lost(&error))?;
        }
        cargo::ended(status, advice)
    }
}
