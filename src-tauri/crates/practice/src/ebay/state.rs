//! Everything a practice eBay knows, as it is saved.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::account::STOCK_PROGRAM;
use super::auth::Auth;
use super::check::price_of;
use super::claim::Claim;
use super::feed::Tasks;
use super::lag::Lag;
use super::media::Pictures;
use super::message::Conversation;
use super::order::Order;
use super::own_page::OwnPage;
use super::signature::SigningKeys;
use crate::Now;
use crate::bucket::Buckets;
use crate::faults::Faults;

/// A JSON object as the seller sent it.
pub(super) type Body = Map<String, Value>;

/// One seller's account with all that is in it.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct State {
    pub(super) seed: u64,
    pub(super) orders_per_hour: u32,
    pub(super) counters: BTreeMap<String, u64>,
    /// The last time that was seen, for dates between two steps.
    pub(super) seen: Option<Seen>,
    pub(super) auth: Auth,
    #[serde(default)]
    pub(super) signing_keys: SigningKeys,
    pub(super) buckets: Buckets,
    pub(super) faults: Faults,
    pub(super) calls: BTreeMap<String, u64>,
    pub(super) programs: BTreeSet<String>,
    pub(super) policies: Vec<Policy>,
    pub(super) locations: Vec<Location>,
    pub(super) items: BTreeMap<String, Item>,
    pub(super) groups: BTreeMap<String, Group>,
    #[serde(default)]
    pub(super) pictures: Pictures,
    #[serde(default)]
    pub(super) tasks: Tasks,
    /// What the seller lists on eBay's own pages.
    #[serde(default)]
    pub(super) own_pages: Vec<OwnPage>,
    pub(super) offers: BTreeMap<String, Offer>,
    /// Offer ids by SKU, in the order in which they were made.
    pub(super) offers_of: BTreeMap<String, Vec<String>>,
    pub(super) listings: BTreeMap<String, Listing>,
    pub(super) orders: Vec<Order>,
    /// Places in `orders` by order id, and by the number that an order has beside it.
    pub(super) order_places: BTreeMap<String, usize>,
    /// Places of orders to which something will still happen by itself.
    pub(super) unsettled: BTreeSet<usize>,
    /// Order ids by cancellation id.
    pub(super) cancellations: BTreeMap<String, String>,
    /// What the seller may have for sale, where it is little.
    #[serde(default)]
    pub(super) selling_limit: Option<SellingLimit>,
    /// What readings show instead, where they are behind.
    #[serde(default)]
    pub(super) lag: Lag,
    /// What buyers brought up, or will, oldest first.
    #[serde(default)]
    pub(super) claims: Vec<Claim>,
    /// What buyers wrote, or will, oldest first.
    #[serde(default)]
    pub(super) conversations: Vec<Conversation>,
    /// When something first went live, from which orders arrive.
    pub(super) live_since: Option<Duration>,
    /// How many arrivals were due so far, those that found nothing to buy included.
    pub(super) arrivals: u64,
}

/// What a seller may have for sale in a month (ebay.md §4).
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct SellingLimit {
    pub(super) units: u64,
    /// Minor units of US dollars.
    pub(super) minor: i64,
}

/// A pair of times that belong together.
#[derive(Clone, Copy, Serialize, Deserialize)]
pub(super) struct Seen {
    pub(super) wall: DateTime<Utc>,
    pub(super) elapsed: Duration,
}

impl From<Now> for Seen {
    fn from(now: Now) -> Self {
        Self {
            wall: now.wall,
            elapsed: now.elapsed,
        }
    }
}

/// Which of the three business policies.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum PolicyKind {
    Fulfillment,
    Payment,
    Return,
}

#[derive(Clone, Serialize, Deserialize)]
pub(super) struct Policy {
    pub(super) kind: PolicyKind,
    pub(super) id: String,
    pub(super) marketplace: String,
    pub(super) name: String,
    pub(super) body: Body,
}

#[derive(Clone, Serialize, Deserialize)]
pub(super) struct Location {
    pub(super) key: String,
    pub(super) enabled: bool,
    pub(super) body: Body,
}

#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Item {
    /// With an underscore, as bodies spell it: `en_US`.
    pub(super) locale: String,
    pub(super) body: Body,
    /// Keys of the groups that name this SKU.
    pub(super) groups: Vec<String>,
}

impl Item {
    pub(super) fn quantity(&self) -> Option<u32> {
        let ship = self
            .body
            .get("availability")?
            .get("shipToLocationAvailability")?;
        ship.get("quantity")?
            .as_u64()
            .and_then(|units| u32::try_from(units).ok())
    }

    pub(super) fn set_quantity(&mut self, units: u32) {
        let availability = object_in(&mut self.body, "availability");
        let ship = object_in(availability, "shipToLocationAvailability");
        ship.insert("quantity".to_owned(), Value::from(units));
    }

    pub(super) fn product(&self) -> Option<&Body> {
        self.body.get("product").and_then(Value::as_object)
    }

    /// Values of an aspect, by its exact name.
    pub(super) fn aspect(&self, name: &str) -> Vec<&str> {
        aspect_values(self.product(), name)
    }
}

/// Values of an aspect in anything that has `aspects`.
pub(super) fn aspect_values<'a>(holder: Option<&'a Body>, name: &str) -> Vec<&'a str> {
    let values = holder
        .and_then(|holder| holder.get("aspects"))
        .and_then(|map| map.get(name));
    match values {
        Some(Value::Array(list)) => list.iter().filter_map(Value::as_str).collect(),
        _ => Vec::new(),
    }
}

/// The object under a name; whatever else stood there is replaced.
pub(super) fn object_in<'a>(body: &'a mut Body, name: &str) -> &'a mut Body {
    let slot = body
        .entry(name)
        .or_insert_with(|| Value::Object(Map::new()));
    if !slot.is_object() {
        *slot = Value::Object(Map::new());
    }
    slot.as_object_mut().expect("it was made an object above")
}

#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Group {
    pub(super) body: Body,
    pub(super) skus: Vec<String>,
}

#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Offer {
    pub(super) id: String,
    pub(super) sku: String,
    pub(super) marketplace: String,
    pub(super) format: String,
    /// Without the three keys above.
    pub(super) body: Body,
    pub(super) published: bool,
    /// The last listing that this offer was published as.
    pub(super) listing: Option<String>,
    pub(super) sold: u32,
}

impl Offer {
    pub(super) fn quantity(&self) -> Option<u32> {
        let units = self.body.get("availableQuantity")?.as_u64()?;
        u32::try_from(units).ok()
    }

    /// Minor units and currency, where the price can be read.
    pub(super) fn price(&self) -> Option<(i64, String)> {
        price_of(self.body.get("pricingSummary")?.get("price")?)
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum ListingStatus {
    Active,
    OutOfStock,
    Ended,
}

impl ListingStatus {
    pub(super) fn code(self) -> &'static str {
        match self {
            Self::Active => "ACTIVE",
            Self::OutOfStock => "OUT_OF_STOCK",
            Self::Ended => "ENDED",
        }
    }
}

#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Listing {
    pub(super) status: ListingStatus,
    pub(super) group: Option<String>,
    /// Offers that are shown in it.
    pub(super) offers: BTreeSet<String>,
    /// The calendar day that `revisions` counts.
    pub(super) day: String,
    pub(super) revisions: u32,
}

impl State {
    /// The next number of a sequence, from 1.
    pub(super) fn next(&mut self, sequence: &str) -> u64 {
        let counter = self.counters.entry(sequence.to_owned()).or_insert(0);
        *counter += 1;
        *counter
    }

    /// Whether quantity 0 hides a listing instead of ending it (ebay.md §6.5).
    pub(super) fn keeps_out_of_stock(&self) -> bool {
        self.programs.contains(STOCK_PROGRAM)
    }

    pub(super) fn offers_of_sku(&self, sku: &str) -> Vec<&Offer> {
        let ids = self.offers_of.get(sku);
        ids.into_iter()
            .flatten()
            .filter_map(|id| self.offers.get(id))
            .collect()
    }

    /// The listing that an offer is live in; an ended one does not count.
    pub(super) fn live_listing(&self, offer: &Offer) -> Option<(&String, &Listing)> {
        let id = offer.listing.as_ref().filter(|_| offer.published)?;
        let (id, listing) = self.listings.get_key_value(id)?;
        (listing.status != ListingStatus::Ended).then_some((id, listing))
    }

    /// What an offer would sell if it were live: the lesser of the item's and its own quantity,
    /// where they are given (ebay.md §6.5).
    pub(super) fn effective_quantity(&self, offer: &Offer) -> u32 {
        let item = self.items.get(&offer.sku).and_then(Item::quantity);
        match (item, offer.quantity()) {
            (Some(item), Some(own)) => item.min(own),
            (Some(units), None) | (None, Some(units)) => units,
            (None, None) => 0,
        }
    }

    /// Units that buyers can buy through an offer now.
    pub(super) fn for_sale(&self, offer: &Offer) -> u32 {
        match self.live_listing(offer) {
            Some(_) => self.effective_quantity(offer),
            None => 0,
        }
    }

    /// Brings a listing's status in line with its stock, after any write to item or offer.
    pub(super) fn settle_listing(&mut self, listing_id: &str) {
        let Some(listing) = self.listings.get(listing_id) else {
            return;
        };
        if listing.status == ListingStatus::Ended {
            return;
        }
        let members = listing.offers.iter().filter_map(|id| self.offers.get(id));
        let units: u64 = members
            .map(|offer| u64::from(self.effective_quantity(offer)))
            .sum();
        let status = match (units, self.keeps_out_of_stock()) {
            (0, true) => ListingStatus::OutOfStock,
            (0, false) => ListingStatus::Ended,
            _ => ListingStatus::Active,
        };
        if let Some(listing) = self.listings.get_mut(listing_id) {
            listing.status = status;
        }
    }

    /// Listings in which a SKU is live now.
    pub(super) fn live_listings_of(&self, sku: &str) -> Vec<String> {
        let offers = self.offers_of_sku(sku);
        let ids = offers.iter().filter_map(|offer| self.live_listing(offer));
        let mut ids: Vec<String> = ids.map(|(id, _)| id.clone()).collect();
        ids.dedup();
        ids
    }

    /// Settles every listing in which a SKU is live.
    pub(super) fn settle_sku(&mut self, sku: &str) {
        for id in self.live_listings_of(sku) {
            self.settle_listing(&id);
        }
    }
}
