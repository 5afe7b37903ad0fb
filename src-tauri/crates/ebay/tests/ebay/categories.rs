//! Category trees: how long they are known, and what took the place of a category (ebay.md §7).

use barrow_market::ErrorKind;
use barrow_model::{CategoryId, Condition, ProblemKind, Site};
use serde_json::{Value, json};

use crate::listings::{batch, change, publish, responses, submit};
use crate::requests::offer;
use crate::script::{Reply, Script, answer, connect, connect_with, ok};

const TREE: &str = "GET /commerce/taxonomy/v1/get_default_category_tree_id?marketplace_id=EBAY_US";
const EXPIRED: &str = "GET /commerce/taxonomy/v1/category_tree/0/get_expired_categories";
const DAY: i64 = 86_400;

fn site() -> Site {
    Site("EBAY_US".to_owned())
}

fn tree(version: &str) -> Reply {
    ok(json!({"categoryTreeId": "0", "categoryTreeVersion": version}))
}

fn gone() -> Reply {
    answer(
        400,
        json!({"errors": [{"errorId": 62005, "domain": "API_TAXONOMY", "category": "REQUEST",
            "message": "The specified category ID does not belong to the specified tree."}]}),
    )
}

fn expired(pairs: &[(&str, &str)]) -> Reply {
    let pairs = pairs.iter();
    let list = pairs.map(|(from, to)| json!({"fromCategoryId": from, "toCategoryId": to}));
    ok(json!({ "expiredCategories": list.collect::<Vec<Value>>() }))
}

#[tokio::test]
async fn the_tree_is_asked_for_once_a_day() {
    let broken = || Reply::NoAnswer;
    let replies = [tree("139"), tree("140"), broken(), broken(), broken()];
    let script = Script::new(replies);
    let (adapter, clock) = connect_with(&script);
    let core = adapter.core();
    let site = site();
    let version = async || core.categories_version(&site).await.unwrap();
    assert_eq!(version().await.as_deref(), Some("139"));
    clock.skip(DAY / 2);
    assert_eq!(version().await.as_deref(), Some("139"));
    clock.skip(DAY);
    assert_eq!(version().await.as_deref(), Some("140"));
    assert_eq!(script.lines(), [TREE; 2]);
    clock.skip(DAY);
    let known = version().await;
    assert_eq!(known.as_deref(), Some("140"), "eBay cannot be asked now");
}

#[tokio::test]
async fn rules_tell_the_version_that_they_are_of() {
    let script = Script::new([
        tree("139"),
        ok(json!({"aspects": []})),
        ok(json!({"itemConditionPolicies": []})),
        ok(json!({"regulatoryPolicies": []})),
        ok(json!({"listingStructurePolicies": []})),
    ]);
    let category = CategoryId("53159".to_owned());
    let adapter = connect(&script);
    let rules = adapter.core().category_rules(&site(), &category).await;
    let rules = rules.unwrap();
    assert_eq!(rules.version.as_deref(), Some("139"));
    assert_eq!(rules.replaced_by, None);
}

/// What is asked of a category: the site's tree, aspects, conditions, the law, its labels where
/// they are asked for, and whether it takes families.
fn of_category(law: Reply, labels: Vec<Reply>) -> Vec<Reply> {
    let mut replies = vec![
        tree("139"),
        ok(json!({"aspects": []})),
        ok(json!({"itemConditionPolicies": []})),
        law,
    ];
    replies.extend(labels);
    replies.push(ok(json!({"listingStructurePolicies": []})));
    replies
}

#[tokio::test]
async fn what_the_law_demands_of_a_category_is_told_before_anything_is_sent() {
    let law = json!({"regulatoryPolicies": [{"categoryId": "53159", "supportedAttributes": [
        {"name": "MANUFACTURER", "usage": "REQUIRED"},
        {"name": "PRODUCT_SAFETY", "usage": "REQUIRED"},
    ]}]});
    let safety = json!({"pictograms": [{"pictogramId": "P1", "pictogramDescription": "Adults"}],
        "statements": [{"statementId": "S1", "statementDescription": "Small parts"}]});
    let labels = vec![ok(safety), answer(204, Value::Null)];
    let script = Script::new(of_category(ok(law), labels));
    let adapter = connect(&script);
    let category = CategoryId("53159".to_owned());
    let rules = adapter.core().category_rules(&site(), &category).await;
    let rules = rules.unwrap();
    let base = "GET /sell/metadata/v1/marketplace/EBAY_US/get_";
    assert_eq!(
        script.lines()[3..6],
        [
            format!("{base}regulatory_policies?filter=categoryIds%3A%7B53159%7D"),
            format!("{base}product_safety_labels"),
            format!("{base}hazardous_materials_labels"),
        ]
    );
    let check = |said: &[(&str, &str)], expected: &[(&str, ProblemKind)]| {
        let mut offer = offer();
        for (name, value) in said {
            let values = vec![(*value).to_owned()];
            offer
                .content
                .attributes
                .insert(format!("eBay: {name}"), values);
        }
        let found = adapter.core().validate(&site(), &offer, Some(&rules));
        let found: Vec<(&str, ProblemKind)> = found
            .iter()
            .map(|problem| {
                let field = problem.field.as_deref().unwrap();
                (field.trim_start_matches("attributes.eBay: "), problem.kind)
            })
            .collect();
        assert_eq!(found, expected, "{said:?}");
    };
    let (missing, wrong) = (ProblemKind::AttributeMissing, ProblemKind::AttributeInvalid);
    let (pictograms, statements) = ("Product safety pictograms", "Product safety statements");
    let maker = [("Manufacturer", "Acme"), ("Manufacturer phone", "1")];
    check(&[], &[("Manufacturer", missing), (statements, missing)]);
    check(&maker, &[(statements, missing)]);
    let with = |more: (&'static str, &'static str)| [maker[0], maker[1], more];
    check(&with((statements, "S1: Small parts")), &[]);
    check(&with((pictograms, "P1")), &[]);
    check(&with((statements, "S2")), &[(statements, wrong)]);
}

#[tokio::test]
async fn a_site_that_does_not_tell_of_the_law_demands_nothing_by_it() {
    let unknown = json!({"errors": [{"errorId": 46001, "domain": "API_METADATA",
        "category": "REQUEST", "message": "The specified marketplace ID was not found."}]});
    for law in [answer(400, unknown), answer(204, Value::Null)] {
        let script = Script::new(of_category(law, Vec::new()));
        let adapter = connect(&script);
        let category = CategoryId("53159".to_owned());
        let rules = adapter.core().category_rules(&site(), &category).await;
        let rules = rules.unwrap();
        assert!(!rules.attributes.iter().any(|rule| rule.required));
    }
}

#[tokio::test]
async fn what_took_the_place_of_a_category_is_told() {
    let script = Script::new([
        tree("140"),
        gone(),
        expired(&[("1", "2"), ("53159", "63866")]),
    ]);
    let adapter = connect(&script);
    let category = CategoryId("53159".to_owned());
    let rules = adapter.core().category_rules(&site(), &category).await;
    let rules = rules.unwrap();
    assert_eq!(script.lines().last().unwrap(), EXPIRED);
    let mut offer = offer();
    offer.content.category = Some(category);
    let problems = adapter.core().validate(&site(), &offer, Some(&rules));
    assert_eq!(problems.len(), 1, "{problems:?}");
    assert_eq!(problems[0].kind, ProblemKind::CategoryInvalid);
    assert_eq!(problems[0].params["why"], "retired");
    assert_eq!(problems[0].params["replacement"], "63866");
    assert_eq!(problems[0].params["category"], "53159");
}

#[tokio::test]
async fn a_category_without_another_in_its_place_is_unknown() {
    for told in [
        expired(&[("1", "2")]),
        answer(204, Value::Null),
        Reply::NoAnswer,
    ] {
        let script = Script::new([tree("140"), gone(), told.clone(), told.clone(), told]);
        let category = CategoryId("53159".to_owned());
        let adapter = connect(&script);
        let rules = adapter.core().category_rules(&site(), &category).await;
        let error = rules.unwrap_err();
        assert_eq!(error.kind, ErrorKind::NotFound);
        let problem = error.to_problem();
        assert_eq!(problem.kind, ProblemKind::CategoryInvalid);
    }
}

fn policy(category: &str, conditions: &[&str]) -> Value {
    let conditions = conditions.iter().map(|id| json!({ "conditionId": id }));
    json!({"categoryId": category, "itemConditions": conditions.collect::<Vec<Value>>()})
}

#[tokio::test]
async fn conditions_of_several_categories_are_asked_for_at_once() {
    let policies = [
        policy("53159", &["1000", "3000"]),
        policy("9355", &["1000", "5000"]),
    ];
    let refused = ["A", "B", "C"].map(|sku| {
        json!({"statusCode": 400, "sku": sku, "errors": [{"errorId": 25014, "message": "x"}]})
    });
    let script = Script::new([
        ok(json!({ "itemConditionPolicies": policies })),
        responses(json!(refused)),
    ]);
    let used = |id: i64, sku: &str, category: &str| {
        let mut offer = offer();
        offer.content.condition = Condition::Good;
        offer.content.category = Some(CategoryId(category.to_owned()));
        change(id, sku, &[], publish(offer))
    };
    let changes = vec![
        used(1, "A", "53159"),
        used(2, "B", "9355"),
        used(3, "C", "9355"),
    ];
    submit(&script, &batch("publish", changes)).await;
    let asked = script.asked();
    assert_eq!(
        asked[0].path,
        "/sell/metadata/v1/marketplace/EBAY_US/get_item_condition_policies\
         ?filter=categoryIds%3A%7B53159%7C9355%7D"
    );
    let sent = asked[1].json();
    let conditions: Vec<&str> = sent["requests"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(|one| one["condition"].as_str())
        .collect();
    assert_eq!(conditions, ["USED_EXCELLENT", "USED_GOOD", "USED_GOOD"]);
}
