//! Secrets in the system's keyring: Keychain, Credential Manager, Secret Service.

use barrow_model::Secret;
use keyring::{Entry, Error};

use crate::{EntryKey, Keeper, Vault, VaultError};

/// The name under which the keyring shows Barrow's entries.
const SERVICE: &str = "Barrow";

/// The system's keyring.
#[derive(Clone, Copy, Debug)]
pub struct SystemVault(());

impl SystemVault {
    /// Opens the keyring; an error where there is none or it is locked, so that the caller can
    /// choose the encrypted file before a secret is typed.
    pub fn open() -> Result<Self, VaultError> {
        match Entry::store_status() {
            Ok(()) => {}
            Err(error) => {
                return Err(VaultError::NoKeyring {
                    reason: error.to_string(),
                });
            }
        }
        // A locked keyring shows itself only when it is asked.
        let probe = Entry::new(SERVICE, "probe").map_err(system_error)?;
        match probe.get_password() {
            Ok(_) | Err(Error::NoEntry) => Ok(Self(())),
            Err(error) => Err(system_error(error)),
        }
    }

    fn entry(key: &EntryKey) -> Result<Entry, VaultError> {
        Entry::new(SERVICE, &key.to_string()).map_err(system_error)
    }
}

impl Vault for SystemVault {
    fn read(&self, key: &EntryKey) -> Result<Option<Secret>, VaultError> {
        match Self::entry(key)?.get_password() {
            Ok(text) => Ok(Some(Secret::new(text))),
            Err(Error::NoEntry) => Ok(None),
            Err(error) => Err(system_error(error)),
        }
    }

    fn write(&self, key: &EntryKey, secret: &Secret) -> Result<(), VaultError> {
        Self::entry(key)?
            .set_password(secret.expose())
            .map_err(system_error)
    }

    fn delete(&self, key: &EntryKey) -> Result<(), VaultError> {
        match Self::entry(key)?.delete_credential() {
            Ok(()) | Err(Error::NoEntry) => Ok(()),
            Err(error) => Err(system_error(error)),
        }
    }

    fn keeper(&self) -> Result<Keeper, VaultError> {
        Ok(Keeper::Keyring)
    }
}

/// Some of the keyring's errors carry the secret's bytes: only their kind is kept.
fn system_error(error: Error) -> VaultError {
    match error {
        Error::NoDefaultStore => VaultError::NoKeyring {
            reason: "none was found".to_owned(),
        },
        Error::NoStorageAccess(source) => VaultError::NoKeyring {
            reason: source.to_string(),
        },
        Error::PlatformFailure(source) => VaultError::Keyring {
            reason: source.to_string(),
        },
        Error::TooLong(..) => VaultError::TooLong,
        Error::BadEncoding(_) | Error::BadDataFormat(..) => VaultError::Keyring {
            reason: "the entry was not written by Barrow".to_owned(),
        },
        Error::Ambiguous(_) => VaultError::Keyring {
            reason: "there are several entries of one name".to_owned(),
        },
        _ => VaultError::Keyring {
            reason: "it does not support what is asked".to_owned(),
        },
    }
}
