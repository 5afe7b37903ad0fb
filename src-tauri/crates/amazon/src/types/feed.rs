//! Feeds and their reports (amazon.md §5).

use barrow_wire::{Many, Scalar};
use serde::Deserialize;

use crate::types::listing::Issue;

/// The answer of `POST /feeds/2021-06-30/documents` and of `GET …/documents/{id}`. No `Debug`: the
/// address holds its own permission.
#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct FeedDocument {
    pub(crate) feed_document_id: Scalar,
    pub(crate) url: Scalar,
    pub(crate) compression_algorithm: Scalar,
}

/// The answer of `POST /feeds/2021-06-30/feeds`.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct FeedAccepted {
    pub(crate) feed_id: Scalar,
}

/// A feed.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct Feed {
    pub(crate) feed_id: Scalar,
    pub(crate) processing_status: Scalar,
    pub(crate) result_feed_document_id: Scalar,
}

/// The answer of `GET /feeds/2021-06-30/feeds`.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct FeedsAnswer {
    pub(crate) feeds: Many<Feed>,
}

/// A processing report.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Report {
    pub(crate) issues: Many<Issue>,
}
