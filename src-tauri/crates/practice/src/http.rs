//! The parts of HTTP that every practice marketplace reads and writes alike.

use bytes::Bytes;
use http::header::{CONTENT_LENGTH, CONTENT_TYPE};
use http::{HeaderMap, HeaderValue, Response, StatusCode};
use percent_encoding::percent_decode_str;
use serde::Serialize;

/// The largest body that is read, in bytes: above the largest that a marketplace documents.
pub const BODY_BYTES_MAX: usize = 64 * 1024 * 1024;

/// The most parameters that are read from one query.
const QUERY_PARAMETERS_MAX: usize = 200;

/// Returns an answer of JSON.
pub fn json(status: StatusCode, body: &impl Serialize) -> Response<Bytes> {
    // Serialising the values built here cannot fail: their keys are text.
    let text = serde_json::to_vec(body).unwrap_or_default();
    content(status, "application/json", text)
}

/// Returns an answer without a body.
pub fn empty(status: StatusCode) -> Response<Bytes> {
    let mut response = Response::new(Bytes::new());
    *response.status_mut() = status;
    response
}

/// Returns an answer of any content type.
pub fn content(
    status: StatusCode,
    content_type: &'static str,
    body: impl Into<Bytes>,
) -> Response<Bytes> {
    let body = body.into();
    let length = HeaderValue::from(body.len());
    let mut response = Response::new(body);
    *response.status_mut() = status;
    response
        .headers_mut()
        .insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
    response.headers_mut().insert(CONTENT_LENGTH, length);
    response
}

/// Returns the page that a gateway shows instead of an answer.
pub fn html_error(status: StatusCode) -> Response<Bytes> {
    let reason = status.canonical_reason().unwrap_or("Error");
    let code = status.as_u16();
    let page = format!(
        "<html><head><title>{code} {reason}</title></head>\
         <body><h1>{code} {reason}</h1></body></html>"
    );
    content(status, "text/html", page)
}

/// Returns a header as text, trimmed; none where it is missing, empty or not text.
pub fn header<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    let text = headers.get(name)?.to_str().ok()?.trim();
    (!text.is_empty()).then_some(text)
}

/// Returns the path's segments, each decoded, so that `/a%2Fb` is one segment.
pub fn segments(path: &str) -> Vec<String> {
    path.split('/')
        .filter(|part| !part.is_empty())
        .map(decoded)
        .collect()
}

/// The decoded parameters of a query or of a form, in order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Query(Vec<(String, String)>);

impl Query {
    /// Reads `a=1&b=x%20y+z`; a parameter without `=` has an empty value.
    pub fn parse(text: &str) -> Self {
        let pairs = text
            .trim_start_matches('?')
            .split('&')
            .filter(|pair| !pair.is_empty());
        Self(
            pairs
                .take(QUERY_PARAMETERS_MAX)
                .map(|pair| {
                    let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
                    (
                        decoded(&name.replace('+', " ")),
                        decoded(&value.replace('+', " ")),
                    )
                })
                .collect(),
        )
    }

    /// Returns the first value of a parameter; none where it is missing or empty.
    pub fn get(&self, name: &str) -> Option<&str> {
        let mut named = self.0.iter().filter(|(key, _)| key == name);
        named
            .find(|(_, value)| !value.is_empty())
            .map(|(_, value)| value.as_str())
    }

    /// Returns every value of a parameter.
    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.0
            .iter()
            .filter(move |(key, _)| key == name)
            .map(|(_, value)| value.as_str())
    }

    /// Tells whether a parameter is there, even if empty.
    pub fn has(&self, name: &str) -> bool {
        self.0.iter().any(|(key, _)| key == name)
    }

    /// Returns every parameter.
    pub fn pairs(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()))
    }
}

fn decoded(text: &str) -> String {
    percent_decode_str(text).decode_utf8_lossy().into_owned()
}

#[cfg(test)]
mod tests {
    use super::{Query, segments};

    #[test]
    fn segments_are_decoded_after_they_are_parted() {
        let check = |path: &str, expected: &[&str]| assert_eq!(segments(path), expected);
        check("/v3/items/A%2FB%20C", &["v3", "items", "A/B C"]);
        check("/v3//feeds/F1%40A/", &["v3", "feeds", "F1@A"]);
        check("/%C3%A9", &["é"]);
    }

    #[test]
    fn a_query_keeps_order_repeats_and_empty_values() {
        let query = Query::parse("?a=1&b=x%26y+z&a=2&c&d=");
        assert_eq!(query.get("b"), Some("x&y z"));
        assert_eq!(query.all("a").collect::<Vec<_>>(), ["1", "2"]);
        assert_eq!(query.get("c"), None);
        assert!(query.has("c"));
        assert!(!query.has("e"));
    }
}
