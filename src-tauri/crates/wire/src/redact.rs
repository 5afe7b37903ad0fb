//! What of a request may be written to a log: names, never values that open doors or name people.

use http::HeaderMap;

/// Headers whose values may be logged. All others are named without their value.
const HEADERS_SHOWN: &[&str] = &[
    "accept",
    "accept-language",
    "content-language",
    "content-length",
    "content-type",
    "retry-after",
    "rlogid",
    "wm_qos.correlation_id",
    "x-current-token-count",
    "x-ebay-c-marketplace-id",
    "x-ebay-request-id",
    "x-next-replenish-time",
    "x-next-replenishment-time",
];

/// Query parameters whose values may be logged.
const PARAMS_SHOWN: &[&str] = &[
    "category_id",
    "feedType",
    "limit",
    "marketplace_id",
    "offset",
    "shipNodeType",
    "status",
];

/// Headers as text, with the values of all but harmless ones left out.
pub fn redact_headers(headers: &HeaderMap) -> String {
    let mut text = String::new();
    for (name, value) in headers {
        if !text.is_empty() {
            text.push_str(", ");
        }
        text.push_str(name.as_str());
        if HEADERS_SHOWN.contains(&name.as_str()) {
            text.push_str(": ");
            text.push_str(value.to_str().unwrap_or("…"));
        }
    }
    text
}

/// A query as text, with the values of all but harmless parameters left out.
pub fn redact_query(query: &str) -> String {
    query
        .split('&')
        .map(|pair| match pair.split_once('=') {
            Some((name, _)) if PARAMS_SHOWN.contains(&name) => pair.to_owned(),
            Some((name, _)) => format!("{name}=…"),
            None => "…".to_owned(),
        })
        .collect::<Vec<_>>()
        .join("&")
}

#[cfg(test)]
mod tests {
    use http::{HeaderMap, HeaderValue};

    use super::{redact_headers, redact_query};

    #[test]
    fn values_that_open_doors_are_left_out() {
        let mut headers = HeaderMap::new();
        headers.insert("authorization", HeaderValue::from_static("Bearer abc"));
        headers.insert("wm_sec.access_token", HeaderValue::from_static("abc"));
        headers.insert("accept", HeaderValue::from_static("application/json"));
        let shown = redact_headers(&headers);
        assert!(!shown.contains("abc"), "{shown}");
        assert!(shown.contains("accept: application/json"), "{shown}");
        assert_eq!(
            redact_query("limit=5&sku=A&customerOrderId=7"),
            "limit=5&sku=…&customerOrderId=…"
        );
    }
}
