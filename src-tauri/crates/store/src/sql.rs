//! How values of the model stand in columns.
//!
//! Amounts are two columns, `x_minor` and `x_currency`; instants are milliseconds; weights and
//! lengths are `NUMBER UNIT`; enums and origins are their codes; lists and maps are JSON. A stored
//! text that cannot be read back is damage, never a default.

use barrow_model::{
    Condition, Currency, Dimensions, Gtin, Length, LengthUnit, Money, Origin, Sku, Weight,
    WeightUnit,
};
use chrono::{DateTime, Utc};
use rust_decimal::Decimal;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::error::StoreError;

fn damaged(what: &str, text: &str) -> StoreError {
    let shown: String = text.chars().take(40).collect();
    StoreError::corrupt(format!("{shown:?} is no {what}"))
}

/// Milliseconds since 1970.
pub(crate) fn instant(at: DateTime<Utc>) -> i64 {
    at.timestamp_millis()
}

/// The instant of milliseconds since 1970.
pub(crate) fn to_instant(millis: i64) -> Result<DateTime<Utc>, StoreError> {
    DateTime::from_timestamp_millis(millis).ok_or_else(|| damaged("instant", &millis.to_string()))
}

/// The instant, where there is one.
pub(crate) fn to_instant_opt(millis: Option<i64>) -> Result<Option<DateTime<Utc>>, StoreError> {
    millis.map(to_instant).transpose()
}

/// The two columns of an amount.
pub(crate) fn money(amount: Option<Money>) -> (Option<i64>, Option<String>) {
    match amount {
        Some(money) => (Some(money.minor), Some(money.currency.as_str().to_owned())),
        None => (None, None),
    }
}

/// The amount of two columns.
pub(crate) fn to_money(
    minor: Option<i64>,
    currency: Option<String>,
) -> Result<Option<Money>, StoreError> {
    match (minor, currency) {
        (Some(minor), Some(code)) => Ok(Some(Money::new(minor, to_currency(&code)?))),
        (None, None) => Ok(None),
        (minor, _) => Err(damaged("amount", &format!("{minor:?}"))),
    }
}

/// A currency.
pub(crate) fn to_currency(code: &str) -> Result<Currency, StoreError> {
    Currency::parse(code).map_err(|_| damaged("currency", code))
}

/// A decimal in plain digits.
pub(crate) fn to_decimal(text: &str) -> Result<Decimal, StoreError> {
    text.parse().map_err(|_| damaged("number", text))
}

/// A SKU.
pub(crate) fn to_sku(text: String) -> Result<Sku, StoreError> {
    Sku::new(&text).map_err(|_| damaged("SKU", &text))
}

/// A barcode number of fourteen digits.
pub(crate) fn to_gtin(text: Option<String>) -> Result<Option<Gtin>, StoreError> {
    text.map(|text| Gtin::parse(&text).map_err(|_| damaged("barcode number", &text)))
        .transpose()
}

/// A condition by its code.
pub(crate) fn to_condition(code: Option<String>) -> Result<Option<Condition>, StoreError> {
    code.map(|code| Condition::from_code(&code).ok_or_else(|| damaged("condition", &code)))
        .transpose()
}

/// Who caused a write.
pub(crate) fn to_origin(text: &str) -> Result<Origin, StoreError> {
    text.parse().map_err(|_| damaged("origin", text))
}

const WEIGHT_UNITS: [(WeightUnit, &str); 4] = [
    (WeightUnit::Gram, "gram"),
    (WeightUnit::Kilogram, "kilogram"),
    (WeightUnit::Ounce, "ounce"),
    (WeightUnit::Pound, "pound"),
];

const LENGTH_UNITS: [(LengthUnit, &str); 4] = [
    (LengthUnit::Centimetre, "centimetre"),
    (LengthUnit::Metre, "metre"),
    (LengthUnit::Inch, "inch"),
    (LengthUnit::Foot, "foot"),
];

fn measure<U: PartialEq>(value: Decimal, unit: U, units: &[(U, &str)]) -> String {
    let name = units.iter().find(|(known, _)| *known == unit);
    format!("{value} {}", name.map_or("", |(_, name)| name))
}

fn to_measure<U: Copy>(text: &str, units: &[(U, &str)]) -> Option<(Decimal, U)> {
    let (number, name) = text.split_once(' ')?;
    let (unit, _) = units.iter().find(|(_, known)| *known == name)?;
    Some((number.parse().ok()?, *unit))
}

/// A weight as `NUMBER UNIT`.
pub(crate) fn weight(weight: Weight) -> String {
    measure(weight.value(), weight.unit(), &WEIGHT_UNITS)
}

/// The weight of `NUMBER UNIT`.
pub(crate) fn to_weight(text: Option<String>) -> Result<Option<Weight>, StoreError> {
    let Some(text) = text else { return Ok(None) };
    to_measure(&text, &WEIGHT_UNITS)
        .and_then(|(value, unit)| Weight::new(value, unit).ok())
        .map(Some)
        .ok_or_else(|| damaged("weight", &text))
}

/// A length as `NUMBER UNIT`.
pub(crate) fn length(length: Length) -> String {
    measure(length.value(), length.unit(), &LENGTH_UNITS)
}

/// The length of `NUMBER UNIT`.
pub(crate) fn to_length(text: Option<String>) -> Result<Option<Length>, StoreError> {
    let Some(text) = text else { return Ok(None) };
    to_measure(&text, &LENGTH_UNITS)
        .and_then(|(value, unit)| Length::new(value, unit).ok())
        .map(Some)
        .ok_or_else(|| damaged("length", &text))
}

/// The size of a package; none unless all three sides are known.
pub(crate) fn to_dimensions(sides: [Option<String>; 3]) -> Result<Option<Dimensions>, StoreError> {
    let [length, width, height] = sides;
    Ok(
        match (to_length(length)?, to_length(width)?, to_length(height)?) {
            (Some(length), Some(width), Some(height)) => Some(Dimensions {
                length,
                width,
                height,
            }),
            _ => None,
        },
    )
}

/// A list or map as JSON.
pub(crate) fn json<T: Serialize + ?Sized>(value: &T) -> Result<String, StoreError> {
    serde_json::to_string(value).map_err(|error| StoreError::invalid("json", error.to_string()))
}

/// A list as JSON, nothing where it is empty.
pub(crate) fn json_unless_empty<T: Serialize>(list: &[T]) -> Result<Option<String>, StoreError> {
    (!list.is_empty()).then(|| json(list)).transpose()
}

/// The list or map of JSON.
pub(crate) fn to_json<T: DeserializeOwned>(text: &str) -> Result<T, StoreError> {
    serde_json::from_str(text).map_err(|_| damaged("list or map", text))
}

/// An enum's code, as serde names it.
pub(crate) fn code<T: Serialize>(value: &T) -> Result<String, StoreError> {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(code)) => Ok(code),
        _ => Err(StoreError::invalid("code", "not a plain name")),
    }
}

/// The enum of a code, as serde names it.
pub(crate) fn to_code<T: DeserializeOwned>(code: &str) -> Result<T, StoreError> {
    serde_json::from_value(serde_json::Value::String(code.to_owned()))
        .map_err(|_| damaged("code", code))
}

#[cfg(test)]
mod tests {
    use barrow_model::{Length, LengthUnit, Money, Weight, WeightUnit};
    use rust_decimal::Decimal;

    use super::{WEIGHT_UNITS, length, money, to_length, to_measure, to_money, to_weight, weight};

    #[test]
    fn what_is_stored_reads_back_as_it_was() {
        for (unit, _) in WEIGHT_UNITS {
            let given = Weight::new(Decimal::new(125, 2), unit).expect("a weight");
            assert_eq!(to_weight(Some(weight(given))).expect("reads"), Some(given));
        }
        let inch = Length::new(Decimal::from(12), LengthUnit::Inch).expect("a length");
        assert_eq!(to_length(Some(length(inch))).expect("reads"), Some(inch));
        let yen = Money::parse("1999", "JPY".parse_currency()).expect("an amount");
        let (minor, currency) = money(Some(yen));
        assert_eq!(to_money(minor, currency).expect("reads"), Some(yen));
        assert_eq!(to_money(None, None).expect("reads"), None);
    }

    #[test]
    fn damage_is_told() {
        assert!(to_money(Some(1), None).is_err());
        assert!(to_weight(Some("12 stone".into())).is_err());
        assert!(to_weight(Some("heavy".into())).is_err());
        assert!(
            to_measure("1.5 gram", &WEIGHT_UNITS) == Some((Decimal::new(15, 1), WeightUnit::Gram))
        );
    }

    trait ParseCurrency {
        fn parse_currency(&self) -> barrow_model::Currency;
    }

    impl ParseCurrency for str {
        fn parse_currency(&self) -> barrow_model::Currency {
            barrow_model::Currency::parse(self).expect("a currency")
        }
    }
}
