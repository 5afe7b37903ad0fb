//! Calls that are under way, and what they mean for a limit.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use barrow_market::{Fill, MICRO};
use chrono::{DateTime, TimeDelta, Utc};

use crate::limit::{Bucket, BucketKey};

/// How long a call waits at least where as many are under way as may be made at once.
const UNDER_WAY_WAIT: TimeDelta = TimeDelta::milliseconds(250);

/// Calls that are under way, by bucket. Each comes to the marketplace at some time between its
/// sending and its answer, and until then its token may lie there still: of a bucket that is full
/// by it, nothing more is gained. So a bucket saves up one token less for each call under way. Kept
/// beside the fills: to write each answer down would cost as much as each call does.
#[derive(Debug, Default)]
pub struct UnderWay {
    known: Mutex<HashMap<BucketKey, Known>>,
}

/// What is surely left of one bucket when all its calls have come.
#[derive(Clone, Copy, Debug)]
struct Known {
    /// Calls that were sent before are not counted.
    since: DateTime<Utc>,
    calls: u32,
    micro_tokens: i64,
    /// When it was reckoned.
    at: DateTime<Utc>,
}

impl Known {
    fn refilled(mut self, bucket: &Bucket, now: DateTime<Utc>) -> Self {
        let most = (i64::from(bucket.burst.max(1)) - i64::from(self.calls)) * MICRO;
        let sum = i128::from(self.micro_tokens) + bucket.rate().gained(now - self.at);
        self.micro_tokens = i64::try_from(sum).unwrap_or(most).min(most);
        self.at = self.at.max(now);
        self
    }
}

impl UnderWay {
    /// The fill as far as it is surely there now.
    pub fn bounded(&self, key: &BucketKey, bucket: &Bucket, mut fill: Fill) -> Fill {
        let all = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(known) = all.get(key).map(|known| known.refilled(bucket, fill.at)) else {
            return fill;
        };
        fill.micro_tokens = fill.micro_tokens.min(known.micro_tokens);
        if known.calls >= bucket.burst.max(1) {
            fill.blocked_until = Some(fill.at + UNDER_WAY_WAIT).max(fill.blocked_until);
        }
        fill
    }

    /// Notes that a token is taken off this fill. What the marketplace itself counts is not
    /// refilled, whenever calls come.
    pub fn took(&self, key: &BucketKey, bucket: &Bucket, fill: &Fill, now: DateTime<Utc>) {
        let mut all = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if fill.counted_until.is_some() {
            all.remove(key);
            return;
        }
        let fresh = Known {
            since: now,
            calls: 0,
            micro_tokens: fill.micro_tokens,
            at: now,
        };
        let known = all.get(key).map_or(fresh, |it| it.refilled(bucket, now));
        let taken = Known {
            calls: known.calls + 1,
            micro_tokens: known.micro_tokens.min(fill.micro_tokens) - MICRO,
            ..known
        };
        all.insert(key.clone(), taken);
    }

    /// A call that was sent then is over.
    pub fn answered(
        &self,
        key: &BucketKey,
        bucket: &Bucket,
        sent: DateTime<Utc>,
        now: DateTime<Utc>,
    ) {
        let mut all = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = all.get_mut(key).filter(|known| known.since <= sent) {
            *known = known.refilled(bucket, now);
            known.calls = known.calls.saturating_sub(1);
        }
    }

    /// The marketplace itself has counted: nothing is left to be reckoned.
    pub fn forget(&self, key: &BucketKey) {
        let mut all = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        all.remove(key);
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use chrono::{DateTime, TimeDelta, Utc};
    use proptest::prelude::proptest;

    use crate::limit::tests::key;
    use crate::limit::{Bucket, BucketScope, LimitState, MemoryLimits, Take};
    use barrow_market::Fill;

    proptest! {
        /// What the marketplace reckons from when calls come to it, however long each was under
        /// way, and in whatever order they come, it never has to refuse.
        #[test]
        fn calls_under_way_together_bring_none_over_the_limit(
            calls in 1_u32..60,
            burst in 1_u32..8,
            way in proptest::collection::vec((0_i64..9_000, 0_i64..3_000, 0_i64..1_500), 1..150),
        ) {
            let bucket = Bucket {
                name: "b",
                scope: BucketScope::Seller,
                calls,
                per: Duration::from_secs(10),
                burst,
            };
            let limits = MemoryLimits::default();
            let buckets = [(key(), bucket)];
            let mut now = DateTime::<Utc>::UNIX_EPOCH;
            let mut there = Fill::full(&bucket, now);
            // What is still to happen: when, and of an answer when it was sent.
            let mut ahead: Vec<(DateTime<Utc>, Option<DateTime<Utc>>)> = Vec::new();
            let mut until = |to: DateTime<Utc>, ahead: &mut Vec<_>| {
                ahead.sort();
                let due = ahead.partition_point(|(at, _)| *at <= to);
                for (at, sent) in ahead.drain(..due) {
                    match sent {
                        Some(sent) => limits.answered(&buckets, sent, at),
                        None => {
                            there = there.refilled(&bucket, at);
                            // Each refilling is rounded down.
                            assert!(there.micro_tokens > 999_000, "{there:?}");
                            there = there.spent();
                        }
                    }
                }
            };
            for (to_there, back, rest) in way {
                until(now, &mut ahead);
                while let Take::NotBefore(at) = limits.take(&buckets, now) {
                    now = at;
                    until(now, &mut ahead);
                }
                let comes = now + TimeDelta::milliseconds(to_there);
                ahead.push((comes, None));
                ahead.push((comes + TimeDelta::milliseconds(back), Some(now)));
                now += TimeDelta::milliseconds(rest);
            }
            until(now + TimeDelta::seconds(100), &mut ahead);
        }
    }

    #[test]
    fn a_call_that_took_very_long_holds_no_other_up() {
        let bucket = Bucket::of_seller("b", 10, Duration::from_secs(10));
        let limits = MemoryLimits::default();
        let buckets = [(key(), bucket)];
        let start = DateTime::<Utc>::UNIX_EPOCH;
        let over = start + TimeDelta::seconds(300);
        assert_eq!(limits.take(&buckets, start), Take::Granted);
        limits.answered(&buckets, start, over);
        for _ in 0..9 {
            assert_eq!(limits.take(&buckets, over), Take::Granted);
        }
        let soon = over + TimeDelta::seconds(1);
        assert_eq!(limits.take(&buckets, over), Take::NotBefore(soon));
    }
}
