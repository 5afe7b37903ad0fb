//! JSON objects to be sent, in the order in which they are built.

use barrow_model::Money;
use rust_decimal::Decimal;
use serde::ser::{Serialize, SerializeMap, Serializer};
use serde_json::value::{RawValue, to_raw_value};

/// A JSON object. Values are serialised when they are put in, so that an amount keeps the digits
/// that it is written with.
#[derive(Clone, Debug, Default)]
pub struct Object(Vec<(String, Box<RawValue>)>);

impl Object {
    /// An object without members.
    pub fn new() -> Self {
        Self::default()
    }

    /// The same with one member more.
    #[must_use]
    pub fn put(mut self, name: impl Into<String>, value: impl Serialize) -> Self {
        self.set(name, value);
        self
    }

    /// The same with one member more where there is a value.
    #[must_use]
    pub fn put_some(self, name: &str, value: Option<impl Serialize>) -> Self {
        match value {
            Some(value) => self.put(name, value),
            None => self,
        }
    }

    /// Adds a member.
    pub fn set(&mut self, name: impl Into<String>, value: impl Serialize) {
        let raw = to_raw_value(&value)
            .expect("texts, numbers, lists and objects with text keys always serialise");
        self.0.push((name.into(), raw));
    }

    /// Whether a member of that name is there.
    pub fn has(&self, name: &str) -> bool {
        self.0.iter().any(|(key, _)| key == name)
    }

    /// The object as bytes.
    pub fn bytes(&self) -> Vec<u8> {
        serde_json::to_vec(self).expect("members are valid JSON already")
    }
}

impl Serialize for Object {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.0.len()))?;
        for (name, value) in &self.0 {
            map.serialize_entry(name, value)?;
        }
        map.end()
    }
}

/// An amount as a JSON number with the currency's own decimals, never through a binary float.
pub fn amount(money: &Money) -> Box<RawValue> {
    number(money.to_decimal())
}

/// A decimal number as JSON.
pub fn number(decimal: Decimal) -> Box<RawValue> {
    RawValue::from_string(decimal.to_string()).expect("a plain decimal is a JSON number")
}

#[cfg(test)]
mod tests {
    use barrow_model::{Currency, Money};

    use super::{Object, amount};

    #[test]
    fn amounts_keep_two_decimals() {
        let check = |minor: i64, expected: &str| {
            let money = Money::new(minor, Currency::USD);
            let object = Object::new().put("price", amount(&money));
            let text = String::from_utf8(object.bytes()).expect("JSON is UTF-8");
            assert_eq!(text, format!("{{\"price\":{expected}}}"));
        };
        check(1999, "19.99");
        check(1990, "19.90");
        check(5, "0.05");
        check(-1002, "-10.02");
        check(100_000, "1000.00");
    }
}
