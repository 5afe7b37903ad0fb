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

use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use barrow_market::{
    Adapter, Aftersales, Capability, Connection, Connector, ConnectorInfo, Core, Listings, Orders,
    Result,
};
use barrow_model::{Clock, Random};
use barrow_wire::{Client, Layers, Parts};

use crate::auth::WalmartAuth;
use crate::config::{Config, INFO};
use crate::map::spec::TypeSpec;
use crate::map::taxonomy::ProductType;

/// Makes adapters of Walmart accounts.
#[derive(Debug)]
pub struct WalmartConnector {
    parts: Parts,
}

impl WalmartConnector {
    /// A connector that reaches Walmart through `parts`.
    pub fn new(parts: Parts) -> Self {
        Self { parts }
    }
}

impl Connector for WalmartConnector {
    fn info(&self) -> &'static ConnectorInfo {
        &INFO
    }

    fn connect(&self, connection: Connection) -> Result<Arc<dyn Adapter>> {
        let config = Config::read(&connection)?;
        // One key pair is one seller (walmart.md §1): the account stands for both.
        let owner = format!("walmart-{}", connection.account_id);
        let layers = Layers::from_parts(&self.parts, &connection, owner.clone(), owner)
            .reading_resets(fetch::next_replenish);
        let auth = WalmartAuth::new(
            Client::new(layers.clone()),
            config.base.clone(),
            Arc::clone(&connection.credentials),
            Arc::clone(&self.parts.clock),
            Arc::clone(&self.parts.random),
        );
        Ok(Arc::new(WalmartAdapter {
            config,
            client: Client::new(layers.authenticated(Arc::new(auth))),
            clock: Arc::clone(&self.parts.clock),
            random: Arc::clone(&self.parts.random),
            memory: Mutex::new(Memory::default()),
        }))
    }
}

/// One account.
pub(crate) struct WalmartAdapter {
    config: Config,
    client: Client,
    clock: Arc<dyn Clock>,
    random: Arc<dyn Random>,
    memory: Mutex<Memory>,
}

/// What was read of the account and need not be read again while the program runs.
#[derive(Default)]
struct Memory {
    product_types: Option<Arc<Vec<ProductType>>>,
    specs: HashMap<String, Arc<TypeSpec>>,
    ship_node: Option<String>,
    stock: observe::StockWalk,
}

impl fmt::Debug for WalmartAdapter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("WalmartAdapter")
            .field("config", &self.config)
            .finish_non_exhaustive()
    }
}

impl WalmartAdapter {
    /// Held for moments only, never over a call.
    fn memory(&self) -> MutexGuard<'_, Memory> {
        self.memory.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Adapter for WalmartAdapter {
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
