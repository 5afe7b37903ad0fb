//! Amounts and instants.

use barrow_model::{Currency, Money, Rounding};
use chrono::{DateTime, Utc};
use rust_decimal::Decimal;
use serde_json::{Number, Value, json};

use crate::types::Amount;

/// An amount as eBay writes it (ebay.md §3).
pub fn amount(money: &Money) -> Value {
    json!({ "value": money.amount(), "currency": money.currency.as_str() })
}

/// An amount as Post-Order takes it, a number (ebay.md §8.5); null where it is none, which no
/// amount is.
pub fn number(money: Money) -> Value {
    let value: Option<Number> = serde_json::from_str(&money.amount()).ok();
    json!({ "value": value, "currency": money.currency.as_str() })
}

/// An amount as eBay wrote it; none where it is no amount. More decimals than the currency has are
/// rounded: a tax of a fraction of a cent must not keep an order from being read.
pub fn money(amount: &Amount) -> Option<Money> {
    let currency = Currency::parse(amount.currency.as_deref()?).ok()?;
    let value: Decimal = amount.value.as_deref()?.trim().parse().ok()?;
    Money::from_decimal(value, currency, Rounding::HalfUp).ok()
}

/// An instant as eBay wrote it (ebay.md §3); none where it is none.
pub fn instant(text: Option<&str>) -> Option<DateTime<Utc>> {
    let read = DateTime::parse_from_rfc3339(text?.trim()).ok()?;
    Some(read.with_timezone(&Utc))
}
