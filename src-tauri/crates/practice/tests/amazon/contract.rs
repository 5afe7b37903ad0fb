//! Answers against Amazon's own models, which stand beside the project.

use std::path::PathBuf;

use barrow_practice::Marketplace;
use http::{Method, StatusCode};
use serde_json::{Value, json};

use crate::{Seen, Seller, US, offer, replace, settings, stock, upc};

fn models() -> PathBuf {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../..");
    root.join("../shared/marketplaces/specs/amazon")
}

/// Reads a document; none in a checkout without them beside it, which has nothing to hold the
/// answers against.
fn document(name: &str) -> Option<Value> {
    let text = std::fs::read(models().join(name)).ok()?;
    Some(serde_json::from_slice(&text).unwrap())
}

fn hold(schema: &Value, body: &Value, what: &str) {
    let validator = jsonschema::validator_for(schema).unwrap();
    let problems: Vec<String> = validator
        .iter_errors(body)
        .map(|error| format!("{} at {}", error, error.instance_path()))
        .collect();
    assert!(problems.is_empty(), "{what}: {problems:?}\n{body:#}");
}

/// A Swagger 2 schema as JSON Schema: objects are closed, so that no answer tells what the model
/// does not know.
fn closed(mut schema: Value) -> Value {
    close(&mut schema);
    schema
}

fn close(schema: &mut Value) {
    match schema {
        Value::Object(map) => {
            map.remove("example");
            map.remove("discriminator");
            for part in map.values_mut() {
                close(part);
            }
            let open = map.contains_key("additionalProperties");
            if map.get("properties").is_some_and(Value::is_object) && !open {
                map.insert("additionalProperties".to_owned(), Value::Bool(false));
            }
        }
        Value::Array(parts) => parts.iter_mut().for_each(close),
        _ => {}
    }
}

/// Checks an answer against what a model gives for its operation and status.
fn check(seen: &Seen, model: &str, operation: &str) {
    let Some(document) = document(&format!("{model}.json")) else {
        return;
    };
    let paths = document["paths"].as_object().unwrap().values();
    let mut operations = paths.flat_map(|path| path.as_object().unwrap().values());
    let found = operations.find(|known| known["operationId"] == operation);
    let found = found.unwrap_or_else(|| panic!("{operation} is not in {model}"));
    let answer = &found["responses"][seen.status.as_str()];
    assert!(
        answer.is_object(),
        "{operation} does not answer {}: {}",
        seen.status,
        seen.text
    );
    let Some(schema) = answer.get("schema") else {
        assert!(
            seen.text.is_empty(),
            "{operation} {} has no body",
            seen.status
        );
        return;
    };
    let mut schema = closed(schema.clone());
    schema["definitions"] = closed(document["definitions"].clone());
    hold(&schema, &seen.body, operation);
    assert!(seen.headers.contains_key("x-amzn-requestid"));
}

const LISTINGS: &str = "listingsItems_2021-08-01";
const CATALOGUE: &str = "catalogItems_2022-04-01";
const FEEDS: &str = "feeds_2021-06-30";
const ORDERS: &str = "orders_2026-01-01";

#[test]
fn account_and_catalogue_answers_fit_the_models() {
    let mut seller = Seller::new();
    let participations = "/sellers/v1/marketplaceParticipations";
    check(
        &seller.get(participations),
        "sellers",
        "getMarketplaceParticipations",
    );
    check(&seller.get("/sellers/v1/account"), "sellers", "getAccount");
    let everything = "attributes,classifications,dimensions,identifiers,images,productTypes,\
                      relationships,salesRanks,summaries,vendorDetails";
    let path = format!(
        "/catalog/2022-04-01/items?marketplaceIds={US}&includedData={everything}&identifiers={}\
         &identifiersType=UPC",
        upc(1)
    );
    let found = seller.get(&path);
    check(&found, CATALOGUE, "searchCatalogItems");
    let asin = found.body["items"][0]["asin"].as_str().unwrap().to_owned();
    let words = format!("/catalog/2022-04-01/items?marketplaceIds={US}&keywords=oak%20lamp");
    seller.wait(5);
    check(&seller.get(&words), CATALOGUE, "searchCatalogItems");
    check(
        &seller.get(&format!("{words}&pageSize=21")),
        CATALOGUE,
        "searchCatalogItems",
    );
    seller.wait(5);
    for asin in [asin.as_str(), "B0"] {
        let path = format!("/catalog/2022-04-01/items/{asin}?marketplaceIds={US}");
        check(&seller.get(&path), CATALOGUE, "getCatalogItem");
    }
    for asin in (0..60).map(|number| format!("B0000000{number:02}")) {
        seller.wait(1);
        let path = format!(
            "/listings/2021-08-01/restrictions?asin={asin}&sellerId={}&marketplaceIds={US}\
             &conditionType=new_new",
            seller.id
        );
        check(
            &seller.get(&path),
            "listingsRestrictions_2021-08-01",
            "getListingsRestrictions",
        );
    }
}

#[test]
fn listing_answers_fit_the_model() {
    let mut seller = Seller::new();
    let path = seller.item_path("A", US);
    check(&seller.get(&path), LISTINGS, "getListingsItem");
    let with_ids = format!("{path}&includedData=issues,identifiers");
    let put = seller.call(Method::PUT, &with_ids, Some(offer(1, 19.99, 5)));
    check(&put, LISTINGS, "putListingsItem");
    assert_eq!(put.body["status"], "ACCEPTED");
    check(&seller.put("A", US, json!({})), LISTINGS, "putListingsItem");
    let bad = json!({ "productType": "PRODUCT", "attributes": { "purchaseable_offer": [{}] } });
    check(&seller.put("B", US, bad), LISTINGS, "putListingsItem");
    seller.wait(15);
    let everything = format!(
        "{path}&includedData=summaries,attributes,issues,offers,fulfillmentAvailability,\
         procurement,relationships,productTypes"
    );
    check(&seller.get(&everything), LISTINGS, "getListingsItem");
    seller.fault("suppressed", 1);
    let patch = replace("fulfillment_availability", stock(9));
    check(&seller.patch("A", US, patch), LISTINGS, "patchListingsItem");
    seller.wait(600);
    let live = seller.get(&everything);
    check(&live, LISTINGS, "getListingsItem");
    assert_eq!(
        live.body["issues"][0]["enforcements"]["exemption"]["status"],
        "NOT_EXEMPT"
    );
    let search = format!(
        "/listings/2021-08-01/items/{}?marketplaceIds={US}",
        seller.id
    );
    let all = format!("{search}&includedData=summaries,attributes,issues,offers");
    check(&seller.get(&all), LISTINGS, "searchListingsItems");
    check(
        &seller.get(&format!("{search}&sortBy=price")),
        LISTINGS,
        "searchListingsItems",
    );
    check(
        &seller.call(Method::DELETE, &path, None),
        LISTINGS,
        "deleteListingsItem",
    );
}

#[test]
fn feed_answers_fit_the_model_and_their_reports_the_schema() {
    let mut seller = Seller::new();
    seller.publish(&[("A", 5.0, 5)]);
    let messages = json!([
        { "messageId": 1, "sku": "A", "operationType": "PATCH", "productType": "PRODUCT",
          "patches": replace("fulfillment_availability", stock(2)) },
        { "messageId": 2, "sku": "gone", "operationType": "DELETE" },
        { "messageId": 3, "sku": "A", "operationType": "DELETE", "patches": [] },
        { "messageId": 3, "sku": "A", "operationType": "DELETE" },
    ]);
    let file = json!({
        "header": {
            "sellerId": seller.id, "version": "2.0",
            "report": {
                "includedData": ["summaries", "issues", "offers"], "apiVersion": "2021-08-01",
            },
        },
        "messages": messages,
    });
    let document = seller.post(
        "/feeds/2021-06-30/documents",
        json!({ "contentType": "application/json; charset=UTF-8" }),
    );
    check(&document, FEEDS, "createFeedDocument");
    seller.upload(&document.body, &file.to_string());
    let created = seller.post(
        "/feeds/2021-06-30/feeds",
        json!({
            "feedType": "JSON_LISTINGS_FEED",
            "marketplaceIds": [US],
            "inputFeedDocumentId": document.body["feedDocumentId"],
        }),
    );
    check(&created, FEEDS, "createFeed");
    let path = format!(
        "/feeds/2021-06-30/feeds/{}",
        created.body["feedId"].as_str().unwrap()
    );
    for _ in 0..4 {
        check(&seller.get(&path), FEEDS, "getFeed");
        seller.wait(120);
    }
    let done = seller.get(&path);
    assert_eq!(done.body["processingStatus"], "DONE", "{}", done.text);
    check(
        &seller.call(Method::DELETE, &path, None),
        FEEDS,
        "cancelFeed",
    );
    check(&seller.get("/feeds/2021-06-30/feeds"), FEEDS, "getFeeds");
    let listed = seller.get("/feeds/2021-06-30/feeds?feedTypes=JSON_LISTINGS_FEED&pageSize=1");
    check(&listed, FEEDS, "getFeeds");
    let result = done.body["resultFeedDocumentId"].as_str().unwrap();
    let result = seller.get(&format!("/feeds/2021-06-30/documents/{result}"));
    check(&result, FEEDS, "getFeedDocument");
    check(
        &seller.get("/feeds/2021-06-30/documents/none"),
        FEEDS,
        "getFeedDocument",
    );
    let report = seller.download(&result.body);
    assert_eq!(report["summary"]["messagesAccepted"], 1, "{report}");
    assert_eq!(report["summary"]["messagesInvalid"], 3, "{report}");
    let Some(schema) = document_of_reports() else {
        return;
    };
    hold(&schema, &report, "processing report");
}

fn document_of_reports() -> Option<Value> {
    document("schemas/feeds/listings-feed-processing-report-schema-v2.json")
}

#[test]
fn order_answers_fit_the_models() {
    let mut seller = Seller::with(settings(5, 600));
    seller.publish(&[("A", 9.99, 100_000), ("B", 19.5, 100_000)]);
    for _ in 0..30 {
        seller.wait(60);
    }
    let everything = "BUYER,RECIPIENT,PROCEEDS,EXPENSE,PROMOTION,CANCELLATION,FULFILLMENT,\
                      PACKAGES,TAX,PAYMENT,FULFILLMENT_ORDERS";
    let path = format!(
        "/orders/2026-01-01/orders?createdAfter=2026-11-01T00:00:00Z&includedData={everything}"
    );
    let page = seller.get(&path);
    assert!(
        page.body["orders"].as_array().unwrap().len() > 50,
        "{}",
        page.text
    );
    check(&page, ORDERS, "searchOrders");
    check(
        &seller.get("/orders/2026-01-01/orders"),
        ORDERS,
        "searchOrders",
    );
    let id = seller.order(&[("A", 3)]);
    let one = format!("/orders/2026-01-01/orders/{id}?includedData={everything}");
    let order = seller.get(&one);
    check(&order, ORDERS, "getOrder");
    check(
        &seller.get("/orders/2026-01-01/orders/111-1111111-1111111"),
        ORDERS,
        "getOrder",
    );
    let confirm = format!("/orders/v0/orders/{id}/shipmentConfirmation");
    let body = json!({
        "marketplaceId": US,
        "packageDetail": {
            "packageReferenceId": "1",
            "carrierCode": "UPS",
            "shippingMethod": "UPS Ground",
            "trackingNumber": "1Z999AA10123456784",
            "shipDate": seller.now.wall.to_rfc3339(),
            "orderItems": [{
                "orderItemId": order.body["order"]["orderItems"][0]["orderItemId"],
                "quantity": 2,
            }],
        },
    });
    let done = seller.post(&confirm, body);
    assert_eq!(done.status, StatusCode::NO_CONTENT, "{}", done.text);
    check(&done, "ordersV0", "confirmShipment");
    check(
        &seller.post(&confirm, json!({})),
        "ordersV0",
        "confirmShipment",
    );
    seller.wait(200);
    let order = seller.get(&one);
    assert_eq!(
        order.body["order"]["fulfillment"]["fulfillmentStatus"],
        "PARTIALLY_SHIPPED"
    );
    check(&order, ORDERS, "getOrder");
}

#[test]
fn refused_tokens_are_told_with_statuses_that_the_models_know() {
    let mut seller = Seller::new();
    seller.token = "made up".to_owned();
    check(&seller.get("/feeds/2021-06-30/feeds/1"), FEEDS, "getFeed");
    check(
        &seller.get("/orders/2026-01-01/orders"),
        ORDERS,
        "searchOrders",
    );
    let path = seller.item_path("A", US);
    check(&seller.get(&path), LISTINGS, "getListingsItem");
    assert!(seller.market.held().calls.contains_key("getFeed"));
}
