//! Holds what Barrow says, and what practice marketplaces answer, to the official contracts.
//!
//! The contracts are OpenAPI files and JSON Schemas that the marketplaces published. They are
//! not part of this project: they are read from a folder beside the checkout, and where it is
//! absent the tests that need it say so and stop.
//!
//! Start reading at [`Contract::check_exchange`]: the operation is found by method and path
//! ([`documents`]), the request and the answer are checked against it ([`schema`], [`body`]),
//! and the [`tally`] counts what was held to the contract and what could not be. Where a
//! contract is known to be wrong, [`deviations`] says so with its source. Where a marketplace
//! publishes nothing, the contract is written from its reference and counted as such: of Amazon
//! the token and the attributes of offers, of Newegg everything.

mod amazon;
mod amazon_attributes;
mod body;
mod deviations;
mod documents;
mod errors;
mod feeds;
mod newegg;
mod newegg_answers;
mod newegg_requests;
mod parameters;
mod schema;
mod swagger;
pub mod talk;
mod tally;

use amazon::Addresses;
use amazon_attributes::Attributes;
use body::Media;
use deviations::Deviations;
use documents::{Documents, Operation};
use http::{HeaderMap, Method};
use schema::{Direction, Schemas};
use serde_json::Value;
use std::collections::BTreeMap;
use std::fmt;
use std::path::{Path, PathBuf};
use tally::Tally;

/// The one marketplace whose contract lists errors by operation.
const EBAY: &str = "eBay";

/// A violation report names at most this many faults of one body.
const FAULTS_MAX: usize = 20;

/// The folder of the official contracts.
#[derive(Debug, Clone)]
pub struct Specs {
    folder: PathBuf,
}

/// The folder of the official contracts is absent; in words for the output of a test.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Missing {
    /// Where it was looked for.
    pub looked_in: PathBuf,
}

impl fmt::Display for Missing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let place = self.looked_in.display();
        write!(
            f,
            "skipped: the official contracts are not on this machine (looked in {place})"
        )
    }
}

impl Specs {
    /// Finds the folder: in `BARROW_SHARED`, else beside the checkout.
    ///
    /// # Errors
    ///
    /// [`Missing`] if there is no such folder.
    pub fn open() -> Result<Specs, Missing> {
        let shared = std::env::var_os("BARROW_SHARED")
            .map(PathBuf::from)
            .unwrap_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../shared"));
        Specs::open_at(&shared)
    }

    /// Finds the folder under the one that is shared between checkouts.
    ///
    /// # Errors
    ///
    /// [`Missing`] if there is no such folder.
    pub fn open_at(shared: &Path) -> Result<Specs, Missing> {
        let folder = shared.join("marketplaces/specs");
        if folder.is_dir() {
            Ok(Specs { folder })
        } else {
            Err(Missing { looked_in: folder })
        }
    }

    /// eBay's contract.
    pub fn ebay(&self) -> Contract {
        let documents = Documents::ebay(self.folder.join("ebay"));
        Contract::new(EBAY, documents, deviations::ebay(), Law::Schemas)
    }

    /// The numbers of the errors that eBay's contract lists for operations, each with an operation.
    ///
    /// # Errors
    ///
    /// What is wrong with a file of the contract.
    pub fn ebay_errors(&self, operations: &[&str]) -> Result<BTreeMap<i64, String>, String> {
        errors::listed(&self.folder.join("ebay"), operations)
    }

    /// Walmart's contract.
    pub fn walmart(&self) -> Contract {
        let documents = Documents::walmart(self.folder.join("walmart"));
        Contract::new("Walmart", documents, deviations::walmart(), Law::Schemas)
    }

    /// Amazon's contract.
    pub fn amazon(&self) -> Contract {
        let documents = Documents::amazon(self.folder.join("amazon"));
        let law = Law::Amazon(Addresses::default(), Attributes::new());
        Contract::new("Amazon", documents, deviations::amazon(), law)
    }

    /// Newegg's contract, on all three platforms.
    pub fn newegg(&self) -> Contract {
        let documents = Documents::newegg(self.folder.join("newegg"));
        Contract::new("Newegg", documents, deviations::newegg(), Law::Newegg)
    }
}

/// What is held to beside an operation's parameters and schemas.
#[derive(Debug)]
enum Law {
    /// Nothing.
    Schemas,
    /// Headers, encoding, presigned addresses, and the attributes of offers.
    Amazon(Addresses, Attributes),
    /// Headers, feeds by their type, and answers in many dresses.
    Newegg,
}

/// One request and its answer, as they went over the wire.
#[derive(Debug, Clone, Copy)]
pub struct Exchange<'a> {
    pub method: &'a Method,
    /// Path and query as sent: percent-encoded, without scheme and host.
    pub path_and_query: &'a str,
    pub request_headers: &'a HeaderMap,
    pub request_body: Option<&'a [u8]>,
    pub status: u16,
    pub response_headers: &'a HeaderMap,
    /// The answer's body, not compressed.
    pub response_body: &'a [u8],
}

/// What part of an exchange broke the contract.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Place {
    /// The contract itself could not be read.
    Contract,
    Path,
    Query,
    RequestHeader,
    RequestBody,
    Status,
    ResponseBody,
}

/// One breach of a contract. Its message never repeats the value found: that may be a secret or
/// a buyer's.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Violation {
    /// Method and path template, such as `PUT /v3/price`.
    pub operation: String,
    pub place: Place,
    /// The JSON pointer into the body, or the name of the header or query parameter.
    pub at: String,
    pub message: String,
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Violation {
            operation,
            place,
            at,
            message,
        } = self;
        write!(f, "{operation}: {place:?} {at}: {message}")
    }
}

/// The contract of one marketplace. Files are read, and schemas compiled, when first needed.
#[derive(Debug)]
pub struct Contract {
    marketplace: &'static str,
    documents: Documents,
    deviations: Deviations,
    schemas: Schemas,
    tally: Tally,
    law: Law,
}

/// The breaches of one exchange, with the name of the operation they belong to.
#[derive(Debug)]
struct Findings {
    operation: String,
    found: Vec<Violation>,
}

impl Findings {
    fn add(&mut self, place: Place, at: &str, message: impl Into<String>) {
        let (operation, at) = (self.operation.clone(), at.to_owned());
        self.found.push(Violation {
            operation,
            place,
            at,
            message: message.into(),
        });
    }
}

impl Contract {
    fn new(
        marketplace: &'static str,
        documents: Documents,
        deviations: Deviations,
        law: Law,
    ) -> Contract {
        let (schemas, tally) = (Schemas::default(), Tally::default());
        Contract {
            marketplace,
            documents,
            deviations,
            schemas,
            tally,
            law,
        }
    }

    /// Checks one exchange and counts it; an empty answer means that both sides kept to it.
    pub fn check_exchange(&mut self, exchange: &Exchange<'_>) -> Vec<Violation> {
        let (path, query) = exchange
            .path_and_query
            .split_once('?')
            .unwrap_or((exchange.path_and_query, ""));
        let query = body::pairs(query);
        let label = format!("{} {path}", exchange.method);
        let mut findings = Findings {
            operation: label.clone(),
            found: Vec::new(),
        };
        if let Law::Amazon(addresses, _) = &self.law
            && let Some(presigned) = addresses.find(exchange.method, path)
        {
            self.check_presigned(&presigned, exchange, &mut findings);
            return findings.found;
        }
        if let Err(message) = self.documents.load_for(path, &self.deviations) {
            findings.add(Place::Contract, "", message);
            return findings.found;
        }
        let candidates = self.documents.find(exchange.method, path);
        let Some(operation) = documents::best(candidates, &query) else {
            let bare = self.documents.bare(exchange.method, path);
            match bare.or_else(|| self.deviations.outside(exchange.method, path)) {
                Some(name) => self.tally.no_schema(&name),
                None => findings.add(Place::Path, path, "the contract has no such operation"),
            }
            return findings.found;
        };
        findings.operation = operation.name.clone();
        if operation.is_by_reference() {
            self.tally.by_reference(&operation.name);
        }
        self.check_query(&operation, &query, &mut findings);
        check_headers(&operation, exchange.request_headers, &mut findings);
        self.check_law(&operation, &query, exchange, &mut findings);
        self.check_request_body(&operation, &query, exchange, &mut findings);
        self.check_answer(&operation, exchange, &mut findings);
        findings.found
    }

    /// What the marketplace asks of every call.
    fn check_law(
        &mut self,
        operation: &Operation,
        query: &[(String, String)],
        exchange: &Exchange<'_>,
        findings: &mut Findings,
    ) {
        match &mut self.law {
            Law::Schemas => {}
            Law::Newegg => newegg::check_call(exchange, findings),
            // The token comes from a server of another make.
            Law::Amazon(..) if operation.is_by_reference() => {}
            Law::Amazon(addresses, _) => {
                amazon::check_call(exchange, findings);
                amazon::check_together(&operation.name, query, findings);
                addresses.learn(exchange);
            }
        }
    }

    /// What was held to the contract so far, operation by operation, in plain words.
    pub fn report(&self) -> String {
        self.tally.report(self.marketplace)
    }

    /// The number of requests and of answers held to a published schema so far.
    pub fn held(&self) -> (u32, u32) {
        self.tally.held(false)
    }

    /// The number of requests and of answers held to a reference, where nothing is published.
    pub fn held_to_reference(&self) -> (u32, u32) {
        self.tally.held(true)
    }

    fn check_query(
        &self,
        operation: &Operation,
        query: &[(String, String)],
        findings: &mut Findings,
    ) {
        let declared: Vec<&Value> = operation.parameters("query").collect();
        for parameter in &declared {
            let name = parameter["name"].as_str().unwrap_or_default();
            let values: Vec<&str> = query
                .iter()
                .filter(|(n, _)| n == name)
                .map(|(_, v)| v.as_str())
                .collect();
            if values.is_empty() && parameter["required"] == true {
                findings.add(Place::Query, name, "is required and was not sent");
            }
            for wrong in parameters::faults(&parameter["schema"], &values) {
                findings.add(Place::Query, name, wrong);
            }
        }
        for (name, _) in query {
            let known = declared
                .iter()
                .any(|parameter| parameter["name"] == name.as_str());
            if !known && !self.deviations.query_allowed(&operation.name, name, query) {
                findings.add(Place::Query, name, "the contract has no such parameter");
            }
        }
    }

    fn check_request_body(
        &mut self,
        operation: &Operation,
        query: &[(String, String)],
        exchange: &Exchange<'_>,
        findings: &mut Findings,
    ) {
        let declared = operation.request_body();
        let sent = exchange.request_body.unwrap_or_default();
        let Some(declared) = declared else {
            // Publish and withdraw need a literal `{}`, else the edge answers 411: ebay.md §3.
            if !sent.is_empty() && sent != b"{}" {
                findings.add(Place::RequestBody, "", "the operation takes no body");
            }
            self.tally.request(&operation.name);
            return;
        };
        if sent.is_empty() {
            if declared["required"] == true {
                findings.add(Place::RequestBody, "", "is required and was not sent");
            }
            self.tally.request(&operation.name);
            return;
        }
        let media = Media::of(exchange.request_headers);
        let content = match body::read(&media, sent) {
            Ok(content) => content,
            Err(message) => return findings.add(Place::RequestBody, "", message),
        };
        if let Some((feed, schema)) = self.deviations.feed(operation, query) {
            return self.check_feed(&feed, schema, &media, content, findings);
        }
        let Some(schema) = operation.request_schema(&media) else {
            let message = format!("the operation takes no {}", media.name);
            return findings.add(Place::RequestBody, "", message);
        };
        let faults = self.schemas.faults(schema, Direction::Request, &content);
        record(faults, Place::RequestBody, findings);
        self.tally.request(&operation.name);
        match &self.law {
            Law::Schemas => {}
            Law::Amazon(_, attributes) => {
                if operation.name.ends_with("/items/{sellerId}/{sku}") {
                    attributes.hold(&mut self.schemas, &content, "", findings);
                }
            }
            Law::Newegg => self.check_newegg_feed(operation, query, &content, findings),
        }
    }

    fn check_answer(
        &mut self,
        operation: &Operation,
        exchange: &Exchange<'_>,
        findings: &mut Findings,
    ) {
        let status = exchange.status;
        let success = (200..300).contains(&status);
        let documented = operation.documents_status(status);
        self.check_numbers(operation, exchange, findings);
        if !success {
            // Documented or not, a refusal has the marketplace's own form.
            if let Some(wrong) = self.refusal_fault(operation, exchange) {
                findings.add(Place::ResponseBody, "", format!("{status}: {wrong}"));
            }
            return self.tally.refusal(&operation.name);
        }
        if !documented {
            let message = format!("{status} is not among the documented answers");
            findings.add(Place::Status, "", message);
        }
        let media = Media::of(exchange.response_headers);
        let schema = operation.response_schema(status, &media);
        let bytes = exchange.response_body;
        let Some(schema) = schema else {
            if bytes.is_empty() {
                self.tally.answer(&operation.name);
            } else if status == 204 {
                findings.add(Place::ResponseBody, "", "204 has no body");
            } else {
                self.tally.no_schema(&operation.name);
            }
            return;
        };
        // An accepted change may be answered by its status alone; a read may not.
        if bytes.is_empty() && exchange.method != Method::GET {
            return self.tally.answer(&operation.name);
        }
        let content = match &self.law {
            Law::Newegg => newegg::bare(bytes),
            Law::Schemas | Law::Amazon(..) => body::read(&media, bytes),
        };
        match content {
            Ok(content) => {
                let faults = self.schemas.faults(schema, Direction::Response, &content);
                record(faults, Place::ResponseBody, findings);
                self.tally.answer(&operation.name);
            }
            Err(message) => findings.add(Place::ResponseBody, "", message),
        }
    }

    /// Holds the numbers of errors to what eBay lists for the operation.
    fn check_numbers(
        &self,
        operation: &Operation,
        exchange: &Exchange<'_>,
        findings: &mut Findings,
    ) {
        if self.marketplace != EBAY || operation.is_by_reference() {
            return;
        }
        let (status, body) = (exchange.status, exchange.response_body);
        let known = |number: i64| self.deviations.error_known(&operation.name, number);
        for wrong in errors::unlisted(operation.value(), status, body, known) {
            findings.add(Place::ResponseBody, "/errors", wrong);
        }
    }

    /// What is wrong with the form of a refusal.
    fn refusal_fault(
        &mut self,
        operation: &Operation,
        exchange: &Exchange<'_>,
    ) -> Option<&'static str> {
        match &self.law {
            Law::Schemas => body::refusal_fault(exchange, &[411, 413, 429]),
            Law::Newegg => newegg::refusal_fault(exchange),
            Law::Amazon(..) => {
                // amazon.md §10: the edge also forbids in a form of its own.
                let wrong = body::refusal_fault(exchange, &[403, 413, 429]);
                let media = Media::of(exchange.response_headers);
                let schema = operation.response_schema(exchange.status, &media);
                let answer = serde_json::from_slice(exchange.response_body);
                let (Some(schema), Ok(answer)) = (schema, answer) else {
                    return wrong;
                };
                let faults = self.schemas.faults(schema, Direction::Response, &answer);
                let published = faults.is_ok_and(|faults| faults.is_empty());
                wrong.or((!published).then_some("a refusal without its published form"))
            }
        }
    }
}

fn record(faults: Result<Vec<schema::Fault>, String>, place: Place, findings: &mut Findings) {
    match faults {
        Ok(faults) => {
            for fault in faults.into_iter().take(FAULTS_MAX) {
                findings.add(place, &fault.at, fault.message);
            }
        }
        Err(message) => findings.add(Place::Contract, "", message),
    }
}

fn check_headers(operation: &Operation, headers: &HeaderMap, findings: &mut Findings) {
    let sent_body = operation.request_body().is_some();
    for parameter in operation.parameters("header") {
        let name = parameter["name"].as_str().unwrap_or_default();
        let needless = name.eq_ignore_ascii_case("content-type") && !sent_body;
        if parameter["required"] == true && !needless && !headers.contains_key(name) {
            findings.add(Place::RequestHeader, name, "is required and was not sent");
        }
    }
    // Every operation with scopes is called with a token: ebay.md §3.
    if operation.needs_bearer_token() {
        let bearer = headers
            .get(http::header::AUTHORIZATION)
            .and_then(|v| v.to_str().ok());
        if !bearer.is_some_and(|text| text.starts_with("Bearer ")) {
            findings.add(
                Place::RequestHeader,
                "Authorization",
                "is required: `Bearer` and a token",
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn absent_contracts_are_told_with_the_place_that_was_looked_in() {
        let missing = Specs::open_at(Path::new("/nowhere")).unwrap_err();
        assert!(missing.to_string().contains("skipped"), "{missing}");
        assert!(missing.to_string().contains("nowhere"), "{missing}");
    }
}
