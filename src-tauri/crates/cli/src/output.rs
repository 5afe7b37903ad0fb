//! What is printed: tables for people, one JSON document for programs, errors for both.

use std::io::{self, IsTerminal, Write};

use barrow_api::ApiError;
use serde::Serialize;
use serde_json::{Value, json};

/// Columns of a table where the terminal does not say how wide it is.
const COLUMNS_DEFAULT: usize = 100;
const COLUMNS_MIN: usize = 80;
const COLUMNS_MAX: usize = 160;

/// Widest cell of a column that does not give way.
const FIRM_COLUMNS_MAX: usize = 32;

/// How a command ended, where it did not fail.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum End {
    /// Everything was done.
    Done,
    /// Something was refused, quarantined, held for a yes, or is not complete.
    InPart,
}

impl End {
    pub(crate) fn complete(complete: bool) -> Self {
        if complete { Self::Done } else { Self::InPart }
    }
}

/// Why a command failed.
#[derive(Debug)]
pub(crate) enum Failure {
    /// The command says why.
    Api(ApiError),
    /// What was typed cannot be meant.
    Usage(String),
    /// Something of the command line's own: a kind and words.
    Other(&'static str, String),
    /// The person stopped it.
    Stopped,
    /// Nobody reads what is printed any more.
    Unread,
}

impl From<ApiError> for Failure {
    fn from(error: ApiError) -> Self {
        Self::Api(error)
    }
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        if error.kind() == io::ErrorKind::BrokenPipe {
            return Self::Unread;
        }
        Self::Other(
            "output",
            format!("The output could not be written: {error}."),
        )
    }
}

impl Failure {
    /// The status with which the program ends.
    pub(crate) fn status(&self) -> u8 {
        match self {
            Self::Usage(_) => 2,
            Self::Unread => 0,
            Self::Api(_) | Self::Other(..) | Self::Stopped => 1,
        }
    }

    fn message(&self) -> String {
        match self {
            Self::Api(error) => error.message.clone(),
            Self::Usage(text) | Self::Other(_, text) => text.clone(),
            Self::Stopped => STOPPED.to_owned(),
            Self::Unread => String::new(),
        }
    }

    fn document(&self) -> Value {
        let plain = |kind: &str| json!({"kind": kind, "params": {}, "message": self.message()});
        let body = match self {
            Self::Api(error) => json!({
                "kind": error.kind.code(),
                "params": error.params,
                "message": error.message,
            }),
            Self::Usage(_) => plain("bad_usage"),
            Self::Other(kind, _) => plain(kind),
            Self::Stopped => plain("cancelled"),
            Self::Unread => plain("output"),
        };
        json!({ "error": body })
    }
}

const STOPPED: &str = "Stopped. What was not sent yet goes out with the next push; what got no \
                       answer is looked up first.";

/// Where and in which form results are printed.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Output {
    /// One JSON document instead of words.
    pub(crate) json: bool,
    columns: usize,
}

impl Output {
    pub(crate) fn new(json: bool) -> Self {
        let asked = std::env::var("COLUMNS")
            .ok()
            .and_then(|text| text.parse().ok());
        let columns: usize = asked.unwrap_or(COLUMNS_DEFAULT);
        Self {
            json,
            columns: columns.clamp(COLUMNS_MIN, COLUMNS_MAX),
        }
    }

    /// Prints the only document of a command, or an event of a command that goes on.
    pub(crate) fn document<T: Serialize + ?Sized>(&self, value: &T) -> Result<(), Failure> {
        let mut text = serde_json::to_vec(value).map_err(io::Error::other)?;
        text.push(b'\n');
        self.bytes(&text)
    }

    /// Prints the document, or in words what `words` gives.
    pub(crate) fn answer<T: Serialize>(
        &self,
        value: &T,
        words: impl FnOnce(&T) -> Text,
    ) -> Result<(), Failure> {
        if self.json {
            self.document(value)
        } else {
            self.text(&words(value))
        }
    }

    pub(crate) fn text(&self, text: &Text) -> Result<(), Failure> {
        self.bytes(text.render(self.columns).as_bytes())
    }

    pub(crate) fn bytes(&self, bytes: &[u8]) -> Result<(), Failure> {
        let mut out = io::stdout().lock();
        out.write_all(bytes)?;
        out.flush()?;
        Ok(())
    }

    /// Prints a page of a list: all pages together are one document.
    pub(crate) fn list(&self, name: &'static str) -> List {
        List {
            output: *self,
            name,
            is_begun: false,
            count: 0,
        }
    }

    /// Tells why a command failed.
    pub(crate) fn failure(&self, failure: &Failure) {
        // Whoever cannot be told is not there.
        if matches!(failure, Failure::Unread) {
        } else if self.json {
            self.document(&failure.document()).ok();
        } else {
            writeln!(io::stderr(), "barrow: {}", failure.message()).ok();
        }
    }
}

/// Tells a person something that is no result.
pub(crate) fn tell(text: &str) {
    writeln!(io::stderr(), "{text}").ok();
}

/// Whether a person can be asked.
pub(crate) fn can_ask() -> bool {
    io::stdin().is_terminal() && io::stderr().is_terminal()
}

/// A list that is printed page by page, so that a long one needs no room in memory.
#[derive(Debug)]
pub(crate) struct List {
    output: Output,
    name: &'static str,
    is_begun: bool,
    count: usize,
}

impl List {
    /// Prints more items.
    pub(crate) fn items<T: Serialize>(&mut self, items: &[T]) -> Result<(), Failure> {
        let mut text = Vec::new();
        self.write_items(&mut text, items)?;
        self.output.bytes(&text)
    }

    /// Ends the document.
    pub(crate) fn end(mut self, next: Option<&str>) -> Result<(), Failure> {
        let mut text = Vec::new();
        self.write_end(&mut text, next)?;
        self.output.bytes(&text)
    }

    fn write_items<T: Serialize>(&mut self, text: &mut Vec<u8>, items: &[T]) -> io::Result<()> {
        // A page may be empty: what was begun is told apart from what holds something.
        if !std::mem::replace(&mut self.is_begun, true) {
            write!(text, "{{\"{}\":[", self.name)?;
        }
        for item in items {
            if self.count > 0 {
                text.push(b',');
            }
            self.count += 1;
            serde_json::to_writer(&mut *text, item).map_err(io::Error::other)?;
        }
        Ok(())
    }

    fn write_end(&mut self, text: &mut Vec<u8>, next: Option<&str>) -> io::Result<()> {
        self.write_items::<Value>(text, &[])?;
        writeln!(text, "],\"next\":{}}}", json!(next))
    }
}

/// Words and tables, one after the other.
#[derive(Debug, Default)]
pub(crate) struct Text {
    parts: Vec<Part>,
}

#[derive(Debug)]
enum Part {
    Line(String),
    Table(Table),
}

impl Text {
    pub(crate) fn new() -> Self {
        Self::default()
    }

    pub(crate) fn line(mut self, text: impl Into<String>) -> Self {
        self.parts.push(Part::Line(text.into()));
        self
    }

    pub(crate) fn lines(mut self, texts: impl IntoIterator<Item = String>) -> Self {
        self.parts.extend(texts.into_iter().map(Part::Line));
        self
    }

    /// Adds a table, or `none` in its place where it has no rows.
    pub(crate) fn table(mut self, table: Table, none: &str) -> Self {
        let part = if table.rows.is_empty() {
            Part::Line(none.to_owned())
        } else {
            Part::Table(table)
        };
        self.parts.push(part);
        self
    }

    fn render(&self, columns: usize) -> String {
        let mut out = String::new();
        for part in &self.parts {
            match part {
                Part::Line(text) => {
                    out.push_str(&shown(text));
                    out.push('\n');
                }
                Part::Table(table) => table.render(columns, &mut out),
            }
        }
        out
    }
}

/// A table. One column gives way where the terminal is too narrow.
#[derive(Debug)]
pub(crate) struct Table {
    headers: Vec<&'static str>,
    right: Vec<usize>,
    wide: usize,
    rows: Vec<Vec<String>>,
}

impl Table {
    /// `wide` is the column that gives way and is cut.
    pub(crate) fn new(headers: &[&'static str], wide: usize) -> Self {
        Self {
            headers: headers.to_vec(),
            right: Vec::new(),
            wide,
            rows: Vec::new(),
        }
    }

    /// Columns whose cells stand at the right, as numbers do.
    pub(crate) fn right(mut self, columns: &[usize]) -> Self {
        self.right = columns.to_vec();
        self
    }

    pub(crate) fn row<const N: usize>(&mut self, cells: [String; N]) {
        self.rows.push(cells.into());
    }

    fn widths(&self, columns: usize) -> Vec<usize> {
        let width = |column: usize| {
            let cells = self.rows.iter().filter_map(|row| row.get(column));
            let widest = cells
                .map(|cell| shown(cell).chars().count())
                .max()
                .unwrap_or(0);
            let header = self
                .headers
                .get(column)
                .map_or(0, |text| text.chars().count());
            widest.max(header)
        };
        let mut widths: Vec<usize> = (0..self.headers.len()).map(width).collect();
        for (column, width) in widths.iter_mut().enumerate() {
            if column != self.wide {
                *width = (*width).min(FIRM_COLUMNS_MAX);
            }
        }
        let between = 2 * widths.len().saturating_sub(1);
        let others: usize = widths
            .iter()
            .enumerate()
            .filter(|(c, _)| *c != self.wide)
            .map(|(_, w)| w)
            .sum();
        let left = columns.saturating_sub(between + others).max(12);
        if let Some(width) = widths.get_mut(self.wide) {
            *width = (*width).min(left);
        }
        widths
    }

    fn render(&self, columns: usize, out: &mut String) {
        let widths = self.widths(columns);
        let mut put = |cells: &mut dyn Iterator<Item = String>| {
            let mut line = String::new();
            for (column, (cell, width)) in cells.zip(&widths).enumerate() {
                let cell = cut(&shown(&cell), *width);
                let space = " ".repeat(width.saturating_sub(cell.chars().count()));
                if column > 0 {
                    line.push_str("  ");
                }
                if self.right.contains(&column) {
                    line.push_str(&space);
                    line.push_str(&cell);
                } else {
                    line.push_str(&cell);
                    line.push_str(&space);
                }
            }
            out.push_str(line.trim_end());
            out.push('\n');
        };
        put(&mut self.headers.iter().map(|header| header.to_uppercase()));
        for row in &self.rows {
            put(&mut row.iter().cloned());
        }
    }
}

fn cut(text: &str, width: usize) -> String {
    if text.chars().count() <= width {
        return text.to_owned();
    }
    let kept: String = text.chars().take(width.saturating_sub(1)).collect();
    format!("{kept}…")
}

/// A text without signs that would command the terminal: what marketplaces and files say is not
/// ours.
fn shown(text: &str) -> String {
    let plain = |c: char| if c.is_control() { ' ' } else { c };
    text.chars().map(plain).collect()
}

#[cfg(test)]
mod tests {
    use super::{Output, Table, Text};

    fn table() -> Table {
        let mut table = Table::new(&["sku", "title", "price"], 1).right(&[2]);
        table.row([
            "A-1".into(),
            "A long title of a thing".into(),
            "9.90 USD".into(),
        ]);
        table.row(["B".into(), "Ümläut\u{1b}[2J".into(), "120.00 USD".into()]);
        table
    }

    #[test]
    fn a_list_of_any_pages_is_one_document() {
        let check = |pages: &[&[u32]], expected: &str| {
            let output = Output {
                json: true,
                columns: 80,
            };
            let (mut list, mut text) = (output.list("some"), Vec::new());
            for page in pages {
                list.write_items(&mut text, page).unwrap();
            }
            list.write_end(&mut text, None).unwrap();
            assert_eq!(String::from_utf8(text).unwrap().trim_end(), expected);
        };
        check(&[], r#"{"some":[],"next":null}"#);
        check(&[&[]], r#"{"some":[],"next":null}"#);
        check(&[&[], &[]], r#"{"some":[],"next":null}"#);
        check(&[&[1, 2], &[3]], r#"{"some":[1,2,3],"next":null}"#);
        check(&[&[1], &[]], r#"{"some":[1],"next":null}"#);
    }

    #[test]
    fn a_table_lines_up_and_commands_no_terminal() {
        let text = Text::new().table(table(), "none").render(80);
        let expected = "SKU  TITLE                         PRICE\n\
                        A-1  A long title of a thing    9.90 USD\n\
                        B    Ümläut [2J               120.00 USD\n";
        assert_eq!(text, expected);
    }

    #[test]
    fn the_wide_column_gives_way() {
        let text = Text::new().table(table(), "none").render(33);
        assert!(
            text.lines().all(|line| line.chars().count() <= 33),
            "{text}"
        );
        assert!(text.contains("A long title of…"), "{text}");
    }

    #[test]
    fn no_rows_say_so() {
        let text = Text::new()
            .table(Table::new(&["sku"], 0), "There are no products.")
            .render(80);
        assert_eq!(text, "There are no products.\n");
    }
}
