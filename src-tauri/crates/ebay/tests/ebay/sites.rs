//! One SKU on two sites of a seller: eBay has one item of it.

use barrow_market::Fate;
use barrow_model::{Action, ProblemKind};
use serde_json::{Value, json};

use crate::listings::{CREATE, ITEMS, batch, change, publish, responses, submit};
use crate::requests::offer;
use crate::script::{Script, answer, ok};

fn british(status: &str, listing: &str) -> Value {
    json!({"offers": [{"offerId": "7", "sku": "A", "marketplaceId": "EBAY_GB",
        "format": "FIXED_PRICE", "status": status, "listing": {"listingStatus": listing}}]})
}

fn item(locale: &str) -> Value {
    json!([{"statusCode": 200, "sku": "A", "inventoryItem": {"locale": locale,
        "product": {"title": "Lamp"}}}])
}

fn told(fates: &[Fate]) -> (ProblemKind, &str) {
    let [Fate::Refused { problem, .. }] = fates else {
        panic!("{fates:?}")
    };
    (problem.kind, &problem.params["site"])
}

#[tokio::test]
async fn a_sku_that_another_site_sells_is_refused_before_anything_is_written() {
    let script = Script::new([ok(british("PUBLISHED", "ACTIVE"))]);
    script
        .known_items
        .lock()
        .unwrap()
        .push_back(responses(item("en_GB")));
    let new = batch("publish", vec![change(1, "A", &[], publish(offer()))]);
    let fates = submit(&script, &new).await;
    assert_eq!(told(&fates), (ProblemKind::SkuOnOtherSite, "EBAY_GB"));
    let lines = script.lines();
    assert!(
        lines.iter().all(|line| line.starts_with("GET ")),
        "{lines:?}"
    );
}

#[tokio::test]
async fn of_two_sites_that_publish_at_once_one_is_refused() {
    let made = json!([{"statusCode": 200, "sku": "A", "offerId": "9"}]);
    let script = Script::new([
        responses(json!([{"statusCode": 200, "sku": "A"}])),
        responses(made),
        ok(british("UNPUBLISHED", "NOT_LISTED")),
    ]);
    let first = batch("publish", vec![change(1, "A", &[], publish(offer()))]);
    let fates = submit(&script, &first).await;
    let [Fate::Advanced { binding }] = &fates[..] else {
        panic!("{fates:?}")
    };
    // The other site has written the item in its own language meanwhile.
    script
        .known_items
        .lock()
        .unwrap()
        .push_back(responses(item("en_GB")));
    let sent = binding.get("sent").unwrap();
    let known = [("offer_id", "9"), ("sent", sent)];
    let second = batch("publish", vec![change(1, "A", &known, publish(offer()))]);
    let fates = submit(&script, &second).await;
    assert_eq!(told(&fates), (ProblemKind::SkuOnOtherSite, "EBAY_GB"));
    assert_eq!(script.lines()[..2], [ITEMS, CREATE]);
    assert_eq!(script.lines().len(), 3, "nothing was published");
}

#[tokio::test]
async fn an_item_that_another_site_wrote_and_sells_is_not_revised() {
    let known = [("offer_id", "9")];
    let revise = || {
        let action = Action::Revise(Box::new(offer()));
        batch("revise", vec![change(1, "A", &known, action)])
    };
    let script = Script::new([ok(british("PUBLISHED", "ACTIVE"))]);
    let read = || responses(item("en_GB"));
    script.known_items.lock().unwrap().push_back(read());
    let fates = submit(&script, &revise()).await;
    assert_eq!(told(&fates), (ProblemKind::SkuOnOtherSite, "EBAY_GB"));
    assert_eq!(script.lines().len(), 1, "nothing was written");
    // It sells there no more: this site takes it over.
    let script = Script::new([
        ok(british("UNPUBLISHED", "NOT_LISTED")),
        responses(json!([{"statusCode": 200, "sku": "A"}])),
        ok(json!({"offerId": "9"})),
        answer(204, json!(null)),
    ]);
    script.known_items.lock().unwrap().push_back(read());
    let fates = submit(&script, &revise()).await;
    assert!(matches!(fates[..], [Fate::Applied { .. }]), "{fates:?}");
}
