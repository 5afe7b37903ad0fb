//! Exchanges made by hand, to try a contract on: each keeps to it until a test changes it.

use super::{Contract, Exchange, Place, Violation};
use http::{HeaderMap, HeaderName, Method};
use serde_json::Value;
use std::collections::BTreeSet;

/// Header names and values.
pub type Headers = &'static [(&'static str, &'static str)];

/// One request and its answer.
#[derive(Debug, Clone)]
pub struct Talk {
    pub method: Method,
    /// Path and query as sent.
    pub path: String,
    pub headers: Vec<(&'static str, &'static str)>,
    pub body: Option<String>,
    pub status: u16,
    pub answer: Vec<u8>,
}

impl Talk {
    /// A request with a body of JSON, or none, answered with 200 and JSON.
    pub fn new(
        method: Method,
        path: &str,
        headers: Headers,
        body: Option<Value>,
        answer: &Value,
    ) -> Talk {
        Talk {
            method,
            path: path.to_owned(),
            headers: headers.to_vec(),
            body: body.map(|body| body.to_string()),
            status: 200,
            answer: answer.to_string().into_bytes(),
        }
    }

    /// The same with another value of a header.
    #[must_use]
    pub fn header(self, name: &'static str, value: &'static str) -> Talk {
        let mut changed = self.without(name);
        changed.headers.push((name, value));
        changed
    }

    /// The same without a header.
    #[must_use]
    pub fn without(mut self, name: &str) -> Talk {
        self.headers.retain(|(known, _)| *known != name);
        self
    }

    /// The same with another answer.
    #[must_use]
    pub fn answered(mut self, status: u16, answer: &str) -> Talk {
        self.status = status;
        self.answer = answer.as_bytes().to_vec();
        self
    }

    /// The same, answered with another status.
    #[must_use]
    pub fn with_status(mut self, status: u16) -> Talk {
        self.status = status;
        self
    }

    /// Holds the exchange to a contract; an answer that looks like a page is told as one.
    ///
    /// # Panics
    ///
    /// If a header's value is none.
    pub fn check(&self, contract: &mut Contract) -> Vec<Violation> {
        let mut headers = HeaderMap::new();
        for (name, value) in &self.headers {
            let value = value.parse().expect("a header value");
            headers.insert(HeaderName::from_static(name), value);
        }
        let page = self.answer.starts_with(b"<");
        let media = if page {
            "text/html"
        } else {
            "application/json"
        };
        let mut answered = HeaderMap::new();
        answered.insert("content-type", media.parse().expect("a header value"));
        contract.check_exchange(&Exchange {
            method: &self.method,
            path_and_query: &self.path,
            request_headers: &headers,
            request_body: self.body.as_deref().map(str::as_bytes),
            status: self.status,
            response_headers: &answered,
            response_body: &self.answer,
        })
    }

    /// Checks that nothing is at fault.
    ///
    /// # Panics
    ///
    /// If something is.
    pub fn is_good(&self, contract: &mut Contract) {
        let found = self.check(contract);
        assert!(found.is_empty(), "{self:#?}: {found:#?}");
    }

    /// Checks that one place is at fault, whatever the number of reasons.
    ///
    /// # Panics
    ///
    /// If nothing is, or something else.
    pub fn is_bad(&self, contract: &mut Contract, place: Place, at: &str) {
        let found = self.check(contract);
        let places = found.iter().map(|v| (v.place, v.at.as_str()));
        let places: BTreeSet<(Place, &str)> = places.collect();
        assert_eq!(
            places,
            BTreeSet::from([(place, at)]),
            "{self:#?}: {found:#?}"
        );
    }
}
