//! Makes the adapter of an account, and keeps it while the account stays as it is.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use async_trait::async_trait;
use barrow_api::{KeysKept, PortError, Practice, Secrets};
use barrow_engine::Accounts;
use barrow_market::{
    Adapter, Connection, Connector, ConnectorInfo, Credentials, Error, ErrorKind, Result,
    SettingKind,
};
use barrow_model::{
    Account, AccountId, Clock, Endpoint, Problem, ProblemKind, Revision, Secret, Settings,
};
use barrow_store::Store;

use crate::credentials::{CatalogueVault, PracticeCredentials};
use crate::notes::CatalogueNotes;
use crate::pictures::CataloguePictures;
use crate::practice::PracticeHost;
use crate::rehearsal::Rehearsed;

/// Ways to the marketplaces of one catalogue.
pub(crate) struct HostAccounts {
    connectors: Vec<Box<dyn Connector>>,
    vault: CatalogueVault,
    store: Arc<Store>,
    practice: Arc<PracticeHost>,
    clock: Arc<dyn Clock>,
    made: Mutex<HashMap<AccountId, Made>>,
}

/// An adapter, and what it was made for.
struct Made {
    revision: Revision,
    endpoint: Endpoint,
    adapter: Arc<dyn Adapter>,
}

impl HostAccounts {
    pub(crate) fn new(
        connectors: Vec<Box<dyn Connector>>,
        vault: CatalogueVault,
        store: Arc<Store>,
        practice: Arc<PracticeHost>,
        clock: Arc<dyn Clock>,
    ) -> Self {
        Self {
            connectors,
            vault,
            store,
            practice,
            clock,
            made: Mutex::default(),
        }
    }

    /// Where the account talks to: practice becomes the address at which it is served now.
    async fn endpoint(&self, account: &Account) -> Result<Endpoint> {
        if account.endpoint != Endpoint::Practice {
            return Ok(account.endpoint.clone());
        }
        let address = self
            .practice
            .address(&account.marketplace.0)
            .await
            .map_err(|error| {
                let problem = Problem::new(ProblemKind::Unreachable).param("detail", error);
                Error::new(ErrorKind::Unreachable, "practice").because(problem)
            })?;
        Ok(Endpoint::Custom(address))
    }

    fn known(&self, account: &Account, endpoint: &Endpoint) -> Option<Arc<dyn Adapter>> {
        let made = self.made.lock().unwrap_or_else(PoisonError::into_inner);
        made.get(&account.id)
            .filter(|made| made.revision == account.revision && made.endpoint == *endpoint)
            .map(|made| Arc::clone(&made.adapter))
    }

    fn credentials(&self, account: &Account) -> Arc<dyn Credentials> {
        let kept = self.vault.credentials(account.id);
        if account.endpoint != Endpoint::Practice {
            return kept;
        }
        Arc::new(PracticeCredentials {
            kept,
            practice: Arc::clone(&self.practice) as Arc<dyn Practice>,
            marketplace: account.marketplace.0.clone(),
        })
    }

    fn make(&self, account: &Account, endpoint: Endpoint) -> Result<Arc<dyn Adapter>> {
        let name = account.marketplace.0.as_str();
        let connector = self
            .connectors
            .iter()
            .find(|connector| connector.info().marketplace == name)
            .ok_or_else(|| Error::new(ErrorKind::Config, "connect").with("marketplace", name))?;
        let connection = Connection {
            account_id: account.id,
            endpoint: endpoint.clone(),
            settings: account.settings.clone(),
            credentials: self.credentials(account),
            pictures: Arc::new(CataloguePictures::new(
                Arc::clone(&self.store),
                account.id,
                &endpoint,
            )),
            notes: Arc::new(CatalogueNotes::new(
                Arc::clone(&self.store),
                account.id,
                &endpoint,
            )),
        };
        let speed = account
            .settings
            .get("speed")
            .and_then(|text| text.parse().ok())
            .unwrap_or(1);
        let mut adapter = connector.connect(connection)?;
        if speed > 1 && endpoint.is_loopback() {
            adapter = Arc::new(Rehearsed::new(adapter, Arc::clone(&self.clock), speed));
        }
        let mut made = self.made.lock().unwrap_or_else(PoisonError::into_inner);
        made.insert(
            account.id,
            Made {
                revision: account.revision,
                endpoint,
                adapter: Arc::clone(&adapter),
            },
        );
        Ok(adapter)
    }

    fn info(&self, account: &Account) -> Option<&'static ConnectorInfo> {
        let name = account.marketplace.0.as_str();
        let mut infos = self.connectors.iter().map(|connector| connector.info());
        infos.find(|info| info.marketplace == name)
    }

    fn forget(&self, account: AccountId) {
        self.made
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .remove(&account);
    }
}

#[async_trait]
impl Accounts for HostAccounts {
    async fn adapter(&self, account: &Account) -> Result<Arc<dyn Adapter>> {
        let endpoint = self.endpoint(account).await?;
        match self.known(account, &endpoint) {
            Some(adapter) => Ok(adapter),
            None => self.make(account, endpoint),
        }
    }

    fn listing_settings(&self, account: &Account) -> Settings {
        let Some(info) = self.info(account) else {
            return Settings::new();
        };
        let concerns_listings = |key: &str| {
            info.field(key)
                .is_some_and(|field| field.kind == SettingKind::Default)
        };
        let settings = account
            .settings
            .iter()
            .filter(|(key, _)| concerns_listings(key));
        settings
            .map(|(key, value)| (key.clone(), value.clone()))
            .collect()
    }

    fn stock_pool(&self, account: &Account) -> &'static str {
        self.info(account).map_or("", |info| info.stock_pool)
    }

    fn family_members_max(&self, account: &Account) -> usize {
        self.info(account).map_or(0, |info| info.family_members_max)
    }
}

/// An adapter keeps the token that its keys gave it: new keys make a new adapter.
impl Secrets for HostAccounts {
    fn set(
        &self,
        account: AccountId,
        key: &str,
        secret: &Secret,
    ) -> std::result::Result<(), PortError> {
        self.forget(account);
        self.vault.set(account, key, secret)
    }

    fn has(&self, account: AccountId, key: &str) -> std::result::Result<bool, PortError> {
        self.vault.has(account, key)
    }

    fn remove_all(&self, account: AccountId, keys: &[&str]) -> std::result::Result<(), PortError> {
        self.forget(account);
        self.vault.remove_all(account, keys)
    }

    fn kept(&self) -> KeysKept {
        self.vault.kept()
    }
}
