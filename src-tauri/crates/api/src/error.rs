//! Why a command was not done: a closed kind, parameters, and the words for people.

use std::collections::BTreeMap;
use std::fmt;
use std::path::Path;

use barrow_engine::EngineError;
use barrow_intake::IntakeError;
use barrow_model::{EndpointError, Problem};
use barrow_store::StoreError;
use serde::{Deserialize, Serialize, Serializer};

use crate::ports::{LockHeld, PortError};
use crate::words::Words;

macro_rules! codes {
    ($(#[$meta:meta])* $type:ident { $($(#[$doc:meta])* $name:ident = $code:literal,)* }) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
        pub enum $type {
            $($(#[$doc])* #[serde(rename = $code)] $name,)*
        }

        impl $type {
            /// All of them.
            pub const ALL: &'static [Self] = &[$(Self::$name,)*];

            /// Its name in JSON and in messages.
            pub fn code(self) -> &'static str {
                match self {
                    $(Self::$name => $code,)*
                }
            }
        }
    };
}

codes! {
    /// The closed set of reasons for which a command is not done. What is wrong with single rows,
    /// listings and orders is in a command's answer and is not an error.
    ApiErrorKind {
        /// There is no such thing. `entity`, `key`.
        NotFound = "not_found",
        /// The name is taken. `field`, `value`.
        Duplicate = "duplicate",
        /// What was asked for cannot be; `why` says which of [`Why`].
        InvalidInput = "invalid_input",
        /// Someone else changed it meanwhile.
        Conflict = "conflict",
        /// There is no such file. `path`.
        FileNotFound = "file_not_found",
        /// It is a directory. `path`.
        FileIsDirectory = "file_is_directory",
        /// The file cannot be read. `path`, `reason`.
        FileUnreadable = "file_unreadable",
        /// The file cannot be written. `path`, `reason`.
        FileUnwritable = "file_unwritable",
        /// The file holds no table of products; `why` says which of [`NoTable`].
        NotATable = "not_a_table",
        /// No room is left on the disk.
        DiskFull = "disk_full",
        /// The catalogue may not be written.
        ReadOnly = "read_only",
        /// A newer Barrow wrote the catalogue. `found`, `known`.
        NewerCatalogue = "newer_catalogue",
        /// The file is no catalogue, or a damaged one. `reason`.
        NotACatalogue = "not_a_catalogue",
        /// Another process writes the catalogue.
        Busy = "busy",
        /// Another push, pull or sync is running. `by`, `since`.
        Locked = "locked",
        /// The secrets cannot be reached. `reason`.
        Vault = "vault",
        /// The practice marketplaces cannot be reached. `reason`.
        Practice = "practice",
        /// The marketplace did not do it. `problem` is the kind of problem.
        Marketplace = "marketplace",
        /// Barrow cannot do this. `feature`.
        Unsupported = "unsupported",
        /// The seller stopped it.
        Cancelled = "cancelled",
        /// A mistake in Barrow itself. `reason`.
        Internal = "internal",
    }
}

codes! {
    /// What is wrong with what was asked for: `params.why` of an `invalid_input`.
    Why {
        /// No such command. `command`.
        CommandUnknown = "command_unknown",
        /// The order of a case is not in the catalogue. `case`.
        CaseWithoutOrder = "case_without_order",
        /// An answer to a buyer that is on its way already cannot be taken back.
        AnswerSent = "answer_sent",
        /// The request is not in its form. `reason`.
        RequestInvalid = "request_invalid",
        /// No such marketplace. `marketplace`, `known`.
        MarketplaceUnknown = "marketplace_unknown",
        /// Not an endpoint. `endpoint`.
        EndpointUnknown = "endpoint_unknown",
        /// Plain http to another computer. `endpoint`.
        EndpointNotSecure = "endpoint_not_secure",
        /// An endpoint with a path. `endpoint`.
        EndpointHasPath = "endpoint_has_path",
        /// No such setting. `setting`, `marketplace`, `known`.
        SettingUnknown = "setting_unknown",
        /// A secret among the settings. `setting`.
        SettingIsSecret = "setting_is_secret",
        /// A setting among the secrets. `setting`.
        SettingNotSecret = "setting_not_secret",
        /// Not one of its values. `setting`, `value`, `allowed`.
        SettingChoice = "setting_choice",
        /// Practice would take from the stock of goods that are really sold. `account`.
        PracticeBesideReal = "practice_beside_real",
        /// Settings that are needed. `settings`, `marketplace`.
        SettingsMissing = "settings_missing",
        /// A setting for practice only. `setting`.
        SettingLoopbackOnly = "setting_loopback_only",
        /// What cannot be undone wants a yes. `marketplace`.
        NotUnderstood = "not_understood",
        /// A rule that cannot be read. `reason`.
        RulesInvalid = "rules_invalid",
        /// No site is known for the account. `account`.
        SiteMissing = "site_missing",
        /// Neither all nor single SKUs are named.
        SkusMissing = "skus_missing",
        /// Too many at once. `limit`.
        TooMany = "too_many",
        /// Not a field that can be set. `field`, `known`.
        FieldUnknown = "field_unknown",
        /// Not a value of the field. `field`, `reason`.
        FieldInvalid = "field_invalid",
        /// Not a currency. `value`.
        CurrencyInvalid = "currency_invalid",
        /// Not an amount. `field`, `value`.
        AmountInvalid = "amount_invalid",
        /// Not a date. `value`.
        DateInvalid = "date_invalid",
        /// Not a state. `value`, `allowed`.
        StateUnknown = "state_unknown",
        /// Not a page that was given. `value`.
        PageUnknown = "page_unknown",
        /// A column to map that is not in the file. `column`, `columns`.
        ColumnUnknown = "column_unknown",
        /// A use of a column that does not exist. `value`.
        MappingUnknown = "mapping_unknown",
        /// Not what separates cells. `value`.
        DelimiterUnknown = "delimiter_unknown",
        /// A default that cannot be. `field`, `value`.
        DefaultInvalid = "default_invalid",
        /// Neither or both of setting and adding. `sku`.
        StockHow = "stock_how",
        /// Several orders have the number. `order`, `candidates`.
        OrderAmbiguous = "order_ambiguous",
        /// A carrier or reason that is not known. `field`, `value`, `allowed`.
        ChoiceUnknown = "choice_unknown",
        /// A shipment that is on its way to the marketplace already. `order`.
        SentAlready = "sent_already",
        /// What was sent for an order and is not answered yet. `order`.
        OrderUnderWay = "order_under_way",
        /// A category for accounts of several marketplaces.
        CategoryOfOne = "category_of_one",
        /// No file to write to.
        OutMissing = "out_missing",
        /// A thing that is still used. `entity`, `key`.
        InUse = "in_use",
    }
}

codes! {
    /// Why a file holds no table: `params.why` of a `not_a_table`.
    NoTable {
        /// Not CSV. `looks_like`.
        NotCsv = "not_csv",
        /// An encoding that cannot be told.
        Encoding = "encoding",
        /// Nothing in it.
        Empty = "empty",
        /// No header that is known. `found`.
        NoHeader = "no_header",
        /// Too many columns. `found`, `max`.
        TooManyColumns = "too_many_columns",
        /// Too many rows. `max`.
        TooManyRows = "too_many_rows",
    }
}

/// Why a command was not done. Serialised as `{"error":{"kind","params","message"}}`.
#[derive(Clone, PartialEq, Eq)]
pub struct ApiError {
    /// What kind.
    pub kind: ApiErrorKind,
    /// Values for the words.
    pub params: BTreeMap<String, String>,
    /// What the marketplace answered, where it is a marketplace's error.
    pub problem: Option<Box<Problem>>,
    /// The words for people, in the language of who asked.
    pub message: String,
}

/// The result of a command.
pub type Result<T> = std::result::Result<T, ApiError>;

#[derive(Serialize, Deserialize)]
struct ErrorDocument {
    error: ErrorBody,
}

/// Why a command was not done, as it is written: `{"error": …}` holds one.
#[derive(Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub(crate) struct ErrorBody {
    /// What kind.
    kind: ApiErrorKind,
    /// Values for the words.
    params: BTreeMap<String, String>,
    /// The words for people.
    message: String,
}

impl ApiError {
    /// An error without particulars, in English until [`ApiError::told_in`].
    pub fn new(kind: ApiErrorKind) -> Self {
        Self {
            kind,
            params: BTreeMap::new(),
            problem: None,
            message: String::new(),
        }
        .told_in(&Words::english())
    }

    /// A request that cannot be.
    pub fn invalid(why: Why) -> Self {
        Self::new(ApiErrorKind::InvalidInput).param("why", why.code())
    }

    /// Something that is not there.
    pub fn not_found(entity: &str, key: impl ToString) -> Self {
        Self::new(ApiErrorKind::NotFound)
            .param("entity", entity)
            .param("key", key)
    }

    /// What a marketplace did not do. `marketplace` is its name as people write it.
    pub fn marketplace(marketplace: &str, problem: Problem) -> Self {
        let mut error = Self::new(ApiErrorKind::Marketplace);
        error.params = problem.params.clone();
        error
            .params
            .insert("marketplace".into(), marketplace.to_owned());
        error
            .params
            .insert("problem".into(), problem.kind.code().to_owned());
        error.problem = Some(Box::new(problem));
        error.told_in(&Words::english())
    }

    /// A file that cannot be written.
    pub fn unwritable(path: &Path, source: &std::io::Error) -> Self {
        if source.kind() == std::io::ErrorKind::StorageFull {
            return Self::new(ApiErrorKind::DiskFull);
        }
        Self::new(ApiErrorKind::FileUnwritable)
            .param("path", path.display())
            .param("reason", source)
    }

    /// Names the file that could not be written, where whoever wrote did not know it.
    pub(crate) fn at_path(self, path: &Path) -> Self {
        match self.kind {
            ApiErrorKind::FileUnwritable => self.param("path", path.display()),
            _ => self,
        }
    }

    /// Adds a value for the words.
    #[must_use]
    pub fn param(mut self, name: &str, value: impl ToString) -> Self {
        self.params.insert(name.to_owned(), value.to_string());
        self.told_in(&Words::english())
    }

    /// The same in the words of a language.
    #[must_use]
    pub fn told_in(mut self, words: &Words) -> Self {
        self.message = words.error(&self);
        self
    }
}

impl fmt::Display for ApiError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl fmt::Debug for ApiError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.kind.code(), self.message)
    }
}

impl std::error::Error for ApiError {}

impl Serialize for ApiError {
    fn serialize<S: Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
        ErrorDocument {
            error: ErrorBody {
                kind: self.kind,
                params: self.params.clone(),
                message: self.message.clone(),
            },
        }
        .serialize(serializer)
    }
}

impl From<StoreError> for ApiError {
    fn from(error: StoreError) -> Self {
        use ApiErrorKind as Kind;
        match error {
            StoreError::DiskFull => Self::new(Kind::DiskFull),
            StoreError::ReadOnly => Self::new(Kind::ReadOnly),
            StoreError::CannotOpen { path } => Self::new(Kind::FileUnwritable)
                .param("path", path)
                .param("reason", "it cannot be opened"),
            StoreError::NewerVersion { found, known } => Self::new(Kind::NewerCatalogue)
                .param("found", found)
                .param("known", known),
            StoreError::NotACatalogue => {
                Self::new(Kind::NotACatalogue).param("reason", "it is something else")
            }
            StoreError::Corrupt { detail } => {
                let reason = format!("it is damaged: {detail}");
                Self::new(Kind::NotACatalogue).param("reason", reason)
            }
            StoreError::Busy => Self::new(Kind::Busy),
            StoreError::Stopped => Self::new(Kind::Cancelled),
            StoreError::Conflict { expected, found } => Self::new(Kind::Conflict)
                .param("expected", expected)
                .param("found", found),
            StoreError::NotFound { entity, key } => Self::not_found(entity, key),
            StoreError::Duplicate { field, value } => Self::new(Kind::Duplicate)
                .param("field", field)
                .param("value", value),
            StoreError::Invalid { field, reason } => Self::invalid(Why::FieldInvalid)
                .param("field", field)
                .param("reason", reason),
            StoreError::InUse { entity, key } => Self::invalid(Why::InUse)
                .param("entity", entity)
                .param("key", key),
            StoreError::OrderUnderWay { order } => {
                Self::invalid(Why::OrderUnderWay).param("order", order)
            }
            StoreError::KeyUnsupported => {
                Self::new(Kind::Unsupported).param("feature", "an encrypted catalogue")
            }
            other => Self::new(Kind::Internal).param("reason", other),
        }
    }
}

impl From<EngineError> for ApiError {
    fn from(error: EngineError) -> Self {
        match error {
            EngineError::Store(error) => error.into(),
            EngineError::Rules { account, reason } => {
                let reason = format!("{account}: {reason}");
                Self::invalid(Why::RulesInvalid).param("reason", reason)
            }
        }
    }
}

impl From<IntakeError> for ApiError {
    fn from(error: IntakeError) -> Self {
        let no_table = |why: NoTable| Self::new(ApiErrorKind::NotATable).param("why", why.code());
        let mut told = match &error {
            IntakeError::NotFound { .. } => Self::new(ApiErrorKind::FileNotFound),
            IntakeError::IsDirectory { .. } => Self::new(ApiErrorKind::FileIsDirectory),
            IntakeError::NotReadable { .. } => Self::new(ApiErrorKind::FileUnreadable),
            IntakeError::NotCsv { .. } => no_table(NoTable::NotCsv),
            IntakeError::Encoding { .. } => no_table(NoTable::Encoding),
            IntakeError::Empty { .. } => no_table(NoTable::Empty),
            IntakeError::NoHeader { .. } => no_table(NoTable::NoHeader),
            IntakeError::TooManyColumns { .. } => no_table(NoTable::TooManyColumns),
            IntakeError::TooManyRows { .. } => no_table(NoTable::TooManyRows),
            IntakeError::ColumnUnknown { .. } => Self::invalid(Why::ColumnUnknown),
            IntakeError::DefaultInvalid { .. } => Self::invalid(Why::DefaultInvalid),
            IntakeError::Write(source) => Self::unwritable(Path::new("output"), source),
        };
        for (name, value) in error.params() {
            told.params.insert(name.to_owned(), value);
        }
        told.told_in(&Words::english())
    }
}

impl From<LockHeld> for ApiError {
    fn from(held: LockHeld) -> Self {
        match held {
            LockHeld::By { by, since } => {
                let error = Self::new(ApiErrorKind::Locked).param("by", by);
                match since {
                    Some(since) => error.param("since", since.to_rfc3339()),
                    None => error,
                }
            }
            LockHeld::Unusable { path, reason } => Self::new(ApiErrorKind::FileUnwritable)
                .param("path", path.display())
                .param("reason", reason),
        }
    }
}

impl From<EndpointError> for ApiError {
    fn from(error: EndpointError) -> Self {
        let (why, endpoint) = match error {
            EndpointError::Unknown(text) => (Why::EndpointUnknown, text),
            EndpointError::NotSecure(text) => (Why::EndpointNotSecure, text),
            EndpointError::HasPath(text) => (Why::EndpointHasPath, text),
        };
        Self::invalid(why).param("endpoint", endpoint)
    }
}

/// The vault could not do it.
pub(crate) fn vault(error: PortError) -> ApiError {
    ApiError::new(ApiErrorKind::Vault).param("reason", error)
}

/// The practice marketplaces could not be reached.
pub(crate) fn practice(error: PortError) -> ApiError {
    ApiError::new(ApiErrorKind::Practice).param("reason", error)
}
