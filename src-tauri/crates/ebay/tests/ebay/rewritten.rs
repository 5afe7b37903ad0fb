//! Offers that were written anew before they were published: what was sent at first is not there.

use barrow_market::Fate;
use barrow_model::ProblemKind;
use serde_json::{Value, json};

use crate::listings::{ITEMS, PUBLISH, batch, change, kind, publish, responses, submit};
use crate::requests::offer;
use crate::script::{Reply, Script, ok};

const OFFER: &str = "GET /sell/inventory/v1/offer/9";
const UPDATE: &str = "PUT /sell/inventory/v1/offer/9";

fn there(quantity: u32) -> Reply {
    ok(
        json!({"offerId": "9", "sku": "A", "marketplaceId": "EBAY_US", "format": "FIXED_PRICE",
        "availableQuantity": quantity, "status": "UNPUBLISHED"}),
    )
}

fn written() -> Reply {
    responses(json!([{"statusCode": 200, "sku": "A"}]))
}

fn full() -> Reply {
    responses(
        json!([{"statusCode": 400, "offerId": "9", "errors": [{"errorId": 25_026,
        "message": "The seller's limit is reached."}]}]),
    )
}

async fn step(script: &std::sync::Arc<Script>, binding: &[(&str, &str)], quantity: u32) -> Fate {
    let mut wanted = offer();
    wanted.quantity = quantity;
    let change = change(1, "A", binding, publish(wanted));
    submit(script, &batch("publish", vec![change]))
        .await
        .remove(0)
}

#[tokio::test]
async fn what_was_written_and_not_published_is_written_again_when_it_is_as_at_first() {
    let made = responses(
        json!([{"statusCode": 200, "sku": "A", "marketplaceId": "EBAY_US",
        "format": "FIXED_PRICE", "offerId": "9"}]),
    );
    let script = Script::new([written(), made]);
    let Fate::Advanced { binding } = step(&script, &[], 3).await else {
        panic!("the offer is made")
    };
    let sent = binding.get("sent").unwrap();
    let at_first = [("offer_id", "9"), ("sent", sent)];

    // Six are wanted now: before they are written, nothing says any more that three are there.
    let script = Script::new([]);
    let Fate::Advanced { binding } = step(&script, &at_first, 6).await else {
        panic!("it goes on")
    };
    assert_eq!(
        (binding.get("offer_id"), binding.get("sent")),
        (Some("9"), None)
    );
    assert_eq!(script.lines(), [""; 0]);
    let unsaid = [("offer_id", "9")];
    let script = Script::new([written(), there(3), ok(json!({})), full()]);
    let fate = step(&script, &unsaid, 6).await;
    assert_eq!(kind(&fate), Some(ProblemKind::SellingLimit));

    // Three again: six are there, and three are written before anybody can buy.
    let published = responses(json!([{"statusCode": 200, "offerId": "9", "listingId": "110"}]));
    let script = Script::new([written(), there(6), ok(json!({})), published]);
    let fate = step(&script, &unsaid, 3).await;
    assert!(matches!(fate, Fate::Applied { .. }), "{fate:?}");
    assert_eq!(script.lines(), [ITEMS, OFFER, UPDATE, PUBLISH]);
    let sent: Value = script.asked()[0].json();
    let path = "/requests/0/availability/shipToLocationAvailability/quantity";
    assert_eq!(sent.pointer(path), Some(&json!(3)));
    assert_eq!(script.asked()[2].json()["availableQuantity"], json!(3));
}
