//! Amounts of money: integers in minor units with their currency.

use std::fmt;

use rust_decimal::{Decimal, RoundingStrategy};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// An ISO 4217 currency code.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(type = "string"))]
pub struct Currency([u8; 3]);

impl Currency {
    /// United States dollar.
    pub const USD: Self = Self(*b"USD");
    /// Euro.
    pub const EUR: Self = Self(*b"EUR");

    /// Reads three letters, in either case. Unknown codes are kept and taken to have two decimals.
    pub fn parse(text: &str) -> Result<Self, MoneyError> {
        let bytes = text.trim().as_bytes();
        match bytes {
            [a, b, c] if bytes.iter().all(u8::is_ascii_alphabetic) => {
                Ok(Self([*a, *b, *c].map(|l| l.to_ascii_uppercase())))
            }
            _ => Err(MoneyError::Currency(text.trim().chars().take(20).collect())),
        }
    }

    /// The code in capitals.
    pub fn as_str(&self) -> &str {
        // The invariant of construction: three ASCII letters.
        std::str::from_utf8(&self.0).unwrap_or("XXX")
    }

    /// How many decimals its minor unit has (ISO 4217): JPY 0, USD 2, KWD 3.
    pub fn decimals(&self) -> u32 {
        match &self.0 {
            b"BIF" | b"CLP" | b"DJF" | b"GNF" | b"ISK" | b"JPY" | b"KMF" | b"KRW" | b"PYG"
            | b"RWF" | b"UGX" | b"UYI" | b"VND" | b"VUV" | b"XAF" | b"XOF" | b"XPF" => 0,
            b"BHD" | b"IQD" | b"JOD" | b"KWD" | b"LYD" | b"OMR" | b"TND" => 3,
            _ => 2,
        }
    }
}

impl fmt::Display for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Debug for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl Serialize for Currency {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for Currency {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text).map_err(serde::de::Error::custom)
    }
}

/// An amount in the minor units of its currency. There is no `+`: adding is checked and refuses
/// mixed currencies.
///
/// Serialised as `{"amount":"34.90","currency":"USD"}`.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(
    feature = "typescript",
    derive(ts_rs::TS),
    ts(type = "{ amount: string, currency: string }")
)]
pub struct Money {
    /// Cents, pence, yen: whole minor units. May be negative for adjustments.
    pub minor: i64,
    /// The currency.
    pub currency: Currency,
}

/// How a decimal becomes whole minor units.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rounding {
    /// Half a unit goes away from zero, as shops round.
    HalfUp,
    /// Towards positive infinity: a price that must not fall below a floor.
    Up,
}

/// Why an amount could not be made or computed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MoneyError {
    /// Not a currency code of three letters.
    #[error("{0:?} is not a currency code of three letters")]
    Currency(String),
    /// Not a decimal number.
    #[error("{0:?} is not an amount")]
    Amount(String),
    /// More decimals than the currency has.
    #[error("{currency} has {} decimals, {amount} has more", currency.decimals())]
    TooPrecise {
        /// The amount as written.
        amount: String,
        /// The currency.
        currency: Currency,
    },
    /// Two currencies in one sum.
    #[error("{0} and {1} cannot be added")]
    Mixed(Currency, Currency),
    /// Larger than can be held.
    #[error("the amount is too large")]
    Overflow,
}

impl Money {
    /// An amount of minor units.
    pub const fn new(minor: i64, currency: Currency) -> Self {
        Self { minor, currency }
    }

    /// Nothing, in a currency.
    pub const fn zero(currency: Currency) -> Self {
        Self { minor: 0, currency }
    }

    /// Reads a plain decimal with a point, such as `34.9` or `-2`. Trailing zeros beyond the
    /// currency's decimals are allowed, other digits there are an error.
    pub fn parse(text: &str, currency: Currency) -> Result<Self, MoneyError> {
        let trimmed = text.trim();
        let shape = trimmed.strip_prefix('-').unwrap_or(trimmed);
        let plain = !shape.is_empty()
            && shape.bytes().all(|b| b.is_ascii_digit() || b == b'.')
            && shape.bytes().any(|b| b.is_ascii_digit());
        let decimal = plain
            .then(|| trimmed.parse::<Decimal>().ok())
            .flatten()
            .ok_or_else(|| MoneyError::Amount(trimmed.chars().take(40).collect()))?;
        let exact = decimal.normalize();
        if exact.scale() > currency.decimals() {
            return Err(MoneyError::TooPrecise {
                amount: exact.to_string(),
                currency,
            });
        }
        Self::from_decimal(exact, currency, Rounding::HalfUp)
    }

    /// Rounds a decimal amount to whole minor units.
    pub fn from_decimal(
        decimal: Decimal,
        currency: Currency,
        rounding: Rounding,
    ) -> Result<Self, MoneyError> {
        let strategy = match rounding {
            Rounding::HalfUp => RoundingStrategy::MidpointAwayFromZero,
            Rounding::Up => RoundingStrategy::ToPositiveInfinity,
        };
        let factor = Decimal::from(10_i64.pow(currency.decimals()));
        let minor = decimal
            .checked_mul(factor)
            .ok_or(MoneyError::Overflow)?
            .round_dp_with_strategy(0, strategy);
        let minor = i64::try_from(minor).map_err(|_| MoneyError::Overflow)?;
        Ok(Self { minor, currency })
    }

    /// The amount as a decimal in major units.
    pub fn to_decimal(&self) -> Decimal {
        Decimal::new(self.minor, self.currency.decimals())
    }

    /// The amount as text with the currency's own number of decimals, such as `34.90`.
    pub fn amount(&self) -> String {
        self.to_decimal().to_string()
    }

    /// The sum of two amounts of one currency.
    pub fn checked_add(&self, other: Self) -> Result<Self, MoneyError> {
        if self.currency != other.currency {
            return Err(MoneyError::Mixed(self.currency, other.currency));
        }
        let minor = self
            .minor
            .checked_add(other.minor)
            .ok_or(MoneyError::Overflow)?;
        Ok(Self {
            minor,
            currency: self.currency,
        })
    }

    /// The difference of two amounts of one currency.
    pub fn checked_sub(&self, other: Self) -> Result<Self, MoneyError> {
        let minor = other.minor.checked_neg().ok_or(MoneyError::Overflow)?;
        self.checked_add(Self {
            minor,
            currency: other.currency,
        })
    }

    /// So many times the amount.
    pub fn checked_mul(&self, times: u32) -> Result<Self, MoneyError> {
        let minor = self
            .minor
            .checked_mul(i64::from(times))
            .ok_or(MoneyError::Overflow)?;
        Ok(Self {
            minor,
            currency: self.currency,
        })
    }

    /// The sum of all, or none where there is nothing to add.
    pub fn sum(amounts: impl IntoIterator<Item = Self>) -> Result<Option<Self>, MoneyError> {
        let mut total: Option<Self> = None;
        for amount in amounts {
            total = Some(match total {
                None => amount,
                Some(so_far) => so_far.checked_add(amount)?,
            });
        }
        Ok(total)
    }
}

impl fmt::Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.amount(), self.currency)
    }
}

impl fmt::Debug for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

#[derive(Serialize, Deserialize)]
struct MoneyText {
    amount: String,
    currency: Currency,
}

impl Serialize for Money {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        MoneyText {
            amount: self.amount(),
            currency: self.currency,
        }
        .serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Money {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = MoneyText::deserialize(deserializer)?;
        Self::parse(&text.amount, text.currency).map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::{any, prop_assert_eq, proptest};

    use super::{Currency, Money, MoneyError};

    #[test]
    fn reads_and_writes_with_the_decimals_of_the_currency() {
        let check = |text: &str, code: &str, expected: Result<(i64, &str), ()>| {
            let currency = Currency::parse(code).expect("a code of three letters");
            let found = Money::parse(text, currency);
            let shown = found
                .as_ref()
                .map(|m| (m.minor, m.amount()))
                .map_err(|_| ());
            assert_eq!(
                shown,
                expected.map(|(m, t)| (m, t.to_owned())),
                "{text} {code}"
            );
        };
        check("34.9", "USD", Ok((3490, "34.90")));
        check("34.900", "USD", Ok((3490, "34.90")));
        check("34.901", "USD", Err(()));
        check("1200", "JPY", Ok((1200, "1200")));
        check("1200.5", "JPY", Err(()));
        check("1.234", "KWD", Ok((1234, "1.234")));
        check("-0.05", "EUR", Ok((-5, "-0.05")));
        check("", "EUR", Err(()));
        check("1e3", "EUR", Err(()));
        check(".", "EUR", Err(()));
    }

    #[test]
    fn mixed_currencies_are_refused() {
        let sum = Money::new(1, Currency::USD).checked_add(Money::new(1, Currency::EUR));
        assert_eq!(sum, Err(MoneyError::Mixed(Currency::USD, Currency::EUR)));
    }

    proptest! {
        #[test]
        fn text_and_amount_are_the_same_thing(minor in any::<i64>(), decimals in 0_usize..3) {
            let currency = Currency::parse(["JPY", "USD", "KWD"][decimals]).expect("known");
            let money = Money::new(minor, currency);
            prop_assert_eq!(Money::parse(&money.amount(), currency), Ok(money));
        }
    }
}
