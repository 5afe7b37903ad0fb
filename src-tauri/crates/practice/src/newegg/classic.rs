//! Price and stock on Newegg Business and newegg.ca: POST reads and PUT writes (newegg.md §4.2).

use serde_json::{Value, json};

use super::call::{Answer, Call, Shown, text};
use super::error::Refusal;
use super::fields::Fields;
use super::inventory::{batch_answer, batch_items, refuse_newegg_stock};
use super::items;
use super::offer::{Applied, Change};
use super::price::list_row;
use super::state::State;

/// `POST contentmgmt/item/inventory`.
pub(super) fn read_inventory(state: &mut State, call: &Call<'_>) -> Answer {
    let body = call.json()?;
    let part_number = items::one(state, call, &body)?;
    let item = state.items.get(&part_number).ok_or_else(items::unknown)?;
    let shape = call.shape;
    Ok(Shown::Flat {
        root: "InventoryResult",
        body: json!({
            "SellerID": state.keys.seller_id,
            "ItemNumber": item.item_number,
            "SellerPartNumber": item.part_number,
            "FulfillmentOption": shape.number(0_u8),
            "AvailableQuantity": shape.number(item.shown_stock(&item.home)),
            "Active": shape.bit(item.is_active()),
        }),
    })
}

/// `POST contentmgmt/item/price`.
pub(super) fn read_price(state: &mut State, call: &Call<'_>) -> Answer {
    let body = call.json()?;
    let part_number = items::one(state, call, &body)?;
    let item = state.items.get(&part_number).ok_or_else(items::unknown)?;
    let mut shown = json!({
        "SellerID": state.keys.seller_id,
        "ItemNumber": item.item_number,
        "SellerPartNumber": item.part_number,
        "FulfillmentOption": call.shape.number(0_u8),
    });
    if let Some(price) = item.home_price() {
        let row = list_row(&item.home, price, call.shape);
        for (name, value) in row.as_object().into_iter().flatten() {
            if !["CountryCode", "Currency"].contains(&name.as_str()) {
                shown[name.as_str()] = value.clone();
            }
        }
    }
    Ok(Shown::Flat {
        root: "PriceResult",
        body: shown,
    })
}

/// `POST contentmgmt/item/pricelist`.
pub(super) fn batch_prices(state: &mut State, call: &Call<'_>) -> Answer {
    let body = call.json()?;
    let shape = call.shape;
    let country = state.platform.list_code();
    let found = batch_items(state, &body)?;
    let found = found
        .into_iter()
        .map(|item| {
            let price = item
                .home_price()
                .map(|price| list_row(country, price, shape));
            let prices: Vec<Value> = price.into_iter().collect();
            json!({
                "ItemNumber": item.item_number,
                "SellerPartNumber": item.part_number,
                "PriceList": shape.list("Price", prices),
            })
        })
        .collect();
    Ok(batch_answer(call, "GetPriceList", found))
}

/// `PUT contentmgmt/item/inventoryandprice`: what is left out stays as it is.
pub(super) fn write(state: &mut State, call: &Call<'_>) -> Answer {
    let body = call.json()?;
    let key = items::Key::read(&body)?;
    let value = text(&body, "Value").unwrap_or_default();
    let in_account = state.items.contains_key(&value) || key.find(state, &value).is_some();
    if !in_account {
        return Err(Refusal::bad("CT015", "The item is not in your account."));
    }
    let part_number = items::one(state, call, &body)?;
    refuse_newegg_stock(&body)?;
    let mut fields = Fields::of(&body);
    let change = Change::of_call(&mut fields, "Inventory");
    if let Some(wrong) = fields.wrong.first() {
        return Err(Refusal::bad("CT020", wrong.line()));
    }
    let home = state.platform.home();
    let item = state
        .items
        .get_mut(&part_number)
        .ok_or_else(items::unknown)?;
    let applied = change
        .apply(item, home, false)
        .map_err(|wrong| Refusal::bad("CT020", wrong.line()))?;
    if applied == Applied::Same {
        return Err(Refusal::bad("CT055", "There is nothing to change."));
    }
    let mut result = json!({
        "SellerID": state.keys.seller_id,
        "ItemNumber": item.item_number,
        "SellerPartNumber": item.part_number,
        "Result": call.shape.number(1_u8),
    });
    let echoed = ["Inventory", "MSRP", "MAP", "CheckoutMAP", "SellingPrice"];
    for name in echoed
        .into_iter()
        .chain(["EnableFreeShipping", "Active", "LimitQuantity"])
    {
        if let Some(value) = body.get(name) {
            result[name] = value.clone();
        }
    }
    items::note_live(state, &part_number, call.now.elapsed);
    Ok(Shown::Flat {
        root: "ItemInventoryAndPriceInfo",
        body: json!({ "UpdateInventoryAndPriceResult": result }),
    })
}
