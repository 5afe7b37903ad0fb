//! What eBay says of offers and sellers for a while only: offers that it does not see yet, limits
//! that are reached (ebay.md §12).

use std::time::Duration;

use barrow_market::{Fate, Retry};
use barrow_model::{Action, ProblemKind};
use serde_json::{Value, json};

use crate::listings::submit;
use crate::listings::{CREATE, ITEMS, PRICES, PUBLISH, batch, change, kind, publish, responses};
use crate::requests::{offer, usd};
use crate::script::{Script, answer, connect, ok};

const OFFER: [(&str, &str); 1] = [("offer_id", "9")];

fn refused(number: i64, of: (&str, &str)) -> Value {
    json!([{of.0: of.1, "statusCode": 400, "errors": [{"errorId": number, "message": "x"}]}])
}

fn waits(fate: &Fate, seconds: u64) -> bool {
    let expected = Retry::After(Duration::from_secs(seconds));
    matches!(fate, Fate::Refused { retry, .. } if *retry == expected)
}

#[tokio::test]
async fn an_offer_that_is_there_and_not_available_is_tried_again_and_its_policies_are_named() {
    let script = Script::new([
        responses(json!([{"statusCode": 204, "sku": "A"}])),
        ok(json!({"offerId": "9", "marketplaceId": "EBAY_US"})),
        answer(204, json!(null)),
        responses(refused(25713, ("offerId", "9"))),
        ok(json!({"offerId": "9", "marketplaceId": "EBAY_US", "status": "UNPUBLISHED"})),
    ]);
    let changes = vec![change(1, "A", &OFFER, publish(offer()))];
    let fates = submit(&script, &batch("publish", changes)).await;
    assert_eq!(kind(&fates[0]), Some(ProblemKind::PolicyInvalid));
    assert!(waits(&fates[0], 5), "{fates:?}");
}

#[tokio::test]
async fn an_offer_that_is_not_there_is_made_anew_and_the_one_that_was_hidden_adopted() {
    let exists = json!([{"sku": "A", "statusCode": 400, "errors": [{"errorId": 25002,
        "message": "x", "parameters": [{"name": "offerId", "value": "9"}]}]}]);
    let gone = json!({"errors": [{"errorId": 25713, "message": "x"}]});
    let script = Script::new([
        responses(json!([{"statusCode": 204, "sku": "A"}])),
        answer(404, gone),
        responses(json!([{"statusCode": 204, "sku": "A"}])),
        responses(exists),
    ]);
    let adapter = connect(&script);
    let role = adapter.listings().unwrap();
    let changes = vec![change(1, "A", &OFFER, publish(offer()))];
    let first = role.submit(&batch("publish", changes)).await.unwrap();
    let Fate::Advanced { binding } = &first[0].fate else {
        panic!("{first:?}")
    };
    assert_eq!(binding.get("offer_id"), None);
    let changes = vec![change(1, "A", &[], publish(offer()))];
    let second = role.submit(&batch("publish", changes)).await.unwrap();
    let Fate::Advanced { binding } = &second[0].fate else {
        panic!("{second:?}")
    };
    assert_eq!(binding.get("offer_id"), Some("9"));
    let read = "GET /sell/inventory/v1/offer/9";
    assert_eq!(script.lines(), [ITEMS, read, ITEMS, CREATE]);
}

#[tokio::test]
async fn what_is_not_seen_yet_is_tried_again() {
    let entry = |number| responses(refused(number, ("sku", "A")));
    for (number, seconds) in [(25604, 5), (25001, 30), (25025, 10)] {
        let price = Action::SetPrice(usd(999));
        let script = Script::new([entry(number)]);
        let changes = vec![change(1, "A", &OFFER, price)];
        let fates = submit(&script, &batch("price_quantity", changes)).await;
        assert!(waits(&fates[0], seconds), "{number} {fates:?}");
    }
}

#[tokio::test]
async fn a_price_of_an_offer_that_is_not_available_waits_while_the_offer_is_there() {
    let entry = || responses(refused(25713, ("offerId", "9")));
    let there = ok(json!({"offerId": "9", "status": "PUBLISHED"}));
    let gone = answer(404, json!({"errors": [{"errorId": 25713, "message": "x"}]}));
    let script = Script::new([entry(), there, entry(), gone]);
    let send = || async {
        let price = Action::SetPrice(usd(999));
        let changes = vec![change(1, "A", &OFFER, price)];
        submit(&script, &batch("price_quantity", changes)).await
    };
    let first = send().await;
    assert!(waits(&first[0], 5), "{first:?}");
    let second = send().await;
    assert_eq!(kind(&second[0]), Some(ProblemKind::ListingGone));
    let read = "GET /sell/inventory/v1/offer/9";
    assert_eq!(script.lines(), [PRICES, read, PRICES, read]);
}

#[tokio::test]
async fn at_the_selling_limit_publishing_stops_for_a_minute() {
    let written = || responses(json!([{"statusCode": 204, "sku": "A"}]));
    let read = || ok(json!({"offerId": "9"}));
    let done = || answer(204, json!(null));
    let script = Script::new([
        written(),
        read(),
        done(),
        responses(refused(25026, ("offerId", "9"))),
        written(),
        read(),
        done(),
        responses(json!([{"statusCode": 200, "offerId": "9", "listingId": "110"}])),
    ]);
    let (adapter, clock) = crate::script::connect_with(&script);
    let role = adapter.listings().unwrap();
    let changes = || vec![change(1, "A", &OFFER, publish(offer()))];
    for _ in 0..2 {
        let outcomes = role.submit(&batch("publish", changes())).await.unwrap();
        assert_eq!(kind(&outcomes[0].fate), Some(ProblemKind::SellingLimit));
        assert_eq!(script.lines().len(), 4, "the second made no call");
    }
    clock.skip(60);
    let outcomes = role.submit(&batch("publish", changes())).await.unwrap();
    assert!(
        matches!(outcomes[0].fate, Fate::Applied { .. }),
        "{outcomes:?}"
    );
    assert_eq!(script.lines().last().map(String::as_str), Some(PUBLISH));
}
