//! Shipments that are taken back, buyers that are erased, files of what a list shows, and pages
//! outside.

use serde_json::{Value, json};

use super::World;
use super::order_views::world;

const PARCEL: &str = "9400111899223100001234";

async fn ship(world: &World, order: &str) -> Value {
    let parcel = json!({"order": order, "carrier": "USPS", "tracking": PARCEL});
    let shipped = world.call("ship", parcel).await;
    assert_eq!(shipped["done"], 1, "{shipped}");
    shipped
}

async fn left(world: &World, order: &str) -> Value {
    let detail = world.call("order_detail", json!({"order": order})).await;
    detail["lines"][0]["left"].clone()
}

#[tokio::test]
async fn a_shipment_that_waits_is_taken_back_and_queued_again() {
    let world = world().await;
    let shipped = ship(&world, "M-2").await;
    let shipment = shipped["order"]["shipments"][0]["id"].clone();
    assert_eq!(left(&world, "M-2").await, 0);
    let ask = json!({"order": "shop/M-2", "shipment": shipment});
    let taken = world.call("ship_take_back", ask.clone()).await;
    assert_eq!(
        (&taken["done"], &taken["order"]["shipments"]),
        (&json!(1), &json!([])),
        "{taken}"
    );
    assert_eq!(left(&world, "M-2").await, 2);
    let receipts = world.call("receipts", json!({})).await;
    assert_eq!(receipts["receipts"][0]["state"], "dropped", "{receipts}");
    let again = world.call("ship", taken["shipments"][0].clone()).await;
    let first = &again["order"]["shipments"][0];
    assert_eq!(
        (&first["tracking"], &first["confirmation"], &first["id"]),
        (&json!(PARCEL), &json!("queued"), &shipment),
        "{again}"
    );
    assert_eq!(left(&world, "M-2").await, 0);
    let by_change = json!({"order": "M-2", "change": again["change_id"]});
    assert_eq!(world.call("ship_take_back", by_change).await["done"], 1);
    let none = json!({"order": "M-3", "shipment": shipment});
    let refused = world.call("ship_take_back", none).await;
    assert_eq!(refused["error"]["params"]["why"], "sent_already");
}

#[tokio::test]
async fn what_is_taken_back_leaves_other_parcels_alone() {
    let world = world().await;
    for units in [1, 1] {
        let parcel = json!({"order": "M-2", "carrier": "USPS", "tracking": PARCEL,
            "lines": [{"line_id": "1", "quantity": units}]});
        world.call("ship", parcel).await;
    }
    let order = world.call("order", json!({"order": "M-2"})).await;
    let ids = |order: &Value| -> Vec<Value> {
        let shipments = order["order"]["shipments"].as_array().expect("a list");
        shipments.iter().map(|one| one["id"].clone()).collect()
    };
    let [first, second] = ids(&order).try_into().expect("two parcels");
    let ask = json!({"order": "M-2", "shipment": first});
    assert_eq!(world.call("ship_take_back", ask).await["done"], 1);
    assert_eq!(left(&world, "M-2").await, 1);
    ship(&world, "M-2").await;
    let order = world.call("order", json!({"order": "M-2"})).await;
    let [kept, new] = ids(&order).try_into().expect("two parcels");
    assert_eq!(kept, second);
    assert_ne!(new, first, "a name is given once");
    let all = world.call("ship_take_back", json!({"order": "M-2"})).await;
    assert_eq!(
        (&all["done"], left(&world, "M-2").await),
        (&json!(2), json!(2))
    );
}

#[tokio::test]
async fn an_erased_buyer_does_not_come_back_with_a_pull() {
    let world = world().await;
    let before = world.call("order", json!({"order": "17"})).await;
    assert_eq!(before["order"]["buyer"]["name"], "Ada", "{before}");
    let erased = world.call("order_erase", json!({"order": "17"})).await;
    assert_eq!(erased["done"], 1, "{erased}");
    world.call("pull", json!({})).await;
    let account = world.api.account("shop").await.expect("an account").id;
    let told = world.store.write(|tx| {
        let mut order = super::order();
        order.buyer_note = Some("Ada was here again".into());
        tx.store_order(account, &order, "Ada, whole", false)
    });
    told.expect("stores");
    let after = world.call("order_detail", json!({"order": "17"})).await;
    assert!(after["erased_at"].is_string(), "{after}");
    let order = after["order"].to_string();
    assert!(!order.contains("Ada"), "{order}");
    assert_eq!(after["order"]["total"], before["order"]["total"]);
}

#[tokio::test]
async fn a_file_has_the_orders_that_the_list_shows_in_their_order() {
    let world = world().await;
    let folder = tempfile::tempdir().expect("a folder");
    let out = folder.path().join("orders.json");
    let check = async |shown: Value, expected: &[&str]| {
        let ask = json!({"what": "orders", "format": "json", "out": out, "shown": shown});
        let written = world.call("export", ask).await;
        assert_eq!(written["done"], expected.len(), "{written}");
        let text = std::fs::read_to_string(&out).expect("reads");
        let file: Value = serde_json::from_str(&text).expect("JSON");
        let orders = file["orders"].as_array().expect("orders").iter();
        let numbers: Vec<&str> = orders.filter_map(|o| o["order_id"].as_str()).collect();
        assert_eq!(numbers, expected);
    };
    check(
        json!({"filter": {"tab": "to_ship"}, "sort": "ship_by"}),
        &["M-1", "M-2", "M-3", "17"],
    )
    .await;
    check(json!({"search": "tasse", "sort": "number"}), &["M-3"]).await;
    check(json!({"search": "nobody"}), &[]).await;
}

#[tokio::test]
async fn only_pages_of_marketplaces_parcels_and_the_own_folder_are_opened() {
    let world = world().await;
    let parcel = json!({"order": "M-2", "carrier": "USPS", "tracking": PARCEL,
        "tracking_url": "https://parcels.example/94001118"});
    assert_eq!(world.call("ship", parcel).await["done"], 1);
    let place = world.call("place", json!({})).await;
    assert_eq!(
        (&place["folder"], &place["encrypted"], &place["keys"]),
        (&json!("/catalogues/mugs"), &json!(false), &json!("memory")),
        "{place}"
    );
    let check = async |address: &str, expected: bool| {
        let opened = world.api.openable(address).await;
        assert_eq!(opened.is_ok(), expected, "{address}");
    };
    check("https://bazaar.example/keys", true).await;
    check("https://seller.bazaar.example/orders/12-3", true).await;
    check("https://bazaar.example/item/99", true).await;
    check("/catalogues/mugs", true).await;
    check("/catalogues", false).await;
    check("https://bazaar.example/item/99/../../account", false).await;
    check("http://bazaar.example/item/99", false).await;
    check("https://parcels.example/94001118", true).await;
    check("https://parcels.example/94001119", false).await;
    check("https://example.com/", false).await;
    check("file:///etc/passwd", false).await;
}

#[tokio::test]
async fn an_order_tells_its_page_where_it_is_sold_for_real() {
    let world = world().await;
    let rehearsal = json!({"marketplace": "bazaar", "name": "rehearsal",
        "endpoint": "http://127.0.0.1:9", "settings": {"site": "BAZAAR_US"},
        "secrets": {"key": "hunter3"}});
    assert_eq!(world.call("account_add", rehearsal).await["done"], 1);
    let account = world.api.account("rehearsal").await.expect("an account");
    let order = super::order();
    let stored = world
        .store
        .write(|tx| tx.store_order(account.id, &order, "17", false));
    stored.expect("stores");
    let page = async |order: &str| {
        let detail = world.call("order_detail", json!({"order": order})).await;
        detail["page"].clone()
    };
    assert_eq!(
        page("shop/17").await,
        "https://seller.bazaar.example/orders/17"
    );
    assert_eq!(page("rehearsal/17").await, Value::Null);
}

#[tokio::test]
async fn one_account_of_a_run_is_stopped_by_its_name() {
    let world = World::with_mug().await;
    let ask = json!({"run": "push-1", "account": "shop"});
    assert_eq!(world.call("run_cancel", ask).await["asked"], false);
    let unknown = json!({"run": "push-1", "account": "nobody"});
    let refused = world.call("run_cancel", unknown).await;
    assert_eq!(refused["error"]["kind"], "not_found");
}
