//! Products that are made, copied and removed by hand.

use barrow_model::{ListingId, ListingState};
use serde_json::{Value, json};

use super::World;
use crate::{ApiError, ApiErrorKind};

async fn refused(world: &World, request: Value) -> ApiError {
    let answer = world.api.call("product_make", request).await;
    answer.expect_err("is refused")
}

async fn world() -> World {
    let world = World::new();
    world.add_account().await;
    world
        .import(
            "sku,title,price,quantity,brand,gtin\nA,Mug A,1.00,1,Potter,4006381333931\n\
             B,Mug B,2.00,2,,\n",
        )
        .await;
    world
}

async fn skus(world: &World) -> Vec<String> {
    let found = world.call("products", json!({})).await;
    let rows = found["products"].as_array().expect("products").iter();
    rows.map(|row| row["sku"].as_str().unwrap_or_default().to_owned())
        .collect()
}

#[tokio::test]
async fn a_product_is_made_and_a_copy_has_no_barcode_and_no_stock() {
    let world = world().await;
    let made = world
        .call(
            "product_make",
            json!({"fields": {"sku": "N", "title": "New mug", "price": "12.90 EUR",
                "quantity": "4", "attribute:Colour": "Red"}}),
        )
        .await;
    assert_eq!(made["sku"], "N");
    let copied = world
        .call(
            "product_make",
            json!({"fields": {"sku": "A2", "title": "Mug A two"}, "copy_of": "A"}),
        )
        .await;
    assert_eq!(copied["sku"], "A2");
    let found = world.call("products", json!({})).await;
    let row = |sku: &str| -> Value {
        let rows = found["products"].as_array().expect("products").iter();
        rows.clone()
            .find(|row| row["sku"] == sku)
            .expect("a row")
            .clone()
    };
    let new = row("N");
    assert_eq!(new["price"], json!({"amount": "12.90", "currency": "EUR"}));
    assert_eq!(
        (&new["on_hand"], &new["title"]),
        (&json!(4), &json!("New mug"))
    );
    let copy = row("A2");
    let told = ["title", "brand", "gtin", "on_hand"].map(|name| copy[name].clone());
    assert_eq!(
        told,
        [json!("Mug A two"), json!("Potter"), json!(null), json!(0)]
    );
    assert_eq!(copy["price"]["amount"], "1.00");
    world.call("edit_undo", json!({})).await;
    assert_eq!(skus(&world).await, ["A", "B", "N"]);
}

#[tokio::test]
async fn what_is_wrong_is_told_as_of_a_file_and_nothing_is_made() {
    let world = world().await;
    let answer = world
        .call(
            "product_make",
            json!({"fields": {"sku": "N", "title": "New", "price": "a lot"}}),
        )
        .await;
    assert_eq!(answer["sku"], json!(null));
    assert_eq!(answer["refused"][0]["field"], "price");
    let taken = refused(&world, json!({"fields": {"sku": "A", "title": "New"}})).await;
    assert_eq!(taken.kind, ApiErrorKind::Duplicate);
    let blank = refused(&world, json!({"fields": {"sku": " ", "title": "New"}})).await;
    assert_eq!(blank.params["field"], "sku");
    assert_eq!(skus(&world).await, ["A", "B"]);
}

#[tokio::test]
async fn what_can_be_removed_is_shown_first_and_comes_back() {
    let world = world().await;
    world
        .call("listing_add", json!({"account": "shop", "skus": ["A"]}))
        .await;
    let mut ask = json!({"all": true, "search": "mug", "preview": true});
    let shown = world.call("products_remove", ask.clone()).await;
    let told = ["removable", "refused_count", "listings", "units"].map(|name| shown[name].clone());
    assert_eq!(told, [json!(2), json!(0), json!(1), json!(3)]);
    assert_eq!(skus(&world).await, ["A", "B"]);
    ask["preview"] = json!(false);
    let removed = world.call("products_remove", ask).await;
    assert_eq!(removed["done"], 2);
    assert!(skus(&world).await.is_empty());
    let back = world.call("edit_undo", json!({})).await;
    assert_eq!(back["done"], 2);
    assert_eq!(skus(&world).await, ["A", "B"]);
    let listed = world.call("listings", json!({"account": "shop"})).await;
    assert_eq!(listed["listings"][0]["state"], "new");
}

#[tokio::test]
async fn nothing_is_removed_but_what_was_seen() {
    let world = world().await;
    let mut ask = json!({"all": true, "search": "mug", "preview": true});
    let shown = world.call("products_remove", ask.clone()).await;
    let new = json!({"fields": {"sku": "C", "title": "New mug"}});
    assert_eq!(world.call("product_make", new).await["sku"], "C");
    ask["preview"] = json!(false);
    ask["seen"] = shown["mark"].clone();
    let kept = world.call("products_remove", ask.clone()).await;
    assert_eq!(
        (&kept["done"], &kept["changed"], &kept["removable"]),
        (&json!(0), &json!(true), &json!(3))
    );
    assert_eq!(skus(&world).await, ["A", "B", "C"]);
    ask["seen"] = kept["mark"].clone();
    let removed = world.call("products_remove", ask).await;
    assert_eq!(
        (&removed["done"], &removed["changed"]),
        (&json!(3), &json!(false))
    );
    assert!(skus(&world).await.is_empty());
}

#[tokio::test]
async fn what_is_listed_stays_until_its_listing_has_ended() {
    let world = world().await;
    world
        .call("listing_add", json!({"account": "shop", "skus": ["A"]}))
        .await;
    let listed = world.call("listings", json!({"account": "shop"})).await;
    let id = ListingId(listed["listings"][0]["id"].as_i64().expect("an id"));
    let published = world
        .store
        .write(|tx| tx.move_listing(id, ListingState::Live));
    published.expect("is live");
    let kept = world
        .call("products_remove", json!({"skus": ["A", "B", "Z"]}))
        .await;
    assert_eq!(
        (&kept["done"], &kept["listed_count"]),
        (&json!(1), &json!(1))
    );
    let kinds: Vec<&Value> = kept["refused"]
        .as_array()
        .expect("refused")
        .iter()
        .map(|one| &one["kind"])
        .collect();
    assert_eq!(kinds, ["not_found", "remove_listed"]);
    assert_eq!(skus(&world).await, ["A"]);
}

#[tokio::test]
async fn what_a_kit_keeps_too_is_not_told_as_kept_by_its_listings() {
    let world = world().await;
    for sku in ["A", "B"] {
        world
            .call("listing_add", json!({"account": "shop", "skus": [sku]}))
            .await;
    }
    let listed = world.call("listings", json!({"account": "shop"})).await;
    let listed = listed["listings"].as_array().expect("listings").iter();
    let ids: Vec<ListingId> = listed
        .map(|one| ListingId(one["id"].as_i64().expect("an id")))
        .collect();
    assert_eq!(ids.len(), 2);
    let published = world.store.write(|tx| {
        ids.iter()
            .try_for_each(|id| tx.move_listing(*id, ListingState::Live))
    });
    published.expect("are live");
    let kit = json!({"fields": {"sku": "K", "title": "Two mugs", "parts": "A:2"}});
    assert_eq!(world.call("product_make", kit).await["sku"], "K");
    let kept = world
        .call("products_remove", json!({"skus": ["A", "B"]}))
        .await;
    let told = kept["refused"].as_array().expect("refused").iter();
    let told: Vec<(&Value, &Value)> = told.map(|one| (&one["sku"], &one["kind"])).collect();
    let expected =
        [("A", "remove_in_kit"), ("B", "remove_listed")].map(|(a, b)| (json!(a), json!(b)));
    let expected: Vec<(&Value, &Value)> = expected.iter().map(|(a, b)| (a, b)).collect();
    assert_eq!(told, expected);
    assert_eq!(kept["listed_count"], 1);
}

#[tokio::test]
async fn a_marketplace_without_categories_finds_none_and_nothing_is_asked_for_no_words() {
    let world = world().await;
    for words in ["coffee mug", "  "] {
        let ask = json!({"account": "shop", "words": words});
        let found = world.call("category_search", ask).await;
        assert_eq!(found["categories"], json!([]), "{words}");
        assert_eq!(found["by_name"], json!(false), "{words} is no number");
    }
}
