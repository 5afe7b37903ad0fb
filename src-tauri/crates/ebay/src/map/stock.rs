//! The stock that a revision carries. eBay takes no item and no offer without a quantity
//! (ebay.md §6.2), and lowers its own with each sale (§6.5): what was known minutes ago must not
//! put back what was sold since.

use serde_json::Value;

/// Lowers an item's units to those that the item was just read with.
pub fn item_not_above(body: &mut Value, known: &Value) {
    let units =
        |item: &Value| item["availability"]["shipToLocationAvailability"]["quantity"].clone();
    if let Some(lower) = lower(&units(body), &units(known)) {
        body["availability"]["shipToLocationAvailability"]["quantity"] = lower;
    }
}

/// Lowers an offer's units to those that the offer was just read with.
pub fn offer_not_above(body: &mut Value, known: &Value) {
    if let Some(lower) = lower(&body["availableQuantity"], &known["availableQuantity"]) {
        body["availableQuantity"] = lower;
    }
}

fn lower(wanted: &Value, known: &Value) -> Option<Value> {
    let (wanted, there) = (wanted.as_u64()?, known.as_u64()?);
    (there < wanted).then(|| Value::from(there))
}
