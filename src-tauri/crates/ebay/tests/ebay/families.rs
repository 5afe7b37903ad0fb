//! Variants as one listing, against scripted answers.

use std::sync::Arc;

use barrow_market::{Fate, Retry};
use barrow_model::{Action, FamilyMembership, Offer, OptionValue, ProblemKind};
use serde_json::{Value, json};

use crate::listings::{CREATE, ITEMS, batch, change, kind, publish, responses, submit};
use crate::requests::offer;
use crate::script::{Reply, Script, answer, connect, ok};

const GROUP: &str = "/sell/inventory/v1/inventory_item_group/SHIRT";
const PUBLISH: &str = "POST /sell/inventory/v1/offer/publish_by_inventory_item_group";

fn variant(colour: &str) -> Offer {
    let mut offer = offer();
    offer.content.attributes.remove("Color");
    offer.content.options = vec![OptionValue {
        name: "Color".to_owned(),
        value: colour.to_owned(),
    }];
    offer.content.family = Some(FamilyMembership {
        key: "SHIRT".to_owned(),
        title: offer.content.title.clone(),
        primary: false,
        axes: vec!["Color".to_owned()],
        attributes: offer.content.attributes.clone(),
        images: offer.content.images.clone(),
    });
    offer
}

/// Publishes of variants whose offers are made and hold what is wanted.
async fn ready(variants: &[(&str, &str)]) -> Vec<barrow_model::Change> {
    let mut changes = Vec::new();
    for (number, (sku, colour)) in (1..).zip(variants) {
        let script = Script::new([
            responses(json!([{"statusCode": 200, "sku": sku}])),
            responses(
                json!([{"statusCode": 200, "sku": sku, "marketplaceId": "EBAY_US",
                "format": "FIXED_PRICE", "offerId": format!("9{number}")}]),
            ),
        ]);
        let first = change(number, sku, &[], publish(variant(colour)));
        let fates = submit(&script, &batch("publish", vec![first])).await;
        assert_eq!(script.lines(), [ITEMS, CREATE]);
        let title = &script.asked()[0].json()["requests"][0]["product"]["title"];
        assert!(
            title.is_null(),
            "the group's title stands over all: {title}"
        );
        let [Fate::Advanced { binding }] = &fates[..] else {
            panic!("{fates:?}")
        };
        let known: Vec<(&str, &str)> = binding
            .0
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()))
            .collect();
        changes.push(change(number, sku, &known, publish(variant(colour))));
    }
    changes
}

fn unknown_group() -> Reply {
    answer(404, json!({"errors": [{"errorId": 25705}]}))
}

fn bindings(fates: &[Fate]) -> Vec<[Option<&str>; 3]> {
    let names = ["offer_id", "listing_id", "group"];
    let mut all = Vec::new();
    for fate in fates {
        let Fate::Applied {
            binding: Some(binding),
        } = fate
        else {
            panic!("{fate:?}");
        };
        all.push(names.map(|name| binding.get(name)));
    }
    all
}

fn put_body(script: &Arc<Script>) -> Value {
    let asked = script.asked();
    let put = asked
        .iter()
        .rev()
        .find(|one| one.line() == format!("PUT {GROUP}"));
    put.expect("the group is written").json()
}

#[tokio::test]
async fn variants_become_one_group_and_one_publish() {
    let changes = ready(&[("S-RED", "Red"), ("S-BLUE", "Blue")]).await;
    let script = Script::new([
        unknown_group(),
        answer(201, json!({})),
        ok(json!({"listingId": "110", "warnings": []})),
    ]);
    let fates = submit(&script, &batch("publish", changes)).await;
    let expected = |offer| [Some(offer), Some("110"), Some("SHIRT")];
    assert_eq!(bindings(&fates), [expected("91"), expected("92")]);
    let lines = [
        format!("GET {GROUP}"),
        format!("PUT {GROUP}"),
        PUBLISH.to_owned(),
    ];
    assert_eq!(script.lines(), lines);
    let body = put_body(&script);
    assert_eq!(body["variantSKUs"], json!(["S-RED", "S-BLUE"]));
    let axes = json!([{"name": "Color", "values": ["Red", "Blue"]}]);
    assert_eq!(body["variesBy"]["specifications"], axes);
    assert_eq!(body["title"], json!(offer().content.title));
    assert!(
        body["aspects"]["Color"].is_null(),
        "an axis is not shared: {body}"
    );
}

#[tokio::test]
async fn a_variant_that_joins_erases_nothing_of_the_group() {
    let changes = ready(&[("S-BLUE", "Blue")]).await;
    let known = json!({
        "inventoryItemGroupKey": "SHIRT", "title": "Old", "description": "Old",
        "subtitle": "Bought by others", "videoIds": ["v-1"],
        "aspects": {"Care": ["Cold wash"], "Color": ["Red"]},
        "variantSKUs": ["S-RED", "S-DRAFT"],
        "variesBy": {"specifications": [{"name": "Color", "values": ["Red"]}],
            "aspectsImageVariesBy": ["Color"]},
    });
    let shown = json!({"offers": [{"offerId": "80", "sku": "S-RED", "marketplaceId": "EBAY_US",
        "format": "FIXED_PRICE", "status": "PUBLISHED",
        "listing": {"listingId": "110", "listingStatus": "ACTIVE"}}]});
    let script = Script::new([
        ok(known),
        ok(shown),
        ok(json!({"offers": [{"offerId": "81", "sku": "S-DRAFT", "status": "UNPUBLISHED"}]})),
        answer(204, Value::Null),
        ok(json!({"listingId": "110", "warnings": []})),
    ]);
    let item = json!({"responses": [{"statusCode": 200, "sku": "S-RED", "inventoryItem": {
        "sku": "S-RED", "product": {"aspects": {"Color": ["Red"]}}}}]});
    script.known_items.lock().unwrap().push_back(ok(item));
    let fates = submit(&script, &batch("publish", changes)).await;
    assert_eq!(bindings(&fates)[0][1], Some("110"));
    let body = put_body(&script);
    assert_eq!(
        body["variantSKUs"],
        json!(["S-RED", "S-BLUE"]),
        "what buyers see stays"
    );
    assert_eq!(body["subtitle"], "Bought by others");
    assert_eq!(body["videoIds"], json!(["v-1"]));
    assert_eq!(body["aspects"]["Care"], json!(["Cold wash"]));
    assert!(body["aspects"]["Color"].is_null(), "an axis: {body}");
    assert_eq!(body["variesBy"]["aspectsImageVariesBy"], json!(["Color"]));
    assert!(body["inventoryItemGroupKey"].is_null());
    let values = &body["variesBy"]["specifications"][0]["values"];
    assert_eq!(*values, json!(["Red", "Blue"]));
}

#[tokio::test]
async fn a_variant_that_ebay_names_is_refused_alone() {
    let changes = ready(&[("S-1", "Red"), ("S-10", "Blue")]).await;
    let named = json!({"errors": [{"errorId": 25704, "message":
        "The following SKU is already listed as a single SKU listing. SKU : S-1 Listing ID : 7",
        "parameters": [{"name": "listingId", "value": "7"}]}]});
    let script = Script::new([
        unknown_group(),
        answer(400, named),
        unknown_group(),
        answer(201, json!({})),
        ok(json!({"listingId": "110"})),
    ]);
    let fates = submit(&script, &batch("publish", changes)).await;
    assert_eq!(kind(&fates[0]), Some(ProblemKind::ListedAlone));
    assert!(matches!(fates[1], Fate::Applied { .. }), "{fates:?}");
    assert_eq!(put_body(&script)["variantSKUs"], json!(["S-10"]));
}

#[tokio::test]
async fn a_write_at_the_same_time_is_tried_again_by_all() {
    let changes = ready(&[("S-1", "Red"), ("S-2", "Blue")]).await;
    let busy = json!({"errors": [{"errorId": 25025, "message": "Concurrent access. SKU : S-1"}]});
    let script = Script::new([unknown_group(), answer(400, busy)]);
    let fates = submit(&script, &batch("publish", changes)).await;
    for fate in &fates {
        let again = matches!(
            fate,
            Fate::Refused {
                retry: Retry::After(_),
                ..
            }
        );
        assert!(again, "{fate:?}");
    }
}

#[tokio::test]
async fn a_sku_that_is_to_stand_alone_leaves_its_group_first() {
    let in_group = json!([{"statusCode": 400, "offerId": "9", "errors": [{"errorId": 25732}]}]);
    let mut alone = variant("Red");
    alone.content.family = None;
    let script = Script::new([
        responses(json!([{"statusCode": 200, "sku": "S-1"}])),
        ok(json!({"offerId": "9"})),
        answer(204, Value::Null),
        responses(in_group),
        ok(json!({"sku": "S-1", "groupIds": ["SHIRT"]})),
        ok(json!({"offers": [{"offerId": "9", "sku": "S-1", "status": "UNPUBLISHED"}]})),
        ok(json!({"variantSKUs": ["S-1"]})),
        answer(204, Value::Null),
    ]);
    let known = [("offer_id", "9")];
    let change = change(1, "S-1", &known, publish(alone));
    let fates = submit(&script, &batch("publish", vec![change])).await;
    assert!(matches!(fates[0], Fate::Advanced { .. }), "{fates:?}");
    assert_eq!(script.lines().pop(), Some(format!("DELETE {GROUP}")));
}

#[tokio::test]
async fn a_variant_that_has_sold_goes_to_zero_instead_of_leaving() {
    let offer = |id: &str, sku: &str, sold: u32| {
        json!({"offers": [{"offerId": id, "sku": sku, "marketplaceId": "EBAY_US",
            "status": "PUBLISHED", "availableQuantity": 3, "listing": {"listingId": "110",
            "listingStatus": "ACTIVE", "soldQuantity": sold}}]})
    };
    let script = Script::new([
        ok(offer("9", "S-1", 2)),
        ok(json!({"variantSKUs": ["S-1", "S-2"]})),
        ok(offer("8", "S-2", 0)),
        responses(json!([{"statusCode": 200, "sku": "S-1", "offerId": "9"}])),
    ]);
    let known = [("offer_id", "9"), ("listing_id", "110"), ("group", "SHIRT")];
    let end = change(1, "S-1", &known, Action::End);
    let fates = submit(&script, &batch("end", vec![end])).await;
    assert!(matches!(fates[0], Fate::Applied { .. }), "{fates:?}");
    let sent = script.asked().pop().unwrap().json();
    assert_eq!(
        sent["requests"][0]["offers"],
        json!([{"offerId": "9", "availableQuantity": 0}])
    );
}

fn shown(id: &str, sku: &str, quantity: u32, sold: u32) -> Reply {
    ok(
        json!({"offers": [{"offerId": id, "sku": sku, "marketplaceId": "EBAY_US",
        "status": "PUBLISHED", "availableQuantity": quantity, "listing": {"listingId": "110",
        "listingStatus": "ACTIVE", "soldQuantity": sold}}]}),
    )
}

fn item_of(sku: &str, colour: &str) -> Reply {
    ok(
        json!({"responses": [{"statusCode": 200, "sku": sku, "inventoryItem": {
        "sku": sku, "product": {"aspects": {"Color": [colour]}}}}]}),
    )
}

#[tokio::test]
async fn a_group_that_varies_in_something_else_is_left_alone() {
    let changes = ready(&[("S-BLUE", "Blue")]).await;
    let known = json!({"variantSKUs": ["OTHER"],
        "variesBy": {"specifications": [{"name": "Length", "values": ["Long"]}]}});
    let script = Script::new([ok(known), shown("80", "OTHER", 1, 0)]);
    let other = item_of("OTHER", "Red");
    script.known_items.lock().unwrap().push_back(other);
    let fates = submit(&script, &batch("publish", changes)).await;
    assert_eq!(kind(&fates[0]), Some(ProblemKind::FamilyInvalid));
    assert!(script.lines().iter().all(|line| line.starts_with("GET ")));
}

#[tokio::test]
async fn a_variant_published_a_moment_ago_stays_though_it_does_not_show() {
    let first = ready(&[("S-RED", "Red")]).await;
    let second = ready(&[("S-BLUE", "Blue")]).await;
    let known = json!({"variantSKUs": ["S-RED"],
        "variesBy": {"specifications": [{"name": "Color", "values": ["Red"]}]}});
    let stale = json!({"offers": [{"offerId": "91", "sku": "S-RED", "status": "UNPUBLISHED"}]});
    let script = Script::new([
        unknown_group(),
        answer(201, json!({})),
        ok(json!({"listingId": "110"})),
        ok(known),
        ok(stale),
        answer(204, Value::Null),
        ok(json!({"listingId": "110"})),
    ]);
    let adapter = connect(&script);
    let role = adapter.listings().unwrap();
    role.submit(&batch("publish", first)).await.unwrap();
    script
        .known_items
        .lock()
        .unwrap()
        .push_back(item_of("S-RED", "Red"));
    role.submit(&batch("publish", second)).await.unwrap();
    let members = &put_body(&script)["variantSKUs"];
    assert_eq!(*members, json!(["S-RED", "S-BLUE"]));
}

#[tokio::test]
async fn a_member_whose_offer_is_not_found_stays_while_its_item_is_there() {
    let changes = ready(&[("S-BLUE", "Blue")]).await;
    let known = json!({"variantSKUs": ["S-RED"],
        "variesBy": {"specifications": [{"name": "Color", "values": ["Red"]}]}});
    let script = Script::new([
        ok(known),
        ok(json!({"offers": []})),
        answer(204, Value::Null),
        ok(json!({"listingId": "110"})),
    ]);
    let red = item_of("S-RED", "Red");
    script.known_items.lock().unwrap().push_back(red);
    submit(&script, &batch("publish", changes)).await;
    let members = &put_body(&script)["variantSKUs"];
    assert_eq!(*members, json!(["S-RED", "S-BLUE"]));
}

const BOUND: [(&str, &str); 3] = [("offer_id", "9"), ("listing_id", "110"), ("group", "SHIRT")];

#[tokio::test]
async fn a_mate_that_has_sold_out_is_not_ended_with_the_last_one_in_stock() {
    let group = || ok(json!({"variantSKUs": ["S-1", "S-2"]}));
    let script = Script::new([
        shown("9", "S-1", 3, 0),
        group(),
        shown("8", "S-2", 0, 5),
        group(),
        answer(204, Value::Null),
    ]);
    let end = change(1, "S-1", &BOUND, Action::End);
    let fates = submit(&script, &batch("end", vec![end])).await;
    assert!(matches!(fates[0], Fate::Applied { .. }), "{fates:?}");
    assert_eq!(put_body(&script)["variantSKUs"], json!(["S-2"]));
}

#[tokio::test]
async fn a_refusal_that_passes_sets_nothing_to_zero() {
    let group = || ok(json!({"variantSKUs": ["S-1", "S-2"]}));
    let script = Script::new([
        shown("9", "S-1", 3, 0),
        group(),
        shown("8", "S-2", 4, 0),
        group(),
        answer(400, json!({"errors": [{"errorId": 25025}]})),
    ]);
    let end = change(1, "S-1", &BOUND, Action::End);
    let fates = submit(&script, &batch("end", vec![end])).await;
    let retry = matches!(
        fates[0],
        Fate::Refused {
            retry: Retry::After(_),
            ..
        }
    );
    assert!(retry, "{fates:?}");
}
