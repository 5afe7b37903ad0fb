use barrow_model::{FulfilledBy, Money, Order, OrderState, PaymentState};
use serde_json::{Value, json};

use super::{raw_page, read_record};
use crate::config::Platform;

fn record() -> Value {
    const RECORD: &str = r#"{
        "SellerID": "A0xX", "OrderNumber": "159243598", "SellerOrderNumber": "",
        "InvoiceNumber": "0",
        "OrderDownloaded": "false", "OrderDate": "11/20/2026 17:05:09", "OrderStatus": "0",
        "OrderStatusDescription": "Unshipped", "CustomerName": "Ann Example",
        "CustomerPhoneNumber": "", "CustomerEmailAddress": "x1@marketplace.newegg.com",
        "ShipToAddress1": "1 Main St", "ShipToAddress2": null, "ShipToCityName": "Springfield",
        "ShipToStateCode": "CA", "ShipToZipCode": "01234", "ShipToCountryCode": "UNITED STATES",
        "ShipToFirstName": "Ann", "ShipToLastName": "Example", "ShipToCompany": "",
        "ShipService": "Standard Shipping (5-7 business days)",
        "OrderItemAmount": "39.80", "ShippingAmount": 4.99, "DiscountAmount": "-1.00",
        "RefundAmount": "0.00", "SalesTax": "3.20", "OrderTotalAmount": "46.99", "OrderQty": 2,
        "AutoVoidTime": "11/27/2026 17:05:09", "OnTimeShipDueDate": "2026-11-24T17:05:09",
        "SalesChannel": "0", "FulfillmentOption": "0", "CurrencyCode": "USD",
        "ItemInfoList": {"ItemInfo": [{
        "SellerPartNumber": "A1", "NeweggItemNumber": "9SIA1", "Description": "Chair",
        "OrderedQty": "2", "ShippedQty": "0", "UnitPrice": "19.90", "ExtendUnitPrice": "39.80",
        "ExtendShippingCharge": "4.99", "ExtendSalesTax": "3.20", "Status": "1"
        }]},
        "PackageInfoList": null
    }"#;
    serde_json::from_str(RECORD).expect("JSON")
}

fn read(change: impl Fn(&mut Value)) -> Order {
    read_on(Platform::Us, change)
}

fn read_on(platform: Platform, change: impl Fn(&mut Value)) -> Order {
    let mut value = record();
    change(&mut value);
    let read = read_record(&value.to_string(), platform);
    let read = read.map_err(|unread| unread.1).expect("an order");
    read.order.order
}

fn usd(minor: i64) -> Option<Money> {
    Some(Money::new(minor, Platform::Us.currency()))
}

#[test]
fn an_order_is_read_whole() {
    let order = read(|_| {});
    assert_eq!(order.order_id, "159243598");
    assert_eq!(order.site.0, "US");
    assert_eq!(order.placed_at.to_rfc3339(), "2026-11-21T01:05:09+00:00");
    let ship_by = order.ship_by.expect("a deadline").to_rfc3339();
    assert_eq!(ship_by, "2026-11-25T01:05:09+00:00");
    assert_eq!(order.state(), OrderState::ToShip);
    assert_eq!(order.payment_state, PaymentState::Paid);
    assert!(order.needs_acknowledgement);
    assert_eq!(order.total, usd(4699));
    assert_eq!(order.amounts.items, usd(3980));
    assert_eq!(order.amounts.shipping, usd(499));
    assert_eq!(order.amounts.discount, usd(100));
    assert_eq!(order.amounts.tax_by_marketplace, usd(320));
    assert_eq!(order.amounts.total, usd(4699));
    assert_eq!(order.amounts.refunded, None);
    let line = &order.lines[0];
    assert_eq!((line.line_id.as_str(), line.quantity), ("A1", 2));
    assert_eq!(line.listing_ref.as_deref(), Some("9SIA1"));
    assert_eq!((line.unit_price, line.subtotal), (usd(1990), usd(3980)));
    let to = order.ship_to.expect("it goes somewhere");
    assert_eq!(to.country.as_deref(), Some("US"));
    assert_eq!(to.postal_code.as_deref(), Some("01234"));
    assert_eq!((to.phone, to.company), (None, None));
    let buyer = order.buyer.expect("a buyer");
    assert_eq!(buyer.email.as_deref(), Some("x1@marketplace.newegg.com"));
}

#[test]
fn the_state_follows_order_and_lines() {
    let check = |order: &str, line: &str, shipped: &str, expected: OrderState| {
        let found = read(|value| {
            value["OrderStatus"] = order.into();
            value["ItemInfoList"]["ItemInfo"][0]["Status"] = line.into();
            value["ItemInfoList"]["ItemInfo"][0]["ShippedQty"] = shipped.into();
        });
        assert_eq!(found.state(), expected, "{order} {line} {shipped}");
    };
    check("0", "1", "0", OrderState::ToShip);
    check("5", "1", "0", OrderState::Pending);
    check("2", "2", "2", OrderState::Shipped);
    check("3", "2", "", OrderState::Shipped);
    // The line stays behind the order.
    check("3", "1", "0", OrderState::Shipped);
    check("4", "1", "0", OrderState::Cancelled);
    check("4", "3", "0", OrderState::Cancelled);
    check("0", "3", "0", OrderState::Cancelled);
}

#[test]
fn lines_and_packages_have_every_shape() {
    let two = json!({"SellerPartNumber": "B1", "OrderedQty": 1, "UnitPrice": 5, "Status": 3,
        "BuyerRequestedCancel": "true"});
    let order = read(|value| {
        let one = value["ItemInfoList"]["ItemInfo"][0].clone();
        value["ItemInfoList"] = json!([{"ItemInfo": one}, {"ItemInfo": two}]);
        value["OrderStatus"] = 1.into();
        value["PackageInfoList"] = json!({"PackageInfo": {
            "TrackingNumber": "1Z9", "ShipCarrier": "UPS", "ShipService": "Ground",
            "ShipDate": "11/21/2026 8:00:00", "SellerPartNumber": "A1", "ShippedQty": "2",
        }});
    });
    assert_eq!(order.lines.len(), 2);
    assert_eq!(order.lines[1].quantity_cancelled, 1);
    assert_eq!(order.lines[1].subtotal, usd(500));
    assert!(order.cancel_requested);
    let parcel = &order.shipments[0];
    assert_eq!(parcel.tracking.as_deref(), Some("1Z9"));
    assert_eq!(
        (parcel.lines[0].line_id.as_str(), parcel.lines[0].quantity),
        ("A1", 2)
    );
    // Two packages of one number are one parcel.
    let order = read(|value| {
        let item = json!({"ItemInfo": [{"SellerPartNumber": "A1", "ShippedQty": 1}]});
        let package = json!({"TrackingNumber": "1Z9", "ItemInfoList": item, "ShipCarrier": "UPS"});
        value["PackageInfoList"] = json!([package, package]);
    });
    assert_eq!(order.shipments.len(), 1);
    assert_eq!(order.shipments[0].lines.len(), 2);
}

#[test]
fn lines_of_one_part_number_become_one() {
    let order = read(|value| {
        let mut again = value["ItemInfoList"]["ItemInfo"][0].clone();
        again["OrderedQty"] = 1.into();
        again["ExtendUnitPrice"] = "18.00".into();
        again["UnitPrice"] = "18.00".into();
        let items = value["ItemInfoList"]["ItemInfo"].as_array_mut();
        items.expect("an array").push(again);
    });
    assert_eq!(order.lines.len(), 1);
    let line = &order.lines[0];
    assert_eq!((line.quantity, line.subtotal), (3, usd(5780)));
    assert_eq!(line.unit_price, None, "it is not one price");
}

#[test]
fn canada_has_its_currency_and_taxes() {
    let order = read_on(Platform::Canada, |value| {
        value["CurrencyCode"] = Value::Null;
        value["SalesTax"] = Value::Null;
        value["GSTorHSTAmount"] = "2.00".into();
        value["PSTorQSTAmount"] = "1.20".into();
        value["EHFAmount"] = "0.50".into();
        value["ShipToCountryCode"] = "CANADA".into();
    });
    let cad = |minor| Some(Money::new(minor, Platform::Canada.currency()));
    assert_eq!(order.site.0, "CAN");
    assert_eq!(order.amounts.tax, cad(320));
    assert_eq!(order.amounts.tax_by_marketplace, None);
    assert_eq!(order.amounts.other, cad(50));
    assert_eq!(order.taxes.len(), 2);
    let country = order.ship_to.and_then(|to| to.country);
    assert_eq!(country.as_deref(), Some("CA"));
}

#[test]
fn who_ships_and_what_was_given_back() {
    let order = read(|value| {
        value["FulfillmentOption"] = 1.into();
        value["RefundAmount"] = "-10.00".into();
        value["OnTimeShipDueDate"] = "".into();
        value["CustomerEmailAddress"] = "a***@example.com".into();
    });
    assert_eq!(order.fulfilled_by, FulfilledBy::Marketplace);
    assert!(!order.needs_acknowledgement);
    assert_eq!(order.amounts.refunded, usd(1000));
    assert_eq!(order.refunds[0].amount.minor, 1000);
    let void = order.ship_by.expect("the time of voiding").to_rfc3339();
    assert_eq!(void, "2026-11-28T01:05:09+00:00");
    assert_eq!(order.buyer.and_then(|buyer| buyer.email), None);
}

#[test]
fn what_cannot_be_read_names_its_field_and_never_its_value() {
    let check = |field: &str, value: Value, expected: &str| {
        let mut whole = record();
        whole[field] = value;
        let unread = read_record(&whole.to_string(), Platform::Us)
            .err()
            .expect("unread");
        assert_eq!(unread.1.field, expected);
        assert_eq!(
            unread.0.order_id.as_deref(),
            (field != "OrderNumber").then_some("159243598")
        );
        let shown = format!("{unread:?}");
        assert!(
            !shown.contains("Ann") && !shown.contains("garbage"),
            "{shown}"
        );
    };
    check("OrderNumber", Value::Null, "OrderNumber");
    check("OrderDate", "garbage".into(), "OrderDate");
    check("ItemInfoList", 7.into(), "SellerPartNumber");
    check("ItemInfoList", Value::Null, "ItemInfoList");
    check(
        "ItemInfoList",
        json!([{"SellerPartNumber": "A", "OrderedQty": "0"}]),
        "OrderedQty",
    );
    check("SalesTax", "garbage".into(), "SalesTax");
    check(
        "ShippingAmount",
        "99999999999999999999".into(),
        "ShippingAmount",
    );
    check("CurrencyCode", "garbage".into(), "CurrencyCode");
    for body in [
        "",
        "{}",
        "[]",
        "null",
        "7",
        "{\"OrderNumber\":",
        "<html></html>",
    ] {
        assert!(
            read_record(body, Platform::Us).is_err(),
            "{body:?} is no order"
        );
    }
}

#[test]
fn a_page_is_split_as_it_came() {
    let one = r#"{"OrderNumber":"1","A":19.90}"#;
    for list in [
        format!("[{one}]"),
        one.to_owned(),
        format!(r#"{{"OrderInfo":[{one}]}}"#),
        format!(r#"{{"OrderInfo":{one}}}"#),
        format!(r#"[{{"OrderInfo":{one}}}]"#),
    ] {
        for body in [
            format!(
                r#"{{"NeweggAPIResponse":{{"IsSuccess":"true","ResponseBody":{{"PageInfo":
                {{"TotalCount":"101","TotalPageCount":2}},"OrderInfoList":{list}}}}}}}"#
            ),
            format!(
                r#"{{"ResponseBody":{{"PageInfo":{{"TotalCount":101,"TotalPageCount":"2"}},
                "OrderInfoList":{list}}}}}"#
            ),
            format!(
                r#"{{"PageInfo":{{"TotalCount":101,"TotalPageCount":"2"}},"OrderInfoList":{list}}}"#
            ),
        ] {
            let page = raw_page(&body).expect(&body);
            assert_eq!(page.records.len(), 1, "{body}");
            assert_eq!(page.records[0].get(), one, "the record is whole");
            assert_eq!((page.total, page.pages), (Some(101), Some(2)), "{body}");
        }
    }
    let none = r#"{"ResponseBody":{"PageInfo":{"TotalCount":"0"}}}"#;
    assert!(raw_page(none).expect("a page").records.is_empty());
}
