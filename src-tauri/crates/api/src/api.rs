//! The parts that commands work with.

use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;

use barrow_engine::{Accounts, Engine};
use barrow_market::ConnectorInfo;
use barrow_model::{Account, AccountId, Clock, Currency, Marketplace, Random, Sku};
use barrow_store::{Store, StoreError};

use crate::command::CacheTag;
use crate::consent::Consents;
use crate::error::{ApiError, ApiErrorKind, Result, Why};
use crate::events::{Events, Listening};
use crate::import_stage::Staged;
use crate::plan_rows::KeptPlan;
use crate::ports::{EngineLock, Practice, Secrets};
use crate::runs::{Run, Runs};
use crate::words::Words;

/// SKUs that one request names at most.
pub const SKUS_MAX: usize = 10_000;

/// Rows of a page where a request says nothing.
pub(crate) const PAGE_ROWS: usize = 200;

/// What the commands are made of.
pub struct ApiParts {
    /// The catalogue.
    pub store: Arc<Store>,
    /// Plan, push, pull.
    pub engine: Arc<Engine>,
    /// The marketplaces that exist, and their settings.
    pub connectors: Vec<&'static ConnectorInfo>,
    /// The folder that the catalogue lies in.
    pub folder: PathBuf,
    /// Where secrets are put.
    pub secrets: Arc<dyn Secrets>,
    /// The folder's practice marketplaces.
    pub practice: Arc<dyn Practice>,
    /// Keeps a second push, pull or sync away.
    pub lock: Arc<dyn EngineLock>,
    /// Time.
    pub clock: Arc<dyn Clock>,
    /// Chance, for what nobody may guess.
    pub random: Arc<dyn Random>,
    /// Ways to the marketplaces, for checks of an account.
    pub adapters: Arc<dyn Accounts>,
    /// Who is told what happens. The engine's progress is told to the same.
    pub events: Events,
}

impl fmt::Debug for ApiParts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ApiParts").finish_non_exhaustive()
    }
}

/// The commands. One value serves the whole process; every method may run beside others. Clones
/// share everything but the language.
#[derive(Clone)]
pub struct Api {
    pub(crate) parts: Arc<ApiParts>,
    pub(crate) words: Words,
    pub(crate) runs: Runs,
    /// The file that waits to be applied.
    pub(crate) staged: Staged,
    /// The consents that were asked for.
    pub(crate) consents: Consents,
    /// The plan that was made last.
    pub(crate) planned: KeptPlan,
    /// What the command that is being done runs as.
    pub(crate) run: Option<Run>,
}

impl Api {
    /// Puts the commands together, in English. Calls nobody.
    pub fn new(parts: ApiParts) -> Self {
        Self {
            parts: Arc::new(parts),
            words: Words::english(),
            runs: Runs::default(),
            staged: Staged::default(),
            consents: Consents::default(),
            planned: KeptPlan::default(),
            run: None,
        }
    }

    /// The same commands, answering in a language; in English where there are no words for it.
    #[must_use]
    pub fn speaking(&self, locale: &str) -> Self {
        Self {
            words: Words::of(locale),
            ..self.clone()
        }
    }

    /// Listens, from now on, to what happens.
    pub fn events(&self) -> Listening {
        self.parts.events.listen()
    }

    /// Says that something else than a command changed the catalogue: another process.
    pub fn touched_elsewhere(&self) {
        self.parts.events.touched(CacheTag::ALL);
    }

    /// The words that answers are in.
    pub fn words(&self) -> Words {
        self.words
    }

    /// Works on the catalogue without holding up what else is running.
    pub(crate) async fn on_store<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Store) -> std::result::Result<T, StoreError> + Send + 'static,
    ) -> Result<T> {
        let store = Arc::clone(&self.parts.store);
        self.blocking(move || work(&store).map_err(ApiError::from))
            .await
    }

    /// Runs work that waits for a disk.
    pub(crate) async fn blocking<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let done = tokio::task::spawn_blocking(work).await;
        let result = done.unwrap_or_else(|_| {
            Err(ApiError::new(ApiErrorKind::Internal).param("reason", "a command ended early"))
        });
        result.map_err(|error| error.told_in(&self.words))
    }

    /// What is known of a marketplace without connecting to it.
    pub(crate) fn connector(&self, marketplace: &str) -> Result<&'static ConnectorInfo> {
        let known = || {
            let names: Vec<&str> = self
                .parts
                .connectors
                .iter()
                .map(|c| c.marketplace)
                .collect();
            names.join(", ")
        };
        let found = self.parts.connectors.iter().copied();
        let mut found = found.filter(|info| info.marketplace == marketplace);
        found.next().ok_or_else(|| {
            ApiError::invalid(Why::MarketplaceUnknown)
                .param("marketplace", marketplace)
                .param("known", known())
        })
    }

    /// The name of a marketplace as people write it.
    pub(crate) fn title<'a>(&self, marketplace: &'a Marketplace) -> &'a str {
        let mut found = self.parts.connectors.iter();
        found
            .find(|info| info.marketplace == marketplace.0)
            .map_or(&marketplace.0, |info| info.title)
    }

    /// Whether a marketplace takes shipments without carrier and tracking number.
    pub(crate) fn ships_untracked(&self, marketplace: &Marketplace) -> bool {
        let mut found = self.parts.connectors.iter();
        found.any(|info| info.marketplace == marketplace.0 && info.ships_untracked)
    }

    pub(crate) async fn account(&self, name: &str) -> Result<Account> {
        let name = name.trim().to_owned();
        self.on_store(move |store| store.read(|db| db.account_named(&name)))
            .await
    }

    /// The accounts of names; empty for none, which commands take for all.
    pub(crate) async fn account_ids(&self, names: &[String]) -> Result<Vec<AccountId>> {
        let mut ids = Vec::with_capacity(names.len());
        for name in names {
            ids.push(self.account(name).await?.id);
        }
        Ok(ids)
    }

    pub(crate) async fn all_accounts(&self) -> Result<Vec<Account>> {
        self.on_store(|store| store.read(|db| db.accounts())).await
    }

    /// All accounts, also those that were removed: their orders stay.
    pub(crate) async fn every_account(&self) -> Result<Vec<Account>> {
        self.on_store(|store| store.read(|db| db.every_account()))
            .await
    }

    /// The currency of amounts that name none: that of the first prices in the catalogue.
    pub(crate) async fn currency(&self) -> Result<Option<Currency>> {
        self.on_store(|store| {
            store.read(|db| {
                let rows = db.export_batch(None, 100)?;
                let priced = rows.iter().find_map(|row| match &row.item {
                    barrow_store::Item::Variant(variant) => variant.price.or(variant.cost),
                    barrow_store::Item::Kit(kit) => kit.price,
                });
                Ok(priced.map(|price| price.currency))
            })
        })
        .await
    }
}

impl fmt::Debug for Api {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Api")
            .field("words", &self.words)
            .finish_non_exhaustive()
    }
}

/// A SKU as somebody typed it.
pub(crate) fn sku(text: &str) -> Result<Sku> {
    Sku::new(text).map_err(|error| {
        ApiError::invalid(Why::FieldInvalid)
            .param("field", "sku")
            .param("reason", error)
    })
}

/// Refuses a list that is longer than is read.
pub(crate) fn at_most(count: usize, limit: usize) -> Result<()> {
    if count <= limit {
        return Ok(());
    }
    Err(ApiError::invalid(Why::TooMany).param("limit", limit))
}
