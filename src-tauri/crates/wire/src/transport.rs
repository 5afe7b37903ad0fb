//! One method over HTTP.

use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use http::{Request, Response};

use crate::body::Body;
use crate::error::TransportError;
use crate::limit::Bucket;

/// Sends a request and gives the answer's head, with its body as a bounded stream.
///
/// A transport is made real in `host`: over sockets, or calling a practice marketplace in process.
#[async_trait]
pub trait Transport: Send + Sync {
    /// Sends one request. An answer of any status is `Ok`.
    async fn send(&self, request: Request<Bytes>) -> Result<Response<Body>, TransportError>;
}

/// What the layers must know of a call. It travels in the request's extensions; a request without
/// one is sent as it is: no retry, no bucket, the default timeout.
#[derive(Clone, Copy, Debug)]
pub struct CallSpec {
    /// The marketplace's operation, such as `bulkCreateOffer`; for logs and errors.
    pub operation: &'static str,
    /// Buckets that the call takes one token each from, before it is sent.
    pub buckets: &'static [Bucket],
    /// Whether sending it twice does harm.
    pub repeat: Repeat,
    /// How long to wait for the whole answer.
    pub timeout: Duration,
    /// Largest answer that is read, in bytes.
    pub answer_bytes_max: usize,
    /// Whether the account's token is put on it; a token call itself has none.
    pub authenticated: bool,
}

impl CallSpec {
    /// How long an answer is waited for unless it is said otherwise.
    pub const TIMEOUT: Duration = Duration::from_secs(60);

    /// A call with the account's token, answered within [`CallSpec::TIMEOUT`].
    pub const fn new(
        operation: &'static str,
        buckets: &'static [Bucket],
        repeat: Repeat,
        answer_bytes_max: usize,
    ) -> Self {
        Self {
            operation,
            buckets,
            repeat,
            timeout: Self::TIMEOUT,
            answer_bytes_max,
            authenticated: true,
        }
    }

    /// The same without the account's token: for a login, or an address that holds its own
    /// permission.
    #[must_use]
    pub const fn open(self) -> Self {
        Self {
            authenticated: false,
            ..self
        }
    }

    /// The same, waited for so long.
    #[must_use]
    pub const fn within(self, timeout: Duration) -> Self {
        Self { timeout, ..self }
    }
}

/// Whether sending a call twice does harm.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Repeat {
    /// It does not: reading, or writing the same absolute state.
    Harmless,
    /// It may: the call is sent at most once, unless it is known not to have left.
    Harmful,
}
