//! Items, stock and prices by single calls.

use http::{Method, StatusCode};
use serde_json::{Value, json};

use crate::Seller;

fn skus(body: &Value) -> Vec<String> {
    let items = body["ItemResponse"].as_array().unwrap();
    items
        .iter()
        .map(|item| item["sku"].as_str().unwrap().to_owned())
        .collect()
}

#[test]
fn no_items_are_a_404_and_items_come_in_pages() {
    let mut seller = Seller::new();
    assert_eq!(seller.get("/v3/items").status, StatusCode::NOT_FOUND);
    seller.publish(&[("A", 1.0, 1), ("B", 1.0, 1), ("C", 1.0, 0)]);
    let first = seller.get("/v3/items?limit=2&offset=0").body;
    assert_eq!(
        (skus(&first), &first["totalItems"]),
        (vec!["A".into(), "B".into()], &json!(3))
    );
    assert_eq!(skus(&seller.get("/v3/items?limit=2&offset=2").body), ["C"]);
    assert_eq!(skus(&seller.get("/v3/items?sku=B").body), ["B"]);
    assert_eq!(
        seller.get("/v3/items?publishedStatus=UNPUBLISHED").status,
        StatusCode::NOT_FOUND
    );
    assert_eq!(
        seller.get("/v3/items?offset=10001").status,
        StatusCode::BAD_REQUEST
    );
    assert_eq!(
        seller.get("/v3/items/count?status=PUBLISHED").body,
        json!({ "PUBLISHED": 3 })
    );
}

#[test]
fn a_walk_keeps_its_handle_its_snapshot_and_dies_after_two_minutes() {
    let mut seller = Seller::new();
    seller.publish(&[("A", 1.0, 1), ("C", 1.0, 1)]);
    let first = seller.get("/v3/items?nextCursor=*&limit=1").body;
    let cursor = first["nextCursor"].as_str().unwrap().replace('/', "%2F");
    let second = seller
        .get(&format!("/v3/items?nextCursor={cursor}&limit=1&offset=1"))
        .body;
    assert_eq!(
        (skus(&second), &second["nextCursor"]),
        (vec!["C".into()], &first["nextCursor"])
    );
    let past = seller
        .get(&format!("/v3/items?nextCursor={cursor}&limit=1&offset=2"))
        .body;
    assert!(skus(&past).is_empty());
    seller.wait(121);
    let dead = seller.get(&format!("/v3/items?nextCursor={cursor}&limit=1&offset=1"));
    assert_eq!(
        (dead.status, dead.code()),
        (StatusCode::BAD_REQUEST, "INVALID_REQUEST_PARAM")
    );
}

#[test]
fn a_sku_of_any_letters_is_found_by_its_encoded_path() {
    let mut seller = Seller::new();
    let sku = "a/b c&é";
    let done = seller.feed_done("MP_ITEM", crate::item_feed(vec![crate::item(sku, 2.5)]));
    assert_eq!(done["itemsSucceeded"], json!(1));
    let path = "/v3/items/a%2Fb%20c%26%C3%A9";
    assert_eq!(seller.get(path).body["ItemResponse"][0]["sku"], json!(sku));
    let request = seller.signed(Method::DELETE, path, None);
    assert_eq!(seller.send(request).body["sku"], json!(sku));
    assert_eq!(seller.listing(sku).state, "ended");
    let shown = seller.get(path).body["ItemResponse"][0].clone();
    assert_eq!(shown["lifecycleStatus"], json!("RETIRED"));
    assert_eq!(shown["publishedStatus"], json!("UNPUBLISHED"));
}

#[test]
fn a_retired_item_comes_back_with_its_set_up() {
    let mut seller = Seller::new();
    seller.publish(&[("A", 1.0, 4)]);
    let request = seller.signed(Method::DELETE, "/v3/items/A", None);
    seller.send(request);
    assert_eq!(seller.listing("A").quantity, 0);
    seller.publish(&[("A", 2.0, 4)]);
    assert_eq!(
        (
            seller.listing("A").state.as_str(),
            seller.listing("A").quantity
        ),
        ("live", 4)
    );
}

#[test]
fn stock_is_an_absolute_value_in_each_of_its_calls() {
    let mut seller = Seller::new();
    seller.publish(&[("A", 1.0, 5)]);
    seller.order(&[("A", 2)]);
    assert_eq!(
        seller.get("/v3/inventory?sku=A").body["quantity"]["amount"],
        json!(3)
    );
    let nodes = seller.get("/v3/inventories/A").body["nodes"].clone();
    let amounts =
        ["inputQty", "availToSellQty", "reservedQty"].map(|key| nodes[0][key]["amount"].clone());
    assert_eq!(amounts, [json!(5), json!(3), json!(2)]);
    let node = nodes[0]["shipNode"].as_str().unwrap().to_owned();
    let body = json!({ "inventories": { "nodes": [
        { "shipNode": node, "inputQty": { "unit": "EACH", "amount": 8 } },
        { "shipNode": "elsewhere", "inputQty": { "unit": "EACH", "amount": 9 } },
    ]}});
    let seen = seller.put("/v3/inventories/A", body).body;
    assert_eq!(seen["nodes"][0]["status"], json!("Success"));
    assert_eq!(seen["nodes"][1]["status"], json!("Failure"));
    assert_eq!(seller.listing("A").quantity, 8);
    let check = |seller: &mut Seller, path: &str, body: Value, status: StatusCode| {
        assert_eq!(seller.put(path, body).status, status, "{path}");
    };
    let flat = json!({ "sku": "A", "quantity": 5 });
    check(
        &mut seller,
        "/v3/inventory?sku=A",
        flat,
        StatusCode::BAD_REQUEST,
    );
    let each = |sku: &str| json!({ "sku": sku, "quantity": { "unit": "EACH", "amount": 1 } });
    check(
        &mut seller,
        "/v3/inventory?sku=A",
        each("B"),
        StatusCode::BAD_REQUEST,
    );
    check(
        &mut seller,
        "/v3/inventory",
        each("A"),
        StatusCode::BAD_REQUEST,
    );
    check(
        &mut seller,
        "/v3/inventory?sku=Z",
        each("Z"),
        StatusCode::NOT_FOUND,
    );
    check(
        &mut seller,
        "/v3/inventory?sku=A&shipNode=x",
        each("A"),
        StatusCode::BAD_REQUEST,
    );
}

#[test]
fn stock_of_all_items_is_walked_with_a_new_cursor_each_page() {
    let mut seller = Seller::new();
    seller.publish(&[("A", 1.0, 1), ("B", 1.0, 2), ("C", 1.0, 3)]);
    let mut path = "/v3/inventories?limit=2".to_owned();
    let mut found = Vec::new();
    for _ in 0..2 {
        let body = seller.get(&path).body;
        assert_eq!(body["meta"]["totalCount"], json!(3));
        let rows = body["elements"]["inventories"].as_array().unwrap().clone();
        found.extend(
            rows.iter()
                .map(|row| row["nodes"][0]["availToSellQty"]["amount"].clone()),
        );
        match body["meta"]["nextCursor"].as_str() {
            Some(cursor) => path = format!("/v3/inventories?limit=2&nextCursor={cursor}"),
            None => break,
        }
    }
    assert_eq!(found, [json!(1), json!(2), json!(3)]);
    assert_eq!(
        seller.get("/v3/inventories?limit=51").status,
        StatusCode::BAD_REQUEST
    );
}

#[test]
fn a_price_must_be_a_base_price_in_dollars_above_zero() {
    let mut seller = Seller::new();
    seller.publish(&[("A", 1.0, 1)]);
    let with = |kind: &str, currency: &str, amount: Value| {
        json!({
            "sku": "A",
            "pricing": [{
                "currentPriceType": kind,
                "currentPrice": { "currency": currency, "amount": amount },
            }],
        })
    };
    let check = |seller: &mut Seller, body: Value, status: StatusCode, price: &str| {
        assert_eq!(seller.put("/v3/price", body).status, status);
        assert_eq!(seller.listing("A").price.unwrap().amount, price);
    };
    check(
        &mut seller,
        with("BASE", "USD", json!(19.99)),
        StatusCode::OK,
        "19.99",
    );
    for wrong in [
        with("BASE", "EUR", json!(1)),
        with("REDUCED", "USD", json!(1)),
        with("BASE", "USD", json!(0)),
        with("BASE", "USD", json!(1.999)),
        with("BASE", "USD", json!("1")),
    ] {
        check(&mut seller, wrong, StatusCode::BAD_REQUEST, "19.99");
    }
}

#[test]
fn whoever_asks_has_the_gtin_exemption() {
    let mut seller = Seller::new();
    let seen = seller.get("/v3/items/gtin-exemption/status");
    assert!(seen.text.contains("APPROVED"));
}

#[test]
fn the_same_barcodes_have_catalogue_pages_whenever_they_are_asked_for() {
    let mut seller = Seller::new();
    let mut known = 0;
    for number in 0..100_u32 {
        let ean = ean(number);
        let one = seller.get(&format!("/v3/items/walmart/search?ean={ean}"));
        let again = seller.get(&format!("/v3/items/walmart/search?gtin=0{ean}"));
        assert_eq!(
            (one.status, &one.body["items"]),
            (again.status, &again.body["items"])
        );
        known += u32::from(one.status == StatusCode::OK);
        let spec = seller.get(&format!(
            "/v3/items/walmart/search?ean={ean}&responseFormat=SPEC"
        ));
        let expected = if one.status == StatusCode::OK {
            "MP_ITEM_MATCH"
        } else {
            "MP_ITEM"
        };
        assert_eq!(spec.body["feedType"], json!(expected));
        seller.wait(60);
    }
    assert!((25..=55).contains(&known), "{known} of 100");
    let seen = seller.get("/v3/items/walmart/search?upc=123");
    assert_eq!(seen.status, StatusCode::BAD_REQUEST);
}

fn ean(number: u32) -> String {
    let twelve = format!("{:012}", 400_000_000_000_u64 + u64::from(number));
    let sum: u32 = twelve
        .bytes()
        .enumerate()
        .map(|(index, digit)| u32::from(digit - b'0') * if index % 2 == 0 { 1 } else { 3 })
        .sum();
    format!("{twelve}{}", (10 - sum % 10) % 10)
}
