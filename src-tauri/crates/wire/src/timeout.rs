//! The innermost layer: no call waits for ever.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use http::{Request, Response};

use crate::body::Body;
use crate::error::{TransportError, TransportErrorKind};
use crate::transport::{CallSpec, Transport};

/// For a request that does not say how long it may take.
const TIMEOUT_DEFAULT: Duration = Duration::from_secs(60);
/// For a request that does not say how much is read.
const ANSWER_BYTES_MAX_DEFAULT: usize = 16 << 20;

/// Reads the whole answer within the call's time and size. A call that takes longer has no answer:
/// it may have taken effect.
pub struct TimeoutLayer {
    inner: Arc<dyn Transport>,
}

impl TimeoutLayer {
    /// Puts a time limit on every call of a transport.
    pub fn new(inner: Arc<dyn Transport>) -> Self {
        Self { inner }
    }
}

impl std::fmt::Debug for TimeoutLayer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("TimeoutLayer")
    }
}

#[async_trait]
impl Transport for TimeoutLayer {
    async fn send(&self, request: Request<Bytes>) -> Result<Response<Body>, TransportError> {
        let spec = request.extensions().get::<CallSpec>().copied();
        let timeout = spec.map_or(TIMEOUT_DEFAULT, |spec| spec.timeout);
        let bytes_max = spec.map_or(ANSWER_BYTES_MAX_DEFAULT, |spec| spec.answer_bytes_max);
        let whole = async {
            let (head, body) = self.inner.send(request).await?.into_parts();
            let bytes = body.collect(bytes_max).await?;
            Ok(Response::from_parts(head, Body::whole(bytes)))
        };
        tokio::time::timeout(timeout, whole)
            .await
            .unwrap_or_else(|_| {
                let detail = format!("no answer within {} s", timeout.as_secs());
                Err(TransportError::new(TransportErrorKind::NoAnswer, detail))
            })
    }
}
