//! Feeds: files that are taken now and worked through later (newegg.md §5).

mod item;
mod show;
mod stock;
mod take;

use std::collections::BTreeSet;
use std::time::Duration;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::Value;

pub(super) use show::{result, status};
pub(super) use take::{submit, tell_records};

use super::call::text;
use super::items;
use super::orders;
use super::platform::Platform;
use super::state::State;
use crate::marketplace::Now;

/// What a feed is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
enum Kind {
    /// ITEM_DATA 2.0: offers on pages that exist.
    Offers,
    /// ITEM_DATA 1.0 or 3.0: items with content of their own, which are refused in words.
    Items,
    Inventory,
    Price,
    InventoryAndPrice,
    ShipNotice,
}

impl Kind {
    fn request_type(self) -> &'static str {
        match self {
            Self::Offers | Self::Items => "ITEM_DATA",
            Self::Inventory => "INVENTORY_DATA",
            Self::Price => "PRICE_DATA",
            Self::InventoryAndPrice => "INVENTORY_AND_PRICE_DATA",
            Self::ShipNotice => "ORDER_SHIP_NOTICE_DATA",
        }
    }

    fn message_type(self) -> &'static str {
        match self {
            Self::Offers | Self::Items => "BatchItemCreation",
            Self::Inventory | Self::InventoryAndPrice => "Inventory",
            Self::Price => "Price",
            Self::ShipNotice => "ShipNotice",
        }
    }

    fn document_version(self) -> &'static str {
        match self {
            Self::Offers | Self::Inventory | Self::Price => "2.0",
            Self::Items | Self::InventoryAndPrice | Self::ShipNotice => "1.0",
        }
    }

    /// Which feeds a platform takes (newegg.md §5).
    fn is_taken_by(self, platform: Platform) -> bool {
        match self {
            Self::Inventory | Self::Price => platform == Platform::Us,
            Self::InventoryAndPrice => platform != Platform::Us,
            Self::Offers | Self::Items | Self::ShipNotice => true,
        }
    }

    fn is_item_data(self) -> bool {
        matches!(self, Self::Offers | Self::Items)
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
enum Status {
    Submitted,
    InProgress,
    Finished,
    Cancelled,
    Failed,
}

impl Status {
    fn word(self) -> &'static str {
        match self {
            Self::Submitted => "SUBMITTED",
            Self::InProgress => "IN_PROGRESS",
            Self::Finished => "FINISHED",
            Self::Cancelled => "CANCELLED",
            Self::Failed => "FAILED",
        }
    }

    fn is_over(self) -> bool {
        matches!(self, Self::Finished | Self::Cancelled | Self::Failed)
    }
}

/// One feed. Its rows are kept until they are worked through, its results as long as the feed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Feed {
    id: String,
    kind: Kind,
    sent_at: DateTime<Utc>,
    done_wall: Option<DateTime<Utc>>,
    starts_at: Duration,
    done_at: Duration,
    status: Status,
    /// How it ends.
    ends: Status,
    /// The `StatusCode` of its report, `ProcessReport` unless the file as a whole failed.
    status_code: String,
    /// Whether everything that the file does not name is deactivated (newegg.md §5.2).
    overwrite: bool,
    rows: Vec<Value>,
    processed: usize,
    /// Rows that failed or were warned of, and only those.
    results: Vec<RowResult>,
}

/// What a report says of one row.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct RowResult {
    /// What identifies the row, by the name that the report gives it.
    info: Vec<(String, String)>,
    failed: bool,
    /// The verdict, then the reasons.
    lines: Vec<String>,
}

/// Starts and finishes feeds whose time has come, in the order in which they finish.
pub(super) fn advance(state: &mut State, now: Now) {
    for feed in &mut state.feeds {
        if feed.status == Status::Submitted && feed.starts_at <= now.elapsed {
            feed.status = Status::InProgress;
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
    work.status = work.ends;
    work.done_wall = Some(now.wall);
    if work.status == Status::Finished && work.status_code == "ProcessReport" {
        work.processed = rows.len();
        work.results = work_through(state, &work, &rows, now);
        if work.overwrite {
            deactivate_others(state, &rows);
        }
    }
    if let Some(feed) = state.feeds.get_mut(index) {
        *feed = work;
    }
}

fn work_through(state: &mut State, feed: &Feed, rows: &[Value], now: Now) -> Vec<RowResult> {
    if feed.kind == Kind::ShipNotice {
        return orders::ship_notices(state, rows, now)
            .into_iter()
            .map(|(info, reason)| RowResult {
                info,
                failed: true,
                lines: vec!["Error(s). Order not shipped.".to_owned(), reason],
            })
            .collect();
    }
    let mut seen = BTreeSet::new();
    let mut results = Vec::new();
    for row in rows {
        let first = seen.insert(row_key(row));
        results.extend(row_result(state, feed, row, first));
    }
    results
}

/// What makes two rows of a file the same.
fn row_key(row: &Value) -> String {
    let info = row.get("BasicInfo").unwrap_or(row);
    [
        "SellerPartNumber",
        "NeweggItemNumber",
        "WarehouseLocation",
        "CountryCode",
    ]
    .map(|name| text(info, name).unwrap_or_default())
    .join("\n")
}

fn row_result(state: &mut State, feed: &Feed, row: &Value, first: bool) -> Option<RowResult> {
    let outcome = if state.faults.meets("feed_row_error", "submitFeed") {
        Err(vec![
            "Item - The row could not be processed. Send it again.".to_owned(),
        ])
    } else if !first {
        let text = "SellerPartNumber - The row is in the file more than once.";
        Err(vec![text.to_owned()])
    } else {
        match feed.kind {
            Kind::Offers => item::apply(state, feed, row),
            Kind::Items => Err(vec![item::NOT_ENABLED.to_owned()]),
            _ => stock::apply(state, feed, row),
        }
    };
    let verb = if feed.kind.is_item_data() {
        "created"
    } else {
        "updated"
    };
    let (failed, verdict, reasons) = match outcome {
        Ok(warnings) if warnings.is_empty() => return None,
        Ok(warnings) => (false, format!("Warning(s). Item {verb}."), warnings),
        Err(reasons) => (true, format!("Error(s). Item not {verb}."), reasons),
    };
    let info = row.get("BasicInfo").unwrap_or(row);
    let names = [
        ("SellerPartNumber", "SellerPartNumber"),
        ("ManufacturerPartsNumber", "ManufacturerPartNumberOrISBN"),
        ("NeweggItemNumber", "NeweggItemNumber"),
        ("UPCOrISBN", "UPC"),
    ];
    let info = names
        .iter()
        .filter_map(|(name, shown)| Some(((*shown).to_owned(), text(info, name)?)))
        .collect();
    let lines = std::iter::once(verdict).chain(reasons).collect();
    Some(RowResult {
        info,
        failed,
        lines,
    })
}

/// Takes every item off sale that the file does not name.
fn deactivate_others(state: &mut State, rows: &[Value]) {
    let named: BTreeSet<String> = rows
        .iter()
        .filter_map(|row| {
            let row = row.get("BasicInfo").unwrap_or(row);
            let number = text(row, "NeweggItemNumber");
            let by_number = number.and_then(|number| state.item_numbers.get(&number).cloned());
            text(row, "SellerPartNumber").or(by_number)
        })
        .collect();
    let others: Vec<String> = state
        .items
        .keys()
        .filter(|part_number| !named.contains(*part_number))
        .cloned()
        .collect();
    for part_number in others {
        items::deactivate(state, &part_number);
    }
}
