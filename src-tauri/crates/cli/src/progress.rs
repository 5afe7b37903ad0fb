//! How far a run is, on a terminal only.

use std::io::{self, IsTerminal, Write};
use std::sync::{Mutex, PoisonError};

use barrow_host::{Progress, ProgressEvent, Stage};

/// One line on standard error that is written over. Nothing where that is no terminal.
#[derive(Debug, Default)]
pub(crate) struct Line {
    shown: Mutex<String>,
}

impl Line {
    pub(crate) fn new() -> Self {
        Self::default()
    }

    /// Shows a text in place of the one before.
    pub(crate) fn show(&self, text: &str) {
        if !io::stderr().is_terminal() {
            return;
        }
        let mut shown = self.shown.lock().unwrap_or_else(PoisonError::into_inner);
        if *shown == text {
            return;
        }
        text.clone_into(&mut shown);
        // Progress that cannot be shown is not missed.
        write!(io::stderr(), "\r\x1b[K{text}").ok();
        io::stderr().flush().ok();
    }

    /// Takes the line away.
    pub(crate) fn clear(&self) {
        let mut shown = self.shown.lock().unwrap_or_else(PoisonError::into_inner);
        if !shown.is_empty() {
            shown.clear();
            write!(io::stderr(), "\r\x1b[K").ok();
            io::stderr().flush().ok();
        }
    }
}

impl Progress for Line {
    fn tell(&self, progress: ProgressEvent) {
        let what = match progress.stage {
            Stage::Pull => "Downloading orders",
            Stage::Plan => "Computing what is wanted",
            Stage::Prepare => "Asking what the marketplace demands",
            Stage::Send => "Sending",
            Stage::Observe => "Reading what is there",
        };
        match progress.total {
            Some(total) => self.show(&format!("{what}: {} of {total}", progress.done)),
            None => self.show(&format!("{what}: {}", progress.done)),
        }
    }
}
