//! The imports that have been applied.

use barrow_model::{ImportId, Layout};
use chrono::{DateTime, Utc};
use rusqlite::{OptionalExtension, Row, params};

use crate::error::StoreError;
use crate::sql;
use crate::store::Reader;

/// Imports that are listed at most.
const IMPORTS_MAX: usize = 1_000;

/// An import that has been applied.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Import {
    /// Its number.
    pub id: ImportId,
    /// When it was applied.
    pub at: DateTime<Utc>,
    /// The file's name.
    pub file_name: String,
    /// Which kind of file it was.
    pub layout: Layout,
    /// Rows that made a SKU or a product alone.
    pub created: u64,
    /// Rows that changed one.
    pub changed: u64,
    /// Rows that changed nothing.
    pub unchanged: u64,
    /// Lines that were not applied.
    pub refused: u64,
    /// When it was undone.
    pub undone_at: Option<DateTime<Utc>>,
}

/// The ids that an import made: above `from`, up to `to`.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Range {
    pub(crate) from: i64,
    pub(crate) to: i64,
}

/// Everything that an import wrote.
#[derive(Clone, Copy, Debug)]
pub(super) struct Written {
    pub(super) products: Range,
    pub(super) skus: Range,
    pub(super) edits: Range,
    pub(super) movements: Range,
}

impl Reader<'_> {
    /// Imports, the last one first.
    pub fn imports(&self, limit: usize) -> Result<Vec<Import>, StoreError> {
        let mut query = self.connection().prepare_cached(
            "SELECT id, at, file_name, layout, created, changed, unchanged, refused, undone_at
             FROM imports ORDER BY id DESC LIMIT ?1",
        )?;
        let mut rows = query.query([limit.min(IMPORTS_MAX) as i64])?;
        let mut imports = Vec::new();
        while let Some(row) = rows.next()? {
            imports.push(import(row)?);
        }
        Ok(imports)
    }

    /// One import.
    pub fn import(&self, id: ImportId) -> Result<Import, StoreError> {
        let mut query = self.connection().prepare_cached(
            "SELECT id, at, file_name, layout, created, changed, unchanged, refused, undone_at
             FROM imports WHERE id = ?1",
        )?;
        let mut rows = query.query([id.0])?;
        match rows.next()? {
            Some(row) => import(row),
            None => Err(StoreError::not_found("import", id)),
        }
    }

    pub(super) fn written_by(&self, id: ImportId) -> Result<Written, StoreError> {
        self.connection()
            .query_row(
                "SELECT products_from, products_to, skus_from, skus_to, edits_from, edits_to,
                   movements_from, movements_to FROM imports WHERE id = ?1",
                params![id.0],
                |row| {
                    let range = |at: usize| {
                        Ok::<_, rusqlite::Error>(Range {
                            from: row.get(at)?,
                            to: row.get(at + 1)?,
                        })
                    };
                    Ok(Written {
                        products: range(0)?,
                        skus: range(2)?,
                        edits: range(4)?,
                        movements: range(6)?,
                    })
                },
            )
            .optional()?
            .ok_or_else(|| StoreError::not_found("import", id))
    }
}

fn import(row: &Row<'_>) -> Result<Import, StoreError> {
    let count = |at: usize| row.get::<_, i64>(at).map(i64::unsigned_abs);
    Ok(Import {
        id: ImportId(row.get(0)?),
        at: sql::to_instant(row.get(1)?)?,
        file_name: row.get(2)?,
        layout: sql::to_code(&row.get::<_, String>(3)?)?,
        created: count(4)?,
        changed: count(5)?,
        unchanged: count(6)?,
        refused: count(7)?,
        undone_at: sql::to_instant_opt(row.get(8)?)?,
    })
}
