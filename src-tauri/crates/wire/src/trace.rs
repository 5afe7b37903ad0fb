//! The outermost layer: one line per call, without secrets or personal data.

use std::sync::Arc;

use async_trait::async_trait;
use bytes::Bytes;
use http::{Request, Response};
use tokio::time::Instant;

use crate::body::Body;
use crate::error::TransportError;
use crate::redact::{redact_headers, redact_query};
use crate::transport::{CallSpec, Transport};

/// Writes what was called, how it ended and how long it took. Paths carry SKUs and order ids, which
/// support asks for; bodies and the values of other headers and parameters are never written.
pub struct TraceLayer {
    inner: Arc<dyn Transport>,
}

impl TraceLayer {
    /// Traces every call of a transport.
    pub fn new(inner: Arc<dyn Transport>) -> Self {
        Self { inner }
    }
}

impl std::fmt::Debug for TraceLayer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("TraceLayer")
    }
}

#[async_trait]
impl Transport for TraceLayer {
    async fn send(&self, request: Request<Bytes>) -> Result<Response<Body>, TransportError> {
        let operation = request
            .extensions()
            .get::<CallSpec>()
            .map_or("-", |spec| spec.operation);
        let method = request.method().clone();
        let path = request.uri().path().to_owned();
        let query = request.uri().query().map(redact_query).unwrap_or_default();
        let started = Instant::now();
        let result = self.inner.send(request).await;
        let elapsed_ms = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX);
        match &result {
            Ok(response) => tracing::debug!(
                operation,
                %method,
                path,
                query,
                status = response.status().as_u16(),
                elapsed_ms,
                headers = redact_headers(response.headers()),
                "answered"
            ),
            Err(error) => {
                tracing::debug!(operation, %method, path, query, elapsed_ms, %error, "failed");
            }
        }
        result
    }
}
