//! Time and chance as arguments.

use std::fmt;

use chrono::{DateTime, Utc};

/// Tells the time. The real one exists only in `host`.
pub trait Clock: Send + Sync + fmt::Debug {
    /// The present in UTC.
    fn now(&self) -> DateTime<Utc>;
}

/// Gives random numbers. The real one exists only in `host`.
pub trait Random: Send + Sync + fmt::Debug {
    /// 64 random bits.
    fn next_u64(&self) -> u64;
}
