//! What the seller is told first. Every figure is read from an index made for it, so that it costs
//! the same with a hundred thousand orders as with ten.

use barrow_model::{AccountId, Currency, OrderRowId, Problem};
use chrono::{DateTime, Utc};
use rusqlite::Row;

use crate::error::StoreError;
use crate::sql::{instant, to_currency, to_instant, to_instant_opt, to_json};
use crate::store::Reader;

/// Milliseconds of a day.
const DAY_MS: i64 = 86_400_000;

/// Entries of a list at most; the counts go on.
const ENTRIES_MAX: i64 = 200;

/// The index is named: to the planner one state looks as rare as another.
const TO_SHIP: &str = "FROM orders INDEXED BY orders_to_ship
    WHERE state IN ('to_ship', 'partly_shipped') AND fulfilled_by = 'seller' AND on_hold = 0";

const TO_CANCEL: &str = "FROM orders INDEXED BY orders_cancel
    WHERE cancel_requested = 1 AND state IN ('pending', 'to_ship', 'partly_shipped')";

/// Orders that the seller has to ship.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ToShip {
    /// How many.
    pub count: u64,
    /// How many of them are late.
    pub overdue: u64,
    /// How many have no deadline.
    pub without_deadline: u64,
    /// When the next one that is not late must leave.
    pub next: Option<DateTime<Utc>>,
    /// By deadline and account, the first to leave first.
    pub deadlines: Vec<Deadline>,
}

/// Orders of an account with the same deadline.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Deadline {
    /// When they must leave.
    pub ship_by: DateTime<Utc>,
    /// Whose.
    pub account_id: AccountId,
    /// How many.
    pub count: u64,
}

/// What an account sold on a day in one currency.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sold {
    /// The day, counted from 1970 in the seller's time.
    pub day: i64,
    /// Where.
    pub account_id: AccountId,
    /// The currency of the amount; none for orders whose total is not told.
    pub currency: Option<Currency>,
    /// How many orders.
    pub orders: u64,
    /// Their totals, in minor units.
    pub minor: i64,
}

/// Problems of an account that have the same cause.
#[derive(Clone, Debug, PartialEq)]
pub struct CauseCount {
    /// The cause.
    pub cause: String,
    /// Whose.
    pub account_id: AccountId,
    /// How many.
    pub count: u64,
    /// One of them.
    pub example: Problem,
    /// Its SKU at the marketplace, where it is a listing's.
    pub channel_sku: Option<String>,
    /// Its order, where it is one's.
    pub order_row_id: Option<OrderRowId>,
    /// Since when that one stands.
    pub since: DateTime<Utc>,
}

/// Orders of an account whose buyers ask to cancel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CancelAsked {
    /// Whose.
    pub account_id: AccountId,
    /// How many.
    pub count: u64,
    /// The oldest of them.
    pub example: OrderRowId,
}

impl Reader<'_> {
    /// Orders to ship, as they stand at an instant.
    pub fn to_ship(&self, now: DateTime<Utc>) -> Result<ToShip, StoreError> {
        let counts = format!(
            "SELECT count(*), ifnull(sum(ship_by < ?1), 0), ifnull(sum(ship_by IS NULL), 0),
               min(iif(ship_by >= ?1, ship_by, NULL)) {TO_SHIP}"
        );
        let mut statement = self.connection().prepare_cached(&counts)?;
        let (all, overdue, without_deadline, next) = statement
            .query_row([instant(now)], |row| {
                Ok((count(row, 0)?, count(row, 1)?, count(row, 2)?, row.get(3)?))
            })?;
        let deadlines = format!(
            "SELECT ship_by, account_id, count(*) {TO_SHIP} AND ship_by IS NOT NULL
             GROUP BY ship_by, account_id ORDER BY ship_by, account_id LIMIT {ENTRIES_MAX}"
        );
        let mut statement = self.connection().prepare_cached(&deadlines)?;
        let mut rows = statement.query([])?;
        let mut deadlines = Vec::new();
        while let Some(row) = rows.next()? {
            deadlines.push(Deadline {
                ship_by: to_instant(row.get(0)?)?,
                account_id: AccountId(row.get(1)?),
                count: count(row, 2)?,
            });
        }
        Ok(ToShip {
            count: all,
            overdue,
            without_deadline,
            next: to_instant_opt(next)?,
            deadlines,
        })
    }

    /// How many orders have had a parcel leave since then.
    pub fn shipped_since(&self, since: DateTime<Utc>) -> Result<u64, StoreError> {
        let sql = "SELECT count(DISTINCT order_row_id)
            FROM shipments INDEXED BY shipments_shipped WHERE shipped_at >= ?1";
        let mut statement = self.connection().prepare_cached(sql)?;
        Ok(statement.query_row([instant(since)], |row| count(row, 0))?)
    }

    /// What was sold from one instant to another, by account, currency and day; cancelled orders
    /// are left out. A day begins `offset_minutes` before UTC's.
    pub fn sold(
        &self,
        (from, to): (DateTime<Utc>, DateTime<Utc>),
        offset_minutes: i32,
    ) -> Result<Vec<Sold>, StoreError> {
        let sql = format!(
            "SELECT (placed_at + ?3) / {DAY_MS} AS day, account_id, total_currency, count(*),
               ifnull(sum(total_minor), 0)
             FROM orders INDEXED BY orders_sales
             WHERE placed_at >= ?1 AND placed_at < ?2 AND state <> 'cancelled'
             GROUP BY day, account_id, total_currency ORDER BY day, account_id, total_currency"
        );
        let mut statement = self.connection().prepare_cached(&sql)?;
        let offset = i64::from(offset_minutes) * 60_000;
        let mut rows = statement.query([instant(from), instant(to), offset])?;
        let mut sold = Vec::new();
        while let Some(row) = rows.next()? {
            let currency: Option<String> = row.get(2)?;
            sold.push(Sold {
                day: row.get(0)?,
                account_id: AccountId(row.get(1)?),
                currency: currency.as_deref().map(to_currency).transpose()?,
                orders: count(row, 3)?,
                minor: row.get(4)?,
            });
        }
        Ok(sold)
    }

    /// Open problems by cause and account, most first.
    pub fn causes(&self) -> Result<Vec<CauseCount>, StoreError> {
        let sql = format!(
            "SELECT g.cause, g.account_id, g.count, p.problem, l.channel_sku, p.order_row_id,
               p.since
             FROM (SELECT cause, account_id, count(*) AS count, min(id) AS id FROM problems
               GROUP BY cause, account_id ORDER BY count(*) DESC, cause LIMIT {ENTRIES_MAX}) g
             JOIN problems p ON p.id = g.id LEFT JOIN listings l ON l.id = p.listing_id
             ORDER BY g.count DESC, g.cause, g.account_id"
        );
        let mut statement = self.connection().prepare_cached(&sql)?;
        let mut rows = statement.query([])?;
        let mut causes = Vec::new();
        while let Some(row) = rows.next()? {
            let order: i64 = row.get(5)?;
            causes.push(CauseCount {
                cause: row.get(0)?,
                account_id: AccountId(row.get(1)?),
                count: count(row, 2)?,
                example: to_json(&row.get::<_, String>(3)?)?,
                channel_sku: row.get(4)?,
                order_row_id: (order != 0).then_some(OrderRowId(order)),
                since: to_instant(row.get(6)?)?,
            });
        }
        Ok(causes)
    }

    /// What stands in an account's way as a whole: its connection, its pulls.
    pub fn account_problem(&self, id: AccountId) -> Result<Option<Problem>, StoreError> {
        let sql = "SELECT problem FROM problems
            WHERE account_id = ?1 AND listing_id = 0 AND order_row_id = 0 ORDER BY id DESC LIMIT 1";
        let mut statement = self.connection().prepare_cached(sql)?;
        let mut rows = statement.query([id.0])?;
        let found = rows
            .next()?
            .map(|row| row.get::<_, String>(0))
            .transpose()?;
        found.map(|text| to_json(&text)).transpose()
    }

    /// When the account last answered what was sent to it.
    pub fn pushed_at(&self, id: AccountId) -> Result<Option<DateTime<Utc>>, StoreError> {
        let sql = "SELECT max(answered_at) FROM attempts
            WHERE account_id = ?1 AND answered_at IS NOT NULL";
        let mut statement = self.connection().prepare_cached(sql)?;
        to_instant_opt(statement.query_row([id.0], |row| row.get(0))?)
    }

    /// How many changes wait for a yes at an account, and why the first of them does.
    pub fn held_first(&self, id: AccountId) -> Result<Option<(u64, Problem)>, StoreError> {
        let mut counted = self.connection().prepare_cached(
            "SELECT count(*) FROM changes WHERE account_id = ?1 AND state = 'held'",
        )?;
        let held = counted.query_row([id.0], |row| count(row, 0))?;
        let mut first = self.connection().prepare_cached(
            "SELECT problem FROM changes WHERE account_id = ?1 AND state = 'held'
               AND problem IS NOT NULL LIMIT 1",
        )?;
        let mut rows = first.query([id.0])?;
        let Some(row) = rows.next()? else {
            return Ok(None);
        };
        Ok(Some((held, to_json(&row.get::<_, String>(0)?)?)))
    }

    /// Buyers who ask to cancel what is not shipped, by account.
    pub fn cancel_asked(&self) -> Result<Vec<CancelAsked>, StoreError> {
        let sql = format!(
            "SELECT account_id, count(*), min(id) {TO_CANCEL}
             GROUP BY account_id ORDER BY account_id"
        );
        let mut statement = self.connection().prepare_cached(&sql)?;
        let mut rows = statement.query([])?;
        let mut asked = Vec::new();
        while let Some(row) = rows.next()? {
            asked.push(CancelAsked {
                account_id: AccountId(row.get(0)?),
                count: count(row, 1)?,
                example: OrderRowId(row.get(2)?),
            });
        }
        Ok(asked)
    }

    /// How many order lines have a SKU that no product has.
    pub fn unmatched_count(&self) -> Result<u64, StoreError> {
        let sql = "SELECT count(*) FROM order_lines WHERE sku_id IS NULL";
        let mut statement = self.connection().prepare_cached(sql)?;
        Ok(statement.query_row([], |row| count(row, 0))?)
    }
}

fn count(row: &Row<'_>, column: usize) -> rusqlite::Result<u64> {
    Ok(row.get::<_, i64>(column)?.unsigned_abs())
}

#[cfg(test)]
mod tests {
    use super::{TO_CANCEL, TO_SHIP};
    use crate::migrate;

    #[derive(Debug)]
    struct Dice;

    impl barrow_model::Random for Dice {
        fn next_u64(&self) -> u64 {
            4
        }
    }

    /// Each figure is read from an index that holds all of it, however many orders there are.
    #[test]
    fn home_is_read_from_indexes_alone() {
        let mut connection = rusqlite::Connection::open_in_memory().expect("a database");
        migrate::migrate(&mut connection, &Dice).expect("the schema");
        let plan = |sql: &str| -> String {
            let mut statement = connection
                .prepare(&format!("EXPLAIN QUERY PLAN {sql}"))
                .expect("a statement");
            let steps = statement.query_map([], |row| row.get::<_, String>(3));
            let steps: Vec<String> = steps
                .expect("steps")
                .map(|step| step.expect("text"))
                .collect();
            steps.join("\n")
        };
        let check = |sql: &str, index: &str| {
            let steps = plan(sql);
            assert!(
                steps.contains(&format!("COVERING INDEX {index}")),
                "{sql}\n{steps}"
            );
        };
        check(
            &format!("SELECT count(*), sum(ship_by < 5) {TO_SHIP}"),
            "orders_to_ship",
        );
        check(
            &format!(
                "SELECT ship_by, account_id, count(*) {TO_SHIP} AND ship_by IS NOT NULL
                GROUP BY ship_by, account_id ORDER BY ship_by, account_id"
            ),
            "orders_to_ship",
        );
        check(
            &format!("SELECT account_id, count(*), min(id) {TO_CANCEL} GROUP BY account_id"),
            "orders_cancel",
        );
        check(
            "SELECT (placed_at + 5) / 86400000 AS day, account_id, total_currency, count(*),
               sum(total_minor) FROM orders INDEXED BY orders_sales
             WHERE placed_at >= 1 AND placed_at < 9 AND state <> 'cancelled'
             GROUP BY day, account_id, total_currency",
            "orders_sales",
        );
        check(
            "SELECT cause, account_id, count(*), min(id) FROM problems GROUP BY cause, account_id",
            "problems_cause",
        );
        check(
            "SELECT count(DISTINCT order_row_id) FROM shipments INDEXED BY shipments_shipped
             WHERE shipped_at >= 5",
            "shipments_shipped",
        );
        check(
            "SELECT max(answered_at) FROM attempts
             WHERE account_id = 1 AND answered_at IS NOT NULL",
            "attempts_answered",
        );
        let steps = plan("SELECT count(*) FROM order_lines WHERE sku_id IS NULL");
        assert!(steps.contains("INDEX order_lines_unmatched"), "{steps}");
    }
}
