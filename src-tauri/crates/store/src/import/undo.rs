//! Takes an import back: values are restored from the history, what it made is removed, counts
//! are reversed on the ledger. What someone changed later stays, and is named.

use barrow_model::{ImportId, Origin, Sku};
use rusqlite::{Connection, OptionalExtension, params};

use super::log::{Range, Written};
use crate::error::StoreError;
use crate::field::{Entity, NAME, PARTS, QUANTITY, current, find};
use crate::sql;
use crate::store::Writer;

/// Ends a condition on what was written later: not by an import that has been undone itself.
const IN_FORCE: &str =
    "origin NOT IN (SELECT 'import:' || id FROM imports WHERE undone_at IS NOT NULL)";

/// Ends a condition on a later movement `l`: not of what the seller has taken back himself.
const NOT_TAKEN_BACK: &str = "NOT EXISTS (SELECT 1 FROM edit_batches b
    WHERE b.undone_at IS NOT NULL AND b.movements_to >= l.id AND b.movements_from < l.id)";

/// What undoing did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Undone {
    /// Values restored, and SKUs removed.
    pub restored: u64,
    /// What stays because it was changed or used later.
    pub skipped: Vec<Skipped>,
}

/// Something that an undo leaves as it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Skipped {
    /// The SKU; of a product, one of its SKUs, or none where it has none.
    pub sku: Option<Sku>,
    /// The field that was changed later; `sku` where the SKU itself stays.
    pub field: String,
}

struct Edit {
    entity: Entity,
    entity_id: i64,
    field: String,
    before: Option<String>,
    after: Option<String>,
}

impl Writer<'_> {
    /// Undoes an import. Restores the values from before it, except where a later change has
    /// replaced them; removes the SKUs that it made, unless they were edited, moved, listed or
    /// ordered since; both are named. What it writes has the import as its origin.
    pub fn undo_import(&mut self, id: ImportId) -> Result<Undone, StoreError> {
        if self.import(id)?.undone_at.is_some() {
            return Err(StoreError::invalid("import", "it has been undone already"));
        }
        let written = self.written_by(id)?;
        let at: i64 =
            self.connection()
                .query_row("SELECT at FROM imports WHERE id = ?1", [id.0], |row| {
                    row.get(0)
                })?;
        let mut undo = Undo {
            db: self.connection(),
            now: sql::instant(self.now()),
            at,
            origin: Origin::Import(id).to_string(),
            written,
            again: false,
            done: Undone::default(),
        };
        undo.restore_values()?;
        undo.restore_counts()?;
        undo.remove_skus()?;
        undo.remove_products()?;
        let done = undo.done;
        self.connection().execute(
            "UPDATE imports SET undone_at = ?2 WHERE id = ?1",
            params![id.0, sql::instant(self.now())],
        )?;
        Ok(done)
    }
}

impl Writer<'_> {
    /// Takes back what the seller wrote in one go, or does it again. A value that was changed
    /// since stays, and is named.
    pub(crate) fn restore_batch(
        &mut self,
        at: i64,
        (edits, movements): (Range, Range),
        again: bool,
    ) -> Result<Undone, StoreError> {
        let none = Range { from: 0, to: 0 };
        let mut undo = Undo {
            db: self.connection(),
            now: sql::instant(self.now()),
            at,
            origin: Origin::User.to_string(),
            written: Written {
                products: none,
                skus: none,
                edits,
                movements,
            },
            again,
            done: Undone::default(),
        };
        undo.restore_values()?;
        undo.restore_counts()?;
        Ok(undo.done)
    }
}

struct Undo<'c> {
    db: &'c Connection,
    now: i64,
    /// When that was written which is taken back.
    at: i64,
    origin: String,
    written: Written,
    /// Whether what was taken back is done again.
    again: bool,
    done: Undone,
}

impl Undo<'_> {
    fn restore_values(&mut self) -> Result<(), StoreError> {
        let Range { from, to } = self.written.edits;
        let last = to - from;
        for step in 0..last {
            let id = if self.again {
                from + 1 + step
            } else {
                to - step
            };
            let Some(edit) = self.edit(id)? else { continue };
            let restored = match edit.field.as_str() {
                PARTS => self.restore_parts(&edit)?,
                NAME => self.restore_name(&edit)?,
                _ => self.restore_field(&edit)?,
            };
            if restored {
                self.done.restored += 1;
            } else {
                let sku = self.name(edit.entity, edit.entity_id)?;
                self.skip(sku, &edit.field);
            }
        }
        Ok(())
    }

    fn edit(&self, id: i64) -> Result<Option<Edit>, StoreError> {
        let found = self
            .db
            .prepare_cached(
                "SELECT entity, entity_id, field, before, after FROM edits WHERE id = ?1",
            )?
            .query_row([id], |row| {
                Ok((
                    row.get::<_, String>(0)?,
                    row.get(1)?,
                    row.get(2)?,
                    row.get(3)?,
                    row.get(4)?,
                ))
            })
            .optional()?;
        let Some((entity, entity_id, field, before, after)) = found else {
            return Ok(None);
        };
        let (before, after) = match self.again {
            true => (after, before),
            false => (before, after),
        };
        Ok(Some(Edit {
            entity: Entity::from_code(&entity)?,
            entity_id,
            field,
            before,
            after,
        }))
    }

    fn restore_name(&self, edit: &Edit) -> Result<bool, StoreError> {
        let renamed = self
            .db
            .prepare_cached(
                "UPDATE skus SET sku = ?1, revision = revision + 1, updated_at = ?2
             WHERE id = ?3 AND sku = ?4
               AND NOT EXISTS (SELECT 1 FROM skus WHERE sku = ?1)",
            )?
            .execute(params![edit.before, self.now, edit.entity_id, edit.after])?;
        if renamed == 0 {
            return Ok(false);
        }
        self.record(edit)?;
        Ok(true)
    }

    fn restore_field(&self, edit: &Edit) -> Result<bool, StoreError> {
        let Some((entity, field)) = find(&edit.field) else {
            return Err(StoreError::corrupt(format!("{:?} is no field", edit.field)));
        };
        let now = current(self.db, entity, edit.entity_id, field)?;
        if now.as_ref() != Some(&edit.after) {
            return Ok(false);
        }
        let (table, assign) = (entity.table(), field.assign_text());
        let touch = match entity {
            Entity::Sku => ", updated_at = ?3",
            Entity::Product => "",
        };
        let sql =
            format!("UPDATE {table} SET {assign}, revision = revision + 1{touch} WHERE id = ?2");
        let mut update = self.db.prepare_cached(&sql)?;
        match entity {
            Entity::Sku => update.execute(params![edit.before, edit.entity_id, self.now])?,
            Entity::Product => update.execute(params![edit.before, edit.entity_id])?,
        };
        self.record(edit)?;
        Ok(true)
    }

    fn restore_parts(&self, edit: &Edit) -> Result<bool, StoreError> {
        let kept = super::apply::kept_parts("?1");
        let now: Option<String> =
            self.db
                .query_row(&format!("SELECT {kept}"), [edit.entity_id], |row| {
                    row.get(0)
                })?;
        if now != edit.after {
            return Ok(false);
        }
        self.db
            .execute("DELETE FROM kit_parts WHERE kit_id = ?1", [edit.entity_id])?;
        self.db.execute(
            "INSERT INTO kit_parts (kit_id, variant_id, quantity)
             SELECT ?1, v.id, part.value ->> 1
             FROM json_each(?2) part JOIN skus v ON v.sku = part.value ->> 0",
            params![edit.entity_id, edit.before],
        )?;
        self.db.execute(
            "UPDATE skus SET revision = revision + 1, updated_at = ?2 WHERE id = ?1",
            [edit.entity_id, self.now],
        )?;
        self.record(edit)?;
        Ok(true)
    }

    fn record(&self, edit: &Edit) -> Result<(), StoreError> {
        let table = edit.entity.table();
        self.db
            .prepare_cached(&format!(
                "INSERT INTO edits (at, origin, entity, entity_id, field, before, after, revision)
                 SELECT ?1, ?2, ?3, id, ?5, ?6, ?7, revision FROM {table} WHERE id = ?4"
            ))?
            .execute(params![
                self.now,
                self.origin,
                edit.entity.code(),
                edit.entity_id,
                edit.field,
                edit.after,
                edit.before,
            ])?;
        Ok(())
    }

    /// Reverses the counts of SKUs that stay. A later count knows better.
    fn restore_counts(&mut self) -> Result<(), StoreError> {
        let Range { from, to } = self.written.movements;
        for movement in from + 1..=to {
            let found: Option<(i64, i64, bool)> = self
                .db
                .prepare_cached(&format!(
                    "SELECT m.sku_id, m.id, EXISTS (
                             SELECT 1 FROM movements l WHERE l.sku_id = m.sku_id AND l.id > ?3
                               AND l.location_id = m.location_id AND l.kind = 'count'
                               AND l.{IN_FORCE} AND {NOT_TAKEN_BACK})
                           OR (s.counted_at > ?2 AND NOT EXISTS (
                             SELECT 1 FROM imports i
                             WHERE i.undone_at IS NOT NULL AND i.at = s.counted_at)
                           AND NOT EXISTS (
                             SELECT 1 FROM edit_batches b
                             WHERE b.undone_at IS NOT NULL AND b.at = s.counted_at))
                         FROM movements m
                         JOIN stock s ON s.sku_id = m.sku_id AND s.location_id = m.location_id
                         WHERE m.id = ?1 AND NOT (m.sku_id > ?4 AND m.sku_id <= ?5)"
                ))?
                .query_row(
                    params![
                        movement,
                        self.at,
                        to,
                        self.written.skus.from,
                        self.written.skus.to
                    ],
                    |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)),
                )
                .optional()?;
            match found {
                None => {}
                Some((sku_id, _, true)) => {
                    let sku = self.name(Entity::Sku, sku_id)?;
                    self.skip(sku, QUANTITY);
                }
                Some((_, movement, false)) => {
                    self.reverse(movement)?;
                    self.done.restored += 1;
                }
            }
        }
        Ok(())
    }

    fn reverse(&self, movement: i64) -> Result<(), StoreError> {
        self.db
            .prepare_cached(
                "INSERT INTO movements (sku_id, location_id, delta, kind, origin, at)
                 SELECT sku_id, location_id, delta * ?4, 'correction', ?2, ?3
                 FROM movements WHERE id = ?1",
            )?
            .execute(params![
                movement,
                self.origin,
                self.now,
                if self.again { 1 } else { -1 }
            ])?;
        Ok(())
    }

    /// Kits go first, because they hold on to their parts.
    fn remove_skus(&mut self) -> Result<(), StoreError> {
        for kind in ["kit", "variant"] {
            let mut after = self.written.skus.from;
            while let Some((id, sku)) = self.next_sku(kind, after)? {
                if self.remove_sku(id)? {
                    self.done.restored += 1;
                } else {
                    self.skip(Some(sql::to_sku(sku)?), "sku");
                }
                after = id;
            }
        }
        Ok(())
    }

    fn next_sku(&self, kind: &str, after: i64) -> Result<Option<(i64, String)>, StoreError> {
        Ok(self
            .db
            .prepare_cached(
                "SELECT id, sku FROM skus WHERE id > ?1 AND id <= ?2 AND kind = ?3
                 ORDER BY id LIMIT 1",
            )?
            .query_row(params![after, self.written.skus.to, kind], |row| {
                Ok((row.get(0)?, row.get(1)?))
            })
            .optional()?)
    }

    fn remove_sku(&self, id: i64) -> Result<bool, StoreError> {
        let touched: bool = self
            .db
            .prepare_cached(&format!(
                "SELECT EXISTS (SELECT 1 FROM edits l
                     WHERE l.entity = 'sku' AND l.entity_id = ?1
                       AND l.origin <> ?2 AND l.{IN_FORCE})
                   OR EXISTS (SELECT 1 FROM movements l
                     WHERE l.sku_id = ?1 AND l.origin <> ?2 AND l.{IN_FORCE})
                   OR EXISTS (SELECT 1 FROM stock_reserved WHERE sku_id = ?1 AND reserved <> 0)"
            ))?
            .query_row(params![id, self.origin], |row| row.get(0))?;
        if touched {
            return Ok(false);
        }
        let Range { from, to } = self.written.movements;
        // Whatever else refers to it, such as a listing or an order, refuses the removal.
        self.db.execute_batch("SAVEPOINT remove_sku")?;
        let own: Vec<i64> = self
            .db
            .prepare_cached("SELECT id FROM movements WHERE sku_id = ?1 AND id > ?2 AND id <= ?3")?
            .query_map([id, from, to], |row| row.get(0))?
            .collect::<Result<_, _>>()?;
        for movement in own {
            self.reverse(movement)?;
        }
        let removed = self
            .db
            .prepare_cached("DELETE FROM skus WHERE id = ?1")?
            .execute([id]);
        let end = if removed.is_ok() {
            "RELEASE remove_sku"
        } else {
            "ROLLBACK TO remove_sku; RELEASE remove_sku"
        };
        self.db.execute_batch(end)?;
        match removed {
            Ok(_) => Ok(true),
            Err(error) if is_still_used(&error) => Ok(false),
            Err(error) => Err(error.into()),
        }
    }

    fn remove_products(&mut self) -> Result<(), StoreError> {
        self.db.execute(
            &format!(
                "DELETE FROM products WHERE id > ?1 AND id <= ?2
                   AND NOT EXISTS (SELECT 1 FROM skus WHERE product_id = products.id)
                   AND NOT EXISTS (SELECT 1 FROM edits l
                     WHERE l.entity = 'product' AND l.entity_id = products.id
                       AND l.origin <> ?3 AND l.{IN_FORCE})"
            ),
            params![
                self.written.products.from,
                self.written.products.to,
                self.origin
            ],
        )?;
        Ok(())
    }

    fn name(&self, entity: Entity, id: i64) -> Result<Option<Sku>, StoreError> {
        let column = match entity {
            Entity::Product => "product_id",
            Entity::Sku => "id",
        };
        let sql = format!("SELECT sku FROM skus WHERE {column} = ?1 ORDER BY id LIMIT 1");
        self.db
            .prepare_cached(&sql)?
            .query_row([id], |row| row.get::<_, String>(0))
            .optional()?
            .map(sql::to_sku)
            .transpose()
    }

    fn skip(&mut self, sku: Option<Sku>, field: &str) {
        self.done.skipped.push(Skipped {
            sku,
            field: field.to_owned(),
        });
    }
}

fn is_still_used(error: &rusqlite::Error) -> bool {
    error.sqlite_error().is_some_and(|failure| {
        failure.extended_code == rusqlite::ffi::SQLITE_CONSTRAINT_FOREIGNKEY
            || failure.extended_code == rusqlite::ffi::SQLITE_CONSTRAINT_TRIGGER
    })
}
