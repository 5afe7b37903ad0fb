//! Orders as they are read (newegg.md §6.1), and what chance does to them.

use std::collections::BTreeSet;

use barrow_practice::newegg::Platform;
use barrow_practice::{Marketplace, OrderRequestLine, PlaceOrderError};
use http::StatusCode;
use serde_json::{Value, json};

use crate::{Seller, cents, rows, settings, word};

fn one(number: &str) -> Value {
    json!({ "OrderNumberList": { "OrderNumber": [number] } })
}

fn numbers(orders: &[Value]) -> Vec<String> {
    orders
        .iter()
        .map(|order| word(&order["OrderNumber"]))
        .collect()
}

#[test]
fn a_sale_is_an_unshipped_order_and_lowers_the_quantity() {
    let mut seller = Seller::new();
    seller.publish(&[("A", "19.99", 5), ("B", "3.50", 4)]);
    let number = seller.order(&[("A", 2), ("B", 1), ("A", 1)]);
    assert_eq!(
        (seller.listing("A").quantity, seller.listing("B").quantity),
        (2, 3)
    );
    let found = seller.orders(json!({ "Status": "0" }));
    assert_eq!(numbers(&found), [number]);
    let order = &found[0];
    assert_eq!(word(&order["OrderStatus"]), "0");
    assert_eq!(order["OrderStatusDescription"], "Unshipped");
    assert_eq!(word(&order["InvoiceNumber"]), "0");
    assert_eq!(order["ShipToCountryCode"], "UNITED STATES");
    let email = word(&order["CustomerEmailAddress"]);
    assert!(email.ends_with("@marketplace.newegg.com"));
    let lines = rows(order, "ItemInfoList", "ItemInfo");
    let of = |name: &str| {
        lines
            .iter()
            .find(|line| line["SellerPartNumber"] == name)
            .unwrap()
    };
    assert_eq!(lines.len(), 2);
    assert_eq!(word(&of("A")["OrderedQty"]), "3");
    assert_eq!(cents(&of("A")["UnitPrice"]), 1999);
    assert_eq!(cents(&of("A")["ExtendUnitPrice"]), 5997);
    assert_eq!(word(&of("B")["Status"]), "1");
    let sum = |name: &str| cents(&order[name]);
    assert_eq!(sum("OrderItemAmount"), 5997 + 350);
    let parts = sum("OrderItemAmount") + sum("ShippingAmount") + sum("SalesTax");
    assert_eq!(sum("OrderTotalAmount"), parts - sum("DiscountAmount"));
    assert!(rows(order, "PackageInfoList", "PackageInfo").is_empty());
}

#[test]
fn orders_are_placed_only_on_what_is_for_sale() {
    let mut seller = Seller::new();
    seller.publish(&[("A", "19.99", 5)]);
    let place = |seller: &mut Seller, sku: &str, quantity: u32| {
        let line = OrderRequestLine {
            sku: sku.to_owned(),
            quantity,
        };
        seller.market.place_order(&[line], seller.now)
    };
    assert_eq!(
        place(&mut seller, "B", 1),
        Err(PlaceOrderError::NotForSale("B".to_owned()))
    );
    assert!(matches!(
        place(&mut seller, "A", 6),
        Err(PlaceOrderError::TooFew { available: 5, .. })
    ));
    assert_eq!(place(&mut seller, "A", 0), Err(PlaceOrderError::Empty));
    assert!(place(&mut seller, "A", 5).is_ok());
    assert_eq!(seller.listing("A").state, "out_of_stock");
}

#[test]
fn without_numbers_a_status_must_be_named() {
    let mut seller = Seller::new();
    let check = |seller: &mut Seller, criteria: Value, status: StatusCode| {
        let seen = seller.orderinfo(315, criteria.clone());
        assert_eq!(seen.status, status, "{criteria} {}", seen.text);
    };
    check(
        &mut seller,
        json!({ "OrderDateFrom": "2026-11-01" }),
        StatusCode::BAD_REQUEST,
    );
    check(
        &mut seller,
        json!({ "Status": "6" }),
        StatusCode::BAD_REQUEST,
    );
    check(&mut seller, json!({ "Status": "0" }), StatusCode::OK);
    check(&mut seller, json!({ "Status": 4 }), StatusCode::OK);
    check(
        &mut seller,
        json!({ "Status": "0", "Type": "9" }),
        StatusCode::BAD_REQUEST,
    );
    let iso = json!({ "Status": "0", "OrderDateFrom": "2026-11-01T00:00:00" });
    check(&mut seller, iso, StatusCode::BAD_REQUEST);
    let empty = seller.orderinfo(315, json!({ "Status": "0" }));
    assert_eq!(word(&empty.inner()["PageInfo"]["TotalCount"]), "0");
    assert!(rows(empty.inner(), "OrderInfoList", "OrderInfo").is_empty());
}

#[test]
fn the_date_filter_is_pacific() {
    let mut seller = Seller::new();
    seller.publish(&[("A", "5.00", 9)]);
    let number = seller.order(&[("A", 1)]);
    // 08:00 UTC plus review and feed.
    let order = seller.orders(one(&number))[0].clone();
    assert_eq!(order["OrderDate"], "11/22/2026 7:10:00");
    let mut found = |from: &str, to: &str| {
        let asked = json!({ "Status": "0", "OrderDateFrom": from, "OrderDateTo": to });
        seller.orders(asked).len()
    };
    assert_eq!(found("2026-11-22 07:00:00", "2026-11-22 08:00:00"), 1);
    assert_eq!(found("2026-11-22 07:10:01", "2026-11-23"), 0);
    assert_eq!(found("2026-11-22", "2026-11-23"), 1);
    assert_eq!(found("2026-11-22 15:00:00", "2026-11-22 16:00:00"), 0);
}

#[test]
fn in_summer_the_dates_are_seven_hours_behind() {
    let mut seller = Seller::new();
    seller.now.wall = crate::at("2026-05-01T03:00:00Z");
    seller.publish(&[("A", "5.00", 9)]);
    let number = seller.order(&[("A", 1)]);
    let order = seller.orders(one(&number))[0].clone();
    assert_eq!(order["OrderDate"], "5/1/2026 3:10:00");
    assert_eq!(order["AutoVoidTime"], "2026-05-08T03:10:00");
    assert_eq!(order["OnTimeShipDueDate"], "05/03/2026 03:10:00");
}

#[test]
fn pages_and_lists_of_numbers_are_at_most_a_hundred() {
    let mut seller = Seller::new();
    seller.publish(&[("A", "5.00", 400)]);
    let placed: Vec<String> = (0..150).map(|_| seller.order(&[("A", 1)])).collect();
    let page = |seller: &mut Seller, index: u32, size: u32, criteria: Value| {
        let body = json!({
            "OperationType": "GetOrderInfoRequest",
            "RequestBody": { "PageIndex": index.to_string(), "PageSize": size.to_string(),
                "RequestCriteria": criteria },
        });
        seller.put("ordermgmt/order/orderinfo?version=315", body)
    };
    let open = || json!({ "Status": "0" });
    let mut seen = BTreeSet::new();
    for (index, count) in [(1, 60), (2, 60), (3, 30), (4, 0)] {
        let answer = page(&mut seller, index, 60, open());
        let info = &answer.inner()["PageInfo"];
        assert_eq!(
            (word(&info["TotalCount"]), word(&info["TotalPageCount"])),
            ("150".to_owned(), "3".to_owned(),)
        );
        let orders = rows(answer.inner(), "OrderInfoList", "OrderInfo");
        assert_eq!(orders.len(), count);
        seen.extend(numbers(&orders));
    }
    assert_eq!(seen, placed.iter().cloned().collect());
    assert_eq!(
        page(&mut seller, 1, 101, open()).status,
        StatusCode::BAD_REQUEST
    );
    assert_eq!(
        page(&mut seller, 0, 100, open()).status,
        StatusCode::BAD_REQUEST
    );
    // Both forms of a list are read, and every other criterion is left aside.
    let nested = json!({ "OrderNumberList": { "OrderNumber": placed[0] }, "Status": "4" });
    assert_eq!(seller.orders(nested).len(), 1);
    assert_eq!(
        seller
            .orders(json!({ "OrderNumberList": placed[..2] }))
            .len(),
        2
    );
    let many = json!({ "OrderNumberList": { "OrderNumber": placed[..101] } });
    assert_eq!(seller.orderinfo(315, many).status, StatusCode::BAD_REQUEST);
    assert!(seller.orders(one("999")).is_empty());
}

#[test]
fn newer_versions_have_more_fields() {
    let mut seller = Seller::new();
    seller.publish(&[("A", "5.00", 9)]);
    let number = seller.order(&[("A", 1)]);
    let mut has = |version: u32| {
        let seen = seller.orderinfo(version, one(&number));
        assert_eq!(seen.status, StatusCode::OK, "{version}");
        let order = rows(seen.inner(), "OrderInfoList", "OrderInfo")[0].clone();
        [
            "OnTimeShipDueDate",
            "CurrencyCode",
            "AutoVoidTime",
            "SignatureRequired",
        ]
        .map(|name| order.get(name).is_some())
    };
    assert_eq!(has(304), [false, false, false, false]);
    assert_eq!(has(311), [true, false, false, false]);
    assert_eq!(has(313), [true, true, true, false]);
    assert_eq!(has(315), [true, true, true, true]);
    for version in [303, 308, 316] {
        let seen = seller.orderinfo(version, one(&number));
        assert_eq!(seen.status, StatusCode::BAD_REQUEST, "{version}");
    }
    assert_eq!(
        seller.orderinfo(311, json!({ "Status": "5" })).status,
        StatusCode::BAD_REQUEST
    );
    assert_eq!(
        seller.orderinfo(312, json!({ "Status": "5" })).status,
        StatusCode::OK
    );
    seller.fault("version_refused", 1);
    assert_eq!(
        seller.orderinfo(315, one(&number)).status,
        StatusCode::BAD_REQUEST
    );
    seller.fault("version_refused", 1);
    assert_eq!(seller.orderinfo(304, one(&number)).status, StatusCode::OK);
    let mut canada = Seller::on(Platform::Can);
    assert_eq!(
        canada.orderinfo(313, one("123456789")).status,
        StatusCode::BAD_REQUEST
    );
    assert_eq!(
        canada.orderinfo(312, one("123456789")).status,
        StatusCode::OK
    );
}

#[test]
fn in_canada_addresses_taxes_and_currency_are_canadian() {
    let mut seller = Seller::on(Platform::Can);
    seller.publish(&[("A", "50.00", 9)]);
    let number = seller.order(&[("A", 2)]);
    let order = seller.orders(one(&number))[0].clone();
    assert_eq!(order["ShipToCountryCode"], "CANADA");
    assert_eq!(order["CurrencyCode"], "CAD");
    assert_eq!(word(&order["ShipToZipCode"]).len(), 7);
    let tax = cents(&order["GSTorHSTAmount"]) + cents(&order["PSTorQSTAmount"]);
    let lines = rows(&order, "ItemInfoList", "ItemInfo");
    assert_eq!(cents(&lines[0]["ExtendSalesTax"]), tax);
    assert!(lines[0].get("UnitShippingCharge").is_some());
}

/// Orders that came by themselves over many hours, as the last version tells of them.
fn came(seller: &mut Seller, hours: u64) -> Vec<Value> {
    for _ in 0..hours {
        seller.wait(3_600);
    }
    let mut all = Vec::new();
    for status in 0..=5 {
        for page in 1..=9 {
            let body = json!({
                "OperationType": "GetOrderInfoRequest",
                "RequestBody": { "PageIndex": page, "PageSize": 100,
                    "RequestCriteria": { "Status": status } },
            });
            let seen = seller.put("ordermgmt/order/orderinfo?version=315", body);
            all.extend(rows(seen.inner(), "OrderInfoList", "OrderInfo"));
        }
    }
    all
}

#[test]
fn orders_that_come_by_themselves_are_of_every_kind() {
    let mut seller = Seller::with(Platform::Us, settings(5, 40));
    seller.publish(&[("A", "5.00", 9_000), ("B", "7.00", 9_000)]);
    let orders = came(&mut seller, 6);
    assert!(orders.len() > 300, "{}", orders.len());
    let with = |name: &str, value: &str| {
        orders
            .iter()
            .filter(|order| word(&order[name]) == value)
            .count()
    };
    assert!((8..80).contains(&with("FulfillmentOption", "1")));
    assert!((2..40).contains(&with("SalesChannel", "1")));
    assert!(with("OrderStatus", "5") > 0);
    let asked_to_cancel = orders.iter().filter(|order| {
        let lines = rows(order, "ItemInfoList", "ItemInfo");
        lines
            .iter()
            .any(|line| word(&line["BuyerRequestedCancel"]) == "true")
    });
    assert!((8..60).contains(&asked_to_cancel.count()));
    let multichannel = seller.orders(json!({ "Status": "0", "Type": "3" }));
    assert!(
        multichannel
            .iter()
            .all(|order| word(&order["SalesChannel"]) == "1")
    );
    let own = seller.orders(json!({ "Status": "0", "Type": "2" }));
    assert!(
        own.iter()
            .all(|order| word(&order["FulfillmentOption"]) == "0")
    );
    // Newegg ships its own within hours; the seller's stock is left alone by them.
    let held = seller.held();
    let own_units: u32 = held
        .orders
        .iter()
        .filter(|held| {
            let own = |order: &&Value| word(&order["OrderNumber"]) == held.order_id;
            let order = orders.iter().find(own).unwrap();
            word(&order["FulfillmentOption"]) == "0"
        })
        .flat_map(|held| &held.lines)
        .map(|line| line.quantity)
        .sum();
    let left: u32 = held.listings.iter().map(|listing| listing.quantity).sum();
    assert_eq!(left + own_units, 18_000);
    assert!(orders.iter().any(|order| {
        word(&order["FulfillmentOption"]) == "1" && word(&order["OrderStatus"]) == "3"
    }));
}

#[test]
fn a_pending_payment_ends_within_half_an_hour() {
    let mut seller = Seller::with(Platform::Us, settings(5, 40));
    seller.publish(&[("A", "5.00", 9_000)]);
    let pending = loop {
        seller.wait(60);
        let found = seller.orders(json!({ "Status": "5" }));
        if let Some(order) = found.first() {
            break word(&order["OrderNumber"]);
        }
    };
    // Older versions do not tell of it at all.
    let older = seller.orderinfo(304, one(&pending));
    assert!(rows(older.inner(), "OrderInfoList", "OrderInfo").is_empty());
    seller.wait(1_800);
    assert_ne!(word(&seller.orders(one(&pending))[0]["OrderStatus"]), "5");
}

#[test]
fn nobody_buys_before_something_is_for_sale() {
    let mut seller = Seller::with(Platform::Us, settings(5, 40));
    seller.wait(7_200);
    assert!(seller.held().orders.is_empty());
    seller.publish(&[("A", "5.00", 50)]);
    assert!(!seller.held().orders.is_empty());
}

#[test]
fn what_nobody_ships_is_voided_after_seven_days() {
    let mut seller = Seller::new();
    seller.publish(&[("A", "5.00", 9)]);
    let number = seller.order(&[("A", 1)]);
    let day = 24 * 3_600;
    seller.wait(5 * day + 60);
    let soon = |seller: &mut Seller, hours: &str| {
        seller
            .orders(json!({ "Status": "0", "VoidSoon": hours }))
            .len()
    };
    assert_eq!((soon(&mut seller, "24"), soon(&mut seller, "48")), (0, 1));
    seller.wait(2 * day - 120);
    assert_eq!(seller.held_order(&number).state, "Unshipped");
    seller.wait(60);
    let order = seller.orders(one(&number))[0].clone();
    assert_eq!(
        (word(&order["OrderStatus"]), word(&order["IsAutoVoid"])),
        ("4".to_owned(), "true".to_owned(),)
    );
    assert_eq!(
        word(&rows(&order, "ItemInfoList", "ItemInfo")[0]["Status"]),
        "3"
    );
    // What was sold is not put back on sale by itself.
    assert_eq!(seller.listing("A").quantity, 8);
}

#[test]
fn confirming_is_a_flag_for_the_filter() {
    let mut seller = Seller::new();
    seller.publish(&[("A", "5.00", 9)]);
    let first = seller.order(&[("A", 1)]);
    let second = seller.order(&[("A", 1)]);
    let body = json!({
        "OperationType": "OrderConfirmationRequest",
        "RequestBody": { "DownloadedOrderList": { "OrderNumber": [first, "999999999"] } },
    });
    let seen = seller.post("ordermgmt/orderstatus/orders/confirmation", body);
    assert_eq!(
        rows(seen.inner(), "DownloadedOrderList", "OrderNumber").len(),
        1
    );
    let new = seller.orders(json!({ "Status": "0", "OrderDownloaded": "1" }));
    assert_eq!(numbers(&new), [second]);
    assert_eq!(
        seller
            .orders(json!({ "Status": "0", "OrderDownloaded": "0" }))
            .len(),
        2
    );
    let status = seller.get(&format!("ordermgmt/orderstatus/orders/{first}?version=304"));
    assert_eq!(word(&status.body["OrderDownloaded"]), "true");
    assert_eq!(word(&status.body["OrderStatusCode"]), "0");
    assert_eq!(seller.held().calls["confirmOrders"], 1);
}
