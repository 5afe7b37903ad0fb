//! Catalogue files: read, looked at before they are applied, applied whole, and taken back.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use barrow_engine::Stop;
use barrow_intake::{ColumnUse, Delimiter, Encoding, Form, NumberFormat, Options};
use barrow_model::{Currency, Field, ImportId, Layout};
use barrow_store::{MappingProfile, RowState};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::api::{Api, at_most};
use crate::error::{ApiError, ApiErrorKind, Result, Why};
use crate::events::RunStage;
use crate::import_run::Run;
use crate::report::{ActionReport, LISTED_MAX};

/// Columns that one request maps, and defaults that it gives.
pub(crate) const MAPPED_MAX: usize = 1_000;

/// Imports a file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(deny_unknown_fields)]
pub struct ImportRequest {
    /// The file.
    pub file: PathBuf,
    /// Takes the columns and defaults that are kept under this name; what `map` and `defaults` say
    /// goes before them, and is kept with them once the import is applied.
    #[serde(default)]
    pub profile: Option<String>,
    /// Columns by their headers, with what each is taken for: a field, `option:NAME`,
    /// `attribute:NAME`, or `ignore`.
    #[serde(default)]
    pub map: Vec<NamedValue>,
    /// Values for cells that the file leaves blank, by field; `currency` is that of amounts that
    /// name none.
    #[serde(default)]
    pub defaults: Vec<NamedValue>,
    /// What is said of the file's form, where the file does not tell it right.
    #[serde(default)]
    pub form: ImportForm,
    /// Only looks at what would be done.
    #[serde(default)]
    pub preview: bool,
    /// Where refused rows are written, to be corrected and imported again.
    #[serde(default)]
    pub errors: Option<PathBuf>,
    /// Goes on after the changes that were listed before: `next` of an earlier answer.
    #[serde(default)]
    pub after: Option<String>,
}

/// What a person says of a file's form; null is told by the file.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(default, deny_unknown_fields)]
pub struct ImportForm {
    /// What its text is written in.
    pub encoding: Option<Encoding>,
    /// What separates its cells: `,`, `;`, a tabulator or `|`.
    pub delimiter: Option<String>,
    /// Which mark separates decimals.
    pub numbers: Option<NumberFormat>,
}

impl ImportForm {
    /// The form that a command line names: an encoding by its name, a tabulator as `tab`.
    pub fn named(encoding: Option<&str>, delimiter: Option<String>) -> Result<Self> {
        let encoding = encoding.map(|text| {
            let found = Encoding::ALL.into_iter().find(|one| one.code() == text);
            found.ok_or_else(|| {
                ApiError::invalid(Why::ChoiceUnknown)
                    .param("field", "encoding")
                    .param("value", text)
                    .param("allowed", Encoding::ALL.map(Encoding::code).join(", "))
            })
        });
        let tab = |mark: String| if mark == "tab" { "\t".to_owned() } else { mark };
        Ok(Self {
            encoding: encoding.transpose()?,
            delimiter: delimiter.map(tab),
            numbers: None,
        })
    }

    /// What was said, as a profile keeps it.
    pub(crate) fn said(&self) -> Vec<(String, String)> {
        let parts = serde_json::to_value(self).unwrap_or_default();
        let parts = parts.as_object().into_iter().flatten();
        parts
            .filter_map(|(part, value)| Some((part.clone(), value.as_str()?.to_owned())))
            .collect()
    }

    /// What a profile keeps; nothing where another version wrote it in another form.
    pub(crate) fn kept(said: &[(String, String)]) -> Self {
        let parts = said
            .iter()
            .map(|(part, value)| (part.clone(), Value::from(value.as_str())));
        serde_json::from_value(Value::Object(parts.collect())).unwrap_or_default()
    }

    /// The form with what is kept where nothing is said.
    fn or(self, kept: Self) -> Self {
        Self {
            encoding: self.encoding.or(kept.encoding),
            delimiter: self.delimiter.or(kept.delimiter),
            numbers: self.numbers.or(kept.numbers),
        }
    }

    fn read(&self) -> Result<Form> {
        let delimiter = self.delimiter.as_deref().map(|text| {
            Delimiter::of(text)
                .ok_or_else(|| ApiError::invalid(Why::DelimiterUnknown).param("value", text))
        });
        Ok(Form {
            encoding: self.encoding,
            delimiter: delimiter.transpose()?,
            numbers: self.numbers,
        })
    }
}

/// A name and what it is to be.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(deny_unknown_fields)]
pub struct NamedValue {
    /// The name.
    pub name: String,
    /// The value.
    pub value: String,
}

/// What an import did or would do.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct ImportResponse {
    /// The file and how many rows do what.
    pub import: ImportSummary,
    /// Rows that are refused, the first thousand.
    pub refused: Vec<IssueView>,
    /// What is told of rows that are not refused, the first thousand.
    pub told: Vec<IssueView>,
    /// What rows change, the first thousand.
    pub changes: Vec<RowChange>,
    /// Goes on after the last of `changes`; null where there are no more.
    pub next: Option<String>,
    /// The file of refused rows, where one was written.
    pub errors_file: Option<PathBuf>,
    /// What happened, in words.
    pub summary: String,
}

/// A file that was read.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct ImportSummary {
    /// The import's number; null for a preview.
    pub id: Option<ImportId>,
    /// The file's name.
    pub file: String,
    /// Which kind of file it was taken for.
    pub layout: Layout,
    /// Its encoding.
    pub encoding: Encoding,
    /// What separates its cells.
    pub delimiter: String,
    /// Rows that make a SKU.
    pub new: u64,
    /// Rows that change one.
    pub changed: u64,
    /// Rows that change nothing.
    pub unchanged: u64,
    /// Rows that are not applied.
    pub refused: u64,
    /// SKUs that were made because the file has none.
    pub derived_skus: u64,
    /// An import of the same file that was applied before.
    pub same_as: Option<ImportId>,
    /// Values for blank cells, those that were assumed included.
    pub defaults: BTreeMap<String, String>,
    /// What each column was taken for.
    pub mapping: Vec<ColumnView>,
}

/// A column of a file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct ColumnView {
    /// Its header.
    pub column: String,
    /// What it was taken for, as `map` names it; `ignore` where it is not read.
    pub field: String,
    /// The unit or currency of its numbers.
    pub unit: Option<String>,
    /// Whether the unit is assumed.
    pub unit_assumed: bool,
}

/// What is wrong with a row.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct IssueView {
    /// The line in the file.
    pub line: u64,
    /// The column; null where the row as a whole is wrong.
    pub column: Option<String>,
    /// What stands there, shortened.
    pub value: String,
    /// What is wrong.
    pub kind: String,
    /// What is wrong and how to mend it, in words.
    pub reason: String,
}

/// What a row changes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct RowChange {
    /// The line in the file.
    pub line: u64,
    /// The SKU; null for a product alone.
    pub sku: Option<String>,
    /// The product's title.
    pub title: Option<String>,
    /// Whether the row is new or changes something.
    pub state: RowState,
    /// Field by field.
    pub fields: Vec<FieldChangeView>,
}

/// One value before and after.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct FieldChangeView {
    /// The field.
    pub field: String,
    /// What is there now.
    pub from: Option<String>,
    /// What will be there.
    pub to: Option<String>,
}

/// Asks for the imports that were applied.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(deny_unknown_fields)]
pub struct ImportsRequest {}

/// Imports, the last one first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct ImportsResponse {
    /// The last thousand.
    pub imports: Vec<ImportView>,
    /// Always null.
    pub next: Option<String>,
}

/// An import that was applied.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct ImportView {
    /// Its number.
    pub id: ImportId,
    /// When.
    pub at: DateTime<Utc>,
    /// The file's name.
    pub file: String,
    /// Which kind of file it was.
    pub layout: Layout,
    /// Rows that made a SKU.
    pub new: u64,
    /// Rows that changed one.
    pub changed: u64,
    /// Rows that changed nothing.
    pub unchanged: u64,
    /// Rows that were not applied.
    pub refused: u64,
    /// When it was taken back.
    pub undone_at: Option<DateTime<Utc>>,
}

/// Takes an import back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(deny_unknown_fields)]
pub struct UndoRequest {
    /// Its number.
    pub id: ImportId,
}

/// What taking an import back did: values restored, and what stays because it was changed later.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct UndoResponse {
    /// `done` counts values restored and SKUs removed; `refused` names what stays.
    #[serde(flatten)]
    pub report: ActionReport,
    /// The import.
    pub id: ImportId,
}

/// How far an import is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ImportProgress {
    /// Bytes of the file that are read.
    pub bytes_done: u64,
    /// The file's size.
    pub bytes_total: u64,
}

/// Watches and stops an import from outside.
#[derive(Clone, Default)]
pub struct ImportControl {
    /// Told often; must not wait.
    pub progress: Option<Arc<dyn Fn(ImportProgress) + Send + Sync>>,
    /// Told how many rows are written of how many, as the file is applied; must not wait.
    pub written: Option<Arc<dyn Fn(u64, u64) + Send + Sync>>,
    /// Stops it; nothing is changed then.
    pub cancel: Cancel,
}

impl std::fmt::Debug for ImportControl {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ImportControl")
            .field("cancel", &self.cancel)
            .finish_non_exhaustive()
    }
}

/// Says that something is to stop. Clones say it together.
#[derive(Clone, Debug, Default)]
pub struct Cancel(Stop);

impl Cancel {
    /// Asks to stop.
    pub fn cancel(&self) {
        self.0.ask();
    }

    /// Whether it was asked.
    pub fn is_cancelled(&self) -> bool {
        self.0.is_asked()
    }

    pub(crate) fn check(&self) -> Result<()> {
        if self.is_cancelled() {
            return Err(ApiError::new(ApiErrorKind::Cancelled));
        }
        Ok(())
    }
}

pub(crate) fn pairs(values: &[NamedValue]) -> Vec<(String, String)> {
    values
        .iter()
        .map(|value| (value.name.clone(), value.value.clone()))
        .collect()
}

/// Adds what is kept and not said anew.
fn complete(said: &mut Vec<NamedValue>, kept: Vec<(String, String)>) {
    for (name, value) in kept {
        if !said
            .iter()
            .any(|known| known.name.eq_ignore_ascii_case(&name))
        {
            said.push(NamedValue { name, value });
        }
    }
}

impl Api {
    /// Looks at a file or applies it, watched by the run that it is begun under.
    pub async fn import(&self, request: ImportRequest) -> Result<ImportResponse> {
        self.import_watched(request, self.import_control()).await
    }

    /// Tells and stops an import by the run of the command.
    pub(crate) fn import_control(&self) -> ImportControl {
        let (api, writing) = (self.clone(), self.clone());
        ImportControl {
            written: Some(Arc::new(move |done, total| {
                writing.moved_on(RunStage::Apply, done, Some(total));
            })),
            progress: Some(Arc::new(move |progress: ImportProgress| {
                let (done, total) = (progress.bytes_done, progress.bytes_total);
                api.moved_on(RunStage::Read, done, Some(total));
            })),
            cancel: Cancel(self.stop()),
        }
    }

    /// Looks at a file or applies it. A row with a mistake is refused and told; the others are
    /// applied in one transaction. Stopped in between, nothing is changed.
    pub async fn import_watched(
        &self,
        request: ImportRequest,
        control: ImportControl,
    ) -> Result<ImportResponse> {
        let request = self.with_profile(request).await?;
        self.staged.clear();
        at_most(request.map.len() + request.defaults.len(), MAPPED_MAX)?;
        let (options, mut defaults) = self.read_options(&request).await?;
        let (store, words) = (Arc::clone(&self.parts.store), self.words);
        let engine = Arc::clone(&self.parts.engine);
        self.blocking(move || {
            let run = Run {
                faults: engine.faults(),
                store: &store,
                words,
                request: &request,
                options: &options,
                control: &control,
            };
            let mut response = run.run()?;
            response.import.defaults.append(&mut defaults);
            if let (Some(name), false) = (&request.profile, request.preview) {
                let profile = MappingProfile {
                    columns: pairs(&request.map),
                    defaults: pairs(&request.defaults),
                    form: request.form.said(),
                };
                store.write(|tx| tx.keep_mapping_profile(name, &profile))?;
            }
            Ok(response)
        })
        .await
    }

    /// The request with what is kept under its profile's name, where that says more.
    pub(crate) async fn with_profile(&self, mut request: ImportRequest) -> Result<ImportRequest> {
        let Some(name) = request.profile.clone() else {
            return Ok(request);
        };
        let says_nothing = request.map.is_empty()
            && request.defaults.is_empty()
            && request.form == ImportForm::default();
        let wanted = name.clone();
        let kept = self
            .on_store(move |store| store.read(|db| db.mapping_profile(&wanted)))
            .await?;
        match kept {
            Some(kept) => {
                complete(&mut request.map, kept.columns);
                complete(&mut request.defaults, kept.defaults);
                request.form = request.form.or(ImportForm::kept(&kept.form));
            }
            None if says_nothing => {
                return Err(ApiError::not_found("profile", name));
            }
            None => {}
        }
        Ok(request)
    }

    /// Imports that were applied, the last one first.
    pub async fn imports(&self, _request: ImportsRequest) -> Result<ImportsResponse> {
        let imports = self
            .on_store(|store| store.read(|db| db.imports(LISTED_MAX)))
            .await?;
        let views = imports.into_iter().map(|import| ImportView {
            id: import.id,
            at: import.at,
            file: import.file_name,
            layout: import.layout,
            new: import.created,
            changed: import.changed,
            unchanged: import.unchanged,
            refused: import.refused,
            undone_at: import.undone_at,
        });
        Ok(ImportsResponse {
            imports: views.collect(),
            next: None,
        })
    }

    /// Takes an import back. What was changed later stays and is named.
    pub async fn undo(&self, request: UndoRequest) -> Result<UndoResponse> {
        let id = request.id;
        let undone = self
            .on_store(move |store| store.write(|tx| tx.undo_import(id)))
            .await?;
        let report = self.undone(undone);
        Ok(UndoResponse { report, id })
    }

    pub(crate) async fn read_options(
        &self,
        request: &ImportRequest,
    ) -> Result<(Options, BTreeMap<String, String>)> {
        let mut shown = BTreeMap::new();
        let mut mapping = Vec::new();
        for NamedValue { name, value } in &request.map {
            let taken_for = ColumnUse::parse(value)
                .ok_or_else(|| ApiError::invalid(Why::MappingUnknown).param("value", value))?;
            mapping.push((name.clone(), taken_for));
        }
        let mut currency = None;
        let mut defaults = Vec::new();
        for NamedValue { name, value } in &request.defaults {
            let field = Field::from_code(name).ok_or_else(|| {
                let known = Field::ALL.map(Field::code).join(", ");
                ApiError::invalid(Why::FieldUnknown)
                    .param("field", name)
                    .param("known", known)
            })?;
            shown.insert(name.clone(), value.clone());
            if field == Field::Currency {
                currency =
                    Some(Currency::parse(value).map_err(|_| {
                        ApiError::invalid(Why::CurrencyInvalid).param("value", value)
                    })?);
            } else {
                defaults.push((field, value.clone()));
            }
        }
        let currency = match currency {
            Some(currency) => currency,
            None => self.currency().await?.unwrap_or(Currency::USD),
        };
        shown.insert("currency".to_owned(), currency.to_string());
        let options = Options {
            form: request.form.read()?,
            mapping,
            defaults,
            currency,
        };
        Ok((options, shown))
    }
}
