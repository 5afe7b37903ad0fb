use serde_json::{Value, json};

use super::{Desk, INVENTORY, item};

const SHIRT: &str = "SHIRT";

fn variation(color: &str, size: &str, quantity: u32) -> Value {
    let mut body = item(quantity);
    let product = body["product"].as_object_mut().unwrap();
    product.remove("title");
    product.insert(
        "aspects".to_owned(),
        json!({ "Brand": ["Acme"], "Color": [color], "Size": [size] }),
    );
    body
}

fn group(skus: &[&str]) -> Value {
    json!({
        "title": "Shirt",
        "description": "A shirt.",
        "imageUrls": ["https://images.example/shirt.jpg"],
        "aspects": { "Brand": ["Acme"] },
        "variantSKUs": skus,
        "variesBy": {
            "aspectsImageVariesBy": ["Color"],
            "specifications": [
                { "name": "Color", "values": ["Red"] },
                { "name": "Size", "values": ["M", "L"] },
            ],
        },
    })
}

fn path() -> String {
    format!("{INVENTORY}/inventory_item_group/{SHIRT}")
}

fn add_variation(desk: &mut Desk, sku: &str, size: &str, quantity: u32) -> String {
    let body = variation("Red", size, quantity);
    assert_eq!(
        desk.put(&format!("{INVENTORY}/inventory_item/{sku}"), body)
            .status,
        201
    );
    let mut body = desk.offer_body(sku, "20.00");
    body["categoryId"] = json!("15687");
    let seen = desk.post(&format!("{INVENTORY}/offer"), body);
    seen.body["offerId"].as_str().unwrap().to_owned()
}

fn publish(desk: &mut Desk) -> super::Seen {
    let path = format!("{INVENTORY}/offer/publish_by_inventory_item_group");
    desk.post(
        &path,
        json!({ "inventoryItemGroupKey": SHIRT, "marketplaceId": "EBAY_US" }),
    )
}

/// A desk with a group of two variations with offers, not yet published.
fn shirts() -> (Desk, String, String) {
    let mut desk = Desk::quiet();
    let medium = add_variation(&mut desk, "S-M", "M", 3);
    let large = add_variation(&mut desk, "S-L", "L", 4);
    let seen = desk.put(&path(), group(&["S-M", "S-L"]));
    assert_eq!(seen.status, 201, "{}", seen.body);
    (desk, medium, large)
}

fn state(desk: &Desk, sku: &str) -> (String, u32) {
    let held = desk.held();
    let listing = held
        .listings
        .iter()
        .find(|listing| listing.sku == sku)
        .unwrap();
    (listing.state.clone(), listing.quantity)
}

#[test]
fn variations_are_published_together_under_one_listing() {
    let (mut desk, medium, large) = shirts();
    let seen = publish(&mut desk);
    assert_eq!(seen.status, 200, "{}", seen.body);
    for offer in [&medium, &large] {
        let shown = desk.get(&format!("{INVENTORY}/offer/{offer}"));
        assert_eq!(shown.body["listing"]["listingId"], seen.body["listingId"]);
    }
    let again = publish(&mut desk);
    assert_eq!(again.body["listingId"], seen.body["listingId"]);
    assert_eq!(again.body["warnings"][0]["errorId"], 25402);
    let shown = desk.get(&format!("{INVENTORY}/inventory_item/S-M"));
    assert_eq!(shown.body["inventoryItemGroupKeys"], json!([SHIRT]));
    assert_eq!(desk.get(&path()).body["variantSKUs"], json!(["S-M", "S-L"]));
}

#[test]
fn a_member_is_not_published_alone() {
    let (mut desk, medium, _) = shirts();
    assert_eq!(desk.publish(&medium).error(), 25732);
}

#[test]
fn a_group_is_withdrawn_whole() {
    let (mut desk, medium, _) = shirts();
    let withdraw = format!("{INVENTORY}/offer/withdraw_by_inventory_item_group");
    let body = || json!({ "inventoryItemGroupKey": SHIRT, "marketplaceId": "EBAY_US" });
    assert_eq!(desk.post(&withdraw, body()).error(), 25725);
    publish(&mut desk);
    let alone = format!("{INVENTORY}/offer/{medium}/withdraw");
    assert_eq!(desk.post(&alone, json!({})).error(), 25002);
    assert_eq!(desk.post(&withdraw, body()).status, 204);
    assert_eq!(state(&desk, "S-M").0, "ended");
    assert_eq!(state(&desk, "S-L").0, "ended");
}

#[test]
fn a_variation_that_leaves_the_group_leaves_the_listing_unless_it_sold() {
    let (mut desk, ..) = shirts();
    publish(&mut desk);
    desk.order("S-M", 1);
    let seen = desk.put(&path(), group(&["S-L"]));
    assert_eq!((seen.status, seen.error()), (400, 25013));
    assert_eq!(desk.put(&path(), group(&["S-M"])).status, 204);
    assert_eq!(state(&desk, "S-L").0, "ended");
    assert_eq!(state(&desk, "S-M"), ("live".to_owned(), 2));
}

#[test]
fn a_variation_may_be_sold_out_while_another_is_not() {
    let (mut desk, ..) = shirts();
    publish(&mut desk);
    desk.order("S-M", 3);
    assert_eq!(state(&desk, "S-M"), ("out_of_stock".to_owned(), 0));
    assert_eq!(state(&desk, "S-L").0, "live");
}

#[test]
fn members_without_an_offer_are_left_out_and_join_later() {
    let mut desk = Desk::quiet();
    add_variation(&mut desk, "S-M", "M", 3);
    let body = variation("Red", "L", 3);
    desk.put(&format!("{INVENTORY}/inventory_item/S-L"), body);
    desk.put(&path(), group(&["S-M", "S-L"]));
    let first = publish(&mut desk);
    assert_eq!(first.status, 200, "{}", first.body);
    let mut body = desk.offer_body("S-L", "20.00");
    body["categoryId"] = json!("15687");
    desk.post(&format!("{INVENTORY}/offer"), body);
    let second = publish(&mut desk);
    assert_eq!(second.body["listingId"], first.body["listingId"]);
    assert_eq!(second.body["warnings"], json!([]));
    assert_eq!(state(&desk, "S-L").0, "live");
}

#[test]
fn who_can_be_a_member() {
    let (mut desk, ..) = shirts();
    let other = format!("{INVENTORY}/inventory_item_group/OTHER");
    assert_eq!(desk.put(&other, group(&["S-M"])).error(), 25703);
    assert_eq!(desk.put(&other, group(&["S-X"])).error(), 25701);
    desk.live("A-1", 1, "5.00");
    assert_eq!(desk.put(&other, group(&["A-1"])).error(), 25704);
    assert_eq!(desk.put(&other, group(&[])).error(), 25709);
    let long = format!("{INVENTORY}/inventory_item_group/{}", "x".repeat(51));
    assert_eq!(desk.put(&long, group(&["S-M"])).error(), 25709);
    assert_eq!(desk.get(&other).error(), 25705);
}

#[test]
fn data_that_do_not_fit_together_fail_the_whole() {
    let check = |change: fn(&mut Value)| {
        let (mut desk, ..) = shirts();
        let mut body = group(&["S-M", "S-L"]);
        change(&mut body);
        assert_eq!(desk.put(&path(), body).status, 204);
        let seen = publish(&mut desk);
        assert_eq!((seen.status, seen.error()), (400, 25013), "{}", seen.body);
        assert_eq!(state(&desk, "S-M").0, "pending");
    };
    check(|body| body["variesBy"] = json!({}));
    check(|body| body["variesBy"]["specifications"][1]["values"] = json!(["M"]));
    check(|body| {
        body["variesBy"]["specifications"] = json!([{ "name": "Color", "values": ["Red"] }])
    });
    check(|body| body["variesBy"]["specifications"][1]["name"] = json!("Department"));
    let (mut desk, medium, _) = shirts();
    let mut body = desk.offer_body("S-M", "20.00");
    body["categoryId"] = json!("57990");
    desk.put(&format!("{INVENTORY}/offer/{medium}"), body);
    assert_eq!(publish(&mut desk).error(), 25013);
}

#[test]
fn deleting_the_group_ends_the_listing_and_keeps_the_items() {
    let (mut desk, ..) = shirts();
    publish(&mut desk);
    assert_eq!(desk.delete(&path()).status, 204);
    assert_eq!(state(&desk, "S-M").0, "ended");
    assert_eq!(
        desk.get(&format!("{INVENTORY}/inventory_item/S-M")).status,
        200
    );
    assert_eq!(publish(&mut desk).error(), 25705);
}
