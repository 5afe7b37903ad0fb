//! How much is left of a marketplace's limit, reckoned from when it was known last.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use crate::capability::Rate;

/// Millionths of a token in a token.
pub const MICRO: i64 = 1_000_000;

impl Rate {
    /// Millionths of a token that come in a time.
    pub fn gained(&self, time: TimeDelta) -> i128 {
        let time_us = time.num_microseconds().unwrap_or(i64::MAX).max(0);
        let per_us = u64::try_from(self.per.as_micros()).unwrap_or(u64::MAX);
        i128::from(time_us) * i128::from(self.calls) * i128::from(MICRO) / i128::from(per_us.max(1))
    }
}

/// One bucket's fill, as it is stored: tokens in millionths, so that refilling loses nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fill {
    /// Millionths of a token.
    pub micro_tokens: i64,
    /// When it was reckoned.
    pub at: DateTime<Utc>,
    /// No token before this, where the marketplace said so.
    pub blocked_until: Option<DateTime<Utc>>,
    /// Until then the marketplace counts and nothing is refilled; then it counts anew.
    pub counted_until: Option<DateTime<Utc>>,
}

impl Fill {
    /// A full rate.
    pub fn full(rate: impl Into<Rate>, now: DateTime<Utc>) -> Self {
        let rate = rate.into();
        let micro_tokens = i64::from(rate.burst.max(1)) * MICRO;
        Self {
            micro_tokens,
            at: now,
            blocked_until: None,
            counted_until: None,
        }
    }

    /// Whole tokens that are there.
    pub fn tokens(&self) -> u64 {
        (self.micro_tokens.max(0) / MICRO).unsigned_abs()
    }

    /// When all tokens are there again; none where they are.
    pub fn full_at(&self, rate: impl Into<Rate>) -> Option<DateTime<Utc>> {
        let rate = rate.into();
        let full = i64::from(rate.burst.max(1)) * MICRO;
        let missing = i128::from(full - self.micro_tokens);
        if missing <= 0 {
            return None;
        }
        if self.counted_until.is_some() {
            return self.counted_until;
        }
        let per_us = i128::try_from(rate.per.as_micros()).unwrap_or(i128::MAX);
        let wait_us =
            missing.saturating_mul(per_us) / i128::from(rate.calls.max(1)) / i128::from(MICRO);
        let wait = TimeDelta::microseconds(i64::try_from(wait_us).unwrap_or(i64::MAX));
        self.at.checked_add_signed(wait)
    }

    /// The fill at a later time.
    #[must_use]
    pub fn refilled(mut self, rate: impl Into<Rate>, now: DateTime<Utc>) -> Self {
        let rate = rate.into();
        if now <= self.at {
            return self;
        }
        match self.counted_until {
            Some(until) if now < until => {
                self.at = now;
                return self;
            }
            // What a day's limit gives at once from rest is less than the marketplace counts anew.
            Some(until) => {
                let anew = Self {
                    blocked_until: self.blocked_until,
                    ..Self::full(rate, until)
                };
                return anew.refilled(rate, now);
            }
            None => {}
        }
        let full = i64::from(rate.burst.max(1)) * MICRO;
        let sum = i128::from(self.micro_tokens) + rate.gained(now - self.at);
        self.micro_tokens = i64::try_from(sum).unwrap_or(full).min(full);
        self.at = now;
        self
    }

    /// When a whole token is there.
    pub fn ready_at(&self, rate: impl Into<Rate>) -> DateTime<Utc> {
        let rate = rate.into();
        if let Some(until) = self.counted_until.filter(|_| self.micro_tokens < MICRO) {
            return self.blocked_until.map_or(until, |pause| pause.max(until));
        }
        let missing = i128::from((MICRO - self.micro_tokens).max(0));
        let per_us = i128::from(u64::try_from(rate.per.as_micros()).unwrap_or(u64::MAX));
        let each = i128::from(rate.calls.max(1)) * i128::from(MICRO);
        let wait_us = (missing * per_us + each - 1) / each;
        let wait = TimeDelta::microseconds(i64::try_from(wait_us).unwrap_or(i64::MAX / 2));
        let refilled = self.at + wait;
        self.blocked_until
            .map_or(refilled, |until| until.max(refilled))
    }

    /// Takes one token off.
    #[must_use]
    pub fn spent(mut self) -> Self {
        self.micro_tokens -= MICRO;
        self
    }

    /// What the marketplace said is taken over where it is less than what was reckoned.
    #[must_use]
    pub fn tightened(mut self, remaining: u32, until: Option<DateTime<Utc>>) -> Self {
        // A pause takes nothing from what the marketplace itself has counted.
        let pauses = remaining == 0 && until.is_some() && self.counted_until.is_some();
        if !pauses {
            self.micro_tokens = self.micro_tokens.min(i64::from(remaining) * MICRO);
        }
        if remaining == 0 {
            self.blocked_until = until.max(self.blocked_until);
        }
        self
    }
}

impl Fill {
    /// The fill by the marketplace's own count, which holds for the limit's time at most. A pause
    /// that it asked for goes on: many calls may be left of a day, and none for a minute.
    #[must_use]
    pub fn counted(
        self,
        rate: impl Into<Rate>,
        remaining: u32,
        until: DateTime<Utc>,
        now: DateTime<Utc>,
    ) -> Self {
        let rate = rate.into();
        let longest = TimeDelta::from_std(rate.per).unwrap_or(TimeDelta::days(1));
        Self {
            micro_tokens: i64::from(remaining) * MICRO,
            at: now,
            blocked_until: self.blocked_until,
            counted_until: Some(until.min(now + longest)),
        }
    }
}

/// A fill as it is kept over restarts, with the limit itself for whoever shows how much is left of
/// it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeptFill {
    /// Millionths of a token.
    micro_tokens: i64,
    /// When it was reckoned; none in what an older program wrote.
    #[serde(default)]
    at: Option<DateTime<Utc>>,
    blocked_until: Option<DateTime<Utc>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    counted_until: Option<DateTime<Utc>>,
    /// So many calls in so many milliseconds, so many saved up; zeros in what an older program
    /// wrote.
    #[serde(default)]
    calls: u32,
    #[serde(default)]
    per_ms: u64,
    #[serde(default)]
    burst: u32,
}

impl KeptFill {
    /// What is to be kept of a bucket.
    pub fn new(rate: impl Into<Rate>, fill: &Fill) -> Self {
        let rate = rate.into();
        Self {
            micro_tokens: fill.micro_tokens,
            at: Some(fill.at),
            blocked_until: fill.blocked_until,
            counted_until: fill.counted_until,
            calls: rate.calls,
            per_ms: u64::try_from(rate.per.as_millis()).unwrap_or(u64::MAX),
            burst: rate.burst,
        }
    }

    /// The fill; `kept_at` is when it was written, to the millisecond. A limit that is used to its
    /// end for long would gain a little with each call by that alone.
    pub fn fill(&self, kept_at: DateTime<Utc>) -> Fill {
        Fill {
            micro_tokens: self.micro_tokens,
            at: self.at.unwrap_or(kept_at),
            blocked_until: self.blocked_until,
            counted_until: self.counted_until,
        }
    }

    /// The limit itself; none where it was not kept.
    pub fn rate(&self) -> Option<Rate> {
        (self.calls > 0 && self.per_ms > 0).then_some(Rate {
            calls: self.calls,
            per: Duration::from_millis(self.per_ms),
            burst: self.burst.max(1),
        })
    }
}
