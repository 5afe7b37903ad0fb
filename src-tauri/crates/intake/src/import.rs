//! Reading a catalogue file, batch by batch.

use std::collections::HashMap;
use std::fs::File;
use std::hash::{BuildHasher, RandomState};
use std::io::{Read, Seek, SeekFrom};
use std::path::Path;

use barrow_model::{CellIssue, CellIssueKind, Currency, Field, Layout, Row, RowKind, SourceLine};

use crate::defaults::Defaults;
use crate::error::IntakeError;
use crate::mapping::{Column, ColumnUse, Mapping, Plan, columns_of, layout_of, mapped_column};
use crate::names::normal;
use crate::number::NumberFormat;
use crate::opening::{Form, Opening, open_file};
use crate::plain;
use crate::reading::{OptionNames, Reading, VALUE_CHARS_MAX};
use crate::records::{CELL_BYTES_MAX, Event, Record, Records};
use crate::shopify::{Shopify, Taken};
use crate::woocommerce::WooCommerce;

/// Rows of a file at most. Telling duplicate SKUs takes about 40 bytes of memory per row.
pub const ROWS_MAX: u64 = 10_000_000;
/// Rows of one product that are held back for its further pictures. Shopify allows 2,048 variants
/// and 250 pictures.
const GROUP_ROWS_MAX: usize = 2500;

/// Rows for which room is made before they are read.
const RESERVED_ROWS_MAX: usize = 4096;

/// How a file is to be read.
#[derive(Clone, Debug)]
pub struct Options {
    /// What is said of the file's form.
    pub form: Form,
    /// Columns, by their headers, with what they are to be taken for; others are recognised.
    pub mapping: Vec<(String, ColumnUse)>,
    /// Values for cells that the file leaves blank, in every row of a variant.
    pub defaults: Vec<(Field, String)>,
    /// The catalogue's currency.
    pub currency: Currency,
}

/// Some of a file's rows.
#[derive(Debug, Default)]
pub struct Batch {
    /// Rows without mistakes.
    pub rows: Vec<Row>,
    /// What is wrong with others, and what is told.
    pub issues: Vec<CellIssue>,
    /// Records that were read for this batch.
    pub records: u64,
    /// Records among them that were refused.
    pub refused: u64,
    /// Bytes of the file read so far.
    pub bytes_read: u64,
}

/// Opens a file. `name` in errors is the path as given.
pub fn open(path: &Path, options: &Options) -> Result<Import<File>, IntakeError> {
    let file = open_file(path)?;
    Import::new(file, &path.display().to_string(), options)
}

/// A file being read. Memory stays flat, however long the file is, but for the hash of each SKU
/// and, in WooCommerce's layout, the parents.
#[derive(Debug)]
pub struct Import<R> {
    records: Records<R>,
    rows: Rows,
    mapping: Mapping,
    name: String,
    bytes_total: u64,
    records_read: u64,
    ended: bool,
}

/// How records of a layout become rows.
#[derive(Debug)]
enum Rules {
    Plain(OptionNames),
    Shopify(Shopify),
    WooCommerce(Box<WooCommerce>),
}

/// What is remembered from row to row.
#[derive(Debug)]
struct Rows {
    plan: Plan,
    rules: Rules,
    defaults: Defaults,
    seen: HashMap<u64, u32>,
    hasher: RandomState,
    /// The product of the row above.
    handle: String,
    /// Rows of the product being read, where further pictures may follow.
    held: Vec<Row>,
    damage_told: bool,
}

impl<R: Read + Seek> Import<R> {
    /// Looks at a file and reads its header. `name` stands for it in errors.
    pub fn new(mut input: R, name: &str, options: &Options) -> Result<Self, IntakeError> {
        let unreadable = |source| IntakeError::NotReadable {
            path: name.to_owned(),
            source,
        };
        let defaults = Defaults::new(&options.defaults, options.currency)?;
        let opening = Opening::look(&mut input, name, options.form, options.currency)?;
        let (mapping, mut plan) = taken_for(&opening, options)?;
        check_header(&mapping.columns, name)?;
        let layout = mapping.layout;
        plan.oversold = layout != Layout::Plain;
        let rules = match layout {
            Layout::Plain => Rules::Plain(OptionNames::default()),
            Layout::Shopify => Rules::Shopify(Shopify::new(&plan)),
            Layout::WooCommerce => {
                let mut rules = WooCommerce::new(&plan);
                let mut records = opening.records(&mut input).map_err(unreadable)?;
                rules.learn(&mut records, &plan).map_err(unreadable)?;
                Rules::WooCommerce(Box::new(rules))
            }
        };
        let bytes_total = input.seek(SeekFrom::End(0)).map_err(unreadable)?;
        let records = opening.records(input).map_err(unreadable)?;
        Ok(Self {
            records,
            rows: Rows {
                plan,
                rules,
                defaults,
                seen: HashMap::new(),
                hasher: RandomState::new(),
                handle: String::new(),
                held: Vec::new(),
                damage_told: false,
            },
            mapping,
            name: name.to_owned(),
            bytes_total,
            records_read: 0,
            ended: false,
        })
    }

    /// What the file was taken for.
    pub fn mapping(&self) -> &Mapping {
        &self.mapping
    }

    /// The file's size.
    pub fn bytes_total(&self) -> u64 {
        self.bytes_total
    }

    /// The rows of the next `records_max` records, and what is wrong with them; none at the end.
    /// A batch may have fewer rows than records, or a few more: a product's rows stay together.
    pub fn next_batch(&mut self, records_max: usize) -> Result<Option<Batch>, IntakeError> {
        if self.ended {
            return Ok(None);
        }
        let mut batch = Batch {
            rows: std::mem::take(&mut self.rows.held),
            ..Batch::default()
        };
        // Grown step by step, large rows would be copied again and again.
        batch.rows.reserve(records_max.min(RESERVED_ROWS_MAX));
        while batch.records < records_max.max(1) as u64 {
            let event = self
                .records
                .next()
                .map_err(|source| IntakeError::NotReadable {
                    path: self.name.clone(),
                    source,
                })?;
            let Some(event) = event else {
                self.ended = true;
                break;
            };
            batch.records += 1;
            if self.records_read + batch.records > ROWS_MAX {
                return Err(IntakeError::TooManyRows { max: ROWS_MAX });
            }
            let accepted = match event {
                Event::Record(record) => self.rows.take(record, &mut batch),
                Event::TooLarge { line, column } => {
                    let issue = self.rows.too_large(line, column);
                    batch.issues.push(issue);
                    false
                }
                Event::Unclosed { line, text } => {
                    batch.issues.push(unclosed(line, &text));
                    false
                }
            };
            batch.refused += u64::from(!accepted);
        }
        if !self.ended {
            self.rows.hold_back(&mut batch);
        }
        self.records_read += batch.records;
        batch.bytes_read = self.records.bytes_read();
        Ok(Some(batch))
    }
}

impl Rows {
    /// Takes a record into the batch; tells whether it was accepted.
    fn take(&mut self, record: Record<'_>, batch: &mut Batch) -> bool {
        if let Some(column) = record.oversized() {
            let issue = self.too_large(record.line, column);
            batch.issues.push(issue);
            return false;
        }
        let mut reading = Reading {
            record,
            plan: &self.plan,
            issues: &mut batch.issues,
            refused: false,
        };
        check_cells(&mut reading, &mut self.damage_told);
        let mut row = match &mut self.rules {
            Rules::Plain(names) => plain::read(&mut reading, names),
            Rules::WooCommerce(rules) => rules.read(&mut reading),
            Rules::Shopify(rules) => match rules.read(&mut reading) {
                Taken::Variant(row) => *row,
                Taken::Pictures(handle, images) => {
                    let of_product = batch.rows.iter_mut().rev().take(GROUP_ROWS_MAX);
                    let first = of_product.take_while(|row| row.handle == handle).last();
                    if let Some(first) = first {
                        let product = &mut first.images.product;
                        let new = images.into_iter().filter(|image| !product.contains(image));
                        let new: Vec<_> = new.collect();
                        product.extend(new);
                    }
                    return !reading.refused;
                }
            },
        };
        if let Some(sku) = &row.sku {
            let line = u32::try_from(record.line).unwrap_or(u32::MAX);
            let hash = self.hasher.hash_one(sku.as_str());
            let first_line = *self.seen.entry(hash).or_insert(line);
            if first_line != line {
                let first_line = u64::from(first_line);
                let column = self.plan.field(Field::Sku);
                let kind = CellIssueKind::SkuDuplicate { first_line };
                reading.refuse(column, sku.as_str(), kind);
            }
        }
        if reading.refused {
            return false;
        }
        let first = self.handle != row.handle;
        if first {
            self.handle.clear();
            self.handle.push_str(&row.handle);
        }
        let product = match &self.rules {
            Rules::WooCommerce(rules) => !rules.has_parent(&row),
            Rules::Plain(_) | Rules::Shopify(_) => first,
        };
        self.defaults.fill(&mut row, product);
        batch.rows.push(row);
        true
    }

    fn too_large(&self, line: u64, column: usize) -> CellIssue {
        CellIssue {
            line: SourceLine(line),
            column: self.plan.headers.get(column).cloned(),
            value: String::new(),
            kind: CellIssueKind::CellTooLarge {
                limit: CELL_BYTES_MAX as u64,
            },
            refuses: true,
        }
    }

    /// Keeps the rows of the last product for the next batch: pictures of it may follow.
    fn hold_back(&mut self, batch: &mut Batch) {
        if !matches!(self.rules, Rules::Shopify(_)) {
            return;
        }
        let of_product = |row: &&Row| row.kind == RowKind::Variant && row.handle == self.handle;
        let held = batch.rows.iter().rev().take_while(of_product).count();
        if held < GROUP_ROWS_MAX {
            self.held = batch.rows.split_off(batch.rows.len() - held);
        }
    }
}

/// Refuses records with more cells than the header, or with bytes that are no text.
fn check_cells(reading: &mut Reading<'_>, damage_told: &mut bool) {
    let record = reading.record;
    let columns = reading.plan.headers.len();
    if record.len() > columns
        && let Some(surplus) = (columns..record.len()).find_map(|column| reading.cell(column))
    {
        reading.refuse(None, &surplus, CellIssueKind::TooManyCells);
    }
    let replaced = !record.text().is_ascii() && record.text().contains('\u{FFFD}');
    if record.damaged || (replaced && !*damage_told) {
        let cell = |column: &usize| record.cell(*column).contains('\u{FFFD}');
        let column = (0..record.len()).find(cell);
        let value = column.map(|column| record.cell(column)).unwrap_or_default();
        // What another program replaced before is kept as it stands, and told once.
        *damage_told |= !record.damaged;
        reading.refused |= record.damaged;
        reading.tell(column, &value, CellIssueKind::Undecodable, record.damaged);
    }
}

fn unclosed(line: u64, text: &str) -> CellIssue {
    CellIssue {
        line: SourceLine(line),
        column: None,
        value: text.trim_end().chars().take(VALUE_CHARS_MAX).collect(),
        kind: CellIssueKind::QuoteUnclosed,
        refuses: true,
    }
}

/// What a file and its columns are taken for, and how its cells are read by that.
pub(crate) fn taken_for(
    opening: &Opening,
    options: &Options,
) -> Result<(Mapping, Plan), IntakeError> {
    let layout = layout_of(&opening.headers);
    let mut columns = columns_of(&opening.headers, layout, options.currency);
    apply_mapping(&mut columns, options)?;
    let mut plan = Plan::new(&columns, NumberFormat::Point, options.currency);
    plan.numbers = opening.number_format(&plan);
    let mapping = Mapping {
        layout,
        encoding: opening.sniffed.encoding,
        delimiter: char::from(opening.delimiter),
        numbers: plan.numbers,
        columns,
    };
    Ok((mapping, plan))
}

fn apply_mapping(columns: &mut [Column], options: &Options) -> Result<(), IntakeError> {
    for (name, taken_for) in &options.mapping {
        let exact = columns.iter().position(|c| c.header == name.trim());
        let similar = || {
            let wanted = normal(name);
            columns.iter().position(|c| normal(&c.header) == wanted)
        };
        let Some(index) = exact.or_else(similar) else {
            return Err(IntakeError::ColumnUnknown {
                column: name.clone(),
                columns: columns.iter().map(|c| c.header.clone()).collect(),
            });
        };
        for column in columns.iter_mut() {
            if column.taken_for == *taken_for {
                column.taken_for = ColumnUse::Ignored;
            }
        }
        let header = columns[index].header.clone();
        columns[index] = mapped_column(&header, taken_for.clone(), options.currency);
    }
    Ok(())
}

/// A header names at least one column by which goods can be told apart.
fn check_header(columns: &[Column], name: &str) -> Result<(), IntakeError> {
    const IDENTITY: [Field; 6] = [
        Field::Handle,
        Field::Sku,
        Field::Title,
        Field::Gtin,
        Field::Mpn,
        Field::Asin,
    ];
    let identifies = |column: &Column| {
        IDENTITY
            .iter()
            .any(|f| column.taken_for == ColumnUse::Field(*f))
    };
    if columns.iter().any(identifies) {
        return Ok(());
    }
    let shortened = |column: &Column| column.header.chars().take(40).collect();
    Err(IntakeError::NoHeader {
        path: name.to_owned(),
        found: columns.iter().take(8).map(shortened).collect(),
    })
}
