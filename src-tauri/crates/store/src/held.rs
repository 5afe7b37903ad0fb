//! What waits for a yes, by why it waits, and what a person answers.

use barrow_model::{
    AccountId, ActionKind, ChangeId, ListingId, ListingState, Origin, Problem, ProblemKind,
};

use chrono::{DateTime, Utc};

use crate::error::StoreError;
use crate::outbox::{COLUMNS, QueuedChange, change, to_kind};
use crate::sql::{instant, json, to_instant, to_json, to_origin};
use crate::store::{Reader, Writer};

/// Changes that are answered in one go at most.
const ANSWERED_MAX: usize = 1_000_000;

/// Changes of an account that are held for the same reason.
#[derive(Clone, Debug, PartialEq)]
pub struct HeldGroup {
    /// Where.
    pub account_id: AccountId,
    /// What they would do.
    pub kind: ActionKind,
    /// Why they wait.
    pub why: ProblemKind,
    /// How many.
    pub count: u64,
    /// The problem of the oldest.
    pub example: Problem,
    /// How far this goes.
    pub mark: HeldMark,
}

/// How far a group goes that somebody looked at: what came to it later, or became another value, is
/// behind the mark.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HeldMark {
    /// The newest change.
    pub id: ChangeId,
    /// When the last of them came or became what it is.
    pub at: DateTime<Utc>,
}

/// A change that is held, with what it is of.
#[derive(Clone, Debug, PartialEq)]
pub struct HeldRow {
    /// The change.
    pub change: QueuedChange,
    /// The SKU in the catalogue.
    pub sku: String,
    /// The product's title.
    pub title: String,
    /// Who last changed what a price is made of.
    pub origin: Option<Origin>,
}

/// Which held changes are answered: of a group all but some, or some.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct HeldPick {
    /// Only these; empty for the whole group.
    pub only: Vec<ChangeId>,
    /// Not these.
    pub except: Vec<ChangeId>,
    /// None that is behind this.
    pub seen: Option<HeldMark>,
}

/// What answering did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Answered {
    /// Changes that were answered.
    pub done: u64,
    /// SKUs there whose change cannot be dropped: what is there now would be sold and is not.
    pub kept: Vec<String>,
}

impl Reader<'_> {
    /// What waits for a yes, by account, what it would do, and why it waits; most first.
    pub fn held_groups(&self, account: Option<AccountId>) -> Result<Vec<HeldGroup>, StoreError> {
        let mut statement = self.connection().prepare_cached(
            "SELECT g.account_id, g.kind, g.why, g.count, c.problem, g.newest, g.at
             FROM (SELECT account_id, kind, problem ->> 'kind' AS why, count(*) AS count,
                 min(id) AS id, max(id) AS newest, max(due_at) AS at
               FROM changes INDEXED BY changes_held
               WHERE state = 'held' AND (?1 IS NULL OR account_id = ?1)
               GROUP BY account_id, kind, problem ->> 'kind') g
             JOIN changes c ON c.id = g.id ORDER BY g.count DESC, g.id",
        )?;
        let mut rows = statement.query([account.map(|id| id.0)])?;
        let mut groups = Vec::new();
        while let Some(row) = rows.next()? {
            let why: Option<String> = row.get(2)?;
            let Some(why) = why.as_deref().and_then(ProblemKind::from_code) else {
                continue;
            };
            groups.push(HeldGroup {
                account_id: AccountId(row.get(0)?),
                kind: to_kind(&row.get::<_, String>(1)?)?,
                why,
                count: row.get::<_, i64>(3)?.unsigned_abs(),
                example: to_json(&row.get::<_, String>(4)?)?,
                mark: HeldMark {
                    id: ChangeId(row.get(5)?),
                    at: to_instant(row.get(6)?)?,
                },
            });
        }
        Ok(groups)
    }

    /// A page of a group, oldest first, after a change of the page before.
    pub fn held_rows(
        &self,
        (account, kind, why): (AccountId, ActionKind, ProblemKind),
        after: Option<ChangeId>,
        limit: usize,
    ) -> Result<Vec<HeldRow>, StoreError> {
        let sql = format!(
            "SELECT {COLUMNS}, s.sku, p.title, (SELECT e.origin FROM edits e
               WHERE e.entity = 'sku' AND e.entity_id = s.id AND e.field IN ('price', 'cost')
               ORDER BY e.id DESC LIMIT 1)
             FROM changes c INDEXED BY changes_held JOIN listings l ON l.id = c.listing_id
             JOIN skus s ON s.id = l.sku_id JOIN products p ON p.id = s.product_id
             WHERE c.state = 'held' AND c.account_id = ?1 AND c.kind = ?2
               AND c.problem ->> 'kind' = ?3 AND c.id > ?4
             ORDER BY c.id LIMIT ?5"
        );
        let mut statement = self.connection().prepare_cached(&sql)?;
        let mut rows = statement.query((
            account.0,
            kind.code(),
            why.code(),
            after.map_or(0, |id| id.0),
            i64::try_from(limit).unwrap_or(i64::MAX),
        ))?;
        let mut held = Vec::new();
        while let Some(row) = rows.next()? {
            let origin: Option<String> = row.get(22)?;
            held.push(HeldRow {
                change: change(row)?,
                sku: row.get(20)?,
                title: row.get(21)?,
                origin: origin.as_deref().map(to_origin).transpose()?,
            });
        }
        Ok(held)
    }

    fn picked_held(
        &self,
        (account, kind, why): (AccountId, ActionKind, ProblemKind),
        pick: &HeldPick,
    ) -> Result<Vec<(ChangeId, ListingId, String)>, StoreError> {
        let numbers = |ids: &[ChangeId]| json(&ids.iter().map(|id| id.0).collect::<Vec<_>>());
        let only = match pick.only.is_empty() {
            true => None,
            false => Some(numbers(&pick.only)?),
        };
        let mut statement = self.connection().prepare_cached(
            "SELECT id, listing_id, ifnull(channel_sku, '') FROM changes INDEXED BY changes_held
             WHERE state = 'held' AND account_id = ?1 AND kind = ?2 AND problem ->> 'kind' = ?3
               AND listing_id IS NOT NULL
               AND (?4 IS NULL OR id IN (SELECT value FROM json_each(?4)))
               AND id NOT IN (SELECT value FROM json_each(?5))
               AND (?7 IS NULL OR id <= ?7 AND due_at <= ?8)
             ORDER BY id LIMIT ?6",
        )?;
        let limit = i64::try_from(ANSWERED_MAX).unwrap_or(i64::MAX);
        let rows = statement.query_map(
            (
                account.0,
                kind.code(),
                why.code(),
                only,
                numbers(&pick.except)?,
                limit,
                pick.seen.map(|mark| mark.id.0),
                pick.seen.map(|mark| instant(mark.at)),
            ),
            |row| Ok((ChangeId(row.get(0)?), ListingId(row.get(1)?), row.get(2)?)),
        )?;
        Ok(rows.collect::<Result<_, _>>()?)
    }
}

impl Writer<'_> {
    /// Says yes to held changes, as they stand: they go out with the next push.
    pub fn approve_picked(
        &mut self,
        group: (AccountId, ActionKind, ProblemKind),
        pick: &HeldPick,
    ) -> Result<Answered, StoreError> {
        let mut answered = Answered::default();
        for (id, ..) in self.picked_held(group, pick)? {
            self.connection()
                .prepare_cached(
                    "UPDATE changes SET state = 'waiting', approved = 1, problem = NULL
                     WHERE id = ?1 AND state = 'held'",
                )?
                .execute([id.0])?;
            answered.done += 1;
        }
        Ok(answered)
    }

    /// Says no to held changes: a price stays as it is there until another one is wanted, and what
    /// was to be ended stays. A quantity cannot stay: what is not there would be sold.
    pub fn drop_picked(
        &mut self,
        group: (AccountId, ActionKind, ProblemKind),
        pick: &HeldPick,
    ) -> Result<Answered, StoreError> {
        let mut answered = Answered::default();
        for (id, listing, sku) in self.picked_held(group, pick)? {
            let found = self.listing(listing)?.listing;
            match group.1 {
                ActionKind::SetPrice => self.keep_price(listing)?,
                ActionKind::End if found.state == ListingState::Ending => {
                    self.set_listing_state(listing, ListingState::Live)?;
                }
                _ => {
                    answered.kept.push(sku);
                    continue;
                }
            }
            self.connection()
                .prepare_cached(
                    "UPDATE changes SET state = 'dropped', answered_at = ?2, ready = 1
                     WHERE id = ?1 AND state = 'held'",
                )?
                .execute((id.0, instant(self.now())))?;
            answered.done += 1;
        }
        Ok(answered)
    }

    /// Wants the price that is wanted now no more, until it is another one.
    fn keep_price(&mut self, id: ListingId) -> Result<(), StoreError> {
        self.connection()
            .prepare_cached(
                "UPDATE listings SET refused_price_minor = wanted_price_minor WHERE id = ?1",
            )?
            .execute([id.0])?;
        Ok(())
    }
}
