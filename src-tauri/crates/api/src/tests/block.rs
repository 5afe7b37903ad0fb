//! What is pasted: many values in one go.

use serde_json::{Value, json};

use super::World;

async fn world() -> World {
    let world = World::new();
    world
        .import("sku,title,price,quantity\nA,Mug A,1.00,1\nB,Mug B,2.00,2\nC,Mug C,3.00,3\n")
        .await;
    let euros = json!({"sku": "B", "fields": {"price": "2.00 EUR"}});
    world.call("set", euros).await;
    world
}

async fn prices(world: &World) -> Vec<String> {
    let found = world.call("products", json!({})).await;
    let rows = found["products"].as_array().expect("products").iter();
    rows.map(|row| {
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let price = &row["price"];
        format!(
            "{} {} {}",
            text(&price["amount"]),
            text(&price["currency"]),
            row["on_hand"]
        )
    })
    .collect()
}

#[tokio::test]
async fn each_row_has_its_own_values_in_its_own_currency_and_one_undo_takes_all_back() {
    let world = world().await;
    let before = prices(&world).await;
    let rows = json!([
        {"sku": "A", "fields": {"price": "5"}},
        {"sku": "B", "fields": {"price": "6", "quantity": "9"}},
        {"sku": "C", "fields": {"price": "3.00"}},
    ]);
    let shown = world
        .call("set_block", json!({"rows": rows, "preview": true}))
        .await;
    let told = ["changed", "unchanged", "refused_count", "done"].map(|name| shown[name].clone());
    assert_eq!(told, [json!(2), json!(1), json!(0), json!(0)]);
    assert_eq!(shown["rows"][1]["fields"][0]["to"], "6.00 EUR");
    assert_eq!(prices(&world).await, before);
    let done = world.call("set_block", json!({"rows": rows})).await;
    assert_eq!(done["done"], 2);
    assert_eq!(
        prices(&world).await,
        ["5.00 USD 1", "6.00 EUR 9", "3.00 USD 3"]
    );
    let undone = world.call("edit_undo", json!({})).await;
    assert_eq!(undone["batch"]["count"], 2);
    assert_eq!(prices(&world).await, before);
}

#[tokio::test]
async fn where_one_row_is_wrong_nothing_is_kept() {
    let world = world().await;
    let before = prices(&world).await;
    let check = async |wrong: Value, sku: &str| {
        let rows = json!([{"sku": "A", "fields": {"price": "5"}}, wrong]);
        let answer = world.call("set_block", json!({"rows": rows})).await;
        assert_eq!(
            (&answer["done"], &answer["refused_count"]),
            (&json!(0), &json!(1))
        );
        assert_eq!(answer["refused"][0]["sku"], sku);
        assert_eq!(prices(&world).await, before);
    };
    check(json!({"sku": "Z", "fields": {"price": "5"}}), "Z").await;
    check(json!({"sku": "B", "fields": {"price": "a lot"}}), "B").await;
    check(json!({"sku": "C", "fields": {"title": " "}}), "C").await;
    check(json!({"sku": "C", "fields": {"sku": "A"}}), "C").await;
}

#[tokio::test]
async fn an_amount_that_names_its_currency_leaves_what_is_sold_in_another_alone() {
    let world = world().await;
    let check = async |how: &str, currency: Value, expected: [&str; 3], refused: u64| {
        let edit = json!({"field": "price", "how": how, "value": "5", "currency": currency});
        let ask = json!({"all": true, "edits": [edit]});
        let answer = world.call("set_many", ask).await;
        assert_eq!(answer["refused_count"], refused, "{how} {currency}");
        assert_eq!(prices(&world).await, expected, "{how} {currency}");
        world.call("edit_undo", json!({})).await;
    };
    let added = ["6.00 USD 1", "2.00 EUR 2", "8.00 USD 3"];
    check("add", json!("USD"), added, 1).await;
    check(
        "set",
        json!("EUR"),
        ["1.00 USD 1", "5.00 EUR 2", "3.00 USD 3"],
        2,
    )
    .await;
    check(
        "add",
        json!(null),
        ["6.00 USD 1", "7.00 EUR 2", "8.00 USD 3"],
        0,
    )
    .await;
}

#[tokio::test]
async fn bounds_of_prices_are_meant_in_their_currency() {
    let world = world().await;
    let filter = json!({"price_min": 150, "currency": "USD"});
    let found = world.call("products", json!({"filter": filter})).await;
    assert_eq!(
        (&found["total"], &found["products"][0]["sku"]),
        (&json!(1), &json!("C"))
    );
    let counted = world.call("products_count", json!({})).await;
    assert_eq!(counted["currency"], "USD");
}
