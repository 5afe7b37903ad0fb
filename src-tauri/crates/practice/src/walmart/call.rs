//! One request as the operations see it.

use bytes::Bytes;
use http::{Request, Response, StatusCode};
use serde_json::Value;

use super::error::Refusal;
use crate::http::{Query, header, json, segments};
use crate::marketplace::Now;

/// What an operation answers.
pub(super) type Answer = Result<Response<Bytes>, Refusal>;

pub(super) struct Call<'a> {
    pub(super) request: &'a Request<Bytes>,
    /// The path after `/v3`, decoded.
    pub(super) path: Vec<String>,
    pub(super) query: Query,
    pub(super) now: Now,
}

impl<'a> Call<'a> {
    pub(super) fn new(request: &'a Request<Bytes>, now: Now) -> Self {
        let mut path = segments(request.uri().path());
        let versioned = path.first().is_some_and(|first| first == "v3");
        if versioned {
            path.remove(0);
        } else {
            path.clear();
        }
        Self {
            request,
            path,
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

    /// Reads the body as JSON, which must be declared as such (walmart.md §4: 415).
    pub(super) fn json(&self, service: &'static str) -> Result<Value, Refusal> {
        let content_type = self.header("content-type").unwrap_or_default();
        if !content_type.starts_with("application/json") {
            return Err(Refusal::new(
                StatusCode::UNSUPPORTED_MEDIA_TYPE,
                "UNSUPPORTED_MEDIA_TYPE",
                service,
                "The content type of the request is not supported.",
            ));
        }
        serde_json::from_slice(self.request.body()).map_err(|_| Refusal::malformed(service))
    }

    /// Reads a whole number from the query.
    pub(super) fn number(
        &self,
        service: &'static str,
        name: &str,
        default: u64,
        max: u64,
    ) -> Result<usize, Refusal> {
        let Some(text) = self.query.get(name) else {
            return Ok(usize::try_from(default).unwrap_or(usize::MAX));
        };
        let number = text.parse::<u64>().ok().filter(|number| *number <= max);
        number
            .and_then(|number| usize::try_from(number).ok())
            .ok_or_else(|| {
                Refusal::param(
                    service,
                    name,
                    &format!("{name} must be a number of at most {max}."),
                )
            })
    }
}

/// Returns an answer of status 200.
pub(super) fn ok(body: &Value) -> Answer {
    Ok(json(StatusCode::OK, body))
}
