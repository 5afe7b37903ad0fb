//! The lines of a plan, page by page.

use serde_json::{Value, json};

use super::World;

async fn world(products: usize) -> World {
    let world = World::new();
    world.add_account().await;
    let rows: String = (0..products)
        .map(|number| format!("M-{number:04},Mug {number},1.00,1,Potter\n"))
        .collect();
    world
        .import(&format!("sku,title,price,quantity,brand\n{rows}"))
        .await;
    world
        .call("listing_add", json!({"account": "shop", "all": true}))
        .await;
    world
}

fn skus(answer: &Value) -> Vec<&str> {
    let rows = answer["rows"].as_array().expect("rows").iter();
    rows.map(|row| row["sku"].as_str().unwrap_or_default())
        .collect()
}

#[tokio::test]
async fn a_plan_of_more_than_a_thousand_lines_is_seen_to_its_end() {
    let world = world(1_203).await;
    let planned = world.call("plan", json!({})).await;
    assert_eq!(planned["accounts"][0]["line_count"], 1_203);
    let last = world
        .call("plan_rows", json!({"at": 1_200, "limit": 100}))
        .await;
    assert_eq!(skus(&last), ["M-1200", "M-1201", "M-1202"]);
    assert_eq!(last["rows"][2]["title"], "Mug 1202");
    assert_eq!(
        (&last["total"], &last["all"]),
        (&json!(1_203), &json!(1_203))
    );
    let beyond = world.call("plan_rows", json!({"at": 5_000})).await;
    assert!(skus(&beyond).is_empty());
}

#[tokio::test]
async fn lines_are_those_of_the_plan_that_is_asked_for_and_a_plan_that_is_gone_is_told() {
    let world = world(3).await;
    let first = world.call("plan", json!({})).await["id"].clone();
    let rows = world.call("plan_rows", json!({"plan": first})).await;
    assert_eq!((&rows["plan"], &rows["all"]), (&first, &json!(3)));
    let some = world.call("plan", json!({"accounts": ["shop"]})).await;
    assert_eq!(some["id"], Value::Null);
    world.call("push", json!({})).await;
    let pushed = world.call("plan_rows", json!({"plan": first})).await;
    assert_eq!(skus(&pushed), skus(&rows), "a push leaves the lines");
    let second = world.call("plan", json!({})).await["id"].clone();
    assert_ne!(second, first);
    let gone = world.call("plan_rows", json!({"plan": first})).await;
    assert_eq!(gone["plan"], second);
    assert!(skus(&gone).is_empty());
}

#[tokio::test]
async fn lines_are_found_by_sku_account_group_and_state() {
    let world = world(12).await;
    let check = async |ask: Value, expected: &[&str]| {
        let found = world.call("plan_rows", ask.clone()).await;
        assert_eq!(skus(&found), expected, "{ask}");
        assert_eq!(found["all"], 12, "{ask}");
    };
    check(json!({"search": "m-001"}), &["M-0010", "M-0011"]).await;
    check(json!({"accounts": ["other"]}), &[]).await;
    check(json!({"groups": ["end"]}), &[]).await;
    check(
        json!({"groups": ["publish"], "search": "0003"}),
        &["M-0003"],
    )
    .await;
    check(json!({"states": ["held"]}), &[]).await;
    check(json!({"states": ["wanted"], "limit": 1}), &["M-0000"]).await;
}
