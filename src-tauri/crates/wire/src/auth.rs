//! The account's token on each call.

use std::sync::Arc;

use async_trait::async_trait;
use bytes::Bytes;
use http::{Request, Response, StatusCode};

use crate::body::Body;
use crate::error::TransportError;
use crate::transport::{CallSpec, Transport};

/// Knows an account's token. An adapter brings one; it is single flight: callers that come while a
/// token is being fetched wait for that one.
#[async_trait]
pub trait Authenticator: Send + Sync {
    /// Puts the token on a request, fetching one where there is none or it is about to end.
    async fn authorize(&self, request: &mut Request<Bytes>) -> barrow_market::Result<()>;

    /// The marketplace refused the token on `refused`: forgets it, unless a newer one is there
    /// already, and fetches another.
    async fn renew(&self, refused: &Request<Bytes>) -> barrow_market::Result<()>;
}

/// Puts the token on calls that want one. A 401 renews the token once and replays the call once:
/// a refused call has had no effect. A second 401 is the answer.
pub struct AuthLayer {
    inner: Arc<dyn Transport>,
    authenticator: Arc<dyn Authenticator>,
}

/// Carries an authenticator's own error through the transport's.
#[derive(Clone, Debug)]
pub(crate) struct AuthFailure(pub(crate) barrow_market::Error);

impl AuthLayer {
    /// Puts an account's token on every call of a transport that wants it.
    pub fn new(inner: Arc<dyn Transport>, authenticator: Arc<dyn Authenticator>) -> Self {
        Self {
            inner,
            authenticator,
        }
    }

    fn refused(error: barrow_market::Error) -> Response<Body> {
        let mut response = Response::new(Body::whole(Bytes::new()));
        *response.status_mut() = StatusCode::UNAUTHORIZED;
        response.extensions_mut().insert(AuthFailure(error));
        response
    }
}

impl std::fmt::Debug for AuthLayer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("AuthLayer")
    }
}

#[async_trait]
impl Transport for AuthLayer {
    async fn send(&self, request: Request<Bytes>) -> Result<Response<Body>, TransportError> {
        let wanted = request
            .extensions()
            .get::<CallSpec>()
            .is_some_and(|spec| spec.authenticated);
        if !wanted {
            return self.inner.send(request).await;
        }
        let mut authorized = request.clone();
        if let Err(error) = self.authenticator.authorize(&mut authorized).await {
            return Ok(Self::refused(error));
        }
        let response = self.inner.send(authorized.clone()).await?;
        if response.status() != StatusCode::UNAUTHORIZED {
            return Ok(response);
        }
        if let Err(error) = self.authenticator.renew(&authorized).await {
            return Ok(Self::refused(error));
        }
        let mut replay = request;
        if let Err(error) = self.authenticator.authorize(&mut replay).await {
            return Ok(Self::refused(error));
        }
        self.inner.send(replay).await
    }
}
