//! What building requests and keeping places takes, whatever the marketplace.

use barrow_market::{Cursor, Error, ErrorKind, Result};
use bytes::Bytes;
use http::{Method, Request};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Serialize;
use serde::de::DeserializeOwned;

/// A request, unless an id in it cannot stand in an address.
pub type Built = Result<Request<Bytes>>;

/// What RFC 3986 lets stand unescaped in a path segment or a query value.
const ESCAPED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

/// A text within a path or query, escaped once; `/` and `@` are escaped as well.
pub fn escaped(text: &str) -> String {
    utf8_percent_encode(text, ESCAPED).to_string()
}

/// A request without headers.
///
/// # Errors
/// Refused, where the address is none.
pub fn request(method: Method, uri: &str, body: Bytes) -> Built {
    let built = Request::builder().method(method).uri(uri).body(body);
    built.map_err(|_| Error::new(ErrorKind::Refused, "request").with("reason", "address"))
}

/// A place in a walk as a cursor: instants, texts, numbers, and lists and structs of them.
pub fn cursor(place: &impl Serialize) -> Cursor {
    let text = serde_json::to_string(place);
    Cursor(text.expect("instants, texts and numbers always serialise"))
}

/// The place that a cursor stands for.
///
/// # Errors
/// Refused, where it is no cursor of this walk.
pub fn place<T: DeserializeOwned>(cursor: &Cursor, operation: &'static str) -> Result<T> {
    serde_json::from_str(&cursor.0).map_err(|_| {
        Error::new(ErrorKind::Refused, operation).with("reason", "not a cursor of ours")
    })
}
