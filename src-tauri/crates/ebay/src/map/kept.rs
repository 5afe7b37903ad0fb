//! What stands at eBay and Barrow does not know of. eBay erases what a write leaves out
//! (ebay.md §6.2, §6.4): terms, tax, product safety or a subtitle that the seller has set by other
//! means go out again as they are there.

use barrow_model::Content;
use serde_json::{Map, Value};

use super::listing::LISTING_ASPECTS_MAX;
use super::rules::condition_code;
use crate::config::SiteFacts;

/// An item's identifiers.
const IDENTIFIERS: [&str; 3] = ["ean", "upc", "isbn"];
/// What tells of used goods; it belongs to the condition.
const OF_CONDITION: &[&str] = &["conditionDescription", "conditionDescriptors"];
const OF_PRODUCT: &[&str] = &["subtitle", "videoIds", "brand", "mpn"];
const OF_PACKAGE: &[&str] = &["packageType", "shippingIrregular", "weight", "dimensions"];
const OF_OFFER: &[&str] = &[
    "categoryId",
    "charity",
    "extendedProducerResponsibility",
    "hideBuyerDetails",
    "lotSize",
    "merchantLocationKey",
    "quantityLimitPerBuyer",
    "regulatory",
    "secondaryCategoryId",
    "storeCategoryNames",
    "tax",
];
const OF_POLICIES: &[&str] = &[
    "bestOfferTerms",
    "eBayPlusIfEligible",
    "fulfillmentPolicyId",
    "paymentPolicyId",
    "productCompliancePolicyIds",
    "regionalProductCompliancePolicies",
    "regionalTakeBackPolicies",
    "returnPolicyId",
    "shippingCostOverrides",
    "takeBackPolicyId",
];
const OF_PRICING: &[&str] = &[
    "minimumAdvertisedPrice",
    "originalRetailPrice",
    "originallySoldForRetailPriceOn",
    "pricingVisibility",
];

/// Adds to an item's body what the item that is there holds beside it.
pub fn keep_item(body: &mut Value, known: &Value, content: &Content, site: &SiteFacts) {
    let graded = |word: &str| condition_code(word).is_some();
    if known["condition"]
        .as_str()
        .is_some_and(|word| !graded(word))
    {
        replace(body, known, "condition");
    }
    if body["condition"] == known["condition"] {
        keep(body, known, OF_CONDITION);
    }
    keep_within(body, known, "packageWeightAndSize", OF_PACKAGE);
    let (product, there) = (&mut body["product"], &known["product"]);
    if content.description.trim().is_empty() {
        replace(product, there, "description");
    }
    if content.images.is_empty() {
        replace(product, there, "imageUrls");
    }
    keep(product, there, OF_PRODUCT);
    if content.mpn.is_none() && product["brand"] == there["brand"] {
        replace(product, there, "mpn");
    }
    keep_identifiers(product, there, content);
    keep_aspects(product, there, content, site);
}

/// Adds to an offer's body what the offer that is there holds beside it.
pub fn keep_offer(body: &mut Value, known: &Value, content: &Content) {
    if content.description.trim().is_empty() {
        replace(body, known, "listingDescription");
    }
    keep(body, known, OF_OFFER);
    keep_within(body, known, "listingPolicies", OF_POLICIES);
    keep_within(body, known, "pricingSummary", OF_PRICING);
}

/// Whether something is said: null, an empty text and an empty list say nothing.
fn says(value: &Value) -> bool {
    match value {
        Value::Null => false,
        Value::String(text) => !text.is_empty(),
        Value::Array(items) => !items.is_empty(),
        Value::Object(members) => !members.is_empty(),
        Value::Bool(_) | Value::Number(_) => true,
    }
}

fn keep(body: &mut Value, known: &Value, names: &[&str]) {
    let (Some(body), Some(known)) = (body.as_object_mut(), known.as_object()) else {
        return;
    };
    for name in names {
        if let Some(value) = known.get(*name).filter(|value| says(value)) {
            body.entry(*name).or_insert_with(|| value.clone());
        }
    }
}

fn keep_within(body: &mut Value, known: &Value, part: &str, names: &[&str]) {
    let mut own = body
        .get(part)
        .cloned()
        .unwrap_or_else(|| Value::Object(Map::new()));
    keep(&mut own, &known[part], names);
    if let (Some(body), true) = (body.as_object_mut(), says(&own)) {
        body.insert(part.to_owned(), own);
    }
}

fn replace(body: &mut Value, known: &Value, name: &str) {
    if let (Some(body), true) = (body.as_object_mut(), says(&known[name])) {
        body.insert(name.to_owned(), known[name].clone());
    }
}

/// Where the seller has told Barrow no number, the numbers that are there stay, and with them the
/// entry of eBay's catalogue.
fn keep_identifiers(product: &mut Value, known: &Value, content: &Content) {
    let known_some = IDENTIFIERS.iter().any(|name| says(&known[*name]));
    if content.gtin.is_none() && known_some {
        if let Some(product) = product.as_object_mut() {
            product.retain(|name, _| !IDENTIFIERS.contains(&name.as_str()));
        }
        keep(product, known, &IDENTIFIERS);
    }
    let same = IDENTIFIERS
        .iter()
        .all(|name| !says(&product[*name]) || product[*name] == known[*name]);
    if same {
        keep(product, known, &["epid"]);
    }
}

/// Where Barrow was never told of an attribute, those that are there stay. Once it was, it is the
/// one to say which there are.
fn keep_aspects(product: &mut Value, known: &Value, content: &Content, site: &SiteFacts) {
    if !content.attributes.is_empty() {
        return;
    }
    let (Some(aspects), Some(known)) = (
        product["aspects"].as_object_mut(),
        known["aspects"].as_object(),
    ) else {
        return;
    };
    for (name, values) in known {
        let ours = aspects
            .iter()
            .find(|(own, _)| own.to_lowercase() == name.to_lowercase())
            .map(|(own, values)| {
                (
                    own.clone(),
                    values == &serde_json::json!([site.does_not_apply]),
                )
            });
        match ours {
            Some((own, true)) => {
                aspects.insert(own, values.clone());
            }
            None if aspects.len() < LISTING_ASPECTS_MAX => {
                aspects.insert(name.clone(), values.clone());
            }
            Some(_) | None => {}
        }
    }
}
