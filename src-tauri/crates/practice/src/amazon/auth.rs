//! Login with Amazon, and what it opens (amazon.md §2).

use bytes::Bytes;
use chrono::{Duration, NaiveDateTime};
use http::{Response, StatusCode};
use serde_json::json;

use super::call::Call;
use super::error::Refusal;
use super::fault::TOKEN_REVOKED;
use super::state::{State, TOKENS_MAX, Token};
use crate::http::{Query, json as json_answer};

/// The header that carries the token.
pub(super) const TOKEN_HEADER: &str = "x-amz-access-token";

/// How long a token lives (amazon.md §2.1).
const TOKEN_LIFE_SECONDS: i64 = 3_600;

/// Tokens have up to 2048 bytes (amazon.md §2.1).
const TOKEN_LENGTH: usize = 1_000;

/// The longest user agent (amazon.md §2.2).
const USER_AGENT_MAX: usize = 500;

/// Scopes of grants without a seller (amazon.md §2.1).
const SCOPES: [&str; 2] = [
    "sellingpartnerapi::notifications",
    "sellingpartnerapi::client_credential:rotation",
];

/// An error in Login with Amazon's own format.
struct Denied {
    status: StatusCode,
    error: &'static str,
    description: &'static str,
}

const fn denied(status: StatusCode, error: &'static str, description: &'static str) -> Denied {
    Denied {
        status,
        error,
        description,
    }
}

const BAD_GRANT: Denied = denied(
    StatusCode::BAD_REQUEST,
    "invalid_grant",
    "The grant parameter refresh_token is invalid: the seller may have revoked it.",
);

/// `POST /auth/o2/token`.
pub(super) fn token(state: &mut State, call: &Call<'_>) -> Response<Bytes> {
    match grant(state, call) {
        Ok(response) => response,
        Err(denied) => json_answer(
            denied.status,
            &json!({
                "error": denied.error,
                "error_description": denied.description,
                "request_id": state.uuid(),
            }),
        ),
    }
}

fn grant(state: &mut State, call: &Call<'_>) -> Result<Response<Bytes>, Denied> {
    let bad = StatusCode::BAD_REQUEST;
    let content_type = call.header("content-type").unwrap_or_default();
    if !content_type.starts_with("application/x-www-form-urlencoded") {
        let text = "The token is asked for with a form.";
        return Err(denied(bad, "invalid_request", text));
    }
    let form = Query::parse(&String::from_utf8_lossy(call.request.body()));
    match form.get("grant_type") {
        Some("refresh_token") => {
            let refresh_token = form.get("refresh_token").unwrap_or_default().to_owned();
            check_keys(state, &form, Some(&refresh_token))?;
            if state.faults.meets(TOKEN_REVOKED, "token")
                || refresh_token != state.keys.refresh_token
            {
                return Err(BAD_GRANT);
            }
            let value = issue(state, call, false);
            Ok(json_answer(
                StatusCode::OK,
                &json!({
                    "access_token": value,
                    "refresh_token": refresh_token,
                    "token_type": "bearer",
                    "expires_in": TOKEN_LIFE_SECONDS,
                }),
            ))
        }
        Some("client_credentials") => {
            check_keys(state, &form, None)?;
            let scope = form.get("scope").unwrap_or_default();
            if !SCOPES.contains(&scope) {
                let text = "The scope parameter is invalid.";
                return Err(denied(bad, "invalid_scope", text));
            }
            let value = issue(state, call, true);
            Ok(json_answer(
                StatusCode::OK,
                &json!({
                    "access_token": value,
                    "scope": scope,
                    "token_type": "bearer",
                    "expires_in": TOKEN_LIFE_SECONDS,
                }),
            ))
        }
        Some("authorization_code") => {
            check_keys(state, &form, None)?;
            let text = "The grant parameter code is invalid.";
            Err(denied(bad, "invalid_grant", text))
        }
        _ => {
            let text = "The grant type is not supported.";
            Err(denied(bad, "unsupported_grant_type", text))
        }
    }
}

/// Another application's id cannot use this one's refresh token; whatever else is wrong with the
/// keys is told as an invalid client (amazon.md §2.1).
fn check_keys(state: &State, form: &Query, refresh_token: Option<&str>) -> Result<(), Denied> {
    let id = form.get("client_id").unwrap_or_default();
    let secret = form.get("client_secret").unwrap_or_default();
    let other = id.starts_with("amzn1.application-oa2-client.") && id != state.keys.client_id;
    if other && refresh_token == Some(state.keys.refresh_token.as_str()) {
        return Err(denied(
            StatusCode::BAD_REQUEST,
            "unauthorized_client",
            "The token and the client do not belong together.",
        ));
    }
    if id != state.keys.client_id || secret != state.keys.client_secret {
        return Err(denied(
            StatusCode::UNAUTHORIZED,
            "invalid_client",
            "Client authentication failed.",
        ));
    }
    Ok(())
}

fn issue(state: &mut State, call: &Call<'_>, grantless: bool) -> String {
    let value = format!("Atza|{}", state.opaque(TOKEN_LENGTH));
    // A token that has run out is still known for what it was.
    while state.tokens.len() >= TOKENS_MAX {
        state.tokens.pop_front();
    }
    state.tokens.push_back(Token {
        value: value.clone(),
        expires_at: call.now.wall + Duration::seconds(TOKEN_LIFE_SECONDS),
        grantless,
    });
    value
}

/// Lets a call pass that says who it is and carries a seller's token which is still valid.
pub(super) fn check(state: &State, call: &Call<'_>, operation: &str) -> Result<(), Refusal> {
    check_headers(call)?;
    let Some(value) = call.header(TOKEN_HEADER) else {
        return Err(unauthorized(
            operation,
            "Access token is missing in the request header.",
        ));
    };
    let token = state.tokens.iter().find(|token| token.value == value);
    match token {
        None => Err(unauthorized(
            operation,
            "The access token you provided is revoked, malformed or invalid.",
        )),
        Some(token) if token.expires_at <= call.now.wall => Err(expired(operation)),
        Some(token) if token.grantless => Err(Refusal::denied()),
        Some(_) => Ok(()),
    }
}

/// Says that a token has run out.
pub(super) fn expired(operation: &str) -> Refusal {
    unauthorized(operation, "The access token you provided has expired.")
}

/// Both statuses are documented; which operations answer which, their models say.
fn unauthorized(operation: &str, details: &str) -> Refusal {
    let status = if operation.contains("Feed") || operation == "confirmShipment" {
        StatusCode::UNAUTHORIZED
    } else {
        StatusCode::FORBIDDEN
    };
    let message = "Access to requested resource is denied.";
    Refusal::new(status, "Unauthorized", message).detailed(details)
}

fn check_headers(call: &Call<'_>) -> Result<(), Refusal> {
    let agent = call.header("user-agent").unwrap_or_default();
    let described = agent
        .split_once('(')
        .is_some_and(|(_, attributes)| attributes.contains("Language=") && agent.ends_with(')'));
    if !described || agent.len() > USER_AGENT_MAX {
        let text = "The user-agent header must name application, version and Language.";
        return Err(Refusal::invalid(text));
    }
    match call.header("x-amz-date") {
        Some(text) if NaiveDateTime::parse_from_str(text, "%Y%m%dT%H%M%SZ").is_err() => {
            Err(Refusal::invalid("The x-amz-date header is not a date."))
        }
        _ => Ok(()),
    }
}

/// Makes a token run out at once.
pub(super) fn forget(state: &mut State, call: &Call<'_>) {
    let value = call.header(TOKEN_HEADER).unwrap_or_default();
    let token = state.tokens.iter_mut().find(|token| token.value == value);
    if let Some(token) = token {
        token.expires_at = call.now.wall;
    }
}
