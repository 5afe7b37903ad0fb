//! The seller's listings: what was submitted, and later what is live (amazon.md §4).

mod apply;
mod check;
mod issue;
mod patch;
mod read;
mod show;
mod write;

use std::collections::BTreeMap;
use std::time::Duration;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

pub(super) use apply::advance;
pub(super) use patch::{Patch, patches};
pub(super) use read::{one, search};
pub(super) use show::{DATA, item as shown};
pub(super) use write::{Change, Requirements, Sequence, Wanted, delete, patch, put, submit};

use super::money;
use super::site::{HOME, Site, find};
use super::state::State;
use crate::marketplace::{HeldListing, HeldMoney};
pub(super) use issue::Issue;

/// Conditions that goods are sold in (amazon.md §4.3).
pub(super) const CONDITIONS: [&str; 13] = [
    "new_new",
    "new_open_box",
    "new_oem",
    "refurbished_refurbished",
    "used_like_new",
    "used_very_good",
    "used_good",
    "used_acceptable",
    "collectible_like_new",
    "collectible_very_good",
    "collectible_good",
    "collectible_acceptable",
    "club_club",
];

/// The channel of goods that the seller ships.
pub(super) const MERCHANT: &str = "DEFAULT";
/// The channel of goods that Amazon ships in this region.
pub(super) const AMAZON: &str = "AMAZON_NA";

/// Everything under one SKU.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Listing {
    pub(super) sku: String,
    /// By marketplace id.
    pub(super) offers: BTreeMap<String, Offer>,
    /// One quantity for all marketplaces of the region (amazon.md §4.4).
    pub(super) stock: Stock,
    /// Changes that were called for take effect one after the other, this one last.
    busy_until: Duration,
}

/// Who ships, and what there is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Stock {
    pub(super) channel: Option<Channel>,
    /// Units that can be bought, wherever they lie.
    pub(super) units: u32,
    /// The seller's own that were ever bought.
    pub(super) sold: u64,
    /// Days until the seller ships.
    pub(super) lead_days: u32,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Channel {
    Merchant,
    Amazon,
}

/// A listing on one marketplace.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Offer {
    pub(super) asin: String,
    pub(super) gtin: Option<String>,
    pub(super) product_type: String,
    pub(super) condition: String,
    pub(super) title: String,
    /// What was submitted, whether or not it has taken effect.
    pub(super) attributes: Map<String, Value>,
    /// Whether it has taken effect at least once.
    pub(super) taken: bool,
    /// When reads find it.
    pub(super) visible_at: Duration,
    /// In the currency's smallest unit.
    pub(super) price: Option<i64>,
    pub(super) business_price: Option<i64>,
    pub(super) skips_offer: bool,
    pub(super) issues: Vec<Issue>,
    pub(super) created_at: DateTime<Utc>,
    pub(super) updated_at: DateTime<Utc>,
}

/// A change that was accepted and has not taken effect.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Submission {
    sku: String,
    site: String,
    due: Duration,
    work: Work,
    /// Units bought before it was sent.
    sold: u64,
    /// It never takes effect.
    lost: bool,
    /// What takes effect is suppressed.
    suppressed: bool,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
enum Work {
    /// The attributes that it names, as they were submitted; null for those that it removes.
    Write {
        touched: Map<String, Value>,
        whole: bool,
    },
    Delete,
}

impl Offer {
    /// Whether buyers could buy it if there were any.
    pub(super) fn is_live(&self) -> bool {
        let suppressed = self.issues.iter().any(Issue::suppresses);
        self.taken && self.price.is_some() && !self.skips_offer && !suppressed
    }
}

impl Listing {
    fn new(sku: &str) -> Self {
        Self {
            sku: sku.to_owned(),
            offers: BTreeMap::new(),
            stock: Stock::default(),
            busy_until: Duration::ZERO,
        }
    }

    /// Units that buyers of a marketplace can buy now.
    pub(super) fn for_sale(&self, site: &str) -> u32 {
        let live = self.offers.get(site).is_some_and(Offer::is_live);
        if live && self.stock.channel.is_some() {
            self.stock.units
        } else {
            0
        }
    }

    /// The marketplace that is shown where only one is, and sold on where none is named.
    pub(super) fn main_site(&self) -> Option<&'static Site> {
        if self.offers.contains_key(HOME.id) {
            return find(HOME.id);
        }
        self.offers.keys().next().and_then(|id| find(id))
    }

    fn held(&self) -> HeldListing {
        let site = self.main_site();
        let offer = site.and_then(|site| self.offers.get(site.id));
        let state = match offer {
            None => "ended",
            Some(offer) if offer.issues.iter().any(Issue::suppresses) => "refused",
            Some(offer) if !offer.is_live() => "pending",
            Some(_) if self.stock.units == 0 => "out_of_stock",
            Some(_) => "live",
        };
        let price = site.zip(offer).and_then(|(site, offer)| {
            Some(HeldMoney {
                amount: money::text(offer.price?),
                currency: site.currency.to_owned(),
            })
        });
        HeldListing {
            sku: self.sku.clone(),
            price,
            quantity: site.map_or(0, |site| self.for_sale(site.id)),
            state: state.to_owned(),
        }
    }
}

/// Every listing as it is told to tests, those that were refused included.
pub(super) fn held(state: &State) -> Vec<HeldListing> {
    let refused = state.refused.iter().map(|sku| HeldListing {
        sku: sku.clone(),
        price: None,
        quantity: 0,
        state: "refused".to_owned(),
    });
    let mut listings: Vec<_> = state.listings.values().map(Listing::held).collect();
    listings.extend(refused);
    listings.sort_by(|a, b| a.sku.cmp(&b.sku));
    listings
}
