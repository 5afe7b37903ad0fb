//! Why a call had no effect.

use std::fmt;
use std::time::Duration;

use barrow_model::{Problem, ProblemKind, VendorError};
use chrono::{DateTime, Utc};

/// The result of a call to an adapter.
pub type Result<T> = std::result::Result<T, Error>;

/// What went wrong. The engine acts on it; people read the [`Problem`] that it becomes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ErrorKind {
    /// A setting or key is missing or has a value that cannot be.
    Config,
    /// The marketplace does not know these keys.
    Unauthorized,
    /// The consent has ended; only the seller can renew it.
    ConsentEnded,
    /// The keys lack a permission.
    Forbidden,
    /// What was asked for is not there.
    NotFound,
    /// A limit is used up, here or there. [`Error::not_before`] says until when.
    RateLimited,
    /// Nobody answers at the address.
    Unreachable,
    /// The connection could not be made safe.
    Tls,
    /// No answer in time, or the connection broke after the request had left.
    NoAnswer,
    /// The answer was cut, too large, or not in the marketplace's format.
    Unreadable,
    /// The marketplace has a fault of its own (5xx).
    MarketplaceDown,
    /// The marketplace refused the request as a whole.
    Refused,
    /// The adapter does not offer it; nothing was sent.
    Unsupported,
}

/// Whether trying again can help.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Status {
    /// Trying the same again cannot help.
    Permanent,
    /// It may work the next time.
    Temporary,
    /// It was tried several times and still fails; a later try may work.
    Persistent,
}

/// Why a call had no effect.
#[derive(Clone)]
pub struct Error {
    /// What went wrong.
    pub kind: ErrorKind,
    /// Whether trying again can help.
    pub status: Status,
    /// The marketplace's operation, such as `bulkCreateOffer`.
    pub operation: &'static str,
    /// Particulars for the log: names and values without secrets or personal data.
    pub context: Vec<(&'static str, String)>,
    /// What the marketplace said.
    pub vendor: Option<VendorError>,
    /// Trying earlier is of no use.
    pub not_before: Option<DateTime<Utc>>,
    /// A more exact problem than the kind tells, where the adapter's error table knows one.
    pub problem: Option<Box<Problem>>,
}

impl Error {
    /// An error with the status that its kind usually has.
    pub fn new(kind: ErrorKind, operation: &'static str) -> Self {
        let status = match kind {
            ErrorKind::RateLimited
            | ErrorKind::Unreachable
            | ErrorKind::NoAnswer
            | ErrorKind::Unreadable
            | ErrorKind::MarketplaceDown => Status::Temporary,
            ErrorKind::Config
            | ErrorKind::Unauthorized
            | ErrorKind::ConsentEnded
            | ErrorKind::Forbidden
            | ErrorKind::NotFound
            | ErrorKind::Tls
            | ErrorKind::Refused
            | ErrorKind::Unsupported => Status::Permanent,
        };
        Self {
            kind,
            status,
            operation,
            context: Vec::new(),
            vendor: None,
            not_before: None,
            problem: None,
        }
    }

    /// Adds a particular. Never a secret, never personal data.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl ToString) -> Self {
        self.context.push((name, value.to_string()));
        self
    }

    /// Keeps what the marketplace said.
    #[must_use]
    pub fn vendor(mut self, code: impl Into<String>, text: impl AsRef<str>) -> Self {
        self.vendor = Some(VendorError::new(code, text));
        self
    }

    /// Says when trying again makes sense.
    #[must_use]
    pub fn not_before(mut self, at: DateTime<Utc>) -> Self {
        self.not_before = Some(at);
        self
    }

    /// Names the exact problem.
    #[must_use]
    pub fn because(mut self, problem: Problem) -> Self {
        self.problem = Some(Box::new(problem));
        self
    }

    /// The same after several tries.
    #[must_use]
    pub fn persistent(mut self) -> Self {
        if self.status == Status::Temporary {
            self.status = Status::Persistent;
        }
        self
    }

    /// What people are told.
    pub fn to_problem(&self) -> Problem {
        let mut problem = self.told();
        if problem.kind == ProblemKind::PermissionMissing {
            // Where nobody knows the permission's name, it is the one to make this call.
            for name in ["permission", "feature"] {
                let operation = || self.operation.to_owned();
                problem
                    .params
                    .entry(name.to_owned())
                    .or_insert_with(operation);
            }
        }
        problem
    }

    fn told(&self) -> Problem {
        if let Some(problem) = &self.problem {
            return (**problem).clone();
        }
        let kind = match self.kind {
            ErrorKind::Config => ProblemKind::SettingInvalid,
            ErrorKind::Unauthorized => ProblemKind::CredentialsRefused,
            ErrorKind::ConsentEnded => ProblemKind::ConsentEnded,
            ErrorKind::Forbidden => ProblemKind::PermissionMissing,
            ErrorKind::NotFound => ProblemKind::ListingGone,
            ErrorKind::RateLimited => ProblemKind::LimitReached,
            ErrorKind::Unreachable => ProblemKind::Unreachable,
            ErrorKind::Tls => ProblemKind::TlsFailed,
            ErrorKind::NoAnswer => ProblemKind::NoAnswer,
            ErrorKind::Unreadable => ProblemKind::AnswerUnreadable,
            ErrorKind::MarketplaceDown => ProblemKind::MarketplaceDown,
            ErrorKind::Refused => ProblemKind::Refused,
            ErrorKind::Unsupported => ProblemKind::Unsupported,
        };
        let mut problem = Problem::new(kind).param("operation", self.operation);
        for (name, value) in &self.context {
            problem = problem.param(*name, value);
        }
        if let Some(until) = self.not_before {
            problem = problem.param("until", until.to_rfc3339());
        }
        problem.vendor = self.vendor.clone();
        problem
    }

    /// How long until trying again makes sense.
    pub fn wait(&self, now: DateTime<Utc>) -> Option<Duration> {
        self.not_before
            .map(|at| (at - now).to_std().unwrap_or_default())
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {:?} ({:?})", self.operation, self.kind, self.status)?;
        for (name, value) in &self.context {
            write!(f, ", {name} {value}")?;
        }
        if let Some(vendor) = &self.vendor {
            write!(f, ": {} {}", vendor.code, vendor.text)?;
        }
        Ok(())
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl std::error::Error for Error {}
