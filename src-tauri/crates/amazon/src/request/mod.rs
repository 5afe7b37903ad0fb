//! Builds requests. Pure: no clock, no chance, no network.

mod catalog;
mod feeds;
mod listings;
mod orders;

use barrow_model::Secret;
use barrow_wire::{Built, Object, escaped};
use bytes::Bytes;
use http::header::{ACCEPT, CONTENT_TYPE, USER_AGENT};
use http::{HeaderValue, Method};

pub(crate) use catalog::{
    IdentifierKind, catalog_request, keywords_request, next_catalog_request, restrictions_request,
};
pub(crate) use feeds::{
    download_request, feed_document, feed_document_new_request, feed_document_request,
    feed_new_request, feed_request, message_id, open_feeds_request, upload_request,
};
pub(crate) use listings::{
    ListingsWindow, delete_request, first_listing_request, listing_request,
    listings_by_sku_request, listings_request, patch_request, put_request,
};
pub(crate) use orders::{
    Included, OrdersQuery, Parcel, order_request, orders_probe_request, orders_request,
    ship_request,
};

pub(crate) const ACCESS_TOKEN: &str = "x-amz-access-token";
pub(crate) const DATE: &str = "x-amz-date";
const JSON: HeaderValue = HeaderValue::from_static("application/json");

/// Values of a comma-separated parameter; a value with a comma of its own cannot be in one
/// (amazon.md §2.2).
fn listed<'a>(values: impl IntoIterator<Item = &'a str>) -> String {
    let values: Vec<String> = values.into_iter().map(escaped).collect();
    values.join(",")
}

/// Who calls, in the form that Amazon demands: the language must be named (amazon.md §2.2).
fn user_agent() -> HeaderValue {
    let text = format!(
        "{}/{} (Language=Rust/{}; Platform={})",
        "Barrow",
        env!("CARGO_PKG_VERSION"),
        env!("CARGO_PKG_RUST_VERSION"),
        std::env::consts::OS
    );
    HeaderValue::from_str(&text).expect("names and versions are plain text")
}

fn request(method: Method, uri: &str, content_type: Option<HeaderValue>, body: Bytes) -> Built {
    let mut built = barrow_wire::request(method, uri, body)?;
    let headers = built.headers_mut();
    headers.insert(USER_AGENT, user_agent());
    headers.insert(ACCEPT, JSON);
    if let Some(content_type) = content_type {
        headers.insert(CONTENT_TYPE, content_type);
    }
    Ok(built)
}

fn get(uri: &str) -> Built {
    request(Method::GET, uri, None, Bytes::new())
}

fn with_json(method: Method, uri: &str, body: &Object) -> Built {
    request(method, uri, Some(JSON), body.bytes().into())
}

/// Asks for an access token (amazon.md §2.1).
pub(crate) fn token_request(
    login: &str,
    client_id: &Secret,
    client_secret: &Secret,
    refresh_token: &Secret,
) -> Built {
    let fields = [
        ("refresh_token", refresh_token),
        ("client_id", client_id),
        ("client_secret", client_secret),
    ];
    let mut body = "grant_type=refresh_token".to_owned();
    for (name, secret) in fields {
        body.push_str(&format!("&{name}={}", escaped(secret.expose())));
    }
    let form = HeaderValue::from_static("application/x-www-form-urlencoded;charset=UTF-8");
    let uri = format!("{login}/auth/o2/token");
    request(Method::POST, &uri, Some(form), Bytes::from(body))
}

/// The seller's sites (amazon.md §1).
pub(crate) fn participations_request(base: &str) -> Built {
    get(&format!("{base}/sellers/v1/marketplaceParticipations"))
}

/// A literal of several lines as one, without the lines' indentation.
#[cfg(test)]
pub(crate) fn compact(text: &str) -> String {
    text.lines().map(str::trim_start).collect()
}

#[cfg(test)]
mod tests {
    use barrow_model::Secret;

    use super::{escaped, listed, participations_request, token_request};

    #[test]
    fn values_are_escaped_once_and_lists_keep_their_commas() {
        let check = |text: &str, expected: &str| assert_eq!(escaped(text), expected);
        check("A 1+2/3", "A%201%2B2%2F3");
        check("ä~._-", "%C3%A4~._-");
        assert_eq!(listed(["A B", "C"]), "A%20B,C");
    }

    #[test]
    fn the_caller_is_named_with_its_language() {
        let request = participations_request("https://a").expect("a request");
        let agent = request.headers()["user-agent"].to_str().expect("text");
        assert!(agent.starts_with("Barrow/"), "{agent}");
        assert!(agent.contains("(Language=Rust/"), "{agent}");
        assert!(agent.len() < 500);
    }

    #[test]
    fn a_token_is_asked_for_in_a_form() {
        let secret = |text: &str| Secret::new(text);
        let request = token_request("https://a", &secret("i"), &secret("s&"), &secret("Atzr|x"));
        let request = request.expect("a request");
        assert_eq!(request.uri(), "https://a/auth/o2/token");
        assert_eq!(
            request.body().as_ref(),
            b"grant_type=refresh_token&refresh_token=Atzr%7Cx&client_id=i&client_secret=s%26"
        );
        let kind = &request.headers()["content-type"];
        assert_eq!(kind, "application/x-www-form-urlencoded;charset=UTF-8");
    }
}
