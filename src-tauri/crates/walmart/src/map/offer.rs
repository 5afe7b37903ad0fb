//! Offers as item rows, and what is wrong with them before anything is sent (walmart.md §6.3).

use barrow_market::CategoryRules;
use barrow_model::{Condition, Content, ImageSource, Offer, Problem, ProblemKind, WeightUnit};
use barrow_wire::{Object, amount, number};
use rust_decimal::Decimal;

use crate::config::{CURRENCY, Config};
use crate::map::spec::{TypeSpec, normal};
use crate::request::identifiers;

/// productName: 10 to 199 characters (walmart.md §6.3).
pub(crate) const TITLE_CHARS_MIN: usize = 10;
pub(crate) const TITLE_CHARS_MAX: usize = 199;
/// shortDescription: at most 4000 characters.
pub(crate) const DESCRIPTION_CHARS_MAX: usize = 4000;
/// brand: at most 60 characters.
const BRAND_CHARS_MAX: usize = 60;
/// An image's address: at most 2000 characters.
const URL_CHARS_MAX: usize = 2000;

/// What is wrong with an offer. Pure.
pub(crate) fn validate(
    config: &Config,
    offer: &Offer,
    rules: Option<&CategoryRules>,
) -> Vec<Problem> {
    let content = &offer.content;
    let mut problems = Vec::new();
    problems.extend(title_problem(&content.title));
    problems.extend(description_problem(&content.description));
    problems.extend(brand_problem(content));
    image_problems(content, &mut problems);
    problems.extend(price_problem(offer));
    problems.extend(condition_problem(content));
    if content.gtin.is_none() && !config.gtin_exemption {
        problems.push(Problem::new(ProblemKind::GtinMissing).field("gtin"));
    }
    if weight_lb(content).is_none() {
        problems.push(Problem::new(ProblemKind::WeightMissing).field("weight"));
    }
    let typed = content.category.is_some() || config.product_type_of(&offer.settings).is_some();
    if content.gtin.is_none() && !typed {
        problems.push(Problem::new(ProblemKind::CategoryMissing).field("category"));
    }
    if let Some(rules) = rules {
        attribute_problems(content, rules, &mut problems);
    }
    problems
}

fn length_problem(text: &str, field: &str, limit: usize) -> Option<Problem> {
    let length = text.chars().count();
    (length > limit).then(|| {
        Problem::new(ProblemKind::TextTooLong)
            .field(field)
            .param("limit", limit)
            .param("length", length)
    })
}

fn title_problem(title: &str) -> Option<Problem> {
    match title.trim().chars().count() {
        0 => Some(Problem::new(ProblemKind::TitleMissing).field("title")),
        length if length < TITLE_CHARS_MIN => Some(
            Problem::new(ProblemKind::TextTooShort)
                .field("title")
                .param("minimum", TITLE_CHARS_MIN)
                .param("length", length),
        ),
        _ => length_problem(title.trim(), "title", TITLE_CHARS_MAX),
    }
}

fn description_problem(description: &str) -> Option<Problem> {
    if description.trim().is_empty() {
        return Some(Problem::new(ProblemKind::DescriptionMissing).field("description"));
    }
    length_problem(description, "description", DESCRIPTION_CHARS_MAX)
}

fn brand_problem(content: &Content) -> Option<Problem> {
    match content.brand.as_deref().map(str::trim) {
        None | Some("") => Some(Problem::new(ProblemKind::BrandMissing).field("brand")),
        Some(brand) => length_problem(brand, "brand", BRAND_CHARS_MAX),
    }
}

fn image_problems(content: &Content, problems: &mut Vec<Problem>) {
    if content.images.is_empty() {
        problems.push(Problem::new(ProblemKind::ImageMissing).field("images"));
    }
    for image in &content.images {
        // A file on the seller's computer cannot be reached by Walmart.
        let (usable, place) = match &image.source {
            ImageSource::Url(url) => (is_https(url), url),
            ImageSource::File(path) => (false, path),
        };
        if !usable {
            let problem = Problem::new(ProblemKind::ImageInvalid).field("images");
            problems.push(problem.param("url", place));
        }
    }
}

fn is_https(url: &str) -> bool {
    url.starts_with("https://") && url.chars().count() <= URL_CHARS_MAX
}

fn price_problem(offer: &Offer) -> Option<Problem> {
    if offer.price.minor <= 0 {
        return Some(Problem::new(ProblemKind::PriceNotPositive).field("price"));
    }
    (offer.price.currency != CURRENCY).then(|| {
        Problem::new(ProblemKind::PriceCurrency)
            .field("price")
            .param("currency", offer.price.currency)
            .param("expected", CURRENCY)
    })
}

/// Other than new goods need Walmart's Restored or Resold programmes.
fn condition_problem(content: &Content) -> Option<Problem> {
    (content.condition != Condition::New).then(|| {
        Problem::new(ProblemKind::ConditionInvalid)
            .field("condition")
            .param("condition", content.condition.code())
    })
}

fn attribute_problems(content: &Content, rules: &CategoryRules, problems: &mut Vec<Problem>) {
    for rule in &rules.attributes {
        let field = format!("attributes.{}", rule.name);
        let Some(values) = given(content, &rule.name) else {
            if rule.required {
                let problem = Problem::new(ProblemKind::AttributeMissing).field(field);
                problems.push(problem.param("attribute", &rule.name));
            }
            continue;
        };
        let allowed = |value: &String| rule.values.iter().any(|v| v.eq_ignore_ascii_case(value));
        // A list that was cut at its limit cannot refuse anything.
        let whole = rule.closed && rule.values.len() < 500;
        if whole && !values.iter().all(allowed) {
            let some: Vec<&str> = rule.values.iter().take(20).map(String::as_str).collect();
            problems.push(
                Problem::new(ProblemKind::AttributeInvalid)
                    .field(field)
                    .param("attribute", &rule.name)
                    .param("allowed", some.join(", ")),
            );
        }
    }
}

/// What the seller gives for an attribute: an attribute of that name, an option, or a field of the
/// product that is the same thing.
fn given(content: &Content, name: &str) -> Option<Vec<String>> {
    let wanted = normal(name);
    let attribute = content
        .attributes
        .iter()
        .find(|(key, values)| normal(key) == wanted && !values.is_empty());
    if let Some((_, values)) = attribute {
        return Some(values.clone());
    }
    if let Some(option) = content
        .options
        .iter()
        .find(|option| normal(&option.name) == wanted)
    {
        return Some(vec![option.value.clone()]);
    }
    match wanted.as_str() {
        "manufacturerpartnumber" => content.mpn.clone().map(|mpn| vec![mpn]),
        "manufacturer" => content.brand.clone().map(|brand| vec![brand]),
        _ => None,
    }
}

/// The weight of the package in pounds with three decimals, above zero.
pub(crate) fn weight_lb(content: &Content) -> Option<Decimal> {
    let weight = content.weight?.in_unit(WeightUnit::Pound, 3);
    (!weight.is_zero()).then_some(weight)
}

/// What an item row is made for.
#[derive(Clone, Copy, Debug)]
pub(crate) struct RowFrame<'a> {
    /// The SKU there.
    pub(crate) sku: &'a str,
    /// The product type, the single key under `Visible`.
    pub(crate) product_type: &'a str,
    /// What the product type knows.
    pub(crate) spec: &'a TypeSpec,
    /// The fulfilment centre that the quantity is at, where it is known.
    pub(crate) node: Option<&'a str>,
}

/// A row of a full set-up; price and, where the centre is known, quantity go with it.
pub(crate) fn item_row(offer: &Offer, frame: RowFrame<'_>) -> Object {
    let content = &offer.content;
    let mut orderable = orderable(content, frame).put("price", amount(&offer.price));
    if let Some(weight) = weight_lb(content) {
        orderable.set("ShippingWeight", number(weight));
    }
    put_attributes(&mut orderable, content, frame.spec, true);
    if let Some(node) = frame.node {
        let stock = Object::new()
            .put("fulfillmentCenterID", node)
            .put("quantity", offer.quantity);
        orderable.set("inventory", [stock]);
    }
    row(orderable, content, frame)
}

/// A row that changes what buyers read, price and quantity untouched (walmart.md §6.3).
pub(crate) fn maintenance_row(offer: &Offer, frame: RowFrame<'_>) -> Object {
    row(orderable(&offer.content, frame), &offer.content, frame)
}

fn orderable(content: &Content, frame: RowFrame<'_>) -> Object {
    Object::new()
        .put("sku", frame.sku)
        .put("productIdentifiers", identifiers(content.gtin.as_ref()))
}

fn row(orderable: Object, content: &Content, frame: RowFrame<'_>) -> Object {
    let visible = Object::new().put(frame.product_type, visible(content, frame.spec));
    Object::new()
        .put("Orderable", orderable)
        .put("Visible", visible)
}

fn visible(content: &Content, spec: &TypeSpec) -> Object {
    let mut visible = Object::new()
        .put("productName", content.title.trim())
        .put_some("brand", content.brand.as_deref().map(str::trim))
        .put("shortDescription", &content.description);
    let mut urls = content
        .images
        .iter()
        .filter_map(|image| match &image.source {
            ImageSource::Url(url) => Some(url),
            ImageSource::File(_) => None,
        });
    if let Some(main) = urls.next() {
        visible.set("mainImageUrl", main);
    }
    let others: Vec<&String> = urls.collect();
    if !others.is_empty() {
        visible.set("productSecondaryImageURL", others);
    }
    put_attributes(&mut visible, content, spec, false);
    if let (Some(family), true) = (&content.family, spec.families) {
        let differs = |name: &String| {
            content
                .options
                .iter()
                .any(|o| normal(&o.name) == normal(name))
        };
        let names: Vec<&String> = spec.varies.iter().filter(|name| differs(name)).collect();
        // Without something to differ in, a group is refused.
        if !names.is_empty() {
            let primary = if family.primary { "Yes" } else { "No" };
            visible.set("variantGroupId", &family.key);
            visible.set("variantAttributeNames", names);
            visible.set("isPrimaryVariant", primary);
        }
    }
    visible
}

/// Attributes that the product type knows. Others are the seller's own and have no place there:
/// Walmart refuses a row with an unknown attribute (walmart.md §13).
fn put_attributes(object: &mut Object, content: &Content, spec: &TypeSpec, orderable: bool) {
    for attribute in spec.attributes.iter().filter(|a| a.orderable == orderable) {
        let named = content
            .attributes
            .iter()
            .find(|(name, _)| {
                spec.attribute(name)
                    .is_some_and(|a| a.name == attribute.name)
            })
            .map(|(_, values)| values.clone());
        let values = named.or_else(|| given(content, &attribute.name));
        if let Some(values) = values.filter(|_| !object.has(&attribute.name)) {
            attribute.put(object, &values);
        }
    }
}
