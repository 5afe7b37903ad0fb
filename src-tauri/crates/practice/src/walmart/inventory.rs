//! Stock by ship node, and lag time (walmart.md §6.5).

use serde_json::{Value, json};

use super::call::{Answer, Call, ok};
use super::error::{INVENTORY, Refusal};
use super::state::{Item, State, Stock};
use crate::random::seeded_hash;

const LIMIT_DEFAULT: u64 = 10;
const LIMIT_MAX: u64 = 50;

/// The largest quantity that is taken.
const QUANTITY_MAX: u64 = 1_000_000_000;

/// `GET /v3/inventory?sku=`.
pub(super) fn one(state: &mut State, call: &Call<'_>) -> Answer {
    let sku = call.query.get("sku");
    let sku = sku.ok_or_else(|| Refusal::missing_param(INVENTORY, "sku"))?;
    let node = node(state, call.query.get("shipNode"))?;
    let item = state.items.get(sku).ok_or_else(no_item)?;
    let available = item.nodes.get(&node).map_or(0, |stock| stock.available);
    ok(&json!({ "sku": sku, "quantity": each(available) }))
}

/// `PUT /v3/inventory?sku=`.
pub(super) fn update(state: &mut State, call: &Call<'_>) -> Answer {
    let sku = call.query.get("sku");
    let sku = sku.ok_or_else(|| Refusal::missing_param(INVENTORY, "sku"))?;
    let body = call.json(INVENTORY)?;
    if body.get("sku").and_then(Value::as_str) != Some(sku) {
        let text = "The SKU of the query and of the body must be the same.";
        return Err(Refusal::content(INVENTORY, text).at("sku"));
    }
    let amount = quantity(body.get("quantity"))
        .map_err(|text| Refusal::content(INVENTORY, text).at("quantity"))?;
    let node = node(state, call.query.get("shipNode"))?;
    let item = state.items.get_mut(sku).ok_or_else(no_item)?;
    set(item, &node, amount);
    ok(&json!({ "sku": sku, "quantity": each(amount) }))
}

/// `GET /v3/inventories/{sku}`.
pub(super) fn all_nodes(state: &mut State, call: &Call<'_>) -> Answer {
    let only = match call.query.get("shipNode") {
        Some(_) => Some(node(state, call.query.get("shipNode"))?),
        None => None,
    };
    let item = state.items.get(call.segment(1)).ok_or_else(no_item)?;
    ok(&nodes_of(item, only.as_deref()))
}

/// `PUT /v3/inventories/{sku}`: each node on its own.
pub(super) fn update_nodes(state: &mut State, call: &Call<'_>) -> Answer {
    let body = call.json(INVENTORY)?;
    let nodes = body.pointer("/inventories/nodes").and_then(Value::as_array);
    let nodes = nodes.filter(|nodes| !nodes.is_empty()).ok_or_else(|| {
        Refusal::content(INVENTORY, "The list of ship nodes is missing.").at("inventories.nodes")
    })?;
    let own = state.keys.ship_node.clone();
    let item = state.items.get_mut(call.segment(1)).ok_or_else(no_item)?;
    let results: Vec<Value> = nodes
        .iter()
        .map(|row| {
            let name = row
                .get("shipNode")
                .and_then(Value::as_str)
                .unwrap_or_default();
            let amount = quantity(row.get("inputQty"));
            match amount {
                Ok(amount) if name == own => {
                    set(item, name, amount);
                    json!({ "shipNode": name, "status": "Success", "errors": [] })
                }
                Ok(_) => node_failure(name, "The ship node is not known."),
                Err(text) => node_failure(name, text),
            }
        })
        .collect();
    ok(&json!({ "sku": item.sku, "nodes": results }))
}

fn node_failure(name: &str, text: &str) -> Value {
    let error = Refusal::content(INVENTORY, text).at("shipNode").object();
    json!({ "shipNode": name, "status": "Failure", "errors": [error] })
}

/// `GET /v3/inventories`: a new cursor for each page; the end is where none is given.
pub(super) fn all_nodes_of_all(state: &mut State, call: &Call<'_>) -> Answer {
    let limit = call
        .number(INVENTORY, "limit", LIMIT_DEFAULT, LIMIT_MAX)?
        .max(1);
    let after =
        match call.query.get("nextCursor") {
            None => None,
            Some(cursor) => Some(after_cursor(state, cursor).ok_or_else(|| {
                Refusal::param(INVENTORY, "nextCursor", "The cursor is not known.")
            })?),
        };
    let mut rest = state
        .items
        .values()
        .filter(|item| after.as_ref().is_none_or(|after| item.sku > *after))
        .peekable();
    let page: Vec<&Item> = rest.by_ref().take(limit).collect();
    let more = rest.peek().is_some();
    let mut meta = json!({ "totalCount": state.items.len() });
    if let Some(last) = page.last().filter(|_| more) {
        meta["nextCursor"] = json!(cursor_after(state.seed, &last.sku));
    }
    let inventories: Vec<Value> = page.into_iter().map(|item| nodes_of(item, None)).collect();
    ok(&json!({ "meta": meta, "elements": { "inventories": inventories } }))
}

fn cursor_after(seed: u64, sku: &str) -> String {
    format!("{:016x}", seeded_hash(seed, sku))
}

fn after_cursor(state: &State, cursor: &str) -> Option<String> {
    let found = state
        .items
        .keys()
        .find(|sku| cursor_after(state.seed, sku) == cursor);
    found.cloned()
}

/// `GET /v3/lagtime?sku=`.
pub(super) fn lag_time(state: &mut State, call: &Call<'_>) -> Answer {
    let sku = call.query.get("sku");
    let sku = sku.ok_or_else(|| Refusal::missing_param(INVENTORY, "sku"))?;
    let item = state.items.get(sku).ok_or_else(no_item)?;
    ok(&json!({ "sku": sku, "fulfillmentLagTime": item.lag_days }))
}

/// Sets what is left to sell at a node: an absolute value, not a change (walmart.md §6.5).
pub(super) fn set(item: &mut Item, node: &str, amount: u32) {
    let stock = item.nodes.entry(node.to_owned()).or_default();
    stock.input = amount;
    stock.available = amount;
}

/// Reads `{"unit":"EACH","amount":5}`.
pub(super) fn quantity(value: Option<&Value>) -> Result<u32, &'static str> {
    let Some(value) = value.filter(|value| value.is_object()) else {
        return Err("The quantity must be an object of unit and amount.");
    };
    if value.get("unit").and_then(Value::as_str) != Some("EACH") {
        return Err("The unit of the quantity must be EACH.");
    }
    let amount = value.get("amount").and_then(Value::as_u64);
    amount
        .filter(|amount| *amount <= QUANTITY_MAX)
        .and_then(|amount| u32::try_from(amount).ok())
        .ok_or("The amount of the quantity must be a whole number of at least 0.")
}

/// Returns the ship node that is meant; the seller's only one may also be called by the partner id
/// (walmart.md §6.3).
pub(super) fn node(state: &State, asked: Option<&str>) -> Result<String, Refusal> {
    let keys = &state.keys;
    match asked {
        None => Ok(keys.ship_node.clone()),
        Some(node) if node == keys.ship_node || node == keys.partner_id => {
            Ok(keys.ship_node.clone())
        }
        Some(_) => Err(Refusal::param(
            INVENTORY,
            "shipNode",
            "The ship node is not known.",
        )),
    }
}

fn no_item() -> Refusal {
    Refusal::not_found(INVENTORY, "The SKU is not found.").at("sku")
}

fn each(amount: u32) -> Value {
    json!({ "unit": "EACH", "amount": amount })
}

fn nodes_of(item: &Item, only: Option<&str>) -> Value {
    let shown = |(node, stock): (&String, &Stock)| {
        json!({
            "shipNode": node,
            "inputQty": each(stock.input),
            "availToSellQty": each(stock.available),
            "reservedQty": each(stock.reserved),
        })
    };
    let nodes: Vec<Value> = item
        .nodes
        .iter()
        .filter(|(node, _)| only.is_none_or(|only| only == *node))
        .map(shown)
        .collect();
    json!({ "sku": item.sku, "nodes": nodes })
}
