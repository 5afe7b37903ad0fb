//! The transport over sockets.

use std::error::Error as _;
use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use futures_util::StreamExt;
use http::{Method, Request, Response, Uri};

use crate::body::Body;
use crate::error::{TransportError, TransportErrorKind};
use crate::transport::Transport;

/// Longest wait for a connection. A marketplace that does not take one within ten seconds is down.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);

/// HTTP over sockets, with TLS 1.2 or newer and the system's trusted roots. Redirects are not
/// followed: a marketplace's API does not redirect, and a token must not travel elsewhere.
///
/// The system's proxy is used for all but this computer: no proxy could reach a practice
/// marketplace, and none must see what is rehearsed.
#[derive(Clone, Debug)]
pub struct HttpTransport {
    far: reqwest::Client,
    here: reqwest::Client,
}

/// The HTTP client could not be made.
#[derive(Debug, thiserror::Error)]
#[error("the HTTP client cannot be set up: {0}")]
pub struct RealTransportError(String);

impl HttpTransport {
    /// Sets the client up once; clones share its connections.
    pub fn new(user_agent: &str) -> Result<Self, RealTransportError> {
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        // Another part of the process may have installed one; any will do.
        let _ = rustls::crypto::CryptoProvider::install_default((*provider).clone());
        let builder = || {
            reqwest::Client::builder()
                .user_agent(user_agent)
                .connect_timeout(CONNECT_TIMEOUT)
                .redirect(reqwest::redirect::Policy::none())
        };
        let build = |builder: reqwest::ClientBuilder| {
            let built = builder.build();
            built.map_err(|error| RealTransportError(error.to_string()))
        };
        Ok(Self {
            far: build(builder())?,
            here: build(builder().no_proxy())?,
        })
    }

    fn client(&self, uri: &Uri) -> &reqwest::Client {
        let host = uri.host().unwrap_or_default();
        let address = host.trim_start_matches('[').trim_end_matches(']');
        let here = host.eq_ignore_ascii_case("localhost")
            || address.parse().is_ok_and(|ip: IpAddr| ip.is_loopback());
        if here { &self.here } else { &self.far }
    }
}

#[async_trait]
impl Transport for HttpTransport {
    async fn send(&self, request: Request<Bytes>) -> Result<Response<Body>, TransportError> {
        let (head, body) = request.into_parts();
        // A GET without a body must not announce one of length zero; a POST must.
        let bare = body.is_empty() && matches!(head.method, Method::GET | Method::HEAD);
        let mut outgoing = self
            .client(&head.uri)
            .request(head.method, head.uri.to_string());
        outgoing = outgoing.headers(head.headers);
        if !bare {
            outgoing = outgoing.body(body);
        }
        let answer = outgoing.send().await.map_err(classify)?;
        let mut response = Response::new(());
        *response.status_mut() = answer.status();
        *response.headers_mut() = answer.headers().clone();
        let chunks = answer.bytes_stream().map(|chunk| {
            chunk.map_err(|error| {
                let kind = if error.is_timeout() {
                    TransportErrorKind::NoAnswer
                } else {
                    TransportErrorKind::CutBody
                };
                TransportError::new(kind, root_cause(&error))
            })
        });
        Ok(response.map(|()| Body::streamed(chunks)))
    }
}

fn classify(error: reqwest::Error) -> TransportError {
    let detail = root_cause(&error);
    let kind = if is_tls(&error) {
        TransportErrorKind::Tls
    } else if error.is_connect() || error.is_builder() {
        TransportErrorKind::NotSent
    } else {
        TransportErrorKind::NoAnswer
    };
    TransportError::new(kind, detail)
}

fn is_tls(error: &reqwest::Error) -> bool {
    let mut source = error.source();
    while let Some(cause) = source {
        if holds_tls(cause) {
            return true;
        }
        source = cause.source();
    }
    false
}

/// I/O errors hide what they were made of from `source`, and one may be made of another.
fn holds_tls(cause: &(dyn std::error::Error + 'static)) -> bool {
    let mut innermost = cause;
    while let Some(inner) = innermost
        .downcast_ref::<std::io::Error>()
        .and_then(std::io::Error::get_ref)
    {
        innermost = inner;
    }
    innermost.downcast_ref::<rustls::Error>().is_some()
}

/// The innermost message: the outer ones repeat the address, whose query may name a buyer.
fn root_cause(error: &reqwest::Error) -> String {
    let mut innermost: Option<&dyn std::error::Error> = error.source();
    while let Some(next) = innermost.and_then(|cause| cause.source()) {
        innermost = Some(next);
    }
    innermost.map_or_else(|| "the connection failed".to_owned(), ToString::to_string)
}
