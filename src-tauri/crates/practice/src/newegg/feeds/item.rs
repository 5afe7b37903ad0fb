//! ITEM_DATA 2.0: offers on pages that exist (newegg.md §5.1).

use std::collections::BTreeMap;
use std::time::Duration;

use serde_json::Value;

use super::super::catalogue::{Page, is_barcode, is_example, is_registered};
use super::super::fields::{Fields, Wrong};
use super::super::items::{Item, note_live, offer_key};
use super::super::offer::Change;
use super::super::state::State;
use super::Feed;

/// What is said of items with content of their own.
pub(super) const NOT_ENABLED: &str = "Action - Items with content of their own (DocumentVersion \
     1.0 and 3.0) are not enabled for this practice account. Offer existing items with 2.0.";

/// One new offer in so many waits for its review as long as is usual; for the sake of rehearsal
/// the others do not.
const ONE_SLOW_IN: u64 = 32;
/// How long a quick review takes, in seconds of elapsed time.
const QUICK_SECONDS: (u64, u64) = (600, 1_200);
/// How long a review usually takes (newegg.md §5.1).
const REVIEW_SECONDS: (u64, u64) = (2 * 3_600, 6 * 3_600);
/// How long a review takes that the fault `stuck_review` meets.
const STUCK_SECONDS: u64 = 30 * 24 * 3_600;

/// Units at Newegg's warehouse that the fault `sbn_stock` gives.
const NEWEGG_STOCK: u32 = 8;

const CONDITIONS: [(&str, u8); 6] = [
    ("New", 1),
    ("Refurbished", 2),
    ("UsedLikeNew", 3),
    ("UsedVeryGood", 4),
    ("UsedGood", 5),
    ("UsedAcceptable", 6),
];

/// Every field that a row may have.
const KNOWN: [&str; 19] = [
    "SellerPartNumber",
    "Manufacturer",
    "UPCOrISBN",
    "ManufacturerPartsNumber",
    "NeweggItemNumber",
    "SellingPrice",
    "Shipping",
    "Inventory",
    "PacksOrSets",
    "ItemCondition",
    "MSRP",
    "MAP",
    "CheckoutMAP",
    "LimitQuantity",
    "ActivationMark",
    "Currency",
    "CountryOfOrigin",
    "LeadTime",
    "ShippingTemplate",
];

/// A row that has been read.
struct Wanted {
    part_number: String,
    manufacturer: String,
    barcode: String,
    manufacturer_part: String,
    page_number: String,
    condition: u8,
    packs: u32,
    change: Change,
}

/// Works one row through; returns warnings, or why it is refused.
pub(super) fn apply(
    state: &mut State,
    feed: &Feed,
    row: &Value,
) -> Result<Vec<String>, Vec<String>> {
    let empty = Value::Null;
    let info = row.get("BasicInfo").unwrap_or(&empty);
    let mut fields = Fields::of(info);
    let wanted = read(&mut fields);
    let lines = |wrong: &[Wrong]| wrong.iter().map(Wrong::line).collect::<Vec<_>>();
    let offered = if fields.wrong.is_empty() {
        offer(state, feed, &wanted).map_err(|wrong| lines(&[wrong]))
    } else {
        Err(lines(&fields.wrong))
    };
    if offered.is_err() {
        if !wanted.part_number.is_empty() && !state.items.contains_key(&wanted.part_number) {
            state.refused.insert(wanted.part_number);
        }
        return offered.map(|()| Vec::new());
    }
    state.refused.remove(&wanted.part_number);
    let below = wanted.change.msrp < wanted.change.selling;
    Ok(if wanted.change.msrp.is_some() && below {
        vec!["MSRP - The MSRP is lower than the selling price.".to_owned()]
    } else {
        Vec::new()
    })
}

fn read(fields: &mut Fields<'_>) -> Wanted {
    fields.only(&KNOWN);
    let wanted = Wanted {
        part_number: fields.needed("SellerPartNumber", 40),
        manufacturer: fields.needed("Manufacturer", 40),
        barcode: fields.text("UPCOrISBN", 40).unwrap_or_default(),
        manufacturer_part: fields
            .text("ManufacturerPartsNumber", 20)
            .unwrap_or_default(),
        page_number: fields.text("NeweggItemNumber", 25).unwrap_or_default(),
        condition: fields.choice("ItemCondition", &CONDITIONS).unwrap_or(1),
        packs: fields.count("PacksOrSets", 1, 9_999).unwrap_or(1),
        change: Change::of_feed(fields),
    };
    for name in ["SellingPrice", "Shipping", "Inventory", "PacksOrSets"] {
        if !fields.has(name) {
            fields.fail(name, "The field is required.");
        }
    }
    fields.count("LeadTime", 1, 14);
    fields.text("ShippingTemplate", 200);
    let origin = fields.text("CountryOfOrigin", 3);
    if origin.is_some_and(|code| code.len() != 3 || !code.bytes().all(|b| b.is_ascii_uppercase())) {
        fields.fail(
            "CountryOfOrigin",
            "Must be a code of three capital letters.",
        );
    }
    let taken = is_example(&wanted.barcode) || is_registered(&wanted.manufacturer);
    if !wanted.manufacturer.is_empty() && !taken {
        let text = "The manufacturer does not exist. Ask for it to be registered.";
        fields.fail("Manufacturer", text);
    }
    if !wanted.barcode.is_empty() && !is_barcode(&wanted.barcode) {
        fields.fail("UPC", "Format error: not a barcode of at least 12 digits.");
    }
    wanted
}

/// Finds the page that a row means: by catalogue number, else by barcode, else by part number.
fn page(state: &State, wanted: &Wanted) -> Result<Page, Wrong> {
    let none = |field: &'static str| {
        move || Wrong::new(field, "No existing item matches. Create the item first.")
    };
    if !wanted.page_number.is_empty() {
        let page = state.pages.get(&wanted.page_number).cloned();
        return page.ok_or_else(none("NeweggItemNumber"));
    }
    if !wanted.barcode.is_empty() {
        return Page::of_barcode(&wanted.barcode).ok_or_else(none("UPC"));
    }
    if !wanted.manufacturer_part.is_empty() {
        return Page::of_part(&wanted.manufacturer, &wanted.manufacturer_part)
            .ok_or_else(none("ManufacturerPartsNumber"));
    }
    let text = "One of UPCOrISBN, ManufacturerPartsNumber and NeweggItemNumber is required.";
    Err(Wrong::new("UPC", text))
}

fn offer(state: &mut State, feed: &Feed, wanted: &Wanted) -> Result<(), Wrong> {
    let page = page(state, wanted)?;
    let key = offer_key(&page.number, wanted.condition);
    if let Some(owner) = state
        .offers
        .get(&key)
        .filter(|owner| **owner != wanted.part_number)
    {
        let text = format!("An offer for this item and condition exists as {owner}.");
        return Err(Wrong::new("UPC", text));
    }
    let home = state.platform.home();
    if let Some(known) = state.items.get_mut(&wanted.part_number) {
        if known.condition != wanted.condition {
            return Err(Wrong::new(
                "ItemCondition",
                "The condition cannot be changed.",
            ));
        }
        if known.packs != wanted.packs {
            return Err(Wrong::new(
                "PacksOrSets",
                "The packs or sets cannot be changed.",
            ));
        }
        if state.offers.get(&key) != Some(&wanted.part_number) {
            let text = "The part number already belongs to another item.";
            return Err(Wrong::new("SellerPartNumber", text));
        }
        wanted.change.apply(known, home, true)?;
        note_live(state, &wanted.part_number, feed.done_at);
        return Ok(());
    }
    let mut item = new_item(state, wanted, &page);
    wanted.change.apply(&mut item, home, true)?;
    if state.faults.meets("sbn_stock", "submitFeed") {
        item.newegg_stock = NEWEGG_STOCK;
    }
    let review = Duration::from_secs(review_seconds(state, &wanted.barcode));
    state
        .reviews
        .insert((feed.done_at + review, item.part_number.clone()));
    state.offers.insert(key, item.part_number.clone());
    state
        .item_numbers
        .insert(item.item_number.clone(), item.part_number.clone());
    state.items.insert(item.part_number.clone(), item);
    Ok(())
}

fn review_seconds(state: &mut State, barcode: &str) -> u64 {
    if state.faults.meets("stuck_review", "submitFeed") {
        return STUCK_SECONDS;
    }
    let slow = state.ids.below(ONE_SLOW_IN) == 0 && !is_example(barcode);
    let (low, high) = if slow { REVIEW_SECONDS } else { QUICK_SECONDS };
    state.ids.between(low, high)
}

fn new_item(state: &mut State, wanted: &Wanted, page: &Page) -> Item {
    let letters = "0123456789ABCDEFGHJKLMNPQRSTUVWXYZ";
    let number = format!("9SI{}{}", state.keys.seller_id, state.ids.text(7, letters));
    let first = |text: &str, other: &str| if text.is_empty() { other } else { text }.to_owned();
    Item {
        part_number: wanted.part_number.clone(),
        item_number: number,
        manufacturer: wanted.manufacturer.clone(),
        manufacturer_part: first(&wanted.manufacturer_part, &page.part_number),
        barcode: first(&wanted.barcode, &page.barcode),
        title: page.title.clone(),
        condition: wanted.condition,
        packs: wanted.packs,
        home: state.platform.home().to_owned(),
        prices: BTreeMap::new(),
        stock: BTreeMap::new(),
        newegg_stock: 0,
        in_review: true,
    }
}
