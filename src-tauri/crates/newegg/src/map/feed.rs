//! Feeds' tickets, states and reports (newegg.md §5).

use barrow_model::Problem;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::error::row_problem;
use crate::request::FeedKind;
use crate::types::node::Node;

/// A feed that was submitted, as a ticket's token holds it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct FeedTicket {
    /// Newegg's request id.
    pub(crate) feed: String,
    pub(crate) kind: FeedKind,
    /// How often it was asked about.
    pub(crate) looks: usize,
    /// When it was found to be finished; from then on what is there tells.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) done: Option<DateTime<Utc>>,
    /// Whether what is there must be the same as what was sent, because the feed alone cannot tell
    /// or may not even be the one that was sent.
    #[serde(default)]
    pub(crate) verify: bool,
    /// Whether it may be another one's.
    #[serde(default)]
    pub(crate) guessed: bool,
}

/// Where a feed stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum FeedState {
    Running,
    Finished,
    /// Cancelled or failed: it has had no effect.
    Dropped,
}

/// A row of the list of feeds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct FeedEntry {
    pub(crate) id: String,
    pub(crate) state: FeedState,
    pub(crate) word: String,
    pub(crate) at: Option<DateTime<Utc>>,
}

/// The feeds that an answer lists: submitted just now, or asked about.
pub(crate) fn feed_entries(answer: Node<'_>) -> Vec<FeedEntry> {
    let rows = answer.body().get("ResponseList").list("ResponseInfo");
    rows.into_iter().filter_map(feed_entry).collect()
}

fn feed_entry(row: Node<'_>) -> Option<FeedEntry> {
    let word = row.get("RequestStatus").text().unwrap_or_default();
    let state = match word.to_ascii_uppercase().as_str() {
        "FINISHED" => FeedState::Finished,
        "CANCELLED" | "CANCELED" | "FAILED" => FeedState::Dropped,
        // SUBMITTED, IN_PROGRESS, and words that are not known yet.
        _ => FeedState::Running,
    };
    Some(FeedEntry {
        id: row.get("RequestId").text()?,
        state,
        word,
        at: row.get("RequestDate").instant(),
    })
}

/// What a report says of the file as a whole.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum FileFate {
    /// Its rows were worked through.
    Processed,
    /// Newegg is not through with it.
    NotYet,
    /// A fault of Newegg's own: nothing was done.
    Failed(String),
    /// Nothing was done, and it would not be done the next time.
    Refused(String),
}

/// What a word makes of a file.
type FateOf = fn(String) -> FileFate;

/// File-level words of `ProcessingReport.xsd`.
const FILE_FATES: &[(&str, FateOf)] = &[
    ("ProcessReport", |_| FileFate::Processed),
    ("Init", |_| FileFate::NotYet),
    ("DownloadFtpError", FileFate::Failed),
    ("UploadFtpError", FileFate::Failed),
    ("GetConfigError", FileFate::Failed),
    ("NoRecord", FileFate::Refused),
    ("CanNotFindSubCategoryCode", FileFate::Refused),
    ("DuplicateColumn", FileFate::Refused),
    ("FileContentError", FileFate::Refused),
    ("FileFormatError", FileFate::Refused),
    ("KeyColumnNoFind", FileFate::Refused),
    ("NotFoundSheet", FileFate::Refused),
    ("TemplateError", FileFate::Refused),
];

/// A finished feed's report. Only rows that failed or were warned of are listed.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Report {
    pub(crate) file: FileFate,
    pub(crate) processed: Option<u32>,
    pub(crate) failed: Option<u32>,
    /// Rows that failed.
    pub(crate) rows: Vec<FailedRow>,
}

/// A row that failed, with all that may name it.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct FailedRow {
    pub(crate) sku: Option<String>,
    pub(crate) item_number: Option<String>,
    pub(crate) barcode: Option<String>,
    pub(crate) part_number: Option<String>,
    pub(crate) problem: Problem,
    /// All its words.
    pub(crate) text: String,
}

impl Report {
    /// The failed row of a listing: by its SKU; a row that names none, by what else it names.
    pub(crate) fn row_of(&self, sku: &str, keys: &RowKeys<'_>) -> Option<&FailedRow> {
        let by_sku = |row: &&FailedRow| {
            row.sku
                .as_deref()
                .is_some_and(|named| named.eq_ignore_ascii_case(sku))
        };
        let same = |named: &Option<String>, known: Option<&str>| {
            named.as_deref().is_some_and(|named| known == Some(named))
        };
        let otherwise = |row: &&FailedRow| {
            row.sku.is_none()
                && (same(&row.item_number, keys.item_number)
                    || same(&row.barcode, keys.barcode)
                    || same(&row.part_number, keys.part_number))
        };
        let mut rows = self.rows.iter();
        rows.find(by_sku)
            .or_else(|| self.rows.iter().find(otherwise))
    }

    /// Whether rows have failed that are not listed, or fewer were worked through than were sent.
    pub(crate) fn leaves_doubt(&self, sent: usize) -> bool {
        let listed = self.rows.len();
        let failed = self.failed.map_or(listed, |count| count as usize);
        let processed = self.processed.map_or(sent, |count| count as usize);
        failed > listed || processed < sent
    }
}

/// What names a listing beside its SKU.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct RowKeys<'a> {
    pub(crate) item_number: Option<&'a str>,
    pub(crate) barcode: Option<&'a str>,
    pub(crate) part_number: Option<&'a str>,
}

/// Reads a report; none where the answer holds none.
pub(crate) fn report(answer: Node<'_>) -> Option<Report> {
    let opened = answer.opened();
    let places = [
        opened.get("Message").get("ProcessingReport"),
        opened.get("ProcessingReport"),
        answer.body().get("ProcessingReport"),
    ];
    let report = places.into_iter().find(|place| place.is_there())?;
    let summary = report.get("ProcessingSummary");
    Some(Report {
        file: file_fate(report),
        processed: summary.get("ProcessedCount").count(),
        failed: summary.get("WithErrorCount").count(),
        rows: report
            .get("Result")
            .list("Result")
            .into_iter()
            .filter_map(failed_row)
            .collect(),
    })
}

fn file_fate(report: Node<'_>) -> FileFate {
    let Some(word) = report.get("StatusCode").text() else {
        return FileFate::Processed;
    };
    let known = FILE_FATES
        .iter()
        .find(|(known, _)| word.eq_ignore_ascii_case(known));
    match known {
        Some((_, fate)) => fate(word),
        None => FileFate::Refused(word),
    }
}

/// A listed row; none where it was only warned of. The first description is the verdict.
fn failed_row(row: Node<'_>) -> Option<FailedRow> {
    let info = row.get("AdditionalInfo");
    let texts = descriptions(row.get("ErrorList"));
    let verdict = texts.first().map(String::as_str).unwrap_or_default();
    if verdict.to_ascii_lowercase().starts_with("warning") {
        return None;
    }
    let reasons = texts.get(1..).unwrap_or_default();
    let problem = if reasons.is_empty() {
        row_problem(verdict, &texts)
    } else {
        row_problem(verdict, reasons)
    };
    let part_number = [
        "ManufacturerPartNumberOrISBN",
        "ManufacturePartNumber",
        "ManufacturerPartNumber",
        "ManufacturerPartsNumber",
    ];
    Some(FailedRow {
        sku: info.get("SellerPartNumber").text(),
        item_number: info.get("NeweggItemNumber").text(),
        barcode: info.get("UPC").text(),
        part_number: part_number.iter().find_map(|name| info.get(name).text()),
        problem,
        text: texts.join("; "),
    })
}

/// Descriptions stand in a list of their own, or each in an entry of the list of errors.
fn descriptions(list: Node<'_>) -> Vec<String> {
    let of = |entry: Node<'_>| -> Vec<String> {
        let inner = entry.get("ErrorDescription");
        let places = if inner.is_there() {
            inner.list("ErrorDescription")
        } else {
            vec![entry]
        };
        places.into_iter().filter_map(Node::text).collect()
    };
    let entries = list.list("ErrorDescription");
    entries.into_iter().flat_map(of).collect()
}

#[cfg(test)]
mod tests {
    use barrow_model::ProblemKind;
    use serde_json::Value;

    use super::{FeedState, FileFate, Report, RowKeys, feed_entries, report};
    use crate::types::node::Node;

    fn read(result: &str, counts: &str) -> Report {
        let json = format!(
            r#"{{"NeweggEnvelope":{{"Header":{{"DocumentVersion":"1.0"}},"Message":
            {{"ProcessingReport":{{"StatusCode":"ProcessReport","ProcessingSummary":{counts},
            "Result":{result}}}}}}}}}"#
        );
        let value: Value = serde_json::from_str(&json).expect("JSON");
        report(Node::of(&value)).expect("a report")
    }

    const COUNTS: &str = r#"{"ProcessedCount":"5","SuccessCount":"3","WithErrorCount":"1"}"#;

    #[test]
    fn failed_rows_are_found_and_warned_ones_have_succeeded() {
        let failed = r#"{"AdditionalInfo":{"SellerPartNumber":"A1"},"ErrorList":
            {"ErrorDescription":["Error(s). Item not created.","UPC - No item found."]}}"#;
        let warned = r#"{"AdditionalInfo":{"SellerPartNumber":"B1"},"ErrorList":
            {"ErrorDescription":"Warning(s). Item created. MSRP - too low."}}"#;
        let split = r#"{"AdditionalInfo":{"SellerPartNumber":"A1"},"ErrorList":
            [{"ErrorElement":"UPC","ErrorDescription":"Error(s)."},
            {"ErrorDescription":"UPC - No item found."}]}"#;
        for result in [
            format!("[{failed},{warned}]"),
            format!("{{\"Result\":[{failed},{warned}]}}"),
            failed.to_owned(),
            split.to_owned(),
        ] {
            let report = read(&result, COUNTS);
            let keys = RowKeys::default();
            let row = report.row_of("A1", &keys).expect("it failed");
            assert_eq!(row.problem.kind, ProblemKind::PageMissing, "{result}");
            assert!(report.row_of("B1", &keys).is_none());
            assert!(!report.leaves_doubt(5));
        }
    }

    #[test]
    fn counts_that_do_not_fit_leave_doubt() {
        let counts = r#"{"ProcessedCount":5,"SuccessCount":3,"WithErrorCount":2}"#;
        assert!(read("null", counts).leaves_doubt(5));
        assert!(read("null", COUNTS).leaves_doubt(6));
        assert!(!read("null", "null").leaves_doubt(6));
    }

    #[test]
    fn a_row_may_be_named_otherwise() {
        let row = r#"{"AdditionalInfo":{"UPC":"614141000012"},"ErrorList":
            {"ErrorDescription":["Error(s).","Manufacturer - unknown."]}}"#;
        let report = read(row, COUNTS);
        let keys = RowKeys {
            barcode: Some("614141000012"),
            ..RowKeys::default()
        };
        assert!(report.row_of("A1", &keys).is_some());
        assert!(report.row_of("A1", &RowKeys::default()).is_none());
    }

    #[test]
    fn words_of_files_and_feeds() {
        let file = |word: &str| {
            let json = format!(r#"{{"ProcessingReport":{{"StatusCode":"{word}"}}}}"#);
            let value: Value = serde_json::from_str(&json).expect("JSON");
            report(Node::of(&value)).expect("a report").file
        };
        assert_eq!(file("ProcessReport"), FileFate::Processed);
        assert_eq!(file("Init"), FileFate::NotYet);
        assert!(matches!(file("UploadFtpError"), FileFate::Failed(_)));
        assert!(matches!(file("FileContentError"), FileFate::Refused(_)));
        assert!(matches!(file("SomethingNew"), FileFate::Refused(_)));
        let state = |list: &str| {
            let json = format!(r#"{{"IsSuccess":true,"ResponseBody":{{"ResponseList":{list}}}}}"#);
            let value: Value = serde_json::from_str(&json).expect("JSON");
            feed_entries(Node::of(&value))
                .pop()
                .map(|entry| entry.state)
        };
        let row = |word: &str| format!(r#"[{{"RequestId":"2A","RequestStatus":"{word}"}}]"#);
        assert_eq!(state(&row("SUBMITTED")), Some(FeedState::Running));
        assert_eq!(state(&row("IN_PROGRESS")), Some(FeedState::Running));
        assert_eq!(state(&row("FINISHED")), Some(FeedState::Finished));
        assert_eq!(state(&row("CANCELLED")), Some(FeedState::Dropped));
        assert_eq!(state(&row("FAILED")), Some(FeedState::Dropped));
        let wrapped = r#"{"ResponseInfo":{"RequestID":"2A","RequestStatus":"FINISHED"}}"#;
        assert_eq!(state(wrapped), Some(FeedState::Finished));
        assert_eq!(state("null"), None);
    }
}
