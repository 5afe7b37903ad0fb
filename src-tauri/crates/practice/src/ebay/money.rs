//! Amounts in minor units and their text, as eBay writes it.

use rust_decimal::Decimal;
use serde_json::{Value, json};

/// The largest price that eBay takes.
const PRICE_MAX: Decimal = Decimal::from_parts(999_999_999, 0, 0, false, 2);

/// Decimals of a currency.
pub(super) fn decimals(currency: &str) -> u32 {
    match currency {
        "JPY" | "KRW" | "TWD" => 0,
        _ => 2,
    }
}

/// Reads a price: above zero, with no more decimals than the currency has.
pub(super) fn price_minor(value: &str, currency: &str) -> Option<i64> {
    let digits = value
        .bytes()
        .all(|byte| byte.is_ascii_digit() || byte == b'.');
    let amount: Decimal = if digits {
        value.parse().ok()?
    } else {
        return None;
    };
    let amount = amount.normalize();
    if amount <= Decimal::ZERO || amount > PRICE_MAX || amount.scale() > decimals(currency) {
        return None;
    }
    let minor = amount.checked_mul(Decimal::from(10_i64.pow(decimals(currency))))?;
    i64::try_from(minor.normalize().mantissa())
        .ok()
        .filter(|_| minor.normalize().scale() == 0)
}

/// Text with the currency's own decimals: `34.90`.
pub(super) fn full_text(minor: i64, currency: &str) -> String {
    Decimal::new(minor, decimals(currency)).to_string()
}

/// An amount as the API shows it: a text without trailing zeros but at least one decimal
/// (ebay.md §3).
pub(super) fn amount(minor: i64, currency: &str) -> Value {
    let text = Decimal::new(minor, decimals(currency))
        .normalize()
        .to_string();
    let text = if text.contains('.') {
        text
    } else {
        format!("{text}.0")
    };
    json!({ "value": text, "currency": currency })
}
