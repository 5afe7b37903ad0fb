//! The Media API's answers (ebay.md §6.8).

use serde::Deserialize;

use super::common::text;

/// A picture that was put at eBay.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct HostedImage {
    /// Its address, for listings.
    #[serde(deserialize_with = "text")]
    pub image_url: Option<String>,
    /// When it goes unless a live listing shows it.
    #[serde(deserialize_with = "text")]
    pub expiration_date: Option<String>,
}
