//! Reports that are asked for now and read later: ITEM_LOOKUP (newegg.md §8).

use std::time::Duration;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::call::{Answer, Call, Shown, rows, several, text, texts};
use super::catalogue::Page;
use super::dates;
use super::error::Refusal;
use super::state::{PAGES_MAX, REPORTS_MAX, State};
use crate::marketplace::Now;

const ITEM_LOOKUP: &str = "ITEM_LOOKUP";
const OPERATION: &str = "ItemLookupRequest";

/// The most items of one look-up (newegg.md §8).
const ITEMS_MAX: usize = 1_000;
/// The most rows of one page of a result.
const PAGE_ROWS_MAX: usize = 100;

/// A report waits so long until it is noticed, in seconds.
const START_SECONDS: (u64, u64) = (10, 40);
/// Work on it takes so long.
const WORK_SECONDS: (u64, u64) = (20, 80);
/// How long a report takes that the fault `report_stall` meets.
const STALL: Duration = Duration::from_secs(6 * 3_600);

/// One look-up of existing items.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Report {
    id: String,
    sent_at: DateTime<Utc>,
    starts_at: Duration,
    done_at: Duration,
    status: Status,
    asked: Vec<Asked>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
enum Status {
    Submitted,
    InProgress,
    Finished,
}

impl Status {
    fn word(self) -> &'static str {
        match self {
            Self::Submitted => "SUBMITTED",
            Self::InProgress => "IN_PROGRESS",
            Self::Finished => "FINISHED",
        }
    }
}

/// One item that is looked up.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Asked {
    barcode: String,
    condition: String,
    manufacturer: String,
    part_number: String,
    packs: String,
}

impl Asked {
    fn read(row: &Value) -> Self {
        let field = |name: &str| text(row, name).unwrap_or_default();
        Self {
            barcode: field("UPC"),
            condition: field("Condition"),
            manufacturer: field("ManufacturerName"),
            part_number: field("ManufacturerPartNumber"),
            packs: field("PacksOrSets"),
        }
    }

    fn is_complete(&self) -> bool {
        let by_part = !self.manufacturer.is_empty() && !self.part_number.is_empty();
        !self.barcode.is_empty() || by_part
    }

    fn page(&self) -> Option<Page> {
        if self.barcode.is_empty() {
            Page::of_part(&self.manufacturer, &self.part_number)
        } else {
            Page::of_barcode(&self.barcode)
        }
    }
}

/// `POST reportmgmt/report/submitrequest`.
pub(super) fn submit(state: &mut State, call: &Call<'_>) -> Answer {
    let body = call.json()?;
    if body.get("OperationType").and_then(Value::as_str) != Some(OPERATION) {
        let text = "This practice account gives the report ITEM_LOOKUP only.";
        return Err(Refusal::bad("RP003", text));
    }
    let body = call.framed(OPERATION)?;
    let asked = several(body.pointer("/RequestCriteria/Item"));
    let asked: Vec<Asked> = asked.iter().map(Asked::read).collect();
    if asked.is_empty() || asked.len() > ITEMS_MAX {
        let text = format!("A look-up has 1 to {ITEMS_MAX} items.");
        return Err(Refusal::bad("RP004", text));
    }
    if !asked.iter().all(Asked::is_complete) {
        let text = "An item needs UPC, or ManufacturerName and ManufacturerPartNumber.";
        return Err(Refusal::bad("RP004", text));
    }
    let letters = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";
    let id = format!("2{}", state.ids.text(12, letters));
    let wait = state.ids.between(START_SECONDS.0, START_SECONDS.1);
    let starts_at = call.now.elapsed + Duration::from_secs(wait);
    let work = state.ids.between(WORK_SECONDS.0, WORK_SECONDS.1);
    let stalled = state.faults.meets("report_stall", "submitReport");
    let work = if stalled {
        STALL
    } else {
        Duration::from_secs(work)
    };
    let report = Report {
        id,
        sent_at: call.now.wall,
        starts_at,
        done_at: starts_at + work,
        status: Status::Submitted,
        asked,
    };
    let row = response_row(&report);
    while state.reports.len() >= REPORTS_MAX {
        state.reports.pop_front();
    }
    state.reports.push_back(report);
    let body = json!({ "ResponseList": call.shape.list("ResponseInfo", vec![row]) });
    Ok(Shown::framed("ItemLookupReportResponse", body))
}

fn response_row(report: &Report) -> Value {
    json!({
        "RequestId": report.id,
        "RequestType": ITEM_LOOKUP,
        "RequestDate": dates::padded(report.sent_at),
        "RequestStatus": report.status.word(),
    })
}

/// `PUT reportmgmt/report/status`.
pub(super) fn status(state: &mut State, call: &Call<'_>) -> Answer {
    let body = call.framed("GetReportStatusRequest")?;
    let asked = body.get("GetRequestStatus");
    let asked = asked.ok_or_else(|| Refusal::general("GetRequestStatus is missing."))?;
    let ids = texts(&rows(asked, "RequestIDList", "RequestID"));
    let fits = |report: &&Report| ids.is_empty() || ids.contains(&report.id);
    let found: Vec<Value> = state
        .reports
        .iter()
        .rev()
        .filter(fits)
        .take(PAGE_ROWS_MAX)
        .map(|report| {
            let mut row = response_row(report);
            row["TotalCount"] = call.shape.count(report.asked.len());
            row
        })
        .collect();
    if found.is_empty() && !ids.is_empty() {
        return Err(unknown());
    }
    let body = json!({ "ResponseList": call.shape.list("ResponseInfo", found) });
    Ok(Shown::framed("GetReportStatusResponse", body))
}

fn unknown() -> Refusal {
    Refusal::bad("RP006", "The RequestID is not valid.")
}

/// `PUT reportmgmt/report/result`.
pub(super) fn result(state: &mut State, call: &Call<'_>) -> Answer {
    let body = call.framed(OPERATION)?;
    let id = text(&body, "RequestID").unwrap_or_default();
    let report = state.reports.iter().find(|report| report.id == id);
    let report = report.ok_or_else(unknown)?;
    if report.status != Status::Finished {
        let text = "The report is not finished yet. Try again later.";
        return Err(Refusal::bad("RP007", text));
    }
    let all: Vec<Value> = report
        .asked
        .iter()
        .flat_map(|asked| found(asked, call))
        .collect();
    let page = Paging::read(body.get("PageInfo"), PAGE_ROWS_MAX)?;
    let info = page.info(all.len(), call);
    let shown = all
        .into_iter()
        .skip(page.skipped())
        .take(page.size)
        .collect();
    let body = json!({
        "PageInfo": info,
        "RequestID": report.id,
        "RequestDate": dates::padded(report.sent_at),
        "ItemList": call.shape.list("Item", shown),
    });
    let shown = Shown::framed("ItemLookupResponse", body);
    Ok(shown.dated(dates::padded(call.now.wall)))
}

/// Which page of a list is asked for.
pub(super) struct Paging {
    pub(super) index: usize,
    pub(super) size: usize,
}

impl Paging {
    /// Reads `PageIndex` from 1 and `PageSize`; both may be left out.
    pub(super) fn read(asked: Option<&Value>, size_max: usize) -> Result<Self, Refusal> {
        let number = |name: &str, default: usize, max: usize| {
            let Some(text) = asked.and_then(|asked| text(asked, name)) else {
                return Ok(default);
            };
            text.parse()
                .ok()
                .filter(|number| (1..=max).contains(number))
                .ok_or_else(|| Refusal::general(format!("{name} must be 1 to {max}.")))
        };
        Ok(Self {
            index: number("PageIndex", 1, 1_000_000)?,
            size: number("PageSize", size_max, size_max)?,
        })
    }

    pub(super) fn skipped(&self) -> usize {
        (self.index - 1).saturating_mul(self.size)
    }

    pub(super) fn info(&self, total: usize, call: &Call<'_>) -> Value {
        let shape = call.shape;
        json!({
            "TotalCount": shape.count(total),
            "TotalPageCount": shape.count(total.div_ceil(self.size)),
            "PageSize": shape.count(self.size),
            "PageIndex": shape.count(self.index),
        })
    }
}

/// The rows that answer for one item: a miss has a note and no number; a refurbished twin has a
/// number that ends in R and no condition; values are padded (newegg.md §8).
fn found(asked: &Asked, call: &Call<'_>) -> Vec<Value> {
    let condition = if asked.condition.is_empty() {
        "1"
    } else {
        &asked.condition
    };
    let packs = if asked.packs.is_empty() {
        "1"
    } else {
        &asked.packs
    };
    let Some(page) = asked.page() else {
        return vec![json!({
            "UPC": asked.barcode,
            "Condition": call.shape.digits(condition),
            "PacksOrSets": call.shape.digits(packs),
            "ManufacturerName": asked.manufacturer,
            "ManufacturerPartNumber": asked.part_number,
            "Note": "The item is not found.",
        })];
    };
    let row = |number: String| {
        json!({
            "NeweggItemNumber": number,
            "UPC": asked.barcode,
            "PacksOrSets": call.shape.digits(packs),
            "ManufacturerName": format!("{}  ", page.manufacturer),
            "ManufacturerPartNumber": format!("{:<20}", page.part_number),
            "WebShortTitle": page.title,
        })
    };
    let mut first = row(page.number.clone());
    first["Condition"] = call.shape.digits(condition);
    let twin = page.has_twin().then(|| row(format!("{}R", page.number)));
    std::iter::once(first).chain(twin).collect()
}

/// Starts and finishes reports whose time has come. What a report has found is known to the
/// catalogue by its number from then on.
pub(super) fn advance(state: &mut State, now: Now) {
    let mut told = Vec::new();
    for report in &mut state.reports {
        if report.status == Status::Submitted && report.starts_at <= now.elapsed {
            report.status = Status::InProgress;
        }
        if report.status == Status::InProgress && report.done_at <= now.elapsed {
            report.status = Status::Finished;
            told.extend(report.asked.iter().filter_map(Asked::page));
        }
    }
    for page in told {
        if state.pages.len() >= PAGES_MAX {
            state.pages.pop_first();
        }
        state.pages.insert(page.number.clone(), page);
    }
}
