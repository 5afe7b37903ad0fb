//! Amounts as Walmart writes them: JSON numbers of at most two decimals.

use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;
use serde_json::{Number, Value};

/// What a United States seller sells in.
pub(super) const CURRENCY: &str = "USD";

/// Why a JSON value is no amount.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum AmountError {
    /// It is not a number.
    NotNumber,
    /// It has more decimals than allowed.
    Decimals,
    /// It is out of bounds.
    Range,
}

/// Reads a number with at most `decimals` decimals as an integer of its smallest unit. The text of
/// the number is read, because 19.99 has no exact binary float (walmart.md §15).
pub(super) fn scaled(value: &Value, decimals: u32) -> Result<i64, AmountError> {
    let Value::Number(number) = value else {
        return Err(AmountError::NotNumber);
    };
    let text = number.to_string();
    let decimal = text
        .parse::<Decimal>()
        .or_else(|_| Decimal::from_scientific(&text))
        .map_err(|_| AmountError::Range)?
        .normalize();
    if decimal.scale() > decimals {
        return Err(AmountError::Decimals);
    }
    let unit = Decimal::from(10_u64.pow(decimals));
    decimal
        .checked_mul(unit)
        .and_then(|units| units.to_i64())
        .ok_or(AmountError::Range)
}

/// Reads an amount in cents.
pub(super) fn cents(value: &Value) -> Result<i64, AmountError> {
    scaled(value, 2)
}

/// Returns cents as text, such as `19.90`.
pub(super) fn text(cents: i64) -> String {
    let sign = if cents < 0 { "-" } else { "" };
    let whole = cents.unsigned_abs();
    format!("{sign}{}.{:02}", whole / 100, whole % 100)
}

/// Returns cents as a JSON number, such as 19.9.
pub(super) fn number(cents: i64) -> Value {
    if cents % 100 == 0 {
        return Value::from(cents / 100);
    }
    // The text of an amount is always a JSON number.
    text(cents)
        .parse::<Number>()
        .map(Value::Number)
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{AmountError, cents, number, scaled, text};

    #[test]
    fn amounts_are_read_and_written_without_losing_a_cent() {
        let check = |value: serde_json::Value, expected| assert_eq!(cents(&value), expected);
        check(json!(19.99), Ok(1999));
        check(json!(20), Ok(2000));
        check(json!(0.1), Ok(10));
        check(json!(1.999), Err(AmountError::Decimals));
        check(json!("19.99"), Err(AmountError::NotNumber));
        check(json!(1e300), Err(AmountError::Range));
        assert_eq!(scaled(&json!(1.505), 3), Ok(1505));
    }

    #[test]
    fn every_cent_survives_the_way_there_and_back() {
        for amount in (-250..250).chain([1999, 123_456_789]) {
            assert_eq!(cents(&number(amount)), Ok(amount));
        }
        assert_eq!(text(-5), "-0.05");
    }
}
