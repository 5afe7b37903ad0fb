//! The use of limits, kept in the catalogue so that a restart forgets nothing.

use std::fmt;
use std::sync::Arc;

use barrow_market::{Fill, KeptFill};
use barrow_model::AccountId;
use barrow_store::{LimitKey, LimitUse, Reader, Store, StoreError, Writer};
use barrow_wire::{Bucket, BucketKey, LimitState, Owners, Take, UnderWay};
use chrono::{DateTime, TimeDelta, Utc};

/// When the catalogue cannot be written, no call is made for so long.
const UNWRITABLE_WAIT: TimeDelta = TimeDelta::seconds(30);

/// Token buckets whose fill stands in the catalogue. Spending is written before the call is sent,
/// in one transaction with reading, so that several processes share a limit rightly.
pub(crate) struct StoreLimits {
    store: Arc<Store>,
    under_way: UnderWay,
}

impl StoreLimits {
    pub(crate) fn new(store: Arc<Store>) -> Self {
        Self {
            store,
            under_way: UnderWay::default(),
        }
    }
}

impl fmt::Debug for StoreLimits {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("StoreLimits")
    }
}

fn limit_key(key: &BucketKey) -> LimitKey {
    LimitKey {
        endpoint: key.endpoint.clone(),
        scope: key.owner.clone(),
        bucket: key.bucket.to_owned(),
    }
}

fn fill(
    db: &Reader<'_>,
    key: &LimitKey,
    bucket: &Bucket,
    now: DateTime<Utc>,
) -> Result<Fill, StoreError> {
    let stored = db
        .limit_use(key)?
        .and_then(|LimitUse { state, updated_at }| {
            let kept: KeptFill = serde_json::from_str(&state).ok()?;
            Some(kept.fill(updated_at))
        });
    Ok(stored.map_or_else(
        || Fill::full(bucket, now),
        |fill| fill.refilled(bucket, now),
    ))
}

fn put(
    tx: &mut Writer<'_>,
    key: &LimitKey,
    bucket: &Bucket,
    fill: &Fill,
) -> Result<(), StoreError> {
    // A struct of plain fields always becomes JSON.
    let state = serde_json::to_string(&KeptFill::new(bucket, fill)).unwrap_or_default();
    tx.store_limit_use(key, &state, fill.at)
}

impl LimitState for StoreLimits {
    fn take(&self, buckets: &[(BucketKey, Bucket)], now: DateTime<Utc>) -> Take {
        if buckets.is_empty() {
            return Take::Granted;
        }
        let mut taken_off: Vec<Fill> = Vec::new();
        let taken = self.store.write(|tx| {
            let mut fills = Vec::with_capacity(buckets.len());
            let mut ready = now;
            for (key, bucket) in buckets {
                let stored = limit_key(key);
                let fill = fill(tx, &stored, bucket, now)?;
                let fill = self.under_way.bounded(key, bucket, fill);
                ready = ready.max(fill.ready_at(bucket));
                fills.push((stored, bucket, fill));
            }
            if ready > now {
                return Ok(Take::NotBefore(ready));
            }
            taken_off = fills.iter().map(|(_, _, fill)| *fill).collect();
            for (key, bucket, fill) in fills {
                put(tx, &key, bucket, &fill.spent())?;
            }
            Ok(Take::Granted)
        });
        let taken = taken.unwrap_or_else(|error| {
            tracing::warn!(%error, "the use of a limit could not be written");
            Take::NotBefore(now + UNWRITABLE_WAIT)
        });
        if taken == Take::Granted {
            for ((key, bucket), fill) in buckets.iter().zip(&taken_off) {
                self.under_way.took(key, bucket, fill, now);
            }
        }
        taken
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
        let key = limit_key(key);
        let written = self.store.write(|tx| {
            let fill = fill(tx, &key, bucket, now)?.tightened(remaining, until);
            put(tx, &key, bucket, &fill)
        });
        if let Err(error) = written {
            tracing::warn!(%error, "the use of a limit could not be written");
        }
    }

    fn counted(
        &self,
        key: &BucketKey,
        bucket: &Bucket,
        remaining: u32,
        until: DateTime<Utc>,
        now: DateTime<Utc>,
    ) {
        let stored = limit_key(key);
        let written = self.store.write(|tx| {
            let fill = fill(tx, &stored, bucket, now)?.counted(bucket, remaining, until, now);
            put(tx, &stored, bucket, &fill)
        });
        self.under_way.forget(key);
        if let Err(error) = written {
            tracing::warn!(%error, "the use of a limit could not be written");
        }
    }

    fn owned_by(&self, account: AccountId, owners: &Owners) {
        let names = [owners.application.as_str(), owners.seller.as_str()];
        let is_known = self.store.read(|db| {
            let known = db.limit_owners(account)?;
            let has = |owner: &&str| known.contains(&(owners.endpoint.clone(), (**owner).into()));
            Ok(names.iter().all(has) && known.len() <= names.len())
        });
        // An import may hold the writer for long: it is asked for only where there is news.
        if matches!(is_known, Ok(true)) {
            return;
        }
        let written = self
            .store
            .write(|tx| tx.own_limits(account, &owners.endpoint, &names));
        if let Err(error) = written {
            tracing::warn!(%error, "whose limits an account uses could not be written");
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::time::Duration;

    use barrow_store::{OpenOptions, Store};
    use barrow_wire::{Bucket, BucketKey, LimitState, Take};
    use chrono::{DateTime, TimeDelta, Utc};

    use super::StoreLimits;
    use crate::clock::{OsRandom, SystemClock};

    const NAME: &str = "b";

    fn limits() -> StoreLimits {
        let options = OpenOptions {
            clock: Arc::new(SystemClock),
            random: Arc::new(OsRandom),
            key: None,
            page_limit: None,
        };
        let store = Store::open_in_memory(options).expect("opens");
        StoreLimits::new(Arc::new(store))
    }

    fn key() -> BucketKey {
        BucketKey {
            endpoint: "e".into(),
            owner: "o".into(),
            bucket: NAME,
        }
    }

    #[test]
    fn a_limit_used_to_its_end_gives_no_more_than_its_rate() {
        let limits = limits();
        let bucket = Bucket::of_seller(NAME, 100, Duration::from_secs(1)).burst(1);
        let buckets = [(key(), bucket)];
        let start = DateTime::<Utc>::UNIX_EPOCH + TimeDelta::microseconds(999);
        let mut now = start;
        for _ in 0..200 {
            while let Take::NotBefore(at) = limits.take(&buckets, now) {
                now = at;
            }
            limits.answered(&buckets, now, now);
        }
        assert_eq!(now - start, TimeDelta::milliseconds(1_990));
    }

    #[test]
    fn a_call_that_came_late_brings_no_other_over_the_limit() {
        let limits = limits();
        let bucket = Bucket::of_seller(NAME, 1, Duration::from_secs(1));
        let buckets = [(key(), bucket)];
        let at = |ms: i64| DateTime::<Utc>::UNIX_EPOCH + TimeDelta::milliseconds(ms);
        assert_eq!(limits.take(&buckets, at(0)), Take::Granted);
        limits.answered(&buckets, at(0), at(400));
        assert_eq!(limits.take(&buckets, at(1_000)), Take::NotBefore(at(1_400)));
        assert_eq!(limits.take(&buckets, at(1_400)), Take::Granted);
    }

    #[test]
    fn what_the_marketplace_counts_is_not_lowered_by_what_was_reckoned() {
        let limits = limits();
        let bucket = Bucket::of_application(NAME, 2, Duration::from_secs(86_400));
        let buckets = [(key(), bucket)];
        let at = |seconds: i64| DateTime::<Utc>::UNIX_EPOCH + TimeDelta::seconds(seconds);
        assert_eq!(limits.take(&buckets, at(0)), Take::Granted);
        limits.counted(&key(), &bucket, 5, at(80_000), at(1));
        limits.answered(&buckets, at(0), at(2));
        for _ in 0..5 {
            assert_eq!(limits.take(&buckets, at(3)), Take::Granted);
        }
        assert_eq!(limits.take(&buckets, at(4)), Take::NotBefore(at(80_000)));
    }

    #[test]
    fn an_answer_does_not_wait_for_the_catalogue() {
        let limits = limits();
        let bucket = Bucket::of_seller(NAME, 1, Duration::from_secs(1));
        let buckets = [(key(), bucket)];
        let at = |ms: i64| DateTime::<Utc>::UNIX_EPOCH + TimeDelta::milliseconds(ms);
        assert_eq!(limits.take(&buckets, at(0)), Take::Granted);
        let while_writing = limits.store.write(|_| {
            limits.answered(&buckets, at(0), at(400));
            Ok(())
        });
        while_writing.expect("writes");
        assert_eq!(limits.take(&buckets, at(1_000)), Take::NotBefore(at(1_400)));
    }

    #[test]
    fn a_pause_outlasts_the_count_that_is_told_after_it() {
        let limits = limits();
        let bucket = Bucket::of_application(NAME, 100, Duration::from_secs(86_400));
        let key = key();
        let at = |seconds: i64| DateTime::<Utc>::UNIX_EPOCH + TimeDelta::seconds(seconds);
        limits.tighten(&key, &bucket, 0, Some(at(60)), at(0));
        limits.counted(&key, &bucket, 50, at(80_000), at(1));
        let take = |seconds: i64| limits.take(&[(key.clone(), bucket)], at(seconds));
        assert_eq!(take(2), Take::NotBefore(at(60)));
        for _ in 0..50 {
            assert_eq!(take(60), Take::Granted);
        }
        assert_eq!(take(61), Take::NotBefore(at(80_000)));
    }
}
