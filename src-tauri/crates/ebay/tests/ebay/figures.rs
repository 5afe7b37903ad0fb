//! How many calls it takes (ebay.md §6.1, §6.5).

use barrow_ebay::CAPABILITY;
use barrow_market::Fate;
use barrow_model::{Action, ActionKind};
use serde_json::{Value, json};

use crate::listings::{PRICES, batch, change, responses};
use crate::requests::usd;
use crate::script::{Script, connect};

#[tokio::test]
async fn ten_thousand_price_changes_take_four_hundred_calls() {
    let lane = CAPABILITY.lanes_for(ActionKind::SetPrice).next().unwrap();
    assert_eq!((lane.changes_max, lane.calls_per_batch), (25, 1));
    let skus: Vec<String> = (0..10_000).map(|number| format!("SKU-{number}")).collect();
    let answers = skus.chunks(lane.changes_max).map(|skus| {
        let entry = |sku: &String| {
            let offer = sku.replace("SKU", "offer");
            json!({"sku": sku, "offerId": offer, "statusCode": 200})
        };
        let entries: Vec<Value> = skus.iter().map(entry).collect();
        responses(json!(entries))
    });
    let script = Script::new(answers);
    let adapter = connect(&script);
    let role = adapter.listings().unwrap();
    let mut applied = 0;
    for (number, skus) in skus.chunks(lane.changes_max).enumerate() {
        let changes = skus.iter().enumerate().map(|(place, sku)| {
            let offer = sku.replace("SKU", "offer");
            let id = number * lane.changes_max + place + 1;
            let price = Action::SetPrice(usd(999));
            let mut one = change(
                i64::try_from(id).unwrap(),
                sku,
                &[("offer_id", offer.as_str())],
                price,
            );
            if let barrow_model::Target::Listing(listing) = &mut one.target {
                listing.id = barrow_model::ListingId(i64::try_from(id).unwrap());
            }
            one
        });
        let batch = batch("price_quantity", changes.collect());
        let outcomes = role.submit(&batch).await.unwrap();
        let done =
            |outcome: &&barrow_market::Outcome| outcome.fate == Fate::Applied { binding: None };
        applied += outcomes.iter().filter(done).count();
    }
    assert_eq!(applied, 10_000);
    let lines = script.lines();
    assert_eq!(lines.len(), 400);
    assert!(lines.iter().all(|line| line == PRICES));
}
