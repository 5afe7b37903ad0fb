//! A catalogue file on its way in: what it is taken for, what it would do, page by page and by what
//! it changes, and then all of it or nothing.
//!
//! One file is kept at a time, between its preview and what is decided of it.

use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use barrow_intake::{NumberFormat, Options};
use barrow_model::{Field, Layout, SourceLine};
use barrow_store::{ImportPreview, IssueGroup, MappingProfile, RowState};
use serde::{Deserialize, Serialize};

use crate::api::{Api, PAGE_ROWS, at_most};
use crate::error::{ApiError, Result, Why};
use crate::import_run::{ReadFile, Run, columns, issues, row_change};
use crate::imports::{
    ImportControl, ImportForm, ImportRequest, ImportSummary, IssueView, MAPPED_MAX, NamedValue,
    RowChange, pairs,
};
use crate::report::{ActionReport, LISTED_MAX};

/// Values of a column that are shown.
const SAMPLES_MAX: usize = 3;

/// Looks at a file without reading its rows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(deny_unknown_fields)]
pub struct ImportOpenRequest {
    /// The file.
    pub file: PathBuf,
    /// Takes its columns as they are kept under this name; where nothing is said, as in the last
    /// profile whose columns it has.
    #[serde(default)]
    pub profile: Option<String>,
    /// What is said of the file's form, where the file does not tell it right; null where that is
    /// left to the profile.
    #[serde(default)]
    pub form: Option<ImportForm>,
}

/// What a file is taken for.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct ImportOpenResponse {
    /// The file's name.
    pub file: String,
    /// Its size in bytes.
    pub bytes: u64,
    /// Which kind of file it is taken for.
    pub layout: Layout,
    /// Its encoding.
    pub encoding: barrow_intake::Encoding,
    /// What separates its cells.
    pub delimiter: String,
    /// Which mark separates decimals.
    pub numbers: NumberFormat,
    /// What is said of its form, now or by the profile.
    pub form: ImportForm,
    /// Its columns, in their order.
    pub columns: Vec<OpenColumn>,
    /// What a column may be taken for, beside `option:NAME`, `attribute:NAME`,
    /// `variant_attribute:NAME` and `ignore`.
    pub fields: Vec<String>,
    /// The profile that its columns were taken from.
    pub profile: Option<String>,
    /// Values for blank cells that are kept with the profile.
    pub defaults: Vec<NamedValue>,
    /// All profiles, the last used first.
    pub profiles: Vec<String>,
}

/// A column of a file that was opened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct OpenColumn {
    /// Its header.
    pub column: String,
    /// What it is taken for, as `map` names it.
    pub field: String,
    /// Whether that is kept with the profile, instead of being guessed.
    pub known: bool,
    /// The unit or currency of its numbers.
    pub unit: Option<String>,
    /// Whether the unit is assumed.
    pub unit_assumed: bool,
    /// Its first values, as they stand there.
    pub samples: Vec<String>,
}

/// Reads a file and shows what it would do; nothing is changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(deny_unknown_fields)]
pub struct ImportPreviewRequest {
    /// The file.
    pub file: PathBuf,
    /// Takes what is kept under this name; what `map` and `defaults` say goes before it.
    #[serde(default)]
    pub profile: Option<String>,
    /// Columns by their headers, with what each is taken for.
    #[serde(default)]
    pub map: Vec<NamedValue>,
    /// Values for blank cells, by field.
    #[serde(default)]
    pub defaults: Vec<NamedValue>,
    /// What is said of the file's form, where the file does not tell it right.
    #[serde(default)]
    pub form: ImportForm,
}

/// What a file would do.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct ImportPreviewResponse {
    /// Names it for what is asked of it next. The next preview takes its place.
    pub staged: u64,
    /// The file and how many rows do what.
    pub import: ImportSummary,
    /// How many of the changed rows change each field, most first.
    pub fields: Vec<FieldCount>,
    /// Mistakes by kind and column, most first.
    pub issues: Vec<IssueGroupView>,
    /// SKUs of the catalogue that the file does not name; they stay as they are.
    pub not_in_file: u64,
    /// The same in words.
    pub summary: String,
}

/// How many rows change a field.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct FieldCount {
    /// The field.
    pub field: String,
    /// How many rows.
    pub rows: u64,
}

/// Mistakes of one kind in one column.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct IssueGroupView {
    /// What is wrong.
    pub kind: String,
    /// The column; null where rows as wholes are wrong.
    pub column: Option<String>,
    /// Whether these rows are left out.
    pub refuses: bool,
    /// How many.
    pub count: u64,
    /// The first of them, in words.
    pub first: IssueView,
}

/// Asks for a page of the rows of a file that waits.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(deny_unknown_fields)]
pub struct ImportRowsRequest {
    /// The file, as its preview named it.
    pub staged: u64,
    /// What becomes of the rows.
    pub state: RowState,
    /// Only those that change this field.
    #[serde(default)]
    pub field: Option<String>,
    /// `next` of the page before.
    #[serde(default)]
    pub after: Option<i64>,
    /// Rows, at most 1000.
    #[serde(default)]
    pub limit: Option<usize>,
}

/// A page of the rows of a file that waits.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct ImportRowsResponse {
    /// The rows, with what each changes.
    pub rows: Vec<RowChange>,
    /// Where the next page begins; null at the end.
    pub next: Option<i64>,
}

/// Asks for a page of the mistakes of a file that waits.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(deny_unknown_fields)]
pub struct ImportIssuesRequest {
    /// The file, as its preview named it.
    pub staged: u64,
    /// The kind of mistake.
    pub kind: String,
    /// The column; those of rows as wholes where nothing is said.
    #[serde(default)]
    pub column: Option<String>,
    /// `next` of the page before.
    #[serde(default)]
    pub after: Option<String>,
    /// Rows, at most 1000.
    #[serde(default)]
    pub limit: Option<usize>,
}

/// A page of the mistakes of a file that waits.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct ImportIssuesResponse {
    /// The mistakes, in the order of the file.
    pub issues: Vec<IssueView>,
    /// Where the next page begins; null at the end.
    pub next: Option<String>,
}

/// Applies a file that waits, whole.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(deny_unknown_fields)]
pub struct ImportApplyRequest {
    /// The file, as its preview named it.
    pub staged: u64,
    /// Keeps its columns and defaults under this name.
    #[serde(default)]
    pub profile: Option<String>,
}

/// What applying a file did.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct ImportApplyResponse {
    /// The import; `undo` takes it back by its number.
    pub import: ImportSummary,
    /// What happened, in words.
    pub summary: String,
}

/// Writes the rows that a file that waits would leave out, to be corrected.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(deny_unknown_fields)]
pub struct ImportErrorsRequest {
    /// The file, as its preview named it.
    pub staged: u64,
    /// Where to.
    pub out: PathBuf,
}

/// Lets go of a file that waits.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(deny_unknown_fields)]
pub struct ImportDropRequest {
    /// The file, as its preview named it.
    pub staged: u64,
}

/// The file that waits, and how many there were.
#[derive(Clone, Debug, Default)]
pub(crate) struct Staged(Arc<Mutex<(u64, Option<StagedFile>)>>);

#[derive(Debug)]
struct StagedFile {
    token: u64,
    read: ReadFile,
    counts: ImportPreview,
    request: ImportRequest,
    options: Options,
}

impl Staged {
    fn lock(&self) -> MutexGuard<'_, (u64, Option<StagedFile>)> {
        // Whoever panicked had the file for himself; it is looked at anew by whoever is next.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Lets go of the file that waits: another one is read.
    pub(crate) fn clear(&self) {
        self.lock().1 = None;
    }
}

/// The profile of a name, however it is capitalised.
fn of_name<T>(profiles: Vec<(String, T)>, name: &str) -> Option<(String, T)> {
    let mut profiles = profiles.into_iter();
    profiles.find(|(known, _)| known.eq_ignore_ascii_case(name))
}

impl Api {
    /// Looks at a file: its form, its columns and what each is taken for.
    pub async fn import_open(&self, request: ImportOpenRequest) -> Result<ImportOpenResponse> {
        let profiles = self.on_store(|store| store.read(|db| db.mapping_profiles()));
        let profiles = profiles.await?;
        let names: Vec<String> = profiles.iter().map(|(name, _)| name.clone()).collect();
        if let Some(name) = &request.profile
            && !names.iter().any(|known| known.eq_ignore_ascii_case(name))
        {
            return Err(ApiError::not_found("profile", name));
        }
        let chosen = match &request.profile {
            Some(name) => of_name(profiles, name),
            None => self.fitting(&request, profiles).await?,
        };
        let (name, kept) = chosen.map_or((None, ImportForm::default()), |(name, profile)| {
            (Some(name), ImportForm::kept(&profile.form))
        });
        let form = request.form.unwrap_or(kept);
        let plain = self.import_request(request.file.clone(), None, form.clone());
        let (options, _) = self.read_options(&plain).await?;
        let headers = self.headers(&plain, options).await?;
        let named = ImportRequest {
            profile: name,
            ..plain
        };
        let mut asked = self.with_profile(named).await?;
        // What was said to be left to the file is not said by the profile.
        asked.form = form;
        let mut known = asked.map.clone();
        // A profile may know columns that this file does not have.
        known.retain(|column| headers.contains(&column.name));
        let (options, _) = self
            .read_options(&ImportRequest {
                map: known.clone(),
                ..asked.clone()
            })
            .await?;
        let file = request.file;
        self.blocking(move || {
            let looked = barrow_intake::look(&file, &options, SAMPLES_MAX)?;
            let (mapping, samples) = (&looked.mapping, &looked.samples);
            let views = columns(mapping).into_iter().enumerate();
            let name = file.file_name().unwrap_or(file.as_os_str());
            Ok(ImportOpenResponse {
                file: name.to_string_lossy().into_owned(),
                bytes: looked.bytes_total,
                layout: mapping.layout,
                encoding: mapping.encoding,
                delimiter: mapping.delimiter.to_string(),
                numbers: mapping.numbers,
                form: asked.form,
                columns: views
                    .map(|(index, view)| OpenColumn {
                        known: known.iter().any(|known| known.name == view.column),
                        samples: samples.get(index).cloned().unwrap_or_default(),
                        column: view.column,
                        field: view.field,
                        unit: view.unit,
                        unit_assumed: view.unit_assumed,
                    })
                    .collect(),
                fields: Field::ALL.map(|field| field.code().to_owned()).to_vec(),
                profile: asked.profile,
                defaults: asked.defaults,
                profiles: names,
            })
        })
        .await
    }

    /// Reads a file and keeps it, with what it would do.
    pub async fn import_preview(
        &self,
        request: ImportPreviewRequest,
    ) -> Result<ImportPreviewResponse> {
        let asked = ImportRequest {
            map: request.map,
            defaults: request.defaults,
            ..self.import_request(request.file, request.profile, request.form)
        };
        let asked = self.with_profile(asked).await?;
        at_most(asked.map.len() + asked.defaults.len(), MAPPED_MAX)?;
        let (options, mut defaults) = self.read_options(&asked).await?;
        let (api, control) = (self.clone(), self.import_control());
        self.blocking(move || {
            api.staged.clear();
            let run = api.import_run(&asked, &options, &control);
            let mut read = run.read()?;
            let counts = read.staging.preview()?;
            let fields = read.staging.field_counts()?.into_iter();
            let groups = read.staging.issue_groups()?;
            let not_in_file = read.staging.not_in_file()?;
            let mut import = read.summary(None, &counts);
            import.defaults.append(&mut defaults);
            let summary = run.summary(&import);
            let groups = groups.into_iter().map(|group| group_view(&run, group));
            let issues = groups.collect();
            let mut kept = api.staged.lock();
            kept.0 += 1;
            let staged = kept.0;
            kept.1 = Some(StagedFile {
                token: staged,
                read,
                counts,
                request: asked,
                options,
            });
            Ok(ImportPreviewResponse {
                staged,
                import,
                fields: fields
                    .map(|(field, rows)| FieldCount { field, rows })
                    .collect(),
                issues,
                not_in_file,
                summary,
            })
        })
        .await
    }

    /// A page of the rows of a file that waits.
    pub async fn import_rows(&self, request: ImportRowsRequest) -> Result<ImportRowsResponse> {
        let limit = request.limit.unwrap_or(PAGE_ROWS).clamp(1, LISTED_MAX);
        self.with_staged(request.staged, move |file, _| {
            let (state, after) = (request.state, request.after);
            let field = request.field.as_deref();
            let rows = file.read.staging.rows_of(state, field, after, limit)?;
            let next = rows.last().filter(|_| rows.len() == limit);
            Ok(ImportRowsResponse {
                next: next.map(|row| row.position),
                rows: rows.into_iter().map(|row| row_change(row, state)).collect(),
            })
        })
        .await
    }

    /// A page of the mistakes of a file that waits.
    pub async fn import_issues(
        &self,
        request: ImportIssuesRequest,
    ) -> Result<ImportIssuesResponse> {
        let limit = request.limit.unwrap_or(PAGE_ROWS).clamp(1, LISTED_MAX);
        let after = request.after.as_deref().map(issue_place).transpose()?;
        self.with_staged(request.staged, move |file, run| {
            let of = (request.kind.as_str(), request.column.as_deref());
            let found = file.read.staging.issues_of(of, after, limit)?;
            let next = found.last().filter(|_| found.len() == limit);
            Ok(ImportIssuesResponse {
                next: next.map(|(position, issue)| format!("{}:{position}", issue.line.0)),
                issues: found.iter().map(|(_, issue)| run.view(issue)).collect(),
            })
        })
        .await
    }

    /// Applies a file that waits: all of it in one transaction. It waits no longer.
    pub async fn import_apply(&self, request: ImportApplyRequest) -> Result<ImportApplyResponse> {
        let profile = request.profile;
        let store = Arc::clone(&self.parts.store);
        let applied = self
            .with_staged(request.staged, move |file, run| {
                let id = run.apply(&mut file.read.staging)?;
                let import = file.read.summary(Some(id), &file.counts);
                if let Some(name) = profile {
                    let profile = MappingProfile {
                        columns: pairs(&file.request.map),
                        defaults: pairs(&file.request.defaults),
                        form: file.request.form.said(),
                    };
                    store.write(|tx| tx.keep_mapping_profile(&name, &profile))?;
                }
                let summary = run.summary(&import);
                Ok(ImportApplyResponse { import, summary })
            })
            .await?;
        self.staged.clear();
        Ok(applied)
    }

    /// Writes the rows that a file that waits would leave out. `done` counts them.
    pub async fn import_errors(&self, request: ImportErrorsRequest) -> Result<ActionReport> {
        self.with_staged(request.staged, move |file, run| {
            let issues = issues(&mut file.read.staging)?;
            let written = run.write_errors(&issues, &request.out)?;
            Ok(ActionReport::done(written))
        })
        .await
    }

    /// Lets go of a file that waits; nothing of it was applied.
    pub async fn import_drop(&self, request: ImportDropRequest) -> Result<ActionReport> {
        let mut kept = self.staged.lock();
        let found = kept
            .1
            .as_ref()
            .is_some_and(|file| file.token == request.staged);
        if found {
            kept.1 = None;
        }
        Ok(ActionReport::done(u64::from(found)))
    }

    pub(crate) fn import_request(
        &self,
        file: PathBuf,
        profile: Option<String>,
        form: ImportForm,
    ) -> ImportRequest {
        ImportRequest {
            form,
            file,
            profile,
            map: Vec::new(),
            defaults: Vec::new(),
            preview: true,
            errors: None,
            after: None,
        }
    }

    fn import_run<'a>(
        &'a self,
        request: &'a ImportRequest,
        options: &'a Options,
        control: &'a ImportControl,
    ) -> Run<'a> {
        Run {
            faults: self.parts.engine.faults(),
            store: &self.parts.store,
            words: self.words,
            request,
            options,
            control,
        }
    }

    /// Works on the file that waits, if it is the one that is meant.
    async fn with_staged<T: Send + 'static>(
        &self,
        token: u64,
        work: impl FnOnce(&mut StagedFile, &Run<'_>) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let (api, control) = (self.clone(), self.import_control());
        self.blocking(move || {
            let mut kept = api.staged.lock();
            let file = kept.1.as_mut().filter(|file| file.token == token);
            let file = file.ok_or_else(|| ApiError::not_found("staged_file", token))?;
            let (request, options) = (file.request.clone(), file.options.clone());
            work(file, &api.import_run(&request, &options, &control))
        })
        .await
    }
}

fn group_view(run: &Run<'_>, group: IssueGroup) -> IssueGroupView {
    IssueGroupView {
        kind: group.kind,
        column: group.column,
        refuses: group.refuses,
        count: group.count,
        first: run.view(&group.first),
    }
}

fn issue_place(text: &str) -> Result<(SourceLine, i64)> {
    let unknown = || ApiError::invalid(Why::PageUnknown).param("value", text);
    let (line, position) = text.split_once(':').ok_or_else(unknown)?;
    Ok((
        SourceLine(line.parse().map_err(|_| unknown())?),
        position.parse().map_err(|_| unknown())?,
    ))
}
