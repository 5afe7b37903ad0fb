//! The traits of the contract, split by role.

mod aftersales;
mod capability;
mod core;
mod feeds;
mod fetch;
mod listings;
mod observe;
mod offers;
mod orders;
mod pages;
mod publish;
mod readback;
#[cfg(test)]
mod tests;

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use barrow_market::{
    Adapter, Aftersales, Capability, Connection, Connector, ConnectorInfo, Core, Listings, Orders,
    Result,
};
use barrow_model::Clock;
use barrow_wire::{Client, Layers, Parts};
use chrono::{DateTime, Utc};

use crate::auth::AmazonAuth;
use crate::config::{Config, INFO};
use crate::types::account::SellerSite;

/// Makes adapters of Amazon accounts.
#[derive(Debug)]
pub struct AmazonConnector {
    parts: Parts,
}

impl AmazonConnector {
    /// A connector that reaches Amazon through `parts`.
    pub fn new(parts: Parts) -> Self {
        Self { parts }
    }
}

impl Connector for AmazonConnector {
    fn info(&self) -> &'static ConnectorInfo {
        &INFO
    }

    fn connect(&self, connection: Connection) -> Result<Arc<dyn Adapter>> {
        let config = Config::read(&connection)?;
        // Limits hold per seller and application; a private application has one seller
        // (amazon.md §2.3, §10): the account stands for both.
        let owner = format!("amazon-{}", connection.account_id);
        let layers = Layers::from_parts(&self.parts, &connection, owner.clone(), owner);
        let auth = Arc::new(AmazonAuth::new(
            Client::new(layers.clone()),
            config.login.clone(),
            Arc::clone(&connection.credentials),
            Arc::clone(&self.parts.clock),
        ));
        Ok(Arc::new(AmazonAdapter {
            config,
            client: Client::new(layers.authenticated(Arc::clone(&auth) as Arc<_>)),
            auth,
            clock: Arc::clone(&self.parts.clock),
            memory: Mutex::new(Memory::default()),
        }))
    }
}

/// One account.
pub(crate) struct AmazonAdapter {
    config: Config,
    client: Client,
    auth: Arc<AmazonAuth>,
    clock: Arc<dyn Clock>,
    memory: Mutex<Memory>,
}

/// What was read of the account and need not be read again while the program runs.
#[derive(Default)]
struct Memory {
    sites: Option<(DateTime<Utc>, Vec<SellerSite>)>,
    /// How reading orders went last.
    orders: orders::Permission,
}

impl fmt::Debug for AmazonAdapter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AmazonAdapter")
            .field("config", &self.config)
            .finish_non_exhaustive()
    }
}

impl AmazonAdapter {
    /// Held for moments only, never over a call.
    fn memory(&self) -> MutexGuard<'_, Memory> {
        self.memory.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Adapter for AmazonAdapter {
    fn capability(&self) -> &Capability {
        &capability::CAPABILITY
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
