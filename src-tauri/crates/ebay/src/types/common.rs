//! What several of eBay's resources share, and how tolerant reading works.

use std::fmt;

use serde::{Deserialize, Deserializer};

/// An amount of money; `value` is a decimal text without trailing zeros (ebay.md §3).
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Amount {
    /// The decimal.
    #[serde(deserialize_with = "text")]
    pub value: Option<String>,
    /// ISO 4217 code.
    pub currency: Option<String>,
}

/// The body of a refused call (ebay.md §12); Post-Order calls the list `error`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ErrorBody {
    /// What is wrong.
    #[serde(alias = "error", deserialize_with = "list")]
    pub errors: Vec<VendorIssue>,
}

/// One error or warning (ebay.md §12).
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct VendorIssue {
    /// The stable number to branch on.
    pub error_id: i64,
    /// REQUEST, APPLICATION or BUSINESS.
    pub category: Option<String>,
    /// The API or service.
    pub domain: Option<String>,
    /// Short text, localised.
    pub message: Option<String>,
    /// Longer text, localised.
    pub long_message: Option<String>,
    /// Particulars; Post-Order calls the list `parameter`.
    #[serde(alias = "parameter", deserialize_with = "list")]
    pub parameters: Vec<ErrorParameter>,
}

/// A particular of an error.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct ErrorParameter {
    /// Its name, often a number.
    #[serde(deserialize_with = "text")]
    pub name: Option<String>,
    /// Its value.
    #[serde(deserialize_with = "text")]
    pub value: Option<String>,
}

/// The token endpoint's refusal (ebay.md §2.2).
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct OauthError {
    /// Such as `invalid_grant`.
    pub error: Option<String>,
    /// Words.
    pub error_description: Option<String>,
}

/// The token endpoint's answer (ebay.md §2.2). Secret: it has no `Debug` of its parts.
#[derive(Clone, Default, Deserialize)]
#[serde(default)]
pub struct TokenAnswer {
    /// The access token.
    pub access_token: Option<String>,
    /// Seconds until it ends.
    pub expires_in: Option<i64>,
    /// What further access tokens are fetched with; with a consent's code alone.
    pub refresh_token: Option<String>,
    /// Seconds until that ends.
    pub refresh_token_expires_in: Option<i64>,
}

impl fmt::Debug for TokenAnswer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TokenAnswer(…)")
    }
}

/// Reads a list; null is an empty one.
pub(crate) fn list<'de, D, T>(deserializer: D) -> Result<Vec<T>, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de>,
{
    Ok(Option::<Vec<T>>::deserialize(deserializer)?.unwrap_or_default())
}

/// Reads a structure; null is an empty one.
pub(crate) fn part<'de, D, T>(deserializer: D) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de> + Default,
{
    Ok(Option::<T>::deserialize(deserializer)?.unwrap_or_default())
}

/// Reads a text that may be sent as a number; an empty one is none.
pub(crate) fn text<'de, D>(deserializer: D) -> Result<Option<String>, D::Error>
where
    D: Deserializer<'de>,
{
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Loose {
        Text(String),
        Number(serde_json::Number),
        Flag(bool),
    }
    let read = Option::<Loose>::deserialize(deserializer)?.map(|loose| match loose {
        Loose::Text(text) => text,
        Loose::Number(number) => number.to_string(),
        Loose::Flag(flag) => flag.to_string(),
    });
    Ok(read.filter(|text| !text.is_empty()))
}
