//! Values in JSON whose form a marketplace does not keep to: numbers as texts, lone objects in
//! place of arrays, null for what is not there.

use std::fmt;
use std::marker::PhantomData;

use chrono::{DateTime, Utc};
use rust_decimal::{Decimal, RoundingStrategy};
use serde::de::value::{MapAccessDeserializer, SeqAccessDeserializer};
use serde::de::{Deserialize, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};

/// A text, number or truth value, kept as text; null, blank and composed values are empty.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Scalar(String);

impl Scalar {
    /// The text without blanks around it; none where it is empty.
    pub fn text(&self) -> Option<&str> {
        let text = self.0.trim();
        (!text.is_empty()).then_some(text)
    }

    /// The same as an owned text.
    pub fn owned(&self) -> Option<String> {
        self.text().map(str::to_owned)
    }

    /// A count: whole, not negative, written `3`, `"3"` or `"3.0"`.
    pub fn count(&self) -> Option<u32> {
        let decimal = self.decimal()?.normalize();
        (decimal.scale() == 0).then(|| u32::try_from(decimal).ok())?
    }

    /// A number. Float noise beyond four decimals is rounded away (walmart.md §5.2).
    pub fn decimal(&self) -> Option<Decimal> {
        let decimal: Decimal = self.text()?.parse().ok()?;
        Some(decimal.round_dp_with_strategy(4, RoundingStrategy::MidpointAwayFromZero))
    }

    /// An instant in ISO 8601.
    pub fn instant(&self) -> Option<DateTime<Utc>> {
        let at = DateTime::parse_from_rfc3339(self.text()?).ok()?;
        Some(at.with_timezone(&Utc))
    }

    /// An instant in ISO 8601 or in milliseconds of the epoch.
    pub fn instant_or_millis(&self) -> Option<DateTime<Utc>> {
        self.instant().or_else(|| {
            let millis = self.text()?.parse::<Decimal>().ok()?.trunc();
            DateTime::from_timestamp_millis(i64::try_from(millis).ok()?)
        })
    }

    /// Whether it says yes: anything but empty, `false`, `no`, `null` and `0`.
    pub fn is_set(&self) -> bool {
        self.text().is_some_and(|text| {
            !["false", "no", "null", "none", "0"]
                .iter()
                .any(|no| text.eq_ignore_ascii_case(no))
        })
    }
}

/// Values may be a buyer's.
impl fmt::Debug for Scalar {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Scalar({} bytes)", self.0.len())
    }
}

impl<'de> Deserialize<'de> for Scalar {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Any;
        impl<'de> Visitor<'de> for Any {
            type Value = Scalar;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a value")
            }
            fn visit_bool<E>(self, value: bool) -> Result<Scalar, E> {
                Ok(Scalar(value.to_string()))
            }
            fn visit_i64<E>(self, value: i64) -> Result<Scalar, E> {
                Ok(Scalar(value.to_string()))
            }
            fn visit_u64<E>(self, value: u64) -> Result<Scalar, E> {
                Ok(Scalar(value.to_string()))
            }
            fn visit_f64<E>(self, value: f64) -> Result<Scalar, E> {
                Ok(Scalar(value.to_string()))
            }
            fn visit_str<E>(self, value: &str) -> Result<Scalar, E> {
                Ok(Scalar(value.to_owned()))
            }
            fn visit_unit<E>(self) -> Result<Scalar, E> {
                Ok(Scalar::default())
            }
            fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Scalar, A::Error> {
                while seq.next_element::<IgnoredAny>()?.is_some() {}
                Ok(Scalar::default())
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Scalar, A::Error> {
                while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
                Ok(Scalar::default())
            }
        }
        deserializer.deserialize_any(Any)
    }
}

/// An array, a lone object in place of one, or nothing.
#[derive(Clone, Debug, PartialEq)]
pub struct Many<T>(pub Vec<T>);

impl<T> Default for Many<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Many<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Any<T>(PhantomData<T>);
        impl<'de, T: Deserialize<'de>> Visitor<'de> for Any<T> {
            type Value = Many<T>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an array or an object")
            }
            fn visit_seq<A: SeqAccess<'de>>(self, seq: A) -> Result<Self::Value, A::Error> {
                Vec::deserialize(SeqAccessDeserializer::new(seq)).map(Many)
            }
            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Self::Value, A::Error> {
                T::deserialize(MapAccessDeserializer::new(map)).map(|one| Many(vec![one]))
            }
            fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<Self::Value, E> {
                if text.trim().is_empty() {
                    return Ok(Many::default());
                }
                let one = T::deserialize(serde::de::value::StrDeserializer::<E>::new(text))?;
                Ok(Many(vec![one]))
            }
            fn visit_unit<E>(self) -> Result<Self::Value, E> {
                Ok(Many::default())
            }
        }
        deserializer.deserialize_any(Any(PhantomData))
    }
}

/// Nothing where null stands for an object.
pub fn or_default<'de, D, T>(deserializer: D) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de> + Default,
{
    Option::<T>::deserialize(deserializer).map(Option::unwrap_or_default)
}

#[cfg(test)]
mod tests {
    use super::{Many, Scalar};

    fn scalar(json: &str) -> Scalar {
        serde_json::from_str(json).expect("any JSON is a scalar")
    }

    #[test]
    fn counts_are_texts_or_numbers() {
        let check = |json: &str, expected: Option<u32>| assert_eq!(scalar(json).count(), expected);
        check("\"2\"", Some(2));
        check("2", Some(2));
        check("\"2.0\"", Some(2));
        check("\"2.5\"", None);
        check("-1", None);
        check("null", None);
        check("{\"a\":1}", None);
    }

    #[test]
    fn instants_are_milliseconds_or_texts() {
        let expected = "2020-02-04T13:51:06+00:00";
        for json in [
            "1580824266000",
            "\"1580824266000\"",
            "\"2020-02-04T13:51:06Z\"",
        ] {
            let at = scalar(json).instant_or_millis().expect(json);
            assert_eq!(at.to_rfc3339(), expected);
        }
        assert_eq!(scalar("\"soon\"").instant_or_millis(), None);
    }

    #[test]
    fn instants_may_be_empty() {
        let at = scalar("\"2020-02-04T13:51:06.120Z\"")
            .instant()
            .expect("an instant");
        assert_eq!(at.to_rfc3339(), "2020-02-04T13:51:06.120+00:00");
        assert_eq!(scalar("\"\"").instant(), None);
        assert_eq!(scalar("\"soon\"").instant(), None);
    }

    #[test]
    fn float_noise_is_rounded_away() {
        let check = |json: &str, expected: &str| {
            let decimal = scalar(json).decimal().expect(json);
            assert_eq!(decimal.normalize().to_string(), expected);
        };
        check("19.99", "19.99");
        check("19.990000000000002", "19.99");
        check("\"12.00\"", "12");
    }

    #[test]
    fn a_lone_object_is_an_array_of_one() {
        let check = |json: &str, expected: usize| {
            let many: Many<std::collections::BTreeMap<String, u32>> =
                serde_json::from_str(json).expect(json);
            assert_eq!(many.0.len(), expected, "{json}");
        };
        check("[{\"a\":1},{\"a\":2}]", 2);
        check("{\"a\":1}", 1);
        check("null", 0);
        check("[]", 0);
    }
}
