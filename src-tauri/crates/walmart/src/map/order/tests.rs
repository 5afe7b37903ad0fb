//! Orders as Walmart writes them, quirk by quirk (walmart.md §7.2).

use barrow_model::{FulfilledBy, Order, OrderState, PaymentState};
use serde_json::{Value, json};

use super::read_record;

fn line() -> Value {
    json!({
        "lineNumber": "1",
        "item": {"productName": "Oak chair", "sku": "A1"},
        "charges": {"charge": [
            {"chargeType": "PRODUCT", "chargeName": "ItemPrice",
             "chargeAmount": {"currency": "USD", "amount": 34.9},
             "tax": {"taxName": "Tax1", "taxAmount": {"currency": "USD", "amount": 2.88}}},
            {"chargeType": "SHIPPING", "chargeName": "Shipping",
             "chargeAmount": {"currency": "USD", "amount": 5}, "tax": null}]},
        "orderLineQuantity": {"unitOfMeasurement": "EACH", "amount": "1"},
        "statusDate": 1_580_821_866_000_i64,
        "orderLineStatuses": {"orderLineStatus": [
            {"status": "Created", "statusQuantity": {"unitOfMeasurement": "EACH", "amount": "1"},
             "cancellationReason": null, "trackingInfo": null}]},
        "refund": null
    })
}

fn order() -> Value {
    json!({
        "purchaseOrderId": "15781",
        "customerOrderId": "57914",
        "customerEmailId": "4A5B@relay.walmart.com",
        "orderType": "REGULAR",
        "orderDate": 1_580_821_000_000_i64,
        "shippingInfo": {
            "phone": "5550100", "estimatedDeliveryDate": 1_581_000_000_000_i64,
            "estimatedShipDate": 1_580_900_000_000_i64, "methodCode": "Standard",
            "postalAddress": {"name": "Ann Lee", "address1": "1 Elm St", "address2": null,
                "city": "Reno", "state": "NV", "postalCode": "89501", "country": "USA"}},
        "orderLines": {"orderLine": [line()]},
        "shipNode": {"type": "SellerFulfilled", "name": "Main", "id": "1"}
    })
}

fn read(order: &Value) -> Order {
    let read = read_record(&order.to_string(), FulfilledBy::Seller);
    read.expect("an order that can be read").order
}

fn with(pointer: &str, value: Value) -> Value {
    let mut order = order();
    *order.pointer_mut(pointer).expect(pointer) = value;
    order
}

const STATUSES: &str = "/orderLines/orderLine/0/orderLineStatuses/orderLineStatus";

fn status(word: &str, amount: u32) -> Value {
    json!({"status": word, "statusQuantity": {"unitOfMeasurement": "EACH",
        "amount": amount.to_string()}})
}

#[test]
fn an_order_is_mapped_whole() {
    let order = read(&order());
    assert_eq!(order.order_id, "15781");
    assert_eq!(order.customer_order_id.as_deref(), Some("57914"));
    assert_eq!(order.placed_at.timestamp_millis(), 1_580_821_000_000);
    assert_eq!(order.ship_by.map(|at| at.timestamp()), Some(1_580_900_000));
    assert_eq!(order.payment_state, PaymentState::Paid);
    assert_eq!(order.state(), OrderState::ToShip);
    assert_eq!(order.marketplace_state.as_deref(), Some("Created"));
    assert!(order.needs_acknowledgement);
    assert_eq!(order.fulfilled_by, FulfilledBy::Seller);
    let text = |money: Option<barrow_model::Money>| money.map(|money| money.amount());
    assert_eq!(text(order.amounts.items).as_deref(), Some("34.90"));
    assert_eq!(text(order.amounts.shipping).as_deref(), Some("5.00"));
    assert_eq!(
        text(order.amounts.tax_by_marketplace).as_deref(),
        Some("2.88")
    );
    assert_eq!(order.amounts.tax, None);
    assert_eq!(text(order.amounts.total).as_deref(), Some("42.78"));
    assert_eq!(text(order.total).as_deref(), Some("42.78"));
    let ship_to = order.ship_to.expect("an address");
    assert_eq!(ship_to.country.as_deref(), Some("US"));
    assert_eq!(ship_to.line2, None);
    let line = &order.lines[0];
    assert_eq!(line.line_id, "1");
    assert_eq!(line.sku.as_ref().map(barrow_model::Sku::as_str), Some("A1"));
    assert_eq!(text(line.unit_price).as_deref(), Some("34.90"));
}

#[test]
fn statuses_count_per_quantity() {
    let check = |statuses: Value, expected: (u32, u32, u32), state: OrderState| {
        let mut order = with(STATUSES, statuses);
        order["orderLines"]["orderLine"][0]["orderLineQuantity"]["amount"] = json!("3");
        let order = read(&order);
        let line = &order.lines[0];
        let found = (
            line.quantity,
            line.quantity_shipped,
            line.quantity_cancelled,
        );
        assert_eq!(found, expected);
        assert_eq!(order.state(), state);
    };
    let mixed = json!([status("Shipped", 2), status("Cancelled", 1)]);
    check(mixed, (3, 2, 1), OrderState::Shipped);
    let open = json!([status("Shipped", 1), status("Acknowledged", 2)]);
    check(open, (3, 1, 0), OrderState::PartlyShipped);
    check(
        json!(status("Delivered", 3)),
        (3, 3, 0),
        OrderState::Delivered,
    );
    check(json!([status("Refund", 3)]), (3, 3, 0), OrderState::Shipped);
    check(
        json!([status("Cancelled", 3)]),
        (3, 0, 3),
        OrderState::Cancelled,
    );
    check(
        json!([status("SomethingNew", 3)]),
        (3, 0, 0),
        OrderState::ToShip,
    );
}

#[test]
fn a_lone_object_stands_for_an_array() {
    let mut order = with("/orderLines/orderLine", line());
    let charge = order["orderLines"]["orderLine"]["charges"]["charge"][0].clone();
    order["orderLines"]["orderLine"]["charges"]["charge"] = charge;
    let order = read(&order);
    assert_eq!(order.lines.len(), 1);
    assert_eq!(order.lines[0].shipping, None);
}

#[test]
fn a_subscription_discount_is_taken_off() {
    let mut order = order();
    let charges = order["orderLines"]["orderLine"][0]["charges"]["charge"].as_array_mut();
    charges
        .expect("charges")
        .push(json!({"chargeType": "PRODUCT",
        "chargeName": "SubscriptionDiscount",
        "chargeAmount": {"currency": "USD", "amount": -3.49}}));
    let order = read(&order);
    let amount = |money: Option<barrow_model::Money>| money.map(|money| money.minor);
    assert_eq!(amount(order.lines[0].subtotal), Some(3490));
    assert_eq!(amount(order.lines[0].discount), Some(349));
    assert_eq!(amount(order.amounts.total), Some(3490 + 500 + 288 - 349));
}

#[test]
fn who_ships_is_told_by_the_node_or_by_the_stream() {
    let check = |node: Value, stream: FulfilledBy, expected: FulfilledBy| {
        let body = with("/shipNode", node).to_string();
        let order = read_record(&body, stream).expect("an order").order;
        assert_eq!(order.fulfilled_by, expected);
        assert_eq!(order.needs_acknowledgement, expected == FulfilledBy::Seller);
    };
    let node = |kind: &str| json!({ "type": kind });
    check(
        node("WFSFulfilled"),
        FulfilledBy::Seller,
        FulfilledBy::Marketplace,
    );
    check(
        node("3PLFulfilled"),
        FulfilledBy::Seller,
        FulfilledBy::ThirdParty,
    );
    check(
        Value::Null,
        FulfilledBy::Marketplace,
        FulfilledBy::Marketplace,
    );
}

#[test]
fn the_buyer_may_ask_to_cancel() {
    let check = |intent: Value, expected: bool| {
        let mut order = order();
        order["orderLines"]["orderLine"][0]["intentToCancel"] = intent;
        assert_eq!(read(&order).cancel_requested, expected);
    };
    check(json!("CUSTOMER_REQUESTED"), true);
    check(json!(true), true);
    check(json!("false"), false);
    check(Value::Null, false);
}

#[test]
fn a_placeholder_is_no_address_of_a_buyer() {
    let order = read(&with("/customerEmailId", json!("nocxemail@walmartone.com")));
    assert_eq!(order.buyer.expect("a name").email, None);
}

#[test]
fn parcels_of_one_number_are_one_shipment() {
    let info = json!({"shipDateTime": 1_580_821_866_000_i64,
        "carrierName": {"otherCarrier": "Pony"},
        "methodCode": "Standard", "trackingNumber": "T1", "trackingURL": "https://t.example/T1"});
    let mut shipped = status("Shipped", 1);
    shipped["trackingInfo"] = info;
    let mut first = line();
    first["orderLineStatuses"]["orderLineStatus"] = json!([shipped]);
    let mut second = first.clone();
    second["lineNumber"] = json!(2);
    let order = read(&with("/orderLines/orderLine", json!([first, second])));
    assert_eq!(order.shipments.len(), 1);
    let parcel = &order.shipments[0];
    assert_eq!(parcel.carrier.as_deref(), Some("Pony"));
    let lines: Vec<&str> = parcel
        .lines
        .iter()
        .map(|line| line.line_id.as_str())
        .collect();
    assert_eq!(lines, ["1", "2"]);
}

#[test]
fn refunds_are_positive() {
    let mut order = order();
    order["orderLines"]["orderLine"][0]["refund"] = json!({"refundId": "R1", "refundCharges":
        {"refundCharge": [{"refundReason": "DamagedItem", "charge": {"chargeType": "PRODUCT",
        "chargeName": "Item Price", "chargeAmount": {"currency": "USD", "amount": -10.02},
        "tax": {"taxName": "T", "taxAmount": {"currency": "USD", "amount": -0.83}}}}]}});
    let order = read(&order);
    assert_eq!(order.refunds[0].id, "R1");
    assert_eq!(order.refunds[0].amount.minor, 1085);
    assert_eq!(order.amounts.refunded.map(|money| money.minor), Some(1085));
}

#[test]
fn what_cannot_be_read_names_its_field_and_no_value() {
    let check = |pointer: &str, value: Value, field: &str| {
        let body = with(pointer, value).to_string();
        let unread = read_record(&body, FulfilledBy::Seller).expect_err(pointer);
        assert_eq!(unread.1.field, field);
        assert_eq!(unread.0.body, body);
        assert!(!format!("{unread:?}").contains("Ann"));
    };
    check("/orderDate", json!("Ann"), "orderDate");
    check("/orderLines/orderLine", json!([]), "orderLines");
    let quantity = "/orderLines/orderLine/0/orderLineQuantity/amount";
    let field = "orderLines.orderLine[0].orderLineQuantity.amount";
    check(quantity, json!("many"), field);
    let charge = "/orderLines/orderLine/0/charges/charge/0/chargeAmount";
    let field = "orderLines.orderLine[0].charges.chargeAmount.amount";
    check(charge, json!({"currency": "USD", "amount": "Ann"}), field);
    let broken = read_record("{\"purchaseOrderId\":", FulfilledBy::Seller);
    assert!(
        broken
            .expect_err("cut")
            .1
            .field
            .starts_with("order, column")
    );
}
