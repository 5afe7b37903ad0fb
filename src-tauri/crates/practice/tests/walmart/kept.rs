//! What stays the same: over saving and restoring, and from the same seed.

use barrow_practice::{Marketplace, Walmart};
use proptest::prelude::{ProptestConfig, prop, prop_assert, prop_assert_eq, proptest};
use serde_json::json;

use crate::{Seller, item, item_feed, settings};

/// Does something, chosen by a number; returns what was seen of it.
fn act(seller: &mut Seller, choice: u8) -> String {
    let sku = format!("S{}", choice % 5);
    match choice / 5 % 8 {
        0 => seller.wait(u64::from(choice)),
        1 => {
            let feed = item_feed(vec![item(&sku, 9.5)]);
            return seller.post("/v3/feeds?feedType=MP_ITEM", feed).text;
        }
        2 => {
            let body = json!({ "sku": sku, "quantity": { "unit": "EACH", "amount": choice } });
            return seller.put(&format!("/v3/inventory?sku={sku}"), body).text;
        }
        3 => return seller.get("/v3/orders?limit=2").text,
        4 => return seller.get("/v3/items?nextCursor=*").text,
        5 => seller.fault("500", 1),
        6 => return seller.get("/v3/feeds").text,
        _ => seller.sign_in(),
    }
    String::new()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn the_same_seed_and_the_same_calls_give_the_same_answers(
        seed in 0_u64..1_000,
        choices in prop::collection::vec(0_u8..120, 1..40),
    ) {
        let mut one = Seller::with(settings(seed, 600));
        let mut other = Seller::with(settings(seed, 600));
        for choice in choices {
            prop_assert_eq!(act(&mut one, choice), act(&mut other, choice));
        }
        prop_assert_eq!(one.held(), other.held());
    }

    #[test]
    fn a_restored_marketplace_goes_on_as_if_nothing_had_happened(
        seed in 0_u64..1_000,
        before in prop::collection::vec(0_u8..120, 1..40),
        after in prop::collection::vec(0_u8..120, 1..20),
    ) {
        let mut seller = Seller::with(settings(seed, 600));
        for choice in before {
            act(&mut seller, choice);
        }
        let saved = serde_json::to_string(&seller.market.save()).unwrap();
        let mut market = Walmart::open(settings(seed, 600));
        market.restore(serde_json::from_str(&saved).unwrap()).unwrap();
        prop_assert_eq!(market.save(), seller.market.save());
        let mut restored = Seller::with(settings(seed, 600));
        restored.market = market;
        restored.now = seller.now;
        restored.token = seller.token.clone();
        restored.renew_at = seller.renew_at;
        for choice in after {
            prop_assert_eq!(act(&mut seller, choice), act(&mut restored, choice));
        }
        prop_assert_eq!(seller.held(), restored.held());
    }

    #[test]
    fn units_are_never_sold_twice_nor_lost(
        seed in 0_u64..1_000,
        units in 1_u32..40,
        orders in prop::collection::vec(1_u32..6, 0..20),
    ) {
        let mut seller = Seller::with(settings(seed, 0));
        seller.publish(&[("A", 3.0, units)]);
        let mut sold = 0;
        for quantity in orders {
            let line = barrow_practice::OrderRequestLine { sku: "A".to_owned(), quantity };
            if seller.market.place_order(&[line], seller.now).is_ok() {
                sold += quantity;
            }
        }
        prop_assert!(sold <= units);
        prop_assert_eq!(seller.listing("A").quantity, units - sold);
        let held = seller.held();
        let on_lines: u32 =
            held.orders.iter().flat_map(|order| &order.lines).map(|line| line.quantity).sum();
        prop_assert_eq!(on_lines, sold);
    }
}

#[test]
fn what_is_no_saved_state_is_refused() {
    let mut market = Walmart::open(settings(1, 0));
    let before = market.save();
    assert!(market.restore(json!({ "seed": "one" })).is_err());
    assert_eq!(market.save(), before);
}
