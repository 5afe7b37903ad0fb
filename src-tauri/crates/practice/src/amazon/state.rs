//! Everything that practice Amazon remembers.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::time::Duration;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::catalogue::KnownPage;
use super::feed::{Document, Feed};
use super::listing::{Listing, Submission};
use super::order::{Order, Walk};
use crate::bucket::Buckets;
use crate::faults::Faults;
use crate::marketplace::Settings;
use crate::random::Random;

/// The most tokens that are valid at once; the oldest is forgotten first.
pub(super) const TOKENS_MAX: usize = 100;

const LETTERS: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz0123456789-_";

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct State {
    pub(super) seed: u64,
    pub(super) orders_per_hour: u32,
    pub(super) keys: Keys,
    /// Draws ids and tokens.
    pub(super) ids: Random,
    /// Draws how long things take.
    pub(super) delays: Random,
    /// Draws what buyers do.
    pub(super) buyers: Random,
    pub(super) tokens: VecDeque<Token>,
    pub(super) buckets: Buckets,
    pub(super) faults: Faults,
    pub(super) calls: BTreeMap<String, u64>,
    /// By SKU.
    pub(super) listings: BTreeMap<String, Listing>,
    /// SKUs whose offer was refused and that are no listings.
    pub(super) refused: BTreeSet<String>,
    /// Changes that were accepted and have not taken effect, by the order of their acceptance.
    pub(super) submissions: BTreeMap<u64, Submission>,
    pub(super) submissions_ever: u64,
    /// When the next of them takes effect, so that most calls need not look at all.
    pub(super) next_effect_at: Option<Duration>,
    /// Catalogue pages that cannot be told from their ASIN, by ASIN.
    pub(super) pages: BTreeMap<String, KnownPage>,
    /// Catalogue pages that the seller made, by ASIN.
    pub(super) own_pages: BTreeMap<String, KnownPage>,
    /// By id.
    pub(super) documents: BTreeMap<String, Document>,
    /// Newest last.
    pub(super) feeds: VecDeque<Feed>,
    /// Oldest first.
    pub(super) orders: Vec<Order>,
    /// Pages of orders that are still to be read.
    pub(super) walks: VecDeque<Walk>,
    /// When the next order comes by itself; none before something is for sale.
    pub(super) next_order_at: Option<Duration>,
    pub(super) first_live_at: Option<Duration>,
}

/// What identifies the seller and the application, drawn from the seed.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Keys {
    pub(super) client_id: String,
    pub(super) client_secret: String,
    pub(super) refresh_token: String,
    pub(super) seller_id: String,
    /// Signs the addresses of documents.
    pub(super) signing: u64,
}

impl std::fmt::Debug for Keys {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Keys")
            .field("seller_id", &self.seller_id)
            .finish_non_exhaustive()
    }
}

/// An access token, valid by wall time: its life is a date, which a faster rehearsal keeps real.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Token {
    pub(super) value: String,
    pub(super) expires_at: DateTime<Utc>,
    /// For operations of the application itself, not of a seller.
    pub(super) grantless: bool,
}

impl std::fmt::Debug for Token {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Token")
            .field("expires_at", &self.expires_at)
            .finish_non_exhaustive()
    }
}

impl Keys {
    fn drawn(ids: &mut Random) -> Self {
        let hex = "0123456789abcdef";
        Self {
            client_id: format!("amzn1.application-oa2-client.{}", ids.text(32, hex)),
            client_secret: format!("amzn1.oa2-cs.v1.{}", ids.text(64, hex)),
            refresh_token: format!("Atzr|{}", ids.text(320, LETTERS)),
            seller_id: format!("A{}", ids.text(13, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789")),
            signing: ids.bits(),
        }
    }
}

impl State {
    pub(super) fn open(settings: &Settings) -> Self {
        let mut ids = Random::named(settings.seed, "amazon ids");
        Self {
            seed: settings.seed,
            orders_per_hour: settings.orders_per_hour,
            keys: Keys::drawn(&mut ids),
            ids,
            delays: Random::named(settings.seed, "amazon delays"),
            buyers: Random::named(settings.seed, "amazon buyers"),
            tokens: VecDeque::new(),
            buckets: Buckets::default(),
            faults: Faults::default(),
            calls: BTreeMap::new(),
            listings: BTreeMap::new(),
            refused: BTreeSet::new(),
            submissions: BTreeMap::new(),
            submissions_ever: 0,
            next_effect_at: None,
            pages: BTreeMap::new(),
            own_pages: BTreeMap::new(),
            documents: BTreeMap::new(),
            feeds: VecDeque::new(),
            orders: Vec::new(),
            walks: VecDeque::new(),
            next_order_at: None,
            first_live_at: None,
        }
    }

    /// Returns an id of five groups, as requests, submissions and documents have.
    pub(super) fn uuid(&mut self) -> String {
        let hex = "0123456789abcdef";
        [8, 4, 4, 4, 12]
            .map(|length| self.ids.text(length, hex))
            .join("-")
    }

    /// Returns text that looks like a token.
    pub(super) fn opaque(&mut self, length: usize) -> String {
        self.ids.text(length, LETTERS)
    }

    /// Draws how long something takes.
    pub(super) fn delay(&mut self, seconds: (u64, u64)) -> Duration {
        Duration::from_secs(self.delays.between(seconds.0, seconds.1))
    }
}
