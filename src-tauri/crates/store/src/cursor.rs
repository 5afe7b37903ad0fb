//! How far orders have been read, and the records that could not be.

use barrow_model::{AccountId, ProblemKind, QuarantineId};
use chrono::{DateTime, Utc};
use rusqlite::{OptionalExtension, params};

use crate::error::StoreError;
use crate::sql::{instant, to_instant, to_instant_opt};
use crate::store::{Reader, Writer};

/// How far a stream of an account has been read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredCursor {
    /// The adapter's own words.
    pub cursor: String,
    /// Every order changed before this has been stored; none before the first whole read.
    pub covered_through: Option<DateTime<Utc>>,
    /// Whether the read has not come to its end: what it reads ends when it began.
    pub under_way: bool,
}

/// A record that could not be read. It holds personal data and is never logged.
#[derive(Clone, PartialEq, Eq)]
pub struct Quarantined {
    /// Its row.
    pub id: QuarantineId,
    /// The account that it came from.
    pub account_id: AccountId,
    /// That account's name.
    pub account_name: String,
    /// The order's number, where it could be found.
    pub order_id: Option<String>,
    /// The record, whole.
    pub body: String,
    /// What is wrong.
    pub kind: ProblemKind,
    /// Which field, in the marketplace's words.
    pub field: String,
    /// What was expected there.
    pub expected: String,
    /// When it was first met.
    pub first_seen_at: DateTime<Utc>,
}

impl std::fmt::Debug for Quarantined {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            f,
            "Quarantined({}, {} in {})",
            self.id, self.kind, self.field
        )
    }
}

/// A record to be put aside.
#[derive(Clone, PartialEq, Eq)]
pub struct NewQuarantined<'a> {
    /// The account that it came from.
    pub account_id: AccountId,
    /// The order's number, where it could be found.
    pub order_id: Option<&'a str>,
    /// The record, whole.
    pub body: &'a str,
    /// What is wrong.
    pub kind: ProblemKind,
    /// Which field, in the marketplace's words.
    pub field: &'a str,
    /// What was expected there.
    pub expected: &'a str,
}

impl std::fmt::Debug for NewQuarantined<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "NewQuarantined({} in {})", self.kind, self.field)
    }
}

impl Reader<'_> {
    /// How far a stream has been read; none before its first page.
    pub fn cursor(
        &self,
        account_id: AccountId,
        stream: &str,
    ) -> Result<Option<StoredCursor>, StoreError> {
        let sql = "SELECT cursor, covered_through, under_way FROM cursors
            WHERE account_id = ?1 AND stream = ?2";
        let mut statement = self.connection().prepare_cached(sql)?;
        let found: Option<(String, Option<i64>, bool)> = statement
            .query_row((account_id.0, stream), |row| {
                Ok((row.get(0)?, row.get(1)?, row.get(2)?))
            })
            .optional()?;
        found
            .map(|(cursor, covered, under_way)| {
                Ok(StoredCursor {
                    cursor,
                    covered_through: to_instant_opt(covered)?,
                    under_way,
                })
            })
            .transpose()
    }

    /// Records that wait, oldest first.
    pub fn quarantine(&self, limit: usize) -> Result<Vec<Quarantined>, StoreError> {
        let sql = "SELECT q.id, q.account_id, a.name, q.order_id, q.body, q.kind, q.field,
              q.expected, q.first_seen_at
            FROM quarantine q JOIN accounts a ON a.id = q.account_id ORDER BY q.id LIMIT ?1";
        let mut statement = self.connection().prepare_cached(sql)?;
        let mut rows = statement.query([i64::try_from(limit).unwrap_or(i64::MAX)])?;
        let mut records = Vec::new();
        while let Some(row) = rows.next()? {
            let kind: String = row.get(5)?;
            records.push(Quarantined {
                id: QuarantineId(row.get(0)?),
                account_id: AccountId(row.get(1)?),
                account_name: row.get(2)?,
                order_id: row.get(3)?,
                body: row.get(4)?,
                kind: ProblemKind::from_code(&kind).unwrap_or(ProblemKind::OrderUnreadable),
                field: row.get(6)?,
                expected: row.get(7)?,
                first_seen_at: to_instant(row.get(8)?)?,
            });
        }
        Ok(records)
    }

    /// How many records wait.
    pub fn quarantine_count(&self) -> Result<u64, StoreError> {
        let mut statement = self
            .connection()
            .prepare_cached("SELECT count(*) FROM quarantine")?;
        let count: i64 = statement.query_row([], |row| row.get(0))?;
        Ok(u64::try_from(count).unwrap_or_default())
    }
}

impl Writer<'_> {
    /// Keeps how far a stream has been read, and whether that read is still under way, in the
    /// transaction that stores what was read.
    pub fn set_cursor(
        &mut self,
        account_id: AccountId,
        stream: &str,
        cursor: &str,
        covered_through: Option<DateTime<Utc>>,
        under_way: bool,
    ) -> Result<(), StoreError> {
        let sql = "INSERT INTO cursors
              (account_id, stream, cursor, covered_through, under_way, updated_at)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6)
            ON CONFLICT (account_id, stream) DO UPDATE SET cursor = excluded.cursor,
              covered_through = ifnull(excluded.covered_through, covered_through),
              under_way = excluded.under_way, updated_at = excluded.updated_at";
        self.connection().prepare_cached(sql)?.execute(params![
            account_id.0,
            stream,
            cursor,
            covered_through.map(instant),
            under_way,
            instant(self.now()),
        ])?;
        Ok(())
    }

    /// Forgets how far an account has been read, so that the next pull begins anew.
    pub fn clear_cursors(&mut self, account_id: AccountId) -> Result<(), StoreError> {
        self.connection()
            .execute("DELETE FROM cursors WHERE account_id = ?1", [account_id.0])?;
        Ok(())
    }

    /// Puts a record aside, once: one of the same order, or of the same words, is replaced.
    pub fn put_quarantine(&mut self, record: &NewQuarantined<'_>) -> Result<(), StoreError> {
        let db = self.connection();
        let now = instant(self.now());
        // One `OR` of both would read the whole table for each record.
        let known = match record.order_id {
            Some(_) => "order_id = ?2",
            None => "?2 IS NULL AND body = ?3",
        };
        let sql = format!(
            "UPDATE quarantine SET body = ?3, kind = ?4, field = ?5, expected = ?6,
               last_seen_at = ?7
             WHERE account_id = ?1 AND {known}"
        );
        let values = params![
            record.account_id.0,
            record.order_id,
            record.body,
            record.kind.code(),
            record.field,
            record.expected,
            now,
        ];
        if db.prepare_cached(&sql)?.execute(values)? > 0 {
            return Ok(());
        }
        let sql = "INSERT INTO quarantine (account_id, order_id, body, kind, field, expected,
              first_seen_at, last_seen_at)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?7)";
        db.prepare_cached(sql)?.execute(values)?;
        Ok(())
    }

    /// Takes a record out of quarantine: it has been read. A newer one of the same order that has
    /// come meanwhile stays.
    pub fn remove_quarantine(&mut self, record: &Quarantined) -> Result<(), StoreError> {
        let sql = "DELETE FROM quarantine WHERE id = ?1 AND body = ?2";
        self.connection()
            .prepare_cached(sql)?
            .execute((record.id.0, &record.body))?;
        Ok(())
    }

    /// Takes an order's record out of quarantine: a later answer could be read.
    pub fn remove_quarantined_order(
        &mut self,
        account_id: AccountId,
        order_id: &str,
    ) -> Result<(), StoreError> {
        let sql = "DELETE FROM quarantine WHERE account_id = ?1 AND order_id = ?2";
        self.connection()
            .prepare_cached(sql)?
            .execute((account_id.0, order_id))?;
        Ok(())
    }
}
