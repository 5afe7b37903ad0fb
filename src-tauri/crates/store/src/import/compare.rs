//! Compares staged rows with the catalogue: which rows are new, changed, unchanged or refused.
//!
//! The result stands in tables of the staging file: `known` (staged products that the catalogue
//! has), `outcome` (each row's SKU there and what differs), `refused` (lines) and issues of our
//! own. It is computed anew when the catalogue has changed since.

use barrow_model::Layout;
use rusqlite::{Connection, Transaction, TransactionBehavior, params};

use super::staging::Staging;
use crate::error::StoreError;
use crate::field::{PRODUCT_FIELDS, SKU_FIELDS, differences};

/// Bits of `outcome.mask` beyond those of the fields.
pub(super) const QUANTITY_BIT: i64 = 1 << 30;
pub(super) const PARTS_BIT: i64 = 1 << 31;
/// The catalogue has the SKU as the other kind.
const KIND_BIT: i64 = 1 << 32;

/// Kinds of staged rows, as `staging` writes them.
pub(super) const VARIANT: i64 = 0;
pub(super) const PRODUCT: i64 = 1;
pub(super) const KIT: i64 = 2;

/// Values of `outcome.state`.
pub(super) const NEW: i64 = 0;
pub(super) const CHANGED: i64 = 1;
pub(super) const UNCHANGED: i64 = 2;
pub(super) const REFUSED: i64 = 3;

impl Staging {
    /// Brings the comparison up to date with the catalogue.
    pub(super) fn compare(&mut self) -> Result<(), StoreError> {
        let version = self.catalogue_version()?;
        if version.is_some() && version == self.compared {
            return Ok(());
        }
        let layout = self.meta.layout;
        self.gather()?;
        self.on(|connection| {
            let tx = Transaction::new_unchecked(connection, TransactionBehavior::Deferred)?;
            compare(&tx, layout)?;
            Ok(tx.commit()?)
        })?;
        self.compared = version;
        Ok(())
    }

    /// None in memory, where staging itself counts as a write.
    pub(super) fn catalogue_version(&self) -> Result<Option<i64>, StoreError> {
        match self.store.shared.path {
            Some(_) => Ok(Some(self.store.data_version()?)),
            None => Ok(None),
        }
    }
}

/// Fills the tables of the comparison, within the caller's transaction.
pub(super) fn compare(db: &Connection, layout: Layout) -> Result<(), StoreError> {
    db.execute_batch(
        "DROP TABLE IF EXISTS staging.refused;
         DROP TABLE IF EXISTS staging.known;
         DROP TABLE IF EXISTS staging.idle;
         DROP TABLE IF EXISTS staging.outcome;
         DELETE FROM staging.issues WHERE own = 1;
         CREATE INDEX IF NOT EXISTS staging.rows_sku ON rows (sku, line) WHERE sku IS NOT NULL;
         CREATE TABLE staging.refused (line INTEGER PRIMARY KEY) STRICT;
         -- Staged products of which no row is applied.
         CREATE TABLE staging.idle (staged INTEGER PRIMARY KEY) STRICT;
         CREATE TABLE staging.known (
           staged INTEGER PRIMARY KEY, product_id INTEGER NOT NULL, mask INTEGER NOT NULL
         ) STRICT;
         CREATE TABLE staging.outcome (
           row_id INTEGER PRIMARY KEY, sku_id INTEGER, mask INTEGER NOT NULL,
           state INTEGER NOT NULL
         ) STRICT;
         INSERT OR IGNORE INTO staging.refused SELECT line FROM staging.issues WHERE refuses;",
    )?;
    find_places(db)?;
    find_repeated_skus(db)?;
    find_products(db)?;
    find_skus(db)?;
    refuse_kinds(db)?;
    refuse_untitled(db, layout)?;
    spread_refusals(db)?;
    refuse_kits_without_parts(db)?;
    spread_refusals(db)
}

/// Resolves the names of locations; those that the catalogue does not have stay open.
pub(super) fn find_places(db: &Connection) -> Result<(), StoreError> {
    db.execute_batch(
        "INSERT INTO staging.places (id, name, location_id)
           SELECT 0, '', id FROM main.locations WHERE is_default
           ON CONFLICT DO UPDATE SET location_id = excluded.location_id;
         UPDATE staging.places
           SET location_id = (SELECT id FROM main.locations l WHERE l.name = places.name)
           WHERE id <> 0;",
    )?;
    Ok(())
}

fn find_repeated_skus(db: &Connection) -> Result<(), StoreError> {
    db.execute(
        "INSERT INTO staging.issues (line, header, value, kind, refuses, own)
         SELECT r.line, NULL, r.sku,
           json_object('kind', 'sku_duplicate', 'first_line', d.first_line), 1, 1
         FROM (SELECT sku, min(line) AS first_line FROM staging.rows
               WHERE sku IS NOT NULL AND line NOT IN (SELECT line FROM staging.refused)
               GROUP BY sku HAVING count(*) > 1) d
         JOIN staging.rows r ON r.sku = d.sku AND r.line > d.first_line
         WHERE r.line NOT IN (SELECT line FROM staging.refused)",
        [],
    )?;
    Ok(())
}

/// Products are found by handle. A staged product with an unknown handle is the product of its
/// first known SKU: files without handles name each row's product by its SKU.
fn find_products(db: &Connection) -> Result<(), StoreError> {
    let mask = differences(PRODUCT_FIELDS, "p", "m");
    db.execute(
        &format!(
            "INSERT INTO staging.known (staged, product_id, mask)
             SELECT p.id, m.id, {mask}
             FROM staging.products p CROSS JOIN main.products m ON m.handle = p.handle"
        ),
        [],
    )?;
    let empty: bool = db.query_row("SELECT NOT EXISTS (SELECT 1 FROM main.skus)", [], |row| {
        row.get(0)
    })?;
    if empty {
        return Ok(());
    }
    db.execute_batch(
        "DROP TABLE IF EXISTS staging.by_sku;
         CREATE TABLE staging.by_sku (staged INTEGER PRIMARY KEY, product_id INTEGER) STRICT;
         INSERT OR IGNORE INTO staging.by_sku
           SELECT r.product, s.product_id
           FROM staging.rows r CROSS JOIN main.skus s ON s.sku = r.sku
           WHERE r.product NOT IN (SELECT staged FROM staging.known);",
    )?;
    // Several staged products may be one in the catalogue; the first of them speaks for it.
    db.execute(
        &format!(
            "INSERT INTO staging.known (staged, product_id, mask)
             SELECT b.staged, b.product_id, iif(b.staged = f.first, {mask}, 0)
             FROM staging.by_sku b
             JOIN (SELECT product_id, min(staged) AS first FROM staging.by_sku
                   WHERE product_id NOT IN (SELECT product_id FROM staging.known)
                   GROUP BY product_id
                   UNION ALL
                   SELECT DISTINCT product_id, NULL FROM staging.by_sku
                   WHERE product_id IN (SELECT product_id FROM staging.known)) f
               ON f.product_id = b.product_id
             JOIN staging.products p ON p.id = b.staged
             JOIN main.products m ON m.id = b.product_id"
        ),
        [],
    )?;
    Ok(())
}

fn find_skus(db: &Connection) -> Result<(), StoreError> {
    let fields = differences(SKU_FIELDS, "r", "s");
    db.execute(
        &format!(
            "INSERT INTO staging.outcome (row_id, sku_id, mask, state)
             SELECT r.id, s.id,
               CASE WHEN s.id IS NULL THEN 0
                 WHEN (r.kind = {KIT}) <> (s.kind = 'kit') THEN {KIND_BIT}
                 WHEN r.kind = {KIT} THEN ({fields}) | iif(r.parts IS NOT NULL AND r.parts IS NOT (
                   SELECT json_group_array(json_array(sku, quantity)) FROM (
                     SELECT v.sku, k.quantity FROM main.kit_parts k
                     JOIN main.skus v ON v.id = k.variant_id
                     WHERE k.kit_id = s.id ORDER BY v.sku)), {PARTS_BIT}, 0)
                 ELSE ({fields}) | iif(r.quantity IS NOT NULL AND r.quantity <> ifnull(
                   (SELECT on_hand FROM main.stock t JOIN staging.places l
                      ON l.location_id = t.location_id
                    WHERE t.sku_id = s.id AND l.id = r.place), 0), {QUANTITY_BIT}, 0)
               END,
               CASE WHEN s.id IS NULL AND (r.kind <> {PRODUCT} OR k.staged IS NULL) THEN {NEW}
                 WHEN ifnull(k.mask, 0) <> 0 THEN {CHANGED} ELSE {UNCHANGED} END
             FROM staging.rows r
             LEFT JOIN main.skus s ON s.sku = r.sku
             LEFT JOIN staging.known k ON k.staged = r.product"
        ),
        [],
    )?;
    db.execute(
        &format!(
            "UPDATE staging.outcome SET state = {CHANGED} WHERE state = {UNCHANGED} AND mask <> 0"
        ),
        [],
    )?;
    Ok(())
}

fn refuse_kinds(db: &Connection) -> Result<(), StoreError> {
    db.execute(
        "INSERT INTO staging.issues (line, header, value, kind, refuses, own)
         SELECT r.line, NULL, r.sku, json_object('kind', 'kind_unsupported', 'found', s.kind), 1, 1
         FROM staging.outcome o JOIN staging.rows r ON r.id = o.row_id
         JOIN main.skus s ON s.id = o.sku_id
         WHERE o.mask = ?1",
        [KIND_BIT],
    )?;
    Ok(())
}

/// A new product needs a title. A WooCommerce variation takes it from its parent, so there it is
/// the parent that is missing.
fn refuse_untitled(db: &Connection, layout: Layout) -> Result<(), StoreError> {
    db.execute(
        "INSERT INTO staging.issues (line, header, value, kind, refuses, own)
         SELECT r.line, NULL, ifnull(r.sku, p.handle),
           json_object('kind', iif(?1 AND r.kind = ?2 AND r.sku <> p.handle,
             'parent_missing', 'title_missing')), 1, 1
         FROM staging.rows r JOIN staging.products p ON p.id = r.product
         WHERE r.product IN (
             SELECT id FROM staging.products WHERE title IS NULL
             EXCEPT SELECT staged FROM staging.known)
           AND r.line NOT IN (SELECT line FROM staging.refused)",
        params![layout == Layout::WooCommerce, VARIANT],
    )?;
    Ok(())
}

/// A part is a variant that the catalogue has or that this import brings.
fn refuse_kits_without_parts(db: &Connection) -> Result<(), StoreError> {
    db.execute(
        &format!(
            "INSERT INTO staging.issues (line, header, value, kind, refuses, own)
             SELECT r.line, NULL, r.sku, json_object('kind', 'part_unknown'), 1, 1
             FROM staging.rows r JOIN staging.outcome o ON o.row_id = r.id
             WHERE r.kind = {KIT} AND o.state <> {REFUSED} AND (
               (r.parts IS NULL AND o.sku_id IS NULL) OR EXISTS (
                 SELECT 1 FROM json_each(r.parts) part
                 WHERE NOT EXISTS (
                     SELECT 1 FROM main.skus s
                     WHERE s.sku = part.value ->> 0 AND s.kind = 'variant')
                   AND NOT EXISTS (
                     SELECT 1 FROM staging.rows x JOIN staging.outcome y ON y.row_id = x.id
                     WHERE x.sku = part.value ->> 0 AND x.kind = {VARIANT}
                       AND y.state = {NEW})))"
        ),
        [],
    )?;
    Ok(())
}

/// Takes the rows of refused lines out, and products of which no row is left.
fn spread_refusals(db: &Connection) -> Result<(), StoreError> {
    db.execute(
        "INSERT OR IGNORE INTO staging.refused SELECT line FROM staging.issues WHERE refuses",
        [],
    )?;
    let any: bool = db.query_row("SELECT EXISTS (SELECT 1 FROM staging.refused)", [], |row| {
        row.get(0)
    })?;
    if !any {
        return Ok(());
    }
    db.execute_batch(&format!(
        "CREATE INDEX IF NOT EXISTS staging.rows_line ON rows (line);
         CREATE INDEX IF NOT EXISTS staging.rows_product ON rows (product);
         UPDATE staging.outcome SET state = {REFUSED} WHERE row_id IN (
           SELECT r.id FROM staging.refused f CROSS JOIN staging.rows r ON r.line = f.line);
         INSERT OR IGNORE INTO staging.idle
           SELECT DISTINCT r.product
           FROM staging.refused f CROSS JOIN staging.rows r ON r.line = f.line
           WHERE NOT EXISTS (
             SELECT 1 FROM staging.rows x JOIN staging.outcome o ON o.row_id = x.id
             WHERE x.product = r.product AND o.state <> {REFUSED});
         UPDATE staging.known SET mask = 0 WHERE staged IN (SELECT staged FROM staging.idle);"
    ))?;
    Ok(())
}
