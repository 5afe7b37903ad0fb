//! The Metadata API: what categories allow (ebay.md §6.3, §6.6).

use serde_json::{Value, json};

use super::answer::{Answer, Outcome, Problem, Refusal, problem_list};
use super::call::Call;
use super::category::{CATEGORIES, Category, category_by_id};
use super::check::{CONDITIONS, RESTRICTED_CONDITIONS};
use super::labels;
use super::regulatory::asked;
use super::site::{Site, site_by_id};
use super::state::State;
use super::terms;

/// Categories of one filter (ebay.md §6.3).
const CATEGORIES_MAX: usize = 50;

fn problem(id: u32, message: &str) -> Problem {
    Problem::new(400, id, "API_METADATA", message)
}

fn site(call: &Call) -> Result<&'static Site, Refusal> {
    let unknown = || problem(46001, "The specified marketplace ID was not found.");
    Ok(site_by_id(call.id(0)).ok_or_else(unknown)?)
}

/// The leaves that a filter `categoryIds:{100|101}` names, all without one, and what is odd
/// about it.
fn wanted(call: &Call) -> (Vec<&'static Category>, Vec<Problem>) {
    let Some(filter) = call.parameter("filter") else {
        return (
            CATEGORIES
                .iter()
                .filter(|category| category.leaf())
                .collect(),
            Vec::new(),
        );
    };
    let ids = filter
        .strip_prefix("categoryIds:{")
        .and_then(|rest| rest.strip_suffix('}'));
    let Some(ids) = ids else {
        return (
            Vec::new(),
            vec![problem(46002, "The filter value is invalid.")],
        );
    };
    let ids: Vec<&str> = ids.split('|').collect();
    let mut warnings = Vec::new();
    if ids.len() > CATEGORIES_MAX {
        let message = "Only 50 Category IDs specified in the filter are considered.";
        warnings.push(problem(46004, message));
    }
    let mut found = Vec::new();
    for id in ids.into_iter().take(CATEGORIES_MAX) {
        match category_by_id(id.trim()) {
            Some(category) => found.push(category),
            None => {
                let message = "The specified categoryId was not found for the marketplace.";
                warnings.push(problem(46003, message).with("categoryId", id));
            }
        }
    }
    (found, warnings)
}

fn answer(name: &str, policies: Vec<Value>, warnings: &[Problem]) -> Answer {
    let mut body = json!({});
    body[name] = Value::Array(policies);
    if !warnings.is_empty() {
        body["warnings"] = problem_list(warnings);
    }
    Answer::ok(body)
}

/// `GET /marketplace/{id}/get_item_condition_policies?filter=`.
pub(super) fn conditions(_: &mut State, call: &Call) -> Outcome {
    let site = site(call)?;
    let (categories, warnings) = wanted(call);
    let policies = categories
        .into_iter()
        .map(|category| {
            let conditions: Vec<Value> = category
                .conditions()
                .iter()
                .map(|id| condition(category, id))
                .collect();
            json!({
                "categoryTreeId": site.tree,
                "categoryId": category.id,
                "itemConditionRequired": true,
                "itemConditions": conditions,
            })
        })
        .collect();
    Ok(answer("itemConditionPolicies", policies, &warnings))
}

fn condition(category: &Category, id: &str) -> Value {
    let name = CONDITIONS
        .iter()
        .find(|(_, known)| *known == id)
        .map_or("", |(name, _)| name);
    let words = name.replace('_', " ").to_lowercase();
    let mut condition = json!({ "conditionId": id, "conditionDescription": words });
    let descriptors = terms::shown(category.id, id);
    if !descriptors.is_empty() {
        condition["conditionDescriptors"] = Value::Array(descriptors);
    }
    if RESTRICTED_CONDITIONS.contains(&id) {
        condition["usage"] = json!("RESTRICTED");
    }
    condition
}

/// `GET /marketplace/{id}/get_currencies`.
pub(super) fn currencies(_: &mut State, call: &Call) -> Outcome {
    let site = site(call)?;
    Ok(Answer::ok(json!({
        "marketplaceId": site.id,
        "defaultCurrency": { "code": site.currency, "description": site.currency },
    })))
}

/// `GET /marketplace/{id}/get_listing_structure_policies?filter=`.
pub(super) fn structures(_: &mut State, call: &Call) -> Outcome {
    let site = site(call)?;
    let (categories, warnings) = wanted(call);
    let policies = categories
        .into_iter()
        .map(|category| {
            json!({
                "categoryTreeId": site.tree,
                "categoryId": category.id,
                "variationsSupported": category.variations(),
            })
        })
        .collect();
    Ok(answer("listingStructurePolicies", policies, &warnings))
}

/// Sites that calls about the law do not know.
const NOT_THERE: [&str; 4] = ["EBAY_HK", "EBAY_MY", "EBAY_TW", "EBAY_PH"];

fn lawful_site(call: &Call) -> Result<&'static Site, Refusal> {
    let unknown = || problem(46001, "The specified marketplace ID was not found.");
    let site = site(call)?;
    match NOT_THERE.contains(&site.id) {
        true => Err(unknown().into()),
        false => Ok(site),
    }
}

/// `GET /marketplace/{id}/get_regulatory_policies?filter=`.
pub(super) fn regulatory(_: &mut State, call: &Call) -> Outcome {
    let site = lawful_site(call)?;
    let (categories, warnings) = wanted(call);
    let policies = categories.into_iter().filter_map(|category| {
        let asked = asked(site, category.id);
        let attributes = asked.iter().map(|(name, required)| {
            let usage = if *required { "REQUIRED" } else { "RECOMMENDED" };
            json!({ "name": name, "usage": usage })
        });
        (!asked.is_empty()).then(|| {
            json!({
                "categoryTreeId": site.tree,
                "categoryId": category.id,
                "supportedAttributes": attributes.collect::<Vec<_>>(),
            })
        })
    });
    Ok(answer("regulatoryPolicies", policies.collect(), &warnings))
}

/// `GET /marketplace/{id}/get_product_safety_labels`.
pub(super) fn safety_labels(_: &mut State, call: &Call) -> Outcome {
    lawful_site(call)?;
    Ok(Answer::ok(labels::of_safety()))
}

/// `GET /marketplace/{id}/get_hazardous_materials_labels`: 204 where there are none.
pub(super) fn hazard_labels(_: &mut State, call: &Call) -> Outcome {
    let site = site(call)?;
    Ok(match NOT_THERE.contains(&site.id) {
        true => Answer::empty(204),
        false => Answer::ok(labels::of_hazards()),
    })
}
