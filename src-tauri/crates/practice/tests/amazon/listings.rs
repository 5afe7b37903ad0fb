//! Listings: what is accepted, what comes of it, and what reads tell.

use http::{Method, StatusCode};
use serde_json::{Value, json};

use crate::{CA, Seller, US, offer, offer_at, price, replace, stock, upc};

fn live(seller: &mut Seller, sku: &str, site: &str) -> (Value, Value, Value) {
    let item = seller.item(sku, site);
    (
        item["summaries"][0]["status"].clone(),
        item["offers"][0]["price"]["amount"].clone(),
        item["fulfillmentAvailability"][0]["quantity"].clone(),
    )
}

#[test]
fn an_offer_is_accepted_at_once_and_live_only_later() {
    let mut seller = Seller::new();
    let put = seller.put("A", US, offer(1, 19.99, 5));
    assert_eq!(
        (put.status, &put.body["status"]),
        (StatusCode::OK, &json!("ACCEPTED"))
    );
    assert_eq!(put.body["issues"], json!([]));
    assert_eq!(seller.listing("A").state, "pending");
    seller.wait(15);
    let item = seller.item("A", US);
    assert_eq!(item["summaries"], json!([]), "nothing is live yet");
    assert_eq!(
        item["attributes"]["fulfillment_availability"][0]["quantity"],
        5
    );
    seller.wait(500);
    let buyable = json!(["BUYABLE", "DISCOVERABLE"]);
    assert_eq!(
        live(&mut seller, "A", US),
        (buyable, json!("19.99"), json!(5))
    );
    let held = seller.listing("A");
    assert_eq!((held.state.as_str(), held.quantity), ("live", 5));
    assert_eq!(held.price.unwrap().amount, "19.99");
}

#[test]
fn a_change_of_price_and_quantity_shows_in_attributes_first() {
    let mut seller = Seller::new();
    seller.publish(&[("A", 19.99, 5)]);
    let mut patches = replace("purchasable_offer", price(US, 24.5));
    let quantity = replace("fulfillment_availability", stock(0));
    patches
        .as_array_mut()
        .unwrap()
        .extend(quantity.as_array().unwrap().clone());
    let seen = seller.patch("A", US, patches);
    assert_eq!(seen.body["status"], "ACCEPTED", "{}", seen.text);
    let item = seller.item("A", US);
    assert_eq!(
        item["attributes"]["fulfillment_availability"][0]["quantity"],
        0
    );
    assert_eq!(
        item["attributes"]["fulfillment_availability"][0]["marketplace_id"],
        US
    );
    assert_eq!(
        item["attributes"]["purchasable_offer"][0]["audience"],
        "ALL"
    );
    assert_eq!(item["offers"][0]["price"]["amount"], "19.99");
    assert_eq!(item["fulfillmentAvailability"][0]["quantity"], 5);
    seller.wait(160);
    assert_eq!(
        live(&mut seller, "A", US),
        (json!([]), json!("24.50"), json!(0))
    );
    assert_eq!(seller.listing("A").state, "out_of_stock");
}

#[test]
fn changes_that_are_called_for_take_effect_in_their_order() {
    let mut seller = Seller::new();
    seller.publish(&[("A", 1.0, 1)]);
    for units in 2..8 {
        seller.patch("A", US, replace("fulfillment_availability", stock(units)));
        seller.wait(1);
    }
    seller.wait(200);
    assert_eq!(seller.listing("A").quantity, 7);
}

#[test]
fn one_quantity_counts_for_all_marketplaces_and_prices_for_one() {
    let mut seller = Seller::new();
    seller.publish(&[("A", 10.0, 5)]);
    let put = seller.put("A", CA, offer_at(CA, 0, 14.0, 3));
    assert_eq!(put.body["status"], "ACCEPTED", "{}", put.text);
    seller.wait(600);
    assert_eq!(live(&mut seller, "A", US).2, json!(3));
    assert_eq!(live(&mut seller, "A", CA).1, json!("14.00"));
    assert_eq!(live(&mut seller, "A", US).1, json!("10.00"));
    seller.patch("A", US, replace("fulfillment_availability", stock(8)));
    seller.wait(200);
    assert_eq!(live(&mut seller, "A", CA).2, json!(8));
    let attributes = seller.item("A", CA)["attributes"].clone();
    assert_eq!(
        attributes["fulfillment_availability"][0]["quantity"], 3,
        "the old value stays"
    );
}

#[test]
// long: a list of mistakes
fn what_is_wrong_is_refused_with_status_200_and_the_code_that_says_it() {
    let mut seller = Seller::new();
    let mut check = |change: &dyn Fn(&mut Value), code: &str| {
        seller.wait(1);
        let mut body = offer(1, 19.99, 5);
        change(&mut body["attributes"]);
        let seen = seller.put("X", US, body);
        assert_eq!(seen.status, StatusCode::OK);
        assert_eq!(seen.body["status"], "INVALID", "{code}: {}", seen.text);
        assert_eq!(seen.body["issues"][0]["code"], code, "{}", seen.text);
        assert_eq!(seen.body["issues"][0]["severity"], "ERROR");
        assert_eq!(seller.listing("X").state, "refused");
    };
    let remove = |name: &'static str| {
        move |a: &mut Value| {
            a.as_object_mut().unwrap().remove(name);
        }
    };
    let set = |pointer: &'static str, value: Value| {
        move |a: &mut Value| *a.pointer_mut(pointer).unwrap() = value.clone()
    };
    let add = |pointer: &'static str, field: &'static str, value: Value| {
        move |a: &mut Value| a.pointer_mut(pointer).unwrap()[field] = value.clone()
    };
    let amount = "/purchasable_offer/0/our_price/0/schedule/0/value_with_tax";
    check(&remove("condition_type"), "90220");
    check(&remove("purchasable_offer"), "90220");
    check(&remove("externally_assigned_product_identifier"), "90220");
    check(&add("", "purchaseable_offer", json!([{}])), "90000900");
    check(&add("", "fulfillmentAvailability", json!([{}])), "90000900");
    check(&set("/purchasable_offer", json!({})), "4000001");
    check(&set("/purchasable_offer/0/our_price", json!({})), "4000001");
    check(&set("/condition_type", json!("new_new")), "4000001");
    check(
        &set("/purchasable_offer/0/our_price/0/schedule", json!([])),
        "99022",
    );
    check(&set(amount, json!("19.99")), "4000001");
    check(&set(amount, json!(19.999)), "90244");
    check(&set(amount, json!(0)), "90244");
    check(&set("/purchasable_offer/0/currency", json!("EUR")), "90244");
    check(
        &set("/purchasable_offer/0/marketplace_id", json!(CA)),
        "90244",
    );
    check(&set("/condition_type/0/value", json!("brand_new")), "90244");
    check(
        &set("/fulfillment_availability/0", json!({ "quantity": 5 })),
        "99022",
    );
    check(
        &set("/fulfillment_availability/0/quantity", json!(-1)),
        "4000001",
    );
    check(
        &add("/fulfillment_availability/0", "marketplace_id", json!(US)),
        "90000900",
    );
    let fba = json!({ "fulfillment_channel_code": "AMAZON_NA", "quantity": 5 });
    check(&set("/fulfillment_availability/0", fba), "90244");
    check(
        &set(
            "/externally_assigned_product_identifier/0/value",
            json!("123"),
        ),
        "90244",
    );
    let bound = json!([{ "schedule": [{ "value_with_tax": 30 }] }]);
    check(
        &add(
            "/purchasable_offer/0",
            "minimum_seller_allowed_price",
            bound,
        ),
        "18155",
    );
    let unknown = json!([{ "value": "B0", "marketplace_id": US }]);
    check(&add("", "merchant_suggested_asin", unknown), "90244");
    let other = json!([{ "type": "upc", "value": upc(2), "marketplace_id": US }]);
    check(
        &|a: &mut Value| {
            a["merchant_suggested_asin"] = json!([{ "value": "B012345678", "marketplace_id": US }]);
            a["externally_assigned_product_identifier"] = other.clone();
        },
        "8541",
    );
    check(
        &add(
            "",
            "merchant_shipping_group",
            json!([{ "value": "Mine", "marketplace_id": US }]),
        ),
        "90244",
    );
}

#[test]
fn an_asin_or_a_barcode_without_a_page_is_refused() {
    let mut seller = Seller::new();
    let missing = (0..200)
        .map(|number| format!("B0{number:08}"))
        .find(|asin| {
            seller.wait(1);
            let path = format!("/catalog/2022-04-01/items/{asin}?marketplaceIds={US}");
            seller.get(&path).status == StatusCode::NOT_FOUND
        });
    let asin = missing.expect("one in sixteen does not exist");
    let mut body = offer(1, 19.99, 5);
    let attributes = body["attributes"].as_object_mut().unwrap();
    attributes.remove("externally_assigned_product_identifier");
    attributes.insert(
        "merchant_suggested_asin".to_owned(),
        json!([{ "value": asin, "marketplace_id": US }]),
    );
    let seen = seller.put("A", US, body);
    assert_eq!(seen.body["issues"][0]["code"], "8560", "{}", seen.text);
}

#[test]
fn a_preview_says_what_would_be_and_changes_nothing() {
    let mut seller = Seller::new();
    let path = format!("{}&mode=VALIDATION_PREVIEW", seller.item_path("A", US));
    let valid = seller.call(Method::PUT, &path, Some(offer(1, 5.0, 5)));
    assert_eq!(valid.body["status"], "VALID", "{}", valid.text);
    seller.wait(1);
    let mut wrong = offer(1, 5.0, 5);
    wrong["attributes"]["condition_type"] = json!([]);
    let invalid = seller.call(Method::PUT, &path, Some(wrong));
    assert_eq!(invalid.body["status"], "INVALID");
    seller.wait(600);
    assert!(seller.held().listings.is_empty());
    // A second preview within the same second is too many.
    seller.call(Method::PUT, &path, Some(offer(1, 5.0, 5)));
    let seen = seller.call(Method::PUT, &path, Some(offer(1, 5.0, 5)));
    assert_eq!(seen.status, StatusCode::TOO_MANY_REQUESTS);
}

#[test]
fn a_patch_needs_a_sku_and_a_whole_attribute() {
    let mut seller = Seller::new();
    let seen = seller.patch("none", US, replace("fulfillment_availability", stock(1)));
    assert_eq!(
        (seen.status, &seen.body["status"]),
        (StatusCode::OK, &json!("INVALID"))
    );
    seller.publish(&[("A", 5.0, 5)]);
    for path in ["/attributes/item_name/0", "/summaries"] {
        let patch = json!([{ "op": "replace", "path": path, "value": [{}] }]);
        assert_eq!(
            seller.patch("A", US, patch).status,
            StatusCode::BAD_REQUEST,
            "{path}"
        );
    }
    let lead = json!([{
        "op": "merge", "path": "/attributes/fulfillment_availability",
        "value": [{ "fulfillment_channel_code": "DEFAULT", "lead_time_to_ship_max_days": 3 }],
    }]);
    assert_eq!(seller.patch("A", US, lead).body["status"], "INVALID");
    let condition = json!([{ "value": "used_good", "marketplace_id": US }]);
    let seen = seller.patch("A", US, replace("condition_type", condition));
    assert_eq!(seen.body["issues"][0]["code"], "8541", "{}", seen.text);
}

#[test]
fn a_put_replaces_everything_but_some_sales_terms() {
    let mut seller = Seller::new();
    let mut body = offer(1, 5.0, 5);
    body["attributes"]["condition_note"] =
        json!([{ "value": "As new", "language_tag": "en_US", "marketplace_id": US }]);
    seller.put("A", US, body);
    seller.wait(600);
    let mut body = offer(1, 6.0, 5);
    body["attributes"]
        .as_object_mut()
        .unwrap()
        .remove("fulfillment_availability");
    let seen = seller.put("A", US, body);
    assert_eq!(seen.body["status"], "ACCEPTED", "{}", seen.text);
    seller.wait(200);
    let attributes = seller.item("A", US)["attributes"].clone();
    assert!(attributes.get("condition_note").is_none(), "{attributes}");
    assert_eq!(attributes["fulfillment_availability"][0]["quantity"], 5);
    let held = seller.listing("A");
    assert_eq!(
        (held.quantity, held.price.unwrap().amount.as_str()),
        (5, "6.00")
    );
}

#[test]
fn goods_that_amazon_fulfils_have_no_quantity_of_the_sellers() {
    let mut seller = Seller::new();
    seller.publish(&[("A", 5.0, 5)]);
    let fba = json!([{ "fulfillment_channel_code": "AMAZON_NA" }]);
    seller.patch("A", US, replace("fulfillment_availability", fba));
    seller.wait(200);
    let item = seller.item("A", US);
    let live = &item["fulfillmentAvailability"];
    assert_eq!(live, &json!([{ "fulfillmentChannelCode": "AMAZON_NA" }]));
    let submitted = item["attributes"]["fulfillment_availability"]
        .as_array()
        .unwrap()
        .len();
    assert_eq!(submitted, 2, "a replacement leaves the other channel");
    let id = seller.order(&[("A", 1)]);
    let order = seller.get(&format!(
        "/orders/2026-01-01/orders/{id}?includedData=FULFILLMENT,RECIPIENT,BUYER"
    ));
    assert_eq!(order.body["order"]["fulfillment"]["fulfilledBy"], "AMAZON");
    assert!(order.body["order"].get("recipient").is_none());
    assert!(order.body["order"]["buyer"].get("buyerEmail").is_none());
}

#[test]
fn an_end_takes_a_while_and_reads_find_nothing_then() {
    let mut seller = Seller::new();
    seller.publish(&[("A", 5.0, 5)]);
    let path = seller.item_path("A", US);
    let seen = seller.call(Method::DELETE, &path, None);
    assert_eq!(seen.body["status"], "ACCEPTED");
    assert_eq!(seller.listing("A").state, "live");
    seller.wait(200);
    assert_eq!(seller.get(&path).status, StatusCode::NOT_FOUND);
    let held = seller.listing("A");
    assert_eq!((held.state.as_str(), held.quantity), ("ended", 0));
    // It can be offered again.
    seller.put("A", US, offer(1, 5.0, 2));
    seller.wait(600);
    assert_eq!(seller.listing("A").quantity, 2);
}

#[test]
fn faults_of_listings_do_what_their_names_say() {
    let mut seller = Seller::new();
    seller.publish(&[("A", 5.0, 5)]);
    seller.fault("not_taken_over", 1);
    let seen = seller.patch("A", US, replace("fulfillment_availability", stock(9)));
    assert_eq!(seen.body["status"], "ACCEPTED");
    seller.wait(3_600);
    assert_eq!(seller.listing("A").quantity, 5);
    seller.fault("slow_listing", 1);
    seller.patch("A", US, replace("fulfillment_availability", stock(9)));
    seller.wait(3_600);
    assert_eq!(seller.listing("A").quantity, 5);
    seller.wait(4 * 3_600);
    assert_eq!(seller.listing("A").quantity, 9);
    seller.fault("suppressed", 1);
    seller.patch("A", US, replace("fulfillment_availability", stock(8)));
    seller.wait(200);
    assert_eq!(seller.listing("A").state, "refused");
    let item = seller.item("A", US);
    assert_eq!(item["summaries"][0]["status"], json!([]));
    assert_eq!(
        item["issues"][0]["enforcements"]["actions"][0]["action"],
        "LISTING_SUPPRESSED"
    );
    // The next change mends it.
    seller.patch("A", US, replace("fulfillment_availability", stock(8)));
    seller.wait(200);
    assert_eq!(seller.listing("A").state, "live");
}

#[test]
fn paths_are_held_to_seller_marketplace_and_length() {
    let mut seller = Seller::new();
    let check = |seller: &mut Seller, path: &str, status: StatusCode| {
        assert_eq!(seller.get(path).status, status, "{path}");
    };
    let other = format!("/listings/2021-08-01/items/A0THER?marketplaceIds={US}");
    check(&mut seller, &other, StatusCode::FORBIDDEN);
    let long = seller.item_path(&"S".repeat(41), US);
    check(&mut seller, &long, StatusCode::BAD_REQUEST);
    let foreign = seller.item_path("A", "A1PA6795UKMFR9");
    check(&mut seller, &foreign, StatusCode::FORBIDDEN);
    let unknown = seller.item_path("A", "NOWHERE");
    check(&mut seller, &unknown, StatusCode::BAD_REQUEST);
    let put = seller.put("A/B C", US, offer(1, 1.0, 1));
    assert_eq!(put.body["sku"], "A/B C");
    // Without encoding, a slash makes another path.
    let path = format!(
        "/listings/2021-08-01/items/{}/A/B?marketplaceIds={US}",
        seller.id
    );
    check(&mut seller, &path, StatusCode::FORBIDDEN);
}

#[test]
// long: one search after the other over the same goods
fn searches_filter_sort_and_page() {
    let mut seller = Seller::new();
    for number in 0..25 {
        let units = u32::try_from(number % 2).unwrap();
        let seen = seller.put(&format!("S{number:02}"), US, offer(number, 5.0, units));
        assert_eq!(seen.body["status"], "ACCEPTED");
        seller.wait(2);
    }
    seller.wait(600);
    let base = format!(
        "/listings/2021-08-01/items/{}?marketplaceIds={US}",
        seller.id
    );
    let mut skus = |question: &str| -> Vec<String> {
        seller.wait(1);
        let seen = seller.get(&format!("{base}&pageSize=20{question}"));
        assert_eq!(seen.status, StatusCode::OK, "{question}: {}", seen.text);
        let items = seen.body["items"].as_array().unwrap().iter();
        items
            .map(|item| item["sku"].as_str().unwrap().to_owned())
            .collect()
    };
    assert_eq!(skus("&sortBy=sku&sortOrder=ASC")[..2], ["S00", "S01"]);
    assert_eq!(skus("&sortBy=sku")[..2], ["S24", "S23"]);
    assert_eq!(
        skus("&sortBy=createdDate&sortOrder=ASC")[..2],
        ["S00", "S01"]
    );
    assert_eq!(skus("&withStatus=BUYABLE").len(), 12);
    assert_eq!(skus("&withoutStatus=BUYABLE").len(), 13);
    assert_eq!(
        skus("&identifiers=S03,S04,none&identifiersType=SKU").len(),
        2
    );
    assert_eq!(
        skus(&format!("&identifiers={}&identifiersType=UPC", upc(7))),
        ["S07"]
    );
    assert_eq!(
        skus("&createdAfter=2026-11-22T08:00:40Z&sortBy=sku").len(),
        5
    );
    assert!(skus("&withIssueSeverity=ERROR").is_empty());
    for bad in [
        "&identifiers=S03",
        "&identifiersType=SKU",
        "&identifiers=a&identifiersType=SKU&variationParentSku=b",
        "&pageSize=21",
        "&withStatus=LIVE",
        "&pageToken=made-up",
    ] {
        seller.wait(1);
        assert_eq!(
            seller.get(&format!("{base}{bad}")).status,
            StatusCode::BAD_REQUEST,
            "{bad}"
        );
    }
    let mut found = Vec::new();
    let mut path = format!("{base}&sortBy=sku&sortOrder=ASC");
    loop {
        seller.wait(1);
        let page = seller.get(&path);
        assert_eq!(page.body["numberOfResults"], 25);
        let items = page.body["items"].as_array().unwrap();
        assert!(items.len() <= 10);
        found.extend(
            items
                .iter()
                .map(|item| item["sku"].as_str().unwrap().to_owned()),
        );
        let Some(token) = page.body["pagination"]["nextToken"].as_str() else {
            break;
        };
        path = format!("{base}&sortBy=sku&sortOrder=ASC&pageToken={token}");
    }
    let all: Vec<String> = (0..25).map(|number| format!("S{number:02}")).collect();
    assert_eq!(found, all);
}

#[test]
fn new_goods_make_a_page_that_the_catalogue_then_has() {
    let mut seller = Seller::new();
    let text =
        |value: &str| json!([{ "value": value, "language_tag": "en_US", "marketplace_id": US }]);
    let mut body = offer(1, 12.0, 4);
    body["productType"] = json!("LAMP");
    body["requirements"] = json!("LISTING");
    let attributes = body["attributes"].as_object_mut().unwrap();
    attributes.remove("externally_assigned_product_identifier");
    attributes.insert("item_name".to_owned(), text("Lamp of own make"));
    attributes.insert(
        "supplier_declared_has_product_identifier_exemption".to_owned(),
        json!([{ "value": true, "marketplace_id": US }]),
    );
    let seen = seller.put("OWN", US, body.clone());
    assert_eq!(
        seen.body["issues"][0]["attributeNames"][0], "brand",
        "{}",
        seen.text
    );
    body["attributes"]["brand"] = text("Alder");
    seller.put("OWN", US, body);
    seller.wait(600);
    let item = seller.item("OWN", US);
    assert_eq!(item["summaries"][0]["productType"], "LAMP");
    let asin = item["summaries"][0]["asin"].as_str().unwrap();
    let page = seller.get(&format!(
        "/catalog/2022-04-01/items/{asin}?marketplaceIds={US}"
    ));
    assert_eq!(page.body["summaries"][0]["itemName"], "Lamp of own make");
    let words = format!("/catalog/2022-04-01/items?marketplaceIds={US}&keywords=own%20make");
    assert!(seller.get(&words).text.contains(asin));
}
