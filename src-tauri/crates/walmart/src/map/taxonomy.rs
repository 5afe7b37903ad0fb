//! The product type that fits a seller's words best (walmart.md §5.3).

use std::collections::BTreeSet;

use barrow_market::{CATEGORIES_MAX, Category, CategoryQuery};
use barrow_model::CategoryId;

use crate::types::item::TaxonomyAnswer;

/// Most product types that are kept; there are some thousands.
const TYPES_MAX: usize = 50_000;

/// A product type with its path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ProductType {
    /// Its name, which is its id.
    pub(crate) name: String,
    path: Vec<String>,
    words: BTreeSet<String>,
}

/// The product types of a taxonomy, in its order; both shapes are read.
pub(crate) fn product_types(answer: &TaxonomyAnswer) -> Vec<ProductType> {
    let mut types = Vec::new();
    for category in &answer.taxonomy.0 {
        for group in &category.product_type_group.0 {
            for kind in &group.product_type.0 {
                let path = [&category.category, &group.product_type_group_name];
                let path = path.iter().filter_map(|part| part.owned()).collect();
                types.extend(
                    kind.product_type_name
                        .text()
                        .map(|name| product_type(name, path)),
                );
            }
        }
    }
    for category in &answer.payload.0 {
        for sub in &category.subcategory.0 {
            let path = category.category.owned().into_iter().collect();
            types.extend(
                sub.sub_category_name
                    .text()
                    .map(|name| product_type(name, path)),
            );
        }
    }
    types.truncate(TYPES_MAX);
    types
}

fn product_type(name: &str, mut path: Vec<String>) -> ProductType {
    path.push(name.to_owned());
    ProductType {
        name: name.to_owned(),
        words: words(name),
        path,
    }
}

/// Words without case and plural: "Desk Chairs" and "desk chair" are the same.
fn words(text: &str) -> BTreeSet<String> {
    text.split(|c: char| !c.is_alphanumeric())
        .map(str::to_lowercase)
        .map(|word| match word.strip_suffix("ies") {
            Some(stem) if stem.len() > 1 => format!("{stem}y"),
            _ => word
                .strip_suffix('s')
                .filter(|w| w.len() > 2)
                .unwrap_or(&word)
                .to_owned(),
        })
        .filter(|word| !word.is_empty() && !["and", "the", "of", "for"].contains(&word.as_str()))
        .collect()
}

/// The best product type: the one that a part of the path names, innermost first; else the one
/// with the most words, all of which stand in path or title. None where nothing fits.
pub(crate) fn suggest(types: &[ProductType], query: &CategoryQuery) -> Option<Category> {
    let named = query.path.iter().rev().find_map(|part| {
        let wanted = words(part);
        types
            .iter()
            .find(|kind| !wanted.is_empty() && kind.words == wanted)
    });
    let best = named.or_else(|| {
        let mut known = words(&query.title);
        known.extend(query.path.iter().flat_map(|part| words(part)));
        let fits = |kind: &&ProductType| !kind.words.is_empty() && kind.words.is_subset(&known);
        // Of equals the first: the taxonomy's own order.
        types
            .iter()
            .rev()
            .filter(fits)
            .max_by_key(|kind| kind.words.len())
    })?;
    Some(Category {
        id: CategoryId(best.name.clone()),
        path: best.path.clone(),
    })
}

/// Product types that words may mean: the one that is suggested for them, then those with all of
/// the words in name or path, shorter names first. The last word may be half typed.
pub(crate) fn search(types: &[ProductType], text: &str) -> Vec<Category> {
    let query = CategoryQuery {
        title: text.to_owned(),
        path: Vec::new(),
    };
    let mut found: Vec<Category> = suggest(types, &query).into_iter().collect();
    let wanted = words(text);
    let has_all = |kind: &&ProductType| {
        let known: BTreeSet<String> = kind.path.iter().flat_map(|part| words(part)).collect();
        let has = |word: &String| known.iter().any(|one| one.starts_with(word.as_str()));
        !wanted.is_empty() && wanted.iter().all(has)
    };
    let mut others: Vec<&ProductType> = types.iter().filter(has_all).collect();
    others.sort_by_key(|kind| kind.words.len());
    for kind in others {
        if found.len() >= CATEGORIES_MAX {
            break;
        }
        if found.iter().all(|one| one.id.0 != kind.name) {
            found.push(Category {
                id: CategoryId(kind.name.clone()),
                path: kind.path.clone(),
            });
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use barrow_market::CategoryQuery;

    use super::{product_types, search, suggest};
    use crate::types::item::TaxonomyAnswer;

    const NEW: &str = r#"{"itemTaxonomy":[{"category":"Furniture","productTypeGroup":[
        {"productTypeGroupName":"Office","productType":[{"productTypeName":"Desk Chairs"},
        {"productTypeName":"Chairs"},{"productTypeName":"Batteries"}]}]}]}"#;

    #[test]
    fn words_find_what_has_all_of_them_also_half_typed() {
        let answer: TaxonomyAnswer = serde_json::from_str(NEW).expect("a taxonomy");
        let types = product_types(&answer);
        let check = |text: &str, expected: &[&str]| {
            let found = search(&types, text);
            let found: Vec<&str> = found.iter().map(|one| one.id.0.as_str()).collect();
            assert_eq!(found, expected, "{text}");
        };
        check("chair", &["Chairs", "Desk Chairs"]);
        check("desk cha", &["Desk Chairs"]);
        check("office batt", &["Batteries"]);
        check("lamp", &[]);
        check("", &[]);
    }

    #[test]
    fn the_path_decides_then_the_title() {
        let answer: TaxonomyAnswer = serde_json::from_str(NEW).expect("a taxonomy");
        let types = product_types(&answer);
        let check = |title: &str, path: &[&str], expected: Option<&str>| {
            let query = CategoryQuery {
                title: title.to_owned(),
                path: path.iter().map(|part| (*part).to_owned()).collect(),
            };
            let found = suggest(&types, &query).map(|category| category.id.0);
            assert_eq!(found.as_deref(), expected, "{title}");
        };
        check("Oak thing", &["Home", "desk chair"], Some("Desk Chairs"));
        check("Oak desk chair, red", &["Home"], Some("Desk Chairs"));
        check("Oak chair", &[], Some("Chairs"));
        check("AA battery", &[], Some("Batteries"));
        check("Lamp", &["Lights"], None);
    }

    #[test]
    fn the_old_shape_is_read_too() {
        let old = r#"{"status":"OK","payload":[{"category":"Animal","subcategory":[
            {"subCategoryName":"Animal Food","subCategoryId":"animal_food"}]}]}"#;
        let answer: TaxonomyAnswer = serde_json::from_str(old).expect("a taxonomy");
        assert_eq!(product_types(&answer)[0].name, "Animal Food");
    }
}
