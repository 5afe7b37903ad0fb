//! Price and stock of single items and of batches (newegg.md §4).

use barrow_practice::HeldListing;
use barrow_practice::newegg::Platform;
use http::StatusCode;
use serde_json::{Value, json};

use crate::{Seen, Seller, barcode, cents, envelope, offer, offers, other_barcode, rows, word};

const INVENTORY: &str = "contentmgmt/item/international/inventory";
const PRICE: &str = "contentmgmt/item/international/price";

fn asked(part_number: &str) -> Value {
    json!({ "Type": "1", "Value": part_number })
}

fn write_stock(seller: &mut Seller, part_number: &str, units: u32) -> Seen {
    let body = json!({ "Type": "1", "Value": part_number, "InventoryList": { "Inventory": [
        { "WarehouseLocation": "USA", "AvailableQuantity": units.to_string() },
    ] } });
    seller.post(INVENTORY, body)
}

fn write_price(seller: &mut Seller, part_number: &str, fields: Value) -> Seen {
    let mut price = json!({ "CountryCode": "USA", "Currency": "USD" });
    for (name, value) in fields.as_object().unwrap() {
        price[name] = value.clone();
    }
    let body = json!({ "Type": "1", "Value": part_number, "PriceList": { "Price": [price] } });
    seller.post(PRICE, body)
}

fn read_stock(seller: &mut Seller, part_number: &str) -> u32 {
    let seen = seller.put(INVENTORY, asked(part_number));
    let rows = rows(&seen.body, "InventoryAllocation", "Inventory");
    assert_eq!(word(&rows[0]["FulfillmentOption"]), "0");
    word(&rows[0]["AvailableQuantity"]).parse().unwrap()
}

fn read_price(seller: &mut Seller, part_number: &str) -> Value {
    let seen = seller.put(PRICE, asked(part_number));
    rows(&seen.body, "PriceList", "Price")[0].clone()
}

#[test]
fn put_reads_and_post_writes_on_newegg_com() {
    let mut seller = Seller::new();
    seller.publish(&[("A", "19.99", 12)]);
    assert_eq!(read_stock(&mut seller, "A"), 12);
    let price = read_price(&mut seller, "A");
    assert_eq!(
        (cents(&price["SellingPrice"]), word(&price["Active"])),
        (1999, "1".to_owned())
    );
    assert_eq!(write_stock(&mut seller, "A", 7).status, StatusCode::OK);
    let seen = write_price(
        &mut seller,
        "A",
        json!({ "SellingPrice": "18.50", "Active": "1" }),
    );
    assert_eq!(seen.status, StatusCode::OK, "{}", seen.text);
    let listing = seller.listing("A");
    assert_eq!(
        (listing.quantity, listing.price.unwrap().amount.as_str()),
        (7, "18.50")
    );
    // What is put is read, whatever else is in it.
    let body = json!({ "Type": "1", "Value": "A", "InventoryList": { "Inventory": [
        { "WarehouseLocation": "USA", "AvailableQuantity": "99" },
    ] } });
    assert_eq!(seller.put(INVENTORY, body).status, StatusCode::OK);
    assert_eq!(seller.listing("A").quantity, 7);
    // What is posted is written, and there is nothing to write here.
    assert_eq!(seller.post(INVENTORY, asked("A")).code(), "CE001");
    let calls = seller.held().calls;
    assert_eq!((calls["readInventory"], calls["writeInventory"]), (2, 2));
}

#[test]
fn items_are_known_by_three_kinds_of_id() {
    let mut seller = Seller::new();
    seller.publish(&[("A", "5.00", 3)]);
    let number = word(&seller.put(INVENTORY, asked("A")).body["ItemNumber"]);
    assert!(number.starts_with("9SI"));
    let check = |seller: &mut Seller, body: Value, code: &str| {
        assert_eq!(seller.put(INVENTORY, body.clone()).code(), code, "{body}");
    };
    check(&mut seller, json!({ "Type": "0", "Value": number }), "");
    check(&mut seller, json!({ "Type": 1, "Value": "A" }), "");
    check(
        &mut seller,
        json!({ "Type": "2", "Value": barcode(0), "Condition": "1" }),
        "",
    );
    check(
        &mut seller,
        json!({ "Type": "2", "Value": barcode(0), "Condition": "2" }),
        "CT026",
    );
    check(
        &mut seller,
        json!({ "Type": "2", "Value": barcode(0) }),
        "CT003",
    );
    check(
        &mut seller,
        json!({ "Type": "0", "Value": "N82E16812345678" }),
        "CT026",
    );
    check(&mut seller, json!({ "Type": "1", "Value": "B" }), "CT026");
    check(&mut seller, json!({ "Type": "1", "Value": "" }), "CT002");
    check(
        &mut seller,
        json!({ "Type": "1", "Value": "x".repeat(41) }),
        "CT002",
    );
    check(&mut seller, json!({ "Type": "7", "Value": "A" }), "CT001");
}

#[test]
fn an_update_of_a_deactivated_item_says_success_and_does_nothing() {
    let mut seller = Seller::new();
    seller.publish(&[("A", "20.00", 4)]);
    let off = write_price(&mut seller, "A", json!({ "Active": "0" }));
    assert_eq!(off.status, StatusCode::OK);
    assert_eq!(seller.listing("A").state, "ended");
    assert_eq!(read_stock(&mut seller, "A"), 0);
    assert_eq!(write_stock(&mut seller, "A", 9).status, StatusCode::OK);
    let swallowed = write_price(&mut seller, "A", json!({ "SellingPrice": "1.00" }));
    assert_eq!(swallowed.status, StatusCode::OK);
    let price = read_price(&mut seller, "A");
    assert_eq!(
        (cents(&price["SellingPrice"]), word(&price["Active"])),
        (2000, "0".to_owned())
    );
    // An item feed stores fields all the same.
    let mut row = offer("A", 0, "21.00", 6);
    row["BasicInfo"]["ActivationMark"] = json!("False");
    seller.feed_done("ITEM_DATA", offers(vec![row]));
    assert_eq!(seller.listing("A").price.unwrap().amount, "21.00");
    assert_eq!(seller.listing("A").quantity, 0);
    let on = write_price(
        &mut seller,
        "A",
        json!({ "Active": "1", "SellingPrice": "22.00" }),
    );
    assert_eq!(on.status, StatusCode::OK);
    assert_eq!(read_stock(&mut seller, "A"), 6);
}

#[test]
fn a_fault_deactivates_and_another_hides_the_item() {
    let mut seller = Seller::new();
    seller.publish(&[("A", "5.00", 3)]);
    seller.fault("in_review", 1);
    assert_eq!(write_stock(&mut seller, "A", 8).code(), "CT026");
    assert_eq!(write_stock(&mut seller, "A", 8).status, StatusCode::OK);
    seller.fault("inactive@writeInventory", 1);
    assert_eq!(write_stock(&mut seller, "A", 9).status, StatusCode::OK);
    assert_eq!(seller.listing("A").state, "ended");
    assert_eq!(word(&read_price(&mut seller, "A")["Active"]), "0");
}

#[test]
fn until_the_review_is_over_calls_do_not_know_the_item() {
    let mut seller = Seller::new();
    seller.feed_done("ITEM_DATA", offers(vec![offer("A", 0, "5.00", 3)]));
    assert_eq!(seller.listing("A").state, "pending");
    assert_eq!(write_stock(&mut seller, "A", 8).code(), "CT026");
    let batch = json!({ "Type": "1", "Values": ["A"], "WarehouseList": ["USA"] });
    let seen = seller.post("contentmgmt/item/international/inventorylist", batch);
    assert_eq!(word(&seen.inner()["TotalCount"]), "0");
    seller.wait(crate::REVIEWED);
    assert_eq!(seller.listing("A").state, "live");
    assert_eq!(write_stock(&mut seller, "A", 8).status, StatusCode::OK);
}

#[test]
fn one_review_in_32_takes_hours_and_no_example_does() {
    let live = |seller: &Seller, prefix: &str| {
        let listings = seller.held().listings;
        let live = |held: &&HeldListing| held.state == "live" && held.sku.starts_with(prefix);
        listings.iter().filter(live).count()
    };
    let mut seller = Seller::new();
    let examples = (0..100).map(|number| offer(&format!("E{number}"), number, "5.00", 1));
    let others = (0..800).map(|number| {
        let mut row = offer(&format!("O{number}"), number, "5.00", 1);
        row["BasicInfo"]["UPCOrISBN"] = json!(other_barcode(number));
        row
    });
    let report = seller.feed_done("ITEM_DATA", offers(examples.chain(others).collect()));
    let offered: usize = word(&report["ProcessingSummary"]["SuccessCount"])
        .parse()
        .unwrap();
    // The feed was over after seven minutes at most, and ten are the least that a review takes.
    assert_eq!(live(&seller, ""), 0);
    seller.wait(1_200);
    assert_eq!(live(&seller, "E"), 100);
    let slow = offered - live(&seller, "");
    assert!((8..50).contains(&slow), "{slow}");
    seller.wait(5_000);
    assert_eq!(offered - live(&seller, ""), slow);
    seller.wait(16_000);
    assert_eq!(live(&seller, ""), offered);
}

#[test]
fn what_cannot_be_a_price_or_a_quantity_is_refused() {
    let mut seller = Seller::new();
    seller.publish(&[("A", "20.00", 4)]);
    let price = |seller: &mut Seller, fields: Value, taken: bool| {
        let seen = write_price(seller, "A", fields.clone());
        assert_eq!(
            seen.status == StatusCode::OK,
            taken,
            "{fields} {}",
            seen.text
        );
    };
    price(&mut seller, json!({ "SellingPrice": "0.00" }), false);
    price(&mut seller, json!({ "SellingPrice": "0.01" }), true);
    price(&mut seller, json!({ "SellingPrice": "99999.00" }), true);
    price(&mut seller, json!({ "SellingPrice": "99999.01" }), false);
    price(&mut seller, json!({ "SellingPrice": "1.999" }), false);
    price(&mut seller, json!({ "SellingPrice": 19.99 }), false);
    price(
        &mut seller,
        json!({ "SellingPrice": "20.00", "Currency": "CAD" }),
        false,
    );
    price(
        &mut seller,
        json!({ "SellingPrice": "20.00", "CountryCode": "ATA" }),
        false,
    );
    price(&mut seller, json!({ "CheckoutMAP": "True" }), false);
    // Below MAP the price is shown at checkout only, or not taken.
    price(
        &mut seller,
        json!({ "SellingPrice": "20.00", "MAP": "24.99" }),
        false,
    );
    price(
        &mut seller,
        json!({ "SellingPrice": "20.00", "MAP": "24.99", "CheckoutMAP": "1" }),
        true,
    );
    price(&mut seller, json!({ "CheckoutMAP": "0" }), false);

    let stock = |seller: &mut Seller, row: Value, code: &str| {
        let body = json!({ "Type": "1", "Value": "A", "InventoryList": { "Inventory": [row] } });
        assert_eq!(seller.post(INVENTORY, body.clone()).code(), code, "{body}");
    };
    let row = |units: &str| json!({ "WarehouseLocation": "USA", "AvailableQuantity": units });
    stock(&mut seller, row("999999"), "");
    stock(&mut seller, row("1000000"), "CT011");
    stock(&mut seller, row("-1"), "CT011");
    stock(&mut seller, row("1.5"), "CT011");
    let mut newegg = row("3");
    newegg["FulfillmentOption"] = json!("1");
    stock(&mut seller, newegg, "CT012");
    stock(&mut seller, json!({ "AvailableQuantity": "3" }), "CT010");
    assert_eq!(seller.listing("A").quantity, 999_999);
}

#[test]
fn countries_have_prices_and_stock_of_their_own() {
    let mut seller = Seller::new();
    seller.publish(&[("A", "20.00", 4)]);
    let body = json!({ "Type": "1", "Value": "A", "PriceList": { "Price": [
        { "CountryCode": "AUS", "Currency": "AUD", "SellingPrice": "31.50", "Active": "1" },
    ] } });
    assert_eq!(seller.post(PRICE, body).status, StatusCode::OK);
    let body = json!({ "Type": "1", "Value": "A", "InventoryList": { "Inventory": [
        { "WarehouseLocation": "AUS", "AvailableQuantity": "2" },
    ] } });
    assert_eq!(seller.post(INVENTORY, body).status, StatusCode::OK);
    let listing = seller.listing("A");
    assert_eq!(
        (listing.quantity, listing.price.unwrap().amount.as_str()),
        (4, "20.00")
    );
    let all = seller.put(PRICE, asked("A"));
    assert_eq!(rows(&all.body, "PriceList", "Price").len(), 2);
    let mut one = asked("A");
    one["CountryList"] = json!({ "CountryCode": ["AUS"] });
    let one = seller.put(PRICE, one);
    let one = rows(&one.body, "PriceList", "Price");
    assert_eq!((one.len(), cents(&one[0]["SellingPrice"])), (1, 3150));
}

#[test]
fn batches_of_up_to_a_hundred_leave_out_what_is_not_there() {
    let mut seller = Seller::new();
    seller.publish(&[("A", "20.00", 4), ("B", "30.00", 5)]);
    let batch = json!({ "Type": "1", "Values": ["A", "X", "B"], "WarehouseList": ["USA"] });
    let seen = seller.post("contentmgmt/item/international/inventorylist", batch);
    assert_eq!(word(&seen.inner()["TotalCount"]), "2");
    let items = rows(seen.inner(), "ItemList", "Item");
    assert!(items[0]["InventoryAllocation"].is_array(), "{}", seen.text);
    assert_eq!(
        word(&items[1]["InventoryAllocation"][0]["AvailableQuantity"]),
        "5"
    );
    let date = seen.body["ResponseDate"].as_str().unwrap();
    assert!(date.ends_with("-08:00") && date.len() == 33, "{date}");
    let batch = json!({ "Type": "1", "Values": ["A", "B"], "CountryList": ["USA"] });
    let seen = seller.post("contentmgmt/item/international/pricelist", batch);
    let items = rows(seen.inner(), "ItemList", "Item");
    let price = rows(&items[0], "PriceList", "Price")[0].clone();
    assert_eq!(cents(&price["SellingPrice"]), 2000);
    assert_eq!(word(&price["ShipByNewegg"]), "0");
    let many: Vec<String> = (0..101).map(|number| number.to_string()).collect();
    let batch = json!({ "Type": "1", "Values": many });
    let path = "contentmgmt/item/international/inventorylist";
    assert_eq!(seller.post(path, batch).code(), "CE001");
}

#[test]
fn stock_at_neweggs_warehouse_stands_beside_and_cannot_be_written() {
    let mut seller = Seller::new();
    seller.fault("sbn_stock", 1);
    seller.publish(&[("A", "20.00", 4)]);
    let seen = seller.put(INVENTORY, asked("A"));
    let shown = rows(&seen.body, "InventoryAllocation", "Inventory");
    assert_eq!(shown.len(), 2);
    assert_eq!(word(&shown[1]["FulfillmentOption"]), "1");
    let warehouse = rows(&shown[1], "WarehouseAllocation", "Warehouse");
    assert_eq!(
        word(&warehouse[0]["Quantity"]),
        word(&shown[1]["AvailableQuantity"])
    );
    let row = json!({ "SellerPartNumber": "A", "WarehouseLocation": "USA",
        "FulfillmentOption": "Newegg", "Inventory": "5" });
    let feed = envelope(
        "2.0",
        "Inventory",
        json!({ "Inventory": { "Item": [row] } }),
    );
    let report = seller.feed_done("INVENTORY_DATA", feed);
    assert_eq!(word(&report["ProcessingSummary"]["WithErrorCount"]), "1");
}

#[test]
fn the_other_platforms_write_price_and_stock_at_once() {
    for (platform, currency, list_code) in
        [(Platform::B2b, "USD", "USB"), (Platform::Can, "CAD", "CAN")]
    {
        let mut seller = Seller::on(platform);
        seller.publish(&[("A", "20.00", 4)]);
        let write = |seller: &mut Seller, fields: Value| {
            let mut body = asked("A");
            for (name, value) in fields.as_object().unwrap() {
                body[name] = value.clone();
            }
            seller.put("contentmgmt/item/inventoryandprice", body)
        };
        let seen = write(&mut seller, json!({ "Inventory": "9" }));
        let result = &seen.body["UpdateInventoryAndPriceResult"];
        assert_eq!(
            (word(&result["Result"]), word(&result["Inventory"])),
            ("1".into(), "9".into())
        );
        let listing = seller.listing("A");
        let price = listing.price.unwrap();
        assert_eq!(listing.quantity, 9);
        assert_eq!(
            (price.amount.as_str(), price.currency.as_str()),
            ("20.00", currency)
        );
        assert_eq!(
            write(&mut seller, json!({ "Inventory": "9" })).code(),
            "CT055"
        );
        let seen = write(
            &mut seller,
            json!({ "SellingPrice": "25.00", "Active": "1" }),
        );
        assert_eq!(seen.status, StatusCode::OK, "{}", seen.text);
        let read = seller.post("contentmgmt/item/inventory?version=304", asked("A"));
        assert_eq!(word(&read.body["AvailableQuantity"]), "9");
        assert_eq!(word(&read.body["Active"]), "1");
        let read = seller.post("contentmgmt/item/price", asked("A"));
        assert_eq!(cents(&read.body["SellingPrice"]), 2500);
        let batch = json!({ "Type": "1", "Values": ["A"] });
        let read = seller.post("contentmgmt/item/pricelist", batch);
        let items = rows(read.inner(), "ItemList", "Item");
        let prices = rows(&items[0], "PriceList", "Price");
        assert_eq!(prices[0]["CountryCode"], list_code);

        let mut unknown = asked("B");
        unknown["Inventory"] = json!("1");
        let seen = seller.put("contentmgmt/item/inventoryandprice", unknown);
        assert_eq!(seen.code(), "CT015");
        write(&mut seller, json!({ "Active": "0" }));
        assert_eq!(
            write(&mut seller, json!({ "Inventory": "3" })).status,
            StatusCode::OK
        );
        assert_eq!(seller.listing("A").state, "ended");
        let seen = write(&mut seller, json!({ "Active": "1", "Inventory": "3" }));
        assert_eq!(seen.status, StatusCode::OK);
        assert_eq!(seller.listing("A").quantity, 3);
    }
}
