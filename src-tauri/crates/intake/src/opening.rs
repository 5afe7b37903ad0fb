//! What a file is: its encoding, its delimiter, its header.

use std::fs::{self, File};
use std::io::{self, Read, Seek, SeekFrom};
use std::path::Path;

use barrow_model::Currency;

use crate::error::{FileKind, IntakeError};
use crate::mapping::{Plan, recognised};
use crate::number::{NumberFormat, evidence};
use crate::records::{Event, Legacy, Records};
use crate::source::{
    Encoding, SAMPLE_BYTES, Sniffed, Source, Unreadable, decode_sample, said, sniff,
};

/// Columns of a file at most. Spreadsheets end at 16,384, of which no list of goods needs many.
pub const COLUMNS_MAX: usize = 2000;

/// Records that tell about the format of numbers.
const EVIDENCE_RECORDS: usize = 2000;

/// What separates the cells of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Delimiter {
    /// `,`
    Comma,
    /// `;`
    Semicolon,
    /// A tabulator.
    Tab,
    /// `|`
    Bar,
}

impl Delimiter {
    /// All of them, in the order in which they are tried.
    pub const ALL: [Self; 4] = [Self::Comma, Self::Semicolon, Self::Tab, Self::Bar];

    /// The one that a text is; none for any other text.
    pub fn of(text: &str) -> Option<Self> {
        let is_it = |one: &Self| text.as_bytes() == [one.byte()];
        Self::ALL.into_iter().find(is_it)
    }

    fn byte(self) -> u8 {
        match self {
            Self::Comma => b',',
            Self::Semicolon => b';',
            Self::Tab => b'\t',
            Self::Bar => b'|',
        }
    }
}

/// What a person says of a file's form; the rest is told by the file's beginning.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Form {
    /// What its text is written in.
    pub encoding: Option<Encoding>,
    /// What separates its cells.
    pub delimiter: Option<Delimiter>,
    /// Which mark separates decimals.
    pub numbers: Option<NumberFormat>,
}

impl Form {
    /// Nothing is said.
    pub const GUESSED: Self = Self {
        encoding: None,
        delimiter: None,
        numbers: None,
    };
}

/// What was found at the beginning of a file.
#[derive(Debug)]
pub(crate) struct Opening {
    pub(crate) sniffed: Sniffed,
    pub(crate) delimiter: u8,
    pub(crate) headers: Vec<String>,
    numbers: Option<NumberFormat>,
    sample: String,
}

/// Opens a file, which must be one.
pub(crate) fn open_file(path: &Path) -> Result<File, IntakeError> {
    let name = path.display().to_string();
    let unreadable = |source: io::Error| match source.kind() {
        io::ErrorKind::NotFound => IntakeError::NotFound { path: name.clone() },
        io::ErrorKind::IsADirectory => IntakeError::IsDirectory { path: name.clone() },
        _ => IntakeError::NotReadable {
            path: name.clone(),
            source,
        },
    };
    if fs::metadata(path).map_err(unreadable)?.is_dir() {
        return Err(IntakeError::IsDirectory { path: name });
    }
    File::open(path).map_err(unreadable)
}

impl Opening {
    /// Looks at the beginning of a file.
    pub(crate) fn look(
        input: &mut (impl Read + Seek),
        name: &str,
        form: Form,
        currency: Currency,
    ) -> Result<Self, IntakeError> {
        let path = || name.to_owned();
        let unreadable = |source| IntakeError::NotReadable {
            path: path(),
            source,
        };
        input.seek(SeekFrom::Start(0)).map_err(unreadable)?;
        let mut sample = Vec::new();
        input
            .take(SAMPLE_BYTES as u64)
            .read_to_end(&mut sample)
            .map_err(unreadable)?;
        let found = match form.encoding {
            Some(encoding) => said(&sample, encoding),
            None => sniff(&sample),
        };
        let sniffed = found.map_err(|reason| match reason {
            Unreadable::Encoding => IntakeError::Encoding { path: path() },
            Unreadable::Kind(looks_like) => IntakeError::NotCsv {
                path: path(),
                looks_like,
            },
        })?;
        let sample = decode_sample(&sample, sniffed);
        if sample.trim().is_empty() {
            return Err(IntakeError::Empty { path: path() });
        }
        // Random bytes are valid UTF-16, but hardly without control characters.
        let wide = matches!(sniffed.encoding, Encoding::Utf16Le | Encoding::Utf16Be);
        if wide && sample.chars().take(1000).any(|c| c == '\0') {
            return Err(IntakeError::NotCsv {
                path: path(),
                looks_like: FileKind::Binary,
            });
        }
        let (delimiter, headers) = choose_delimiter(&sample, form.delimiter, currency);
        if headers.len() > COLUMNS_MAX {
            return Err(IntakeError::TooManyColumns {
                found: headers.len(),
                max: COLUMNS_MAX,
            });
        }
        Ok(Self {
            sniffed,
            delimiter,
            headers,
            numbers: form.numbers,
            sample,
        })
    }

    /// Records of the file behind the header.
    pub(crate) fn records<R: Read + Seek>(&self, mut input: R) -> io::Result<Records<R>> {
        input.seek(SeekFrom::Start(self.sniffed.mark_bytes))?;
        let legacy = match self.sniffed {
            Sniffed { ascii: true, .. } => Legacy::Undecided,
            _ => Legacy::Utf8,
        };
        let source = Source::new(input, self.sniffed.encoding);
        let mut records = Records::new(source, self.delimiter, legacy);
        read_header(&mut records)?;
        Ok(records)
    }

    /// Which format the numbers have: as was said, else by those that can be read in one way only.
    pub(crate) fn number_format(&self, plan: &Plan) -> NumberFormat {
        if let Some(numbers) = self.numbers {
            return numbers;
        }
        let columns = plan.numeric_columns();
        let mut records = self.sample_records();
        let (mut points, mut commas) = (0_u32, 0_u32);
        for _ in 0..EVIDENCE_RECORDS {
            let Ok(Some(event)) = records.next() else {
                break;
            };
            let Event::Record(record) = event else {
                continue;
            };
            for column in &columns {
                match evidence(&record.cell(*column)) {
                    Some(NumberFormat::Point) => points += 1,
                    Some(NumberFormat::Comma) => commas += 1,
                    None => {}
                }
            }
        }
        if commas > points {
            NumberFormat::Comma
        } else {
            NumberFormat::Point
        }
    }

    fn sample_records(&self) -> Records<&[u8]> {
        let source = Source::new(self.sample.as_bytes(), Encoding::Utf8);
        let mut records = Records::new(source, self.delimiter, Legacy::Utf8);
        // The same header was read from the same text before.
        let _ = read_header(&mut records);
        records
    }
}

/// The delimiter that was said, else that under which the most columns are recognised, else that
/// with the most columns.
fn choose_delimiter(
    sample: &str,
    said: Option<Delimiter>,
    currency: Currency,
) -> (u8, Vec<String>) {
    let mut best = (said.unwrap_or(Delimiter::Comma).byte(), Vec::new());
    let mut best_score = (0, 0);
    let tried = Delimiter::ALL.into_iter();
    for delimiter in tried.filter(|one| said.is_none_or(|said| said == *one)) {
        let delimiter = delimiter.byte();
        let source = Source::new(sample.as_bytes(), Encoding::Utf8);
        let mut records = Records::new(source, delimiter, Legacy::Utf8);
        let headers = read_header(&mut records).ok().flatten().unwrap_or_default();
        let score = (recognised(&headers, currency), headers.len());
        if score > best_score {
            best = (delimiter, headers);
            best_score = score;
        }
    }
    best
}

/// Reads the header; Excel's line `sep=;` before it is passed over.
fn read_header(records: &mut Records<impl Read>) -> io::Result<Option<Vec<String>>> {
    for _ in 0..2 {
        let Some(Event::Record(record)) = records.next()? else {
            return Ok(None);
        };
        let text = record.text().trim();
        if text.len() <= 5 && text.to_ascii_lowercase().starts_with("sep=") {
            continue;
        }
        let cells = (0..record.len()).map(|column| record.cell(column).trim().to_owned());
        let mut headers: Vec<String> = cells.collect();
        while headers.last().is_some_and(String::is_empty) {
            headers.pop();
        }
        return Ok(Some(headers));
    }
    Ok(None)
}
