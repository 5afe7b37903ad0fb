//! Rate limits: no call is made while a limit is known to be used up.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use barrow_market::Rate;
use barrow_model::{AccountId, Clock};
use bytes::Bytes;
use chrono::{DateTime, TimeDelta, Utc};
use http::{HeaderMap, Request, Response, StatusCode};

use crate::body::Body;
use crate::error::TransportError;
use crate::transport::{CallSpec, Transport};

/// Longest wait that is slept in place; a longer one is the outbox's.
const SLEEP_MAX: Duration = Duration::from_secs(5);
/// Waits in place for one call, at most: with several callers on one bucket a token may be gone
/// again when the wait is over.
const SLEEPS_MAX: u32 = 20;
/// After a 429 that names no time.
const RETRY_AFTER_DEFAULT: Duration = Duration::from_secs(2);

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
pub trait LimitState: Send + Sync {
    /// Spends one token of every bucket, or of none.
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

    /// An account's calls use up the limits of these owners. Told whenever its way is made.
    fn owned_by(&self, account: AccountId, owners: &Owners) {
        let _ = (account, owners);
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
}

const MICRO: i64 = 1_000_000;

impl Fill {
    /// A full bucket.
    pub fn full(bucket: &Bucket, now: DateTime<Utc>) -> Self {
        let micro_tokens = i64::from(bucket.burst.max(1)) * MICRO;
        Self {
            micro_tokens,
            at: now,
            blocked_until: None,
        }
    }

    /// The fill at a later time.
    #[must_use]
    pub fn refilled(mut self, bucket: &Bucket, now: DateTime<Utc>) -> Self {
        if now <= self.at {
            return self;
        }
        let elapsed_us = (now - self.at).num_microseconds().unwrap_or(i64::MAX);
        let per_us = i128::from(
            u64::try_from(bucket.per.as_micros())
                .unwrap_or(u64::MAX)
                .max(1),
        );
        let gained = i128::from(elapsed_us) * i128::from(bucket.calls) * i128::from(MICRO) / per_us;
        let full = i64::from(bucket.burst.max(1)) * MICRO;
        let sum = i128::from(self.micro_tokens) + gained;
        self.micro_tokens = i64::try_from(sum).unwrap_or(full).min(full);
        self.at = now;
        self
    }

    /// When a whole token is there.
    pub fn ready_at(&self, bucket: &Bucket) -> DateTime<Utc> {
        let missing = i128::from((MICRO - self.micro_tokens).max(0));
        let per_us = i128::from(u64::try_from(bucket.per.as_micros()).unwrap_or(u64::MAX));
        let rate = i128::from(bucket.calls.max(1)) * i128::from(MICRO);
        let wait_us = (missing * per_us + rate - 1) / rate;
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
        self.micro_tokens = self.micro_tokens.min(i64::from(remaining) * MICRO);
        if remaining == 0 {
            self.blocked_until = until.max(self.blocked_until);
        }
        self
    }
}

/// Limits kept in memory, for tests and the simulation.
#[derive(Debug, Default)]
pub struct MemoryLimits {
    fills: Mutex<HashMap<BucketKey, Fill>>,
}

impl LimitState for MemoryLimits {
    fn take(&self, buckets: &[(BucketKey, Bucket)], now: DateTime<Utc>) -> Take {
        let mut fills = self.fills.lock().unwrap_or_else(PoisonError::into_inner);
        let current = |key: &BucketKey, bucket: &Bucket, fills: &HashMap<BucketKey, Fill>| {
            fills
                .get(key)
                .map_or(Fill::full(bucket, now), |fill| fill.refilled(bucket, now))
        };
        let ready = buckets
            .iter()
            .map(|(key, bucket)| current(key, bucket, &fills).ready_at(bucket));
        match ready.max() {
            Some(at) if at > now => Take::NotBefore(at),
            _ => {
                for (key, bucket) in buckets {
                    let fill = current(key, bucket, &fills).spent();
                    fills.insert(key.clone(), fill);
                }
                Take::Granted
            }
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

/// Why a call was not made.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Paced {
    pub(crate) not_before: DateTime<Utc>,
}

/// Spends tokens before each call, waits up to five seconds for them, and gives up with the time
/// when one will be there otherwise. Reads `Retry-After` of a 429.
pub struct PaceLayer {
    inner: Arc<dyn Transport>,
    limits: Arc<dyn LimitState>,
    clock: Arc<dyn Clock>,
    owners: Owners,
    reset_hint: Option<ResetHint>,
}

/// Reads from the headers of a 429 when the next call may be made, where a marketplace says it in
/// headers of its own.
pub type ResetHint = fn(&HeaderMap, DateTime<Utc>) -> Option<DateTime<Utc>>;

impl PaceLayer {
    /// Keeps a transport within limits.
    pub fn new(
        inner: Arc<dyn Transport>,
        limits: Arc<dyn LimitState>,
        clock: Arc<dyn Clock>,
        owners: Owners,
        reset_hint: Option<ResetHint>,
    ) -> Self {
        Self {
            inner,
            limits,
            clock,
            owners,
            reset_hint,
        }
    }

    fn refused(not_before: DateTime<Utc>) -> Response<Body> {
        let mut response = Response::new(Body::whole(Bytes::new()));
        *response.status_mut() = StatusCode::TOO_MANY_REQUESTS;
        response.extensions_mut().insert(Paced { not_before });
        response
    }

    fn learn(&self, buckets: &[(BucketKey, Bucket)], response: &mut Response<Body>) {
        if response.status() != StatusCode::TOO_MANY_REQUESTS {
            return;
        }
        let now = self.clock.now();
        let told = retry_after(response, now).map(|wait| now + wait);
        let told = told.or_else(|| {
            self.reset_hint
                .and_then(|hint| hint(response.headers(), now))
        });
        let until = told
            .unwrap_or_else(|| now + RETRY_AFTER_DEFAULT / self.owners.speed.max(1))
            // A day bounds what a mistaken header can stop.
            .clamp(now, now + TimeDelta::days(1));
        for (key, bucket) in buckets {
            self.limits.tighten(key, bucket, 0, Some(until), now);
        }
        response
            .extensions_mut()
            .insert(Paced { not_before: until });
    }
}

fn retry_after(response: &Response<Body>, now: DateTime<Utc>) -> Option<Duration> {
    let text = response
        .headers()
        .get(http::header::RETRY_AFTER)?
        .to_str()
        .ok()?
        .trim();
    if let Ok(seconds) = text.parse::<u64>() {
        return Some(Duration::from_secs(seconds.min(86_400)));
    }
    let at = DateTime::parse_from_rfc2822(text).ok()?.with_timezone(&Utc);
    (at - now).to_std().ok()
}

impl std::fmt::Debug for PaceLayer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("PaceLayer")
            .field("owners", &self.owners)
            .finish_non_exhaustive()
    }
}

#[async_trait]
impl Transport for PaceLayer {
    async fn send(&self, request: Request<Bytes>) -> Result<Response<Body>, TransportError> {
        let Some(spec) = request.extensions().get::<CallSpec>().copied() else {
            return self.inner.send(request).await;
        };
        let buckets: Vec<_> = spec
            .buckets
            .iter()
            .map(|bucket| self.owners.key(bucket))
            .collect();
        for sleeps in 0.. {
            let now = self.clock.now();
            let Take::NotBefore(at) = self.limits.take(&buckets, now) else {
                break;
            };
            let wait = (at - now).to_std().unwrap_or_default();
            if wait > SLEEP_MAX || sleeps >= SLEEPS_MAX {
                return Ok(Self::refused(at));
            }
            // A millisecond more, so that rounding does not wake it just too early.
            tokio::time::sleep(wait + Duration::from_millis(1)).await;
        }
        let mut response = self.inner.send(request).await?;
        self.learn(&buckets, &mut response);
        Ok(response)
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use chrono::{DateTime, TimeDelta, Utc};
    use proptest::prelude::{prop_assert, proptest};

    use super::{Bucket, BucketKey, BucketScope, LimitState, MemoryLimits, Take};

    fn key() -> BucketKey {
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
}
