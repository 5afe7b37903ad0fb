//! An account's secrets, from the vault.

use std::sync::Arc;

use async_trait::async_trait;
use barrow_api::{KeysKept, PortError, Practice, Secrets};
use barrow_market::{Credentials, CredentialsError};
use barrow_model::{AccountId, Secret};
use barrow_vault::{EntryKey, Keeper, Vault, VaultError};

/// The vault of one catalogue.
#[derive(Clone, Debug)]
pub(crate) struct CatalogueVault {
    pub(crate) vault: Arc<dyn Vault>,
    pub(crate) catalogue: String,
}

impl CatalogueVault {
    fn key(&self, account_id: AccountId, field: &str) -> EntryKey {
        EntryKey {
            catalogue: self.catalogue.clone(),
            account_id,
            field: field.to_owned(),
        }
    }

    /// The secrets of one account, as its adapter reads them.
    pub(crate) fn credentials(&self, account_id: AccountId) -> Arc<dyn Credentials> {
        Arc::new(AccountCredentials {
            vault: self.clone(),
            account_id,
        })
    }
}

impl Secrets for CatalogueVault {
    fn set(&self, account: AccountId, key: &str, secret: &Secret) -> Result<(), PortError> {
        self.vault
            .write(&self.key(account, key), secret)
            .map_err(PortError::new)
    }

    fn has(&self, account: AccountId, key: &str) -> Result<bool, PortError> {
        let found = self
            .vault
            .read(&self.key(account, key))
            .map_err(PortError::new)?;
        Ok(found.is_some())
    }

    fn remove_all(&self, account: AccountId, keys: &[&str]) -> Result<(), PortError> {
        for key in keys {
            self.vault
                .delete(&self.key(account, key))
                .map_err(PortError::new)?;
        }
        Ok(())
    }

    fn kept(&self) -> KeysKept {
        match self.vault.keeper() {
            Ok(Keeper::Keyring) => KeysKept::Keyring,
            Ok(Keeper::File) => KeysKept::File,
            Ok(Keeper::Memory) => KeysKept::Memory,
            Err(_) => KeysKept::Nowhere,
        }
    }
}

struct AccountCredentials {
    vault: CatalogueVault,
    account_id: AccountId,
}

impl AccountCredentials {
    /// The keyring talks to another process and the file derives a key: not on the runtime's
    /// threads.
    async fn on_vault<T: Send + 'static>(
        &self,
        key: &str,
        work: impl FnOnce(&dyn Vault, &EntryKey) -> Result<T, VaultError> + Send + 'static,
    ) -> Result<T, CredentialsError> {
        let vault = Arc::clone(&self.vault.vault);
        let key = self.vault.key(self.account_id, key);
        let failed = |reason: String| CredentialsError { reason };
        tokio::task::spawn_blocking(move || work(vault.as_ref(), &key))
            .await
            .map_err(|_| failed("the vault did not answer".to_owned()))?
            .map_err(|error| failed(error.to_string()))
    }
}

#[async_trait]
impl Credentials for AccountCredentials {
    async fn read(&self, key: &str) -> Result<Option<Secret>, CredentialsError> {
        self.on_vault(key, |vault, key| vault.read(key)).await
    }

    async fn write(&self, key: &str, secret: Secret) -> Result<(), CredentialsError> {
        self.on_vault(key, move |vault, key| vault.write(key, &secret))
            .await
    }
}

/// The keys of an account at the folder's practice marketplaces. They open nothing else and are
/// told to everyone who asks there, so that a rehearsal needs no vault.
pub(crate) struct PracticeCredentials {
    /// What the vault has comes first: the seller may have given other keys, to see them refused.
    pub(crate) kept: Arc<dyn Credentials>,
    pub(crate) practice: Arc<dyn Practice>,
    pub(crate) marketplace: String,
}

#[async_trait]
impl Credentials for PracticeCredentials {
    async fn read(&self, key: &str) -> Result<Option<Secret>, CredentialsError> {
        if let Ok(Some(secret)) = self.kept.read(key).await {
            return Ok(Some(secret));
        }
        let connection = self.practice.connection(&self.marketplace).await;
        let connection = connection.map_err(|error| CredentialsError {
            reason: error.to_string(),
        })?;
        Ok(connection.secrets.get(key).cloned())
    }

    async fn write(&self, key: &str, secret: Secret) -> Result<(), CredentialsError> {
        // Without a vault the next start asks practice again.
        self.kept.write(key, secret).await.ok();
        Ok(())
    }
}
