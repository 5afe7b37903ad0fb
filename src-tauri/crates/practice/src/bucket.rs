//! Rate limits over elapsed time.

use std::collections::BTreeMap;
use std::time::Duration;

use serde::{Deserialize, Serialize};

/// How a limit gives back what was spent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Refill {
    /// Evenly over the window, as a token bucket does.
    Evenly,
    /// All at once when a window ends; windows are counted from the opening of the marketplace.
    AtWindowEnd,
}

/// A limit: so many calls in a window of elapsed time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rate {
    /// Calls per window, and the most that can be saved up.
    pub calls: u32,
    /// The window, not zero.
    pub window: Duration,
    /// How it refills.
    pub refill: Refill,
}

impl Rate {
    /// Returns a token bucket of `calls` per `seconds`.
    pub const fn evenly(calls: u32, seconds: u64) -> Self {
        Self {
            calls,
            window: Duration::from_secs(seconds),
            refill: Refill::Evenly,
        }
    }

    /// Returns a quota of `calls` that renews every `seconds`.
    pub const fn per_window(calls: u32, seconds: u64) -> Self {
        Self {
            calls,
            window: Duration::from_secs(seconds),
            refill: Refill::AtWindowEnd,
        }
    }
}

/// What became of a call that asked a limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Spent {
    /// Whether the call may go on.
    pub granted: bool,
    /// Calls left now.
    pub left: u32,
    /// The limit itself.
    pub rate: Rate,
    /// Elapsed time until one more call is allowed than now; zero where the limit is full.
    pub next_in: Duration,
}

/// What is left of one limit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Bucket {
    rate: Rate,
    /// Calls left, in call-microseconds: one call is the window in microseconds. Whole numbers keep
    /// what was saved equal to what is restored.
    level: u64,
    /// Microseconds of elapsed time at which `level` was right.
    at: u64,
}

impl Bucket {
    fn full(rate: Rate, at: u64) -> Self {
        let mut bucket = Self { rate, level: 0, at };
        bucket.level = bucket.capacity();
        bucket
    }

    fn call(&self) -> u64 {
        micros(self.rate.window).max(1)
    }

    fn capacity(&self) -> u64 {
        self.call().saturating_mul(u64::from(self.rate.calls))
    }

    fn refill(&mut self, now: u64) {
        let gained = match self.rate.refill {
            Refill::Evenly => now
                .saturating_sub(self.at)
                .saturating_mul(u64::from(self.rate.calls)),
            Refill::AtWindowEnd if now / self.call() > self.at / self.call() => self.capacity(),
            Refill::AtWindowEnd => 0,
        };
        self.level = self.level.saturating_add(gained).min(self.capacity());
        self.at = self.at.max(now);
    }

    fn spend(&mut self, now: u64, take: bool) -> Spent {
        self.refill(now);
        let granted = self.level >= self.call();
        if granted && take {
            self.level -= self.call();
        }
        let missing = self.call() - self.level % self.call();
        let wait = match self.rate.refill {
            _ if self.level == self.capacity() => 0,
            Refill::Evenly => missing.div_ceil(u64::from(self.rate.calls.max(1))),
            Refill::AtWindowEnd => self.call() - self.at % self.call(),
        };
        Spent {
            granted,
            left: u32::try_from(self.level / self.call()).unwrap_or(u32::MAX),
            rate: self.rate,
            next_in: Duration::from_micros(wait),
        }
    }
}

/// Every limit of a marketplace, by name, and how often one was run into.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Buckets {
    buckets: BTreeMap<String, Bucket>,
    violations: u64,
}

impl Buckets {
    /// Spends one call of a limit, which starts full; a call that is not granted counts as a
    /// violation and spends nothing.
    pub fn spend(&mut self, name: &str, rate: Rate, elapsed: Duration) -> Spent {
        let spent = self
            .bucket(name, rate, elapsed)
            .spend(micros(elapsed), true);
        if !spent.granted {
            self.violations += 1;
        }
        spent
    }

    /// Tells what is left without spending.
    pub fn look(&mut self, name: &str, rate: Rate, elapsed: Duration) -> Spent {
        self.bucket(name, rate, elapsed)
            .spend(micros(elapsed), false)
    }

    /// Returns how many calls came although a limit was exhausted.
    pub fn violations(&self) -> u64 {
        self.violations
    }

    fn bucket(&mut self, name: &str, rate: Rate, elapsed: Duration) -> &mut Bucket {
        let bucket = self
            .buckets
            .entry(name.to_owned())
            .or_insert_with(|| Bucket::full(rate, micros(elapsed)));
        if bucket.rate != rate {
            *bucket = Bucket::full(rate, micros(elapsed));
        }
        bucket
    }
}

fn micros(duration: Duration) -> u64 {
    u64::try_from(duration.as_micros()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::{Buckets, Rate};

    fn at(seconds: u64) -> Duration {
        Duration::from_secs(seconds)
    }

    #[test]
    fn a_token_bucket_grants_its_burst_and_then_one_call_each_share_of_the_window() {
        let mut buckets = Buckets::default();
        let rate = Rate::evenly(60, 60);
        for left in (0..60).rev() {
            let spent = buckets.spend("orders", rate, at(5));
            assert!(spent.granted);
            assert_eq!(spent.left, left);
        }
        let refused = buckets.spend("orders", rate, at(5));
        assert!(!refused.granted);
        assert_eq!(refused.next_in, at(1));
        assert!(buckets.spend("orders", rate, at(6)).granted);
        assert!(!buckets.spend("orders", rate, at(6)).granted);
        assert_eq!(buckets.violations(), 2);
    }

    #[test]
    fn a_quota_renews_only_when_its_window_ends() {
        let mut buckets = Buckets::default();
        let rate = Rate::per_window(2, 100);
        assert!(buckets.spend("q", rate, at(90)).granted);
        assert!(buckets.spend("q", rate, at(91)).granted);
        let refused = buckets.spend("q", rate, at(99));
        assert_eq!((refused.granted, refused.next_in), (false, at(1)));
        assert_eq!(buckets.spend("q", rate, at(100)).left, 1);
    }

    #[test]
    fn looking_spends_nothing() {
        let mut buckets = Buckets::default();
        let rate = Rate::evenly(3, 3);
        assert_eq!(buckets.look("a", rate, at(0)).left, 3);
        assert_eq!(buckets.spend("a", rate, at(0)).left, 2);
        assert_eq!(buckets.look("a", rate, at(0)).left, 2);
    }

    #[test]
    fn what_is_saved_is_what_is_restored() {
        let mut buckets = Buckets::default();
        buckets.spend("a", Rate::evenly(7, 13), at(3));
        buckets.spend("a", Rate::evenly(7, 13), at(4));
        let saved = serde_json::to_string(&buckets).unwrap();
        assert_eq!(serde_json::from_str::<Buckets>(&saved).unwrap(), buckets);
    }
}
