//! What stays the same: over saving and restoring, and from the same seed.

use barrow_practice::amazon::Amazon;
use barrow_practice::{Marketplace, OrderRequestLine};
use proptest::prelude::{ProptestConfig, prop, prop_assert, prop_assert_eq, proptest};
use serde_json::json;

use crate::{Seller, US, offer, replace, settings, stock};

/// Does something, chosen by a number; returns what was seen of it.
fn act(seller: &mut Seller, choice: u8) -> String {
    let sku = format!("S{}", choice % 5);
    let number = usize::from(choice % 5);
    match choice / 5 % 10 {
        0 => seller.wait(u64::from(choice) * 5),
        1 => {
            return seller
                .put(&sku, US, offer(number, 9.5, u32::from(choice)))
                .text;
        }
        2 => {
            let patch = replace("fulfillment_availability", stock(u32::from(choice)));
            return seller.patch(&sku, US, patch).text;
        }
        3 => {
            let path = "/orders/2026-01-01/orders?createdAfter=2026-11-01T00:00:00Z\
                        &maxResultsPerPage=2&includedData=PROCEEDS,FULFILLMENT";
            return seller.get(path).text;
        }
        4 => {
            let path = format!(
                "/listings/2021-08-01/items/{}?marketplaceIds={US}",
                seller.id
            );
            return seller.get(&path).text;
        }
        5 => seller.fault("500", 1),
        6 => {
            let body = json!({ "contentType": "application/json" });
            let document = seller.post("/feeds/2021-06-30/documents", body);
            let Some(url) = document.body["url"].as_str() else {
                return document.text;
            };
            let headers = [("content-type", "application/json")];
            seller.storage(http::Method::PUT, url, &headers, "{\"messages\":[]}");
            let body = json!({
                "feedType": "JSON_LISTINGS_FEED",
                "marketplaceIds": [US],
                "inputFeedDocumentId": document.body["feedDocumentId"],
            });
            return seller.post("/feeds/2021-06-30/feeds", body).text;
        }
        7 => {
            return seller
                .get("/feeds/2021-06-30/feeds?feedTypes=JSON_LISTINGS_FEED")
                .text;
        }
        8 => {
            let path =
                format!("/catalog/2022-04-01/items?marketplaceIds={US}&keywords=lamp{choice}");
            return seller.get(&path).text;
        }
        _ => seller.sign_in(),
    }
    String::new()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn the_same_seed_and_the_same_calls_give_the_same_answers(
        seed in 0_u64..1_000,
        choices in prop::collection::vec(0_u8..150, 1..40),
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
        before in prop::collection::vec(0_u8..150, 1..40),
        after in prop::collection::vec(0_u8..150, 1..20),
    ) {
        let mut seller = Seller::with(settings(seed, 600));
        for choice in before {
            act(&mut seller, choice);
        }
        let saved = serde_json::to_string(&seller.market.save()).unwrap();
        let mut market = Amazon::open(settings(seed, 600));
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
    fn no_more_is_sold_than_was_ever_said_to_be_there(
        seed in 0_u64..1_000,
        steps in prop::collection::vec((0_u32..10, 0_u32..6, 0_u64..200), 1..25),
    ) {
        let mut seller = Seller::with(settings(seed, 0));
        seller.publish(&[("A", 3.0, 5)]);
        // What the seller has and has not yet sold, as the marketplace's orders tell.
        let mut on_hand = 5;
        let mut sold = 0;
        for (received, wanted, pause) in steps {
            on_hand += received;
            let patch = replace("fulfillment_availability", stock(on_hand - sold));
            let seen = seller.patch("A", US, patch);
            prop_assert!(seen.status.is_success() || seen.status == 429);
            let line = OrderRequestLine { sku: "A".to_owned(), quantity: wanted };
            if seller.market.place_order(&[line], seller.now).is_ok() {
                sold += wanted;
            }
            prop_assert!(sold <= on_hand, "{} of {}", sold, on_hand);
            seller.wait(pause);
        }
        seller.wait(3_600);
        prop_assert!(seller.listing("A").quantity <= on_hand - sold);
    }
}

#[test]
fn what_is_no_saved_state_is_refused() {
    let mut market = Amazon::open(settings(1, 0));
    let before = market.save();
    assert!(market.restore(json!({ "seed": "one" })).is_err());
    assert_eq!(market.save(), before);
}
