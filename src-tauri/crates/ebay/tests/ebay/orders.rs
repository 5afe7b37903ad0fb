//! Orders as eBay sends them, quirks included, and the sweep that reads them.

use barrow_market::{Batch, Fate, OrderPage, Orders, RawRecord, Retry, StreamId};
use barrow_model::{
    Action, Change, ChangeId, OrderLineQuantity, OrderRef, OrderRowId, OrderState, PaymentState,
    ProblemKind, RefundState, ShipRequest, Site, Target, TaxCollector,
};
use serde_json::{Value, json};

use crate::requests::usd;
use crate::script::{Reply, Script, answer, beginning, connect, connect_with, ok};

pub(crate) fn money(value: &str) -> Value {
    json!({"value": value, "currency": "USD"})
}

/// An order as the reference describes it: two boots for 263.00, tax collected by eBay.
pub(crate) fn order() -> Value {
    json!({
        "orderId": "13-14786-65872", "creationDate": "2026-11-20T07:58:13.000Z",
        "lastModifiedDate": "2026-11-20T08:00:00.000Z", "orderFulfillmentStatus": "NOT_STARTED",
        "orderPaymentStatus": "PAID", "buyer": {"username": "bootlover"},
        "pricingSummary": {"priceSubtotal": money("263.0"), "deliveryCost": money("1.0"),
            "priceDiscount": money("-10.0"), "tax": money("24.33"), "fee": money("6.0"),
            "total": money("284.33")},
        "cancelStatus": {"cancelState": "NONE_REQUESTED", "cancelRequests": []},
        "paymentSummary": {"payments": [{"paymentStatus": "PAID",
            "paymentDate": "2026-11-20T07:58:15.000Z"}], "refunds": []},
        "fulfillmentStartInstructions": [{"fulfillmentInstructionsType": "SHIP_TO",
            "shippingStep": {"shippingServiceCode": "USPSPriority", "shipTo": {
                "fullName": "Ann Example", "primaryPhone": {}, "email": "a@members.ebay.com",
                "contactAddress": {"addressLine1": "1 Road", "city": "Town",
                    "postalCode": 95125, "countryCode": "US"}}}}],
        "fulfillmentHrefs": [],
        "lineItems": [{"lineItemId": "10", "legacyItemId": "110", "sku": "BOOT-42",
            "title": "  Red boots", "quantity": 2, "lineItemCost": money("263.0"),
            "discountedLineItemCost": money("253.0"),
            "deliveryCost": {"shippingCost": money("1.0")},
            "taxes": [{"amount": money("6.0"), "taxType": "ELECTRONIC_RECYCLING_FEE"},
                {"amount": money("24.33")}],
            "ebayCollectAndRemitTaxes": [{"taxType": "STATE_SALES_TAX", "amount": money("24.33"),
                "ebayReference": {"name": "IOSS", "value": "IM276"}}],
            "listingMarketplaceId": "EBAY_US", "lineItemFulfillmentStatus": "NOT_STARTED",
            "lineItemFulfillmentInstructions": {"shipByDate": "2026-11-24T06:59:59.000Z"}}]
    })
}

pub(crate) fn read(record: &Value) -> Result<barrow_model::Order, (ProblemKind, String)> {
    let adapter = connect(&Script::new([]));
    let raw = RawRecord {
        order_id: None,
        body: record.to_string(),
    };
    let read = adapter.orders().unwrap().read_record(&raw);
    read.map(|pulled| pulled.order)
        .map_err(|issue| (issue.kind, issue.field))
}

#[test]
fn an_order_is_read_with_all_its_parts() {
    let read = read(&order()).unwrap();
    assert_eq!(read.order_id, "13-14786-65872");
    assert_eq!(read.state(), OrderState::ToShip);
    assert_eq!(read.payment_state, PaymentState::Paid);
    assert_eq!(read.total, Some(usd(28433)));
    let amounts = read.amounts;
    assert_eq!(amounts.items, Some(usd(26300)));
    assert_eq!(amounts.discount, Some(usd(1000)));
    assert_eq!(amounts.tax, Some(usd(0)));
    assert_eq!(amounts.tax_by_marketplace, Some(usd(2433)));
    assert_eq!(amounts.other, Some(usd(600)));
    assert_eq!(amounts.total, read.total);
    let by_marketplace = &read.taxes[0];
    assert_eq!(by_marketplace.collected_by, TaxCollector::Marketplace);
    assert_eq!(by_marketplace.reference.as_deref(), Some("IM276"));
    let line = &read.lines[0];
    assert_eq!((line.title.as_str(), line.quantity), ("Red boots", 2));
    assert_eq!(
        (line.unit_price, line.discount),
        (Some(usd(13150)), Some(usd(1000)))
    );
    let address = read.ship_to.unwrap();
    assert_eq!((address.region, address.phone), (None, None));
    assert_eq!(address.postal_code.as_deref(), Some("95125"));
}

#[test]
fn what_ebay_leaves_out_stays_open() {
    let mut bare = order();
    for field in [
        "buyer",
        "fulfillmentStartInstructions",
        "paymentSummary",
        "cancelStatus",
    ] {
        bare[field] = Value::Null;
    }
    bare["pricingSummary"] = json!({"total": money("5.0")});
    bare["lineItems"] = json!([{"lineItemId": "10", "quantity": 1, "legacyItemId": "110",
        "legacyVariationId": "7", "taxes": null,
        "variationAspects": [{"name": "Color", "value": " Red"}, {"name": "Size", "value": 42}]}]);
    bare["anythingNew"] = json!({"x": [1]});
    bare["orderPaymentStatus"] = json!("SOMETHING_NEW");
    let read = read(&bare).unwrap();
    assert_eq!((read.buyer, read.ship_to, read.paid_at), (None, None, None));
    assert_eq!(read.payment_state, PaymentState::Unknown);
    assert_eq!(read.total, Some(usd(500)));
    assert_eq!(read.amounts.items, None);
    assert_eq!(read.lines[0].sku, None);
    assert_eq!(read.lines[0].listing_ref.as_deref(), Some("110/7"));
    let chosen = read.lines[0].options.iter();
    let chosen: Vec<_> = chosen.map(|one| (&*one.name, &*one.value)).collect();
    assert_eq!(chosen, [("Color", "Red"), ("Size", "42")]);
}

#[test]
fn states_and_quantities_follow_ebays_words() {
    let check = |change: fn(&mut Value), state: OrderState, shipped: u32, cancelled: u32| {
        let mut record = order();
        change(&mut record);
        let read = read(&record).unwrap();
        let line = &read.lines[0];
        let found = (read.state(), line.quantity_shipped, line.quantity_cancelled);
        assert_eq!(found, (state, shipped, cancelled));
    };
    check(
        |o| o["orderPaymentStatus"] = json!("PENDING"),
        OrderState::Pending,
        0,
        0,
    );
    let fulfilled = |o: &mut Value| {
        o["lineItems"][0]["lineItemFulfillmentStatus"] = json!("FULFILLED");
    };
    check(fulfilled, OrderState::Shipped, 2, 0);
    let cancelled = |o: &mut Value| o["cancelStatus"]["cancelState"] = json!("CANCELED");
    check(cancelled, OrderState::Cancelled, 0, 2);
}

#[test]
fn a_wish_to_cancel_and_refunds_are_seen() {
    let mut record = order();
    record["cancelStatus"]["cancelState"] = json!("IN_PROGRESS");
    record["paymentSummary"]["refunds"] = json!([{"refundId": "5", "refundStatus": "REFUNDED",
        "amount": money("10.0")}, {"refundId": "6", "refundStatus": "PENDING",
        "amount": money("1.0")}]);
    record["lineItems"][0]["refunds"] = json!([{"refundId": "5", "amount": money("10.0")}]);
    let read = read(&record).unwrap();
    assert!(read.cancel_requested);
    assert_eq!(read.refunds.len(), 2);
    assert_eq!(read.refunds[0].line_id.as_deref(), Some("10"));
    assert_eq!(read.refund_state(), RefundState::Partial);
    assert_eq!(read.amounts.refunded, Some(usd(1000)));
}

#[test]
fn an_unreadable_record_names_its_field_and_nothing_of_its_value() {
    let check = |change: fn(&mut Value), field: &str| {
        let mut record = order();
        change(&mut record);
        assert_eq!(
            read(&record),
            Err((ProblemKind::OrderUnreadable, field.to_owned()))
        );
    };
    check(|o| o["orderId"] = Value::Null, "orderId");
    check(|o| o["creationDate"] = json!("yesterday"), "creationDate");
    check(|o| o["lineItems"] = json!([]), "lineItems");
    check(
        |o| o["lineItems"][0]["quantity"] = json!(0),
        "lineItems[0].quantity",
    );
    check(|o| o["buyer"] = json!("Ann Example"), "buyer");
    check(
        |o| o["pricingSummary"]["total"]["value"] = json!("much"),
        "pricingSummary.total",
    );
}

pub(crate) fn page(orders: Vec<Value>, next: bool) -> Reply {
    let next = next.then_some("https://api.ebay.com/sell/fulfillment/v1/order?offset=200");
    ok(json!({"orders": orders, "next": next, "total": 999}))
}

pub(crate) fn numbered(numbers: std::ops::Range<u32>) -> Vec<Value> {
    let numbered = numbers.map(|number| {
        let mut one = order();
        one["orderId"] = json!(format!("o-{number}"));
        one
    });
    numbered.collect()
}

pub(crate) async fn sweep(script: &std::sync::Arc<Script>, pages: usize) -> Vec<OrderPage> {
    let adapter = connect(script);
    let role: &dyn Orders = adapter.orders().unwrap();
    let stream = StreamId("modified");
    let mut cursor = role
        .start(stream, beginning() - chrono::TimeDelta::days(1))
        .unwrap();
    let mut read = Vec::new();
    for _ in 0..pages {
        let page = role.pull(stream, &cursor, &[]).await.unwrap();
        cursor = page.next.clone();
        read.push(page);
    }
    read
}

#[tokio::test]
async fn a_sweep_reads_every_page_and_the_next_one_overlaps_it() {
    let script = Script::new([
        page(numbered(0..200), true),
        page(numbered(195..300), false),
        page(vec![], false),
    ]);
    let pages = sweep(&script, 3).await;
    assert_eq!(
        pages.iter().map(|page| page.more).collect::<Vec<_>>(),
        [true, false, false]
    );
    assert_eq!(pages[0].covered_through, None);
    assert!(pages[1].covered_through.unwrap() < beginning() + chrono::TimeDelta::seconds(5));
    let lines = script.lines();
    let filter = "GET /sell/fulfillment/v1/order?filter=lastmodifieddate%3A%5B";
    let from = format!("{filter}2026-11-21T07%3A50%3A00.000Z..%5D&limit=200&offset=0");
    assert!(lines[0].starts_with(&from), "{}", lines[0]);
    assert!(lines[1].contains("&offset=195"), "{}", lines[1]);
    assert!(lines[2].contains("2026-11-22T07%3A50%3A0"), "{}", lines[2]);
}

#[tokio::test]
async fn once_a_day_a_sweep_reads_three_days_again() {
    let script = Script::new([
        page(vec![], false),
        page(vec![], false),
        page(numbered(0..200), true),
        page(numbered(195..300), false),
        page(vec![], false),
    ]);
    let (adapter, clock) = connect_with(&script);
    let role: &dyn Orders = adapter.orders().unwrap();
    let stream = StreamId("modified");
    let mut cursor = role.start(stream, beginning()).unwrap();
    for wait in [3_600, 3_600, 79_300, 0, 3_600] {
        clock.skip(wait);
        cursor = role.pull(stream, &cursor, &[]).await.unwrap().next;
    }
    let lines = script.lines();
    let from = |index: usize, at: &str| {
        let line: &String = &lines[index];
        assert!(
            line.contains(&format!("%5B2026-11-{at}")),
            "{index}: {line}"
        );
    };
    from(0, "22T07%3A50");
    from(1, "22T08%3A50");
    from(2, "20T08%3A0");
    assert!(lines[3].contains("2026-11-20T08%3A0") && lines[3].contains("offset=195"));
    from(4, "23T07%3A5");
}

#[tokio::test]
async fn records_that_moved_between_pages_are_read_again() {
    let script = Script::new([
        page(numbered(0..200), true),
        page(numbered(210..300), true),
        page(numbered(10..210), true),
        page(numbered(205..300), false),
    ]);
    let pages = sweep(&script, 4).await;
    assert!(!pages[3].more);
    assert!(
        script.lines()[2].contains("&offset=0"),
        "{}",
        script.lines()[2]
    );
}

#[tokio::test]
async fn reading_goes_back_as_far_as_records_have_moved() {
    // Between the third and the fourth page the computer slept, and 450 orders changed.
    let script = Script::new([
        page(numbered(0..200), true),
        page(numbered(195..395), true),
        page(numbered(390..590), true),
        page(numbered(1035..1100), false),
        page(numbered(835..1035), true),
        page(numbered(635..835), true),
        page(numbered(450..650), true),
        page(numbered(645..800), false),
    ]);
    let pages = sweep(&script, 8).await;
    let lines = script.lines();
    let offsets = [0, 195, 390, 585, 385, 185, 0, 195];
    for (line, offset) in lines.iter().zip(offsets) {
        let offset = format!("&offset={offset}&");
        assert!(line.contains(&offset), "{line} {offset}");
    }
    assert!(pages[6].more && !pages[7].more);
    assert_eq!(pages[3].covered_through, None);
}

#[tokio::test]
async fn a_clock_that_runs_ahead_leaves_no_order_out() {
    let body = json!({"orders": [], "total": 0}).to_string();
    // It is an hour earlier at eBay.
    let script = Script::new([
        Reply::Dated("Sun, 22 Nov 2026 07:00:00 GMT", body),
        page(vec![], false),
    ]);
    let pages = sweep(&script, 2).await;
    let there: chrono::DateTime<chrono::Utc> = "2026-11-22T07:00:00Z".parse().unwrap();
    assert_eq!(pages[0].covered_through, Some(there));
    let next = &script.lines()[1];
    assert!(next.contains("2026-11-22T06%3A50%3A00.000Z"), "{next}");
}

#[tokio::test]
async fn one_unreadable_record_stops_no_other() {
    let mut broken = order();
    broken["lineItems"] = json!("gone");
    let script = Script::new([page(vec![broken, order()], false)]);
    let pages = sweep(&script, 1).await;
    assert_eq!((pages[0].orders.len(), pages[0].unreadable.len()), (1, 1));
    let (raw, issue) = &pages[0].unreadable[0];
    assert_eq!(raw.order_id.as_deref(), Some("13-14786-65872"));
    assert_eq!(issue.field, "lineItems");
}

#[tokio::test]
async fn partly_shipped_quantities_are_read_from_the_shipments() {
    let mut partly = order();
    partly["lineItems"][0]["lineItemFulfillmentStatus"] = json!("IN_PROGRESS");
    partly["fulfillmentHrefs"] = json!(["https://api.ebay.com/x/shipping_fulfillment/94001234"]);
    let shipments = json!({"fulfillments": [{"fulfillmentId": "94001234",
        "shipmentTrackingNumber": "94001234", "shippingCarrierCode": "USPS",
        "lineItems": [{"lineItemId": "10", "quantity": 1}]}], "total": 1});
    let script = Script::new([page(vec![partly], false), ok(shipments)]);
    let pages = sweep(&script, 1).await;
    let read = &pages[0].orders[0].order;
    assert_eq!(read.state(), OrderState::PartlyShipped);
    assert_eq!(read.shipments[0].carrier.as_deref(), Some("USPS"));
}

pub(crate) fn ship(tracking: &str) -> Batch {
    let change = Change {
        id: ChangeId(1),
        target: Target::Order(OrderRef {
            id: OrderRowId(1),
            order_id: "13-14786-65872".to_owned(),
            site: Site("EBAY_US".to_owned()),
            placed_at: beginning() - chrono::TimeDelta::days(1),
        }),
        action: Action::Ship(ShipRequest {
            reference: "S-1".to_owned(),
            carrier: "usps".to_owned(),
            service: None,
            tracking: tracking.to_owned(),
            tracking_url: None,
            shipped_at: beginning() - chrono::TimeDelta::days(2),
            lines: vec![OrderLineQuantity {
                line_id: "10".to_owned(),
                quantity: 1,
            }],
        }),
    };
    Batch {
        lane: "ship",
        changes: vec![change],
        fingerprint: "f".to_owned(),
        begun_at: beginning(),
    }
}

#[tokio::test]
async fn what_leaves_without_a_number_is_told_without_carrier_and_once() {
    let untracked = || {
        let mut batch = ship("");
        if let Action::Ship(request) = &mut batch.changes[0].action {
            request.carrier.clear();
        }
        batch
    };
    let none = || ok(json!({"fulfillments": [], "total": 0}));
    let tracked = json!({"fulfillmentId": "94001234", "shipmentTrackingNumber": "94001234",
        "lineItems": [{"lineItemId": "10", "quantity": 1}]});
    let bare = json!({"fulfillmentId": "999", "lineItems": [{"lineItemId": "10"}]});
    let script = Script::new([
        none(),
        Reply::NoAnswer,
        ok(json!({"fulfillments": [tracked]})),
        ok(json!({"fulfillments": [bare]})),
    ]);
    let adapter = connect(&script);
    let role = adapter.aftersales().unwrap();
    let told = role.submit(&untracked()).await.unwrap();
    assert_eq!(told[0].fate, Fate::Unknown);
    let sent = script.asked()[1].json();
    assert_eq!(sent["lineItems"][0]["lineItemId"], "10");
    assert!(sent["shippingCarrierCode"].is_null() && sent["trackingNumber"].is_null());
    // Another parcel of the order, with a number, is not this one.
    let seen = role.look_up(&untracked()).await.unwrap();
    assert!(matches!(seen[0].fate, Fate::Refused { .. }), "{seen:?}");
    let seen = role.look_up(&untracked()).await.unwrap();
    assert_eq!(seen[0].fate, Fate::Applied { binding: None });
}

#[tokio::test]
async fn a_shipment_is_told_once_and_found_again() {
    let known = json!({"fulfillments": [{"fulfillmentId": "94001234",
        "shipmentTrackingNumber": "94001234"}]});
    let none = || ok(json!({"fulfillments": [], "total": 0}));
    let script = Script::new([
        none(),
        answer(201, json!({})),
        none(),
        Reply::NoAnswer,
        ok(known.clone()),
        ok(known),
    ]);
    let adapter = connect(&script);
    let role = adapter.aftersales().unwrap();
    let batch = ship("9400-1234");
    let applied = Fate::Applied { binding: None };
    assert_eq!(role.submit(&batch).await.unwrap()[0].fate, applied);
    assert_eq!(
        script.asked()[1].json(),
        json!({"lineItems": [{"lineItemId": "10", "quantity": 1}],
            "shippedDate": "2026-11-21T08:00:00.000Z", "shippingCarrierCode": "USPS",
            "trackingNumber": "94001234"})
    );
    assert_eq!(role.submit(&batch).await.unwrap()[0].fate, Fate::Unknown);
    assert_eq!(role.look_up(&batch).await.unwrap()[0].fate, applied);
    let other = role.look_up(&ship("77770000")).await.unwrap();
    assert!(matches!(
        other[0].fate,
        Fate::Refused {
            retry: Retry::After(_),
            ..
        }
    ));
}

#[tokio::test]
async fn a_carrier_that_ebay_does_not_know_is_told_as_another() {
    let check = async |carrier: &'static str, told: &'static [&'static str], takes_last: bool| {
        let none = ok(json!({"fulfillments": [], "total": 0}));
        let no = json!({"errors": [{"errorId": 32300, "message": "no"}]});
        let mut replies = vec![none];
        replies.extend(told.iter().map(|_| answer(400, no.clone())));
        if takes_last {
            *replies.last_mut().unwrap() = answer(201, json!({}));
        }
        let script = Script::new(replies);
        let mut batch = ship("9400-1234");
        let Action::Ship(request) = &mut batch.changes[0].action else {
            unreachable!("it is a shipment")
        };
        request.carrier = carrier.to_owned();
        let adapter = connect(&script);
        let role = adapter.aftersales().unwrap();
        let seen = role.submit(&batch).await.unwrap();
        let sent = script.asked().into_iter().skip(1).map(|one| one.json());
        let sent: Vec<_> = sent.map(|one| one["shippingCarrierCode"].clone()).collect();
        assert_eq!(sent, told, "{carrier}");
        match &seen[0].fate {
            Fate::Applied { .. } => assert!(takes_last, "{carrier}"),
            Fate::Refused { problem, retry } => {
                assert!(!takes_last, "{problem:?}");
                assert_eq!(*retry, Retry::No);
                assert_eq!(problem.kind, ProblemKind::TrackingInvalid);
                assert_eq!(problem.params["why"], "carrier");
                assert_eq!(problem.params["carrier"], carrier);
            }
            other => panic!("{other:?}"),
        }
    };
    check("DPD", &["DPD", "Other"], true).await;
    check("Pigeon Post", &["Pigeon Post", "Other"], false).await;
    check("Royal Mail", &["RoyalMail"], false).await;
    check("Other", &["Other"], false).await;
}

#[tokio::test]
async fn a_package_that_holds_other_lines_is_another_shipment() {
    let there = |line: &str| {
        let lines = json!([{"lineItemId": line, "quantity": 1}]);
        ok(json!({"fulfillments": [{"fulfillmentId": "94001234", "lineItems": lines}]}))
    };
    let script = Script::new([there("11"), there("10")]);
    let adapter = connect(&script);
    let role = adapter.aftersales().unwrap();
    let first = role.look_up(&ship("94001234")).await.unwrap();
    assert!(matches!(first[0].fate, Fate::Refused { .. }), "{first:?}");
    let second = role.look_up(&ship("94001234")).await.unwrap();
    assert_eq!(second[0].fate, Fate::Applied { binding: None });
}

#[tokio::test]
async fn a_paid_order_without_a_date_is_cancelled_as_paid() {
    let mut undated = order();
    undated["paymentSummary"]["payments"][0]["paymentDate"] = json!(null);
    let eligible = ok(json!({"eligible": true}));
    let script = Script::new([ok(undated), eligible, ok(json!({"cancelId": "5"}))]);
    let adapter = connect(&script);
    let role = adapter.aftersales().unwrap();
    role.submit(&cancel(2)).await.unwrap();
    let sent = script.asked()[2].json();
    assert_eq!(sent["buyerPaid"], json!(true));
    assert_eq!(sent.get("buyerPaidDate"), None);
}

pub(crate) fn cancel(quantity: u32) -> Batch {
    let mut batch = ship("1");
    batch.lane = "cancel";
    batch.changes[0].action = Action::Cancel {
        lines: vec![OrderLineQuantity {
            line_id: "10".to_owned(),
            quantity,
        }],
        reason: barrow_model::CancelReason::OutOfStock,
    };
    batch
}

#[tokio::test]
async fn an_order_is_cancelled_whole_or_not_at_all() {
    let mut wished = order();
    wished["cancelStatus"] = json!({"cancelState": "IN_PROGRESS", "cancelRequests": [
        {"cancelRequestId": "77", "cancelRequestState": "REQUESTED"}]});
    let mut gone = order();
    gone["cancelStatus"]["cancelState"] = json!("CANCELED");
    let eligible = || ok(json!({"eligible": true}));
    let script = Script::new([
        ok(order()),
        eligible(),
        ok(json!({"cancelId": "5"})),
        ok(order()),
        ok(wished),
        ok(json!({})),
        ok(order()),
        eligible(),
        Reply::NoAnswer,
        ok(gone),
    ]);
    let adapter = connect(&script);
    let role = adapter.aftersales().unwrap();
    let applied = Fate::Applied { binding: None };
    assert_eq!(role.submit(&cancel(2)).await.unwrap()[0].fate, applied);
    let expected = json!({"legacyOrderId": "13-14786-65872",
        "cancelReason": "OUT_OF_STOCK_OR_CANNOT_FULFILL", "buyerPaid": true,
        "buyerPaidDate": {"value": "2026-11-20T07:58:15.000Z"}});
    assert_eq!(script.asked()[2].json(), expected);
    assert_eq!(script.asked()[2].headers["authorization"], "IAF token-1");
    let part = role.submit(&cancel(1)).await.unwrap();
    assert!(matches!(&part[0].fate, Fate::Refused { problem, .. }
        if problem.kind == ProblemKind::Unsupported));
    assert_eq!(role.submit(&cancel(2)).await.unwrap()[0].fate, applied);
    assert_eq!(
        script.lines()[5],
        "POST /post-order/v2/cancellation/77/approve"
    );
    assert_eq!(
        role.submit(&cancel(2)).await.unwrap()[0].fate,
        Fate::Unknown
    );
    assert_eq!(role.look_up(&cancel(2)).await.unwrap()[0].fate, applied);
}
