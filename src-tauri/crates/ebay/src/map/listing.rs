//! An offer as eBay's item and offer.

use std::collections::BTreeMap;

use barrow_model::{
    Content, Dimensions, Gtin, GtinKind, ImageSource, LengthUnit, Offer, Sku, Weight, WeightUnit,
};
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;
use serde_json::{Map, Value, json};

use super::description::{full_description, item_description};
use super::money::amount;
use super::rules::condition;
use super::{particulars, terms};
use crate::config::{
    FULFILLMENT_POLICY_ID, MERCHANT_LOCATION_KEY, PAYMENT_POLICY_ID, RETURN_POLICY_ID, SiteFacts,
};

/// Longest name of an aspect (ebay.md §6.2).
const ASPECT_NAME_CHARS_MAX: usize = 40;
/// Longest value of an aspect (ebay.md §6.2).
pub(super) const ASPECT_VALUE_CHARS_MAX: usize = 50;
/// Most values of one aspect (ebay.md §7).
const ASPECT_VALUES_MAX: usize = 30;
/// Most aspects that are sent; eBay names no number and shows no more.
pub const LISTING_ASPECTS_MAX: usize = 45;
/// Longest brand and part number (ebay.md §6.2).
const BRAND_CHARS_MAX: usize = 65;
/// Most pictures of a listing (ebay.md §6.2).
pub(super) const IMAGES_MAX: usize = 24;

/// The aspects of a listing: its attributes, its options, brand and part number. A name or value
/// that is longer than eBay holds is left out: it is the seller's own note and no aspect of eBay's;
/// where eBay demands the aspect, [`super::validate`] has refused the offer. The names of two never
/// differ in case alone.
pub fn aspects(content: &Content, site: &SiteFacts) -> BTreeMap<String, Vec<String>> {
    let mut aspects: BTreeMap<String, Vec<String>> = BTreeMap::new();
    if let Some(brand) = content.brand.as_deref() {
        put(&mut aspects, site.brand, &[brand.to_owned()]);
    }
    let part_number = content.mpn.as_deref().unwrap_or(site.does_not_apply);
    put(&mut aspects, site.part_number, &[part_number.to_owned()]);
    for option in &content.options {
        put(
            &mut aspects,
            &option.name,
            std::slice::from_ref(&option.value),
        );
    }
    let specifics = content.attributes.iter();
    for (name, values) in specifics.filter(|(name, _)| !terms::is_reserved(name)) {
        if aspects.len() >= LISTING_ASPECTS_MAX {
            break;
        }
        put(&mut aspects, name, values);
    }
    aspects
}

fn put(aspects: &mut BTreeMap<String, Vec<String>>, name: &str, values: &[String]) {
    let name = name.trim();
    let fits = !name.is_empty() && name.chars().count() <= ASPECT_NAME_CHARS_MAX;
    let lower = name.to_lowercase();
    if !fits || aspects.keys().any(|known| known.to_lowercase() == lower) {
        return;
    }
    let kept: Vec<String> = values
        .iter()
        .map(|value| value.trim())
        .filter(|value| !value.is_empty() && value.chars().count() <= ASPECT_VALUE_CHARS_MAX)
        .take(ASPECT_VALUES_MAX)
        .map(str::to_owned)
        .collect();
    if !kept.is_empty() {
        aspects.insert(name.to_owned(), kept);
    }
}

/// The item's whole body for the bulk call (ebay.md §6.2). Every field that Barrow knows is sent:
/// eBay erases what is left out.
pub fn item(sku: &Sku, site: &SiteFacts, offer: &Offer, allowed: &[u32]) -> Value {
    let content = &offer.content;
    let mut product = Map::new();
    product.insert("title".to_owned(), json!(content.title.trim()));
    let full = full_description(&content.title, &content.description);
    product.insert("description".to_owned(), json!(item_description(&full)));
    product.insert("aspects".to_owned(), json!(aspects(content, site)));
    // A part number without a brand is refused, and so is a brand too long (ebay.md §6.2).
    if let Some(brand) = fitting(content.brand.as_deref()) {
        let part_number = fitting(content.mpn.as_deref()).unwrap_or(site.does_not_apply);
        product.insert("brand".to_owned(), json!(brand));
        product.insert("mpn".to_owned(), json!(part_number));
    }
    let (kind, number) = identifier(content.gtin.as_ref(), site);
    product.insert(kind.to_owned(), json!([number]));
    product.insert("imageUrls".to_owned(), json!(images(content)));

    let mut body = Map::new();
    body.insert("sku".to_owned(), json!(sku.as_str()));
    // Bodies write the locale with an underscore (ebay.md §3).
    body.insert("locale".to_owned(), json!(site.language.replace('-', "_")));
    body.insert(
        "availability".to_owned(),
        json!({ "shipToLocationAvailability": { "quantity": offer.quantity } }),
    );
    body.insert(
        "condition".to_owned(),
        json!(condition(content.condition, allowed)),
    );
    body.insert("product".to_owned(), Value::Object(product));
    if let Some(package) = package(content.weight.as_ref(), content.dimensions.as_ref()) {
        body.insert("packageWeightAndSize".to_owned(), package);
    }
    let mut body = Value::Object(body);
    particulars::tell_item(&content.attributes, &mut body);
    body
}

fn fitting(text: Option<&str>) -> Option<&str> {
    text.map(str::trim)
        .filter(|text| !text.is_empty() && text.chars().count() <= BRAND_CHARS_MAX)
}

/// The pictures that eBay can fetch, in their order.
pub(super) fn images(content: &Content) -> Vec<&str> {
    content
        .images
        .iter()
        .filter_map(|image| match &image.source {
            ImageSource::Url(url) if url.starts_with("https://") => Some(url.as_str()),
            ImageSource::Url(_) | ImageSource::File(_) => None,
        })
        .take(IMAGES_MAX)
        .collect()
}

/// Which of eBay's identifiers, and its value. Categories that demand one do not say so before the
/// publish (ebay.md §7), so that a missing one is always told as such. A case's 14 digits are no
/// identifier of what is sold.
fn identifier(gtin: Option<&Gtin>, site: &SiteFacts) -> (&'static str, String) {
    match gtin.map(|gtin| (gtin.kind(), gtin)) {
        Some((GtinKind::Upc, gtin)) => ("upc", gtin.as_written()),
        Some((GtinKind::Ean | GtinKind::Jan, gtin)) => ("ean", gtin.as_written()),
        Some((GtinKind::Isbn, gtin)) => ("isbn", gtin.as_written()),
        Some((GtinKind::Gtin14, _)) | None => (site.identifier, site.does_not_apply.to_owned()),
    }
}

fn package(weight: Option<&Weight>, dimensions: Option<&Dimensions>) -> Option<Value> {
    let mut package = Map::new();
    if let Some(weight) = weight.filter(|weight| !weight.value().is_zero()) {
        let unit = match weight.unit() {
            WeightUnit::Gram => "GRAM",
            WeightUnit::Kilogram => "KILOGRAM",
            WeightUnit::Ounce => "OUNCE",
            WeightUnit::Pound => "POUND",
        };
        let value = number(weight.value())?;
        package.insert("weight".to_owned(), json!({ "value": value, "unit": unit }));
    }
    if let Some(size) = dimensions {
        // eBay takes one unit for all three.
        let unit = size.length.unit();
        let side = |length: &barrow_model::Length| number(length.in_unit(unit, 3));
        let unit = match unit {
            LengthUnit::Centimetre => "CENTIMETER",
            LengthUnit::Metre => "METER",
            LengthUnit::Inch => "INCH",
            LengthUnit::Foot => "FEET",
        };
        let body = json!({
            "length": side(&size.length)?,
            "width": side(&size.width)?,
            "height": side(&size.height)?,
            "unit": unit,
        });
        package.insert("dimensions".to_owned(), body);
    }
    (!package.is_empty()).then_some(Value::Object(package))
}

/// eBay wants weights and lengths as JSON numbers (ebay.md §6.2).
fn number(decimal: Decimal) -> Option<f64> {
    decimal.to_f64()
}

/// A new offer's body (ebay.md §6.4).
pub fn offer_create(sku: &Sku, site: &SiteFacts, offer: &Offer) -> Value {
    let mut body = offer_fields(offer, site);
    body["sku"] = json!(sku.as_str());
    body["marketplaceId"] = json!(site.id);
    body["format"] = json!("FIXED_PRICE");
    body
}

/// An existing offer's whole body; what tells which offer it is may not be in it (ebay.md §6.4).
pub fn offer_update(offer: &Offer, site: &SiteFacts) -> Value {
    offer_fields(offer, site)
}

fn offer_fields(offer: &Offer, site: &SiteFacts) -> Value {
    let content = &offer.content;
    let mut body = Map::new();
    body.insert("availableQuantity".to_owned(), json!(offer.quantity));
    body.insert("listingDuration".to_owned(), json!("GTC"));
    let description = full_description(&content.title, &content.description);
    body.insert("listingDescription".to_owned(), json!(description));
    // True by default, and then eBay's catalogue overwrites title and aspects (ebay.md §6.4).
    body.insert("includeCatalogProductDetails".to_owned(), json!(false));
    body.insert(
        "pricingSummary".to_owned(),
        json!({ "price": amount(&offer.price) }),
    );
    if let Some(category) = &content.category {
        body.insert("categoryId".to_owned(), json!(category.0));
    }
    let setting = |key: &str| offer.settings.get(key).filter(|value| !value.is_empty());
    if let Some(location) = setting(MERCHANT_LOCATION_KEY) {
        body.insert("merchantLocationKey".to_owned(), json!(location));
    }
    let mut policies = Map::new();
    for (key, name) in [
        (FULFILLMENT_POLICY_ID, "fulfillmentPolicyId"),
        (PAYMENT_POLICY_ID, "paymentPolicyId"),
        (RETURN_POLICY_ID, "returnPolicyId"),
    ] {
        if let Some(policy) = setting(key) {
            policies.insert(name.to_owned(), json!(policy));
        }
    }
    if let Some(terms) = terms::best_offer(&content.attributes, site) {
        policies.insert("bestOfferTerms".to_owned(), terms);
    }
    body.insert("listingPolicies".to_owned(), Value::Object(policies));
    if let Some(regulatory) = terms::regulatory(&content.attributes) {
        body.insert("regulatory".to_owned(), regulatory);
    }
    let mut body = Value::Object(body);
    particulars::tell_offer(&content.attributes, site, &mut body);
    body
}
