//! The access token (amazon.md §2.1): an hour's, from the seller's refresh token.

use std::fmt;
use std::sync::Arc;

use async_trait::async_trait;
use barrow_market::{Credentials, Error, ErrorKind, Result};
use barrow_model::{Clock, Secret};
use barrow_wire::{Authenticator, Client};
use bytes::Bytes;
use chrono::{DateTime, TimeDelta, Utc};
use http::{HeaderValue, Request};
use tokio::sync::Mutex;

use crate::config::{CLIENT_ID, CLIENT_SECRET, REFRESH_TOKEN};
use crate::error::{login_error, parse_error};
use crate::limits::{TOKEN_CALL, TOKEN_LIFE, TOKEN_RENEW_BEFORE};
use crate::request::{ACCESS_TOKEN, DATE, token_request};
use crate::types::account::TokenAnswer;

/// Holds one account's token. Callers that come while one is fetched wait for it.
pub(crate) struct AmazonAuth {
    client: Client,
    login: String,
    credentials: Arc<dyn Credentials>,
    clock: Arc<dyn Clock>,
    held: Mutex<Held>,
}

#[derive(Default)]
struct Held {
    token: Option<Token>,
    /// How many tokens have been fetched.
    fetched: u64,
}

struct Token {
    secret: Secret,
    renew_at: DateTime<Utc>,
}

impl fmt::Debug for AmazonAuth {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AmazonAuth")
            .field("login", &self.login)
            .finish_non_exhaustive()
    }
}

impl AmazonAuth {
    /// An account without a token yet. `client` has no authenticator.
    pub(crate) fn new(
        client: Client,
        login: String,
        credentials: Arc<dyn Credentials>,
        clock: Arc<dyn Clock>,
    ) -> Self {
        Self {
            client,
            login,
            credentials,
            clock,
            held: Mutex::new(Held::default()),
        }
    }

    /// How many tokens have been fetched: what a refused call tells [`AmazonAuth::renew_after`].
    pub(crate) async fn fetched(&self) -> u64 {
        self.held.lock().await.fetched
    }

    /// Fetches a token unless one has been fetched since `fetched` was read. Amazon refuses an old
    /// token with 403 as well, where the layer below renews after a 401 only (amazon.md §10).
    pub(crate) async fn renew_after(&self, fetched: u64) -> Result<()> {
        let mut held = self.held.lock().await;
        // Before the very first token none was there: the call itself has fetched the first one.
        if held.fetched > fetched.max(1) {
            return Ok(());
        }
        self.fetch_into(&mut held)
            .await
            .map_err(|error| match error.kind {
                // What is not known of the token's call says nothing of the refused one.
                ErrorKind::NoAnswer | ErrorKind::Unreadable | ErrorKind::MarketplaceDown => Error {
                    kind: ErrorKind::Unreachable,
                    ..error
                },
                _ => error,
            })
    }

    async fn fetch_into(&self, held: &mut Held) -> Result<()> {
        held.token = None;
        held.token = Some(self.fetch().await?);
        held.fetched += 1;
        Ok(())
    }

    async fn fetch(&self) -> Result<Token> {
        let operation = TOKEN_CALL.operation;
        let id = self.credentials.needed(CLIENT_ID, operation).await?;
        let secret = self.credentials.needed(CLIENT_SECRET, operation).await?;
        let refresh = self.credentials.needed(REFRESH_TOKEN, operation).await?;
        let request = token_request(&self.login, &id, &secret, &refresh)?;
        let asked_at = self.clock.now();
        let answer = self.client.call(&TOKEN_CALL, request).await?;
        if !answer.status.is_success() {
            return Err(match login_error(operation, answer.status, &answer.body) {
                Some(error) => error,
                None => parse_error(operation, answer.status, &answer.headers, &answer.body),
            });
        }
        let token: TokenAnswer = answer.json(operation)?;
        if token.access_token.is_empty() {
            return Err(Error::new(ErrorKind::Unreadable, operation).with("field", "access_token"));
        }
        let longest = u32::try_from(TOKEN_LIFE.as_secs()).unwrap_or(u32::MAX);
        let life_s = token.expires_in.count().unwrap_or(longest).min(longest);
        let early_s = i64::try_from(TOKEN_RENEW_BEFORE.as_secs()).unwrap_or(0);
        // A life shorter than that is used for half of it.
        let used_s = (i64::from(life_s) - early_s).max(i64::from(life_s) / 2);
        Ok(Token {
            secret: Secret::new(token.access_token),
            renew_at: asked_at + TimeDelta::seconds(used_s),
        })
    }
}

#[async_trait]
impl Authenticator for AmazonAuth {
    async fn authorize(&self, request: &mut Request<Bytes>) -> Result<()> {
        let mut held = self.held.lock().await;
        let now = self.clock.now();
        if held
            .token
            .as_ref()
            .is_none_or(|token| token.renew_at <= now)
        {
            self.fetch_into(&mut held).await?;
        }
        let token = held.token.as_ref().map(|token| token.secret.clone());
        drop(held);
        let Some(token) = token else {
            return Err(unusable());
        };
        let mut value = header(token.expose())?;
        value.set_sensitive(true);
        let headers = request.headers_mut();
        headers.insert(ACCESS_TOKEN, value);
        let date = now.format("%Y%m%dT%H%M%SZ").to_string();
        headers.insert(DATE, header(&date)?);
        Ok(())
    }

    async fn renew(&self, refused: &Request<Bytes>) -> Result<()> {
        let mut held = self.held.lock().await;
        let sent = refused
            .headers()
            .get(ACCESS_TOKEN)
            .map(HeaderValue::as_bytes);
        let newer = held
            .token
            .as_ref()
            .is_some_and(|token| Some(token.secret.expose().as_bytes()) != sent);
        if !newer {
            self.fetch_into(&mut held).await?;
        }
        Ok(())
    }
}

fn header(text: &str) -> Result<HeaderValue> {
    HeaderValue::from_str(text).map_err(|_| unusable())
}

fn unusable() -> Error {
    Error::new(ErrorKind::Unreadable, TOKEN_CALL.operation).with("field", "token")
}
