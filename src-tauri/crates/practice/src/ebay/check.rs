//! Limits and shapes of single fields (ebay.md §6.2, §6.4).

use serde_json::Value;

use super::answer::Problem;
use super::call::text;
use super::money::price_minor;
use super::state::Body;

/// The longest SKU and group key.
pub(super) const KEY_CHARS_MAX: usize = 50;
const TITLE_CHARS_MAX: usize = 80;
const SUBTITLE_CHARS_MAX: usize = 55;
const PRODUCT_DESCRIPTION_CHARS_MAX: usize = 4000;
pub(super) const LISTING_DESCRIPTION_CHARS_MAX: usize = 500_000;
const CONDITION_DESCRIPTION_CHARS_MAX: usize = 1000;
const ASPECT_NAME_CHARS_MAX: usize = 40;
const ASPECT_VALUE_CHARS_MAX: usize = 50;
/// Values of one aspect (ebay.md §7).
const ASPECT_VALUES_MAX: usize = 30;
const BRAND_CHARS_MAX: usize = 65;
const IMAGES_MAX: usize = 24;

/// Condition names and their ids (ebay.md §6.3).
pub(super) const CONDITIONS: &[(&str, &str)] = &[
    ("NEW", "1000"),
    ("NEW_OTHER", "1500"),
    ("NEW_WITH_DEFECTS", "1750"),
    ("CERTIFIED_REFURBISHED", "2000"),
    ("EXCELLENT_REFURBISHED", "2010"),
    ("VERY_GOOD_REFURBISHED", "2020"),
    ("GOOD_REFURBISHED", "2030"),
    ("SELLER_REFURBISHED", "2500"),
    ("LIKE_NEW", "2750"),
    ("PRE_OWNED_EXCELLENT", "2990"),
    ("USED_EXCELLENT", "3000"),
    ("PRE_OWNED_FAIR", "3010"),
    ("USED_VERY_GOOD", "4000"),
    ("USED_GOOD", "5000"),
    ("USED_ACCEPTABLE", "6000"),
    ("FOR_PARTS_OR_NOT_WORKING", "7000"),
];

/// Ids of the conditions that a seller must be approved for; this one is not (ebay.md §12, 25047).
pub(super) const RESTRICTED_CONDITIONS: &[&str] = &["2000", "2010", "2020", "2030"];

const WEIGHT_UNITS: &[&str] = &["POUND", "OUNCE", "KILOGRAM", "GRAM"];
const LENGTH_UNITS: &[&str] = &["INCH", "FEET", "CENTIMETER", "METER"];

/// The id of a condition's name.
pub(super) fn condition_id(name: &str) -> Option<&'static str> {
    CONDITIONS
        .iter()
        .find(|(known, _)| *known == name)
        .map(|(_, id)| *id)
}

/// Why a text cannot be a SKU. Hyphens, underscores and dots work in practice (ebay.md §6.2).
pub(super) fn sku_problem(sku: &str) -> Option<Problem> {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte);
    if !sku.is_empty() && sku.len() <= KEY_CHARS_MAX && sku.bytes().all(plain) {
        return None;
    }
    let message = "This is an invalid value for a SKU. Only alphanumeric characters can be used \
                   for SKUs, and their length must not exceed 50 characters.";
    Some(Problem::inventory(25707, message).with("sku", sku))
}

pub(super) fn invalid_field(name: &str, why: &str) -> Problem {
    let message = format!("The {name} value is invalid. {why}");
    Problem::inventory(25016, &message)
        .with("0", name)
        .with("1", why)
}

fn too_long(body: &Body, name: &str, max: usize, problems: &mut Vec<Problem>) {
    if text(body, name).is_some_and(|value| value.chars().count() > max) {
        problems.push(invalid_field(
            name,
            &format!("It must not exceed {max} characters."),
        ));
    }
}

fn not_text(body: &Body, names: &[&str], problems: &mut Vec<Problem>) {
    for name in names {
        if body
            .get(*name)
            .is_some_and(|value| !value.is_string() && !value.is_null())
        {
            problems.push(Problem::inventory(
                25709,
                &format!("Invalid value for {name}."),
            ));
        }
    }
}

/// What is wrong with the fields of an inventory item, wherever it stands.
pub(super) fn item_problems(body: &Body) -> Vec<Problem> {
    let mut problems = Vec::new();
    not_text(body, &["condition", "conditionDescription"], &mut problems);
    too_long(
        body,
        "conditionDescription",
        CONDITION_DESCRIPTION_CHARS_MAX,
        &mut problems,
    );
    if text(body, "condition").is_some_and(|name| condition_id(name).is_none()) {
        problems.push(Problem::inventory(25709, "Invalid value for condition."));
    }
    if let Some(availability) = body.get("availability") {
        let ship = availability.get("shipToLocationAvailability");
        let units = ship.and_then(|ship| ship.get("quantity"));
        if units.is_some_and(|units| !is_quantity(units)) {
            problems.push(Problem::inventory(
                25004,
                "Invalid quantity. It must not be negative.",
            ));
        }
    }
    package_problems(body, &mut problems);
    match body.get("product") {
        None => {}
        Some(Value::Object(product)) => problems.extend(product_problems(product)),
        Some(_) => problems.push(Problem::inventory(25709, "Invalid value for product.")),
    }
    problems
}

/// Whether a value is a count of units.
pub(super) fn is_quantity(value: &Value) -> bool {
    value.as_u64().is_some_and(|units| units <= 999_999)
}

/// What is wrong with the fields that a product and a group share, and a product's own.
pub(super) fn product_problems(product: &Body) -> Vec<Problem> {
    let mut problems = Vec::new();
    let texts = ["title", "subtitle", "description", "brand", "mpn", "epid"];
    not_text(product, &texts, &mut problems);
    too_long(product, "title", TITLE_CHARS_MAX, &mut problems);
    too_long(product, "subtitle", SUBTITLE_CHARS_MAX, &mut problems);
    too_long(product, "brand", BRAND_CHARS_MAX, &mut problems);
    too_long(product, "mpn", BRAND_CHARS_MAX, &mut problems);
    too_long(
        product,
        "description",
        PRODUCT_DESCRIPTION_CHARS_MAX,
        &mut problems,
    );
    for name in ["ean", "upc", "isbn"] {
        if product.get(name).is_some_and(|list| !is_text_list(list)) {
            problems.push(Problem::inventory(
                25709,
                &format!("Invalid value for {name}."),
            ));
        }
    }
    image_problems(product, &mut problems);
    aspect_problems(product, &mut problems);
    problems
}

/// What is wrong with the fields of a group: those of a product, but a longer description.
pub(super) fn group_problems(group: &Body) -> Vec<Problem> {
    let mut shared = group.clone();
    shared.shift_remove("description");
    let mut problems = product_problems(&shared);
    too_long(
        group,
        "description",
        LISTING_DESCRIPTION_CHARS_MAX,
        &mut problems,
    );
    problems
}

fn is_text_list(value: &Value) -> bool {
    value
        .as_array()
        .is_some_and(|list| list.iter().all(Value::is_string))
}

fn image_problems(product: &Body, problems: &mut Vec<Problem>) {
    let Some(images) = product.get("imageUrls") else {
        return;
    };
    let Some(images) = images.as_array() else {
        problems.push(Problem::inventory(25709, "Invalid value for imageUrls."));
        return;
    };
    if images.len() > IMAGES_MAX {
        let message = format!("Invalid pictures. No more than {IMAGES_MAX} are allowed.");
        problems.push(Problem::inventory(25014, &message));
    }
    for image in images {
        let url = image.as_str().unwrap_or_default();
        if !url.starts_with("https://") || url.len() <= "https://".len() {
            let message = "Invalid picture URL. Pictures must be hosted under https.";
            problems.push(Problem::inventory(25015, message).with("0", url));
        }
    }
}

fn aspect_problems(product: &Body, problems: &mut Vec<Problem>) {
    let Some(aspects) = product.get("aspects") else {
        return;
    };
    let Some(aspects) = aspects.as_object() else {
        problems.push(Problem::inventory(25709, "Invalid value for aspects."));
        return;
    };
    for (name, values) in aspects {
        if name.is_empty() || name.chars().count() > ASPECT_NAME_CHARS_MAX {
            let why = format!("A name must not exceed {ASPECT_NAME_CHARS_MAX} characters.");
            problems.push(invalid_field("aspects", &why).with("2", name));
        }
        let values = values.as_array().filter(|_| is_text_list(values));
        let Some(values) = values.filter(|list| list.len() <= ASPECT_VALUES_MAX) else {
            problems.push(invalid_field("aspects", "Values are a list of texts.").with("2", name));
            continue;
        };
        let long = |value: &Value| {
            value
                .as_str()
                .is_some_and(|text| text.chars().count() > ASPECT_VALUE_CHARS_MAX)
        };
        if values.iter().any(long) {
            let why = format!("A value must not exceed {ASPECT_VALUE_CHARS_MAX} characters.");
            problems.push(invalid_field("aspects", &why).with("2", name));
        }
    }
}

fn package_problems(body: &Body, problems: &mut Vec<Problem>) {
    let Some(package) = body.get("packageWeightAndSize") else {
        return;
    };
    let message = "Invalid values for dimensions and/or weight of shipping package.";
    let unit = |part: &Value, units: &[&str]| {
        part.get("unit")
            .and_then(Value::as_str)
            .is_some_and(|unit| units.contains(&unit))
    };
    let number = |part: &Value, name: &str| {
        part.get(name)
            .and_then(Value::as_f64)
            .is_some_and(|value| value >= 0.0)
    };
    let weight_ok = package
        .get("weight")
        .is_none_or(|weight| unit(weight, WEIGHT_UNITS) && number(weight, "value"));
    let size_ok = package.get("dimensions").is_none_or(|size| {
        unit(size, LENGTH_UNITS)
            && ["length", "width", "height"]
                .iter()
                .all(|side| number(size, side))
    });
    if !weight_ok || !size_ok {
        problems.push(Problem::inventory(25715, message));
    }
}

/// What is wrong with the fields of an offer, whether it is published or not.
pub(super) fn offer_problems(body: &Body, format: &str) -> Vec<Problem> {
    let mut problems = Vec::new();
    let texts = [
        "categoryId",
        "merchantLocationKey",
        "listingDescription",
        "listingDuration",
    ];
    not_text(body, &texts, &mut problems);
    too_long(
        body,
        "listingDescription",
        LISTING_DESCRIPTION_CHARS_MAX,
        &mut problems,
    );
    for name in ["availableQuantity", "quantityLimitPerBuyer", "lotSize"] {
        if body.get(name).is_some_and(|units| !is_quantity(units)) {
            problems.push(Problem::inventory(
                25004,
                &format!("Invalid quantity. {name}"),
            ));
        }
    }
    if let Some(price) = body
        .get("pricingSummary")
        .and_then(|summary| summary.get("price"))
        && price_of(price).is_none()
    {
        problems.push(Problem::inventory(
            25003,
            "Invalid price. It must be greater than zero.",
        ));
    }
    format_problems(body, format, &mut problems);
    problems
}

/// Minor units and currency of an `Amount`; its value is a text (ebay.md §3).
pub(super) fn price_of(price: &Value) -> Option<(i64, String)> {
    let currency = price.get("currency")?.as_str()?;
    let minor = price_minor(price.get("value")?.as_str()?, currency)?;
    Some((minor, currency.to_owned()))
}

// ebay.md §6.4: what only an auction may and must have.
fn format_problems(body: &Body, format: &str, problems: &mut Vec<Problem>) {
    let summary = body.get("pricingSummary");
    let start = summary.is_some_and(|prices| prices.get("auctionStartPrice").is_some());
    let reserve = summary.is_some_and(|prices| prices.get("auctionReservePrice").is_some());
    let mut add = |id, message: &str| problems.push(Problem::inventory(id, message));
    if format == "FIXED_PRICE" {
        if start || reserve {
            add(
                25758,
                "auctionStartPrice and auctionReservePrice are not supported for fixed \
                        price offer.",
            );
        }
        return;
    }
    if !body.contains_key("listingDuration") {
        add(25755, "listingDuration is required for auction offer.");
    }
    if !start {
        add(25757, "auctionStartPrice is required for auction offer.");
    }
    if body.contains_key("availableQuantity") {
        add(
            25762,
            "availableQuantity is not applicable for auction offer.",
        );
    }
    if body.contains_key("quantityLimitPerBuyer") {
        add(
            25763,
            "quantityLimitPerBuyer is not applicable for auction offer.",
        );
    }
}
