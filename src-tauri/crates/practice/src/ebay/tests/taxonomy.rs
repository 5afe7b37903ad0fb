use serde_json::{Value, json};

use super::{Desk, TAXONOMY};

#[test]
fn every_title_has_a_leaf() {
    let check = |title: &str, expected: &str| {
        let mut desk = Desk::quiet();
        let seen = desk.get(&format!(
            "{TAXONOMY}/category_tree/0/get_category_suggestions?q={}",
            super::super::call::percent_encode(title)
        ));
        let list = seen.body["categorySuggestions"].as_array().unwrap();
        assert_eq!(list[0]["category"]["categoryName"], expected, "{title}");
        assert!(
            list.iter()
                .any(|it| it["category"]["categoryId"] == "88433")
        );
        for suggestion in list {
            let id = suggestion["category"]["categoryId"].as_str().unwrap();
            let seen = desk.get(&format!(
                "{TAXONOMY}/category_tree/0/get_item_aspects_for_category?category_id={id}"
            ));
            assert_eq!(seen.status, 200);
        }
    };
    check("Over-ear Headphones, wireless", "Headphones");
    check("Long Sleeve Tee", "T-Shirts");
    check("Hoodie with Logo", "Hoodies & Sweatshirts");
    check(
        "Super Slim Full-Motion Mount for 37-84 Inches TV's",
        "TV Mounts & Brackets",
    );
    check("Acme Unlocked Smartphone", "Cell Phones & Smartphones");
    check("Qwertyuiop", "Other");
    check("!!!", "Other");
}

#[test]
fn clothing_varies_in_size_and_color() {
    let mut desk = Desk::quiet();
    let seen = desk.get(&format!(
        "{TAXONOMY}/category_tree/0/get_item_aspects_for_category?category_id=15687"
    ));
    let aspects = seen.body["aspects"].as_array().unwrap();
    let named = |name: &str| {
        let aspect = aspects
            .iter()
            .find(|aspect| aspect["localizedAspectName"] == name);
        aspect.unwrap()["aspectConstraint"].clone()
    };
    assert_eq!(named("Brand")["aspectRequired"], true);
    assert_eq!(named("Brand")["aspectUsage"], "RECOMMENDED");
    for name in ["Size", "Color"] {
        assert_eq!(named(name)["aspectEnabledForVariations"], true);
    }
    assert_eq!(named("Department")["aspectEnabledForVariations"], false);
}

#[test]
fn what_the_taxonomy_refuses() {
    let check = |path: &str, error: u64| {
        let seen = Desk::quiet().get(&format!("{TAXONOMY}{path}"));
        assert_eq!(seen.error(), error, "{path}");
    };
    check("/get_default_category_tree_id", 62002);
    check(
        "/get_default_category_tree_id?marketplace_id=EBAY_XX",
        62003,
    );
    check("/category_tree/9999", 62004);
    check("/category_tree/0/get_category_suggestions", 62007);
    check("/category_tree/0/get_item_aspects_for_category", 62006);
    check(
        "/category_tree/0/get_item_aspects_for_category?category_id=1",
        62005,
    );
    check(
        "/category_tree/0/get_item_aspects_for_category?category_id=0",
        62008,
    );
    check(
        "/category_tree/0/get_item_aspects_for_category?category_id=293",
        62009,
    );
}

#[test]
fn a_leaf_that_is_gone_has_another_in_its_place() {
    let mut desk = Desk::quiet();
    let mut ask = |path: &str| desk.get(&format!("{TAXONOMY}/category_tree/{path}"));
    let told = ask("0/get_expired_categories").body;
    let aspects = "0/get_item_aspects_for_category?category_id=";
    for pair in told["expiredCategories"].as_array().unwrap() {
        let id = |name: &str| pair[name].as_str().unwrap().to_owned();
        let gone = ask(&format!("{aspects}{}", id("fromCategoryId")));
        assert_eq!(gone.error(), 62005);
        let there = ask(&format!("{aspects}{}", id("toCategoryId")));
        assert_eq!(there.status, 200);
    }
    assert_eq!(ask("9999/get_expired_categories").error(), 62004);
}

#[test]
fn the_tree_holds_every_leaf_once() {
    let mut desk = Desk::quiet();
    let seen = desk.get(&format!("{TAXONOMY}/category_tree/0"));
    let mut ids = Vec::new();
    collect(&seen.body["rootCategoryNode"], &mut ids);
    let count = ids.len();
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), count);
    assert!(ids.contains(&"88433".to_owned()));
    assert_eq!(seen.body["applicableMarketplaceIds"], json!(["EBAY_US"]));
    let path = format!("{TAXONOMY}/category_tree/0/get_category_subtree?category_id=293");
    let seen = desk.get(&path);
    let name = &seen.body["categorySubtreeNode"]["category"]["categoryName"];
    assert_eq!(name, "Consumer Electronics");
}

fn collect(node: &Value, ids: &mut Vec<String>) {
    ids.push(node["category"]["categoryId"].as_str().unwrap().to_owned());
    for child in node["childCategoryTreeNodes"]
        .as_array()
        .into_iter()
        .flatten()
    {
        collect(child, ids);
    }
}

#[test]
fn conditions_and_structure_are_told_by_category() {
    let mut desk = Desk::quiet();
    let path = "/sell/metadata/v1/marketplace/EBAY_US";
    let seen = desk.get(&format!(
        "{path}/get_item_condition_policies?filter=categoryIds%3A%7B112529%7C15687%7C1%7D"
    ));
    let policies = seen.body["itemConditionPolicies"].as_array().unwrap();
    assert_eq!(policies.len(), 2);
    assert_eq!(policies[0]["itemConditions"][0]["conditionId"], "1000");
    assert_eq!(seen.body["warnings"][0]["errorId"], 46003);
    let seen = desk.get(&format!(
        "{path}/get_listing_structure_policies?filter=categoryIds%3A%7B15687%7C261186%7D"
    ));
    let policies = &seen.body["listingStructurePolicies"];
    assert_eq!(policies[0]["variationsSupported"], true);
    assert_eq!(policies[1]["variationsSupported"], false);
    let seen = desk.get("/sell/metadata/v1/marketplace/EBAY_DE/get_currencies");
    assert_eq!(seen.body["defaultCurrency"]["code"], "EUR");
    let seen = desk.get("/sell/metadata/v1/marketplace/EBAY_XX/get_item_condition_policies");
    assert_eq!((seen.status, seen.error()), (400, 46001));
}
