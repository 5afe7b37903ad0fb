//! How much of each limit is used up. Kept over restarts, shared by accounts of one application.

use chrono::{DateTime, Utc};
use rusqlite::OptionalExtension;

use crate::error::StoreError;
use crate::sql::{instant, to_instant};
use crate::store::{Reader, Writer};

/// Which limit.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct LimitKey {
    /// Scheme, host and port, or the word for them.
    pub endpoint: String,
    /// The application or seller that the limit is given to; no secret.
    pub scope: String,
    /// The limit's name.
    pub bucket: String,
}

/// How a limit stands, in the words of who keeps it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LimitUse {
    /// Its state.
    pub state: String,
    /// When it was so.
    pub updated_at: DateTime<Utc>,
}

impl Reader<'_> {
    /// How a limit stands; none where nothing was spent yet.
    pub fn limit_use(&self, key: &LimitKey) -> Result<Option<LimitUse>, StoreError> {
        let mut statement = self.connection().prepare_cached(
            "SELECT state, updated_at FROM limit_use
             WHERE endpoint = ?1 AND scope = ?2 AND bucket = ?3",
        )?;
        let found: Option<(String, i64)> = statement
            .query_row((&key.endpoint, &key.scope, &key.bucket), |row| {
                Ok((row.get(0)?, row.get(1)?))
            })
            .optional()?;
        found
            .map(|(state, at)| {
                let updated_at = to_instant(at)?;
                Ok(LimitUse { state, updated_at })
            })
            .transpose()
    }
}

impl Writer<'_> {
    /// Stores how a limit stands. Reading and storing in one transaction spends a limit once, also
    /// between processes.
    pub fn store_limit_use(
        &mut self,
        key: &LimitKey,
        state: &str,
        at: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        self.connection()
            .prepare_cached("INSERT OR REPLACE INTO limit_use VALUES (?1, ?2, ?3, ?4, ?5)")?
            .execute((&key.endpoint, &key.scope, &key.bucket, state, instant(at)))?;
        Ok(())
    }
}
