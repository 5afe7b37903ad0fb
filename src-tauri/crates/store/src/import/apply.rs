//! Applies a staged import: one transaction, set by set, whole or not at all.

use barrow_model::{ImportId, Origin};
use rusqlite::config::DbConfig;
use rusqlite::{Connection, params};

use super::compare::{
    CHANGED, KIT, NEW, PARTS_BIT, QUANTITY_BIT, REFUSED, VARIANT, compare, find_places,
};
use super::preview::counts;
use super::staging::Staging;
use crate::error::StoreError;
use crate::field::{Entity, FieldColumn, PARTS, PRODUCT_FIELDS, SKU_FIELDS};
use crate::sql;
use crate::store::{WRITER_CACHE_KIB, Writer};

/// Page cache while an import is applied, in KiB: what the indexes grow in stays in memory.
const APPLY_CACHE_KIB: i64 = 64 * 1024;

/// New rows from which on it pays to build the indexes anew from sorted rows.
const REBUILD_ROWS_MIN: i64 = 50_000;

/// Text that the search index gathers in memory before it writes, in bytes; few large pieces
/// need less merging than many small ones.
const SEARCH_GATHER_BYTES: i64 = 24 * 1024 * 1024;
const SEARCH_GATHER_BYTES_USUAL: i64 = 1024 * 1024;

impl Staging {
    /// Applies the import in one transaction. Nothing is changed if it fails. A row with a
    /// refusing issue is left out.
    pub fn apply(&mut self) -> Result<ImportId, StoreError> {
        self.apply_watched(|_, _| true)
    }

    /// Applies the import and tells how far it is: rows written, of how many. The first are told
    /// before anything is written, all of them when everything is and nothing is committed yet.
    /// Where `go_on` says no, nothing is changed and the answer is [`StoreError::Stopped`].
    pub fn apply_watched(
        &mut self,
        mut go_on: impl FnMut(u64, u64) -> bool,
    ) -> Result<ImportId, StoreError> {
        self.compare()?;
        let compared = self.compared;
        let layout = self.meta.layout;
        let result = self.on_writer(|connection| {
            connection.pragma_update(None, "cache_size", -APPLY_CACHE_KIB)?;
            let result = self.store.write_on(connection, |tx| {
                if compared.is_none() || self.catalogue_version()? != compared {
                    compare(tx.connection(), layout)?;
                }
                self.apply_in(tx, &mut go_on)
            });
            connection.pragma_update(None, "cache_size", -WRITER_CACHE_KIB)?;
            result
        });
        self.compared = None;
        result
    }

    fn apply_in(
        &self,
        tx: &Writer<'_>,
        go_on: &mut dyn FnMut(u64, u64) -> bool,
    ) -> Result<ImportId, StoreError> {
        let db = tx.connection();
        let now = sql::instant(tx.now());
        let counts = counts(db)?;
        db.execute(
            "INSERT INTO main.imports (at, file_name, layout, content_hash, created, changed,
               unchanged, refused, products_from, products_to, skus_from, skus_to, edits_from,
               edits_to, movements_from, movements_to)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, 0, 0, 0, 0, 0, 0, 0, 0)",
            params![
                now,
                self.meta.file_name,
                sql::code(&self.meta.layout)?,
                self.meta.content_hash,
                counts.new as i64,
                counts.changed as i64,
                counts.unchanged as i64,
                counts.refused as i64,
            ],
        )?;
        let id = ImportId(db.last_insert_rowid());
        let mut steps = Steps {
            rows: counts.new + counts.changed,
            done: 0,
            go_on,
        };
        let run = Run {
            db,
            now,
            origin: Origin::Import(id).to_string(),
            products: last_id(db, "products")?,
            skus: last_id(db, "skus")?,
        };
        let (edits, movements) = (last_id(db, "edits")?, last_id(db, "movements")?);
        steps.next()?;
        run.add_locations()?;
        run.change_products()?;
        steps.next()?;
        run.change_skus()?;
        steps.next()?;
        run.count_stock()?;
        run.add_new(counts.new, &mut steps)?;
        steps.next()?;
        run.change_parts()?;
        db.execute(
            "UPDATE main.imports SET
               products_from = ?2, products_to = ?3, skus_from = ?4, skus_to = ?5,
               edits_from = ?6, edits_to = ?7, movements_from = ?8, movements_to = ?9
             WHERE id = ?1",
            params![
                id.0,
                run.products,
                last_id(db, "products")?,
                run.skus,
                last_id(db, "skus")?,
                edits,
                last_id(db, "edits")?,
                movements,
                last_id(db, "movements")?,
            ],
        )?;
        steps.next()?;
        Ok(id)
    }
}

/// How far an import is: each step is a few statements over all of its rows, none of which can be
/// told from within.
struct Steps<'a> {
    rows: u64,
    done: u64,
    go_on: &'a mut dyn FnMut(u64, u64) -> bool,
}

impl Steps<'_> {
    /// How often [`Steps::next`] is called after its first time.
    const ALL: u64 = 8;

    /// Tells that a step is over. An error where it was asked to stop.
    fn next(&mut self) -> Result<(), StoreError> {
        let written = self.rows * self.done.min(Self::ALL) / Self::ALL;
        self.done += 1;
        match (self.go_on)(written, self.rows) {
            true => Ok(()),
            false => Err(StoreError::Stopped),
        }
    }
}

/// The last id that a table has given out; ids are never given twice.
pub(crate) fn last_id(db: &Connection, table: &str) -> Result<i64, StoreError> {
    let sql = "SELECT ifnull(max(seq), 0) FROM main.sqlite_sequence WHERE name = ?1";
    Ok(db
        .prepare_cached(sql)?
        .query_row([table], |row| row.get(0))?)
}

struct Run<'c> {
    db: &'c Connection,
    now: i64,
    origin: String,
    /// A new product's id is this and its number in the staging file.
    products: i64,
    /// A new SKU's id is this and its row's number in the staging file.
    skus: i64,
}

impl Run<'_> {
    fn add_locations(&self) -> Result<(), StoreError> {
        let added = self.db.execute(
            &format!(
                "INSERT INTO main.locations (name, is_default)
                 SELECT name, 0 FROM staging.places
                 WHERE location_id IS NULL AND id IN (
                   SELECT r.place FROM staging.rows r JOIN staging.outcome o ON o.row_id = r.id
                   WHERE o.state <> {REFUSED} AND r.quantity IS NOT NULL)"
            ),
            [],
        )?;
        if added > 0 {
            find_places(self.db)?;
        }
        Ok(())
    }

    fn change_products(&self) -> Result<(), StoreError> {
        let from = "staging.known k JOIN staging.products n ON n.id = k.staged
                    JOIN main.products t ON t.id = k.product_id";
        self.record(Entity::Product, from, "k.mask")?;
        let assign = assignments(PRODUCT_FIELDS, "n", "products");
        let changed = self.db.execute(
            &format!(
                "UPDATE main.products SET {assign}, revision = revision + 1
                 FROM staging.known k JOIN staging.products n ON n.id = k.staged
                 WHERE products.id = k.product_id AND k.mask <> 0"
            ),
            [],
        )?;
        if changed > 0 {
            self.db.execute(
                "UPDATE main.skus SET updated_at = ?1 WHERE product_id IN (
                   SELECT product_id FROM staging.known WHERE mask <> 0)",
                [self.now],
            )?;
        }
        Ok(())
    }

    fn change_skus(&self) -> Result<(), StoreError> {
        let from = "staging.outcome k JOIN staging.rows n ON n.id = k.row_id
                    JOIN main.skus t ON t.id = k.sku_id AND k.state = 1";
        self.record(Entity::Sku, from, "k.mask")?;
        let assign = assignments(SKU_FIELDS, "n", "skus");
        let fields = (1_i64 << SKU_FIELDS.len()) - 1;
        self.db.execute(
            &format!(
                "UPDATE main.skus SET {assign}, revision = revision + 1, updated_at = ?1
                 FROM staging.outcome k JOIN staging.rows n ON n.id = k.row_id
                 WHERE skus.id = k.sku_id AND k.state = {CHANGED} AND k.mask & {fields} <> 0"
            ),
            [self.now],
        )?;
        Ok(())
    }

    /// Writes the history of every field that differs, before it is changed.
    fn record(&self, entity: Entity, from: &str, mask: &str) -> Result<(), StoreError> {
        for (bit, field) in entity.columns().iter().enumerate() {
            let (before, after) = (field.text("t"), field.text_after("n", "t"));
            self.db.execute(
                &format!(
                    "INSERT INTO main.edits
                       (at, origin, entity, entity_id, field, before, after, revision)
                     SELECT ?1, ?2, ?3, t.id, ?4, {before}, {after}, t.revision + 1
                     FROM {from} WHERE {mask} & {}",
                    1_i64 << bit
                ),
                params![self.now, self.origin, entity.code(), field.code],
            )?;
        }
        Ok(())
    }

    /// Counts of SKUs that are there: the ledger gets the difference, and where there is none the
    /// SKU was counted all the same.
    fn count_stock(&self) -> Result<(), StoreError> {
        self.db.execute(
            &format!(
                "INSERT INTO main.movements (sku_id, location_id, delta, kind, origin, at)
                 SELECT o.sku_id, l.location_id, r.quantity - ifnull(
                     (SELECT on_hand FROM main.stock s
                      WHERE s.sku_id = o.sku_id AND s.location_id = l.location_id), 0),
                   'count', ?1, ?2
                 FROM staging.outcome o JOIN staging.rows r ON r.id = o.row_id
                 JOIN staging.places l ON l.id = r.place
                 WHERE o.state = {CHANGED} AND o.mask & {QUANTITY_BIT}"
            ),
            params![self.origin, self.now],
        )?;
        self.db.execute(
            &format!(
                "INSERT INTO main.stock (sku_id, location_id, on_hand, counted_at)
                 SELECT o.sku_id, l.location_id, 0, ?1
                 FROM staging.outcome o JOIN staging.rows r ON r.id = o.row_id
                 JOIN staging.places l ON l.id = r.place
                 WHERE o.sku_id IS NOT NULL AND o.state <> {REFUSED}
                   AND r.kind = {VARIANT} AND r.quantity IS NOT NULL
                   AND NOT o.mask & {QUANTITY_BIT}
                 ON CONFLICT DO UPDATE SET counted_at = excluded.counted_at"
            ),
            [self.now],
        )?;
        Ok(())
    }

    fn add_new(&self, new: u64, steps: &mut Steps<'_>) -> Result<(), StoreError> {
        let kept: i64 = self
            .db
            .query_row("SELECT skus FROM main.totals", [], |row| row.get(0))?;
        let new = i64::try_from(new).unwrap_or(i64::MAX);
        let rebuild = new >= REBUILD_ROWS_MIN && new / 2 >= kept;
        // What the triggers do row by row is done here in one statement each.
        let triggers = TriggersOff::new(self.db)?;
        let indexes = if rebuild {
            take_indexes(self.db)?
        } else {
            Vec::new()
        };
        steps.next()?;
        self.add_products()?;
        self.add_skus()?;
        steps.next()?;
        self.add_stock()?;
        for index in &indexes {
            self.db.execute_batch(index)?;
        }
        steps.next()?;
        self.add_to_search(rebuild)?;
        steps.next()?;
        self.db.execute(
            "UPDATE main.totals
             SET skus = skus + (SELECT count(*) FROM main.skus WHERE id > ?1)",
            [self.skus],
        )?;
        triggers.on()
    }

    fn add_products(&self) -> Result<(), StoreError> {
        let (names, values) = columns(PRODUCT_FIELDS, "n");
        self.db.execute(
            &format!(
                "INSERT INTO main.products (id, handle, {names})
                 SELECT ?1 + n.id, n.handle, {values} FROM staging.products n
                 WHERE n.id NOT IN (SELECT staged FROM staging.known)
                   AND n.id NOT IN (SELECT staged FROM staging.idle)
                 ORDER BY n.id"
            ),
            [self.products],
        )?;
        Ok(())
    }

    fn add_skus(&self) -> Result<(), StoreError> {
        let (names, values) = columns(SKU_FIELDS, "n");
        self.db.execute(
            &format!(
                "INSERT INTO main.skus (id, sku, kind, product_id, title_key, {names}, on_hand,
                   created_at, updated_at)
                 SELECT ?1 + n.id, n.sku, iif(n.kind = {KIT}, 'kit', 'variant'),
                   ifnull(k.product_id, ?2 + n.product),
                   lower(substr(ifnull(m.title, p.title), 1, 48)), {values},
                   iif(n.kind = {VARIANT}, ifnull(n.quantity, 0), 0), ?3, ?3
                 FROM staging.outcome o CROSS JOIN staging.rows n ON n.id = o.row_id
                 CROSS JOIN staging.products p ON p.id = n.product
                 LEFT JOIN staging.known k ON k.staged = n.product
                 LEFT JOIN main.products m ON m.id = k.product_id
                 WHERE o.state = {NEW} AND n.sku IS NOT NULL
                 ORDER BY o.row_id"
            ),
            params![self.skus, self.products, self.now],
        )?;
        Ok(())
    }

    fn add_stock(&self) -> Result<(), StoreError> {
        let counted = format!(
            "staging.outcome o CROSS JOIN staging.rows r ON r.id = o.row_id
             CROSS JOIN staging.places l ON l.id = r.place
             WHERE o.state = {NEW} AND r.kind = {VARIANT} AND r.quantity IS NOT NULL"
        );
        self.db.execute(
            &format!(
                "INSERT INTO main.movements (sku_id, location_id, delta, kind, origin, at)
                 SELECT ?1 + r.id, l.location_id, r.quantity, 'count', ?2, ?3
                 FROM {counted} AND r.quantity <> 0 ORDER BY o.row_id"
            ),
            params![self.skus, self.origin, self.now],
        )?;
        self.db.execute(
            &format!(
                "INSERT INTO main.stock (sku_id, location_id, on_hand, counted_at)
                 SELECT ?1 + r.id, l.location_id, r.quantity, ?2
                 FROM {counted} ORDER BY o.row_id"
            ),
            params![self.skus, self.now],
        )?;
        Ok(())
    }

    fn add_to_search(&self, large: bool) -> Result<(), StoreError> {
        let gather = |bytes: i64| {
            self.db.execute(
                "INSERT INTO main.search (search, rank) VALUES ('hashsize', ?1)",
                [bytes],
            )
        };
        if large {
            gather(SEARCH_GATHER_BYTES)?;
        }
        self.db.execute(
            "INSERT INTO main.search (rowid, title, sku, brand, gtin, mpn)
             SELECT s.id, p.title, s.sku, p.brand, s.gtin, s.mpn
             FROM main.skus s CROSS JOIN main.products p ON p.id = s.product_id
             WHERE s.id > ?1 ORDER BY s.id",
            [self.skus],
        )?;
        if large {
            gather(SEARCH_GATHER_BYTES_USUAL)?;
        }
        Ok(())
    }

    /// Replaces the parts of kits, now that every part has an id.
    fn change_parts(&self) -> Result<(), StoreError> {
        let fields = (1_i64 << SKU_FIELDS.len()) - 1;
        let changed = format!("o.state = {CHANGED} AND o.mask & {PARTS_BIT}");
        self.db.execute(
            &format!(
                "INSERT INTO main.edits
                   (at, origin, entity, entity_id, field, before, after, revision)
                 SELECT ?1, ?2, 'sku', s.id, ?3, {}, r.parts,
                   s.revision + iif(o.mask & {fields} <> 0, 0, 1)
                 FROM staging.outcome o JOIN staging.rows r ON r.id = o.row_id
                 JOIN main.skus s ON s.id = o.sku_id WHERE {changed}",
                kept_parts("s.id"),
            ),
            params![self.now, self.origin, PARTS],
        )?;
        self.db.execute(
            &format!(
                "UPDATE main.skus SET revision = revision + 1, updated_at = ?1 WHERE id IN (
                   SELECT o.sku_id FROM staging.outcome o
                   WHERE {changed} AND NOT o.mask & {fields})"
            ),
            [self.now],
        )?;
        self.db.execute(
            &format!(
                "DELETE FROM main.kit_parts WHERE kit_id IN (
                   SELECT o.sku_id FROM staging.outcome o WHERE {changed})"
            ),
            [],
        )?;
        self.db.execute(
            &format!(
                "INSERT INTO main.kit_parts (kit_id, variant_id, quantity)
                 SELECT ifnull(o.sku_id, ?1 + r.id), v.id, part.value ->> 1
                 FROM staging.outcome o JOIN staging.rows r ON r.id = o.row_id
                 JOIN json_each(r.parts) part
                 JOIN main.skus v ON v.sku = part.value ->> 0
                 WHERE r.kind = {KIT}
                   AND (o.state = {NEW} OR (o.state = {CHANGED} AND o.mask & {PARTS_BIT}))"
            ),
            [self.skus],
        )?;
        Ok(())
    }
}

/// The parts of a kit that is there, as sorted pairs of SKU and units.
pub(crate) fn kept_parts(kit: &str) -> String {
    format!(
        "(SELECT json_group_array(json_array(sku, quantity)) FROM (
            SELECT v.sku, k.quantity FROM main.kit_parts k
            JOIN main.skus v ON v.id = k.variant_id
            WHERE k.kit_id = {kit} ORDER BY v.sku))"
    )
}

fn assignments(fields: &[FieldColumn], staged: &str, kept: &str) -> String {
    let parts: Vec<String> = fields
        .iter()
        .map(|field| field.assign_staged(staged, kept))
        .collect();
    parts.join(", ")
}

/// Column names, and their values from a staged row, with defaults.
fn columns(fields: &[FieldColumn], staged: &str) -> (String, String) {
    let mut names = Vec::new();
    let mut values = Vec::new();
    for field in fields {
        for name in field.names() {
            values.push(match field.default() {
                "NULL" => format!("{staged}.{name}"),
                default => format!("ifnull({staged}.{name}, {default})"),
            });
            names.push(name);
        }
    }
    (names.join(", "), values.join(", "))
}

/// Removes the plain indexes of the large tables and returns what makes them again. Within the
/// transaction, so that no one ever sees the tables without them.
fn take_indexes(db: &Connection) -> Result<Vec<String>, StoreError> {
    let mut query = db.prepare(
        "SELECT name, sql FROM main.sqlite_schema
         WHERE type = 'index' AND sql LIKE 'CREATE INDEX%' AND tbl_name IN ('skus', 'movements')
         ORDER BY rowid",
    )?;
    let found: Vec<(String, String)> = query
        .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?
        .collect::<Result<_, _>>()?;
    drop(query);
    let mut again = Vec::new();
    for (name, sql) in found {
        db.execute_batch(&format!("DROP INDEX main.\"{name}\""))?;
        again.push(sql);
    }
    Ok(again)
}

/// Switches triggers off, and on again however it ends.
struct TriggersOff<'c>(&'c Connection);

impl<'c> TriggersOff<'c> {
    fn new(db: &'c Connection) -> Result<Self, StoreError> {
        db.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_TRIGGER, false)?;
        Ok(Self(db))
    }

    fn on(self) -> Result<(), StoreError> {
        self.0
            .set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_TRIGGER, true)?;
        Ok(())
    }
}

impl Drop for TriggersOff<'_> {
    fn drop(&mut self) {
        // After `on` this is a second, harmless time.
        let _ = self
            .0
            .set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_TRIGGER, true);
    }
}
