//! Everything that practice Walmart remembers.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::time::Duration;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::feeds::Feed;
use super::orders::Order;
use crate::bucket::Buckets;
use crate::faults::Faults;
use crate::marketplace::Settings;
use crate::random::Random;

/// The most feeds that are remembered; Walmart's own list is not endless either.
pub(super) const FEEDS_MAX: usize = 1_000;
/// The most item walks that are open at once.
pub(super) const WALKS_MAX: usize = 50;
/// The most tokens that are valid at once; the oldest is forgotten first.
pub(super) const TOKENS_MAX: usize = 100;

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct State {
    pub(super) seed: u64,
    pub(super) orders_per_hour: u32,
    /// How many times faster than the wall elapsed time runs; told at each opening.
    #[serde(skip)]
    pub(super) speed: u32,
    pub(super) keys: Keys,
    /// Draws ids and tokens.
    pub(super) ids: Random,
    /// Draws what buyers do.
    pub(super) buyers: Random,
    pub(super) tokens: VecDeque<Token>,
    pub(super) buckets: Buckets,
    pub(super) faults: Faults,
    pub(super) calls: BTreeMap<String, u64>,
    /// By SKU.
    pub(super) items: BTreeMap<String, Item>,
    /// When the next item in progress is published, so that most calls need not look at all items.
    pub(super) next_publish_at: Option<Duration>,
    /// SKU by the 14 digits of its barcode; items under a GTIN exemption have none.
    pub(super) barcodes: BTreeMap<String, String>,
    /// SKUs whose set-up was refused and that are no items.
    pub(super) refused: BTreeSet<String>,
    /// Newest last.
    pub(super) feeds: VecDeque<Feed>,
    pub(super) walks: VecDeque<ItemWalk>,
    /// Oldest first.
    pub(super) orders: Vec<Order>,
    /// When the next order arrives by itself; none before something is for sale.
    pub(super) next_order_at: Option<Duration>,
    pub(super) first_live_at: Option<Duration>,
}

/// What identifies the seller, drawn from the seed.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Keys {
    pub(super) client_id: String,
    pub(super) client_secret: String,
    pub(super) partner_id: String,
    pub(super) ship_node: String,
}

impl std::fmt::Debug for Keys {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Keys")
            .field("partner_id", &self.partner_id)
            .finish_non_exhaustive()
    }
}

/// An access token, valid by wall time: its life is a date, which a faster rehearsal keeps real.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Token {
    pub(super) value: String,
    pub(super) issued_at: DateTime<Utc>,
    pub(super) expires_at: DateTime<Utc>,
}

impl std::fmt::Debug for Token {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Token")
            .field("expires_at", &self.expires_at)
            .finish_non_exhaustive()
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Publication {
    InProgress,
    Published,
    Unpublished,
}

impl Publication {
    pub(super) fn word(self) -> &'static str {
        match self {
            Self::InProgress => "IN_PROGRESS",
            Self::Published => "PUBLISHED",
            Self::Unpublished => "UNPUBLISHED",
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Item {
    pub(super) sku: String,
    pub(super) wpid: String,
    pub(super) item_id: String,
    /// `UPC`, `GTIN`, …, as the seller gave it.
    pub(super) identifier_type: String,
    /// The barcode, or `CUSTOM` under a GTIN exemption.
    pub(super) identifier: String,
    pub(super) name: String,
    pub(super) brand: String,
    pub(super) product_type: String,
    pub(super) condition: String,
    pub(super) image: Option<String>,
    /// Thousandths of a pound.
    pub(super) weight: u64,
    /// Cents.
    pub(super) price: Option<i64>,
    /// When the price that counts was sent; older prices come too late (walmart.md §6.2).
    pub(super) price_sent_at: Duration,
    pub(super) published: Publication,
    /// When an item in progress is published.
    pub(super) publish_at: Duration,
    pub(super) retired: bool,
    pub(super) lag_days: u32,
    pub(super) variant_group: Option<String>,
    pub(super) primary_variant: bool,
    /// By ship node.
    pub(super) nodes: BTreeMap<String, Stock>,
}

/// What one ship node holds of one item.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Stock {
    /// As the seller gave it last.
    pub(super) input: u32,
    /// What is left to sell of it.
    pub(super) available: u32,
    /// Sold and not yet shipped or cancelled.
    pub(super) reserved: u32,
}

impl Item {
    /// Units that buyers can buy now.
    pub(super) fn for_sale(&self) -> u32 {
        if self.is_live() { self.available() } else { 0 }
    }

    /// Units at all nodes, whether or not buyers see the item.
    pub(super) fn available(&self) -> u32 {
        self.nodes
            .values()
            .fold(0, |sum, stock| sum.saturating_add(stock.available))
    }

    /// Whether buyers see the item and could buy it if there were any.
    pub(super) fn is_live(&self) -> bool {
        self.published == Publication::Published && !self.retired && self.price.is_some()
    }

    pub(super) fn held_state(&self) -> &'static str {
        match self {
            Self { retired: true, .. } => "ended",
            item if !item.is_live() => "pending",
            item if item.available() == 0 => "out_of_stock",
            _ => "live",
        }
    }
}

/// One walk over all items: the SKUs as they were when it began (walmart.md §5.1).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct ItemWalk {
    pub(super) cursor: String,
    pub(super) began_at: Duration,
    pub(super) skus: Vec<String>,
}

impl State {
    pub(super) fn open(settings: &Settings) -> Self {
        let mut ids = Random::named(settings.seed, "walmart ids");
        let hex = "0123456789abcdef";
        let client_id = [8, 4, 4, 4, 12]
            .map(|length| ids.text(length, hex))
            .join("-");
        let keys = Keys {
            client_id,
            client_secret: ids.text(
                48,
                "ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz23456789_-",
            ),
            partner_id: format!("1000{}", ids.digits(7)),
            ship_node: ids.digits(18),
        };
        Self {
            seed: settings.seed,
            orders_per_hour: settings.orders_per_hour,
            speed: 1,
            keys,
            ids,
            buyers: Random::named(settings.seed, "walmart buyers"),
            tokens: VecDeque::new(),
            buckets: Buckets::default(),
            faults: Faults::default(),
            calls: BTreeMap::new(),
            items: BTreeMap::new(),
            next_publish_at: None,
            barcodes: BTreeMap::new(),
            refused: BTreeSet::new(),
            feeds: VecDeque::new(),
            walks: VecDeque::new(),
            orders: Vec::new(),
            next_order_at: None,
            first_live_at: None,
        }
    }
}
