//! What is sent, against bodies as the reference gives them, and what is refused before.

use std::collections::BTreeMap;

use barrow_ebay::config::{SITES, SiteFacts, site_facts};
use barrow_ebay::{map, request, types};
use barrow_market::{AttributeRule, CategoryRules};
use barrow_model::{
    CategoryId, Condition, Content, Currency, Gtin, Image, ImageSource, Money, Offer, OptionValue,
    Problem, ProblemKind, Site, Sku, Weight, WeightUnit,
};
use serde_json::{Value, json};

pub(crate) fn usd(minor: i64) -> Money {
    Money::new(minor, Currency::USD)
}

pub(crate) fn offer() -> Offer {
    let settings = [
        ("fulfillment_policy_id", "61"),
        ("payment_policy_id", "62"),
        ("return_policy_id", "63"),
        ("merchant_location_key", "main"),
    ];
    Offer {
        content: Content {
            title: "Red boots".to_owned(),
            description: "<p>Good boots</p>".to_owned(),
            brand: Some("Acme".to_owned()),
            gtin: Some(Gtin::parse("4006381333931").unwrap()),
            mpn: Some("X-1".to_owned()),
            asin: None,
            condition: Condition::New,
            category_path: Vec::new(),
            category: Some(CategoryId("53159".to_owned())),
            attributes: BTreeMap::from([("Color".to_owned(), vec!["Red".to_owned()])]),
            options: vec![OptionValue {
                name: "Size".to_owned(),
                value: "42".to_owned(),
            }],
            images: vec![Image {
                source: ImageSource::Url("https://shop.example/1.jpg".to_owned()),
                alt: None,
            }],
            weight: Some(Weight::new("1.5".parse().unwrap(), WeightUnit::Pound).unwrap()),
            dimensions: None,
            compare_at: None,
            family: None,
        },
        price: usd(1999),
        quantity: 5,
        settings: settings
            .map(|(k, v)| (k.to_owned(), v.to_owned()))
            .into_iter()
            .collect(),
    }
}

fn us() -> &'static SiteFacts {
    &SITES[0]
}

#[test]
fn an_item_holds_everything_that_ebay_would_erase() {
    let sku = Sku::new("ABC-1").unwrap();
    let expected = json!({
        "sku": "ABC-1", "locale": "en_US",
        "availability": {"shipToLocationAvailability": {"quantity": 5}},
        "condition": "NEW",
        "packageWeightAndSize": {"weight": {"value": 1.5, "unit": "POUND"}},
        "product": {"title": "Red boots", "description": "<p>Good boots</p>",
            "aspects": {"Brand": ["Acme"], "MPN": ["X-1"], "Color": ["Red"], "Size": ["42"]},
            "brand": "Acme", "mpn": "X-1", "ean": ["4006381333931"],
            "imageUrls": ["https://shop.example/1.jpg"]}});
    assert_eq!(map::item(&sku, us(), &offer(), &[]), expected);
}

#[test]
fn missing_identifiers_do_not_apply() {
    let mut offer = offer();
    offer.content.gtin = None;
    offer.content.mpn = None;
    let item = map::item(&Sku::new("A").unwrap(), us(), &offer, &[]);
    assert_eq!(item["product"]["upc"], json!(["Does not apply"]));
    assert_eq!(item["product"]["mpn"], json!("Does not apply"));
    offer.content.brand = None;
    let item = map::item(&Sku::new("A").unwrap(), us(), &offer, &[]);
    assert_eq!(
        item["product"].get("mpn"),
        None,
        "a part number needs a brand"
    );
}

#[test]
fn an_offer_is_made_whole_and_updated_without_its_identity() {
    let sku = Sku::new("ABC-1").unwrap();
    let update = json!({
        "availableQuantity": 5, "listingDuration": "GTC",
        "listingDescription": "<p>Good boots</p>", "includeCatalogProductDetails": false,
        "pricingSummary": {"price": {"value": "19.99", "currency": "USD"}},
        "categoryId": "53159", "merchantLocationKey": "main",
        "listingPolicies": {"fulfillmentPolicyId": "61", "paymentPolicyId": "62",
            "returnPolicyId": "63"}});
    assert_eq!(map::offer_update(&offer(), us()), update);
    let mut create = update;
    create["sku"] = json!("ABC-1");
    create["marketplaceId"] = json!("EBAY_US");
    create["format"] = json!("FIXED_PRICE");
    assert_eq!(map::offer_create(&sku, us(), &offer()), create);
}

#[test]
fn every_call_tells_its_language() {
    let built = request::bulk_items("https://api.ebay.com", us(), vec![json!({})]).unwrap();
    assert_eq!(built.headers()["content-language"], "en-US");
    assert_eq!(built.headers()["accept-language"], "en-US");
    assert_eq!(built.headers()["content-type"], "application/json");
    let sku = Sku::new("A/1 é").unwrap();
    let built = request::get_offers("https://api.ebay.com", us(), &sku).unwrap();
    assert_eq!(
        built.uri().to_string(),
        "https://api.ebay.com/sell/inventory/v1/offer?sku=A%2F1%20%C3%A9"
    );
    assert_eq!(built.headers()["accept-language"], "en-US");
    let built = request::withdraw("https://api.ebay.com", us(), "9").unwrap();
    assert_eq!(&built.body()[..], b"{}");
}

#[test]
fn only_limit_and_offset_of_a_link_are_followed() {
    let check = |link: &str, expected: Option<&str>| {
        assert_eq!(request::next_query(link).as_deref(), expected, "{link}");
    };
    let link = "https://elsewhere.example/sell/inventory/v1/inventory_item?limit=50&offset=1&x=2";
    check(link, Some("limit=50&offset=1"));
    check(
        "/sell/inventory/v1/inventory_item?offset=2",
        Some("offset=2"),
    );
    check("/sell/inventory/v1/inventory_item?offset=a%20b", None);
    check("/sell/inventory/v1/inventory_item", None);
}

fn rule(name: &str, required: bool, values: &[&str]) -> AttributeRule {
    AttributeRule {
        name: name.to_owned(),
        required,
        closed: !values.is_empty(),
        values: values.iter().map(|value| (*value).to_owned()).collect(),
        ..AttributeRule::default()
    }
}

#[test]
// long: a table of offers and what is wrong with them
fn what_ebay_would_refuse_is_told_before() {
    let check = |change: fn(&mut Offer), rules: Vec<AttributeRule>, kinds: &[ProblemKind]| {
        let mut offer = offer();
        change(&mut offer);
        let rules = CategoryRules {
            attributes: rules,
            conditions: vec!["new".to_owned(), "good".to_owned()],
            ..CategoryRules::default()
        };
        let site = Site("EBAY_US".to_owned());
        let found = map::validate(site_facts(&site), &offer, Some(&rules));
        let found: Vec<ProblemKind> = found.iter().map(|problem| problem.kind).collect();
        assert_eq!(found, kinds);
    };
    check(
        |_| {},
        vec![rule("Brand", true, &[]), rule("Size", true, &[])],
        &[],
    );
    check(
        |o| o.content.title.clear(),
        vec![],
        &[ProblemKind::TitleMissing],
    );
    check(
        |o| o.content.title = "x".repeat(81),
        vec![],
        &[ProblemKind::TextTooLong],
    );
    check(
        |o| o.content.images.clear(),
        vec![],
        &[ProblemKind::ImageMissing],
    );
    let plain = |o: &mut Offer| {
        o.content.images[0].source = ImageSource::Url("http://shop.example/1.jpg".to_owned());
    };
    check(plain, vec![], &[ProblemKind::ImageInvalid]);
    check(
        |o| o.price.minor = 0,
        vec![],
        &[ProblemKind::PriceNotPositive],
    );
    check(
        |o| o.price.currency = Currency::EUR,
        vec![],
        &[ProblemKind::PriceCurrency],
    );
    check(
        |o| o.content.category = None,
        vec![],
        &[ProblemKind::CategoryMissing],
    );
    let three = [ProblemKind::PolicyMissing; 3];
    let all = [&three[..], &[ProblemKind::LocationMissing]].concat();
    check(|o| o.settings.clear(), vec![], &all);
    check(
        |o| o.content.condition = Condition::LikeNew,
        vec![],
        &[ProblemKind::ConditionInvalid],
    );
    check(
        |o| o.content.brand = None,
        vec![rule("Brand", true, &[])],
        &[ProblemKind::BrandMissing],
    );
    let department = vec![rule("Department", true, &[])];
    check(|_| {}, department, &[ProblemKind::AttributeMissing]);
    check(|_| {}, vec![rule("Color", false, &["red"])], &[]);
    check(
        |_| {},
        vec![rule("Color", false, &["Blue"])],
        &[ProblemKind::AttributeInvalid],
    );
}

/// Aspects of a category as eBay tells them.
fn told_aspects() -> types::Aspects {
    let named = |name: &str, constraint: Value, values: Value| {
        json!({ "localizedAspectName": name, "aspectConstraint": constraint,
            "aspectValues": values })
    };
    let values = |names: &[&str]| {
        let values = names.iter().map(|name| json!({ "localizedValue": name }));
        Value::Array(values.collect())
    };
    let only_with = |value: &str, other: &str, values: &[&str]| {
        json!({ "localizedValue": value, "valueConstraints": [{
            "applicableForLocalizedAspectName": other,
            "applicableForLocalizedAspectValues": values }] })
    };
    let aspects = json!({ "aspects": [
        named("Release Year", json!({ "aspectDataType": "DATE", "aspectFormat": "YYYY" }),
            values(&["1960-1969"])),
        named("Made on", json!({ "aspectDataType": "DATE", "aspectFormat": "YYYYMMDD" }),
            json!([])),
        named("Number of Items", json!({ "aspectDataType": "NUMBER", "aspectFormat": "int32" }),
            json!([])),
        named("Weight", json!({ "aspectDataType": "NUMBER", "aspectFormat": "double" }),
            json!([])),
        named("Ages", json!({ "aspectDataType": "NUMBER",
            "aspectAdvancedDataType": "NUMERIC_RANGE" }), json!([])),
        named("Department", json!({ "aspectMode": "SELECTION_ONLY" }),
            values(&["Men", "Women"])),
        named("Size Type", json!({ "aspectMode": "SELECTION_ONLY" }), json!([
            { "localizedValue": "Regular" }, only_with("Maternity", "Department", &["Women"])])),
        named("Style", json!({ "aspectMode": "FREE_TEXT" }),
            json!([only_with("Chelsea", "Department", &["Men"])])),
    ] });
    serde_json::from_value(aspects).unwrap()
}

#[test]
fn a_value_of_another_form_or_that_goes_not_with_the_others_is_told_before() {
    let facts = site_facts(&Site("EBAY_US".to_owned())).unwrap();
    let category = CategoryId("53159".to_owned());
    let policies = types::ConditionPolicies::default();
    let regulated = map::Regulated::default();
    let aspects = told_aspects();
    let rules = map::category_rules(facts, &aspects, &policies, &regulated, &category);
    let check = |said: &[(&str, &str)], expected: Option<(&str, &str, &str)>| {
        let mut offer = offer();
        for (name, value) in said {
            let values = vec![(*value).to_owned()];
            offer.content.attributes.insert((*name).to_owned(), values);
        }
        let found = map::validate(Some(facts), &offer, Some(&rules));
        let found: Vec<_> = found
            .iter()
            .map(|problem| {
                assert_eq!(problem.kind, ProblemKind::AttributeInvalid);
                let param = |name: &str| problem.params.get(name).map_or("", String::as_str);
                let field = problem.field.as_deref().unwrap();
                (
                    field.trim_start_matches("attributes."),
                    param("why"),
                    param("allowed"),
                )
            })
            .collect();
        assert_eq!(found.first().copied(), expected, "{said:?}");
    };
    check(&[("Release Year", "1999"), ("Made on", "20240229")], None);
    check(&[("Release Year", "1960-1969"), ("Ages", "3-7")], None);
    let year = ("Release Year", "year", "1960-1969");
    check(&[("Release Year", "ninety")], Some(year));
    check(&[("Made on", "2024-02-29")], Some(("Made on", "day", "")));
    check(&[("Number of Items", "12"), ("Weight", "1.5")], None);
    let whole = ("Number of Items", "whole", "");
    check(&[("Number of Items", "1.5")], Some(whole));
    check(&[("Weight", "1.5 kg")], Some(("Weight", "number", "")));
    check(&[("Size Type", "Regular")], None);
    let maternity = ("Size Type", "Maternity");
    check(&[maternity, ("Department", "Women")], None);
    let bound = Some(("Size Type", "bound", "Women"));
    check(&[maternity, ("Department", "Men")], bound);
    check(&[maternity], None);
    check(&[("Style", "Chelsea")], None);
}

#[test]
fn a_title_too_long_names_limit_and_length() {
    let mut offer = offer();
    offer.content.title = "x".repeat(90);
    let found = map::validate(site_facts(&Site("EBAY_US".to_owned())), &offer, None);
    let expected = Problem::new(ProblemKind::TextTooLong)
        .field("title")
        .param("limit", 80)
        .param("length", 90);
    assert_eq!(found, [expected]);
}

#[test]
fn what_the_seller_told_barrow_of_replaces_what_is_there_and_nothing_else() {
    let known = json!({"product": {"aspects": {"Color": ["Red"], "MPN": ["X-1"]},
        "ean": ["4006381333931"], "epid": "77", "mpn": "X-1", "brand": "Theirs",
        "description": "<p>Theirs</p>"}});
    let kept = |change: fn(&mut Offer)| {
        let mut offer = offer();
        offer.content.gtin = None;
        offer.content.attributes.clear();
        offer.content.options.clear();
        offer.content.brand = None;
        offer.content.mpn = None;
        offer.content.description.clear();
        change(&mut offer);
        let mut body = map::item(&Sku::new("A").unwrap(), us(), &offer, &[]);
        map::keep_item(&mut body, &known, &offer.content, (us(), ""));
        body["product"].clone()
    };
    let untold = kept(|_| {});
    assert_eq!(untold["ean"], json!(["4006381333931"]));
    assert_eq!(untold.get("upc"), None);
    assert_eq!(untold["epid"], json!("77"));
    assert_eq!(untold["aspects"]["Color"], json!(["Red"]));
    assert_eq!(untold["aspects"]["MPN"], json!(["X-1"]));
    assert_eq!(
        (&untold["brand"], &untold["mpn"]),
        (&json!("Theirs"), &json!("X-1"))
    );
    assert_eq!(untold["description"], json!("<p>Theirs</p>"));
    let told = kept(|offer| {
        offer.content.gtin = barrow_model::Gtin::parse("012345678905").ok();
        offer.content.brand = Some("Ours".to_owned());
        offer.content.description = "Ours".to_owned();
        let size = ("Size".to_owned(), vec!["42".to_owned()]);
        offer.content.attributes.extend([size]);
    });
    assert_eq!(told["upc"], json!(["012345678905"]));
    assert_eq!((told.get("ean"), told.get("epid")), (None, None));
    // It was set by other means: Barrow never wrote it.
    assert_eq!(told["aspects"]["Color"], json!(["Red"]));
    assert_eq!(told["brand"], json!("Ours"));
    assert_ne!(told["mpn"], json!("X-1"));
    assert_ne!(told["description"], json!("<p>Theirs</p>"));
}
