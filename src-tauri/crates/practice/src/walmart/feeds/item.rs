//! Rows of feeds that set items up or change them (walmart.md §6.3), and what is wrong with them
//! (walmart.md §13).

use std::time::Duration;

use chrono::DateTime;
use serde_json::{Map, Value};

use super::super::catalogue::{self, is_barcode};
use super::super::inventory::set as set_stock;
use super::super::items::gtin14;
use super::super::money::{self, AmountError};
use super::super::price::set as set_price;
use super::super::spec::{may_vary_by, required_visible};
use super::super::state::{Item, Publication, State};
use super::{Feed, RowError};

pub(super) const UNKNOWN: &str = "EXT_DATA_ERROR_60670554076755";
pub(super) const MISSING: &str = "EXT_DATA_ERROR_72600149546850";
pub(super) const BAD_VERSION: &str = "EXT_DATA_ERROR_74597363510508";
pub(super) const WRONG_TYPE: &str = "EXT_DATA_ERROR_50716566635066";
pub(super) const TOO_MANY_DECIMALS: &str = "EXT_DATA_ERROR_68050064665065";
const TOO_FEW: &str = "EXT_DATA_ERROR_55506974520167";
const BAD_DATE: &str = "EXT_DATA_ERROR_00030257670757";
const LONG_MANUFACTURER: &str = "EXT_DATA_ERROR_01076067496949";
const RESERVED_PREFIX: &str = "EXT_DATA_ERROR_54514906640101";
const REVIEW: &str = "EXT_DATA_ERROR_56026862530206";
const PROHIBITED: &str = "EXT_DATA_ERROR_71666506605865";
const CONTENT: &str = "EXT_DATA_ERROR_07705958490105";
const OTHER_BARCODE: &str = "ERR_EXT_DATA_0101211";
const BARCODE_TAKEN: &str = "ERR_EXT_DATA_0101119";

/// How long a new item takes to be published once its feed is done, before chance adds to it.
const PUBLISH_DELAY: Duration = Duration::from_secs(60);
/// How long a compliance review takes.
const REVIEW_DELAY: Duration = Duration::from_secs(1_800);

/// What may stand in `Orderable`: the 4.3 vocabulary and what 5.0 adds (walmart.md §6.3).
const ORDERABLE: [&str; 26] = [
    "sku",
    "productIdentifiers",
    "price",
    "ShippingWeight",
    "MustShipAlone",
    "fulfillmentLagTime",
    "startDate",
    "endDate",
    "country_of_origin_substantial_transformation",
    "inventory",
    "pricePerUnit",
    "electronicsIndicator",
    "batteryTechnologyType",
    "chemicalAerosolPesticide",
    "multipackQuantity",
    "shipsInOriginalPackaging",
    "additionalOfferAttributes",
    "externalProductIdentifier",
    "ProductIdUpdate",
    "SkuUpdate",
    "productTaxCode",
    "stateRestrictions",
    "msrp",
    "quantity",
    "condition",
    "localizedOrderable",
];

/// A review is pending, not failed (walmart.md §13).
pub(super) fn is_review(code: &str) -> bool {
    code == REVIEW
}

/// What a row says; what it does not say stays as it is.
#[derive(Default)]
struct Wanted {
    sku: String,
    identifier_type: String,
    identifier: String,
    price: Option<i64>,
    weight: Option<u64>,
    name: Option<String>,
    brand: Option<String>,
    product_type: Option<String>,
    condition: Option<String>,
    image: Option<String>,
    lag_days: Option<u32>,
    units: Option<u32>,
    variant_group: Option<String>,
    primary_variant: bool,
    new_identifier: bool,
}

/// Applies one row. Errors of a review come with an item that was set up all the same.
pub(super) fn apply(state: &mut State, feed: &Feed, row: &Value) -> Result<(), Vec<RowError>> {
    let read = match feed.feed_type.as_str() {
        "MP_ITEM_MATCH" => read_match(state, row),
        kind => read_item(row, kind == "MP_ITEM", state),
    };
    let applied = read.and_then(|wanted| set_up(state, feed, wanted));
    if applied
        .as_ref()
        .is_err_and(|errors| !errors.iter().any(|error| is_review(&error.code)))
    {
        let sku = ["/Orderable/sku", "/Item/sku"]
            .iter()
            .find_map(|path| row.pointer(path)?.as_str());
        if let Some(sku) = sku.filter(|sku| !sku.is_empty() && !state.items.contains_key(*sku)) {
            state.refused.insert(sku.to_owned());
        }
    }
    applied
}

fn read_match(state: &State, row: &Value) -> Result<Wanted, Vec<RowError>> {
    let empty = Map::new();
    let fields = row.get("Item").and_then(Value::as_object).unwrap_or(&empty);
    let mut check = Check {
        fields,
        errors: Vec::new(),
    };
    let mut wanted = Wanted {
        sku: check.text("sku", true, 50).unwrap_or_default(),
        price: check.amount("price", true),
        weight: check.weight("ShippingWeight", true),
        condition: check.text("condition", false, 50),
        ..Wanted::default()
    };
    check.identifiers(&mut wanted);
    if check.errors.is_empty() {
        match catalogue::page(state.seed, &wanted.identifier) {
            Some(page) => {
                wanted.name = Some(page.title());
                wanted.brand = Some("Catalogue Brand".to_owned());
                wanted.product_type = Some(page.product_type().to_owned());
            }
            None => {
                let text = "No catalogue item has this identifier; set the item up with MP_ITEM.";
                check.fail("CONTENT_NOT_FOUND", "productId", text);
            }
        }
    }
    check.done(wanted)
}

fn read_item(row: &Value, whole: bool, state: &State) -> Result<Wanted, Vec<RowError>> {
    let empty = Map::new();
    let fields = row
        .get("Orderable")
        .and_then(Value::as_object)
        .unwrap_or(&empty);
    let mut check = Check {
        fields,
        errors: Vec::new(),
    };
    for key in fields.keys() {
        if !ORDERABLE.contains(&key.as_str()) {
            check.fail(UNKNOWN, key, "The attribute is not known.");
        }
    }
    let mut wanted = Wanted {
        sku: check.text("sku", true, 50).unwrap_or_default(),
        price: check.amount("price", whole),
        weight: check.weight("ShippingWeight", whole),
        new_identifier: check.text("ProductIdUpdate", false, 3).as_deref() == Some("Yes"),
        ..Wanted::default()
    };
    check.identifiers(&mut wanted);
    check.date("startDate");
    check.date("endDate");
    wanted.lag_days = check.whole_number("fulfillmentLagTime", 10);
    wanted.units = check.inventory([&state.keys.ship_node, &state.keys.partner_id]);
    let mut errors = check.errors;
    let visible = row
        .get("Visible")
        .and_then(Value::as_object)
        .unwrap_or(&empty);
    match visible.iter().next() {
        Some((product_type, Value::Object(fields))) if visible.len() == 1 => {
            let mut check = Check { fields, errors };
            read_visible(&mut check, product_type, whole, &mut wanted);
            errors = check.errors;
        }
        None if !whole => {}
        _ => {
            let text = "Visible must have exactly one key, the product type.";
            errors.push(RowError::new(MISSING, "Visible", text));
        }
    }
    Check {
        fields: &empty,
        errors,
    }
    .done(wanted)
}

fn read_visible(check: &mut Check<'_>, product_type: &str, whole: bool, wanted: &mut Wanted) {
    let required: &[&str] = if whole {
        required_visible(product_type)
    } else {
        &[]
    };
    let needs = |name: &str| required.contains(&name);
    wanted.product_type = Some(product_type.to_owned());
    wanted.name = check.text("productName", needs("productName"), 199);
    wanted.brand = check.text("brand", needs("brand"), 60);
    check.text("shortDescription", needs("shortDescription"), 4_000);
    wanted.image = check.text("mainImageUrl", needs("mainImageUrl"), 2_000);
    if wanted
        .image
        .as_ref()
        .is_some_and(|url| !url.starts_with("https://"))
    {
        check.fail(
            CONTENT,
            "mainImageUrl",
            "The image address must be public and HTTPS.",
        );
    }
    wanted.condition = check.text("condition", false, 50);
    if check
        .text("manufacturer", false, 4_000)
        .is_some_and(|text| text.chars().count() > 60)
    {
        check.fail(
            LONG_MANUFACTURER,
            "manufacturer",
            "The manufacturer has more than 60 letters.",
        );
    }
    check.list("keyFeatures", 3, 7, 500);
    check.list("productSecondaryImageURL", 1, 50, 2_000);
    wanted.variant_group = check.text("variantGroupId", false, 300);
    wanted.primary_variant = check.text("isPrimaryVariant", false, 3).as_deref() == Some("Yes");
    for name in check.list("variantAttributeNames", 1, 7, 100) {
        if !may_vary_by(product_type, &name) {
            check.fail(
                UNKNOWN,
                "variantAttributeNames",
                "Variants cannot differ in this.",
            );
        }
    }
}

/// Reads the fields of one object and collects what is wrong with them.
struct Check<'a> {
    fields: &'a Map<String, Value>,
    errors: Vec<RowError>,
}

impl Check<'_> {
    fn fail(&mut self, code: &str, field: &str, text: &str) {
        self.errors.push(RowError::new(code, field, text));
    }

    fn done(self, wanted: Wanted) -> Result<Wanted, Vec<RowError>> {
        if self.errors.is_empty() {
            Ok(wanted)
        } else {
            Err(self.errors)
        }
    }

    fn present(&mut self, name: &str, required: bool) -> Option<Value> {
        let value = self
            .fields
            .get(name)
            .filter(|value| !value.is_null())
            .cloned();
        if value.is_none() && required {
            self.fail(MISSING, name, "The attribute is required.");
        }
        value
    }

    fn text(&mut self, name: &str, required: bool, max: usize) -> Option<String> {
        let value = self.present(name, required)?;
        let Some(text) = value.as_str() else {
            self.fail(WRONG_TYPE, name, "The attribute must be text.");
            return None;
        };
        if text.trim().is_empty() && required {
            self.fail(MISSING, name, "The attribute is required.");
            return None;
        }
        if text.chars().count() > max {
            self.fail(CONTENT, name, "The text is longer than allowed.");
            return None;
        }
        Some(text.to_owned())
    }

    fn scaled(&mut self, name: &str, required: bool, decimals: u32) -> Option<i64> {
        let value = self.present(name, required)?;
        match money::scaled(&value, decimals) {
            Ok(number) => return Some(number),
            Err(AmountError::NotNumber) => {
                self.fail(WRONG_TYPE, name, "The attribute must be a number.");
            }
            Err(AmountError::Decimals) => {
                self.fail(TOO_MANY_DECIMALS, name, "The number has too many decimals.");
            }
            Err(AmountError::Range) => self.fail(CONTENT, name, "The number is too large."),
        }
        None
    }

    fn amount(&mut self, name: &str, required: bool) -> Option<i64> {
        let cents = self.scaled(name, required, 2)?;
        if cents <= 0 {
            self.fail(CONTENT, name, "The price must be above zero.");
            return None;
        }
        Some(cents)
    }

    fn weight(&mut self, name: &str, required: bool) -> Option<u64> {
        let weight = self.scaled(name, required, 3)?;
        let weight = u64::try_from(weight).ok();
        if weight.is_none() {
            self.fail(CONTENT, name, "The weight must not be negative.");
        }
        weight
    }

    fn whole_number(&mut self, name: &str, max: u64) -> Option<u32> {
        let value = self.present(name, false)?;
        let number = value.as_u64().filter(|number| *number <= max);
        if number.is_none() {
            self.fail(
                WRONG_TYPE,
                name,
                "The attribute must be a whole number in its range.",
            );
        }
        number.and_then(|number| u32::try_from(number).ok())
    }

    fn list(&mut self, name: &str, low: usize, high: usize, length: usize) -> Vec<String> {
        let Some(value) = self.present(name, false) else {
            return Vec::new();
        };
        let texts: Option<Vec<String>> = value
            .as_array()
            .map(|items| {
                items
                    .iter()
                    .map(|item| item.as_str().map(str::to_owned))
                    .collect()
            })
            .unwrap_or(None);
        let Some(texts) = texts else {
            self.fail(WRONG_TYPE, name, "The attribute must be a list of texts.");
            return Vec::new();
        };
        if texts.len() < low {
            self.fail(TOO_FEW, name, "The list has too few entries.");
        }
        if texts.len() > high || texts.iter().any(|text| text.chars().count() > length) {
            self.fail(
                CONTENT,
                name,
                "The list or one of its texts is longer than allowed.",
            );
        }
        texts
    }

    fn date(&mut self, name: &str) {
        let Some(text) = self.text(name, false, 40) else {
            return;
        };
        if DateTime::parse_from_rfc3339(&text).is_err() {
            self.fail(
                BAD_DATE,
                name,
                "The date is not of the form yyyy-MM-ddTHH:mm:ssZ.",
            );
        }
    }

    fn identifiers(&mut self, wanted: &mut Wanted) {
        let Some(value) = self.present("productIdentifiers", true) else {
            return;
        };
        let text = |name: &str| value.get(name).and_then(Value::as_str).unwrap_or_default();
        let (kind, id) = (text("productIdType"), text("productId"));
        // A GTIN exemption is granted to whoever asks, whichever type is named (walmart.md §6.3).
        if id == "CUSTOM" && ["CUSTOM", "GTIN", "UPC", "EAN", "ISBN"].contains(&kind) {
            wanted.identifier_type = kind.to_owned();
            wanted.identifier = id.to_owned();
            return;
        }
        if !is_barcode(kind, id) {
            self.fail(
                CONTENT,
                "productId",
                "The identifier is not valid for its type.",
            );
        } else if kind == "UPC" && matches!(id.as_bytes().first(), Some(b'2'..=b'5')) {
            self.fail(
                RESERVED_PREFIX,
                "productId",
                "UPCs that begin with 2 to 5 are reserved.",
            );
        }
        wanted.identifier_type = kind.to_owned();
        wanted.identifier = id.to_owned();
    }

    fn inventory(&mut self, own_nodes: [&String; 2]) -> Option<u32> {
        let value = self.present("inventory", false)?;
        let Some(rows) = value.as_array() else {
            self.fail(WRONG_TYPE, "inventory", "The attribute must be a list.");
            return None;
        };
        let mut units = None;
        for row in rows {
            let node = row
                .get("fulfillmentCenterID")
                .and_then(Value::as_str)
                .unwrap_or_default();
            if !own_nodes.iter().any(|own| *own == node) {
                self.fail(
                    CONTENT,
                    "fulfillmentCenterID",
                    "The ship node is not known.",
                );
            }
            let quantity = row.get("quantity").and_then(Value::as_u64);
            units = quantity.and_then(|quantity| u32::try_from(quantity).ok());
            if units.is_none() {
                self.fail(
                    WRONG_TYPE,
                    "quantity",
                    "The quantity must be a whole number.",
                );
            }
        }
        units
    }
}

fn set_up(state: &mut State, feed: &Feed, wanted: Wanted) -> Result<(), Vec<RowError>> {
    let known = state.items.get(&wanted.sku);
    if known.is_none() && feed.feed_type == "MP_MAINTENANCE" {
        let text = "The SKU is not found; set it up first.";
        return Err(vec![RowError::new("CONTENT_NOT_FOUND", "sku", text)]);
    }
    if known.is_some_and(|item| item.identifier != wanted.identifier) && !wanted.new_identifier {
        let text = "The SKU already belongs to another product identifier.";
        return Err(vec![RowError::new(OTHER_BARCODE, "sku", text)]);
    }
    let owner = state.barcodes.get(&gtin14(&wanted.identifier));
    if owner.is_some_and(|sku| *sku != wanted.sku) {
        let text = "The product identifier already belongs to another SKU.";
        return Err(vec![RowError::new(BARCODE_TAKEN, "productId", text)]);
    }
    if state.faults.meets("prohibited", "submitFeed") {
        let text = "This product may not be sold.";
        return Err(vec![RowError::new(PROHIBITED, "sku", text)]);
    }
    let review = state.faults.meets("compliance_review", "submitFeed");
    let wait = Duration::from_secs(state.ids.below(60))
        + if review { REVIEW_DELAY } else { PUBLISH_DELAY };
    let publish_at = feed.done_at + wait;
    state.next_publish_at = Some(
        state
            .next_publish_at
            .map_or(publish_at, |next| next.min(publish_at)),
    );
    let sku = wanted.sku.clone();
    if wanted.new_identifier {
        state.barcodes.retain(|_, owner| *owner != sku);
    }
    if wanted.identifier != "CUSTOM" {
        state
            .barcodes
            .insert(gtin14(&wanted.identifier), sku.clone());
    }
    if !state.items.contains_key(&sku) {
        let item = new_item(state, &wanted, publish_at);
        state.items.insert(sku.clone(), item);
    }
    let node = state.keys.ship_node.clone();
    state.refused.remove(&sku);
    if let Some(item) = state.items.get_mut(&sku) {
        change(item, wanted, feed, &node);
        if item.retired {
            item.retired = false;
            item.published = Publication::InProgress;
            item.publish_at = publish_at;
        }
    }
    if review {
        let text = "The item is under compliance review.";
        return Err(vec![RowError::new(REVIEW, "sku", text)]);
    }
    Ok(())
}

fn new_item(state: &mut State, wanted: &Wanted, publish_at: Duration) -> Item {
    let letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
    let page = catalogue::page(state.seed, &wanted.identifier);
    let own_id = state.ids.digits(10);
    Item {
        sku: wanted.sku.clone(),
        wpid: state.ids.text(12, letters),
        item_id: page.map_or(own_id, |page| page.item_id()),
        identifier_type: wanted.identifier_type.clone(),
        identifier: wanted.identifier.clone(),
        name: String::new(),
        brand: String::new(),
        product_type: String::new(),
        condition: "New".to_owned(),
        image: None,
        weight: 0,
        price: None,
        price_sent_at: Duration::ZERO,
        published: Publication::InProgress,
        publish_at,
        retired: false,
        lag_days: 1,
        variant_group: None,
        primary_variant: false,
        nodes: [(state.keys.ship_node.clone(), Default::default())].into(),
    }
}

fn change(item: &mut Item, wanted: Wanted, feed: &Feed, node: &str) {
    item.identifier_type = wanted.identifier_type;
    item.identifier = wanted.identifier;
    if let Some(cents) = wanted.price {
        set_price(item, cents, feed.submitted);
    }
    item.name = wanted
        .name
        .unwrap_or_else(|| std::mem::take(&mut item.name));
    item.brand = wanted
        .brand
        .unwrap_or_else(|| std::mem::take(&mut item.brand));
    item.product_type = wanted
        .product_type
        .unwrap_or_else(|| std::mem::take(&mut item.product_type));
    item.condition = wanted
        .condition
        .unwrap_or_else(|| std::mem::take(&mut item.condition));
    item.weight = wanted.weight.unwrap_or(item.weight);
    item.lag_days = wanted.lag_days.unwrap_or(item.lag_days);
    if wanted.image.is_some() {
        item.image = wanted.image;
    }
    if wanted.variant_group.is_some() {
        item.variant_group = wanted.variant_group;
        item.primary_variant = wanted.primary_variant;
    }
    if let Some(units) = wanted.units {
        set_stock(item, node, units);
    }
}
