//! Receipts: what became of each change, from wanted to seen.

use barrow_model::{
    AccountId, ActionKind, ChangeId, ChangeState, ListingId, OrderRowId, Receipt, SkuId,
};
use chrono::{DateTime, Utc};

use crate::error::StoreError;
use crate::outbox::to_kind;
use crate::sql::{code, instant, json, to_code, to_instant, to_instant_opt, to_json};
use crate::store::{Reader, Writer};

/// Receipts of a page at most.
pub const RECEIPTS_PAGE_MAX: usize = 1_000;

/// A receipt and what it is of.
#[derive(Clone, Debug, PartialEq)]
pub struct ReceiptRow {
    /// Where.
    pub account_id: AccountId,
    /// Of which listing.
    pub listing_id: Option<ListingId>,
    /// Under which SKU there.
    pub channel_sku: Option<String>,
    /// Of which order.
    pub order_row_id: Option<OrderRowId>,
    /// What was there before, as people read it.
    pub before: Option<String>,
    /// What was done and what became of it.
    pub receipt: Receipt,
}

/// Which receipts a page holds: newest first.
#[derive(Clone, Debug)]
pub struct ReceiptQuery {
    /// Of this account only.
    pub account_id: Option<AccountId>,
    /// Of this variant or kit only.
    pub sku_id: Option<SkuId>,
    /// Of this order only.
    pub order_row_id: Option<OrderRowId>,
    /// In one of these states only; empty for all.
    pub states: Vec<ChangeState>,
    /// Of one of these kinds only; empty for all.
    pub kinds: Vec<ActionKind>,
    /// First wanted at this instant or later.
    pub since: Option<DateTime<Utc>>,
    /// Older than this one.
    pub before: Option<ChangeId>,
    /// Rows, at most [`RECEIPTS_PAGE_MAX`].
    pub limit: usize,
}

/// How many changes are where.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct OutboxCounts {
    /// Wait to be sent.
    pub waiting: u64,
    /// Wait for a yes.
    pub held: u64,
    /// Taken in, not answered for good.
    pub accepted: u64,
    /// On their way, or nobody knows.
    pub unknown: u64,
}

impl Reader<'_> {
    /// How many changes of an account are where.
    pub fn outbox_counts(&self, account: AccountId) -> Result<OutboxCounts, StoreError> {
        let mut statement = self.connection().prepare_cached(
            "SELECT 'waiting', count(*) FROM changes WHERE account_id = ?1 AND state = 'waiting'
             UNION ALL
             SELECT 'held', count(*) FROM changes WHERE account_id = ?1 AND state = 'held'
             UNION ALL
             SELECT state, count(*) FROM changes WHERE account_id = ?1
               AND state IN ('in_flight', 'accepted', 'unknown') GROUP BY state",
        )?;
        let mut rows = statement.query([account.0])?;
        let mut counts = OutboxCounts::default();
        while let Some(row) = rows.next()? {
            let count = row.get::<_, i64>(1)?.unsigned_abs();
            match row.get::<_, String>(0)?.as_str() {
                "waiting" => counts.waiting = count,
                "held" => counts.held = count,
                "accepted" => counts.accepted = count,
                _ => counts.unknown += count,
            }
        }
        // Answers to buyers wait beside what is done to listings and orders.
        let answers = self.answer_counts(account)?;
        counts.waiting += answers.waiting;
        counts.unknown += answers.unknown;
        Ok(counts)
    }

    /// A page of receipts, newest first.
    pub fn receipts(&self, query: &ReceiptQuery) -> Result<Vec<ReceiptRow>, StoreError> {
        // Naming the condition lets its index be used; so do states that few changes are in.
        let by = match (query.sku_id, query.order_row_id) {
            (Some(_), _) => "sku_id = ?2",
            (None, Some(_)) => "order_row_id = ?3",
            (None, None) => "true",
        };
        let under_way = |state: &ChangeState| !is_over(*state);
        let few = !query.states.is_empty() && query.states.iter().all(under_way);
        let by = match few {
            true => format!("{by} AND {}", states_sql(&query.states)?),
            false => by.to_owned(),
        };
        let sql = format!(
            "SELECT id, account_id, listing_id, channel_sku, order_row_id, before, kind, value,
               wanted_at, sent_at, answered_at, seen_at, state, problem FROM changes
             WHERE {by} AND (?1 IS NULL OR account_id = ?1) AND (?2 IS NULL OR sku_id = ?2)
               AND (?3 IS NULL OR order_row_id = ?3) AND id < ?4
               AND (?6 = '[]' OR state IN (SELECT value FROM json_each(?6)))
               AND (?7 = '[]' OR kind IN (SELECT value FROM json_each(?7)))
               AND wanted_at >= ?8
             ORDER BY id DESC LIMIT ?5"
        );
        let mut statement = self.connection().prepare_cached(&sql)?;
        let limit = query.limit.clamp(1, RECEIPTS_PAGE_MAX);
        let mut rows = statement.query((
            query.account_id.map(|id| id.0),
            query.sku_id.map(|id| id.0),
            query.order_row_id.map(|id| id.0),
            query.before.map_or(i64::MAX, |id| id.0),
            i64::try_from(limit).unwrap_or(i64::MAX),
            json(&query.states)?,
            json(&query.kinds)?,
            query.since.map_or(i64::MIN, instant),
        ))?;
        let mut receipts = Vec::new();
        while let Some(row) = rows.next()? {
            let problem: Option<String> = row.get(13)?;
            receipts.push(ReceiptRow {
                account_id: AccountId(row.get(1)?),
                listing_id: row.get::<_, Option<i64>>(2)?.map(ListingId),
                channel_sku: row.get(3)?,
                order_row_id: row.get::<_, Option<i64>>(4)?.map(OrderRowId),
                before: row.get(5)?,
                receipt: Receipt {
                    change_id: ChangeId(row.get(0)?),
                    kind: to_kind(&row.get::<_, String>(6)?)?,
                    value: row.get(7)?,
                    wanted_at: to_instant(row.get(8)?)?,
                    sent_at: to_instant_opt(row.get(9)?)?,
                    answered_at: to_instant_opt(row.get(10)?)?,
                    seen_at: to_instant_opt(row.get(11)?)?,
                    state: to_code(&row.get::<_, String>(12)?)?,
                    problem: problem.as_deref().map(to_json).transpose()?,
                },
            });
        }
        Ok(receipts)
    }
}

/// Whether nothing is to come of a change any more.
fn is_over(state: ChangeState) -> bool {
    matches!(
        state,
        ChangeState::Applied | ChangeState::Refused | ChangeState::Dropped
    )
}

fn states_sql(states: &[ChangeState]) -> Result<String, StoreError> {
    let codes: Vec<String> = states.iter().map(code).collect::<Result<_, _>>()?;
    Ok(format!("state IN ('{}')", codes.join("', '")))
}

/// Receipts that are looked at in one go to be removed, oldest first.
const PRUNED_MAX: i64 = 10_000;

impl Writer<'_> {
    /// Removes old receipts of listings that were done with before an instant, a bounded number of
    /// the oldest; those of orders stay with their order. Returns how many.
    pub fn prune_receipts(&mut self, before: DateTime<Utc>) -> Result<u64, StoreError> {
        let db = self.connection();
        let pruned = db
            .prepare_cached(
                "DELETE FROM changes WHERE id IN (SELECT id FROM
                   (SELECT id, listing_id, state, answered_at FROM changes ORDER BY id LIMIT ?2)
                   WHERE listing_id IS NOT NULL AND state IN ('applied', 'refused', 'dropped')
                     AND answered_at < ?1)",
            )?
            .execute((instant(before), PRUNED_MAX))?;
        db.prepare_cached(
            "DELETE FROM attempts WHERE id IN (SELECT id FROM
               (SELECT id, started_at FROM attempts ORDER BY id LIMIT ?2) a
               WHERE started_at < ?1 AND NOT EXISTS
                 (SELECT 1 FROM attempt_changes c WHERE c.attempt_id = a.id))",
        )?
        .execute((instant(before), PRUNED_MAX))?;
        Ok(pruned as u64)
    }

    /// What the marketplace took of a listing's changes after an instant, and when. A quantity that
    /// went through another listing of the same pool is its own, too.
    pub fn applied_since(
        &self,
        listing: ListingId,
        since: DateTime<Utc>,
    ) -> Result<Vec<(ActionKind, DateTime<Utc>)>, StoreError> {
        let mut statement = self.connection().prepare_cached(
            "SELECT kind, answered_at FROM changes INDEXED BY changes_listing
             WHERE listing_id = ?1 AND state = 'applied' AND answered_at > ?2
             UNION ALL
             SELECT c.kind, c.answered_at FROM listings l
             JOIN listings mate ON mate.account_id = l.account_id
               AND mate.channel_sku = l.channel_sku AND mate.pool = l.pool AND mate.id <> l.id
             CROSS JOIN changes c INDEXED BY changes_listing ON c.listing_id = mate.id
             WHERE l.id = ?1 AND l.pool <> '' AND c.kind = 'set_quantity'
               AND c.state = 'applied' AND c.answered_at > ?2",
        )?;
        let mut rows = statement.query((listing.0, instant(since)))?;
        let mut applied = Vec::new();
        while let Some(row) = rows.next()? {
            applied.push((
                to_kind(&row.get::<_, String>(0)?)?,
                to_instant(row.get(1)?)?,
            ));
        }
        Ok(applied)
    }

    /// Notes that what was done was seen on the marketplace.
    pub fn note_seen(
        &mut self,
        listing: ListingId,
        kinds: &[ActionKind],
        at: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        for kind in kinds {
            self.connection()
                .prepare_cached(
                    "UPDATE changes SET seen_at = ?3 WHERE listing_id = ?1 AND kind = ?2
                       AND state = 'applied' AND seen_at IS NULL AND answered_at <= ?3",
                )?
                .execute((listing.0, kind.code(), instant(at)))?;
        }
        Ok(())
    }
}
