//! Tokens (walmart.md §2).

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use chrono::Duration;
use http::StatusCode;
use serde_json::json;

use super::call::{Answer, Call, ok};
use super::error::{GATEWAY, Refusal};
use super::route::missing_header;
use super::state::{State, TOKENS_MAX, Token};
use crate::http::Query;

/// The header that carries the token, without `Bearer` before it.
pub(super) const TOKEN_HEADER: &str = "WM_SEC.ACCESS_TOKEN";

/// How long a token lives (walmart.md §2.1).
const TOKEN_LIFE_SECONDS: i64 = 900;

/// Tokens are longer than 1 kB (walmart.md §2.1).
const TOKEN_LENGTH: usize = 1_180;

/// `POST /v3/token`.
pub(super) fn token(state: &mut State, call: &Call<'_>) -> Answer {
    for name in ["WM_SVC.NAME", "WM_QOS.CORRELATION_ID"] {
        if call.header(name).is_none() {
            return Err(missing_header(name));
        }
    }
    check_keys(state, call)?;
    let content_type = call.header("content-type").unwrap_or_default();
    if !content_type.starts_with("application/x-www-form-urlencoded") {
        return Err(Refusal::new(
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            "UNSUPPORTED_MEDIA_TYPE",
            GATEWAY,
            "The token is asked for with a form.",
        ));
    }
    let form = Query::parse(&String::from_utf8_lossy(call.request.body()));
    if form.get("grant_type") != Some("client_credentials") {
        return Err(Refusal::param(
            GATEWAY,
            "grant_type",
            "This account takes the grant type client_credentials.",
        ));
    }
    let alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let value = format!("eyJ{}", state.ids.text(TOKEN_LENGTH, alphabet));
    let issued_at = call.now.wall;
    let expires_at = issued_at + Duration::seconds(TOKEN_LIFE_SECONDS);
    state.tokens.retain(|token| token.expires_at > issued_at);
    while state.tokens.len() >= TOKENS_MAX {
        state.tokens.pop_front();
    }
    state.tokens.push_back(Token {
        value: value.clone(),
        issued_at,
        expires_at,
    });
    ok(&json!({
        "access_token": value,
        "token_type": "Bearer",
        "expires_in": TOKEN_LIFE_SECONDS,
    }))
}

/// A wrong id comes back as 400, a wrong secret as 401: both have been seen (walmart.md §2.1).
fn check_keys(state: &State, call: &Call<'_>) -> Result<(), Refusal> {
    let basic = call
        .header("authorization")
        .and_then(|text| text.strip_prefix("Basic "));
    let Some(basic) = basic else {
        return Err(missing_header("Authorization"));
    };
    let pair = STANDARD
        .decode(basic.trim())
        .ok()
        .and_then(|raw| String::from_utf8(raw).ok());
    let Some((id, secret)) = pair.as_deref().and_then(|pair| pair.split_once(':')) else {
        return Err(Refusal::unauthorized());
    };
    if id != state.keys.client_id {
        return Err(Refusal::new(
            StatusCode::BAD_REQUEST,
            "INVALID_REQUEST_HEADER",
            GATEWAY,
            "The client id or secret is not valid.",
        ));
    }
    if secret != state.keys.client_secret {
        return Err(Refusal::unauthorized());
    }
    Ok(())
}

/// Lets a call pass that carries a token which is still valid.
pub(super) fn check(state: &State, call: &Call<'_>) -> Result<(), Refusal> {
    valid(state, call)
        .map(|_| ())
        .ok_or_else(Refusal::unauthorized)
}

/// Makes a token invalid at once.
pub(super) fn forget(state: &mut State, value: Option<&str>) {
    state
        .tokens
        .retain(|token| Some(token.value.as_str()) != value);
}

fn valid<'a>(state: &'a State, call: &Call<'_>) -> Option<&'a Token> {
    let value = call.header(TOKEN_HEADER)?;
    state
        .tokens
        .iter()
        .find(|token| token.value == value && token.expires_at > call.now.wall)
}

/// `GET /v3/token/detail`.
pub(super) fn detail(state: &mut State, call: &Call<'_>) -> Answer {
    let token = valid(state, call).ok_or_else(Refusal::unauthorized)?;
    ok(&json!({
        "expire_at": token.expires_at.timestamp_millis().to_string(),
        "issued_at": token.issued_at.timestamp_millis().to_string(),
        "is_valid": true,
        "is_channel_match": true,
        "scopes": {
            "reports": "view_only",
            "item": "full_access",
            "shipping": "view_only",
            "price": "full_access",
            "lagtime": "view_only",
            "feeds": "full_access",
            "returns": "no_access",
            "orders": "full_access",
            "rules": "no_access",
            "inventory": "full_access",
            "content": "full_access",
        },
    }))
}
