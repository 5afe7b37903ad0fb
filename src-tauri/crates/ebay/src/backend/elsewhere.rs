//! Listings that were made elsewhere: found in a report, and migrated on request (ebay.md §6.7,
//! §10.1).

use async_trait::async_trait;
use barrow_market::{Elsewhere, Error, ErrorKind, Report, Result, TakenOver};
use barrow_model::{Problem, ProblemKind, Ticket};
use chrono::TimeDelta;
use http::header::LOCATION;

use super::EbayAdapter;
use super::bulk::done;
use crate::error::{may_have_happened, parse_error, problem};
use crate::limits::{CREATE_REPORT, GET_REPORT, GET_REPORT_FILE, MIGRATE};
use crate::map::report_rows;
use crate::request;
use crate::types::{BulkAnswer, BulkEntry, ReportTask, VendorIssue};

/// Listings of one migrating call (ebay.md §6.1).
const MIGRATED_MAX: usize = 5;
/// The listing lacks something that the Inventory API wants (ebay.md §12).
const CANNOT_MIGRATE: &str = "25718";
/// How long a report is left alone between two looks. eBay names no time; small ones take a minute.
const LOOK_AGAIN: TimeDelta = TimeDelta::seconds(30);

#[async_trait]
impl Elsewhere for EbayAdapter {
    async fn ask(&self) -> Result<Ticket> {
        let request = request::create_report(self.api(), self.config.site)?;
        let answer = self.call(&CREATE_REPORT, request).await?;
        let place = answer.headers.get(LOCATION);
        let place = place.and_then(|place| place.to_str().ok());
        let task = place.and_then(|place| place.trim_end_matches('/').rsplit('/').next());
        let task = task.filter(|task| !task.is_empty());
        let task = task.ok_or_else(|| unreadable(CREATE_REPORT.operation))?;
        Ok(Ticket {
            token: task.to_owned(),
            not_before: self.clock.now() + LOOK_AGAIN,
        })
    }

    async fn read(&self, ticket: &Ticket) -> Result<Report> {
        let (api, site) = (self.api(), self.config.site);
        let request = request::report(api, site, &ticket.token)?;
        let answer = self.call(&GET_REPORT, request).await?;
        let task: ReportTask = answer.json(GET_REPORT.operation)?;
        match task.status.as_deref() {
            Some("COMPLETED") => {}
            Some("COMPLETED_WITH_ERROR" | "PARTIALLY_PROCESSED" | "FAILED" | "ABORTED") => {
                let status = task.status.unwrap_or_default();
                return Err(unreadable(GET_REPORT.operation).with("task_status", status));
            }
            _ => return Ok(Report::Later(self.clock.now() + LOOK_AGAIN)),
        }
        let request = request::report_file(api, site, &ticket.token)?;
        let answer = self.call(&GET_REPORT_FILE, request).await?;
        let rows = report_rows(&answer.body);
        let operation = GET_REPORT_FILE.operation;
        rows.map(Report::Whole)
            .map_err(|fault| unreadable(operation).with("fault", format!("{fault:?}")))
    }

    fn take_over_max(&self) -> usize {
        MIGRATED_MAX
    }

    async fn take_over(&self, listing_ids: &[String]) -> Result<Vec<TakenOver>> {
        let request = request::migrate(self.api(), self.config.site, listing_ids)?;
        let answer = match self.answer(&MIGRATE, request).await {
            Ok(answer) => answer,
            // Nobody knows: a listing that was taken over is found by adopting.
            Err(error) if may_have_happened(&error) => return Ok(all_unknown(listing_ids)),
            Err(error) => return Err(error),
        };
        // Entries count whatever the status: where all failed it may be 400 (ebay.md §6.1).
        let read: BulkAnswer = answer.json(MIGRATE.operation).unwrap_or_default();
        if read.responses.is_empty() {
            return match answer.status.is_success() || answer.status.is_server_error() {
                true => Ok(all_unknown(listing_ids)),
                false => Err(parse_error(MIGRATE.operation, &answer)),
            };
        }
        let of_one = |id: &String| {
            let mut entries = read.responses.iter();
            match entries.find(|entry| entry.listing_id.as_deref() == Some(id)) {
                Some(entry) => taken(id, entry),
                None => unknown(id),
            }
        };
        Ok(listing_ids.iter().map(of_one).collect())
    }
}

fn taken(listing_id: &str, entry: &BulkEntry) -> TakenOver {
    let skus = entry
        .inventory_items
        .iter()
        .filter_map(|item| item.sku.clone());
    TakenOver {
        listing_id: listing_id.to_owned(),
        skus: skus.collect(),
        problem: (!done(entry)).then(|| not_handed_over(&entry.errors)),
    }
}

/// What is told of a listing that stays as it is: 25718 says which of the conditions it lacks in
/// eBay's own words (ebay.md §6.7).
fn not_handed_over(errors: &[VendorIssue]) -> Problem {
    let told = problem(errors);
    let Some(vendor) = told
        .vendor
        .clone()
        .filter(|vendor| vendor.code == CANNOT_MIGRATE)
    else {
        return told;
    };
    Problem::new(ProblemKind::NotHandedOver).vendor(vendor.code, vendor.text)
}

fn all_unknown(listing_ids: &[String]) -> Vec<TakenOver> {
    listing_ids.iter().map(|id| unknown(id)).collect()
}

fn unknown(listing_id: &str) -> TakenOver {
    let problem = Problem::new(ProblemKind::FateUnknown).param("action", "take-over");
    TakenOver {
        listing_id: listing_id.to_owned(),
        skus: Vec::new(),
        problem: Some(problem),
    }
}

fn unreadable(operation: &'static str) -> Error {
    Error::new(ErrorKind::Unreadable, operation)
}
