//! Shipping and cancelling orders (newegg.md §6.3, §6.4).

use barrow_practice::newegg::Platform;
use http::StatusCode;
use serde_json::{Value, json};

use crate::{Seen, Seller, envelope, rows, settings, word};

/// A package: tracking number, and part numbers with their units.
fn package(tracking: &str, lines: &[(&str, u32)]) -> Value {
    let items: Vec<Value> = lines
        .iter()
        .map(|(name, units)| json!({ "SellerPartNumber": name, "ShippedQty": units.to_string() }))
        .collect();
    json!({ "TrackingNumber": tracking, "ShipCarrier": "UPS", "ShipService": "Ground",
        "ItemList": { "Item": items } })
}

fn ship_body(seller: &Seller, number: &str, packages: Vec<Value>) -> Value {
    json!({ "Action": "2", "Value": { "Shipment": {
        "Header": { "SellerID": seller.seller_id, "SONumber": number },
        "PackageList": { "Package": packages },
    } } })
}

fn put_status(seller: &mut Seller, number: &str, body: Value) -> Seen {
    seller.put(
        &format!("ordermgmt/orderstatus/orders/{number}?version=304"),
        body,
    )
}

fn ship(seller: &mut Seller, number: &str, packages: Vec<Value>) -> Seen {
    let body = ship_body(seller, number, packages);
    put_status(seller, number, body)
}

fn cancel(seller: &mut Seller, number: &str, reason: &str) -> Seen {
    put_status(seller, number, json!({ "Action": "1", "Value": reason }))
}

fn kill(seller: &mut Seller, number: &str, names: &[&str]) -> Seen {
    let items: Vec<Value> = names
        .iter()
        .map(|name| json!({ "SellerPartNumber": name }))
        .collect();
    let body = json!({
        "OperationType": "KillItemRequest",
        "RequestBody": { "KillItem": { "Order": { "ItemList": { "Item": items } } } },
    });
    seller.put(&format!("ordermgmt/killitem/orders/{number}"), body)
}

/// Total, succeeded, failed.
fn counts(seen: &Seen) -> [String; 3] {
    ["TotalPackageCount", "SuccessCount", "FailCount"]
        .map(|name| word(&seen.body["PackageProcessingSummary"][name]))
}

fn selling() -> Seller {
    let mut seller = Seller::new();
    seller.publish(&[("A", "5.00", 50), ("B", "6.00", 50)]);
    seller
}

#[test]
fn a_whole_order_is_shipped_and_invoiced_later() {
    let mut seller = selling();
    let number = seller.order(&[("A", 2), ("B", 1)]);
    let seen = ship(
        &mut seller,
        &number,
        vec![package("1Z1", &[("A", 2), ("B", 1)])],
    );
    assert_eq!(seen.status, StatusCode::OK, "{}", seen.text);
    assert_eq!(counts(&seen), ["1", "1", "0"]);
    assert_eq!(seen.body["Result"]["OrderStatus"], "Shipped");
    let packages = rows(&seen.body["Result"]["Shipment"], "PackageList", "Package");
    assert_eq!(word(&packages[0]["ProcessStatus"]), "true");
    assert_eq!(packages[0]["ProcessResult"], "Success");
    let held = seller.held_order(&number);
    assert_eq!(
        (held.state.as_str(), held.shipments[0].tracking.as_str()),
        ("Shipped", "1Z1")
    );
    seller.wait(3_600);
    let asked = json!({ "OrderNumberList": { "OrderNumber": [number] } });
    let order = seller.orders(asked)[0].clone();
    assert_eq!(word(&order["OrderStatus"]), "3");
    assert_ne!(word(&order["InvoiceNumber"]), "0");
    let shown = rows(&order, "PackageInfoList", "PackageInfo");
    assert_eq!(
        (
            shown[0]["TrackingNumber"].as_str(),
            word(&shown[0]["ShipDate"])
        ),
        (Some("1Z1"), "11/22/2026 07:10:00".to_owned(),)
    );
    assert_eq!(rows(&shown[0], "ItemInfoList", "ItemInfo").len(), 2);
}

#[test]
fn an_item_goes_whole_or_not_at_all_and_success_is_said_either_way() {
    let mut seller = selling();
    let number = seller.order(&[("A", 3), ("B", 1)]);
    let seen = ship(&mut seller, &number, vec![package("1Z1", &[("A", 2)])]);
    assert_eq!(seen.status, StatusCode::OK);
    assert_eq!(word(&seen.body["IsSuccess"]), "true");
    assert_eq!(counts(&seen), ["1", "0", "1"]);
    let packages = rows(&seen.body["Result"]["Shipment"], "PackageList", "Package");
    assert_eq!(word(&packages[0]["ProcessStatus"]), "false");
    assert!(word(&packages[0]["ProcessResult"]).contains("whole quantity"));
    assert_eq!(seller.held_order(&number).state, "Unshipped");
    // Its quantity may be in several packages of one call.
    let two = vec![package("1Z1", &[("A", 2)]), package("1Z2", &[("A", 1)])];
    assert_eq!(counts(&ship(&mut seller, &number, two)), ["2", "2", "0"]);
    assert_eq!(seller.held_order(&number).state, "Partially Shipped");
    let again = vec![package("1Z3", &[("A", 3)]), package("1Z4", &[("B", 1)])];
    let seen = ship(&mut seller, &number, again);
    assert_eq!(counts(&seen), ["2", "1", "1"]);
    assert_eq!(seller.held_order(&number).state, "Shipped");
}

#[test]
fn packages_of_one_item_fail_together() {
    let mut seller = selling();
    let number = seller.order(&[("A", 2), ("B", 1)]);
    let packages = vec![
        package("1Z1", &[("A", 1)]),
        package("1Z2", &[("A", 1), ("X", 1)]),
    ];
    assert_eq!(
        counts(&ship(&mut seller, &number, packages)),
        ["2", "0", "2"]
    );
    assert!(seller.held_order(&number).shipments.is_empty());
}

#[test]
fn what_cannot_be_shipped_is_refused_with_a_code() {
    let mut seller = selling();
    let all = || vec![package("1Z1", &[("A", 1)])];
    assert_eq!(ship(&mut seller, "12", all()).code(), "SO002");
    assert_eq!(ship(&mut seller, "123456789", all()).code(), "SO003");
    let number = seller.order(&[("A", 1)]);
    let other = ship_body(&seller, "123456789", all());
    assert_eq!(put_status(&mut seller, &number, other).code(), "SO040");
    assert_eq!(
        put_status(&mut seller, &number, json!({ "Action": "2" })).code(),
        "SO030"
    );
    assert_eq!(
        put_status(&mut seller, &number, json!({ "Action": "3" })).code(),
        "SO030"
    );
    assert_eq!(ship(&mut seller, &number, vec![]).code(), "SO020");
    for name in ["TrackingNumber", "ShipCarrier", "ShipService", "ItemList"] {
        let mut one = package("1Z1", &[("A", 1)]);
        one[name] = Value::Null;
        assert_eq!(
            ship(&mut seller, &number, vec![one]).code(),
            "SO020",
            "{name}"
        );
    }
    seller.fault("not_in_portal", 1);
    assert_eq!(ship(&mut seller, &number, all()).code(), "SO016");
    assert_eq!(ship(&mut seller, &number, all()).status, StatusCode::OK);
    assert_eq!(ship(&mut seller, &number, all()).code(), "SO025");
    let voided = seller.order(&[("A", 1)]);
    cancel(&mut seller, &voided, "24");
    assert_eq!(ship(&mut seller, &voided, all()).code(), "SO011");
}

#[test]
fn an_unshipped_order_is_cancelled_for_a_reason() {
    let mut seller = selling();
    let number = seller.order(&[("A", 1)]);
    assert_eq!(cancel(&mut seller, &number, "99").code(), "SO017");
    let seen = cancel(&mut seller, &number, "72");
    assert_eq!(seen.body["Result"]["OrderStatus"], "Void");
    assert_eq!(seller.held_order(&number).state, "Voided");
    assert_eq!(cancel(&mut seller, &number, "72").code(), "SO008");
    let shipped = seller.order(&[("A", 1)]);
    ship(&mut seller, &shipped, vec![package("1Z1", &[("A", 1)])]);
    assert_eq!(cancel(&mut seller, &shipped, "74").code(), "SO006");
    let calls = seller.held().calls;
    assert_eq!((calls["cancelOrder"], calls["shipOrder"]), (4, 1));
    assert_eq!(seller.listing("A").quantity, 48);
}

#[test]
fn lines_are_removed_whole() {
    let mut seller = selling();
    let number = seller.order(&[("A", 2), ("B", 1)]);
    assert_eq!(kill(&mut seller, &number, &["X"]).code(), "SO050");
    assert_eq!(kill(&mut seller, &number, &["A", "A"]).code(), "SO055");
    let seen = kill(&mut seller, &number, &["A"]);
    assert_eq!(seen.status, StatusCode::OK, "{}", seen.text);
    let orders = &seen.inner()["Orders"];
    assert_eq!(word(&orders["OrderNumber"]), number);
    let removed = rows(&orders["Result"], "ItemList", "Item");
    assert_eq!(removed, [json!({ "SellerPartNumber": "A" })]);
    assert_eq!(seen.inner()["RequestDate"], "2026-11-22 07:10:00");
    assert_eq!(kill(&mut seller, &number, &["A"]).code(), "SO051");
    ship(&mut seller, &number, vec![package("1Z1", &[("B", 1)])]);
    assert_eq!(seller.held_order(&number).state, "Shipped");
    let late = kill(&mut seller, &number, &["B"]);
    assert_eq!(word(&late.body["IsSuccess"]), "false");
    assert!(word(&late.body["Memo"]).contains("shipped already"));
    let all = seller.order(&[("A", 1)]);
    kill(&mut seller, &all, &["A"]);
    assert_eq!(seller.held_order(&all).state, "Voided");
}

/// Waits for an order that fits a filter and is not in the list yet.
fn awaited(seller: &mut Seller, criteria: &Value) -> Value {
    for _ in 0..600 {
        seller.wait(60);
        if let Some(order) = seller.orders(criteria.clone()).into_iter().next() {
            return order;
        }
    }
    panic!("no order came that fits {criteria}");
}

#[test]
fn orders_that_newegg_ships_are_not_the_sellers_to_ship() {
    let mut seller = Seller::with(Platform::Us, settings(9, 40));
    seller.publish(&[("A", "5.00", 9_000)]);
    let order = awaited(&mut seller, &json!({ "Status": "0", "Type": "1" }));
    let number = word(&order["OrderNumber"]);
    assert_eq!(
        ship(&mut seller, &number, vec![package("1Z", &[("A", 1)])]).code(),
        "SO012"
    );
    assert_eq!(kill(&mut seller, &number, &["A"]).code(), "SO005");
    let seen = cancel(&mut seller, &number, "72");
    assert_eq!(seen.body["Result"]["OrderStatus"], "Processing");
    let result = format!("ordermgmt/sbnorder/cancellationresult/{number}");
    assert_eq!(seller.get(&result).inner()["RequestStatus"], "Processing");
    seller.wait(600);
    assert_eq!(seller.get(&result).inner()["RequestStatus"], "Void");
    assert_eq!(seller.held_order(&number).state, "Voided");
}

#[test]
fn an_order_that_waits_for_its_payment_is_not_to_be_shipped() {
    let mut seller = Seller::with(Platform::Us, settings(9, 40));
    seller.publish(&[("A", "5.00", 9_000), ("B", "6.00", 9_000)]);
    let (number, lines) = loop {
        let order = awaited(&mut seller, &json!({ "Status": "5" }));
        let lines = rows(&order, "ItemInfoList", "ItemInfo");
        if lines.len() == 2 {
            break (word(&order["OrderNumber"]), lines);
        }
    };
    let units = |line: &Value| word(&line["OrderedQty"]).parse::<u32>().unwrap();
    let name = |line: &Value| word(&line["SellerPartNumber"]);
    let all = vec![package("1Z", &[(&name(&lines[0]), units(&lines[0]))])];
    assert_eq!(ship(&mut seller, &number, all).code(), "SO011");
    kill(&mut seller, &number, &[&name(&lines[0])]);
    assert_eq!(seller.held_order(&number).state, "Payment Pending");
    let seen = cancel(&mut seller, &number, "72");
    assert_eq!(seller.held_order(&number).state, "Voided", "{}", seen.text);
}

#[test]
fn some_orders_are_not_in_the_portal_at_first() {
    let mut seller = Seller::with(Platform::Us, settings(9, 40));
    seller.publish(&[("A", "5.00", 9_000)]);
    seller.wait(600);
    let open = seller.orders(json!({ "Status": "0", "Type": "2" }));
    let mut late = Vec::new();
    for order in &open {
        let number = word(&order["OrderNumber"]);
        let lines = rows(order, "ItemInfoList", "ItemInfo");
        let units: u32 = word(&lines[0]["OrderedQty"]).parse().unwrap();
        let seen = ship(&mut seller, &number, vec![package("1Z", &[("A", units)])]);
        if seen.code() == "SO016" {
            late.push((number, units));
        } else {
            assert_eq!(counts(&seen), ["1", "1", "0"]);
        }
    }
    assert!(
        !late.is_empty() && late.len() * 4 < open.len(),
        "{} of {}",
        late.len(),
        open.len()
    );
    seller.wait(7_200);
    for (number, units) in late {
        let seen = ship(&mut seller, &number, vec![package("1Z", &[("A", units)])]);
        assert_eq!(counts(&seen), ["1", "1", "0"], "{}", seen.text);
    }
}

#[test]
fn a_feed_of_notices_ships_too() {
    let mut seller = selling();
    let number = seller.order(&[("A", 2)]);
    let notice = |number: &str, units: u32| {
        json!({ "OrderNumber": number, "ActualShippingCarrier": "UPS",
            "ActualShippingMethod": "Ground", "TrackingNumber": format!("1Z{units}"),
            "ItemInformation": { "Item": [
                { "SellerPartNumber": "A", "NeweggItemNumber": "",
                    "ShippedQuantity": units.to_string() },
            ] } })
    };
    let feed = |packages: Vec<Value>| {
        envelope(
            "1.0",
            "ShipNotice",
            json!({ "ShipNotice": { "Package": packages } }),
        )
    };
    let notices = feed(vec![notice(&number, 2), notice("123456789", 1)]);
    let report = seller.feed_done("ORDER_SHIP_NOTICE_DATA", notices);
    assert_eq!(word(&report["ProcessingSummary"]["SuccessCount"]), "1");
    let failed = match &report["Result"] {
        Value::Array(results) => results[0].clone(),
        one => one.clone(),
    };
    assert_eq!(failed["AdditionalInfo"]["OrderNumber"], "123456789");
    assert_eq!(failed["AdditionalInfo"]["TrackingNumber"], "1Z1");
    assert_eq!(seller.held_order(&number).state, "Shipped");
}
