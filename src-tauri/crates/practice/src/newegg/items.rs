//! Items: the seller's offers, and how calls find them (newegg.md §4).

use std::collections::BTreeMap;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::call::{Call, text};
use super::catalogue::Page;
use super::error::Refusal;
use super::state::State;
use crate::marketplace::Now;

/// One of the seller's offers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Item {
    pub(super) part_number: String,
    /// `9SI…`, of this offer alone.
    pub(super) item_number: String,
    pub(super) manufacturer: String,
    pub(super) manufacturer_part: String,
    pub(super) barcode: String,
    pub(super) title: String,
    /// 1 New to 6 Used-Acceptable.
    pub(super) condition: u8,
    pub(super) packs: u32,
    /// The country whose price and stock buyers meet.
    pub(super) home: String,
    /// By country.
    pub(super) prices: BTreeMap<String, Price>,
    /// Units that the seller ships, by location.
    pub(super) stock: BTreeMap<String, u32>,
    /// Units at Newegg's own warehouse.
    pub(super) newegg_stock: u32,
    /// Whether the content is still looked at.
    pub(super) in_review: bool,
}

/// The price in one country.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Price {
    pub(super) currency: String,
    pub(super) active: bool,
    /// Cents.
    pub(super) selling: i64,
    /// Cents.
    pub(super) msrp: Option<i64>,
    /// The lowest price that may be advertised, in cents; 0 for none.
    pub(super) map: i64,
    /// Whether a lower price is shown at checkout only.
    pub(super) checkout_map: bool,
    pub(super) limit: u32,
    pub(super) free_shipping: bool,
}

impl Item {
    pub(super) fn home_price(&self) -> Option<&Price> {
        self.prices.get(&self.home)
    }

    pub(super) fn is_active(&self) -> bool {
        self.home_price().is_some_and(|price| price.active)
    }

    /// Whether buyers see the item and could buy it if there were any.
    pub(super) fn is_live(&self) -> bool {
        self.is_active() && !self.in_review
    }

    /// Units that buyers can buy from the seller now.
    pub(super) fn for_sale(&self) -> u32 {
        if self.is_live() { self.home_stock() } else { 0 }
    }

    fn home_stock(&self) -> u32 {
        self.stock.get(&self.home).copied().unwrap_or(0)
    }

    /// Units as calls read them: a deactivated item reads 0 (newegg.md §4.2).
    pub(super) fn shown_stock(&self, location: &str) -> u32 {
        if self.is_active() {
            self.stock.get(location).copied().unwrap_or(0)
        } else {
            0
        }
    }

    pub(super) fn held_state(&self) -> &'static str {
        match self {
            item if !item.is_active() => "ended",
            item if item.in_review => "pending",
            item if item.home_stock() == 0 => "out_of_stock",
            _ => "live",
        }
    }
}

/// Returns the key under which a page and condition have at most one offer.
pub(super) fn offer_key(page: &str, condition: u8) -> String {
    format!("{page}/{condition}")
}

/// Lets content reviews end.
pub(super) fn advance(state: &mut State, now: Now) {
    while let Some((at, part_number)) = state.reviews.first().cloned() {
        if at > now.elapsed {
            break;
        }
        state.reviews.pop_first();
        if let Some(item) = state.items.get_mut(&part_number) {
            item.in_review = false;
        }
        note_live(state, &part_number, at);
    }
}

/// Remembers when something was for sale for the first time: buyers come from then on.
pub(super) fn note_live(state: &mut State, part_number: &str, at: Duration) {
    let live = state
        .items
        .get(part_number)
        .is_some_and(|item| item.for_sale() > 0);
    if live && state.first_live_at.is_none() {
        state.first_live_at = Some(at);
    }
}

/// Which items a call means: `Type` 0 by Newegg's item number, 1 by the seller's part number, 2 by
/// barcode and condition.
#[derive(Clone, Debug)]
pub(super) struct Key {
    kind: u8,
    condition: u8,
}

impl Key {
    pub(super) fn read(body: &Value) -> Result<Self, Refusal> {
        let kind = match text(body, "Type").as_deref() {
            Some("0") => 0,
            Some("1") => 1,
            Some("2") => 2,
            _ => return Err(Refusal::bad("CT001", "Type must be 0, 1 or 2.")),
        };
        let condition = match text(body, "Condition") {
            None if kind == 2 => {
                let text = "Condition is needed with Type 2.";
                return Err(Refusal::bad("CT003", text));
            }
            None => 1,
            Some(text) => text
                .parse()
                .ok()
                .filter(|number| (1..=6).contains(number))
                .ok_or_else(|| Refusal::bad("CT003", "Condition must be 1 to 6."))?,
        };
        Ok(Self { kind, condition })
    }

    /// Returns the part number of the item that a value means, whatever its state.
    fn part_number<'a>(&self, state: &'a State, value: &str) -> Option<&'a str> {
        match self.kind {
            0 => state.item_numbers.get(value).map(String::as_str),
            1 => state
                .items
                .get_key_value(value)
                .map(|(key, _)| key.as_str()),
            _ => {
                let page = Page::of_barcode(value)?;
                let key = offer_key(&page.number, self.condition);
                state.offers.get(&key).map(String::as_str)
            }
        }
    }

    /// Returns an item that calls may read and write: one in content review is not there yet.
    pub(super) fn find<'a>(&self, state: &'a State, value: &str) -> Option<&'a Item> {
        let item = state.items.get(self.part_number(state, value)?)?;
        (!item.in_review).then_some(item)
    }
}

/// Returns the part number of the one item that a call means.
pub(super) fn one(state: &mut State, call: &Call<'_>, body: &Value) -> Result<String, Refusal> {
    let key = Key::read(body)?;
    let value = text(body, "Value").unwrap_or_default();
    if key.kind == 1 && !(1..=40).contains(&value.chars().count()) {
        return Err(Refusal::bad("CT002", "Invalid seller part number."));
    }
    let part_number = key.find(state, &value).map(|item| item.part_number.clone());
    let operation = super::route::operation_name(call);
    if state.faults.meets("in_review", operation) {
        return Err(unknown());
    }
    let part_number = part_number.ok_or_else(unknown)?;
    if state.faults.meets("inactive", operation) {
        deactivate(state, &part_number);
    }
    Ok(part_number)
}

/// Takes an item off sale in every country.
pub(super) fn deactivate(state: &mut State, part_number: &str) {
    if let Some(item) = state.items.get_mut(part_number) {
        for price in item.prices.values_mut() {
            price.active = false;
        }
    }
}

/// An item that is not in the account, or not yet (newegg.md §4.2).
pub(super) fn unknown() -> Refusal {
    Refusal::bad("CT026", "The item does not exist in your account.")
}
