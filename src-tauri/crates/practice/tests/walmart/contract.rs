//! Answers against Walmart's own OpenAPI documents, which stand beside the project.

use std::path::PathBuf;

use http::{Method, StatusCode};
use serde_json::{Value, json};

use crate::{Seller, VERSION, item, item_feed, settings};

fn documents() -> PathBuf {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../..");
    root.join("../shared/marketplaces/specs/walmart/openapi")
}

/// Checks a body against the answer that a document gives for an operation.
fn check(body: &Value, document: &str, path: &str, method: &str) {
    let file = documents().join(format!("{document}.json"));
    let Ok(text) = std::fs::read(&file) else {
        // A checkout without the documents beside it has nothing to hold the answers against.
        return;
    };
    let document: Value = serde_json::from_slice(&text).unwrap();
    let operation = &document["paths"][path][method];
    let content = &operation["responses"]["200"]["content"]["application/json"];
    let mut schema = content["schema"].clone();
    assert!(schema.is_object(), "{method} {path} has no schema");
    schema["components"] = document["components"].clone();
    let validator = jsonschema::validator_for(&schema).unwrap();
    let problems: Vec<String> = validator
        .iter_errors(body)
        .map(|error| format!("{} at {}", error, error.instance_path()))
        .collect();
    assert!(problems.is_empty(), "{method} {path}: {problems:?}");
}

#[test]
fn account_answers_fit_the_contract() {
    let mut seller = Seller::new();
    let secrets = barrow_practice::Marketplace::connection(&seller.market).secrets;
    let token = seller.ask_token(&secrets["client_id"], &secrets["client_secret"]);
    check(&token.body, "authentication", "/v3/token", "post");
    let detail = seller.get("/v3/token/detail").body;
    check(&detail, "authentication", "/v3/token/detail", "get");
    let profile = seller.get("/v3/settings/partnerprofile").body;
    check(&profile, "settings", "/v3/settings/partnerprofile", "get");
    let nodes = seller.get("/v3/settings/shipping/shipnodes").body;
    check(&nodes, "settings", "/v3/settings/shipping/shipnodes", "get");
}

#[test]
// long: a list of calls
fn item_price_and_stock_answers_fit_the_contract() {
    let mut seller = Seller::new();
    seller.publish(&[("A", 5.55, 3), ("B", 5.0, 0)]);
    let mut variant = item("V", 4.0);
    variant["Visible"] = json!({ "Anything": {
        "productName": "V", "brand": "Acme", "variantGroupId": "G", "isPrimaryVariant": "Yes",
        "variantAttributeNames": ["color"], "color": ["Red"],
    }});
    variant["Orderable"]["productIdentifiers"] =
        json!({ "productIdType": "UPC", "productId": "012345678905" });
    seller.feed_done("MP_ITEM", item_feed(vec![variant]));
    let request = seller.signed(Method::DELETE, "/v3/items/B", None);
    check(
        &seller.send(request).body,
        "items",
        "/v3/items/{SKU}",
        "delete",
    );
    check(
        &seller.get("/v3/items?nextCursor=*").body,
        "items",
        "/v3/items",
        "get",
    );
    check(
        &seller.get("/v3/items/V").body,
        "items",
        "/v3/items/{id}",
        "get",
    );
    let found = seller.get("/v3/items/walmart/search?query=product").body;
    check(&found, "items", "/v3/items/walmart/search", "get");
    check(
        &seller.get("/v3/items/taxonomy").body,
        "items",
        "/v3/items/taxonomy",
        "get",
    );
    let price = json!({
        "sku": "A",
        "pricing": [{
            "currentPriceType": "BASE", "currentPrice": { "currency": "USD", "amount": 1 },
        }],
    });
    check(
        &seller.put("/v3/price", price).body,
        "prices",
        "/v3/price",
        "put",
    );
    check(
        &seller.get("/v3/inventory?sku=A").body,
        "inventory",
        "/v3/inventory",
        "get",
    );
    let stock = json!({ "sku": "A", "quantity": { "unit": "EACH", "amount": 4 } });
    check(
        &seller.put("/v3/inventory?sku=A", stock).body,
        "inventory",
        "/v3/inventory",
        "put",
    );
    let nodes = seller.get("/v3/inventories/A").body;
    check(&nodes, "inventory", "/v3/inventories/{sku}", "get");
    let rows = json!({ "inventories": { "nodes": [
        { "shipNode": nodes["nodes"][0]["shipNode"], "inputQty": { "unit": "EACH", "amount": 1 } },
        { "shipNode": "x", "inputQty": { "unit": "EACH", "amount": 1 } },
    ]}});
    let seen = seller.put("/v3/inventories/A", rows);
    assert_eq!(seen.status, StatusCode::OK);
    check(&seen.body, "inventory", "/v3/inventories/{sku}", "put");
    check(
        &seller.get("/v3/inventories").body,
        "inventory",
        "/v3/inventories",
        "get",
    );
    check(
        &seller.get("/v3/lagtime?sku=A").body,
        "lag-time",
        "/v3/lagtime",
        "get",
    );
}

#[test]
fn feed_answers_fit_the_contract() {
    let mut seller = Seller::new();
    let submitted = seller.post(
        "/v3/feeds?feedType=MP_ITEM",
        item_feed(vec![item("A", 1.0), item("", 1.0)]),
    );
    check(&submitted.body, "items", "/v3/feeds", "post");
    let id = submitted.body["feedId"].as_str().unwrap().to_owned();
    for _ in 0..3 {
        check(
            &seller.feed_status(&id),
            "feeds",
            "/v3/feeds/{feedId}",
            "get",
        );
        seller.wait(70);
    }
    let broken = json!({ "MPItemFeedHeader": { "version": VERSION } });
    check(
        &seller.feed_done("MP_ITEM", broken),
        "feeds",
        "/v3/feeds/{feedId}",
        "get",
    );
    check(&seller.get("/v3/feeds").body, "feeds", "/v3/feeds", "get");
}

#[test]
// long: a list of calls
fn order_answers_fit_the_contract() {
    let mut seller = Seller::with(settings(5, 1_000));
    seller.publish(&[("A", 9.99, 100_000), ("B", 19.5, 100_000)]);
    for _ in 0..20 {
        seller.wait(60);
    }
    for kind in ["SellerFulfilled", "WFSFulfilled"] {
        let path = format!(
            "/v3/orders?limit=200&productInfo=true&replacementInfo=true&shipNodeType={kind}"
        );
        check(&seller.get(&path).body, "orders", "/v3/orders", "get");
    }
    check(
        &seller.get("/v3/orders/released").body,
        "orders",
        "/v3/orders/released",
        "get",
    );
    let id = seller.order(&[("A", 20)]);
    let path = format!("/v3/orders/{id}");
    // The document gives one order without its wrapping and with another kind of date; reference
    // and list agree on epoch milliseconds (walmart.md §7.1), so that it is held to the list.
    let one = seller.get(&path).body["order"].clone();
    let list = json!({ "list": { "meta": {}, "elements": { "order": [one] } } });
    check(&list, "orders", "/v3/orders", "get");
    let seen = seller.post(&format!("{path}/acknowledge"), json!({})).body;
    check(
        &seen,
        "orders",
        "/v3/orders/{purchaseOrderId}/acknowledge",
        "post",
    );
    let quantity = |amount: &str| json!({ "unitOfMeasurement": "EACH", "amount": amount });
    let body = json!({ "orderShipment": { "orderLines": { "orderLine": [{
        "lineNumber": "1", "sellerOrderId": "x", "intentToCancelOverride": true,
        "orderLineStatuses": { "orderLineStatus": [{
            "status": "Shipped", "statusQuantity": quantity("15"),
            "trackingInfo": {
                "shipDateTime": seller.now.wall.timestamp_millis(),
                "carrierName": { "otherCarrier": "Bike" }, "methodCode": "Value",
                "trackingNumber": "1", "trackingURL": "https://bike.example/1",
            },
        }]},
    }]}}});
    let seen = seller.post(&format!("{path}/shipping"), body);
    assert_eq!(seen.status, StatusCode::OK, "{}", seen.text);
    check(
        &seen.body,
        "orders",
        "/v3/orders/{purchaseOrderId}/shipping",
        "post",
    );
    let body = json!({ "orderCancellation": { "orderLines": { "orderLine": [{
        "lineNumber": "1",
        "orderLineStatuses": { "orderLineStatus": [{
            "status": "Cancelled", "cancellationReason": "SELLER_CANCEL_OUT_OF_STOCK",
            "statusQuantity": quantity("5"),
        }]},
    }]}}});
    let seen = seller.post(&format!("{path}/cancel"), body);
    check(
        &seen.body,
        "orders",
        "/v3/orders/{purchaseOrderId}/cancel",
        "post",
    );
    let body = json!({ "orderRefund": { "purchaseOrderId": id, "orderLines": { "orderLine": [{
        "lineNumber": "1", "isFullRefund": true,
        "refunds": { "refund": [{ "refundCharges": { "refundCharge": [{
            "refundReason": "Others",
            "charge": {
                "chargeType": "PRODUCT", "chargeName": "Item Price",
                "chargeAmount": { "currency": "USD", "amount": 0 },
            },
        }]}}]},
    }]}}});
    let seen = seller.post(&format!("{path}/refund"), body);
    assert_eq!(seen.status, StatusCode::OK, "{}", seen.text);
    check(
        &seen.body,
        "orders",
        "/v3/orders/{purchaseOrderId}/refund",
        "post",
    );
}
