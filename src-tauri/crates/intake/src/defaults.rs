//! Values for cells that a file leaves blank.

use barrow_model::{CellIssue, Currency, Field, Row, RowKind};

use crate::error::IntakeError;
use crate::mapping::{ColumnUse, Plan, mapped_column};
use crate::number::NumberFormat;
use crate::reading::Reading;
use crate::records::{Event, Legacy, Records};
use crate::source::{Encoding, Source};

/// Fields of which each row has its own.
const WITHOUT_DEFAULT: [Field; 5] = [
    Field::Handle,
    Field::Sku,
    Field::Gtin,
    Field::Asin,
    Field::Parts,
];

/// Defaults, parsed once by the same parsers as cells.
#[derive(Debug)]
pub(crate) struct Defaults {
    values: Option<Box<Row>>,
}

impl Defaults {
    pub(crate) fn new(given: &[(Field, String)], currency: Currency) -> Result<Self, IntakeError> {
        let mut values: Option<Box<Row>> = None;
        for (field, text) in given {
            let invalid = |kind| IntakeError::DefaultInvalid {
                field: *field,
                value: text.chars().take(200).collect(),
                kind,
            };
            if WITHOUT_DEFAULT.contains(field) || text.trim().is_empty() {
                return Err(invalid(None));
            }
            let (row, mut issues) = parse(*field, text, currency).ok_or_else(|| invalid(None))?;
            if let Some(issue) = issues.pop() {
                return Err(invalid(Some(issue.kind)));
            }
            match &mut values {
                None => values = Some(Box::new(row)),
                Some(all) => {
                    fill_variant(all, &row);
                    fill_product(all, &row);
                }
            }
        }
        Ok(Self { values })
    }

    /// Fills blank cells of a row: those of the variant, and those of the product where `product`
    /// says that no other row of the file tells them.
    pub(crate) fn fill(&self, row: &mut Row, product: bool) {
        let Some(values) = &self.values else {
            return;
        };
        if row.kind != RowKind::Product {
            fill_variant(row, values);
        }
        if product {
            fill_product(row, values);
        }
    }
}

fn fill_variant(row: &mut Row, from: &Row) {
    fill(&mut row.mpn, &from.mpn);
    fill(&mut row.condition, &from.condition);
    fill(&mut row.weight, &from.weight);
    fill(&mut row.length, &from.length);
    fill(&mut row.width, &from.width);
    fill(&mut row.height, &from.height);
    fill(&mut row.cost, &from.cost);
    fill(&mut row.price, &from.price);
    fill(&mut row.compare_at, &from.compare_at);
    fill(&mut row.location, &from.location);
    // A kit has no stock of its own.
    if row.kind == RowKind::Variant {
        fill(&mut row.quantity, &from.quantity);
    }
    if row.images.variant.is_empty() {
        row.images.variant.clone_from(&from.images.variant);
    }
}

fn fill_product(row: &mut Row, from: &Row) {
    fill(&mut row.title, &from.title);
    fill(&mut row.description, &from.description);
    fill(&mut row.brand, &from.brand);
    fill(&mut row.category, &from.category);
    fill(&mut row.tags, &from.tags);
    if row.images.product.is_empty() {
        row.images.product.clone_from(&from.images.product);
    }
}

fn fill<T: Clone>(cell: &mut Option<T>, default: &Option<T>) {
    if cell.is_none() {
        cell.clone_from(default);
    }
}

/// Reads a default as the only cell of a file.
fn parse(field: Field, text: &str, currency: Currency) -> Option<(Row, Vec<CellIssue>)> {
    let column = mapped_column(field.code(), ColumnUse::Field(field), currency);
    let plan = Plan::new(&[column], NumberFormat::Point, currency);
    let cell = format!("\"{}\"", text.replace('"', "\"\""));
    let source = Source::new(cell.as_bytes(), Encoding::Utf8);
    let mut records = Records::new(source, b',', Legacy::Utf8);
    let Ok(Some(Event::Record(record))) = records.next() else {
        return None;
    };
    let mut issues = Vec::new();
    let mut reading = Reading {
        record,
        plan: &plan,
        issues: &mut issues,
        refused: false,
    };
    let row = reading.row();
    Some((row, issues))
}
