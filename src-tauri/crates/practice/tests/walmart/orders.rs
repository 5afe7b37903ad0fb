//! Orders: how they come, how they are read, and what a seller does with them.

use std::collections::BTreeSet;

use barrow_practice::{Marketplace, OrderRequestLine, PlaceOrderError};
use http::StatusCode;
use serde_json::{Value, json};

use crate::{Seen, Seller, settings};

fn orders(seen: &Seen) -> Vec<Value> {
    assert_eq!(seen.status, StatusCode::OK, "{}", seen.text);
    seen.body["list"]["elements"]["order"]
        .as_array()
        .unwrap()
        .clone()
}

fn lines(order: &Value) -> Vec<Value> {
    order["orderLines"]["orderLine"].as_array().unwrap().clone()
}

fn statuses(order: &Value) -> Vec<(String, String)> {
    let mut found = Vec::new();
    for line in lines(order) {
        for status in line["orderLineStatuses"]["orderLineStatus"]
            .as_array()
            .unwrap()
        {
            let amount = status["statusQuantity"]["amount"].as_str().unwrap();
            found.push((
                status["status"].as_str().unwrap().to_owned(),
                amount.to_owned(),
            ));
        }
    }
    found
}

/// A shipment of units of each line that is named.
fn shipment(seller: &Seller, lines: &[(&str, u32)], tracking: &str) -> Value {
    let rows: Vec<Value> = lines
        .iter()
        .map(|(number, units)| {
            json!({
                "lineNumber": number,
                "intentToCancelOverride": false,
                "sellerOrderId": "mine",
                "orderLineStatuses": { "orderLineStatus": [{
                    "status": "Shipped",
                    "statusQuantity": { "unitOfMeasurement": "EACH", "amount": units.to_string() },
                    "trackingInfo": {
                        "shipDateTime": seller.now.wall.timestamp_millis(),
                        "carrierName": { "carrier": "UPS" },
                        "methodCode": "Standard",
                        "trackingNumber": tracking,
                    },
                }]},
            })
        })
        .collect();
    json!({ "orderShipment": { "orderLines": { "orderLine": rows } } })
}

fn cancellation(number: &str, units: u32, reason: &str) -> Value {
    json!({ "orderCancellation": { "orderLines": { "orderLine": [{
        "lineNumber": number,
        "orderLineStatuses": { "orderLineStatus": [{
            "status": "Cancelled",
            "cancellationReason": reason,
            "statusQuantity": { "unitOfMeasurement": "EACH", "amount": units.to_string() },
        }]},
    }]}}})
}

/// A seller with one order of one line of several units, its id and the seller.
fn with_whole_line(units: u32) -> (Seller, String) {
    let mut seller = Seller::new();
    seller.publish(&[("A", 10.0, 1_000)]);
    // Lines of more than ten units are never split.
    assert!(units > 10);
    let order = seller.order(&[("A", units)]);
    (seller, order)
}

#[test]
fn a_sale_lowers_what_is_for_sale_and_cannot_exceed_it() {
    let mut seller = Seller::new();
    seller.publish(&[("A", 1.0, 3), ("B", 1.0, 0)]);
    seller.order(&[("A", 2)]);
    assert_eq!(seller.listing("A").quantity, 1);
    let check = |seller: &mut Seller, lines: &[(&str, u32)], expected: PlaceOrderError| {
        let lines: Vec<OrderRequestLine> = lines
            .iter()
            .map(|(sku, quantity)| OrderRequestLine {
                sku: (*sku).to_owned(),
                quantity: *quantity,
            })
            .collect();
        assert_eq!(seller.market.place_order(&lines, seller.now), Err(expected));
    };
    let too_few = PlaceOrderError::TooFew {
        sku: "A".to_owned(),
        available: 1,
    };
    check(&mut seller, &[("A", 1), ("A", 1)], too_few);
    check(
        &mut seller,
        &[("Z", 1)],
        PlaceOrderError::NotForSale("Z".to_owned()),
    );
    check(&mut seller, &[], PlaceOrderError::Empty);
    check(&mut seller, &[("A", 0)], PlaceOrderError::Empty);
    assert_eq!(seller.listing("A").quantity, 1);
}

#[test]
fn no_orders_are_a_404_and_older_ones_hide_behind_the_seven_day_default() {
    let mut seller = Seller::new();
    let empty = seller.get("/v3/orders");
    assert_eq!(
        (empty.status, empty.code()),
        (StatusCode::NOT_FOUND, "CONTENT_NOT_FOUND")
    );
    seller.publish(&[("A", 1.0, 3)]);
    let id = seller.order(&[("A", 1)]);
    assert_eq!(
        orders(&seller.get("/v3/orders"))[0]["purchaseOrderId"],
        json!(id)
    );
    seller.wait(8 * 24 * 3_600);
    let modified = "/v3/orders?lastModifiedStartDate=2026-11-01";
    assert_eq!(seller.get(modified).status, StatusCode::NOT_FOUND);
    let both = format!("{modified}&createdStartDate=2026-11-01T00:00:00Z");
    assert_eq!(orders(&seller.get(&both)).len(), 1);
    assert_eq!(
        seller.get("/v3/orders?createdStartDate=soon").status,
        StatusCode::BAD_REQUEST
    );
    seller.wait(200 * 24 * 3_600);
    assert_eq!(seller.get(&both).status, StatusCode::NOT_FOUND);
}

#[test]
fn pages_follow_a_cursor_that_must_be_sent_as_it_is() {
    let mut seller = Seller::new();
    seller.publish(&[("A", 1.0, 50)]);
    let placed: BTreeSet<String> = (0..7).map(|_| seller.order(&[("A", 1)])).collect();
    let first = seller.get("/v3/orders?limit=3&sku=A");
    assert_eq!(first.body["list"]["meta"]["totalCount"], json!(7));
    let mut seen: Vec<Value> = orders(&first);
    let mut cursor = first.body["list"]["meta"]["nextCursor"]
        .as_str()
        .map(str::to_owned);
    let changed = cursor.clone().unwrap().replace(':', "%3A");
    assert_eq!(
        seller.get(&format!("/v3/orders{changed}")).status,
        StatusCode::BAD_REQUEST
    );
    while let Some(query) = cursor {
        assert!(query.starts_with('?'));
        let page = seller.get(&format!("/v3/orders{query}"));
        seen.extend(orders(&page));
        cursor = page.body["list"]["meta"]["nextCursor"]
            .as_str()
            .map(str::to_owned);
    }
    assert_eq!(seen.len(), 7);
    let ids: BTreeSet<String> = seen
        .iter()
        .map(|order| order["purchaseOrderId"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(ids, placed);
    assert_eq!(
        seller.get("/v3/orders?limit=201").status,
        StatusCode::BAD_REQUEST
    );
    seller.fault("escaped_cursor", 1);
    let escaped = seller.get("/v3/orders?limit=3").body["list"]["meta"]["nextCursor"].clone();
    assert!(escaped.as_str().unwrap().contains("&amp;"));
}

#[test]
fn orders_are_found_by_what_is_asked() {
    let mut seller = Seller::new();
    seller.publish(&[("A", 1.0, 50), ("B", 1.0, 50)]);
    let one = seller.order(&[("A", 1)]);
    let other = seller.order(&[("B", 1)]);
    assert_eq!(
        seller
            .post(&format!("/v3/orders/{other}/acknowledge"), json!({}))
            .status,
        200
    );
    let check = |seller: &mut Seller, query: &str, expected: &str| {
        let found = orders(&seller.get(&format!("/v3/orders{query}")));
        let ids: Vec<&str> = found
            .iter()
            .map(|order| order["purchaseOrderId"].as_str().unwrap())
            .collect();
        assert_eq!(ids, [expected], "{query}");
    };
    check(&mut seller, "?sku=A", &one);
    check(&mut seller, "?status=Acknowledged", &other);
    check(&mut seller, "?status=Created", &one);
    check(&mut seller, &format!("?purchaseOrderId={one}"), &one);
    check(&mut seller, "/released", &one);
    assert_eq!(
        seller.get("/v3/orders?shipNodeType=WFSFulfilled").status,
        StatusCode::NOT_FOUND
    );
    assert_eq!(
        seller.get("/v3/orders?status=Lost").status,
        StatusCode::BAD_REQUEST
    );
}

#[test]
fn acknowledging_is_safe_to_repeat() {
    let mut seller = Seller::new();
    seller.publish(&[("A", 1.0, 5)]);
    let id = seller.order(&[("A", 1)]);
    for _ in 0..2 {
        let seen = seller.post(&format!("/v3/orders/{id}/acknowledge"), json!({}));
        assert_eq!(
            statuses(&seen.body["order"]),
            [("Acknowledged".to_owned(), "1".to_owned())]
        );
    }
    assert_eq!(seller.held().orders[0].state, "Acknowledged");
    assert_eq!(
        seller.post("/v3/orders/123/acknowledge", json!({})).status,
        StatusCode::NOT_FOUND
    );
}

#[test]
fn a_line_ships_in_parts_and_is_delivered() {
    let (mut seller, id) = with_whole_line(12);
    let path = format!("/v3/orders/{id}/shipping");
    let seen = seller.post(&path, shipment(&seller, &[("1", 5)], "1Z1"));
    let expected = [
        ("Created".to_owned(), "7".to_owned()),
        ("Shipped".to_owned(), "5".to_owned()),
    ];
    assert_eq!(statuses(&seen.body["order"]), expected);
    let too_many = seller.post(&path, shipment(&seller, &[("1", 8)], "1Z2"));
    assert_eq!(
        (too_many.status, too_many.code()),
        (StatusCode::BAD_REQUEST, "INVALID_REQUEST_CONTENT")
    );
    assert_eq!(
        seller
            .post(&path, shipment(&seller, &[("1", 7)], "1Z2"))
            .status,
        StatusCode::OK
    );
    let held = seller.held().orders[0].clone();
    assert_eq!(
        (held.state.as_str(), held.lines[0].quantity_shipped),
        ("Shipped", 12)
    );
    let parcels: Vec<(&str, u32)> = held
        .shipments
        .iter()
        .map(|parcel| (parcel.tracking.as_str(), parcel.lines[0].quantity))
        .collect();
    assert_eq!(parcels, [("1Z1", 5), ("1Z2", 7)]);
    seller.wait(3 * 24 * 3_600);
    assert_eq!(seller.held().orders[0].state, "Delivered");
    let reserved = seller.get("/v3/inventories/A").body["nodes"][0]["reservedQty"].clone();
    assert_eq!(reserved["amount"], json!(0));
}

#[test]
fn a_shipment_that_breaks_a_rule_changes_nothing() {
    let (mut seller, id) = with_whole_line(12);
    let status = "/orderShipment/orderLines/orderLine/0/orderLineStatuses/orderLineStatus/0";
    let path = format!("/v3/orders/{id}/shipping");
    let info = format!("{status}/trackingInfo");
    let future = seller.now.wall.timestamp_millis() + 3_600_000;
    let past = seller.now.wall.timestamp_millis() - 3_600_000;
    let mut check = |at: &str, value: Value, ok: bool| {
        let mut body = shipment(&seller, &[("1", 1)], "1Z");
        let parent = at.rsplit_once('/').unwrap();
        body.pointer_mut(parent.0).unwrap()[parent.1] = value;
        let seen = seller.post(&path, body);
        assert_eq!(seen.status.is_success(), ok, "{at}: {}", seen.text);
    };
    check(
        &format!("{info}/carrierName"),
        json!({ "carrier": "ups" }),
        false,
    );
    check(
        &format!("{info}/carrierName"),
        json!({ "otherCarrier": "Bike" }),
        false,
    );
    check(&format!("{info}/carrierName"), json!({}), false);
    check(&format!("{info}/methodCode"), json!("Rocket"), false);
    check(&format!("{info}/trackingNumber"), json!(""), false);
    check(&format!("{info}/shipDateTime"), json!(future), false);
    check(&format!("{info}/shipDateTime"), json!(past), false);
    check(
        &format!("{status}/statusQuantity/amount"),
        json!("0"),
        false,
    );
    check(&format!("{status}/statusQuantity/amount"), json!(1), false);
    check(
        &format!("{status}/statusQuantity/unitOfMeasurement"),
        json!("BOX"),
        false,
    );
    check(&format!("{status}/status"), json!("Delivered"), false);
    check(
        "/orderShipment/orderLines/orderLine/0/lineNumber",
        json!("9"),
        false,
    );
    check(
        "/orderShipment/orderLines/orderLine/0/sellerOrderId",
        Value::Null,
        false,
    );
    let other = json!({
        "shipDateTime": seller.now.wall.timestamp_millis(),
        "carrierName": { "otherCarrier": "Bike" },
        "methodCode": "Standard",
        "trackingNumber": "B1",
        "trackingURL": "https://bike.example/B1",
    });
    assert_eq!(seller.held().orders[0].lines[0].quantity_shipped, 0);
    let mut body = shipment(&seller, &[("1", 1)], "1Z");
    *body.pointer_mut(&info).unwrap() = other;
    assert_eq!(seller.post(&path, body).status, StatusCode::OK);
    assert_eq!(seller.held().orders[0].shipments[0].carrier, "Bike");
}

#[test]
fn tracking_can_be_corrected_afterwards() {
    let (mut seller, id) = with_whole_line(12);
    let path = format!("/v3/orders/{id}/shipping");
    seller.post(&path, shipment(&seller, &[("1", 12)], "OLD"));
    let mut body = shipment(&seller, &[("1", 12)], "NEW");
    body["orderShipment"]["processMode"] = json!("PARTIAL_UPDATE");
    assert_eq!(seller.post(&path, body).status, StatusCode::OK);
    let held = seller.held().orders[0].clone();
    assert_eq!(held.shipments.len(), 1);
    assert_eq!(
        (
            held.shipments[0].tracking.as_str(),
            held.lines[0].quantity_shipped
        ),
        ("NEW", 12)
    );
}

#[test]
fn a_cancellation_needs_a_reason_that_fits_and_does_not_restock() {
    let (mut seller, id) = with_whole_line(12);
    let path = format!("/v3/orders/{id}/cancel");
    let before = seller.listing("A").quantity;
    for reason in [
        "CUSTOMER_REQUESTED_SELLER_TO_CANCEL",
        "SELLER_CANCEL_FRAUD_STOP_SHIPMENT",
        "NO",
    ] {
        let seen = seller.post(&path, cancellation("1", 2, reason));
        assert_eq!(seen.status, StatusCode::BAD_REQUEST, "{reason}");
    }
    let seen = seller.post(&path, cancellation("1", 2, "SELLER_CANCEL_OUT_OF_STOCK"));
    let cancelled =
        lines(&seen.body["order"])[0]["orderLineStatuses"]["orderLineStatus"][1].clone();
    assert_eq!(
        cancelled["cancellationReason"],
        json!("SELLER_CANCEL_OUT_OF_STOCK")
    );
    let too_many = seller.post(&path, cancellation("1", 11, "SELLER_CANCEL_OUT_OF_STOCK"));
    assert_eq!(too_many.status, StatusCode::BAD_REQUEST);
    assert_eq!(seller.listing("A").quantity, before);
}

#[test]
fn what_nobody_ships_is_cancelled_four_days_late() {
    let (mut seller, _) = with_whole_line(12);
    seller.wait(5 * 24 * 3_600 - 60);
    assert_eq!(seller.held().orders[0].state, "Created");
    seller.wait(120);
    assert_eq!(seller.held().orders[0].state, "Cancelled");
}

#[test]
fn a_refund_is_negative_and_never_more_than_was_paid() {
    let (mut seller, id) = with_whole_line(12);
    let path = format!("/v3/orders/{id}/refund");
    let refund = |amount: f64, full: bool| {
        json!({ "orderRefund": { "purchaseOrderId": id, "orderLines": { "orderLine": [{
            "lineNumber": "1",
            "isFullRefund": full,
            "refunds": { "refund": [{
                "refundComments": "sorry",
                "refundCharges": { "refundCharge": [{
                    "refundReason": "DamagedItem",
                    "charge": {
                        "chargeType": "PRODUCT",
                        "chargeName": "Item Price",
                        "chargeAmount": { "currency": "USD", "amount": amount },
                    },
                }]},
            }]},
        }]}}})
    };
    let early = seller.post(&path, refund(-1.0, false));
    assert_eq!(early.status, StatusCode::BAD_REQUEST);
    let ship = shipment(&seller, &[("1", 12)], "1Z");
    seller.post(&format!("/v3/orders/{id}/shipping"), ship);
    for amount in [1.0, -1_000_000.0] {
        assert_eq!(
            seller.post(&path, refund(amount, false)).status,
            StatusCode::BAD_REQUEST
        );
    }
    let seen = seller.post(&path, refund(-10.02, false));
    let shown = lines(&seen.body["order"])[0]["refund"].clone();
    let charge = &shown["refundCharges"]["refundCharge"][0];
    assert_eq!(charge["charge"]["chargeAmount"]["amount"], json!(-10.02));
    assert_eq!(charge["refundReason"], json!("DamagedItem"));
    // The rest is less than everything by now.
    assert_eq!(
        seller.post(&path, refund(0.0, true)).status,
        StatusCode::BAD_REQUEST
    );
}

#[test]
fn orders_come_by_themselves_soon_after_something_is_live_and_then_at_their_rate() {
    let mut seller = Seller::with(settings(3, 60));
    seller.publish(&[("A", 9.0, 100_000), ("B", 19.0, 100_000)]);
    seller.wait(120);
    assert!(!seller.held().orders.is_empty());
    for _ in 0..60 {
        seller.wait(60);
    }
    let count = seller.held().orders.len();
    assert!(
        (50..=75).contains(&count),
        "{count} orders in the first hour"
    );
}

#[test]
fn no_orders_come_where_none_were_asked_for_or_nothing_is_for_sale() {
    let mut quiet = Seller::with(settings(3, 0));
    quiet.publish(&[("A", 9.0, 10)]);
    let mut empty = Seller::with(settings(3, 60));
    empty.publish(&[("A", 9.0, 0)]);
    for seller in [&mut quiet, &mut empty] {
        seller.wait(3_600);
        assert!(seller.held().orders.is_empty());
    }
}

#[test]
fn among_many_orders_are_walmarts_quirks() {
    let mut seller = Seller::with(settings(5, 1_000));
    seller.publish(&[
        ("A", 9.99, 100_000),
        ("B", 19.5, 100_000),
        ("C", 1.0, 100_000),
    ]);
    for _ in 0..30 {
        seller.wait(60);
    }
    let all = |seller: &mut Seller, kind: &str| {
        let mut found = Vec::new();
        let mut query = format!("?limit=200&shipNodeType={kind}");
        loop {
            let page = seller.get(&format!("/v3/orders{query}"));
            found.extend(orders(&page));
            match page.body["list"]["meta"]["nextCursor"].as_str() {
                Some(next) => query = next.to_owned(),
                None => return found,
            }
        }
    };
    let own = all(&mut seller, "SellerFulfilled");
    let wfs = all(&mut seller, "WFSFulfilled");
    assert!(!wfs.is_empty() && own.len() > 5 * wfs.len());
    let has = |test: &dyn Fn(&Value) -> bool| own.iter().flat_map(lines).any(|line| test(&line));
    assert!(own.iter().any(|order| lines(order).len() > 1));
    assert!(has(
        &|line| line["orderLineQuantity"]["amount"] != json!("1")
    ));
    assert!(has(&|line| line["intentToCancel"].is_string()));
    assert!(has(&|line| line["charges"]["charge"]
        .as_array()
        .unwrap()
        .iter()
        .any(|charge| {
            charge["chargeName"] == json!("SubscriptionDiscount")
                && charge["chargeAmount"]["amount"].as_f64().unwrap() < 0.0
        })));
    let id = wfs[0]["purchaseOrderId"].as_str().unwrap();
    let refused = seller.post(&format!("/v3/orders/{id}/acknowledge"), json!({}));
    assert_eq!(refused.status, StatusCode::BAD_REQUEST);
    let wanting = own
        .iter()
        .find(|order| lines(order)[0]["intentToCancel"].is_string())
        .unwrap();
    let id = wanting["purchaseOrderId"].as_str().unwrap();
    let mut body = shipment(&seller, &[("1", 1)], "1Z");
    let path = format!("/v3/orders/{id}/shipping");
    assert_eq!(
        seller.post(&path, body.clone()).status,
        StatusCode::BAD_REQUEST
    );
    body["orderShipment"]["orderLines"]["orderLine"][0]["intentToCancelOverride"] = json!(true);
    assert_eq!(seller.post(&path, body).status, StatusCode::OK);
}
