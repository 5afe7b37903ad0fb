//! The use of limits, kept in the catalogue so that a restart forgets nothing.

use std::fmt;
use std::sync::Arc;

use barrow_model::AccountId;
use barrow_store::{LimitKey, LimitUse, Reader, Store, StoreError, Writer};
use barrow_wire::{Bucket, BucketKey, Fill, LimitState, Owners, Take};
use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

/// When the catalogue cannot be written, no call is made for so long.
const UNWRITABLE_WAIT: TimeDelta = TimeDelta::seconds(30);

/// Token buckets whose fill stands in the catalogue. Spending is written before the call is sent,
/// in one transaction with reading, so that several processes share a limit rightly.
pub(crate) struct StoreLimits {
    store: Arc<Store>,
}

#[derive(Serialize, Deserialize)]
struct StoredFill {
    micro_tokens: i64,
    blocked_until: Option<DateTime<Utc>>,
    /// The limit itself, for whoever shows how much is left of it: so many calls in so many
    /// milliseconds, so many saved up.
    #[serde(default)]
    calls: u32,
    #[serde(default)]
    per_ms: u64,
    #[serde(default)]
    burst: u32,
}

impl StoreLimits {
    pub(crate) fn new(store: Arc<Store>) -> Self {
        Self { store }
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
            let stored: StoredFill = serde_json::from_str(&state).ok()?;
            Some(Fill {
                micro_tokens: stored.micro_tokens,
                at: updated_at,
                blocked_until: stored.blocked_until,
            })
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
    let stored = StoredFill {
        micro_tokens: fill.micro_tokens,
        blocked_until: fill.blocked_until,
        calls: bucket.calls,
        per_ms: u64::try_from(bucket.per.as_millis()).unwrap_or(u64::MAX),
        burst: bucket.burst,
    };
    // A struct of plain fields always becomes JSON.
    let state = serde_json::to_string(&stored).unwrap_or_default();
    tx.store_limit_use(key, &state, fill.at)
}

impl LimitState for StoreLimits {
    fn take(&self, buckets: &[(BucketKey, Bucket)], now: DateTime<Utc>) -> Take {
        if buckets.is_empty() {
            return Take::Granted;
        }
        let taken = self.store.write(|tx| {
            let mut fills = Vec::with_capacity(buckets.len());
            let mut ready = now;
            for (key, bucket) in buckets {
                let key = limit_key(key);
                let fill = fill(tx, &key, bucket, now)?;
                ready = ready.max(fill.ready_at(bucket));
                fills.push((key, bucket, fill));
            }
            if ready > now {
                return Ok(Take::NotBefore(ready));
            }
            for (key, bucket, fill) in fills {
                put(tx, &key, bucket, &fill.spent())?;
            }
            Ok(Take::Granted)
        });
        taken.unwrap_or_else(|error| {
            tracing::warn!(%error, "the use of a limit could not be written");
            Take::NotBefore(now + UNWRITABLE_WAIT)
        })
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
