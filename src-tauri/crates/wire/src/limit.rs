//! Limits of a marketplace: what they are, how full each is, and who keeps that.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use barrow_market::{Fill, Rate};
use barrow_model::AccountId;
use chrono::{DateTime, Utc};

use crate::under_way::UnderWay;

/// A marketplace's limit on one or several calls: `calls` per `per`, refilled continuously, at most
/// `burst` saved up. Data, not code: each has its source in the adapter's `limits`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bucket {
    /// Its name, unique within the marketplace.
    pub name: &'static str,
    /// Whose it is.
    pub scope: BucketScope,
    /// Calls.
    pub calls: u32,
    /// In this time.
    pub per: Duration,
    /// Calls at once from rest, at least 1.
    pub burst: u32,
}

impl Bucket {
    /// A limit of the seller's account, all of it at once from rest.
    pub const fn of_seller(name: &'static str, calls: u32, per: Duration) -> Self {
        Self {
            name,
            scope: BucketScope::Seller,
            calls,
            per,
            burst: calls,
        }
    }

    /// A limit of the application, all of it at once from rest.
    pub const fn of_application(name: &'static str, calls: u32, per: Duration) -> Self {
        Self {
            scope: BucketScope::Application,
            ..Self::of_seller(name, calls, per)
        }
    }

    /// The same with so many calls at once from rest.
    #[must_use]
    pub const fn burst(self, burst: u32) -> Self {
        Self { burst, ..self }
    }

    /// Its rate, for choosing a lane.
    pub const fn rate(&self) -> Rate {
        Rate {
            calls: self.calls,
            per: self.per,
            burst: self.burst,
        }
    }
}

impl From<&Bucket> for Rate {
    fn from(bucket: &Bucket) -> Self {
        bucket.rate()
    }
}

/// Whose limit it is: several accounts can share an application's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum BucketScope {
    /// All accounts with the same application keys.
    Application,
    /// The seller's account.
    Seller,
}

/// Which bucket of whom at which endpoint.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct BucketKey {
    /// Scheme, host and port, or the endpoint's word.
    pub endpoint: String,
    /// The application or the seller, without secrets: a hash or an id.
    pub owner: String,
    /// [`Bucket::name`].
    pub bucket: &'static str,
}

/// Whether a call may be made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Take {
    /// It may, and the token is spent.
    Granted,
    /// Not before; no token is spent.
    NotBefore(DateTime<Utc>),
}

/// Keeps the use of limits, over restarts where it can.
///
/// # Behaviour
/// - Spending is recorded before the call is sent, so that a crash never makes a limit forget.
/// - Several processes on one catalogue see each other's spending.
/// - Calls come to the marketplace when they do: however long one is on its way, it brings no other
///   over a limit.
pub trait LimitState: Send + Sync {
    /// Spends one token of every bucket, or of none. What is granted is under way until
    /// [`LimitState::answered`] is told.
    fn take(&self, buckets: &[(BucketKey, Bucket)], now: DateTime<Utc>) -> Take;

    /// The marketplace says that at most `remaining` tokens are left; where `until` is given, none
    /// are granted before it once these are spent.
    fn tighten(
        &self,
        key: &BucketKey,
        bucket: &Bucket,
        remaining: u32,
        until: Option<DateTime<Utc>>,
        now: DateTime<Utc>,
    );

    /// The marketplace itself counts this limit: `remaining` tokens are left, no more come before
    /// `until`, and then it counts anew. Its count replaces what was reckoned, up or down, but
    /// takes no pause back that it asked for.
    fn counted(
        &self,
        key: &BucketKey,
        bucket: &Bucket,
        remaining: u32,
        until: DateTime<Utc>,
        now: DateTime<Utc>,
    );

    /// A call for which tokens were taken at `sent` is over at `now`, whatever became of it. It may
    /// have come to the marketplace a moment ago only: see [`UnderWay`].
    fn answered(&self, buckets: &[(BucketKey, Bucket)], sent: DateTime<Utc>, now: DateTime<Utc>);

    /// An account's calls use up the limits of these owners. Told whenever its way is made.
    fn owned_by(&self, account: AccountId, owners: &Owners) {
        let _ = (account, owners);
    }
}

/// Limits kept in memory, for tests and the simulation.
#[derive(Debug, Default)]
pub struct MemoryLimits {
    fills: Mutex<HashMap<BucketKey, Fill>>,
    under_way: UnderWay,
}

impl LimitState for MemoryLimits {
    fn take(&self, buckets: &[(BucketKey, Bucket)], now: DateTime<Utc>) -> Take {
        let mut fills = self.fills.lock().unwrap_or_else(PoisonError::into_inner);
        let current = |key: &BucketKey, bucket: &Bucket, fills: &HashMap<BucketKey, Fill>| {
            let fill = fills
                .get(key)
                .map_or(Fill::full(bucket, now), |fill| fill.refilled(bucket, now));
            self.under_way.bounded(key, bucket, fill)
        };
        let ready = buckets
            .iter()
            .map(|(key, bucket)| current(key, bucket, &fills).ready_at(bucket));
        match ready.max() {
            Some(at) if at > now => Take::NotBefore(at),
            _ => {
                for (key, bucket) in buckets {
                    let fill = current(key, bucket, &fills);
                    self.under_way.took(key, bucket, &fill, now);
                    fills.insert(key.clone(), fill.spent());
                }
                Take::Granted
            }
        }
    }

    fn answered(&self, buckets: &[(BucketKey, Bucket)], sent: DateTime<Utc>, now: DateTime<Utc>) {
        for (key, bucket) in buckets {
            self.under_way.answered(key, bucket, sent, now);
        }
    }

    fn tighten(
        &self,
        key: &BucketKey,
        bucket: &Bucket,
        remaining: u32,
        until: Option<DateTime<Utc>>,
        now: DateTime<Utc>,
    ) {
        let mut fills = self.fills.lock().unwrap_or_else(PoisonError::into_inner);
        let fill = fills
            .get(key)
            .copied()
            .unwrap_or_else(|| Fill::full(bucket, now));
        fills.insert(
            key.clone(),
            fill.refilled(bucket, now).tightened(remaining, until),
        );
    }

    fn counted(
        &self,
        key: &BucketKey,
        bucket: &Bucket,
        remaining: u32,
        until: DateTime<Utc>,
        now: DateTime<Utc>,
    ) {
        let mut fills = self.fills.lock().unwrap_or_else(PoisonError::into_inner);
        let fill = fills
            .get(key)
            .copied()
            .unwrap_or_else(|| Fill::full(bucket, now));
        fills.insert(key.clone(), fill.counted(bucket, remaining, until, now));
        self.under_way.forget(key);
    }
}

/// Whose limits a transport's calls count against.
#[derive(Clone, Debug)]
pub struct Owners {
    /// Scheme, host and port, or the endpoint's word.
    pub endpoint: String,
    /// The application's keys, hashed or by id.
    pub application: String,
    /// The seller.
    pub seller: String,
    /// How many times faster than the marketplace's figures, 1 for real ones. A rehearsal on
    /// loopback shortens rate windows, and pacing with them.
    pub speed: u32,
}

impl Owners {
    /// The bucket as it is here and now, and whose it is.
    pub fn key(&self, bucket: &Bucket) -> (BucketKey, Bucket) {
        let owner = match bucket.scope {
            BucketScope::Application => &self.application,
            BucketScope::Seller => &self.seller,
        };
        let key = BucketKey {
            endpoint: self.endpoint.clone(),
            owner: owner.clone(),
            bucket: bucket.name,
        };
        let per = bucket.per / self.speed.max(1);
        (key, Bucket { per, ..*bucket })
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use std::time::Duration;

    use chrono::{DateTime, TimeDelta, Utc};
    use proptest::prelude::{prop_assert, proptest};

    use super::{Bucket, BucketKey, BucketScope, LimitState, MemoryLimits, Take};

    pub(crate) fn key() -> BucketKey {
        BucketKey {
            endpoint: "e".into(),
            owner: "o".into(),
            bucket: "b",
        }
    }

    proptest! {
        #[test]
        fn never_more_than_the_burst_and_the_rate(
            calls in 1_u32..50,
            per_s in 1_u64..100,
            burst in 1_u32..20,
            gaps in proptest::collection::vec(0_i64..3_000, 1..200),
        ) {
            let bucket = Bucket {
                name: "b",
                scope: BucketScope::Seller,
                calls,
                per: Duration::from_secs(per_s),
                burst,
            };
            let limits = MemoryLimits::default();
            let start = DateTime::<Utc>::UNIX_EPOCH;
            let mut now = start;
            let mut granted = 0_i64;
            for gap in gaps {
                now += TimeDelta::milliseconds(gap);
                match limits.take(&[(key(), bucket)], now) {
                    Take::Granted => granted += 1,
                    Take::NotBefore(at) => prop_assert!(at > now),
                }
                let elapsed_ms = (now - start).num_milliseconds();
                let allowed = i64::from(burst)
                    + elapsed_ms * i64::from(calls) / (per_s as i64 * 1000);
                prop_assert!(granted <= allowed, "{granted} of {allowed}");
            }
        }
    }

    #[test]
    fn what_the_marketplace_says_tightens_and_never_loosens() {
        let bucket = Bucket {
            name: "b",
            scope: BucketScope::Seller,
            calls: 10,
            per: Duration::from_secs(10),
            burst: 5,
        };
        let limits = MemoryLimits::default();
        let now = DateTime::<Utc>::UNIX_EPOCH;
        let until = now + TimeDelta::seconds(30);
        limits.tighten(&key(), &bucket, 0, Some(until), now);
        assert_eq!(limits.take(&[(key(), bucket)], now), Take::NotBefore(until));
        // Another call was under way, and its refusal names no time: two seconds.
        let sooner = now + TimeDelta::seconds(2);
        limits.tighten(&key(), &bucket, 0, Some(sooner), now);
        assert_eq!(limits.take(&[(key(), bucket)], now), Take::NotBefore(until));
        assert_eq!(limits.take(&[(key(), bucket)], until), Take::Granted);
    }

    #[test]
    fn a_marketplaces_own_count_holds_until_it_counts_anew() {
        let bucket = Bucket::of_seller("b", 4, Duration::from_secs(60));
        let limits = MemoryLimits::default();
        let start = DateTime::<Utc>::UNIX_EPOCH;
        let at = |seconds: i64| start + TimeDelta::seconds(seconds);
        let take = |seconds: i64| limits.take(&[(key(), bucket)], at(seconds));
        limits.counted(&key(), &bucket, 6, at(50), at(0));
        for _ in 0..6 {
            assert_eq!(
                take(1),
                Take::Granted,
                "more than Barrow would have thought"
            );
        }
        assert_eq!(
            take(49),
            Take::NotBefore(at(50)),
            "nothing comes back before"
        );
        for _ in 0..4 {
            assert_eq!(take(50), Take::Granted);
        }
        assert!(matches!(take(50), Take::NotBefore(_)));
        // A pause is only that.
        limits.counted(&key(), &bucket, 2, at(110), at(60));
        limits.tighten(&key(), &bucket, 0, Some(at(65)), at(61));
        assert_eq!(take(62), Take::NotBefore(at(65)));
        assert_eq!(take(65), Take::Granted);
        // It goes on when the count is told after it, and beyond the time of the count.
        limits.tighten(&key(), &bucket, 0, Some(at(75)), at(66));
        limits.counted(&key(), &bucket, 2, at(70), at(67));
        assert_eq!(take(68), Take::NotBefore(at(75)));
        assert_eq!(take(71), Take::NotBefore(at(75)));
        assert_eq!(take(75), Take::Granted);
        // A time that is far away is not believed.
        limits.counted(&key(), &bucket, 0, at(9_999), at(100));
        assert_eq!(take(101), Take::NotBefore(at(160)));
    }
}
