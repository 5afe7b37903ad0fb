//! Access tokens: fetched with the seller's refresh token, or the application's own keys, kept
//! until shortly before they end, one fetch at a time (ebay.md §2). Beside them the signatures of
//! the few calls that want one (ebay.md §2.6).

mod consent;
mod signature;

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use async_trait::async_trait;
use barrow_market::{Credentials, Error, ErrorKind, Result};
use barrow_model::{Clock, Problem, ProblemKind, Secret};
use barrow_wire::{Authenticator, Client};
use bytes::Bytes;
use chrono::{DateTime, TimeDelta, Utc};
use futures_util::lock::Mutex;
use http::header::AUTHORIZATION;
use http::{HeaderValue, Request, StatusCode};

pub use self::consent::{NoConsent, code_of};
pub(crate) use self::signature::wants_signature;
use self::signature::{SigningKey, is_signed_site};
use crate::config::{
    CLIENT_ID, CLIENT_SECRET, Config, Hosts, REFRESH_TOKEN, SIGNING_KEY, SiteFacts,
};
use crate::error::{SignatureRefusal, parse_error, parse_token_error};
use crate::limits::{APPLICATION_TOKEN, CONSENT_SELLER_ID, CREATE_SIGNING_KEY, USER_TOKEN};
use crate::request;
use crate::types::{SigningKeyAnswer, TokenAnswer, User};

/// A token is fetched anew this long before it ends, so that none ends under way.
const RENEW_BEFORE: TimeDelta = TimeDelta::minutes(2);
/// What a token lasts where eBay does not say; it says two hours.
const LIFETIME_DEFAULT_SECONDS: i64 = 300;
/// Longest lifetime that is believed, in seconds.
const LIFETIME_MAX_SECONDS: i64 = 24 * 60 * 60;

/// Clocks that differ by less are not why a signature is refused; answers tell whole seconds.
const TIME_DIFFERS: TimeDelta = TimeDelta::seconds(2);

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

/// Puts the seller's or the application's token on calls, and a signature on those that want one.
pub struct Tokens {
    client: Client,
    hosts: Hosts,
    site: &'static SiteFacts,
    credentials: Arc<dyn Credentials>,
    clock: Arc<dyn Clock>,
    user: Mutex<Option<Token>>,
    application: Mutex<Option<Token>>,
    /// Whether the seller is one who signs.
    signs: AtomicBool,
    signing: Mutex<Signing>,
    /// The id of the seller that the account is of, where it is known.
    seller: Option<String>,
    /// Whether the vault's permission is known to be his.
    is_his: AtomicBool,
    /// Whether the Post-Order API takes the scheme of the others.
    post_order_bearer: AtomicBool,
}

/// What calls are signed with.
#[derive(Default)]
struct Signing {
    key: Option<SigningKey>,
    /// Counts what was changed because eBay refused a signature.
    generation: u32,
    /// Whether a key was made because eBay refused the one that was there.
    replaced: bool,
    /// By how much eBay's clock is ahead of this computer's.
    ahead: TimeDelta,
}

impl fmt::Debug for Tokens {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Tokens")
            .field("hosts", &self.hosts)
            .finish_non_exhaustive()
    }
}

impl Tokens {
    /// Tokens of one account. `client` has no authenticator of its own.
    pub fn new(
        client: Client,
        config: &Config,
        credentials: Arc<dyn Credentials>,
        clock: Arc<dyn Clock>,
    ) -> Self {
        let site = config.site;
        Self {
            client,
            hosts: config.hosts.clone(),
            site,
            seller: config.seller.clone(),
            is_his: AtomicBool::new(false),
            credentials,
            clock,
            user: Mutex::new(None),
            application: Mutex::new(None),
            signs: AtomicBool::new(is_signed_site(site.id)),
            signing: Mutex::default(),
            post_order_bearer: AtomicBool::new(false),
        }
    }

    /// Takes the other of the two schemes that eBay's pages name for the Post-Order API's token.
    pub(crate) fn switch_post_order_scheme(&self) {
        self.post_order_bearer.fetch_not(Ordering::SeqCst);
    }

    /// With what calls are signed now, to be given to [`Tokens::signature_refused`].
    pub(crate) async fn signing_generation(&self) -> u32 {
        self.signing.lock().await.generation
    }

    /// eBay wants a signature, or another one. Tells whether the call is worth making again:
    ///
    /// - where another call has changed meanwhile what is signed with, `noted` before this one;
    /// - where it was unsigned: it is signed from now on;
    /// - where eBay found its time wrong and tells its own: this computer's clock is;
    /// - where a new key could be made, once, for the keys may be those of another application now.
    ///
    /// # Errors
    /// The new key could not be made; it is tried again with the next refusal.
    pub(crate) async fn signature_refused(
        &self,
        noted: u32,
        refusal: SignatureRefusal,
    ) -> Result<bool> {
        let mut signing = self.signing.lock().await;
        if signing.generation != noted {
            return Ok(true);
        }
        if self.signs.swap(true, Ordering::SeqCst) {
            match refusal {
                SignatureRefusal::Time(date) => {
                    let ahead = date.map(|date| date - self.clock.now());
                    let differs = |ahead: &TimeDelta| (*ahead - signing.ahead).abs() > TIME_DIFFERS;
                    let Some(ahead) = ahead.filter(differs) else {
                        return Ok(false);
                    };
                    signing.ahead = ahead;
                }
                SignatureRefusal::Key if signing.replaced => return Ok(false),
                SignatureRefusal::Key => {
                    signing.key = Some(self.new_signing_key().await?);
                    signing.replaced = true;
                }
            }
        }
        signing.generation = signing.generation.wrapping_add(1);
        Ok(true)
    }

    async fn sign(&self, request: &mut Request<Bytes>) -> Result<()> {
        // Held while a key is made: it is made once.
        let mut signing = self.signing.lock().await;
        let now = self.clock.now() + signing.ahead;
        if !signing.key.as_ref().is_some_and(|key| key.lasts(now)) {
            let key = self.lasting_key(signing.key.take(), now).await?;
            signing.key = Some(key);
        }
        match &signing.key {
            Some(key) => key.sign(request, now),
            None => Ok(()),
        }
    }

    /// The vault's key, else a new one; where none can be made, one that is good for some days yet.
    async fn lasting_key(
        &self,
        held: Option<SigningKey>,
        now: DateTime<Utc>,
    ) -> Result<SigningKey> {
        let is_good = |key: &SigningKey| key.is_good(now);
        let kept = match self.kept_signing_key().await {
            Ok(kept) => kept.filter(is_good),
            Err(_) if held.as_ref().is_some_and(is_good) => None,
            Err(error) => return Err(error),
        };
        let old = match kept {
            Some(key) if key.lasts(now) => return Ok(key),
            kept => kept.or(held.filter(is_good)),
        };
        match (self.new_signing_key().await, old) {
            (Ok(key), _) => Ok(key),
            (Err(error), Some(old)) => {
                tracing::warn!(error = %error, "the signing key ends soon and is not renewed");
                Ok(old)
            }
            (Err(error), None) => Err(error),
        }
    }

    async fn kept_signing_key(&self) -> Result<Option<SigningKey>> {
        let kept = self.credentials.read(SIGNING_KEY).await.map_err(|error| {
            Error::new(ErrorKind::Config, "sign")
                .with("setting", SIGNING_KEY)
                .with("reason", error.reason)
        })?;
        Ok(kept.as_ref().and_then(SigningKey::from_vault))
    }

    /// Has eBay make a key, and keeps it: its private half is told once (ebay.md §2.6).
    async fn new_signing_key(&self) -> Result<SigningKey> {
        let operation = CREATE_SIGNING_KEY.operation;
        let mut request = request::create_signing_key(&self.hosts.apiz, self.site)?;
        let bearer = self.bearer(Owner::Application).await?;
        request
            .headers_mut()
            .insert(AUTHORIZATION, header_value("Bearer", &bearer)?);
        let answer = self.client.call(&CREATE_SIGNING_KEY, request).await?;
        if !answer.status.is_success() {
            return Err(parse_error(operation, &answer));
        }
        let answer: SigningKeyAnswer = answer.json(operation)?;
        let (key, kept) = SigningKey::from_answer(answer)?;
        // Where the vault takes nothing, the key is good for as long as this program runs.
        if let Err(error) = self.credentials.write(SIGNING_KEY, kept).await {
            tracing::warn!(reason = %error.reason, "the key for signatures is not kept");
        }
        Ok(key)
    }

    /// The id of the seller that an access token is of, which never changes (ebay.md §4); none
    /// where the permission to ask is missing.
    pub(crate) async fn seller_of(&self, bearer: &Secret) -> Result<Option<String>> {
        let operation = CONSENT_SELLER_ID.operation;
        let mut request = request::user(&self.hosts.apiz, self.site)?;
        request
            .headers_mut()
            .insert(AUTHORIZATION, header_value("Bearer", bearer)?);
        let answer = self.client.call(&CONSENT_SELLER_ID, request).await?;
        if answer.status == StatusCode::FORBIDDEN {
            return Ok(None);
        }
        if !answer.status.is_success() {
            return Err(parse_error(operation, &answer));
        }
        let user: User = answer.json(operation)?;
        Ok(user.user_id.filter(|id| !id.is_empty()))
    }

    /// A permission that another seller gave is not used: what is listed, and what is sold, is of
    /// the one whom the account is of. Where eBay does not say whose it is, it is taken for his.
    /// Where it cannot say so now, it is asked with the next token: orders and stock do not wait.
    async fn check_seller(&self, bearer: &Secret) -> Result<()> {
        let Some(seller) = &self.seller else {
            return Ok(());
        };
        if self.is_his.load(Ordering::SeqCst) {
            return Ok(());
        }
        match self.seller_of(bearer).await {
            Ok(Some(other)) if other != *seller => {
                let problem = Problem::new(ProblemKind::ConsentRefused).param("why", "token");
                let operation = CONSENT_SELLER_ID.operation;
                Err(Error::new(ErrorKind::Unauthorized, operation).because(problem))
            }
            Ok(_) => {
                self.is_his.store(true, Ordering::SeqCst);
                Ok(())
            }
            Err(_) => Ok(()),
        }
    }

    /// A token that lasts, fetched where there is none.
    async fn bearer(&self, owner: Owner) -> Result<Secret> {
        // Held while a token is fetched: whoever comes meanwhile waits for that one.
        let mut slot = self.slot(owner).lock().await;
        let token = match slot.take() {
            Some(token) if self.clock.now() + RENEW_BEFORE < token.ends_at => token,
            _ => self.fetch(owner).await?,
        };
        let bearer = token.bearer.clone();
        *slot = Some(token);
        Ok(bearer)
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
                let refresh_token = self.credentials.needed(REFRESH_TOKEN, operation).await;
                let refresh_token = refresh_token.map_err(without_consent)?;
                request::refresh_token(&self.hosts.api, &client_id, &client_secret, &refresh_token)?
            }
            Owner::Application => {
                request::client_credentials(&self.hosts.api, &client_id, &client_secret)?
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
        let bearer = Secret::new(bearer);
        if owner == Owner::User {
            self.check_seller(&bearer).await?;
        }
        Ok(Token {
            bearer,
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
        let of_post_order = path.starts_with("/post-order/");
        let iaf = of_post_order && !self.post_order_bearer.load(Ordering::SeqCst);
        let scheme = if iaf { "IAF" } else { "Bearer" };
        let bearer = self.bearer(owner).await?;
        let value = header_value(scheme, &bearer)?;
        request.headers_mut().insert(AUTHORIZATION, value);
        let signed = wants_signature(request.method(), request.uri().path());
        if signed && self.signs.load(Ordering::SeqCst) {
            self.sign(request).await?;
        }
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

/// A vault that holds no consent, as people are told; one that cannot be read stays what it is.
fn without_consent(error: Error) -> Error {
    let missing = error.problem.as_ref().map(|problem| problem.kind);
    if missing == Some(ProblemKind::SettingMissing) {
        return error.because(Problem::new(ProblemKind::ConsentMissing));
    }
    error
}

fn header_value(scheme: &str, bearer: &Secret) -> Result<HeaderValue> {
    let mut value = HeaderValue::from_str(&format!("{scheme} {}", bearer.expose()))
        .map_err(|_| Error::new(ErrorKind::Unreadable, "authorize"))?;
    value.set_sensitive(true);
    Ok(value)
}
