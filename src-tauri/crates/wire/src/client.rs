//! What adapters call marketplaces with.

use std::sync::Arc;

use barrow_market::{Connection, Error, ErrorKind, Result};
use barrow_model::{Clock, Random};
use bytes::Bytes;
use chrono::{DateTime, Utc};
use http::header::DATE;
use http::{HeaderMap, Request, StatusCode};
use serde::Deserialize;

use crate::auth::{AuthFailure, AuthLayer, Authenticator};
use crate::error::{TransportError, TransportErrorKind};
use crate::limit::{Bucket, LimitState, Owners};
use crate::pace::{PaceLayer, Paced, ResetHint};
use crate::retry::{RetryLayer, RetryPolicy};
use crate::timeout::TimeoutLayer;
use crate::trace::TraceLayer;
use crate::transport::{CallSpec, Transport};

/// What `host` gives every connector.
#[derive(Clone)]
pub struct Parts {
    /// The way out.
    pub transport: Arc<dyn Transport>,
    /// The use of limits.
    pub limits: Arc<dyn LimitState>,
    /// Time.
    pub clock: Arc<dyn Clock>,
    /// Chance, for jitter and correlation ids.
    pub random: Arc<dyn Random>,
}

impl std::fmt::Debug for Parts {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Parts")
    }
}

/// What a [`Client`] is made of.
#[derive(Clone)]
pub struct Layers {
    /// The way out, limits, time and chance.
    pub parts: Parts,
    /// The account's token; none for the client that fetches it.
    pub authenticator: Option<Arc<dyn Authenticator>>,
    /// Whose limits are used.
    pub owners: Owners,
    /// Short retries.
    pub retry: RetryPolicy,
    /// How the marketplace says in headers of its own when a limit is over.
    pub reset_hint: Option<ResetHint>,
}

impl std::fmt::Debug for Layers {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Layers")
            .field("owners", &self.owners)
            .finish_non_exhaustive()
    }
}

impl Layers {
    /// The standard layers of one account. `application` and `seller` name whose limits are used,
    /// without secrets.
    ///
    /// The setting `speed` shortens pacing for rehearsal; it counts on loopback endpoints only.
    pub fn from_parts(
        parts: &Parts,
        connection: &Connection,
        application: impl Into<String>,
        seller: impl Into<String>,
    ) -> Self {
        let asked = connection
            .settings
            .get("speed")
            .and_then(|text| text.parse().ok());
        let speed = match asked {
            Some(speed) if connection.endpoint.is_loopback() => speed,
            _ => 1_u32,
        };
        let owners = Owners {
            endpoint: connection.endpoint.to_string(),
            application: application.into(),
            seller: seller.into(),
            speed: speed.max(1),
        };
        parts.limits.owned_by(connection.account_id, &owners);
        Self {
            parts: parts.clone(),
            authenticator: None,
            owners,
            retry: RetryPolicy::STANDARD,
            reset_hint: None,
        }
    }

    /// The same, reading a marketplace's own headers of a 429.
    #[must_use]
    pub fn reading_resets(mut self, hint: ResetHint) -> Self {
        self.reset_hint = Some(hint);
        self
    }

    /// The same with an account's token on each call that wants one.
    #[must_use]
    pub fn authenticated(mut self, authenticator: Arc<dyn Authenticator>) -> Self {
        self.authenticator = Some(authenticator);
        self
    }
}

/// Calls one marketplace for one account, through all layers: trace, auth, retry, pace, timeout.
#[derive(Clone)]
pub struct Client {
    outermost: Arc<dyn Transport>,
    limits: Arc<dyn LimitState>,
    clock: Arc<dyn Clock>,
    owners: Owners,
}

impl std::fmt::Debug for Client {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Client")
            .field("owners", &self.owners)
            .finish_non_exhaustive()
    }
}

/// A whole answer of any status but those that mean no answer.
#[derive(Clone)]
pub struct Answer {
    /// Status.
    pub status: StatusCode,
    /// Headers.
    pub headers: HeaderMap,
    /// Body.
    pub body: Bytes,
}

impl std::fmt::Debug for Answer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Answer({}, {} bytes)", self.status, self.body.len())
    }
}

impl Answer {
    /// The answering side's own time, to whole seconds; none where it does not tell.
    pub fn date(&self) -> Option<DateTime<Utc>> {
        let text = self.headers.get(DATE)?.to_str().ok()?;
        let at = DateTime::parse_from_rfc2822(text).ok()?;
        Some(at.with_timezone(&Utc))
    }

    /// The body as JSON, which may borrow from it. Anything else, such as a gateway's HTML, is
    /// unreadable.
    pub fn json<'a, T: Deserialize<'a>>(&'a self, operation: &'static str) -> Result<T> {
        serde_json::from_slice(&self.body).map_err(|error| {
            // The parser's message may quote the body, which may hold personal data: only where
            // and what kind of mistake is kept.
            Error::new(ErrorKind::Unreadable, operation)
                .with("status", self.status.as_u16())
                .with("line", error.line())
                .with("column", error.column())
                .with("mistake", format!("{:?}", error.classify()))
        })
    }
}

impl Client {
    /// Puts the layers around a transport.
    pub fn new(layers: Layers) -> Self {
        let Layers {
            parts,
            authenticator,
            owners,
            retry,
            reset_hint,
        } = layers;
        let Parts {
            transport,
            limits,
            clock,
            random,
        } = parts;
        let timed = Arc::new(TimeoutLayer::new(transport));
        let paced: Arc<dyn Transport> = Arc::new(PaceLayer::new(
            timed,
            Arc::clone(&limits),
            Arc::clone(&clock),
            owners.clone(),
            reset_hint,
        ));
        let retried: Arc<dyn Transport> = Arc::new(RetryLayer::new(paced, random, retry));
        let authorized = match authenticator {
            Some(authenticator) => Arc::new(AuthLayer::new(retried, authenticator)),
            None => retried,
        };
        Self {
            outermost: Arc::new(TraceLayer::new(authorized)),
            limits,
            clock,
            owners,
        }
    }

    /// Makes a call and reads the whole answer.
    ///
    /// # Errors
    /// - unreachable or tls: the request has not left, nothing can have taken effect;
    /// - no answer, unreadable (a cut or oversized body): it may have taken effect;
    /// - rate limited, with the time when it may be made: it had no effect;
    /// - whatever the authenticator says when there is no token: it had no effect.
    pub async fn call(&self, spec: &CallSpec, mut request: Request<Bytes>) -> Result<Answer> {
        let operation = spec.operation;
        request.extensions_mut().insert(*spec);
        let response = self
            .outermost
            .send(request)
            .await
            .map_err(|error| transport_error(operation, error))?;
        let (mut head, body) = response.into_parts();
        if let Some(AuthFailure(error)) = head.extensions.remove::<AuthFailure>() {
            return Err(without_effect(error));
        }
        if let Some(paced) = head.extensions.get::<Paced>() {
            return Err(Error::new(ErrorKind::RateLimited, operation).not_before(paced.not_before));
        }
        let body = body
            .collect(spec.answer_bytes_max)
            .await
            .map_err(|error| transport_error(operation, error))?;
        Ok(Answer {
            status: head.status,
            headers: head.headers,
            body,
        })
    }

    /// Takes over what an answer says of a limit.
    pub fn note_limit(&self, bucket: &Bucket, remaining: u32, until: Option<DateTime<Utc>>) {
        let (key, bucket) = self.owners.key(bucket);
        self.limits
            .tighten(&key, &bucket, remaining, until, self.clock.now());
    }

    /// Takes over a marketplace's own count of a limit: so many calls are left until then.
    pub fn note_counted(&self, bucket: &Bucket, remaining: u32, until: DateTime<Utc>) {
        let (key, bucket) = self.owners.key(bucket);
        self.limits
            .counted(&key, &bucket, remaining, until, self.clock.now());
    }
}

/// A token that did not come kept the call from being sent: what is not known of the token's own
/// call says nothing of this one. People are told what the marketplace did, where it did something.
fn without_effect(error: Error) -> Error {
    let unreachable = |error: Error| Error {
        kind: ErrorKind::Unreachable,
        ..error
    };
    match error.kind {
        ErrorKind::Unreadable | ErrorKind::MarketplaceDown => {
            let told = error.to_problem();
            unreachable(error).because(told)
        }
        ErrorKind::NoAnswer => unreachable(error),
        _ => error,
    }
}

fn transport_error(operation: &'static str, error: TransportError) -> Error {
    let kind = match error.kind {
        TransportErrorKind::NotSent => ErrorKind::Unreachable,
        TransportErrorKind::Tls => ErrorKind::Tls,
        TransportErrorKind::NoAnswer => ErrorKind::NoAnswer,
        TransportErrorKind::CutBody | TransportErrorKind::TooLarge => ErrorKind::Unreadable,
    };
    Error::new(kind, operation)
        .with("detail", error.detail)
        .persistent()
}
