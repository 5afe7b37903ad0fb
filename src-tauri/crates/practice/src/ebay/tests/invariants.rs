use proptest::collection::vec;
use proptest::prelude::{ProptestConfig, Strategy, any, prop_oneof, proptest};
use serde_json::json;

use super::super::money::{amount, price_minor};
use super::{Desk, INVENTORY, item};
use crate::{Marketplace, OrderRequestLine, PlaceOrderError};

#[derive(Clone, Debug)]
enum Step {
    Sell(u32),
    Stock(u32),
    Replace(u32),
    Cap(u32),
    Withdraw,
    Publish,
    Pass(u64),
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        (1..6_u32).prop_map(Step::Sell),
        (0..9_u32).prop_map(Step::Stock),
        (0..9_u32).prop_map(Step::Replace),
        (0..9_u32).prop_map(Step::Cap),
        any::<u8>().prop_map(|_| Step::Withdraw),
        any::<u8>().prop_map(|_| Step::Publish),
        (1..400_u64).prop_map(Step::Pass),
    ]
}

fn take(desk: &mut Desk, offer: &str, step: &Step) {
    let bulk = format!("{INVENTORY}/bulk_update_price_quantity");
    match step {
        Step::Sell(units) => sell(desk, *units),
        Step::Stock(units) => {
            let ship = json!({ "quantity": units });
            let entry = json!({ "sku": "A-1", "shipToLocationAvailability": ship });
            assert_eq!(desk.post(&bulk, json!({ "requests": [entry] })).status, 200);
        }
        Step::Replace(units) => {
            let seen = desk.put(&format!("{INVENTORY}/inventory_item/A-1"), item(*units));
            assert_eq!(seen.status, 204);
        }
        Step::Cap(units) => {
            let entry = json!({ "offerId": offer, "availableQuantity": units });
            let entry = json!({ "sku": "A-1", "offers": [entry] });
            desk.post(&bulk, json!({ "requests": [entry] }));
        }
        Step::Withdraw => {
            desk.post(&format!("{INVENTORY}/offer/{offer}/withdraw"), json!({}));
        }
        Step::Publish => {
            desk.publish(offer);
        }
        Step::Pass(seconds) => desk.pass(*seconds),
    }
}

fn sell(desk: &mut Desk, units: u32) {
    let before = desk.held().listings[0].clone();
    let line = OrderRequestLine {
        sku: "A-1".to_owned(),
        quantity: units,
    };
    match desk.ebay.place_order(&[line], desk.now) {
        Ok(_) => assert_eq!(desk.held().listings[0].quantity, before.quantity - units),
        Err(PlaceOrderError::TooFew { available, .. }) => {
            assert_eq!(available, before.quantity);
            assert!(units > available);
        }
        Err(PlaceOrderError::NotForSale(_)) => {
            assert!(before.state == "ended" || before.state == "pending");
        }
        Err(other) => panic!("{other}"),
    }
}

proptest! {
    // Each case is a whole account with dozens of calls.
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn never_more_is_for_sale_than_item_and_offer_hold(steps in vec(step(), 1..40)) {
        let mut desk = Desk::open(1, 30);
        let offer = desk.offer("A-1", 5, "9.99");
        for step in &steps {
            take(&mut desk, &offer, step);
            let held = desk.held().listings[0].clone();
            let shown = desk.get(&format!("{INVENTORY}/inventory_item/A-1")).body;
            let stock = &shown["availability"]["shipToLocationAvailability"]["quantity"];
            let shown = desk.get(&format!("{INVENTORY}/offer/{offer}")).body;
            let cap = shown["availableQuantity"].as_u64().unwrap_or(u64::MAX);
            let most = stock.as_u64().unwrap().min(cap);
            assert!(u64::from(held.quantity) <= most);
            assert_eq!(held.state == "live", held.quantity > 0);
        }
    }

    #[test]
    fn a_price_that_is_shown_reads_back_as_itself(minor in 1..9_999_999_i64) {
        for currency in ["USD", "JPY"] {
            let shown = amount(minor, currency);
            assert_eq!(price_minor(shown["value"].as_str().unwrap(), currency), Some(minor));
        }
    }
}
