//! Tokens: minting, refreshing and checking them (ebay.md §2).

use std::collections::{BTreeMap, BTreeSet};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use chrono::{DateTime, Duration, Utc};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::answer::{Answer, Outcome, Problem, Refusal};
use super::call::Call;
use super::quota;
use super::state::State;
use crate::Now;
use crate::bucket::Rate;
use crate::http::Query;
use crate::random::Random;

/// How long an access token lives, in seconds (ebay.md §2.2).
const ACCESS_SECONDS: i64 = 7200;
/// How long a refresh token lives, in seconds (ebay.md §2.2).
const REFRESH_SECONDS: i64 = 47_304_000;
/// How long a consent's code lives, in seconds (ebay.md §2.2).
pub(super) const CODE_SECONDS: i64 = 299;
/// Access tokens that are kept; the oldest are forgotten, as if they had expired.
const TOKENS_MAX: usize = 1000;

/// Application tokens of a keyset in a day (ebay.md §2.2).
const APPLICATION_TOKENS: Rate = Rate::per_window(1000, 86_400);

/// The base scope; the others are written behind it and a slash (ebay.md §2.4).
pub(super) const BASE_SCOPE: &str = "https://api.ebay.com/oauth/api_scope";

/// Scopes that the practice keyset is entitled to.
const SCOPES: &[&str] = &[
    "sell.inventory",
    "sell.inventory.readonly",
    "sell.account",
    "sell.account.readonly",
    "sell.fulfillment",
    "sell.fulfillment.readonly",
    "sell.finances",
    "sell.payment.dispute",
    "sell.marketing",
    "sell.marketing.readonly",
    "sell.analytics.readonly",
    "sell.stores",
    "sell.stores.readonly",
    "sell.reputation",
    "sell.reputation.readonly",
    "sell.logistics",
    "commerce.identity.readonly",
    "commerce.message",
    "commerce.feedback",
    "commerce.feedback.readonly",
    "commerce.notification.subscription",
    "commerce.notification.subscription.readonly",
];

/// The keyset, the seller's consents and the access tokens that are out.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct Auth {
    pub(super) client_id: String,
    pub(super) client_secret: String,
    pub(super) ru_name: String,
    /// The refresh token that the seller was given at the opening.
    pub(super) first_refresh: String,
    refresh: BTreeMap<String, Consent>,
    codes: BTreeMap<String, Consent>,
    access: BTreeMap<String, Token>,
}

#[derive(Clone, Serialize, Deserialize)]
struct Consent {
    scopes: BTreeSet<String>,
    /// None until it is first seen, as the opening has no clock.
    expires: Option<DateTime<Utc>>,
}

#[derive(Clone, Serialize, Deserialize)]
struct Token {
    scopes: BTreeSet<String>,
    expires: DateTime<Utc>,
    /// Whether it speaks for the seller, not for the application alone.
    user: bool,
}

impl Auth {
    /// Makes a keyset up; the refresh token is granted every scope.
    pub(super) fn made_up(seed: u64) -> Self {
        let mut random = Random::named(seed, "ebay keyset");
        let letters = "0123456789abcdef";
        let part = |random: &mut Random, length| random.text(length, letters);
        let tail = format!("{}-{}", part(&mut random, 9), part(&mut random, 8));
        let client_id = format!("Practice-Barrow-PRD-{tail}");
        let client_secret = format!("PRD-{}-{}", part(&mut random, 12), part(&mut random, 8));
        let ru_name = format!("Practice-Practice-Barrow-{}", part(&mut random, 7));
        let first_refresh = token_text(&mut random, "r", 120);
        let consent = Consent {
            scopes: every_scope(),
            expires: None,
        };
        Self {
            client_id,
            client_secret,
            ru_name,
            refresh: BTreeMap::from([(first_refresh.clone(), consent)]),
            first_refresh,
            codes: BTreeMap::new(),
            access: BTreeMap::new(),
        }
    }

    /// Forgets an access token, as if it had expired.
    pub(super) fn forget(&mut self, token: &str) {
        self.access.remove(token);
    }

    fn keep(&mut self, text: String, token: Token) {
        let now_oldest = self.access.iter().min_by_key(|(_, token)| token.expires);
        if let Some(oldest) = now_oldest.map(|(text, _)| text.clone())
            && self.access.len() >= TOKENS_MAX
        {
            self.access.remove(&oldest);
        }
        self.access.insert(text, token);
    }
}

/// What an operation asks of the token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Need {
    /// Nothing: the token endpoint and the consent page.
    Nothing,
    /// Any token, the application's or the seller's.
    Any,
    /// The seller's token with one of these scopes.
    User(&'static [&'static str]),
    /// The seller's token, written as `IAF` (ebay.md §8.5).
    Iaf,
}

/// Refuses a call whose token is missing, unknown, expired or too weak.
pub(super) fn check(state: &State, call: &Call, need: Need) -> Result<(), Refusal> {
    if need == Need::Nothing {
        return Ok(());
    }
    let scheme = if need == Need::Iaf { "IAF" } else { "Bearer" };
    let token = bearer(call, scheme).and_then(|text| state.auth.access.get(text));
    let Some(token) = token.filter(|token| call.now.wall < token.expires) else {
        return Err(invalid_token().into());
    };
    let enough = match need {
        Need::Nothing | Need::Any => true,
        Need::Iaf => token.user,
        Need::User(scopes) => {
            token.user
                && scopes
                    .iter()
                    .any(|scope| token.scopes.contains(&full_scope(scope)))
        }
    };
    if enough {
        return Ok(());
    }
    Err(forbidden().into())
}

/// The refusal of a call that the seller has not agreed to (ebay.md §12, 1100).
pub(super) fn forbidden() -> Problem {
    let message = "Insufficient permissions to fulfill the request.";
    let mut problem = Problem::new(403, 1100, "ACCESS", message);
    problem.subdomain = "Authorization";
    problem
}

/// The token of a call, under whichever scheme it came.
pub(super) fn any_token(call: &Call) -> Option<&str> {
    bearer(call, "Bearer").or_else(|| bearer(call, "IAF"))
}

fn bearer<'a>(call: &'a Call, scheme: &str) -> Option<&'a str> {
    let (found, token) = call.header("authorization")?.split_once(' ')?;
    found.eq_ignore_ascii_case(scheme).then_some(token.trim())
}

/// The refusal of a dead access token (ebay.md §12, 1001).
pub(super) fn invalid_token() -> Problem {
    let message = "Invalid access token";
    let mut problem = Problem::new(401, 1001, "OAuth", message);
    problem.subdomain = "Authentication";
    problem
}

/// `POST /identity/v1/oauth2/token`.
pub(super) fn mint(state: &mut State, call: &Call) -> Outcome {
    let form = token_form(call)?;
    if !is_keyset(state, call) {
        return Err(oauth(401, "invalid_client", "client authentication failed"));
    }
    match form.get("grant_type") {
        Some("refresh_token") => refresh(state, &form, call.now),
        Some("client_credentials") => application(state, &form, call.now),
        Some("authorization_code") => exchange(state, &form, call.now),
        _ => Err(oauth(
            400,
            "unsupported_grant_type",
            "grant type in request is not supported",
        )),
    }
}

fn token_form(call: &Call) -> Result<Query, Refusal> {
    let kind = call.header("content-type").unwrap_or_default();
    if !kind.starts_with("application/x-www-form-urlencoded") {
        return Err(oauth(
            400,
            "invalid_request",
            "request is missing a required parameter or \
             malformed.",
        ));
    }
    Ok(Query::parse(&String::from_utf8_lossy(&call.body)))
}

fn is_keyset(state: &State, call: &Call) -> bool {
    let header = call
        .header("authorization")
        .and_then(|text| text.split_once(' '));
    let Some((scheme, encoded)) = header else {
        return false;
    };
    let decoded = STANDARD.decode(encoded.trim()).unwrap_or_default();
    let expected = format!("{}:{}", state.auth.client_id, state.auth.client_secret);
    scheme.eq_ignore_ascii_case("Basic") && decoded == expected.as_bytes()
}

fn refresh(state: &mut State, form: &Query, now: Now) -> Outcome {
    let presented = form.get("refresh_token").unwrap_or_default().to_owned();
    if state.faults.meets(super::fault::INVALID_GRANT, "getToken") {
        return Err(dead_grant());
    }
    let Some(consent) = state.auth.refresh.get_mut(&presented) else {
        return Err(dead_grant());
    };
    let expires = *consent
        .expires
        .get_or_insert(now.wall + Duration::seconds(REFRESH_SECONDS));
    if now.wall >= expires {
        return Err(dead_grant());
    }
    let granted = consent.scopes.clone();
    let scopes = wanted_scopes(form, &granted)?;
    let access = state.new_token(scopes, true, now);
    // The refresh token is not rotated: only a new access token comes back (ebay.md §2.2).
    Ok(Answer::ok(json!({
        "access_token": access,
        "expires_in": ACCESS_SECONDS,
        "token_type": "User Access Token",
    })))
}

fn application(state: &mut State, form: &Query, now: Now) -> Outcome {
    let day = state
        .buckets
        .spend("client credentials", APPLICATION_TOKENS, now.elapsed);
    if !day.granted {
        return Err(quota::too_many());
    }
    let scopes = wanted_scopes(form, &every_scope())?;
    let access = state.new_token(scopes, false, now);
    Ok(Answer::ok(json!({
        "access_token": access,
        "expires_in": ACCESS_SECONDS,
        "token_type": "Application Access Token",
    })))
}

fn exchange(state: &mut State, form: &Query, now: Now) -> Outcome {
    let code = form.get("code").unwrap_or_default();
    let known = form.get("redirect_uri") == Some(state.auth.ru_name.as_str());
    let consent = state.auth.codes.remove(code).filter(|_| known);
    let Some(consent) = consent.filter(|code| code.expires.is_some_and(|end| now.wall < end))
    else {
        return Err(oauth(
            400,
            "invalid_grant",
            "the provided authorization grant code is \
             invalid or was issued to another client",
        ));
    };
    let number = state.next("refresh token");
    let mut random = Random::named(state.seed, &format!("ebay refresh {number}"));
    let text = token_text(&mut random, "r", 120);
    let expires = Some(now.wall + Duration::seconds(REFRESH_SECONDS));
    let scopes = consent.scopes;
    state.auth.refresh.insert(
        text.clone(),
        Consent {
            scopes: scopes.clone(),
            expires,
        },
    );
    let access = state.new_token(scopes, true, now);
    Ok(Answer::ok(json!({
        "access_token": access,
        "expires_in": ACCESS_SECONDS,
        "refresh_token": text,
        "refresh_token_expires_in": REFRESH_SECONDS,
        "token_type": "User Access Token",
    })))
}

impl State {
    /// The code of a consent with these scopes.
    pub(super) fn new_code(&mut self, scopes: BTreeSet<String>, now: Now) -> String {
        let number = self.next("consent code");
        let mut random = Random::named(self.seed, &format!("ebay code {number}"));
        let code = token_text(&mut random, "I", 40);
        let expires = Some(now.wall + Duration::seconds(CODE_SECONDS));
        let codes = &mut self.auth.codes;
        codes.retain(|_, code| code.expires.is_some_and(|end| now.wall < end));
        codes.insert(code.clone(), Consent { scopes, expires });
        code
    }

    fn new_token(&mut self, scopes: BTreeSet<String>, user: bool, now: Now) -> String {
        let number = self.next("access token");
        let mut random = Random::named(self.seed, &format!("ebay access {number}"));
        let text = token_text(&mut random, if user { "I" } else { "C" }, 160);
        let expires = now.wall + Duration::seconds(ACCESS_SECONDS);
        self.auth.keep(
            text.clone(),
            Token {
                scopes,
                expires,
                user,
            },
        );
        text
    }
}

/// The scopes that a form asks for; all that were granted where it asks for none.
pub(super) fn wanted_scopes(
    form: &Query,
    granted: &BTreeSet<String>,
) -> Result<BTreeSet<String>, Refusal> {
    let Some(text) = form.get("scope") else {
        return Ok(granted.clone());
    };
    let wanted: BTreeSet<String> = text.split_whitespace().map(str::to_owned).collect();
    if wanted.is_subset(granted) {
        return Ok(wanted);
    }
    Err(oauth(
        400,
        "invalid_scope",
        "The requested scope is invalid, unknown, malformed, or \
         exceeds the scope granted to the client",
    ))
}

fn full_scope(name: &str) -> String {
    format!("{BASE_SCOPE}/{name}")
}

pub(super) fn every_scope() -> BTreeSet<String> {
    let named = SCOPES.iter().map(|name| full_scope(name));
    named.chain([BASE_SCOPE.to_owned()]).collect()
}

fn dead_grant() -> Refusal {
    oauth(
        400,
        "invalid_grant",
        "the provided authorization refresh token is invalid or was \
         issued to another client",
    )
}

pub(super) fn oauth(status: u16, error: &'static str, description: &'static str) -> Refusal {
    Refusal::Oauth {
        status,
        error,
        description,
    }
}

// The signs `^` and `#` are eBay's own, and show whether a client encodes a form once.
fn token_text(random: &mut Random, kind: &str, length: usize) -> String {
    let letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
    format!(
        "v^1.1#i^1#f^0#p^3#{kind}^1#t^{}",
        random.text(length, letters)
    )
}
