//! One price (walmart.md §6.4).

use std::time::Duration;

use serde_json::{Value, json};

use super::call::{Answer, Call, ok};
use super::error::{PRICES, Refusal};
use super::money::{self, AmountError};
use super::state::{Item, State};

/// The most prices of one item in one call (item schema `Price.json`).
const PRICES_MAX: usize = 10;

/// `PUT /v3/price`.
pub(super) fn update(state: &mut State, call: &Call<'_>) -> Answer {
    if call.query.get("promo") == Some("true") {
        return Err(Refusal::param(
            PRICES,
            "promo",
            "Promotional prices are not open to this account.",
        ));
    }
    let body = call.json(PRICES)?;
    let sku = body.get("sku").and_then(Value::as_str).unwrap_or_default();
    if sku.is_empty() {
        return Err(Refusal::content(PRICES, "The SKU is missing.").at("sku"));
    }
    let cents = base_price(&body)
        .map_err(|wrong| Refusal::content(PRICES, wrong.description).at(wrong.field))?;
    let item = state.items.get_mut(sku);
    let item = item.ok_or_else(|| Refusal::not_found(PRICES, "The SKU is not found.").at("sku"))?;
    set(item, cents, call.now.elapsed);
    let message = "Thank you.  Your price has been updated.  Please allow up to five minutes for \
                   this change to be reflected on the site.";
    ok(&json!({
        "ItemPriceResponse": { "mart": "WALMART_US", "sku": sku, "message": message },
    }))
}

/// Sets a price, unless a later one is already there.
pub(super) fn set(item: &mut Item, cents: i64, sent_at: Duration) {
    if sent_at >= item.price_sent_at {
        item.price = Some(cents);
        item.price_sent_at = sent_at;
    }
}

/// What is wrong with a price.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct WrongPrice {
    pub(super) field: &'static str,
    pub(super) description: &'static str,
    pub(super) error: Option<AmountError>,
}

fn wrong(field: &'static str, description: &'static str) -> WrongPrice {
    WrongPrice {
        field,
        description,
        error: None,
    }
}

/// Reads the base price of `{"sku","pricing":[…]}`, in cents.
pub(super) fn base_price(body: &Value) -> Result<i64, WrongPrice> {
    let Some(pricing) = body.get("pricing").and_then(Value::as_array) else {
        return Err(wrong("pricing", "The list of prices is missing."));
    };
    if pricing.is_empty() || pricing.len() > PRICES_MAX {
        return Err(wrong(
            "pricing",
            "The list of prices has one to ten entries.",
        ));
    }
    let kind = |entry: &Value| {
        entry
            .get("currentPriceType")
            .and_then(Value::as_str)
            .map(str::to_owned)
    };
    for entry in pricing {
        match kind(entry).as_deref() {
            Some("BASE" | "REDUCED" | "CLEARANCE") => {}
            _ => {
                return Err(wrong(
                    "currentPriceType",
                    "The type of the price is not known.",
                ));
            }
        }
    }
    let base = pricing
        .iter()
        .find(|entry| kind(entry).as_deref() == Some("BASE"));
    let Some(price) = base.and_then(|entry| entry.get("currentPrice")) else {
        return Err(wrong("currentPrice", "A price of type BASE is needed."));
    };
    if price.get("currency").and_then(Value::as_str) != Some(money::CURRENCY) {
        return Err(wrong("currency", "This seller's currency is USD."));
    }
    amount(price.get("amount").unwrap_or(&Value::Null))
}

/// Reads an amount that something can be sold for.
pub(super) fn amount(value: &Value) -> Result<i64, WrongPrice> {
    let description = match money::cents(value) {
        Ok(cents) if cents > 0 => return Ok(cents),
        Ok(_) => return Err(wrong("amount", "The price must be above zero.")),
        Err(AmountError::NotNumber) => "The amount must be a number.",
        Err(AmountError::Decimals) => "The amount has more than two decimals.",
        Err(AmountError::Range) => "The amount is too large.",
    };
    let error = money::cents(value).err();
    Err(WrongPrice {
        field: "amount",
        description,
        error,
    })
}
