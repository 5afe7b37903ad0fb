//! What became of a publish that got no answer.

use barrow_ebay::map;
use barrow_market::Fate;
use barrow_model::{Binding, Site, Sku};
use serde_json::json;

use crate::listings::{batch, change, publish, responses, submit};
use crate::requests::offer;
use crate::script::{Reply, Script, connect, ok};

#[tokio::test]
async fn a_lost_answer_is_unknown_and_looked_up() {
    let script = Script::new([
        responses(json!([{"statusCode": 200, "sku": "A"}])),
        Reply::NoAnswer,
        ok(
            json!({"offers": [{"offerId": "9", "sku": "A", "marketplaceId": "EBAY_US",
            "format": "FIXED_PRICE", "status": "UNPUBLISHED", "availableQuantity": 5,
            "pricingSummary": {"price": {"value": "19.99", "currency": "USD"}}}]}),
        ),
        ok(json!({"sku": "A", "availability": {"shipToLocationAvailability": {"quantity": 5}}})),
    ]);
    let batch = batch("publish", vec![change(1, "A", &[], publish(offer()))]);
    assert_eq!(submit(&script, &batch).await, [Fate::Unknown]);
    let found = connect(&script)
        .listings()
        .unwrap()
        .look_up(&batch)
        .await
        .unwrap();
    let binding = Binding::default().with("offer_id", "9");
    assert_eq!(found[0].fate, Fate::Advanced { binding });
}

#[tokio::test]
async fn what_looking_up_finds_for_sale_is_remembered_as_written() {
    let mut offer = offer();
    let colour = vec!["Red".to_owned()];
    offer.content.attributes.insert("Colour".to_owned(), colour);
    let script = Script::new([
        ok(
            json!({"offers": [{"offerId": "9", "sku": "A", "marketplaceId": "EBAY_US",
            "format": "FIXED_PRICE", "status": "PUBLISHED", "availableQuantity": 5,
            "listing": {"listingId": "77", "listingStatus": "ACTIVE"},
            "pricingSummary": {"price": {"value": "19.99", "currency": "USD"}}}]}),
        ),
        ok(json!({"sku": "A", "availability": {"shipToLocationAvailability": {"quantity": 5}}})),
    ]);
    let batch = batch("publish", vec![change(1, "A", &[], publish(offer.clone()))]);
    let adapter = connect(&script);
    let listings = adapter.listings().unwrap();
    let found = listings.look_up(&batch).await.unwrap().remove(0).fate;
    let Fate::Applied {
        binding: Some(binding),
    } = found
    else {
        panic!("it is for sale: {found:?}")
    };
    let site = barrow_ebay::config::site_facts(&Site("EBAY_US".to_owned())).unwrap();
    let item = map::item(&Sku::new("A").unwrap(), site, &offer, &[]);
    let prints = map::aspect_prints(&item);
    assert!(!prints.is_empty());
    assert_eq!(binding.get("aspects"), Some(prints.as_str()));
}
