//! How a marketplace is connected and what it can be asked for.

use std::fmt;
use std::sync::Arc;

use async_trait::async_trait;
use barrow_model::{AccountId, Endpoint, Problem, ProblemKind, Secret, Settings};

use crate::aftersales::Aftersales;
use crate::capability::Capability;
use crate::cases::Cases;
use crate::config::ConnectorInfo;
use crate::consent::Consent;
use crate::core_role::Core;
use crate::elsewhere::Elsewhere;
use crate::error::{Error, ErrorKind, Result};
use crate::fees::Fees;
use crate::listings::Listings;
use crate::messages::Messages;
use crate::notes::Notes;
use crate::orders::Orders;
use crate::pictures::Pictures;

/// Makes adapters of one marketplace. `host` lists the connectors and gives each its transport.
pub trait Connector: Send + Sync {
    /// What is known without connecting.
    fn info(&self) -> &'static ConnectorInfo;

    /// Makes the adapter of one account. Calls nobody; an error is of kind config and names the
    /// setting.
    fn connect(&self, connection: Connection) -> Result<Arc<dyn Adapter>>;
}

/// One account's way to its marketplace.
#[derive(Clone)]
pub struct Connection {
    /// The account.
    pub account_id: AccountId,
    /// Where to.
    pub endpoint: Endpoint,
    /// Settings without secrets.
    pub settings: Settings,
    /// Secrets.
    pub credentials: Arc<dyn Credentials>,
    /// The seller's own pictures.
    pub pictures: Arc<dyn Pictures>,
    /// What must be known again after a restart.
    pub notes: Arc<dyn Notes>,
}

impl fmt::Debug for Connection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Connection")
            .field("account_id", &self.account_id)
            .field("endpoint", &self.endpoint)
            .finish_non_exhaustive()
    }
}

/// The secrets of one account.
#[async_trait]
pub trait Credentials: Send + Sync {
    /// The secret under a key of the adapter's `config`; none where the seller has given none.
    async fn read(&self, key: &str) -> std::result::Result<Option<Secret>, CredentialsError>;

    /// Keeps a secret that a consent or renewal yielded.
    async fn write(&self, key: &str, secret: Secret) -> std::result::Result<(), CredentialsError>;
}

impl dyn Credentials {
    /// The secret under a key that `operation` cannot do without.
    ///
    /// # Errors
    /// Config, with the key as its setting: the vault cannot be read, or holds none or a blank one.
    pub async fn needed(&self, key: &'static str, operation: &'static str) -> Result<Secret> {
        let lacking = || Error::new(ErrorKind::Config, operation).with("setting", key);
        let secret = self.read(key).await;
        let secret = secret.map_err(|error| lacking().with("reason", error.reason))?;
        secret.filter(|secret| !secret.is_empty()).ok_or_else(|| {
            let problem = Problem::new(ProblemKind::SettingMissing).param("setting", key);
            lacking().because(problem)
        })
    }
}

/// The vault could not be read or written.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the secrets cannot be reached: {reason}")]
pub struct CredentialsError {
    /// Why, in words without secrets.
    pub reason: String,
}

/// One account at one marketplace: the roles that it has.
///
/// # Behaviour
/// - `roles_match_capability`: a role is `Some` exactly where the capability has a lane for it.
/// - `secrets_stay_secret`: no error, outcome or `Debug` text holds a secret or a buyer's data.
pub trait Adapter: Send + Sync {
    /// What it can do.
    fn capability(&self) -> &Capability;

    /// Questions about the account.
    fn core(&self) -> &dyn Core;

    /// Listings, prices, stock.
    fn listings(&self) -> Option<&dyn Listings>;

    /// Reading orders.
    fn orders(&self) -> Option<&dyn Orders>;

    /// Acting on orders.
    fn aftersales(&self) -> Option<&dyn Aftersales>;

    /// Cases after a sale; none where the marketplace has none that a program can read.
    fn cases(&self) -> Option<&dyn Cases> {
        None
    }

    /// What is taken of orders; none where the marketplace does not tell it to a program.
    fn fees(&self) -> Option<&dyn Fees> {
        None
    }

    /// What buyers write; none where the marketplace has no messages that a program can read.
    fn messages(&self) -> Option<&dyn Messages> {
        None
    }

    /// What was listed by other means; none where the marketplace does not tell, or where
    /// [`Listings::observe`] sees it anyway. It is `Some` where [`ConnectorInfo::elsewhere`] says
    /// so.
    fn elsewhere(&self) -> Option<&dyn Elsewhere> {
        None
    }

    /// Consent in a browser; none where keys are all that a marketplace asks for.
    fn consent(&self) -> Option<&dyn Consent> {
        None
    }
}
