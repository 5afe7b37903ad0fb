//! Publishing, prices and ends against scripted answers.

use std::sync::Arc;

use barrow_ebay::CAPABILITY;
use barrow_market::{Batch, ErrorKind, Fate, Outcome, Retry, check_batch};
use barrow_model::{
    Action, Binding, Change, ChangeId, ListingId, ListingRef, ObservedState, Offer, ProblemKind,
    Site, Sku, Target,
};
use serde_json::{Value, json};

use crate::requests::{offer, usd};
use crate::script::{Reply, Script, answer, beginning, connect, ok};

pub(crate) const ITEMS: &str = "POST /sell/inventory/v1/bulk_create_or_replace_inventory_item";
pub(crate) const CREATE: &str = "POST /sell/inventory/v1/bulk_create_offer";
pub(crate) const PUBLISH: &str = "POST /sell/inventory/v1/bulk_publish_offer";
pub(crate) const PRICES: &str = "POST /sell/inventory/v1/bulk_update_price_quantity";

pub(crate) fn change(id: i64, sku: &str, binding: &[(&str, &str)], action: Action) -> Change {
    let binding = binding
        .iter()
        .fold(Binding::default(), |all, (name, value)| {
            all.with(name, *value)
        });
    Change {
        id: ChangeId(id),
        target: Target::Listing(ListingRef {
            id: ListingId(sku.bytes().map(i64::from).sum()),
            site: Site("EBAY_US".to_owned()),
            sku: Sku::new(sku).unwrap(),
            binding,
            pool: String::new(),
        }),
        action,
    }
}

pub(crate) fn publish(offer: Offer) -> Action {
    Action::Publish(Box::new(offer))
}

pub(crate) fn batch(lane: &'static str, changes: Vec<Change>) -> Batch {
    Batch {
        lane,
        changes,
        fingerprint: "f".to_owned(),
        begun_at: beginning(),
    }
}

pub(crate) fn responses(entries: Value) -> Reply {
    answer(207, json!({ "responses": entries }))
}

pub(crate) async fn submit(script: &Arc<Script>, batch: &Batch) -> Vec<Fate> {
    let adapter = connect(script);
    let outcomes = adapter.listings().unwrap().submit(batch).await.unwrap();
    outcomes
        .into_iter()
        .map(|outcome: Outcome| without_aspects(outcome.fate))
        .collect()
}

/// Bindings without the prints of aspects, which have tests of their own.
fn without_aspects(fate: Fate) -> Fate {
    let names = ["offer_id", "listing_id", "group", "sent"];
    let plain = |binding: Binding| {
        let kept = names
            .iter()
            .filter_map(|name| Some((*name, binding.get(name)?)));
        kept.fold(Binding::default(), |all, (name, value)| {
            all.with(name, value)
        })
    };
    match fate {
        Fate::Applied { binding } => Fate::Applied {
            binding: binding.map(plain),
        },
        Fate::Advanced { binding } => Fate::Advanced {
            binding: plain(binding),
        },
        other => other,
    }
}

pub(crate) fn kind(fate: &Fate) -> Option<ProblemKind> {
    match fate {
        Fate::Refused { problem, .. } => Some(problem.kind),
        _ => None,
    }
}

#[tokio::test]
async fn a_publish_makes_item_and_offer_first_and_publishes_then() {
    let script = Script::new([
        responses(json!([{"statusCode": 200, "sku": "A"}])),
        responses(
            json!([{"statusCode": 200, "sku": "A", "marketplaceId": "EBAY_US",
            "format": "FIXED_PRICE", "offerId": "9"}]),
        ),
        responses(json!([{"statusCode": 200, "offerId": "9", "listingId": "110"}])),
    ]);
    let first = submit(
        &script,
        &batch("publish", vec![change(1, "A", &[], publish(offer()))]),
    )
    .await;
    let [Fate::Advanced { binding }] = &first[..] else {
        panic!("{first:?}")
    };
    assert_eq!(binding.get("offer_id"), Some("9"));
    let sent = binding.get("sent").unwrap().to_owned();
    let known = [("offer_id", "9"), ("sent", sent.as_str())];
    let again = batch("publish", vec![change(1, "A", &known, publish(offer()))]);
    let second = submit(&script, &again);
    let expected = Binding::default()
        .with("offer_id", "9")
        .with("listing_id", "110");
    assert_eq!(
        second.await,
        [Fate::Applied {
            binding: Some(expected)
        }]
    );
    assert_eq!(script.lines(), [ITEMS, CREATE, PUBLISH]);
    assert_eq!(
        script.asked()[2].json(),
        json!({"requests": [{"offerId": "9"}]})
    );
}

#[tokio::test]
async fn an_offer_that_holds_something_else_is_written_before_it_is_published() {
    let script = Script::new([
        responses(json!([{"statusCode": 204, "sku": "A"}])),
        ok(json!({"offerId": "9"})),
        answer(204, json!(null)),
        responses(
            json!([{"statusCode": 200, "offerId": "9", "listingId": "110",
            "warnings": [{"errorId": 25402}]}]),
        ),
    ]);
    let known = [("offer_id", "9"), ("listing_id", "110")];
    let changes = vec![change(1, "A", &known, publish(offer()))];
    let fates = submit(&script, &batch("publish", changes)).await;
    assert!(matches!(fates[0], Fate::Applied { .. }), "{fates:?}");
    assert_eq!(
        script.lines(),
        [
            ITEMS,
            "GET /sell/inventory/v1/offer/9",
            "PUT /sell/inventory/v1/offer/9",
            PUBLISH
        ]
    );
}

#[tokio::test]
async fn a_refused_category_and_a_refused_sku_are_named() {
    let refusal = |id: i64| {
        Script::new([
            responses(json!([{"statusCode": 204, "sku": "A"}])),
            ok(json!({"offerId": "9"})),
            answer(204, json!(null)),
            responses(json!([{"statusCode": 400, "offerId": "9",
                "errors": [{"errorId": id, "message": "x"}]}])),
        ])
    };
    for (id, name, value) in [(25005, "category", "53159"), (25707, "limit", "50")] {
        let script = refusal(id);
        let changes = vec![change(1, "A", &[("offer_id", "9")], publish(offer()))];
        let fates = submit(&script, &batch("publish", changes)).await;
        let Fate::Refused { problem, .. } = &fates[0] else {
            panic!("{fates:?}")
        };
        assert_eq!(problem.params.get(name).map(String::as_str), Some(value));
    }
}

#[test]
fn a_sku_that_ebay_does_not_take_is_told_before_anything_is_sent() {
    let told = |sku: &str, binding: &[(&str, &str)]| {
        let changes = vec![change(1, sku, binding, publish(offer()))];
        let (_, mut refused) = check_batch(&CAPABILITY, batch("publish", changes));
        refused.pop().map(|outcome| outcome.fate)
    };
    for sku in ["A B", "A/B", "Ä"] {
        let fate = told(sku, &[]);
        let Some(Fate::Refused { problem, retry }) = &fate else {
            panic!("{fate:?}")
        };
        assert_eq!((problem.kind, *retry), (ProblemKind::SkuInvalid, Retry::No));
        assert_eq!(problem.params["allowed"], "- _ .");
        assert_eq!(told(sku, &[("offer_id", "9")]), None, "it is there already");
    }
    assert_eq!(told("A-b_1.", &[]), None);
}

#[tokio::test]
async fn what_stands_at_ebay_beside_ours_is_not_erased() {
    let script = Script::new([
        responses(json!([{"statusCode": 204, "sku": "A"}])),
        ok(
            json!({"offerId": "9", "sku": "A", "status": "PUBLISHED", "quantityLimitPerBuyer": 3,
            "categoryId": "1", "tax": {"vatPercentage": 19.0}, "storeCategoryNames": ["/Boots"],
            "regulatory": {"manufacturer": {"companyName": "Maker"}}, "charity": {},
            "pricingSummary": {"price": {"value": "1.0", "currency": "USD"},
                "originalRetailPrice": {"value": "30.0", "currency": "USD"}},
            "listingPolicies": {"returnPolicyId": "1",
                "bestOfferTerms": {"bestOfferEnabled": true}}}),
        ),
        answer(204, json!(null)),
    ]);
    let known = json!({"sku": "A", "locale": "en_US", "inventoryItemGroupKeys": ["g"],
        "condition": "NEW", "conditionDescription": "Boxed", "packageWeightAndSize":
            {"packageType": "MAILING_BOX"}, "product": {"title": "Old", "subtitle": "Sub",
            "videoIds": ["v"], "aspects": {"Color": ["Red"]}}});
    let read = responses(json!([{"statusCode": 200, "sku": "A", "inventoryItem": known}]));
    script.known_items.lock().unwrap().push_back(read);
    let wanted = Action::Revise(Box::new(offer()));
    let changes = vec![change(1, "A", &[("offer_id", "9")], wanted)];
    let fates = submit(&script, &batch("revise", changes)).await;
    let binding = Some(Binding::default().with("offer_id", "9"));
    assert_eq!(fates, [Fate::Applied { binding }]);
    let asked = script.asked();
    let item = &asked[0].json()["requests"][0];
    assert_eq!(item["product"]["subtitle"], json!("Sub"));
    assert_eq!(item["product"]["videoIds"], json!(["v"]));
    assert_eq!(item["conditionDescription"], json!("Boxed"));
    assert_eq!(
        item["packageWeightAndSize"]["packageType"],
        json!("MAILING_BOX")
    );
    assert_ne!(item["product"]["title"], json!("Old"));
    assert_eq!(item.get("inventoryItemGroupKeys"), None);
    let body = asked[2].json();
    assert_eq!(body["tax"], json!({"vatPercentage": 19.0}));
    assert_eq!(
        body["regulatory"]["manufacturer"]["companyName"],
        json!("Maker")
    );
    assert_eq!(body["quantityLimitPerBuyer"], json!(3));
    assert_eq!(body["storeCategoryNames"], json!(["/Boots"]));
    assert_eq!(
        body["listingPolicies"]["bestOfferTerms"]["bestOfferEnabled"],
        json!(true)
    );
    assert_eq!(body["listingPolicies"]["returnPolicyId"], json!("63"));
    assert_eq!(
        body["pricingSummary"]["originalRetailPrice"]["value"],
        json!("30.0")
    );
    assert_eq!(body["pricingSummary"]["price"]["value"], json!("19.99"));
    assert_eq!(body["categoryId"], json!("53159"));
    for name in ["offerId", "sku", "status", "charity"] {
        assert_eq!(body.get(name), None, "{name}");
    }
}

#[tokio::test]
async fn an_item_that_cannot_be_read_is_not_written() {
    let script = Script::new([]);
    let busy = responses(json!([{"statusCode": 500, "sku": "A",
        "errors": [{"errorId": 25001, "message": "x"}]}]));
    script.known_items.lock().unwrap().push_back(busy);
    let changes = vec![change(1, "A", &[], publish(offer()))];
    let fates = submit(&script, &batch("publish", changes)).await;
    assert!(
        matches!(
            &fates[..],
            [Fate::Refused {
                retry: Retry::After(_),
                ..
            }]
        ),
        "{fates:?}"
    );
    assert!(script.lines().is_empty());
}

#[tokio::test]
async fn one_bad_entry_spoils_no_other() {
    let missing = json!([{"errorId": 25002, "message": "Brand is missing.",
        "parameters": [{"name": "2", "value": "Brand"}]}]);
    let exists = json!([{"errorId": 25002, "message": "Offer entity already exists.",
        "parameters": [{"name": "offerId", "value": "8"}]}]);
    let script = Script::new([
        responses(
            json!([{"statusCode": 200, "sku": "A"}, {"statusCode": 400, "sku": "B",
            "errors": [{"errorId": 25001, "message": "x"}]}, {"statusCode": 200, "sku": "C"},
            {"statusCode": 200, "sku": "D"}]),
        ),
        responses(json!([{"statusCode": 400, "sku": "C", "errors": exists},
            {"statusCode": 400, "sku": "A", "errors": missing}])),
    ]);
    let changes = ["A", "B", "C", "D"].iter().enumerate();
    let changes = changes.map(|(i, sku)| change(i as i64, sku, &[], publish(offer())));
    let fates = submit(&script, &batch("publish", changes.collect())).await;
    assert_eq!(kind(&fates[0]), Some(ProblemKind::BrandMissing));
    assert!(
        matches!(
            fates[1],
            Fate::Refused {
                retry: Retry::After(_),
                ..
            }
        ),
        "{:?}",
        fates[1]
    );
    let adopted = Binding::default().with("offer_id", "8");
    assert_eq!(fates[2], Fate::Advanced { binding: adopted });
    assert_eq!(fates[3], Fate::Unknown, "an entry without an answer");
}

#[tokio::test]
async fn an_offer_that_is_there_is_adopted_also_where_the_call_was_refused() {
    let exists = json!({"errors": [{"errorId": 25002, "message": "Offer entity already exists.",
        "parameters": [{"name": "offerId", "value": "8"}]}]});
    let script = Script::new([
        responses(json!([{"statusCode": 200, "sku": "A"}])),
        answer(400, exists),
    ]);
    let changes = vec![change(1, "A", &[], publish(offer()))];
    let fates = submit(&script, &batch("publish", changes)).await;
    let binding = Binding::default().with("offer_id", "8");
    assert_eq!(fates, [Fate::Advanced { binding }]);
}

#[tokio::test]
async fn a_submit_that_had_no_effect_is_an_error() {
    let script = Script::new([answer(
        403,
        json!({"errors": [{"errorId": 1100, "message": "x"}]}),
    )]);
    let batch = batch("publish", vec![change(1, "A", &[], publish(offer()))]);
    let adapter = connect(&script);
    let error = adapter
        .listings()
        .unwrap()
        .submit(&batch)
        .await
        .unwrap_err();
    assert_eq!(error.kind, ErrorKind::Forbidden);
}

#[tokio::test]
async fn price_and_quantity_of_a_sku_travel_in_one_entry() {
    let script = Script::new([responses(json!([
        {"statusCode": 200, "sku": "A", "offerId": "9"},
        {"statusCode": 400, "sku": "B", "offerId": "8", "errors": [{"errorId": 25003}]}]))]);
    let (a, b) = ([("offer_id", "9")], [("offer_id", "8")]);
    let changes = vec![
        change(1, "A", &a, Action::SetPrice(usd(1849))),
        change(2, "A", &a, Action::SetQuantity(7)),
        change(3, "B", &b, Action::SetPrice(usd(100))),
    ];
    let fates = submit(&script, &batch("price_quantity", changes)).await;
    let applied = Fate::Applied { binding: None };
    assert_eq!(fates[..2], [applied.clone(), applied]);
    assert_eq!(kind(&fates[2]), Some(ProblemKind::PriceRefused));
    assert_eq!(script.lines(), [PRICES]);
    let expected = json!({"requests": [
        {"sku": "A", "shipToLocationAvailability": {"quantity": 7}, "offers": [{"offerId": "9",
            "availableQuantity": 7, "price": {"value": "18.49", "currency": "USD"}}]},
        {"sku": "B", "offers": [{"offerId": "8",
            "price": {"value": "1.00", "currency": "USD"}}]}]});
    assert_eq!(script.asked()[0].json(), expected);
}

#[tokio::test]
async fn a_bulk_call_refused_as_a_whole_is_sent_entry_by_entry() {
    let bad = json!({"errors": [{"errorId": 25709, "message": "x"}]});
    let script = Script::new([
        answer(400, bad.clone()),
        ok(json!({"responses": [{"statusCode": 200, "sku": "A", "offerId": "9"}]})),
        answer(400, bad),
    ]);
    let changes = vec![
        change(1, "A", &[("offer_id", "9")], Action::SetQuantity(1)),
        change(2, "B", &[("offer_id", "8")], Action::SetQuantity(2)),
    ];
    let fates = submit(&script, &batch("price_quantity", changes)).await;
    assert_eq!(fates[0], Fate::Applied { binding: None });
    assert_eq!(kind(&fates[1]), Some(ProblemKind::Refused));
}

#[tokio::test]
async fn ending_again_is_done_not_refused() {
    let script = Script::new([
        ok(json!({"listingId": "110"})),
        answer(400, json!({"errors": [{"errorId": 25002, "message": "x"}]})),
        ok(json!({"offerId": "8", "status": "UNPUBLISHED"})),
    ]);
    let changes = vec![
        change(
            1,
            "A",
            &[("offer_id", "9"), ("listing_id", "110")],
            Action::End,
        ),
        change(2, "B", &[("offer_id", "8")], Action::End),
    ];
    let fates = submit(&script, &batch("end", changes)).await;
    assert!(
        fates
            .iter()
            .all(|fate| matches!(fate, Fate::Applied { .. })),
        "{fates:?}"
    );
}

#[tokio::test]
async fn what_is_there_is_the_smaller_quantity_and_the_listings_own_state() {
    let listed = |id: &str, status: &str, quantity: u32| {
        ok(
            json!({"offers": [{"offerId": id, "marketplaceId": "EBAY_US", "status": "PUBLISHED",
            "availableQuantity": quantity, "pricingSummary": {"price": {"value": "35.0",
            "currency": "USD"}}, "listing": {"listingId": "1", "listingStatus": status}}]}),
        )
    };
    let item = |sku: &str| {
        json!({"sku": sku, "product": {"title": "T", "upc": ["Does not apply"]},
            "availability": {"shipToLocationAvailability": {"quantity": 4}}})
    };
    let script = Script::new([
        ok(json!({"inventoryItems": [item("A"), item("B"), item("C")], "total": 3})),
        listed("9", "ACTIVE", 9),
        listed("8", "ENDED", 2),
        answer(404, json!({"errors": [{"errorId": 25713}]})),
    ]);
    let site = Site("EBAY_US".to_owned());
    let page = connect(&script)
        .listings()
        .unwrap()
        .observe(&site, None)
        .await
        .unwrap();
    assert_eq!(page.next, None);
    let found: Vec<_> = page
        .listings
        .iter()
        .map(|seen| (seen.sku.as_str(), seen.quantity, seen.state))
        .collect();
    let expected = [
        ("A", Some(4), ObservedState::Live),
        ("B", Some(2), ObservedState::Ended),
    ];
    assert_eq!(found, expected);
    assert_eq!(page.listings[0].price, Some(usd(3500)));
    assert_eq!(page.listings[0].gtin, None);
}

#[test]
fn a_lane_carries_each_kind_that_is_offered() {
    use barrow_model::ActionKind;
    let offered: Vec<ActionKind> = ActionKind::ALL
        .into_iter()
        .filter(|kind| CAPABILITY.offers(*kind))
        .collect();
    let expected = [
        ActionKind::Publish,
        ActionKind::Revise,
        ActionKind::SetPrice,
        ActionKind::SetQuantity,
        ActionKind::End,
        ActionKind::Ship,
        ActionKind::Cancel,
        ActionKind::Refund,
        ActionKind::RejectCancel,
        ActionKind::AnswerCase,
    ];
    assert_eq!(offered, expected);
}

#[tokio::test]
async fn an_aspect_that_barrow_takes_back_goes_and_one_of_other_means_stays() {
    let revised = async |binding: Binding, colour: Option<&str>, there: Value| {
        let script = Script::new([
            responses(json!([{"statusCode": 204, "sku": "A"}])),
            ok(json!({"offerId": "9"})),
            answer(204, json!(null)),
        ]);
        let known = json!({"sku": "A", "condition": "NEW", "product": {"aspects": there}});
        let read = responses(json!([{"statusCode": 200, "sku": "A", "inventoryItem": known}]));
        script.known_items.lock().unwrap().push_back(read);
        let mut wanted = offer();
        wanted.content.attributes = colour
            .map(|colour| ("Color".to_owned(), vec![colour.to_owned()]))
            .into_iter()
            .collect();
        let mut change = change(1, "A", &[], Action::Revise(Box::new(wanted)));
        if let Target::Listing(listing) = &mut change.target {
            listing.binding = binding;
        }
        let adapter = connect(&script);
        let batch = batch("revise", vec![change]);
        let outcomes = adapter.listings().unwrap().submit(&batch).await.unwrap();
        let Fate::Applied {
            binding: Some(binding),
        } = outcomes[0].fate.clone()
        else {
            panic!("{outcomes:?}")
        };
        let sent = script.asked()[0].json()["requests"][0]["product"]["aspects"].clone();
        (binding, sent)
    };
    let there = json!({"Color": ["Blue"], "Year": ["1950"]});
    let adopted = Binding::default().with("offer_id", "9");
    let (known, sent) = revised(adopted, Some("Red"), there).await;
    assert_eq!(
        (&sent["Color"], &sent["Year"]),
        (&json!(["Red"]), &json!(["1950"]))
    );
    let (_, sent) = revised(known, None, sent).await;
    assert_eq!(sent.get("Color"), None, "it was Barrow's");
    assert_eq!(sent["Year"], json!(["1950"]), "it was not");
}

#[tokio::test]
async fn what_barrow_wrote_is_known_after_an_end() {
    let script = Script::new([ok(json!({"listingId": "110"}))]);
    let known = [
        ("offer_id", "9"),
        ("listing_id", "110"),
        ("aspects", "0123abcd"),
    ];
    let adapter = connect(&script);
    let batch = batch("end", vec![change(1, "A", &known, Action::End)]);
    let outcomes = adapter.listings().unwrap().submit(&batch).await.unwrap();
    let Fate::Applied {
        binding: Some(binding),
    } = &outcomes[0].fate
    else {
        panic!("{outcomes:?}")
    };
    let names = ["offer_id", "listing_id", "aspects"];
    let told = names.map(|name| binding.get(name));
    assert_eq!(told, [Some("9"), None, Some("0123abcd")]);
}

#[tokio::test]
async fn what_is_no_offer_is_not_written_back_as_one() {
    let script = Script::new([
        responses(json!([{"statusCode": 204, "sku": "A"}])),
        ok(json!({"unexpected": [{"value": null}]})),
    ]);
    let wanted = Action::Revise(Box::new(offer()));
    let changes = vec![change(1, "A", &[("offer_id", "9")], wanted)];
    let fates = submit(&script, &batch("revise", changes)).await;
    assert_eq!(
        kind(&fates[0]),
        Some(ProblemKind::AnswerUnreadable),
        "{fates:?}"
    );
    assert_eq!(script.lines(), [ITEMS, "GET /sell/inventory/v1/offer/9"]);
}
