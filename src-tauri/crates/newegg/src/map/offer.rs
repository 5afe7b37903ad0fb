//! Offers on items that the catalogue knows (newegg.md §5.1, v2), and what is wrong with one.

use barrow_model::{Condition, Content, Money, Offer, Problem, ProblemKind};
use serde_json::{Value, json};

use crate::config::{Config, PartNumber};

/// SellerPartNumber 1–40 (newegg.md §5.1).
pub(crate) const SKU_CHARS_MAX: usize = 40;
/// Inventory 0–999999.
pub(crate) const QUANTITY_MAX: u32 = 999_999;
/// Manufacturer 1–40.
const MANUFACTURER_CHARS_MAX: usize = 40;
/// ManufacturerPartsNumber 1–20.
const PART_NUMBER_CHARS_MAX: usize = 20;
/// Prices 0.01–99999.00, in cents.
const PRICE_MINOR_MAX: i64 = 9_999_900;
/// The attribute under which a seller may name the page himself.
const ITEM_NUMBER: &str = "NeweggItemNumber";

/// What names the item that an offer is made on: exactly one (newegg.md §5.1).
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Identity {
    /// Newegg's own number.
    Item(String),
    /// The barcode number.
    Barcode(String),
    /// The manufacturer's part number.
    PartNumber(String),
}

/// What names an offer's item: the number that the seller has entered, the barcode, the part
/// number, or what stands for it; at last the number that was learned when it was listed before.
pub(crate) fn identity(
    config: &Config,
    offer: &Offer,
    sku: Option<&str>,
    learned: Option<&str>,
) -> Option<Identity> {
    let content = &offer.content;
    if let Some(entered) = entered_number(content) {
        return Some(Identity::Item(entered));
    }
    if let Some(gtin) = &content.gtin {
        return Some(Identity::Barcode(gtin.as_written()));
    }
    let own = content
        .mpn
        .as_deref()
        .map(str::trim)
        .filter(|m| !m.is_empty());
    if let Some(own) = own {
        return Some(Identity::PartNumber(own.to_owned()));
    }
    if config.part_number_of(&offer.settings) == PartNumber::Sku {
        return Some(Identity::PartNumber(sku.unwrap_or("SKU").to_owned()));
    }
    learned.map(|number| Identity::Item(number.to_owned()))
}

fn entered_number(content: &Content) -> Option<String> {
    let wanted = |name: &str| {
        let letters: String = name.chars().filter(char::is_ascii_alphanumeric).collect();
        letters.eq_ignore_ascii_case(ITEM_NUMBER)
    };
    let (_, values) = content.attributes.iter().find(|(name, _)| wanted(name))?;
    let number = values.first()?.trim();
    (!number.is_empty()).then(|| number.to_owned())
}

fn manufacturer(config: &Config, offer: &Offer) -> Option<String> {
    let brand = offer.content.brand.as_deref().map(str::trim);
    brand
        .filter(|brand| !brand.is_empty())
        .map(str::to_owned)
        .or_else(|| config.manufacturer_of(&offer.settings))
}

/// The word for a condition; Newegg has none for opened, flawed and broken goods.
pub(crate) fn condition(condition: Condition) -> Option<&'static str> {
    match condition {
        Condition::New => Some("New"),
        Condition::CertifiedRefurbished
        | Condition::ExcellentRefurbished
        | Condition::VeryGoodRefurbished
        | Condition::GoodRefurbished
        | Condition::SellerRefurbished => Some("Refurbished"),
        Condition::LikeNew => Some("UsedLikeNew"),
        Condition::PreOwnedExcellent | Condition::VeryGood => Some("UsedVeryGood"),
        Condition::Good => Some("UsedGood"),
        Condition::PreOwnedFair | Condition::Acceptable => Some("UsedAcceptable"),
        Condition::NewOther | Condition::NewWithDefects | Condition::ForParts => None,
    }
}

/// What is wrong with an offer, before anything is sent. Texts and pictures are the catalogue's.
/// `sku` and `learned` are given where they are known.
pub(crate) fn problems(
    config: &Config,
    offer: &Offer,
    sku: Option<&str>,
    learned: Option<&str>,
) -> Vec<Problem> {
    let mut problems = Vec::new();
    match manufacturer(config, offer) {
        None => problems.push(Problem::new(ProblemKind::BrandMissing).field("brand")),
        Some(name) => problems.extend(too_long(&name, "brand", MANUFACTURER_CHARS_MAX)),
    }
    match identity(config, offer, sku, learned) {
        None => problems.push(Problem::new(ProblemKind::GtinMissing).field("gtin")),
        Some(Identity::PartNumber(number)) => {
            problems.extend(too_long(&number, "mpn", PART_NUMBER_CHARS_MAX));
        }
        Some(Identity::Item(_) | Identity::Barcode(_)) => {}
    }
    if condition(offer.content.condition).is_none() {
        problems.push(
            Problem::new(ProblemKind::ConditionInvalid)
                .field("condition")
                .param("condition", offer.content.condition.code()),
        );
    }
    problems.extend(price_problem(config, &offer.price));
    if offer.quantity > QUANTITY_MAX {
        let problem = Problem::new(ProblemKind::QuantityRefused).field("quantity");
        problems.push(problem.param("limit", QUANTITY_MAX));
    }
    problems
}

/// What is wrong with a price on the account's platform.
pub(crate) fn price_problem(config: &Config, price: &Money) -> Option<Problem> {
    let expected = config.platform.currency();
    if price.minor <= 0 {
        return Some(Problem::new(ProblemKind::PriceNotPositive).field("price"));
    }
    if price.currency != expected {
        return Some(
            Problem::new(ProblemKind::PriceCurrency)
                .field("price")
                .param("currency", price.currency)
                .param("expected", expected),
        );
    }
    (price.minor > PRICE_MINOR_MAX).then(|| Problem::new(ProblemKind::PriceRefused).field("price"))
}

fn too_long(text: &str, field: &str, limit: usize) -> Option<Problem> {
    let length = text.chars().count();
    (length > limit).then(|| {
        Problem::new(ProblemKind::TextTooLong)
            .field(field)
            .param("field", field)
            .param("limit", limit)
            .param("length", length)
    })
}

/// The row of an offer; the first problem where it cannot be one.
pub(crate) fn item_row(
    config: &Config,
    offer: &Offer,
    sku: &str,
    learned: Option<&str>,
) -> Result<Value, Box<Problem>> {
    let mut found = problems(config, offer, Some(sku), learned).into_iter();
    if let Some(problem) = found.next() {
        return Err(Box::new(problem));
    }
    let invalid = || Box::new(Problem::new(ProblemKind::GtinMissing).field("gtin"));
    let identity = identity(config, offer, Some(sku), learned).ok_or_else(invalid)?;
    let mut info = json!({
        "SellerPartNumber": sku,
        "Manufacturer": manufacturer(config, offer).unwrap_or_default(),
    });
    let (name, value) = match identity {
        Identity::Item(number) => ("NeweggItemNumber", number),
        Identity::Barcode(number) => ("UPCOrISBN", number),
        Identity::PartNumber(number) => ("ManufacturerPartsNumber", number),
    };
    info[name] = value.into();
    info["Currency"] = offer.price.currency.as_str().into();
    // The price to compare with; one below the price compares nothing.
    let compare = offer.content.compare_at.filter(|msrp| {
        msrp.currency == offer.price.currency
            && msrp.minor > offer.price.minor
            && msrp.minor <= PRICE_MINOR_MAX
    });
    if let Some(msrp) = compare {
        info["MSRP"] = msrp.amount().into();
    }
    info["SellingPrice"] = offer.price.amount().into();
    info["Shipping"] = config.shipping_of(&offer.settings).into();
    info["Inventory"] = offer.quantity.to_string().into();
    info["ActivationMark"] = "True".into();
    info["PacksOrSets"] = "1".into();
    let word = condition(offer.content.condition).unwrap_or("New");
    info["ItemCondition"] = word.into();
    Ok(json!({"BasicInfo": info}))
}
