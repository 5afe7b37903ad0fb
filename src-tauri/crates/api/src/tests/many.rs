//! Listings of many products in one go.

use serde_json::{Value, json};

use super::World;

/// Three mugs; two of them are listed at the shop, all at the branch.
async fn world() -> World {
    let world = World::new();
    world.add_account().await;
    world
        .call(
            "account_add",
            json!({"marketplace": "bazaar", "name": "branch",
                "settings": {"site": "BAZAAR_US"}, "secrets": {"key": "hunter3"}}),
        )
        .await;
    world
        .import("sku,title,price,quantity\nA,Mug A,1.00,1\nB,Mug B,1.00,1\nC,Cup C,1.00,1\n")
        .await;
    world
        .call(
            "listing_add",
            json!({"account": "shop", "skus": ["A", "B"]}),
        )
        .await;
    world
        .call("listing_add", json!({"account": "branch", "all": true}))
        .await;
    world
}

async fn states(world: &World, account: &str) -> Vec<String> {
    let listed = world.call("listings", json!({"account": account})).await;
    let listings = listed["listings"].as_array().expect("listings").iter();
    listings
        .map(|one| {
            let state = one["state"].as_str().unwrap_or_default();
            format!("{} {state}", one["sku"].as_str().unwrap_or_default())
        })
        .collect()
}

fn figures(answer: &Value) -> Vec<[Value; 4]> {
    let places = answer["places"].as_array().expect("places").iter();
    places
        .map(|place| {
            ["account", "changed", "unchanged", "not_listed"].map(|name| place[name].clone())
        })
        .collect()
}

#[tokio::test]
async fn everything_that_is_found_is_ended_after_it_was_shown() {
    // What never was at the marketplace ends at once.
    let world = world().await;
    let mut ask = json!({"all": true, "search": "mug", "turn": "end", "preview": true});
    let shown = world.call("listings_many", ask.clone()).await;
    let expected = [
        [json!("shop"), json!(2), json!(0), json!(0)],
        [json!("branch"), json!(2), json!(0), json!(0)],
    ];
    let mut told = figures(&shown);
    told.sort_by_key(|place| place[0] != "shop");
    assert_eq!(told, expected, "{shown}");
    assert_eq!((&shown["done"], &shown["products"]), (&json!(0), &json!(2)));
    assert_eq!(shown["rows"][0]["to"], "ending");
    assert!(!states(&world, "shop").await.contains(&"A ended".to_owned()));
    ask["preview"] = json!(false);
    let done = world.call("listings_many", ask.clone()).await;
    assert_eq!(done["done"], 4, "{done}");
    assert_eq!(states(&world, "shop").await, ["A ended", "B ended"]);
    let branch = states(&world, "branch").await;
    assert_eq!(
        branch.iter().filter(|one| one.ends_with("ended")).count(),
        2
    );
    let again = world.call("listings_many", ask).await;
    assert_eq!(
        (&again["done"], &again["places"][0]["unchanged"]),
        (&json!(0), &json!(2))
    );
}

#[tokio::test]
async fn a_preview_tells_nobody_of_a_change() {
    let world = world().await;
    let mut listening = world.api.events();
    let look = json!({"all": true, "turn": "end", "preview": true});
    world.call("listings_many", look).await;
    world.call("settings_set", json!({"theme": "dark"})).await;
    let told = serde_json::to_value(listening.next().await).expect("JSON");
    assert_eq!(told, json!({"type": "touched", "tags": ["settings"]}));
}

#[tokio::test]
async fn a_pause_reaches_one_account_and_is_taken_back() {
    let world = world().await;
    let ask =
        |turn: &str| json!({"skus": ["A", "C", "nothing"], "accounts": ["shop"], "turn": turn});
    let done = world.call("listings_many", ask("pause")).await;
    assert_eq!(
        figures(&done),
        [[json!("shop"), json!(1), json!(0), json!(1)]],
        "{done}"
    );
    assert_eq!(done["refused"][0]["sku"], "nothing");
    assert!(
        states(&world, "shop")
            .await
            .contains(&"A paused".to_owned())
    );
    let branch = states(&world, "branch").await;
    assert!(
        !branch.iter().any(|one| one.ends_with("paused")),
        "{branch:?}"
    );
    assert_eq!(world.call("listings_many", ask("resume")).await["done"], 1);
    let shop = states(&world, "shop").await;
    assert!(!shop.iter().any(|one| one.ends_with("paused")), "{shop:?}");
}

#[tokio::test]
async fn many_go_into_a_category_and_back() {
    let world = world().await;
    let category = async || {
        let listed = world.call("listings", json!({"account": "shop"})).await;
        let listings = listed["listings"].as_array().expect("listings").iter();
        let own = listings.map(|one| one["overrides"]["category"].clone());
        own.collect::<Vec<Value>>()
    };
    let ask = json!({"all": true, "accounts": ["shop"], "turn": "category", "category": "1712"});
    let mut look = ask.clone();
    look["preview"] = json!(true);
    let shown = world.call("listings_many", look).await;
    assert_eq!(
        (&shown["rows"][0]["to"], &shown["places"][0]["not_listed"]),
        (&json!("1712"), &json!(1)),
        "{shown}"
    );
    assert_eq!(category().await, [Value::Null, Value::Null]);
    assert_eq!(world.call("listings_many", ask).await["done"], 2);
    assert_eq!(category().await, [json!("1712"), json!("1712")]);
    let undone = world.call("edit_undo", json!({})).await;
    assert_eq!(undone["done"], 2, "{undone}");
    assert_eq!(category().await, [Value::Null, Value::Null]);
    let nothing = json!({"all": true, "accounts": ["shop"], "turn": "category"});
    let refused = world.call("listings_many", nothing).await;
    assert_eq!(refused["error"]["params"]["field"], "category");
}
