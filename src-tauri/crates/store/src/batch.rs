//! What the seller did in one go, and taking it back.
//!
//! A batch is a range of the history and of the ledger, as an import is, and the overrides of
//! listings. The last one is taken back first; what was taken back can be done again until
//! something else is done.

use barrow_model::{ListingId, Overrides, Revision, Sku};
use chrono::{DateTime, Utc};
use rusqlite::{OptionalExtension, Row, params};
use serde::{Deserialize, Serialize};

use crate::error::StoreError;
use crate::import::{Range, Skipped, Undone, last_id};
use crate::sql::{code, json, to_code, to_instant, to_json};
use crate::store::{Reader, Writer};

/// Batches that are kept to be taken back.
const BATCHES_MAX: i64 = 1_000;

/// The number of a batch.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(transparent)]
pub struct BatchId(pub i64);

/// What was done in one go.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum BatchKind {
    /// Fields of one SKU.
    Set,
    /// Fields of many SKUs.
    SetMany,
    /// Stock.
    Stock,
    /// What is special about listings.
    ListingSet,
    /// Products that were made.
    Make,
    /// Products that were removed.
    Remove,
}

/// Something that was done in one go.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Batch {
    /// Its number.
    pub id: BatchId,
    /// When.
    pub at: DateTime<Utc>,
    /// What.
    pub kind: BatchKind,
    /// Which fields.
    pub fields: Vec<String>,
    /// One of the SKUs.
    pub sku: Option<String>,
    /// How many SKUs or listings.
    pub count: u64,
}

/// What taking back or doing again did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BatchOutcome {
    /// What was taken back or done again.
    pub batch: Batch,
    /// Values restored, and what stays because it was changed since.
    pub undone: Undone,
}

const COLUMNS: &str = "id, at, kind, fields, sku, count";

/// The last one that stands.
const LAST: &str = "undone_at IS NULL ORDER BY id DESC LIMIT 1";

/// The first one that can be done again.
const AGAIN: &str = "undone_at IS NOT NULL AND left_behind = 0 ORDER BY id LIMIT 1";

fn batch(row: &Row<'_>) -> Result<Batch, StoreError> {
    Ok(Batch {
        id: BatchId(row.get(0)?),
        at: to_instant(row.get(1)?)?,
        kind: to_code(&row.get::<_, String>(2)?)?,
        fields: to_json(&row.get::<_, String>(3)?)?,
        sku: row.get(4)?,
        count: row.get::<_, i64>(5)?.unsigned_abs(),
    })
}

impl Reader<'_> {
    /// What would be taken back next, and what would be done again.
    pub fn next_batches(&self) -> Result<(Option<Batch>, Option<Batch>), StoreError> {
        Ok((self.batch_where(LAST)?, self.batch_where(AGAIN)?))
    }

    fn batch_where(&self, which: &str) -> Result<Option<Batch>, StoreError> {
        let sql = format!("SELECT {COLUMNS} FROM edit_batches WHERE {which}");
        let mut query = self.connection().prepare_cached(&sql)?;
        let mut rows = query.query([])?;
        rows.next()?.map(batch).transpose()
    }
}

impl Writer<'_> {
    /// Begins to gather what is written from here on, to be taken back in one go. It ends with
    /// [`Writer::end_batch`] in the same transaction.
    pub fn begin_batch(&mut self, kind: BatchKind) -> Result<BatchId, StoreError> {
        let db = self.connection();
        let (edits, movements) = (last_id(db, "edits")?, last_id(db, "movements")?);
        db.prepare_cached(
            "INSERT INTO edit_batches (at, kind, fields, count, edits_from, edits_to,
               movements_from, movements_to) VALUES (?1, ?2, '[]', 0, ?3, ?3, ?4, ?4)",
        )?
        .execute(params![
            crate::sql::instant(self.now()),
            code(&kind)?,
            edits,
            movements
        ])?;
        Ok(BatchId(db.last_insert_rowid()))
    }

    /// Ends a batch. One in which nothing was written is none. Returns whether it is kept.
    pub fn end_batch(
        &mut self,
        id: BatchId,
        fields: &[String],
        sku: Option<&Sku>,
        count: u64,
    ) -> Result<bool, StoreError> {
        let db = self.connection();
        let (edits, movements) = (last_id(db, "edits")?, last_id(db, "movements")?);
        let empty = db
            .prepare_cached(
                "DELETE FROM edit_batches WHERE id = ?1 AND edits_from = ?2 AND movements_from = ?3
                   AND NOT EXISTS (SELECT 1 FROM override_edits WHERE batch_id = ?1)
                   AND NOT EXISTS (SELECT 1 FROM whole_edits WHERE batch_id = ?1)",
            )?
            .execute([id.0, edits, movements])?;
        if empty == 1 {
            return Ok(false);
        }
        db.prepare_cached(
            "UPDATE edit_batches SET edits_to = ?2, movements_to = ?3, fields = ?4, sku = ?5,
               count = ?6 WHERE id = ?1",
        )?
        .execute(params![
            id.0,
            edits,
            movements,
            json(&fields)?,
            sku.map(Sku::as_str),
            i64::try_from(count).unwrap_or(i64::MAX)
        ])?;
        db.prepare_cached(
            "UPDATE edit_batches SET left_behind = 1 WHERE undone_at IS NOT NULL
               AND left_behind = 0",
        )?
        .execute([])?;
        db.prepare_cached("DELETE FROM edit_batches WHERE id <= ?1")?
            .execute([id.0 - BATCHES_MAX])?;
        Ok(true)
    }

    /// Replaces what the seller has set for a listing, as part of a batch.
    pub fn set_overrides_in(
        &mut self,
        batch: BatchId,
        id: ListingId,
        overrides: &Overrides,
        expected: Option<Revision>,
    ) -> Result<Revision, StoreError> {
        let found = self.listing(id)?.listing;
        let revision = self.set_overrides(id, overrides, expected)?;
        if found.overrides != *overrides {
            self.connection()
                .prepare_cached(
                    "INSERT INTO override_edits (batch_id, listing_id, before, after)
                     VALUES (?1, ?2, ?3, ?4)
                     ON CONFLICT DO UPDATE SET after = excluded.after",
                )?
                .execute(params![
                    batch.0,
                    id.0,
                    json(&found.overrides)?,
                    json(overrides)?
                ])?;
        }
        Ok(revision)
    }

    /// Takes the last batch back. None where there is none.
    pub fn undo_batch(&mut self) -> Result<Option<BatchOutcome>, StoreError> {
        self.restore_where(LAST, false)
    }

    /// Does the batch again that was taken back last. None where there is none.
    pub fn redo_batch(&mut self) -> Result<Option<BatchOutcome>, StoreError> {
        self.restore_where(AGAIN, true)
    }

    fn restore_where(
        &mut self,
        which: &str,
        again: bool,
    ) -> Result<Option<BatchOutcome>, StoreError> {
        let Some(found) = self.batch_where(which)? else {
            return Ok(None);
        };
        let (at, edits, movements) = self
            .connection()
            .prepare_cached(
                "SELECT at, edits_from, edits_to, movements_from, movements_to
                 FROM edit_batches WHERE id = ?1",
            )?
            .query_row([found.id.0], |row| {
                let range = |at: usize| {
                    Ok::<_, rusqlite::Error>(Range {
                        from: row.get(at)?,
                        to: row.get(at + 1)?,
                    })
                };
                Ok((row.get(0)?, range(1)?, range(3)?))
            })?;
        let undone = match found.kind {
            BatchKind::Make | BatchKind::Remove => self.restore_whole(found.id, again)?,
            _ => {
                let mut undone = self.restore_batch(at, (edits, movements), again)?;
                self.restore_overrides(found.id, again, &mut undone)?;
                undone
            }
        };
        let undone_at = (!again).then(|| crate::sql::instant(self.now()));
        self.connection()
            .prepare_cached("UPDATE edit_batches SET undone_at = ?2 WHERE id = ?1")?
            .execute(params![found.id.0, undone_at])?;
        Ok(Some(BatchOutcome {
            batch: found,
            undone,
        }))
    }

    fn restore_overrides(
        &mut self,
        id: BatchId,
        again: bool,
        undone: &mut Undone,
    ) -> Result<(), StoreError> {
        let kept: Vec<(i64, String, String)> = self
            .connection()
            .prepare_cached(
                "SELECT listing_id, before, after FROM override_edits WHERE batch_id = ?1",
            )?
            .query_map([id.0], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?
            .collect::<Result<_, _>>()?;
        for (listing, before, after) in kept {
            let (from, to) = if again {
                (before, after)
            } else {
                (after, before)
            };
            let found = self
                .connection()
                .prepare_cached("SELECT overrides, channel_sku FROM listings WHERE id = ?1")?
                .query_row([listing], |row| {
                    Ok((row.get::<_, String>(0)?, row.get::<_, String>(1)?))
                })
                .optional()?;
            match found {
                Some((now, _)) if now == from => {
                    self.set_overrides(ListingId(listing), &to_json(&to)?, None)?;
                    undone.restored += 1;
                }
                Some((_, sku)) => undone.skipped.push(Skipped {
                    sku: Some(crate::sql::to_sku(sku)?),
                    field: "overrides".to_owned(),
                }),
                None => {}
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use barrow_model::{Currency, Money, Origin};

    use super::BatchKind;
    use crate::edit::Value;
    use crate::import::tests::{apply, ledger_holds, on_hand, sku, titled};
    use crate::store::Store;
    use crate::store::tests::memory;

    fn catalogue() -> Store {
        let store = memory();
        apply(
            &store,
            "one",
            &[titled(2, "A", 100, 1), titled(3, "B", 200, 4)],
        );
        store
    }

    fn price_of(store: &Store, text: &str) -> i64 {
        let row = store.read(|db| db.catalogue_row(db.sku_id(&sku(text))?));
        row.expect("reads").price.expect("a price").minor
    }

    fn set(store: &Store, of: &[&str], minor: i64, counted: i64) -> bool {
        store
            .write(|tx| {
                let batch = tx.begin_batch(BatchKind::SetMany)?;
                let place = tx.default_location()?;
                for text in of {
                    let price = Value::Amount(Money::new(minor, Currency::USD));
                    tx.set_fields(&sku(text), &[("price", price)], None, Origin::User)?;
                    let id = tx.sku_id(&sku(text))?;
                    tx.count_stock(id, place, counted, None, Origin::User)?;
                }
                let fields = ["price".to_owned(), "quantity".to_owned()];
                tx.end_batch(batch, &fields, Some(&sku("A")), of.len() as u64)
            })
            .expect("writes")
    }

    fn state(store: &Store) -> [i64; 4] {
        ledger_holds(store);
        [
            price_of(store, "A"),
            on_hand(store, "A"),
            price_of(store, "B"),
            on_hand(store, "B"),
        ]
    }

    #[test]
    fn batches_are_taken_back_and_done_again_in_order() {
        let store = catalogue();
        assert!(set(&store, &["A", "B"], 500, 9));
        assert!(set(&store, &["A"], 700, 2));
        let undo = || store.write(|tx| tx.undo_batch()).expect("undoes");
        let redo = || store.write(|tx| tx.redo_batch()).expect("redoes");
        assert_eq!(state(&store), [700, 2, 500, 9]);
        let first = undo().expect("a batch");
        assert_eq!((first.batch.count, first.undone.restored), (1, 2));
        assert_eq!(state(&store), [500, 9, 500, 9]);
        let second = undo().expect("a batch");
        assert_eq!(
            (second.undone.restored, second.undone.skipped.len()),
            (4, 0)
        );
        assert_eq!(state(&store), [100, 1, 200, 4]);
        assert_eq!(undo(), None);
        assert_eq!(redo().expect("a batch").batch.count, 2);
        assert_eq!(state(&store), [500, 9, 500, 9]);
        assert_eq!(redo().expect("a batch").batch.count, 1);
        assert_eq!(state(&store), [700, 2, 500, 9]);
        assert_eq!(redo(), None);
    }

    #[test]
    fn what_was_taken_back_is_left_behind_by_the_next_edit() {
        let store = catalogue();
        set(&store, &["A"], 500, 9);
        store.write(|tx| tx.undo_batch()).expect("undoes");
        set(&store, &["B"], 300, 3);
        assert_eq!(store.write(|tx| tx.redo_batch()).expect("redoes"), None);
        assert_eq!(state(&store), [100, 1, 300, 3]);
    }

    #[test]
    fn what_was_changed_since_stays_and_is_named() {
        let store = catalogue();
        set(&store, &["A", "B"], 500, 9);
        store
            .write(|tx| {
                let price = Value::Amount(Money::new(900, Currency::USD));
                tx.set_fields(&sku("A"), &[("price", price)], None, Origin::System)
            })
            .expect("edits");
        let outcome = store.write(|tx| tx.undo_batch()).expect("undoes");
        let skipped = outcome.expect("a batch").undone.skipped;
        let named: Vec<_> = skipped.iter().map(|kept| kept.field.as_str()).collect();
        assert_eq!(named, ["price"]);
        assert_eq!(state(&store), [900, 1, 200, 4]);
    }

    #[test]
    fn a_batch_that_writes_nothing_is_none_and_names_come_back() {
        let store = catalogue();
        let kept = store
            .write(|tx| {
                let batch = tx.begin_batch(BatchKind::Set)?;
                tx.end_batch(batch, &[], None, 0)
            })
            .expect("writes");
        assert!(!kept);
        assert_eq!(
            store.read(|db| db.next_batches()).expect("reads"),
            (None, None)
        );
        store
            .write(|tx| {
                let batch = tx.begin_batch(BatchKind::Set)?;
                tx.rename_sku(&sku("A"), &sku("Z"), None, Origin::User)?;
                tx.end_batch(batch, &["sku".to_owned()], Some(&sku("Z")), 1)
            })
            .expect("renames");
        store.write(|tx| tx.undo_batch()).expect("undoes");
        assert_eq!(price_of(&store, "A"), 100);
    }
}
