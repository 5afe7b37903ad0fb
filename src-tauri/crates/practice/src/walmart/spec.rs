//! Product types and what they ask for (walmart.md §5.3). The real taxonomy has thousands of
//! types; this one has a few, and any other name is taken with the attributes that all share.

use http::StatusCode;
use serde_json::{Map, Value, json};

use super::call::{Answer, Call, ok};
use super::error::{ITEMS, Refusal};
use super::state::State;

/// The most product types in one request (walmart.md §5.3).
const PRODUCT_TYPES_MAX: usize = 20;

/// A product type with attributes of its own.
struct ProductType {
    category: &'static str,
    group: &'static str,
    name: &'static str,
    attributes: &'static [&'static str],
    variant_attributes: &'static [&'static str],
}

const PRODUCT_TYPES: [ProductType; 6] = [
    ProductType {
        category: "Furniture",
        group: "Office Furniture",
        name: "Desk Chairs",
        attributes: &["color", "material", "seatMaterial"],
        variant_attributes: &["color", "material"],
    },
    ProductType {
        category: "Furniture",
        group: "Living Room Furniture",
        name: "Bookcases",
        attributes: &["color", "material", "numberOfShelves"],
        variant_attributes: &["color", "material"],
    },
    ProductType {
        category: "Clothing",
        group: "Tops",
        name: "T-Shirts",
        attributes: &["color", "clothingSize", "material", "gender"],
        variant_attributes: &["color", "clothingSize"],
    },
    ProductType {
        category: "Clothing",
        group: "Tops",
        name: "Sweatshirts & Hoodies",
        attributes: &["color", "clothingSize", "material", "gender"],
        variant_attributes: &["color", "clothingSize"],
    },
    ProductType {
        category: "Electronics",
        group: "Audio",
        name: "Headphones",
        attributes: &["color", "connections", "modelNumber"],
        variant_attributes: &["color"],
    },
    ProductType {
        category: "Electronics",
        group: "Computers",
        name: "Laptop Computers",
        attributes: &["color", "modelNumber", "ramMemory", "hardDriveCapacity"],
        variant_attributes: &["color", "ramMemory"],
    },
];

fn known(name: &str) -> Option<&'static ProductType> {
    PRODUCT_TYPES
        .iter()
        .find(|product_type| product_type.name == name)
}

/// What must be in `Visible` for a product type: types of the taxonomy want a picture and a text.
pub(super) fn required_visible(product_type: &str) -> &'static [&'static str] {
    match known(product_type) {
        Some(_) => &["productName", "brand", "shortDescription", "mainImageUrl"],
        None => &["productName", "brand"],
    }
}

/// Whether a product type's variants may differ in an attribute; unknown types say nothing.
pub(super) fn may_vary_by(product_type: &str, attribute: &str) -> bool {
    known(product_type).is_none_or(|known| known.variant_attributes.contains(&attribute))
}

/// `GET /v3/items/taxonomy`.
pub(super) fn taxonomy(_state: &mut State, _call: &Call<'_>) -> Answer {
    let types = |group: &str| -> Vec<Value> {
        let in_group = PRODUCT_TYPES.iter().filter(|known| known.group == group);
        in_group
            .map(|known| json!({ "productTypeName": known.name }))
            .collect()
    };
    let groups = |category: &str| -> Vec<Value> {
        let mut names: Vec<&str> = PRODUCT_TYPES
            .iter()
            .filter(|known| known.category == category)
            .map(|known| known.group)
            .collect();
        names.dedup();
        let shown =
            |name: &str| json!({ "productTypeGroupName": name, "productType": types(name) });
        names.into_iter().map(shown).collect()
    };
    let mut names: Vec<&str> = PRODUCT_TYPES.iter().map(|known| known.category).collect();
    names.dedup();
    let shown: Vec<Value> = names
        .into_iter()
        .map(|name| json!({ "category": name, "productTypeGroup": groups(name) }))
        .collect();
    ok(&json!({ "itemTaxonomy": shown }))
}

/// `POST /v3/items/spec`: the JSON Schema of a feed for the product types that are asked for.
pub(super) fn spec(_state: &mut State, call: &Call<'_>) -> Answer {
    let body = call.json(ITEMS)?;
    let feed_type = body
        .get("feedType")
        .and_then(Value::as_str)
        .unwrap_or_default();
    if !["MP_ITEM", "MP_MAINTENANCE"].contains(&feed_type) {
        return Err(Refusal::content(ITEMS, "The feed type has no specification.").at("feedType"));
    }
    let version = body
        .get("version")
        .and_then(Value::as_str)
        .unwrap_or_default();
    if !is_item_version(version) {
        return Err(Refusal::content(ITEMS, "The version is not known.").at("version"));
    }
    let names: Vec<&str> = body
        .get("productTypes")
        .and_then(Value::as_array)
        .map(|names| names.iter().filter_map(Value::as_str).collect())
        .unwrap_or_default();
    if names.is_empty() || names.len() > PRODUCT_TYPES_MAX {
        let error = Refusal::content(ITEMS, "One to twenty product types can be asked for.");
        return Err(error.at("productTypes"));
    }
    Ok(crate::http::json(
        StatusCode::OK,
        &schema(version, &names, feed_type == "MP_ITEM"),
    ))
}

/// Tells whether a version is a full dated one (walmart.md §6.3).
pub(super) fn is_item_version(version: &str) -> bool {
    let shape = "5.0.dddddddd-dd_dd_dd-api";
    version.len() == shape.len()
        && version
            .bytes()
            .zip(shape.bytes())
            .all(|(byte, wanted)| match wanted {
                b'd' => byte.is_ascii_digit(),
                wanted => byte == wanted,
            })
}

fn schema(version: &str, names: &[&str], whole: bool) -> Value {
    let mut types = Map::new();
    for name in names {
        types.insert((*name).to_owned(), visible_schema(name, whole));
    }
    let orderable_required: &[&str] = if whole {
        &["sku", "productIdentifiers", "price", "ShippingWeight"]
    } else {
        &["sku", "productIdentifiers"]
    };
    json!({
        "$schema": "http://json-schema.org/draft-07/schema#",
        "type": "object",
        "required": ["MPItemFeedHeader", "MPItem"],
        "properties": {
            "MPItemFeedHeader": {
                "type": "object",
                "required": ["businessUnit", "locale", "version"],
                "additionalProperties": false,
                "properties": {
                    "businessUnit": { "type": "string", "enum": ["WALMART_US"] },
                    "locale": { "type": "string", "enum": ["en"] },
                    "version": { "type": "string", "enum": [version] },
                },
            },
            "MPItem": {
                "type": "array",
                "minItems": 1,
                "maxItems": 10_000,
                "items": {
                    "type": "object",
                    "required": if whole { &["Orderable", "Visible"][..] } else { &["Orderable"] },
                    "additionalProperties": false,
                    "properties": {
                        "Orderable": orderable_schema(orderable_required),
                        "Visible": {
                            "type": "object",
                            "minProperties": 1,
                            "maxProperties": 1,
                            "properties": types,
                        },
                    },
                },
            },
        },
    })
}

fn orderable_schema(required: &[&str]) -> Value {
    json!({
        "type": "object",
        "required": required,
        "properties": {
            "sku": { "title": "SKU", "type": "string", "minLength": 1, "maxLength": 50 },
            "productIdentifiers": {
                "title": "Product Identifiers",
                "type": "object",
                "required": ["productIdType", "productId"],
                "properties": {
                    "productIdType": {
                        "type": "string",
                        "enum": ["UPC", "GTIN", "EAN", "ISBN", "CUSTOM"],
                    },
                    "productId": { "type": "string", "minLength": 1, "maxLength": 14 },
                },
            },
            "price": {
                "title": "Selling Price",
                "type": "number",
                "minimum": 0.01,
                "multipleOf": 0.01,
            },
            "ShippingWeight": {
                "title": "Shipping Weight (lbs)",
                "type": "number",
                "minimum": 0,
                "multipleOf": 0.001,
            },
            "MustShipAlone": { "type": "string", "enum": ["Yes", "No"] },
            "fulfillmentLagTime": { "type": "integer", "minimum": 0, "maximum": 10 },
            "startDate": { "type": "string", "format": "date-time" },
            "endDate": { "type": "string", "format": "date-time" },
            "inventory": {
                "type": "array",
                "items": {
                    "type": "object",
                    "required": ["fulfillmentCenterID", "quantity"],
                    "properties": {
                        "fulfillmentCenterID": { "type": "string" },
                        "quantity": { "type": "integer", "minimum": 0 },
                    },
                },
            },
        },
    })
}

fn visible_schema(product_type: &str, whole: bool) -> Value {
    let list = |low: u32, high: u32, length: u32| {
        json!({
            "type": "array",
            "minItems": low,
            "maxItems": high,
            "items": { "type": "string", "minLength": 1, "maxLength": length },
        })
    };
    let url = json!({ "type": "string", "format": "uri", "maxLength": 2000 });
    let mut properties = json!({
        "productName": {
            "title": "Product Name",
            "type": "string",
            "minLength": 1,
            "maxLength": 199,
        },
        "brand": { "title": "Brand Name", "type": "string", "minLength": 1, "maxLength": 60 },
        "shortDescription": { "title": "Site Description", "type": "string", "maxLength": 4000 },
        "keyFeatures": list(3, 7, 500),
        "mainImageUrl": url,
        "productSecondaryImageURL": { "type": "array", "minItems": 1, "items": url },
        "manufacturer": { "title": "Manufacturer Name", "type": "string", "maxLength": 60 },
        "condition": { "type": "string" },
        "variantGroupId": { "type": "string", "maxLength": 300 },
        "variantAttributeNames": list(1, 7, 100),
        "isPrimaryVariant": { "type": "string", "enum": ["Yes", "No"] },
    });
    if let Some(known) = known(product_type) {
        for attribute in known.attributes {
            properties[*attribute] = json!({ "type": ["string", "array", "number"] });
        }
        properties["variantAttributeNames"]["items"] = json!({ "enum": known.variant_attributes });
    }
    let mut schema = json!({ "type": "object", "properties": properties });
    if whole {
        schema["required"] = json!(required_visible(product_type));
    }
    schema
}
