//! The parts that commands work with.

use std::fmt;
use std::sync::Arc;

use barrow_engine::{Accounts, Engine};
use barrow_market::ConnectorInfo;
use barrow_model::Clock;
use barrow_store::Store;

use crate::ports::{EngineLock, Practice, Secrets};

/// What the commands are made of.
pub struct ApiParts {
    /// The catalogue.
    pub store: Arc<Store>,
    /// Plan, push, pull.
    pub engine: Arc<Engine>,
    /// The marketplaces that exist, and their settings.
    pub connectors: Vec<&'static ConnectorInfo>,
    /// Where secrets are put.
    pub secrets: Arc<dyn Secrets>,
    /// The folder's practice marketplaces.
    pub practice: Arc<dyn Practice>,
    /// Keeps a second push, pull or sync away.
    pub lock: Arc<dyn EngineLock>,
    /// Time.
    pub clock: Arc<dyn Clock>,
    /// Ways to the marketplaces, for checks of an account.
    pub adapters: Arc<dyn Accounts>,
}

/// The commands. One value serves the whole process; every method may run beside others.
pub struct Api {
    pub(crate) parts: ApiParts,
}

impl Api {
    /// Puts the commands together. Calls nobody.
    pub fn new(parts: ApiParts) -> Self {
        Self { parts }
    }
}

impl fmt::Debug for Api {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Api").finish_non_exhaustive()
    }
}
