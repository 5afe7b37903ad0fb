//! What is on its way: attempts, the changes in each, and what became of them.

use barrow_model::{
    AccountId, Action, ActionKind, AttemptId, Binding, Change, ChangeId, ChangeState, ListingId,
    Money, Problem, Ticket,
};
use chrono::{DateTime, Utc};
use rusqlite::OptionalExtension;

use crate::acknowledged::{acknowledging, refusing};
use crate::error::StoreError;
use crate::outbox::{COLUMNS, QueuedChange, change};
use crate::problem::ProblemAt;
use crate::sql::{instant, json, money, to_instant, to_json};
use crate::store::{Reader, Writer};

/// One change of a batch and the values that travel with it.
#[derive(Clone, Debug, PartialEq)]
pub struct Sending {
    /// What the adapter is given.
    pub change: Change,
    /// The value as people read it.
    pub value: Option<String>,
    /// The price that travels.
    pub price: Option<Money>,
    /// The quantity that travels.
    pub quantity: Option<u32>,
    /// The hash of the content that travels.
    pub content: Option<String>,
}

/// A batch that is about to leave.
#[derive(Clone, Debug)]
pub struct NewAttempt<'a> {
    /// Where to.
    pub account_id: AccountId,
    /// The lane that carries it.
    pub lane: &'a str,
    /// Its name, unique.
    pub fingerprint: &'a str,
    /// What is in it.
    pub sendings: &'a [Sending],
}

/// A batch that left and is not answered for good.
#[derive(Clone, Debug, PartialEq)]
pub struct OpenBatch {
    /// The attempt.
    pub attempt_id: AttemptId,
    /// The lane that carried it.
    pub lane: String,
    /// Its name.
    pub fingerprint: String,
    /// When it left.
    pub started_at: DateTime<Utc>,
    /// How often it was looked up.
    pub lookups: u32,
    /// Whom to ask; none where nobody promised an answer.
    pub ticket: Option<Ticket>,
    /// Its changes that are not answered, as they were sent.
    pub changes: Vec<Change>,
}

/// What became of one change, as it is stored.
#[derive(Clone, Debug, PartialEq)]
pub enum Settlement {
    /// Done.
    Applied {
        /// What the marketplace calls the listing now.
        binding: Option<Binding>,
    },
    /// Taken in.
    Accepted {
        /// Whom to ask.
        ticket: Ticket,
        /// When.
        due: DateTime<Utc>,
    },
    /// A step is done; the next one can be taken.
    Advanced {
        /// What the marketplace calls the listing now.
        binding: Binding,
    },
    /// Not done; the same may be tried again.
    Again {
        /// Not before.
        due: DateTime<Utc>,
        /// What went wrong.
        problem: Option<Problem>,
        /// Whether the try counts.
        counts: bool,
        /// Whether it may have been done all the same, so that what is there is not certain.
        uncertain: bool,
    },
    /// Not done until a person mends something.
    Refused {
        /// What is wrong.
        problem: Problem,
    },
    /// Nobody knows.
    Unknown {
        /// When to look.
        due: DateTime<Utc>,
    },
}

impl Reader<'_> {
    /// Feeds of an account that are due to be asked about.
    pub fn polls_due(
        &self,
        account: AccountId,
        now: DateTime<Utc>,
        limit: usize,
    ) -> Result<Vec<OpenBatch>, StoreError> {
        let mut statement = self.connection().prepare_cached(
            "SELECT DISTINCT attempt_id, ticket FROM changes
             WHERE account_id = ?1 AND state = 'accepted' AND due_at <= ?2
             ORDER BY attempt_id LIMIT ?3",
        )?;
        self.open_batches(&mut statement, account, now, limit)
    }

    /// Attempts of an account that nobody knows the fate of and that are due to be looked up.
    pub fn lookups_due(
        &self,
        account: AccountId,
        now: DateTime<Utc>,
        limit: usize,
    ) -> Result<Vec<OpenBatch>, StoreError> {
        let mut statement = self.connection().prepare_cached(
            "SELECT DISTINCT attempt_id, NULL FROM changes
             WHERE account_id = ?1 AND state = 'unknown' AND due_at <= ?2
             ORDER BY attempt_id LIMIT ?3",
        )?;
        self.open_batches(&mut statement, account, now, limit)
    }

    fn open_batches(
        &self,
        statement: &mut rusqlite::CachedStatement<'_>,
        account: AccountId,
        now: DateTime<Utc>,
        limit: usize,
    ) -> Result<Vec<OpenBatch>, StoreError> {
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        let keys: Vec<(i64, Option<String>)> = statement
            .query_map((account.0, instant(now), limit), |row| {
                Ok((row.get(0)?, row.get(1)?))
            })?
            .collect::<Result<_, _>>()?;
        keys.into_iter()
            .map(|(attempt, ticket)| self.open_batch(AttemptId(attempt), ticket.as_deref()))
            .collect()
    }

    fn open_batch(
        &self,
        attempt: AttemptId,
        ticket: Option<&str>,
    ) -> Result<OpenBatch, StoreError> {
        let db = self.connection();
        let (lane, fingerprint, started_at, lookups): (String, String, i64, u32) = db
            .prepare_cached(
                "SELECT lane, fingerprint, started_at, lookups FROM attempts WHERE id = ?1",
            )?
            .query_row([attempt.0], |row| {
                Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?))
            })
            .optional()?
            .ok_or_else(|| StoreError::not_found("attempt", attempt))?;
        let mut statement = db.prepare_cached(
            "SELECT a.sent FROM attempt_changes a JOIN changes c ON c.id = a.change_id
             WHERE a.attempt_id = ?1 AND c.attempt_id = ?1 AND a.sent IS NOT NULL
               AND iif(?2 IS NULL, c.state = 'unknown', c.state = 'accepted' AND c.ticket = ?2)
             ORDER BY a.position",
        )?;
        let mut rows = statement.query((attempt.0, ticket))?;
        let mut changes = Vec::new();
        while let Some(row) = rows.next()? {
            changes.push(to_json(&row.get::<_, String>(0)?)?);
        }
        Ok(OpenBatch {
            attempt_id: attempt,
            lane,
            fingerprint,
            started_at: to_instant(started_at)?,
            lookups,
            ticket: ticket.map(to_json).transpose()?,
            changes,
        })
    }

    /// A change of the outbox.
    pub fn queued_change(&self, id: ChangeId) -> Result<QueuedChange, StoreError> {
        let sql = format!("SELECT {COLUMNS} FROM changes c WHERE c.id = ?1");
        let mut statement = self.connection().prepare_cached(&sql)?;
        let mut rows = statement.query([id.0])?;
        match rows.next()? {
            Some(row) => change(row),
            None => Err(StoreError::not_found("change", id)),
        }
    }
}

impl Writer<'_> {
    /// Commits a batch before it leaves; use [`crate::Store::write_durably`]. Every change must be
    /// waiting.
    pub fn begin_attempt(&mut self, new: &NewAttempt<'_>) -> Result<AttemptId, StoreError> {
        let now = instant(self.now());
        let db = self.connection();
        db.prepare_cached(
            "INSERT INTO attempts (account_id, lane, fingerprint, state, started_at)
             VALUES (?1, ?2, ?3, 'open', ?4)",
        )?
        .execute((new.account_id.0, new.lane, new.fingerprint, now))?;
        let attempt = AttemptId(db.last_insert_rowid());
        for (position, sending) in new.sendings.iter().enumerate() {
            let (minor, currency) = money(sending.price);
            let moved = db
                .prepare_cached(
                    "UPDATE changes SET state = 'in_flight', attempt_id = ?2, sent_at = ?3,
                       value = ifnull(?4, value), sent_price_minor = ?5, sent_price_currency = ?6,
                       sent_quantity = ?7, sent_content = ?8, tries = tries + 1, ticket = NULL,
                       problem = NULL
                     WHERE id = ?1 AND state = 'waiting'",
                )?
                .execute((
                    sending.change.id.0,
                    attempt.0,
                    now,
                    &sending.value,
                    minor,
                    currency,
                    sending.quantity,
                    &sending.content,
                ))?;
            if moved == 0 {
                return Err(StoreError::not_found("waiting change", sending.change.id));
            }
            db.prepare_cached("INSERT INTO attempt_changes VALUES (?1, ?2, ?3, ?4)")?
                .execute((
                    attempt.0,
                    position as i64,
                    sending.change.id.0,
                    json(&sending.change)?,
                ))?;
            if matches!(
                sending.change.action,
                Action::Publish(_) | Action::SetQuantity(_)
            ) {
                self.forget_meanwhile(sending.change.id)?;
            }
        }
        Ok(attempt)
    }

    fn forget_meanwhile(&self, id: ChangeId) -> Result<(), StoreError> {
        self.connection()
            .prepare_cached(
                "UPDATE listings SET sold_meanwhile = 0
                 WHERE id = (SELECT listing_id FROM changes WHERE id = ?1)",
            )?
            .execute([id.0])?;
        Ok(())
    }

    /// After a restart, nobody knows what became of attempts that were open. Returns how many
    /// changes are to be looked up. Call it only while nothing is being sent.
    pub fn recover_attempts(&mut self) -> Result<u64, StoreError> {
        let now = instant(self.now());
        let db = self.connection();
        let lost = db.execute(
            "UPDATE changes SET state = 'unknown', due_at = ?1 WHERE state = 'in_flight'",
            [now],
        )?;
        db.execute(
            "UPDATE attempts SET state = 'unknown' WHERE state = 'open' AND id IN
               (SELECT attempt_id FROM changes WHERE state = 'unknown')",
            [],
        )?;
        Ok(lost as u64)
    }

    /// Counts a look-up of an attempt.
    pub fn note_lookup(&mut self, attempt: AttemptId) -> Result<(), StoreError> {
        self.connection()
            .prepare_cached("UPDATE attempts SET lookups = lookups + 1 WHERE id = ?1")?
            .execute([attempt.0])?;
        Ok(())
    }

    /// Lets everything of an attempt that is asked about wait longer.
    pub fn put_off_attempt(
        &mut self,
        attempt: AttemptId,
        until: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        self.connection()
            .prepare_cached(
                "UPDATE changes SET due_at = ?2
                 WHERE attempt_id = ?1 AND state IN ('accepted', 'unknown')",
            )?
            .execute((attempt.0, instant(until)))?;
        Ok(())
    }

    /// Stores what became of a change that is in flight, accepted or unknown. What is settled
    /// already is left as it is: an answer may come twice.
    pub fn settle(&mut self, id: ChangeId, settlement: &Settlement) -> Result<(), StoreError> {
        let queued = self.queued_change(id)?;
        if !matches!(
            queued.state,
            ChangeState::InFlight | ChangeState::Accepted | ChangeState::Unknown
        ) {
            return Ok(());
        }
        match settlement {
            Settlement::Applied { binding } => self.settle_applied(&queued, binding.as_ref())?,
            Settlement::Accepted { ticket, due } => {
                self.connection()
                    .prepare_cached(
                        "UPDATE changes SET state = 'accepted', ticket = ?2, due_at = ?3
                         WHERE id = ?1",
                    )?
                    .execute((id.0, json(ticket)?, instant(*due)))?;
            }
            Settlement::Advanced { binding } => {
                if let Some(listing) = queued.listing_id {
                    self.store_binding(listing, binding)?;
                }
                self.connection()
                    .prepare_cached(
                        "UPDATE changes SET tries = 0, steps = steps + 1 WHERE id = ?1",
                    )?
                    .execute([id.0])?;
                self.back_to_waiting(&queued, None, None)?;
            }
            Settlement::Again {
                due,
                problem,
                counts,
                uncertain,
            } => {
                if *uncertain {
                    self.forget_acknowledged(&queued)?;
                }
                if !counts {
                    self.connection()
                        .prepare_cached(
                            "UPDATE changes SET tries = max(0, tries - 1) WHERE id = ?1",
                        )?
                        .execute([id.0])?;
                }
                self.back_to_waiting(&queued, Some(*due), problem.as_ref())?;
            }
            Settlement::Refused { problem } => self.settle_refused(&queued, problem)?,
            Settlement::Unknown { due } => {
                self.connection()
                    .prepare_cached(
                        "UPDATE changes SET state = 'unknown', due_at = ?2 WHERE id = ?1",
                    )?
                    .execute((id.0, instant(*due)))?;
            }
        }
        self.follow_order(&queued, settlement)?;
        self.close_attempt(&queued, settlement)
    }

    /// Refuses a change that never left, because it would be refused.
    pub fn refuse_unsent(
        &mut self,
        id: ChangeId,
        price: Option<Money>,
        content: Option<&str>,
        problem: &Problem,
    ) -> Result<(), StoreError> {
        let queued = self.queued_change(id)?;
        self.connection()
            .prepare_cached(
                "UPDATE changes SET sent_price_minor = ?2, sent_content = ?3, ready = 1
                 WHERE id = ?1",
            )?
            .execute((id.0, price.map(|price| price.minor), content))?;
        self.settle_refused(&queued, problem)
    }

    /// What may or may not have been done leaves it open what is there, until it is set again.
    fn forget_acknowledged(&self, queued: &QueuedChange) -> Result<(), StoreError> {
        let sql = match queued.kind {
            ActionKind::SetQuantity => {
                "UPDATE listings SET expected_quantity = NULL
                 WHERE id = ?1 OR pool <> '' AND (account_id, channel_sku, pool) IN
                   (SELECT account_id, channel_sku, pool FROM listings WHERE id = ?1)"
            }
            ActionKind::SetPrice => {
                "UPDATE listings SET acknowledged_price_minor = NULL,
                   acknowledged_price_currency = NULL WHERE id = ?1"
            }
            _ => return Ok(()),
        };
        if let Some(listing) = queued.listing_id {
            self.connection()
                .prepare_cached(sql)?
                .execute([listing.0])?;
        }
        Ok(())
    }

    /// A newer wish of the kind may wait already; then this one has nothing left to do.
    fn back_to_waiting(
        &mut self,
        queued: &QueuedChange,
        due: Option<DateTime<Utc>>,
        problem: Option<&Problem>,
    ) -> Result<(), StoreError> {
        let due = instant(due.unwrap_or(self.now()));
        let db = self.connection();
        if let Some(listing) = queued.listing_id {
            db.prepare_cached(
                "UPDATE changes SET wanted_at = min(wanted_at, ?4), due_at = max(due_at, ?5)
                 WHERE listing_id = ?1 AND kind = ?2 AND id <> ?3 AND state IN ('waiting', 'held')",
            )?
            .execute((
                listing.0,
                queued.kind.code(),
                queued.id.0,
                instant(queued.wanted_at),
                due,
            ))?;
        }
        db.prepare_cached(
            "UPDATE changes SET due_at = ?2, problem = ?3, ticket = NULL, state = iif(
               listing_id IS NOT NULL AND EXISTS (SELECT 1 FROM changes n
                 WHERE n.listing_id = changes.listing_id AND n.kind = changes.kind
                   AND n.id <> changes.id AND n.state IN ('waiting', 'held')),
               'dropped', 'waiting') WHERE id = ?1",
        )?
        .execute((queued.id.0, due, problem.map(json).transpose()?))?;
        Ok(())
    }

    fn settle_applied(
        &mut self,
        queued: &QueuedChange,
        binding: Option<&Binding>,
    ) -> Result<(), StoreError> {
        let now = instant(self.now());
        self.connection()
            .prepare_cached(
                "UPDATE changes SET state = 'applied', answered_at = ?2, problem = NULL,
                   ticket = NULL WHERE id = ?1",
            )?
            .execute((queued.id.0, now))?;
        let Some(listing) = queued.listing_id else {
            return self.clear_problem(&ProblemAt::change(queued));
        };
        if let Some(binding) = binding {
            self.store_binding(listing, binding)?;
        }
        let sql = acknowledging(queued.kind);
        if !sql.is_empty() {
            self.connection()
                .prepare_cached(sql)?
                .execute((listing.0, queued.id.0, now))?;
        }
        if queued.kind == ActionKind::Publish || queued.kind == ActionKind::End {
            for subject in ["content", "price", "quantity"] {
                self.clear_problem(&ProblemAt::listing(queued.account_id, listing, subject))?;
            }
        } else {
            self.clear_problem(&ProblemAt::change(queued))?;
        }
        self.mark_if_wanting(listing)
    }

    /// What was computed while the change was on its way may differ from what travelled.
    fn mark_if_wanting(&mut self, listing: ListingId) -> Result<(), StoreError> {
        self.connection()
            .prepare_cached(
                "INSERT INTO listing_dirty SELECT id FROM listings WHERE id = ?1 AND (
                   state NOT IN ('live', 'ended') OR wanted_price_minor IS NOT
                     acknowledged_price_minor
                   OR wanted_price_currency IS NOT acknowledged_price_currency
                   OR wanted_quantity IS NOT expected_quantity
                   OR wanted_content IS NOT acknowledged_content) ON CONFLICT DO NOTHING",
            )?
            .execute([listing.0])?;
        Ok(())
    }

    fn settle_refused(
        &mut self,
        queued: &QueuedChange,
        problem: &Problem,
    ) -> Result<(), StoreError> {
        let now = instant(self.now());
        let db = self.connection();
        db.prepare_cached(
            "UPDATE changes SET state = 'refused', answered_at = ?2, problem = ?3, ticket = NULL
             WHERE id = ?1",
        )?
        .execute((queued.id.0, now, json(problem)?))?;
        self.raise_problem(&ProblemAt::change(queued), problem)?;
        let Some(listing) = queued.listing_id else {
            return Ok(());
        };
        let sql = refusing(queued.kind);
        if !sql.is_empty() {
            db.prepare_cached(sql)?.execute((listing.0, queued.id.0))?;
        }
        self.mark_if_wanting(listing)
    }

    fn close_attempt(
        &mut self,
        queued: &QueuedChange,
        settlement: &Settlement,
    ) -> Result<(), StoreError> {
        let Some(attempt) = queued.attempt_id else {
            return Ok(());
        };
        let db = self.connection();
        let is_open = matches!(
            settlement,
            Settlement::Accepted { .. } | Settlement::Unknown { .. }
        );
        if !is_open {
            db.prepare_cached(
                "UPDATE attempt_changes SET sent = NULL WHERE attempt_id = ?1 AND change_id = ?2",
            )?
            .execute((attempt.0, queued.id.0))?;
        }
        db.prepare_cached(
            "UPDATE attempts SET answered_at = ?2, state = CASE
               WHEN EXISTS (SELECT 1 FROM changes c WHERE c.attempt_id = ?1
                 AND c.state = 'unknown') THEN 'unknown' ELSE 'answered' END
             WHERE id = ?1",
        )?
        .execute((attempt.0, instant(self.now())))?;
        Ok(())
    }

    /// Notes that a batch had no effect at all; its changes wait again.
    pub fn fail_attempt(
        &mut self,
        attempt: AttemptId,
        changes: &[ChangeId],
        due: DateTime<Utc>,
        counts: bool,
    ) -> Result<(), StoreError> {
        for id in changes {
            let problem = None;
            self.settle(
                *id,
                &Settlement::Again {
                    due,
                    problem,
                    counts,
                    uncertain: false,
                },
            )?;
        }
        self.connection()
            .prepare_cached("UPDATE attempts SET state = 'failed' WHERE id = ?1")?
            .execute([attempt.0])?;
        Ok(())
    }
}
