//! The refused records of a file as a CSV to correct and import again.

use std::collections::BTreeMap;
use std::io::{self, Read, Seek, Write};
use std::path::Path;

use barrow_model::CellIssue;

use crate::error::IntakeError;
use crate::import::Options;
use crate::mapping::{Column, ColumnUse, columns_of, layout_of};
use crate::opening::{Opening, open_file};
use crate::records::Event;

/// The columns that are added; where the file has them from an earlier round, they are renewed.
const ADDED: [&str; 2] = ["line", "problem"];

/// Writes the records that `issues` refuse, as they stand in the file at `path`, with their line
/// and with what `words` says of each issue. Names of options, which a file gives on the first row
/// of a product only, are filled in, so that a record can be imported by itself. Returns how many
/// records were written; the result is UTF-8 with its mark, for spreadsheets.
pub fn write_errors(
    out: impl Write,
    path: &Path,
    issues: &[CellIssue],
    options: &Options,
    words: impl FnMut(&CellIssue) -> String,
) -> Result<u64, IntakeError> {
    let file = open_file(path)?;
    write_refused(
        out,
        file,
        &path.display().to_string(),
        issues,
        options,
        words,
    )
}

/// As [`write_errors`], from an open file; `name` stands for it in errors.
pub fn write_refused(
    mut out: impl Write,
    mut input: impl Read + Seek,
    name: &str,
    issues: &[CellIssue],
    options: &Options,
    mut words: impl FnMut(&CellIssue) -> String,
) -> Result<u64, IntakeError> {
    let mut by_line: BTreeMap<u64, Vec<&CellIssue>> = BTreeMap::new();
    for issue in issues.iter().filter(|issue| issue.refuses) {
        by_line.entry(issue.line.0).or_default().push(issue);
    }
    let opening = Opening::look(&mut input, name, options.form, options.currency)?;
    let headers = &opening.headers;
    let columns = columns_of(headers, layout_of(headers), options.currency);
    let kept: Vec<usize> = (0..headers.len())
        .filter(|index| !ADDED.contains(&headers[*index].as_str()))
        .collect();
    out.write_all(b"\xEF\xBB\xBF").map_err(IntakeError::Write)?;
    let mut writer = csv::WriterBuilder::new()
        .delimiter(opening.delimiter)
        .flexible(true)
        .from_writer(out);
    let failed = |error: csv::Error| IntakeError::Write(io::Error::other(error));
    let header = kept
        .iter()
        .map(|index| headers[*index].as_str())
        .chain(ADDED);
    writer.write_record(header).map_err(failed)?;

    let unreadable = |source| IntakeError::NotReadable {
        path: name.to_owned(),
        source,
    };
    let mut names = CarriedNames::new(&columns);
    let mut records = opening.records(&mut input).map_err(unreadable)?;
    let mut written = 0;
    while let Some(event) = records.next().map_err(unreadable)? {
        let (line, mut cells) = match event {
            Event::Record(record) => {
                let cells = (0..record.len().max(headers.len()))
                    .map(|column| record.cell(column).into_owned());
                let mut cells: Vec<String> = cells.collect();
                names.carry(&mut cells);
                (record.line, cells)
            }
            Event::TooLarge { line, .. } => (line, vec![String::new(); headers.len()]),
            Event::Unclosed { line, text } => {
                let mut cells = vec![String::new(); headers.len()];
                cells[0] = text.trim_end().to_owned();
                (line, cells)
            }
        };
        let Some(issues) = by_line.get(&line) else {
            continue;
        };
        let surplus = cells.split_off(headers.len().min(cells.len()));
        let said: Vec<String> = issues.iter().map(|issue| words(issue)).collect();
        let own = kept.iter().map(|index| std::mem::take(&mut cells[*index]));
        let record = own
            .chain([line.to_string(), said.join("; ")])
            .chain(surplus);
        writer.write_record(record).map_err(failed)?;
        written += 1;
    }
    writer.flush().map_err(IntakeError::Write)?;
    Ok(written)
}

/// Names of options of the product being read.
struct CarriedNames {
    handle: Option<usize>,
    columns: Vec<usize>,
    product: String,
    names: Vec<String>,
}

impl CarriedNames {
    fn new(columns: &[Column]) -> Self {
        let position = |wanted: ColumnUse| columns.iter().position(|c| c.taken_for == wanted);
        let names: Vec<usize> = (1..=3)
            .filter_map(|number| position(ColumnUse::OptionName(number)))
            .collect();
        Self {
            handle: position(ColumnUse::Field(barrow_model::Field::Handle)),
            names: vec![String::new(); names.len()],
            columns: names,
            product: String::new(),
        }
    }

    fn carry(&mut self, cells: &mut [String]) {
        let Some(handle) = self.handle.and_then(|column| cells.get(column)) else {
            return;
        };
        if *handle != self.product {
            self.product.clone_from(handle);
            self.names.iter_mut().for_each(String::clear);
        }
        for (name, column) in self.names.iter_mut().zip(&self.columns) {
            let cell = &mut cells[*column];
            if cell.trim().is_empty() {
                cell.clone_from(name);
            } else {
                name.clone_from(cell);
            }
        }
    }
}
