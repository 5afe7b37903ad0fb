//! What stands in a file's columns, for a person who says what each is.

use std::io::{Seek, SeekFrom};
use std::path::Path;

use crate::error::IntakeError;
use crate::import::{Options, taken_for};
use crate::mapping::Mapping;
use crate::opening::{Opening, open_file};
use crate::records::Event;

/// Records that are looked through for values.
const RECORDS_MAX: usize = 200;

/// Characters of a value that are shown.
const VALUE_CHARS_MAX: usize = 120;

/// A file that was looked at.
#[derive(Clone, Debug)]
pub struct Looked {
    /// What it was taken for. Nothing is demanded of its columns: one who sees them can say what
    /// they are.
    pub mapping: Mapping,
    /// The file's size.
    pub bytes_total: u64,
    /// The first values of each column, as they stand there, in the order of the columns; blank
    /// ones and those that came before are left out.
    pub samples: Vec<Vec<String>>,
}

/// Looks at a file without reading its rows, and shows at most `values_max` values of a column.
pub fn look(path: &Path, options: &Options, values_max: usize) -> Result<Looked, IntakeError> {
    let name = path.display().to_string();
    let unreadable = |source| IntakeError::NotReadable {
        path: name.clone(),
        source,
    };
    let mut file = open_file(path)?;
    let opening = Opening::look(&mut file, &name, options.form, options.currency)?;
    let (mapping, _) = taken_for(&opening, options)?;
    let bytes_total = file.seek(SeekFrom::End(0)).map_err(unreadable)?;
    let mut columns = vec![Vec::new(); opening.headers.len()];
    let mut records = opening.records(&mut file).map_err(unreadable)?;
    for _ in 0..RECORDS_MAX {
        let Some(event) = records.next().map_err(unreadable)? else {
            break;
        };
        let Event::Record(record) = event else {
            continue;
        };
        for (index, values) in columns.iter_mut().enumerate() {
            if values.len() >= values_max || index >= record.len() {
                continue;
            }
            let cell = record.cell(index);
            let value: String = cell.trim().chars().take(VALUE_CHARS_MAX).collect();
            if !value.is_empty() && !values.contains(&value) {
                values.push(value);
            }
        }
    }
    Ok(Looked {
        mapping,
        bytes_total,
        samples: columns,
    })
}
