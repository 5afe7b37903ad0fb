//! Feeds of stock and prices (newegg.md §5.2).

use serde_json::Value;

use super::super::call::text;
use super::super::fields::{Fields, Wrong};
use super::super::inventory::location;
use super::super::items::note_live;
use super::super::offer::{Change, country};
use super::super::state::State;
use super::{Feed, Kind};

const FULFILMENT: [(&str, bool); 2] = [("Seller", false), ("Newegg", true)];

const IDENTITY: [&str; 2] = ["SellerPartNumber", "NeweggItemNumber"];
const INVENTORY: [&str; 3] = ["WarehouseLocation", "FulfillmentOption", "Inventory"];
const PRICE: [&str; 8] = [
    "Currency",
    "MSRP",
    "MAP",
    "CheckoutMAP",
    "SellingPrice",
    "LimitQuantity",
    "Shipping",
    "ActivationMark",
];

/// Works one row through. Rows for deactivated items succeed and do nothing, as calls do.
pub(super) fn apply(
    state: &mut State,
    feed: &Feed,
    row: &Value,
) -> Result<Vec<String>, Vec<String>> {
    let one = |wrong: Wrong| vec![wrong.line()];
    let mut fields = Fields::of(row);
    let change = read(&mut fields, feed.kind);
    if !fields.wrong.is_empty() {
        return Err(fields.wrong.iter().map(Wrong::line).collect());
    }
    let part_number = part_number(state, row).map_err(one)?;
    let home = state.platform.home();
    let place = match feed.kind {
        Kind::Inventory => location(row, home),
        Kind::Price => country(row, "CountryCode", home),
        _ => home.to_owned(),
    };
    let unknown = || {
        Wrong::new(
            "SellerPartNumber",
            "The item does not exist in your account.",
        )
    };
    let item = state
        .items
        .get_mut(&part_number)
        .ok_or_else(|| one(unknown()))?;
    change.apply(item, &place, false).map_err(one)?;
    note_live(state, &part_number, feed.done_at);
    Ok(Vec::new())
}

fn read(fields: &mut Fields<'_>, kind: Kind) -> Change {
    let known: Vec<&str> = match kind {
        Kind::Inventory => [&IDENTITY[..], &INVENTORY].concat(),
        Kind::Price => [&IDENTITY[..], &["CountryCode"], &PRICE].concat(),
        _ => {
            let own = ["FulfillmentOption", "Inventory", "Overwrite"];
            [&IDENTITY[..], &own, &PRICE].concat()
        }
    };
    fields.only(&known);
    for name in match kind {
        Kind::Inventory => &["WarehouseLocation", "Inventory"][..],
        Kind::Price => &["CountryCode", "SellingPrice"],
        _ => &[],
    } {
        if !fields.has(name) {
            fields.fail(name, "The field is required.");
        }
    }
    if fields.choice("FulfillmentOption", &FULFILMENT) == Some(true) {
        fields.fail(
            "FulfillmentOption",
            "Stock that Newegg ships cannot be written.",
        );
    }
    Change::of_feed(fields)
}

/// An item in content review is not in the account yet (newegg.md §5.1).
fn part_number(state: &State, row: &Value) -> Result<String, Wrong> {
    let asked = text(row, "SellerPartNumber");
    let by_number = || {
        state
            .item_numbers
            .get(&text(row, "NeweggItemNumber")?)
            .cloned()
    };
    let found = asked.or_else(by_number);
    let item = found.and_then(|part_number| state.items.get(&part_number));
    let item = item.filter(|item| !item.in_review);
    item.map(|item| item.part_number.clone()).ok_or_else(|| {
        let text = "The item does not exist in your account or is not activated yet.";
        Wrong::new("SellerPartNumber", text)
    })
}
