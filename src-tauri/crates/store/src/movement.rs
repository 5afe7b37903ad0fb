//! The ledger: movements are only ever added, and stock is their sum.

use barrow_model::{
    AccountId, LocationId, Movement, MovementKey, MovementKind, Origin, SkuId, Stock,
};
use chrono::{DateTime, Utc};
use rusqlite::{OptionalExtension, Row, params};

use crate::error::StoreError;
use crate::sql;
use crate::store::{Reader, Writer};

/// Movements of one page at most.
const MOVEMENTS_MAX: usize = 1_000;

/// Faults that a check of the ledger names at most.
const FAULTS_MAX: i64 = 100;

/// Stock at one place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LocationStock {
    /// Where.
    pub location_id: LocationId,
    /// Units.
    pub on_hand: i64,
    /// When they were last counted there.
    pub counted_at: Option<DateTime<Utc>>,
}

/// A sum that is not the sum of its movements. There are none unless something other than this
/// crate wrote to the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LedgerFault {
    /// The variant.
    pub sku_id: SkuId,
    /// Where; none for the sum over all locations.
    pub location_id: Option<LocationId>,
    /// The sum of the ledger.
    pub ledger: i64,
    /// What is kept.
    pub kept: i64,
}

impl Reader<'_> {
    /// A variant's stock over all locations.
    pub fn stock(&self, id: SkuId) -> Result<Stock, StoreError> {
        self.connection()
            .prepare_cached(
                "SELECT s.on_hand, ifnull(r.reserved, 0)
                 FROM skus s LEFT JOIN stock_reserved r ON r.sku_id = s.id WHERE s.id = ?1",
            )?
            .query_row([id.0], |row| {
                Ok(Stock {
                    on_hand: row.get(0)?,
                    reserved: row.get(1)?,
                })
            })
            .optional()?
            .ok_or_else(|| StoreError::not_found("sku", id))
    }

    /// A variant's stock by location, for those where it has moved or was counted.
    pub fn stock_by_location(&self, id: SkuId) -> Result<Vec<LocationStock>, StoreError> {
        let mut query = self.connection().prepare_cached(
            "SELECT location_id, on_hand, counted_at FROM stock WHERE sku_id = ?1
             ORDER BY location_id",
        )?;
        let mut rows = query.query([id.0])?;
        let mut stock = Vec::new();
        while let Some(row) = rows.next()? {
            stock.push(LocationStock {
                location_id: LocationId(row.get(0)?),
                on_hand: row.get(1)?,
                counted_at: sql::to_instant_opt(row.get(2)?)?,
            });
        }
        Ok(stock)
    }

    /// When a variant was last counted anywhere. Units that were shipped before are in the count.
    pub fn last_counted(&self, id: SkuId) -> Result<Option<DateTime<Utc>>, StoreError> {
        let at = self
            .connection()
            .prepare_cached("SELECT max(counted_at) FROM stock WHERE sku_id = ?1")?
            .query_row([id.0], |row| row.get(0))?;
        sql::to_instant_opt(at)
    }

    /// A variant's movements, the last one first.
    pub fn movements(&self, id: SkuId, limit: usize) -> Result<Vec<Movement>, StoreError> {
        let mut query = self.connection().prepare_cached(
            "SELECT sku_id, location_id, delta, kind, origin, reason, at, account_id, order_id,
               line_id, cumulative
             FROM movements WHERE sku_id = ?1 ORDER BY id DESC LIMIT ?2",
        )?;
        let mut rows = query.query(params![id.0, limit.min(MOVEMENTS_MAX) as i64])?;
        let mut movements = Vec::new();
        while let Some(row) = rows.next()? {
            movements.push(movement(row)?);
        }
        Ok(movements)
    }

    /// A page of a variant's ledger, the last movement first, after one of the page before; with
    /// each its number. Beside it the units that were on hand after the first of the page.
    pub fn ledger_page(
        &self,
        id: SkuId,
        after: Option<i64>,
        limit: usize,
    ) -> Result<(Vec<(i64, Movement)>, i64), StoreError> {
        let before = after.unwrap_or(i64::MAX);
        let mut query = self.connection().prepare_cached(
            "SELECT sku_id, location_id, delta, kind, origin, reason, at, account_id, order_id,
               line_id, cumulative, id
             FROM movements WHERE sku_id = ?1 AND id < ?2 ORDER BY id DESC LIMIT ?3",
        )?;
        let mut rows = query.query(params![id.0, before, limit.min(MOVEMENTS_MAX) as i64])?;
        let mut movements = Vec::new();
        while let Some(row) = rows.next()? {
            movements.push((row.get(11)?, movement(row)?));
        }
        let on_hand = self
            .connection()
            .prepare_cached(
                "SELECT ifnull(sum(delta), 0) FROM movements WHERE sku_id = ?1 AND id < ?2",
            )?
            .query_row([id.0, before], |row| row.get(0))?;
        Ok((movements, on_hand))
    }

    /// Adds the whole ledger up and names the sums that differ: none, if the rule *ledger* holds.
    pub fn verify_ledger(&self) -> Result<Vec<LedgerFault>, StoreError> {
        let mut query = self.connection().prepare_cached(
            "WITH sums AS (
               SELECT m.sku_id, m.location_id, sum(m.delta) AS ledger
               FROM movements m JOIN skus s ON s.id = m.sku_id
               GROUP BY m.sku_id, m.location_id)
             SELECT sku_id, location_id, ledger, ifnull(on_hand, 0)
               FROM sums LEFT JOIN stock USING (sku_id, location_id)
               WHERE ledger <> ifnull(on_hand, 0)
             UNION ALL
             SELECT sku_id, location_id, 0, on_hand FROM stock
               WHERE on_hand <> 0 AND (sku_id, location_id) NOT IN (
                 SELECT sku_id, location_id FROM sums)
             UNION ALL
             SELECT id, NULL, ifnull(ledger, 0), on_hand FROM skus LEFT JOIN (
                 SELECT sku_id, sum(ledger) AS ledger FROM sums GROUP BY sku_id) ON sku_id = id
               WHERE on_hand <> ifnull(ledger, 0)
             LIMIT ?1",
        )?;
        let rows = query.query_map([FAULTS_MAX], |row| {
            Ok(LedgerFault {
                sku_id: SkuId(row.get(0)?),
                location_id: row.get::<_, Option<i64>>(1)?.map(LocationId),
                ledger: row.get(2)?,
                kept: row.get(3)?,
            })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }
}

impl Writer<'_> {
    /// Adds a movement to the ledger. Returns false, and adds nothing, if what its key names is
    /// booked already.
    pub fn add_movement(&mut self, movement: &Movement) -> Result<bool, StoreError> {
        self.must_have_stock(movement.sku_id)?;
        let key = movement.key.as_ref();
        if key.is_some_and(|key| key.part != movement.sku_id) {
            return Err(StoreError::invalid("part", "not the variant that moves"));
        }
        let added = self
            .connection()
            .prepare_cached(
                "INSERT INTO movements (sku_id, location_id, delta, kind, origin, reason, at,
                   account_id, order_id, line_id, cumulative)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)
                 ON CONFLICT (account_id, order_id, line_id, sku_id, location_id, kind, cumulative)
                   WHERE account_id IS NOT NULL DO NOTHING",
            )?
            .execute(params![
                movement.sku_id.0,
                movement.location_id.0,
                movement.delta,
                sql::code(&movement.kind)?,
                movement.origin.to_string(),
                movement.reason,
                sql::instant(movement.at),
                key.map(|key| key.account_id.0),
                key.map(|key| &key.order_id),
                key.map(|key| &key.line_id),
                key.map(|key| key.cumulative),
            ])?;
        Ok(added == 1)
    }

    /// Books a count: the ledger gets the difference to what it says, also where that is 0, so
    /// that the history tells that it was counted. Returns the difference.
    pub fn count_stock(
        &mut self,
        id: SkuId,
        location_id: LocationId,
        counted: i64,
        reason: Option<String>,
        origin: Origin,
    ) -> Result<i64, StoreError> {
        if counted < 0 {
            return Err(StoreError::invalid(
                "quantity",
                "a count cannot be negative",
            ));
        }
        self.must_have_stock(id)?;
        let at = self.now();
        let on_hand: i64 = self
            .connection()
            .prepare_cached("SELECT on_hand FROM stock WHERE sku_id = ?1 AND location_id = ?2")?
            .query_row([id.0, location_id.0], |row| row.get(0))
            .optional()?
            .unwrap_or(0);
        let delta = counted
            .checked_sub(on_hand)
            .ok_or_else(|| StoreError::invalid("quantity", "too large"))?;
        self.add_movement(&Movement {
            sku_id: id,
            location_id,
            delta,
            kind: MovementKind::Count,
            origin,
            reason,
            at,
            key: None,
        })?;
        Ok(delta)
    }

    /// Kits have no stock of their own.
    fn must_have_stock(&self, id: SkuId) -> Result<(), StoreError> {
        let kind: Option<String> = self
            .connection()
            .prepare_cached("SELECT kind FROM skus WHERE id = ?1")?
            .query_row([id.0], |row| row.get(0))
            .optional()?;
        match kind.as_deref() {
            Some("variant") => Ok(()),
            Some(_) => Err(StoreError::invalid(
                "sku",
                "a kit has no stock of its own; its parts have",
            )),
            None => Err(StoreError::not_found("sku", id)),
        }
    }
}

fn movement(row: &Row<'_>) -> Result<Movement, StoreError> {
    let sku_id = SkuId(row.get(0)?);
    let key = match row.get::<_, Option<i64>>(7)? {
        None => None,
        Some(account) => Some(MovementKey {
            account_id: AccountId(account),
            order_id: row.get(8)?,
            line_id: row.get(9)?,
            part: sku_id,
            cumulative: row.get(10)?,
        }),
    };
    Ok(Movement {
        sku_id,
        location_id: LocationId(row.get(1)?),
        delta: row.get(2)?,
        kind: sql::to_code(&row.get::<_, String>(3)?)?,
        origin: sql::to_origin(&row.get::<_, String>(4)?)?,
        reason: row.get(5)?,
        at: sql::to_instant(row.get(6)?)?,
        key,
    })
}

#[cfg(test)]
mod tests {
    use barrow_model::{AccountId, Movement, MovementKey, MovementKind, Origin};

    use crate::error::StoreError;
    use crate::import::tests::{apply, kit, on_hand, sku, titled};
    use crate::store::Store;
    use crate::store::tests::memory;

    fn catalogue() -> Store {
        let store = memory();
        apply(
            &store,
            "one",
            &[titled(2, "A", 1, 10), kit(3, "K", &[("A", 2)])],
        );
        store
    }

    #[test]
    fn once_the_same_shipment_is_booked_however_often_it_is_seen() {
        let store = catalogue();
        let ship = |cumulative: i64, delta: i64| {
            store
                .write(|tx| {
                    let id = tx.sku_id(&sku("A"))?;
                    let place = tx.default_location()?;
                    let at = tx.now();
                    tx.add_movement(&Movement {
                        sku_id: id,
                        location_id: place,
                        delta,
                        kind: MovementKind::Shipped,
                        origin: Origin::Account(AccountId(1)),
                        reason: None,
                        at,
                        key: Some(MovementKey {
                            account_id: AccountId(1),
                            order_id: "O-1".into(),
                            line_id: "1".into(),
                            part: id,
                            cumulative,
                        }),
                    })
                })
                .expect("books")
        };
        assert_eq!([ship(2, -2), ship(2, -2), ship(3, -1)], [true, false, true]);
        assert_eq!(on_hand(&store, "A"), 7);
    }

    #[test]
    fn ledger_movements_are_never_changed_or_removed() {
        let store = catalogue();
        for sql in ["UPDATE movements SET delta = 1", "DELETE FROM movements"] {
            let written = store.write(|tx| Ok(tx.connection().execute(sql, [])?));
            assert!(written.is_err(), "{sql}");
        }
        assert_eq!(on_hand(&store, "A"), 10);
    }

    #[test]
    fn a_kit_and_a_negative_count_are_refused() {
        let store = catalogue();
        let count = |name: &str, counted: i64| {
            store.write(|tx| {
                let (id, place) = (tx.sku_id(&sku(name))?, tx.default_location()?);
                tx.count_stock(id, place, counted, None, Origin::User)
            })
        };
        assert!(matches!(count("K", 1), Err(StoreError::Invalid { .. })));
        assert!(matches!(count("A", -1), Err(StoreError::Invalid { .. })));
        assert_eq!(count("A", 12).expect("counts"), 2);
    }

    #[test]
    fn what_changes_a_variant_or_a_part_of_a_kit_is_marked_for_the_plan() {
        let store = catalogue();
        let dirty = || {
            store
                .read(|db| {
                    let sql = "SELECT ifnull(group_concat(sku, ' '), '') FROM (
                                 SELECT s.sku FROM catalogue_dirty d
                                 JOIN skus s ON s.id = d.sku_id ORDER BY s.sku)";
                    let found: String = db.connection().query_row(sql, [], |row| row.get(0))?;
                    Ok(found)
                })
                .expect("reads")
        };
        let clear = || {
            let sql = "DELETE FROM catalogue_dirty";
            store
                .write(|tx| Ok(tx.connection().execute(sql, [])?))
                .expect("clears");
        };
        clear();
        apply(&store, "two", &[titled(2, "A", 1, 10)]);
        assert_eq!(dirty(), "");
        apply(&store, "three", &[titled(2, "A", 1, 9)]);
        assert_eq!(dirty(), "A K");
        clear();
        apply(&store, "four", &[titled(2, "A", 5, 9)]);
        assert_eq!(dirty(), "A");
    }
}
