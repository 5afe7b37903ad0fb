use serde_json::{Value, json};

use super::{ACCOUNT, Desk, INVENTORY};

#[test]
fn an_account_opens_in_good_standing() {
    let mut desk = Desk::quiet();
    let seen = desk.get(&format!("{ACCOUNT}/privilege"));
    assert_eq!(seen.body["sellerRegistrationCompleted"], true);
    let seen = desk.get("/commerce/identity/v1/user/");
    assert_eq!(seen.body["registrationMarketplaceId"], "EBAY_US");
    assert!(seen.body["userId"].is_string());
}

#[test]
fn programs_are_opted_into_once_and_out_of() {
    let mut desk = Desk::quiet();
    let program = || json!({ "programType": "OUT_OF_STOCK_CONTROL" });
    let seen = desk.post(&format!("{ACCOUNT}/program/opt_in"), program());
    assert_eq!((seen.status, seen.error()), (409, 25803));
    assert_eq!(
        desk.post(&format!("{ACCOUNT}/program/opt_out"), program())
            .status,
        200
    );
    let seen = desk.get(&format!("{ACCOUNT}/program/get_opted_in_programs"));
    assert_eq!(
        seen.body["programs"],
        json!([{ "programType": "SELLING_POLICY_MANAGEMENT" }])
    );
    assert_eq!(
        desk.post(&format!("{ACCOUNT}/program/opt_in"), program())
            .status,
        200
    );
    let unknown = json!({ "programType": "OTHER" });
    assert_eq!(
        desk.post(&format!("{ACCOUNT}/program/opt_in"), unknown)
            .error(),
        20404
    );
}

#[test]
fn every_marketplace_has_the_three_policies() {
    let mut desk = Desk::quiet();
    let kinds = [
        ("fulfillment", "fulfillmentPolicies"),
        ("payment", "paymentPolicies"),
        ("return", "returnPolicies"),
    ];
    for (kind, list) in kinds {
        for site in ["EBAY_US", "EBAY_DE", "EBAY_AU"] {
            let seen = desk.get(&format!("{ACCOUNT}/{kind}_policy?marketplace_id={site}"));
            let policies = seen.body[list].as_array().unwrap();
            assert!(!policies.is_empty());
            assert!(
                policies
                    .iter()
                    .all(|policy| policy["marketplaceId"] == site)
            );
            assert_eq!(seen.body["total"], policies.len());
        }
        assert_eq!(desk.get(&format!("{ACCOUNT}/{kind}_policy")).error(), 20401);
        let seen = desk.get(&format!("{ACCOUNT}/{kind}_policy?marketplace_id=EBAY_XX"));
        assert_eq!(seen.error(), 20403);
    }
}

fn shipping(name: &str) -> Value {
    json!({
        "name": name,
        "marketplaceId": "EBAY_US",
        "categoryTypes": [{ "name": "ALL_EXCLUDING_MOTORS_VEHICLES" }],
        "handlingTime": { "unit": "DAY", "value": 1 },
        "shippingOptions": [{
            "optionType": "DOMESTIC",
            "costType": "FLAT_RATE",
            "shippingServices": [{
                "sortOrder": 1,
                "shippingCarrierCode": "USPS",
                "shippingServiceCode": "USPSPriority",
                "shippingCost": { "currency": "USD", "value": "5.0" },
                "freeShipping": false,
            }],
        }],
    })
}

#[test]
fn a_policy_is_created_found_by_name_changed_and_deleted() {
    let mut desk = Desk::quiet();
    let path = format!("{ACCOUNT}/fulfillment_policy/");
    let seen = desk.post(&path, shipping("Ship flat"));
    assert_eq!(seen.status, 201, "{}", seen.body);
    let id = seen.body["fulfillmentPolicyId"]
        .as_str()
        .unwrap()
        .to_owned();
    assert!(seen.location.ends_with(&id));
    let by_name = format!("{path}get_by_policy_name?marketplace_id=EBAY_US&name=Ship%20flat");
    assert_eq!(desk.get(&by_name).body["fulfillmentPolicyId"], id);
    let seen = desk.post(&path, shipping("Ship flat"));
    assert_eq!((seen.status, seen.error()), (400, 20400));
    let seen = desk.put(&format!("{path}{id}"), shipping("Ship cheap"));
    assert_eq!(seen.body["name"], "Ship cheap");
    assert_eq!(desk.delete(&format!("{path}{id}")).status, 204);
    assert_eq!(desk.get(&format!("{path}{id}")).error(), 20404);
}

#[test]
fn only_fulfillment_policies_are_created_with_a_slash() {
    let mut desk = Desk::quiet();
    let seen = desk.post(&format!("{ACCOUNT}/fulfillment_policy"), shipping("A"));
    assert_eq!(seen.status, 404);
    let body = json!({
        "name": "Pay",
        "marketplaceId": "EBAY_US",
        "categoryTypes": [{ "name": "ALL_EXCLUDING_MOTORS_VEHICLES" }],
        "immediatePay": true,
        "paymentMethods": [{ "paymentMethodType": "PAYPAL" }],
    });
    let seen = desk.post(&format!("{ACCOUNT}/payment_policy"), body);
    assert_eq!(seen.status, 201);
    assert!(seen.body.get("paymentMethods").is_none());
}

#[test]
fn what_a_policy_cannot_be() {
    let check = |change: fn(&mut Value), error: u64| {
        let mut body = shipping("Ship flat");
        change(&mut body);
        let seen = Desk::quiet().post(&format!("{ACCOUNT}/fulfillment_policy/"), body);
        assert_eq!((seen.status, seen.error()), (400, error));
    };
    check(|body| body["name"] = json!("x".repeat(65)), 20403);
    check(|body| body["name"] = json!(""), 20401);
    check(|body| body["marketplaceId"] = json!("EBAY_XX"), 20403);
    check(
        |body| body["categoryTypes"] = json!([{ "name": "OTHER" }]),
        20403,
    );
    check(
        |body| body["shippingOptions"][0]["costType"] = json!("GUESS"),
        20403,
    );
}

fn warehouse() -> Value {
    json!({
        "location": { "address": { "postalCode": "95125", "country": "US" } },
        "locationTypes": ["WAREHOUSE"],
        "merchantLocationStatus": "ENABLED",
        "name": "Second",
    })
}

#[test]
fn a_location_is_created_once_switched_changed_and_deleted() {
    let mut desk = Desk::quiet();
    let path = format!("{INVENTORY}/location/second");
    assert_eq!(desk.post(&path, warehouse()).status, 204);
    assert_eq!(desk.post(&path, warehouse()).status, 409);
    let seen = desk.get(&format!("{INVENTORY}/location?limit=1"));
    assert_eq!(seen.body["total"], 2);
    let next = seen.body["next"].as_str().unwrap().to_owned();
    assert_eq!(
        desk.get(&next).body["locations"][0]["merchantLocationKey"],
        "second"
    );
    assert_eq!(desk.post_empty(&format!("{path}/disable")).status, 200);
    assert_eq!(desk.get(&path).body["merchantLocationStatus"], "DISABLED");
    let change = json!({ "name": "Third" });
    assert_eq!(
        desk.post(&format!("{path}/update_location_details"), change)
            .status,
        204
    );
    assert_eq!(desk.get(&path).body["name"], "Third");
    assert_eq!(desk.delete(&path).status, 204);
    assert_eq!(desk.get(&path).error(), 25805);
}

#[test]
fn what_a_location_cannot_be() {
    let check = |key: &str, change: fn(&mut Value), error: u64| {
        let mut body = warehouse();
        change(&mut body);
        let seen = Desk::quiet().post(&format!("{INVENTORY}/location/{key}"), body);
        assert_eq!((seen.status, seen.error()), (400, error));
    };
    check(&"x".repeat(37), |_| {}, 25800);
    check("a", |body| body["location"] = json!({}), 25801);
    check(
        "a",
        |body| body["location"]["address"]["postalCode"] = json!(""),
        25801,
    );
    check("a", |body| body["locationTypes"] = json!(["SHED"]), 25800);
    check(
        "a",
        |body| body["locationTypes"] = json!(["FULFILLMENT_CENTER"]),
        25801,
    );
    check(
        "a",
        |body| body["merchantLocationStatus"] = json!("MAYBE"),
        25800,
    );
}

#[test]
fn a_disabled_location_blocks_publishing() {
    let mut desk = Desk::quiet();
    let offer = desk.offer("A-1", 2, "9.99");
    desk.post_empty(&format!("{INVENTORY}/location/main/disable"));
    assert_eq!(desk.publish(&offer).errors(), [25012]);
    desk.post_empty(&format!("{INVENTORY}/location/main/enable"));
    assert_eq!(desk.publish(&offer).status, 200);
}
