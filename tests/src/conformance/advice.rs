//! Fills an offer with what the adapter advises, as the engine does before a publish.

use barrow_market::{CATEGORIES_MAX, Category, CategoryQuery, CategoryRules};
use barrow_model::{CategoryId, Offer, ProblemKind};

use super::bench::Bench;

/// Chooses the category and fills the attributes that it demands.
pub(super) async fn complete(bench: &Bench, offer: &mut Offer) -> CategoryRules {
    let core = bench.adapter.core();
    let site = bench.site();
    let (category, rules) = advised(bench, offer).await;
    offer.content.category = category;
    for problem in core.validate(&site, offer, Some(&rules)) {
        let named = problem.params.get("attribute");
        let rule = named.and_then(|name| rules.attributes.iter().find(|rule| rule.name == *name));
        if let (ProblemKind::AttributeMissing, Some(rule)) = (problem.kind, rule) {
            let value = rule.values.first().map_or("Any", String::as_str);
            let values = vec![value.to_owned()];
            offer.content.attributes.insert(rule.name.clone(), values);
        }
    }
    let wrong = core.validate(&site, offer, Some(&rules));
    assert!(wrong.is_empty(), "the subject's offer is right: {wrong:?}");
    rules
}

/// The category of what the subject sells, and its rules; asked for once a bench. A marketplace
/// that needs no category may have no advice either, and demands nothing then.
async fn advised(bench: &Bench, offer: &Offer) -> (Option<CategoryId>, CategoryRules) {
    let known = bench.advice.lock().expect("held for moments").clone();
    if let Some(known) = known {
        return known;
    }
    let core = bench.adapter.core();
    let site = bench.site();
    let query = CategoryQuery {
        title: offer.content.title.clone(),
        path: offer.content.category_path.clone(),
    };
    let advised: Option<Category> = core
        .suggest_category(&site, &query)
        .await
        .expect("a category can be suggested");
    let advice = if let Some(category) = advised {
        let name = category.path.last().expect("a category has a name");
        let found = core.find_categories(&site, name).await;
        let found = found.expect("categories can be searched");
        assert!(found.len() <= CATEGORIES_MAX, "a search is bounded");
        assert!(
            found.contains(&category),
            "what is suggested is found by its name: {found:?}"
        );
        let rules = core.category_rules(&site, &category.id).await;
        (Some(category.id), rules.expect("rules can be read"))
    } else {
        let needed = core.needs_category(&offer.content);
        assert!(!needed, "the marketplace knows what the subject sells");
        (None, CategoryRules::default())
    };
    *bench.advice.lock().expect("held for moments") = Some(advice.clone());
    advice
}
