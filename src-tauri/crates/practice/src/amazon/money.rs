//! Amounts: JSON numbers in listings, decimal text in answers (amazon.md §4.3, §11, 17).

use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;
use serde_json::{Value, json};

/// The highest price that is taken, in the smallest unit: beyond it no real goods are meant.
const AMOUNT_MAX: i64 = 100_000_000_000;

/// Why a JSON value is no price.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum AmountError {
    /// It is not a number.
    NotNumber,
    /// It has more than two decimals.
    Decimals,
    /// It is negative or beyond any price.
    Range,
}

/// Reads a JSON number as the currency's smallest unit. The text of the number is read, because
/// 19.99 has no exact binary float.
pub(super) fn minor(value: &Value) -> Result<i64, AmountError> {
    let Value::Number(number) = value else {
        return Err(AmountError::NotNumber);
    };
    let text = number.to_string();
    let decimal = text
        .parse::<Decimal>()
        .or_else(|_| Decimal::from_scientific(&text))
        .map_err(|_| AmountError::Range)?
        .normalize();
    if decimal.scale() > 2 {
        return Err(AmountError::Decimals);
    }
    decimal
        .checked_mul(Decimal::from(100))
        .and_then(|units| units.to_i64())
        .filter(|units| (0..=AMOUNT_MAX).contains(units))
        .ok_or(AmountError::Range)
}

/// Returns an amount as text, such as `19.90`.
pub(super) fn text(minor: i64) -> String {
    let sign = if minor < 0 { "-" } else { "" };
    let whole = minor.unsigned_abs();
    format!("{sign}{}.{:02}", whole / 100, whole % 100)
}

/// Returns an amount as answers write it.
pub(super) fn money(minor: i64, currency: &str) -> Value {
    json!({ "amount": text(minor), "currencyCode": currency })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{AmountError, minor, text};

    #[test]
    fn amounts_are_read_and_written_without_losing_a_cent() {
        let check = |value: serde_json::Value, expected| assert_eq!(minor(&value), expected);
        check(json!(19.99), Ok(1999));
        check(json!(20), Ok(2000));
        check(json!(0.1), Ok(10));
        check(json!(1.999), Err(AmountError::Decimals));
        check(json!("19.99"), Err(AmountError::NotNumber));
        check(json!(-1), Err(AmountError::Range));
        check(json!(1e300), Err(AmountError::Range));
        assert_eq!((text(-5), text(1990)), ("-0.05".into(), "19.90".into()));
    }
}
