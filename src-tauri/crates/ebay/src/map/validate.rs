//! What eBay would refuse, told before anything is sent.

use std::collections::BTreeMap;

use barrow_market::{AttributeRule, CategoryRules};
use barrow_model::{ImageSource, Offer, Problem, ProblemKind};

use super::description::full_description;
use super::listing::{ASPECT_VALUE_CHARS_MAX, aspects, images};
use super::pictures::picture_files;
use super::regulated::said_otherwise;
use super::safety::same_code;
use super::terms::{self, not_allowed, too_many};
use crate::config::{
    FULFILLMENT_POLICY_ID, MERCHANT_LOCATION_KEY, PAYMENT_POLICY_ID, RETURN_POLICY_ID, SiteFacts,
};
use crate::{DESCRIPTION_CHARS_MAX, TITLE_CHARS_MAX};

/// The aspects that would be sent.
type Sent = BTreeMap<String, Vec<String>>;

/// How many allowed values are named in a problem.
const VALUES_NAMED: usize = 20;

/// What is wrong with an offer on a site; none is one that eBay has not (ebay.md §6.4, publish
/// checklist). The SKU's length is the capability's: [`barrow_market::check_batch`] refuses it.
pub fn validate(
    site: Option<&SiteFacts>,
    offer: &Offer,
    rules: Option<&CategoryRules>,
) -> Vec<Problem> {
    let Some(facts) = site else {
        let problem = Problem::new(ProblemKind::SettingInvalid).field("site");
        return vec![problem.param("setting", "marketplace_id")];
    };
    let mut problems = Vec::new();
    check_text(offer, &mut problems);
    check_images(offer, &mut problems);
    check_price(facts, offer, &mut problems);
    check_settings(offer, &mut problems);
    problems.extend(terms::problems(facts, offer));
    if offer.content.category.is_none() {
        problems.push(Problem::new(ProblemKind::CategoryMissing).field("category"));
    }
    if let Some(rules) = rules {
        problems.extend(retired(offer, rules));
        check_rules(facts, offer, rules, &mut problems);
    }
    problems
}

/// eBay has put another category in the place of the listing's.
fn retired(offer: &Offer, rules: &CategoryRules) -> Option<Problem> {
    let category = offer.content.category.as_ref()?;
    let replacement = rules.replaced_by.as_ref()?;
    let problem = Problem::new(ProblemKind::CategoryInvalid).field("category");
    let problem = problem.param("category", &category.0);
    let problem = problem.param("why", "retired");
    Some(problem.param("replacement", &replacement.0))
}

fn check_text(offer: &Offer, problems: &mut Vec<Problem>) {
    let title = offer.content.title.trim();
    if title.is_empty() {
        problems.push(Problem::new(ProblemKind::TitleMissing).field("title"));
    }
    let description = full_description(title, &offer.content.description);
    for (field, text, limit) in [
        ("title", title, TITLE_CHARS_MAX),
        ("description", description.as_str(), DESCRIPTION_CHARS_MAX),
    ] {
        let length = text.chars().count();
        if length > limit {
            let problem = Problem::new(ProblemKind::TextTooLong).field(field);
            problems.push(problem.param("limit", limit).param("length", length));
        }
    }
}

fn check_images(offer: &Offer, problems: &mut Vec<Problem>) {
    if offer.content.images.is_empty() {
        problems.push(Problem::new(ProblemKind::ImageMissing).field("images"));
        return;
    }
    if !images(&offer.content).is_empty() || !picture_files(&offer.content).is_empty() {
        return;
    }
    // Others that eBay can fetch stand in for one that it cannot; without any the first is named. A
    // file is looked at when it is sent.
    let first = offer
        .content
        .images
        .first()
        .map(|image| match &image.source {
            ImageSource::Url(address) | ImageSource::File(address) => address.as_str(),
        });
    let problem = Problem::new(ProblemKind::ImageInvalid).field("images");
    problems.push(problem.param("url", first.unwrap_or_default()));
}

fn check_price(facts: &SiteFacts, offer: &Offer, problems: &mut Vec<Problem>) {
    if offer.price.minor <= 0 {
        problems.push(Problem::new(ProblemKind::PriceNotPositive).field("price"));
    }
    if offer.price.currency.as_str() != facts.currency {
        let problem = Problem::new(ProblemKind::PriceCurrency).field("price");
        problems.push(
            problem
                .param("currency", offer.price.currency)
                .param("expected", facts.currency),
        );
    }
}

fn check_settings(offer: &Offer, problems: &mut Vec<Problem>) {
    let missing = |key: &str| offer.settings.get(key).is_none_or(|value| value.is_empty());
    for key in [FULFILLMENT_POLICY_ID, PAYMENT_POLICY_ID, RETURN_POLICY_ID] {
        if missing(key) {
            let problem = Problem::new(ProblemKind::PolicyMissing);
            problems.push(
                problem
                    .field(format!("settings.{key}"))
                    .param("policy", key),
            );
        }
    }
    if missing(MERCHANT_LOCATION_KEY) {
        let field = format!("settings.{MERCHANT_LOCATION_KEY}");
        problems.push(Problem::new(ProblemKind::LocationMissing).field(field));
    }
}

fn check_rules(
    facts: &SiteFacts,
    offer: &Offer,
    rules: &CategoryRules,
    problems: &mut Vec<Problem>,
) {
    let code = offer.content.condition.code();
    if !rules.conditions.is_empty() && !rules.conditions.iter().any(|known| known == code) {
        let problem = Problem::new(ProblemKind::ConditionInvalid).field("condition");
        problems.push(problem.param("allowed", rules.conditions.join(", ")));
    }
    let sent = aspects(&offer.content, facts);
    let asked = rules.attributes.iter();
    for rule in asked.filter(|rule| rule.is_of(offer.content.condition)) {
        let said = match terms::is_reserved(&rule.name) {
            true => offer.content.attributes.get(&rule.name),
            false => sent.get(&rule.name),
        };
        match said {
            _ if too_long(offer, rule).is_some() => problems.extend(too_long(offer, rule)),
            None if said_otherwise(&offer.content.attributes, &rule.name) => {}
            None if rule.required => problems.push(attribute_missing(facts, rule)),
            None => {}
            Some(values) => problems.extend(attribute_wrong(rule, values, &sent)),
        }
    }
}

/// An attribute of the category whose value is longer than eBay takes there: left out, it would be
/// missing without a word.
fn too_long(offer: &Offer, rule: &AttributeRule) -> Option<Problem> {
    let values = offer.content.attributes.get(&rule.name)?;
    let limit = rule.chars_max.unwrap_or(ASPECT_VALUE_CHARS_MAX);
    let limit = match terms::is_reserved(&rule.name) {
        true => limit,
        false => limit.min(ASPECT_VALUE_CHARS_MAX),
    };
    let mut lengths = values.iter().map(|value| value.trim().chars().count());
    let length = lengths.find(|length| *length > limit)?;
    Some(
        Problem::new(ProblemKind::TextTooLong)
            .field(format!("attributes.{}", rule.name))
            .param("limit", limit)
            .param("length", length),
    )
}

fn attribute_missing(facts: &SiteFacts, rule: &AttributeRule) -> Problem {
    if rule.name == facts.brand {
        return Problem::new(ProblemKind::BrandMissing).field("brand");
    }
    Problem::new(ProblemKind::AttributeMissing)
        .field(format!("attributes.{}", rule.name))
        .param("attribute", &rule.name)
}

fn attribute_wrong(rule: &AttributeRule, values: &[String], sent: &Sent) -> Option<Problem> {
    let allowed = |value: &String| {
        let value = value.to_lowercase();
        rule.values
            .iter()
            .any(|known| known.to_lowercase() == value)
    };
    let several = !rule.multiple && values.len() > 1;
    let coded = |value: &String| {
        let mut known = rule.values.iter();
        known.any(|known| same_code(&rule.name, known, value))
    };
    let is_coded = rule
        .values
        .first()
        .is_some_and(|it| same_code(&rule.name, it, it));
    let foreign = match is_coded {
        true => !values.iter().all(coded),
        false => rule.closed && !rule.values.is_empty() && !values.iter().all(allowed),
    };
    if several && rule.values.is_empty() {
        return Some(too_many(&rule.name, 1));
    }
    if several || foreign {
        return Some(not_allowed(&rule.name, named(&rule.values)));
    }
    if let Some(form) = rule.form
        && let Some(wrong) = values.iter().find(|one| !allowed(one) && !form.fits(one))
    {
        let problem = not_allowed(&rule.name, named(&rule.values));
        return Some(problem.param("why", form.code()).param("value", wrong));
    }
    let said = |name: &str| sent.get(name).map(Vec::as_slice);
    values.iter().find_map(|value| {
        let bound = *rule.broken(value, said).first()?;
        let problem = not_allowed(&rule.name, named(&bound.values));
        let problem = problem.param("why", "bound").param("value", value);
        Some(problem.param("other", &bound.attribute))
    })
}

fn named(values: &[String]) -> String {
    let named: Vec<&str> = values
        .iter()
        .take(VALUES_NAMED)
        .map(String::as_str)
        .collect();
    named.join(", ")
}
