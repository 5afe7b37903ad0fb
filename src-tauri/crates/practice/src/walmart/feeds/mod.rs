//! Feeds: files that are taken now and worked through later (walmart.md §6).

mod item;
mod offer;
mod show;

use std::time::Duration;

use chrono::{DateTime, Utc};
use http::StatusCode;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

pub(super) use show::{list, one};

use super::call::{Answer, Call, ok};
use super::error::{FEEDS, Refusal};
use super::inventory;
use super::limits::FeedLimit;
use super::spec::is_item_version;
use super::state::{FEEDS_MAX, State};
use crate::marketplace::Now;
use crate::multipart;

/// A feed is noticed after a while; until then it is RECEIVED.
const START_DELAY: Duration = Duration::from_secs(10);

/// How long a feed of items is worked on, before chance adds to it. The real delays (15 minutes to
/// hours) would make rehearsal a matter of days; the order of the steps is what it teaches.
const ITEMS_DELAY: Duration = Duration::from_secs(60);

/// How long a feed of prices or stock is worked on.
const OFFERS_DELAY: Duration = Duration::from_secs(30);

/// How long a feed takes that the fault `slow_feed` meets.
const SLOW_DELAY: Duration = Duration::from_secs(4 * 3_600);

/// One feed. Its rows are kept until they are worked through, its results as long as the feed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Feed {
    id: String,
    feed_type: String,
    file_name: String,
    sent_at: DateTime<Utc>,
    changed_at: DateTime<Utc>,
    submitted: Duration,
    starts_at: Duration,
    done_at: Duration,
    status: Status,
    /// Why the file as a whole is refused.
    errors: Vec<RowError>,
    /// SKU and row, until they are worked through.
    rows: Vec<(String, Value)>,
    results: Vec<RowResult>,
    ship_node: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
enum Status {
    Received,
    InProgress,
    Processed,
    Error,
}

/// What became of one row.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
struct RowResult {
    sku: String,
    wpid: Option<String>,
    item_id: Option<String>,
    identifier: Option<(String, String)>,
    /// `SUCCESS`, `DATA_ERROR`, `SYSTEM_ERROR` or `TIMEOUT_ERROR`.
    status: String,
    errors: Vec<RowError>,
}

/// One ingestion error. Codes are those of walmart.md §13 where it lists one for the mistake; for
/// others the stems of §4 or codes in the same manner stand in: callers must not know them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct RowError {
    code: String,
    field: Option<String>,
    description: String,
}

impl RowError {
    fn new(code: &str, field: &str, description: impl Into<String>) -> Self {
        Self {
            code: code.to_owned(),
            field: Some(field.to_owned()),
            description: description.into(),
        }
    }

    fn of_file(code: &str, description: impl Into<String>) -> Self {
        Self {
            code: code.to_owned(),
            field: None,
            description: description.into(),
        }
    }
}

/// `POST /v3/feeds?feedType=`.
pub(super) fn submit(state: &mut State, call: &Call<'_>) -> Answer {
    let feed_type = call.query.get("feedType");
    let feed_type = feed_type.ok_or_else(|| Refusal::missing_param(FEEDS, "feedType"))?;
    let limit = FeedLimit::of(feed_type)
        .ok_or_else(|| Refusal::param(FEEDS, "feedType", "The feed type is not known."))?;
    let (file_name, content) = file(call)?;
    if content.len() > limit.bytes_max {
        return Err(Refusal::new(
            StatusCode::PAYLOAD_TOO_LARGE,
            "INVALID_REQUEST",
            FEEDS,
            "The feed file is larger than allowed.",
        ));
    }
    let ship_node = inventory::node(state, call.query.get("shipNode"))?;
    let read = read_file(limit, content);
    let letters = "0123456789ABCDEF";
    let id = format!("{}@AU8BAQA", state.ids.text(32, letters));
    let delay = match feed_type {
        _ if state.faults.meets("slow_feed", "submitFeed") => SLOW_DELAY,
        "MP_ITEM" | "MP_ITEM_MATCH" | "MP_MAINTENANCE" => {
            ITEMS_DELAY + Duration::from_secs(state.ids.below(30))
        }
        _ => OFFERS_DELAY + Duration::from_secs(state.ids.below(15)),
    };
    let mut errors = Vec::new();
    if state.faults.meets("feed_error", "submitFeed") {
        errors.push(RowError::of_file(
            "ERR_INT_SYS_0101000",
            "The feed could not be read.",
        ));
    }
    let rows = read.unwrap_or_else(|error| {
        errors.push(error);
        Vec::new()
    });
    while state.feeds.len() >= FEEDS_MAX {
        state.feeds.pop_front();
    }
    state.feeds.push_back(Feed {
        id: id.clone(),
        feed_type: feed_type.to_owned(),
        file_name,
        sent_at: call.now.wall,
        changed_at: call.now.wall,
        submitted: call.now.elapsed,
        starts_at: call.now.elapsed + START_DELAY,
        done_at: call.now.elapsed + START_DELAY + delay,
        status: Status::Received,
        errors,
        rows,
        results: Vec::new(),
        ship_node,
    });
    ok(&json!({ "feedId": id }))
}

/// Takes the file from a form's part `file`, or the body itself (walmart.md §6.1).
fn file<'a>(call: &'a Call<'_>) -> Result<(String, &'a [u8]), Refusal> {
    let content_type = call.header("content-type").unwrap_or_default();
    let body: &[u8] = call.request.body();
    if content_type.starts_with("application/json") {
        return Ok(("feed.json".to_owned(), body));
    }
    let unsupported = || {
        Refusal::new(
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            "UNSUPPORTED_MEDIA_TYPE",
            FEEDS,
            "The feed must be a form with a boundary, or JSON.",
        )
    };
    let boundary = multipart::boundary(content_type).ok_or_else(unsupported)?;
    let part = multipart::part(body, boundary, "file")
        .ok_or_else(|| Refusal::content(FEEDS, "The form has no part called file.").at("file"))?;
    Ok((
        part.file_name.unwrap_or_else(|| "feed.json".to_owned()),
        part.content,
    ))
}

/// Reads the rows of a file with their SKUs, or says why the file as a whole is refused.
fn read_file(limit: &FeedLimit, content: &[u8]) -> Result<Vec<(String, Value)>, RowError> {
    let file: Value = serde_json::from_slice(content).map_err(|_| {
        RowError::of_file("ERR_INT_DATA_0101001", "The data isn't formatted properly.")
    })?;
    let (list, sku) = match limit.feed_type {
        "MP_ITEM" | "MP_MAINTENANCE" => {
            check_item_header(&file)?;
            ("MPItem", "/Orderable/sku")
        }
        "MP_ITEM_MATCH" => {
            check_match_header(&file)?;
            ("MPItem", "/Item/sku")
        }
        "PRICE_AND_PROMOTION" => {
            check_version(
                &file,
                "/MPItemFeedHeader/version",
                &["2.0.20240126-12_25_52-api"],
            )?;
            ("MPItem", "/Promo&Discount/sku")
        }
        "price" => {
            check_version(
                &file,
                "/PriceHeader/version",
                &["1.7", "1.6", "1.5.1", "1.5"],
            )?;
            ("Price", "/sku")
        }
        "inventory" => {
            check_casing(&file, "InventoryHeader", "Inventory")?;
            check_version(&file, "/InventoryHeader/version", &["1.4"])?;
            ("Inventory", "/sku")
        }
        "MP_INVENTORY" => {
            check_casing(&file, "inventoryHeader", "inventory")?;
            check_version(&file, "/inventoryHeader/version", &["1.5"])?;
            ("inventory", "/sku")
        }
        _ => {
            check_version(&file, "/RetireItemHeader/version", &["1.0"])?;
            ("RetireItem", "/sku")
        }
    };
    let rows = file
        .get(list)
        .and_then(Value::as_array)
        .filter(|rows| !rows.is_empty());
    let rows = rows.ok_or_else(|| {
        RowError::of_file(
            item::MISSING,
            format!("The list {list} is missing or empty."),
        )
    })?;
    if rows.len() > limit.items_max {
        let text = format!("A feed has at most {} items.", limit.items_max);
        return Err(RowError::of_file("INVALID_REQUEST_CONTENT", text));
    }
    let sku_of = |row: &Value| {
        row.pointer(sku)
            .and_then(Value::as_str)
            .unwrap_or_default()
            .to_owned()
    };
    Ok(rows.iter().map(|row| (sku_of(row), row.clone())).collect())
}

/// The header has exactly three keys and a full dated version (walmart.md §6.3).
fn check_item_header(file: &Value) -> Result<(), RowError> {
    let header = file.get("MPItemFeedHeader").and_then(Value::as_object);
    let header = header.ok_or_else(|| {
        RowError::of_file(item::MISSING, "The header MPItemFeedHeader is missing.")
    })?;
    let allowed = ["businessUnit", "locale", "version"];
    if let Some(key) = header.keys().find(|key| !allowed.contains(&key.as_str())) {
        return Err(RowError::new(
            "ERR_INT_DATA_01010092/PGW",
            key,
            format!("The header must not have the attribute {key}."),
        ));
    }
    let version = header
        .get("version")
        .and_then(Value::as_str)
        .unwrap_or_default();
    if !is_item_version(version) {
        let text = "The version of the specification must be a full dated one.";
        return Err(RowError::new("ERR_INT_SYS_0801003", "version", text));
    }
    let wanted = [("businessUnit", "WALMART_US"), ("locale", "en")];
    for (key, value) in wanted {
        if header.get(key).and_then(Value::as_str) != Some(value) {
            return Err(RowError::new(
                item::MISSING,
                key,
                format!("{key} must be {value}."),
            ));
        }
    }
    Ok(())
}

fn check_match_header(file: &Value) -> Result<(), RowError> {
    check_version(file, "/MPItemFeedHeader/version", &["4.2", "4.1", "1.0"])?;
    for (key, value) in [("sellingChannel", "mpsetupbymatch"), ("locale", "en")] {
        let found = file
            .get("MPItemFeedHeader")
            .and_then(|header| header.get(key));
        if found.and_then(Value::as_str) != Some(value) {
            return Err(RowError::new(
                item::MISSING,
                key,
                format!("{key} must be {value}."),
            ));
        }
    }
    Ok(())
}

fn check_version(file: &Value, pointer: &str, known: &[&str]) -> Result<(), RowError> {
    let version = file
        .pointer(pointer)
        .and_then(Value::as_str)
        .unwrap_or_default();
    if known.contains(&version) {
        return Ok(());
    }
    Err(RowError::new(
        item::BAD_VERSION,
        "version",
        "The version of the feed is not known.",
    ))
}

/// Keys in the wrong case, or wrapped, are refused as a whole (walmart.md §6.5).
fn check_casing(file: &Value, header: &str, list: &str) -> Result<(), RowError> {
    if file.get(header).is_some() && file.get(list).is_some() {
        return Ok(());
    }
    let text = format!("The feed must have {header} and {list} at its top.");
    Err(RowError::of_file("ERR_EXT_DATA_0503009", text))
}

/// Starts and finishes feeds whose time has come, in the order in which they finish.
pub(super) fn advance(state: &mut State, now: Now) {
    for feed in &mut state.feeds {
        if feed.status == Status::Received && feed.starts_at <= now.elapsed {
            feed.status = Status::InProgress;
            feed.changed_at = now.wall;
        }
    }
    loop {
        let due = state
            .feeds
            .iter()
            .enumerate()
            .filter(|(_, feed)| feed.status == Status::InProgress && feed.done_at <= now.elapsed)
            .min_by_key(|(_, feed)| feed.done_at)
            .map(|(index, _)| index);
        let Some(index) = due else { break };
        finish(state, index, now);
    }
}

fn finish(state: &mut State, index: usize, now: Now) {
    let Some(feed) = state.feeds.get_mut(index) else {
        return;
    };
    let rows = std::mem::take(&mut feed.rows);
    let mut work = feed.clone();
    work.status = if work.errors.is_empty() {
        Status::Processed
    } else {
        Status::Error
    };
    work.changed_at = now.wall;
    if work.status == Status::Processed {
        let mut seen = std::collections::BTreeSet::new();
        for (sku, row) in &rows {
            let first = seen.insert(sku.clone());
            work.results.push(row_result(state, &work, sku, row, first));
        }
    }
    if let Some(feed) = state.feeds.get_mut(index) {
        *feed = work;
    }
}

fn row_result(state: &mut State, feed: &Feed, sku: &str, row: &Value, first: bool) -> RowResult {
    let broken = |status: &str, code: &str, text: &str| RowResult {
        sku: sku.to_owned(),
        status: status.to_owned(),
        errors: vec![RowError::of_file(code, text)],
        ..RowResult::default()
    };
    if state.faults.meets("item_system_error", "submitFeed") {
        let text = "A system error occurred. Send the item again.";
        return broken("SYSTEM_ERROR", "ERR_INT_SYS_0101002", text);
    }
    if state.faults.meets("item_timeout_error", "submitFeed") {
        return broken(
            "TIMEOUT_ERROR",
            "ERR_INT_SYS_0101003",
            "The item took too long.",
        );
    }
    if !first {
        let text = "The SKU is in the feed more than once.";
        return broken("DATA_ERROR", "INVALID_REQUEST_CONTENT", text);
    }
    let result = match feed.feed_type.as_str() {
        "MP_ITEM" | "MP_MAINTENANCE" | "MP_ITEM_MATCH" => item::apply(state, feed, row),
        _ => offer::apply(state, feed, row),
    };
    let errors = result.err().unwrap_or_default();
    // Warnings and reviews stand beside a row that went through (walmart.md §6.2).
    let pending = errors.iter().any(|error| item::is_review(&error.code));
    let status = if errors.is_empty() || pending {
        "SUCCESS"
    } else {
        "DATA_ERROR"
    };
    let item = state.items.get(sku);
    RowResult {
        sku: sku.to_owned(),
        wpid: item.map(|item| item.wpid.clone()),
        item_id: item.map(|item| item.item_id.clone()),
        identifier: item.map(|item| (item.identifier_type.clone(), item.identifier.clone())),
        status: status.to_owned(),
        errors,
    }
}
