//! Catalogue pages and who may sell on them (amazon.md §4.5).

use barrow_wire::{Many, Scalar, or_default};
use serde::Deserialize;

use crate::types::listing::Pagination;

/// The answer of `GET /catalog/2022-04-01/items`.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct CatalogAnswer {
    #[serde(deserialize_with = "or_default")]
    pub(crate) pagination: Pagination,
    pub(crate) items: Many<CatalogItem>,
}

/// A page of the catalogue.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct CatalogItem {
    pub(crate) asin: Scalar,
    pub(crate) identifiers: Many<SiteIdentifiers>,
    pub(crate) summaries: Many<CatalogSummary>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct SiteIdentifiers {
    pub(crate) identifiers: Many<Identifier>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct Identifier {
    pub(crate) identifier: Scalar,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct CatalogSummary {
    pub(crate) marketplace_id: Scalar,
    pub(crate) brand: Scalar,
    pub(crate) item_name: Scalar,
}

/// The answer of `GET /listings/2021-08-01/restrictions`.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct RestrictionsAnswer {
    pub(crate) restrictions: Many<Restriction>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Restriction {
    pub(crate) reasons: Many<RestrictionReason>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct RestrictionReason {
    pub(crate) links: Many<RestrictionLink>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct RestrictionLink {
    pub(crate) resource: Scalar,
}
