//! Items, offers, prices and stock (ebay.md §6).

use barrow_market::Result;
use barrow_model::{Money, Sku};
use bytes::Bytes;
use http::Request;
use serde_json::{Map, Value, json};

use super::{delete, encoded, get, post, put};
use crate::config::SiteFacts;
use crate::map;

/// Writes up to 25 items whole; each tells its own locale (ebay.md §6.1).
pub fn bulk_items(api: &str, site: &SiteFacts, items: Vec<Value>) -> Result<Request<Bytes>> {
    let path = "/sell/inventory/v1/bulk_create_or_replace_inventory_item";
    post(api, path, site, &json!({ "requests": items }))
}

/// Creates up to 25 offers (ebay.md §6.1).
pub fn bulk_create_offer(
    api: &str,
    site: &SiteFacts,
    offers: Vec<Value>,
) -> Result<Request<Bytes>> {
    let path = "/sell/inventory/v1/bulk_create_offer";
    post(api, path, site, &json!({ "requests": offers }))
}

/// Publishes up to 25 offers (ebay.md §6.1).
pub fn bulk_publish(api: &str, site: &SiteFacts, offers: Vec<Value>) -> Result<Request<Bytes>> {
    let path = "/sell/inventory/v1/bulk_publish_offer";
    post(api, path, site, &json!({ "requests": offers }))
}

/// Reads up to 25 items (ebay.md §6.1).
pub fn bulk_get_items(api: &str, site: &SiteFacts, items: Vec<Value>) -> Result<Request<Bytes>> {
    let path = "/sell/inventory/v1/bulk_get_inventory_item";
    post(api, path, site, &json!({ "requests": items }))
}

/// Replaces an offer whole (ebay.md §6.4).
pub fn update_offer(
    api: &str,
    site: &SiteFacts,
    offer_id: &str,
    body: &Value,
) -> Result<Request<Bytes>> {
    let path = format!("/sell/inventory/v1/offer/{}", encoded(offer_id));
    put(api, &path, site, body)
}

/// New price and quantity of one SKU (ebay.md §6.5).
#[derive(Clone, Debug, PartialEq)]
pub struct PriceQuantityEntry<'a> {
    /// The SKU.
    pub sku: &'a Sku,
    /// The item's units; none leaves them.
    pub quantity: Option<u32>,
    /// Its offers: id, price, units. What is none stays.
    pub offers: Vec<(&'a str, Option<Money>, Option<u32>)>,
}

/// Sets prices and quantities of up to 25 SKUs.
pub fn price_quantity(api: &str, site: &SiteFacts, entries: Vec<Value>) -> Result<Request<Bytes>> {
    let path = "/sell/inventory/v1/bulk_update_price_quantity";
    post(api, path, site, &json!({ "requests": entries }))
}

/// One SKU's entry of [`price_quantity`]. Item and offer move together, since the smaller of both
/// counts (ebay.md §6.5).
pub fn price_quantity_entry(entry: &PriceQuantityEntry<'_>) -> Value {
    let mut body = Map::new();
    body.insert("sku".to_owned(), json!(entry.sku.as_str()));
    if let Some(quantity) = entry.quantity {
        let availability = json!({ "quantity": quantity });
        body.insert("shipToLocationAvailability".to_owned(), availability);
    }
    let offers: Vec<Value> = entry
        .offers
        .iter()
        .map(|(id, price, quantity)| {
            let mut offer = Map::new();
            offer.insert("offerId".to_owned(), json!(id));
            if let Some(quantity) = quantity {
                offer.insert("availableQuantity".to_owned(), json!(quantity));
            }
            if let Some(price) = price {
                offer.insert("price".to_owned(), map::amount(price));
            }
            Value::Object(offer)
        })
        .collect();
    body.insert("offers".to_owned(), Value::Array(offers));
    Value::Object(body)
}

/// Ends a listing; without the empty body the gateway answers 411 (ebay.md §3).
pub fn withdraw(api: &str, site: &SiteFacts, offer_id: &str) -> Result<Request<Bytes>> {
    let path = format!("/sell/inventory/v1/offer/{}/withdraw", encoded(offer_id));
    post(api, &path, site, &json!({}))
}

fn group_path(key: &str) -> String {
    format!("/sell/inventory/v1/inventory_item_group/{}", encoded(key))
}

/// A group of variations.
pub fn get_group(api: &str, site: &SiteFacts, key: &str) -> Result<Request<Bytes>> {
    get(api, &group_path(key), site)
}

/// Replaces a group of variations whole (ebay.md §6.6).
pub fn put_group(api: &str, site: &SiteFacts, key: &str, body: &Value) -> Result<Request<Bytes>> {
    put(api, &group_path(key), site, body)
}

/// Removes a group and keeps its items (ebay.md §6.1).
pub fn delete_group(api: &str, site: &SiteFacts, key: &str) -> Result<Request<Bytes>> {
    delete(api, &group_path(key), site)
}

/// Makes a group one listing of a site, or adds to it what has joined the group (ebay.md §6.6).
pub fn publish_group(api: &str, site: &SiteFacts, key: &str) -> Result<Request<Bytes>> {
    let path = "/sell/inventory/v1/offer/publish_by_inventory_item_group";
    post(api, path, site, &of_group(key, site))
}

/// Ends a group's listing of a site (ebay.md §6.1).
pub fn withdraw_group(api: &str, site: &SiteFacts, key: &str) -> Result<Request<Bytes>> {
    let path = "/sell/inventory/v1/offer/withdraw_by_inventory_item_group";
    post(api, path, site, &of_group(key, site))
}

fn of_group(key: &str, site: &SiteFacts) -> Value {
    json!({ "inventoryItemGroupKey": key, "marketplaceId": site.id })
}

/// The offers of a SKU (ebay.md §6.1).
pub fn get_offers(api: &str, site: &SiteFacts, sku: &Sku) -> Result<Request<Bytes>> {
    let path = format!("/sell/inventory/v1/offer?sku={}", encoded(sku.as_str()));
    get(api, &path, site)
}

/// One offer.
pub fn get_offer(api: &str, site: &SiteFacts, offer_id: &str) -> Result<Request<Bytes>> {
    let path = format!("/sell/inventory/v1/offer/{}", encoded(offer_id));
    get(api, &path, site)
}

/// One item.
pub fn get_item(api: &str, site: &SiteFacts, sku: &Sku) -> Result<Request<Bytes>> {
    let path = format!(
        "/sell/inventory/v1/inventory_item/{}",
        encoded(sku.as_str())
    );
    get(api, &path, site)
}

/// A page of items; `query` comes from [`next_query`] after the first.
pub fn get_items(api: &str, site: &SiteFacts, query: &str) -> Result<Request<Bytes>> {
    get(
        api,
        &format!("/sell/inventory/v1/inventory_item?{query}"),
        site,
    )
}

/// The limit and offset of a `next` link. The link itself is not followed: it may name another
/// host, and what `offset` counts is eBay's own affair (ebay.md §6.7).
pub fn next_query(link: &str) -> Option<String> {
    let (_, query) = link.split_once('?')?;
    let wanted: Vec<&str> = query
        .split('&')
        .filter(|pair| {
            pair.split_once('=').is_some_and(|(name, value)| {
                matches!(name, "limit" | "offset")
                    && !value.is_empty()
                    && value.bytes().all(|byte| byte.is_ascii_digit())
            })
        })
        .collect();
    (!wanted.is_empty()).then(|| wanted.join("&"))
}
