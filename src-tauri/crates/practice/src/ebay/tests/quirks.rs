//! What orders have and lack where it is asked for (ebay.md §8.2).

use rust_decimal::Decimal;
use serde_json::{Value, json};

use super::{Desk, ORDERS};
use crate::{Marketplace, OrderRequestLine};

/// The next order as `getOrders` and `getOrder` show it.
fn order_with(desk: &mut Desk, quirk: &str) -> [Value; 2] {
    desk.fault(quirk, 1);
    let id = desk.order("A-1", 2);
    desk.pass(60);
    let one = desk.get(&format!("{ORDERS}/{id}")).body;
    let list = desk.get(&format!("{ORDERS}?orderIds={id}")).body;
    [list["orders"][0].clone(), one]
}

fn desk() -> Desk {
    let mut desk = Desk::quiet();
    desk.live("A-1", 50, "10.00");
    desk
}

/// Says of both views what stands at a place.
fn check(quirk: &str, place: &str, expected: &Value) {
    for order in order_with(&mut desk(), quirk) {
        let found = order.pointer(place).cloned().unwrap_or(Value::Null);
        assert_eq!(&found, expected, "{quirk} at {place}: {order}");
    }
}

#[test]
fn each_quirk_is_there_when_it_is_asked_for() {
    check("order_without_sku", "/lineItems/0/sku", &Value::Null);
    check(
        "order_tax_without_type",
        "/lineItems/0/taxes/0",
        &json!({ "amount": { "value": "1.4", "currency": "USD" } }),
    );
    check(
        "order_converted",
        "/paymentSummary/totalDueSeller/convertedFromCurrency",
        &json!("USD"),
    );
    check(
        "order_of_another_site",
        "/lineItems/0/purchaseMarketplaceId",
        &json!("EBAY_CA"),
    );
    check(
        "order_of_another_site",
        "/lineItems/0/listingMarketplaceId",
        &json!("EBAY_US"),
    );
    check(
        "order_linked",
        "/lineItems/0/linkedOrderLineItems/0/sellerId",
        &json!("fitting-service"),
    );
    check(
        "order_by_ebay",
        "/fulfillmentStartInstructions/0/fulfillmentInstructionsType",
        &json!("FULFILLED_BY_EBAY"),
    );
    check(
        "order_by_ebay",
        "/program/fulfillmentProgram/fulfilledBy",
        &json!("EBAY"),
    );
    check(
        "order_gift",
        "/lineItems/0/giftDetails/message",
        &json!("Many happy returns!"),
    );
    check(
        "order_via_hub",
        "/fulfillmentStartInstructions/0/ebaySupportedFulfillment",
        &json!(true),
    );
    check(
        "order_bare",
        "/lineItems/0/title",
        &json!(" Headphones that fold"),
    );
    let to = "/fulfillmentStartInstructions/0/shippingStep";
    check(
        "order_anonymised",
        &format!("{to}/shipTo/fullName"),
        &Value::Null,
    );
    check(
        "order_bare",
        &format!("{to}/shippingCarrierCode"),
        &Value::Null,
    );
    let dates = "/lineItems/0/lineItemFulfillmentInstructions";
    check("order_bare", &format!("{dates}/shipByDate"), &Value::Null);
}

#[test]
fn a_quirk_is_of_one_order_and_stays_its_own() {
    let mut desk = desk();
    let [first, _] = order_with(&mut desk, "order_without_sku");
    desk.pass(60);
    let second = desk.order("A-1", 1);
    let second = desk.get(&format!("{ORDERS}/{second}")).body;
    assert_eq!(second["lineItems"][0]["sku"], "A-1");
    let id = first["orderId"].as_str().unwrap();
    let again = desk.get(&format!("{ORDERS}/{id}")).body;
    assert!(again["lineItems"][0].get("sku").is_none());
    assert_eq!(
        again["lineItems"][0]["legacyItemId"],
        first["lineItems"][0]["legacyItemId"]
    );
}

#[test]
fn the_sellers_own_tax_is_part_of_what_the_buyer_pays_him() {
    for order in order_with(&mut desk(), "order_tax_without_type") {
        let amount = |place: &str| -> Decimal {
            let text = order.pointer(place).and_then(Value::as_str);
            let text = text.unwrap_or_else(|| panic!("{place}: {order}"));
            text.parse().unwrap()
        };
        let parts = ["priceSubtotal", "deliveryCost", "tax"];
        let parts = parts.iter();
        let sum: Decimal = parts
            .map(|part| amount(&format!("/pricingSummary/{part}/value")))
            .sum();
        assert_eq!(sum, amount("/pricingSummary/total/value"));
        assert_eq!(sum, amount("/paymentSummary/totalDueSeller/value"));
    }
}

#[test]
fn an_anonymous_buyer_has_an_id_for_a_name() {
    for order in order_with(&mut desk(), "order_anonymised") {
        let name = order["buyer"]["username"].as_str().unwrap();
        assert!(name.bytes().all(|byte| byte.is_ascii_hexdigit()), "{name}");
        let text = order.to_string();
        for gone in ["fullName", "addressLine1", "phoneNumber", "email"] {
            assert!(!text.contains(&format!("\"{gone}\"")), "{gone}: {text}");
        }
        assert!(text.contains("\"postalCode\""));
    }
}

#[test]
fn several_lines_of_one_buyer_are_one_order() {
    let mut desk = desk();
    desk.live("A-2", 5, "5.00");
    let lines = ["A-1", "A-2"].map(|sku| OrderRequestLine {
        sku: sku.to_owned(),
        quantity: 1,
    });
    let now = desk.now;
    let id = desk.ebay.place_order(&lines, now).unwrap();
    let order = desk.get(&format!("{ORDERS}/{id}")).body;
    let lines = order["lineItems"].as_array().unwrap();
    let items = [0, 1].map(|at| lines[at]["legacyItemId"].clone());
    assert_eq!(lines.len(), 2);
    assert_ne!(items[0], items[1], "of two listings");
}
