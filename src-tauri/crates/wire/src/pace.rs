//! Rate limits: no call is made while a limit is known to be used up.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use barrow_model::Clock;
use bytes::Bytes;
use chrono::{DateTime, TimeDelta, Utc};
use http::{HeaderMap, Request, Response, StatusCode};

use crate::body::Body;
use crate::error::TransportError;
use crate::limit::{Bucket, BucketKey, LimitState, Owners, Take};
use crate::transport::{CallSpec, Transport};

/// Longest wait that is slept in place; a longer one is the outbox's.
const SLEEP_MAX: Duration = Duration::from_secs(5);
/// Waits in place for one call, at most: with several callers on one bucket a token may be gone
/// again when the wait is over.
const SLEEPS_MAX: u32 = 20;
/// After a 429 that names no time.
const RETRY_AFTER_DEFAULT: Duration = Duration::from_secs(2);

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

/// Tells the limits that a call is over, also where nobody waits for its answer any more.
struct Over<'a> {
    layer: &'a PaceLayer,
    buckets: &'a [(BucketKey, Bucket)],
    sent: DateTime<Utc>,
}

impl Drop for Over<'_> {
    fn drop(&mut self) {
        let PaceLayer { limits, clock, .. } = self.layer;
        limits.answered(self.buckets, self.sent, clock.now());
    }
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
        let mut sleeps = 0;
        let sent = loop {
            let now = self.clock.now();
            let Take::NotBefore(at) = self.limits.take(&buckets, now) else {
                break now;
            };
            let wait = (at - now).to_std().unwrap_or_default();
            if wait > SLEEP_MAX || sleeps >= SLEEPS_MAX {
                return Ok(Self::refused(at));
            }
            // A millisecond more, so that rounding does not wake it just too early.
            tokio::time::sleep(wait + Duration::from_millis(1)).await;
            sleeps += 1;
        };
        let over = Over {
            layer: self,
            buckets: &buckets,
            sent,
        };
        let response = self.inner.send(request).await;
        drop(over);
        let mut response = response?;
        self.learn(&buckets, &mut response);
        Ok(response)
    }
}
