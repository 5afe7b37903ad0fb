//! Stock on newegg.com: PUT reads and POST writes (newegg.md §4.1).

use serde_json::{Value, json};

use super::call::{Answer, Call, Shown, rows, several, text, texts};
use super::dates;
use super::error::Refusal;
use super::fields::Fields;
use super::items::{self, Item, Key};
use super::offer::{Change, country, currency_of};
use super::shape::Shape;
use super::state::State;

/// The most items of a batch read (newegg.md §4.1).
const BATCH_MAX: usize = 100;

/// `PUT contentmgmt/item/international/inventory`.
pub(super) fn read(state: &mut State, call: &Call<'_>) -> Answer {
    let body = call.json()?;
    let part_number = items::one(state, call, &body)?;
    let wanted = texts(&rows(&body, "WarehouseList", "WarehouseLocation"));
    let item = state.items.get(&part_number).ok_or_else(items::unknown)?;
    let shown = allocation(item, &wanted, call.shape);
    Ok(Shown::Flat {
        root: "ItemInventoryResult",
        body: json!({
            "SellerID": state.keys.seller_id,
            "ItemNumber": item.item_number,
            "SellerPartNumber": item.part_number,
            "InventoryAllocation": call.shape.nested("Inventory", shown),
        }),
    })
}

/// `POST contentmgmt/item/international/inventory`: only the locations that are listed change.
pub(super) fn write(state: &mut State, call: &Call<'_>) -> Answer {
    let body = call.json()?;
    let rows = several(body.pointer("/InventoryList/Inventory"));
    if rows.is_empty() {
        // Reading is PUT here; a reading body that is posted has nothing to write.
        return Err(Refusal::general("InventoryList is missing."));
    }
    let part_number = items::one(state, call, &body)?;
    let mut changes = Vec::new();
    for row in &rows {
        let location = text(row, "WarehouseLocation").unwrap_or_default();
        if currency_of(&location).is_none() {
            return Err(Refusal::bad("CT010", "WarehouseLocation is not known."));
        }
        refuse_newegg_stock(row)?;
        let mut fields = Fields::of(row);
        let change = Change {
            units: fields.count("AvailableQuantity", 0, super::fields::UNITS_MAX),
            ..Change::default()
        };
        if change.units.is_none() {
            return Err(Refusal::bad("CT011", "AvailableQuantity is not valid."));
        }
        changes.push((location, change));
    }
    let item = state
        .items
        .get_mut(&part_number)
        .ok_or_else(items::unknown)?;
    for (location, change) in &changes {
        change
            .apply(item, location, false)
            .map_err(|wrong| Refusal::bad("CT011", wrong.line()))?;
    }
    let echo = changes
        .iter()
        .map(|(location, change)| {
            json!({
                "WarehouseLocation": location,
                "AvailableQuantity": call.shape.number(change.units.unwrap_or(0)),
            })
        })
        .collect();
    let answer = json!({
        "SellerID": state.keys.seller_id,
        "ItemNumber": item.item_number,
        "SellerPartNumber": item.part_number,
        "InventoryList": call.shape.list("Inventory", echo),
    });
    items::note_live(state, &part_number, call.now.elapsed);
    Ok(Shown::Flat {
        root: "ItemInventoryInfo",
        body: answer,
    })
}

/// Units at Newegg's warehouse are Newegg's to count (newegg.md §4).
pub(super) fn refuse_newegg_stock(row: &Value) -> Result<(), Refusal> {
    match text(row, "FulfillmentOption").as_deref() {
        None | Some("0") => Ok(()),
        Some("1") => Err(Refusal::bad(
            "CT012",
            "Stock that Newegg ships cannot be written.",
        )),
        Some(_) => Err(Refusal::bad("CT012", "FulfillmentOption must be 0 or 1.")),
    }
}

/// `POST contentmgmt/item/international/inventorylist`, and on the other platforms
/// `POST contentmgmt/item/inventorylist`.
pub(super) fn batch(state: &mut State, call: &Call<'_>) -> Answer {
    let body = call.json()?;
    let wanted = texts(&rows(&body, "WarehouseList", "WarehouseLocation"));
    let shape = call.shape;
    let found = batch_items(state, &body)?;
    let found = found
        .into_iter()
        .map(|item| {
            json!({
                "ItemNumber": item.item_number,
                "SellerPartNumber": item.part_number,
                "Condition": shape.number(item.condition),
                "InventoryAllocation": allocation(item, &wanted, shape),
            })
        })
        .collect();
    Ok(batch_answer(call, "GetInventoryList", found))
}

/// Returns the items of a batch that are there; the others are left out of the answer.
pub(super) fn batch_items<'a>(state: &'a State, body: &Value) -> Result<Vec<&'a Item>, Refusal> {
    let key = Key::read(body)?;
    let values = texts(&several(body.get("Values")));
    if values.is_empty() || values.len() > BATCH_MAX {
        let text = format!("Values must have 1 to {BATCH_MAX} entries.");
        return Err(Refusal::general(text));
    }
    Ok(values
        .iter()
        .filter_map(|value| key.find(state, value))
        .collect())
}

pub(super) fn batch_answer(call: &Call<'_>, operation: &'static str, found: Vec<Value>) -> Shown {
    let body = json!({
        "TotalCount": call.shape.count(found.len()),
        "ItemList": call.shape.list("Item", found),
    });
    Shown::framed(operation, body).dated(dates::with_offset(call.now.wall))
}

fn allocation(item: &Item, wanted: &[String], shape: Shape) -> Vec<Value> {
    let asked = |location: &str| wanted.is_empty() || wanted.iter().any(|name| name == location);
    let mut shown: Vec<Value> = item
        .stock
        .keys()
        .filter(|location| asked(location))
        .map(|location| {
            json!({
                "WarehouseLocation": location,
                "FulfillmentOption": shape.number(0_u8),
                "AvailableQuantity": shape.number(item.shown_stock(location)),
            })
        })
        .collect();
    if item.newegg_stock > 0 && asked(&item.home) {
        shown.push(json!({
            "WarehouseLocation": item.home,
            "FulfillmentOption": shape.number(1_u8),
            "AvailableQuantity": shape.number(item.newegg_stock),
            "WarehouseAllocation": shape.nested("Warehouse", vec![json!({
                "WarehouseCode": "05",
                "Quantity": shape.number(item.newegg_stock),
            })]),
        }));
    }
    shown
}

/// The home country, as rows of feeds name it.
pub(super) fn location(row: &Value, home: &str) -> String {
    country(row, "WarehouseLocation", home)
}
