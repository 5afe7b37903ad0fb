//! Secrets in memory, for the demo and for tests.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Mutex, PoisonError};

use barrow_model::Secret;

use crate::{EntryKey, Keeper, Vault, VaultError};

/// Secrets that are gone with the process.
#[derive(Default)]
pub struct MemoryVault {
    entries: Mutex<BTreeMap<EntryKey, Secret>>,
}

impl fmt::Debug for MemoryVault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("MemoryVault")
    }
}

impl Vault for MemoryVault {
    fn read(&self, key: &EntryKey) -> Result<Option<Secret>, VaultError> {
        let entries = self.entries.lock().unwrap_or_else(PoisonError::into_inner);
        Ok(entries.get(key).cloned())
    }

    fn write(&self, key: &EntryKey, secret: &Secret) -> Result<(), VaultError> {
        let mut entries = self.entries.lock().unwrap_or_else(PoisonError::into_inner);
        entries.insert(key.clone(), secret.clone());
        Ok(())
    }

    fn delete(&self, key: &EntryKey) -> Result<(), VaultError> {
        self.entries
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .remove(key);
        Ok(())
    }

    fn keeper(&self) -> Result<Keeper, VaultError> {
        Ok(Keeper::Memory)
    }
}
