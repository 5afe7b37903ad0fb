//! One request as the operations see it.

use bytes::Bytes;
use chrono::{DateTime, SecondsFormat, Utc};
use http::{Request, Response, StatusCode};
use serde_json::Value;

use super::error::Refusal;
use super::site::{OTHER_REGIONS, SITES, Site, find};
use crate::http::{Query, header, json, segments};
use crate::marketplace::Now;
use crate::random::seeded_hash;

/// What an operation answers.
pub(super) type Answer = Result<Response<Bytes>, Refusal>;

pub(super) struct Call<'a> {
    pub(super) request: &'a Request<Bytes>,
    /// The path, decoded.
    pub(super) path: Vec<String>,
    pub(super) query: Query,
    pub(super) now: Now,
}

impl<'a> Call<'a> {
    pub(super) fn new(request: &'a Request<Bytes>, now: Now) -> Self {
        Self {
            request,
            path: segments(request.uri().path()),
            query: Query::parse(request.uri().query().unwrap_or("")),
            now,
        }
    }

    pub(super) fn header(&self, name: &str) -> Option<&str> {
        header(self.request.headers(), name)
    }

    /// Returns a segment of the path; the route has made sure that it is there.
    pub(super) fn segment(&self, index: usize) -> &str {
        self.path.get(index).map_or("", String::as_str)
    }

    /// Returns scheme and host under which the caller sees this marketplace.
    pub(super) fn endpoint(&self) -> String {
        let uri = self.request.uri();
        let host = self.header("host");
        let host = host.or_else(|| uri.authority().map(|authority| authority.as_str()));
        let scheme = uri.scheme_str().unwrap_or("http");
        format!("{scheme}://{}", host.unwrap_or("127.0.0.1"))
    }

    /// Reads the body as JSON, which must be declared as such.
    pub(super) fn json(&self) -> Result<Value, Refusal> {
        let content_type = self.header("content-type").unwrap_or_default();
        if !content_type.starts_with("application/json") {
            return Err(Refusal::unsupported());
        }
        serde_json::from_slice(self.request.body())
            .map_err(|_| Refusal::invalid("Could not parse the request body as JSON."))
    }

    /// Reads a list that is one parameter with commas (amazon.md §2.2).
    pub(super) fn list(&self, name: &str, max: usize) -> Result<Vec<&str>, Refusal> {
        if self.query.all(name).count() > 1 {
            return Err(Refusal::param(name, "given more than once"));
        }
        let text = self.query.get(name).unwrap_or_default();
        let items: Vec<&str> = text.split(',').filter(|item| !item.is_empty()).collect();
        if items.len() > max {
            return Err(Refusal::param(name, "a list that is too long"));
        }
        Ok(items)
    }

    /// Reads a list of known words.
    pub(super) fn words(&self, name: &str, known: &[&str]) -> Result<Vec<&str>, Refusal> {
        let words = self.list(name, 100)?;
        if words.iter().any(|word| !known.contains(word)) {
            return Err(Refusal::param(name, "not one of the known values"));
        }
        Ok(words)
    }

    /// Reads one of the known words; none where it is missing.
    pub(super) fn word(&self, name: &str, known: &[&str]) -> Result<Option<&str>, Refusal> {
        let words = self.words(name, known)?;
        match words.as_slice() {
            [] => Ok(None),
            [one] => Ok(Some(one)),
            _ => Err(Refusal::param(name, "more than one value")),
        }
    }

    /// Reads `marketplaceIds`, at least one of them.
    pub(super) fn sites(&self, max: usize) -> Result<Vec<&'static Site>, Refusal> {
        let ids = self.list("marketplaceIds", max)?;
        if ids.is_empty() {
            return Err(Refusal::param("marketplaceIds", "missing"));
        }
        ids.into_iter().map(known_site).collect()
    }

    /// Reads the one site that an operation takes.
    pub(super) fn site(&self) -> Result<&'static Site, Refusal> {
        let sites = self.sites(1)?;
        let first = sites.first().copied();
        first.ok_or_else(|| Refusal::param("marketplaceIds", "missing"))
    }

    /// Reads an instant in ISO 8601.
    pub(super) fn time(&self, name: &str) -> Result<Option<DateTime<Utc>>, Refusal> {
        let Some(text) = self.query.get(name) else {
            return Ok(None);
        };
        // An offset's plus sign reads as a space in a query.
        let time = DateTime::parse_from_rfc3339(&text.replace(' ', "+"));
        time.map(|time| Some(time.with_timezone(&Utc)))
            .map_err(|_| Refusal::param(name, "not in ISO 8601 format"))
    }

    /// Reads a whole number from 1 to `max`.
    pub(super) fn number(&self, name: &str, default: usize, max: usize) -> Result<usize, Refusal> {
        let Some(text) = self.query.get(name) else {
            return Ok(default);
        };
        let number = text.parse().ok();
        let number = number.filter(|number| (1..=max).contains(number));
        number.ok_or_else(|| Refusal::param(name, "not a number within its bounds"))
    }

    /// Returns how many results a page token has passed; it holds for the same question only.
    pub(super) fn passed(&self, seed: u64, question: &str) -> Result<usize, Refusal> {
        let Some(token) = self.query.get("pageToken") else {
            return Ok(0);
        };
        let passed = token
            .split_once('.')
            .and_then(|(_, text)| text.parse().ok());
        let passed = passed.filter(|passed| page_token(seed, question, *passed) == token);
        passed.ok_or_else(|| Refusal::param("pageToken", "not valid"))
    }
}

/// Returns the token of the page after so many results.
pub(super) fn page_token(seed: u64, question: &str, passed: usize) -> String {
    let signed = seeded_hash(seed, &format!("{question} after {passed}"));
    format!("{signed:016x}.{passed}")
}

/// Returns a site of the seller, or says why it is none.
pub(super) fn known_site(id: &str) -> Result<&'static Site, Refusal> {
    let foreign = OTHER_REGIONS.contains(&id) || SITES.iter().any(|site| site.id == id);
    match find(id) {
        Some(site) => Ok(site),
        None if foreign => Err(Refusal::denied()),
        None => Err(Refusal::param("marketplaceIds", "not a marketplace")),
    }
}

/// Returns an instant as answers write it.
pub(super) fn instant(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::Millis, true)
}

/// Returns an answer of status 200.
pub(super) fn ok(body: &Value) -> Answer {
    Ok(json(StatusCode::OK, body))
}
