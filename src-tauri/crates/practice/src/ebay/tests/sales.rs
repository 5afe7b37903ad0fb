use std::time::Duration;

use chrono::{DateTime, Utc};
use serde_json::Value;

use super::{Desk, INVENTORY, ORDERS};
use crate::{Marketplace, OrderRequestLine, PlaceOrderError};

fn line(sku: &str, quantity: u32) -> OrderRequestLine {
    OrderRequestLine {
        sku: sku.to_owned(),
        quantity,
    }
}

fn all_orders(desk: &mut Desk) -> Vec<Value> {
    let mut next = format!("{ORDERS}?limit=50");
    let mut orders = Vec::new();
    loop {
        let seen = desk.get(&next);
        orders.extend(seen.body["orders"].as_array().unwrap().iter().cloned());
        match seen.body["next"].as_str() {
            Some(link) => next = link.to_owned(),
            None => return orders,
        }
    }
}

#[test]
fn a_sale_lowers_the_item_and_the_offer() {
    let mut desk = Desk::quiet();
    let offer = desk.offer("A-1", 5, "9.99");
    let mut body = desk.offer_body("A-1", "9.99");
    body["availableQuantity"] = 4.into();
    desk.put(&format!("{INVENTORY}/offer/{offer}"), body);
    desk.publish(&offer);
    desk.order("A-1", 3);
    let seen = desk.get(&format!("{INVENTORY}/offer/{offer}"));
    assert_eq!(seen.body["availableQuantity"], 1);
    assert_eq!(seen.body["listing"]["soldQuantity"], 3);
    let seen = desk.get(&format!("{INVENTORY}/inventory_item/A-1"));
    assert_eq!(
        seen.body["availability"]["shipToLocationAvailability"]["quantity"],
        2
    );
    assert_eq!(desk.held().listings[0].quantity, 1);
}

#[test]
fn buyers_cannot_order_what_is_not_for_sale() {
    let mut desk = Desk::quiet();
    desk.live("A-1", 2, "9.99");
    desk.offer("A-2", 2, "9.99");
    let now = desk.now;
    let mut order = |lines: &[OrderRequestLine]| desk.ebay.place_order(lines, now);
    let none = |sku: &str| PlaceOrderError::NotForSale(sku.to_owned());
    assert_eq!(order(&[line("A-2", 1)]), Err(none("A-2")));
    assert_eq!(order(&[line("A-3", 1)]), Err(none("A-3")));
    assert_eq!(order(&[]), Err(PlaceOrderError::Empty));
    assert_eq!(order(&[line("A-1", 0)]), Err(PlaceOrderError::Empty));
    let few = PlaceOrderError::TooFew {
        sku: "A-1".to_owned(),
        available: 2,
    };
    assert_eq!(order(&[line("A-1", 2), line("A-1", 1)]), Err(few));
    assert!(desk.held().orders.is_empty());
    assert_eq!(desk.held().listings[0].quantity, 2);
}

#[test]
fn an_order_may_hold_several_lines_and_is_held_as_placed() {
    let mut desk = Desk::quiet();
    desk.live("A-1", 2, "9.99");
    desk.live("A-2", 2, "5.00");
    let now = desk.now;
    let id = desk
        .ebay
        .place_order(&[line("A-1", 1), line("A-2", 2)], now)
        .unwrap();
    let seen = desk.get(&format!("{ORDERS}/{id}"));
    assert_eq!(seen.body["orderPaymentStatus"], "PAID");
    assert_eq!(
        seen.body["pricingSummary"]["priceSubtotal"]["value"],
        "19.99"
    );
    let held = desk.held().orders[0].clone();
    assert_eq!(
        (held.order_id.as_str(), held.state.as_str()),
        (id.as_str(), "NOT_STARTED")
    );
    let lines: Vec<_> = held
        .lines
        .iter()
        .map(|line| (line.sku.as_str(), line.quantity))
        .collect();
    assert_eq!(lines, [("A-1", 1), ("A-2", 2)]);
}

#[test]
fn orders_arrive_once_something_is_live_the_first_within_two_minutes() {
    for seed in 0..20 {
        let mut desk = Desk::open(seed, 4);
        desk.pass(600);
        desk.token = desk.refresh();
        assert!(desk.held().orders.is_empty());
        desk.live("A-1", 500, "9.99");
        desk.pass(120);
        assert_eq!(desk.held().orders.len(), 1, "seed {seed}");
        desk.pass(3600 - 120);
        assert_eq!(desk.held().orders.len(), 4, "seed {seed}");
    }
}

#[test]
fn no_orders_arrive_where_none_are_wanted_or_nothing_is_left() {
    let mut desk = Desk::open(1, 0);
    desk.live("A-1", 5, "9.99");
    desk.pass(7000);
    assert!(desk.held().orders.is_empty());
    let mut desk = Desk::open(1, 600);
    desk.live("A-1", 5, "9.99");
    desk.pass(7000);
    let held = desk.held();
    let sold: u32 = held
        .orders
        .iter()
        .flat_map(|order| &order.lines)
        .map(|it| it.quantity)
        .sum();
    assert_eq!(sold, 5);
    assert_eq!(held.listings[0].state, "out_of_stock");
}

#[test]
fn when_orders_arrive_does_not_depend_on_how_time_is_cut() {
    let run = |steps: u64| {
        let mut desk = Desk::open(9, 20);
        desk.live("A-1", 500, "9.99");
        for _ in 0..steps {
            desk.pass(3600 / steps);
        }
        all_orders(&mut desk)
    };
    assert_eq!(run(1), run(36));
    assert_eq!(run(1).len(), 20);
}

#[test]
fn quirks_of_real_orders_come_and_go() {
    let mut desk = Desk::open(11, 400);
    for number in 0..5 {
        desk.live(&format!("A-{number}"), 400, "9.99");
    }
    desk.pass(3600);
    let orders = all_orders(&mut desk);
    assert_eq!(orders.len(), 400);
    let count = |test: &dyn Fn(&Value) -> bool| orders.iter().filter(|order| test(order)).count();
    let ship_to =
        |order: &Value| order["fulfillmentStartInstructions"][0]["shippingStep"]["shipTo"].clone();
    let check = |what: &str, found: usize| assert!((1..400).contains(&found), "{what}: {found}");
    check(
        "no phone",
        count(&|it| ship_to(it)["primaryPhone"] == serde_json::json!({})),
    );
    check(
        "no date",
        count(&|it| {
            it["lineItems"][0]["lineItemFulfillmentInstructions"]
                .get("shipByDate")
                .is_none()
        }),
    );
    check(
        "pending",
        count(&|it| it["orderPaymentStatus"] == "PENDING"),
    );
    check(
        "blank",
        count(&|it| {
            it["lineItems"][0]["title"]
                .as_str()
                .unwrap()
                .starts_with(' ')
        }),
    );
    check(
        "lines",
        count(&|it| it["lineItems"].as_array().unwrap().len() > 1),
    );
    check("tax", count(&|it| it["ebayCollectAndRemitTax"] == true));
    check(
        "hub",
        count(&|it| {
            it["fulfillmentStartInstructions"][0]
                .get("finalDestinationAddress")
                .is_some()
        }),
    );
    check(
        "cancel",
        count(&|it| it["cancelStatus"]["cancelState"] == "IN_PROGRESS"),
    );
    let late = desk.now.wall - Duration::from_secs(600);
    let waits = |it: &&Value| it["orderPaymentStatus"] == "PENDING";
    for order in orders.iter().filter(waits) {
        let created: DateTime<Utc> = order["creationDate"].as_str().unwrap().parse().unwrap();
        assert!(created > late);
    }
}

#[test]
fn buyers_data_disappear_with_age() {
    let mut desk = Desk::quiet();
    desk.live("A-1", 5, "9.99");
    let id = desk.order("A-1", 1);
    let mut shown = |days: u64| {
        let desk = &mut desk;
        desk.pass(days * 86_400);
        desk.token = desk.refresh();
        let order = desk.get(&format!("{ORDERS}/{id}")).body;
        order["buyer"]["buyerRegistrationAddress"].clone()
    };
    let fresh = shown(0);
    assert!(fresh["email"].is_string() && fresh["fullName"].is_string());
    let later = shown(15);
    assert!(later.get("email").is_none() && later["fullName"].is_string());
    let old = shown(80);
    assert!(old.get("fullName").is_none() && old.get("primaryPhone").is_none());
    assert!(old["contactAddress"].get("addressLine1").is_none());
    assert!(old["contactAddress"]["city"].is_string());
}

#[test]
fn remitted_tax_is_in_the_totals_only_where_it_is_asked_for() {
    let mut desk = Desk::open(2, 0);
    desk.live("A-1", 50, "100.00");
    let taxed = (0..40).find_map(|_| {
        let id = desk.order("A-1", 1);
        let order = desk.get(&format!("{ORDERS}/{id}")).body;
        order.get("ebayCollectAndRemitTax").is_some().then_some(id)
    });
    let id = taxed.unwrap();
    let plain = desk.get(&format!("{ORDERS}/{id}")).body;
    let whole = desk
        .get(&format!("{ORDERS}/{id}?fieldGroups=TAX_BREAKDOWN"))
        .body;
    assert!(plain["pricingSummary"].get("tax").is_none());
    assert_eq!(plain["lineItems"][0]["taxes"], serde_json::json!([]));
    assert_eq!(whole["pricingSummary"]["tax"]["value"], "8.25");
    let total = |order: &Value| -> f64 {
        order["pricingSummary"]["total"]["value"]
            .as_str()
            .unwrap()
            .parse()
            .unwrap()
    };
    assert!(total(&whole) > total(&plain) + 8.0);
    let tax = &plain["lineItems"][0]["ebayCollectAndRemitTaxes"][0];
    assert_eq!(tax["collectionMethod"], "NET");
    assert_eq!(
        desk.get(&format!("{ORDERS}/{id}?fieldGroups=OTHER"))
            .error(),
        32800
    );
}
