//! The shapes of listing attributes.
//!
//! Amazon publishes them seller by seller and product type by product type, not as files: the
//! models leave `attributes` open. What amazon.md §4.3 and §4.4 say of the attributes of offers is
//! written down here and held to as strictly as a published schema.

use super::documents::Document;
use super::schema::{Direction, SchemaAt, Schemas};
use super::{Findings, Place, record};
use serde_json::{Value, json};
use std::path::PathBuf;
use std::sync::Arc;

/// The schemas by attribute, under the name of the section that they are written from.
#[derive(Debug)]
pub(super) struct Attributes {
    document: Arc<Document>,
}

impl Attributes {
    pub(super) fn new() -> Attributes {
        let document = Document {
            name: "amazon.md §4.3".to_owned(),
            value: schemas(),
            folder: PathBuf::new(),
        };
        Attributes {
            document: Arc::new(document),
        }
    }

    /// Holds a listing as it is put, patched, or changed by one message of a feed.
    ///
    /// `at` is the JSON pointer of `listing` in the body.
    pub(super) fn hold(
        &self,
        schemas: &mut Schemas,
        listing: &Value,
        at: &str,
        findings: &mut Findings,
    ) {
        for (name, value) in listing["attributes"].as_object().into_iter().flatten() {
            let place = format!("{at}/attributes/{name}");
            self.hold_one(schemas, name, value, &place, findings);
        }
        if listing["requirements"] == "LISTING_OFFER_ONLY" {
            hold_identity(&listing["attributes"], at, findings);
        }
        let patches = listing["patches"].as_array().into_iter().flatten();
        for (number, patch) in patches.enumerate() {
            let place = format!("{at}/patches/{number}");
            let path = patch["path"].as_str().unwrap_or_default();
            let name = path.strip_prefix("/attributes/").unwrap_or_default();
            // §4.4: only top-level attributes can be patched.
            if name.is_empty() || name.contains('/') {
                let message = "is no path of a top-level attribute";
                findings.add(Place::RequestBody, &format!("{place}/path"), message);
            } else if !patch["value"].is_array() {
                let message = "`value` is always an array";
                findings.add(Place::RequestBody, &format!("{place}/value"), message);
            } else if patch["op"] != "delete" {
                // A delete names selectors only.
                let place = format!("{place}/value");
                self.hold_one(schemas, name, &patch["value"], &place, findings);
            }
        }
    }

    fn hold_one(
        &self,
        schemas: &mut Schemas,
        name: &str,
        value: &Value,
        at: &str,
        findings: &mut Findings,
    ) {
        if self.document.value.get(name).is_none() {
            let message = "the reference has no such attribute of an offer";
            return findings.add(Place::RequestBody, at, message);
        }
        let schema = SchemaAt {
            document: self.document.clone(),
            pointer: format!("/{name}"),
        };
        let faults = schemas.faults(schema, Direction::Request, value);
        let faults = faults.map(|mut faults| {
            for fault in &mut faults {
                fault.at = format!("{at}{}", fault.at);
            }
            faults
        });
        record(faults, Place::RequestBody, findings);
    }
}

/// §4.3: an offer names the page that it stands on, by ASIN or by barcode number.
fn hold_identity(attributes: &Value, at: &str, findings: &mut Findings) {
    let named = [
        "merchant_suggested_asin",
        "externally_assigned_product_identifier",
        "supplier_declared_has_product_identifier_exemption",
    ];
    if named.iter().all(|name| attributes.get(name).is_none()) {
        let message = "an offer names neither an ASIN nor a barcode number";
        findings.add(Place::RequestBody, &format!("{at}/attributes"), message);
    }
}

fn list(item: Value) -> Value {
    json!({"type": "array", "minItems": 1, "items": item})
}

/// An entry with `marketplace_id` and more properties, of which some are required.
fn of_site(properties: Value, required: &[&str]) -> Value {
    let mut entry = json!({"type": "object", "properties": properties, "required": required});
    entry["properties"]["marketplace_id"] = json!({"type": "string", "minLength": 10});
    if let Some(required) = entry["required"].as_array_mut() {
        required.push(json!("marketplace_id"));
    }
    list(entry)
}

/// A price over a schedule; a number with at most two decimals, never a text.
fn scheduled(more: Value, required: &[&str]) -> Value {
    let price = json!({"type": "number", "exclusiveMinimum": 0, "multipleOf": 0.01});
    let mut entry = json!({"type": "object", "properties": more, "required": required});
    entry["properties"]["value_with_tax"] = price;
    if let Some(required) = entry["required"].as_array_mut() {
        required.push(json!("value_with_tax"));
    }
    list(json!({"type": "object", "required": ["schedule"],
        "properties": {"schedule": list(entry)}}))
}

fn text_of_site() -> Value {
    of_site(
        json!({"value": {"type": "string", "minLength": 1},
        "language_tag": {"type": "string", "pattern": "^[a-z]{2}_[A-Z]{2}$"}}),
        &["value"],
    )
}

fn image_of_site() -> Value {
    of_site(
        json!({"media_location": {"type": "string", "pattern": "^(https?|s3)://"}}),
        &["media_location"],
    )
}

fn schemas() -> Value {
    let mut all = json!({
        "purchasable_offer": offer(),
        "fulfillment_availability": availability(),
        "merchant_suggested_asin": of_site(
            json!({"value": {"type": "string", "pattern": "^[A-Z0-9]{10}$"}}), &["value"]),
        "externally_assigned_product_identifier": of_site(json!({
            "type": {"type": "string", "enum": ["ean", "gtin", "upc"]},
            "value": {"type": "string", "pattern": "^[0-9]{8,14}$"}}), &["type", "value"]),
        "supplier_declared_has_product_identifier_exemption": of_site(
            json!({"value": {"type": "boolean"}}), &["value"]),
        "condition_type": of_site(json!({"value": {"type": "string", "enum": CONDITIONS}}),
            &["value"]),
        "merchant_shipping_group": of_site(
            json!({"value": {"type": "string", "minLength": 1}}), &["value"]),
        "list_price": of_site(json!({
            "currency": {"type": "string", "pattern": "^[A-Z]{3}$"},
            "value": {"type": "number", "exclusiveMinimum": 0, "multipleOf": 0.01},
            "value_with_tax": {"type": "number", "exclusiveMinimum": 0, "multipleOf": 0.01},
        }), &["currency"]),
        "skip_offer": of_site(json!({"value": {"type": "boolean"}}), &["value"]),
    });
    for text in [
        "condition_note",
        "item_name",
        "bullet_point",
        "product_description",
        "generic_keyword",
        "brand",
        "manufacturer",
    ] {
        all[text] = text_of_site();
    }
    all["main_offer_image_locator"] = image_of_site();
    for place in 1..=5 {
        all[format!("other_offer_image_locator_{place}")] = image_of_site();
    }
    all
}

const CONDITIONS: [&str; 13] = [
    "new_new",
    "new_open_box",
    "new_oem",
    "refurbished_refurbished",
    "used_like_new",
    "used_very_good",
    "used_good",
    "used_acceptable",
    "collectible_like_new",
    "collectible_very_good",
    "collectible_good",
    "collectible_acceptable",
    "club_club",
];

/// §4.3 and §4.4: an entry is found by site, currency and audience; all but the last is required,
/// the last only for those who sell to businesses.
fn offer() -> Value {
    let moment = json!({"type": "object", "required": ["value"],
        "properties": {"value": {"type": "string", "minLength": 10}}});
    let day = json!({"type": "string", "minLength": 10});
    of_site(
        json!({
            "currency": {"type": "string", "pattern": "^[A-Z]{3}$"},
            "audience": {"type": "string", "pattern": "^(ALL|B2B(_[A-Z0-9_]+)?)$"},
            "our_price": scheduled(json!({}), &[]),
            "discounted_price": scheduled(json!({"start_at": day.clone(), "end_at": day}),
                &["start_at", "end_at"]),
            "minimum_seller_allowed_price": scheduled(json!({}), &[]),
            "maximum_seller_allowed_price": scheduled(json!({}), &[]),
            "map_price": scheduled(json!({}), &[]),
            "start_at": moment.clone(),
            "end_at": moment,
        }),
        &["currency", "our_price"],
    )
}

/// §4.3: `marketplace_id` is read here and may not be sent back; a quantity belongs to the
/// seller's own channel and to no other.
fn availability() -> Value {
    list(json!({
        "type": "object",
        "required": ["fulfillment_channel_code"],
        "additionalProperties": false,
        "properties": {
            "fulfillment_channel_code": {"type": "string", "minLength": 1},
            "quantity": {"type": "integer", "minimum": 0},
            "lead_time_to_ship_max_days": {"type": "integer", "minimum": 0, "maximum": 30},
            "restock_date": {"type": "string", "minLength": 10},
            "is_inventory_available": {"type": "boolean"},
        },
        "oneOf": [
            {"properties": {"fulfillment_channel_code": {"const": "DEFAULT"}},
                "anyOf": [{"required": ["quantity"]}, {"required": ["is_inventory_available"]}]},
            {"properties": {"fulfillment_channel_code": {"type": "string", "pattern": "^AMAZON_"},
                "quantity": false}},
        ],
    }))
}
