//! What the commands need of the world beyond the catalogue and the engine. `host` provides it.

use std::collections::BTreeMap;
use std::fmt;
use std::path::PathBuf;

use async_trait::async_trait;
use barrow_model::{AccountId, Secret};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// A port could not do what was asked, in words without secrets.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{reason}")]
pub struct PortError {
    /// Why, and what to do about it.
    pub reason: String,
}

impl PortError {
    /// An error in words.
    pub fn new(reason: impl fmt::Display) -> Self {
        Self {
            reason: reason.to_string(),
        }
    }
}

/// Who keeps the keys of the accounts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum KeysKept {
    /// The system's keyring.
    Keyring,
    /// A file in the folder, encrypted with a passphrase.
    File,
    /// Memory: they are gone when Barrow ends.
    Memory,
    /// Nobody: there is no keyring, or it is locked, and no passphrase was given.
    Nowhere,
}

/// The vault, as far as commands need it: they put secrets in and never take them out.
pub trait Secrets: Send + Sync {
    /// Keeps a secret of an account.
    fn set(&self, account: AccountId, key: &str, secret: &Secret) -> Result<(), PortError>;

    /// Whether an account has a secret.
    fn has(&self, account: AccountId, key: &str) -> Result<bool, PortError>;

    /// Forgets the secrets of an account.
    fn remove_all(&self, account: AccountId, keys: &[&str]) -> Result<(), PortError>;

    /// Who keeps them. May have to open the keyring.
    fn kept(&self) -> KeysKept;
}

/// The folder's own practice marketplaces.
#[async_trait]
pub trait Practice: Send + Sync {
    /// The marketplaces that there is practice for, in the order in which they are offered.
    fn names(&self) -> &'static [&'static str];

    /// Starts them, or finds the process that serves them already, and gives the way to one.
    async fn connection(&self, marketplace: &str) -> Result<PracticeConnection, PortError>;
}

/// The way to a practice marketplace.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PracticeConnection {
    /// Settings that may be shown.
    pub settings: BTreeMap<String, String>,
    /// The keys that it accepts.
    pub secrets: BTreeMap<String, Secret>,
    /// Scheme, host and port at which it is served, where it is.
    pub endpoint: Option<String>,
}

/// Keeps a second push, pull or sync on the same folder away.
pub trait EngineLock: Send + Sync {
    /// Takes the lock until the guard is dropped; `what` is told to whoever comes meanwhile.
    fn acquire(&self, what: &str) -> Result<Box<dyn Send>, LockHeld>;
}

/// Why the lock could not be taken.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LockHeld {
    /// Another process has it.
    #[error("another Barrow is at work on this folder: {by}")]
    By {
        /// Who and what: the program, its process id and command.
        by: String,
        /// Since when.
        since: Option<DateTime<Utc>>,
    },
    /// The lock file cannot be used.
    #[error("the lock file {} cannot be used: {reason}", path.display())]
    Unusable {
        /// The file.
        path: PathBuf,
        /// Why.
        reason: String,
    },
}
