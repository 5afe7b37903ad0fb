//! Prices on newegg.com: PUT reads and POST writes (newegg.md §4.1).

use serde_json::{Value, json};

use super::call::{Answer, Call, Shown, rows, several, text, texts};
use super::error::Refusal;
use super::fields::Fields;
use super::inventory::{batch_answer, batch_items};
use super::items::{self, Item, Price};
use super::offer::Change;
use super::shape::Shape;
use super::state::State;

/// `PUT contentmgmt/item/international/price`.
pub(super) fn read(state: &mut State, call: &Call<'_>) -> Answer {
    let body = call.json()?;
    let part_number = items::one(state, call, &body)?;
    let wanted = texts(&rows(&body, "CountryList", "CountryCode"));
    let item = state.items.get(&part_number).ok_or_else(items::unknown)?;
    let shown = asked(item, &wanted)
        .map(|(country, price)| row(country, price, call.shape))
        .collect();
    Ok(Shown::Flat {
        root: "ItemPriceResult",
        body: json!({
            "SellerID": state.keys.seller_id,
            "ItemNumber": item.item_number,
            "SellerPartNumber": item.part_number,
            "PriceList": call.shape.list("Price", shown),
        }),
    })
}

/// `POST contentmgmt/item/international/price`: only the countries that are listed change. All
/// rows are checked before any takes effect.
pub(super) fn write(state: &mut State, call: &Call<'_>) -> Answer {
    let body = call.json()?;
    let rows = several(body.pointer("/PriceList/Price"));
    if rows.is_empty() {
        return Err(Refusal::general("PriceList is missing."));
    }
    let part_number = items::one(state, call, &body)?;
    let known = state.items.get(&part_number).ok_or_else(items::unknown)?;
    let mut item = known.clone();
    let mut written = Vec::new();
    for row in &rows {
        let country = text(row, "CountryCode").unwrap_or_default();
        let mut fields = Fields::of(row);
        let change = Change::of_call(&mut fields, "Inventory");
        let applied = match fields.wrong.first() {
            Some(wrong) => Err(wrong.clone()),
            None => change.apply(&mut item, &country, false),
        };
        applied.map_err(|wrong| Refusal::bad("CT020", wrong.line()))?;
        written.push(country);
    }
    // An update of a deactivated item is answered as if it had been made (newegg.md §4.2).
    let shown = asked(&item, &written)
        .map(|(country, price)| self::row(country, price, call.shape))
        .collect();
    let answer = json!({
        "SellerID": state.keys.seller_id,
        "ItemNumber": item.item_number,
        "SellerPartNumber": item.part_number,
        "PriceList": call.shape.list("Price", shown),
    });
    state.items.insert(part_number.clone(), item);
    items::note_live(state, &part_number, call.now.elapsed);
    Ok(Shown::Flat {
        root: "ItemPriceInfo",
        body: answer,
    })
}

/// `POST contentmgmt/item/international/pricelist`.
pub(super) fn batch(state: &mut State, call: &Call<'_>) -> Answer {
    let body = call.json()?;
    let wanted = texts(&rows(&body, "CountryList", "CountryCode"));
    let shape = call.shape;
    let found = batch_items(state, &body)?;
    let found = found
        .into_iter()
        .map(|item| {
            let prices: Vec<Value> = asked(item, &wanted)
                .map(|(country, price)| list_row(country, price, shape))
                .collect();
            json!({
                "ItemNumber": item.item_number,
                "SellerPartNumber": item.part_number,
                "PriceList": shape.list("Price", prices),
            })
        })
        .collect();
    Ok(batch_answer(call, "GetPriceList", found))
}

fn asked<'a>(
    item: &'a Item,
    wanted: &'a [String],
) -> impl Iterator<Item = (&'a String, &'a Price)> {
    item.prices
        .iter()
        .filter(move |(country, _)| wanted.is_empty() || wanted.contains(country))
}

fn row(country: &str, price: &Price, shape: Shape) -> Value {
    json!({
        "CountryCode": country,
        "Currency": price.currency,
        "Active": shape.bit(price.active),
        "MSRP": shape.money(price.msrp.unwrap_or(0)),
        "MAP": shape.money(price.map),
        "CheckoutMAP": shape.bit(price.checkout_map),
        "SellingPrice": shape.money(price.selling),
        "EnableFreeShipping": shape.bit(price.free_shipping),
        "OnPromotion": "",
    })
}

/// A row of a batch has two fields more.
pub(super) fn list_row(country: &str, price: &Price, shape: Shape) -> Value {
    let mut row = row(country, price, shape);
    row["ShipByNewegg"] = shape.bit(false);
    row["LimitQuantity"] = shape.number(price.limit);
    row
}
