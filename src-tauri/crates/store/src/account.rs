//! Accounts, their rules, and when each was last pulled to its end.

use barrow_model::{Account, AccountId, AccountState, Marketplace, Revision, Settings};
use chrono::{DateTime, Utc};
use rusqlite::{OptionalExtension, Row};

use crate::error::StoreError;
use crate::sql::{code, instant, json, to_code, to_instant_opt, to_json};
use crate::store::{Reader, Writer};

/// Accounts that a catalogue may have; more is a mistake of a script.
pub const ACCOUNTS_MAX: i64 = 1_000;

/// An account to be made.
#[derive(Clone, Debug, PartialEq)]
pub struct NewAccount {
    /// The seller's name for it, unique, not empty.
    pub name: String,
    /// Where it is.
    pub marketplace: Marketplace,
    /// Which of its worlds.
    pub endpoint: barrow_model::Endpoint,
    /// Settings without secrets.
    pub settings: Settings,
}

const COLUMNS: &str = "id, name, marketplace, endpoint, settings, state, revision";

fn read_account(row: &Row<'_>) -> rusqlite::Result<[String; 5]> {
    Ok([
        row.get(1)?,
        row.get(2)?,
        row.get(3)?,
        row.get(4)?,
        row.get(5)?,
    ])
}

fn account(row: &Row<'_>) -> Result<Account, StoreError> {
    let [name, marketplace, endpoint, settings, state] = read_account(row)?;
    Ok(Account {
        id: AccountId(row.get(0)?),
        name,
        marketplace: Marketplace(marketplace),
        endpoint: endpoint
            .parse()
            .map_err(|_| StoreError::corrupt(format!("{endpoint:?} is no endpoint")))?,
        settings: to_json(&settings)?,
        state: to_code(&state)?,
        revision: Revision(row.get(6)?),
    })
}

impl Reader<'_> {
    /// All accounts, also those that were removed: their orders stay.
    pub fn every_account(&self) -> Result<Vec<Account>, StoreError> {
        let sql = format!("SELECT {COLUMNS} FROM accounts ORDER BY name");
        let mut statement = self.connection().prepare_cached(&sql)?;
        let mut rows = statement.query([])?;
        let mut accounts = Vec::new();
        while let Some(row) = rows.next()? {
            accounts.push(account(row)?);
        }
        Ok(accounts)
    }

    /// All accounts, by name.
    pub fn accounts(&self) -> Result<Vec<Account>, StoreError> {
        let sql = format!("SELECT {COLUMNS} FROM accounts WHERE removed_at IS NULL ORDER BY name");
        let mut statement = self.connection().prepare_cached(&sql)?;
        let mut rows = statement.query([])?;
        let mut accounts = Vec::new();
        while let Some(row) = rows.next()? {
            accounts.push(account(row)?);
        }
        Ok(accounts)
    }

    /// The account of an id.
    pub fn account(&self, id: AccountId) -> Result<Account, StoreError> {
        let sql = format!("SELECT {COLUMNS} FROM accounts WHERE id = ?1 AND removed_at IS NULL");
        let mut statement = self.connection().prepare_cached(&sql)?;
        let mut rows = statement.query([id.0])?;
        match rows.next()? {
            Some(row) => account(row),
            None => Err(StoreError::not_found("account", id)),
        }
    }

    /// The account of a name, in either case.
    pub fn account_named(&self, name: &str) -> Result<Account, StoreError> {
        let sql = format!("SELECT {COLUMNS} FROM accounts WHERE name = ?1 AND removed_at IS NULL");
        let mut statement = self.connection().prepare_cached(&sql)?;
        let mut rows = statement.query([name])?;
        match rows.next()? {
            Some(row) => account(row),
            None => Err(StoreError::not_found("account", name)),
        }
    }

    /// The rules of an account as JSON; `{}` where the seller has set none.
    pub fn account_rules(&self, id: AccountId) -> Result<String, StoreError> {
        let mut statement = self
            .connection()
            .prepare_cached("SELECT rules FROM accounts WHERE id = ?1")?;
        statement
            .query_row([id.0], |row| row.get(0))
            .optional()?
            .ok_or_else(|| StoreError::not_found("account", id))
    }

    /// The instant that an account's orders are completely read up to; none before the first pull.
    pub fn pulled_at(&self, id: AccountId) -> Result<Option<DateTime<Utc>>, StoreError> {
        let mut statement = self
            .connection()
            .prepare_cached("SELECT completed_at FROM pulls WHERE account_id = ?1")?;
        to_instant_opt(statement.query_row([id.0], |row| row.get(0)).optional()?)
    }
}

impl Writer<'_> {
    /// Adds an account. One that was removed and had the same name at the same place comes back:
    /// its orders are its own again, and are not booked a second time when they are downloaded.
    pub fn add_account(&mut self, new: &NewAccount) -> Result<AccountId, StoreError> {
        if new.name.trim().is_empty() || new.name.contains('/') {
            return Err(StoreError::invalid("name", "a name without / is needed"));
        }
        let db = self.connection();
        let count: i64 = db.query_row("SELECT count(*) FROM accounts", [], |row| row.get(0))?;
        if count >= ACCOUNTS_MAX {
            return Err(StoreError::invalid(
                "account",
                "there are too many accounts",
            ));
        }
        let taken: bool = db.query_row(
            "SELECT EXISTS (SELECT 1 FROM accounts WHERE name = ?1 AND removed_at IS NULL)",
            [new.name.trim()],
            |row| row.get(0),
        )?;
        if taken {
            return Err(StoreError::Duplicate {
                field: "name".to_owned(),
                value: new.name.trim().to_owned(),
            });
        }
        let values = (
            new.name.trim(),
            &new.marketplace.0,
            new.endpoint.to_string(),
            json(&new.settings)?,
        );
        let sql = "UPDATE accounts SET name = ?1, settings = ?4, revision = revision + 1,
              removed_at = NULL
            WHERE name = ?1 AND marketplace = ?2 AND endpoint = ?3 RETURNING id";
        let back: Option<i64> = db
            .query_row(sql, values.clone(), |row| row.get(0))
            .optional()?;
        if let Some(id) = back {
            return Ok(AccountId(id));
        }
        // Another one took the name and is gone: its orders keep it, with a number.
        db.execute(
            "UPDATE accounts SET name = name || ' #' || id WHERE name = ?1",
            [new.name.trim()],
        )?;
        let sql =
            "INSERT INTO accounts (name, marketplace, endpoint, settings) VALUES (?1, ?2, ?3, ?4)";
        db.execute(sql, values)?;
        Ok(AccountId(db.last_insert_rowid()))
    }

    /// Replaces an account's settings. Its listings are planned again.
    pub fn set_account_settings(
        &mut self,
        id: AccountId,
        settings: &Settings,
        expected: Option<Revision>,
    ) -> Result<Revision, StoreError> {
        self.edit_account(id, "settings", &json(settings)?, expected)
    }

    /// Replaces an account's rules, which the caller has checked. Its listings are planned again.
    pub fn set_account_rules(
        &mut self,
        id: AccountId,
        rules: &str,
        expected: Option<Revision>,
    ) -> Result<Revision, StoreError> {
        self.edit_account(id, "rules", rules, expected)
    }

    /// Lets an account take part, or not.
    pub fn set_account_state(
        &mut self,
        id: AccountId,
        state: AccountState,
        expected: Option<Revision>,
    ) -> Result<Revision, StoreError> {
        self.edit_account(id, "state", &code(&state)?, expected)
    }

    fn edit_account(
        &mut self,
        id: AccountId,
        column: &'static str,
        value: &str,
        expected: Option<Revision>,
    ) -> Result<Revision, StoreError> {
        let found = self.account(id)?.revision;
        if let Some(expected) = expected
            && expected != found
        {
            return Err(StoreError::Conflict { expected, found });
        }
        let sql =
            format!("UPDATE accounts SET {column} = ?2, revision = revision + 1 WHERE id = ?1");
        self.connection()
            .prepare_cached(&sql)?
            .execute((id.0, value))?;
        Ok(Revision(found.0 + 1))
    }

    /// Removes an account with its listings and what waits for it. What is listed there stays
    /// listed; orders, and receipts of what was done, stay here. Another account of the seller goes
    /// on with the orders and what waits for them; see [`Reader::check_removable`].
    pub fn remove_account(&mut self, id: AccountId) -> Result<(), StoreError> {
        let account = self.account(id)?;
        self.check_removable(id)?;
        self.hand_over_orders(id)?;
        let db = self.connection();
        // A shipment that nobody will be told of is none; one that was told comes with the orders
        // if the account comes back.
        db.execute(
            "DELETE FROM shipments WHERE confirmation <> 'confirmed' AND change_id IN
               (SELECT id FROM changes WHERE account_id = ?1
                  AND state IN ('waiting', 'held', 'in_flight', 'accepted', 'unknown'))",
            [id.0],
        )?;
        db.execute(
            "DELETE FROM changes WHERE account_id = ?1
               AND state IN ('waiting', 'held', 'in_flight', 'accepted', 'unknown')",
            [id.0],
        )?;
        db.execute("DELETE FROM attempts WHERE account_id = ?1", [id.0])?;
        let sql = "SELECT EXISTS (SELECT 1 FROM orders WHERE account_id = ?1)";
        let has_orders: bool = db.query_row(sql, [id.0], |row| row.get(0))?;
        // All that belongs to the account goes with its row; a bare row for the orders takes its
        // place before the transaction ends, and until then they may point nowhere.
        db.pragma_update(None, "defer_foreign_keys", true)?;
        db.execute("DELETE FROM accounts WHERE id = ?1", [id.0])?;
        if has_orders {
            let sql = "INSERT INTO accounts (id, name, marketplace, endpoint, revision, removed_at)
                VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
            db.execute(
                sql,
                (
                    id.0,
                    account.name,
                    account.marketplace.0,
                    account.endpoint.to_string(),
                    account.revision.0 + 1,
                    instant(self.now()),
                ),
            )?;
        }
        Ok(())
    }

    /// Notes that every stream of an account was read to its end and covers what happened before
    /// an instant. An earlier instant than the one that is known changes nothing.
    pub fn note_pull(&mut self, id: AccountId, covered: DateTime<Utc>) -> Result<(), StoreError> {
        self.connection()
            .prepare_cached(
                "INSERT INTO pulls (account_id, completed_at) VALUES (?1, ?2)
                 ON CONFLICT DO UPDATE
                   SET completed_at = max(completed_at, excluded.completed_at)",
            )?
            .execute((id.0, instant(covered)))?;
        Ok(())
    }
}
