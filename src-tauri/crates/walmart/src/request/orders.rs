//! Orders and what is done to them (walmart.md §7).

use barrow_model::Money;
use barrow_wire::{Built, Object, amount, escaped};
use bytes::Bytes;
use chrono::{DateTime, SecondsFormat, Utc};
use http::Method;
use http::header::{CONTENT_LENGTH, HeaderValue};

use crate::limits::ORDERS_PAGE;
use crate::request::{get, request, with_json};

fn utc(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::Secs, true)
}

/// The first page of orders that changed since. `created_since` is always sent, because it
/// defaults to a week (walmart.md §7.1).
pub(crate) fn orders_request(
    base: &str,
    node_type: &str,
    created_since: DateTime<Utc>,
    modified_since: DateTime<Utc>,
    modified_until: Option<DateTime<Utc>>,
) -> Built {
    let mut uri = format!(
        "{base}/v3/orders?createdStartDate={}&lastModifiedStartDate={}",
        utc(created_since),
        utc(modified_since)
    );
    if let Some(until) = modified_until {
        uri.push_str(&format!("&lastModifiedEndDate={}", utc(until)));
    }
    uri.push_str(&format!("&limit={ORDERS_PAGE}&shipNodeType={node_type}"));
    get(&uri)
}

/// A further page. The cursor is a ready-made query string and goes out as it came
/// (walmart.md §7.1).
pub(crate) fn orders_next_request(base: &str, cursor: &str) -> Built {
    let mark = if cursor.starts_with('?') { "" } else { "?" };
    get(&format!("{base}/v3/orders{mark}{cursor}"))
}

/// One order.
pub(crate) fn order_request(base: &str, order_id: &str) -> Built {
    get(&format!("{base}/v3/orders/{}", escaped(order_id)))
}

fn order_uri(base: &str, order_id: &str, what: &str) -> String {
    format!("{base}/v3/orders/{}/{what}", escaped(order_id))
}

/// Acknowledges an order: a POST without a body, which must say that it has none.
pub(crate) fn acknowledge_request(base: &str, order_id: &str) -> Built {
    let uri = order_uri(base, order_id, "acknowledge");
    let json = HeaderValue::from_static("application/json");
    let mut built = request(Method::POST, &uri, Some(json), Bytes::new())?;
    let none = HeaderValue::from_static("0");
    built.headers_mut().insert(CONTENT_LENGTH, none);
    Ok(built)
}

/// Lines under the three wrappers that all writes have.
fn wrapped(outer: &str, head: Object, lines: Vec<Object>) -> Object {
    let lines = Object::new().put("orderLine", lines);
    Object::new().put(outer, head.put("orderLines", lines))
}

/// Units as text, as the schema has it.
fn units(quantity: u32) -> Object {
    Object::new()
        .put("unitOfMeasurement", "EACH")
        .put("amount", quantity.to_string())
}

/// A parcel, checked and in Walmart's words.
#[derive(Clone, Debug)]
pub(crate) struct Parcel<'a> {
    /// A member of the schema's list, or a name with a tracking address.
    pub(crate) carrier: Carrier<'a>,
    /// Service in Walmart's words.
    pub(crate) method: &'a str,
    /// Tracking number.
    pub(crate) tracking: &'a str,
    /// Tracking address.
    pub(crate) tracking_url: Option<&'a str>,
    /// When it left, neither in the future nor before the order.
    pub(crate) shipped_at: DateTime<Utc>,
    /// The seller's own number, at most 30 characters.
    pub(crate) reference: &'a str,
}

/// How a carrier is named.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Carrier<'a> {
    /// A member of the schema's list.
    Known(&'static str),
    /// Any other.
    Other(&'a str),
}

/// Tells that lines have left (walmart.md §7.3).
pub(crate) fn ship_request(
    base: &str,
    order_id: &str,
    parcel: &Parcel<'_>,
    lines: &[(&str, u32)],
    although_cancelled: bool,
) -> Built {
    let carrier = match parcel.carrier {
        Carrier::Known(name) => Object::new().put("carrier", name),
        Carrier::Other(name) => Object::new().put("otherCarrier", name),
    };
    let tracking = Object::new()
        .put("shipDateTime", parcel.shipped_at.timestamp_millis())
        .put("carrierName", carrier)
        .put("methodCode", parcel.method)
        .put("trackingNumber", parcel.tracking)
        .put_some("trackingURL", parcel.tracking_url);
    let line = |(line_id, quantity): &(&str, u32)| {
        let status = Object::new()
            .put("status", "Shipped")
            .put("statusQuantity", units(*quantity))
            .put("trackingInfo", &tracking);
        Object::new()
            .put("lineNumber", line_id)
            .put("intentToCancelOverride", although_cancelled)
            .put("sellerOrderId", parcel.reference)
            .put(
                "orderLineStatuses",
                Object::new().put("orderLineStatus", [status]),
            )
    };
    let lines = lines.iter().map(line).collect();
    let body = wrapped("orderShipment", Object::new(), lines);
    with_json(Method::POST, &order_uri(base, order_id, "shipping"), &body)
}

/// Cancels lines (walmart.md §7.3).
pub(crate) fn cancel_request(
    base: &str,
    order_id: &str,
    reason: &str,
    lines: &[(&str, u32)],
) -> Built {
    let line = |(line_id, quantity): &(&str, u32)| {
        let status = Object::new()
            .put("status", "Cancelled")
            .put("cancellationReason", reason)
            .put("statusQuantity", units(*quantity));
        Object::new().put("lineNumber", line_id).put(
            "orderLineStatuses",
            Object::new().put("orderLineStatus", [status]),
        )
    };
    let lines = lines.iter().map(line).collect();
    let body = wrapped("orderCancellation", Object::new(), lines);
    with_json(Method::POST, &order_uri(base, order_id, "cancel"), &body)
}

/// What one line gets back; amounts are positive here and negative on the way (walmart.md §7.3).
#[derive(Clone, Debug)]
pub(crate) struct LineRefund<'a> {
    /// The line.
    pub(crate) line_id: &'a str,
    /// Whether it is all of it, tax and shipping included.
    pub(crate) full: bool,
    /// Charges: type, name and amount.
    pub(crate) charges: Vec<RefundCharge>,
}

/// One charge that is given back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct RefundCharge {
    /// `PRODUCT` or `SHIPPING`.
    pub(crate) kind: &'static str,
    /// Its name in writes, which differs from reads.
    pub(crate) name: &'static str,
    /// How much.
    pub(crate) amount: Money,
    /// Its tax: how much.
    pub(crate) tax: Option<Money>,
}

/// Gives money back (walmart.md §7.3).
pub(crate) fn refund_request(
    base: &str,
    order_id: &str,
    reason: &str,
    comment: Option<&str>,
    lines: &[LineRefund<'_>],
) -> Built {
    let line = |line: &LineRefund<'_>| {
        let charge = |charge: &RefundCharge| {
            let tax = charge.tax.as_ref().map(|tax| {
                Object::new()
                    .put("taxName", format!("{} Tax", charge.name))
                    .put("taxAmount", negative(tax))
            });
            let charge = Object::new()
                .put("chargeType", charge.kind)
                .put("chargeName", charge.name)
                .put("chargeAmount", negative(&charge.amount))
                .put_some("tax", tax);
            Object::new()
                .put("refundReason", reason)
                .put("charge", charge)
        };
        let charges: Vec<Object> = line.charges.iter().map(charge).collect();
        let refund = Object::new()
            .put_some("refundComments", comment)
            .put("refundCharges", Object::new().put("refundCharge", charges));
        Object::new()
            .put("lineNumber", line.line_id)
            .put("isFullRefund", line.full)
            .put("refunds", Object::new().put("refund", [refund]))
    };
    let lines = lines.iter().map(line).collect();
    let head = Object::new().put("purchaseOrderId", order_id);
    let body = wrapped("orderRefund", head, lines);
    with_json(Method::POST, &order_uri(base, order_id, "refund"), &body)
}

fn negative(money: &Money) -> Object {
    let minor = money.minor.saturating_abs().saturating_neg();
    Object::new()
        .put("currency", money.currency.as_str())
        .put("amount", amount(&Money::new(minor, money.currency)))
}

#[cfg(test)]
mod tests {
    use crate::request::compact;
    use barrow_model::{Currency, Money};
    use chrono::DateTime;

    use super::{
        Built, Carrier, LineRefund, Parcel, RefundCharge, acknowledge_request, cancel_request,
        orders_next_request, orders_request, refund_request, ship_request,
    };

    fn check(built: Built, uri: &str, body: &str) {
        let request = built.expect("a request");
        assert_eq!(request.uri().to_string(), format!("https://w{uri}"));
        assert_eq!(std::str::from_utf8(request.body()), Ok(body));
    }

    #[test]
    fn reads_ask_for_old_orders_that_changed() {
        let at = |text: &str| text.parse().expect("an instant");
        check(
            orders_request(
                "https://w",
                "WFSFulfilled",
                at("2026-05-27T10:00:00Z"),
                at("2026-11-22T08:15:00Z"),
                None,
            ),
            "/v3/orders?createdStartDate=2026-05-27T10:00:00Z\
             &lastModifiedStartDate=2026-11-22T08:15:00Z&limit=200&shipNodeType=WFSFulfilled",
            "",
        );
        let cursor = "?limit=200&hasMoreElements=true&soIndex=5%2B6&createdStartDate=2026-01-01";
        check(
            orders_next_request("https://w", cursor),
            &format!("/v3/orders{cursor}"),
            "",
        );
    }

    #[test]
    fn an_acknowledgement_says_that_it_is_empty() {
        let request = acknowledge_request("https://w", "15781").expect("a request");
        assert_eq!(request.headers()["content-length"], "0");
        assert!(request.body().is_empty());
    }

    #[test]
    fn writes_are_as_the_reference_has_them() {
        let parcel = Parcel {
            carrier: Carrier::Known("UPS"),
            method: "Standard",
            tracking: "1Z9",
            tracking_url: Some("https://t.example/1Z9"),
            shipped_at: DateTime::from_timestamp_millis(1_580_821_866_000).expect("an instant"),
            reference: "92344",
        };
        check(
            ship_request("https://w", "15781", &parcel, &[("1", 1)], false),
            "/v3/orders/15781/shipping",
            &compact(
                r#"
                {"orderShipment":{"orderLines":{"orderLine":[{"lineNumber":"1",
                "intentToCancelOverride":false,"sellerOrderId":"92344","orderLineStatuses":{
                "orderLineStatus":[{"status":"Shipped","statusQuantity":{
                "unitOfMeasurement":"EACH","amount":"1"},"trackingInfo":{
                "shipDateTime":1580821866000,"carrierName":{"carrier":"UPS"},
                "methodCode":"Standard","trackingNumber":"1Z9",
                "trackingURL":"https://t.example/1Z9"}}]}}]}}}"#,
            ),
        );
        check(
            cancel_request(
                "https://w",
                "15781",
                "SELLER_CANCEL_OUT_OF_STOCK",
                &[("1", 2)],
            ),
            "/v3/orders/15781/cancel",
            &compact(
                r#"
                {"orderCancellation":{"orderLines":{"orderLine":[{"lineNumber":"1",
                "orderLineStatuses":{"orderLineStatus":[{"status":"Cancelled",
                "cancellationReason":"SELLER_CANCEL_OUT_OF_STOCK","statusQuantity":{
                "unitOfMeasurement":"EACH","amount":"2"}}]}}]}}}"#,
            ),
        );
        let refund = LineRefund {
            line_id: "4",
            full: false,
            charges: vec![RefundCharge {
                kind: "PRODUCT",
                name: "Item Price",
                amount: Money::new(1002, Currency::USD),
                tax: Some(Money::new(83, Currency::USD)),
            }],
        };
        check(
            refund_request("https://w", "257", "DamagedItem", Some("sorry"), &[refund]),
            "/v3/orders/257/refund",
            &compact(
                r#"
                {"orderRefund":{"purchaseOrderId":"257","orderLines":{"orderLine":[{
                "lineNumber":"4","isFullRefund":false,"refunds":{"refund":[{
                "refundComments":"sorry","refundCharges":{"refundCharge":[{
                "refundReason":"DamagedItem","charge":{"chargeType":"PRODUCT",
                "chargeName":"Item Price","chargeAmount":{"currency":"USD","amount":-10.02},
                "tax":{"taxName":"Item Price Tax","taxAmount":{"currency":"USD",
                "amount":-0.83}}}}]}}]}}]}}}"#,
            ),
        );
    }
}
