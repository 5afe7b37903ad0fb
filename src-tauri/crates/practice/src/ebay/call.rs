//! One request, taken apart, and the readers that operations share.

use bytes::Bytes;
use http::{HeaderMap, Method, Request};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};
use serde_json::{Map, Value};

use super::answer::{Problem, Refusal};
use crate::Now;
use crate::http::{Query, header};

/// The largest body that the edge lets through.
const BODY_BYTES_MAX: usize = 4 * 1024 * 1024;

/// What stands for itself in a path or query is never encoded.
const RESERVED: AsciiSet = NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

/// A request as the operations see it.
pub(super) struct Call {
    pub(super) method: Method,
    /// Decoded parts of the path.
    pub(super) path: Vec<String>,
    pub(super) query: Query,
    pub(super) headers: HeaderMap,
    pub(super) body: Bytes,
    pub(super) now: Now,
    /// Scheme and host under which links are given.
    pub(super) base: String,
    /// Parts of the path that the route's placeholders took, in order.
    pub(super) ids: Vec<String>,
}

impl Call {
    pub(super) fn new(request: Request<Bytes>, now: Now) -> Self {
        let (parts, body) = request.into_parts();
        let host = parts
            .headers
            .get(http::header::HOST)
            .and_then(|value| value.to_str().ok());
        let authority = parts
            .uri
            .authority()
            .map(http::uri::Authority::as_str)
            .or(host);
        let authority = authority.unwrap_or("api.ebay.com");
        // A server is sent the path alone; on loopback it is plain HTTP.
        let usual = if is_loopback(authority) {
            "http"
        } else {
            "https"
        };
        let scheme = parts.uri.scheme_str().unwrap_or(usual);
        let base = format!("{scheme}://{authority}");
        Self {
            method: parts.method,
            path: parts.uri.path().split('/').skip(1).map(decoded).collect(),
            query: parts.uri.query().map(Query::parse).unwrap_or_default(),
            headers: parts.headers,
            base,
            body,
            now,
            ids: Vec::new(),
        }
    }

    /// The nth placeholder of the route; routes and operations stand beside each other, so a
    /// missing one reads as an id that nothing has.
    pub(super) fn id(&self, index: usize) -> &str {
        self.ids.get(index).map_or("", String::as_str)
    }

    pub(super) fn header(&self, name: &str) -> Option<&str> {
        header(&self.headers, name)
    }

    pub(super) fn parameter(&self, name: &str) -> Option<&str> {
        self.query.get(name)
    }

    /// The path as it was sent, for links to this resource.
    pub(super) fn resource(&self) -> String {
        let parts: Vec<String> = self.path.iter().map(|part| percent_encode(part)).collect();
        format!("/{}", parts.join("/"))
    }

    /// The body as a JSON object.
    pub(super) fn object(&self) -> Result<Map<String, Value>, Refusal> {
        if self.body.len() > BODY_BYTES_MAX {
            return Err(Refusal::Edge { status: 413 });
        }
        match serde_json::from_slice(&self.body) {
            Ok(Value::Object(mut map)) => {
                drop_nulls(&mut map);
                Ok(map)
            }
            _ => Err(invalid_request("The request body is not a JSON object.").into()),
        }
    }

    /// The `requests` array of a bulk body.
    pub(super) fn requests(&self) -> Result<Vec<Map<String, Value>>, Refusal> {
        let mut body = self.object()?;
        let Some(Value::Array(list)) = body.remove("requests") else {
            return Err(Problem::inventory(25709, "Invalid value for requests.").into());
        };
        list.into_iter()
            .map(|entry| match entry {
                Value::Object(map) => Ok(map),
                _ => Err(Problem::inventory(25709, "Invalid value for requests.").into()),
            })
            .collect()
    }
}

// A field that is null is a field that is left out.
fn drop_nulls(map: &mut Map<String, Value>) {
    map.retain(|_, value| !value.is_null());
    for value in map.values_mut() {
        drop_nulls_within(value);
    }
}

fn drop_nulls_within(value: &mut Value) {
    match value {
        Value::Object(map) => drop_nulls(map),
        Value::Array(list) => list.iter_mut().for_each(drop_nulls_within),
        _ => {}
    }
}

/// The gateway's answer to a request that it cannot read.
pub(super) fn invalid_request(message: &str) -> Problem {
    Problem::new(400, 2004, "ACCESS", message)
}

/// A text field, if it is there and a text.
pub(super) fn text<'a>(body: &'a Map<String, Value>, name: &str) -> Option<&'a str> {
    body.get(name).and_then(Value::as_str)
}

fn is_loopback(authority: &str) -> bool {
    let host = authority
        .rsplit_once(':')
        .map_or(authority, |(host, _)| host);
    matches!(host, "localhost" | "127.0.0.1" | "[::1]")
}

// A trailing slash is kept as an empty last part, because some of eBay's paths need it.
fn decoded(part: &str) -> String {
    percent_decode_str(part).decode_utf8_lossy().into_owned()
}

/// Writes `%XX` for everything but unreserved characters.
pub(super) fn percent_encode(text: &str) -> String {
    utf8_percent_encode(text, &RESERVED).to_string()
}
