//! Conditions and what categories demand.

use barrow_market::{AttributeRule, Category, CategoryRules, ValueBound, ValueForm};
use barrow_model::{CategoryId, Condition};
use chrono::NaiveDate;

use super::descriptors::{descriptor_rules, descriptors};
use super::regulated::Regulated;
use super::terms;
use crate::config::SiteFacts;
use crate::types::{Aspect, AspectConstraint, Aspects, CategorySuggestion, ConditionPolicies};

/// Most values that are kept of an attribute.
const VALUES_MAX: usize = 500;
/// Most values of other attributes by which the values of one are bound.
const BOUND_VALUES_MAX: usize = 5_000;
/// eBay's mode of an aspect that takes its own values alone.
const SELECTION_ONLY: &str = "SELECTION_ONLY";
/// eBay's plain "used", the only used grade of most categories (ebay.md §6.3).
const USED: u32 = 3000;

/// eBay's word and number of each condition (ebay.md §6.3).
const CONDITIONS: [(Condition, u32, &str); 15] = [
    (Condition::New, 1000, "NEW"),
    (Condition::NewOther, 1500, "NEW_OTHER"),
    (Condition::NewWithDefects, 1750, "NEW_WITH_DEFECTS"),
    (
        Condition::CertifiedRefurbished,
        2000,
        "CERTIFIED_REFURBISHED",
    ),
    (
        Condition::ExcellentRefurbished,
        2010,
        "EXCELLENT_REFURBISHED",
    ),
    (
        Condition::VeryGoodRefurbished,
        2020,
        "VERY_GOOD_REFURBISHED",
    ),
    (Condition::GoodRefurbished, 2030, "GOOD_REFURBISHED"),
    (Condition::SellerRefurbished, 2500, "SELLER_REFURBISHED"),
    (Condition::LikeNew, 2750, "LIKE_NEW"),
    (Condition::PreOwnedExcellent, 2990, "PRE_OWNED_EXCELLENT"),
    (Condition::PreOwnedFair, 3010, "PRE_OWNED_FAIR"),
    (Condition::VeryGood, 4000, "USED_VERY_GOOD"),
    (Condition::Good, 5000, "USED_GOOD"),
    (Condition::Acceptable, 6000, "USED_ACCEPTABLE"),
    (Condition::ForParts, 7000, "FOR_PARTS_OR_NOT_WORKING"),
];

fn is_used(condition: Condition) -> bool {
    matches!(
        condition,
        Condition::LikeNew
            | Condition::PreOwnedExcellent
            | Condition::VeryGood
            | Condition::Good
            | Condition::PreOwnedFair
            | Condition::Acceptable
    )
}

/// eBay's word for a condition. Where the category takes no grades of used goods, any of them is
/// its plain "used"; `allowed` holds the category's numbers, none where they are not known.
pub fn condition(condition: Condition, allowed: &[u32]) -> &'static str {
    let (number, word) = numbered(condition);
    if is_used(condition) && !allowed.contains(&number) && allowed.contains(&USED) {
        return "USED_EXCELLENT";
    }
    word
}

/// The grade of eBay's word; none for one that Barrow has no grade for.
pub fn condition_code(word: &str) -> Option<Condition> {
    let exact = CONDITIONS.iter().find(|(_, _, known)| *known == word);
    match (exact, word) {
        (Some((condition, _, _)), _) => Some(*condition),
        (None, "USED_EXCELLENT") => Some(Condition::LikeNew),
        (None, _) => None,
    }
}

fn numbered(condition: Condition) -> (u32, &'static str) {
    match CONDITIONS.iter().find(|(known, _, _)| *known == condition) {
        Some((_, number, word)) => (*number, word),
        // The table holds every condition; a test says so.
        None => (1000, "NEW"),
    }
}

/// The numbers of the conditions that a category takes.
pub fn allowed_conditions(policies: &ConditionPolicies, category: &CategoryId) -> Vec<u32> {
    policies
        .item_condition_policies
        .iter()
        .filter(|policy| policy.category_id.as_deref() == Some(category.0.as_str()))
        .flat_map(|policy| &policy.item_conditions)
        .filter_map(|condition| condition.condition_id.as_deref()?.parse().ok())
        .collect()
}

/// What a category demands (ebay.md §6.3, §6.4, §7). Whether it demands a barcode number cannot be
/// asked, so that none is demanded.
pub fn category_rules(
    site: &SiteFacts,
    aspects: &Aspects,
    policies: &ConditionPolicies,
    regulated: &Regulated,
    category: &CategoryId,
) -> CategoryRules {
    let mut attributes: Vec<AttributeRule> = aspects
        .aspects
        .iter()
        .filter_map(|aspect| {
            let constraint = &aspect.aspect_constraint;
            let values = aspect.aspect_values.iter();
            Some(AttributeRule {
                name: aspect.localized_aspect_name.clone()?,
                required: constraint.aspect_required.unwrap_or(false),
                closed: constraint.aspect_mode.as_deref() == Some(SELECTION_ONLY)
                    // A list that was cut cannot refuse what may stand behind the cut.
                    && aspect.aspect_values.len() <= VALUES_MAX,
                values: values
                    .filter_map(|value| value.localized_value.clone())
                    .take(VALUES_MAX)
                    .collect(),
                chars_max: constraint.aspect_max_length,
                multiple: constraint.item_to_aspect_cardinality.as_deref() == Some("MULTI"),
                varies: constraint.aspect_enabled_for_variations.unwrap_or(false),
                conditions: Vec::new(),
                form: form(constraint),
                required_from: required_from(constraint),
                bounds: bounds(aspect),
            })
        })
        .collect();
    let families = attributes.iter().any(|attribute| attribute.varies);
    attributes.extend(descriptor_rules(&descriptors(policies, category)));
    attributes.extend(terms::rules(site, regulated));
    CategoryRules {
        families,
        attributes,
        conditions: codes(&allowed_conditions(policies, category)),
        ..CategoryRules::default()
    }
}

/// The day that an aspect becomes mandatory, as far as eBay can tell (ebay.md §7).
fn required_from(constraint: &AspectConstraint) -> Option<NaiveDate> {
    let told = constraint.expected_required_by_date.as_deref()?.trim();
    let day = told.split_once('T').map_or(told, |(day, _)| day);
    NaiveDate::parse_from_str(day, "%Y-%m-%d").ok()
}

/// The form of an aspect's values, where eBay names one that is known.
fn form(constraint: &AspectConstraint) -> Option<ValueForm> {
    if constraint.aspect_advanced_data_type.is_some() {
        return None;
    }
    let kind = constraint.aspect_data_type.as_deref()?;
    match (kind, constraint.aspect_format.as_deref()) {
        ("NUMBER", Some("int32")) => Some(ValueForm::Whole),
        ("NUMBER", Some("double") | None) => Some(ValueForm::Number),
        ("DATE", Some("YYYY")) => Some(ValueForm::Year),
        ("DATE", Some("YYYYMM")) => Some(ValueForm::Month),
        ("DATE", Some("YYYYMMDD")) => Some(ValueForm::Day),
        _ => None,
    }
}

/// What binds an aspect's values; nothing where any text may be said, or where there is more than
/// is kept.
fn bounds(aspect: &Aspect) -> Vec<ValueBound> {
    if aspect.aspect_constraint.aspect_mode.as_deref() != Some(SELECTION_ONLY) {
        return Vec::new();
    }
    let bounds: Vec<ValueBound> = aspect
        .aspect_values
        .iter()
        .flat_map(|value| value.value_constraints.iter().map(move |one| (value, one)))
        .filter_map(|(value, one)| {
            Some(ValueBound {
                value: value.localized_value.clone()?,
                attribute: one.applicable_for_localized_aspect_name.clone()?,
                values: one.applicable_for_localized_aspect_values.clone(),
            })
        })
        .collect();
    let kept = bounds.iter().map(|bound| bound.values.len()).sum::<usize>();
    match kept <= BOUND_VALUES_MAX {
        true => bounds,
        false => Vec::new(),
    }
}

pub(super) fn codes(allowed: &[u32]) -> Vec<String> {
    Condition::ALL
        .into_iter()
        .filter(|condition| {
            let (number, _) = numbered(*condition);
            allowed.contains(&number) || (is_used(*condition) && allowed.contains(&USED))
        })
        .map(|condition| condition.code().to_owned())
        .collect()
}

/// A suggested category with its path, outermost first.
pub fn category(suggestion: &CategorySuggestion) -> Option<Category> {
    let id = suggestion.category.category_id.clone()?;
    let mut above: Vec<_> = suggestion.category_tree_node_ancestors.iter().collect();
    above.sort_by_key(|ancestor| ancestor.category_tree_node_level.unwrap_or(i64::MAX));
    let path = above
        .into_iter()
        .map(|ancestor| ancestor.category_name.clone())
        .chain([suggestion.category.category_name.clone()])
        .flatten()
        .collect();
    Some(Category {
        id: CategoryId(id),
        path,
    })
}

#[cfg(test)]
mod tests {
    use barrow_model::Condition;

    use super::{CONDITIONS, condition, condition_code};

    #[test]
    fn every_condition_has_ebays_word_and_comes_back() {
        for known in Condition::ALL {
            assert!(CONDITIONS.iter().any(|(listed, _, _)| *listed == known));
            assert_eq!(condition_code(condition(known, &[])), Some(known));
        }
        assert_eq!(condition_code("SOMETHING_NEW"), None);
    }

    #[test]
    fn a_category_without_grades_takes_any_used_grade_as_used() {
        assert_eq!(condition(Condition::Good, &[1000, 3000]), "USED_EXCELLENT");
        assert_eq!(condition(Condition::Good, &[1000, 3000, 5000]), "USED_GOOD");
        assert_eq!(
            condition(Condition::ForParts, &[3000]),
            "FOR_PARTS_OR_NOT_WORKING"
        );
    }
}
