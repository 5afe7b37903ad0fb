//! The stock that a revision carries. eBay takes no item and no offer without a quantity
//! (ebay.md §6.2), and lowers its own with each sale (§6.5): what was known minutes ago must not
//! put back what was sold since.

use serde_json::Value;

/// Lowers an item's units to those that the item was just read with.
/// Returns whether it did.
pub fn item_not_above(body: &mut Value, known: &Value) -> bool {
    let units =
        |item: &Value| item["availability"]["shipToLocationAvailability"]["quantity"].clone();
    let Some(lower) = lower(&units(body), &units(known)) else {
        return false;
    };
    body["availability"]["shipToLocationAvailability"]["quantity"] = lower;
    true
}

/// Lowers an offer's units to those that the offer was just read with.
/// Returns whether it did.
pub fn offer_not_above(body: &mut Value, known: &Value) -> bool {
    let Some(lower) = lower(&body["availableQuantity"], &known["availableQuantity"]) else {
        return false;
    };
    body["availableQuantity"] = lower;
    true
}

fn lower(wanted: &Value, known: &Value) -> Option<Value> {
    let (wanted, there) = (wanted.as_u64()?, known.as_u64()?);
    (there < wanted).then(|| Value::from(there))
}
