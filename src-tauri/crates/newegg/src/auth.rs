//! The keys on each call (newegg.md §2): two headers, no tokens.

use std::fmt;
use std::sync::Arc;

use async_trait::async_trait;
use barrow_market::{Credentials, Error, ErrorKind, Result};
use barrow_model::{Problem, ProblemKind, Secret};
use barrow_wire::Authenticator;
use bytes::Bytes;
use http::header::AUTHORIZATION;
use http::{HeaderName, HeaderValue, Request};
use tokio::sync::Mutex;

use crate::config::{API_KEY, SECRET_KEY};

const SECRET_KEY_HEADER: HeaderName = HeaderName::from_static("secretkey");
const OPERATION: &str = "authorize";

/// Holds one account's keys, read once.
pub(crate) struct NeweggAuth {
    credentials: Arc<dyn Credentials>,
    keys: Mutex<Option<Keys>>,
}

#[derive(Clone)]
struct Keys {
    api_key: Secret,
    secret_key: Secret,
}

impl fmt::Debug for NeweggAuth {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("NeweggAuth")
    }
}

impl NeweggAuth {
    /// Keys that are not read yet.
    pub(crate) fn new(credentials: Arc<dyn Credentials>) -> Self {
        Self {
            credentials,
            keys: Mutex::new(None),
        }
    }

    async fn keys(&self) -> Result<Keys> {
        let mut held = self.keys.lock().await;
        if let Some(keys) = &*held {
            return Ok(keys.clone());
        }
        let keys = Keys {
            api_key: self.credentials.needed(API_KEY, OPERATION).await?,
            secret_key: self.credentials.needed(SECRET_KEY, OPERATION).await?,
        };
        *held = Some(keys.clone());
        Ok(keys)
    }
}

#[async_trait]
impl Authenticator for NeweggAuth {
    async fn authorize(&self, request: &mut Request<Bytes>) -> Result<()> {
        let keys = self.keys().await?;
        let headers = request.headers_mut();
        // The key as it is, without a scheme (newegg.md §2).
        headers.insert(AUTHORIZATION, header(API_KEY, &keys.api_key)?);
        headers.insert(SECRET_KEY_HEADER, header(SECRET_KEY, &keys.secret_key)?);
        Ok(())
    }

    /// The seller may have given new keys to another process: they are read again.
    async fn renew(&self, _refused: &Request<Bytes>) -> Result<()> {
        *self.keys.lock().await = None;
        self.keys().await.map(|_| ())
    }
}

fn header(setting: &'static str, secret: &Secret) -> Result<HeaderValue> {
    let mut value = HeaderValue::from_str(secret.expose().trim()).map_err(|_| {
        let problem = Problem::new(ProblemKind::SettingInvalid).param("setting", setting);
        Error::new(ErrorKind::Config, OPERATION)
            .with("setting", setting)
            .because(problem)
    })?;
    value.set_sensitive(true);
    Ok(value)
}
