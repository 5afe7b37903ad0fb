//! The Taxonomy API (ebay.md §7).

use serde_json::{Value, json};

use super::answer::{Answer, Outcome, Problem, Refusal};
use super::call::Call;
use super::category::{
    Aspect, CATEGORIES, Category, EXPIRED, ROOT_ID, category_by_id, suggestions,
};
use super::site::{SITES, Site, site_by_id, site_by_tree};
use super::state::State;
use super::words::{aspect_name, aspect_value};

/// The version of every tree.
const TREE_VERSION: &str = "139";
/// Suggestions of one answer.
const SUGGESTIONS_MAX: usize = 10;

fn problem(status: u16, id: u32, message: &str) -> Refusal {
    Problem::new(status, id, "API_TAXONOMY", message).into()
}

fn tree(call: &Call) -> Result<&str, Refusal> {
    let id = call.id(0);
    let unknown = || problem(404, 62004, "The specified category tree ID was not found.");
    site_by_tree(id).map(|_| id).ok_or_else(unknown)
}

/// `GET /get_default_category_tree_id?marketplace_id=`.
pub(super) fn default_tree(_: &mut State, call: &Call) -> Outcome {
    let missing = || problem(400, 62002, "Missing marketplace ID.");
    let id = call.parameter("marketplace_id").ok_or_else(missing)?;
    let unknown = || problem(400, 62003, "The specified marketplace ID was not found.");
    let site = site_by_id(id).ok_or_else(unknown)?;
    Ok(Answer::ok(
        json!({ "categoryTreeId": site.tree, "categoryTreeVersion": TREE_VERSION }),
    ))
}

/// `GET /category_tree/{category_tree_id}`.
pub(super) fn whole_tree(_: &mut State, call: &Call) -> Outcome {
    let id = tree(call)?;
    let sites: Vec<&str> = SITES
        .iter()
        .filter(|site| site.tree == id)
        .map(|site| site.id)
        .collect();
    let branches = CATEGORIES
        .iter()
        .filter(|category| category.parent.is_none());
    let children: Vec<Value> = branches.map(|category| node(call, category)).collect();
    Ok(Answer::ok(json!({
        "categoryTreeId": id,
        "categoryTreeVersion": TREE_VERSION,
        "applicableMarketplaceIds": sites,
        "rootCategoryNode": {
            "category": { "categoryId": ROOT_ID, "categoryName": "Root" },
            "categoryTreeNodeLevel": 0,
            "childCategoryTreeNodes": children,
        },
    })))
}

fn subtree_link(call: &Call, category: &str) -> String {
    format!(
        "{}/commerce/taxonomy/v1/category_tree/{}/get_category_subtree?category_id={category}",
        call.base,
        call.id(0)
    )
}

fn node(call: &Call, category: &Category) -> Value {
    let mut node = json!({
        "category": { "categoryId": category.id, "categoryName": category.name },
        "categoryTreeNodeLevel": if category.parent.is_some() { 2 } else { 1 },
        "parentCategoryTreeNodeHref": subtree_link(call, category.parent.unwrap_or(ROOT_ID)),
    });
    if category.leaf() {
        node["leafCategoryTreeNode"] = json!(true);
        return node;
    }
    let leaves = CATEGORIES
        .iter()
        .filter(|leaf| leaf.parent == Some(category.id));
    node["childCategoryTreeNodes"] = leaves.map(|leaf| self::node(call, leaf)).collect();
    node
}

fn wanted_category(call: &Call) -> Result<&'static Category, Refusal> {
    let missing = || problem(400, 62006, "Missing category ID.");
    let id = call.parameter("category_id").ok_or_else(missing)?;
    if id == ROOT_ID {
        let message = "The specified category ID is the root for the category tree.";
        return Err(problem(400, 62008, message));
    }
    let message = "The specified category ID does not belong to the specified category tree.";
    category_by_id(id).ok_or_else(|| problem(400, 62005, message))
}

/// `GET /category_tree/{id}/get_category_subtree?category_id=`.
pub(super) fn subtree(_: &mut State, call: &Call) -> Outcome {
    let id = tree(call)?;
    let category = wanted_category(call)?;
    Ok(Answer::ok(json!({
        "categoryTreeId": id,
        "categoryTreeVersion": TREE_VERSION,
        "categorySubtreeNode": node(call, category),
    })))
}

/// `GET /category_tree/{id}/get_category_suggestions?q=`: leaves by the words of a title, best
/// first.
pub(super) fn suggest(_: &mut State, call: &Call) -> Outcome {
    let id = tree(call)?;
    let missing = || problem(400, 62007, "Missing keyword 'q'.");
    let title = call.parameter("q").ok_or_else(missing)?;
    let list: Vec<Value> = suggestions(title, SUGGESTIONS_MAX)
        .into_iter()
        .map(|category| {
            let parent = category.parent.and_then(category_by_id);
            let ancestors: Vec<Value> = parent
                .into_iter()
                .map(|parent| {
                    json!({
                        "categoryId": parent.id,
                        "categoryName": parent.name,
                        "categoryTreeNodeLevel": 1,
                        "categorySubtreeNodeHref": subtree_link(call, parent.id),
                    })
                })
                .collect();
            json!({
                "category": { "categoryId": category.id, "categoryName": category.name },
                "categoryTreeNodeAncestors": ancestors,
                "categoryTreeNodeLevel": 2,
                "relevancy": "0",
            })
        })
        .collect();
    Ok(Answer::ok(json!({
        "categoryTreeId": id,
        "categoryTreeVersion": TREE_VERSION,
        "categorySuggestions": list,
    })))
}

/// `GET /category_tree/{id}/get_item_aspects_for_category?category_id=`; leaves only.
pub(super) fn aspects(_: &mut State, call: &Call) -> Outcome {
    let site = site_by_tree(tree(call)?);
    let category = wanted_category(call)?;
    if !category.leaf() {
        let message = "The specified category ID must be a leaf category.";
        return Err(problem(400, 62009, message));
    }
    let named = |aspect| shown(site, aspect);
    let list: Vec<Value> = category.aspects().iter().map(named).collect();
    Ok(Answer::ok(json!({ "aspects": list })))
}

/// `GET /category_tree/{id}/get_expired_categories`: leaves that others took the place of.
pub(super) fn expired(_: &mut State, call: &Call) -> Outcome {
    tree(call)?;
    let list: Vec<Value> = EXPIRED
        .iter()
        .map(|(from, to)| json!({ "fromCategoryId": from, "toCategoryId": to }))
        .collect();
    Ok(Answer::ok(json!({ "expiredCategories": list })))
}

fn shown(site: Option<&Site>, aspect: &Aspect) -> Value {
    let name = |name: &'static str| site.map_or(name, |site| aspect_name(site, name));
    let word = |value: &'static str| site.map_or(value, |site| aspect_value(site, value));
    let values: Vec<Value> = aspect
        .values
        .iter()
        .map(|value| {
            let mut shown = json!({ "localizedValue": word(value) });
            let bounds = aspect.bounds.iter().filter(|bound| bound.value == *value);
            let bounds: Vec<Value> = bounds
                .map(|bound| {
                    let values: Vec<&str> = bound.values.iter().map(|one| word(one)).collect();
                    json!({
                        "applicableForLocalizedAspectName": name(bound.aspect),
                        "applicableForLocalizedAspectValues": values,
                    })
                })
                .collect();
            // Left out where a value can always be selected.
            if !bounds.is_empty() {
                shown["valueConstraints"] = json!(bounds);
            }
            shown
        })
        .collect();
    let (data, format) = aspect.form.words();
    let mut shown = json!({
        "localizedAspectName": name(aspect.name),
        "aspectConstraint": {
            "aspectDataType": data,
            "itemToAspectCardinality": if aspect.multi { "MULTI" } else { "SINGLE" },
            "aspectMode": if aspect.closed { "SELECTION_ONLY" } else { "FREE_TEXT" },
            "aspectRequired": aspect.required,
            // The usage says RECOMMENDED even where an aspect is required (ebay.md §7).
            "aspectUsage": "RECOMMENDED",
            "aspectEnabledForVariations": aspect.varies,
            "aspectMaxLength": 50,
            "aspectApplicableTo": [if aspect.varies { "ITEM" } else { "PRODUCT" }],
        },
        "aspectValues": values,
    });
    if let Some(day) = aspect.required_from {
        shown["aspectConstraint"]["expectedRequiredByDate"] = json!(day);
    }
    if let Some(format) = format {
        shown["aspectConstraint"]["aspectFormat"] = json!(format);
    }
    shown
}
