//! Cases after a sale (ebay.md §8.5, §8.6).

use barrow_market::Result;
use bytes::Bytes;
use chrono::{DateTime, Utc};
use http::Request;

use super::orders::instant;
use super::{encoded, get};
use crate::config::SiteFacts;

/// Cases of a page, at most: disputes by their contract, Post-Order by its documentation of the
/// searches.
pub const CASES_PAGE: u64 = 200;

/// A time in which cases were opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Opened {
    /// Not before.
    pub from: DateTime<Utc>,
    /// Not after.
    pub to: DateTime<Utc>,
}

fn page(skip: u64) -> String {
    if skip == 0 {
        return format!("limit={CASES_PAGE}");
    }
    format!("limit={CASES_PAGE}&offset={skip}")
}

fn window(prefix: &str, opened: Opened) -> String {
    format!(
        "{prefix}creation_date_range_from={}&{prefix}creation_date_range_to={}",
        encoded(&instant(opened.from)),
        encoded(&instant(opened.to))
    )
}

/// Requests to cancel what the seller has sold, opened in a time: they cannot be asked for by
/// state.
pub fn cancellations(
    api: &str,
    site: &SiteFacts,
    opened: Opened,
    skip: u64,
) -> Result<Request<Bytes>> {
    let (window, page) = (window("", opened), page(skip));
    let path = format!("/post-order/v2/cancellation/search?role=SELLER&{window}&{page}");
    get(api, &path, site)
}

/// Returns to the seller that are open.
pub fn returns(api: &str, site: &SiteFacts, skip: u64) -> Result<Request<Bytes>> {
    let page = page(skip);
    let path = format!("/post-order/v2/return/search?role=SELLER&return_state=ALL_OPEN&{page}");
    get(api, &path, site)
}

/// Goods that did not come, told of in a time. Several states are open ones, and the search takes
/// one at a time.
pub fn inquiries(api: &str, site: &SiteFacts, opened: Opened, skip: u64) -> Result<Request<Bytes>> {
    let (window, page) = (window("inquiry_", opened), page(skip));
    get(
        api,
        &format!("/post-order/v2/inquiry/search?{window}&{page}"),
        site,
    )
}

/// Cases in which eBay was asked to step in, opened in a time.
pub fn cases(api: &str, site: &SiteFacts, opened: Opened, skip: u64) -> Result<Request<Bytes>> {
    let (window, page) = (window("case_", opened), page(skip));
    get(
        api,
        &format!("/post-order/v2/casemanagement/search?{window}&{page}"),
        site,
    )
}

/// Payment disputes that are open; a parameter for each state (ebay.md §8.6).
pub fn disputes(apiz: &str, site: &SiteFacts, skip: u64) -> Result<Request<Bytes>> {
    let page = page(skip);
    let path = format!(
        "/sell/fulfillment/v1/payment_dispute_summary\
         ?payment_dispute_status=OPEN&payment_dispute_status=ACTION_NEEDED&{page}"
    );
    get(apiz, &path, site)
}
