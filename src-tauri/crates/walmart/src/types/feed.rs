//! Feeds (walmart.md §6.2).

use serde::Deserialize;

use barrow_wire::{Many, Scalar, or_default};

/// The answer of `POST /v3/feeds`.
#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct FeedAccepted {
    pub(crate) feed_id: Scalar,
}

/// The answer of `GET /v3/feeds`.
#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct FeedsAnswer {
    pub(crate) total_results: Scalar,
    #[serde(deserialize_with = "or_default")]
    pub(crate) results: FeedResults,
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub(crate) struct FeedResults {
    pub(crate) feed: Many<FeedRow>,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct FeedRow {
    pub(crate) feed_id: Scalar,
    pub(crate) file_name: Scalar,
    pub(crate) feed_date: Scalar,
}

/// The answer of `GET /v3/feeds/{feedId}`.
#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct FeedStatus {
    pub(crate) feed_status: Scalar,
    pub(crate) items_received: Scalar,
    #[serde(deserialize_with = "or_default")]
    pub(crate) ingestion_errors: IngestionErrors,
    #[serde(deserialize_with = "or_default")]
    pub(crate) item_details: ItemDetails,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct ItemDetails {
    pub(crate) item_ingestion_status: Many<ItemIngestion>,
}

/// One item of a feed.
#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct ItemIngestion {
    pub(crate) sku: Scalar,
    pub(crate) wpid: Scalar,
    pub(crate) ingestion_status: Scalar,
    #[serde(deserialize_with = "or_default")]
    pub(crate) ingestion_errors: IngestionErrors,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct IngestionErrors {
    pub(crate) ingestion_error: Many<IngestionError>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub(crate) struct IngestionError {
    #[serde(rename = "type")]
    pub(crate) kind: Scalar,
    pub(crate) code: Scalar,
    pub(crate) field: Scalar,
    pub(crate) description: Scalar,
}
