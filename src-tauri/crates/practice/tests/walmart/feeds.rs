//! Feeds: their life, their limits, and what becomes of each row.

use bytes::Bytes;
use http::{Method, StatusCode};
use serde_json::{Value, json};

use crate::{Seller, VERSION, item, item_feed};

fn codes(done: &Value, row: usize) -> Vec<String> {
    let errors = &done["itemDetails"]["itemIngestionStatus"][row]["ingestionErrors"];
    let errors = errors["ingestionError"].as_array().unwrap();
    errors
        .iter()
        .map(|error| error["code"].as_str().unwrap().to_owned())
        .collect()
}

#[test]
fn a_feed_is_received_then_in_progress_then_processed() {
    let mut seller = Seller::new();
    let id = seller.feed("MP_ITEM", item_feed(vec![item("A", 9.99)]));
    assert!(id.contains('@'));
    assert_eq!(seller.feed_status(&id)["feedStatus"], json!("RECEIVED"));
    seller.wait(15);
    let status = seller.feed_status(&id);
    assert_eq!(status["feedStatus"], json!("INPROGRESS"));
    assert_eq!(status["itemsProcessing"], json!(1));
    assert_eq!(
        status["itemDetails"]["itemIngestionStatus"][0]["ingestionStatus"],
        json!("INPROGRESS")
    );
    assert!(seller.held().listings.is_empty());
    seller.wait(100);
    let status = seller.feed_status(&id);
    assert_eq!(status["feedStatus"], json!("PROCESSED"));
    assert_eq!(status["itemsSucceeded"], json!(1));
    assert_eq!(
        status["itemDetails"]["itemIngestionStatus"][0]["ingestionStatus"],
        json!("SUCCESS")
    );
    assert_eq!(seller.listing("A").state, "pending");
    seller.wait(150);
    assert_eq!(seller.listing("A").state, "out_of_stock");
    assert_eq!(seller.listing("A").price.unwrap().amount, "9.99");
}

#[test]
fn a_form_with_a_part_called_file_is_taken_and_other_forms_are_not() {
    let mut seller = Seller::new();
    let form = |name: &str| {
        format!(
            "--b\r\nContent-Disposition: form-data; name=\"{name}\"; filename=\"one.json\"\r\n\
             Content-Type: application/json\r\n\r\n{}\r\n--b--\r\n",
            item_feed(vec![item("A", 1.0)])
        )
    };
    let check = |seller: &mut Seller, content_type: &str, form: String, status: StatusCode| {
        let token = seller.token.clone();
        let request = seller
            .request(Method::POST, "/v3/feeds?feedType=MP_ITEM")
            .header("WM_SEC.ACCESS_TOKEN", token)
            .header("content-type", content_type)
            .body(Bytes::from(form))
            .unwrap();
        assert_eq!(seller.send(request).status, status, "{content_type}");
    };
    check(
        &mut seller,
        "multipart/form-data; boundary=b",
        form("file"),
        StatusCode::OK,
    );
    check(
        &mut seller,
        "multipart/form-data",
        form("file"),
        StatusCode::UNSUPPORTED_MEDIA_TYPE,
    );
    check(
        &mut seller,
        "multipart/form-data; boundary=b",
        form("feed"),
        StatusCode::BAD_REQUEST,
    );
    let list = seller.get("/v3/feeds?feedType=MP_ITEM").body;
    assert_eq!(list["totalResults"], json!(1));
    assert_eq!(list["results"]["feed"][0]["fileName"], json!("one.json"));
}

#[test]
fn a_file_that_is_wrong_as_a_whole_ends_in_error() {
    let check = |feed_type: &str, body: Value, code: &str| {
        let mut seller = Seller::new();
        let done = seller.feed_done(feed_type, body);
        assert_eq!(done["feedStatus"], json!("ERROR"), "{code}");
        assert_eq!(
            done["ingestionErrors"]["ingestionError"][0]["code"],
            json!(code)
        );
        assert!(seller.held().listings.is_empty());
    };
    let mut leftover = item_feed(vec![item("A", 1.0)]);
    leftover["MPItemFeedHeader"]["subset"] = json!("EXTERNAL");
    check("MP_ITEM", leftover, "ERR_INT_DATA_01010092/PGW");
    let mut bare = item_feed(vec![item("A", 1.0)]);
    bare["MPItemFeedHeader"]["version"] = json!("5.0");
    check("MP_ITEM", bare, "ERR_INT_SYS_0801003");
    check(
        "MP_ITEM",
        item_feed(vec![]),
        "EXT_DATA_ERROR_72600149546850",
    );
    let cased = json!({ "inventoryHeader": { "version": "1.4" }, "inventory": [] });
    check("inventory", cased, "ERR_EXT_DATA_0503009");
    let cased = json!({ "InventoryHeader": { "version": "1.5" }, "Inventory": [] });
    check("MP_INVENTORY", cased, "ERR_EXT_DATA_0503009");
    let version = json!({ "PriceHeader": { "version": "9" }, "Price": [{ "sku": "A" }] });
    check("price", version, "EXT_DATA_ERROR_74597363510508");
}

#[test]
fn each_mistake_in_an_item_has_its_code() {
    let check = |change: &dyn Fn(&mut Value), code: &str| {
        let mut row = item("A", 1.0);
        change(&mut row);
        let mut seller = Seller::new();
        let done = seller.feed_done("MP_ITEM", item_feed(vec![row, item("B", 2.0)]));
        assert_eq!(codes(&done, 0), [code]);
        assert_eq!(
            (&done["itemsFailed"], &done["itemsSucceeded"]),
            (&json!(1), &json!(1))
        );
        assert_eq!(seller.listing("A").state, "refused", "{code}");
    };
    let visible = "Anything At All";
    check(
        &|row| row["Orderable"]["colour"] = json!("Red"),
        "EXT_DATA_ERROR_60670554076755",
    );
    check(
        &|row| row["Orderable"]["price"] = Value::Null,
        "EXT_DATA_ERROR_72600149546850",
    );
    check(
        &|row| row["Orderable"]["price"] = json!("1.00"),
        "EXT_DATA_ERROR_50716566635066",
    );
    check(
        &|row| row["Orderable"]["price"] = json!(1.005),
        "EXT_DATA_ERROR_68050064665065",
    );
    check(
        &|row| row["Orderable"]["startDate"] = json!("tomorrow"),
        "EXT_DATA_ERROR_00030257670757",
    );
    check(
        &|row| {
            row["Orderable"]["productIdentifiers"] =
                json!({ "productIdType": "UPC", "productId": "212345678909" });
        },
        "EXT_DATA_ERROR_54514906640101",
    );
    check(
        &|row| row["Visible"][visible]["keyFeatures"] = json!(["one", "two"]),
        "EXT_DATA_ERROR_55506974520167",
    );
    check(
        &|row| row["Visible"][visible]["manufacturer"] = json!("m".repeat(61)),
        "EXT_DATA_ERROR_01076067496949",
    );
    check(
        &|row| row["Visible"][visible]["mainImageUrl"] = json!("http://a.example/a.jpg"),
        "EXT_DATA_ERROR_07705958490105",
    );
    check(
        &|row| row["Visible"] = json!({}),
        "EXT_DATA_ERROR_72600149546850",
    );
}

#[test]
fn a_product_type_of_the_taxonomy_wants_a_picture_and_a_text() {
    let mut seller = Seller::new();
    let mut row = item("A", 1.0);
    row["Visible"] = json!({ "Desk Chairs": { "productName": "Chair", "brand": "Acme" } });
    let done = seller.feed_done("MP_ITEM", item_feed(vec![row.clone()]));
    assert_eq!(codes(&done, 0).len(), 2);
    row["Visible"]["Desk Chairs"]["shortDescription"] = json!("A chair.");
    row["Visible"]["Desk Chairs"]["mainImageUrl"] = json!("https://a.example/a.jpg");
    let done = seller.feed_done("MP_ITEM", item_feed(vec![row]));
    assert_eq!(done["itemsSucceeded"], json!(1));
    let spec =
        json!({ "feedType": "MP_ITEM", "version": VERSION, "productTypes": ["Desk Chairs"] });
    let spec = seller.post("/v3/items/spec", spec).body;
    let chairs = spec.pointer("/properties/MPItem/items/properties/Visible/properties/Desk Chairs");
    assert!(
        chairs.unwrap()["required"]
            .as_array()
            .unwrap()
            .contains(&json!("mainImageUrl"))
    );
}

#[test]
fn a_barcode_belongs_to_one_sku_and_a_sku_to_one_barcode() {
    let with = |sku: &str, upc: &str| {
        let mut row = item(sku, 1.0);
        row["Orderable"]["productIdentifiers"] =
            json!({ "productIdType": "UPC", "productId": upc });
        row
    };
    let (one, other) = ("012345678905", "036000291452");
    let mut seller = Seller::new();
    let rows = vec![with("A", one), with("B", one), with("C", other)];
    let done = seller.feed_done("MP_ITEM", item_feed(rows));
    assert_eq!(codes(&done, 1), ["ERR_EXT_DATA_0101119"]);
    let done = seller.feed_done("MP_ITEM", item_feed(vec![with("A", "614141000036")]));
    assert_eq!(codes(&done, 0), ["ERR_EXT_DATA_0101211"]);
    assert_eq!(
        seller.get("/v3/items/A").body["ItemResponse"][0]["upc"],
        json!(one)
    );
    assert_eq!(
        seller
            .get(&format!("/v3/items/{other}?productIdType=UPC"))
            .status,
        StatusCode::OK
    );
}

#[test]
fn only_what_is_in_a_maintenance_row_changes() {
    let mut seller = Seller::new();
    seller.publish(&[("A", 5.0, 3)]);
    let row = json!({
        "Orderable": {
            "sku": "A",
            "productIdentifiers": { "productIdType": "CUSTOM", "productId": "CUSTOM" },
        },
        "Visible": { "Anything At All": { "productName": "Renamed" } },
    });
    let mut unknown = row.clone();
    unknown["Orderable"]["sku"] = json!("Z");
    let done = seller.feed_done("MP_MAINTENANCE", item_feed(vec![row, unknown]));
    assert_eq!(codes(&done, 1), ["CONTENT_NOT_FOUND"]);
    let shown = seller.get("/v3/items/A").body["ItemResponse"][0].clone();
    assert_eq!(shown["productName"], json!("Renamed"));
    assert_eq!(shown["price"]["amount"], json!(5));
    assert_eq!(seller.listing("A").quantity, 3);
}

#[test]
fn an_offer_on_a_catalogue_page_needs_only_the_barcode() {
    let mut seller = Seller::new();
    let upcs: Vec<String> = (0..40).map(upc).collect();
    let is_known = |seller: &mut Seller, upc: &str| {
        seller
            .get(&format!("/v3/items/walmart/search?upc={upc}"))
            .status
            == StatusCode::OK
    };
    let known: Vec<bool> = upcs.iter().map(|upc| is_known(&mut seller, upc)).collect();
    assert!(known.contains(&true) && known.contains(&false));
    let rows: Vec<Value> = upcs
        .iter()
        .map(|upc| {
            json!({ "Item": {
                "sku": format!("M{upc}"),
                "productIdentifiers": { "productIdType": "UPC", "productId": upc },
                "price": 19.99,
                "ShippingWeight": 1.5,
                "condition": "New",
            }})
        })
        .collect();
    let feed = json!({
        "MPItemFeedHeader": {
            "processMode": "REPLACE", "subset": "EXTERNAL", "locale": "en",
            "sellingChannel": "mpsetupbymatch", "version": "4.2",
        },
        "MPItem": rows,
    });
    let done = seller.feed_done("MP_ITEM_MATCH", feed);
    let succeeded: Vec<bool> = done["itemDetails"]["itemIngestionStatus"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| row["ingestionStatus"] == json!("SUCCESS"))
        .collect();
    assert_eq!(succeeded, known);
}

fn upc(number: u32) -> String {
    let eleven = format!("0{:010}", 1_234_567_000 + number);
    let sum: u32 = eleven
        .bytes()
        .enumerate()
        .map(|(index, digit)| u32::from(digit - b'0') * if index % 2 == 0 { 3 } else { 1 })
        .sum();
    format!("{eleven}{}", (10 - sum % 10) % 10)
}

#[test]
fn prices_and_stock_by_feed_take_effect_when_it_is_processed() {
    let mut seller = Seller::new();
    seller.publish(&[("A", 5.0, 3), ("B", 6.0, 3)]);
    let node = seller.get("/v3/settings/shipping/shipnodes").body[0]["shipNode"].clone();
    let price = json!({
        "MPItemFeedHeader": {
            "businessUnit": "WALMART_US", "version": "2.0.20240126-12_25_52-api", "locale": "en",
        },
        "MPItem": [
            { "Promo&Discount": { "sku": "A", "price": 7.5 } },
            { "Promo&Discount": { "sku": "Z", "price": 7.5 } },
        ],
    });
    let done = seller.feed_done("PRICE_AND_PROMOTION", price);
    assert_eq!(codes(&done, 1), ["CONTENT_NOT_FOUND"]);
    assert_eq!(seller.listing("A").price.unwrap().amount, "7.50");
    let legacy = json!({
        "PriceHeader": { "version": "1.7" },
        "Price": [{
            "sku": "B",
            "pricing": [{
                "currentPriceType": "BASE", "currentPrice": { "currency": "USD", "amount": 8.25 },
            }],
        }],
    });
    seller.feed_done("price", legacy);
    assert_eq!(seller.listing("B").price.unwrap().amount, "8.25");
    let one_node = json!({
        "InventoryHeader": { "version": "1.4" },
        "Inventory": [{ "sku": "A", "quantity": { "unit": "EACH", "amount": 11 } }],
    });
    seller.feed_done("inventory", one_node);
    assert_eq!(seller.listing("A").quantity, 11);
    let many_nodes = json!({
        "inventoryHeader": { "version": "1.5" },
        "inventory": [{
            "sku": "B",
            "shipNodes": [{ "shipNode": node, "quantity": { "unit": "EACH", "amount": 12 } }],
        }],
    });
    seller.feed_done("MP_INVENTORY", many_nodes);
    assert_eq!(seller.listing("B").quantity, 12);
    let retire = json!({
        "RetireItemHeader": { "feedDate": "2026-11-22T08:00:00.000Z", "version": "1.0" },
        "RetireItem": [{ "sku": "A" }],
    });
    seller.feed_done("RETIRE_ITEM", retire);
    assert_eq!(seller.listing("A").state, "ended");
}

#[test]
fn an_older_price_feed_does_not_undo_a_newer_price() {
    let mut seller = Seller::new();
    seller.publish(&[("A", 5.0, 3)]);
    let price = |amount: f64| {
        json!({
            "sku": "A",
            "pricing": [{
                "currentPriceType": "BASE", "currentPrice": { "currency": "USD", "amount": amount },
            }],
        })
    };
    let feed = json!({ "PriceHeader": { "version": "1.7" }, "Price": [price(6.0)] });
    let id = seller.feed("price", feed);
    seller.wait(5);
    assert_eq!(seller.put("/v3/price", price(7.0)).status, StatusCode::OK);
    seller.wait(100);
    assert_eq!(seller.feed_status(&id)["itemsSucceeded"], json!(1));
    assert_eq!(seller.listing("A").price.unwrap().amount, "7.00");
}

#[test]
fn files_that_are_too_large_are_refused_at_once() {
    let mut seller = Seller::new();
    let padding = " ".repeat(1024 * 1024);
    let body = json!({ "inventoryHeader": { "version": "1.5" }, "inventory": [], "x": padding });
    let seen = seller.post("/v3/feeds?feedType=MP_INVENTORY", body.clone());
    assert_eq!(seen.status, StatusCode::PAYLOAD_TOO_LARGE);
    assert_eq!(
        seller.post("/v3/feeds?feedType=inventory", body).status,
        StatusCode::OK
    );
    let profile = seller.get("/v3/settings/partnerprofile").body;
    let values = profile["configurations"][1]["configuration"]["values"]
        .as_array()
        .unwrap();
    let multi = values
        .iter()
        .find(|value| value["feedType"] == json!("MP_INVENTORY"))
        .unwrap();
    let throttle = &multi["throttleConfigurations"][0];
    assert_eq!(throttle["rate"]["count"], json!(50));
    assert_eq!(throttle["fileSize"]["value"], json!(1_048_576));
}

#[test]
fn faults_spoil_files_and_rows() {
    let check = |fault: &str, status: &str, row: &str| {
        let mut seller = Seller::new();
        seller.fault(fault, 1);
        let done = seller.feed_done("MP_ITEM", item_feed(vec![item("A", 1.0)]));
        assert_eq!(done["feedStatus"], json!(status), "{fault}");
        let shown = &done["itemDetails"]["itemIngestionStatus"][0]["ingestionStatus"];
        assert_eq!(shown.as_str().unwrap_or(""), row, "{fault}");
    };
    check("feed_error", "ERROR", "");
    check("slow_feed", "INPROGRESS", "INPROGRESS");
    check("item_system_error", "PROCESSED", "SYSTEM_ERROR");
    check("item_timeout_error", "PROCESSED", "TIMEOUT_ERROR");
    check("prohibited", "PROCESSED", "DATA_ERROR");
    check("compliance_review", "PROCESSED", "SUCCESS");
}

#[test]
fn details_come_in_pages_of_at_most_fifty() {
    let mut seller = Seller::new();
    let rows = (0..120).map(|n| item(&format!("S{n}"), 1.0)).collect();
    let id = seller.feed("MP_ITEM", item_feed(rows)).replace('@', "%40");
    seller.wait(150);
    let page = |seller: &mut Seller, offset: u32| {
        let path = format!("/v3/feeds/{id}?includeDetails=true&offset={offset}&limit=50");
        let rows = seller.get(&path).body["itemDetails"]["itemIngestionStatus"].clone();
        rows.as_array().unwrap().len()
    };
    assert_eq!(
        [0, 50, 100, 150].map(|offset| page(&mut seller, offset)),
        [50, 50, 20, 0]
    );
    let seen = seller.get(&format!("/v3/feeds/{id}?includeDetails=true&limit=51"));
    assert_eq!(seen.status, StatusCode::BAD_REQUEST);
}
