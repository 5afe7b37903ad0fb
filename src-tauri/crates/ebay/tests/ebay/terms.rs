//! Best Offer, those who answer for the goods and their safety: what Barrow wrote goes when it is
//! emptied, what was set by other means stays, and what eBay would refuse is told before.

use barrow_ebay::{config::site_facts, map, types};
use barrow_market::{CategoryRules, Fate};
use barrow_model::{Action, Binding, CategoryId, Offer, ProblemKind, Site, Target};
use serde_json::{Value, json};

use crate::listings::{batch, change, responses};
use crate::requests::offer;
use crate::script::{Script, answer, connect, ok};

/// Says something under reserved names; a line between values tells them apart.
fn say(offer: &mut Offer, said: &[(&str, &str)]) {
    for (name, values) in said {
        let values = values.split('|').map(str::to_owned).collect();
        let name = format!("eBay: {name}");
        offer.content.attributes.insert(name, values);
    }
}

/// Revises an offer that stands there so, with attributes of reserved names; gives the binding
/// afterwards and what was sent of it.
async fn revised(binding: Binding, said: &[(&str, &str)], mut there: Value) -> (Binding, Value) {
    there["offerId"] = json!("9");
    let script = Script::new([
        responses(json!([{"statusCode": 204, "sku": "A"}])),
        ok(there),
        answer(204, json!(null)),
    ]);
    let mut wanted = offer();
    say(&mut wanted, said);
    let mut change = change(1, "A", &[], Action::Revise(Box::new(wanted)));
    if let Target::Listing(listing) = &mut change.target {
        listing.binding = binding;
    }
    let adapter = connect(&script);
    let batch = batch("revise", vec![change]);
    let outcomes = adapter.listings().unwrap().submit(&batch).await.unwrap();
    let Fate::Applied {
        binding: Some(binding),
    } = outcomes[0].fate.clone()
    else {
        panic!("{outcomes:?}")
    };
    let sent = script.asked()[2].json();
    (binding, sent)
}

fn adopted() -> Binding {
    Binding::default().with("offer_id", "9")
}

fn price(value: &str) -> Value {
    json!({"value": value, "currency": "USD"})
}

#[tokio::test]
async fn a_price_of_best_offer_that_is_emptied_goes_where_barrow_wrote_it() {
    let terms = |sent: &Value| sent["listingPolicies"]["bestOfferTerms"].clone();
    let there = json!({"listingPolicies": {"bestOfferTerms":
        {"bestOfferEnabled": true, "autoDeclinePrice": price("5.0")}}});
    let said = [("Best Offer", "Yes"), ("Best Offer accepted from", "9.00")];
    let (known, sent) = revised(adopted(), &said, there.clone()).await;
    let all = json!({"bestOfferEnabled": true, "autoAcceptPrice": price("9.00"),
        "autoDeclinePrice": price("5.0")});
    assert_eq!(terms(&sent), all);
    let (known, sent) = revised(known, &said[..1], sent).await;
    assert_eq!(terms(&sent), terms(&there), "the other's price stays");
    let (_, sent) = revised(known, &[], sent).await;
    assert_eq!(terms(&sent), Value::Null, "no price without Best Offer");
    let (_, sent) = revised(adopted(), &[], there.clone()).await;
    assert_eq!(terms(&sent), terms(&there), "Barrow wrote none of it");
}

#[tokio::test]
async fn a_maker_who_is_emptied_goes_where_barrow_wrote_him() {
    let maker = |sent: &Value| sent["regulatory"]["manufacturer"].clone();
    let there = json!({"regulatory": {"repairScore": 8.1,
        "manufacturer": {"companyName": "Acme", "phone": "1"}}});
    let said = [
        ("Manufacturer", "Acme"),
        ("Manufacturer e-mail", "a@acme.example"),
        ("Manufacturer web page", "https://acme.example"),
    ];
    let (known, sent) = revised(adopted(), &said, there.clone()).await;
    assert_eq!(maker(&sent)["email"], "a@acme.example");
    let (known, sent) = revised(known, &said[..2], sent).await;
    let left = json!({"companyName": "Acme", "phone": "1", "email": "a@acme.example"});
    assert_eq!(maker(&sent), left);
    let (_, sent) = revised(known.clone(), &[], sent).await;
    assert_eq!(sent["regulatory"], json!({"repairScore": 8.1}));
    let other = json!({"regulatory": {"manufacturer": {"companyName": "Other"}}});
    for (known, there) in [(adopted(), there), (known, other)] {
        let (_, sent) = revised(known, &[], there.clone()).await;
        assert_eq!(sent["regulatory"], there["regulatory"], "not Barrow's");
    }
}

#[tokio::test]
async fn of_responsible_persons_only_barrow_s_own_goes() {
    let there = json!({"regulatory": {"responsiblePersons": [
        {"companyName": "Mine", "phone": "1"}, {"companyName": "Second", "phone": "2"}]}});
    let said = [
        ("EU responsible person", "Mine"),
        ("EU responsible person phone", "1"),
        ("EU responsible person e-mail", "m@mine.example"),
    ];
    let (known, sent) = revised(adopted(), &said, there).await;
    let persons = |sent: &Value| sent["regulatory"]["responsiblePersons"].clone();
    let email = |sent: &Value| persons(sent)[0]["email"].clone();
    assert_eq!(email(&sent), "m@mine.example");
    let (known, sent) = revised(known, &said[..2], sent).await;
    assert_eq!(
        (email(&sent), persons(&sent)[0]["phone"].clone()),
        (Value::Null, json!("1"))
    );
    let (_, sent) = revised(known.clone(), &[], sent).await;
    assert_eq!(
        persons(&sent),
        json!([{"companyName": "Second", "phone": "2"}])
    );
    let alone = json!({"regulatory": {"responsiblePersons": [
        {"companyName": "Mine", "phone": "1"}]}});
    let (_, sent) = revised(known, &[], alone).await;
    assert_eq!(sent["regulatory"], Value::Null);
}

#[tokio::test]
async fn what_is_said_of_safety_goes_where_barrow_wrote_it() {
    let regulatory = |sent: &Value| sent["regulatory"].clone();
    let there = json!({"regulatory": {"documents": [{"documentId": "d-1"}],
        "productSafety": {"pictograms": ["EBPSP201"], "statements": ["EBPSS109"]}}});
    let said = [
        ("Product safety statements", "EBPSS101|EBPSS102"),
        ("Hazard statements", "H225"),
        ("Hazard signal word", "DANGER"),
        ("Repair score", "7.9"),
    ];
    let (known, sent) = revised(adopted(), &said, there.clone()).await;
    let all = json!({"documents": [{"documentId": "d-1"}], "repairScore": 7.9,
        "productSafety": {"pictograms": ["EBPSP201"], "statements": ["EBPSS101", "EBPSS102"]},
        "hazmat": {"statements": ["H225"], "signalWord": "DANGER"}});
    assert_eq!(regulatory(&sent), all);
    let (known, sent) = revised(known, &said[..2], sent).await;
    let left = json!({"documents": [{"documentId": "d-1"}],
        "productSafety": {"pictograms": ["EBPSP201"], "statements": ["EBPSS101", "EBPSS102"]},
        "hazmat": {"statements": ["H225"]}});
    assert_eq!(regulatory(&sent), left);
    let (_, sent) = revised(known, &[], sent).await;
    let left = json!({"documents": [{"documentId": "d-1"}],
        "productSafety": {"pictograms": ["EBPSP201"]}});
    assert_eq!(regulatory(&sent), left);
    let (_, sent) = revised(adopted(), &[], there.clone()).await;
    assert_eq!(regulatory(&sent), there["regulatory"], "not Barrow's");
}

#[tokio::test]
async fn several_persons_answer_for_the_goods() {
    let there = json!({"regulatory": {"responsiblePersons": [
        {"companyName": "Theirs", "phone": "1"}]}});
    let said = [
        ("EU responsible person", "Theirs"),
        ("EU responsible person phone", "1"),
        ("EU responsible person 2", "Mine"),
        ("EU responsible person 2 phone", "2"),
    ];
    let names = |sent: &Value| -> Vec<String> {
        let persons = sent["regulatory"]["responsiblePersons"].as_array();
        let persons = persons.into_iter().flatten();
        let names = persons.map(|one| one["companyName"].as_str().unwrap().to_owned());
        names.collect()
    };
    let (known, sent) = revised(adopted(), &said, there).await;
    assert_eq!(names(&sent), ["Theirs", "Mine"]);
    let (_, sent) = revised(known, &said[..2], sent).await;
    assert_eq!(names(&sent), ["Theirs"]);
}

/// What a category of a site tells of its own accord.
fn rules_of(site: &str) -> CategoryRules {
    let facts = site_facts(&Site(site.to_owned())).unwrap();
    let category = CategoryId("53159".to_owned());
    let policies = types::ConditionPolicies::default();
    let (aspects, regulated) = (types::Aspects::default(), map::Regulated::default());
    map::category_rules(facts, &aspects, &policies, &regulated, &category)
}

#[test]
fn what_ebay_would_refuse_of_safety_is_told_before_anything_is_sent() {
    let facts = site_facts(&Site("EBAY_US".to_owned()));
    let rules = rules_of("EBAY_DE");
    let check = |said: &[(&str, &str)], expected: &[(&str, &str)]| {
        let mut offer = offer();
        say(&mut offer, said);
        let found = map::validate(facts, &offer, Some(&rules));
        let found: Vec<(&str, &str)> = found
            .iter()
            .map(|problem| {
                let why = match problem.kind {
                    ProblemKind::AttributeMissing => "missing",
                    ProblemKind::TextTooLong => "long",
                    _ => problem.params["why"].as_str(),
                };
                let field = problem.field.as_deref().unwrap();
                (field.trim_start_matches("attributes.eBay: "), why)
            })
            .collect();
        assert_eq!(found, expected, "{said:?}");
    };
    let (pictograms, statements) = ("Product safety pictograms", "Product safety statements");
    check(&[(pictograms, "EBPSP101|EBPSP201")], &[]);
    check(
        &[(pictograms, "EBPSP101|EBPSP102|EBPSP103")],
        &[(pictograms, "many")],
    );
    check(
        &[(statements, "Keep away from children")],
        &[(statements, "code")],
    );
    let component = "Product safety component";
    check(&[(component, "Tipping")], &[(statements, "missing")]);
    let long = "x".repeat(121);
    check(
        &[(pictograms, "EBPSP101"), (component, long.as_str())],
        &[(component, "long")],
    );
    let (hazard, word) = ("Hazard statements", "Hazard signal word");
    check(&[(word, "DANGER")], &[(hazard, "missing")]);
    check(&[(hazard, "H225"), (word, "A|B")], &[(word, "many")]);
    let nine = "H1|H2|H3|H4|H5|H6|H7|H8|H9";
    check(&[(hazard, nine)], &[(hazard, "many")]);
    let [picture, words, sheet] = ["picture", "words", "information sheet"];
    let [picture, words, sheet] =
        [picture, words, sheet].map(|part| format!("Energy label {part}"));
    check(
        &[(&picture, "https://shop.example/label.png"), (&words, "E.")],
        &[(&picture, "picture"), (&sheet, "missing")],
    );
    check(&[("Repair score", "10.5")], &[("Repair score", "score")]);
    check(&[("Repair score", "7.9")], &[]);
    check(
        &[("EU responsible person 3", "Acme")],
        &[("EU responsible person 3 e-mail", "missing")],
    );
}

#[test]
fn each_site_asks_for_what_its_buyers_are_told() {
    let named = |site: &str, name: &str| {
        let rules = rules_of(site).attributes;
        let found = rules.into_iter().find(|rule| rule.name == name);
        found.map(|rule| rule.multiple)
    };
    assert_eq!(named("EBAY_DE", "eBay: Hazard statements"), Some(true));
    assert_eq!(named("EBAY_GB", "eBay: Hazard signal word"), Some(false));
    assert_eq!(named("EBAY_US", "eBay: Hazard statements"), None);
    assert_eq!(named("EBAY_US", "eBay: Energy label picture"), Some(false));
    assert_eq!(named("EBAY_HK", "eBay: Energy label picture"), None);
    let person = "eBay: EU responsible person 5 phone";
    assert_eq!(named("EBAY_IE", person), Some(false));
}
