//! What can go wrong with the catalogue, in words that a person can act on.

use barrow_model::Revision;
use rusqlite::ErrorCode;
use rusqlite::ffi;

/// Why the catalogue could not be opened, read or written. After any of them the catalogue is as
/// it was before.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StoreError {
    /// No room is left on the disk.
    #[error("the disk is full; nothing was changed")]
    DiskFull,
    /// The file or its folder cannot be written.
    #[error("the catalogue cannot be written; the file or its folder is read-only")]
    ReadOnly,
    /// The file cannot be opened or made: no such folder, or no permission.
    #[error("{path} cannot be opened; is the folder there, and may it be written?")]
    CannotOpen {
        /// The file.
        path: String,
    },
    /// A newer program wrote the file in a way that this one would misread.
    #[error(
        "the catalogue was written by a newer Barrow (version {found} of the file, this program \
         knows {known}); please update"
    )]
    NewerVersion {
        /// The file's version.
        found: u32,
        /// The newest version that this program knows.
        known: u32,
    },
    /// The file is something else.
    #[error("the file is not a Barrow catalogue")]
    NotACatalogue,
    /// The file is damaged.
    #[error("the catalogue is damaged: {detail}")]
    Corrupt {
        /// What was found.
        detail: String,
    },
    /// Another process held the catalogue for longer than is waited.
    #[error("another Barrow is writing the catalogue; please try again")]
    Busy,
    /// Someone else changed the row since it was read.
    #[error("the row has changed meanwhile: revision {expected} was expected, {found} is there")]
    Conflict {
        /// The revision that the writer had seen.
        expected: Revision,
        /// The revision that is there.
        found: Revision,
    },
    /// No such row.
    #[error("there is no {entity} {key}")]
    NotFound {
        /// What was looked for, such as `sku`.
        entity: &'static str,
        /// The name or number it was looked for by.
        key: String,
    },
    /// The value must be unique and exists already.
    #[error("{field} {value} exists already")]
    Duplicate {
        /// The field, such as `sku`.
        field: String,
        /// The value; empty where the database alone noticed.
        value: String,
    },
    /// The value is not allowed.
    #[error("{field}: {reason}")]
    Invalid {
        /// The field.
        field: String,
        /// Why not.
        reason: String,
    },
    /// The row is still needed by others.
    #[error("{entity} {key} is still used")]
    InUse {
        /// What was to be removed.
        entity: &'static str,
        /// Its name or number.
        key: String,
    },
    /// Something was sent for an order, and what became of it is not known yet.
    #[error("what was sent for order {order} is not answered yet")]
    OrderUnderWay {
        /// The marketplace's id of the order.
        order: String,
    },
    /// Whoever asked for it asked to stop.
    #[error("it was stopped; nothing was changed")]
    Stopped,
    /// A key was given, and this build keeps catalogues unencrypted.
    #[error("this build of Barrow does not encrypt catalogues; open it without a key")]
    KeyUnsupported,
    /// The disk reported an error.
    #[error("the disk reported an error: {detail}")]
    Disk {
        /// The system's or SQLite's words.
        detail: String,
    },
    /// Anything else that SQLite reports: an error in Barrow itself.
    #[error("the database reported: {0}")]
    Sql(#[source] rusqlite::Error),
}

impl StoreError {
    /// A value that is not allowed.
    pub(crate) fn invalid(field: impl Into<String>, reason: impl Into<String>) -> Self {
        Self::Invalid {
            field: field.into(),
            reason: reason.into(),
        }
    }

    /// A row that is not there.
    pub(crate) fn not_found(entity: &'static str, key: impl ToString) -> Self {
        Self::NotFound {
            entity,
            key: key.to_string(),
        }
    }

    /// A stored text that no longer means anything.
    pub(crate) fn corrupt(detail: impl Into<String>) -> Self {
        Self::Corrupt {
            detail: detail.into(),
        }
    }
}

impl From<rusqlite::Error> for StoreError {
    fn from(error: rusqlite::Error) -> Self {
        match &error {
            rusqlite::Error::SqliteFailure(failure, message) => {
                from_code(*failure, message.as_deref()).unwrap_or(Self::Sql(error))
            }
            rusqlite::Error::FromSqlConversionFailure(..)
            | rusqlite::Error::InvalidColumnType(..)
            | rusqlite::Error::IntegralValueOutOfRange(..) => Self::corrupt(error.to_string()),
            _ => Self::Sql(error),
        }
    }
}

fn from_code(failure: ffi::Error, message: Option<&str>) -> Option<StoreError> {
    let detail = || message.unwrap_or_default().to_owned();
    Some(match failure.code {
        ErrorCode::DiskFull => StoreError::DiskFull,
        ErrorCode::ReadOnly | ErrorCode::PermissionDenied => StoreError::ReadOnly,
        ErrorCode::CannotOpen => StoreError::CannotOpen {
            path: "the catalogue".to_owned(),
        },
        ErrorCode::NotADatabase => StoreError::NotACatalogue,
        ErrorCode::DatabaseCorrupt => StoreError::corrupt(detail()),
        ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked => StoreError::Busy,
        ErrorCode::SystemIoFailure => StoreError::Disk { detail: detail() },
        ErrorCode::ConstraintViolation
            if matches!(
                failure.extended_code,
                ffi::SQLITE_CONSTRAINT_UNIQUE | ffi::SQLITE_CONSTRAINT_PRIMARYKEY
            ) =>
        {
            // "UNIQUE constraint failed: skus.sku"
            let field = message
                .and_then(|text| text.split_once(": "))
                .map_or("", |(_, columns)| columns);
            StoreError::Duplicate {
                field: field.to_owned(),
                value: String::new(),
            }
        }
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use rusqlite::ffi;

    use super::StoreError;

    #[test]
    fn codes_of_sqlite_become_words() {
        let check = |code: i32, expected: &str| {
            let error = rusqlite::Error::SqliteFailure(ffi::Error::new(code), Some("x: y".into()));
            let found = format!("{:?}", StoreError::from(error));
            assert!(found.starts_with(expected), "{code}: {found}");
        };
        check(ffi::SQLITE_FULL, "DiskFull");
        check(ffi::SQLITE_READONLY, "ReadOnly");
        check(ffi::SQLITE_READONLY_DIRECTORY, "ReadOnly");
        check(ffi::SQLITE_CANTOPEN, "CannotOpen");
        check(ffi::SQLITE_NOTADB, "NotACatalogue");
        check(ffi::SQLITE_CORRUPT, "Corrupt");
        check(ffi::SQLITE_BUSY, "Busy");
        check(ffi::SQLITE_BUSY_SNAPSHOT, "Busy");
        check(ffi::SQLITE_LOCKED, "Busy");
        check(ffi::SQLITE_IOERR_FSYNC, "Disk");
        check(ffi::SQLITE_CONSTRAINT_UNIQUE, "Duplicate { field: \"y\"");
        check(ffi::SQLITE_CONSTRAINT_CHECK, "Sql");
    }
}
