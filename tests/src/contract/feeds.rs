//! Holds the contents of feeds to their schemas: one marketplace takes them in a form, one behind a
//! presigned address, one by a type in the query.

use super::amazon::{self, Presigned};
use super::body::Media;
use super::deviations::FeedSchema;
use super::documents::Operation;
use super::schema::Direction;
use super::{Contract, Exchange, Findings, Law, Place, newegg_requests, record};
use serde_json::Value;

/// The published schemas of Amazon's feeds of listings and of the reports on them.
const FEED_DOCUMENT: &str = "listings-feed-schema-v2.json";
const FEED_REPORT: &str = "listings-feed-processing-report-schema-v2.json";

impl Contract {
    /// A document of a feed on its way.
    pub(super) fn check_presigned(
        &mut self,
        presigned: &Presigned,
        exchange: &Exchange<'_>,
        findings: &mut Findings,
    ) {
        amazon::check_presigned(presigned, exchange.request_headers, findings);
        let name = match presigned {
            Presigned::Upload { .. } => "PUT to a presigned address",
            Presigned::Download { .. } => "GET from a presigned address",
        };
        findings.operation = name.to_owned();
        self.tally.by_reference(name);
        self.tally.request(name);
        let gone_well = (200..300).contains(&exchange.status);
        if gone_well {
            self.tally.answer(name);
        } else {
            self.tally.refusal(name);
        }
        match presigned {
            Presigned::Upload { .. } => {
                let sent = exchange.request_body.unwrap_or_default();
                match amazon::unpacked(sent, false) {
                    Ok(document) => self.check_feed_document(&document, findings),
                    Err(message) => findings.add(Place::RequestBody, "", message),
                }
            }
            Presigned::Download { gzip } if gone_well => {
                match amazon::unpacked(exchange.response_body, *gzip) {
                    Ok(document) => self.check_report(&document, findings),
                    Err(message) => findings.add(Place::ResponseBody, "", message),
                }
            }
            Presigned::Download { .. } => {}
        }
    }

    fn check_feed_document(&mut self, document: &Value, findings: &mut Findings) {
        self.check_document(FEED_DOCUMENT, Direction::Request, document, findings);
        self.tally.request("JSON_LISTINGS_FEED document");
        if let Law::Amazon(_, attributes) = &self.law {
            let messages = document["messages"].as_array().into_iter().flatten();
            for (number, message) in messages.enumerate() {
                let at = format!("/messages/{number}");
                attributes.hold(&mut self.schemas, message, &at, findings);
            }
        }
    }

    /// What was fetched: the report of a feed, or the feed itself again.
    fn check_report(&mut self, document: &Value, findings: &mut Findings) {
        if document.get("messages").is_some() {
            self.check_document(FEED_DOCUMENT, Direction::Response, document, findings);
            self.tally.answer("JSON_LISTINGS_FEED document");
        } else {
            self.check_document(FEED_REPORT, Direction::Response, document, findings);
            self.tally.answer("JSON_LISTINGS_FEED processing report");
        }
    }

    fn check_document(
        &mut self,
        file: &str,
        direction: Direction,
        document: &Value,
        findings: &mut Findings,
    ) {
        let place = match direction {
            Direction::Request => Place::RequestBody,
            Direction::Response => Place::ResponseBody,
        };
        match self.documents.item_schema(file, &self.deviations) {
            Ok(schema) => record(
                self.schemas.faults(schema, direction, document),
                place,
                findings,
            ),
            Err(message) => findings.add(Place::Contract, file, message),
        }
    }

    /// A feed of Newegg's, whose content goes by its type.
    pub(super) fn check_newegg_feed(
        &mut self,
        operation: &Operation,
        query: &[(String, String)],
        content: &Value,
        findings: &mut Findings,
    ) {
        let path = operation.name.split(' ').nth(1).unwrap_or_default();
        let feed = newegg_requests::feed(path, query, content, findings);
        let Some(feed) = feed else { return };
        let kind = query.iter().find(|(name, _)| name == "requesttype");
        let kind = kind.map_or("", |(_, kind)| kind.as_str());
        let name = format!("{} with requesttype={kind}", operation.name);
        match feed {
            newegg_requests::Feed::Open => self.tally.no_schema(&name),
            newegg_requests::Feed::Described(pointer) => {
                let schema = operation.beside(pointer);
                let faults = self.schemas.faults(schema, Direction::Request, content);
                record(faults, Place::RequestBody, findings);
                self.tally.by_reference(&name);
                self.tally.request(&name);
            }
        }
    }

    /// A feed's content stands in a part of a form, or is the body itself: walmart.md §6.1.
    pub(super) fn check_feed(
        &mut self,
        feed: &str,
        schema: FeedSchema,
        media: &Media,
        content: Value,
        findings: &mut Findings,
    ) {
        let content = if media.name == "multipart/form-data" {
            let Some(file) = content.get("file").and_then(Value::as_str) else {
                let message = "a feed is sent as the part named `file`";
                return findings.add(Place::RequestBody, "/file", message);
            };
            match serde_json::from_str(file) {
                Ok(content) => content,
                Err(_) => return findings.add(Place::RequestBody, "/file", "is not JSON"),
            }
        } else {
            content
        };
        let name = format!("{} with feedType={feed}", findings.operation);
        let file = match schema {
            FeedSchema::File(file) => file,
            FeedSchema::None => return self.tally.no_schema(&name),
            FeedSchema::Unknown => {
                let message = "the reference has no such feed type";
                return findings.add(Place::Query, "feedType", message);
            }
        };
        match self.documents.item_schema(file, &self.deviations) {
            Ok(schema) => {
                let faults = self.schemas.faults(schema, Direction::Request, &content);
                record(faults, Place::RequestBody, findings);
                self.tally.request(&name);
            }
            Err(message) => findings.add(Place::Contract, file, message),
        }
    }
}
