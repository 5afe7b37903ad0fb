//! The outbox: what waits to be done on a marketplace, and in which order.
//!
//! A change of a listing carries no value of its own: it is computed when the batch forms. At most
//! one of a kind waits per listing, newer wishes merge into it. Changes of orders carry their
//! request and never merge. `attempt.rs` has what is on its way, `receipt.rs` what became of it.

use barrow_model::{
    AccountId, Action, ActionKind, Aspect, AttemptId, ChangeId, ChangeState, ListingId, OrderRef,
    OrderRowId, Problem, Target, Ticket,
};
use chrono::{DateTime, Utc};
use rusqlite::{OptionalExtension, Row};

use crate::error::StoreError;
use crate::listing::Values;
use crate::sql::{code, instant, json, to_code, to_instant, to_instant_opt, to_json, to_money};
use crate::store::{Reader, Writer};

/// Order of sending; smaller goes first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Priority {
    /// Ship, acknowledge, cancel, refund.
    Aftersales = 0,
    /// A quantity goes down.
    QuantityDown = 1,
    /// A listing ends.
    End = 2,
    /// A price.
    Price = 3,
    /// A quantity goes up.
    QuantityUp = 4,
    /// What buyers read.
    Revise = 5,
    /// A new listing.
    Publish = 6,
}

/// Something that is wanted of a listing.
#[derive(Clone, Debug, PartialEq)]
pub struct Wish {
    /// The listing.
    pub listing_id: ListingId,
    /// What is to be done.
    pub kind: ActionKind,
    /// Its place in the queue.
    pub priority: Priority,
    /// What is there now, as people read it.
    pub before: Option<String>,
    /// What is wanted, as people read it.
    pub after: Option<String>,
    /// Why it waits for a yes.
    pub held: Option<Problem>,
    /// Whether what the marketplace demands must be looked at first.
    pub needs_preparing: bool,
}

/// Something to do to an order.
#[derive(Clone, Debug, PartialEq)]
pub struct AftersalesWish {
    /// Where.
    pub account_id: AccountId,
    /// Which order.
    pub order: OrderRef,
    /// What: acknowledge, ship, cancel or refund.
    pub action: Action,
    /// What people read in the receipt, such as the tracking number.
    pub value: Option<String>,
    /// Earlier deadlines go first.
    pub deadline: Option<DateTime<Utc>>,
}

/// A change as it stands in the outbox.
#[derive(Clone, Debug, PartialEq)]
pub struct QueuedChange {
    /// Its row.
    pub id: ChangeId,
    /// Where.
    pub account_id: AccountId,
    /// What.
    pub kind: ActionKind,
    /// Of which listing; none for orders.
    pub listing_id: Option<ListingId>,
    /// Under which SKU there.
    pub channel_sku: Option<String>,
    /// Of which order; none for listings.
    pub order_row_id: Option<OrderRowId>,
    /// What is asked for, for orders alone.
    pub request: Option<(Target, Action)>,
    /// Where it stands.
    pub state: ChangeState,
    /// Its place in the queue.
    pub priority: i64,
    /// Not to be sent or asked about before.
    pub due_at: DateTime<Utc>,
    /// When it was first wanted.
    pub wanted_at: DateTime<Utc>,
    /// When it was last sent.
    pub sent_at: Option<DateTime<Utc>>,
    /// What is there now.
    pub before: Option<String>,
    /// What is wanted.
    pub after: Option<String>,
    /// Why it is held, refused, or failed last.
    pub problem: Option<Problem>,
    /// How often it was sent without being done.
    pub tries: u32,
    /// How many steps of it are done.
    pub steps: u32,
    /// Whether a person has said yes to it, as it stands.
    pub approved: bool,
    /// The attempt that it last travelled in.
    pub attempt_id: Option<AttemptId>,
    /// Whom to ask.
    pub ticket: Option<Ticket>,
}

pub(crate) const COLUMNS: &str = "c.id, c.account_id, c.kind, c.listing_id, c.channel_sku, \
    c.order_row_id, c.payload, c.state, c.priority, c.due_at, c.wanted_at, c.sent_at, c.before, \
    c.value, c.problem, c.tries, c.steps, c.attempt_id, c.ticket, c.approved";

pub(crate) fn change(row: &Row<'_>) -> Result<QueuedChange, StoreError> {
    let kind: String = row.get(2)?;
    let json_at = |index: usize| -> Result<Option<String>, StoreError> { Ok(row.get(index)?) };
    let request: Option<String> = json_at(6)?;
    let problem: Option<String> = json_at(14)?;
    let ticket: Option<String> = json_at(18)?;
    Ok(QueuedChange {
        id: ChangeId(row.get(0)?),
        account_id: AccountId(row.get(1)?),
        kind: to_kind(&kind)?,
        listing_id: row.get::<_, Option<i64>>(3)?.map(ListingId),
        channel_sku: row.get(4)?,
        order_row_id: row.get::<_, Option<i64>>(5)?.map(OrderRowId),
        request: request.as_deref().map(to_json).transpose()?,
        state: to_code(&row.get::<_, String>(7)?)?,
        priority: row.get(8)?,
        due_at: to_instant(row.get(9)?)?,
        wanted_at: to_instant(row.get(10)?)?,
        sent_at: to_instant_opt(row.get(11)?)?,
        before: row.get(12)?,
        after: row.get(13)?,
        problem: problem.as_deref().map(to_json).transpose()?,
        tries: row.get(15)?,
        steps: row.get(16)?,
        approved: row.get(19)?,
        attempt_id: row.get::<_, Option<i64>>(17)?.map(AttemptId),
        ticket: ticket.as_deref().map(to_json).transpose()?,
    })
}

pub(crate) fn to_kind(text: &str) -> Result<ActionKind, StoreError> {
    ActionKind::from_code(text)
        .ok_or_else(|| StoreError::corrupt(format!("{text:?} is no kind of change")))
}

/// Something of a listing that is in flight.
#[derive(Clone, Debug, PartialEq)]
pub struct Travelling {
    /// What is being done.
    pub kind: ActionKind,
    /// The values that travel.
    pub values: Values,
}

/// What waits of one kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Waiting {
    /// The kind.
    pub kind: ActionKind,
    /// How many are due.
    pub count: u64,
    /// The place in the queue of the first.
    pub priority: i64,
}

/// Which waiting changes may be sent now.
#[derive(Clone, Debug)]
pub struct Sendable<'a> {
    /// The account.
    pub account_id: AccountId,
    /// The kind.
    pub kind: ActionKind,
    /// Aspects of the same SKU that must not be in flight meanwhile; its own among them.
    pub waits_for: &'a [Aspect],
    /// The present.
    pub now: DateTime<Utc>,
    /// How many at most.
    pub limit: usize,
}

impl Reader<'_> {
    /// What is due to be sent for an account, kind by kind, first things first.
    pub fn waiting(
        &self,
        account: AccountId,
        now: DateTime<Utc>,
    ) -> Result<Vec<Waiting>, StoreError> {
        let mut statement = self.connection().prepare_cached(
            "SELECT kind, count(*), min(priority) FROM changes INDEXED BY changes_next
             WHERE account_id = ?1 AND state = 'waiting' AND due_at <= ?2 AND ready = 1
             GROUP BY kind ORDER BY min(priority)",
        )?;
        let mut rows = statement.query((account.0, instant(now)))?;
        let mut waiting = Vec::new();
        while let Some(row) = rows.next()? {
            waiting.push(Waiting {
                kind: to_kind(&row.get::<_, String>(0)?)?,
                count: row.get::<_, i64>(1)?.unsigned_abs(),
                priority: row.get(2)?,
            });
        }
        Ok(waiting)
    }

    /// Changes that may be sent now, first things first: due, prepared, and with nothing of theirs
    /// in flight. Of an order only the oldest.
    pub fn sendable(&self, ask: &Sendable<'_>) -> Result<Vec<QueuedChange>, StoreError> {
        let aspects: Vec<String> = ask.waits_for.iter().map(code).collect::<Result<_, _>>()?;
        let limit = i64::try_from(ask.limit).unwrap_or(i64::MAX);
        let free = if ask.kind.is_aftersales() {
            "NOT EXISTS (SELECT 1 FROM changes b WHERE b.order_row_id = c.order_row_id
               AND b.account_id = c.account_id AND (b.state IN ('in_flight', 'accepted', 'unknown')
                 OR b.state = 'waiting' AND b.id < c.id)) AND ?4 IS NOT NULL"
        } else {
            "NOT EXISTS (SELECT 1 FROM changes b INDEXED BY changes_busy
               WHERE b.account_id = c.account_id AND b.channel_sku = c.channel_sku
               AND b.aspect IN (SELECT value FROM json_each(?4))
               AND b.state IN ('in_flight', 'accepted', 'unknown'))"
        };
        // No change of a listing has a deadline: in the order of the index nothing is sorted, and
        // no more is read than is taken.
        let order = if ask.kind.is_aftersales() {
            "c.deadline_at NULLS LAST"
        } else {
            "c.deadline_at"
        };
        let sql = format!(
            "SELECT {COLUMNS} FROM changes c INDEXED BY changes_next
             WHERE c.account_id = ?1 AND c.kind = ?2 AND c.state = 'waiting' AND c.due_at <= ?3
               AND c.ready = 1 AND {free}
             ORDER BY c.priority, {order}, c.id LIMIT ?5"
        );
        let mut statement = self.connection().prepare_cached(&sql)?;
        let mut rows = statement.query((
            ask.account_id.0,
            ask.kind.code(),
            instant(ask.now),
            json(&aspects)?,
            limit,
        ))?;
        let mut changes = Vec::new();
        while let Some(row) = rows.next()? {
            changes.push(change(row)?);
        }
        Ok(changes)
    }

    /// The waiting change of a kind for a listing, where it is due and prepared.
    pub fn waiting_for(
        &self,
        listing: ListingId,
        kind: ActionKind,
        now: DateTime<Utc>,
    ) -> Result<Option<QueuedChange>, StoreError> {
        let sql = format!(
            "SELECT {COLUMNS} FROM changes c INDEXED BY changes_unsent
             WHERE c.listing_id = ?1 AND c.kind = ?2 AND c.state = 'waiting' AND c.due_at <= ?3
               AND c.ready = 1 AND c.state IN ('waiting', 'held')"
        );
        let mut statement = self.connection().prepare_cached(&sql)?;
        let mut rows = statement.query((listing.0, kind.code(), instant(now)))?;
        rows.next()?.map(change).transpose()
    }

    /// Whether an aspect of a SKU is in flight at an account.
    pub fn is_in_flight(
        &self,
        account: AccountId,
        channel_sku: &str,
        aspects: &[Aspect],
    ) -> Result<bool, StoreError> {
        let aspects: Vec<String> = aspects.iter().map(code).collect::<Result<_, _>>()?;
        let mut statement = self.connection().prepare_cached(
            "SELECT EXISTS (SELECT 1 FROM changes INDEXED BY changes_busy
               WHERE account_id = ?1 AND channel_sku = ?2
               AND aspect IN (SELECT value FROM json_each(?3))
               AND state IN ('in_flight', 'accepted', 'unknown'))",
        )?;
        Ok(statement.query_row((account.0, channel_sku, json(&aspects)?), |row| row.get(0))?)
    }

    /// What waits or is held of some kinds, oldest first, at most `limit` of each kind.
    pub fn unsent_of(
        &self,
        account: AccountId,
        kinds: &[ActionKind],
        limit: usize,
    ) -> Result<Vec<QueuedChange>, StoreError> {
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        let mut changes = Vec::new();
        // Each through its own index: what was done long ago is not read.
        for (index, state) in [("changes_next", "waiting"), ("changes_held", "held")] {
            let sql = format!(
                "SELECT {COLUMNS} FROM changes c INDEXED BY {index}
                 WHERE c.account_id = ?1 AND c.kind = ?2 AND c.state = '{state}' LIMIT ?3"
            );
            let mut statement = self.connection().prepare_cached(&sql)?;
            for kind in kinds {
                let mut rows = statement.query((account.0, kind.code(), limit))?;
                while let Some(row) = rows.next()? {
                    changes.push(change(row)?);
                }
            }
        }
        changes.sort_by_key(|change| change.id);
        Ok(changes)
    }

    /// What of a listing is in flight, with the values that travel.
    pub fn travelling(&self, listing: ListingId) -> Result<Vec<Travelling>, StoreError> {
        let mut statement = self.connection().prepare_cached(
            "SELECT c.kind, c.sent_price_minor, c.sent_price_currency, c.sent_quantity,
               c.sent_content
             FROM listings l CROSS JOIN changes c INDEXED BY changes_busy
               ON c.account_id = l.account_id AND c.channel_sku = l.channel_sku
             WHERE l.id = ?1 AND c.listing_id = ?1
               AND c.state IN ('in_flight', 'accepted', 'unknown')",
        )?;
        let mut rows = statement.query([listing.0])?;
        let mut travelling = Vec::new();
        while let Some(row) = rows.next()? {
            travelling.push(Travelling {
                kind: to_kind(&row.get::<_, String>(0)?)?,
                values: Values {
                    price: to_money(row.get(1)?, row.get(2)?)?,
                    quantity: row.get(3)?,
                    content: row.get(4)?,
                },
            });
        }
        Ok(travelling)
    }

    /// Publishes and revisions whose demands were not looked at yet, oldest first.
    pub fn unprepared(
        &self,
        account: AccountId,
        now: DateTime<Utc>,
        limit: usize,
    ) -> Result<Vec<QueuedChange>, StoreError> {
        let sql = format!(
            "SELECT {COLUMNS} FROM changes c INDEXED BY changes_unready
             WHERE c.account_id = ?1 AND c.state = 'waiting' AND c.ready = 0 AND c.due_at <= ?2
             ORDER BY c.id LIMIT ?3"
        );
        let mut statement = self.connection().prepare_cached(&sql)?;
        let mut rows = statement.query((
            account.0,
            instant(now),
            i64::try_from(limit).unwrap_or(i64::MAX),
        ))?;
        let mut changes = Vec::new();
        while let Some(row) = rows.next()? {
            changes.push(change(row)?);
        }
        Ok(changes)
    }

    /// When something of an account is next due to be sent, asked about or looked up, after an
    /// instant.
    pub fn next_due(
        &self,
        account: AccountId,
        after: DateTime<Utc>,
    ) -> Result<Option<DateTime<Utc>>, StoreError> {
        let mut statement = self.connection().prepare_cached(
            "SELECT min(due) FROM (
               SELECT min(due_at) AS due FROM changes
                 WHERE account_id = ?1 AND state = 'waiting' AND due_at > ?2
               UNION ALL
               SELECT min(due_at) FROM changes INDEXED BY changes_asked
                 WHERE account_id = ?1 AND state = 'accepted' AND due_at > ?2
                   AND state IN ('in_flight', 'accepted', 'unknown')
               UNION ALL
               SELECT min(due_at) FROM changes INDEXED BY changes_asked
                 WHERE account_id = ?1 AND state = 'unknown' AND due_at > ?2
                   AND state IN ('in_flight', 'accepted', 'unknown'))",
        )?;
        let values = (account.0, instant(after));
        let change = to_instant_opt(statement.query_row(values, |row| row.get(0))?)?;
        let answer = self.next_answer_due(account, after)?;
        Ok(change.into_iter().chain(answer).min())
    }

    /// What waits for a yes, oldest first.
    pub fn held(&self, account: AccountId, limit: usize) -> Result<Vec<QueuedChange>, StoreError> {
        let sql = format!(
            "SELECT {COLUMNS} FROM changes c WHERE c.account_id = ?1 AND c.state = 'held'
             ORDER BY c.id LIMIT ?2"
        );
        let mut statement = self.connection().prepare_cached(&sql)?;
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        let mut rows = statement.query((account.0, limit))?;
        let mut changes = Vec::new();
        while let Some(row) = rows.next()? {
            changes.push(change(row)?);
        }
        Ok(changes)
    }
}

impl Writer<'_> {
    /// Puts a change of an order into the outbox. It never merges with another.
    pub fn queue_aftersales(&mut self, wish: &AftersalesWish) -> Result<ChangeId, StoreError> {
        let kind = wish.action.kind();
        if !kind.is_aftersales() {
            return Err(StoreError::invalid("action", "this is done to listings"));
        }
        let request = (Target::Order(wish.order.clone()), &wish.action);
        let now = instant(self.now());
        let db = self.connection();
        db.prepare_cached(
            "INSERT INTO changes (account_id, kind, order_row_id, payload, state, priority, due_at,
               deadline_at, wanted_at, value)
             VALUES (?1, ?2, ?3, ?4, 'waiting', ?5, ?6, ?7, ?6, ?8)",
        )?
        .execute((
            wish.account_id.0,
            kind.code(),
            wish.order.id.0,
            json(&request)?,
            Priority::Aftersales as i64,
            now,
            wish.deadline.map(instant),
            &wish.value,
        ))?;
        Ok(ChangeId(db.last_insert_rowid()))
    }

    /// Puts a wish into the outbox, or merges it with the one of its kind that waits for the
    /// listing. A yes that was given holds for the value that it was given for.
    pub fn queue_wish(&mut self, wish: &Wish) -> Result<ChangeId, StoreError> {
        let aspect = wish.kind.aspect().map(|aspect| code(&aspect)).transpose()?;
        let held = wish.held.as_ref().map(json).transpose()?;
        let mut statement = self.connection().prepare_cached(
            "INSERT INTO changes (account_id, kind, aspect, listing_id, channel_sku, sku_id, state,
               priority, due_at, wanted_at, before, value, problem, ready)
             SELECT account_id, ?2, ?3, id, channel_sku, sku_id,
               iif(?7 IS NULL, 'waiting', 'held'), ?4, ?5, ?5, ?6, ?8, ?7, ?9
             FROM listings WHERE id = ?1
             ON CONFLICT (listing_id, kind)
               WHERE listing_id IS NOT NULL AND state IN ('waiting', 'held')
             DO UPDATE SET
               approved = iif(value IS excluded.value, approved, 0),
               state = iif(excluded.problem IS NULL OR approved = 1 AND value IS excluded.value,
                 'waiting', 'held'),
               problem = excluded.problem,
               priority = excluded.priority,
               before = excluded.before,
               value = excluded.value,
               tries = iif(value IS excluded.value, tries, 0),
               due_at = iif(value IS excluded.value, due_at, excluded.due_at),
               ready = min(excluded.ready, iif(value IS excluded.value, ready, excluded.ready))
             RETURNING id",
        )?;
        let id = statement
            .query_row(
                (
                    wish.listing_id.0,
                    wish.kind.code(),
                    aspect,
                    wish.priority as i64,
                    instant(self.now()),
                    &wish.before,
                    held,
                    &wish.after,
                    !wish.needs_preparing,
                ),
                |row| row.get(0),
            )
            .optional()?
            .ok_or_else(|| StoreError::not_found("listing", wish.listing_id))?;
        Ok(ChangeId(id))
    }

    /// Takes back what waits for a listing and is not wanted any more.
    pub fn drop_unsent(
        &mut self,
        listing: ListingId,
        keep: &[ActionKind],
    ) -> Result<u64, StoreError> {
        let keep: Vec<&str> = keep.iter().map(|kind| kind.code()).collect();
        let dropped = self
            .connection()
            .prepare_cached(
                "UPDATE changes INDEXED BY changes_unsent
                   SET state = 'dropped', answered_at = ?3, ready = 1
                 WHERE listing_id = ?1 AND state IN ('waiting', 'held')
                   AND kind NOT IN (SELECT value FROM json_each(?2))",
            )?
            .execute((listing.0, json(&keep)?, instant(self.now())))?;
        Ok(dropped as u64)
    }

    /// Takes back a change of an order that has not left yet. Returns whether it was so.
    pub fn drop_change(&mut self, id: ChangeId) -> Result<bool, StoreError> {
        let dropped = self
            .connection()
            .prepare_cached(
                "UPDATE changes SET state = 'dropped', answered_at = ?2
                 WHERE id = ?1 AND state IN ('waiting', 'held')",
            )?
            .execute((id.0, instant(self.now())))?;
        Ok(dropped > 0)
    }

    /// Holds a waiting change until someone says yes.
    pub fn hold_change(&mut self, id: ChangeId, problem: &Problem) -> Result<(), StoreError> {
        self.connection()
            .prepare_cached(
                "UPDATE changes SET state = 'held', problem = ?2
                 WHERE id = ?1 AND state = 'waiting' AND approved = 0",
            )?
            .execute((id.0, json(problem)?))?;
        Ok(())
    }

    /// Lets a held change go because what held it has passed.
    pub fn release_change(&mut self, id: ChangeId) -> Result<(), StoreError> {
        self.connection()
            .prepare_cached(
                "UPDATE changes SET state = 'waiting', problem = NULL
                 WHERE id = ?1 AND state = 'held'",
            )?
            .execute([id.0])?;
        Ok(())
    }

    /// Says yes to everything that is held for an account, as it stands.
    pub fn approve_held(&mut self, account: AccountId) -> Result<u64, StoreError> {
        let approved = self
            .connection()
            .prepare_cached(
                "UPDATE changes SET state = 'waiting', approved = 1, problem = NULL
                 WHERE account_id = ?1 AND state = 'held'",
            )?
            .execute([account.0])?;
        Ok(approved as u64)
    }

    /// Notes that a change meets what the marketplace demands.
    pub fn set_prepared(&mut self, id: ChangeId) -> Result<(), StoreError> {
        self.connection()
            .prepare_cached("UPDATE changes SET ready = 1 WHERE id = ?1")?
            .execute([id.0])?;
        Ok(())
    }

    /// Lets a waiting change wait longer.
    pub fn put_off(&mut self, id: ChangeId, until: DateTime<Utc>) -> Result<(), StoreError> {
        self.connection()
            .prepare_cached(
                "UPDATE changes SET due_at = max(due_at, ?2) WHERE id = ?1 AND state = 'waiting'",
            )?
            .execute((id.0, instant(until)))?;
        Ok(())
    }
}
