//! What an import would do, before anything is done.

use barrow_model::{CellIssue, ImportId, Sku, SourceLine};
use rusqlite::{Connection, OptionalExtension, params};
use serde::{Deserialize, Serialize};

use super::compare::{CHANGED, NEW, PARTS_BIT, QUANTITY_BIT, REFUSED, UNCHANGED};
use super::groups::changes_field;
use super::staging::Staging;
use crate::error::StoreError;
use crate::field::{Entity, PARTS, QUANTITY, readable};
use crate::sql;

/// Rows of one page of a preview at most.
pub const PREVIEW_ROWS_MAX: usize = 1_000;

/// How many rows of a file would do what.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImportPreview {
    /// Rows whose SKU the catalogue does not have.
    pub new: u64,
    /// Rows that differ from what the catalogue has.
    pub changed: u64,
    /// Rows that say what the catalogue says.
    pub unchanged: u64,
    /// Lines that are not applied, each with an issue.
    pub refused: u64,
    /// An import of the same content that has been applied and not undone.
    pub same_as: Option<ImportId>,
}

/// What would become of a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum RowState {
    /// It makes a SKU, or a product alone.
    New,
    /// It changes one.
    Changed,
    /// It changes nothing.
    Unchanged,
    /// It is not applied.
    Refused,
}

/// A row of a preview.
#[derive(Clone, Debug, PartialEq)]
pub struct StagedRow {
    /// Its place in the preview, to go on after it.
    pub position: i64,
    /// Its line in the file.
    pub line: SourceLine,
    /// Its SKU; none for a product alone.
    pub sku: Option<Sku>,
    /// The product's title as the file or the catalogue has it.
    pub title: Option<String>,
    /// What it would change; of a new row, everything that it says.
    pub changes: Vec<FieldChange>,
}

/// One value before and after, in words that a person reads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldChange {
    /// The field's name, as in files.
    pub field: String,
    /// What is there now; none where nothing is.
    pub before: Option<String>,
    /// What would be there.
    pub after: Option<String>,
}

impl RowState {
    fn code(self) -> i64 {
        match self {
            Self::New => NEW,
            Self::Changed => CHANGED,
            Self::Unchanged => UNCHANGED,
            Self::Refused => REFUSED,
        }
    }
}

impl Staging {
    /// Compares what was added with the catalogue.
    pub fn preview(&mut self) -> Result<ImportPreview, StoreError> {
        self.compare()?;
        let hash = self.meta.content_hash.clone();
        self.on(|db| {
            let mut counts = counts(db)?;
            counts.same_as = db
                .query_row(
                    "SELECT id FROM main.imports WHERE content_hash = ?1 AND undone_at IS NULL
                     ORDER BY id DESC",
                    [hash],
                    |row| row.get(0).map(ImportId),
                )
                .optional()?;
            Ok(counts)
        })
    }

    /// A page of the rows of one state, in the order of the file, with what each would change.
    pub fn rows(
        &mut self,
        state: RowState,
        after: Option<i64>,
        limit: usize,
    ) -> Result<Vec<StagedRow>, StoreError> {
        self.rows_of(state, None, after, limit)
    }

    /// The same, of those alone that change a field.
    pub fn rows_of(
        &mut self,
        state: RowState,
        field: Option<&str>,
        after: Option<i64>,
        limit: usize,
    ) -> Result<Vec<StagedRow>, StoreError> {
        let condition = match field {
            Some(field) => changes_field(field)
                .ok_or_else(|| StoreError::invalid(field, "there is no such field"))?,
            None => "1".to_owned(),
        };
        self.compare()?;
        self.on(|db| {
            let mut query = db.prepare(&format!(
                "SELECT r.id, r.line, r.sku, ifnull(p.title, m.title), o.sku_id, o.mask,
                   k.product_id, k.mask
                 FROM staging.outcome o
                 JOIN staging.rows r ON r.id = o.row_id
                 JOIN staging.products p ON p.id = r.product
                 LEFT JOIN staging.known k ON k.staged = r.product
                 LEFT JOIN main.products m ON m.id = k.product_id
                 WHERE o.state = ?1 AND o.row_id > ?2 AND {condition}
                 ORDER BY o.row_id LIMIT ?3"
            ))?;
            let limit = limit.min(PREVIEW_ROWS_MAX) as i64;
            let mut found = query.query(params![state.code(), after.unwrap_or(0), limit])?;
            let mut rows = Vec::new();
            while let Some(row) = found.next()? {
                let position: i64 = row.get(0)?;
                let product_mask = row.get::<_, Option<i64>>(7)?;
                let mask = row
                    .get::<_, Option<i64>>(4)?
                    .map(|_| row.get(5))
                    .transpose()?;
                let mut changes = Vec::new();
                if state != RowState::Unchanged && state != RowState::Refused {
                    product_changes(db, position, product_mask, &mut changes)?;
                    sku_changes(db, position, mask, &mut changes)?;
                }
                rows.push(StagedRow {
                    position,
                    line: SourceLine(row.get::<_, i64>(1)?.unsigned_abs()),
                    sku: row
                        .get::<_, Option<String>>(2)?
                        .map(sql::to_sku)
                        .transpose()?,
                    title: row.get(3)?,
                    changes,
                });
            }
            Ok(rows)
        })
    }

    /// A page of issues in the order of the file: those that were added, and those that the
    /// comparison found. The number with each is its place, to go on after it.
    pub fn issues(
        &mut self,
        after: Option<(SourceLine, i64)>,
        limit: usize,
    ) -> Result<Vec<(i64, CellIssue)>, StoreError> {
        self.compare()?;
        let (line, position) = match after {
            Some((line, position)) => (i64::try_from(line.0).unwrap_or(i64::MAX), position),
            None => (-1, -1),
        };
        self.on(|db| {
            let mut query = db.prepare(
                "SELECT id, line, header, value, kind, refuses FROM staging.issues
                 WHERE (line, id) > (?1, ?2) ORDER BY line, id LIMIT ?3",
            )?;
            let limit = limit.min(PREVIEW_ROWS_MAX) as i64;
            let mut found = query.query(params![line, position, limit])?;
            let mut issues = Vec::new();
            while let Some(row) = found.next()? {
                let issue = CellIssue {
                    line: SourceLine(row.get::<_, i64>(1)?.unsigned_abs()),
                    column: row.get(2)?,
                    value: row.get(3)?,
                    kind: sql::to_json(&row.get::<_, String>(4)?)?,
                    refuses: row.get(5)?,
                };
                issues.push((row.get(0)?, issue));
            }
            Ok(issues)
        })
    }
}

/// Rows by state. Refused lines are counted rather than rows: of some, no row could be made.
pub(super) fn counts(db: &Connection) -> Result<ImportPreview, StoreError> {
    let mut counts = ImportPreview {
        new: 0,
        changed: 0,
        unchanged: 0,
        refused: 0,
        same_as: None,
    };
    let mut query = db.prepare("SELECT state, count(*) FROM staging.outcome GROUP BY state")?;
    let mut found = query.query([])?;
    while let Some(row) = found.next()? {
        let count = row.get::<_, i64>(1)?.unsigned_abs();
        match row.get::<_, i64>(0)? {
            NEW => counts.new = count,
            CHANGED => counts.changed = count,
            UNCHANGED => counts.unchanged = count,
            _ => {}
        }
    }
    counts.refused = db
        .query_row("SELECT count(*) FROM staging.refused", [], |row| {
            row.get::<_, i64>(0)
        })?
        .unsigned_abs();
    Ok(counts)
}

/// `mask` is none for a product that the catalogue does not have.
fn product_changes(
    db: &Connection,
    row: i64,
    mask: Option<i64>,
    changes: &mut Vec<FieldChange>,
) -> Result<(), StoreError> {
    let from = "staging.rows r JOIN staging.products n ON n.id = r.product
                LEFT JOIN staging.known k ON k.staged = r.product
                LEFT JOIN main.products t ON t.id = k.product_id";
    field_changes(db, Entity::Product, from, row, mask, changes)
}

/// `mask` is none for a SKU that the catalogue does not have.
fn sku_changes(
    db: &Connection,
    row: i64,
    mask: Option<i64>,
    changes: &mut Vec<FieldChange>,
) -> Result<(), StoreError> {
    let from = "staging.rows n JOIN staging.rows r ON r.id = n.id
                JOIN staging.outcome o ON o.row_id = n.id
                LEFT JOIN main.skus t ON t.id = o.sku_id";
    field_changes(db, Entity::Sku, from, row, mask, changes)?;
    let other = mask.unwrap_or(QUANTITY_BIT | PARTS_BIT);
    if other & QUANTITY_BIT != 0 {
        let before = "SELECT on_hand FROM main.stock s JOIN staging.places l
                        ON l.location_id = s.location_id
                      WHERE s.sku_id = o.sku_id AND l.id = r.place";
        pseudo_change(db, QUANTITY, before, row, changes)?;
    }
    if other & PARTS_BIT != 0 {
        let before = "SELECT json_group_array(json_array(v.sku, k.quantity))
                      FROM main.kit_parts k JOIN main.skus v ON v.id = k.variant_id
                      WHERE k.kit_id = o.sku_id";
        pseudo_change(db, PARTS, before, row, changes)?;
    }
    Ok(())
}

fn field_changes(
    db: &Connection,
    entity: Entity,
    from: &str,
    row: i64,
    mask: Option<i64>,
    changes: &mut Vec<FieldChange>,
) -> Result<(), StoreError> {
    for (bit, field) in entity.columns().iter().enumerate() {
        if mask.is_some_and(|mask| mask & (1 << bit) == 0) {
            continue;
        }
        let after = match mask {
            Some(_) => field.text_after("n", "t"),
            None => field.text("n"),
        };
        let before = field.text("t");
        let sql = format!("SELECT {before}, {after} FROM {from} WHERE r.id = ?1");
        let (before, after): (Option<String>, Option<String>) = db
            .prepare_cached(&sql)?
            .query_row([row], |found| Ok((found.get(0)?, found.get(1)?)))?;
        if after.is_some() {
            changes.push(FieldChange {
                field: field.code.to_owned(),
                before: before.map(|text| field.readable(&text)),
                after: after.map(|text| field.readable(&text)),
            });
        }
    }
    Ok(())
}

/// A change of what is no column: stock and parts. `column` is its name among the staged rows.
fn pseudo_change(
    db: &Connection,
    column: &str,
    before: &str,
    row: i64,
    changes: &mut Vec<FieldChange>,
) -> Result<(), StoreError> {
    let sql = format!(
        "SELECT CAST(({before}) AS TEXT), CAST(r.{column} AS TEXT)
         FROM staging.rows r JOIN staging.outcome o ON o.row_id = r.id WHERE r.id = ?1"
    );
    let (before, after): (Option<String>, Option<String>) = db
        .prepare_cached(&sql)?
        .query_row([row], |found| Ok((found.get(0)?, found.get(1)?)))?;
    if after.is_some() {
        changes.push(FieldChange {
            field: column.to_owned(),
            before: readable(column, before.filter(|text| text != "[]")),
            after: readable(column, after),
        });
    }
    Ok(())
}
