//! Orders, shipments and cancellations (ebay.md §8).

use barrow_market::Result;
use barrow_model::{CancelReason, Money, OrderLineQuantity, OrderRef, RefundReason, ShipRequest};
use bytes::Bytes;
use chrono::{DateTime, SecondsFormat, Utc};
use http::Request;
use serde_json::{Map, Value, json};

use super::{encoded, get, post};
use crate::config::SiteFacts;
use crate::map;

/// Orders of a page, at most (ebay.md §8.1).
pub const ORDERS_PAGE: usize = 200;

/// Longest comment of a refund: the schema's number, of the two that eBay names (ebay.md §8.4).
const COMMENT_CHARS_MAX: usize = 100;

/// By which date orders are read. Never by both: eBay then looks at the creation date alone
/// (ebay.md §8.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OrdersFilter {
    /// Changed since. The end stays open: eBay refuses a future one.
    Changed(DateTime<Utc>),
    /// Placed between the two.
    Placed(DateTime<Utc>, DateTime<Utc>),
}

/// Which orders are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OrdersWindow {
    /// By their dates.
    pub filter: OrdersFilter,
    /// Records to skip.
    pub offset: u64,
}

/// A page of orders (ebay.md §8.1), with taxes and fees one by one.
pub fn orders(api: &str, site: &SiteFacts, window: OrdersWindow) -> Result<Request<Bytes>> {
    let filter = match window.filter {
        OrdersFilter::Changed(since) => format!("lastmodifieddate:[{}..]", instant(since)),
        OrdersFilter::Placed(from, to) => {
            format!("creationdate:[{}..{}]", instant(from), instant(to))
        }
    };
    let filter = encoded(&filter);
    let path = format!(
        "/sell/fulfillment/v1/order?filter={filter}&limit={ORDERS_PAGE}&offset={}\
         &fieldGroups=TAX_BREAKDOWN",
        window.offset
    );
    get(api, &path, site)
}

/// One order, with what only this call tells.
pub fn get_order(api: &str, site: &SiteFacts, id: &str) -> Result<Request<Bytes>> {
    let path = format!(
        "/sell/fulfillment/v1/order/{}?fieldGroups=TAX_BREAKDOWN",
        encoded(id)
    );
    get(api, &path, site)
}

/// The shipments of an order (ebay.md §8.3).
pub fn shipments(api: &str, site: &SiteFacts, order_id: &str) -> Result<Request<Bytes>> {
    get(api, &shipments_path(order_id), site)
}

fn shipments_path(order_id: &str) -> String {
    let id = encoded(order_id);
    format!("/sell/fulfillment/v1/order/{id}/shipping_fulfillment")
}

/// Tells of one package with these lines (ebay.md §8.3). Goods cannot have left before they were
/// ordered, nor after now.
pub fn ship(
    api: &str,
    site: &SiteFacts,
    order: &OrderRef,
    request: &ShipRequest,
    lines: &[OrderLineQuantity],
    now: DateTime<Utc>,
) -> Result<Request<Bytes>> {
    let earliest = order.placed_at;
    let lines: Vec<Value> = lines
        .iter()
        .map(|line| json!({ "lineItemId": line.line_id, "quantity": line.quantity }))
        .collect();
    let shipped_at = request.shipped_at.min(now).max(earliest.min(now));
    let mut body = json!({ "lineItems": lines, "shippedDate": instant(shipped_at) });
    let tracking = map::tracking(&request.tracking);
    // Carrier and number go together or not at all.
    if !tracking.is_empty() {
        body["shippingCarrierCode"] = json!(map::carrier(&request.carrier));
        body["trackingNumber"] = json!(tracking);
    }
    post(api, &shipments_path(&order.order_id), site, &body)
}

/// Whether the buyer has paid, and when; eBay does not always tell when.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Paid {
    /// Whether.
    pub paid: bool,
    /// When.
    pub at: Option<DateTime<Utc>>,
}

/// Asks whether an order can be cancelled (ebay.md §8.5).
pub fn check_cancel(api: &str, site: &SiteFacts, legacy_order_id: &str) -> Result<Request<Bytes>> {
    let path = "/post-order/v2/cancellation/check_eligibility";
    post(
        api,
        path,
        site,
        &json!({ "legacyOrderId": legacy_order_id }),
    )
}

/// Cancels an order whole (ebay.md §8.5).
pub fn cancel(
    api: &str,
    site: &SiteFacts,
    legacy_order_id: &str,
    reason: CancelReason,
    paid: Paid,
) -> Result<Request<Bytes>> {
    let mut body = Map::new();
    body.insert("legacyOrderId".to_owned(), json!(legacy_order_id));
    body.insert("cancelReason".to_owned(), json!(map::cancel_reason(reason)));
    body.insert(
        "buyerPaid".to_owned(),
        json!(paid.paid || paid.at.is_some()),
    );
    if let Some(paid_at) = paid.at {
        body.insert(
            "buyerPaidDate".to_owned(),
            json!({ "value": instant(paid_at) }),
        );
    }
    post(
        api,
        "/post-order/v2/cancellation",
        site,
        &Value::Object(body),
    )
}

/// Agrees to a buyer's wish to cancel (ebay.md §8.5).
pub fn approve_cancellation(
    api: &str,
    site: &SiteFacts,
    cancel_id: &str,
) -> Result<Request<Bytes>> {
    let path = format!("/post-order/v2/cancellation/{}/approve", encoded(cancel_id));
    post(api, &path, site, &json!({}))
}

/// Does not agree to a buyer's wish to cancel (ebay.md §8.5). Where goods have left, eBay is told
/// when and how.
pub fn reject_cancellation(
    api: &str,
    site: &SiteFacts,
    cancel_id: &str,
    shipped: Option<(DateTime<Utc>, Option<&str>)>,
) -> Result<Request<Bytes>> {
    let mut body = Map::new();
    if let Some((at, tracking)) = shipped {
        body.insert("shipmentDate".to_owned(), json!({ "value": instant(at) }));
        if let Some(tracking) = tracking {
            body.insert("trackingNumber".to_owned(), json!(tracking));
        }
    }
    let path = format!("/post-order/v2/cancellation/{}/reject", encoded(cancel_id));
    post(api, &path, site, &Value::Object(body))
}

/// Money to be given back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RefundBody<'a> {
    /// For which line; none for the whole order.
    pub line_id: Option<&'a str>,
    /// How much.
    pub amount: Money,
    /// Why.
    pub reason: RefundReason,
    /// Words for the buyer; what is longer than eBay takes is cut.
    pub comment: Option<&'a str>,
}

/// Gives money back (ebay.md §8.4).
pub fn refund(
    api: &str,
    site: &SiteFacts,
    order_id: &str,
    refund: &RefundBody<'_>,
) -> Result<Request<Bytes>> {
    let mut body = Map::new();
    let reason = map::refund_reason(refund.reason);
    body.insert("reasonForRefund".to_owned(), json!(reason));
    let comment = refund.comment.map(str::trim).unwrap_or_default();
    if !comment.is_empty() {
        let comment: String = comment.chars().take(COMMENT_CHARS_MAX).collect();
        body.insert("comment".to_owned(), json!(comment));
    }
    let amount = map::amount(&refund.amount);
    match refund.line_id {
        Some(line_id) => {
            let item = json!({ "lineItemId": line_id, "refundAmount": amount });
            body.insert("refundItems".to_owned(), json!([item]));
        }
        None => {
            body.insert("orderLevelRefundAmount".to_owned(), amount);
        }
    }
    let path = format!(
        "/sell/fulfillment/v1/order/{}/issue_refund",
        encoded(order_id)
    );
    post(api, &path, site, &Value::Object(body))
}

/// An instant as eBay writes it: UTC with milliseconds (ebay.md §3).
pub(super) fn instant(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::Millis, true)
}
