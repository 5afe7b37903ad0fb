//! How much of each limit is used up. Kept over restarts, shared by accounts of one application.

use barrow_model::AccountId;
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
    /// The limits that an account's calls have used so far, each with its use.
    pub fn limits_of(&self, account: AccountId) -> Result<Vec<(LimitKey, LimitUse)>, StoreError> {
        let mut statement = self.connection().prepare_cached(
            "SELECT u.endpoint, u.scope, u.bucket, u.state, u.updated_at
             FROM limit_owners o
             JOIN limit_use u ON u.endpoint = o.endpoint AND u.scope = o.owner
             WHERE o.account_id = ?1 ORDER BY u.bucket, u.scope",
        )?;
        let mut rows = statement.query([account.0])?;
        let mut limits = Vec::new();
        while let Some(row) = rows.next()? {
            let key = LimitKey {
                endpoint: row.get(0)?,
                scope: row.get(1)?,
                bucket: row.get(2)?,
            };
            let used = LimitUse {
                state: row.get(3)?,
                updated_at: to_instant(row.get(4)?)?,
            };
            limits.push((key, used));
        }
        Ok(limits)
    }

    /// Other accounts that use up the same limit.
    pub fn limit_shared_with(
        &self,
        account: AccountId,
        key: &LimitKey,
    ) -> Result<Vec<AccountId>, StoreError> {
        let mut statement = self.connection().prepare_cached(
            "SELECT account_id FROM limit_owners
             WHERE endpoint = ?1 AND owner = ?2 AND account_id <> ?3 ORDER BY account_id",
        )?;
        let rows = statement.query_map((&key.endpoint, &key.scope, account.0), |row| {
            row.get(0).map(AccountId)
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Whose limits an account's calls use up: endpoints and owners.
    pub fn limit_owners(&self, account: AccountId) -> Result<Vec<(String, String)>, StoreError> {
        let mut statement = self.connection().prepare_cached(
            "SELECT endpoint, owner FROM limit_owners WHERE account_id = ?1
             ORDER BY endpoint, owner",
        )?;
        let rows = statement.query_map([account.0], |row| Ok((row.get(0)?, row.get(1)?)))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

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
    /// Keeps whose limits an account's calls use up at an endpoint, in place of what was known.
    pub fn own_limits(
        &mut self,
        account: AccountId,
        endpoint: &str,
        owners: &[&str],
    ) -> Result<(), StoreError> {
        let mut wanted: Vec<(String, String)> = owners
            .iter()
            .map(|owner| (endpoint.to_owned(), (*owner).to_owned()))
            .collect();
        wanted.sort();
        wanted.dedup();
        if self.limit_owners(account)? == wanted {
            return Ok(());
        }
        let db = self.connection();
        db.execute(
            "DELETE FROM limit_owners WHERE account_id = ?1",
            [account.0],
        )?;
        for (endpoint, owner) in wanted {
            // An account that was removed meanwhile owns nothing.
            db.prepare_cached(
                "INSERT INTO limit_owners (account_id, endpoint, owner)
                 SELECT id, ?2, ?3 FROM accounts WHERE id = ?1",
            )?
            .execute((account.0, endpoint, owner))?;
        }
        Ok(())
    }

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
