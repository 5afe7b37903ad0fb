//! Where secrets are kept: the system's keyring, a file encrypted with a passphrase, or memory.
//!
//! Nothing else of Barrow stores a secret. An entry is keyed by (catalogue, account, field), so
//! that two catalogues on one computer never see each other's. This crate knows nothing of
//! marketplaces.
//!
//! Start reading at [`Vault`].

mod file;
mod memory;
mod system;

use std::fmt;
use std::path::PathBuf;

use barrow_model::{AccountId, Secret};

pub use file::FileVault;
pub use memory::MemoryVault;
pub use system::SystemVault;

/// Which secret.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EntryKey {
    /// The catalogue's own id.
    pub catalogue: String,
    /// The account.
    pub account_id: AccountId,
    /// The field, as the adapter's `config` names it.
    pub field: String,
}

impl fmt::Display for EntryKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}/{}", self.catalogue, self.account_id, self.field)
    }
}

/// What keeps secrets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Keeper {
    /// The system's keyring.
    Keyring,
    /// A file that is encrypted with a passphrase.
    File,
    /// Memory: they are gone with the program.
    Memory,
}

/// Keeps secrets.
///
/// # Behaviour
/// - What was written is read again, also by another process and after a restart (but for memory).
/// - A write that fails leaves what was there.
/// - No error holds a secret.
pub trait Vault: Send + Sync + fmt::Debug {
    /// The secret of a key; none where there is none.
    fn read(&self, key: &EntryKey) -> Result<Option<Secret>, VaultError>;

    /// Keeps a secret, in place of an earlier one.
    fn write(&self, key: &EntryKey, secret: &Secret) -> Result<(), VaultError>;

    /// Forgets a secret; one that is not there is forgotten already.
    fn delete(&self, key: &EntryKey) -> Result<(), VaultError>;

    /// What keeps them; an error where nothing does.
    fn keeper(&self) -> Result<Keeper, VaultError>;
}

/// Why a secret could not be reached.
#[derive(Debug, thiserror::Error)]
pub enum VaultError {
    /// The system has no keyring, or it is locked.
    #[error("this computer has no unlocked keyring ({reason})")]
    NoKeyring {
        /// What the system said.
        reason: String,
    },
    /// The keyring failed.
    #[error("the keyring failed: {reason}")]
    Keyring {
        /// What the system said.
        reason: String,
    },
    /// The file was encrypted with another passphrase, or was tampered with.
    #[error("the passphrase does not open {}", path.display())]
    Passphrase {
        /// The file.
        path: PathBuf,
    },
    /// The file is not a vault, or of a newer version.
    #[error("{} is not a vault of this version: {reason}", path.display())]
    Format {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        reason: String,
    },
    /// The file could not be read or written.
    #[error("{} cannot be used: {source}", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// A secret is longer than the keyring takes.
    #[error("the secret is longer than the keyring takes")]
    TooLong,
}
