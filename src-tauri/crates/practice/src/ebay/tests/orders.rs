use serde_json::{Value, json};

use super::super::call::percent_encode;
use super::{Desk, ORDERS};

const CANCELLATION: &str = "/post-order/v2/cancellation";

fn search(desk: &mut Desk, filter: &str) -> super::Seen {
    desk.get(&format!("{ORDERS}?filter={}", percent_encode(filter)))
}

fn line_id(desk: &mut Desk, order: &str) -> String {
    let seen = desk.get(&format!("{ORDERS}/{order}"));
    seen.body["lineItems"][0]["lineItemId"]
        .as_str()
        .unwrap()
        .to_owned()
}

fn ship(desk: &mut Desk, order: &str, body: Value) -> super::Seen {
    desk.post(&format!("{ORDERS}/{order}/shipping_fulfillment"), body)
}

/// A desk with one paid order of two units.
fn sold() -> (Desk, String, String) {
    let mut desk = Desk::quiet();
    desk.live("A-1", 9, "10.00");
    let order = desk.order("A-1", 2);
    let line = line_id(&mut desk, &order);
    (desk, order, line)
}

#[test]
fn orders_are_paged_by_records_newest_first() {
    let mut desk = Desk::quiet();
    desk.live("A-1", 9, "10.00");
    let mut placed: Vec<String> = Vec::new();
    for _ in 0..5 {
        desk.pass(60);
        placed.insert(0, desk.order("A-1", 1));
    }
    let mut next = format!("{ORDERS}?limit=2&filter=creationdate:%5B2026-11-01T00:00:00.000Z..%5D");
    let mut found = Vec::new();
    loop {
        let seen = desk.get(&next);
        assert_eq!(seen.body["total"], 5);
        let orders = seen.body["orders"].as_array().unwrap();
        found.extend(
            orders
                .iter()
                .map(|it| it["orderId"].as_str().unwrap().to_owned()),
        );
        match seen.body["next"].as_str() {
            Some(link) => next = link.to_owned(),
            None => break,
        }
    }
    assert_eq!(found, placed);
}

#[test]
fn filters_choose_by_date_and_status() {
    let (mut desk, order, line) = sold();
    desk.pass(3600);
    let second = desk.order("A-1", 1);
    let mut ids = |filter: &str| -> Vec<String> {
        let seen = search(&mut desk, filter);
        let orders = seen.body["orders"].as_array().unwrap().clone();
        orders
            .iter()
            .map(|it| it["orderId"].as_str().unwrap().to_owned())
            .collect()
    };
    let early = "creationdate:[2026-11-22T11:00:00.000Z..2026-11-22T12:30:00.000Z]";
    assert_eq!(ids(early), [order.as_str()]);
    assert_eq!(
        ids("creationdate:[2026-11-22T12:30:00.000Z..]"),
        [second.as_str()]
    );
    assert_eq!(
        ids("orderfulfillmentstatus:{NOT_STARTED|IN_PROGRESS}").len(),
        2
    );
    assert!(ids("orderfulfillmentstatus:{FULFILLED|IN_PROGRESS}").is_empty());
    desk.pass(60);
    ship(
        &mut desk,
        &order,
        json!({ "lineItems": [{ "lineItemId": line, "quantity": 2 }] }),
    );
    let mut ids = |filter: &str| -> Vec<String> {
        let seen = search(&mut desk, filter);
        let orders = seen.body["orders"].as_array().unwrap().clone();
        orders
            .iter()
            .map(|it| it["orderId"].as_str().unwrap().to_owned())
            .collect()
    };
    assert_eq!(
        ids("lastmodifieddate:[2026-11-22T13:00:30.000Z..]"),
        [order.as_str()]
    );
    assert_eq!(
        ids("orderfulfillmentstatus:{FULFILLED|IN_PROGRESS}"),
        [order.as_str()]
    );
    // With both dates only the creation date counts.
    let both = format!("{early},lastmodifieddate:[2026-11-22T13:00:30.000Z..]");
    assert_eq!(ids(&both), [order.as_str()]);
}

#[test]
fn without_dates_ninety_days_are_shown() {
    let (mut desk, order, _) = sold();
    desk.pass(91 * 86_400);
    desk.token = desk.refresh();
    assert_eq!(desk.get(ORDERS).body["total"], 0);
    let seen = search(&mut desk, "creationdate:[2026-11-01T00:00:00.000Z..]");
    assert_eq!(seen.body["orders"][0]["orderId"], order);
}

#[test]
fn what_a_search_cannot_ask() {
    let check = |query: &str, error: u64| {
        let mut desk = Desk::quiet();
        let seen = desk.get(&format!("{ORDERS}?{query}"));
        assert_eq!((seen.status, seen.error()), (400, error), "{query}");
    };
    check("limit=201", 31100);
    check("limit=0", 31100);
    check("offset=x", 31000);
    check("filter=color:%5Ba..b%5D", 30700);
    check("filter=creationdate:2026", 30800);
    check("filter=orderfulfillmentstatus:%7BFULFILLED%7D", 30800);
    check("filter=creationdate:%5Byesterday..%5D", 30810);
    check("filter=creationdate:%5B..2026-11-01T00:00:00Z%5D", 30820);
    check("filter=creationdate:%5B2024-11-01T00:00:00Z..%5D", 30830);
    check(
        "filter=creationdate:%5B2026-11-02T00:00:00Z..2026-11-01T00:00:00Z%5D",
        30840,
    );
    check(
        "filter=creationdate:%5B2026-11-02T00:00:00Z..2026-11-23T00:00:00Z%5D",
        30850,
    );
    check(&format!("orderIds={}", vec!["a"; 51].join(",")), 30900);
}

#[test]
fn order_ids_override_everything_else() {
    let (mut desk, order, _) = sold();
    desk.order("A-1", 1);
    let seen = desk.get(&format!("{ORDERS}?orderIds={order},other&limit=999"));
    assert_eq!(seen.body["total"], 1);
    assert_eq!(seen.body["orders"][0]["orderId"], order);
    let seen = desk.get(&format!("{ORDERS}/other"));
    assert_eq!((seen.status, seen.error()), (404, 32100));
}

#[test]
fn shipping_any_unit_marks_the_line_and_can_be_read_back() {
    let (mut desk, order, line) = sold();
    let body = json!({
        "lineItems": [{ "lineItemId": line, "quantity": 1 }],
        "shippedDate": "2026-11-22T10:00:00.000Z",
        "shippingCarrierCode": "USPS",
        "trackingNumber": "94001234",
    });
    let seen = ship(&mut desk, &order, body);
    assert_eq!(seen.status, 201, "{}", seen.body);
    assert!(seen.location.ends_with("/shipping_fulfillment/94001234"));
    let path = format!("{ORDERS}/{order}/shipping_fulfillment");
    let found = desk.get(&format!("{path}/94001234")).body;
    assert_eq!(found["shipmentTrackingNumber"], "94001234");
    assert_eq!(desk.get(&path).body["total"], 1);
    let shown = desk.get(&format!("{ORDERS}/{order}")).body;
    assert_eq!(shown["orderFulfillmentStatus"], "FULFILLED");
    assert!(
        shown["fulfillmentHrefs"][0]
            .as_str()
            .unwrap()
            .ends_with("94001234")
    );
    let held = desk.held().orders[0].clone();
    assert_eq!(held.lines[0].quantity_shipped, 1);
    assert_eq!(
        (
            held.shipments[0].carrier.as_str(),
            held.shipments[0].lines[0].quantity
        ),
        ("USPS", 1)
    );
    let rest = json!({ "lineItems": [{ "lineItemId": line }] });
    assert!(ship(&mut desk, &order, rest).location.ends_with("/999"));
    assert_eq!(desk.held().orders[0].lines[0].quantity_shipped, 2);
    assert_eq!(desk.get(&format!("{path}/other")).error(), 32110);
}

#[test]
fn what_cannot_be_shipped() {
    let check = |body: fn(&str) -> Value, error: u64| {
        let (mut desk, order, line) = sold();
        let seen = ship(&mut desk, &order, body(&line));
        assert_eq!((seen.status, seen.error()), (400, error));
        assert!(desk.held().orders[0].shipments.is_empty());
    };
    check(|_| json!({ "lineItems": [{ "lineItemId": "1" }] }), 32200);
    check(|_| json!({}), 32600);
    check(
        |line| json!({ "lineItems": [{ "lineItemId": line, "quantity": 3 }] }),
        32600,
    );
    check(
        |line| json!({ "lineItems": [{ "lineItemId": line, "quantity": 0 }] }),
        32600,
    );
    check(
        |line| json!({ "lineItems": [{ "lineItemId": line }, { "lineItemId": line }] }),
        32210,
    );
    check(
        |line| json!({ "lineItems": [{ "lineItemId": line }], "shippingCarrierCode": "USPS" }),
        32300,
    );
    check(
        |line| {
            json!({
                "lineItems": [{ "lineItemId": line }],
                "shippingCarrierCode": "USPS",
                "trackingNumber": "9400 1234",
            })
        },
        32300,
    );
    check(
        |line| {
            json!({
                "lineItems": [{ "lineItemId": line }],
                "shippingCarrierCode": "usps",
                "trackingNumber": "94001234",
            })
        },
        32300,
    );
    check(
        |line| {
            json!({
                "lineItems": [{ "lineItemId": line }],
                "shippedDate": "2027-01-01T00:00:00.000Z",
            })
        },
        32500,
    );
}

fn refund(desk: &mut Desk, order: &str, body: Value) -> super::Seen {
    desk.post(&format!("{ORDERS}/{order}/issue_refund"), body)
}

#[test]
fn a_refund_takes_its_time() {
    let (mut desk, order, line) = sold();
    let body = json!({
        "reasonForRefund": "BUYER_RETURN",
        "refundItems": [{
            "lineItemId": line,
            "refundAmount": { "value": "5.00", "currency": "USD" },
        }],
    });
    let seen = refund(&mut desk, &order, body.clone());
    assert_eq!(seen.body["refundStatus"], "PENDING", "{}", seen.body);
    let shown = desk.get(&format!("{ORDERS}/{order}")).body;
    let of_line = &shown["lineItems"][0]["refunds"][0];
    assert_eq!(of_line["refundId"], seen.body["refundId"], "it is pending");
    assert_eq!(of_line["refundDate"], Value::Null);
    assert_eq!(refund(&mut desk, &order, body).error(), 34922);
    desk.pass(61);
    let shown = desk.get(&format!("{ORDERS}/{order}")).body;
    assert_eq!(shown["orderPaymentStatus"], "PARTIALLY_REFUNDED");
    let of_line = &shown["lineItems"][0]["refunds"][0];
    assert_eq!(of_line["amount"]["value"], "5.0");
    assert!(of_line["refundDate"].is_string(), "{of_line}");
    let of_order = &shown["paymentSummary"]["refunds"];
    assert_eq!(*of_order, json!([]), "it is a line's");
}

#[test]
fn what_cannot_be_refunded() {
    let check = |body: Value, status: u16, error: u64| {
        let (mut desk, order, line) = sold();
        let body: Value = serde_json::from_str(&body.to_string().replace("LINE", &line)).unwrap();
        let seen = refund(&mut desk, &order, body);
        assert_eq!(
            (seen.status, seen.error()),
            (status, error),
            "{}",
            seen.body
        );
    };
    let whole = |value: &str, currency: &str| {
        json!({
            "reasonForRefund": "BUYER_CANCEL",
            "orderLevelRefundAmount": { "value": value, "currency": currency },
        })
    };
    check(json!({}), 400, 34903);
    check(json!({ "reasonForRefund": "BUYER_CANCEL" }), 400, 34905);
    check(whole("0", "USD"), 400, 34907);
    check(whole("1.005", "USD"), 400, 34907);
    check(whole("1.00", "EUR"), 400, 34909);
    check(whole("99.00", "USD"), 400, 34915);
    let item = |line: &str, value: &str| {
        json!({
            "reasonForRefund": "BUYER_CANCEL",
            "refundItems": [{
                "lineItemId": line,
                "refundAmount": { "value": value, "currency": "USD" },
            }],
        })
    };
    check(item("1", "1.00"), 400, 34914);
    check(item("LINE", "99.00"), 409, 34924);
    let mut long = whole("1.00", "USD");
    long["comment"] = json!("x".repeat(101));
    check(long, 400, 34921);
    let (mut desk, _, _) = sold();
    assert_eq!(
        refund(&mut desk, "other", whole("1.00", "USD")).error(),
        34913
    );
}

#[test]
fn a_seller_cancels_and_the_buyer_is_refunded() {
    let (mut desk, order, line) = sold();
    let check = json!({ "legacyOrderId": order });
    let seen = desk.post(&format!("{CANCELLATION}/check_eligibility"), check.clone());
    assert_eq!(seen.body["eligible"], true, "{}", seen.body);
    let body = json!({
        "legacyOrderId": order,
        "cancelReason": "OUT_OF_STOCK_OR_CANNOT_FULFILL",
        "buyerPaid": true,
    });
    let seen = desk.post(CANCELLATION, body.clone());
    assert_eq!(seen.status, 201);
    let id = seen.body["cancelId"].as_str().unwrap().to_owned();
    desk.pass(1);
    let shown = desk.get(&format!("{ORDERS}/{order}")).body;
    assert_eq!(shown["cancelStatus"]["cancelState"], "CANCELED");
    assert_eq!(
        shown["cancelStatus"]["cancelRequests"][0]["cancelRequestId"],
        id
    );
    assert_eq!(shown["orderPaymentStatus"], "FULLY_REFUNDED");
    let listed = desk.get(ORDERS).body;
    assert_eq!(
        listed["orders"][0]["cancelStatus"]["cancelRequests"],
        json!([])
    );
    assert_eq!(desk.post(CANCELLATION, body).status, 409);
    let seen = desk.get(&format!("{CANCELLATION}/{id}"));
    assert_eq!(seen.body["cancelDetail"]["cancelState"], "CLOSED");
    let seen = desk.get(&format!("{CANCELLATION}/search"));
    assert_eq!(seen.body["total"], 1);
    let lines = json!({ "lineItems": [{ "lineItemId": line }] });
    assert_eq!(ship(&mut desk, &order, lines).error(), 32600);
    let seen = desk.post(&format!("{CANCELLATION}/check_eligibility"), check);
    assert_eq!(seen.body["eligible"], false);
    assert_eq!(desk.held().orders[0].state, "CANCELED");
}

#[test]
fn a_shipped_order_is_not_cancelled() {
    let (mut desk, order, line) = sold();
    ship(
        &mut desk,
        &order,
        json!({ "lineItems": [{ "lineItemId": line }] }),
    );
    let body = json!({ "legacyOrderId": order, "cancelReason": "BUYER_ASKED_CANCEL" });
    let seen = desk.post(CANCELLATION, body);
    assert_eq!(
        (seen.status, seen.body["error"][0]["errorId"].as_u64()),
        (409, Some(1616))
    );
}

#[test]
fn cancellations_want_the_token_as_iaf() {
    let (mut desk, order, _) = sold();
    let mut request = desk.request(
        http::Method::POST,
        &format!("{CANCELLATION}/check_eligibility"),
        Some(json!({ "legacyOrderId": order })),
    );
    let bearer = format!("Bearer {}", desk.token).parse().unwrap();
    request.headers_mut().insert("authorization", bearer);
    assert_eq!(desk.send(request).status, 401);
}

/// A desk with an order whose buyer asks to cancel, and that request's id.
fn regretted() -> (Desk, String, String) {
    let mut desk = Desk::open(11, 400);
    desk.live("A-1", 2000, "9.99");
    desk.pass(3600);
    let seen = desk.get(&format!("{CANCELLATION}/search"));
    let first = &seen.body["cancellations"][0];
    let id = first["cancelId"].as_str().unwrap().to_owned();
    let order = first["legacyOrderId"].as_str().unwrap().to_owned();
    (desk, order, id)
}

#[test]
fn a_buyers_request_is_approved_or_rejected_once() {
    for (action, state) in [("approve", "CANCELED"), ("reject", "NONE_REQUESTED")] {
        let (mut desk, order, id) = regretted();
        let shown = desk.get(&format!("{ORDERS}/{order}")).body;
        assert_eq!(shown["cancelStatus"]["cancelState"], "IN_PROGRESS");
        assert_eq!(
            shown["cancelStatus"]["cancelRequests"][0]["cancelInitiator"],
            "BUYER"
        );
        let path = format!("{CANCELLATION}/{id}/{action}");
        assert_eq!(desk.post_empty(&path).status, 200);
        assert_eq!(desk.post_empty(&path).status, 409);
        let shown = desk.get(&format!("{ORDERS}/{order}")).body;
        assert_eq!(shown["cancelStatus"]["cancelState"], state);
    }
}
