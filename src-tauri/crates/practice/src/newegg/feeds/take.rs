//! Taking a feed: its type, its envelope, its size (newegg.md §5).

use std::time::Duration;

use bytes::Bytes;
use http::Response;
use serde_json::{Value, json};

use super::super::call::{Answer, Call, Shown, several, text};
use super::super::error::Refusal;
use super::super::limits::{self, Counted, ITEM_RECORDS, RECORDS};
use super::super::state::{FEEDS_MAX, State};
use super::show::response_row;
use super::{Feed, Kind, Status};

/// The most rows of a file (newegg.md §3).
const ROWS_MAX: usize = 10_000;
const ITEM_ROWS_MAX: usize = 3_000;
/// The largest file of items, in bytes.
const ITEM_BYTES_MAX: usize = 15 * 1024 * 1024;

/// A feed waits so long until it is noticed, in seconds.
const START_SECONDS: (u64, u64) = (20, 60);
/// Work on stock, prices and shipments takes so long.
const OFFER_SECONDS: (u64, u64) = (40, 100);
/// Work on items takes so long.
const ITEM_SECONDS: (u64, u64) = (120, 360);
/// How long a feed takes that the fault `feed_stall` meets.
const STALL: Duration = Duration::from_secs(6 * 3_600);

/// `POST datafeedmgmt/feeds/submitfeed?requesttype=`.
pub(in crate::newegg) fn submit(state: &mut State, call: &Call<'_>) -> Answer {
    let asked = call.query.get("requesttype").unwrap_or_default();
    let body = call
        .json()
        .map_err(|_| Refusal::bad("DF004", "The feed is not well formed."))?;
    let kind = kind_of(asked, &body)?;
    if !kind.is_taken_by(state.platform) {
        let text = "The request type is not available on this platform.";
        return Err(Refusal::bad("DF003", text));
    }
    let envelope = envelope(&body, kind)?;
    check_flags(call, kind, envelope)?;
    let rows = rows_of(kind, envelope)?;
    let item_data = kind.is_item_data();
    let rows_max = if item_data { ITEM_ROWS_MAX } else { ROWS_MAX };
    if rows.len() > rows_max {
        let text = format!("A file has at most {rows_max} records.");
        return Err(Refusal::bad("DF011", text));
    }
    if item_data && call.request.body().len() > ITEM_BYTES_MAX {
        return Err(Refusal::bad("DF011", "A file of items has at most 15 MB."));
    }
    spend_records(state, call, item_data, rows.len())?;
    let overwrite = overwrites(kind, envelope, &rows)?;
    let feed = new_feed(state, call, kind, rows, overwrite);
    let row = response_row(&feed);
    while state.feeds.len() >= FEEDS_MAX {
        state.feeds.pop_front();
    }
    state.feeds.push_back(feed);
    let body = json!({ "ResponseList": call.shape.list("ResponseInfo", vec![row]) });
    Ok(Shown::framed("SubmitFeedResponse", body))
}

fn new_feed(
    state: &mut State,
    call: &Call<'_>,
    kind: Kind,
    rows: Vec<Value>,
    overwrite: bool,
) -> Feed {
    let letters = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";
    let id = format!("2{}", state.ids.text(12, letters));
    let starts_at =
        call.now.elapsed + Duration::from_secs(state.ids.between(START_SECONDS.0, START_SECONDS.1));
    let (low, high) = if kind.is_item_data() {
        ITEM_SECONDS
    } else {
        OFFER_SECONDS
    };
    let mut work = Duration::from_secs(state.ids.between(low, high));
    if state.faults.meets("feed_stall", "submitFeed") {
        work = STALL;
    }
    let ends = if state.faults.meets("feed_failed", "submitFeed") {
        Status::Failed
    } else if state.faults.meets("feed_cancelled", "submitFeed") {
        Status::Cancelled
    } else {
        Status::Finished
    };
    let status_code = if state.faults.meets("feed_file_error", "submitFeed") {
        "FileContentError"
    } else if rows.is_empty() {
        "NoRecord"
    } else {
        "ProcessReport"
    };
    Feed {
        id,
        kind,
        sent_at: call.now.wall,
        done_wall: None,
        starts_at,
        done_at: starts_at + work,
        status: Status::Submitted,
        ends,
        status_code: status_code.to_owned(),
        overwrite,
        rows,
        processed: 0,
        results: Vec::new(),
    }
}

fn kind_of(asked: &str, body: &Value) -> Result<Kind, Refusal> {
    let version = body.pointer("/NeweggEnvelope/Header");
    let version = version.and_then(|header| text(header, "DocumentVersion"));
    Ok(match asked {
        "ITEM_DATA" => match version.as_deref() {
            Some("2.0") => Kind::Offers,
            Some("1.0" | "3.0") => Kind::Items,
            _ => return Err(Refusal::bad("DF004", "DocumentVersion is not known.")),
        },
        "INVENTORY_DATA" => Kind::Inventory,
        "PRICE_DATA" => Kind::Price,
        "INVENTORY_AND_PRICE_DATA" => Kind::InventoryAndPrice,
        "ORDER_SHIP_NOTICE_DATA" => Kind::ShipNotice,
        _ => return Err(Refusal::bad("DF003", "The request type is not valid.")),
    })
}

fn envelope(body: &Value, kind: Kind) -> Result<&Value, Refusal> {
    let wrong = |text: String| Refusal::bad("DF004", text);
    let envelope = body.get("NeweggEnvelope");
    let envelope = envelope.ok_or_else(|| wrong("NeweggEnvelope is missing.".to_owned()))?;
    let version = envelope
        .get("Header")
        .and_then(|header| text(header, "DocumentVersion"));
    if kind != Kind::Items && version.as_deref() != Some(kind.document_version()) {
        let text = format!("DocumentVersion must be {}.", kind.document_version());
        return Err(wrong(text));
    }
    if text(envelope, "MessageType").as_deref() != Some(kind.message_type()) {
        let text = format!("MessageType must be {}.", kind.message_type());
        return Err(wrong(text));
    }
    Ok(envelope)
}

/// A bare flag in the query may name the version; then it must be the document's.
fn check_flags(call: &Call<'_>, kind: Kind, envelope: &Value) -> Result<(), Refusal> {
    let version = envelope
        .get("Header")
        .and_then(|header| text(header, "DocumentVersion"))
        .unwrap_or_default();
    let known = [("v1", "1.0"), ("v2", "2.0"), ("v3", "3.0")];
    let contradicted = known
        .iter()
        .any(|(flag, of)| call.query.has(flag) && (!kind.is_item_data() || version != *of));
    if contradicted {
        let text = "The version in the address is not the DocumentVersion.";
        return Err(Refusal::bad("DF004", text));
    }
    Ok(())
}

fn rows_of(kind: Kind, envelope: &Value) -> Result<Vec<Value>, Refusal> {
    let message = envelope
        .get("Message")
        .filter(|message| message.is_object());
    let message = message.ok_or_else(|| Refusal::bad("DF004", "Message is missing."))?;
    let inside = |pointer: &str| several(message.pointer(pointer));
    let rows = match kind {
        Kind::Offers | Kind::Items => several(message.get("Itemfeed"))
            .iter()
            .flat_map(|block| several(block.get("Item")))
            .collect(),
        Kind::Inventory | Kind::InventoryAndPrice => inside("/Inventory/Item"),
        Kind::Price => inside("/Price/Item"),
        Kind::ShipNotice => inside("/ShipNotice/Package"),
    };
    if rows.iter().any(|row: &Value| !row.is_object()) {
        return Err(Refusal::bad("DF004", "A row is not an object."));
    }
    Ok(rows)
}

/// Reads `Overwrite`, beside the message type or on each row (newegg.md §5). Offers have none.
fn overwrites(kind: Kind, envelope: &Value, rows: &[Value]) -> Result<bool, Refusal> {
    let at_top = text(envelope, "Overwrite");
    let words = rows.iter().filter_map(|row| text(row, "Overwrite"));
    let words: Vec<String> = at_top.into_iter().chain(words).collect();
    if words
        .iter()
        .any(|word| !["Yes", "No"].contains(&word.as_str()))
    {
        return Err(Refusal::bad("DF004", "Overwrite must be Yes or No."));
    }
    let none = matches!(kind, Kind::Offers | Kind::ShipNotice);
    if none && !words.is_empty() {
        return Err(Refusal::bad("DF004", "This feed does not take Overwrite."));
    }
    Ok(words.iter().any(|word| word == "Yes"))
}

fn spend_records(
    state: &mut State,
    call: &Call<'_>,
    item_data: bool,
    rows: usize,
) -> Result<(), Refusal> {
    let mut buckets = vec![("records", RECORDS)];
    if item_data {
        buckets.push(("item records", ITEM_RECORDS));
    }
    let rows = u32::try_from(rows).unwrap_or(u32::MAX);
    for (name, rate) in &buckets {
        let spent = state.buckets.look(name, *rate, call.now.elapsed);
        if spent.left < rows {
            state.record_violations += 1;
            let at = limits::reset_time(&spent, state.speed, call.now);
            let text = format!("The hourly record limit is reached. Try again after {at} (PT).");
            return Err(Refusal::bad("DF012", text));
        }
    }
    for (name, rate) in &buckets {
        for _ in 0..rows {
            state.buckets.spend(name, *rate, call.now.elapsed);
        }
    }
    Ok(())
}

/// Tells how many rows are left in this hour.
pub(in crate::newegg) fn tell_records(
    state: &mut State,
    call: &Call<'_>,
    response: &mut Response<Bytes>,
) {
    let (name, rate) = match call.query.get("requesttype") {
        Some("ITEM_DATA") => ("item records", ITEM_RECORDS),
        _ => ("records", RECORDS),
    };
    let left = state.buckets.look(name, rate, call.now.elapsed);
    limits::tell(response, Counted::Records, &left, state.speed, call.now);
}
