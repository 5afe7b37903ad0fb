//! Walmart's catalogue: pages that exist whoever sells there (walmart.md §5.2).

use serde_json::{Value, json};

use super::call::{Answer, Call, ok};
use super::error::{ITEMS, Refusal};
use super::items::gtin14;
use super::money;
use super::state::State;
use crate::random::seeded_hash;

/// How many barcodes of a hundred have a catalogue page.
pub(super) const KNOWN_PERCENT: u64 = 40;

/// The most hits of a keyword search.
const HITS_MAX: usize = 40;

/// A page of the catalogue, the same whenever it is asked for.
pub(super) struct Page {
    gtin: String,
    number: u64,
}

/// Returns the page of a barcode, if there is one.
pub(super) fn page(seed: u64, barcode: &str) -> Option<Page> {
    let gtin = gtin14(barcode);
    let number = seeded_hash(seed, &format!("walmart page {gtin}"));
    (number % 100 < KNOWN_PERCENT).then_some(Page { gtin, number })
}

impl Page {
    pub(super) fn title(&self) -> String {
        format!("Catalogue item {}", self.gtin.trim_start_matches('0'))
    }

    pub(super) fn item_id(&self) -> String {
        (100_000_000 + self.number % 900_000_000).to_string()
    }

    pub(super) fn product_type(&self) -> &'static str {
        ["Desk Chairs", "T-Shirts", "Headphones"][usize::try_from(self.number % 3).unwrap_or(0)]
    }

    fn shown(&self) -> Value {
        let cents = 500 + i64::try_from(self.number % 20_000).unwrap_or(0);
        json!({
            "itemId": self.item_id(),
            "title": self.title(),
            "images": [{ "url": format!("https://images.example/{}.jpg", self.item_id()) }],
            "price": { "amount": money::text(cents), "currency": money::CURRENCY },
            "brand": "Catalogue Brand",
            "productType": self.product_type(),
            "isMarketPlaceItem": self.number.is_multiple_of(2),
            "properties": { "categories": ["Home Page", self.product_type()] },
        })
    }
}

/// Tells whether a barcode has the digits of its kind and the right check digit.
pub(super) fn is_barcode(kind: &str, value: &str) -> bool {
    let digits = value.bytes().all(|byte| byte.is_ascii_digit());
    match kind {
        "UPC" => value.len() == 12 && digits && checked(value),
        "EAN" => value.len() == 13 && digits && checked(value),
        "GTIN" => value.len() == 14 && digits && checked(value),
        "ISBN" => matches!(value.len(), 10 | 13),
        _ => false,
    }
}

/// The check digit makes the sum of the digits, weighted 3 and 1 from the right, end in 0.
fn checked(value: &str) -> bool {
    let sum: u32 = value
        .bytes()
        .rev()
        .enumerate()
        .map(|(index, byte)| u32::from(byte - b'0') * if index % 2 == 0 { 1 } else { 3 })
        .sum();
    sum.is_multiple_of(10)
}

/// `GET /v3/items/walmart/search`.
pub(super) fn search(state: &mut State, call: &Call<'_>) -> Answer {
    let kinds = [
        ("upc", "UPC"),
        ("gtin", "GTIN"),
        ("ean", "EAN"),
        ("isbn", "ISBN"),
    ];
    for (parameter, kind) in kinds {
        let Some(value) = call.query.get(parameter) else {
            continue;
        };
        if !is_barcode(kind, value) {
            return Err(Refusal::param(
                ITEMS,
                parameter,
                "The identifier is not valid.",
            ));
        }
        let found = page(state.seed, value);
        if call.query.get("responseFormat") == Some("SPEC") {
            return ok(&spec_answer(kind, value, found.is_some()));
        }
        let found = found.ok_or_else(|| Refusal::not_found(ITEMS, "No item found."))?;
        return ok(&json!({ "items": [found.shown()] }));
    }
    let words = call.query.get("query");
    let words = words
        .ok_or_else(|| Refusal::missing_param(ITEMS, "query"))?
        .to_lowercase();
    let hits: Vec<Value> = state
        .items
        .values()
        .filter(|item| item.is_live() && item.name.to_lowercase().contains(&words))
        .take(HITS_MAX)
        .map(|item| {
            json!({
                "itemId": item.item_id,
                "title": item.name,
                "images": [{ "url": item.image.as_deref().unwrap_or("") }],
                "price": {
                    "amount": money::text(item.price.unwrap_or(0)),
                    "currency": money::CURRENCY,
                },
                "brand": item.brand,
                "productType": item.product_type,
                "isMarketPlaceItem": true,
                "properties": {},
            })
        })
        .collect();
    if hits.is_empty() {
        return Err(Refusal::not_found(ITEMS, "No item found."));
    }
    ok(&json!({ "items": hits }))
}

/// Tells which feed sets the item up (walmart.md §5.2).
fn spec_answer(kind: &str, value: &str, known: bool) -> Value {
    let identifiers = json!({ "productIdType": kind, "productId": value });
    if known {
        json!({
            "feedType": "MP_ITEM_MATCH",
            "itemSpecPayload": { "Item": { "productIdentifiers": identifiers } },
        })
    } else {
        json!({
            "feedType": "MP_ITEM",
            "itemSpecPayload": { "Orderable": { "productIdentifiers": identifiers } },
        })
    }
}

#[cfg(test)]
mod tests {
    use super::is_barcode;

    #[test]
    fn barcodes_have_their_length_and_check_digit() {
        let check =
            |kind, value, expected| assert_eq!(is_barcode(kind, value), expected, "{value}");
        check("UPC", "012345678905", true);
        check("UPC", "012345678904", false);
        check("UPC", "12345678905", false);
        check("GTIN", "00012345678905", true);
        check("EAN", "4006381333931", true);
        check("EAN", "40063813339x1", false);
    }
}
