//! What was done to variations and eBay's readings do not tell: one that was published a moment ago
//! may read as not for sale yet (ebay.md §13), and one at zero does not say who set it so.

use std::collections::{HashMap, HashSet};
use std::sync::PoisonError;

use chrono::{DateTime, TimeDelta, Utc};

use super::EbayAdapter;
use crate::config::SiteFacts;

/// How long readings may show what was before a publish.
const PUBLISHED_FOR: TimeDelta = TimeDelta::minutes(10);
/// Variations that are remembered as ended; beyond it they count as wanted, which ends nothing.
const ENDED_MAX: usize = 100_000;

/// A SKU on a site.
type Place = (&'static str, String);

/// What is remembered of an account's variations while the program runs.
#[derive(Debug, Default)]
pub(super) struct Remembered {
    published: HashMap<Place, DateTime<Utc>>,
    ended: HashSet<Place>,
}

impl EbayAdapter {
    fn remembered<T>(&self, look: impl FnOnce(&mut Remembered) -> T) -> T {
        let mut remembered = self
            .remembered
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        look(&mut remembered)
    }

    /// Notes that a variation is for sale from now on.
    pub(super) fn note_published(&self, site: &SiteFacts, sku: &str) {
        let now = self.clock.now();
        self.remembered(|all| {
            all.published.retain(|_, at| now - *at < PUBLISHED_FOR);
            all.published.insert((site.id, sku.to_owned()), now);
            all.ended.remove(&(site.id, sku.to_owned()));
        });
    }

    /// Whether a variation was published so short a time ago that readings may not show it.
    pub(super) fn was_published(&self, site: &SiteFacts, sku: &str) -> bool {
        let now = self.clock.now();
        self.remembered(|all| {
            let at = all.published.get(&(site.id, sku.to_owned()));
            at.is_some_and(|at| now - *at < PUBLISHED_FOR)
        })
    }

    /// Notes that a variation was ended: taken out, withdrawn, or set to zero for good.
    pub(super) fn note_ended(&self, site: &SiteFacts, sku: &str) {
        self.remembered(|all| {
            let place = (site.id, sku.to_owned());
            all.published.remove(&place);
            if all.ended.len() < ENDED_MAX {
                all.ended.insert(place);
            }
        });
    }

    /// Whether a variation was ended by this program since it was started.
    pub(super) fn was_ended(&self, site: &SiteFacts, sku: &str) -> bool {
        self.remembered(|all| all.ended.contains(&(site.id, sku.to_owned())))
    }
}
