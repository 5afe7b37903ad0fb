//! The active inventory report, unpacked and read row by row as it comes out (ebay.md §10.1).

use std::borrow::Cow;
use std::io::{BufRead, BufReader, Read};

use barrow_market::ListedThere;
use flate2::read::{DeflateDecoder, MultiGzDecoder};

use super::money::money;
use crate::types::Amount;

/// Most bytes of a report that are read, unpacked; what goes on behind them is cut. eBay's files
/// hold at most 15 MB, packed (ebay.md §10.1).
const UNPACKED_BYTES_MAX: u64 = 256 << 20;
/// Longest tag or text between two tags.
const PIECE_BYTES_MAX: u64 = 64 << 10;
/// Most rows that are read.
const ROWS_MAX: usize = 500_000;
/// Deepest nesting that is followed.
const DEPTH_MAX: usize = 32;

/// The element that holds the rows.
const REPORT: &str = "ActiveInventoryReport";

/// Why a report cannot be read. It is never taken for an empty one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReportFault {
    /// It is packed in a way that is not known, or damaged.
    Packing,
    /// It is no report, or the end of it is missing.
    Cut,
    /// It has more rows than are read.
    TooLong,
    /// eBay says in it that it failed.
    Failed,
}

/// Every row of a report; a listing with variations has one for each of them. eBay sends it as ZIP
/// or GZIP, which only the first bytes tell, or as it is (ebay.md §10.1).
pub fn report_rows(file: &[u8]) -> Result<Vec<ListedThere>, ReportFault> {
    match file {
        [b'P', b'K', 3, 4, ..] => unzipped(file),
        [0x1f, 0x8b, ..] => rows(MultiGzDecoder::new(file)),
        _ => rows(file),
    }
}

/// Reads the first file of an archive: a report is alone in its own.
fn unzipped(file: &[u8]) -> Result<Vec<ListedThere>, ReportFault> {
    let number = |at: usize, width: usize| -> Option<usize> {
        let bytes = file.get(at..at + width)?.iter().rev();
        Some(bytes.fold(0, |sum, byte| (sum << 8) | usize::from(*byte)))
    };
    let read = || {
        let (method, size) = (number(8, 2)?, number(18, 4)?);
        let begin = 30 + number(26, 2)? + number(28, 2)?;
        Some((method, size, file.get(begin..)?))
    };
    let (method, size, data) = read().ok_or(ReportFault::Packing)?;
    match method {
        0 => rows(data.get(..size).ok_or(ReportFault::Packing)?),
        8 => rows(DeflateDecoder::new(data)),
        _ => Err(ReportFault::Packing),
    }
}

/// What stands in one `SKUDetails` or `Variation`.
#[derive(Default)]
struct Row {
    sku: String,
    price: String,
    currency: String,
    quantity: String,
}

impl Row {
    fn listed(self, listing_id: &str) -> ListedThere {
        let price = money(&Amount {
            value: Some(self.price),
            currency: Some(self.currency),
        });
        ListedThere {
            listing_id: listing_id.to_owned(),
            sku: Some(self.sku).filter(|sku| !sku.is_empty()),
            price,
            quantity: self.quantity.trim().parse().ok(),
        }
    }
}

/// How far a report was read.
#[derive(Default)]
struct Reading {
    rows: Vec<ListedThere>,
    /// The elements that are open, outermost first.
    open: Vec<String>,
    listing_id: String,
    details: Row,
    variations: Vec<Row>,
    /// Whether the rows' own end was seen.
    is_whole: bool,
}

fn rows(report: impl Read) -> Result<Vec<ListedThere>, ReportFault> {
    let mut marks = Marks {
        from: BufReader::new(report.take(UNPACKED_BYTES_MAX)),
        tag_begun: false,
    };
    let mut reading = Reading::default();
    while let Some(mark) = marks.pull()? {
        match mark {
            Mark::Open { name, attributes } => reading.open(name, &attributes)?,
            Mark::Text(text) => reading.text(&text)?,
            Mark::Empty(name) => reading.is_whole |= name == REPORT,
            Mark::Close(name) => reading.close(&name)?,
        }
    }
    match reading.is_whole && reading.open.is_empty() {
        true => Ok(reading.rows),
        false => Err(ReportFault::Cut),
    }
}

impl Reading {
    /// What the next text belongs to.
    fn row(&mut self) -> &mut Row {
        let varies = self.open.iter().any(|name| name == "Variation");
        match self.variations.last_mut().filter(|_| varies) {
            Some(variation) => variation,
            None => &mut self.details,
        }
    }

    fn open(&mut self, name: String, attributes: &str) -> Result<(), ReportFault> {
        match name.as_str() {
            "SKUDetails" => {
                self.listing_id.clear();
                self.details = Row::default();
                self.variations.clear();
            }
            "Variation" => self.variations.push(Row::default()),
            "Price" | "StartPrice" => {
                self.row().currency = attribute(attributes, "currencyID").to_owned();
            }
            _ => {}
        }
        self.open.push(name);
        let fits = self.open.len() <= DEPTH_MAX && self.variations.len() <= ROWS_MAX;
        if fits {
            Ok(())
        } else {
            Err(ReportFault::TooLong)
        }
    }

    fn text(&mut self, text: &str) -> Result<(), ReportFault> {
        let within = self.open.last().map(String::as_str).unwrap_or_default();
        match within {
            "SKU" => self.row().sku.push_str(text),
            "Price" | "StartPrice" => self.row().price.push_str(text),
            "Quantity" => self.row().quantity.push_str(text),
            "ItemID" => self.listing_id.push_str(text),
            "Ack" if text.trim() == "Failure" => return Err(ReportFault::Failed),
            _ => {}
        }
        Ok(())
    }

    fn close(&mut self, name: &str) -> Result<(), ReportFault> {
        if self.open.pop().as_deref() != Some(name) {
            return Err(ReportFault::Cut);
        }
        if name == "SKUDetails" {
            let alone = std::mem::take(&mut self.details);
            let mut all = std::mem::take(&mut self.variations);
            if all.is_empty() {
                all.push(alone);
            }
            let id = self.listing_id.trim();
            self.rows.extend(all.into_iter().map(|row| row.listed(id)));
        }
        if self.rows.len() > ROWS_MAX {
            return Err(ReportFault::TooLong);
        }
        self.is_whole |= name == REPORT;
        Ok(())
    }
}

/// A piece of XML.
enum Mark {
    Open {
        name: String,
        attributes: String,
    },
    Close(String),
    /// An element without content.
    Empty(String),
    Text(String),
}

/// As much of an XML reader as a report takes: no entities of its own, no document types.
struct Marks<R> {
    from: R,
    /// Whether the sign that begins a tag was read.
    tag_begun: bool,
}

impl<R: BufRead> Marks<R> {
    /// The next piece; none at the end.
    fn pull(&mut self) -> Result<Option<Mark>, ReportFault> {
        loop {
            if !self.tag_begun {
                let (text, ended) = self.until(b'<')?;
                self.tag_begun = ended;
                if !text.is_empty() {
                    return Ok(Some(Mark::Text(unescaped(&text).into_owned())));
                }
                if !ended {
                    return Ok(None);
                }
            }
            self.tag_begun = false;
            let (mut tag, mut ended) = self.until(b'>')?;
            // What begins so may hold the sign that ends another tag.
            let special = [("![CDATA[", "]]"), ("!--", "--")];
            let special = special.iter().find(|(begin, _)| tag.starts_with(begin));
            if let Some((begin, end)) = special {
                while ended
                    && !tag
                        .get(begin.len()..)
                        .is_some_and(|rest| rest.ends_with(end))
                {
                    let (more, more_ended) = self.until(b'>')?;
                    tag.push('>');
                    tag.push_str(&more);
                    ended = more_ended;
                    if tag.len() as u64 > PIECE_BYTES_MAX {
                        return Err(ReportFault::TooLong);
                    }
                }
            }
            if !ended {
                return Err(ReportFault::Cut);
            }
            if let Some(text) = tag.strip_prefix("![CDATA[") {
                let text = text.strip_suffix("]]").unwrap_or(text);
                return Ok(Some(Mark::Text(text.to_owned())));
            }
            if !tag.starts_with(['!', '?']) {
                return Ok(Some(mark(&tag)));
            }
        }
    }

    /// The text up to a sign, and whether the sign came.
    fn until(&mut self, sign: u8) -> Result<(String, bool), ReportFault> {
        let mut piece = Vec::new();
        let mut part = self.from.by_ref().take(PIECE_BYTES_MAX);
        let read = part.read_until(sign, &mut piece);
        // A packing that is damaged is an error of reading; memory has no other.
        read.map_err(|_| ReportFault::Packing)?;
        let ended = piece.pop_if(|last| *last == sign).is_some();
        if !ended && piece.len() as u64 >= PIECE_BYTES_MAX {
            return Err(ReportFault::TooLong);
        }
        let text = String::from_utf8(piece).map_err(|_| ReportFault::Packing)?;
        Ok((text, ended))
    }
}

fn mark(tag: &str) -> Mark {
    if let Some(name) = tag.strip_prefix('/') {
        return Mark::Close(local(name));
    }
    let (inner, is_empty) = match tag.strip_suffix('/') {
        Some(inner) => (inner, true),
        None => (tag, false),
    };
    let parts = inner.split_once(char::is_whitespace);
    let (name, attributes) = parts.unwrap_or((inner, ""));
    match is_empty {
        true => Mark::Empty(local(name)),
        false => Mark::Open {
            name: local(name),
            attributes: attributes.to_owned(),
        },
    }
}

/// A name without the short form of its namespace.
fn local(name: &str) -> String {
    let name = name.trim();
    name.rsplit(':').next().unwrap_or(name).to_owned()
}

fn attribute<'a>(attributes: &'a str, name: &str) -> &'a str {
    let found = attributes.split_once(name);
    let rest = found.and_then(|(_, rest)| rest.trim_start().strip_prefix('='));
    let rest = rest.map(str::trim_start).unwrap_or_default();
    let quoted = ['"', '\''].iter().find_map(|quote| {
        let (value, _) = rest.strip_prefix(*quote)?.split_once(*quote)?;
        Some(value)
    });
    quoted.unwrap_or_default()
}

fn unescaped(text: &str) -> Cow<'_, str> {
    if !text.contains('&') {
        return Cow::Borrowed(text);
    }
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, behind)) = rest.split_once('&') {
        plain.push_str(before);
        let (name, after) = behind.split_once(';').unwrap_or((behind, ""));
        match character(name) {
            Some(sign) => {
                plain.push(sign);
                rest = after;
            }
            None => {
                plain.push('&');
                rest = behind;
            }
        }
    }
    plain.push_str(rest);
    Cow::Owned(plain)
}

/// The sign of an entity's name or number.
fn character(name: &str) -> Option<char> {
    match name {
        "lt" => Some('<'),
        "gt" => Some('>'),
        "quot" => Some('"'),
        "apos" => Some('\''),
        "amp" => Some('&'),
        _ => {
            let number = name.strip_prefix('#')?;
            let number = match number.strip_prefix(['x', 'X']) {
                Some(hex) => u32::from_str_radix(hex, 16).ok()?,
                None => number.parse().ok()?,
            };
            char::from_u32(number)
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use barrow_market::ListedThere;
    use flate2::Compression;
    use flate2::write::{DeflateEncoder, GzEncoder};

    use super::{ReportFault, report_rows};

    const REPORT: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
        <BulkDataExchangeResponses xmlns="urn:ebay:apis:eBLBaseComponents">
          <ActiveInventoryReport><!-- made by eBay -> <at night> -->
            <SKUDetails><SKU>A &amp; B&#x2122; &amp;lt;</SKU><Price currencyID="USD">15.38</Price>
              <Quantity>1</Quantity><ItemID>206000000001</ItemID></SKUDetails>
            <SKUDetails><SKU><![CDATA[<A>]]></SKU><Price currencyID='EUR'>9.0</Price>
              <Quantity>4</Quantity><ItemID>206000000002</ItemID></SKUDetails>
            <SKUDetails><Price currencyID="USD">20</Price><Quantity>5</Quantity><Variations>
              <Variation><SKU>S-RED</SKU><Price currencyID="USD">20</Price>
                <Quantity>2</Quantity></Variation>
              <Variation><StartPrice currencyID="USD">21</StartPrice>
                <Quantity>3</Quantity></Variation></Variations>
              <ItemID>206000000003</ItemID></SKUDetails>
          </ActiveInventoryReport>
        </BulkDataExchangeResponses>"#;

    const ROWS: [&str; 4] = [
        "206000000001|A & B™ &lt;|15.38 USD|1",
        "206000000002|<A>|9.00 EUR|4",
        "206000000003|S-RED|20.00 USD|2",
        "206000000003||21.00 USD|3",
    ];

    fn told(row: &ListedThere) -> String {
        let price = row
            .price
            .map(|price| format!("{} {}", price.amount(), price.currency));
        let quantity = row.quantity.map(|units| units.to_string());
        [
            Some(row.listing_id.clone()),
            row.sku.clone(),
            price,
            quantity,
        ]
        .map(Option::unwrap_or_default)
        .join("|")
    }

    fn check(file: &[u8]) {
        let rows = report_rows(file).unwrap();
        let rows: Vec<String> = rows.iter().map(told).collect();
        assert_eq!(rows, ROWS);
    }

    #[test]
    fn a_row_for_each_sku_whether_it_has_a_name_or_not() {
        check(REPORT.as_bytes());
    }

    #[test]
    fn a_report_that_is_cut_or_failed_is_never_an_empty_one() {
        let whole = REPORT.trim_end().len();
        for end in 0..whole {
            let cut = REPORT.as_bytes().get(..end).unwrap();
            let read = report_rows(cut);
            let faults = [Err(ReportFault::Cut), Err(ReportFault::Packing)];
            assert!(faults.contains(&read), "{end}: {read:?}");
        }
        let failed = "<BulkDataExchangeResponses><ActiveInventoryReport><Ack>Failure</Ack>\
            </ActiveInventoryReport></BulkDataExchangeResponses>";
        assert_eq!(report_rows(failed.as_bytes()), Err(ReportFault::Failed));
        let page = b"<html><body>Sorry</body></html>";
        assert_eq!(report_rows(page), Err(ReportFault::Cut));
        let empty = "<BulkDataExchangeResponses><ActiveInventoryReport/>\
            </BulkDataExchangeResponses>";
        assert_eq!(
            report_rows(empty.as_bytes()),
            Ok(Vec::new()),
            "it says so itself"
        );
        let endless = format!("<a>{}", "x".repeat(100_000));
        assert_eq!(report_rows(endless.as_bytes()), Err(ReportFault::TooLong));
        let deep = "<a>".repeat(100);
        assert_eq!(report_rows(deep.as_bytes()), Err(ReportFault::TooLong));
    }

    #[test]
    fn it_is_unpacked_by_its_first_bytes() {
        let mut gzip = GzEncoder::new(Vec::new(), Compression::default());
        gzip.write_all(REPORT.as_bytes()).unwrap();
        check(&gzip.finish().unwrap());
        let mut packed = DeflateEncoder::new(Vec::new(), Compression::default());
        packed.write_all(REPORT.as_bytes()).unwrap();
        let packed = packed.finish().unwrap();
        // The sizes stand behind the content where the archive was written as it was made.
        let head = b"PK\x03\x04\x14\0\x08\0\x08\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x05\0\0\0r.xml";
        let zip = [head.as_slice(), &packed, b"PK\x07\x08"].concat();
        check(&zip);
        let size = u32::try_from(REPORT.len()).unwrap().to_le_bytes();
        let mut stored = head.to_vec();
        stored[8] = 0;
        stored[18..22].copy_from_slice(&size);
        check(&[stored.as_slice(), REPORT.as_bytes(), b"PK\x01\x02"].concat());
        let damaged = |file: &[u8]| {
            matches!(
                report_rows(file),
                Err(ReportFault::Packing | ReportFault::Cut)
            )
        };
        assert!(damaged(b"PK\x03\x04"));
        assert!(damaged(&zip[..zip.len() / 2]));
        assert!(damaged(&[0x1f, 0x8b, 8]));
    }
}
