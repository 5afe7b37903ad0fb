//! What stays the same: over saving and restoring, and from the same seed.

use barrow_practice::Marketplace;
use barrow_practice::newegg::{Newegg, Platform};
use http::Method;
use proptest::prelude::{ProptestConfig, prop, prop_assert, prop_assert_eq, proptest};
use serde_json::json;

use crate::{Seller, barcode, offer, offers, settings};

/// Does something, chosen by a number; returns what was seen of it.
fn act(seller: &mut Seller, choice: u8) -> String {
    let number = usize::from(choice % 5);
    let name = format!("S{number}");
    match choice / 5 % 10 {
        0 => seller.wait(u64::from(choice) * 30),
        1 => {
            let path = "datafeedmgmt/feeds/submitfeed?requesttype=ITEM_DATA";
            return seller
                .post(path, offers(vec![offer(&name, number, "9.50", 3)]))
                .text;
        }
        2 => {
            let body = json!({ "Type": "1", "Value": name, "InventoryList": { "Inventory": [
                { "WarehouseLocation": "USA", "AvailableQuantity": choice.to_string() },
            ] } });
            return seller
                .post("contentmgmt/item/international/inventory", body)
                .text;
        }
        3 => return seller.orderinfo(315, json!({ "Status": "0" })).text,
        4 => {
            let body = json!({ "Type": "1", "Values": [name], "CountryList": ["USA"] });
            return seller
                .post("contentmgmt/item/international/pricelist", body)
                .text;
        }
        5 => seller.fault("500", 1),
        6 => {
            let body = json!({
                "OperationType": "GetFeedStatusRequest",
                "RequestBody": { "GetRequestStatus": { "MaxCount": "5" } },
            });
            return seller.put("datafeedmgmt/feeds/status", body).text;
        }
        7 => {
            let body = json!({
                "OperationType": "ItemLookupRequest",
                "RequestBody": { "RequestCriteria": { "Item": [{ "UPC": barcode(number) }] } },
            });
            return seller.post("reportmgmt/report/submitrequest", body).text;
        }
        8 => seller.wait(7 * 3_600),
        _ => {
            let request = seller.request(Method::GET, "sellermgmt/seller/accountstatus", None);
            return seller.send(request).text;
        }
    }
    String::new()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn the_same_seed_and_the_same_calls_give_the_same_answers(
        seed in 0_u64..1_000,
        choices in prop::collection::vec(0_u8..150, 1..40),
    ) {
        let mut one = Seller::with(Platform::Us, settings(seed, 60));
        let mut other = Seller::with(Platform::Us, settings(seed, 60));
        for choice in choices {
            prop_assert_eq!(act(&mut one, choice), act(&mut other, choice));
        }
        prop_assert_eq!(one.held(), other.held());
    }

    #[test]
    fn a_restored_marketplace_goes_on_as_if_nothing_had_happened(
        seed in 0_u64..1_000,
        before in prop::collection::vec(0_u8..150, 1..40),
        after in prop::collection::vec(0_u8..150, 1..20),
    ) {
        let mut seller = Seller::with(Platform::Us, settings(seed, 60));
        for choice in before {
            act(&mut seller, choice);
        }
        let saved = serde_json::to_string(&seller.market.save()).unwrap();
        let mut market = Newegg::open(settings(seed, 60));
        market.restore(serde_json::from_str(&saved).unwrap()).unwrap();
        prop_assert_eq!(market.save(), seller.market.save());
        let mut restored = Seller::with(Platform::Us, settings(seed, 60));
        restored.market = market;
        restored.now = seller.now;
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
        let mut seller = Seller::with(Platform::Us, settings(seed, 0));
        seller.publish(&[("A", "3.00", units)]);
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
fn what_is_no_saved_state_of_this_platform_is_refused() {
    let mut market = Newegg::open(settings(1, 0));
    let before = market.save();
    assert!(market.restore(json!({ "platform": "Us" })).is_err());
    let canadian = Newegg::open_on(Platform::Can, settings(1, 0)).save();
    assert!(market.restore(canadian).unwrap_err().contains("CAN"));
    assert_eq!(market.save(), before);
}
