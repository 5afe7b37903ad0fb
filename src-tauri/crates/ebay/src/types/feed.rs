//! The Feed API's answers (ebay.md §10.1).

use serde::Deserialize;

use super::common::text;

/// How far a report is.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct ReportTask {
    /// CREATED, QUEUED, IN_PROCESS, COMPLETED and others.
    pub status: Option<String>,
}

/// A SKU of a listing that was migrated.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct MigratedItem {
    /// The SKU.
    #[serde(deserialize_with = "text")]
    pub sku: Option<String>,
}
