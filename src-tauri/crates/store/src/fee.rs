//! What marketplaces took of orders.

use barrow_model::{AccountId, Fee, FeeEntry, OrderRowId};
use chrono::{DateTime, Utc};
use rusqlite::params;

use crate::error::StoreError;
use crate::sql::{instant, money, to_instant_opt, to_money};
use crate::store::{Reader, Writer};

/// Fees of an order that are told at most.
const FEES_MAX: i64 = 1_000;

/// A fee of an order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredFee {
    /// What was taken.
    pub fee: Fee,
    /// When it was booked.
    pub at: Option<DateTime<Utc>>,
}

impl Reader<'_> {
    /// What was taken of an order and given back, in the order in which it was booked.
    pub fn order_fees(&self, id: OrderRowId) -> Result<Vec<StoredFee>, StoreError> {
        // Of a booking that several accounts of the seller give, the first account's counts.
        let sql = "SELECT f.line_id, f.kind, f.amount_minor, f.amount_currency, f.at
            FROM orders o JOIN accounts own ON own.id = o.account_id
            JOIN accounts t ON t.marketplace = own.marketplace AND t.endpoint = own.endpoint
            JOIN fees f INDEXED BY fees_order
              ON f.account_id = t.id AND f.order_id = o.order_id
            WHERE o.id = ?1
              AND NOT EXISTS (SELECT 1 FROM fees g JOIN accounts s ON s.id = g.account_id
                WHERE g.account_id < f.account_id AND g.order_id = f.order_id
                  AND g.entry = f.entry AND s.marketplace = own.marketplace
                  AND s.endpoint = own.endpoint)
            ORDER BY f.at, f.entry, f.position LIMIT ?2";
        let mut statement = self.connection().prepare_cached(sql)?;
        let mut rows = statement.query((id.0, FEES_MAX))?;
        let mut fees = Vec::new();
        while let Some(row) = rows.next()? {
            let amount = to_money(row.get(2)?, row.get(3)?)?;
            fees.push(StoredFee {
                fee: Fee {
                    line_id: row.get(0)?,
                    kind: row.get(1)?,
                    amount: amount.ok_or_else(|| StoreError::corrupt("a fee without an amount"))?,
                },
                at: to_instant_opt(row.get(4)?)?,
            });
        }
        Ok(fees)
    }
}

impl Writer<'_> {
    /// Keeps a booking, in place of what was told of it before.
    pub fn put_fees(&mut self, account_id: AccountId, entry: &FeeEntry) -> Result<(), StoreError> {
        let db = self.connection();
        db.prepare_cached("DELETE FROM fees WHERE account_id = ?1 AND entry = ?2")?
            .execute((account_id.0, &entry.entry))?;
        let mut statement = db.prepare_cached(
            "INSERT INTO fees (account_id, entry, position, order_id, line_id, kind, amount_minor,
               amount_currency, at)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
        )?;
        for (position, fee) in entry.fees.iter().enumerate() {
            let (minor, currency) = money(Some(fee.amount));
            statement.execute(params![
                account_id.0,
                entry.entry,
                i64::try_from(position).unwrap_or(i64::MAX),
                entry.order_id,
                fee.line_id,
                fee.kind,
                minor,
                currency,
                entry.at.map(instant),
            ])?;
        }
        Ok(())
    }
}
