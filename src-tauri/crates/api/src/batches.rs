//! Taking back what was edited, and doing it again: in the order in which it was done, what was
//! done in one go in one go.

use barrow_store::{Batch, BatchId, BatchKind, BatchOutcome, Undone};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::api::Api;
use crate::error::{ApiError, ApiErrorKind, Result};
use crate::report::{ActionReport, RefusedItem};

/// Asks what would be taken back, and done again.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(deny_unknown_fields)]
pub struct EditsRequest {}

/// What would be taken back, and done again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct EditsResponse {
    /// What was edited last; null where nothing was.
    pub undo: Option<BatchView>,
    /// What was taken back last and can be done again.
    pub redo: Option<BatchView>,
}

/// What was edited in one go.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct BatchView {
    /// Its number.
    pub id: BatchId,
    /// When.
    pub at: DateTime<Utc>,
    /// What it was.
    pub kind: BatchKind,
    /// Which fields.
    pub fields: Vec<String>,
    /// One of the SKUs.
    pub sku: Option<String>,
    /// How many SKUs or listings.
    pub count: u64,
}

/// Takes the last edit back, or does it again.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(deny_unknown_fields)]
pub struct EditUndoRequest {
    /// The edit that was shown as the next one; any other is not taken back.
    #[serde(default)]
    pub expected: Option<BatchId>,
}

/// What taking back or doing again did.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct EditUndoResponse {
    /// `done` counts values that were restored; `refused` names what was changed since and stays.
    #[serde(flatten)]
    pub report: ActionReport,
    /// The edit; null where there was none.
    pub batch: Option<BatchView>,
}

impl From<Batch> for BatchView {
    fn from(batch: Batch) -> Self {
        Self {
            id: batch.id,
            at: batch.at,
            kind: batch.kind,
            fields: batch.fields,
            sku: batch.sku,
            count: batch.count,
        }
    }
}

impl Api {
    /// What would be taken back, and done again.
    pub async fn edits(&self, _request: EditsRequest) -> Result<EditsResponse> {
        let (undo, redo) = self
            .on_store(|store| store.read(|db| db.next_batches()))
            .await?;
        Ok(EditsResponse {
            undo: undo.map(BatchView::from),
            redo: redo.map(BatchView::from),
        })
    }

    /// Takes the last edit back.
    pub async fn edit_undo(&self, request: EditUndoRequest) -> Result<EditUndoResponse> {
        self.restore(request, false).await
    }

    /// Does the edit again that was taken back last.
    pub async fn edit_redo(&self, request: EditUndoRequest) -> Result<EditUndoResponse> {
        self.restore(request, true).await
    }

    async fn restore(&self, request: EditUndoRequest, again: bool) -> Result<EditUndoResponse> {
        let expected = request.expected;
        let restored = self
            .on_store(move |store| {
                store.write(|tx| {
                    let (undo, redo) = tx.next_batches()?;
                    let next = if again { redo } else { undo }.map(|batch| batch.id);
                    if expected.is_some() && expected != next {
                        return Ok(Err(next));
                    }
                    let outcome = match again {
                        true => tx.redo_batch()?,
                        false => tx.undo_batch()?,
                    };
                    Ok(Ok(outcome))
                })
            })
            .await?;
        let number = |id: Option<BatchId>| id.map_or_else(String::new, |id| id.0.to_string());
        let outcome: Option<BatchOutcome> = restored.map_err(|found| {
            ApiError::new(ApiErrorKind::Conflict)
                .param("expected", number(expected))
                .param("found", number(found))
                .told_in(&self.words)
        })?;
        let Some(outcome) = outcome else {
            return Ok(EditUndoResponse {
                report: ActionReport::default(),
                batch: None,
            });
        };
        Ok(EditUndoResponse {
            report: self.undone(outcome.undone),
            batch: Some(outcome.batch.into()),
        })
    }

    /// How much was restored, and what stays because it was changed since.
    pub(crate) fn undone(&self, undone: Undone) -> ActionReport {
        let mut report = ActionReport::done(undone.restored);
        for kept in undone.skipped {
            let sku = kept.sku.map(|sku| sku.to_string());
            let about = sku.clone().unwrap_or_default();
            let params = [("sku", about.as_str()), ("field", kept.field.as_str())];
            report.refuse(RefusedItem {
                account: None,
                sku,
                order: None,
                kind: "changed_later".to_owned(),
                field: Some(kept.field.clone()),
                reason: self.words.text("undo_changed_later", &params),
                vendor: None,
            });
        }
        report
    }
}
