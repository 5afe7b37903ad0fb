//! Everything that practice Newegg remembers.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::catalogue::Page;
use super::feeds::Feed;
use super::items::Item;
use super::orders::Order;
use super::platform::Platform;
use super::report::Report;
use crate::bucket::Buckets;
use crate::faults::Faults;
use crate::marketplace::Settings;
use crate::random::Random;

/// The most feeds that are remembered; the oldest is forgotten first.
pub(super) const FEEDS_MAX: usize = 1_000;
/// The most reports that are remembered; the oldest is forgotten first.
pub(super) const REPORTS_MAX: usize = 1_000;
/// The most catalogue pages that are remembered by their numbers.
pub(super) const PAGES_MAX: usize = 200_000;

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct State {
    pub(super) platform: Platform,
    pub(super) orders_per_hour: u32,
    /// How many times faster than the wall elapsed time runs; told at each opening.
    #[serde(skip)]
    pub(super) speed: u32,
    pub(super) keys: Keys,
    /// Draws ids and delays.
    pub(super) ids: Random,
    /// Draws what buyers do.
    pub(super) buyers: Random,
    /// Draws the forms of answers.
    pub(super) shapes: Random,
    pub(super) buckets: Buckets,
    /// Feeds that came although the rows of the hour were spent.
    pub(super) record_violations: u64,
    pub(super) faults: Faults,
    pub(super) calls: BTreeMap<String, u64>,
    /// By the seller's part number.
    pub(super) items: BTreeMap<String, Item>,
    /// Part number by Newegg's item number.
    pub(super) item_numbers: BTreeMap<String, String>,
    /// Part number by catalogue page and condition: one offer each (newegg.md §5.1).
    pub(super) offers: BTreeMap<String, String>,
    /// When each offer in content review passes it.
    pub(super) reviews: BTreeSet<(Duration, String)>,
    /// Part numbers whose offer was refused and that are no items.
    pub(super) refused: BTreeSet<String>,
    /// Catalogue pages that a look-up has told, by catalogue number.
    pub(super) pages: BTreeMap<String, Page>,
    /// Newest last.
    pub(super) feeds: VecDeque<Feed>,
    /// Newest last.
    pub(super) reports: VecDeque<Report>,
    /// Oldest first.
    pub(super) orders: Vec<Order>,
    /// When the next order arrives by itself; none before something is for sale.
    pub(super) next_order_at: Option<Duration>,
    pub(super) first_live_at: Option<Duration>,
}

/// What identifies the seller, drawn from the seed and the platform.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Keys {
    pub(super) seller_id: String,
    pub(super) api_key: String,
    pub(super) secret_key: String,
}

impl std::fmt::Debug for Keys {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Keys")
            .field("seller_id", &self.seller_id)
            .finish_non_exhaustive()
    }
}

impl State {
    pub(super) fn open(platform: Platform, settings: &Settings) -> Self {
        let seed = settings.seed;
        let named =
            |purpose: &str| Random::named(seed, &format!("newegg {} {purpose}", platform.word()));
        let mut ids = named("ids");
        let hex = "0123456789abcdef";
        let capitals = "ABCDEFGHJKLMNPQRSTUVWXYZ";
        let keys = Keys {
            seller_id: format!("A{}{}", ids.text(1, capitals), ids.digits(2)),
            api_key: ids.text(32, hex),
            secret_key: [8, 4, 4, 4, 12]
                .map(|length| ids.text(length, hex))
                .join("-"),
        };
        Self {
            platform,
            orders_per_hour: settings.orders_per_hour,
            speed: 1,
            keys,
            ids,
            buyers: named("buyers"),
            shapes: named("shapes"),
            buckets: Buckets::default(),
            record_violations: 0,
            faults: Faults::default(),
            calls: BTreeMap::new(),
            items: BTreeMap::new(),
            item_numbers: BTreeMap::new(),
            offers: BTreeMap::new(),
            reviews: BTreeSet::new(),
            refused: BTreeSet::new(),
            pages: BTreeMap::new(),
            feeds: VecDeque::new(),
            reports: VecDeque::new(),
            orders: Vec::new(),
            next_order_at: None,
            first_live_at: None,
        }
    }
}
