//! The real clock and the operating system's randomness.

use barrow_model::{Clock, Random};
use chrono::{DateTime, Utc};

/// The computer's clock.
#[derive(Clone, Copy, Debug)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> DateTime<Utc> {
        Utc::now()
    }
}

/// The operating system's randomness.
#[derive(Clone, Copy, Debug)]
pub struct OsRandom;

impl Random for OsRandom {
    fn next_u64(&self) -> u64 {
        // Secrets are sealed with it: a weak number would be worse than no number.
        getrandom::u64().expect("every system that Barrow runs on has a source of randomness")
    }
}
