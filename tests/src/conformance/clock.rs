//! Time and chance of a bench.

use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};

use barrow_model::{Clock, Random};
use chrono::{DateTime, TimeDelta, Utc};
use tokio::time::Instant;

/// The time of a bench: tokio's, which is paused and moves on by itself when everybody waits, and
/// what a test lets pass.
#[derive(Debug)]
pub(super) struct BenchClock {
    began: Instant,
    added_us: AtomicI64,
    last_us: AtomicI64,
}

impl BenchClock {
    pub(super) fn new() -> Self {
        Self {
            began: Instant::now(),
            added_us: AtomicI64::new(0),
            last_us: AtomicI64::new(0),
        }
    }

    /// Lets time pass.
    pub(super) fn pass(&self, by: TimeDelta) {
        let by_us = by.num_microseconds().expect("a test lasts no centuries");
        self.added_us.fetch_add(by_us, Ordering::SeqCst);
        self.now();
    }

    /// The present as it was last told. The practice marketplaces, whose threads have a time of
    /// their own, see this one.
    pub(super) fn last(&self) -> DateTime<Utc> {
        beginning() + TimeDelta::microseconds(self.last_us.load(Ordering::SeqCst))
    }
}

fn beginning() -> DateTime<Utc> {
    DateTime::from_timestamp(1_795_334_400, 0).expect("within the years that chrono knows")
}

impl Clock for BenchClock {
    fn now(&self) -> DateTime<Utc> {
        let waited_us = i64::try_from(self.began.elapsed().as_micros()).unwrap_or(i64::MAX);
        let us = waited_us.saturating_add(self.added_us.load(Ordering::SeqCst));
        self.last_us.fetch_max(us, Ordering::SeqCst);
        self.last()
    }
}

/// Numbers that look random and are the same in each run.
#[derive(Debug, Default)]
pub(super) struct BenchRandom(AtomicU64);

impl Random for BenchRandom {
    fn next_u64(&self) -> u64 {
        // SplitMix64: any good mixing of a counter will do.
        let mut mixed = self
            .0
            .fetch_add(0x9e37_79b9_7f4a_7c15, Ordering::SeqCst)
            .wrapping_add(0x9e37_79b9_7f4a_7c15);
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }
}
