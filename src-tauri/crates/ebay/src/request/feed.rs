//! Reports through the Feed API, and the listings that they find (ebay.md §6.7, §10.1).

use barrow_market::Result;
use bytes::Bytes;
use http::Request;
use http::header::{ACCEPT, HeaderValue};
use serde_json::{Value, json};

use super::{encoded, get, post};
use crate::config::SiteFacts;

/// Asks for a report of all live listings.
pub fn create_report(api: &str, site: &SiteFacts) -> Result<Request<Bytes>> {
    let body = json!({ "feedType": "LMS_ACTIVE_INVENTORY_REPORT", "schemaVersion": "1.0" });
    post(api, "/sell/feed/v1/inventory_task", site, &body)
}

/// How far a report is.
pub fn report(api: &str, site: &SiteFacts, task: &str) -> Result<Request<Bytes>> {
    let path = format!("/sell/feed/v1/inventory_task/{}", encoded(task));
    get(api, &path, site)
}

/// The file of a report.
pub fn report_file(api: &str, site: &SiteFacts, task: &str) -> Result<Request<Bytes>> {
    let path = format!("/sell/feed/v1/task/{}/download_result_file", encoded(task));
    let mut request = get(api, &path, site)?;
    let any = HeaderValue::from_static("application/octet-stream");
    request.headers_mut().insert(ACCEPT, any);
    Ok(request)
}

/// Makes listings ones of the Inventory API; 1 to 5 (ebay.md §6.1).
pub fn migrate(api: &str, site: &SiteFacts, listing_ids: &[String]) -> Result<Request<Bytes>> {
    let requests: Vec<Value> = listing_ids
        .iter()
        .map(|id| json!({ "listingId": id }))
        .collect();
    let path = "/sell/inventory/v1/bulk_migrate_listing";
    post(api, path, site, &json!({ "requests": requests }))
}
