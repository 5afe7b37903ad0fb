//! An answer's body: a stream with a bound.

use std::fmt;
use std::pin::Pin;

use bytes::{Bytes, BytesMut};
use futures_util::stream::{self, Stream, StreamExt};

use crate::error::{TransportError, TransportErrorKind};

type Chunks = Pin<Box<dyn Stream<Item = Result<Bytes, TransportError>> + Send>>;

/// The body of an answer, read piece by piece and never beyond the bound that the reader gives.
pub struct Body(Chunks);

impl Body {
    /// A body that is there already.
    pub fn whole(bytes: Bytes) -> Self {
        Self(Box::pin(stream::once(async { Ok(bytes) })))
    }

    /// A body that breaks off after its first bytes.
    pub fn cut(bytes: Bytes) -> Self {
        let error = TransportError::new(TransportErrorKind::CutBody, "the body broke off");
        Self(Box::pin(stream::iter([Ok(bytes), Err(error)])))
    }

    /// A body that arrives over time.
    pub fn streamed(
        chunks: impl Stream<Item = Result<Bytes, TransportError>> + Send + 'static,
    ) -> Self {
        Self(Box::pin(chunks))
    }

    /// The next piece; none at the end.
    pub async fn next(&mut self) -> Option<Result<Bytes, TransportError>> {
        self.0.next().await
    }

    /// All of it, unless it is larger than `bytes_max`.
    pub async fn collect(mut self, bytes_max: usize) -> Result<Bytes, TransportError> {
        let mut collected = BytesMut::new();
        while let Some(chunk) = self.next().await {
            let chunk = chunk?;
            if collected.len() + chunk.len() > bytes_max {
                let detail = format!("the answer has more than {bytes_max} bytes");
                return Err(TransportError::new(TransportErrorKind::TooLarge, detail));
            }
            if collected.is_empty() {
                collected = BytesMut::from(chunk);
            } else {
                collected.extend_from_slice(&chunk);
            }
        }
        Ok(collected.freeze())
    }
}

impl fmt::Debug for Body {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Body(…)")
    }
}
