//! The processing report of a feed of listings (amazon.md §5).

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::super::listing::{Issue, shown};
use super::super::site::Site;
use super::super::state::State;
use super::message::Head;

/// What became of a feed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Report {
    seller_id: String,
    feed_id: String,
    /// What is to be told of the listings.
    pub(super) included: Vec<String>,
    rows: Vec<Row>,
    pub(super) processed: u64,
    accepted: u64,
    invalid: u64,
    skus: BTreeSet<String>,
}

/// One issue that keeps a message, or the feed, from being accepted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Row {
    message_id: Option<u64>,
    sku: Option<String>,
    code: String,
    severity: String,
    message: String,
    attribute: Option<String>,
}

impl Row {
    /// The feed itself is wrong.
    pub(super) fn of_feed(text: &str) -> Self {
        Self {
            message_id: None,
            sku: None,
            code: "4000001".to_owned(),
            severity: "ERROR".to_owned(),
            message: text.to_owned(),
            attribute: None,
        }
    }

    /// A message cannot be read.
    pub(super) fn of_message(head: &Head, text: &str) -> Self {
        Self {
            message_id: head.id,
            sku: head.sku.clone(),
            ..Self::of_feed(text)
        }
    }

    /// What a message wants is refused.
    pub(super) fn of_issue(head: &Head, issue: &Issue) -> Self {
        Self {
            code: issue.code.to_string(),
            severity: issue.severity.clone(),
            attribute: issue.attribute.as_deref().map(str::to_owned),
            ..Self::of_message(head, &issue.message)
        }
    }

    fn shown(&self) -> Value {
        let mut shown = json!({ "severity": self.severity, "message": self.message });
        let fields = [
            ("messageId", self.message_id.map(Value::from)),
            ("sku", self.sku.as_deref().map(Value::from)),
            ("code", Some(Value::from(self.code.as_str()))),
            ("attributeName", self.attribute.as_deref().map(Value::from)),
        ];
        for (name, value) in fields {
            if let Some(value) = value {
                shown[name] = value;
            }
        }
        shown
    }
}

impl Report {
    pub(super) fn new(seller_id: &str, feed_id: &str) -> Self {
        Self {
            seller_id: seller_id.to_owned(),
            feed_id: feed_id.to_owned(),
            included: Vec::new(),
            rows: Vec::new(),
            processed: 0,
            accepted: 0,
            invalid: 0,
            skus: BTreeSet::new(),
        }
    }

    /// The feed is refused as a whole.
    pub(super) fn refuse(&mut self, row: Row) {
        self.rows.push(row);
    }

    /// A message is refused.
    pub(super) fn reject(&mut self, rows: Vec<Row>) {
        self.invalid += 1;
        self.rows.extend(rows);
    }

    /// A message is accepted.
    pub(super) fn accept(&mut self, sku: String, rows: Vec<Row>) {
        self.accepted += 1;
        self.skus.insert(sku);
        self.rows.extend(rows);
    }

    /// Writes the report, with what the listings are now where that was asked for.
    pub(super) fn text(&self, state: &State, site: Option<&Site>) -> String {
        let of = |severity: &str| {
            self.rows
                .iter()
                .filter(|row| row.severity == severity)
                .count()
        };
        let mut report = json!({
            "header": {
                "sellerId": self.seller_id,
                "version": "2.0",
                "feedId": self.feed_id,
            },
            "issues": self.rows.iter().map(Row::shown).collect::<Vec<_>>(),
            "summary": {
                "errors": of("ERROR"),
                "warnings": of("WARNING"),
                "messagesProcessed": self.processed,
                "messagesAccepted": self.accepted,
                "messagesInvalid": self.invalid,
            },
        });
        if let Some(site) = site.filter(|_| !self.included.is_empty()) {
            let asked = json!({ "includedData": self.included, "apiVersion": "2021-08-01" });
            report["header"]["report"] = asked;
            let data: Vec<&str> = self.included.iter().map(String::as_str).collect();
            let listings = self.skus.iter().filter_map(|sku| state.listings.get(sku));
            let listings: Vec<_> = listings.collect();
            let issues = |severity: &str| {
                let offers = listings
                    .iter()
                    .filter_map(|listing| listing.offers.get(site.id));
                let issues = offers.flat_map(|offer| &offer.issues);
                issues.filter(|issue| issue.severity == severity).count()
            };
            report["summary"]["itemSummary"] = json!({
                "items": listings.len(),
                "errors": issues("ERROR"),
                "warnings": issues("WARNING"),
            });
            report["items"] = listings
                .iter()
                .map(|listing| shown(listing, site, &data))
                .collect();
        }
        report.to_string()
    }
}
