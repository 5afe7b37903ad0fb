//! The access token (walmart.md §2.1): client credentials, 900 s, no refresh token.

use std::fmt;
use std::sync::Arc;

use async_trait::async_trait;
use barrow_market::{Credentials, Error, ErrorKind, Result};
use barrow_model::{Clock, Random, Secret};
use barrow_wire::{Authenticator, Client};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use chrono::{DateTime, TimeDelta, Utc};
use http::{HeaderValue, Request, StatusCode};
use tokio::sync::Mutex;

use crate::config::{CLIENT_ID, CLIENT_SECRET};
use crate::error::parse_error;
use crate::limits::{TOKEN_CALL, TOKEN_LIFE_MAX, TOKEN_RENEW_PERCENT};
use crate::request::{ACCESS_TOKEN, CORRELATION_ID, token_request};
use crate::types::settings::TokenAnswer;

/// Holds one account's token. Callers that come while one is fetched wait for it.
pub(crate) struct WalmartAuth {
    client: Client,
    base: String,
    credentials: Arc<dyn Credentials>,
    clock: Arc<dyn Clock>,
    random: Arc<dyn Random>,
    token: Mutex<Option<Token>>,
}

struct Token {
    secret: Secret,
    renew_at: DateTime<Utc>,
}

impl fmt::Debug for WalmartAuth {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("WalmartAuth")
            .field("base", &self.base)
            .finish_non_exhaustive()
    }
}

impl WalmartAuth {
    /// An account without a token yet. `client` has no authenticator.
    pub(crate) fn new(
        client: Client,
        base: String,
        credentials: Arc<dyn Credentials>,
        clock: Arc<dyn Clock>,
        random: Arc<dyn Random>,
    ) -> Self {
        Self {
            client,
            base,
            credentials,
            clock,
            random,
            token: Mutex::new(None),
        }
    }

    async fn fetch(&self) -> Result<Token> {
        let operation = TOKEN_CALL.operation;
        let id = self.credentials.needed(CLIENT_ID, operation).await?;
        let secret = self.credentials.needed(CLIENT_SECRET, operation).await?;
        let pair = Secret::new(format!("{}:{}", id.expose(), secret.expose()));
        let basic = Secret::new(format!("Basic {}", STANDARD.encode(pair.expose())));
        let request = token_request(&self.base, &basic, &correlation_id(&*self.random))?;
        let asked_at = self.clock.now();
        let answer = self.client.call(&TOKEN_CALL, request).await?;
        match answer.status {
            StatusCode::OK => {}
            // A wrong key pair comes back as either (walmart.md §2.1).
            StatusCode::BAD_REQUEST | StatusCode::UNAUTHORIZED => {
                let mut error = parse_error(operation, answer.status, &answer.body);
                error.kind = ErrorKind::Unauthorized;
                return Err(error);
            }
            status => return Err(parse_error(operation, status, &answer.body)),
        }
        let token: TokenAnswer = answer.json(operation)?;
        if token.access_token.is_empty() {
            return Err(Error::new(ErrorKind::Unreadable, operation).with("field", "access_token"));
        }
        let life_max = i64::try_from(TOKEN_LIFE_MAX.as_secs()).unwrap_or(i64::MAX);
        let life_s = i64::from(token.expires_in.count().unwrap_or(900)).min(life_max);
        Ok(Token {
            secret: Secret::new(token.access_token),
            renew_at: asked_at + TimeDelta::seconds(life_s * TOKEN_RENEW_PERCENT / 100),
        })
    }
}

#[async_trait]
impl Authenticator for WalmartAuth {
    async fn authorize(&self, request: &mut Request<Bytes>) -> Result<()> {
        let mut held = self.token.lock().await;
        let token = match held.take() {
            Some(token) if token.renew_at > self.clock.now() => token,
            _ => self.fetch().await?,
        };
        let mut value = header(token.secret.expose())?;
        *held = Some(token);
        drop(held);
        value.set_sensitive(true);
        let headers = request.headers_mut();
        headers.insert(ACCESS_TOKEN, value);
        // Each sending has an id of its own (walmart.md §2.2), a replay too.
        headers.insert(CORRELATION_ID, header(&correlation_id(&*self.random))?);
        Ok(())
    }

    async fn renew(&self, refused: &Request<Bytes>) -> Result<()> {
        let mut held = self.token.lock().await;
        let sent = refused
            .headers()
            .get(ACCESS_TOKEN)
            .map(HeaderValue::as_bytes);
        let newer = held
            .as_ref()
            .is_some_and(|token| Some(token.secret.expose().as_bytes()) != sent);
        if !newer {
            *held = None;
            *held = Some(self.fetch().await?);
        }
        Ok(())
    }
}

fn header(text: &str) -> Result<HeaderValue> {
    HeaderValue::from_str(text)
        .map_err(|_| Error::new(ErrorKind::Unreadable, TOKEN_CALL.operation).with("field", "token"))
}

/// A version 4 UUID.
pub(crate) fn correlation_id(random: &dyn Random) -> String {
    let bits = (u128::from(random.next_u64()) << 64) | u128::from(random.next_u64());
    uuid::Builder::from_random_bytes(bits.to_be_bytes())
        .into_uuid()
        .to_string()
}
