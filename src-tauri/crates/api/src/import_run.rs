//! One import from the first byte to the answer, on a thread of its own.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::Read;
use std::path::Path;

use barrow_engine::FaultPoints;
use barrow_intake::{ColumnUse, Form, Mapping, Options};
use barrow_model::{CellIssue, ImportId, SourceLine};
use barrow_store::{FieldChange, ImportMeta, ImportPreview, RowState, StagedRow, Staging, Store};
use sha2::{Digest, Sha256};

use crate::error::{ApiError, ApiErrorKind, Result, Why};
use crate::imports::{
    ColumnView, FieldChangeView, ImportControl, ImportProgress, ImportRequest, ImportResponse,
    ImportSummary, IssueView, RowChange,
};
use crate::pictures::beside;
use crate::report::LISTED_MAX;
use crate::whole::write_whole;
use crate::words::{Words, issue_code};

/// Records that are parsed and staged in one go.
const BATCH_RECORDS: usize = 5_000;
/// Issues that are kept for the file of errors.
const ISSUES_MAX: usize = 1_000_000;
/// Bytes of a file that are read at a time for its fingerprint.
const HASH_BYTES: usize = 256 * 1024;

/// The names of the places that an import passes. A test ends the program at each of them.
pub const IMPORT_FAULT_POINTS: &[&str] = &[
    "import.batch_staged",
    "import.staged",
    "import.written",
    "import.applied",
];

/// An import that runs.
pub(crate) struct Run<'a> {
    pub(crate) store: &'a Store,
    pub(crate) words: Words,
    pub(crate) request: &'a ImportRequest,
    pub(crate) options: &'a Options,
    pub(crate) control: &'a ImportControl,
    pub(crate) faults: &'a dyn FaultPoints,
}

/// A file that was read and waits.
#[derive(Debug)]
pub(crate) struct ReadFile {
    pub(crate) staging: Staging,
    pub(crate) mapping: Mapping,
    pub(crate) name: String,
    pub(crate) derived_skus: u64,
}

impl ReadFile {
    pub(crate) fn summary(&self, id: Option<ImportId>, counts: &ImportPreview) -> ImportSummary {
        ImportSummary {
            id,
            file: self.name.clone(),
            layout: self.mapping.layout,
            encoding: self.mapping.encoding,
            delimiter: self.mapping.delimiter.to_string(),
            new: counts.new,
            changed: counts.changed,
            unchanged: counts.unchanged,
            refused: counts.refused,
            derived_skus: self.derived_skus,
            same_as: counts.same_as,
            defaults: BTreeMap::new(),
            mapping: columns(&self.mapping),
        }
    }
}

impl Run<'_> {
    /// Reads the whole file into a staging; nothing is changed by that.
    pub(crate) fn read(&self) -> Result<ReadFile> {
        let file = &self.request.file;
        let mut import = barrow_intake::open(file, self.options)?;
        let mapping = import.mapping().clone();
        let name = file
            .file_name()
            .unwrap_or(file.as_os_str())
            .to_string_lossy()
            .into_owned();
        let mut staging = self.store.stage(ImportMeta {
            file_name: name.clone(),
            layout: mapping.layout,
            content_hash: self.fingerprint(file)?,
        })?;
        let bytes_total = import.bytes_total();
        let mut derived_skus = 0;
        let folder = std::path::absolute(file).unwrap_or_else(|_| file.clone());
        let folder = folder.parent().unwrap_or(Path::new(""));
        while let Some(mut batch) = import.next_batch(BATCH_RECORDS)? {
            self.control.cancel.check()?;
            for row in &mut batch.rows {
                beside(folder, row);
            }
            derived_skus += batch.rows.iter().filter(|row| row.sku_derived).count() as u64;
            staging.add(&batch.rows)?;
            staging.add_issues(&batch.issues)?;
            self.faults.at("import.batch_staged");
            if let Some(progress) = &self.control.progress {
                progress(ImportProgress {
                    bytes_done: batch.bytes_read,
                    bytes_total,
                });
            }
        }
        Ok(ReadFile {
            staging,
            mapping,
            name,
            derived_skus,
        })
    }

    pub(crate) fn run(&self) -> Result<ImportResponse> {
        let mut read = self.read()?;
        let staging = &mut read.staging;
        let counts = staging.preview()?;
        let (changes, next) = self.changes(staging)?;
        let issues = issues(staging)?;
        let errors_file = match &self.request.errors {
            Some(path) if issues.iter().any(|issue| issue.refuses) => {
                self.write_errors(&issues, path)?;
                Some(path.clone())
            }
            _ => None,
        };
        self.control.cancel.check()?;
        let id = match self.request.preview {
            true => None,
            false => Some(self.apply(staging)?),
        };
        let import = read.summary(id, &counts);
        let view = |refuses: bool| {
            let some = issues.iter().filter(move |issue| issue.refuses == refuses);
            some.take(LISTED_MAX)
                .map(|issue| self.view(issue))
                .collect()
        };
        Ok(ImportResponse {
            summary: self.summary(&import),
            refused: view(true),
            told: view(false),
            import,
            changes,
            next,
            errors_file,
        })
    }

    pub(crate) fn apply(&self, staging: &mut Staging) -> Result<ImportId> {
        self.faults.at("import.staged");
        let control = self.control;
        let id = staging.apply_watched(|done, total| {
            if let Some(written) = &control.written {
                written(done, total);
            }
            if done == total {
                self.faults.at("import.written");
            }
            !control.cancel.is_cancelled()
        })?;
        self.faults.at("import.applied");
        Ok(id)
    }

    /// Names the file and how it was read, so that the same import is recognised again.
    fn fingerprint(&self, path: &Path) -> Result<String> {
        let unreadable = |error: std::io::Error| {
            ApiError::new(ApiErrorKind::FileUnreadable)
                .param("path", path.display())
                .param("reason", error)
        };
        let mut hasher = Sha256::new();
        let Options {
            form,
            mapping,
            defaults,
            currency,
        } = self.options;
        hasher.update(format!("{mapping:?} {defaults:?} {currency}\n").as_bytes());
        if *form != Form::GUESSED {
            hasher.update(format!("{form:?}\n").as_bytes());
        }
        let mut file = File::open(path).map_err(unreadable)?;
        let mut buffer = vec![0; HASH_BYTES];
        loop {
            let count = file.read(&mut buffer).map_err(unreadable)?;
            let Some(read) = buffer.get(..count).filter(|read| !read.is_empty()) else {
                break;
            };
            self.control.cancel.check()?;
            hasher.update(read);
        }
        let digest = hasher.finalize();
        Ok(digest.iter().map(|byte| format!("{byte:02x}")).collect())
    }

    /// The first rows that change something, then the first new ones.
    fn changes(&self, staging: &mut Staging) -> Result<(Vec<RowChange>, Option<String>)> {
        let states = [("changed", RowState::Changed), ("new", RowState::New)];
        let (mut skip, mut position) = (0, None);
        if let Some(after) = &self.request.after {
            let unknown = || ApiError::invalid(Why::PageUnknown).param("value", after);
            let (name, number) = after.split_once(':').ok_or_else(unknown)?;
            let place = states.iter().position(|(state, _)| *state == name);
            skip = place.ok_or_else(unknown)?;
            position = Some(number.parse().map_err(|_| unknown())?);
        }
        let mut changes = Vec::new();
        for (name, state) in states.into_iter().skip(skip) {
            let room = LISTED_MAX - changes.len();
            let rows = staging.rows(state, position.take(), room)?;
            let full = rows.len() == room;
            let last = rows.last().map_or(0, |row| row.position);
            changes.extend(rows.into_iter().map(|row| row_change(row, state)));
            if full {
                return Ok((changes, Some(format!("{name}:{last}"))));
            }
        }
        Ok((changes, None))
    }

    /// Writes the refused rows, to be corrected and imported again. Returns how many.
    pub(crate) fn write_errors(&self, issues: &[CellIssue], path: &Path) -> Result<u64> {
        let mut written = 0;
        write_whole(path, |out| {
            let words = |issue: &CellIssue| self.words.issue(issue);
            let (file, options) = (&self.request.file, self.options);
            written = barrow_intake::write_errors(out, file, issues, options, words)
                .map_err(|error| ApiError::from(error).at_path(path))?;
            Ok(())
        })?;
        Ok(written)
    }

    pub(crate) fn view(&self, issue: &CellIssue) -> IssueView {
        IssueView {
            line: issue.line.0,
            column: issue.column.clone(),
            value: issue.value.clone(),
            kind: issue_code(&issue.kind).to_owned(),
            reason: self.words.issue(issue),
        }
    }

    pub(crate) fn summary(&self, import: &ImportSummary) -> String {
        let key = match import.id {
            None => "import_previewed",
            Some(_) => "import_applied",
        };
        let counts = [import.new, import.changed, import.unchanged, import.refused];
        let [new, changed, unchanged, refused] = counts.map(|count| count.to_string());
        let params = [
            ("file", import.file.as_str()),
            ("new", &new),
            ("changed", &changed),
            ("unchanged", &unchanged),
            ("refused", &refused),
        ];
        let mut said = vec![self.words.text(key, &params)];
        if import.derived_skus > 0 {
            let count = import.derived_skus.to_string();
            said.push(self.words.text("import_derived_skus", &[("count", &count)]));
        }
        if let Some(same) = import.same_as {
            let id = same.to_string();
            said.push(self.words.text("import_same_as", &[("id", &id)]));
        }
        said.join(" ")
    }
}

/// All issues of a file, as far as they are kept.
pub(crate) fn issues(staging: &mut Staging) -> Result<Vec<CellIssue>> {
    let mut all: Vec<CellIssue> = Vec::new();
    let mut after: Option<(SourceLine, i64)> = None;
    while all.len() < ISSUES_MAX {
        let page = staging.issues(after, LISTED_MAX)?;
        let Some((position, last)) = page.last() else {
            break;
        };
        after = Some((last.line, *position));
        all.extend(page.into_iter().map(|(_, issue)| issue));
    }
    Ok(all)
}

impl From<FieldChange> for FieldChangeView {
    fn from(change: FieldChange) -> Self {
        Self {
            field: change.field,
            from: change.before,
            to: change.after,
        }
    }
}

pub(crate) fn row_change(row: StagedRow, state: RowState) -> RowChange {
    RowChange {
        line: row.line.0,
        sku: row.sku.map(|sku| sku.to_string()),
        title: row.title,
        state,
        fields: row.changes.into_iter().map(FieldChangeView::from).collect(),
    }
}

pub(crate) fn columns(mapping: &Mapping) -> Vec<ColumnView> {
    let columns = mapping.columns.iter().map(|column| ColumnView {
        column: column.header.clone(),
        field: match &column.taken_for {
            ColumnUse::Field(field) => field.code().to_owned(),
            ColumnUse::OptionName(number) => format!("option{number}_name"),
            ColumnUse::OptionValue(number) => format!("option{number}_value"),
            ColumnUse::Option(name) => format!("option:{name}"),
            ColumnUse::Attribute(name) => format!("attribute:{name}"),
            ColumnUse::VariantAttribute(name) => format!("variant_attribute:{name}"),
            ColumnUse::Layout => "layout".to_owned(),
            ColumnUse::Ignored => "ignore".to_owned(),
        },
        unit: column.unit.clone(),
        unit_assumed: column.unit_assumed,
    });
    columns.collect()
}
