//! A preview by what it changes: how many rows change which field, which mistakes there are how
//! often, and what the catalogue has beside the file.

use barrow_model::{CellIssue, SourceLine};
use rusqlite::params;

use super::compare::{CHANGED, PARTS_BIT, QUANTITY_BIT};
use super::preview::PREVIEW_ROWS_MAX;
use super::staging::Staging;
use crate::error::StoreError;
use crate::field::{Entity, PARTS, QUANTITY};
use crate::sql;

/// Groups of issues that are told at most.
const GROUPS_MAX: i64 = 1_000;

/// Mistakes of one kind in one column.
#[derive(Clone, Debug, PartialEq)]
pub struct IssueGroup {
    /// The kind, as messages name it.
    pub kind: String,
    /// The column; none where rows as wholes are wrong.
    pub column: Option<String>,
    /// Whether these rows are refused.
    pub refuses: bool,
    /// How many there are.
    pub count: u64,
    /// The first of them.
    pub first: CellIssue,
}

/// The condition under which a changed row changes a field; none for what is no field.
pub(super) fn changes_field(field: &str) -> Option<String> {
    let bit = |columns: &[crate::field::FieldColumn]| {
        columns.iter().position(|column| column.code == field)
    };
    Some(match field {
        QUANTITY => format!("o.mask & {QUANTITY_BIT} <> 0"),
        PARTS => format!("o.mask & {PARTS_BIT} <> 0"),
        _ => match (bit(Entity::Sku.columns()), bit(Entity::Product.columns())) {
            (Some(bit), _) => format!("o.mask & (1 << {bit}) <> 0"),
            (None, Some(bit)) => format!("ifnull(k.mask, 0) & (1 << {bit}) <> 0"),
            (None, None) => return None,
        },
    })
}

impl Staging {
    /// How many of the changed rows change each field, most first; a row may change several.
    pub fn field_counts(&mut self) -> Result<Vec<(String, u64)>, StoreError> {
        let columns = [Entity::Product, Entity::Sku].into_iter();
        let columns = columns.flat_map(|entity| entity.columns().iter().map(|column| column.code));
        let fields: Vec<&str> = columns.chain([QUANTITY, PARTS]).collect();
        let sums: Vec<String> = fields
            .iter()
            .map(|field| changes_field(field).unwrap_or_else(|| "0".to_owned()))
            .map(|condition| format!("ifnull(sum({condition}), 0)"))
            .collect();
        let sql = format!(
            "SELECT {} FROM staging.outcome o JOIN staging.rows r ON r.id = o.row_id
             LEFT JOIN staging.known k ON k.staged = r.product WHERE o.state = {CHANGED}",
            sums.join(", ")
        );
        self.compare()?;
        self.on(|db| {
            let counts: Vec<i64> = db.query_row(&sql, [], |row| {
                (0..fields.len()).map(|at| row.get(at)).collect()
            })?;
            let counts = fields.iter().zip(counts).filter(|(_, count)| *count > 0);
            let mut counts: Vec<(String, u64)> = counts
                .map(|(field, count)| ((*field).to_owned(), count.unsigned_abs()))
                .collect();
            counts.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
            Ok(counts)
        })
    }

    /// How many SKUs the catalogue has that the file does not name; they stay as they are.
    pub fn not_in_file(&mut self) -> Result<u64, StoreError> {
        self.compare()?;
        self.on(|db| {
            let count: i64 = db.query_row(
                "SELECT (SELECT skus FROM main.totals)
                   - (SELECT count(DISTINCT sku_id) FROM staging.outcome)",
                [],
                |row| row.get(0),
            )?;
            Ok(u64::try_from(count).unwrap_or(0))
        })
    }

    /// Mistakes by kind and column, most first.
    pub fn issue_groups(&mut self) -> Result<Vec<IssueGroup>, StoreError> {
        self.compare()?;
        self.on(|db| {
            let mut query = db.prepare(
                "SELECT g.count, i.line, i.header, i.value, i.kind, i.refuses, g.code
                 FROM (SELECT kind ->> 'kind' AS code, count(*) AS count, min(id) AS id
                   FROM staging.issues GROUP BY kind ->> 'kind', header, refuses
                   ORDER BY count(*) DESC LIMIT ?1) g
                 JOIN staging.issues i ON i.id = g.id ORDER BY g.count DESC, i.line",
            )?;
            let mut rows = query.query([GROUPS_MAX])?;
            let mut groups = Vec::new();
            while let Some(row) = rows.next()? {
                let first = CellIssue {
                    line: SourceLine(row.get::<_, i64>(1)?.unsigned_abs()),
                    column: row.get(2)?,
                    value: row.get(3)?,
                    kind: sql::to_json(&row.get::<_, String>(4)?)?,
                    refuses: row.get(5)?,
                };
                groups.push(IssueGroup {
                    kind: row.get(6)?,
                    column: first.column.clone(),
                    refuses: first.refuses,
                    count: row.get::<_, i64>(0)?.unsigned_abs(),
                    first,
                });
            }
            Ok(groups)
        })
    }

    /// A page of the mistakes of one kind in one column, in the order of the file.
    pub fn issues_of(
        &mut self,
        (kind, column): (&str, Option<&str>),
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
                 WHERE (line, id) > (?1, ?2) AND kind ->> 'kind' = ?3 AND header IS ?4
                 ORDER BY line, id LIMIT ?5",
            )?;
            let limit = limit.min(PREVIEW_ROWS_MAX) as i64;
            let mut found = query.query(params![line, position, kind, column, limit])?;
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
