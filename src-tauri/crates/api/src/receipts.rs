//! Receipts: what became of each change, from wanted to seen.

use barrow_model::{ActionKind, ChangeId, ChangeState};
use barrow_store::ReceiptQuery;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::api::{Api, PAGE_ROWS, sku};
use crate::error::Result;
use crate::problems::ProblemBody;
use crate::report::LISTED_MAX;
use crate::sync::instant;

/// Asks for a page of receipts.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(deny_unknown_fields)]
pub struct ReceiptsRequest {
    /// Of this SKU of the catalogue only.
    #[serde(default)]
    pub sku: Option<String>,
    /// Of this account only.
    #[serde(default)]
    pub account: Option<String>,
    /// Of this order only, as `ACCOUNT/ID` or `ID`.
    #[serde(default)]
    pub order: Option<String>,
    /// In one of these states only; empty for all.
    #[serde(default)]
    pub states: Vec<ChangeState>,
    /// Of one of these kinds only; empty for all.
    #[serde(default)]
    pub kinds: Vec<ActionKind>,
    /// First wanted on this day, or at this instant, or later.
    #[serde(default)]
    pub since: Option<String>,
    /// `next` of the page before.
    #[serde(default)]
    pub after: Option<ChangeId>,
    /// Rows, at most 1000.
    #[serde(default)]
    pub limit: Option<usize>,
}

/// A page of receipts, newest first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct ReceiptsResponse {
    /// The receipts.
    pub receipts: Vec<ReceiptView>,
    /// Where the next page begins; null at the end.
    pub next: Option<ChangeId>,
}

/// What became of one change.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct ReceiptView {
    /// The change's number.
    pub id: ChangeId,
    /// The account; null where it is gone.
    pub account: Option<String>,
    /// The marketplace.
    pub marketplace: Option<String>,
    /// The SKU there, where it was done to a listing.
    pub sku: Option<String>,
    /// The order's number, where it was done to one.
    pub order_id: Option<String>,
    /// What was done.
    pub kind: ActionKind,
    /// What was there before.
    pub from: Option<String>,
    /// What was sent.
    pub to: Option<String>,
    /// When it was first wanted.
    pub wanted_at: DateTime<Utc>,
    /// When it was last sent.
    pub sent_at: Option<DateTime<Utc>>,
    /// When it was answered for good.
    pub answered_at: Option<DateTime<Utc>>,
    /// When it was seen on the marketplace.
    pub seen_at: Option<DateTime<Utc>>,
    /// How it ended, or where it stands.
    pub state: ChangeState,
    /// Why it was refused or is held; of what is done, what the marketplace remarked of it.
    pub problem: Option<ProblemBody>,
}

impl Api {
    /// A page of receipts.
    pub async fn receipts(&self, request: ReceiptsRequest) -> Result<ReceiptsResponse> {
        let account_id = match &request.account {
            Some(name) => Some(self.account(name).await?.id),
            None => None,
        };
        let order_row_id = match &request.order {
            Some(order) => Some(self.find_order(order).await?),
            None => None,
        };
        let wanted = request.sku.as_deref().map(sku).transpose()?;
        let limit = request.limit.unwrap_or(PAGE_ROWS).clamp(1, LISTED_MAX);
        let before = request.after;
        let since = request.since.as_deref().map(instant).transpose()?;
        let (states, kinds) = (request.states, request.kinds);
        let accounts = self.all_accounts().await?;
        let rows = self
            .on_store(move |store| {
                store.read(|db| {
                    let sku_id = wanted.map(|sku| db.sku_id(&sku)).transpose()?;
                    let rows = db.receipts(&ReceiptQuery {
                        account_id,
                        sku_id,
                        order_row_id,
                        states,
                        kinds,
                        since,
                        before,
                        limit,
                    })?;
                    let mut with_orders = Vec::with_capacity(rows.len());
                    for row in rows {
                        let order = row.order_row_id.map(|id| db.order(id)).transpose()?;
                        with_orders.push((row, order.map(|o| o.order.order_id)));
                    }
                    Ok(with_orders)
                })
            })
            .await?;
        let last = rows.last().filter(|_| rows.len() == limit);
        let next = last.map(|(row, _)| row.receipt.change_id);
        let views = rows.into_iter().map(|(row, order_id)| {
            let account = accounts.iter().find(|a| a.id == row.account_id);
            let title = account.map_or("", |a| self.title(&a.marketplace));
            let problem = row.receipt.problem.as_ref();
            ReceiptView {
                id: row.receipt.change_id,
                account: account.map(|a| a.name.clone()),
                marketplace: account.map(|a| a.marketplace.0.clone()),
                sku: row.channel_sku,
                order_id,
                kind: row.receipt.kind,
                from: row.before,
                to: row.receipt.value,
                wanted_at: row.receipt.wanted_at,
                sent_at: row.receipt.sent_at,
                answered_at: row.receipt.answered_at,
                seen_at: row.receipt.seen_at,
                state: row.receipt.state,
                problem: problem.map(|p| ProblemBody::new(&self.words, p, title)),
            }
        });
        Ok(ReceiptsResponse {
            receipts: views.collect(),
            next,
        })
    }
}
