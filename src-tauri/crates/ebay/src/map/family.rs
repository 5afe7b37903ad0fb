//! Variants as one listing: eBay's inventory item group (ebay.md §6.6).

use std::collections::{BTreeMap, BTreeSet};

use barrow_model::{Content, FamilyMembership, ImageSource, Offer};
use serde_json::{Map, Value, json};

use super::description::full_description;
use super::listing::aspects;
use crate::config::{SiteFacts, names_brand};

/// Most pictures of one variation (ebay.md §6.2).
const VARIATION_IMAGES_MAX: usize = 12;
/// Most pictures of a listing (ebay.md §6.2).
const IMAGES_MAX: usize = 24;

/// One variation of a group: a listing that is written now, or one that stands there already.
#[derive(Clone, Debug)]
pub struct Variation<'a> {
    /// Its SKU.
    pub sku: &'a str,
    /// Its aspects, by name.
    pub aspects: BTreeMap<String, Vec<String>>,
    /// Its own pictures.
    pub images: Vec<String>,
}

impl<'a> Variation<'a> {
    /// One that is written now.
    pub fn written(sku: &'a str, site: &SiteFacts, content: &Content) -> Self {
        Self {
            sku,
            aspects: aspects(content, site),
            images: own_images(content),
        }
    }

    /// One that stands there, as its item holds it.
    pub fn standing(sku: &'a str, item: &Value) -> Self {
        let texts = |value: &Value| -> Vec<String> {
            let list = value.as_array().map(Vec::as_slice).unwrap_or_default();
            let texts = list.iter().filter_map(Value::as_str);
            texts.map(str::to_owned).collect()
        };
        let product = &item["product"];
        let named = product["aspects"].as_object().into_iter().flatten();
        Self {
            sku,
            aspects: named
                .map(|(name, values)| (name.clone(), texts(values)))
                .collect(),
            images: texts(&product["imageUrls"]),
        }
    }

    fn value(&self, axis: &str) -> Option<&str> {
        let values = self.aspects.get(axis)?;
        values.first().map(String::as_str)
    }
}

fn addresses(images: &[barrow_model::Image]) -> Vec<String> {
    let addresses = images.iter().filter_map(|image| match &image.source {
        ImageSource::Url(url) if url.starts_with("https://") => Some(url.clone()),
        ImageSource::Url(_) | ImageSource::File(_) => None,
    });
    addresses.collect()
}

/// The pictures of a variant itself, which stand before those of its product; all of them where it
/// has none of its own.
fn own_images(content: &Content) -> Vec<String> {
    let mut images = addresses(&content.images);
    let shared = content.family.as_ref().map(|family| &family.images);
    let shared = addresses(shared.map(Vec::as_slice).unwrap_or_default());
    let is_own = |count: &usize| {
        let (own, rest) = images.split_at(*count);
        let others = shared.iter().filter(|url| !own.contains(url));
        rest.iter().eq(others)
    };
    let own = (1..=images.len()).find(is_own).unwrap_or(0);
    if own > 0 && !is_own(&0) {
        images.truncate(own);
    }
    images.truncate(VARIATION_IMAGES_MAX);
    images
}

/// Makes an item's body a variation's: without a title, which would stand over the group's, and
/// with the pictures of the variant alone.
pub fn as_variation(item: &mut Value, content: &Content) {
    let Some(product) = item["product"].as_object_mut() else {
        return;
    };
    product.remove("title");
    product.insert("imageUrls".to_owned(), json!(own_images(content)));
}

/// Takes out of an offer's body what no variation may have (ebay.md §6.6).
pub fn without_best_offer(offer: &mut Value) {
    if let Some(policies) = offer["listingPolicies"].as_object_mut() {
        policies.remove("bestOfferTerms");
    }
}

/// The whole body of a group with these variations. What the group that is there holds beside goes
/// out again: eBay erases what a write leaves out (ebay.md §6.1).
pub fn group(
    offer: &Offer,
    family: &FamilyMembership,
    variations: &[Variation<'_>],
    known: Option<&Value>,
) -> Value {
    let content = &offer.content;
    let mut body = known
        .and_then(Value::as_object)
        .cloned()
        .unwrap_or_else(Map::new);
    body.remove("inventoryItemGroupKey");
    body.insert("title".to_owned(), json!(content.title.trim()));
    let described = known.is_some_and(|known| known["description"].is_string());
    if !described || !content.description.trim().is_empty() {
        let description = full_description(&content.title, &content.description);
        body.insert("description".to_owned(), json!(description));
    }
    let mut images = addresses(&family.images);
    if images.is_empty() && !body.contains_key("imageUrls") {
        images = variations
            .first()
            .map(|first| first.images.clone())
            .unwrap_or_default();
    }
    images.truncate(IMAGES_MAX);
    if !images.is_empty() {
        body.insert("imageUrls".to_owned(), json!(images));
    }
    let kept = body.get("aspects").unwrap_or(&Value::Null);
    let aspects = all_aspects(family, variations, kept);
    body.insert("aspects".to_owned(), json!(aspects));
    let skus: Vec<&str> = variations.iter().map(|one| one.sku).collect();
    body.insert("variantSKUs".to_owned(), json!(skus));
    let varies = varies_by(
        &family.axes,
        variations,
        body.get("variesBy").unwrap_or(&Value::Null),
    );
    body.insert("variesBy".to_owned(), varies);
    Value::Object(body)
}

/// Aspects that all variations share: the product's own and the brand.
fn shared_aspects(
    family: &FamilyMembership,
    variations: &[Variation<'_>],
) -> BTreeMap<String, Vec<String>> {
    let Some((first, others)) = variations.split_first() else {
        return BTreeMap::new();
    };
    let told = |name: &String| names_brand(name) || family.attributes.contains_key(name);
    let alike = |name: &String, values: &Vec<String>| {
        others
            .iter()
            .all(|other| other.aspects.get(name) == Some(values))
    };
    first
        .aspects
        .iter()
        .filter(|(name, values)| told(name) && !family.axes.contains(name) && alike(name, values))
        .map(|(name, values)| (name.clone(), values.clone()))
        .collect()
}

/// Aspects of a group: those that all variations share, and what it has beside, unless a variation
/// says otherwise.
fn all_aspects(
    family: &FamilyMembership,
    variations: &[Variation<'_>],
    known: &Value,
) -> Map<String, Value> {
    let is_axis = |name: &str| {
        let mut axes = family.axes.iter();
        axes.any(|axis| axis.to_lowercase() == name.to_lowercase())
    };
    let disputed = |name: &str, values: &Value| {
        let mut own = variations.iter().filter_map(|one| one.aspects.get(name));
        own.any(|own| json!(own) != *values)
    };
    let mut aspects = known.as_object().cloned().unwrap_or_default();
    aspects.retain(|name, values| !is_axis(name) && !disputed(name, values));
    for (name, values) in shared_aspects(family, variations) {
        aspects.insert(name, json!(values));
    }
    aspects
}

/// Whether a group's variations differ in these options and no others; also where it does not say.
pub fn same_axes(group: &Value, axes: &[String]) -> bool {
    let list = group["variesBy"]["specifications"].as_array();
    let list = list.map(Vec::as_slice).unwrap_or_default().iter();
    let there: BTreeSet<String> = list
        .filter_map(|axis| axis["name"].as_str())
        .map(str::to_lowercase)
        .collect();
    let own: BTreeSet<String> = axes.iter().map(|axis| axis.to_lowercase()).collect();
    there.is_empty() || there == own
}

fn varies_by(axes: &[String], variations: &[Variation<'_>], known: &Value) -> Value {
    let specifications: Vec<Value> = axes
        .iter()
        .map(|axis| {
            let mut seen = BTreeSet::new();
            let values: Vec<&str> = variations
                .iter()
                .filter_map(|one| one.value(axis))
                .filter(|value| seen.insert(*value))
                .collect();
            json!({ "name": axis, "values": values })
        })
        .collect();
    let mut varies = Map::new();
    varies.insert("specifications".to_owned(), json!(specifications));
    let shown = known["aspectsImageVariesBy"].as_array();
    let shown = shown.map(Vec::as_slice).unwrap_or_default().iter();
    let shown: Vec<&str> = shown
        .filter_map(Value::as_str)
        .filter(|name| axes.iter().any(|axis| axis == name))
        .collect();
    if !shown.is_empty() {
        varies.insert("aspectsImageVariesBy".to_owned(), json!(shown));
    } else if let Some(axis) = axes.iter().find(|axis| shows(axis, variations)) {
        varies.insert("aspectsImageVariesBy".to_owned(), json!([axis]));
    }
    Value::Object(varies)
}

/// Whether the pictures differ with an axis and with nothing else: then buyers see another picture
/// with each of its values.
fn shows(axis: &str, variations: &[Variation<'_>]) -> bool {
    let mut by_value: BTreeMap<&str, &[String]> = BTreeMap::new();
    for one in variations {
        let Some(value) = one.value(axis) else {
            return false;
        };
        if *by_value.entry(value).or_insert(&one.images) != one.images.as_slice() {
            return false;
        }
    }
    let pictures: BTreeSet<&[String]> = by_value.values().copied().collect();
    pictures.len() > 1
}

/// The SKUs of a group's body.
pub fn members(group: &Value) -> Vec<String> {
    let list = group["variantSKUs"].as_array();
    let skus = list.map(Vec::as_slice).unwrap_or_default().iter();
    skus.filter_map(Value::as_str).map(str::to_owned).collect()
}

/// Whether a text names a SKU, not only one that begins or ends with it.
pub fn names_sku(text: &str, sku: &str) -> bool {
    let part = |letter: Option<char>| {
        letter.is_some_and(|letter| letter.is_alphanumeric() || matches!(letter, '-' | '_' | '.'))
    };
    !sku.is_empty()
        && text.match_indices(sku).any(|(at, found)| {
            let after = &text[at + found.len()..];
            // A full stop may end the sentence.
            let ends = after.trim_start_matches('.').is_empty() || after.starts_with(". ");
            !part(text[..at].chars().next_back()) && (ends || !part(after.chars().next()))
        })
}

#[cfg(test)]
mod tests {
    use super::names_sku;

    #[test]
    fn a_sku_is_named_whole_or_not_at_all() {
        let check = |text: &str, sku: &str, expected: bool| {
            assert_eq!(names_sku(text, sku), expected, "{sku} in {text}");
        };
        check("SKU : S-1 groupId : G", "S-1", true);
        check("SKU : S-10 groupId : G", "S-1", false);
        check("Color of S-1", "S-1", true);
        check("Color of S-1.", "S-1", true);
        check("Color of XS-1", "S-1", false);
        check("nothing", "", false);
    }
}
