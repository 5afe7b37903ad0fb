//! What a publish is refused for beside missing fields (ebay.md §6.4, §12).

use serde_json::{Value, json};

use super::super::regulatory;
use super::super::site::site_by_id;
use super::{ACCOUNT, Desk, INVENTORY, Seen, TAXONOMY, item};

/// An item and an offer with something different, and what a publish says of them.
fn published(desk: &mut Desk, item_body: Value, change: impl FnOnce(&mut Value)) -> Seen {
    let put = desk.put(&format!("{INVENTORY}/inventory_item/A-1"), item_body);
    assert!(put.status < 300, "{}", put.body);
    let mut body = desk.offer_body("A-1", "9.99");
    change(&mut body);
    let seen = desk.post(&format!("{INVENTORY}/offer"), body);
    let offer = seen.body["offerId"].as_str().unwrap().to_owned();
    desk.publish(&offer)
}

fn parameter<'a>(seen: &'a Seen, name: &str) -> Option<&'a str> {
    let parameters = seen.body["errors"][0]["parameters"].as_array()?;
    let mut found = parameters.iter().filter(|one| one["name"] == name);
    found.next()?["value"].as_str()
}

#[test]
fn a_closed_aspect_takes_its_own_values_alone() {
    let path = "category_tree/0/get_item_aspects_for_category?category_id=112529";
    let seen = Desk::quiet().get(&format!("{TAXONOMY}/{path}"));
    let aspects = seen.body["aspects"].as_array().unwrap();
    let mode = |name: &str| {
        let mut named = aspects.iter();
        let found = named.find(|it| it["localizedAspectName"] == name);
        found.unwrap()["aspectConstraint"]["aspectMode"].clone()
    };
    assert_eq!(mode("Connectivity"), "SELECTION_ONLY");
    assert_eq!(mode("Color"), "FREE_TEXT");
    let check = |name: &str, value: &str, error: Option<u64>| {
        let mut body = item(3);
        body["product"]["aspects"][name] = json!([value]);
        let seen = published(&mut Desk::quiet(), body, |_| {});
        assert_eq!(
            seen.errors(),
            error.into_iter().collect::<Vec<_>>(),
            "{value}"
        );
        assert_eq!(parameter(&seen, "0"), error.map(|_| name));
    };
    check("Connectivity", "Wireless", None);
    check("Connectivity", "By string", Some(25022));
    check("Color", "Blueish", None);
}

#[test]
fn a_value_has_its_aspects_form_and_goes_with_the_others() {
    let check = |category: &str, aspects: &[(&str, &str)], errors: &[u64]| {
        let mut body = item(3);
        for (name, value) in aspects {
            body["product"]["aspects"][name] = json!([value]);
        }
        let change = |it: &mut Value| it["categoryId"] = json!(category);
        let seen = published(&mut Desk::quiet(), body, change);
        assert_eq!(seen.errors(), errors, "{aspects:?}");
    };
    let (music, home, clothing) = ("176984", "112581", "15687");
    check(music, &[("Release Year", "1999")], &[]);
    check(music, &[("Release Year", "1960-1969")], &[]);
    check(music, &[("Release Year", "99")], &[25022]);
    check(home, &[("Number of Items", "4")], &[]);
    check(home, &[("Number of Items", "four")], &[25022]);
    check(clothing, &[("Size Type", "Regular")], &[]);
    let maternity = ("Size Type", "Maternity");
    check(clothing, &[maternity, ("Department", "Women")], &[]);
    check(clothing, &[maternity, ("Department", "Men")], &[25022]);
    check(clothing, &[maternity], &[]);
}

#[test]
fn a_category_that_asks_for_a_code_takes_words_for_none() {
    let check = |codes: Value, error: Option<&str>| {
        let mut body = item(3);
        body["product"]["aspects"]["Model"] = json!(["One"]);
        for (name, list) in codes.as_object().unwrap() {
            body["product"][name] = list.clone();
        }
        let seen = published(&mut Desk::quiet(), body, |it| {
            it["categoryId"] = json!("9355")
        });
        assert_eq!(
            seen.errors().first(),
            error.map(|_| &25002),
            "{}",
            seen.body
        );
        assert_eq!(parameter(&seen, "2"), error);
    };
    check(json!({}), Some("UPC"));
    check(json!({ "ean": [], "upc": [" "] }), Some("UPC"));
    check(json!({ "ean": ["4006381333931"] }), None);
    check(json!({ "upc": ["Does not apply"] }), None);
}

#[test]
fn postage_that_is_reckoned_from_the_parcel_needs_its_weight() {
    let mut desk = Desk::quiet();
    let seen = desk.post(
        &format!("{ACCOUNT}/fulfillment_policy/"),
        json!({ "name": "By weight", "marketplaceId": "EBAY_US",
            "categoryTypes": [{ "name": "ALL_EXCLUDING_MOTORS_VEHICLES" }],
            "handlingTime": { "unit": "DAY", "value": 1 },
            "shippingOptions": [{ "optionType": "DOMESTIC", "costType": "CALCULATED",
                "shippingServices": [{ "shippingCarrierCode": "USPS",
                    "shippingServiceCode": "USPSPriority" }] }] }),
    );
    assert_eq!(seen.status, 201, "{}", seen.body);
    let policy = seen.body["fulfillmentPolicyId"].clone();
    let mut body = item(3);
    let choose = |it: &mut Value| it["listingPolicies"]["fulfillmentPolicyId"] = policy.clone();
    assert_eq!(published(&mut desk, body.clone(), choose).error(), 25020);
    body["packageWeightAndSize"] = json!({ "weight": { "value": 0.4, "unit": "KILOGRAM" } });
    desk.put(&format!("{INVENTORY}/inventory_item/A-1"), body);
    let offers = desk.get(&format!("{INVENTORY}/offer?sku=A-1"));
    let offer = offers.body["offers"][0]["offerId"]
        .as_str()
        .unwrap()
        .to_owned();
    assert_eq!(desk.publish(&offer).status, 200);
}

#[test]
fn a_policy_is_told_as_unknown_and_as_of_another_kind() {
    let check = |change: fn(&mut Value), error: u64, parameters: [Option<&str>; 2]| {
        let seen = published(&mut Desk::quiet(), item(3), change);
        assert_eq!(seen.errors(), [error], "{}", seen.body);
        let told = ["PolicyEnum", "0"].map(|name| parameter(&seen, name));
        assert_eq!(told, parameters);
    };
    check(
        |it| it["listingPolicies"]["returnPolicyId"] = json!("1"),
        25035,
        [None, None],
    );
    check(
        |it| {
            let payment = it["listingPolicies"]["paymentPolicyId"].clone();
            it["listingPolicies"]["returnPolicyId"] = payment;
        },
        25036,
        [Some("RETURN_POLICY"), None],
    );
    check(
        |it| {
            let policies = it["listingPolicies"].as_object_mut().unwrap();
            policies.remove("returnPolicyId");
        },
        25009,
        [None, Some("returnPolicyId")],
    );
}

#[test]
fn a_new_seller_lists_up_to_his_limit() {
    let mut desk = Desk::quiet();
    desk.fault("small_selling_limit", 1);
    let seen = desk.get(&format!("{ACCOUNT}/privilege"));
    assert_eq!(seen.body["sellingLimit"]["quantity"], 20);
    assert_eq!(seen.body["sellingLimit"]["amount"]["value"], "1000.0");
    desk.live("A-1", 12, "9.99");
    let more = desk.offer("A-2", 9, "9.99");
    assert_eq!(desk.publish(&more).error(), 25026);
    desk.item("A-2", 8);
    assert_eq!(desk.publish(&more).status, 200);
    let dear = desk.offer("A-3", 1, "999.00");
    assert_eq!(desk.publish(&dear).error(), 25026);
    desk.fault("small_selling_limit", 0);
    assert_eq!(desk.publish(&dear).status, 200);
}

#[test]
fn german_aspects_have_german_names_and_values() {
    let path = "category_tree/77/get_item_aspects_for_category?category_id=112529";
    let seen = Desk::quiet().get(&format!("{TAXONOMY}/{path}"));
    let aspects = seen.body["aspects"].as_array().unwrap();
    let colour = aspects
        .iter()
        .find(|it| it["localizedAspectName"] == "Farbe");
    let values = colour.unwrap()["aspectValues"].as_array().unwrap();
    assert!(values.contains(&json!({ "localizedValue": "Blau" })));
    let names = aspects.iter().map(|it| it["localizedAspectName"].as_str());
    for name in names.map(Option::unwrap) {
        assert!(
            !["Brand", "MPN", "Color", "Model"].contains(&name),
            "{name}"
        );
    }
    let words = "kabelloser%20Kopfh%C3%B6rer";
    let path = format!("{TAXONOMY}/category_tree/77/get_category_suggestions?q={words}");
    let seen = Desk::quiet().get(&path);
    let first = &seen.body["categorySuggestions"][0]["category"]["categoryId"];
    assert_eq!(first, "112529");
}

#[test]
fn what_is_said_of_safety_is_whole_known_and_no_more_than_is_taken() {
    let check = |regulatory: Value, errors: &[u64], named: Option<&str>| {
        let change = |it: &mut Value| it["regulatory"] = regulatory.clone();
        let seen = published(&mut Desk::quiet(), item(3), change);
        assert_eq!(seen.errors(), errors, "{regulatory}");
        assert_eq!(parameter(&seen, "0"), named, "{regulatory}");
    };
    let picture = "https://i.ebayimg.com/1.png";
    let whole = json!({
        "productSafety": { "pictograms": ["EBPSP101", "EBPSP201"], "component": "Tipping" },
        "hazmat": { "statements": ["H225"], "signalWord": "DANGER" },
        "energyEfficiencyLabel": { "imageURL": picture, "imageDescription": "E.",
            "productInformationSheet": picture },
        "repairScore": 0.0, "documents": [{ "documentId": "doc-manual-de" }],
    });
    check(whole, &[], None);
    let safety = |told: Value| json!({ "productSafety": told });
    let three = json!({ "pictograms": ["EBPSP101", "EBPSP102", "EBPSP103"] });
    check(safety(three), &[25108], Some("pictograms"));
    check(safety(json!({ "component": "Tipping" })), &[25109], None);
    let unknown = json!({ "statements": ["EBPSS101", "EBPSS999"] });
    check(safety(unknown), &[25076], Some("Product Safety statements"));
    let long = json!({ "statements": ["EBPSS101"], "component": "x".repeat(121) });
    check(safety(long), &[25080], Some("component"));
    let hazmat = |told: Value| json!({ "hazmat": told });
    let five = json!({ "statements": ["H225"],
        "pictograms": ["GHS01", "GHS02", "GHS03", "GHS05", "GHS07"] });
    check(hazmat(five), &[25078], Some("pictograms"));
    check(hazmat(json!({ "signalWord": "DANGER" })), &[25081], None);
    let energy = |told: Value| json!({ "energyEfficiencyLabel": told });
    check(energy(json!({ "imageDescription": "E." })), &[25083], None);
    check(energy(json!({ "imageURL": picture })), &[25084], None);
    let elsewhere = "https://shop.example/1.png";
    let addresses = json!({ "imageURL": elsewhere, "productInformationSheet": picture });
    check(energy(addresses), &[25086], None);
    for score in [10.1, 5.645, -1.0] {
        check(json!({ "repairScore": score }), &[25079], Some("0.0"));
    }
    let unknown = json!({ "documents": [{ "documentId": "none" }] });
    check(unknown, &[25104], Some("none"));
    let person = json!({ "companyName": "Acme", "phone": "1", "types": ["EUResponsiblePerson"] });
    let six = json!({ "responsiblePersons": vec![person; 6] });
    check(six, &[25112], Some("responsiblePersons"));
}

#[test]
fn what_the_law_demands_of_a_category_is_told_and_demanded() {
    let mut desk = Desk::quiet();
    let path = "/sell/metadata/v1/marketplace/EBAY_DE";
    let seen = desk.get(&format!(
        "{path}/get_regulatory_policies?filter=categoryIds%3A%7B19006%7C112529%7D"
    ));
    let policies = seen.body["regulatoryPolicies"].as_array().unwrap();
    let required = |policy: &Value| -> Vec<String> {
        let told = policy["supportedAttributes"].as_array().unwrap().iter();
        told.filter(|it| it["usage"] == "REQUIRED")
            .map(|it| it["name"].as_str().unwrap().to_owned())
            .collect()
    };
    assert_eq!(required(&policies[0]), ["MANUFACTURER", "PRODUCT_SAFETY"]);
    assert_eq!(required(&policies[1]), Vec::<String>::new());
    let seen = desk.get(&format!("{path}/get_product_safety_labels"));
    assert_eq!(seen.body["pictograms"][0]["pictogramId"], "EBPSP101");
    let seen = desk.get(&format!("{path}/get_hazardous_materials_labels"));
    assert_eq!(
        seen.body["signalWords"][0]["signalWordDescription"],
        "Danger"
    );
    let far = "/sell/metadata/v1/marketplace/EBAY_HK";
    assert_eq!(
        desk.get(&format!("{far}/get_regulatory_policies")).error(),
        46001
    );
    let seen = desk.get(&format!("{far}/get_hazardous_materials_labels"));
    assert_eq!(seen.status, 204);
}

#[test]
fn goods_that_are_sold_in_the_eu_have_somebody_there() {
    let site = site_by_id("EBAY_DE").unwrap();
    let errors = |regulatory: Value| -> Vec<u32> {
        let problems = regulatory::problems(site, "19006", &regulatory);
        problems.iter().map(|problem| problem.id).collect()
    };
    let maker = |country: &str| {
        json!({ "companyName": "Acme", "addressLine1": "1", "city": "C",
        "postalCode": "1", "country": country })
    };
    let safety = json!({ "statements": ["EBPSS101"] });
    assert_eq!(errors(json!({})), [25111, 25109]);
    let told = json!({ "manufacturer": maker("US"), "productSafety": safety });
    assert_eq!(errors(told), [25115]);
    let told = json!({ "manufacturer": maker("FR"), "productSafety": safety });
    assert_eq!(errors(told), Vec::<u32>::new());
}
