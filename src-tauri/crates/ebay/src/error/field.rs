//! Which field an error is about. eBay names it in the error's parameters, in its own words
//! (ebay.md §12); the seller mends it in ours.

use barrow_model::{Problem, ProblemKind};

use super::table::{Field, Meaning};
use crate::CAPABILITY;
use crate::config::names_brand;
use crate::types::VendorIssue;

/// Longest aspect or field name (ebay.md §6.2): a longer parameter is a sentence.
const NAME_CHARS_MAX: usize = 40;

/// Codes of product safety that are more than eBay takes, or in another form (ebay.md §12).
const SAFETY_LABELS: i64 = 25108;

/// A field of eBay's: ours, and what is wrong where it is missing or invalid.
struct Known {
    name: &'static str,
    field: &'static str,
    missing: ProblemKind,
    invalid: ProblemKind,
}

const fn known(
    name: &'static str,
    field: &'static str,
    missing: ProblemKind,
    invalid: ProblemKind,
) -> Known {
    Known {
        name,
        field,
        missing,
        invalid,
    }
}

const MISSING: ProblemKind = ProblemKind::FieldMissing;
const INVALID: ProblemKind = ProblemKind::FieldInvalid;
const NO_GTIN: ProblemKind = ProblemKind::GtinMissing;
const BAD_GTIN: ProblemKind = ProblemKind::GtinInvalid;
const NO_POLICY: ProblemKind = ProblemKind::PolicyMissing;
const BAD_POLICY: ProblemKind = ProblemKind::PolicyInvalid;

/// Fields of items and offers (ebay.md §6.2, §6.4), lower case.
const KNOWN: &[Known] = &[
    known("title", "title", ProblemKind::TitleMissing, INVALID),
    known("subtitle", "subtitle", MISSING, INVALID),
    known(
        "description",
        "description",
        ProblemKind::DescriptionMissing,
        INVALID,
    ),
    known(
        "listingdescription",
        "description",
        ProblemKind::DescriptionMissing,
        INVALID,
    ),
    known(
        "imageurls",
        "images",
        ProblemKind::ImageMissing,
        ProblemKind::ImageInvalid,
    ),
    known("brand", "brand", ProblemKind::BrandMissing, INVALID),
    known("mpn", "mpn", MISSING, INVALID),
    known("ean", "gtin", NO_GTIN, BAD_GTIN),
    known("upc", "gtin", NO_GTIN, BAD_GTIN),
    known("isbn", "gtin", NO_GTIN, BAD_GTIN),
    known("gtin", "gtin", NO_GTIN, BAD_GTIN),
    known(
        "condition",
        "condition",
        MISSING,
        ProblemKind::ConditionInvalid,
    ),
    known(
        "categoryid",
        "category",
        ProblemKind::CategoryMissing,
        ProblemKind::CategoryInvalid,
    ),
    known(
        "price",
        "price",
        ProblemKind::PriceMissing,
        ProblemKind::PriceRefused,
    ),
    known(
        "quantity",
        "quantity",
        MISSING,
        ProblemKind::QuantityRefused,
    ),
    known(
        "availablequantity",
        "quantity",
        MISSING,
        ProblemKind::QuantityRefused,
    ),
    known(
        "packageweightandsize",
        "weight",
        ProblemKind::WeightMissing,
        INVALID,
    ),
    known("weight", "weight", ProblemKind::WeightMissing, INVALID),
    known("dimensions", "dimensions", MISSING, INVALID),
    known(
        "sku",
        "sku",
        ProblemKind::SkuInvalid,
        ProblemKind::SkuInvalid,
    ),
    known(
        "fulfillmentpolicyid",
        "settings.fulfillment_policy_id",
        NO_POLICY,
        BAD_POLICY,
    ),
    known(
        "paymentpolicyid",
        "settings.payment_policy_id",
        NO_POLICY,
        BAD_POLICY,
    ),
    known(
        "returnpolicyid",
        "settings.return_policy_id",
        NO_POLICY,
        BAD_POLICY,
    ),
    known(
        "merchantlocationkey",
        "settings.merchant_location_key",
        ProblemKind::LocationMissing,
        ProblemKind::LocationMissing,
    ),
];

/// The values of an error's parameters.
fn values(issue: &VendorIssue) -> impl Iterator<Item = &str> {
    let parameters = issue.parameters.iter();
    parameters.filter_map(|parameter| parameter.value.as_deref())
}

fn value<'a>(issue: &'a VendorIssue, name: &str) -> Option<&'a str> {
    let parameters = issue.parameters.iter();
    parameters
        .filter(|parameter| parameter.name.as_deref() == Some(name))
        .find_map(|parameter| parameter.value.as_deref())
}

/// The offer that exists already, as 25002 names it (ebay.md §12).
pub(super) fn existing_offer(issue: &VendorIssue) -> Option<&str> {
    value(issue, "offerId").filter(|_| issue.error_id == super::USER_ERROR)
}

/// A parameter that is a name: short, and no sentence.
fn short_name(text: &str) -> bool {
    let length = text.chars().count();
    (1..=NAME_CHARS_MAX).contains(&length) && !text.ends_with('.')
}

/// The field of eBay's that a parameter names, `product.title` as well as `title`.
fn known_field(issue: &VendorIssue) -> Option<&'static Known> {
    values(issue).find_map(|text| {
        let last = text.rsplit('.').next().unwrap_or(text).to_lowercase();
        KNOWN.iter().find(|known| known.name == last)
    })
}

/// A field that only eBay has a name for, as it writes it: one word, `lotSize`.
fn foreign_field(issue: &VendorIssue) -> Option<&str> {
    values(issue).find(|text| {
        let begins = text.starts_with(|letter: char| letter.is_ascii_alphabetic());
        let word = |letter: char| letter.is_ascii_alphanumeric() || "._-".contains(letter);
        begins && short_name(text) && text.chars().all(word)
    })
}

/// 25002 is the catch-all for user errors: its parameters tell which (ebay.md §12).
pub(super) fn user_error(issue: &VendorIssue) -> Problem {
    if existing_offer(issue).is_some() {
        return Problem::new(ProblemKind::ListingDuplicate);
    }
    match value(issue, "2").filter(|name| short_name(name)) {
        Some("Brand MPN" | "BrandMPN") => Problem::new(ProblemKind::BrandMissing).field("brand"),
        Some(name) if names_brand(name) => Problem::new(ProblemKind::BrandMissing).field("brand"),
        Some("EAN" | "UPC" | "ISBN" | "GTIN") => {
            Problem::new(ProblemKind::GtinMissing).field("gtin")
        }
        Some(name) => attribute(ProblemKind::AttributeMissing, name),
        None => Problem::new(ProblemKind::Refused),
    }
}

fn attribute(kind: ProblemKind, name: &str) -> Problem {
    Problem::new(kind)
        .field(format!("attributes.{name}"))
        .param("attribute", name)
}

/// What a row of the table means for one error, with the field that the seller mends.
pub(super) fn told(meaning: &Meaning, issue: &VendorIssue) -> Problem {
    let told = match (meaning.field, meaning.problem) {
        (Field::Of(field), kind) => Problem::new(kind).field(field),
        (Field::Setting(key), ProblemKind::SettingInvalid) => {
            Problem::new(ProblemKind::SettingInvalid)
                .field(format!("settings.{key}"))
                .param("setting", key)
        }
        (Field::Setting(key), kind) => Problem::new(kind).field(format!("settings.{key}")),
        (Field::Term(name), ProblemKind::AttributeMissing) => {
            attribute(ProblemKind::AttributeMissing, name)
        }
        (Field::Term(name), kind) => term(kind, name),
        (Field::Label, kind) => label(kind, issue),
        (Field::Named, ProblemKind::AttributeInvalid) => wrong_attribute(issue),
        (Field::Named, kind @ (MISSING | INVALID)) => named(kind, issue),
        (Field::Named, BAD_POLICY) => Problem::new(BAD_POLICY).field(policy_setting(issue)),
        (Field::Named, kind) => Problem::new(kind),
    };
    with_particulars(told, issue)
}

/// The setting of the policy that is wrong, where the parameters tell which: its field, or its kind
/// in capitals, as in `FULFILLMENT_POLICY`.
fn policy_setting(issue: &VendorIssue) -> &'static str {
    let field = known_field(issue).map(|known| known.field);
    let by_kind = || {
        let kinds = [
            ("FULFILLMENT", "settings.fulfillment_policy_id"),
            ("PAYMENT", "settings.payment_policy_id"),
            ("RETURN", "settings.return_policy_id"),
        ];
        let named = |kind: &str| values(issue).any(|text| text.starts_with(kind));
        kinds
            .iter()
            .find(|(kind, _)| named(kind))
            .map(|(_, field)| *field)
    };
    let setting = field.filter(|field| field.starts_with("settings."));
    setting.or_else(by_kind).unwrap_or("settings")
}

fn wrong_attribute(issue: &VendorIssue) -> Problem {
    let name = value(issue, "2").or_else(|| values(issue).next());
    match name.filter(|name| short_name(name)) {
        Some(name) => attribute(ProblemKind::AttributeInvalid, name),
        None => Problem::new(ProblemKind::Refused).field("attributes"),
    }
}

fn named(kind: ProblemKind, issue: &VendorIssue) -> Problem {
    match (known_field(issue), foreign_field(issue)) {
        (Some(known), _) if kind == MISSING => Problem::new(known.missing).field(known.field),
        (Some(known), _) => Problem::new(known.invalid).field(known.field),
        (None, Some(theirs)) => Problem::new(kind).param("field", theirs),
        // Nothing of ours can be pointed at: eBay's own words tell more.
        (None, None) => Problem::new(ProblemKind::Refused),
    }
}

/// Something that is said with an attribute and that eBay takes for a field.
fn term(kind: ProblemKind, name: &str) -> Problem {
    Problem::new(kind)
        .field(format!("attributes.{name}"))
        .param("field", name)
}

/// Which codes of labels are wrong: eBay names their field in its words, or the codes themselves.
fn label(kind: ProblemKind, issue: &VendorIssue) -> Problem {
    let tells = |words: &[&str]| {
        values(issue).any(|text| {
            let text = text.to_lowercase();
            words.iter().any(|word| text.contains(word))
        })
    };
    let what = if tells(&["pictogram", "ebpsp"]) {
        "pictograms"
    } else if tells(&["signal"]) {
        "signal word"
    } else if tells(&["statement", "ebpss"]) {
        "statements"
    } else {
        return named(kind, issue);
    };
    let of_safety = issue.error_id == SAFETY_LABELS || tells(&["safety", "ebps"]);
    let part = if of_safety {
        "Product safety"
    } else {
        "Hazard"
    };
    term(kind, &format!("eBay: {part} {what}"))
}

/// What the words of a kind name beside the field.
fn with_particulars(told: Problem, issue: &VendorIssue) -> Problem {
    match told.kind {
        ProblemKind::PolicyInvalid | ProblemKind::PolicyMissing => {
            let field = told.field.clone().unwrap_or_default();
            let policy = field.strip_prefix("settings.").unwrap_or("policy");
            told.param("policy", policy)
        }
        ProblemKind::SkuInvalid => told.param("limit", CAPABILITY.sku_chars_max),
        ProblemKind::ImageInvalid => match values(issue).find(|text| text.starts_with("http")) {
            Some(url) => told.param("url", url),
            None => told,
        },
        _ => told,
    }
}

#[cfg(test)]
mod tests {
    use super::KNOWN;
    use crate::config::{
        FULFILLMENT_POLICY_ID, MERCHANT_LOCATION_KEY, PAYMENT_POLICY_ID, RETURN_POLICY_ID,
    };

    #[test]
    fn settings_are_named_as_the_account_names_them() {
        let settings = KNOWN
            .iter()
            .filter_map(|known| known.field.strip_prefix("settings."));
        let named: Vec<&str> = settings.collect();
        let expected = [
            FULFILLMENT_POLICY_ID,
            PAYMENT_POLICY_ID,
            RETURN_POLICY_ID,
            MERCHANT_LOCATION_KEY,
        ];
        assert_eq!(named, expected);
    }
}
