//! Orders as the model has them.

use barrow_model::{Currency, FulfilledBy, Money, OrderState, PaymentState, TaxCollector};

use super::{is_ship_plus, read_record};
use crate::config::site_of;

const FULL: &str = r#"{
    "orderId":"111-1111111-1111111","createdTime":"2026-11-20T10:00:00.000Z",
    "lastUpdatedTime":"2026-11-21T10:00:00.000Z","programs":["PRIME","SOMETHING_NEW"],
    "orderAliases":[],"salesChannel":{"channelName":"AMAZON","marketplaceId":"A2EUQ1WTGCTBG2"},
    "associatedOrders":[{"orderId":"111-0","associationType":"REPLACEMENT_ORIGINAL_ID"}],
    "buyer":{"buyerName":"Ann Buyer","buyerEmail":"x@marketplace.example"},
    "recipient":{"deliveryAddress":{"name":"Ann Buyer","addressLine1":"1 Road","city":"Bend",
    "stateOrRegion":"OR","postalCode":"97701","countryCode":"US","phone":"555"},
    "deliveryPreference":{"addressInstruction":"ring twice"}},
    "proceeds":{"grandTotal":{"amount":"47.50","currencyCode":"USD"},"breakdowns":[
    {"type":"DELIVERY_TIP","status":"PENDING","subtotal":{"amount":"1.00","currencyCode":"USD"}}]},
    "tax":{"taxRegistrations":[{"entityType":"BUYER","taxRegistrationNumber":"T-1"}]},
    "fulfillment":{"fulfillmentStatus":"PARTIALLY_SHIPPED","fulfilledBy":"MERCHANT",
    "fulfillmentServiceLevel":"EXPEDITED","shipByWindow":{"earliestDateTime":"",
    "latestDateTime":"2026-11-23T10:00:00Z"},
    "deliverByWindow":{"latestDateTime":"2026-11-27T10:00:00Z"}},
    "packages":[{"packageReferenceId":"1","carrier":"UPS","trackingNumber":"1Z9",
    "shippingService":"Ground","shipTime":"2026-11-21T09:00:00Z",
    "packageStatus":{"status":"DELIVERED"},"packageItems":[{"orderItemId":"81","quantity":1}]},
    {"packageReferenceId":"2","packageStatus":{"status":"PENDING"},
    "packageItems":[{"orderItemId":"81","quantity":1}]}],
    "orderItems":[{"orderItemId":"81","quantityOrdered":2,"product":{"asin":"B000000001",
    "title":"Oak chair","sellerSku":"A1","price":{"unitPrice":{"amount":"20.00",
    "currencyCode":"USD"}}},"proceeds":{"breakdowns":[
    {"type":"ITEM","subtotal":{"amount":"40.00","currencyCode":"USD"}},
    {"type":"SHIPPING","subtotal":{"amount":"5.00","currencyCode":"USD"}},
    {"type":"DISCOUNT","subtotal":{"amount":"-2.00","currencyCode":"USD"}},
    {"type":"TAX","detailedBreakdowns":[{"subtype":"ITEM",
    "value":{"amount":"3.00","currencyCode":"USD"}},{"subtype":"SHIPPING",
    "value":{"amount":"0.50","currencyCode":"USD"}}]}]},
    "cancellation":{"cancellationRequest":{"requester":"BUYER","cancelReason":"late"}},
    "fulfillment":{"quantityFulfilled":1,"quantityUnfulfilled":1},
    "tax":{"taxCollections":[{"model":"MARKETPLACE_FACILITATOR",
    "responsibleParty":"Amazon Services, Inc."}]}}]}"#;

fn read(json: &str) -> barrow_model::Order {
    let site = site_of("ATVPDKIKX0DER").expect("a site");
    read_record(json, site).expect("an order").order
}

fn usd(minor: i64) -> Option<Money> {
    Some(Money::new(minor, Currency::USD))
}

#[test]
fn everything_that_is_told_is_read() {
    let order = read(FULL);
    assert_eq!(order.site.0, "A2EUQ1WTGCTBG2");
    assert_eq!(order.state(), OrderState::PartlyShipped);
    assert_eq!(order.payment_state, PaymentState::Paid);
    assert_eq!(order.shipping_service.as_deref(), Some("EXPEDITED, PRIME"));
    assert_eq!(order.replaces.as_deref(), Some("111-0"));
    assert!(order.cancel_requested);
    assert_eq!(order.buyer_note.as_deref(), Some("ring twice"));
    let buyer = order.buyer.as_ref().expect("a buyer");
    assert_eq!(buyer.tax_id.as_deref(), Some("T-1"));
    let address = order.ship_to.as_ref().expect("an address");
    assert_eq!(address.region.as_deref(), Some("OR"));
    let line = &order.lines[0];
    assert_eq!((line.quantity, line.quantity_shipped), (2, 1));
    assert_eq!((line.unit_price, line.discount), (usd(2000), usd(200)));
    assert!(line.delivered);
    assert_eq!(order.amounts.tax_by_marketplace, usd(350));
    assert_eq!(order.amounts.tax, None);
    assert_eq!(order.amounts.other, usd(100));
    assert_eq!((order.total, order.amounts.total), (usd(4750), usd(4750)));
    assert_eq!(order.taxes[0].collected_by, TaxCollector::Marketplace);
    assert_eq!(order.shipments.len(), 1, "what waits has not left");
    assert_eq!(order.shipments[0].tracking.as_deref(), Some("1Z9"));
    assert!(!format!("{order:?}").contains("Ann"));
}

#[test]
fn tax_within_prices_is_counted_once() {
    let json = FULL
        .replace(r#""amount":"47.50""#, r#""amount":"44.00""#)
        .replace(r#","taxCollections":"#, "")
        .replace("MARKETPLACE_FACILITATOR", "OTHER");
    let order = read(&json);
    assert_eq!(order.amounts.total, usd(4400));
    assert_eq!(order.amounts.tax, None);
    assert_eq!(order.taxes[0].amount, Money::new(350, Currency::USD));
    assert_eq!(order.taxes[0].collected_by, TaxCollector::Seller);
}

#[test]
fn a_pending_order_may_be_all_but_empty() {
    let order = read(
        r#"{"orderId":"1","createdTime":"2026-11-20T10:00:00Z","lastUpdatedTime":"",
        "salesChannel":{"channelName":"AMAZON"},
        "fulfillment":{"fulfillmentStatus":"PENDING","fulfilledBy":"MERCHANT"},
        "orderItems":[{"orderItemId":"81","quantityOrdered":"2","product":{"sellerSku":"A1"}}]}"#,
    );
    assert_eq!(order.state(), OrderState::Pending);
    assert_eq!(order.payment_state, PaymentState::Pending);
    assert_eq!((order.total, order.updated_at), (None, None));
    assert_eq!(order.site.0, "ATVPDKIKX0DER");
    assert_eq!(order.lines[0].open(), 2);
}

#[test]
fn words_that_are_not_known_are_kept() {
    let order = read(&FULL.replace("PARTIALLY_SHIPPED", "BRAND_NEW_WORD"));
    assert_eq!(order.marketplace_state.as_deref(), Some("BRAND_NEW_WORD"));
    assert_eq!(order.payment_state, PaymentState::Unknown);
}

#[test]
fn goods_of_amazons_warehouses_are_amazons() {
    let order = read(&FULL.replace("MERCHANT\"", "AMAZON\""));
    assert_eq!(order.fulfilled_by, FulfilledBy::Marketplace);
}

#[test]
fn what_cannot_be_read_is_kept_whole_and_named() {
    let site = site_of("ATVPDKIKX0DER").expect("a site");
    let check = |json: &str, field: &str, id: Option<&str>| {
        let unread = read_record(json, site).expect_err("it cannot be read");
        assert_eq!(unread.1.field, field);
        assert_eq!(unread.0.order_id.as_deref(), id);
        assert_eq!(unread.0.body, json);
    };
    check(
        r#"{"orderId":"1","createdTime":"soon","orderItems":[]}"#,
        "createdTime",
        Some("1"),
    );
    check(
        r#"{"orderId":"1","createdTime":"2026-11-20T10:00:00Z"}"#,
        "orderItems",
        Some("1"),
    );
    check(
        r#"{"orderId":"2","orderItems":"oops"}"#,
        "order, column 34",
        Some("2"),
    );
}

#[test]
fn amazons_own_confirmed_shipping_is_seen_in_the_record() {
    let site = site_of("ATVPDKIKX0DER").expect("a site");
    let check = |json: &str, expected: bool| {
        let record = read_record(json, site).expect("an order").raw;
        assert_eq!(is_ship_plus(&record), expected);
    };
    check(FULL, false);
    check(&FULL.replace("SOMETHING_NEW", "FBM_SHIP_PLUS"), true);
}
