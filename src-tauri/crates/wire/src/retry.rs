//! Short retries, only where repeating is harmless.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use barrow_model::Random;
use bytes::Bytes;
use http::{Request, Response};

use crate::body::Body;
use crate::error::{TransportError, TransportErrorKind};
use crate::transport::{CallSpec, Repeat, Transport};

/// How often and how soon a call is tried again.
///
/// Wrong: retrying a publish here. It may have taken effect, and a second one may make a second
/// listing; the outbox looks it up first. Only calls whose [`CallSpec::repeat`] says harmless are
/// tried again, and any call that is known not to have left.
#[derive(Clone, Copy, Debug)]
pub struct RetryPolicy {
    /// Tries in all. Three bridge a dropped connection or a restart of a server behind a balancer;
    /// what lasts longer is for the outbox, which survives a restart of our own.
    pub tries_max: u32,
    /// Wait before the second try; it triples from try to try, with up to half of it as jitter.
    pub delay_first: Duration,
}

impl RetryPolicy {
    /// 3 tries, 0.5 s and 1.5 s apart, so that they stay below the five seconds that a call may
    /// wait in place.
    pub const STANDARD: Self = Self {
        tries_max: 3,
        delay_first: Duration::from_millis(500),
    };
}

/// Tries again what may be tried again.
pub struct RetryLayer {
    inner: Arc<dyn Transport>,
    random: Arc<dyn Random>,
    policy: RetryPolicy,
}

impl RetryLayer {
    /// Adds short retries to a transport.
    pub fn new(inner: Arc<dyn Transport>, random: Arc<dyn Random>, policy: RetryPolicy) -> Self {
        Self {
            inner,
            random,
            policy,
        }
    }

    fn delay(&self, tried: u32) -> Duration {
        let base = self
            .policy
            .delay_first
            .saturating_mul(3_u32.saturating_pow(tried - 1));
        let half_ms = u64::try_from(base.as_millis() / 2)
            .unwrap_or(u64::MAX)
            .max(1);
        base + Duration::from_millis(self.random.next_u64() % half_ms)
    }
}

impl std::fmt::Debug for RetryLayer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("RetryLayer")
            .field("policy", &self.policy)
            .finish_non_exhaustive()
    }
}

fn may_try_again(result: &Result<Response<Body>, TransportError>, repeat: Repeat) -> bool {
    match (result, repeat) {
        (Ok(response), Repeat::Harmless) => {
            response.status().is_server_error()
                && response.headers().get(http::header::RETRY_AFTER).is_none()
        }
        (Ok(_), Repeat::Harmful) => false,
        (Err(error), repeat) => match error.kind {
            TransportErrorKind::NotSent => true,
            TransportErrorKind::NoAnswer | TransportErrorKind::CutBody => {
                repeat == Repeat::Harmless
            }
            TransportErrorKind::Tls | TransportErrorKind::TooLarge => false,
        },
    }
}

#[async_trait]
impl Transport for RetryLayer {
    async fn send(&self, request: Request<Bytes>) -> Result<Response<Body>, TransportError> {
        let Some(spec) = request.extensions().get::<CallSpec>().copied() else {
            return self.inner.send(request).await;
        };
        let mut tried = 1;
        loop {
            let result = self.inner.send(request.clone()).await;
            if tried >= self.policy.tries_max || !may_try_again(&result, spec.repeat) {
                return result;
            }
            tokio::time::sleep(self.delay(tried)).await;
            tried += 1;
        }
    }
}
