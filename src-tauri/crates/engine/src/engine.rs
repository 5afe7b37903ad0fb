//! The engine's parts and what it needs of the world.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use barrow_market::Adapter;
use barrow_model::{Account, AccountId, ActionKind, Clock, Random, Revision, Settings};
use barrow_store::Store;
use chrono::{DateTime, Utc};

/// Keeps marketplaces in agreement with the catalogue. Cheap to clone the parts of; one engine
/// sends at a time.
pub struct Engine {
    pub(crate) store: Arc<Store>,
    pub(crate) accounts: Arc<dyn Accounts>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) random: Arc<dyn Random>,
    pub(crate) progress: Arc<dyn Progress>,
    pub(crate) faults: Arc<dyn FaultPoints>,
    /// Accounts that have a value for every default.
    pub(crate) filled: Mutex<BTreeSet<(AccountId, Revision)>>,
    /// Until when an account waits, as a whole or for a kind of change: a limit, a fault.
    pub(crate) waits: Mutex<Waits>,
    /// Held while sending, so that what is in flight belongs to one run.
    pub(crate) sending: tokio::sync::Mutex<()>,
}

/// Until when accounts wait, as a whole or for a kind of change.
pub(crate) type Waits = BTreeMap<(AccountId, Option<ActionKind>), DateTime<Utc>>;

/// What an engine is made of.
pub struct EngineParts {
    /// The catalogue.
    pub store: Arc<Store>,
    /// Ways to the marketplaces.
    pub accounts: Arc<dyn Accounts>,
    /// Time.
    pub clock: Arc<dyn Clock>,
    /// Chance.
    pub random: Arc<dyn Random>,
    /// Who is told how far a run is.
    pub progress: Arc<dyn Progress>,
    /// Where tests stop the program; [`NoFaults`] otherwise.
    pub faults: Arc<dyn FaultPoints>,
}

impl fmt::Debug for EngineParts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("EngineParts").finish_non_exhaustive()
    }
}

impl Engine {
    /// Puts an engine together. Calls nobody.
    pub fn new(parts: EngineParts) -> Self {
        Self {
            store: parts.store,
            accounts: parts.accounts,
            clock: parts.clock,
            random: parts.random,
            progress: parts.progress,
            faults: parts.faults,
            filled: Mutex::new(BTreeSet::new()),
            waits: Mutex::new(BTreeMap::new()),
            sending: tokio::sync::Mutex::new(()),
        }
    }

    /// The places to be passed, for what is done beside the engine.
    pub fn faults(&self) -> &dyn FaultPoints {
        self.faults.as_ref()
    }

    /// The present.
    pub(crate) fn now(&self) -> DateTime<Utc> {
        self.clock.now()
    }
}

impl fmt::Debug for Engine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Engine").finish_non_exhaustive()
    }
}

/// Ways to the marketplaces, made by `host`.
#[async_trait]
pub trait Accounts: Send + Sync {
    /// The adapter of an account. Making one reads its secrets and calls nobody; the same one may
    /// be given again.
    async fn adapter(&self, account: &Account) -> barrow_market::Result<Arc<dyn Adapter>>;

    /// The settings of an account that concern its listings: those of kind default. They are part
    /// of every offer, and a listing is revised when they change.
    fn listing_settings(&self, account: &Account) -> Settings {
        account.settings.clone()
    }

    /// The pool that the quantity of a SKU belongs to on all sites of an account; empty where each
    /// listing has a quantity of its own.
    fn stock_pool(&self, _account: &Account) -> &'static str {
        ""
    }

    /// Most variants that one listing of an account shows; zero where each is listed alone.
    fn family_members_max(&self, _account: &Account) -> usize {
        0
    }
}

/// Who is told how far a run is. Told often; must not wait.
pub trait Progress: Send + Sync {
    /// Something has moved on.
    fn tell(&self, progress: ProgressEvent);
}

/// How far a run is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProgressEvent {
    /// Where; none for work on the catalogue itself.
    pub account_id: Option<AccountId>,
    /// What is being done.
    pub stage: Stage,
    /// How many are done.
    pub done: u64,
    /// Of how many, where that is known.
    pub total: Option<u64>,
}

/// What a run is doing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Stage {
    /// Reads orders.
    Pull,
    /// Computes what is wanted.
    Plan,
    /// Asks what the marketplace demands.
    Prepare,
    /// Sends.
    Send,
    /// Reads what is really there.
    Observe,
}

/// Nobody is told.
#[derive(Clone, Copy, Debug)]
pub struct Silent;

impl Progress for Silent {
    fn tell(&self, _progress: ProgressEvent) {}
}

/// The names of the places that the engine passes. A test ends the program at each of them, and
/// another one compares this list with the source.
pub const FAULT_POINTS: &[&str] = &[
    "pull.page_received",
    "pull.page_stored",
    "pull.completed",
    "push.planned",
    "push.attempt_committed",
    "push.answered",
    "push.outcomes_stored",
    "push.advanced_stored",
    "poll.answered",
    "look_up.answered",
    "observe.answered",
];

/// Places between a write and a sending, where tests stop the program to show that it goes on
/// rightly afterwards.
pub trait FaultPoints: Send + Sync {
    /// Passes the place of a name.
    fn at(&self, name: &'static str);
}

/// Passes every place.
#[derive(Clone, Copy, Debug)]
pub struct NoFaults;

impl FaultPoints for NoFaults {
    fn at(&self, _name: &'static str) {}
}
