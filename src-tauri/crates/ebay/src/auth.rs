//! Access tokens: fetched with the seller's refresh token, or the application's own keys, kept
//! until shortly before they end, one fetch at a time (ebay.md §2).

use std::fmt;
use std::sync::Arc;

use async_trait::async_trait;
use barrow_market::{Credentials, Error, ErrorKind, Result};
use barrow_model::{Clock, Secret};
use barrow_wire::{Authenticator, Client};
use bytes::Bytes;
use chrono::{DateTime, TimeDelta, Utc};
use futures_util::lock::Mutex;
use http::header::AUTHORIZATION;
use http::{HeaderValue, Request};

use crate::config::{CLIENT_ID, CLIENT_SECRET, REFRESH_TOKEN};
use crate::error::parse_token_error;
use crate::limits::{APPLICATION_TOKEN, USER_TOKEN};
use crate::request;
use crate::types::TokenAnswer;

/// A token is fetched anew this long before it ends, so that none ends under way.
const RENEW_BEFORE: TimeDelta = TimeDelta::minutes(2);
/// What a token lasts where eBay does not say; it says two hours.
const LIFETIME_DEFAULT_SECONDS: i64 = 300;
/// Longest lifetime that is believed, in seconds.
const LIFETIME_MAX_SECONDS: i64 = 24 * 60 * 60;

/// Whose token a call wants.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Owner {
    /// The seller's.
    User,
    /// The application's: Taxonomy, Metadata and the limits (ebay.md §2.3).
    Application,
}

impl Owner {
    fn of(path: &str) -> Self {
        let of_application = [
            "/commerce/taxonomy/",
            "/sell/metadata/",
            "/developer/analytics/v1_beta/rate_limit/",
        ];
        if of_application.iter().any(|begin| path.starts_with(begin)) {
            Self::Application
        } else {
            Self::User
        }
    }
}

struct Token {
    bearer: Secret,
    ends_at: DateTime<Utc>,
}

/// Puts the seller's or the application's token on calls.
pub struct Tokens {
    client: Client,
    api: String,
    credentials: Arc<dyn Credentials>,
    clock: Arc<dyn Clock>,
    user: Mutex<Option<Token>>,
    application: Mutex<Option<Token>>,
}

impl fmt::Debug for Tokens {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Tokens")
            .field("api", &self.api)
            .finish_non_exhaustive()
    }
}

impl Tokens {
    /// Tokens of one account. `client` has no authenticator of its own.
    pub fn new(
        client: Client,
        api: String,
        credentials: Arc<dyn Credentials>,
        clock: Arc<dyn Clock>,
    ) -> Self {
        Self {
            client,
            api,
            credentials,
            clock,
            user: Mutex::new(None),
            application: Mutex::new(None),
        }
    }

    fn slot(&self, owner: Owner) -> &Mutex<Option<Token>> {
        match owner {
            Owner::User => &self.user,
            Owner::Application => &self.application,
        }
    }

    async fn fetch(&self, owner: Owner) -> Result<Token> {
        let spec = match owner {
            Owner::User => &USER_TOKEN,
            Owner::Application => &APPLICATION_TOKEN,
        };
        let operation = spec.operation;
        let client_id = self.credentials.needed(CLIENT_ID, operation).await?;
        let client_secret = self.credentials.needed(CLIENT_SECRET, operation).await?;
        let request = match owner {
            Owner::User => {
                let refresh_token = self.credentials.needed(REFRESH_TOKEN, operation).await?;
                request::refresh_token(&self.api, &client_id, &client_secret, &refresh_token)?
            }
            Owner::Application => {
                request::client_credentials(&self.api, &client_id, &client_secret)?
            }
        };
        let asked_at = self.clock.now();
        let answer = self.client.call(spec, request).await?;
        if !answer.status.is_success() {
            return Err(parse_token_error(operation, &answer));
        }
        let token: TokenAnswer = answer.json(operation)?;
        let bearer = token
            .access_token
            .filter(|token| !token.is_empty())
            .ok_or_else(|| Error::new(ErrorKind::Unreadable, operation))?;
        let seconds = token
            .expires_in
            .unwrap_or(LIFETIME_DEFAULT_SECONDS)
            .clamp(0, LIFETIME_MAX_SECONDS);
        Ok(Token {
            bearer: Secret::new(bearer),
            ends_at: asked_at + TimeDelta::seconds(seconds),
        })
    }
}

#[async_trait]
impl Authenticator for Tokens {
    async fn authorize(&self, request: &mut Request<Bytes>) -> Result<()> {
        let path = request.uri().path();
        let owner = Owner::of(path);
        // Post-Order wants its own scheme (ebay.md §3).
        let scheme = if path.starts_with("/post-order/") {
            "IAF"
        } else {
            "Bearer"
        };
        // Held while a token is fetched: whoever comes meanwhile waits for that one.
        let mut slot = self.slot(owner).lock().await;
        let token = match slot.take() {
            Some(token) if self.clock.now() + RENEW_BEFORE < token.ends_at => token,
            _ => self.fetch(owner).await?,
        };
        let value = header_value(scheme, &token.bearer)?;
        *slot = Some(token);
        request.headers_mut().insert(AUTHORIZATION, value);
        Ok(())
    }

    async fn renew(&self, refused: &Request<Bytes>) -> Result<()> {
        let owner = Owner::of(refused.uri().path());
        let sent = refused
            .headers()
            .get(AUTHORIZATION)
            .and_then(|value| value.to_str().ok())
            .and_then(|value| value.split_once(' '))
            .map(|(_, bearer)| bearer);
        let mut slot = self.slot(owner).lock().await;
        let newer = slot
            .as_ref()
            .is_some_and(|token| sent.is_some_and(|sent| sent != token.bearer.expose()));
        if newer {
            return Ok(());
        }
        *slot = None;
        *slot = Some(self.fetch(owner).await?);
        Ok(())
    }
}

fn header_value(scheme: &str, bearer: &Secret) -> Result<HeaderValue> {
    let mut value = HeaderValue::from_str(&format!("{scheme} {}", bearer.expose()))
        .map_err(|_| Error::new(ErrorKind::Unreadable, "authorize"))?;
    value.set_sensitive(true);
    Ok(value)
}
