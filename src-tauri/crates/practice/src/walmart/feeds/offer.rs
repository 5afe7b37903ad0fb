//! Rows of feeds that change price or stock, or retire (walmart.md §6.3 to §6.5).

use serde_json::Value;

use super::super::inventory::{quantity, set as set_stock};
use super::super::items::retire_item;
use super::super::money::AmountError;
use super::super::price::{WrongPrice, amount, base_price, set as set_price};
use super::super::state::State;
use super::item::{MISSING, TOO_MANY_DECIMALS, WRONG_TYPE};
use super::{Feed, RowError};

/// Applies one row.
pub(super) fn apply(state: &mut State, feed: &Feed, row: &Value) -> Result<(), Vec<RowError>> {
    let own_node = state.keys.ship_node.clone();
    let row = match feed.feed_type.as_str() {
        "PRICE_AND_PROMOTION" => row.get("Promo&Discount").unwrap_or(&Value::Null),
        _ => row,
    };
    let sku = row.get("sku").and_then(Value::as_str).unwrap_or_default();
    if sku.is_empty() {
        return Err(vec![RowError::new(MISSING, "sku", "The SKU is missing.")]);
    }
    let Some(item) = state.items.get_mut(sku) else {
        let text = "The SKU is not found.";
        return Err(vec![RowError::new("CONTENT_NOT_FOUND", "sku", text)]);
    };
    match feed.feed_type.as_str() {
        "PRICE_AND_PROMOTION" => {
            let cents = amount(row.get("price").unwrap_or(&Value::Null)).map_err(price_error)?;
            set_price(item, cents, feed.submitted);
        }
        "price" => set_price(item, base_price(row).map_err(price_error)?, feed.submitted),
        "inventory" => {
            let units = quantity(row.get("quantity")).map_err(quantity_error)?;
            set_stock(item, &feed.ship_node, units);
        }
        "MP_INVENTORY" => {
            for (node, units) in nodes(row, &own_node)? {
                set_stock(item, &node, units);
            }
        }
        _ => retire_item(item),
    }
    Ok(())
}

/// Reads every node before any is set, so that a row is taken whole or not at all.
fn nodes(row: &Value, own_node: &str) -> Result<Vec<(String, u32)>, Vec<RowError>> {
    let nodes = row
        .get("shipNodes")
        .and_then(Value::as_array)
        .filter(|nodes| !nodes.is_empty());
    let missing = || {
        vec![RowError::new(
            MISSING,
            "shipNodes",
            "The ship nodes are missing.",
        )]
    };
    let mut read = Vec::new();
    for node in nodes.ok_or_else(missing)? {
        let name = node
            .get("shipNode")
            .and_then(Value::as_str)
            .unwrap_or_default();
        if name != own_node {
            let text = "The ship node is not known.";
            return Err(vec![RowError::new("CONTENT_NOT_FOUND", "shipNode", text)]);
        }
        read.push((
            name.to_owned(),
            quantity(node.get("quantity")).map_err(quantity_error)?,
        ));
    }
    Ok(read)
}

fn price_error(wrong: WrongPrice) -> Vec<RowError> {
    let code = match wrong.error {
        Some(AmountError::NotNumber) => WRONG_TYPE,
        Some(AmountError::Decimals) => TOO_MANY_DECIMALS,
        Some(AmountError::Range) | None => "INVALID_REQUEST_CONTENT",
    };
    vec![RowError::new(code, wrong.field, wrong.description)]
}

fn quantity_error(text: &str) -> Vec<RowError> {
    vec![RowError::new(WRONG_TYPE, "quantity", text)]
}
