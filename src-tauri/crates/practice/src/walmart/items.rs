//! The seller's items (walmart.md §5.1).

use std::time::Duration;

use serde_json::{Value, json};

use super::call::{Answer, Call, ok};
use super::error::{ITEMS, Refusal};
use super::money;
use super::state::{Item, ItemWalk, Publication, State, WALKS_MAX};
use crate::marketplace::Now;

const LIMIT_DEFAULT: u64 = 20;
const LIMIT_MAX: u64 = 1_000;
const OFFSET_MAX: u64 = 10_000;

/// How long a walk's handle lives (walmart.md §5.1).
const WALK_LIFE: Duration = Duration::from_secs(120);

/// Publishes what has waited long enough.
pub(super) fn advance(state: &mut State, now: Now) {
    if state.next_publish_at.is_some_and(|at| at <= now.elapsed) {
        let mut next = None;
        let waiting = state.items.values_mut();
        for item in waiting.filter(|item| item.published == Publication::InProgress) {
            if item.publish_at <= now.elapsed {
                item.published = Publication::Published;
            } else {
                next = Some(next.map_or(item.publish_at, |at: Duration| at.min(item.publish_at)));
            }
        }
        state.next_publish_at = next;
    }
    if state.first_live_at.is_none() && state.items.values().any(|item| item.for_sale() > 0) {
        state.first_live_at = Some(now.elapsed);
    }
    state
        .walks
        .retain(|walk| walk.began_at + WALK_LIFE > now.elapsed);
}

/// `GET /v3/items`.
pub(super) fn list(state: &mut State, call: &Call<'_>) -> Answer {
    let limit = call
        .number(ITEMS, "limit", LIMIT_DEFAULT, LIMIT_MAX)?
        .max(1);
    let (cursor, skus) = match call.query.get("nextCursor") {
        None => (None, matching(state, call)),
        Some("*") => {
            let skus = matching(state, call);
            (Some(begin_walk(state, &skus, call.now)), skus)
        }
        Some(cursor) => {
            let walk = state.walks.iter().find(|walk| walk.cursor == cursor);
            let walk = walk.ok_or_else(|| {
                Refusal::param(
                    ITEMS,
                    "nextCursor",
                    "The cursor has expired or is not known.",
                )
            })?;
            (Some(cursor.to_owned()), walk.skus.clone())
        }
    };
    let offset_max = if cursor.is_some() {
        u64::MAX
    } else {
        OFFSET_MAX
    };
    let offset = call.number(ITEMS, "offset", 0, offset_max)?;
    if skus.is_empty() {
        return Err(Refusal::not_found(ITEMS, "No item found."));
    }
    let page: Vec<Value> = skus
        .iter()
        .skip(offset)
        .take(limit)
        .filter_map(|sku| state.items.get(sku))
        .map(shown)
        .collect();
    let mut body = json!({ "ItemResponse": page, "totalItems": skus.len() });
    if let Some(cursor) = cursor {
        body["nextCursor"] = json!(cursor);
    }
    ok(&body)
}

fn begin_walk(state: &mut State, skus: &[String], now: Now) -> String {
    let alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
    let cursor = format!("AoE/{}", state.ids.text(40, alphabet));
    while state.walks.len() >= WALKS_MAX {
        state.walks.pop_front();
    }
    state.walks.push_back(ItemWalk {
        cursor: cursor.clone(),
        began_at: now.elapsed,
        skus: skus.to_vec(),
    });
    cursor
}

fn matching(state: &State, call: &Call<'_>) -> Vec<String> {
    let wanted = |name: &'static str, value: &str| {
        call.query
            .get(name)
            .is_none_or(|filter| filter.eq_ignore_ascii_case(value))
    };
    state
        .items
        .values()
        .filter(|item| call.query.get("sku").is_none_or(|sku| sku == item.sku))
        .filter(|item| wanted("lifecycleStatus", lifecycle(item)))
        .filter(|item| wanted("publishedStatus", item.published.word()))
        .filter(|item| {
            wanted(
                "variantGroupId",
                item.variant_group.as_deref().unwrap_or(""),
            )
        })
        .filter(|item| wanted("condition", &item.condition))
        .map(|item| item.sku.clone())
        .collect()
}

/// `GET /v3/items/{id}`.
pub(super) fn one(state: &mut State, call: &Call<'_>) -> Answer {
    let id = call.segment(1);
    let kind = call.query.get("productIdType").unwrap_or("SKU");
    let found = state.items.values().find(|item| match kind {
        "SKU" => item.sku == id,
        "ITEM_ID" => item.item_id == id,
        "GTIN" | "UPC" | "EAN" | "ISBN" => {
            item.identifier != "CUSTOM" && gtin14(&item.identifier) == gtin14(id)
        }
        _ => false,
    });
    let item = found.ok_or_else(|| Refusal::not_found(ITEMS, "The item is not found."))?;
    ok(&json!({ "ItemResponse": [shown(item)], "totalItems": 1 }))
}

/// `GET /v3/items/count`: one key named after the status.
pub(super) fn count(state: &mut State, call: &Call<'_>) -> Answer {
    let status = call.query.get("status").unwrap_or("ALL");
    let known = [
        "PUBLISHED",
        "UNPUBLISHED",
        "SYSTEM_PROBLEM",
        "IN_PROGRESS",
        "ALL",
    ];
    if !known.contains(&status) {
        return Err(Refusal::param(ITEMS, "status", "The status is not known."));
    }
    let count = state
        .items
        .values()
        .filter(|item| status == "ALL" || item.published.word() == status)
        .count();
    let mut body = json!({});
    body[status] = json!(count);
    ok(&body)
}

/// `DELETE /v3/items/{sku}`.
pub(super) fn retire(state: &mut State, call: &Call<'_>) -> Answer {
    let sku = call.segment(1);
    let item = state.items.get_mut(sku);
    let item = item.ok_or_else(|| Refusal::not_found(ITEMS, "The item is not found."))?;
    retire_item(item);
    let message = "Thank you. Your item has been submitted for retirement from Walmart Catalog. \
                   Please note that it can take up to 48 hours for items to be retired.";
    ok(&json!({ "sku": sku, "message": message }))
}

/// Takes an item off the site; its SKU keeps its barcode (walmart.md §6.3).
pub(super) fn retire_item(item: &mut Item) {
    item.retired = true;
    item.published = Publication::Unpublished;
}

fn lifecycle(item: &Item) -> &'static str {
    if item.retired { "RETIRED" } else { "ACTIVE" }
}

/// Returns a barcode as the 14 digits of its GTIN.
pub(super) fn gtin14(identifier: &str) -> String {
    format!("{identifier:0>14}")
}

fn shown(item: &Item) -> Value {
    let mut shown = json!({
        "mart": "WALMART_US",
        "sku": item.sku,
        "condition": item.condition,
        "wpid": item.wpid,
        "productName": item.name,
        "shelf": json!(["Home Page", item.product_type]).to_string(),
        "productType": item.product_type,
        "publishedStatus": item.published.word(),
        "lifecycleStatus": lifecycle(item),
    });
    if item.identifier != "CUSTOM" {
        let gtin = gtin14(&item.identifier);
        if let Some(upc) = gtin.strip_prefix("00") {
            shown["upc"] = json!(upc);
        }
        shown["gtin"] = json!(gtin);
    }
    if let Some(cents) = item.price {
        shown["price"] = json!({ "currency": money::CURRENCY, "amount": money::number(cents) });
    }
    if item.published == Publication::Unpublished {
        shown["unpublishedReasons"] = json!({ "reason": ["The item has been retired."] });
    }
    // The values of the grouping attributes are left out: their shape differs between the contract
    // (an object) and what has been seen (a list).
    if let Some(group) = &item.variant_group {
        shown["variantGroupId"] = json!(group);
        shown["variantGroupInfo"] = json!({ "isPrimary": item.primary_variant });
    }
    shown
}
