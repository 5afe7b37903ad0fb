//! What is told of feeds (walmart.md §6.2).

use serde_json::{Value, json};

use super::super::call::{Answer, Call, ok};
use super::super::error::{FEEDS, Refusal};
use super::super::state::State;
use super::{Feed, RowError, RowResult, Status};

const LIMIT_MAX: u64 = 50;

/// `GET /v3/feeds`: newest first.
pub(in crate::walmart) fn list(state: &mut State, call: &Call<'_>) -> Answer {
    let offset = call.number(FEEDS, "offset", 0, u64::MAX)?;
    let limit = call.number(FEEDS, "limit", LIMIT_MAX, LIMIT_MAX)?.max(1);
    let matching: Vec<&Feed> = state
        .feeds
        .iter()
        .rev()
        .filter(|feed| call.query.get("feedId").is_none_or(|id| id == feed.id))
        .filter(|feed| {
            call.query
                .get("feedType")
                .is_none_or(|kind| kind == feed.feed_type)
        })
        .collect();
    let page: Vec<Value> = matching
        .iter()
        .skip(offset)
        .take(limit)
        .map(|feed| summary(feed, &state.keys.partner_id))
        .collect();
    ok(&json!({
        "totalResults": matching.len(),
        "offset": offset,
        "limit": limit,
        "results": { "feed": page },
    }))
}

/// `GET /v3/feeds/{feedId}`.
pub(in crate::walmart) fn one(state: &mut State, call: &Call<'_>) -> Answer {
    let offset = call.number(FEEDS, "offset", 0, u64::MAX)?;
    let limit = call.number(FEEDS, "limit", LIMIT_MAX, LIMIT_MAX)?.max(1);
    let feed = state.feeds.iter().find(|feed| feed.id == call.segment(1));
    let feed = feed.ok_or_else(|| Refusal::not_found(FEEDS, "The feed is not found."))?;
    let errors: Vec<Value> = feed.errors().iter().map(error).collect();
    let mut body = json!({
        "feedId": feed.id,
        "feedStatus": feed.status.word(),
        "feedSubmissionDate": feed.sent_at.timestamp_millis(),
        "ingestionErrors": { "ingestionError": errors },
        "itemsReceived": feed.received(),
        "itemsSucceeded": feed.succeeded(),
        "itemsFailed": feed.failed(),
        "itemsProcessing": feed.processing(),
        "offset": offset,
        "limit": limit,
    });
    let rows: Vec<Value> = if call.query.get("includeDetails") != Some("true") {
        Vec::new()
    } else if feed.results.is_empty() {
        let waiting = feed.rows.iter().map(|(sku, _)| sku).enumerate();
        waiting
            .skip(offset)
            .take(limit)
            .map(|(index, sku)| waiting_row(index, sku))
            .collect()
    } else {
        let done = feed.results.iter().enumerate();
        done.skip(offset)
            .take(limit)
            .map(|(index, result)| done_row(index, result))
            .collect()
    };
    body["itemDetails"] = json!({ "itemIngestionStatus": rows });
    ok(&body)
}

impl Status {
    fn word(self) -> &'static str {
        match self {
            Self::Received => "RECEIVED",
            Self::InProgress => "INPROGRESS",
            Self::Processed => "PROCESSED",
            Self::Error => "ERROR",
        }
    }
}

impl Feed {
    /// Errors of the file are known once it has been looked at.
    fn errors(&self) -> &[RowError] {
        if self.status == Status::Error {
            &self.errors
        } else {
            &[]
        }
    }

    fn received(&self) -> usize {
        self.rows.len().max(self.results.len())
    }

    fn succeeded(&self) -> usize {
        self.results
            .iter()
            .filter(|result| result.status == "SUCCESS")
            .count()
    }

    fn failed(&self) -> usize {
        self.results.len() - self.succeeded()
    }

    fn processing(&self) -> usize {
        self.received() - self.results.len()
    }

    fn with_status(&self, status: &str) -> usize {
        self.results
            .iter()
            .filter(|result| result.status == status)
            .count()
    }
}

fn summary(feed: &Feed, partner_id: &str) -> Value {
    json!({
        "feedId": feed.id,
        "feedSource": "MARKETPLACE_PARTNER",
        "feedType": feed.feed_type,
        "partnerId": partner_id,
        "itemsReceived": feed.received(),
        "itemsSucceeded": feed.succeeded(),
        "itemsFailed": feed.failed(),
        "itemsProcessing": feed.processing(),
        "feedStatus": feed.status.word(),
        "feedDate": feed.sent_at.timestamp_millis(),
        "modifiedDtm": feed.changed_at.timestamp_millis(),
        "fileName": feed.file_name,
        "itemDataErrorCount": feed.with_status("DATA_ERROR"),
        "itemSystemErrorCount": feed.with_status("SYSTEM_ERROR"),
        "itemTimeoutErrorCount": feed.with_status("TIMEOUT_ERROR"),
        "channelType": "API",
    })
}

fn waiting_row(index: usize, sku: &str) -> Value {
    json!({
        "martId": 0,
        "sku": sku,
        "index": index,
        "ingestionStatus": "INPROGRESS",
        "ingestionErrors": { "ingestionError": [] },
    })
}

fn done_row(index: usize, result: &RowResult) -> Value {
    let kind = if result.status == "SUCCESS" {
        "DATA_ERROR"
    } else {
        result.status.as_str()
    };
    let errors: Vec<Value> = result
        .errors
        .iter()
        .map(|row| {
            let mut shown = error(row);
            shown["type"] = json!(kind);
            shown
        })
        .collect();
    let mut row = json!({
        "martId": 0,
        "sku": result.sku,
        "index": index,
        "ingestionStatus": result.status,
        "ingestionErrors": { "ingestionError": errors },
    });
    if let Some(wpid) = &result.wpid {
        row["wpid"] = json!(wpid);
    }
    if let Some(item_id) = &result.item_id {
        row["itemid"] = json!(item_id);
    }
    if let Some((kind, id)) = &result.identifier {
        row["productIdentifiers"] =
            json!({ "productIdentifier": [{ "productIdType": kind, "productId": id }] });
    }
    row
}

fn error(error: &RowError) -> Value {
    let mut shown = json!({
        "type": "DATA_ERROR",
        "code": error.code,
        "description": error.description,
    });
    if let Some(field) = &error.field {
        shown["field"] = json!(field);
    }
    shown
}
