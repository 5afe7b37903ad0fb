//! Splits bytes into records, with a limit on each.
//!
//! The `csv` crate reads a record whole however large it is, so that one quotation mark that is
//! never closed would take the rest of a file into memory. Here a record larger than
//! [`RECORD_BYTES_MAX`] is passed over without being held, and an open quotation mark costs its
//! own line only.

use std::borrow::Cow;
use std::io::{self, Read};

use encoding_rs::WINDOWS_1252;

use crate::source::Source;

/// Bytes of a cell at most; a larger one refuses its row.
pub const CELL_BYTES_MAX: usize = 1 << 20;
/// Bytes of a record at most; a larger one is passed over.
pub const RECORD_BYTES_MAX: usize = 4 << 20;
/// Read from the source at a time.
const CHUNK_BYTES: usize = 256 << 10;

/// Where a cell stands in its record's text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Span {
    start: usize,
    end: usize,
    form: Form,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Form {
    /// The text is the value.
    Verbatim,
    /// The text begins with its quotation mark and must be unescaped.
    Escaped,
}

/// A record, borrowed from the reader's buffer.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Record<'a> {
    /// Its first physical line, from 1.
    pub(crate) line: u64,
    /// Whether bytes that are not in the file's encoding were replaced.
    pub(crate) damaged: bool,
    text: &'a str,
    spans: &'a [Span],
}

impl<'a> Record<'a> {
    /// How many cells it has.
    pub(crate) fn len(&self) -> usize {
        self.spans.len()
    }

    /// The cell's value as it stands, blanks included; empty beyond the last.
    pub(crate) fn cell(&self, column: usize) -> Cow<'a, str> {
        let Some(span) = self.spans.get(column) else {
            return Cow::Borrowed("");
        };
        let text = &self.text[span.start..span.end];
        match span.form {
            Form::Verbatim => Cow::Borrowed(text),
            Form::Escaped => Cow::Owned(unescape(text)),
        }
    }

    /// The first cell that is larger than [`CELL_BYTES_MAX`].
    pub(crate) fn oversized(&self) -> Option<usize> {
        // Most records as a whole are smaller than one cell may be.
        if self.text.len() <= CELL_BYTES_MAX {
            return None;
        }
        self.spans
            .iter()
            .position(|span| span.end - span.start > CELL_BYTES_MAX)
    }

    /// The text of all its cells together, as it stands in the file.
    pub(crate) fn text(&self) -> &'a str {
        self.text
    }
}

/// What stands next in a file.
#[derive(Debug)]
pub(crate) enum Event<'a> {
    /// A record.
    Record(Record<'a>),
    /// A record that was passed over because of its size.
    TooLarge {
        /// Its first line.
        line: u64,
        /// The cell that is too large.
        column: usize,
    },
    /// A quotation mark that opens a cell and is never closed; its line was passed over.
    Unclosed {
        /// The line.
        line: u64,
        /// The line's text.
        text: String,
    },
}

enum Step {
    Record { start: usize, end: usize, line: u64 },
    Unclosed { start: usize, end: usize, line: u64 },
    TooLarge { line: u64, column: usize },
    End,
}

/// Reads records one after another.
#[derive(Debug)]
pub(crate) struct Records<R> {
    source: Source<R>,
    delimiter: u8,
    buffer: Vec<u8>,
    start: usize,
    end: usize,
    at_end: bool,
    line: u64,
    spans: Vec<Span>,
    legacy: Legacy,
    decoded: String,
}

/// Whether bytes beyond ASCII are UTF-8, where the beginning of the file did not tell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Legacy {
    /// Nothing beyond ASCII was seen yet.
    Undecided,
    /// They are UTF-8.
    Utf8,
    /// They are Windows-1252.
    Windows1252,
}

impl<R: Read> Records<R> {
    pub(crate) fn new(source: Source<R>, delimiter: u8, legacy: Legacy) -> Self {
        Self {
            source,
            delimiter,
            buffer: Vec::new(),
            start: 0,
            end: 0,
            at_end: false,
            line: 1,
            spans: Vec::new(),
            legacy,
            decoded: String::new(),
        }
    }

    /// Bytes read from the file so far.
    pub(crate) fn bytes_read(&self) -> u64 {
        self.source.bytes_read()
    }

    /// The next record that is not blank.
    pub(crate) fn next(&mut self) -> io::Result<Option<Event<'_>>> {
        loop {
            match self.step()? {
                Step::End => return Ok(None),
                Step::TooLarge { line, column } => {
                    return Ok(Some(Event::TooLarge { line, column }));
                }
                Step::Unclosed { start, end, line } => {
                    let text = String::from_utf8_lossy(&self.buffer[start..end]).into_owned();
                    return Ok(Some(Event::Unclosed { line, text }));
                }
                Step::Record { start, end, line } => {
                    if self.is_blank_line(start, end) {
                        continue;
                    }
                    return Ok(Some(Event::Record(self.view(start, end, line))));
                }
            }
        }
    }

    fn is_blank_line(&self, start: usize, end: usize) -> bool {
        let blank =
            |byte: &u8| byte.is_ascii_whitespace() || *byte == self.delimiter || *byte == b'"';
        self.buffer[start..end].iter().all(blank)
    }

    fn view(&mut self, start: usize, end: usize, line: u64) -> Record<'_> {
        let bytes = &self.buffer[start..end];
        let mut damaged = false;
        let mut verbatim = match self.legacy {
            Legacy::Windows1252 => bytes.is_ascii(),
            Legacy::Utf8 | Legacy::Undecided => std::str::from_utf8(bytes).is_ok(),
        };
        if self.legacy == Legacy::Undecided && !bytes.is_ascii() {
            self.legacy = if verbatim {
                Legacy::Utf8
            } else {
                Legacy::Windows1252
            };
        }
        if !verbatim {
            let (text, errors) = match self.legacy {
                Legacy::Windows1252 => WINDOWS_1252.decode_without_bom_handling(bytes),
                Legacy::Utf8 | Legacy::Undecided => (String::from_utf8_lossy(bytes), true),
            };
            damaged = errors || (self.legacy == Legacy::Windows1252 && has_unassigned(bytes));
            self.decoded = text.into_owned();
            // Decoding moves the cells; delimiters and quotation marks are ASCII and stay.
            split(
                self.decoded.as_bytes(),
                self.delimiter,
                true,
                &mut self.spans,
            );
            verbatim = false;
        }
        let text = if verbatim {
            // Checked above.
            std::str::from_utf8(&self.buffer[start..end]).unwrap_or_default()
        } else {
            &self.decoded
        };
        Record {
            line,
            damaged,
            text,
            spans: &self.spans,
        }
    }

    fn step(&mut self) -> io::Result<Step> {
        loop {
            let bytes = &self.buffer[self.start..self.end];
            if bytes.is_empty() && self.at_end {
                return Ok(Step::End);
            }
            let (start, line) = (self.start, self.line);
            match split(bytes, self.delimiter, self.at_end, &mut self.spans) {
                Split::Record { bytes, lines } => {
                    self.start += bytes;
                    self.line += lines;
                    return Ok(Step::Record {
                        start,
                        end: self.start,
                        line,
                    });
                }
                Split::Unclosed => {
                    let length = first_line(bytes);
                    self.start += length;
                    self.line += 1;
                    return Ok(Step::Unclosed {
                        start,
                        end: self.start,
                        line,
                    });
                }
                Split::NeedMore if bytes.len() >= RECORD_BYTES_MAX => return self.pass_over(),
                Split::NeedMore => self.fill()?,
            }
        }
    }

    fn fill(&mut self) -> io::Result<()> {
        self.buffer.copy_within(self.start..self.end, 0);
        self.end -= self.start;
        self.start = 0;
        if self.buffer.len() < self.end + CHUNK_BYTES {
            let doubled = (self.buffer.len() * 2).clamp(2 * CHUNK_BYTES, RECORD_BYTES_MAX);
            let mut larger = vec![0; doubled.max(self.end + CHUNK_BYTES)];
            larger[..self.end].copy_from_slice(&self.buffer[..self.end]);
            self.buffer = larger;
        }
        let read = self.source.read(&mut self.buffer[self.end..])?;
        self.end += read;
        self.at_end = read == 0;
        Ok(())
    }

    /// Reads to the end of a record without holding it.
    fn pass_over(&mut self) -> io::Result<Step> {
        let line = self.line;
        let mut passing = Passing::new(self.delimiter);
        loop {
            let bytes = &self.buffer[self.start..self.end];
            if let Some(length) = passing.feed(bytes) {
                self.start += length;
                self.line += passing.lines + 1;
                return Ok(Step::TooLarge {
                    line,
                    column: passing.largest,
                });
            }
            self.start = self.end;
            self.fill()?;
            if self.at_end {
                self.line += passing.lines + 1;
                return Ok(Step::TooLarge {
                    line,
                    column: passing.largest,
                });
            }
        }
    }
}

/// Follows the quotation marks of a record that is not held.
struct Passing {
    delimiter: u8,
    quoted: bool,
    /// Whether the cell began with a quotation mark; elsewhere marks are text.
    marked: bool,
    previous: u8,
    at_start: bool,
    column: usize,
    cell_bytes: usize,
    largest: usize,
    largest_bytes: usize,
    lines: u64,
}

impl Passing {
    fn new(delimiter: u8) -> Self {
        Self {
            delimiter,
            quoted: false,
            marked: false,
            previous: 0,
            at_start: true,
            column: 0,
            cell_bytes: 0,
            largest: 0,
            largest_bytes: 0,
            lines: 0,
        }
    }

    /// How many of the bytes belong to the record, where it ends among them.
    fn feed(&mut self, bytes: &[u8]) -> Option<usize> {
        for (index, byte) in bytes.iter().enumerate() {
            let previous = std::mem::replace(&mut self.previous, *byte);
            self.cell_bytes += 1;
            if self.cell_bytes > self.largest_bytes {
                (self.largest, self.largest_bytes) = (self.column, self.cell_bytes);
            }
            match *byte {
                b'"' if self.at_start => (self.quoted, self.marked) = (true, true),
                // A doubled mark closes and opens again, which comes to the same.
                b'"' if self.quoted => self.quoted = false,
                b'"' if self.marked && previous == b'"' => self.quoted = true,
                b'\n' if self.quoted => self.lines += 1,
                b'\n' => return Some(index + 1),
                other if other == self.delimiter && !self.quoted => {
                    self.column += 1;
                    self.cell_bytes = 0;
                    self.at_start = true;
                    self.marked = false;
                    continue;
                }
                _ => {}
            }
            self.at_start = false;
        }
        None
    }
}

fn has_unassigned(bytes: &[u8]) -> bool {
    bytes
        .iter()
        .any(|byte| matches!(byte, 0x81 | 0x8D | 0x8F | 0x90 | 0x9D))
}

fn first_line(bytes: &[u8]) -> usize {
    bytes
        .iter()
        .position(|byte| *byte == b'\n' || *byte == b'\r')
        .map_or(bytes.len(), |at| match bytes[at..] {
            [b'\r', b'\n', ..] => at + 2,
            _ => at + 1,
        })
}

/// What the beginning of some bytes is.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Split {
    /// A whole record of so many bytes and physical lines.
    Record {
        /// Bytes, its line break included.
        bytes: usize,
        /// Physical lines.
        lines: u64,
    },
    /// The record goes on beyond these bytes.
    NeedMore,
    /// A quotation mark opens a cell and nothing closes it.
    Unclosed,
}

/// Splits the first record. With `at_end`, nothing follows the bytes.
pub(crate) fn split(bytes: &[u8], delimiter: u8, at_end: bool, spans: &mut Vec<Span>) -> Split {
    spans.clear();
    let mut at = 0;
    let mut lines = 1;
    loop {
        let span = if bytes.get(at) == Some(&b'"') {
            match quoted(bytes, at, delimiter, at_end) {
                Quoted::Closed { span, next, breaks } => {
                    lines += breaks;
                    at = next;
                    span
                }
                Quoted::NeedMore => return Split::NeedMore,
                Quoted::Unclosed => return Split::Unclosed,
            }
        } else {
            let start = at;
            at = bare_end(bytes, at, delimiter);
            Span {
                start,
                end: at,
                form: Form::Verbatim,
            }
        };
        let ended = match bytes.get(at) {
            None if !at_end => return Split::NeedMore,
            None => Some(0),
            Some(b'\n') => Some(1),
            Some(b'\r') => match bytes.get(at + 1) {
                Some(b'\n') => Some(2),
                None if !at_end => return Split::NeedMore,
                _ => Some(1),
            },
            Some(_) => None,
        };
        spans.push(span);
        match ended {
            Some(length) => {
                return Split::Record {
                    bytes: at + length,
                    lines,
                };
            }
            None => at += 1,
        }
    }
}

fn bare_end(bytes: &[u8], from: usize, delimiter: u8) -> usize {
    bytes[from..]
        .iter()
        .position(|byte| *byte == delimiter || *byte == b'\n' || *byte == b'\r')
        .map_or(bytes.len(), |offset| from + offset)
}

enum Quoted {
    Closed {
        span: Span,
        next: usize,
        breaks: u64,
    },
    NeedMore,
    Unclosed,
}

/// Reads a cell whose first byte is a quotation mark.
fn quoted(bytes: &[u8], from: usize, delimiter: u8, at_end: bool) -> Quoted {
    let mut at = from + 1;
    let mut doubled = false;
    let close = loop {
        let Some(offset) = bytes[at..].iter().position(|byte| *byte == b'"') else {
            return if at_end {
                Quoted::Unclosed
            } else {
                Quoted::NeedMore
            };
        };
        let mark = at + offset;
        match bytes.get(mark + 1) {
            Some(b'"') => {
                doubled = true;
                at = mark + 2;
            }
            None if !at_end => return Quoted::NeedMore,
            _ => break mark,
        }
    };
    let breaks = line_breaks(&bytes[from..close]);
    let next = close + 1;
    match bytes.get(next) {
        None | Some(b'\n' | b'\r') => {}
        Some(byte) if *byte == delimiter => {}
        // A mark in the middle of a later line closes nothing: the one at the beginning was stray.
        Some(_) if breaks > 0 => return Quoted::Unclosed,
        Some(_) => {
            let end = bare_end(bytes, next, delimiter);
            let form = Form::Escaped;
            let span = Span {
                start: from,
                end,
                form,
            };
            return Quoted::Closed {
                span,
                next: end,
                breaks,
            };
        }
    }
    let span = if doubled {
        Span {
            start: from,
            end: next,
            form: Form::Escaped,
        }
    } else {
        Span {
            start: from + 1,
            end: close,
            form: Form::Verbatim,
        }
    };
    Quoted::Closed { span, next, breaks }
}

fn line_breaks(bytes: &[u8]) -> u64 {
    let mut count = 0;
    for (index, byte) in bytes.iter().enumerate() {
        let lone_return = *byte == b'\r' && bytes.get(index + 1) != Some(&b'\n');
        if *byte == b'\n' || lone_return {
            count += 1;
        }
    }
    count
}

/// The value of a cell with its quotation marks: doubled ones are one, the closing one goes, and
/// what follows it stays.
fn unescape(text: &str) -> String {
    let mut value = String::with_capacity(text.len());
    let mut rest = text.strip_prefix('"').unwrap_or(text);
    while let Some((before, after)) = rest.split_once('"') {
        value.push_str(before);
        match after.strip_prefix('"') {
            Some(more) => {
                value.push('"');
                rest = more;
            }
            None => {
                value.push_str(after);
                return value;
            }
        }
    }
    value.push_str(rest);
    value
}
