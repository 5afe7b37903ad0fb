//! Ends the process at a named place, to show that it goes on rightly afterwards.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use barrow_engine::FaultPoints;

/// The variable that names a place, as `NAME` or `NAME:N` for the Nth time it is passed.
const VARIABLE: &str = "BARROW_KILL_AT";

/// Ends the process as `kill -9` does when a place is passed for the Nth time. Without the variable
/// it does nothing.
#[derive(Debug)]
pub struct KillPoints {
    wanted: Option<(String, u32)>,
    passed: Mutex<HashMap<&'static str, u32>>,
}

impl KillPoints {
    /// Reads the variable `BARROW_KILL_AT`.
    pub fn from_environment() -> Self {
        let wanted = std::env::var(VARIABLE)
            .ok()
            .filter(|text| !text.is_empty())
            .map(|text| match text.rsplit_once(':') {
                Some((name, count)) => match count.parse() {
                    Ok(count) => (name.to_owned(), count),
                    Err(_) => (text.clone(), 1),
                },
                None => (text, 1),
            });
        Self {
            wanted,
            passed: Mutex::default(),
        }
    }

    /// Passes a place.
    pub fn pass(&self, name: &'static str) {
        let Some((wanted, count)) = &self.wanted else {
            return;
        };
        if wanted != name {
            return;
        }
        let mut passed = self.passed.lock().unwrap_or_else(PoisonError::into_inner);
        let times = passed.entry(name).or_default();
        *times += 1;
        if times == count {
            kill_this_process();
        }
    }
}

impl FaultPoints for KillPoints {
    fn at(&self, name: &'static str) {
        self.pass(name);
    }
}

/// Ends at once: nothing is flushed, dropped or unlocked by us.
#[cfg(unix)]
fn kill_this_process() {
    let process = std::process::id().to_string();
    let killed = std::process::Command::new("kill")
        .args(["-9", &process])
        .status();
    // `kill` is part of every Unix; should it be missing, an abort ends the process as suddenly.
    if killed.is_err() {
        std::process::abort();
    }
    loop {
        std::thread::park();
    }
}

#[cfg(not(unix))]
fn kill_this_process() {
    std::process::abort();
}
