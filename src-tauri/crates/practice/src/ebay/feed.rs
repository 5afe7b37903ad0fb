//! The Feed API: reports of live listings, those made on eBay's own pages included (ebay.md §6.7,
//! §10.1).

use std::collections::BTreeMap;
use std::io::Write;
use std::time::Duration;

use chrono::{DateTime, Utc};
use flate2::write::DeflateEncoder;
use flate2::{Compression, Crc};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::answer::{Answer, Outcome, Problem};
use super::call::{Call, text};
use super::fault::REPORT_FAILS;
use super::money::full_text;
use super::order::stamp;
use super::site::site_by_id;
use super::state::State;
use crate::bucket::Rate;

/// Reports of live listings in a day (ebay.md §10.1).
const REPORTS: Rate = Rate::per_window(25, 86_400);
/// How long a report takes.
const PREPARING: Duration = Duration::from_secs(60);
const REPORT: &str = "LMS_ACTIVE_INVENTORY_REPORT";

/// Tasks by their ids.
pub(super) type Tasks = BTreeMap<String, Task>;

/// A report that was asked for.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct Task {
    asked: Duration,
    at: DateTime<Utc>,
    failed: bool,
    /// The site whose listings are told.
    site: String,
}

/// `POST /sell/feed/v1/inventory_task`: 202, and the task's place.
pub(super) fn create(state: &mut State, call: &Call) -> Outcome {
    let body = call.object()?;
    let refused = |status, id, message: &str| Problem::new(status, id, "API_FEED", message);
    if text(&body, "feedType") != Some(REPORT) {
        return Err(refused(400, 160_017, "The 'feedType' is missing or invalid.").into());
    }
    if text(&body, "schemaVersion").is_none() {
        return Err(refused(400, 160_018, "The 'schemaVersion' is invalid.").into());
    }
    let site = call.header("x-ebay-c-marketplace-id").and_then(site_by_id);
    let Some(site) = site else {
        let message = "The X-EBAY-C-MARKETPLACE-ID header is missing or invalid.";
        return Err(refused(400, 160_027, message).into());
    };
    let spent = state
        .buckets
        .spend("inventory reports", REPORTS, call.now.elapsed);
    if !spent.granted {
        let message = "You have exceeded the maximum number of tasks that can be created.";
        return Err(refused(409, 160_025, message).into());
    }
    let id = format!("task-{}", state.next("feed task"));
    let task = Task {
        asked: call.now.elapsed,
        at: call.now.wall,
        site: site.id.to_owned(),
        failed: state.faults.meets(REPORT_FAILS, "createInventoryTask"),
    };
    state.tasks.insert(id.clone(), task);
    Ok(Answer {
        location: Some(format!("{}/sell/feed/v1/inventory_task/{id}", call.base)),
        ..Answer::empty(202)
    })
}

fn task<'a>(state: &'a State, call: &Call) -> Result<(&'a Task, bool), Problem> {
    let id = call.id(0);
    let task = state.tasks.get(id).ok_or_else(|| {
        let message = format!("Task {id} does not exist.");
        Problem::new(404, 160_003, "API_FEED", &message)
    })?;
    Ok((
        task,
        call.now.elapsed.saturating_sub(task.asked) >= PREPARING,
    ))
}

/// `GET /sell/feed/v1/inventory_task/{task_id}`.
pub(super) fn get(state: &mut State, call: &Call) -> Outcome {
    let (task, is_done) = task(state, call)?;
    let mut body = json!({
        "taskId": call.id(0),
        "status": match (is_done, task.failed) {
            (false, _) => "IN_PROCESS",
            (true, false) => "COMPLETED",
            (true, true) => "FAILED",
        },
        "feedType": REPORT,
        "schemaVersion": "1.0",
        "creationDate": stamp(task.at),
    });
    if is_done {
        body["completionDate"] = json!(stamp(task.at + PREPARING));
    }
    Ok(Answer::ok(body))
}

/// `GET /sell/feed/v1/task/{task_id}/download_result_file`: a ZIP around XML.
pub(super) fn file(state: &mut State, call: &Call) -> Outcome {
    let (task, is_done) = task(state, call)?;
    let site = task.site.clone();
    if !is_done {
        let message = format!("No file found for task ID {}.", call.id(0));
        return Err(Problem::new(404, 160_014, "API_FEED", &message).into());
    }
    let xml = report(state, &site);
    let name = format!("{}-report.xml", call.id(0));
    Ok(Answer {
        file: Some(zipped(&name, xml.as_bytes())),
        ..Answer::empty(200)
    })
}

/// Everything that is live on a site: price, units, SKU and item id, and nothing else (ebay.md
/// §10.1).
fn report(state: &State, site: &str) -> String {
    let mut listings: BTreeMap<&str, Vec<Row>> = BTreeMap::new();
    for offer in state
        .offers
        .values()
        .filter(|offer| offer.marketplace == site)
    {
        let (Some((id, _)), Some((minor, currency))) = (state.live_listing(offer), offer.price())
        else {
            continue;
        };
        listings.entry(id.as_str()).or_default().push(Row {
            sku: Some(offer.sku.as_str()),
            price: full_text(minor, &currency),
            currency,
            quantity: state.for_sale(offer),
        });
    }
    for page in state.own_pages.iter().filter(|page| page.site == site) {
        let rows = page.variants.iter().map(|variant| Row {
            sku: variant.sku.as_deref(),
            price: variant.price.clone(),
            currency: page.place().map_or("USD", |site| site.currency).to_owned(),
            quantity: variant.quantity,
        });
        listings.insert(page.listing.as_str(), rows.collect());
    }
    let details: String = listings
        .iter()
        .map(|(id, rows)| details(id, rows))
        .collect();
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
         <BulkDataExchangeResponses xmlns=\"urn:ebay:apis:eBLBaseComponents\">\n\
         <ActiveInventoryReport>\n{details}</ActiveInventoryReport>\n\
         </BulkDataExchangeResponses>\n"
    )
}

/// A SKU of a report.
struct Row<'a> {
    sku: Option<&'a str>,
    price: String,
    currency: String,
    quantity: u32,
}

impl Row<'_> {
    fn told(&self) -> String {
        let sku = self.sku.map(|sku| format!("<SKU>{}</SKU>", escaped(sku)));
        format!(
            "{}<Price currencyID=\"{}\">{}</Price><Quantity>{}</Quantity>",
            sku.unwrap_or_default(),
            self.currency,
            self.price,
            self.quantity
        )
    }
}

/// One listing; variations stand within it.
fn details(id: &str, rows: &[Row<'_>]) -> String {
    let inner = match rows {
        [row] => format!("{}<ItemID>{id}</ItemID>", row.told()),
        rows => {
            let told = |row: &Row<'_>| format!("<Variation>{}</Variation>", row.told());
            let variations: String = rows.iter().map(told).collect();
            format!("<ItemID>{id}</ItemID><Variations>{variations}</Variations>")
        }
    };
    format!("<SKUDetails>{inner}</SKUDetails>\n")
}

fn escaped(text: &str) -> String {
    let text = text.replace('&', "&amp;").replace('<', "&lt;");
    text.replace('>', "&gt;")
}

/// An archive with one file.
fn zipped(name: &str, content: &[u8]) -> Vec<u8> {
    let mut encoder = DeflateEncoder::new(Vec::new(), Compression::default());
    // Writing into memory cannot fail.
    encoder.write_all(content).ok();
    let packed = encoder.finish().unwrap_or_default();
    let mut crc = Crc::new();
    crc.update(content);
    let short = |number: usize| u16::try_from(number).unwrap_or(u16::MAX).to_le_bytes();
    let long = |number: usize| u32::try_from(number).unwrap_or(u32::MAX).to_le_bytes();
    let sizes = [
        crc.sum().to_le_bytes(),
        long(packed.len()),
        long(content.len()),
    ]
    .concat();
    // Version, flags, method, time, date; then check sum, sizes, lengths of name and extra.
    let common = [short(20), short(0), short(8), short(0), short(0x5b76)].concat();
    let lengths = [short(name.len()), short(0)].concat();
    let mut file = [b"PK\x03\x04".as_slice(), &common, &sizes, &lengths].concat();
    file.extend_from_slice(name.as_bytes());
    file.extend_from_slice(&packed);
    let directory = file.len();
    file.extend_from_slice(b"PK\x01\x02");
    file.extend_from_slice(&short(20));
    file.extend_from_slice(&[common, sizes, lengths].concat());
    // No comment, first disk, no attributes, the local header's place.
    file.extend_from_slice(&[0; 14]);
    file.extend_from_slice(name.as_bytes());
    let length = file.len() - directory;
    file.extend_from_slice(b"PK\x05\x06\0\0\0\0\x01\0\x01\0");
    file.extend_from_slice(&[long(length), long(directory)].concat());
    file.extend_from_slice(&short(0));
    file
}
