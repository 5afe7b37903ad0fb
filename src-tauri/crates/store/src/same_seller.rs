//! Accounts of one seller. A marketplace may give a seller's orders to each of his accounts, as
//! eBay does with those of all sites (ebay.md §8.1): an order is stored and booked once, and its
//! lines are those of whichever account lists them on the site where they were bought.

use barrow_model::{AccountId, Order, Site, Sku};
use chrono::Duration;
use rusqlite::OptionalExtension;

use crate::error::StoreError;
use crate::sql::{instant, json};
use crate::store::{Reader, Writer};

/// The other accounts `o` at the place of account ?1, of those that are there; those that are known
/// to be another seller's left out.
const OTHERS: &str = "accounts own JOIN accounts o ON o.marketplace = own.marketplace
    AND o.endpoint = own.endpoint AND o.id <> own.id AND own.id = ?1
    AND ifnull(json_extract(o.settings, '$.consent_seller')
      = json_extract(own.settings, '$.consent_seller'), 1)";

/// Of [`OTHERS`] those that are known to be the same seller's.
const KNOWN: &str = "json_extract(o.settings, '$.consent_seller')
    = json_extract(own.settings, '$.consent_seller')";

/// For how long after a sale a buyer usually opens a case of it.
const CASES_COME: Duration = Duration::days(90);

impl Reader<'_> {
    /// What another account of the seller lists under a SKU on the site where it was bought; none
    /// where two mean different things by it. Where it is not `certain` that they are the same
    /// seller's, it is a guess for what nothing else tells.
    pub(crate) fn sku_at_others(
        &self,
        account_id: AccountId,
        (site, sku): (&str, &str),
        certain: bool,
    ) -> Result<Option<i64>, StoreError> {
        let known = if certain { KNOWN } else { "1" };
        let sql = format!(
            "SELECT iif(min(l.sku_id) = max(l.sku_id), min(l.sku_id), NULL)
             FROM {OTHERS} JOIN listings l ON l.account_id = o.id
             WHERE o.removed_at IS NULL AND l.channel_sku = ?2 AND l.site = ?3 AND {known}"
        );
        let mut statement = self.connection().prepare_cached(&sql)?;
        Ok(statement.query_row((account_id.0, sku, site), |row| row.get(0))?)
    }

    /// The account that gets the orders of one that is removed.
    fn heir(&self, from: AccountId) -> Result<Option<i64>, StoreError> {
        let sql = format!(
            "SELECT o.id FROM {OTHERS} WHERE o.removed_at IS NULL AND {KNOWN}
             ORDER BY o.id LIMIT 1"
        );
        let mut statement = self.connection().prepare_cached(&sql)?;
        Ok(statement.query_row([from.0], |row| row.get(0)).optional()?)
    }

    /// Refuses to let an account go while it is not known what became of something that was sent
    /// for an order which another account would go on with: there it could be done once more.
    pub fn check_removable(&self, id: AccountId) -> Result<(), StoreError> {
        if self.heir(id)?.is_none() {
            return Ok(());
        }
        let sql = "SELECT o.order_id FROM changes c JOIN orders o ON o.id = c.order_row_id
            WHERE c.account_id = ?1 AND c.state IN ('in_flight', 'accepted', 'unknown')
            ORDER BY c.id LIMIT 1";
        let mut statement = self.connection().prepare_cached(sql)?;
        let order: Option<String> = statement.query_row([id.0], |row| row.get(0)).optional()?;
        order.map_or(Ok(()), |order| Err(StoreError::OrderUnderWay { order }))
    }
}

impl Writer<'_> {
    /// The account that an order belongs to: the one that gave it first. Numbers of orders are the
    /// marketplace's own; that it is the same order is believed where it was placed at the same
    /// instant and has a line in common. One of an account that was removed becomes this one's.
    pub(crate) fn account_of_order(
        &mut self,
        account_id: AccountId,
        order: &Order,
    ) -> Result<AccountId, StoreError> {
        let lines: Vec<&str> = order
            .lines
            .iter()
            .map(|line| line.line_id.as_str())
            .collect();
        let sql = format!(
            "SELECT r.id, r.account_id, o.removed_at IS NOT NULL
             FROM orders r, {OTHERS}
             WHERE r.account_id = o.id AND r.order_id = ?2 AND r.placed_at = ?3
               AND EXISTS (SELECT 1 FROM order_lines l WHERE l.order_row_id = r.id
                 AND l.line_id IN (SELECT value FROM json_each(?4)))
               AND NOT EXISTS (SELECT 1 FROM orders WHERE account_id = ?1 AND order_id = ?2)
             ORDER BY o.removed_at IS NOT NULL, r.id LIMIT 1"
        );
        let mut statement = self.connection().prepare_cached(&sql)?;
        let known: Option<(i64, i64, bool)> = statement
            .query_row(
                (
                    account_id.0,
                    &order.order_id,
                    instant(order.placed_at),
                    json(&lines)?,
                ),
                |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)),
            )
            .optional()?;
        drop(statement);
        match known {
            None => Ok(account_id),
            Some((_, account, false)) => Ok(AccountId(account)),
            Some((row, _, true)) => {
                self.connection()
                    .prepare_cached("UPDATE orders SET account_id = ?2 WHERE id = ?1")?
                    .execute((row, account_id.0))?;
                Ok(account_id)
            }
        }
    }

    /// Gives the orders of an account that is about to be removed to another one of the same
    /// seller, which can still ship and cancel them and answer the cases of them: their marketplace
    /// tells them to it as well. What waits to be done to them goes with them. Those that are long
    /// over stay. It is done only where it is certain that it is the same seller.
    pub(crate) fn hand_over_orders(&mut self, from: AccountId) -> Result<(), StoreError> {
        let Some(heir) = self.heir(from)? else {
            return Ok(());
        };
        let db = self.connection();
        db.execute(
            "UPDATE orders SET account_id = ?2 WHERE account_id = ?1
               AND (state IN ('pending', 'to_ship', 'partly_shipped') OR placed_at >= ?3
                 OR EXISTS (SELECT 1 FROM changes c WHERE c.order_row_id = orders.id
                   AND c.state IN ('waiting', 'held'))
                 OR EXISTS (SELECT 1 FROM cases c WHERE c.account_id IN (?1, ?2)
                   AND c.order_id = orders.order_id AND c.state <> 'closed'))
               AND NOT EXISTS (SELECT 1 FROM orders h
                 WHERE h.account_id = ?2 AND h.order_id = orders.order_id)",
            (from.0, heir, instant(self.now() - CASES_COME)),
        )?;
        // What waits for these orders or needs somebody goes with them.
        db.execute(
            "UPDATE changes SET account_id = ?2 WHERE account_id = ?1
               AND state IN ('waiting', 'held')
               AND order_row_id IN (SELECT id FROM orders WHERE account_id = ?2)",
            (from.0, heir),
        )?;
        db.execute(
            "UPDATE problems SET account_id = ?2 WHERE account_id = ?1 AND order_row_id IN
               (SELECT id FROM orders WHERE account_id = ?2)",
            (from.0, heir),
        )?;
        Ok(())
    }

    /// A sale on a site that the order's own account does not list the SKU on: how much is left
    /// where another account lists it is not certain until it is set again.
    pub(crate) fn note_sale_at_others(
        &mut self,
        account_id: AccountId,
        (site, sku): (&Site, &Sku),
    ) -> Result<(), StoreError> {
        let listed = format!(
            "SELECT l.id FROM {OTHERS} JOIN listings l ON l.account_id = o.id
             WHERE o.removed_at IS NULL AND l.channel_sku = ?2 AND l.site = ?3
               AND NOT EXISTS (SELECT 1 FROM listings WHERE account_id = ?1 AND channel_sku = ?2
                 AND site = ?3)"
        );
        let values = (account_id.0, sku.as_str(), &site.0);
        let db = self.connection();
        db.prepare_cached(&format!(
            "UPDATE listings SET expected_quantity = NULL,
               sold_meanwhile = max(sold_meanwhile, EXISTS (SELECT 1 FROM changes c
                 INDEXED BY changes_busy WHERE c.account_id = listings.account_id
                   AND c.channel_sku = listings.channel_sku
                   AND c.kind IN ('set_quantity', 'publish')
                   AND c.state IN ('in_flight', 'accepted', 'unknown')))
             WHERE acknowledged_content IS NOT NULL AND id IN ({listed})"
        ))?
        .execute(values)?;
        db.prepare_cached(&format!(
            "INSERT INTO listing_dirty {listed} ON CONFLICT DO NOTHING"
        ))?
        .execute(values)?;
        Ok(())
    }
}
