//! The stock keeping unit.

use std::fmt;

use serde::{Deserialize, Serialize};

/// The seller's own name for a variant or kit, or a marketplace's name for a listing of one
/// (the channel SKU). Kept as typed, without surrounding blanks; compared exactly.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(type = "string"))]
#[serde(try_from = "String", into = "String")]
pub struct Sku(String);

/// Why a text is no SKU.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SkuError {
    /// Nothing but blanks.
    #[error("the SKU is empty")]
    Empty,
    /// Longer than [`Sku::CHARS_MAX`].
    #[error("the SKU has more than {} characters", Sku::CHARS_MAX)]
    TooLong,
    /// A line break, tab or other control character.
    #[error("the SKU contains a line break or another invisible character")]
    ControlCharacter,
}

impl Sku {
    /// Longest SKU that is kept. Marketplaces allow less; their adapters say so.
    pub const CHARS_MAX: usize = 100;

    /// Takes surrounding blanks away and checks the rest.
    pub fn new(text: impl AsRef<str>) -> Result<Self, SkuError> {
        let text = text.as_ref().trim();
        if text.is_empty() {
            return Err(SkuError::Empty);
        }
        if text.chars().count() > Self::CHARS_MAX {
            return Err(SkuError::TooLong);
        }
        if text.chars().any(char::is_control) {
            return Err(SkuError::ControlCharacter);
        }
        Ok(Self(text.to_owned()))
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Sku {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl TryFrom<String> for Sku {
    type Error = SkuError;

    fn try_from(text: String) -> Result<Self, SkuError> {
        Self::new(text)
    }
}

impl From<Sku> for String {
    fn from(sku: Sku) -> Self {
        sku.0
    }
}

#[cfg(test)]
mod tests {
    use super::{Sku, SkuError};

    #[test]
    fn keeps_what_the_seller_typed_without_outer_blanks() {
        let check = |text: &str, expected: Result<&str, SkuError>| {
            assert_eq!(
                Sku::new(text).as_ref().map(Sku::as_str),
                expected.as_ref().copied()
            );
        };
        check(" A-1 ", Ok("A-1"));
        check("été/ü 7", Ok("été/ü 7"));
        check("  ", Err(SkuError::Empty));
        check("A\tB", Err(SkuError::ControlCharacter));
        check(&"x".repeat(100), Ok(&"x".repeat(100)));
        check(&"x".repeat(101), Err(SkuError::TooLong));
    }
}
