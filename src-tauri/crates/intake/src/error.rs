//! Why a file as a whole is not read.

use std::io;

use barrow_model::{CellIssueKind, Field};
use serde::{Deserialize, Serialize};

/// What a file looks like that is no CSV.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FileKind {
    /// A workbook of Excel or LibreOffice, or another archive of the zip family.
    Workbook,
    /// A workbook of older Excel.
    OldWorkbook,
    /// A PDF.
    Pdf,
    /// A picture.
    Picture,
    /// A compressed file.
    Archive,
    /// A database.
    Database,
    /// A web page.
    WebPage,
    /// XML.
    Xml,
    /// JSON.
    Json,
    /// Something else that is not text.
    Binary,
}

impl FileKind {
    /// What the beginning of a file gives away; none for what may be CSV.
    pub(crate) fn of(sample: &[u8]) -> Option<Self> {
        let kind = match sample {
            [b'P', b'K', 3 | 5, 4 | 6, ..] => Self::Workbook,
            [0xD0, 0xCF, 0x11, 0xE0, ..] => Self::OldWorkbook,
            [b'%', b'P', b'D', b'F', ..] => Self::Pdf,
            [0x89, b'P', b'N', b'G', ..] | [0xFF, 0xD8, 0xFF, ..] => Self::Picture,
            [b'G', b'I', b'F', b'8', ..] => Self::Picture,
            [0x1F, 0x8B, ..] | [b'7', b'z', 0xBC, 0xAF, ..] => Self::Archive,
            [b'R', b'a', b'r', b'!', ..] | [b'B', b'Z', b'h', ..] => Self::Archive,
            _ if sample.starts_with(b"SQLite format 3\0") => Self::Database,
            _ => return Self::of_text(sample),
        };
        Some(kind)
    }

    fn of_text(sample: &[u8]) -> Option<Self> {
        let body = sample.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(sample);
        let beginning: String = body
            .trim_ascii_start()
            .iter()
            .take(64)
            .map(|byte| char::from(byte.to_ascii_lowercase()))
            .collect();
        if beginning.starts_with("<!doctype html") || beginning.starts_with("<html") {
            return Some(Self::WebPage);
        }
        if beginning.starts_with("<?xml") {
            return Some(Self::Xml);
        }
        let after = beginning.get(1..).unwrap_or_default().trim_start();
        let json = match beginning.chars().next() {
            Some('{') => after.starts_with(['"', '}']),
            Some('[') => after.starts_with(['{', '[', ']', '"']),
            _ => false,
        };
        json.then_some(Self::Json)
    }

    /// Its name in parameters.
    pub fn code(self) -> &'static str {
        match self {
            Self::Workbook => "workbook",
            Self::OldWorkbook => "old_workbook",
            Self::Pdf => "pdf",
            Self::Picture => "picture",
            Self::Archive => "archive",
            Self::Database => "database",
            Self::WebPage => "web_page",
            Self::Xml => "xml",
            Self::Json => "json",
            Self::Binary => "binary",
        }
    }

    fn words(self) -> &'static str {
        match self {
            Self::Workbook => {
                "a spreadsheet workbook or zip archive: open it in a spreadsheet program and save \
                 the sheet as CSV (UTF-8)"
            }
            Self::OldWorkbook => {
                "a workbook of an older Excel: open it in a spreadsheet program and save the \
                 sheet as CSV (UTF-8)"
            }
            Self::Pdf => "a PDF: ask for the list as CSV",
            Self::Picture => "a picture",
            Self::Archive => "a compressed file: unpack it first",
            Self::Database => "a database: export the table as CSV",
            Self::WebPage => "a web page: download the file itself, perhaps after signing in",
            Self::Xml => "XML: export the list as CSV",
            Self::Json => "JSON: export the list as CSV",
            Self::Binary => "something other than text",
        }
    }
}

/// Why a file as a whole is not read. Nothing of it was taken over. What is wrong with single
/// rows is told as [`barrow_model::CellIssue`] and is not an error.
#[derive(Debug, thiserror::Error)]
pub enum IntakeError {
    /// There is no such file.
    #[error("{path}: there is no such file")]
    NotFound {
        /// As it was given.
        path: String,
    },
    /// It is a directory.
    #[error("{path} is a directory; name the CSV file in it")]
    IsDirectory {
        /// As it was given.
        path: String,
    },
    /// It cannot be read.
    #[error("{path} cannot be read: {source}")]
    NotReadable {
        /// As it was given.
        path: String,
        /// What the system says.
        source: io::Error,
    },
    /// It is no CSV.
    #[error("{path} is not CSV, it looks like {}", looks_like.words())]
    NotCsv {
        /// As it was given.
        path: String,
        /// What it looks like.
        looks_like: FileKind,
    },
    /// Its text is in an encoding that is not read.
    #[error(
        "{path} is written in an encoding that cannot be told; save it as CSV in UTF-8 and \
         import it again"
    )]
    Encoding {
        /// As it was given.
        path: String,
    },
    /// Nothing is in it.
    #[error("{path} is empty")]
    Empty {
        /// As it was given.
        path: String,
    },
    /// The first line does not name columns that are known.
    #[error(
        "{path} has no header that is known: its first line is {}; name at least the columns of \
         SKU or title, or map columns to them",
        found.join(" | ")
    )]
    NoHeader {
        /// As it was given.
        path: String,
        /// The first cells of the first line, shortened.
        found: Vec<String>,
    },
    /// More columns than are read.
    #[error("the header has {found} columns, at most {max} are read")]
    TooManyColumns {
        /// How many there are.
        found: usize,
        /// How many there may be.
        max: usize,
    },
    /// More rows than are read from one file.
    #[error("the file has more than {max} rows; split it")]
    TooManyRows {
        /// How many there may be.
        max: u64,
    },
    /// A column that is to be mapped is not in the file.
    #[error("there is no column {column:?} to map; the file has {}", columns.join(", "))]
    ColumnUnknown {
        /// As it was given.
        column: String,
        /// The columns of the file.
        columns: Vec<String>,
    },
    /// A default that is no value of its field.
    #[error("{value:?} cannot be the default of {}", field.code())]
    DefaultInvalid {
        /// The field.
        field: Field,
        /// The value as it was given.
        value: String,
        /// What is wrong with it; none where the field cannot have a default.
        kind: Option<CellIssueKind>,
    },
    /// The errors could not be written.
    #[error("the errors cannot be written: {0}")]
    Write(#[source] io::Error),
}

impl IntakeError {
    /// Its kind for messages; never changes.
    pub fn problem_code(&self) -> &'static str {
        match self {
            Self::NotFound { .. } => "file_not_found",
            Self::IsDirectory { .. } => "file_is_directory",
            Self::NotReadable { .. } => "file_not_readable",
            Self::NotCsv { .. } => "file_not_csv",
            Self::Encoding { .. } => "file_encoding",
            Self::Empty { .. } => "file_empty",
            Self::NoHeader { .. } => "file_no_header",
            Self::TooManyColumns { .. } => "file_too_many_columns",
            Self::TooManyRows { .. } => "file_too_many_rows",
            Self::ColumnUnknown { .. } => "column_unknown",
            Self::DefaultInvalid { .. } => "default_invalid",
            Self::Write(_) => "file_not_writable",
        }
    }

    /// What its words are made of, by name.
    pub fn params(&self) -> Vec<(&'static str, String)> {
        match self {
            Self::NotFound { path }
            | Self::IsDirectory { path }
            | Self::Encoding { path }
            | Self::Empty { path } => vec![("path", path.clone())],
            Self::NotReadable { path, source } => {
                vec![("path", path.clone()), ("reason", source.to_string())]
            }
            Self::NotCsv { path, looks_like } => vec![
                ("path", path.clone()),
                ("looks_like", looks_like.code().to_owned()),
            ],
            Self::NoHeader { path, found } => {
                vec![("path", path.clone()), ("found", found.join(" | "))]
            }
            Self::TooManyColumns { found, max } => {
                vec![("found", found.to_string()), ("max", max.to_string())]
            }
            Self::TooManyRows { max } => vec![("max", max.to_string())],
            Self::ColumnUnknown { column, columns } => {
                vec![("column", column.clone()), ("columns", columns.join(", "))]
            }
            Self::DefaultInvalid { field, value, .. } => {
                vec![("field", field.code().to_owned()), ("value", value.clone())]
            }
            Self::Write(source) => vec![("reason", source.to_string())],
        }
    }
}
