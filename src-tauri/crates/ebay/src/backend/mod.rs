//! The roles of the contract, split as the contract splits them.

mod aftersales;
mod again;
mod aspects;
mod bulk;
mod case_answers;
mod cases;
mod categories;
mod consent;
mod core;
mod descriptors;
mod elsewhere;
mod evidence;
mod family;
mod fees;
mod leaving;
mod listings;
mod look_up;
mod mend;
mod messages;
mod observe;
mod orders;
mod pictures;
mod prices;
mod print;
mod publish;
mod quota;
mod refund;
mod refund_notes;
mod regulated;
mod reject;
mod remembered;
mod revisions;
mod sites;
mod sold_out;
mod told;
mod warnings;

use std::collections::{HashMap, HashSet};
use std::fmt;
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, Mutex};

use barrow_market::{
    Adapter, Aftersales, Capability, Cases, Connection, Connector, ConnectorInfo, Consent, Core,
    Credentials, Elsewhere, ErrorKind, Fees, Listings, Messages, Notes, Orders, Pictures, Result,
};
use barrow_model::{CategoryId, Clock, Site};
use barrow_wire::{Answer, CallSpec, Client, Layers, LimitState, Parts};
use bytes::Bytes;
use chrono::{DateTime, Utc};
use http::{Request, StatusCode};

use crate::CAPABILITY;
use crate::auth::{self, Tokens};
use crate::config::{Config, INFO, SiteFacts, known_site};
use crate::error::{parse_error, signature_refusal};

/// Makes adapters of eBay accounts.
#[derive(Clone, Debug)]
pub struct EbayConnector {
    parts: Parts,
}

impl EbayConnector {
    /// A connector over what `host` gives.
    pub fn new(parts: Parts) -> Self {
        Self { parts }
    }
}

impl Connector for EbayConnector {
    fn info(&self) -> &'static ConnectorInfo {
        &INFO
    }

    fn connect(&self, connection: Connection) -> Result<Arc<dyn Adapter>> {
        let config = Config::read(&connection)?;
        // Which application's keys an account has is in the vault, not known here. One owner for
        // all keeps every application's quota at least.
        let seller = format!("account {}", connection.account_id);
        let layers = Layers::from_parts(&self.parts, &connection, "ebay", seller.as_str());
        let tokens = Arc::new(Tokens::new(
            Client::new(layers.clone()),
            &config,
            Arc::clone(&connection.credentials),
            Arc::clone(&self.parts.clock),
        ));
        Ok(Arc::new(EbayAdapter {
            client: Client::new(layers.authenticated(Arc::clone(&tokens) as _)),
            tokens,
            credentials: Arc::clone(&connection.credentials),
            pictures: Arc::clone(&connection.pictures),
            notes: Arc::clone(&connection.notes),
            home: Site(config.site.id.to_owned()),
            config,
            clock: Arc::clone(&self.parts.clock),
            limits: Arc::clone(&self.parts.limits),
            seller,
            endpoint: connection.endpoint.to_string(),
            trees: Mutex::default(),
            conditions: Mutex::default(),
            labels: Mutex::default(),
            descriptors: Mutex::default(),
            groups: Mutex::default(),
            remembered: Mutex::default(),
            full_at: Mutex::default(),
            by_weight: Mutex::default(),
            quota_at: Mutex::default(),
            quota_known: AtomicBool::default(),
            names: Mutex::default(),
            remarked: Mutex::default(),
        }))
    }
}

/// One eBay account.
pub(crate) struct EbayAdapter {
    client: Client,
    tokens: Arc<Tokens>,
    credentials: Arc<dyn Credentials>,
    pictures: Arc<dyn Pictures>,
    notes: Arc<dyn Notes>,
    config: Config,
    home: Site,
    clock: Arc<dyn Clock>,
    limits: Arc<dyn LimitState>,
    /// Whose limits are used, and where; see [`barrow_wire::BucketKey`].
    seller: String,
    endpoint: String,
    /// Category trees by site; they change a few times a year.
    trees: Mutex<categories::Trees>,
    /// Numbers of the conditions that a category takes, at most [`CONDITIONS_KEPT`].
    conditions: Mutex<HashMap<(&'static str, CategoryId), Vec<u32>>>,
    /// The words of codes of safety and hazards by site.
    labels: Mutex<regulated::LabelsBySite>,
    /// What tells used goods of a category apart.
    descriptors: Mutex<descriptors::Kept>,
    /// Who writes which group.
    groups: Mutex<family::GroupLocks>,
    /// What was published or ended a moment ago.
    remembered: Mutex<remembered::Remembered>,
    /// When eBay last said that the seller's limit is reached (25026).
    full_at: Mutex<Option<DateTime<Utc>>>,
    /// Shipping policies whose postage goes by weight.
    by_weight: Mutex<HashSet<String>>,
    /// When eBay was last asked how many calls are left.
    quota_at: Mutex<Option<DateTime<Utc>>>,
    /// Whether eBay was asked how many calls are left for the seller.
    quota_known: AtomicBool,
    /// What eBay calls the seller, once it is known.
    names: Mutex<Option<Vec<String>>>,
    /// What eBay remarked of changes that are not done yet.
    remarked: Mutex<warnings::Remarked>,
}

/// Calls that are made again, at most, because eBay refused their signature.
const SIGNED_AGAIN_MAX: u32 = 3;

/// Categories whose conditions are kept in memory; beyond it they are asked again.
const CONDITIONS_KEPT: usize = 5_000;

impl fmt::Debug for EbayAdapter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("EbayAdapter")
            .field("config", &self.config)
            .finish_non_exhaustive()
    }
}

impl EbayAdapter {
    fn api(&self) -> &str {
        &self.config.hosts.api
    }

    /// What is known of a site: of the account's own in the account's language.
    fn facts(&self, site: &Site, operation: &'static str) -> Result<&'static SiteFacts> {
        if site.0 == self.config.site.id {
            return Ok(self.config.site);
        }
        known_site(site, operation)
    }

    /// Makes a call. Where a limit is used up, eBay is asked how much is left of all. One that was
    /// refused for want of a signature had no effect: it is made once more, signed.
    async fn answer(&self, spec: &'static CallSpec, request: Request<Bytes>) -> Result<Answer> {
        let may_want = auth::wants_signature(request.method(), request.uri().path());
        let again = may_want.then(|| request.clone());
        let mut noted = match may_want {
            true => self.tokens.signing_generation().await,
            false => 0,
        };
        let mut answered = match is_post_order(&request) {
            true => self.call_post_order(spec, request).await,
            false => self.client.call(spec, request).await,
        };
        if let Some(again) = again {
            // Unsigned, with a key that eBay does not take, by a clock that is wrong: more there is
            // not.
            for _ in 0..SIGNED_AGAIN_MAX {
                let Some(refusal) = answered.as_ref().ok().and_then(signature_refusal) else {
                    break;
                };
                if !self.tokens.signature_refused(noted, refusal).await? {
                    break;
                }
                noted = self.tokens.signing_generation().await;
                answered = self.client.call(spec, again.clone()).await;
            }
        }
        match &answered {
            Err(error) if error.kind == ErrorKind::RateLimited => self.learn_limits().await,
            Ok(answer) if answer.status.is_success() => self.learn_limits_once().await,
            _ => {}
        }
        answered
    }

    /// Makes a call of the Post-Order API. eBay's pages name two schemes for its token (ebay.md
    /// §3): where one is refused, with a token that was fetched a moment ago, the other is tried,
    /// and kept if it is taken. A refused call had no effect.
    async fn call_post_order(
        &self,
        spec: &'static CallSpec,
        request: Request<Bytes>,
    ) -> Result<Answer> {
        let refused = |answered: &Result<Answer>| {
            let answer = answered.as_ref().ok();
            answer.is_some_and(|answer| answer.status == StatusCode::UNAUTHORIZED)
        };
        let answered = self.client.call(spec, request.clone()).await;
        if !refused(&answered) {
            return answered;
        }
        self.tokens.switch_post_order_scheme();
        let again = self.client.call(spec, request).await;
        if refused(&again) {
            self.tokens.switch_post_order_scheme();
        }
        again
    }

    /// Makes a call; an answer that is no success becomes an error.
    async fn call(&self, spec: &'static CallSpec, request: Request<Bytes>) -> Result<Answer> {
        let of_post_order = is_post_order(&request);
        let answer = self.answer(spec, request).await?;
        if answer.status.is_success() {
            return Ok(answer);
        }
        let mut error = parse_error(spec.operation, &answer);
        if of_post_order && error.kind == ErrorKind::Unauthorized {
            // The token is good elsewhere: it is this API that the seller may not use.
            error.kind = ErrorKind::Forbidden;
            error.problem = None;
        }
        Err(error)
    }
}

fn is_post_order(request: &Request<Bytes>) -> bool {
    request.uri().path().starts_with("/post-order/")
}

impl Adapter for EbayAdapter {
    fn capability(&self) -> &Capability {
        &CAPABILITY
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

    fn cases(&self) -> Option<&dyn Cases> {
        Some(self)
    }

    fn fees(&self) -> Option<&dyn Fees> {
        Some(self)
    }

    fn messages(&self) -> Option<&dyn Messages> {
        Some(self)
    }

    fn elsewhere(&self) -> Option<&dyn Elsewhere> {
        Some(self)
    }

    fn consent(&self) -> Option<&dyn Consent> {
        Some(self)
    }
}
