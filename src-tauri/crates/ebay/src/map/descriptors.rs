//! What tells used goods of a condition apart, such as a trading card's grade and who graded it
//! (ebay.md §6.2, §6.3). The seller says it with attributes in eBay's words; eBay takes numbers.

use barrow_market::AttributeRule;
use barrow_model::{Attributes, CategoryId, Condition, Content, Problem};
use serde_json::{Value, json};

use super::rules::codes;
use super::terms::{RESERVED, not_allowed};
use crate::types::{ConditionPolicies, ItemConditionDescriptor};

/// Longest text of a descriptor that takes one, where the category says nothing (ebay.md §6.2).
const TEXT_CHARS_MAX: usize = 30;
/// How many allowed values are named in a problem.
const VALUES_NAMED: usize = 20;
/// Most values that are kept of a descriptor.
const VALUES_MAX: usize = 500;

/// A descriptor that a category knows in some conditions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Descriptor {
    /// eBay's number of it.
    id: String,
    /// The attribute's name.
    name: String,
    /// The conditions in which it can be said, as [`Condition::code`].
    conditions: Vec<String>,
    /// Whether a listing in these must have it.
    required: bool,
    multiple: bool,
    /// Most characters of a text; none where only values are taken.
    text_chars_max: Option<usize>,
    /// eBay's numbers and words of the values.
    values: Vec<(String, String)>,
}

/// The descriptors of a category.
pub fn descriptors(policies: &ConditionPolicies, category: &CategoryId) -> Vec<Descriptor> {
    let mut found: Vec<Descriptor> = Vec::new();
    let of_category = policies.item_condition_policies.iter();
    let of_category =
        of_category.filter(|policy| policy.category_id.as_deref() == Some(category.0.as_str()));
    for condition in of_category.flat_map(|policy| &policy.item_conditions) {
        let number = condition
            .condition_id
            .as_deref()
            .and_then(|id| id.parse().ok());
        let Some(number) = number else { continue };
        for told in &condition.condition_descriptors {
            let Some(one) = descriptor(told, codes(&[number])) else {
                continue;
            };
            match found.iter_mut().find(|known| known.id == one.id) {
                Some(known) => known.conditions.extend(one.conditions),
                None => found.push(one),
            }
        }
    }
    found
}

fn descriptor(told: &ItemConditionDescriptor, conditions: Vec<String>) -> Option<Descriptor> {
    let constraint = &told.condition_descriptor_constraint;
    let values = told.condition_descriptor_values.iter().filter_map(|value| {
        Some((
            value.condition_descriptor_value_id.clone()?,
            value.condition_descriptor_value_name.clone()?,
        ))
    });
    let values: Vec<(String, String)> = values.take(VALUES_MAX).collect();
    let is_text = constraint.mode.as_deref() == Some("FREE_TEXT") || values.is_empty();
    Some(Descriptor {
        id: told.condition_descriptor_id.clone()?,
        name: format!("{RESERVED}{}", told.condition_descriptor_name.clone()?),
        conditions,
        required: constraint.usage.as_deref() == Some("REQUIRED"),
        multiple: constraint.cardinality.as_deref() == Some("MULTI"),
        text_chars_max: is_text.then(|| constraint.max_length.unwrap_or(TEXT_CHARS_MAX)),
        values,
    })
}

/// Descriptors as attributes that a category's rules tell of.
pub(super) fn descriptor_rules(descriptors: &[Descriptor]) -> Vec<AttributeRule> {
    let rule = |one: &Descriptor| AttributeRule {
        name: one.name.clone(),
        required: one.required,
        closed: one.text_chars_max.is_none(),
        values: one.values.iter().map(|(_, word)| word.clone()).collect(),
        chars_max: one.text_chars_max,
        multiple: one.multiple,
        conditions: one.conditions.clone(),
        ..AttributeRule::default()
    };
    descriptors.iter().map(rule).collect()
}

/// Whether something is said under a reserved name, which may be a descriptor.
pub fn may_describe(content: &Content) -> bool {
    content.condition != Condition::New
        && content
            .attributes
            .keys()
            .any(|name| name.starts_with(RESERVED))
}

/// The descriptors of an item's body, in eBay's numbers (ebay.md §6.2); empty where none is said.
///
/// # Errors
/// A value that the category does not know.
pub fn descriptors_body(content: &Content, known: &[Descriptor]) -> Result<Vec<Value>, Problem> {
    let mut body = Vec::new();
    let code = content.condition.code();
    for one in known
        .iter()
        .filter(|one| one.conditions.iter().any(|known| known == code))
    {
        let said = content.attributes.get(&one.name).map(Vec::as_slice);
        let said = said.unwrap_or_default().iter();
        let mut said = said
            .map(|value| value.trim())
            .filter(|value| !value.is_empty())
            .peekable();
        if said.peek().is_none() {
            continue;
        }
        if one.text_chars_max.is_some() {
            let text: Vec<&str> = said.collect();
            body.push(json!({ "name": one.id, "additionalInfo": text.join(", ") }));
            continue;
        }
        let mut values = Vec::new();
        for value in said {
            let lower = value.to_lowercase();
            let mut words = one.values.iter();
            match words.find(|(_, word)| word.to_lowercase() == lower) {
                Some((id, _)) => values.push(id.clone()),
                None => return Err(not_allowed(&one.name, named(one))),
            }
        }
        body.push(json!({ "name": one.id, "values": values }));
    }
    Ok(body)
}

fn named(one: &Descriptor) -> String {
    let words = one.values.iter().take(VALUES_NAMED);
    let words: Vec<&str> = words.map(|(_, word)| word.as_str()).collect();
    words.join(", ")
}

/// What an item that is there says with descriptors, in eBay's words. A number that the category
/// does not know stays there unsaid.
pub fn described(item: &Value, known: &[Descriptor]) -> Attributes {
    let there = item["conditionDescriptors"].as_array().map(Vec::as_slice);
    let mut attributes = Attributes::new();
    for told in there.unwrap_or_default() {
        let id = told["name"].as_str().unwrap_or_default();
        let Some(one) = known.iter().find(|one| one.id == id) else {
            continue;
        };
        let word = |value: &Value| {
            let mut words = one.values.iter();
            let found = words.find(|(id, _)| value.as_str() == Some(id.as_str()));
            found.map(|(_, word)| word.clone())
        };
        let numbers = told["values"]
            .as_array()
            .map(Vec::as_slice)
            .unwrap_or_default();
        let mut values: Vec<String> = numbers.iter().filter_map(word).collect();
        let text = told["additionalInfo"].as_str().map(str::trim);
        values.extend(text.filter(|text| !text.is_empty()).map(str::to_owned));
        if !values.is_empty() {
            attributes.insert(one.name.clone(), values);
        }
    }
    attributes
}

/// Puts an item's own descriptors over those that are there: what is not said again stays.
pub(super) fn over_descriptors(own: &Value, there: &Value) -> Value {
    let list = |value: &Value| value.as_array().cloned().unwrap_or_default();
    let mut merged = list(own);
    let said = |name: &Value| list(own).iter().any(|one| one["name"] == *name);
    merged.extend(list(there).into_iter().filter(|one| !said(&one["name"])));
    Value::Array(merged)
}

#[cfg(test)]
mod tests {
    use barrow_model::{Attributes, CategoryId, Condition, Content, ProblemKind};
    use serde_json::{Value, json};

    use super::{described, descriptor_rules, descriptors, descriptors_body, over_descriptors};
    use crate::types::ConditionPolicies;

    fn cards() -> Vec<super::Descriptor> {
        let value = |id: &str, name: &str| {
            let mut value = json!({ "conditionDescriptorValueId": id });
            value["conditionDescriptorValueName"] = json!(name);
            value
        };
        let policies: ConditionPolicies = serde_json::from_value(json!({
            "itemConditionPolicies": [{ "categoryId": "261328", "itemConditions": [
                { "conditionId": "2750", "conditionDescriptors": [
                    { "conditionDescriptorId": "27501", "conditionDescriptorName": "Grader",
                      "conditionDescriptorConstraint": { "usage": "REQUIRED",
                        "mode": "SELECTION_ONLY", "cardinality": "SINGLE" },
                      "conditionDescriptorValues": [value("275010", "PSA"),
                          value("275013", "BGS")] },
                    { "conditionDescriptorId": "27503", "conditionDescriptorName": "Number",
                      "conditionDescriptorConstraint":
                        { "mode": "FREE_TEXT", "maxLength": 30 } }] },
                { "conditionId": "4000", "conditionDescriptors": [
                    { "conditionDescriptorId": "40001", "conditionDescriptorName": "Card Condition",
                      "conditionDescriptorConstraint": { "usage": "REQUIRED" },
                      "conditionDescriptorValues": [value("400010", "Near mint or better")] }] }] }]
        }))
        .unwrap();
        descriptors(&policies, &CategoryId("261328".to_owned()))
    }

    fn content(condition: Condition, pairs: &[(&str, &str)]) -> Content {
        let pairs = pairs.iter();
        let attributes: Attributes = pairs
            .map(|(name, value)| ((*name).to_owned(), vec![(*value).to_owned()]))
            .collect();
        let content = json!({ "title": "Card", "description": "", "condition": condition,
            "category_path": [], "attributes": attributes, "options": [], "images": [] });
        serde_json::from_value(content).unwrap()
    }

    #[test]
    fn a_category_tells_what_is_said_in_which_condition() {
        let rules = descriptor_rules(&cards());
        let told: Vec<String> = rules
            .iter()
            .map(|rule| {
                format!(
                    "{} {} {} {:?}",
                    rule.name, rule.required, rule.closed, rule.conditions
                )
            })
            .collect();
        let expected = [
            "eBay: Grader true true [\"like_new\"]",
            "eBay: Number false false [\"like_new\"]",
            "eBay: Card Condition true true [\"very_good\"]",
        ];
        assert_eq!(told, expected);
    }

    #[test]
    fn ebays_numbers_are_sent_and_read_back_as_words() {
        let said = [("eBay: Grader", "psa"), ("eBay: Number", " 12345 ")];
        let graded = content(Condition::LikeNew, &said);
        let body = descriptors_body(&graded, &cards()).unwrap();
        let expected = json!([
            { "name": "27501", "values": ["275010"] },
            { "name": "27503", "additionalInfo": "12345" },
        ]);
        assert_eq!(Value::Array(body.clone()), expected);
        let read = described(&json!({ "conditionDescriptors": body }), &cards());
        assert_eq!(read["eBay: Grader"], ["PSA"]);
        assert_eq!(read["eBay: Number"], ["12345"]);
        let ungraded = content(Condition::VeryGood, &said);
        assert_eq!(descriptors_body(&ungraded, &cards()), Ok(Vec::new()));
        let wrong = content(Condition::LikeNew, &[("eBay: Grader", "Me")]);
        let refused = descriptors_body(&wrong, &cards()).unwrap_err();
        assert_eq!(refused.kind, ProblemKind::AttributeInvalid);
        assert_eq!(refused.params["allowed"], "PSA, BGS");
    }

    #[test]
    fn what_is_not_said_again_stays() {
        let there = json!([{ "name": "27501", "values": ["1"] }, { "name": "9", "values": ["2"] }]);
        let own = json!([{ "name": "27501", "values": ["3"] }]);
        let merged = over_descriptors(&own, &there);
        assert_eq!(merged[0]["values"][0], "3");
        assert_eq!(
            (&merged[1]["name"], merged.as_array().unwrap().len()),
            (&json!("9"), 2)
        );
    }
}
