//! Builds requests. Pure: everything that is sent is decided here and in [`crate::map`].

mod account;
mod case_answers;
mod cases;
mod feed;
mod finances;
mod inventory;
mod media;
mod messages;
mod orders;

pub use account::{
    CONDITION_CATEGORIES_MAX, LOCATIONS_PAGE, aspects, category_suggestions, client_credentials,
    conditions, consent_page, create_location, create_signing_key, default_tree_id,
    enable_location, exchange_code, expired_categories, fulfillment_policies, hazard_labels,
    listing_structures, location, locations, opt_in, opted_in_programs, payment_policies,
    privileges, rate_limits, refresh_token, regulatory_policies, return_policies, safety_labels,
    user, user_rate_limits,
};
pub use case_answers::{
    accept_dispute, add_evidence, approve_return, contest_dispute, decline_return, get_case,
    get_dispute, get_inquiry, get_return, provide_shipment, refund_case, refund_inquiry,
    refund_return, return_received, upload_evidence,
};
pub use cases::{CASES_PAGE, Opened, cancellations, cases, disputes, inquiries, returns};
pub use feed::{create_report, migrate, report, report_file};
pub use finances::{Booked, TRANSACTIONS_PAGE, transactions};
pub use inventory::{
    PriceQuantityEntry, bulk_create_offer, bulk_get_items, bulk_items, bulk_publish, delete_group,
    get_group, get_item, get_items, get_offer, get_offers, next_query, price_quantity,
    price_quantity_entry, publish_group, put_group, update_offer, withdraw, withdraw_group,
};
pub use media::{FormFile, picture, upload_picture};
pub use messages::{
    MESSAGES_PAGE, conversation, conversations, mark_read, send_message, unread_conversations,
};
pub use orders::{
    ORDERS_PAGE, OrdersFilter, OrdersWindow, Paid, RefundBody, approve_cancellation, cancel,
    check_cancel, get_order, orders, refund, reject_cancellation, ship, shipments,
};

use barrow_market::{Error, ErrorKind, Result};
use bytes::Bytes;
use http::header::{
    ACCEPT, ACCEPT_LANGUAGE, CONTENT_LANGUAGE, CONTENT_TYPE, HeaderName, HeaderValue,
};
use http::{Method, Request};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::Value;

use crate::config::SiteFacts;

/// Everything but what RFC 3986 calls unreserved.
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'_')
    .remove(b'.')
    .remove(b'~');

/// One part of a path or a value of a query.
pub(crate) fn encoded(text: &str) -> String {
    utf8_percent_encode(text, RESERVED).to_string()
}

pub(crate) fn get(host: &str, path: &str, site: &SiteFacts) -> Result<Request<Bytes>> {
    build(Method::GET, host, path, site, None)
}

pub(crate) fn post(
    host: &str,
    path: &str,
    site: &SiteFacts,
    body: &Value,
) -> Result<Request<Bytes>> {
    build(Method::POST, host, path, site, Some(body))
}

pub(crate) fn put(
    host: &str,
    path: &str,
    site: &SiteFacts,
    body: &Value,
) -> Result<Request<Bytes>> {
    build(Method::PUT, host, path, site, Some(body))
}

pub(crate) fn delete(host: &str, path: &str, site: &SiteFacts) -> Result<Request<Bytes>> {
    build(Method::DELETE, host, path, site, None)
}

/// Every call tells its language: without it the Inventory API answers 400, and it decides the
/// language of what is stored (ebay.md §3).
fn build(
    method: Method,
    host: &str,
    path: &str,
    site: &SiteFacts,
    body: Option<&Value>,
) -> Result<Request<Bytes>> {
    let language = HeaderValue::from_static(site.language);
    let mut builder = Request::builder()
        .method(method)
        .uri(format!("{host}{path}"))
        .header(ACCEPT, "application/json")
        .header(ACCEPT_LANGUAGE, language.clone())
        .header(HeaderName::from_static("x-ebay-c-marketplace-id"), site.id);
    let body = match body {
        Some(body) => {
            builder = builder
                .header(CONTENT_TYPE, "application/json")
                .header(CONTENT_LANGUAGE, language);
            Bytes::from(body.to_string())
        }
        None => Bytes::new(),
    };
    builder.body(body).map_err(|_| address_wrong())
}

pub(crate) fn address_wrong() -> Error {
    Error::new(ErrorKind::Config, "request").with("setting", "endpoint")
}
