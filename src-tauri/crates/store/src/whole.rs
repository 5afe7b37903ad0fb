//! SKUs that come and go whole: made by hand, or removed with what hangs on them and kept so that
//! they can be brought back as they were.
//!
//! The ledger keeps the movements of what is gone; ids are never given twice, so a SKU that comes
//! back finds its own.

use barrow_model::{ListingId, Origin, Sku, SkuId};
use rusqlite::{OptionalExtension, params};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json};

use crate::batch::BatchId;
use crate::edit::{Value, text};
use crate::error::StoreError;
use crate::field::{Entity, find};
use crate::import::{Skipped, Undone};
use crate::sql;
use crate::store::{Reader, Writer};

/// Names that are tried for a new product's handle; more means that somebody makes the same again
/// and again.
const HANDLES_MAX: u32 = 10_000;

/// A listing is there, or something that may make it be there is under way.
const IS_THERE: &str = "(l.acknowledged_content IS NOT NULL
    OR l.state IN ('publishing', 'live', 'ending')
    OR EXISTS (SELECT 1 FROM changes c WHERE c.listing_id = l.id
      AND c.state IN ('in_flight', 'accepted', 'unknown')))";

/// A SKU to be made, with a product of its own.
#[derive(Clone, Debug, PartialEq)]
pub struct NewSku {
    /// Its name.
    pub sku: Sku,
    /// Its parts, which make it a kit; none for a variant.
    pub parts: Option<Vec<(Sku, u32)>>,
    /// Its fields and those of its product, by their names in files. A title is among them.
    pub fields: Vec<(String, Value)>,
    /// How many are there, at the default location.
    pub counted: Option<i64>,
}

/// What hangs on a SKU, and whether that keeps it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Hanging {
    /// Accounts where it is listed now, each once: these listings must end first.
    pub there: Vec<String>,
    /// How many listings these are.
    pub there_count: u64,
    /// Listings that are nowhere, or nowhere any more; they go with it.
    pub listings: u64,
    /// Kits that it is a part of; they must go first.
    pub kits: Vec<Sku>,
    /// Lines of orders that are of it; they keep it for good.
    pub order_lines: u64,
}

impl Hanging {
    /// Whether it can be removed.
    pub fn lets_go(&self) -> bool {
        self.there_count == 0 && self.kits.is_empty() && self.order_lines == 0
    }
}

/// The rows of a SKU, by columns, so that a column that is added later takes its default.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Kept {
    product: Map<String, Json>,
    sku: Map<String, Json>,
    /// Pairs of variant and units.
    parts: Vec<(i64, i64)>,
    /// Pairs of location and when it was counted there.
    counted: Vec<(i64, Option<i64>)>,
    listings: Vec<Map<String, Json>>,
    /// What batches set for these listings, so that they can still be taken back.
    #[serde(default)]
    override_edits: Vec<OverrideEdit>,
}

/// Batch and listing, and what was set before and after.
type OverrideEdit = (i64, i64, String, String);

impl Reader<'_> {
    /// What hangs on a SKU.
    pub fn hanging(&self, id: SkuId) -> Result<Hanging, StoreError> {
        let db = self.connection();
        let (there_count, listings): (i64, i64) = db
            .prepare_cached(&format!(
                "SELECT count(*) FILTER (WHERE {IS_THERE}), count(*) FILTER (WHERE NOT {IS_THERE})
                 FROM listings l WHERE l.sku_id = ?1"
            ))?
            .query_row([id.0], |row| Ok((row.get(0)?, row.get(1)?)))?;
        let there = db
            .prepare_cached(&format!(
                "SELECT DISTINCT a.name FROM listings l JOIN accounts a ON a.id = l.account_id
                 WHERE l.sku_id = ?1 AND {IS_THERE} ORDER BY a.name"
            ))?
            .query_map([id.0], |row| row.get(0))?
            .collect::<Result<_, _>>()?;
        let kits = db
            .prepare_cached(
                "SELECT s.sku FROM kit_parts k JOIN skus s ON s.id = k.kit_id
                 WHERE k.variant_id = ?1 ORDER BY s.sku",
            )?
            .query_map([id.0], |row| row.get::<_, String>(0))?
            .collect::<Result<Vec<_>, _>>()?;
        let order_lines: i64 = db
            .prepare_cached(
                "SELECT (SELECT count(*) FROM order_lines WHERE sku_id = ?1)
                   + (SELECT count(*) FROM order_line_parts p
                      JOIN order_lines o ON o.id = p.order_line_id
                      WHERE p.sku_id = ?1 AND o.sku_id IS NOT ?1)",
            )?
            .query_row([id.0], |row| row.get(0))?;
        Ok(Hanging {
            there,
            there_count: there_count.unsigned_abs(),
            listings: listings.unsigned_abs(),
            kits: kits
                .into_iter()
                .map(sql::to_sku)
                .collect::<Result<_, _>>()?,
            order_lines: order_lines.unsigned_abs(),
        })
    }

    /// The rows of a table as JSON objects by column.
    fn rows_of(
        &self,
        table: &str,
        which: &str,
        id: i64,
    ) -> Result<Vec<Map<String, Json>>, StoreError> {
        let names = self.columns_of(table)?;
        let pairs: Vec<String> = names
            .iter()
            .map(|name| format!("'{name}', {name}"))
            .collect();
        let sql = format!(
            "SELECT json_object({}) FROM {table} WHERE {which} = ?1 ORDER BY id",
            pairs.join(", ")
        );
        let mut query = self.connection().prepare_cached(&sql)?;
        let rows = query.query_map([id], |row| row.get::<_, String>(0))?;
        rows.map(|row| sql::to_json(&row?)).collect()
    }

    fn columns_of(&self, table: &str) -> Result<Vec<String>, StoreError> {
        let mut query = self
            .connection()
            .prepare_cached("SELECT name FROM pragma_table_info(?1)")?;
        let names = query.query_map([table], |row| row.get(0))?;
        Ok(names.collect::<Result<_, _>>()?)
    }

    fn whole(&self, id: SkuId) -> Result<Kept, StoreError> {
        let gone = || StoreError::not_found("sku", id);
        let sku = self.rows_of("skus", "id", id.0)?.pop().ok_or_else(gone)?;
        let product_id = sku
            .get("product_id")
            .and_then(Json::as_i64)
            .ok_or_else(gone)?;
        let product = self.rows_of("products", "id", product_id)?;
        let pairs = |sql: &str| -> Result<Vec<(i64, Option<i64>)>, StoreError> {
            let mut query = self.connection().prepare_cached(sql)?;
            let rows = query.query_map([id.0], |row| Ok((row.get(0)?, row.get(1)?)))?;
            Ok(rows.collect::<Result<_, _>>()?)
        };
        let parts = pairs("SELECT variant_id, quantity FROM kit_parts WHERE kit_id = ?1")?;
        Ok(Kept {
            product: product.into_iter().next().ok_or_else(gone)?,
            sku,
            parts: parts
                .into_iter()
                .map(|(part, units)| (part, units.unwrap_or(1)))
                .collect(),
            counted: pairs("SELECT location_id, counted_at FROM stock WHERE sku_id = ?1")?,
            listings: self.rows_of("listings", "sku_id", id.0)?,
            override_edits: self.override_edits_of(id)?,
        })
    }

    fn override_edits_of(&self, id: SkuId) -> Result<Vec<OverrideEdit>, StoreError> {
        let mut query = self.connection().prepare_cached(
            "SELECT e.batch_id, e.listing_id, e.before, e.after FROM listings l
             JOIN override_edits e ON e.listing_id = l.id WHERE l.sku_id = ?1
             ORDER BY e.batch_id, e.listing_id",
        )?;
        let rows = query.query_map([id.0], |row| {
            Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?))
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }
}

impl Kept {
    /// Without what counts edits: whether anything is otherwise than it was.
    fn essence(&self) -> Self {
        let mut bare = self.clone();
        for row in [&mut bare.product, &mut bare.sku] {
            row.remove("revision");
            row.remove("updated_at");
        }
        bare.counted.clear();
        bare.override_edits.clear();
        bare
    }

    fn name(&self) -> Result<Sku, StoreError> {
        let text = self
            .sku
            .get("sku")
            .and_then(Json::as_str)
            .unwrap_or_default();
        sql::to_sku(text.to_owned())
    }
}

impl Writer<'_> {
    /// Makes a SKU with a product of its own, as part of a batch of
    /// [`BatchKind::Make`](crate::BatchKind::Make).
    pub fn make_sku(&mut self, batch: BatchId, new: &NewSku) -> Result<SkuId, StoreError> {
        if self.find_sku(&new.sku)?.is_some() {
            return Err(StoreError::Duplicate {
                field: "sku".to_owned(),
                value: new.sku.to_string(),
            });
        }
        let title = new.fields.iter().find_map(|(name, value)| match value {
            Value::Text(text) if name == "title" => Some(text.trim()),
            _ => None,
        });
        let title = title.filter(|title| !title.is_empty());
        let title = title.ok_or_else(|| StoreError::invalid("title", "a product needs one"))?;
        let product = self.make_product(&new.sku, title)?;
        let now = sql::instant(self.now());
        let kind = if new.parts.is_some() {
            "kit"
        } else {
            "variant"
        };
        self.connection()
            .prepare_cached(
                "INSERT INTO skus (sku, kind, product_id, title_key, created_at, updated_at)
                 VALUES (?1, ?2, ?3, lower(substr(?4, 1, 48)), ?5, ?5)",
            )?
            .execute(params![new.sku.as_str(), kind, product, title, now])?;
        let id = SkuId(self.connection().last_insert_rowid());
        self.give_fields(product, id, &new.fields)?;
        if let Some(parts) = &new.parts {
            self.give_parts(id, parts)?;
        }
        if let Some(counted) = new.counted {
            let place = self.default_location()?;
            self.count_stock(id, place, counted, None, Origin::User)?;
        }
        self.note_whole(batch, id, true)?;
        Ok(id)
    }

    fn make_product(&self, sku: &Sku, title: &str) -> Result<i64, StoreError> {
        for number in 1..=HANDLES_MAX {
            let handle = match number {
                1 => sku.to_string(),
                _ => format!("{sku}-{number}"),
            };
            let made = self
                .connection()
                .prepare_cached(
                    "INSERT INTO products (handle, title) VALUES (?1, ?2)
                     ON CONFLICT (handle) DO NOTHING",
                )?
                .execute([handle.as_str(), title])?;
            if made == 1 {
                return Ok(self.connection().last_insert_rowid());
            }
        }
        Err(StoreError::Duplicate {
            field: "handle".to_owned(),
            value: sku.to_string(),
        })
    }

    /// What is made has no history yet: its fields are no edits.
    fn give_fields(
        &self,
        product: i64,
        id: SkuId,
        fields: &[(String, Value)],
    ) -> Result<(), StoreError> {
        for (code, value) in fields {
            let (entity, field) = find(code).ok_or_else(|| {
                StoreError::invalid(code.as_str(), "there is no such field to set")
            })?;
            let row = match entity {
                Entity::Product => product,
                Entity::Sku => id.0,
            };
            let sql = format!(
                "UPDATE {} SET {} WHERE id = ?2",
                entity.table(),
                field.assign_text()
            );
            self.connection()
                .prepare_cached(&sql)?
                .execute(params![text(&field, value)?, row])?;
        }
        Ok(())
    }

    fn give_parts(&self, kit: SkuId, parts: &[(Sku, u32)]) -> Result<(), StoreError> {
        self.check_parts(kit, parts)?;
        for (part, units) in parts {
            self.connection()
                .prepare_cached(
                    "INSERT INTO kit_parts (kit_id, variant_id, quantity)
                     SELECT ?1, id, ?3 FROM skus WHERE sku = ?2
                     ON CONFLICT DO UPDATE SET quantity = quantity + excluded.quantity",
                )?
                .execute(params![kit.0, part.as_str(), units])?;
        }
        Ok(())
    }

    /// Removes a SKU with the listings of it that are nowhere, and its product with the last of
    /// its SKUs, as part of a batch of [`BatchKind::Remove`](crate::BatchKind::Remove). What
    /// hangs on it otherwise must be gone: see [`Reader::hanging`].
    pub fn remove_sku(&mut self, batch: BatchId, id: SkuId) -> Result<(), StoreError> {
        if !self.hanging(id)?.lets_go() {
            return Err(StoreError::InUse {
                entity: "sku",
                key: self.item(id)?.sku().to_string(),
            });
        }
        self.note_whole(batch, id, false)?;
        self.take_out(id)
    }

    fn note_whole(&self, batch: BatchId, id: SkuId, made: bool) -> Result<(), StoreError> {
        self.connection()
            .prepare_cached(
                "INSERT INTO whole_edits (batch_id, sku_id, made, kept) VALUES (?1, ?2, ?3, ?4)",
            )?
            .execute(params![batch.0, id.0, made, sql::json(&self.whole(id)?)?])?;
        Ok(())
    }

    fn take_out(&mut self, id: SkuId) -> Result<(), StoreError> {
        let product: i64 = self
            .connection()
            .prepare_cached("SELECT product_id FROM skus WHERE id = ?1")?
            .query_row([id.0], |row| row.get(0))?;
        let listings: Vec<i64> = self
            .connection()
            .prepare_cached("SELECT id FROM listings WHERE sku_id = ?1")?
            .query_map([id.0], |row| row.get(0))?
            .collect::<Result<_, _>>()?;
        for listing in listings {
            self.drop_unsent(ListingId(listing), &[])?;
            self.connection()
                .prepare_cached("DELETE FROM problems WHERE listing_id = ?1")?
                .execute([listing])?;
        }
        let db = self.connection();
        db.prepare_cached("DELETE FROM listings WHERE sku_id = ?1")?
            .execute([id.0])?;
        db.prepare_cached("DELETE FROM skus WHERE id = ?1")?
            .execute([id.0])?;
        db.prepare_cached(
            "DELETE FROM products WHERE id = ?1
               AND NOT EXISTS (SELECT 1 FROM skus WHERE product_id = ?1)",
        )?
        .execute([product])?;
        Ok(())
    }

    /// Takes back what was made or removed in one go, or does it again. What cannot be is named:
    /// it was changed or used since, or its name is taken.
    pub(crate) fn restore_whole(
        &mut self,
        batch: BatchId,
        again: bool,
    ) -> Result<Undone, StoreError> {
        // What comes back comes before the kits that it is a part of, and goes after them.
        let found: Vec<(i64, bool, String)> = self
            .connection()
            .prepare_cached(
                "SELECT sku_id, made, kept FROM whole_edits WHERE batch_id = ?1
                 ORDER BY kept -> '$.sku' ->> '$.kind' = 'kit', sku_id",
            )?
            .query_map([batch.0], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?
            .collect::<Result<_, _>>()?;
        let comes = |made: &bool| *made == again;
        let mut undone = Undone::default();
        let back = found.iter().filter(|(_, made, _)| comes(made));
        let gone = found.iter().rev().filter(|(_, made, _)| !comes(made));
        for (id, made, kept) in back.chain(gone) {
            let kept: Kept = sql::to_json(kept)?;
            let done = match comes(made) {
                true => self.put_back(SkuId(*id), &kept)?,
                false => self.take_out_again(batch, SkuId(*id), &kept, *made)?,
            };
            if done {
                undone.restored += 1;
                if comes(made) {
                    self.put_listings(&kept, &mut undone)?;
                }
            } else {
                undone.skipped.push(Skipped {
                    sku: Some(kept.name()?),
                    field: "sku".to_owned(),
                });
            }
        }
        Ok(undone)
    }

    fn take_out_again(
        &mut self,
        batch: BatchId,
        id: SkuId,
        kept: &Kept,
        made: bool,
    ) -> Result<bool, StoreError> {
        let there = self
            .connection()
            .prepare_cached("SELECT 1 FROM skus WHERE id = ?1")?
            .exists([id.0])?;
        if !there || !self.hanging(id)?.lets_go() {
            return Ok(false);
        }
        let now = self.whole(id)?;
        if made && now.essence() != kept.essence() {
            return Ok(false);
        }
        self.connection()
            .prepare_cached("UPDATE whole_edits SET kept = ?3 WHERE batch_id = ?1 AND sku_id = ?2")?
            .execute(params![batch.0, id.0, sql::json(&now)?])?;
        self.take_out(id)?;
        Ok(true)
    }

    fn put_back(&mut self, id: SkuId, kept: &Kept) -> Result<bool, StoreError> {
        let db = self.connection();
        let product = kept
            .product
            .get("id")
            .and_then(Json::as_i64)
            .unwrap_or_default();
        let handle = kept
            .product
            .get("handle")
            .and_then(Json::as_str)
            .unwrap_or_default();
        let parts: Vec<i64> = kept.parts.iter().map(|(part, _)| *part).collect();
        let fits: bool = db
            .prepare_cached(
                "SELECT NOT EXISTS (SELECT 1 FROM skus WHERE id = ?1 OR sku = ?2)
                   AND NOT EXISTS (SELECT 1 FROM products WHERE handle = ?3 AND id <> ?4)
                   AND NOT EXISTS (SELECT 1 FROM json_each(?5) part WHERE NOT EXISTS (
                     SELECT 1 FROM skus WHERE id = part.value AND kind = 'variant'))",
            )?
            .query_row(
                params![
                    id.0,
                    kept.name()?.as_str(),
                    handle,
                    product,
                    sql::json(&parts)?
                ],
                |row| row.get(0),
            )?;
        if !fits {
            return Ok(false);
        }
        let has_product = db
            .prepare_cached("SELECT 1 FROM products WHERE id = ?1")?
            .exists([product])?;
        if !has_product {
            self.put_row("products", &kept.product)?;
        }
        let mut sku = kept.sku.clone();
        // The ledger knows how many there are; the trigger's sums begin anew.
        sku.insert("on_hand".to_owned(), Json::from(0));
        self.put_row("skus", &sku)?;
        self.put_stock(id, kept)?;
        for (part, units) in &kept.parts {
            db.prepare_cached(
                "INSERT INTO kit_parts (kit_id, variant_id, quantity) VALUES (?1, ?2, ?3)",
            )?
            .execute([id.0, *part, *units])?;
        }
        Ok(true)
    }

    /// A listing that cannot come back is named.
    fn put_listings(&self, kept: &Kept, undone: &mut Undone) -> Result<(), StoreError> {
        for listing in &kept.listings {
            if !self.put_listing(listing)? {
                undone.skipped.push(Skipped {
                    sku: Some(kept.name()?),
                    field: "listing".to_owned(),
                });
            }
        }
        for edit in &kept.override_edits {
            self.connection()
                .prepare_cached(
                    "INSERT INTO override_edits (batch_id, listing_id, before, after)
                     SELECT ?1, ?2, ?3, ?4
                     WHERE EXISTS (SELECT 1 FROM edit_batches WHERE id = ?1)
                       AND EXISTS (SELECT 1 FROM listings WHERE id = ?2)",
                )?
                .execute(edit.clone())?;
        }
        Ok(())
    }

    fn put_stock(&self, id: SkuId, kept: &Kept) -> Result<(), StoreError> {
        let db = self.connection();
        db.prepare_cached(
            "INSERT INTO stock (sku_id, location_id, on_hand)
             SELECT sku_id, location_id, sum(delta) FROM movements WHERE sku_id = ?1
             GROUP BY location_id",
        )?
        .execute([id.0])?;
        for (location, counted_at) in &kept.counted {
            db.prepare_cached(
                "UPDATE stock SET counted_at = ?3 WHERE sku_id = ?1 AND location_id = ?2",
            )?
            .execute(params![id.0, location, counted_at])?;
        }
        db.prepare_cached(
            "UPDATE skus SET on_hand = (
               SELECT ifnull(sum(on_hand), 0) FROM stock WHERE sku_id = skus.id),
             title_key = (SELECT lower(substr(title, 1, 48)) FROM products
               WHERE id = skus.product_id)
             WHERE id = ?1",
        )?
        .execute([id.0])?;
        Ok(())
    }

    /// A listing comes back where its account still is and nothing has taken its place. Returns
    /// whether it did.
    fn put_listing(&self, listing: &Map<String, Json>) -> Result<bool, StoreError> {
        let json = sql::json(listing)?;
        let fits: bool = self
            .connection()
            .prepare_cached(
                "SELECT EXISTS (SELECT 1 FROM accounts WHERE id = ?1 ->> '$.account_id'
                     AND removed_at IS NULL)
                   AND NOT EXISTS (SELECT 1 FROM listings WHERE account_id = ?1 ->> '$.account_id'
                     AND site = ?1 ->> '$.site' AND channel_sku = ?1 ->> '$.channel_sku')",
            )?
            .query_row([&json], |row| row.get(0))?;
        if !fits {
            return Ok(false);
        }
        let mut row = listing.clone();
        let family = listing.get("family_id").and_then(Json::as_i64);
        let family: Option<i64> = self
            .connection()
            .prepare_cached("SELECT id FROM families WHERE id = ?1")?
            .query_row([family], |row| row.get(0))
            .optional()?;
        row.insert("family_id".to_owned(), Json::from(family));
        self.put_row("listings", &row)?;
        Ok(true)
    }

    fn put_row(&self, table: &str, row: &Map<String, Json>) -> Result<(), StoreError> {
        let mut names = self.columns_of(table)?;
        names.retain(|name| row.contains_key(name));
        let values: Vec<String> = names
            .iter()
            .map(|name| format!("?1 ->> '$.{name}'"))
            .collect();
        let sql = format!(
            "INSERT INTO {table} ({}) VALUES ({})",
            names.join(", "),
            values.join(", ")
        );
        self.connection()
            .prepare_cached(&sql)?
            .execute([sql::json(row)?])?;
        Ok(())
    }
}

#[cfg(test)]
mod tests;
