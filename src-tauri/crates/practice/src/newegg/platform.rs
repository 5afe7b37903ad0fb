//! The three platforms (newegg.md §1).

use serde::{Deserialize, Serialize};

/// Where an account lives. Each platform is an account of its own with keys of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Platform {
    /// newegg.com.
    Us,
    /// Newegg Business.
    B2b,
    /// newegg.ca.
    Can,
}

impl Platform {
    /// The word on Barrow's command line.
    pub(super) fn word(self) -> &'static str {
        match self {
            Self::Us => "US",
            Self::B2b => "B2B",
            Self::Can => "CAN",
        }
    }

    /// The country whose buyers are served, as the item calls code it.
    pub(super) fn home(self) -> &'static str {
        match self {
            Self::Us | Self::B2b => "USA",
            Self::Can => "CAN",
        }
    }

    pub(super) fn currency(self) -> &'static str {
        match self {
            Self::Us | Self::B2b => "USD",
            Self::Can => "CAD",
        }
    }

    /// The country of an order's address: a name, not a code (newegg.md §6.1).
    pub(super) fn country_name(self) -> &'static str {
        match self {
            Self::Us | Self::B2b => "UNITED STATES",
            Self::Can => "CANADA",
        }
    }

    /// The code that classic price lists show: Newegg Business calls itself USB there.
    pub(super) fn list_code(self) -> &'static str {
        match self {
            Self::Us => "USA",
            Self::B2b => "USB",
            Self::Can => "CAN",
        }
    }

    /// Takes the platform's base off a path; none where the path is not the API's.
    pub(super) fn of_path(path: &[String]) -> Option<(Self, &[String])> {
        let (first, rest) = path.split_first()?;
        if first != "marketplace" {
            return None;
        }
        match rest.first().map(String::as_str) {
            Some("b2b") => Some((Self::B2b, &rest[1..])),
            Some("can") => Some((Self::Can, &rest[1..])),
            _ => Some((Self::Us, rest)),
        }
    }
}
