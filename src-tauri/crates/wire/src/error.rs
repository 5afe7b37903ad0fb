//! Why a request got no whole answer.

use std::fmt;

/// Why a request got no whole answer.
#[derive(Clone, PartialEq, Eq, thiserror::Error)]
#[error("{kind:?}: {detail}")]
pub struct TransportError {
    /// What happened, as far as the caller must know it.
    pub kind: TransportErrorKind,
    /// Particulars without secrets or personal data.
    pub detail: String,
}

/// What happened to a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TransportErrorKind {
    /// No connection: the request has not left, nothing can have taken effect.
    NotSent,
    /// The connection could not be made safe: the request has not left.
    Tls,
    /// The request left and no answer came in time, or the connection broke before its head.
    NoAnswer,
    /// The head came and the body broke off.
    CutBody,
    /// The body is larger than is read.
    TooLarge,
}

impl TransportError {
    /// An error of a kind.
    pub fn new(kind: TransportErrorKind, detail: impl Into<String>) -> Self {
        Self {
            kind,
            detail: detail.into(),
        }
    }
}

impl fmt::Debug for TransportError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}
