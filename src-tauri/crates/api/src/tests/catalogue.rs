//! The list of products, edits of one and of many, and taking them back.

use barrow_market::{AttributeRule, CategoryRules, ValueBound};
use barrow_model::{CategoryId, ListingId, Overrides, Site};
use barrow_store::AdviceOf;
use serde_json::{Value, json};

use super::World;

/// Five products with prices, costs and stock.
async fn world() -> World {
    let world = World::new();
    world.add_account().await;
    world
        .import(
            "sku,title,brand,price,cost,quantity\n\
             MUG-1,Blue mug,Acme,12.50,10.00,3\n\
             MUG-2,Red mug,Acme,20.00,5.00,0\n\
             VASE-1,Tall vase,Umbra,8.00,7.90,9\n\
             VASE-2,Low vase,,9.00,,1\n\
             BOWL-1,Wide bowl,Umbra,,,4\n",
        )
        .await;
    world
}

fn skus(answer: &Value) -> Vec<&str> {
    let rows = answer["products"].as_array().expect("products");
    rows.iter().filter_map(|row| row["sku"].as_str()).collect()
}

#[tokio::test]
async fn filtered_lists_are_cut_by_place_and_counted() {
    let world = world().await;
    let check = async |filter: Value, expected: &[&str]| {
        let asked = json!({"filter": filter, "cells": true});
        let answer = world.call("products", asked).await;
        assert_eq!(skus(&answer), expected, "{filter} {answer}");
        assert_eq!(answer["total"], expected.len(), "{filter}");
        let count = world
            .call("products_count", json!({"filter": filter}))
            .await;
        assert_eq!(count["count"], expected.len(), "{filter}");
        assert_eq!(count["view"], answer["view"]);
        assert_eq!((&count["skus"], &count["products"]), (&json!(5), &json!(5)));
    };
    check(
        json!({"brands": ["Acme", "Umbra"], "on_hand": true}),
        &["BOWL-1", "MUG-1", "VASE-1"],
    )
    .await;
    check(json!({"brand": "Acme", "price_max": 1500}), &["MUG-1"]).await;
    check(json!({"margin_max": 100}), &["VASE-1"]).await;
    check(json!({"costed": false, "priced": true}), &["VASE-2"]).await;
    check(json!({"listing": {"account": "shop", "listed": true}}), &[]).await;
    let page = world
        .call(
            "products",
            json!({"filter": {"gtin": false}, "at": 3, "limit": 1}),
        )
        .await;
    assert_eq!(skus(&page), ["VASE-1"]);
    assert_eq!(page["next"], "VASE-1");
    let brands = world.call("brands", json!({"search": "um"})).await;
    assert_eq!(
        brands,
        json!({"brands": [{"name": "Umbra", "products": 2}]})
    );
}

#[tokio::test]
async fn a_search_takes_filters_and_goes_on() {
    let world = world().await;
    let typed = world.call("products", json!({"search": "mug"})).await;
    assert_eq!(
        (skus(&typed), &typed["total"]),
        (vec!["MUG-1", "MUG-2"], &Value::Null)
    );
    let narrowed = world
        .call(
            "products",
            json!({"search": "mug", "filter": {"on_hand": false}}),
        )
        .await;
    assert_eq!(
        (skus(&narrowed), &narrowed["total"]),
        (vec!["MUG-2"], &json!(1))
    );
    let sorted = world
        .call(
            "products",
            json!({"search": "vase", "sort": "sku", "descending": true}),
        )
        .await;
    assert_eq!(skus(&sorted), ["VASE-2", "VASE-1"]);
    let count = world
        .call("products_count", json!({"search": "vase"}))
        .await;
    assert_eq!(
        (&count["count"], &count["complete"]),
        (&json!(2), &json!(true))
    );
}

#[tokio::test]
async fn a_list_is_gone_on_with_as_it_was() {
    let world = world().await;
    let filter = json!({"on_hand": true});
    let first = world
        .call("products", json!({"filter": filter, "limit": 2}))
        .await;
    let sold = json!({"sku": "BOWL-1", "set": 0});
    world.call("stock", sold).await;
    let asked = json!({"filter": filter, "limit": 2, "at": 2, "view": first["view"]});
    assert_eq!(
        skus(&world.call("products", asked).await),
        ["VASE-1", "VASE-2"]
    );
    let asked = json!({"filter": filter, "limit": 2, "at": 2});
    assert_eq!(skus(&world.call("products", asked).await), ["VASE-2"]);
}

#[tokio::test]
async fn rows_tell_how_they_stand_at_each_account() {
    let world = world().await;
    world
        .call("listing_add", json!({"account": "shop", "skus": ["MUG-1"]}))
        .await;
    let answer = world
        .call("products", json!({"cells": true, "sort": "margin"}))
        .await;
    let rows = answer["products"].as_array().expect("products");
    let mug = rows
        .iter()
        .find(|row| row["sku"] == "MUG-1")
        .expect("a mug");
    assert_eq!(mug["margin"], 200);
    assert_eq!(mug["cells"][0]["account"], "shop");
    assert_eq!(mug["cells"][0]["state"], "pending");
    let vase = rows
        .iter()
        .find(|row| row["sku"] == "VASE-2")
        .expect("a vase");
    assert_eq!(
        (&vase["margin"], &vase["cells"]),
        (&Value::Null, &json!([]))
    );
    let without = world.call("products", json!({})).await;
    assert_eq!(without["products"][0].get("cells"), None);
}

#[tokio::test]
async fn many_are_previewed_edited_and_taken_back_in_one_go() {
    let world = world().await;
    let request = |preview: bool| {
        json!({"all": true, "filter": {"priced": true}, "except": ["MUG-2"], "preview": preview,
            "edits": [{"field": "price", "how": "percent", "value": "+10", "ending": "0.99"},
                {"field": "quantity", "how": "add", "value": "-1"},
                {"field": "brand", "how": "set", "value": "Acme"}]})
    };
    let shown = world.call("set_many", request(true)).await;
    assert_eq!(
        (&shown["done"], &shown["changed"]),
        (&json!(0), &json!(3)),
        "{shown}"
    );
    assert_eq!(
        shown["rows"][0],
        json!({"sku": "MUG-1", "title": "Blue mug", "fields": [
            {"field": "price", "from": "12.50 USD", "to": "13.99 USD"},
            {"field": "quantity", "from": "3", "to": "2"}]})
    );
    let price = async |sku: &str| {
        let answer = world.call("product", json!({"sku": sku})).await;
        answer["variants"][0]["price"]["amount"].clone()
    };
    assert_eq!(price("MUG-1").await, "12.50");
    let done = world.call("set_many", request(false)).await;
    assert_eq!(
        (&done["done"], &done["rows"]),
        (&json!(3), &json!([])),
        "{done}"
    );
    assert_eq!(
        [price("MUG-1").await, price("VASE-1").await],
        ["13.99", "8.99"]
    );
    let edits = world.call("edits", json!({})).await;
    assert_eq!(
        (&edits["undo"]["count"], &edits["undo"]["kind"]),
        (&json!(3), &json!("set_many"))
    );
    let wrong = world.call("edit_undo", json!({"expected": 99})).await;
    assert_eq!(wrong["error"]["kind"], "conflict");
    let undone = world
        .call("edit_undo", json!({"expected": edits["undo"]["id"]}))
        .await;
    // MUG-1 two values, the vases three each but for the one whose brand was none before.
    assert_eq!(
        (&undone["done"], &undone["refused"]),
        (&json!(8), &json!([])),
        "{undone}"
    );
    assert_eq!(
        [price("MUG-1").await, price("VASE-1").await],
        ["12.50", "8.00"]
    );
    let again = world.call("edit_redo", json!({})).await;
    assert_eq!(again["done"], 8);
    assert_eq!(price("VASE-1").await, "8.99");
    assert_eq!(
        world.call("edit_redo", json!({})).await["batch"],
        Value::Null
    );
}

#[tokio::test]
async fn what_cannot_be_edited_so_is_named_and_the_rest_is_done() {
    let world = world().await;
    let answer = world
        .call(
            "set_many",
            json!({"skus": ["BOWL-1", "MUG-1", "NONE"],
                "edits": [{"field": "price", "how": "add", "value": "0.50"}]}),
        )
        .await;
    assert_eq!(
        [
            &answer["done"],
            &answer["matched"],
            &answer["refused_count"]
        ],
        [1, 2, 2].map(Value::from).each_ref(),
        "{answer}"
    );
    let kinds = answer["refused"].as_array().expect("a list").iter();
    let kinds: Vec<_> = kinds.map(|one| (&one["sku"], &one["kind"])).collect();
    assert_eq!(
        kinds,
        [
            (&json!("NONE"), &json!("not_found")),
            (&json!("BOWL-1"), &json!("bulk_no_amount"))
        ]
    );
    let check = async |edit: Value, why: &str| {
        let request = json!({"skus": ["MUG-1"], "edits": [edit]});
        let told = world.call("set_many", request).await;
        assert_eq!(told["error"]["params"]["why"], why, "{told}");
    };
    check(
        json!({"field": "title", "how": "percent", "value": "3"}),
        "field_invalid",
    )
    .await;
    check(
        json!({"field": "price", "how": "add", "value": "much"}),
        "field_invalid",
    )
    .await;
    check(
        json!({"field": "sku", "how": "set", "value": "X"}),
        "field_invalid",
    )
    .await;
    check(
        json!({"field": "nose", "how": "set", "value": "X"}),
        "field_unknown",
    )
    .await;
    let below = world
        .call(
            "set_many",
            json!({"skus": ["MUG-1"], "edits": [{"field": "quantity", "how": "add",
                "value": "-9"}]}),
        )
        .await;
    assert_eq!(below["refused"][0]["kind"], "bulk_below_zero");
    let unread = world
        .call(
            "set_many",
            json!({"skus": ["MUG-1"], "edits": [{"field": "price", "how": "set",
                "value": "cheap"}]}),
        )
        .await;
    assert_eq!(unread["refused"][0]["kind"], "not_an_amount", "{unread}");
}

#[tokio::test]
async fn an_attribute_is_filled_with_what_another_field_says() {
    let world = world().await;
    let answer = world
        .call(
            "set_many",
            json!({"all": true, "edits": [
                {"field": "attribute:Maker", "how": "copy", "value": "brand"},
                {"field": "attribute:Kind", "how": "set", "value": "home"}]}),
        )
        .await;
    assert_eq!(
        (&answer["done"], &answer["refused_count"]),
        (&json!(4), &json!(1)),
        "{answer}"
    );
    assert_eq!(answer["refused"][0]["kind"], "bulk_nothing_to_copy");
    let mug = world.call("product", json!({"sku": "MUG-1"})).await;
    assert_eq!(
        mug["product"]["attributes"]["Maker"],
        json!(["Acme"]),
        "{mug}"
    );
    assert_eq!(mug["product"]["attributes"]["Kind"], json!(["home"]));
}

#[tokio::test]
async fn single_edits_stock_and_overrides_are_taken_back_too() {
    let world = world().await;
    world
        .call("listing_add", json!({"account": "shop", "skus": ["MUG-1"]}))
        .await;
    let set = json!({"account": "shop", "sku": "MUG-1", "overrides": {"price": "15.00"}});
    world
        .call(
            "set",
            json!({"sku": "MUG-1", "fields": {"title": "Navy mug"}}),
        )
        .await;
    world.call("stock", json!({"sku": "MUG-1", "add": 4})).await;
    world.call("listing_set", set).await;
    let ledger = world.call("stock_ledger", json!({"sku": "MUG-1"})).await;
    let told = ledger["movements"].as_array().expect("movements").iter();
    let told: Vec<_> = told.map(|m| (&m["change"], &m["on_hand"])).collect();
    assert_eq!(told, [(&json!(4), &json!(7)), (&json!(3), &json!(3))]);
    let listed = world
        .call("product_listings", json!({"sku": "MUG-1"}))
        .await;
    let own = &listed["listings"][0]["listing"]["overrides"]["price"]["amount"];
    assert_eq!(own, "15.00", "{listed}");
    assert_eq!(listed["listings"][0]["title"], "Navy mug");
    assert_eq!(listed["listings"][0]["title_chars_max"], 80);
    for kind in ["listing_set", "stock", "set"] {
        let undone = world.call("edit_undo", json!({})).await;
        assert_eq!(undone["batch"]["kind"], kind);
        assert_eq!(undone["done"], 1, "{undone}");
    }
    let listed = world
        .call("product_listings", json!({"sku": "MUG-1"}))
        .await;
    assert_eq!(listed["listings"][0]["listing"]["overrides"], json!({}));
    let mug = world.call("product", json!({"sku": "MUG-1"})).await;
    assert_eq!(
        (&mug["product"]["title"], &mug["stocks"][0]["on_hand"]),
        (&json!("Blue mug"), &json!(3))
    );
    let history = world
        .call("history", json!({"sku": "MUG-1", "limit": 1}))
        .await;
    assert_eq!(
        (&history["edits"][0]["from"], &history["edits"][0]["to"]),
        (&json!("Navy mug"), &json!("Blue mug"))
    );
    let older = world
        .call("history", json!({"sku": "MUG-1", "after": history["next"]}))
        .await;
    assert_eq!(older["edits"].as_array().map(Vec::len), Some(1));
}

#[tokio::test]
async fn only_values_that_go_with_the_others_are_offered() {
    let world = world().await;
    world
        .call("listing_add", json!({"account": "shop", "skus": ["MUG-1"]}))
        .await;
    let listed = world
        .call("product_listings", json!({"sku": "MUG-1"}))
        .await;
    let id = listed["listings"][0]["listing"]["id"].as_i64();
    let id = ListingId(id.expect("an id"));
    let account = world.api.account("shop").await.expect("an account");
    let rules = CategoryRules {
        attributes: vec![AttributeRule {
            name: "Size Type".to_owned(),
            closed: true,
            values: vec!["Regular".to_owned(), "Maternity".to_owned()],
            bounds: vec![ValueBound {
                value: "Maternity".to_owned(),
                attribute: "Department".to_owned(),
                values: vec!["Women".to_owned()],
            }],
            ..AttributeRule::default()
        }],
        ..CategoryRules::default()
    };
    let text = serde_json::to_string(&rules).expect("JSON");
    let category = CategoryId("tops".to_owned());
    let of = AdviceOf {
        marketplace: account.marketplace,
        endpoint: account.endpoint,
        site: Site("BAZAAR_US".to_owned()),
    };
    let stored = world.store.write(|tx| {
        tx.store_category(id, &category)?;
        tx.store_category_rules(&of, &category, &text)
    });
    stored.expect("stores");
    let offered = async |department: &str| {
        let overrides = Overrides {
            attributes: [("Department".to_owned(), vec![department.to_owned()])].into(),
            ..Overrides::default()
        };
        let set = world
            .store
            .write(|tx| tx.set_overrides(id, &overrides, None));
        set.expect("stores");
        let listed = world
            .call("product_listings", json!({"sku": "MUG-1"}))
            .await;
        listed["listings"][0]["attributes"][0]["choices"].clone()
    };
    assert_eq!(offered("Men").await, json!(["Regular"]));
    assert_eq!(offered("women").await, json!(["Regular", "Maternity"]));
}
