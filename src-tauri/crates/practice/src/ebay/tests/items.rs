use serde_json::{Value, json};

use super::{Desk, INVENTORY, item};

fn path(sku: &str) -> String {
    format!("{INVENTORY}/inventory_item/{sku}")
}

#[test]
fn an_item_is_created_replaced_and_read_back() {
    let mut desk = Desk::quiet();
    assert_eq!(desk.put(&path("A-1"), item(5)).status, 201);
    assert_eq!(desk.put(&path("A-1"), item(5)).status, 204);
    let seen = desk.get(&path("A-1"));
    assert_eq!(seen.body["sku"], "A-1");
    assert_eq!(seen.body["locale"], "en_US");
    assert_eq!(seen.body["product"]["aspects"]["Brand"], json!(["Acme"]));
    assert_eq!(
        seen.body["availability"]["shipToLocationAvailability"]["quantity"],
        5
    );
}

#[test]
fn a_put_erases_what_it_leaves_out() {
    let mut desk = Desk::quiet();
    desk.item("A-1", 5);
    assert_eq!(
        desk.put(&path("A-1"), json!({ "condition": "NEW" })).status,
        204
    );
    let seen = desk.get(&path("A-1"));
    assert!(seen.body.get("product").is_none());
    assert!(seen.body.get("availability").is_none());
}

#[test]
fn fields_over_their_limits_are_refused_and_nothing_is_kept() {
    let check = |change: fn(&mut Value), error: u64| {
        let mut desk = Desk::quiet();
        let mut body = item(5);
        change(&mut body);
        let seen = desk.put(&path("A-1"), body);
        assert_eq!((seen.status, seen.error()), (400, error), "{}", seen.body);
        assert_eq!(desk.get(&path("A-1")).status, 404);
    };
    check(
        |body| body["product"]["title"] = json!("x".repeat(81)),
        25016,
    );
    check(
        |body| body["product"]["subtitle"] = json!("x".repeat(56)),
        25016,
    );
    check(
        |body| body["product"]["description"] = json!("x".repeat(4001)),
        25016,
    );
    check(
        |body| body["product"]["brand"] = json!("x".repeat(66)),
        25016,
    );
    check(|body| body["product"]["mpn"] = json!("x".repeat(66)), 25016);
    check(
        |body| body["conditionDescription"] = json!("x".repeat(1001)),
        25016,
    );
    check(
        |body| body["product"]["aspects"] = json!({ "x".repeat(41): ["a"] }),
        25016,
    );
    check(
        |body| body["product"]["aspects"] = json!({ "Color": ["x".repeat(51)] }),
        25016,
    );
    check(
        |body| body["product"]["aspects"] = json!({ "Color": "Red" }),
        25016,
    );
    check(
        |body| body["product"]["imageUrls"] = json!(["http://images.example/1.jpg"]),
        25015,
    );
    check(
        |body| body["product"]["imageUrls"] = json!(vec!["https://i.example/1"; 25]),
        25014,
    );
    check(
        |body| body["product"]["ean"] = json!("4006381333931"),
        25709,
    );
    check(|body| body["condition"] = json!("SHINY"), 25709);
    check(
        |body| body["availability"]["shipToLocationAvailability"]["quantity"] = json!(-1),
        25004,
    );
    check(
        |body| body["packageWeightAndSize"] = json!({ "weight": { "value": 1, "unit": "STONE" } }),
        25715,
    );
}

#[test]
fn a_field_that_is_null_is_left_out() {
    let mut desk = Desk::quiet();
    let mut body = item(1);
    body["conditionDescription"] = Value::Null;
    body["product"]["epid"] = Value::Null;
    assert_eq!(desk.put(&path("A-1"), body).status, 201);
    let seen = desk.get(&path("A-1"));
    assert!(seen.body.get("conditionDescription").is_none());
    assert!(seen.body["product"].get("epid").is_none());
}

#[test]
fn titles_are_counted_in_characters() {
    let mut desk = Desk::quiet();
    let mut body = item(1);
    body["product"]["title"] = json!("é".repeat(80));
    assert_eq!(desk.put(&path("A-1"), body).status, 201);
}

#[test]
fn what_can_be_a_sku() {
    let check = |sku: &str, status: u16, error: u64| {
        let seen = Desk::quiet().put(&path(sku), item(1));
        assert_eq!((seen.status, seen.error()), (status, error), "{sku}");
    };
    check("Ab-1_2.3", 201, 0);
    check(&"x".repeat(50), 201, 0);
    check(&"x".repeat(51), 400, 25707);
    check("a%20b", 400, 25707);
    check("a%2Fb", 400, 25707);
}

#[test]
fn a_description_of_a_new_condition_is_dropped_with_a_warning() {
    let mut desk = Desk::quiet();
    let mut body = item(1);
    body["conditionDescription"] = json!("As new as can be");
    let seen = desk.put(&path("A-1"), body);
    assert_eq!(seen.body["warnings"][0]["errorId"], 25401);
    assert!(
        desk.get(&path("A-1"))
            .body
            .get("conditionDescription")
            .is_none()
    );
}

fn entry(sku: &str) -> Value {
    let mut body = item(3);
    body["sku"] = json!(sku);
    body["locale"] = json!("en_US");
    body
}

#[test]
fn a_bulk_write_answers_for_each_item() {
    let mut desk = Desk::quiet();
    let mut long = entry("B-2");
    long["product"]["title"] = json!("x".repeat(81));
    let body = json!({ "requests": [entry("B-1"), long] });
    let seen = desk.post(
        &format!("{INVENTORY}/bulk_create_or_replace_inventory_item"),
        body,
    );
    assert_eq!(seen.status, 207);
    assert_eq!(seen.body["responses"][0]["sku"], "B-1");
    assert_eq!(seen.body["responses"][0]["statusCode"], 201);
    assert_eq!(seen.body["responses"][1]["statusCode"], 400);
    assert_eq!(seen.body["responses"][1]["errors"][0]["errorId"], 25016);
    let body = json!({ "requests": [entry("B-1"), entry("B-3")] });
    let seen = desk.post(
        &format!("{INVENTORY}/bulk_create_or_replace_inventory_item"),
        body,
    );
    assert_eq!(seen.status, 200);
}

#[test]
fn a_bulk_write_that_is_wrong_as_a_whole_writes_nothing() {
    let check = |requests: Vec<Value>, error: u64| {
        let mut desk = Desk::quiet();
        let path = format!("{INVENTORY}/bulk_create_or_replace_inventory_item");
        let seen = desk.post(&path, json!({ "requests": requests }));
        assert_eq!((seen.status, seen.error()), (400, error));
        assert!(desk.held().listings.is_empty());
    };
    let without = |name: &str| {
        let mut body = entry("B-1");
        body.as_object_mut().unwrap().remove(name);
        body
    };
    check(
        (0..26)
            .map(|number| entry(&format!("B-{number}")))
            .collect(),
        25727,
    );
    check(vec![entry("B-1"), entry("B-1")], 25728);
    check(vec![without("locale")], 25733);
    check(vec![without("sku")], 25733);
    check(Vec::new(), 25733);
}

#[test]
fn a_bulk_read_answers_for_each_sku() {
    let mut desk = Desk::quiet();
    desk.item("A-1", 2);
    let path = format!("{INVENTORY}/bulk_get_inventory_item");
    let seen = desk.post(
        &path,
        json!({ "requests": [{ "sku": "A-1" }, { "sku": "A-2" }] }),
    );
    assert_eq!(seen.status, 207);
    assert_eq!(
        seen.body["responses"][0]["inventoryItem"]["condition"],
        "NEW"
    );
    assert_eq!(seen.body["responses"][1]["errors"][0]["errorId"], 25702);
    let seen = desk.post(
        &path,
        json!({ "requests": [{ "sku": "A-1" }, { "sku": "A-1" }] }),
    );
    assert_eq!(seen.error(), 25734);
}

#[test]
fn pages_are_followed_by_their_next_links() {
    let mut desk = Desk::quiet();
    for number in 0..7 {
        desk.item(&format!("P-{number}"), 1);
    }
    let mut next = format!("{INVENTORY}/inventory_item?limit=3");
    let mut skus = Vec::new();
    loop {
        let seen = desk.get(&next);
        assert_eq!(seen.body["total"], 7);
        assert_eq!(seen.body["size"], 3);
        let rows = seen.body["inventoryItems"].as_array().unwrap();
        skus.extend(
            rows.iter()
                .map(|row| row["sku"].as_str().unwrap().to_owned()),
        );
        match seen.body["next"].as_str() {
            Some(link) => next = link.to_owned(),
            None => break,
        }
    }
    assert_eq!(
        skus,
        (0..7)
            .map(|number| format!("P-{number}"))
            .collect::<Vec<_>>()
    );
    for query in ["limit=0", "limit=201", "limit=x", "offset=-1"] {
        let seen = desk.get(&format!("{INVENTORY}/inventory_item?{query}"));
        assert_eq!(seen.error(), 25706, "{query}");
    }
}

#[test]
fn deleting_an_item_takes_its_offer_and_listing_with_it() {
    let mut desk = Desk::quiet();
    let offer = desk.live("A-1", 4, "10.00");
    assert_eq!(desk.delete(&path("A-1")).status, 204);
    assert_eq!(
        desk.get(&format!("{INVENTORY}/offer/{offer}")).error(),
        25713
    );
    assert!(desk.held().listings.is_empty());
    assert_eq!(desk.delete(&path("A-1")).status, 404);
}
