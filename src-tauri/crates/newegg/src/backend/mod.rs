//! The traits of the contract, split by role.

mod aftersales;
mod capability;
mod core;
mod feeds;
mod fetch;
mod listings;
mod observe;
mod orders;
mod publish;
#[cfg(test)]
mod tests;
mod values;

use std::fmt;
use std::sync::atomic::AtomicI64;
use std::sync::{Arc, Mutex};

use barrow_market::{
    Adapter, Aftersales, Capability, Connection, Connector, ConnectorInfo, Core, Listings, Orders,
    Result,
};
use barrow_model::Clock;
use barrow_wire::{Client, Layers, Parts};

use crate::auth::NeweggAuth;
use crate::config::{Config, INFO, Platform};

/// Makes adapters of Newegg accounts.
#[derive(Debug)]
pub struct NeweggConnector {
    parts: Parts,
}

impl NeweggConnector {
    /// A connector that reaches Newegg through `parts`.
    pub fn new(parts: Parts) -> Self {
        Self { parts }
    }
}

impl Connector for NeweggConnector {
    fn info(&self) -> &'static ConnectorInfo {
        &INFO
    }

    fn connect(&self, connection: Connection) -> Result<Arc<dyn Adapter>> {
        let config = Config::read(&connection)?;
        // Limits are per seller (newegg.md §3), and each platform is a seller of its own.
        let owner = format!("newegg-{}-{}", config.platform.site(), config.seller_id);
        let layers = Layers::from_parts(&self.parts, &connection, owner.clone(), owner)
            .reading_resets(fetch::reset_time);
        let auth = NeweggAuth::new(Arc::clone(&connection.credentials));
        Ok(Arc::new(NeweggAdapter {
            config,
            client: Client::new(layers.authenticated(Arc::new(auth))),
            clock: Arc::clone(&self.parts.clock),
            old_version_until: AtomicI64::new(0),
            answered_feeds: Mutex::default(),
        }))
    }
}

/// One account.
pub(crate) struct NeweggAdapter {
    config: Config,
    client: Client,
    clock: Arc<dyn Clock>,
    /// Until when the platform counts as one that knows the old version of orders alone, in
    /// milliseconds since 1970.
    old_version_until: AtomicI64,
    /// Feeds whose sending was answered: none of them is one that got no answer.
    answered_feeds: Mutex<Vec<String>>,
}

impl fmt::Debug for NeweggAdapter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("NeweggAdapter")
            .field("config", &self.config)
            .finish_non_exhaustive()
    }
}

impl Adapter for NeweggAdapter {
    fn capability(&self) -> &Capability {
        match self.config.platform {
            Platform::Us => &capability::UNITED_STATES,
            Platform::Business | Platform::Canada => &capability::CLASSIC,
        }
    }

    fn core(&self) -> &dyn Core {
        self
    }

    fn listings(&self) -> Option<&dyn Listings> {
        Some(self)
    }

    fn orders(&self) -> Option<&dyn Orders> {
        Some(self)
    }

    fn aftersales(&self) -> Option<&dyn Aftersales> {
        Some(self)
    }
}
