//! Answers to cases after a sale (ebay.md §8.5, §8.6). Post-Order's bodies are those of its own
//! documentation; the contract describes none.

use barrow_market::Result;
use barrow_model::{Money, ReturnAddress};
use bytes::Bytes;
use chrono::{DateTime, Utc};
use http::Request;
use serde_json::{Map, Value, json};

use super::media::{FormFile, form};
use super::orders::instant;
use super::{encoded, get, post};
use crate::config::SiteFacts;
use crate::map;
use crate::types::DisputeLine;

/// Longest words for a buyer or a bank: the number of a dispute's note, the only one that eBay
/// names.
const WORDS_CHARS_MAX: usize = 1_000;

fn post_order(resource: &str, id: &str, deed: &str) -> String {
    format!("/post-order/v2/{resource}/{}{deed}", encoded(id))
}

fn dispute(id: &str, deed: &str) -> String {
    let id = encoded(id);
    format!("/sell/fulfillment/v1/payment_dispute/{id}{deed}")
}

fn cut(words: &str) -> String {
    words.chars().take(WORDS_CHARS_MAX).collect()
}

/// A return as it stands, with what of it would be given back.
pub fn get_return(api: &str, site: &SiteFacts, id: &str) -> Result<Request<Bytes>> {
    get(api, &post_order("return", id, "?fieldgroups=FULL"), site)
}

/// An inquiry as it stands.
pub fn get_inquiry(api: &str, site: &SiteFacts, id: &str) -> Result<Request<Bytes>> {
    get(api, &post_order("inquiry", id, ""), site)
}

/// A case that eBay decides, as it stands.
pub fn get_case(api: &str, site: &SiteFacts, id: &str) -> Result<Request<Bytes>> {
    get(api, &post_order("casemanagement", id, ""), site)
}

/// A payment dispute as it stands, with its revision.
pub fn get_dispute(apiz: &str, site: &SiteFacts, id: &str) -> Result<Request<Bytes>> {
    get(apiz, &dispute(id, ""), site)
}

/// Agrees to a return.
pub fn approve_return(api: &str, site: &SiteFacts, id: &str) -> Result<Request<Bytes>> {
    let body = json!({ "decision": "APPROVE" });
    post(api, &post_order("return", id, "/decide"), site, &body)
}

/// Does not agree to a return.
pub fn decline_return(
    api: &str,
    site: &SiteFacts,
    id: &str,
    comment: Option<&str>,
) -> Result<Request<Bytes>> {
    let mut body = Map::new();
    body.insert("decision".to_owned(), json!("DECLINE"));
    if let Some(words) = comment {
        let comments = json!({ "content": cut(words) });
        body.insert("comments".to_owned(), comments);
    }
    let path = post_order("return", id, "/decide");
    post(api, &path, site, &Value::Object(body))
}

/// Says that what was sent back has come.
pub fn return_received(api: &str, site: &SiteFacts, id: &str) -> Result<Request<Bytes>> {
    let path = post_order("return", id, "/mark_as_received");
    post(api, &path, site, &json!({}))
}

/// Gives the money of a return back, part by part: each has eBay's word for what it is of.
pub fn refund_return(
    api: &str,
    site: &SiteFacts,
    id: &str,
    (total, parts): (Money, &[(String, Money)]),
) -> Result<Request<Bytes>> {
    let parts: Vec<Value> = parts
        .iter()
        .map(|(of, sum)| json!({ "refundAmount": map::number(*sum), "refundFeeType": of }))
        .collect();
    let body = json!({
        "refundDetail": { "itemizedRefundDetail": parts, "totalAmount": map::number(total) },
    });
    post(api, &post_order("return", id, "/issue_refund"), site, &body)
}

/// Says how goods were sent that did not come.
pub fn provide_shipment(
    api: &str,
    site: &SiteFacts,
    id: &str,
    (carrier, tracking, shipped_at): (&str, &str, DateTime<Utc>),
) -> Result<Request<Bytes>> {
    let body = json!({
        "shippedWithTracking": true,
        "shippingCarrierName": map::post_order_carrier(carrier),
        "shippingDate": { "value": instant(shipped_at) },
        "trackingNumber": map::tracking(tracking),
    });
    let path = post_order("inquiry", id, "/provide_shipment_info");
    post(api, &path, site, &body)
}

/// Gives the money of an inquiry back.
pub fn refund_inquiry(api: &str, site: &SiteFacts, id: &str) -> Result<Request<Bytes>> {
    let path = post_order("inquiry", id, "/issue_refund");
    post(api, &path, site, &json!({}))
}

/// Gives the money of a case back.
pub fn refund_case(api: &str, site: &SiteFacts, id: &str) -> Result<Request<Bytes>> {
    let path = post_order("casemanagement", id, "/issue_refund");
    post(api, &path, site, &json!({}))
}

/// Accepts a payment dispute at a revision of it; with an address where the goods are to come back.
pub fn accept_dispute(
    apiz: &str,
    site: &SiteFacts,
    id: &str,
    (revision, return_to): (i64, Option<&ReturnAddress>),
) -> Result<Request<Bytes>> {
    let mut body = json!({ "revision": revision });
    if let Some(to) = return_to {
        body["returnAddress"] = return_address(to);
    }
    post(apiz, &dispute(id, "/accept"), site, &body)
}

/// Puts a file at eBay for a payment dispute.
pub fn upload_evidence(
    apiz: &str,
    site: &SiteFacts,
    id: &str,
    file: &FormFile<'_>,
) -> Result<Request<Bytes>> {
    let path = dispute(id, "/upload_evidence_file");
    form(apiz, &path, site, ("file", file))
}

/// Adds files that were put at eBay to a payment dispute: what they show, in eBay's word, and what
/// they are about.
pub fn add_evidence(
    apiz: &str,
    site: &SiteFacts,
    id: &str,
    (shows, lines, files): (&str, &[DisputeLine], &[String]),
) -> Result<Request<Bytes>> {
    let files = files.iter().map(|file| json!({ "fileId": file }));
    let body = json!({
        "evidenceType": shows,
        "files": files.collect::<Vec<_>>(),
        "lineItems": lines,
    });
    post(apiz, &dispute(id, "/add_evidence"), site, &body)
}

/// An address as a dispute takes it: without the parts that it does not have.
fn return_address(to: &ReturnAddress) -> Value {
    let mut address = Map::new();
    let parts = [
        ("fullName", &to.name),
        ("addressLine1", &to.line1),
        ("addressLine2", &to.line2),
        ("city", &to.city),
        ("stateOrProvince", &to.region),
        ("postalCode", &to.postal_code),
        ("country", &to.country),
    ];
    for (name, text) in parts.into_iter().filter(|(_, text)| !text.is_empty()) {
        address.insert(name.to_owned(), json!(text));
    }
    let phone = json!({ "countryCode": to.country, "number": to.phone_digits() });
    address.insert("primaryPhone".to_owned(), phone);
    Value::Object(address)
}

/// Contests a payment dispute at a revision of it.
pub fn contest_dispute(
    apiz: &str,
    site: &SiteFacts,
    id: &str,
    (revision, note, return_to): (i64, Option<&str>, Option<&ReturnAddress>),
) -> Result<Request<Bytes>> {
    let mut body = Map::new();
    body.insert("revision".to_owned(), json!(revision));
    if let Some(words) = note {
        body.insert("note".to_owned(), json!(cut(words)));
    }
    if let Some(to) = return_to {
        body.insert("returnAddress".to_owned(), return_address(to));
    }
    let path = dispute(id, "/contest");
    post(apiz, &path, site, &Value::Object(body))
}
