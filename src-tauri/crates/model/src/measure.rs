//! Weights and lengths, kept in the unit in which they were given.

use rust_decimal::{Decimal, RoundingStrategy};
use serde::{Deserialize, Serialize};

/// Why a weight or length is not one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MeasureError {
    /// Below zero.
    #[error("a weight or length cannot be negative")]
    Negative,
    /// Nothing could weigh or measure that much.
    #[error("the weight or length is too large to be true")]
    TooLarge,
}

/// Units of weight.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum WeightUnit {
    /// Gram.
    Gram,
    /// Kilogram.
    Kilogram,
    /// Avoirdupois ounce, 28.349523125 g.
    Ounce,
    /// Avoirdupois pound, 453.59237 g.
    Pound,
}

/// A weight, never negative.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct Weight {
    #[cfg_attr(feature = "typescript", ts(type = "string"))]
    value: Decimal,
    unit: WeightUnit,
}

impl Weight {
    /// A weight of at most 100 tonnes; finer than six decimals is rounded.
    pub fn new(value: Decimal, unit: WeightUnit) -> Result<Self, MeasureError> {
        let weight = Self {
            value: rounded(value),
            unit,
        };
        if value.is_sign_negative() && !value.is_zero() {
            return Err(MeasureError::Negative);
        }
        match value.checked_mul(weight.grams_per_unit()) {
            Some(grams) if grams <= Decimal::from(100_000_000_i64) => Ok(weight),
            _ => Err(MeasureError::TooLarge),
        }
    }

    /// The number, in [`Weight::unit`].
    pub fn value(&self) -> Decimal {
        self.value
    }

    /// The unit.
    pub fn unit(&self) -> WeightUnit {
        self.unit
    }

    /// The weight in another unit, rounded to `decimals`.
    pub fn in_unit(&self, unit: WeightUnit, decimals: u32) -> Decimal {
        if unit == self.unit {
            return self.value.round_dp(decimals).normalize();
        }
        let target = Self {
            value: Decimal::ONE,
            unit,
        };
        (self.value * self.grams_per_unit() / target.grams_per_unit())
            .round_dp_with_strategy(decimals, RoundingStrategy::MidpointAwayFromZero)
            .normalize()
    }

    fn grams_per_unit(&self) -> Decimal {
        match self.unit {
            WeightUnit::Gram => Decimal::ONE,
            WeightUnit::Kilogram => Decimal::from(1000),
            WeightUnit::Ounce => Decimal::from_i128_with_scale(28_349_523_125, 9),
            WeightUnit::Pound => Decimal::from_i128_with_scale(45_359_237, 5),
        }
    }
}

/// Units of length.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum LengthUnit {
    /// Centimetre.
    Centimetre,
    /// Metre.
    Metre,
    /// Inch, 2.54 cm.
    Inch,
    /// Foot, 30.48 cm.
    Foot,
}

/// A length, never negative.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct Length {
    #[cfg_attr(feature = "typescript", ts(type = "string"))]
    value: Decimal,
    unit: LengthUnit,
}

impl Length {
    /// A length of at most a kilometre; finer than six decimals is rounded.
    pub fn new(value: Decimal, unit: LengthUnit) -> Result<Self, MeasureError> {
        if value.is_sign_negative() && !value.is_zero() {
            return Err(MeasureError::Negative);
        }
        if value > Decimal::from(100_000) {
            return Err(MeasureError::TooLarge);
        }
        Ok(Self {
            value: rounded(value),
            unit,
        })
    }

    /// The number, in [`Length::unit`].
    pub fn value(&self) -> Decimal {
        self.value
    }

    /// The unit.
    pub fn unit(&self) -> LengthUnit {
        self.unit
    }

    /// The length in another unit, rounded to `decimals`.
    pub fn in_unit(&self, unit: LengthUnit, decimals: u32) -> Decimal {
        let centimetres = |unit| match unit {
            LengthUnit::Centimetre => Decimal::ONE,
            LengthUnit::Metre => Decimal::from(100),
            LengthUnit::Inch => Decimal::new(254, 2),
            LengthUnit::Foot => Decimal::new(3048, 2),
        };
        (self.value * centimetres(self.unit) / centimetres(unit))
            .round_dp_with_strategy(decimals, RoundingStrategy::MidpointAwayFromZero)
            .normalize()
    }
}

/// The size of a package.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct Dimensions {
    /// Longest side.
    pub length: Length,
    /// Middle side.
    pub width: Length,
    /// Shortest side.
    pub height: Length,
}

fn rounded(value: Decimal) -> Decimal {
    value.round_dp(6).normalize()
}

#[cfg(test)]
mod tests {
    use rust_decimal::Decimal;

    use super::{MeasureError, Weight, WeightUnit};

    #[test]
    fn converts_between_units() {
        let check = |value: &str, from, to, expected: &str| {
            let weight = Weight::new(value.parse().expect("decimal"), from).expect("a weight");
            assert_eq!(weight.in_unit(to, 3).to_string(), expected);
        };
        check("10.7", WeightUnit::Pound, WeightUnit::Ounce, "171.2");
        check("1", WeightUnit::Kilogram, WeightUnit::Pound, "2.205");
        check("0.5", WeightUnit::Kilogram, WeightUnit::Gram, "500");
    }

    #[test]
    fn refuses_what_cannot_be() {
        assert_eq!(
            Weight::new(Decimal::from(-1), WeightUnit::Gram),
            Err(MeasureError::Negative)
        );
        let much = Weight::new(Decimal::from(1_000_000), WeightUnit::Kilogram);
        assert_eq!(much, Err(MeasureError::TooLarge));
    }
}
