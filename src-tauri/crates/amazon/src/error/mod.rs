//! What Amazon's errors mean: one table for calls (amazon.md §2.1, §10), one for issues (§4.2).

mod issue;

use barrow_market::{Error, ErrorKind};
use barrow_model::{Problem, ProblemKind};
use http::{HeaderMap, StatusCode};
use serde_json::Value;

pub(crate) use issue::{concerns, is_error, issue_problem, worst};

/// What each status means (amazon.md §10).
const STATUSES: &[(u16, ErrorKind)] = &[
    (400, ErrorKind::Refused),
    (401, ErrorKind::Unauthorized),
    (403, ErrorKind::Forbidden),
    (404, ErrorKind::NotFound),
    (413, ErrorKind::Refused),
    (415, ErrorKind::Refused),
    (429, ErrorKind::RateLimited),
];

/// What the login's words mean (amazon.md §2.1): none of them is worth another try.
const LOGIN_WORDS: &[(&str, ErrorKind)] = &[
    ("invalid_grant", ErrorKind::ConsentEnded),
    ("invalid_client", ErrorKind::Unauthorized),
    ("unauthorized_client", ErrorKind::Unauthorized),
    ("unsupported_grant_type", ErrorKind::Unauthorized),
    ("invalid_request", ErrorKind::Unauthorized),
    ("invalid_scope", ErrorKind::Unauthorized),
    ("access_denied", ErrorKind::Unauthorized),
];

/// The role that an operation needs, in Amazon's words, and what it would allow (amazon.md §2.3).
const ROLES: &[(&str, &str, &str)] = &[
    ("putListingsItem", "Product Listing", "publish"),
    ("patchListingsItem", "Product Listing", "set_price"),
    ("deleteListingsItem", "Product Listing", "end"),
    ("getListingsItem", "Product Listing", "publish"),
    ("searchListingsItems", "Product Listing", "publish"),
    ("searchCatalogItems", "Product Listing", "publish"),
    ("getListingsRestrictions", "Product Listing", "publish"),
    ("createFeedDocument", "Product Listing", "publish"),
    ("createFeed", "Product Listing", "publish"),
    ("getFeed", "Product Listing", "publish"),
    ("getFeeds", "Product Listing", "publish"),
    ("getFeedDocument", "Product Listing", "publish"),
    ("searchOrders", "Inventory and Order Tracking", "orders"),
    ("getOrder", "Inventory and Order Tracking", "orders"),
    ("confirmShipment", "Inventory and Order Tracking", "ship"),
];

/// The permission that an operation lacks, in words; none where no role is known for it.
pub(crate) fn missing_role(operation: &str) -> Option<Problem> {
    let (_, role, feature) = ROLES.iter().find(|(known, _, _)| *known == operation)?;
    Some(permission_missing(role, feature))
}

/// A role that is missing and what it would allow.
pub(crate) fn permission_missing(role: &str, feature: &str) -> Problem {
    Problem::new(ProblemKind::PermissionMissing)
        .param("permission", role)
        .param("feature", feature)
}

/// An error of the login; none where the answer is in another form.
pub(crate) fn login_error(
    operation: &'static str,
    status: StatusCode,
    body: &[u8],
) -> Option<Error> {
    let value: Value = serde_json::from_slice(body).ok()?;
    let word = text_of(&value, "error")?;
    let (_, kind) = LOGIN_WORDS.iter().find(|(known, _)| *known == word)?;
    let text = text_of(&value, "error_description").unwrap_or_default();
    let error = Error::new(*kind, operation)
        .with("status", status.as_u16())
        .vendor(word, text);
    Some(error)
}

/// Turns an answer that is no success into an error.
pub(crate) fn parse_error(
    operation: &'static str,
    status: StatusCode,
    headers: &HeaderMap,
    body: &[u8],
) -> Error {
    let said = envelope(body);
    let kind = if is_token_refused(status, body) {
        ErrorKind::Unauthorized
    } else {
        kind_of_status(status)
    };
    let mut error = Error::new(kind, operation).with("status", status.as_u16());
    // Amazon's support asks for it (amazon.md §10).
    if let Some(id) = headers
        .get("x-amzn-requestid")
        .and_then(|v| v.to_str().ok())
    {
        let id: String = id.chars().take(100).collect();
        error = error.with("request_id", id);
    }
    if let Some(said) = said {
        if kind == ErrorKind::Forbidden
            && let Some(problem) = missing_role(operation)
        {
            error = error.because(problem.vendor(said.code.clone(), &said.text));
        }
        return error.vendor(said.code, said.text);
    }
    match missing_role(operation).filter(|_| kind == ErrorKind::Forbidden) {
        Some(problem) => error.because(problem),
        None => error,
    }
}

/// Whether an answer says that the token, not the role, is the reason (amazon.md §10). Code and
/// status are the same for both; these English words are the only difference, and a wrong guess
/// costs one more token.
pub(crate) fn is_token_refused(status: StatusCode, body: &[u8]) -> bool {
    if status != StatusCode::FORBIDDEN {
        return false;
    }
    let Some(said) = envelope(body) else {
        return false;
    };
    let text = said.text.to_ascii_lowercase();
    text.contains("access token")
        && ["expired", "revoked", "malformed", "invalid"]
            .iter()
            .any(|word| text.contains(word))
}

fn kind_of_status(status: StatusCode) -> ErrorKind {
    let known = STATUSES.iter().find(|(code, _)| *code == status.as_u16());
    match known {
        Some((_, kind)) => *kind,
        None if status.is_server_error() => ErrorKind::MarketplaceDown,
        None => ErrorKind::Refused,
    }
}

/// What an envelope says: its first entry.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Said {
    code: String,
    text: String,
}

/// Reads `{"errors":[…]}` with or without `details`, beside a payload or as one object; the login's
/// own form; and the XML of the storage behind signed addresses. HTML and nothing say nothing.
fn envelope(body: &[u8]) -> Option<Said> {
    let text = std::str::from_utf8(body).ok()?.trim_start();
    if text.starts_with('<') {
        return Some(Said {
            code: xml_element(text, "Code")?,
            text: xml_element(text, "Message").unwrap_or_default(),
        });
    }
    let value: Value = serde_json::from_str(text).ok()?;
    let entry = match value.get("errors").or_else(|| value.get("Errors")) {
        Some(Value::Array(entries)) => entries.first()?,
        Some(entry @ Value::Object(_)) => entry,
        _ => &value,
    };
    let code = text_of(entry, "code").or_else(|| text_of(entry, "error"))?;
    let message = text_of(entry, "message")
        .or_else(|| text_of(entry, "error_description"))
        .unwrap_or_default();
    let text = match text_of(entry, "details") {
        Some(details) if details != message => format!("{message} {details}"),
        _ => message,
    };
    Some(Said { code, text })
}

fn text_of(entry: &Value, name: &str) -> Option<String> {
    match entry.get(name)? {
        Value::String(text) if !text.trim().is_empty() => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

fn xml_element(text: &str, name: &str) -> Option<String> {
    let open = format!("<{name}>");
    let rest = &text[text.find(&open)? + open.len()..];
    Some(rest[..rest.find('<')?].trim().to_owned())
}

#[cfg(test)]
mod tests;
