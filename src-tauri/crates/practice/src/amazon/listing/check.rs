//! The shapes of attributes (amazon.md §4.3). Offers are held to theirs in full; of what describes
//! goods only the outer shape is checked, because each product type has a schema of its own.

use serde_json::{Map, Value};

use super::super::money::{self, AmountError};
use super::super::site::Site;
use super::issue::{BOUNDS, Issue};
use super::{AMAZON, CONDITIONS, MERCHANT};

pub(super) const PRICE: &str = "purchasable_offer";
pub(super) const QUANTITY: &str = "fulfillment_availability";
pub(super) const ASIN: &str = "merchant_suggested_asin";
pub(super) const BARCODE: &str = "externally_assigned_product_identifier";
pub(super) const NO_BARCODE: &str = "supplier_declared_has_product_identifier_exemption";
pub(super) const CONDITION: &str = "condition_type";
pub(super) const SHIPPING: &str = "merchant_shipping_group";

/// The most units that are taken.
const UNITS_MAX: u64 = 1_000_000_000;
/// The longest handling time in days.
const LEAD_DAYS_MAX: u64 = 30;
/// The seller's only template of shipping prices.
const SHIPPING_TEMPLATE: &str = "legacy-template-id";

/// Attributes whose values are told apart by more than their marketplace and language.
const OWN_SELECTORS: [(&str, &[&str]); 4] = [
    (PRICE, &["marketplace_id", "currency", "audience"]),
    (QUANTITY, &["fulfillment_channel_code"]),
    (ASIN, &["marketplace_id", "value"]),
    (BARCODE, &["marketplace_id", "type"]),
];

/// Attributes of goods and of offers that have no checks of their own.
const PLAIN: [&str; 46] = [
    "condition_note",
    "list_price",
    "item_name",
    "bullet_point",
    "product_description",
    "generic_keyword",
    "brand",
    "manufacturer",
    "main_product_image_locator",
    "swatch_product_image_locator",
    "main_offer_image_locator",
    "item_dimensions",
    "item_length_width_height",
    "item_package_dimensions",
    "item_weight",
    "item_package_weight",
    "parentage_level",
    "child_parent_sku_relationship",
    "variation_theme",
    "skip_offer",
    "model_number",
    "model_name",
    "part_number",
    "color",
    "size",
    "style",
    "material",
    "pattern",
    "item_type_keyword",
    "item_type_name",
    "country_of_origin",
    "number_of_items",
    "unit_count",
    "target_gender",
    "age_range_description",
    "department",
    "batteries_required",
    "batteries_included",
    "supplier_declared_dg_hz_regulation",
    "recommended_browse_nodes",
    "included_components",
    "special_feature",
    "max_order_quantity",
    "gift_options",
    "product_tax_code",
    "merchant_release_date",
];

fn is_known(name: &str) -> bool {
    let numbered = |prefix: &str, max: u32| {
        let number = name.strip_prefix(prefix);
        let number = number.and_then(|number| number.parse::<u32>().ok());
        number.is_some_and(|number| (1..=max).contains(&number))
    };
    [
        PRICE, QUANTITY, ASIN, BARCODE, NO_BARCODE, CONDITION, SHIPPING,
    ]
    .contains(&name)
        || PLAIN.contains(&name)
        || numbered("other_product_image_locator_", 8)
        || numbered("other_offer_image_locator_", 5)
}

/// Returns what tells the values of an attribute apart.
pub(super) fn selectors(name: &str) -> &'static [&'static str] {
    let own = OWN_SELECTORS.iter().find(|(known, _)| *known == name);
    own.map_or(&["marketplace_id", "language_tag"], |(_, selectors)| {
        selectors
    })
}

/// How complete values must be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Completeness {
    /// They stand for themselves.
    Whole,
    /// They are laid over what is there.
    Merged,
}

/// Checks the values of one attribute.
pub(super) fn attribute(
    name: &str,
    value: &Value,
    site: &Site,
    completeness: Completeness,
) -> Vec<Issue> {
    if !is_known(name) {
        return vec![Issue::unknown(name)];
    }
    let Some(values) = value.as_array() else {
        return vec![Issue::shape(name, name)];
    };
    if values.is_empty() {
        return vec![Issue::too_few(name, name)];
    }
    values
        .iter()
        .filter_map(|value| match value.as_object() {
            Some(object) => one(name, object, site, completeness).err(),
            None => Some(Issue::shape(name, name)),
        })
        .collect()
}

fn one(
    name: &str,
    value: &Map<String, Value>,
    site: &Site,
    completeness: Completeness,
) -> Result<(), Issue> {
    if let Some((field, _)) = value.iter().find(|(_, part)| part.is_null()) {
        return Err(Issue::shape(name, field));
    }
    if name == QUANTITY {
        return availability(value);
    }
    match value.get("marketplace_id").map(Value::as_str) {
        None => return Err(Issue::missing(&format!("{name}.marketplace_id"))),
        Some(Some(id)) if id == site.id => {}
        Some(_) => return Err(Issue::value(name, "marketplace_id")),
    }
    let text = value.get("value").and_then(Value::as_str);
    match name {
        PRICE => price(value, site, completeness),
        CONDITION if !text.is_some_and(|text| CONDITIONS.contains(&text)) => {
            Err(Issue::value(name, "value"))
        }
        SHIPPING if text != Some(SHIPPING_TEMPLATE) => Err(Issue::value(name, "value")),
        ASIN if text.is_none_or(|text| text.len() != 10) => Err(Issue::value(name, "value")),
        BARCODE => {
            let kind = value
                .get("type")
                .and_then(Value::as_str)
                .unwrap_or_default();
            if !["ean", "gtin", "upc"].contains(&kind) {
                return Err(Issue::value(name, "type"));
            }
            text.map(|_| ()).ok_or_else(|| Issue::missing(name))
        }
        _ => Ok(()),
    }
}

/// Channel and quantity; nothing else may stand beside them (amazon.md §4.3).
fn availability(value: &Map<String, Value>) -> Result<(), Issue> {
    let known = [
        "fulfillment_channel_code",
        "quantity",
        "lead_time_to_ship_max_days",
        "restock_date",
        "is_inventory_available",
    ];
    if let Some(field) = value.keys().find(|field| !known.contains(&field.as_str())) {
        return Err(Issue::unknown(&format!("{QUANTITY}.{field}")));
    }
    let code = value.get("fulfillment_channel_code");
    let code = code.ok_or_else(|| Issue::too_few(QUANTITY, "fulfillment_channel_code"))?;
    let quantity = value.get("quantity");
    let units = quantity.map(|units| units.as_u64().filter(|units| *units <= UNITS_MAX));
    if units == Some(None) {
        return Err(Issue::shape(QUANTITY, "quantity"));
    }
    match code.as_str() {
        Some(MERCHANT) => {
            if units.is_none()
                && !value
                    .get("is_inventory_available")
                    .is_some_and(Value::is_boolean)
            {
                return Err(Issue::missing(&format!("{QUANTITY}.quantity")));
            }
        }
        Some(AMAZON) if units.is_some() => {
            let text = "The quantity of goods that Amazon fulfils cannot be set.";
            return Err(Issue::error(super::issue::VALUE, "INVALID_ATTRIBUTE", text).at(QUANTITY));
        }
        Some(AMAZON) => {}
        _ => return Err(Issue::value(QUANTITY, "fulfillment_channel_code")),
    }
    match value.get("lead_time_to_ship_max_days") {
        Some(days) if days.as_u64().is_none_or(|days| days > LEAD_DAYS_MAX) => {
            Err(Issue::value(QUANTITY, "lead_time_to_ship_max_days"))
        }
        _ => Ok(()),
    }
}

fn price(value: &Map<String, Value>, site: &Site, completeness: Completeness) -> Result<(), Issue> {
    let known = [
        "marketplace_id",
        "currency",
        "audience",
        "our_price",
        "discounted_price",
        "minimum_seller_allowed_price",
        "maximum_seller_allowed_price",
        "map_price",
        "quantity_discount_plan",
        "start_at",
        "end_at",
    ];
    if let Some(field) = value.keys().find(|field| !known.contains(&field.as_str())) {
        return Err(Issue::unknown(&format!("{PRICE}.{field}")));
    }
    match value.get("currency").map(Value::as_str) {
        None => return Err(Issue::missing(&format!("{PRICE}.currency"))),
        Some(Some(currency)) if currency == site.currency => {}
        Some(_) => return Err(Issue::value(PRICE, "currency")),
    }
    let audience = audience(value);
    if audience != "ALL" && !audience.starts_with("B2B") {
        return Err(Issue::value(PRICE, "audience"));
    }
    let ours = value.get("our_price");
    if ours.is_none() && completeness == Completeness::Whole {
        return Err(Issue::too_few(PRICE, "our_price"));
    }
    for field in [
        "our_price",
        "minimum_seller_allowed_price",
        "maximum_seller_allowed_price",
    ] {
        if let Some(part) = value.get(field) {
            schedule(field, part)?;
        }
    }
    let Some(discounts) = value.get("discounted_price") else {
        return Ok(());
    };
    let discounts = discounts.pointer("/0/schedule").and_then(Value::as_array);
    let discounts = discounts.ok_or_else(|| Issue::shape(PRICE, "discounted_price"))?;
    let whole = |discount: &Value| {
        let has = |field: &str| discount.get(field).is_some();
        has("value_with_tax") && has("start_at") && has("end_at")
    };
    if discounts.iter().all(whole) {
        Ok(())
    } else {
        Err(Issue::too_few(PRICE, "discounted_price.schedule"))
    }
}

/// Reads `[{"schedule":[{"value_with_tax":10.99}]}]`.
fn schedule(field: &str, part: &Value) -> Result<i64, Issue> {
    let shape = || Issue::shape(PRICE, field);
    let schedules = part.as_array().ok_or_else(shape)?;
    let first = schedules
        .first()
        .ok_or_else(|| Issue::too_few(PRICE, field))?;
    let prices = first
        .get("schedule")
        .and_then(Value::as_array)
        .ok_or_else(shape)?;
    let first = prices
        .first()
        .ok_or_else(|| Issue::too_few(PRICE, "schedule"))?;
    let amount = first.get("value_with_tax");
    let amount = amount.ok_or_else(|| Issue::too_few(PRICE, "value_with_tax"))?;
    match money::minor(amount) {
        Ok(0) | Err(AmountError::Range | AmountError::Decimals) => {
            let text = format!("The price in '{field}' is not one that goods can have.");
            Err(Issue::error(super::issue::VALUE, "INVALID_PRICE", text).at(PRICE))
        }
        Ok(minor) => Ok(minor),
        Err(AmountError::NotNumber) => Err(shape()),
    }
}

/// Returns whom a price is for.
pub(super) fn audience(value: &Map<String, Value>) -> &str {
    value
        .get("audience")
        .and_then(Value::as_str)
        .unwrap_or("ALL")
}

/// Returns the price of a value of `purchasable_offer`, in the smallest unit.
pub(super) fn our_price(value: &Value) -> Option<i64> {
    schedule("our_price", value.get("our_price")?).ok()
}

/// A price must lie within the bounds that the seller gave for it.
pub(super) fn within_bounds(values: &Value) -> Vec<Issue> {
    let mut issues = Vec::new();
    for value in values.as_array().into_iter().flatten() {
        let bound = |field| schedule(field, value.get(field)?).ok();
        let Some(price) = our_price(value) else {
            continue;
        };
        let low = bound("minimum_seller_allowed_price").is_some_and(|bound| price < bound);
        let high = bound("maximum_seller_allowed_price").is_some_and(|bound| price > bound);
        if low || high {
            let side = if low {
                "below its minimum"
            } else {
                "above its maximum"
            };
            let text = format!("The selling price of the listing is {side}.");
            issues.push(Issue::error(BOUNDS, "INVALID_PRICE", text).at(PRICE));
        }
    }
    issues
}
