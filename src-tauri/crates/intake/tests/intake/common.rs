//! Reads whole files for tests.

use std::io::Cursor;

use barrow_intake::{Form, Import, IntakeError, Mapping, Options};
use barrow_model::{CellIssue, Currency, Row};

/// All of a file.
#[derive(Debug)]
pub(crate) struct Whole {
    pub(crate) rows: Vec<Row>,
    pub(crate) issues: Vec<CellIssue>,
    pub(crate) mapping: Mapping,
    pub(crate) records: u64,
    pub(crate) refused: u64,
}

pub(crate) fn options(currency: &str) -> Options {
    Options {
        form: Form::GUESSED,
        mapping: Vec::new(),
        defaults: Vec::new(),
        currency: Currency::parse(currency).expect("a code of three letters"),
    }
}

pub(crate) fn read_with(
    bytes: &[u8],
    options: &Options,
    batch: usize,
) -> Result<Whole, IntakeError> {
    let mut import = Import::new(Cursor::new(bytes), "file.csv", options)?;
    let mut whole = Whole {
        rows: Vec::new(),
        issues: Vec::new(),
        mapping: import.mapping().clone(),
        records: 0,
        refused: 0,
    };
    while let Some(batch) = import.next_batch(batch)? {
        whole.rows.extend(batch.rows);
        whole.issues.extend(batch.issues);
        whole.records += batch.records;
        whole.refused += batch.refused;
    }
    Ok(whole)
}

pub(crate) fn read(text: &str) -> Whole {
    read_with(text.as_bytes(), &options("USD"), 1000).expect("a file that can be read")
}
