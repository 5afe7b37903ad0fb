//! What amazon.md asks of a call beside the published schemas: headers, encoding, which parameters
//! go together, and the addresses that feed documents are sent to and fetched from.
//!
//! Such an address is answered by Amazon and belongs to no operation of the models; it is known
//! from the answer that gave it. What travels there is held to the published schemas of feeds.

use super::{Exchange, Findings, Place};
use flate2::read::GzDecoder;
use http::{HeaderMap, Method};
use serde_json::Value;
use std::collections::BTreeMap;
use std::io::Read;

/// Longest `user-agent` that is taken: amazon.md §2.2.
const USER_AGENT_CHARS_MAX: usize = 500;
/// Largest document that a test fetches, unpacked.
const DOCUMENT_BYTES_MAX: u64 = 64 << 20;

/// What a presigned address is for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Presigned {
    /// A document is put there, with the content type that was announced.
    Upload { content_type: String },
    /// A document is fetched from there.
    Download { gzip: bool },
}

/// The presigned addresses that were answered so far, by method and path.
#[derive(Debug, Default)]
pub(super) struct Addresses {
    known: BTreeMap<(String, String), Presigned>,
}

impl Addresses {
    pub(super) fn find(&self, method: &Method, path: &str) -> Option<Presigned> {
        let key = (method.to_string(), path.to_owned());
        self.known.get(&key).cloned()
    }

    /// Learns the address that an answer gives.
    pub(super) fn learn(&mut self, exchange: &Exchange<'_>) {
        if !(200..300).contains(&exchange.status) {
            return;
        }
        let Ok(answer) = serde_json::from_slice::<Value>(exchange.response_body) else {
            return;
        };
        let Some(path) = answer["url"].as_str().and_then(path_of) else {
            return;
        };
        let (method, presigned) = if *exchange.method == Method::POST {
            let asked = exchange.request_body.unwrap_or_default();
            let asked: Value = serde_json::from_slice(asked).unwrap_or_default();
            let announced = asked["contentType"].as_str().unwrap_or_default();
            let content_type = announced.to_owned();
            (Method::PUT, Presigned::Upload { content_type })
        } else {
            let gzip = answer["compressionAlgorithm"] == "GZIP";
            (Method::GET, Presigned::Download { gzip })
        };
        self.known.insert((method.to_string(), path), presigned);
    }
}

fn path_of(url: &str) -> Option<String> {
    let (_, rest) = url.split_once("://")?;
    let path = &rest[rest.find('/')?..];
    Some(path.split('?').next().unwrap_or(path).to_owned())
}

/// §5: exactly the announced content type, and no header of Amazon's.
pub(super) fn check_presigned(presigned: &Presigned, headers: &HeaderMap, findings: &mut Findings) {
    for name in headers.keys().map(http::HeaderName::as_str) {
        if name.starts_with("x-amz-") || name == "authorization" {
            let message = "a presigned address takes no such header";
            findings.add(Place::RequestHeader, name, message);
        }
    }
    if let Presigned::Upload { content_type } = presigned {
        let sent = headers.get(http::header::CONTENT_TYPE);
        if sent.is_none_or(|sent| sent.as_bytes() != content_type.as_bytes()) {
            let message = "is not exactly what was announced";
            findings.add(Place::RequestHeader, "content-type", message);
        }
    }
}

/// The fetched document, unpacked by what the answer said of it.
pub(super) fn unpacked(body: &[u8], gzip: bool) -> Result<Value, String> {
    let mut text = Vec::new();
    if gzip {
        let mut reader = GzDecoder::new(body).take(DOCUMENT_BYTES_MAX);
        let read = reader.read_to_end(&mut text);
        read.map_err(|_| "is not packed as its answer says".to_owned())?;
    } else {
        text.extend_from_slice(body);
    }
    serde_json::from_slice(&text).map_err(|error| {
        let (line, column) = (error.line(), error.column());
        format!("is not JSON, at line {line} column {column}")
    })
}

/// The headers of every call, and how its path and query are written: §2.2.
pub(super) fn check_call(exchange: &Exchange<'_>, findings: &mut Findings) {
    let headers = exchange.request_headers;
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    if text("x-amz-access-token").is_none_or(str::is_empty) {
        let message = "is required and was not sent";
        findings.add(Place::RequestHeader, "x-amz-access-token", message);
    }
    match text("user-agent") {
        None => {
            let message = "is required and was not sent";
            findings.add(Place::RequestHeader, "user-agent", message);
        }
        Some(agent) => {
            if let Some(wrong) = user_agent_fault(agent) {
                findings.add(Place::RequestHeader, "user-agent", wrong);
            }
        }
    }
    if text("x-amz-date").is_some_and(|date| !is_amazon_date(date)) {
        let message = "is not of the form YYYYMMDDTHHMMSSZ";
        findings.add(Place::RequestHeader, "x-amz-date", message);
    }
    let sent_body = exchange.request_body.is_some_and(|body| !body.is_empty());
    let is_json = text("content-type").is_some_and(|media| media.starts_with("application/json"));
    if sent_body && !is_json {
        let message = "is `application/json` on bodies";
        findings.add(Place::RequestHeader, "content-type", message);
    }
    let (path, query) = exchange
        .path_and_query
        .split_once('?')
        .unwrap_or((exchange.path_and_query, ""));
    if let Some(bad) = path.chars().find(|c| !is_encoded(*c, "/")) {
        findings.add(Place::Path, "", format!("{bad:?} is not percent-encoded"));
    }
    if let Some(bad) = query.chars().find(|c| !is_encoded(*c, "=&,:")) {
        findings.add(Place::Query, "", format!("{bad:?} is not percent-encoded"));
    }
}

/// Unreserved in RFC 3986, part of an encoded byte, or one of the separators.
fn is_encoded(c: char, separators: &str) -> bool {
    c.is_ascii_alphanumeric() || "-._~%".contains(c) || separators.contains(c)
}

fn user_agent_fault(agent: &str) -> Option<&'static str> {
    if agent.chars().count() > USER_AGENT_CHARS_MAX {
        return Some("is longer than 500 characters");
    }
    let inside = agent.split_once('(').and_then(|(name, rest)| {
        let named = name.trim().split_once('/');
        let named = named.is_some_and(|(name, version)| !name.is_empty() && !version.is_empty());
        rest.strip_suffix(')').filter(|_| named)
    });
    let Some(inside) = inside else {
        return Some("is not of the form `Name/Version (Language=…; …)`");
    };
    let has_language = inside
        .split(';')
        .any(|part| part.trim().starts_with("Language="));
    (!has_language).then_some("does not name the language")
}

fn is_amazon_date(text: &str) -> bool {
    let form = "ddddddddTddddddZ";
    let fits = |(form, byte): (u8, u8)| match form {
        b'd' => byte.is_ascii_digit(),
        letter => letter == byte,
    };
    text.len() == form.len() && form.bytes().zip(text.bytes()).all(fits)
}

/// Which parameters of a call go together.
pub(super) fn check_together(operation: &str, query: &[(String, String)], findings: &mut Findings) {
    let sent = |name: &str| query.iter().find(|(known, _)| known == name);
    let count = |names: &[&str]| names.iter().filter(|name| sent(name).is_some()).count();
    // §7.1.
    if operation == "GET /orders/2026-01-01/orders"
        && count(&["createdAfter", "lastUpdatedAfter"]) != 1
    {
        let message = "exactly one of createdAfter and lastUpdatedAfter is sent";
        findings.add(Place::Query, "lastUpdatedAfter", message);
    }
    // §4.2: with several sites only the first is answered, or the call is refused.
    if operation.contains("/items/{sellerId}/{sku}")
        && sent("marketplaceIds").is_some_and(|(_, sites)| sites.contains(','))
    {
        findings.add(Place::Query, "marketplaceIds", "takes one site here");
    }
    if operation == "GET /listings/2021-08-01/items/{sellerId}"
        && count(&["identifiers", "variationParentSku", "packageHierarchySku"]) > 1
    {
        let message = "the filters of identity exclude each other";
        findings.add(Place::Query, "identifiers", message);
    }
    if operation == "GET /catalog/2022-04-01/items" {
        if count(&["identifiers", "keywords"]) != 1 {
            let message = "either identifiers or keywords are looked for";
            findings.add(Place::Query, "identifiers", message);
        }
        if sent("keywords").is_none() && count(&["brandNames", "classificationIds"]) > 0 {
            findings.add(Place::Query, "brandNames", "goes with keywords only");
        }
    }
    let listed = sent("identifiers").is_some();
    if listed && sent("identifiersType").is_none() && operation.starts_with("GET /") {
        let message = "is required with identifiers";
        findings.add(Place::Query, "identifiersType", message);
    }
}

#[cfg(test)]
mod tests {
    use super::{is_amazon_date, path_of, user_agent_fault};

    #[test]
    fn user_agents_name_program_and_language() {
        let check = |agent: &str, good: bool| {
            assert_eq!(user_agent_fault(agent).is_none(), good, "{agent}");
        };
        check("Barrow/0.1.0 (Language=Rust/1.95; Platform=Linux)", true);
        check("Barrow/0.1.0 (Platform=Linux; Language=Rust/1.95)", true);
        check("Barrow/0.1.0 (Platform=Linux)", false);
        check("Barrow/0.1.0", false);
        check("Barrow (Language=Rust)", false);
        check(&format!("Barrow/1 (Language={})", "x".repeat(500)), false);
    }

    #[test]
    fn dates_are_in_the_basic_form() {
        assert!(is_amazon_date("20261122T081500Z"));
        assert!(!is_amazon_date("2026-11-22T08:15:00Z"));
        assert!(!is_amazon_date("20261122T081500"));
    }

    #[test]
    fn an_address_is_known_by_its_path() {
        let check = |url: &str, path: Option<&str>| {
            assert_eq!(path_of(url).as_deref(), path, "{url}");
        };
        check(
            "http://127.0.0.1:9/documents/a?X-Amz-Signature=1",
            Some("/documents/a"),
        );
        check("https://bucket.example/key", Some("/key"));
        check("/documents/a", None);
    }
}
