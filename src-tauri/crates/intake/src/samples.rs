//! What stands in a file's columns, for a person who says what each is.

use std::path::Path;

use barrow_model::Currency;

use crate::error::IntakeError;
use crate::opening::{Opening, open_file};
use crate::records::Event;

/// Records that are looked through for values.
const RECORDS_MAX: usize = 200;

/// Characters of a value that are shown.
const VALUE_CHARS_MAX: usize = 120;

/// The first values of each column, as they stand there, in the order of the columns; blank ones
/// and those that came before are left out.
pub fn samples(
    path: &Path,
    currency: Currency,
    values_max: usize,
) -> Result<Vec<Vec<String>>, IntakeError> {
    let name = path.display().to_string();
    let unreadable = |source| IntakeError::NotReadable {
        path: name.clone(),
        source,
    };
    let mut file = open_file(path)?;
    let opening = Opening::look(&mut file, &name, currency)?;
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
    Ok(columns)
}
