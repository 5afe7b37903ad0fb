//! JSON of another shape, and no body where one should be: neither tells that there is nothing.

use std::sync::Arc;

use barrow_market::{CategoryQuery, ErrorKind, Fate};
use barrow_model::{Binding, CategoryId, ListingId, ListingRef, ObservedState, Site, Sku};
use serde_json::json;

use crate::faults::TRIES;
use crate::listings::{batch, change, publish};
use crate::orders::ship;
use crate::requests::offer;
use crate::script::{Reply, Script, answer, connect, ok};

/// What a gateway may say instead of eBay.
fn others() -> [Reply; 3] {
    [
        ok(json!({"unexpected": [{"value": null}]})),
        ok(json!({"status": "UP"})),
        Reply::Answer(200, String::new()),
    ]
}

fn site() -> Site {
    Site("EBAY_US".to_owned())
}

fn listing() -> ListingRef {
    ListingRef {
        id: ListingId(1),
        site: site(),
        sku: Sku::new("A").unwrap(),
        binding: Binding::default().with("offer_id", "9"),
        pool: String::new(),
    }
}

#[tokio::test]
async fn listings_are_not_taken_for_gone() {
    for other in others() {
        let script = Script::new([other]);
        let adapter = connect(&script);
        let read = adapter.listings().unwrap().observe(&site(), None).await;
        assert_eq!(read.unwrap_err().kind, ErrorKind::Unreadable);
    }
    let items = || ok(json!({"total": 1, "inventoryItems": [{"sku": "A", "product": {}}]}));
    for other in others() {
        let script = Script::new([items(), other]);
        let adapter = connect(&script);
        let read = adapter.listings().unwrap().observe(&site(), None).await;
        assert_eq!(read.unwrap_err().kind, ErrorKind::Unreadable, "its offers");
    }
    let offers = || {
        ok(
            json!({"total": 1, "offers": [{"offerId": "9", "sku": "A", "status": "PUBLISHED",
            "marketplaceId": "EBAY_US", "format": "FIXED_PRICE", "availableQuantity": 3,
            "listing": {"listingId": "110", "listingStatus": "ACTIVE"}}]}),
        )
    };
    for (place, script) in others()
        .into_iter()
        .map(|other| ("offers", vec![other]))
        .chain(
            others()
                .into_iter()
                .map(|other| ("item", vec![offers(), other])),
        )
    {
        let script = Script::new(script);
        let adapter = connect(&script);
        let role = adapter.listings().unwrap();
        let read = role.observe_some(&[listing()]).await;
        assert_eq!(read.unwrap_err().kind, ErrorKind::Unreadable, "{place}");
    }
    let item = ok(json!({"sku": "A", "product": {"title": "Lamp"},
        "availability": {"shipToLocationAvailability": {"quantity": 3}}}));
    let script = Script::new([offers(), item]);
    let adapter = connect(&script);
    let role = adapter.listings().unwrap();
    let read = role.observe_some(&[listing()]).await.unwrap();
    assert_eq!(read[0].state, ObservedState::Live);
}

#[tokio::test]
async fn a_publish_without_an_answer_is_not_taken_for_lost() {
    for other in others() {
        let script = Script::new([other]);
        let adapter = connect(&script);
        let lost = batch("publish", vec![change(1, "A", &[], publish(offer()))]);
        let found = adapter.listings().unwrap().look_up(&lost).await;
        let unread = match &found {
            Err(error) => error.kind == ErrorKind::Unreadable,
            Ok(outcomes) => outcomes[0].fate == Fate::Unknown,
        };
        assert!(unread, "{found:?}");
    }
}

#[tokio::test]
async fn a_package_is_not_told_twice() {
    for other in others() {
        let script = Script::new([other]);
        let adapter = connect(&script);
        let sent = adapter.aftersales().unwrap().submit(&ship("1")).await;
        assert_eq!(sent.unwrap_err().kind, ErrorKind::Unreadable);
        assert_eq!(script.lines().len(), 1, "nothing is told");
    }
}

#[tokio::test]
async fn a_category_is_not_taken_for_one_that_demands_nothing() {
    let tree = || ok(json!({"categoryTreeId": "0", "categoryTreeVersion": "119"}));
    for other in others() {
        let script = Script::new([tree(), other]);
        let adapter = connect(&script);
        let category = CategoryId("31388".to_owned());
        let rules = adapter.core().category_rules(&site(), &category).await;
        assert_eq!(rules.unwrap_err().kind, ErrorKind::Unreadable);
    }
    for other in others() {
        let script = Script::new([tree(), other]);
        let adapter = connect(&script);
        let asked = CategoryQuery {
            title: "Lamp".to_owned(),
            path: Vec::new(),
        };
        let advice = adapter.core().suggest_category(&site(), &asked).await;
        assert_eq!(advice.unwrap_err().kind, ErrorKind::Unreadable);
    }
    // eBay says by 204, or by an empty list, that there is none.
    for none in [
        answer(204, json!(null)),
        ok(json!({"categorySuggestions": []})),
    ] {
        let script: Arc<Script> = Script::new([tree(), none]);
        let adapter = connect(&script);
        let asked = CategoryQuery {
            title: "Lamp".to_owned(),
            path: Vec::new(),
        };
        let advice = adapter.core().suggest_category(&site(), &asked).await;
        assert_eq!(advice.unwrap(), None);
    }
}

#[tokio::test]
async fn an_account_is_not_taken_for_one_without_policies() {
    for other in others() {
        let script = Script::new([other]);
        let adapter = connect(&script);
        let choices = adapter.core().choices(&site()).await;
        assert_eq!(choices.unwrap_err().kind, ErrorKind::Unreadable);
    }
}

#[tokio::test(start_paused = true)]
async fn what_is_read_in_part_is_not_taken_for_changed() {
    let item = json!({"sku": "A", "product": {"title": "A card"}, "condition": "USED_VERY_GOOD",
        "conditionDescriptors": [{"name": "40001", "values": ["400010"]}],
        "availability": {"shipToLocationAvailability": {"quantity": 1}}});
    let items = ok(json!({"total": 1, "inventoryItems": [item]}));
    let offers = ok(json!({"total": 1, "offers": [{"offerId": "9", "sku": "A",
        "status": "PUBLISHED", "marketplaceId": "EBAY_US", "format": "FIXED_PRICE",
        "categoryId": "183050", "availableQuantity": 1,
        "listing": {"listingId": "110", "listingStatus": "ACTIVE"}}]}));
    let down = || {
        answer(
            500,
            json!({"errors": [{"errorId": 62_000, "message": "no"}]}),
        )
    };
    let replies = [items, offers]
        .into_iter()
        .chain((0..TRIES).map(|_| down()));
    let script = Script::new(replies);
    let adapter = connect(&script);
    let read = adapter.listings().unwrap().observe(&site(), None).await;
    let read = read.unwrap();
    assert_eq!(read.listings[0].title.as_deref(), Some("A card"));
    assert_eq!(read.listings[0].details, None, "its grade is not known now");
}
