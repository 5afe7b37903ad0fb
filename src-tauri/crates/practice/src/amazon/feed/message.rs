//! The document of a feed of listings, held to its schema (amazon.md §5).

use serde_json::{Map, Value};

use super::super::listing::{Change, DATA, Patch, Requirements, Wanted, patches};
use super::super::site::Site;

/// The most messages of a feed.
const MESSAGES_MAX: usize = 25_000;
const MESSAGE_ID_MAX: u64 = 2_147_483_647;
/// The longest SKU.
const SKU_MAX: usize = 40;

/// What a document holds.
pub(super) struct Content {
    pub(super) messages: Vec<Value>,
    /// What the report is to tell of the listings; nothing where it is empty.
    pub(super) included: Vec<String>,
}

/// What identifies a message, as far as it can be read.
pub(super) struct Head {
    pub(super) id: Option<u64>,
    pub(super) sku: Option<String>,
}

/// Reads a document, or says why it is refused as a whole.
pub(super) fn read(text: &str, seller_id: &str) -> Result<Content, String> {
    let mut file: Value =
        serde_json::from_str(text).map_err(|_| "The document is not JSON.".to_owned())?;
    let header = file.get("header").cloned().unwrap_or_default();
    if header.get("version").and_then(Value::as_str) != Some("2.0") {
        return Err("The version in the header must be 2.0.".to_owned());
    }
    if header.get("sellerId").and_then(Value::as_str) != Some(seller_id) {
        return Err("The sellerId in the header is not that of the seller.".to_owned());
    }
    let included = match header.get("report") {
        None => Vec::new(),
        Some(report) => included(report).ok_or("The report in the header is not valid.")?,
    };
    let messages = match file.get_mut("messages").map(Value::take) {
        Some(Value::Array(messages)) if !messages.is_empty() => messages,
        _ => return Err("The messages are missing.".to_owned()),
    };
    if messages.len() > MESSAGES_MAX {
        return Err(format!("A feed has at most {MESSAGES_MAX} messages."));
    }
    Ok(Content { messages, included })
}

fn included(report: &Value) -> Option<Vec<String>> {
    let version = report.get("apiVersion").and_then(Value::as_str);
    let names = report.get("includedData").and_then(Value::as_array)?;
    let names: Option<Vec<&str>> = names.iter().map(Value::as_str).collect();
    let names = names.filter(|names| !names.is_empty())?;
    let known = names.iter().all(|name| DATA.contains(name));
    let names = names.into_iter().map(str::to_owned).collect();
    (known && version == Some("2021-08-01")).then_some(names)
}

pub(super) fn head(message: &Value) -> Head {
    let id = message.get("messageId").and_then(Value::as_u64);
    let sku = message.get("sku").and_then(Value::as_str);
    Head {
        id: id.filter(|id| (1..=MESSAGE_ID_MAX).contains(id)),
        sku: sku.filter(|sku| !sku.is_empty()).map(str::to_owned),
    }
}

/// Reads what a message wants; fields of another operation are not allowed beside its own.
pub(super) fn wanted<'a>(message: &'a Value, site: &'static Site) -> Result<Wanted<'a>, String> {
    let text = |field: &str| message.get(field).and_then(Value::as_str);
    let head = head(message);
    head.id.ok_or("The messageId must be a number from 1.")?;
    let sku = text("sku").filter(|sku| (1..=SKU_MAX).contains(&sku.chars().count()));
    let sku = sku.ok_or("The sku is missing or too long.")?;
    let operation = text("operationType").unwrap_or_default();
    let foreign: &[&str] = match operation {
        "UPDATE" => &["patches"],
        "PARTIAL_UPDATE" => &["patches", "requirements"],
        "PATCH" => &["attributes", "requirements"],
        "DELETE" => &["productType", "attributes", "patches", "requirements"],
        _ => return Err("The operationType is not known.".to_owned()),
    };
    if let Some(field) = foreign.iter().find(|field| message.get(**field).is_some()) {
        return Err(format!(
            "The field {field} is not applicable to {operation}."
        ));
    }
    let change = match operation {
        "UPDATE" => Change::Put {
            requirements: Requirements::read(message.get("requirements"))
                .ok_or("The requirements are not known.")?,
            attributes: attributes(message)?.clone(),
        },
        "PARTIAL_UPDATE" => {
            let rows = attributes(message)?.iter();
            let patches: Option<Vec<Patch>> = rows
                .map(|(name, value)| Patch::replacing(name, value))
                .collect();
            Change::Patch(patches.ok_or("An attribute must be a list of objects.")?)
        }
        "PATCH" => Change::Patch(patches(message.get("patches"))?),
        _ => Change::Delete,
    };
    let product_type = match change {
        Change::Delete => "PRODUCT",
        _ => text("productType")
            .filter(|text| !text.is_empty())
            .ok_or("The productType is missing.")?,
    };
    Ok(Wanted {
        sku,
        site,
        product_type,
        change,
    })
}

fn attributes(message: &Value) -> Result<&Map<String, Value>, String> {
    let attributes = message.get("attributes").and_then(Value::as_object);
    let attributes = attributes.filter(|attributes| !attributes.is_empty());
    attributes.ok_or_else(|| "The attributes are missing.".to_owned())
}
