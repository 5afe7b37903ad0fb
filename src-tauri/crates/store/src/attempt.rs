//! What is on its way: attempts, the changes in each, and what became of them.

use barrow_model::{AccountId, Action, AttemptId, Change, ChangeId, Money, Ticket};
use chrono::{DateTime, Utc};
use rusqlite::OptionalExtension;

use crate::error::StoreError;
use crate::outbox::{COLUMNS, QueuedChange, change};
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

/// An attempt that is to be asked about: under a ticket, or looked up.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct OpenKey {
    /// The attempt.
    pub attempt_id: AttemptId,
    /// The ticket as it is stored; none where it is looked up.
    pub ticket: Option<String>,
}

impl Reader<'_> {
    /// Feeds of an account that are due to be asked about.
    pub fn polls_due(
        &self,
        account: AccountId,
        now: DateTime<Utc>,
        limit: usize,
    ) -> Result<Vec<OpenKey>, StoreError> {
        let mut statement = self.connection().prepare_cached(
            "SELECT DISTINCT attempt_id, ticket FROM changes INDEXED BY changes_asked
             WHERE account_id = ?1 AND state = 'accepted' AND due_at <= ?2
               AND state IN ('in_flight', 'accepted', 'unknown') LIMIT ?3",
        )?;
        open_keys(&mut statement, account, now, limit)
    }

    /// Attempts of an account that nobody knows the fate of and that are due to be looked up.
    pub fn lookups_due(
        &self,
        account: AccountId,
        now: DateTime<Utc>,
        limit: usize,
    ) -> Result<Vec<OpenKey>, StoreError> {
        let mut statement = self.connection().prepare_cached(
            "SELECT DISTINCT attempt_id, NULL FROM changes INDEXED BY changes_asked
             WHERE account_id = ?1 AND state = 'unknown' AND due_at <= ?2
               AND state IN ('in_flight', 'accepted', 'unknown') LIMIT ?3",
        )?;
        open_keys(&mut statement, account, now, limit)
    }

    /// What of an attempt is open, as it was sent.
    pub fn open_batch(&self, key: &OpenKey) -> Result<OpenBatch, StoreError> {
        let (attempt, ticket) = (key.attempt_id, key.ticket.as_deref());
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
        self.find_change(id)?
            .ok_or_else(|| StoreError::not_found("change", id))
    }

    /// A change of the outbox; none where it was removed with its account.
    pub fn find_change(&self, id: ChangeId) -> Result<Option<QueuedChange>, StoreError> {
        let sql = format!("SELECT {COLUMNS} FROM changes c WHERE c.id = ?1");
        let mut statement = self.connection().prepare_cached(&sql)?;
        let mut rows = statement.query([id.0])?;
        rows.next()?.map(change).transpose()
    }
}

fn open_keys(
    statement: &mut rusqlite::CachedStatement<'_>,
    account: AccountId,
    now: DateTime<Utc>,
    limit: usize,
) -> Result<Vec<OpenKey>, StoreError> {
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let keys = statement.query_map((account.0, instant(now), limit), |row| {
        Ok(OpenKey {
            attempt_id: AttemptId(row.get(0)?),
            ticket: row.get(1)?,
        })
    })?;
    Ok(keys.collect::<Result<_, _>>()?)
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
            let (content, differs) = self.earlier_steps(sending)?;
            let moved = db
                .prepare_cached(
                    "UPDATE changes SET state = 'in_flight', attempt_id = ?2, sent_at = ?3,
                       value = ifnull(?4, value), sent_price_minor = ?5, sent_price_currency = ?6,
                       sent_quantity = ?7, sent_content = ?8, differs = ?9, tries = tries + 1,
                       ticket = NULL, problem = NULL
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
                    content,
                    differs,
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

    /// What earlier steps of a publish said: the content that it began with, and whether price or
    /// quantity were others. The steps of one that was taken back count too, for the
    /// marketplace may go on from there.
    fn earlier_steps(&self, sending: &Sending) -> Result<(Option<String>, bool), StoreError> {
        let fresh = (sending.content.clone(), false);
        if !matches!(sending.change.action, Action::Publish(_)) {
            return Ok(fresh);
        }
        let (minor, currency) = money(sending.price);
        let earlier = self
            .connection()
            .prepare_cached(
                "SELECT p.sent_content, p.differs OR p.sent_price_minor IS NOT ?2
                     OR p.sent_price_currency IS NOT ?3 OR p.sent_quantity IS NOT ?4
                   FROM changes p JOIN changes c ON c.id = ?1
                   WHERE p.listing_id = c.listing_id AND p.kind = 'publish' AND p.steps > 0
                     AND p.sent_content IS NOT NULL
                     AND (p.id = c.id OR p.state = 'dropped' AND NOT EXISTS (
                       SELECT 1 FROM changes n WHERE n.listing_id = p.listing_id
                         AND n.kind = 'publish' AND n.state = 'applied' AND n.id > p.id))
                   ORDER BY p.id DESC LIMIT 1",
            )?
            .query_row(
                (sending.change.id.0, minor, currency, sending.quantity),
                |row| Ok((row.get(0)?, row.get(1)?)),
            )
            .optional()?;
        Ok(earlier.unwrap_or(fresh))
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
        // The second condition is that of the index: what was done long ago is not read.
        let lost = db.execute(
            "UPDATE changes SET state = 'unknown', due_at = ?1
             WHERE state = 'in_flight' AND state IN ('in_flight', 'accepted', 'unknown')",
            [now],
        )?;
        db.execute(
            "UPDATE attempts SET state = 'unknown' WHERE id IN (SELECT attempt_id FROM changes
               WHERE state = 'unknown' AND state IN ('in_flight', 'accepted', 'unknown'))
             AND state = 'open'",
            [],
        )?;
        Ok(lost as u64 + self.recover_answers()?)
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
                 WHERE id IN (SELECT change_id FROM attempt_changes
                   WHERE attempt_id = ?1 AND sent IS NOT NULL)
                   AND attempt_id = ?1 AND state IN ('accepted', 'unknown')",
            )?
            .execute((attempt.0, instant(until)))?;
        Ok(())
    }
}
