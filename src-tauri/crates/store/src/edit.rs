//! Edits of single products and SKUs, and the history of all edits.

use barrow_model::{
    Attributes, Condition, Gtin, Image, Length, Money, Origin, Revision, Sku, SkuId, Weight,
};
use chrono::{DateTime, Utc};
use rusqlite::params;

use crate::error::StoreError;
use crate::field::{Entity, FieldColumn, NAME, PARTS, Shape, current, find, readable};
use crate::import::{FieldChange, kept_parts};
use crate::sql;
use crate::store::{Reader, Writer};

/// Edits of one page at most.
const EDITS_MAX: usize = 1_000;

/// A new value of a field.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// Nothing: the field becomes empty.
    Nothing,
    /// A title, description, brand, part number.
    Text(String),
    /// A price or cost.
    Amount(Money),
    /// A barcode number.
    Gtin(Gtin),
    /// A condition.
    Condition(Condition),
    /// A weight.
    Weight(Weight),
    /// A side of the package.
    Length(Length),
    /// Category path, tags, option names.
    List(Vec<String>),
    /// Pictures.
    Images(Vec<Image>),
    /// Attributes; replaces them all.
    Map(Attributes),
    /// Option names with this variant's values.
    Options(Vec<(String, String)>),
}

/// One edit of one field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edit {
    /// Its place in the history.
    pub id: i64,
    /// When.
    pub at: DateTime<Utc>,
    /// Who caused it.
    pub origin: Origin,
    /// Whether it is the product's or the SKU's.
    pub entity: Entity,
    /// The field's name, as in files.
    pub field: String,
    /// What was there, as a person reads it.
    pub before: Option<String>,
    /// What is there since.
    pub after: Option<String>,
    /// The revision that it made.
    pub revision: Revision,
}

impl Reader<'_> {
    /// The history of a SKU and of its product, the last edit first.
    pub fn edits(&self, id: SkuId, limit: usize) -> Result<Vec<Edit>, StoreError> {
        self.edits_page(id, None, limit)
    }

    /// A page of that history, after an edit of the page before.
    pub fn edits_page(
        &self,
        id: SkuId,
        after: Option<i64>,
        limit: usize,
    ) -> Result<Vec<Edit>, StoreError> {
        let mut query = self.connection().prepare_cached(
            "SELECT id, at, origin, entity, field, before, after, revision FROM edits
             WHERE id < ?3 AND ((entity = 'sku' AND entity_id = ?1)
               OR (entity = 'product' AND entity_id = (
                 SELECT product_id FROM skus WHERE id = ?1)))
             ORDER BY id DESC LIMIT ?2",
        )?;
        let limit = limit.min(EDITS_MAX) as i64;
        let mut rows = query.query(params![id.0, limit, after.unwrap_or(i64::MAX)])?;
        let mut edits = Vec::new();
        while let Some(row) = rows.next()? {
            let field: String = row.get(4)?;
            edits.push(Edit {
                id: row.get(0)?,
                at: sql::to_instant(row.get(1)?)?,
                origin: sql::to_origin(&row.get::<_, String>(2)?)?,
                entity: Entity::from_code(&row.get::<_, String>(3)?)?,
                before: readable(&field, row.get(5)?),
                after: readable(&field, row.get(6)?),
                field,
                revision: Revision(row.get(7)?),
            });
        }
        Ok(edits)
    }
}

impl Reader<'_> {
    /// What setting fields of a SKU would change, as people read it: those alone that differ.
    pub fn field_changes(
        &self,
        id: SkuId,
        changes: &[(&str, Value)],
    ) -> Result<Vec<FieldChange>, StoreError> {
        let product_id: i64 = self
            .connection()
            .prepare_cached("SELECT product_id FROM skus WHERE id = ?1")?
            .query_row([id.0], |row| row.get(0))?;
        let mut differing = Vec::new();
        for (code, value) in changes {
            let (entity, field) = find(code)
                .ok_or_else(|| StoreError::invalid(*code, "there is no such field to set"))?;
            let row = match entity {
                Entity::Product => product_id,
                Entity::Sku => id.0,
            };
            let after = text(&field, value)?;
            let before = current(self.connection(), entity, row, field)?.flatten();
            if before != after {
                differing.push(FieldChange {
                    field: field.code.to_owned(),
                    before: readable(field.code, before),
                    after: readable(field.code, after),
                });
            }
        }
        Ok(differing)
    }
}

impl Writer<'_> {
    /// Sets fields of a SKU and of its product, by their names in files. Nothing is written if one
    /// of them is not allowed. `expected` is the SKU's revision that the writer has seen; none
    /// writes over whatever is there. A value that is there already is no edit.
    pub fn set_fields(
        &mut self,
        sku: &Sku,
        changes: &[(&str, Value)],
        expected: Option<Revision>,
        origin: Origin,
    ) -> Result<Revision, StoreError> {
        let id = self.sku_id(sku)?;
        let (found, product_id) = self.expect_revision(id, expected)?;
        let texts: Vec<(Entity, FieldColumn, Option<String>)> = changes
            .iter()
            .map(|(code, value)| {
                let (entity, field) = find(code)
                    .ok_or_else(|| StoreError::invalid(*code, "there is no such field to set"))?;
                Ok((entity, field, text(&field, value)?))
            })
            .collect::<Result<_, StoreError>>()?;
        let mut revision = found;
        for entity in [Entity::Product, Entity::Sku] {
            let row = match entity {
                Entity::Product => product_id,
                Entity::Sku => id.0,
            };
            let own = texts.iter().filter(|(of, ..)| *of == entity);
            let changed = self.set_texts(entity, row, own, origin)?;
            if entity == Entity::Sku && changed {
                revision = Revision(found.0 + 1);
            }
        }
        Ok(revision)
    }

    /// Gives a SKU another name.
    pub fn rename_sku(
        &mut self,
        sku: &Sku,
        name: &Sku,
        expected: Option<Revision>,
        origin: Origin,
    ) -> Result<Revision, StoreError> {
        let id = self.sku_id(sku)?;
        let (found, _) = self.expect_revision(id, expected)?;
        if sku == name {
            return Ok(found);
        }
        if self.find_sku(name)?.is_some() {
            return Err(StoreError::Duplicate {
                field: "sku".to_owned(),
                value: name.to_string(),
            });
        }
        let revision = Revision(found.0 + 1);
        let before = Some(sku.to_string());
        let after = Some(name.to_string());
        self.record(Entity::Sku, id.0, NAME, [&before, &after], revision, origin)?;
        self.connection().execute(
            "UPDATE skus SET sku = ?1, revision = ?2, updated_at = ?3 WHERE id = ?4",
            params![name.as_str(), revision.0, sql::instant(self.now()), id.0],
        )?;
        Ok(revision)
    }

    /// Replaces the parts of a kit.
    pub fn set_parts(
        &mut self,
        kit: &Sku,
        parts: &[(Sku, u32)],
        expected: Option<Revision>,
        origin: Origin,
    ) -> Result<Revision, StoreError> {
        let id = self.sku_id(kit)?;
        let (found, _) = self.expect_revision(id, expected)?;
        self.check_parts(id, parts)?;
        let db = self.connection();
        let kept = format!("SELECT {}", kept_parts("?1"));
        let read = || -> Result<Option<String>, StoreError> {
            Ok(db
                .prepare_cached(&kept)?
                .query_row([id.0], |row| row.get(0))?)
        };
        let before = read()?;
        db.execute("DELETE FROM kit_parts WHERE kit_id = ?1", [id.0])?;
        for (part, quantity) in parts {
            db.prepare_cached(
                "INSERT INTO kit_parts (kit_id, variant_id, quantity)
                 SELECT ?1, id, ?3 FROM skus WHERE sku = ?2
                 ON CONFLICT DO UPDATE SET quantity = quantity + excluded.quantity",
            )?
            .execute(params![id.0, part.as_str(), quantity])?;
        }
        let after = read()?;
        if before == after {
            return Ok(found);
        }
        let revision = Revision(found.0 + 1);
        self.record(
            Entity::Sku,
            id.0,
            PARTS,
            [&before, &after],
            revision,
            origin,
        )?;
        db.execute(
            "UPDATE skus SET revision = ?1, updated_at = ?2 WHERE id = ?3",
            [revision.0, sql::instant(self.now()), id.0],
        )?;
        Ok(revision)
    }

    pub(crate) fn check_parts(&self, kit: SkuId, parts: &[(Sku, u32)]) -> Result<(), StoreError> {
        let kind = |id: SkuId| -> Result<String, StoreError> {
            let sql = "SELECT kind FROM skus WHERE id = ?1";
            Ok(self
                .connection()
                .prepare_cached(sql)?
                .query_row([id.0], |row| row.get(0))?)
        };
        if kind(kit)? != "kit" {
            return Err(StoreError::invalid(PARTS, "only a kit has parts"));
        }
        if parts.is_empty() || parts.iter().any(|(_, quantity)| *quantity == 0) {
            return Err(StoreError::invalid(PARTS, "a kit has at least one unit"));
        }
        for (part, _) in parts {
            if kind(self.sku_id(part)?)? != "variant" {
                return Err(StoreError::invalid(PARTS, "a part is a variant, not a kit"));
            }
        }
        Ok(())
    }

    fn expect_revision(
        &self,
        id: SkuId,
        expected: Option<Revision>,
    ) -> Result<(Revision, i64), StoreError> {
        let (found, product_id) = self
            .connection()
            .prepare_cached("SELECT revision, product_id FROM skus WHERE id = ?1")?
            .query_row([id.0], |row| Ok((row.get(0).map(Revision)?, row.get(1)?)))?;
        match expected {
            Some(expected) if expected != found => Err(StoreError::Conflict { expected, found }),
            _ => Ok((found, product_id)),
        }
    }

    fn set_texts<'t>(
        &self,
        entity: Entity,
        id: i64,
        texts: impl Iterator<Item = &'t (Entity, FieldColumn, Option<String>)>,
        origin: Origin,
    ) -> Result<bool, StoreError> {
        let db = self.connection();
        let table = entity.table();
        let sql = format!("SELECT revision FROM {table} WHERE id = ?1");
        let found: i64 = db.prepare_cached(&sql)?.query_row([id], |row| row.get(0))?;
        let revision = Revision(found + 1);
        let mut changed = false;
        for (_, field, after) in texts {
            let before = current(db, entity, id, *field)?.flatten();
            if before == *after {
                continue;
            }
            let assign = field.assign_text();
            db.prepare_cached(&format!("UPDATE {table} SET {assign} WHERE id = ?2"))?
                .execute(params![after, id])?;
            self.record(entity, id, field.code, [&before, after], revision, origin)?;
            changed = true;
        }
        if changed {
            let sql = format!("UPDATE {table} SET revision = ?1 WHERE id = ?2");
            db.prepare_cached(&sql)?.execute([revision.0, id])?;
            let key = match entity {
                Entity::Product => "product_id",
                Entity::Sku => "id",
            };
            let sql = format!("UPDATE skus SET updated_at = ?1 WHERE {key} = ?2");
            db.prepare_cached(&sql)?
                .execute([sql::instant(self.now()), id])?;
        }
        Ok(changed)
    }

    fn record(
        &self,
        entity: Entity,
        id: i64,
        field: &str,
        [before, after]: [&Option<String>; 2],
        revision: Revision,
        origin: Origin,
    ) -> Result<(), StoreError> {
        self.connection()
            .prepare_cached(
                "INSERT INTO edits (at, origin, entity, entity_id, field, before, after, revision)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
            )?
            .execute(params![
                sql::instant(self.now()),
                origin.to_string(),
                entity.code(),
                id,
                field,
                before,
                after,
                revision.0,
            ])?;
        Ok(())
    }
}

/// The value as its field's one text.
pub(crate) fn text(field: &FieldColumn, value: &Value) -> Result<Option<String>, StoreError> {
    let wrong = || StoreError::invalid(field.code, "not a value of this field");
    let text = match (field.shape, value) {
        (_, Value::Nothing) if field.optional => return Ok(None),
        (Shape::Map, Value::Nothing) => "{}".to_owned(),
        (Shape::List | Shape::Images, Value::Nothing) => "[]".to_owned(),
        (Shape::Text, Value::Nothing) if field.code == "description" => String::new(),
        (Shape::Amount, Value::Amount(money)) if money.minor < 0 => {
            return Err(StoreError::invalid(field.code, "an amount below zero"));
        }
        (Shape::Amount, Value::Amount(money)) => format!("{} {}", money.minor, money.currency),
        (Shape::Map, Value::Map(map)) => sql::json(map)?,
        (Shape::Images, Value::Images(images)) => sql::json(images)?,
        (Shape::List, Value::Options(pairs)) if field.code == "options" => sql::json(pairs)?,
        (Shape::List, Value::List(list)) if field.code != "options" => sql::json(list)?,
        (Shape::Text, value) => plain_text(field.code, value).ok_or_else(wrong)?,
        _ => return Err(wrong()),
    };
    if field.code == "title" && text.trim().is_empty() {
        return Err(StoreError::invalid("title", "a product needs one"));
    }
    Ok(Some(text))
}

fn plain_text(code: &str, value: &Value) -> Option<String> {
    match (code, value) {
        ("gtin", Value::Gtin(gtin)) => Some(gtin.as_gtin14()),
        ("condition", Value::Condition(condition)) => Some(condition.code().to_owned()),
        ("weight", Value::Weight(weight)) => Some(sql::weight(*weight)),
        ("length" | "width" | "height", Value::Length(length)) => Some(sql::length(*length)),
        ("title" | "description" | "brand" | "mpn" | "asin", Value::Text(text)) => {
            Some(text.clone())
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use barrow_model::{Currency, Money, Origin, Revision};

    use super::Value;
    use crate::error::StoreError;
    use crate::import::tests::{apply, kit, sku, titled};
    use crate::store::Store;
    use crate::store::tests::memory;

    fn catalogue() -> Store {
        let store = memory();
        apply(
            &store,
            "one",
            &[
                titled(2, "A", 100, 1),
                titled(3, "B", 100, 1),
                kit(4, "K", &[("A", 2)]),
            ],
        );
        store
    }

    fn usd(minor: i64) -> Value {
        Value::Amount(Money::new(minor, Currency::USD))
    }

    fn set(
        store: &Store,
        changes: &[(&str, Value)],
        expected: Option<Revision>,
    ) -> Result<Revision, StoreError> {
        store.write(|tx| tx.set_fields(&sku("A"), changes, expected, Origin::User))
    }

    #[test]
    fn an_edit_is_recorded_and_a_stale_one_refused() {
        let store = catalogue();
        let title = Value::Text("Other".into());
        let edited = set(
            &store,
            &[("price", usd(250)), ("title", title)],
            Some(Revision(1)),
        );
        assert_eq!(edited.expect("edits"), Revision(2));
        let stale = set(&store, &[("price", usd(1))], Some(Revision(1)));
        assert!(matches!(
            stale,
            Err(StoreError::Conflict {
                expected: Revision(1),
                found: Revision(2)
            })
        ));
        let same = set(&store, &[("price", usd(250))], Some(Revision(2)));
        assert_eq!(same.expect("is no edit"), Revision(2));
        let edits = store
            .read(|db| db.edits(db.sku_id(&sku("A"))?, 10))
            .expect("reads");
        let told: Vec<_> = edits
            .iter()
            .map(|edit| {
                (
                    edit.field.as_str(),
                    edit.before.as_deref(),
                    edit.after.as_deref(),
                )
            })
            .collect();
        assert_eq!(
            told,
            [
                ("price", Some("1.00 USD"), Some("2.50 USD")),
                ("title", Some("Title of A"), Some("Other")),
            ]
        );
    }

    #[test]
    fn what_is_not_allowed_changes_nothing() {
        let store = catalogue();
        let check = |field: &str, value: Value| {
            let edited = set(&store, &[("price", usd(900)), (field, value)], None);
            assert!(
                matches!(edited, Err(StoreError::Invalid { .. })),
                "{field}: {edited:?}"
            );
        };
        check("title", Value::Text(" ".into()));
        check("title", Value::Nothing);
        check("cost", usd(-1));
        check("cost", Value::Text("1".into()));
        check("quantity", Value::Text("1".into()));
        check("gtin", Value::Text("4006381333931".into()));
        let row = store
            .read(|db| db.catalogue_row(db.sku_id(&sku("A"))?))
            .expect("reads");
        assert_eq!(row.price, Some(Money::new(100, Currency::USD)));
    }

    #[test]
    fn names_are_unique_and_parts_are_variants() {
        let store = catalogue();
        let rename = store.write(|tx| tx.rename_sku(&sku("A"), &sku("K"), None, Origin::User));
        assert!(matches!(rename, Err(StoreError::Duplicate { .. })));
        let parts = |kit: &str, part: &str, units: u32| {
            store.write(|tx| tx.set_parts(&sku(kit), &[(sku(part), units)], None, Origin::User))
        };
        assert!(matches!(
            parts("A", "B", 1),
            Err(StoreError::Invalid { .. })
        ));
        assert!(matches!(
            parts("K", "K", 1),
            Err(StoreError::Invalid { .. })
        ));
        assert!(matches!(
            parts("K", "B", 0),
            Err(StoreError::Invalid { .. })
        ));
        assert_eq!(parts("K", "B", 3).expect("edits"), Revision(2));
    }
}
