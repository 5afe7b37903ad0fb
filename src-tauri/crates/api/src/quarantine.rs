//! Records of orders that could not be read. What is in them is personal and is not shown.

use barrow_model::{ProblemKind, QuarantineId};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::api::Api;
use crate::error::Result;
use crate::report::{ActionReport, LISTED_MAX, RefusedItem};

/// Asks for the records that wait, or has them read again.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(deny_unknown_fields)]
pub struct QuarantineRequest {}

/// Records that wait, oldest first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct QuarantineResponse {
    /// The first thousand.
    pub quarantine: Vec<QuarantineView>,
    /// Always null.
    pub next: Option<String>,
    /// How many there are in all.
    pub total: u64,
}

/// A record that could not be read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct QuarantineView {
    /// Its number.
    pub id: QuarantineId,
    /// The account.
    pub account: String,
    /// The order's number, where it could be found.
    pub order_id: Option<String>,
    /// What is wrong.
    pub kind: ProblemKind,
    /// Which field, in the marketplace's words.
    pub field: String,
    /// What was expected there.
    pub expected: String,
    /// What is wrong, in words.
    pub reason: String,
    /// When it was first met.
    pub first_seen_at: DateTime<Utc>,
}

impl Api {
    /// The records that wait.
    pub async fn quarantine(&self, _request: QuarantineRequest) -> Result<QuarantineResponse> {
        let (records, total) = self
            .on_store(|store| {
                store.read(|db| Ok((db.quarantine(LISTED_MAX)?, db.quarantine_count()?)))
            })
            .await?;
        let views = records.into_iter().map(|record| {
            let params = [
                ("field", record.field.as_str()),
                ("expected", record.expected.as_str()),
            ];
            let reason = self.words.text("problem_order_unreadable", &params);
            QuarantineView {
                id: record.id,
                account: record.account_name,
                order_id: record.order_id,
                kind: record.kind,
                reason,
                field: record.field,
                expected: record.expected,
                first_seen_at: record.first_seen_at,
            }
        });
        Ok(QuarantineResponse {
            quarantine: views.collect(),
            next: None,
            total,
        })
    }

    /// Reads every record again. Calls nobody. `refused` names what still waits.
    pub async fn quarantine_retry(&self, request: QuarantineRequest) -> Result<ActionReport> {
        let summary = self.parts.engine.retry_quarantine().await?;
        let mut report = ActionReport::done(summary.read);
        if summary.waiting == 0 {
            return Ok(report);
        }
        for record in self.quarantine(request).await?.quarantine {
            report.refuse(RefusedItem {
                account: Some(record.account),
                sku: None,
                order: record.order_id,
                kind: record.kind.code().to_owned(),
                field: Some(record.field),
                reason: record.reason,
                vendor: None,
            });
        }
        Ok(report)
    }
}
