//! Accounts: the seller's logins at marketplaces.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::id::{AccountId, Revision};

/// A marketplace by the name that commands and files use, such as `ebay`. Which ones exist is
/// known to `host` alone.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(transparent)]
pub struct Marketplace(pub String);

impl fmt::Display for Marketplace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A country site in the marketplace's own words, such as `EBAY_US`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(transparent)]
pub struct Site(pub String);

impl fmt::Display for Site {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Named values that are not secret; the adapter's `config` says which there are.
pub type Settings = BTreeMap<String, String>;

/// A login at a marketplace. Its secrets are in the vault.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct Account {
    /// Its row.
    pub id: AccountId,
    /// The seller's name for it, unique; used on the command line.
    pub name: String,
    /// Where it is.
    pub marketplace: Marketplace,
    /// Which of the marketplace's worlds it talks to.
    pub endpoint: Endpoint,
    /// Connection settings and defaults that fill what a listing leaves open.
    pub settings: Settings,
    /// Whether it takes part in push and pull.
    pub state: AccountState,
    /// Counts its edits.
    pub revision: Revision,
}

/// Whether an account takes part.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum AccountState {
    /// It does.
    Active,
    /// The seller has paused it.
    Paused,
}

/// Which address an account talks to: scheme, host and port. The marketplace's own paths stand on
/// it, token paths included.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(type = "string"))]
#[serde(try_from = "String", into = "String")]
pub enum Endpoint {
    /// The real marketplace.
    Production,
    /// The marketplace's own sandbox.
    Sandbox,
    /// The folder's practice marketplaces.
    Practice,
    /// An address of one's own: https, or http on loopback only.
    Custom(String),
}

/// Why a text is no endpoint.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EndpointError {
    /// Neither a known word nor an http address.
    #[error("{0:?} is none of production, sandbox, practice or an https address")]
    Unknown(String),
    /// Plain http to another machine.
    #[error("plain http is allowed to this computer only; use https for {0}")]
    NotSecure(String),
    /// More than scheme, host and port.
    #[error("an endpoint is scheme, host and port; {0} has more")]
    HasPath(String),
}

impl Endpoint {
    /// Whether it is on this computer: practice, or a loopback address.
    pub fn is_loopback(&self) -> bool {
        match self {
            Self::Practice => true,
            Self::Custom(address) => address
                .split_once("://")
                .is_some_and(|(_, host)| is_loopback_host(host)),
            Self::Production | Self::Sandbox => false,
        }
    }
}

fn is_loopback_host(authority: &str) -> bool {
    let host = match authority.strip_prefix('[') {
        Some(rest) => rest.split(']').next().unwrap_or_default(),
        None => authority.split(':').next().unwrap_or_default(),
    };
    host.eq_ignore_ascii_case("localhost")
        || host
            .parse::<std::net::IpAddr>()
            .is_ok_and(|address| address.is_loopback())
}

impl FromStr for Endpoint {
    type Err = EndpointError;

    fn from_str(text: &str) -> Result<Self, EndpointError> {
        match text {
            "production" => return Ok(Self::Production),
            "sandbox" => return Ok(Self::Sandbox),
            "practice" => return Ok(Self::Practice),
            _ => {}
        }
        let address = text.trim_end_matches('/');
        let Some((scheme, authority)) = address.split_once("://") else {
            return Err(EndpointError::Unknown(text.to_owned()));
        };
        let known = matches!(scheme, "https" | "http");
        if !known || authority.is_empty() || authority.contains(['@', ' ']) {
            return Err(EndpointError::Unknown(text.to_owned()));
        }
        if authority.contains(['/', '?', '#']) {
            return Err(EndpointError::HasPath(text.to_owned()));
        }
        if scheme == "http" && !is_loopback_host(authority) {
            return Err(EndpointError::NotSecure(text.to_owned()));
        }
        Ok(Self::Custom(address.to_owned()))
    }
}

impl fmt::Display for Endpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Production => "production",
            Self::Sandbox => "sandbox",
            Self::Practice => "practice",
            Self::Custom(address) => address,
        })
    }
}

impl TryFrom<String> for Endpoint {
    type Error = EndpointError;

    fn try_from(text: String) -> Result<Self, EndpointError> {
        text.parse()
    }
}

impl From<Endpoint> for String {
    fn from(endpoint: Endpoint) -> Self {
        endpoint.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::{Endpoint, EndpointError};

    #[test]
    fn plain_http_stays_on_this_computer() {
        let check = |text: &str, expected: Result<Endpoint, ()>| {
            assert_eq!(
                text.parse::<Endpoint>().map_err(|_: EndpointError| ()),
                expected,
                "{text}"
            );
        };
        let custom = |text: &str| Ok(Endpoint::Custom(text.to_owned()));
        check("production", Ok(Endpoint::Production));
        check("https://shop.example", custom("https://shop.example"));
        check("http://127.0.0.1:4000/", custom("http://127.0.0.1:4000"));
        check("http://[::1]:4000", custom("http://[::1]:4000"));
        check("http://localhost:1", custom("http://localhost:1"));
        check("http://shop.example", Err(()));
        check("http://127.0.0.1.example", Err(()));
        check("https://a@b", Err(()));
        check("https://shop.example/path", Err(()));
        check("ftp://x", Err(()));
        check("prod", Err(()));
    }
}
