//! What the seller says of a listing beside its item specifics: Best Offer, what tells used goods
//! apart, who answers for the goods in the EU and how safe they are. He says it with attributes of
//! reserved names, which a category's rules tell of like all others; none of them becomes an item
//! specific.

use barrow_market::AttributeRule;
use barrow_model::{Attributes, Money, Offer, Problem, ProblemKind};
use serde_json::{Map, Value, json};

use super::money::{amount, money};
use super::regulated::{Regulated, Subject};
use super::{particulars, persons, safety};
use crate::config::SiteFacts;
use crate::types::Amount;

/// What every reserved name begins with.
pub(super) const RESERVED: &str = "eBay: ";

const BEST_OFFER: &str = "eBay: Best Offer";
pub(super) const YES: &str = "Yes";
pub(super) const NO: &str = "No";

/// Prices of Best Offer by their names, and eBay's names of them (ebay.md §6.4).
const BEST_OFFER_PRICES: [(&str, &str); 2] = [
    ("eBay: Best Offer accepted from", "autoAcceptPrice"),
    ("eBay: Best Offer declined up to", "autoDeclinePrice"),
];

/// Longest text of a price.
const PRICE_CHARS_MAX: usize = 20;

/// Sites whose buyers are under the EU's rules of product safety, Northern Ireland's included
/// (ebay.md §6.4).
pub(super) const SAFETY_SITES: [&str; 10] = [
    "EBAY_DE", "EBAY_AT", "EBAY_FR", "EBAY_IT", "EBAY_ES", "EBAY_NL", "EBAY_BE", "EBAY_IE",
    "EBAY_PL", "EBAY_GB",
];

/// Whether a name is no item specific's.
pub(super) fn is_reserved(name: &str) -> bool {
    name.starts_with(RESERVED)
}

pub(super) fn said<'a>(attributes: &'a Attributes, name: &str) -> Option<&'a str> {
    let value = attributes.get(name)?.first()?.trim();
    (!value.is_empty()).then_some(value)
}

pub(super) fn rule(name: String, values: &[&str], chars_max: usize) -> AttributeRule {
    AttributeRule {
        name,
        closed: !values.is_empty(),
        values: values.iter().map(|value| (*value).to_owned()).collect(),
        chars_max: Some(chars_max),
        ..AttributeRule::default()
    }
}

/// What can be said of a listing on a site beside its item specifics, and of it what the law asks
/// for.
pub(super) fn rules(site: &SiteFacts, regulated: &Regulated) -> Vec<AttributeRule> {
    let mut rules = vec![rule(BEST_OFFER.to_owned(), &[YES, NO], YES.len())];
    for (name, _) in BEST_OFFER_PRICES {
        rules.push(rule(name.to_owned(), &[], PRICE_CHARS_MAX));
    }
    rules.extend(particulars::rules(site));
    let of_persons = safety::asked_for(site)
        || regulated.can_say(Subject::Manufacturer)
        || regulated.can_say(Subject::Responsible);
    if of_persons {
        rules.extend(persons::rules());
    }
    rules.extend(safety::rules(site, regulated));
    if of_persons {
        rules.extend(persons::more_rules());
    }
    for rule in &mut rules {
        rule.required = regulated.demands(&rule.name);
    }
    rules
}

fn price(text: &str, site: &SiteFacts) -> Option<Money> {
    let parsed = money(&Amount {
        value: Some(text.to_owned()),
        currency: Some(site.currency.to_owned()),
    });
    parsed.filter(|price| price.minor > 0)
}

/// Whether buyers may make offers; none where the seller says nothing. A price that is said for
/// them says that they may.
fn takes_offers(attributes: &Attributes) -> Option<bool> {
    match said(attributes, BEST_OFFER) {
        Some(word) => Some(word.eq_ignore_ascii_case(YES)),
        None => {
            let mut names = BEST_OFFER_PRICES.iter();
            let priced = names.any(|(name, _)| said(attributes, name).is_some());
            priced.then_some(true)
        }
    }
}

/// What an offer's policies say of Best Offer (ebay.md §6.4).
pub(super) fn best_offer(attributes: &Attributes, site: &SiteFacts) -> Option<Value> {
    let takes = takes_offers(attributes)?;
    let mut terms = Map::new();
    terms.insert("bestOfferEnabled".to_owned(), json!(takes));
    for (name, field) in BEST_OFFER_PRICES.iter().filter(|_| takes) {
        if let Some(price) = said(attributes, name).and_then(|text| price(text, site)) {
            terms.insert((*field).to_owned(), amount(&price));
        }
    }
    Some(Value::Object(terms))
}

/// What an offer says of those who answer for the goods, and of their safety (ebay.md §6.4).
pub(super) fn regulatory(attributes: &Attributes) -> Option<Value> {
    let mut told = Map::new();
    persons::tell(attributes, &mut told);
    safety::tell(attributes, &mut told);
    (!told.is_empty()).then_some(Value::Object(told))
}

/// What item and offer that are there say, under the reserved names.
pub(super) fn observed(item: &Value, offer: &Value) -> Attributes {
    let mut attributes = particulars::observed(item, offer);
    let terms = &offer["listingPolicies"]["bestOfferTerms"];
    if terms["bestOfferEnabled"] == json!(true) {
        attributes.insert(BEST_OFFER.to_owned(), vec![YES.to_owned()]);
        for (name, field) in BEST_OFFER_PRICES {
            let there: Option<Amount> = serde_json::from_value(terms[field].clone()).ok();
            if let Some(price) = there.and_then(|there| money(&there)) {
                attributes.insert(name.to_owned(), vec![price.amount()]);
            }
        }
    }
    attributes.extend(persons::observed(&offer["regulatory"]));
    attributes.extend(safety::observed(&offer["regulatory"]));
    attributes
}

/// What of this eBay would refuse.
pub(super) fn problems(site: &SiteFacts, offer: &Offer) -> Vec<Problem> {
    let attributes = &offer.content.attributes;
    let mut problems = best_offer_problems(site, offer);
    let category = offer.content.category.as_ref();
    problems.extend(particulars::problems(site, attributes, category));
    problems.extend(persons::problems(site, attributes));
    problems.extend(safety::problems(attributes));
    problems
}

pub(super) fn missing(name: &str) -> Problem {
    Problem::new(ProblemKind::AttributeMissing)
        .field(format!("attributes.{name}"))
        .param("attribute", name)
}

pub(super) fn not_allowed(name: &str, allowed: impl ToString) -> Problem {
    Problem::new(ProblemKind::AttributeInvalid)
        .field(format!("attributes.{name}"))
        .param("attribute", name)
        .param("allowed", allowed)
}

/// More values than are taken.
pub(super) fn too_many(name: &str, most: usize) -> Problem {
    let problem = not_allowed(name, "").param("why", "many");
    problem.param("most", most)
}

/// An offer is accepted and declined below the price, and declined below what is accepted (ebay.md
/// §6.4); variations take none (ebay.md §6.6).
fn best_offer_problems(site: &SiteFacts, offer: &Offer) -> Vec<Problem> {
    let attributes = &offer.content.attributes;
    if takes_offers(attributes) != Some(true) {
        return Vec::new();
    }
    if offer.content.family.is_some() {
        return vec![not_allowed(BEST_OFFER, NO)];
    }
    let mut problems = Vec::new();
    let mut below = offer.price;
    for (name, _) in BEST_OFFER_PRICES {
        let Some(text) = said(attributes, name) else {
            continue;
        };
        match price(text, site) {
            Some(price) if price.currency == below.currency && price.minor < below.minor => {
                below = price;
            }
            _ => problems.push(not_allowed(name, format!("< {}", below.amount()))),
        }
    }
    problems
}

/// Attributes of one value each.
#[cfg(test)]
pub(super) fn attributes(pairs: &[(&str, &str)]) -> Attributes {
    let pairs = pairs.iter();
    pairs
        .map(|(name, value)| ((*name).to_owned(), vec![(*value).to_owned()]))
        .collect()
}

#[cfg(test)]
mod tests {
    use barrow_model::{Attributes, Site};
    use serde_json::{Value, json};

    use super::{attributes, best_offer, is_reserved, observed, regulatory, rules};
    use crate::config::{SiteFacts, site_facts};
    use crate::map::regulated::Regulated;

    fn facts(site: &str) -> &'static SiteFacts {
        site_facts(&Site(site.to_owned())).unwrap()
    }

    #[test]
    fn every_rule_has_a_reserved_name_and_safety_is_asked_for_in_the_eu() {
        let named = |site: &str| {
            let rules = rules(facts(site), &Regulated::default());
            assert!(
                rules
                    .iter()
                    .all(|rule| is_reserved(&rule.name) && !rule.required)
            );
            rules.len()
        };
        assert!(named("EBAY_DE") > named("EBAY_AU"));
        assert!(!is_reserved("Best Offer"));
    }

    #[test]
    fn best_offer_is_what_the_seller_says() {
        let check = |pairs: &[(&str, &str)], expected: Option<Value>| {
            assert_eq!(best_offer(&attributes(pairs), facts("EBAY_US")), expected);
        };
        check(&[("Colour", "Red")], None);
        check(
            &[("eBay: Best Offer", "no")],
            Some(json!({ "bestOfferEnabled": false })),
        );
        check(
            &[
                ("eBay: Best Offer", "No"),
                ("eBay: Best Offer accepted from", "5"),
            ],
            Some(json!({ "bestOfferEnabled": false })),
        );
        check(
            &[("eBay: Best Offer declined up to", "10")],
            Some(json!({ "bestOfferEnabled": true,
                "autoDeclinePrice": { "value": "10.00", "currency": "USD" } })),
        );
    }

    #[test]
    fn what_was_sent_is_read_back() {
        let own = attributes(&[
            ("eBay: Best Offer", "Yes"),
            ("eBay: Best Offer accepted from", "18.00"),
            ("eBay: Manufacturer", "Acme GmbH"),
            ("eBay: Manufacturer e-mail", "hello@acme.example"),
            ("eBay: EU responsible person", "Acme EU"),
            (
                "eBay: EU responsible person web page",
                "https://acme.example",
            ),
        ]);
        let offer = json!({
            "listingPolicies": { "bestOfferTerms": best_offer(&own, facts("EBAY_DE")) },
            "regulatory": regulatory(&own),
        });
        assert_eq!(
            offer["regulatory"]["responsiblePersons"][0]["types"][0],
            "EUResponsiblePerson"
        );
        assert_eq!(observed(&Value::Null, &offer), own);
        assert_eq!(observed(&Value::Null, &json!({})), Attributes::new());
    }
}
