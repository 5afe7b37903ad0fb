//! Who caused a write.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::id::{AccountId, ImportId};

/// Who or what caused a write. What came from a marketplace does not go back to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum Origin {
    /// The seller, in the window or on the command line.
    User,
    /// An imported file.
    Import(ImportId),
    /// A marketplace account: an order, or a value adopted from it.
    Account(AccountId),
    /// A rule of the seller's, by its number.
    Rule(i64),
    /// Barrow itself, keeping its own books.
    System,
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::User => f.write_str("user"),
            Self::Import(id) => write!(f, "import:{id}"),
            Self::Account(id) => write!(f, "account:{id}"),
            Self::Rule(id) => write!(f, "rule:{id}"),
            Self::System => f.write_str("system"),
        }
    }
}

/// A text that names no origin.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is no origin")]
pub struct OriginError(String);

impl FromStr for Origin {
    type Err = OriginError;

    fn from_str(text: &str) -> Result<Self, OriginError> {
        let unknown = || OriginError(text.to_owned());
        let number = |id: &str| id.parse().map_err(|_| unknown());
        match text.split_once(':') {
            None if text == "user" => Ok(Self::User),
            None if text == "system" => Ok(Self::System),
            Some(("import", id)) => Ok(Self::Import(ImportId(number(id)?))),
            Some(("account", id)) => Ok(Self::Account(AccountId(number(id)?))),
            Some(("rule", id)) => Ok(Self::Rule(number(id)?)),
            _ => Err(unknown()),
        }
    }
}
