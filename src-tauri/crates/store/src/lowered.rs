//! Listings of which fewer units were there than was thought: what was sold is not known yet.

use barrow_model::{AccountId, ListingId};
use chrono::{DateTime, Utc};

use crate::error::StoreError;
use crate::sql::to_instant_opt;
use crate::store::Reader;

impl Reader<'_> {
    /// When a revision last found fewer units of a listing, or of one that shares its number, than
    /// were thought. Only a pull that covers a later instant knows what was sold.
    pub fn lowered_at(&self, id: ListingId) -> Result<Option<DateTime<Utc>>, StoreError> {
        let mut statement = self.connection().prepare_cached(
            "SELECT max(o.lowered_at) FROM listings l JOIN listings o
               ON o.account_id = l.account_id AND o.channel_sku = l.channel_sku
               AND (o.id = l.id OR l.pool <> '' AND o.pool = l.pool) WHERE l.id = ?1",
        )?;
        to_instant_opt(statement.query_row([id.0], |row| row.get(0))?)
    }

    /// Whether a listing of an account had fewer units there than were thought, and no pull has
    /// covered that instant yet.
    pub fn is_pull_awaited(&self, id: AccountId) -> Result<bool, StoreError> {
        let mut statement = self.connection().prepare_cached(
            "SELECT EXISTS (SELECT 1 FROM listings WHERE account_id = ?1 AND lowered_at >=
               ifnull((SELECT completed_at FROM pulls WHERE account_id = ?1), 0))",
        )?;
        Ok(statement.query_row([id.0], |row| row.get(0))?)
    }
}
