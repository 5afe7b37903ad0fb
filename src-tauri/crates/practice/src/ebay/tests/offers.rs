use serde_json::{Value, json};

use super::{Desk, INVENTORY, item};
use crate::HeldMoney;

fn bulk(desk: &mut Desk, requests: Value) -> super::Seen {
    let path = format!("{INVENTORY}/bulk_update_price_quantity");
    desk.post(&path, json!({ "requests": requests }))
}

#[test]
fn a_second_offer_names_the_first() {
    let mut desk = Desk::quiet();
    let offer = desk.offer("A-1", 2, "9.99");
    let body = desk.offer_body("A-1", "9.99");
    let seen = desk.post(&format!("{INVENTORY}/offer"), body);
    assert_eq!((seen.status, seen.error()), (400, 25002));
    let parameters = json!([{ "name": "offerId", "value": offer }]);
    assert_eq!(seen.body["errors"][0]["parameters"], parameters);
}

#[test]
fn what_an_offer_cannot_be() {
    let check = |change: fn(&mut Value), error: u64| {
        let mut desk = Desk::quiet();
        desk.item("A-1", 1);
        let mut body = desk.offer_body("A-1", "9.99");
        change(&mut body);
        let seen = desk.post(&format!("{INVENTORY}/offer"), body);
        assert_eq!((seen.status, seen.error()), (400, error), "{}", seen.body);
    };
    check(|body| body["sku"] = json!("other"), 25702);
    check(|body| body["marketplaceId"] = json!("EBAY_XX"), 25709);
    check(|body| body["format"] = json!("SWAP"), 25709);
    check(
        |body| body["pricingSummary"]["price"]["value"] = json!("0"),
        25003,
    );
    check(
        |body| body["pricingSummary"]["price"]["value"] = json!("-1"),
        25003,
    );
    check(
        |body| body["pricingSummary"]["price"]["value"] = json!("1.999"),
        25003,
    );
    check(
        |body| body["pricingSummary"]["price"]["value"] = json!(9.99),
        25003,
    );
    check(|body| body["availableQuantity"] = json!(-1), 25004);
    check(
        |body| body["listingDescription"] = json!("x".repeat(500_001)),
        25016,
    );
    check(|body| body["format"] = json!("AUCTION"), 25757);
    check(
        |body| body["pricingSummary"]["auctionStartPrice"] = json!({ "value": "1.0" }),
        25758,
    );
}

#[test]
fn a_bulk_of_offers_answers_for_each() {
    let mut desk = Desk::quiet();
    desk.item("A-1", 1);
    let good = desk.offer_body("A-1", "9.99");
    let bad = desk.offer_body("A-2", "9.99");
    let path = format!("{INVENTORY}/bulk_create_offer");
    let seen = desk.post(&path, json!({ "requests": [good, bad] }));
    assert_eq!(seen.status, 207);
    assert!(seen.body["responses"][0]["offerId"].is_string());
    assert_eq!(seen.body["responses"][1]["errors"][0]["errorId"], 25702);
    let check = |requests: Vec<Value>, error: u64| {
        let seen = Desk::quiet().post(&path, json!({ "requests": requests }));
        assert_eq!((seen.status, seen.error()), (400, error));
    };
    let offer = desk.offer_body("A-9", "9.99");
    check(vec![offer.clone(); 26], 25730);
    check(vec![offer.clone(); 2], 25729);
    check(vec![json!({ "sku": "A-9" })], 25735);
}

#[test]
fn offers_are_read_by_their_sku_only() {
    let mut desk = Desk::quiet();
    let offer = desk.offer("A-1", 2, "9.90");
    let seen = desk.get(&format!("{INVENTORY}/offer?sku=A-1"));
    assert_eq!(
        (seen.body["total"].as_u64(), seen.body["size"].as_u64()),
        (Some(1), Some(1))
    );
    let found = &seen.body["offers"][0];
    assert_eq!(found["offerId"], offer);
    assert_eq!(found["status"], "UNPUBLISHED");
    assert_eq!(found["pricingSummary"]["price"]["value"], "9.9");
    assert_eq!(found["includeCatalogProductDetails"], true);
    assert_eq!(desk.get(&format!("{INVENTORY}/offer")).error(), 25709);
    let seen = desk.get(&format!("{INVENTORY}/offer?sku=A-2"));
    assert_eq!((seen.status, seen.error()), (404, 25713));
}

#[test]
fn publishing_gives_a_listing_and_publishing_again_the_same() {
    let mut desk = Desk::quiet();
    let offer = desk.offer("A-1", 2, "9.99");
    let first = desk.publish(&offer);
    assert_eq!(first.status, 200, "{}", first.body);
    let again = desk.publish(&offer);
    assert_eq!(again.body["listingId"], first.body["listingId"]);
    assert_eq!(again.body["warnings"][0]["errorId"], 25402);
    let seen = desk.get(&format!("{INVENTORY}/offer/{offer}"));
    assert_eq!(seen.body["status"], "PUBLISHED");
    assert_eq!(seen.body["listing"]["listingStatus"], "ACTIVE");
    let held = &desk.held().listings[0];
    assert_eq!((held.state.as_str(), held.quantity), ("live", 2));
    let price = HeldMoney {
        amount: "9.99".to_owned(),
        currency: "USD".to_owned(),
    };
    assert_eq!(held.price, Some(price));
}

#[test]
fn withdrawing_keeps_the_offer_and_publishing_then_makes_a_new_listing() {
    let mut desk = Desk::quiet();
    let offer = desk.offer("A-1", 2, "9.99");
    let first = desk.publish(&offer).body["listingId"].clone();
    let withdraw = format!("{INVENTORY}/offer/{offer}/withdraw");
    assert_eq!(desk.post(&withdraw, json!({})).body["listingId"], first);
    assert_eq!(desk.held().listings[0].state, "ended");
    assert_eq!(desk.post(&withdraw, json!({})).error(), 25002);
    let second = desk.publish(&offer);
    assert_eq!(second.status, 200);
    assert_ne!(second.body["listingId"], first);
}

#[test]
fn the_publish_checklist() {
    let check = |item_change: fn(&mut Value), offer_change: fn(&mut Value), errors: &[u64]| {
        let mut desk = Desk::quiet();
        let mut body = item(3);
        item_change(&mut body);
        assert_eq!(
            desk.put(&format!("{INVENTORY}/inventory_item/A-1"), body)
                .status,
            201
        );
        let mut body = desk.offer_body("A-1", "9.99");
        offer_change(&mut body);
        let seen = desk.post(&format!("{INVENTORY}/offer"), body);
        let offer = seen.body["offerId"].as_str().unwrap().to_owned();
        let seen = desk.publish(&offer);
        assert_eq!(seen.errors(), errors, "{}", seen.body);
        assert_eq!(desk.held().listings[0].state, "pending");
    };
    let same = |_: &mut Value| {};
    check(|it| it["product"]["title"] = json!(""), same, &[25017]);
    check(|it| it["product"]["imageUrls"] = json!([]), same, &[25014]);
    check(|it| it["condition"] = Value::Null, same, &[25021]);
    check(|it| it["condition"] = json!("USED_GOOD"), same, &[25021]);
    check(
        |it| it["condition"] = json!("CERTIFIED_REFURBISHED"),
        same,
        &[25047],
    );
    check(|it| it["product"]["aspects"] = json!({}), same, &[25002]);
    check(
        |it| it["product"]["aspects"]["Brand"] = json!(["A", "B"]),
        same,
        &[25002],
    );
    check(|it| it["product"]["brand"] = Value::Null, same, &[25002]);
    check(|it| it["availability"] = json!({}), same, &[25004]);
    let no_description = |it: &mut Value| it["product"]["description"] = json!("");
    check(
        no_description,
        |it| it["listingDescription"] = Value::Null,
        &[25017],
    );
    check(
        same,
        |it| it["merchantLocationKey"] = json!("other"),
        &[25012],
    );
    check(same, |it| it["listingDuration"] = Value::Null, &[25006]);
    check(same, |it| it["categoryId"] = json!("293"), &[25005]);
    check(same, |it| it["categoryId"] = Value::Null, &[25005]);
    check(same, |it| it["pricingSummary"] = json!({}), &[25003]);
    check(
        same,
        |it| it["pricingSummary"]["price"]["currency"] = json!("EUR"),
        &[25003],
    );
    check(
        same,
        |it| it["listingPolicies"] = json!({}),
        &[25007, 25008, 25009],
    );
    check(same, |it| it["availableQuantity"] = json!(0), &[25004]);
}

#[test]
fn a_missing_aspect_is_named_by_the_third_parameter() {
    let mut desk = Desk::quiet();
    let mut body = item(3);
    body["product"]["aspects"] = json!({});
    desk.put(&format!("{INVENTORY}/inventory_item/A-1"), body);
    let body = desk.offer_body("A-1", "9.99");
    let offer = desk.post(&format!("{INVENTORY}/offer"), body).body["offerId"].clone();
    let seen = desk.publish(offer.as_str().unwrap());
    let parameters = &seen.body["errors"][0]["parameters"];
    assert_eq!(parameters[2], json!({ "name": "2", "value": "Brand" }));
}

#[test]
fn another_marketplaces_policy_or_language_is_not_found() {
    let mut desk = Desk::quiet();
    desk.item("A-1", 3);
    let mut body = desk.offer_body("A-1", "9.99");
    body["marketplaceId"] = json!("EBAY_GB");
    body["pricingSummary"]["price"]["currency"] = json!("GBP");
    let offer = desk.post(&format!("{INVENTORY}/offer"), body).body["offerId"].clone();
    let offer = offer.as_str().unwrap();
    assert_eq!(desk.publish(offer).error(), 25604);
    desk.headers.retain(|(name, _)| name != "content-language");
    desk.headers
        .push(("content-language".to_owned(), "en-GB".to_owned()));
    desk.item("A-1", 3);
    assert_eq!(desk.publish(offer).error(), 25713);
}

#[test]
fn a_bulk_publish_answers_for_each() {
    let mut desk = Desk::quiet();
    let good = desk.offer("A-1", 1, "9.99");
    let bad = desk.offer("A-2", 0, "9.99");
    let path = format!("{INVENTORY}/bulk_publish_offer");
    let entries = |ids: &[&str]| {
        let list: Vec<Value> = ids.iter().map(|id| json!({ "offerId": id })).collect();
        json!({ "requests": list })
    };
    let seen = desk.post(&path, entries(&[&good, &bad, "1"]));
    assert_eq!(seen.status, 207);
    let responses = &seen.body["responses"];
    assert!(responses[0]["listingId"].is_string());
    assert_eq!(responses[1]["errors"][0]["errorId"], 25004);
    assert_eq!(responses[2]["errors"][0]["errorId"], 25713);
    assert_eq!(desk.post(&path, entries(&[&good, &good])).error(), 25731);
    assert_eq!(desk.post(&path, entries(&["1"; 26])).error(), 25730);
    assert_eq!(desk.post(&path, entries(&[&good])).status, 200);
}

#[test]
fn an_update_replaces_the_offer_and_revises_the_listing() {
    let mut desk = Desk::quiet();
    let offer = desk.live("A-1", 5, "9.99");
    let path = format!("{INVENTORY}/offer/{offer}");
    let mut body = desk.offer_body("A-1", "19.50");
    body["availableQuantity"] = json!(2);
    assert_eq!(desk.put(&path, body.clone()).status, 204);
    let held = desk.held().listings[0].clone();
    assert_eq!(
        (held.quantity, held.price.unwrap().amount.as_str()),
        (2, "19.50")
    );
    body.as_object_mut().unwrap().remove("availableQuantity");
    assert_eq!(desk.put(&path, body.clone()).status, 204);
    assert!(desk.get(&path).body.get("availableQuantity").is_none());
    for name in [
        "listingDescription",
        "categoryId",
        "listingPolicies",
        "pricingSummary",
    ] {
        let mut body = body.clone();
        body.as_object_mut().unwrap().remove(name);
        assert_eq!(desk.put(&path, body).error(), 25017, "{name}");
    }
    assert_eq!(
        desk.put(&format!("{INVENTORY}/offer/1"), body).error(),
        25713
    );
}

#[test]
fn prices_and_quantities_are_updated_entry_by_entry() {
    let mut desk = Desk::quiet();
    let live = desk.live("A-1", 5, "9.99");
    let waiting = desk.offer("A-2", 5, "9.99");
    let price = json!({ "value": "18.49", "currency": "USD" });
    let nothing = json!({ "value": "0", "currency": "USD" });
    let seen = bulk(
        &mut desk,
        json!([
            { "sku": "A-1", "shipToLocationAvailability": { "quantity": 9 },
              "offers": [{ "offerId": live, "availableQuantity": 7, "price": price }] },
            { "sku": "A-2", "offers": [{ "offerId": waiting, "availableQuantity": 7 }] },
            { "sku": "A-3", "shipToLocationAvailability": { "quantity": 1 } },
            { "sku": "A-1", "offers": [{ "offerId": waiting, "availableQuantity": 1 }] },
            { "sku": "A-1", "offers": [{ "offerId": live }] },
            { "sku": "A-1", "offers": [{ "offerId": live, "price": nothing }] },
        ]),
    );
    assert_eq!(seen.status, 207);
    let entries = seen.body["responses"].as_array().unwrap();
    let codes: Vec<_> = entries
        .iter()
        .map(|entry| entry["errors"][0]["errorId"].as_u64().unwrap_or(0))
        .collect();
    assert_eq!(codes, [0, 0, 25002, 25702, 25713, 25709, 25003]);
    let held = desk.held().listings[0].clone();
    assert_eq!(
        (held.quantity, held.price.unwrap().amount.as_str()),
        (7, "18.49")
    );
    let seen = bulk(
        &mut desk,
        json!([
            { "sku": "A-1", "shipToLocationAvailability": { "quantity": 3 } },
        ]),
    );
    assert_eq!(seen.status, 200);
    assert_eq!(desk.held().listings[0].quantity, 3);
}

#[test]
fn an_offers_own_quantity_caps_the_items() {
    let mut desk = Desk::quiet();
    let offer = desk.live("A-1", 5, "9.99");
    bulk(
        &mut desk,
        json!([
            { "sku": "A-1", "offers": [{ "offerId": offer, "availableQuantity": 2 }] },
        ]),
    );
    bulk(
        &mut desk,
        json!([{ "sku": "A-1", "shipToLocationAvailability": { "quantity": 50 } }]),
    );
    assert_eq!(desk.held().listings[0].quantity, 2);
}

#[test]
fn more_than_25_entries_are_refused_whole() {
    let mut desk = Desk::quiet();
    desk.live("A-1", 5, "9.99");
    let entry = json!({ "sku": "A-1", "shipToLocationAvailability": { "quantity": 1 } });
    let seen = bulk(&mut desk, json!(vec![entry; 26]));
    assert_eq!((seen.status, seen.error()), (400, 25709));
    assert_eq!(desk.held().listings[0].quantity, 5);
}

#[test]
fn nothing_in_stock_hides_a_listing_or_is_refused() {
    let mut desk = Desk::quiet();
    let offer = desk.live("A-1", 5, "9.99");
    let nil = json!([{ "sku": "A-1", "shipToLocationAvailability": { "quantity": 0 } }]);
    assert_eq!(bulk(&mut desk, nil.clone()).status, 200);
    assert_eq!(desk.held().listings[0].state, "out_of_stock");
    let seen = desk.get(&format!("{INVENTORY}/offer/{offer}"));
    assert_eq!(seen.body["listing"]["listingStatus"], "OUT_OF_STOCK");
    let some = json!([{ "sku": "A-1", "shipToLocationAvailability": { "quantity": 4 } }]);
    assert_eq!(bulk(&mut desk, some).status, 200);
    assert_eq!(desk.held().listings[0].state, "live");

    let program = json!({ "programType": "OUT_OF_STOCK_CONTROL" });
    desk.post("/sell/account/v1/program/opt_out", program);
    let seen = bulk(&mut desk, nil);
    assert_eq!(seen.body["responses"][0]["errors"][0]["errorId"], 25002);
    let seen = desk.put(&format!("{INVENTORY}/inventory_item/A-1"), item(0));
    assert_eq!(seen.error(), 25004);
    desk.order("A-1", 4);
    assert_eq!(desk.held().listings[0].state, "ended");
    let seen = desk.get(&format!("{INVENTORY}/offer/{offer}"));
    assert_eq!(seen.body["status"], "PUBLISHED");
    assert_eq!(seen.body["listing"]["listingStatus"], "ENDED");
}

#[test]
fn a_listing_is_revised_250_times_a_day() {
    let mut desk = Desk::quiet();
    desk.live("A-1", 5, "9.99");
    let entry = json!({ "sku": "A-1", "shipToLocationAvailability": { "quantity": 6 } });
    for _ in 0..10 {
        assert_eq!(bulk(&mut desk, json!(vec![entry.clone(); 25])).status, 200);
    }
    let seen = desk.put(&format!("{INVENTORY}/inventory_item/A-1"), item(7));
    assert_eq!((seen.status, seen.error()), (400, 25002));
    assert_eq!(desk.held().listings[0].quantity, 6);
    desk.pass(12 * 3600);
    desk.token = desk.refresh();
    assert_eq!(
        desk.put(&format!("{INVENTORY}/inventory_item/A-1"), item(7))
            .status,
        204
    );
}

#[test]
fn fees_are_told_by_marketplace_for_offers_that_wait() {
    let mut desk = Desk::quiet();
    let first = desk.offer("A-1", 5, "9.99");
    let second = desk.offer("A-2", 5, "9.99");
    let path = format!("{INVENTORY}/offer/get_listing_fees");
    let body = json!({ "offers": [{ "offerId": first }, { "offerId": second }] });
    let seen = desk.post(&path, body);
    assert_eq!(seen.body["feeSummaries"].as_array().unwrap().len(), 1);
    let fee = &seen.body["feeSummaries"][0]["fees"][0];
    assert_eq!(fee["amount"], json!({ "value": "0.0", "currency": "USD" }));
    desk.publish(&first);
    let seen = desk.post(&path, json!({ "offers": [{ "offerId": first }] }));
    assert_eq!(seen.error(), 25754);
}
